package mooncake.query.collate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// A locale of ICU.
final class IcuLocale extends CharacterTables {
    private static final int BUFFER_OVERFLOW = 15;
    private static final int KEY_BYTES_A_CHARACTER = 6;
    private static final int KEY_BYTES_MIN = 64;

    private final Functions functions;
    private final MemorySegment name;
    private final long collator;
    /// Whether letters of ASCII change their case as they do in English.
    private final boolean plainAscii;

    /// The functions of one library.
    static final class Functions {
        private final IcuLibrary library;
        private final MethodHandle open;
        private final MethodHandle sortKey;
        private final MethodHandle toLower;
        private final MethodHandle toUpper;
        private final MethodHandle toTitle;
        private final MethodHandle lower;
        private final MethodHandle upper;
        private final Map<CharacterClass, MethodHandle> classes = new EnumMap<>(CharacterClass.class);

        Functions(IcuLibrary library) {
            this.library = library;
            open = Native.function(
                    library.symbols(),
                    library.name("ucol_open"),
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS);
            sortKey = Native.function(
                    library.symbols(),
                    library.name("ucol_getSortKey"),
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT);
            toLower = casing("u_strToLower");
            toUpper = casing("u_strToUpper");
            toTitle = Native.function(
                    library.symbols(),
                    library.name("u_strToTitle"),
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS);
            lower = Native.ofCharacter(library.symbols(), library.name("u_tolower"));
            upper = Native.ofCharacter(library.symbols(), library.name("u_toupper"));
            for (CharacterClass kind : CharacterClass.values()) {
                classes.put(
                        kind,
                        Native.function(
                                library.symbols(),
                                library.name("u_is" + kind.functionSuffix()),
                                ValueLayout.JAVA_BYTE,
                                ValueLayout.JAVA_INT));
            }
        }

        private MethodHandle casing(String name) {
            return Native.function(
                    library.symbols(),
                    library.name(name),
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS);
        }
    }

    private IcuLocale(Functions functions, String name, long collator) {
        this.functions = functions;
        this.name = Arena.global().allocateFrom(name);
        this.collator = collator;
        String language = name.length() < 2 ? name : name.substring(0, 2);
        this.plainAscii = !language.equals("tr") && !language.equals("az");
    }

    /// Null when ICU does not know the locale. Its collator is never closed: a cluster has few.
    static @Nullable IcuLocale open(Functions functions, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = MemorySegment.ofArray(new int[1]);
            long collator = (long) functions.open.invokeExact(arena.allocateFrom(name), status);
            return status.get(ValueLayout.JAVA_INT, 0) > 0 || collator == 0
                    ? null
                    : new IcuLocale(functions, name, collator);
        } catch (Throwable t) {
            throw Native.failure(t);
        }
    }

    @Override
    public byte[] sortKey(byte[] text) {
        char[] characters = new String(text, StandardCharsets.UTF_8).toCharArray();
        byte[] key = new byte[Math.max(KEY_BYTES_MIN, characters.length * KEY_BYTES_A_CHARACTER)];
        int length = sortKey(characters, key);
        if (length > key.length) {
            key = new byte[length];
            length = sortKey(characters, key);
        }
        if (length == 0) {
            throw new MooncakeException(ErrorCode.QUERY_FAILED, "ICU made no sort key");
        }
        // The key ends in a zero byte, which it never holds inside.
        byte[] whole = Arrays.copyOf(key, length + text.length);
        System.arraycopy(text, 0, whole, length, text.length);
        return whole;
    }

    private int sortKey(char[] text, byte[] key) {
        try {
            return (int) functions.sortKey.invokeExact(
                    collator, MemorySegment.ofArray(text), text.length, MemorySegment.ofArray(key), key.length);
        } catch (Throwable t) {
            throw Native.failure(t);
        }
    }

    @Override
    public byte[] lower(byte[] text) {
        return plainAscii && isAscii(text) ? TextLocales.PLAIN.lower(text) : convert(functions.toLower, text, false);
    }

    @Override
    public byte[] upper(byte[] text) {
        return plainAscii && isAscii(text) ? TextLocales.PLAIN.upper(text) : convert(functions.toUpper, text, false);
    }

    @Override
    public byte[] capitalised(byte[] text) {
        return convert(functions.toTitle, text, true);
    }

    private static boolean isAscii(byte[] text) {
        int all = 0;
        for (byte each : text) {
            all |= each;
        }
        return all >= 0;
    }

    private byte[] convert(MethodHandle function, byte[] text, boolean title) {
        char[] from = new String(text, StandardCharsets.UTF_8).toCharArray();
        char[] to = new char[from.length + 16];
        int[] status = new int[1];
        int length = convert(function, from, to, status, title);
        if (status[0] == BUFFER_OVERFLOW) {
            to = new char[length];
            status[0] = 0;
            length = convert(function, from, to, status, title);
        }
        if (status[0] > 0) {
            throw new MooncakeException(ErrorCode.QUERY_FAILED, "case conversion failed: ICU error " + status[0]);
        }
        return new String(to, 0, length).getBytes(StandardCharsets.UTF_8);
    }

    private int convert(MethodHandle function, char[] from, char[] to, int[] status, boolean title) {
        MemorySegment out = MemorySegment.ofArray(to);
        MemorySegment in = MemorySegment.ofArray(from);
        MemorySegment error = MemorySegment.ofArray(status);
        try {
            return title
                    ? (int) function.invokeExact(out, to.length, in, from.length, 0L, name, error)
                    : (int) function.invokeExact(out, to.length, in, from.length, name, error);
        } catch (Throwable t) {
            throw Native.failure(t);
        }
    }

    @Override
    int askLower(int character) {
        return call(functions.lower, character);
    }

    @Override
    int askUpper(int character) {
        return call(functions.upper, character);
    }

    @Override
    boolean ask(CharacterClass kind, int character) {
        try {
            return (byte) java.util.Objects.requireNonNull(functions.classes.get(kind))
                            .invokeExact(character)
                    != 0;
        } catch (Throwable t) {
            throw Native.failure(t);
        }
    }

    private static int call(MethodHandle function, int character) {
        try {
            return (int) function.invokeExact(character);
        } catch (Throwable t) {
            throw Native.failure(t);
        }
    }
}

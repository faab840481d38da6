package mooncake.query.collate;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A locale of the C library. Texts that it takes for equal are ordered by their bytes.
final class LibcLocale extends CharacterTables {
    private static final int CTYPE_AND_COLLATE = 1 | 1 << 3;
    private static final SymbolLookup LIBRARY = Linker.nativeLinker().defaultLookup();
    private static final MethodHandle NEW_LOCALE = Native.function(
            LIBRARY,
            "newlocale",
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG);
    private static final MethodHandle TRANSFORM = Native.function(
            LIBRARY,
            "strxfrm_l",
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG);
    private static final MethodHandle LOWER = ofCharacter("towlower_l");
    private static final MethodHandle UPPER = ofCharacter("towupper_l");
    private static final Map<CharacterClass, MethodHandle> CLASSES = new EnumMap<>(CharacterClass.class);

    static {
        for (CharacterClass kind : CharacterClass.values()) {
            CLASSES.put(kind, ofCharacter("isw" + kind.functionSuffix() + "_l"));
        }
    }

    /// Bytes of a key for each byte of text, usually.
    private static final int KEY_BYTES_A_BYTE = 4;

    private static final int KEY_BYTES_MIN = 64;

    private final long locale;

    private LibcLocale(long locale) {
        this.locale = locale;
    }

    private static MethodHandle ofCharacter(String name) {
        return Native.function(LIBRARY, name, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
    }

    /// Null when the machine has no such locale. It is never freed: a cluster has few.
    static @Nullable LibcLocale open(String name) {
        try (Arena arena = Arena.ofConfined()) {
            long locale = (long) NEW_LOCALE.invokeExact(CTYPE_AND_COLLATE, arena.allocateFrom(name), 0L);
            return locale == 0 ? null : new LibcLocale(locale);
        } catch (Throwable t) {
            throw Native.failure(t);
        }
    }

    @Override
    public byte[] sortKey(byte[] text) {
        byte[] source = Arrays.copyOf(text, text.length + 1);
        byte[] key = new byte[Math.max(KEY_BYTES_MIN, text.length * KEY_BYTES_A_BYTE)];
        int length = transform(source, key);
        if (length >= key.length) {
            key = new byte[length + 1];
            length = transform(source, key);
        }
        // The key ends in a zero byte, which it never holds inside.
        byte[] whole = Arrays.copyOf(key, length + 1 + text.length);
        whole[length] = 0;
        System.arraycopy(text, 0, whole, length + 1, text.length);
        return whole;
    }

    private int transform(byte[] source, byte[] key) {
        try {
            return Math.toIntExact((long) TRANSFORM.invokeExact(
                    MemorySegment.ofArray(key), MemorySegment.ofArray(source), (long) key.length, locale));
        } catch (Throwable t) {
            throw Native.failure(t);
        }
    }

    @Override
    public byte[] lower(byte[] text) {
        return Utf8.map(text, this::lower);
    }

    @Override
    public byte[] upper(byte[] text) {
        return Utf8.map(text, this::upper);
    }

    @Override
    public byte[] capitalised(byte[] text) {
        boolean[] inWord = new boolean[1];
        return Utf8.map(text, character -> {
            int changed = inWord[0] ? lower(character) : upper(character);
            inWord[0] = is(CharacterClass.ALNUM, changed);
            return changed;
        });
    }

    @Override
    int askLower(int character) {
        return call(LOWER, character);
    }

    @Override
    int askUpper(int character) {
        return call(UPPER, character);
    }

    @Override
    boolean ask(CharacterClass kind, int character) {
        return call(java.util.Objects.requireNonNull(CLASSES.get(kind)), character) != 0;
    }

    private int call(MethodHandle function, int character) {
        try {
            return (int) function.invokeExact(character, locale);
        } catch (Throwable t) {
            throw Native.failure(t);
        }
    }
}

package mooncake.query.exact;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import mooncake.query.exact.ZoneRules.LocalType;
import org.jspecify.annotations.Nullable;

/// Reads a compiled time zone (TZif, RFC 8536) as `tzload` of Postgres' localtime.c does: the block of 64-bit instants,
/// then what the rule at the end adds for the time after them.
final class ZoneFile {
    private static final byte[] MAGIC = {'T', 'Z', 'i', 'f'};
    private static final int HEADER_BYTES = 44;
    private static final int CHANGES_MAX = 2_000;

    private final ByteBuffer in;

    private ZoneFile(ByteBuffer in) {
        this.in = in;
    }

    /// The rules, null when the bytes are not those of a zone that can be read.
    static @Nullable ZoneRules read(byte[] bytes) {
        try {
            return new ZoneFile(ByteBuffer.wrap(bytes)).read();
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    /// The sizes of a block.
    private record Header(int version, int inUtc, int inStandard, int leaps, int changes, int types, int characters) {
        int bytes(int instant) {
            return changes * (instant + 1) + types * 6 + characters + leaps * (instant + 4) + inStandard + inUtc;
        }
    }

    private Header header() {
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        if (!java.util.Arrays.equals(magic, MAGIC)) {
            throw new IllegalArgumentException("no compiled time zone");
        }
        int version = in.get();
        in.position(in.position() + 15);
        return new Header(version, in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
    }

    private @Nullable ZoneRules read() {
        Header first = header();
        if (first.version() < '2') {
            return null;
        }
        in.position(HEADER_BYTES + first.bytes(4));
        Header header = header();
        if (header.leaps() != 0 || header.types() == 0) {
            return null;
        }
        ZoneRules explicit = block(header);
        String rule = StandardCharsets.US_ASCII.decode(in).toString().strip();
        return extended(explicit, rule);
    }

    private ZoneRules block(Header header) {
        long[] instants = new long[header.changes()];
        for (int i = 0; i < instants.length; i++) {
            instants[i] = in.getLong();
        }
        int[] types = new int[header.changes()];
        for (int i = 0; i < types.length; i++) {
            types[i] = Byte.toUnsignedInt(in.get());
        }
        int[] offsets = new int[header.types()];
        boolean[] daylight = new boolean[header.types()];
        int[] names = new int[header.types()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = in.getInt();
            daylight[i] = in.get() != 0;
            names[i] = Byte.toUnsignedInt(in.get());
        }
        byte[] characters = new byte[header.characters()];
        in.get(characters);
        in.position(in.position() + header.inStandard() + header.inUtc());
        String text = new String(characters, StandardCharsets.US_ASCII);
        List<LocalType> known = IntStream.range(0, offsets.length)
                .mapToObj(i ->
                        new LocalType(offsets[i], daylight[i], text.substring(names[i], text.indexOf('\0', names[i]))))
                .toList();
        return new ZoneRules(instants, types, known, earliest(types, known));
    }

    /// The local time before the first change, by the rules of `tzload`.
    private static int earliest(int[] types, List<LocalType> known) {
        if (IntStream.of(types).noneMatch(type -> type == 0)) {
            return 0;
        }
        if (known.get(types[0]).daylight()) {
            for (int i = types[0] - 1; i >= 0; i--) {
                if (!known.get(i).daylight()) {
                    return i;
                }
            }
        }
        return IntStream.range(0, known.size())
                .filter(i -> !known.get(i).daylight())
                .findFirst()
                .orElse(0);
    }

    /// The changes of the file and, after the last of them, those of the rule.
    private static @Nullable ZoneRules extended(ZoneRules explicit, String rule) {
        if (rule.isEmpty()) {
            return explicit;
        }
        ZoneRules later = PosixZone.read(rule, true);
        if (later == null) {
            return null;
        }
        List<LocalType> known = new ArrayList<>(explicit.known());
        List<Long> instants = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i < explicit.instants().length; i++) {
            instants.add(explicit.instants()[i]);
            types.add(explicit.types()[i]);
        }
        while (types.size() > 1 && types.getLast().equals(types.get(types.size() - 2))) {
            types.removeLast();
            instants.removeLast();
        }
        long[] added = later.instants();
        int[] addedTypes = later.types();
        for (int i = 0; i < added.length && instants.size() < CHANGES_MAX; i++) {
            if (instants.isEmpty() || instants.getLast() < added[i]) {
                instants.add(added[i]);
                types.add(position(known, later.known().get(addedTypes[i])));
            }
        }
        return new ZoneRules(
                instants.stream().mapToLong(Long::longValue).toArray(),
                types.stream().mapToInt(Integer::intValue).toArray(),
                known,
                earliest(explicit.types(), explicit.known()));
    }

    private static int position(List<LocalType> known, LocalType type) {
        int at = known.indexOf(type);
        if (at < 0) {
            known.add(type);
            return known.size() - 1;
        }
        return at;
    }
}

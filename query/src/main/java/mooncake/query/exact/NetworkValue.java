package mooncake.query.exact;

import java.io.ByteArrayOutputStream;

/// An address of type inet or cidr with the bits of its network.
///
/// @param address 4 or 16 bytes
record NetworkValue(java.util.List<Integer> address, int bits) {
    private static final int WORDS = 8;

    /// Reads the text that Postgres prints.
    static NetworkValue parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        java.util.List<Integer> address = host.indexOf(':') < 0 ? octets(host) : words(host);
        int bits = slash < 0 ? 8 * address.size() : Integer.parseInt(text.substring(slash + 1));
        return new NetworkValue(address, bits);
    }

    private static java.util.List<Integer> octets(String host) {
        java.util.List<Integer> octets = new java.util.ArrayList<>();
        for (String octet : host.split("\\.", -1)) {
            octets.add(Integer.parseInt(octet));
        }
        return octets;
    }

    private static java.util.List<Integer> words(String host) {
        int gap = host.indexOf("::");
        java.util.List<Integer> head = side(gap < 0 ? host : host.substring(0, gap));
        java.util.List<Integer> tail = gap < 0 ? java.util.List.of() : side(host.substring(gap + 2));
        java.util.List<Integer> all = new java.util.ArrayList<>(head);
        while (all.size() + tail.size() < 2 * WORDS) {
            all.add(0);
        }
        all.addAll(tail);
        return all;
    }

    private static java.util.List<Integer> side(String part) {
        java.util.List<Integer> bytes = new java.util.ArrayList<>();
        for (String word : part.isEmpty() ? new String[0] : part.split(":", -1)) {
            if (word.indexOf('.') >= 0) {
                bytes.addAll(octets(word));
            } else {
                int value = Integer.parseInt(word, 16);
                bytes.add(value >> 8);
                bytes.add(value & 0xff);
            }
        }
        return bytes;
    }

    /// A network of type cidr as inet prints it: without the bits when they are all.
    static String inetText(String cidr) {
        int slash = cidr.indexOf('/');
        int bits = Integer.parseInt(cidr.substring(slash + 1));
        return bits == (cidr.indexOf(':') < 0 ? 32 : 128) ? cidr.substring(0, slash) : cidr;
    }

    /// The same address with all bits behind the network's set or not.
    NetworkValue masked(boolean set) {
        java.util.List<Integer> bytes = new java.util.ArrayList<>();
        for (int i = 0; i < address.size(); i++) {
            int mask = (0xff00 >> Math.clamp(bits - 8L * i, 0, 8)) & 0xff;
            bytes.add(set ? address.get(i) | (~mask & 0xff) : address.get(i) & mask);
        }
        return new NetworkValue(bytes, bits);
    }

    /// Whether the other is the same network or within it.
    boolean covers(NetworkValue other) {
        return address.size() == other.address.size()
                && bits <= other.bits
                && masked(false).address.equals(new NetworkValue(other.address, bits).masked(false).address);
    }

    /// The text that Postgres prints.
    ///
    /// @param network whether it is a cidr, whose bits are always shown
    String print(boolean network) {
        String host = address.size() == 4 ? dotted(address) : hexadecimal();
        return network || bits < 8 * address.size() ? host + "/" + bits : host;
    }

    private static String dotted(java.util.List<Integer> bytes) {
        return bytes.stream().map(String::valueOf).collect(java.util.stream.Collectors.joining("."));
    }

    /// The longest run of two or more zero words becomes `::`; addresses that hold one of the old kind end in it.
    private String hexadecimal() {
        int[] words = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = (address.get(2 * i) << 8) | address.get(2 * i + 1);
        }
        int best = -1;
        int length = 1;
        for (int from = 0; from < WORDS; from++) {
            int to = from;
            while (to < WORDS && words[to] == 0) {
                to++;
            }
            if (to - from > length) {
                best = from;
                length = to - from;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < WORDS; i++) {
            if (best >= 0 && i >= best && i < best + length) {
                text.append(i == best ? ":" : "");
                continue;
            }
            text.append(i > 0 ? ":" : "");
            boolean old = i == 6
                    && best == 0
                    && (length == 6 || (length == 7 && words[7] != 1) || (length == 5 && words[5] == 0xffff));
            if (old) {
                return text + dotted(address.subList(12, 16));
            }
            text.append(Integer.toHexString(words[i]));
        }
        return text.append(best >= 0 && best + length == WORDS ? ":" : "").toString();
    }

    /// The order of addresses: the family, the network's bits that both have, the number of bits, the whole address.
    byte[] key() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(address.size());
        for (int i = 0; i < bits; i++) {
            out.write(1 + (address.get(i / 8) >> (7 - i % 8) & 1));
        }
        out.write(0);
        address.forEach(out::write);
        return out.toByteArray();
    }
}

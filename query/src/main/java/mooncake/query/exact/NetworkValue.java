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

package mooncake.query.exact;

import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.TEXT;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckVector;

/// Functions of network addresses.
final class NetworkFunctions {
    private static final int FAMILY_4 = 4;
    private static final int FAMILY_6 = 6;

    private NetworkFunctions() {}

    private interface Test {
        boolean of(NetworkValue a, NetworkValue b);
    }

    private static NetworkValue read(DuckVector vector, int row) {
        return NetworkValue.parse(vector.getString(row));
    }

    static List<ExactFunction> all() {
        return List.of(
                Rows.text("mc_cidr_inet", List.of(TEXT), (in, row) -> NetworkValue.inetText(in[0].getString(row))),
                Rows.text(
                        "mc_inet_host",
                        List.of(TEXT),
                        (in, row) -> in[0].getString(row).replaceFirst("/.*", "")),
                Rows.text("mc_inet_text", List.of(TEXT), (in, row) -> {
                    String text = in[0].getString(row);
                    return text.indexOf('/') < 0 ? text + "/" + read(in[0], row).bits() : text;
                }),
                Rows.number(
                        "mc_inet_masklen",
                        List.of(TEXT),
                        (in, row) -> read(in[0], row).bits()),
                Rows.number(
                        "mc_inet_family",
                        List.of(TEXT),
                        (in, row) -> read(in[0], row).address().size() == FAMILY_4 ? FAMILY_4 : FAMILY_6),
                Rows.text("mc_inet_network", List.of(TEXT), (in, row) -> {
                    NetworkValue value = read(in[0], row);
                    return value.masked(false).print(true);
                }),
                Rows.text(
                        "mc_inet_broadcast",
                        List.of(TEXT),
                        (in, row) -> read(in[0], row).masked(true).print(false)),
                Rows.text("mc_inet_netmask", List.of(TEXT), (in, row) -> mask(read(in[0], row), true)),
                Rows.text("mc_inet_hostmask", List.of(TEXT), (in, row) -> mask(read(in[0], row), false)),
                Rows.text("mc_inet_set_masklen", List.of(TEXT, INTEGER), (in, row) -> resized(in, row, false)),
                Rows.text("mc_cidr_set_masklen", List.of(TEXT, INTEGER), (in, row) -> resized(in, row, true)),
                test("mc_inet_sub", (a, b) -> b.covers(a) && a.bits() > b.bits()),
                test("mc_inet_subeq", (a, b) -> b.covers(a)),
                test("mc_inet_overlap", (a, b) -> a.covers(b) || b.covers(a)),
                test(
                        "mc_inet_same_family",
                        (a, b) -> a.address().size() == b.address().size()));
    }

    private static ExactFunction test(String name, Test test) {
        return Rows.truth(name, List.of(TEXT, TEXT), (in, row) -> test.of(read(in[0], row), read(in[1], row)));
    }

    private static String mask(NetworkValue value, boolean ofNetwork) {
        List<Integer> bytes = new ArrayList<>();
        for (int i = 0; i < value.address().size(); i++) {
            int bits = Math.clamp(value.bits() - 8L * i, 0, 8);
            int mask = (0xff00 >> bits) & 0xff;
            bytes.add(ofNetwork ? mask : ~mask & 0xff);
        }
        return new NetworkValue(bytes, 8 * bytes.size()).print(false);
    }

    private static String resized(DuckVector[] in, int row, boolean network) {
        NetworkValue value = read(in[0], row);
        int bits = in[1].getInt(row) == -1 ? 8 * value.address().size() : in[1].getInt(row);
        if (bits < 0 || bits > 8 * value.address().size()) {
            throw Errors.invalidParameter("invalid mask length: " + bits);
        }
        NetworkValue resized = new NetworkValue(value.address(), bits);
        return network ? resized.masked(false).print(true) : resized.print(false);
    }
}

package mooncake.mirror.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mooncake.model.Change.RelationColumn;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a filter says about single rows; the comparison with Postgres is a system test.
class RowFilterTest {
    private static final Object UNCHANGED = new Object();

    private static final List<RelationColumn> COLUMNS = List.of(
            column("id", 23),
            column("Total", 20),
            column("note", 25),
            column("open", 16),
            column("day", 1082),
            column("weight", 701),
            column("place", 600),
            column("share", 700));

    private static RelationColumn column(String name, int type) {
        return new RelationColumn(name, type, -1, false);
    }

    private static Tuple row(@Nullable Object... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] offsets = new int[values.length];
        int[] lengths = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            byte[] value = switch (values[i]) {
                case null -> null;
                case Integer number -> ByteBuffer.allocate(4).putInt(number).array();
                case Long number -> ByteBuffer.allocate(8).putLong(number).array();
                case Float number -> ByteBuffer.allocate(4).putFloat(number).array();
                case Double number -> ByteBuffer.allocate(8).putDouble(number).array();
                case Boolean flag -> new byte[] {(byte) (flag ? 1 : 0)};
                case String text -> text.getBytes(StandardCharsets.UTF_8);
                default -> new byte[0];
            };
            offsets[i] = bytes.size();
            lengths[i] = value == null ? Tuple.NULL : value.length;
            if (UNCHANGED.equals(values[i])) {
                lengths[i] = Tuple.UNCHANGED;
            }
            if (value != null) {
                bytes.writeBytes(value);
            }
        }
        return new Tuple(bytes.toByteArray(), offsets, lengths, values.length);
    }

    private static boolean passes(String filter, @Nullable Object... values) {
        return RowFilter.parse(filter, COLUMNS).passes(row(values), null);
    }

    @Test
    void oneDoubleInAListMakesAllOfItDoubles() {
        assertThat(passes("share IN ('0.1', 5)", 1, 0L, "", true, null, null, null, 0.1f))
                .isTrue();
        assertThat(passes("share IN (0.1::float8, '0.1')", 1, 0L, "", true, null, null, null, 0.1f))
                .isFalse();
        assertThat(passes("share IN (0.1::float8, '0.5')", 1, 0L, "", true, null, null, null, 0.5f))
                .isTrue();
    }

    @Test
    void readsSqlAsPostgresDoes() {
        assertThat(passes("id = 1 OR id = 2 AND note = 'x'", 1, 0L, "y")).isTrue();
        assertThat(passes("(id = 1 OR id = 2) AND note = 'x'", 1, 0L, "y")).isFalse();
        assertThat(passes("NOT id = 1 AND note = 'x'", 2, 0L, "x")).isTrue();
        assertThat(passes("NOT (id = 1 AND note = 'x')", 1, 0L, "y")).isTrue();
        assertThat(passes("ID = 1 and \"Total\" >= -5", 1, -5L)).isTrue();
        assertThat(passes("id=-1", -1)).isTrue();
        assertThat(passes("5 > id", 4)).isTrue();
        assertThat(passes("note = 'it''s'", 1, 1L, "it's")).isTrue();
        assertThat(passes("((note)::text = 'x'::text)", 1, 1L, "x")).isTrue();
        assertThat(passes("id BETWEEN 1 AND 3 AND open", 2, 0L, "", true)).isTrue();
        assertThat(passes("id NOT BETWEEN 1 AND 3", 2)).isFalse();
        assertThat(passes("id NOT IN (1, 2.5, '7')", 3)).isTrue();
        assertThat(passes("day >= date '2000-01-02'", 1, 1L, "", true, 1)).isTrue();
        assertThat(passes("weight < 0.5", 1, 1L, "", true, 1, 0.25)).isTrue();
        assertThat(passes("open IS NOT TRUE", 1, 1L, "", null)).isTrue();
        assertThat(passes("true", 1)).isTrue();
    }

    @Test
    void nullsMakeConditionsUnknown() {
        assertThat(passes("id = 1", (Object) null)).isFalse();
        assertThat(passes("NOT id = 1", (Object) null)).isFalse();
        assertThat(passes("id IS NULL", (Object) null)).isTrue();
        assertThat(passes("id NOT IN (1, NULL)", 2)).isFalse();
        assertThat(passes("id IN (2, NULL)", 2)).isTrue();
        assertThat(passes("id = 1 OR open", null, 1L, "", true)).isTrue();
        assertThat(passes("(id = 1) IS UNKNOWN", (Object) null)).isTrue();
        assertThat(passes("id = NULL", 1)).isFalse();
    }

    @Test
    void refusesWhatItCannotFollow() {
        assertRefused("lower(note) = 'x'", "functions like lower");
        assertRefused("note < 'x'", "the order of text");
        assertRefused("note LIKE 'x%'", "\"like\"");
        assertRefused("place = '(1,2)'", "the type of column \"place\"");
        assertRefused("missing = 1", "no column \"missing\"");
        assertRefused("total = 1", "no column \"total\"");
        assertRefused("id = \"Total\"", "only a column and a constant");
        assertRefused("id + 1 = 2", "\"+\"");
        assertRefused("id = 1 -- x", "comment");
        assertRefused("note = E'x'", "prefix");
        assertRefused("id = 'x'", "the integer 'x'");
        assertRefused("id = 3000000000::int", "out of range");
        assertRefused("day = '1/2/2024'", "the date '1/2/2024'");
        assertRefused("day = 'today'", "the date 'today'");
        assertRefused("day = CURRENT_DATE", "CURRENT_DATE");
        assertRefused("id", "is not a boolean");
        assertRefused("id = 1 AND", "ends too early");
        assertRefused("(id = 1", "\")\" is missing");
        assertRefused("id = 1)", "\")\"");
        assertRefused("t.id = 1", "without their table");
        assertRefused("note = 'x", "not closed");
        assertRefused("id = 0x10", "not a plain number");
        assertRefused("id IN (SELECT 1)", "SELECT");
        assertRefused("note::int = 1", "the cast to integer");
        assertRefused("note = 'x'::varchar(1)", "modifier");
        assertRefused("", "ends too early");
    }

    private static void assertRefused(String filter, String why) {
        assertThatThrownBy(() -> RowFilter.parse(filter, COLUMNS))
                .as(filter)
                .isInstanceOf(MooncakeException.class)
                .hasMessageContaining(why)
                .extracting(e -> ((MooncakeException) e).code())
                .isEqualTo(ErrorCode.UNSUPPORTED_FILTER);
    }

    @Test
    void valuesThatTheLogLeftOutComeFromTheOldRowOrAreMissed() {
        RowFilter filter = RowFilter.parse("id > 5 AND note = 'x'", COLUMNS);
        assertThat(filter.passes(row(6, 0L, UNCHANGED), row(1, 0L, "x"))).isTrue();
        assertThat(filter.passes(row(6, 0L, UNCHANGED), row(1, 0L, "y"))).isFalse();
        assertThat(filter.passes(row(5, 0L, UNCHANGED), null)).isFalse();
        for (Tuple old : new @Nullable Tuple[] {null, row(1, null, null)}) {
            assertThatThrownBy(() -> filter.passes(row(6, 0L, UNCHANGED), old))
                    .extracting(e -> ((MooncakeException) e).code())
                    .isEqualTo(ErrorCode.VALUE_NOT_LOGGED);
        }
        assertThat(RowFilter.parse("note IS NOT NULL", COLUMNS).passes(row(6, 0L, UNCHANGED), null))
                .isTrue();
        assertThat(RowFilter.parse("NOT (note = 'x' AND id > 5)", COLUMNS).passes(row(1, 0L, UNCHANGED), null))
                .isTrue();
    }
}

package mooncake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import mooncake.model.TextForm.Simple;
import org.junit.jupiter.api.Test;

class TypeCodeTest {
    private static final TextForm DEEP = new TextForm.Composite(List.of(
            new TextForm.Field(23, Simple.INT4),
            new TextForm.Field(-7, new TextForm.Array(new TextForm.Range(Simple.DATE), ',')),
            new TextForm.Field(603, new TextForm.Array(Simple.BOX, ';')),
            new TextForm.Field(2, new TextForm.Composite(List.of())),
            new TextForm.Field(5, new TextForm.Multirange(Simple.TIMESTAMPTZ))));

    @Test
    void everyTypeIsReadBack() {
        List<ColumnType> types = List.of(
                ColumnType.Scalar.INT4,
                ColumnType.Unsigned.REGCLASS,
                new ColumnType.Numeric(38, 10),
                new ColumnType.Varchar(14),
                new ColumnType.Bpchar(-1),
                new ColumnType.Moment(ColumnType.Moment.Kind.TIMESTAMPTZ, 3),
                new ColumnType.Textual(-5, -1, DEEP, "public.a name with blanks"),
                new ColumnType.Opaque(16_400, 7, "public.cube"),
                new ColumnType.Domain(16_401, new ColumnType.Numeric(10, 2), "public.price"),
                new ColumnType.Domain(16_402, new ColumnType.Textual(16_403, -1, DEEP, "x"), "public.x"),
                new ColumnType.Domain(16_404, new ColumnType.Opaque(16_405, -1, "y"), "public.y"));
        for (ColumnType type : types) {
            ColumnType read = TypeCode.read(TypeCode.write(type));
            assertThat(read).as(TypeCode.write(type)).isEqualTo(type);
            assertThat(read.displayName()).isEqualTo(type.displayName());
        }
        for (Simple form : Simple.values()) {
            assertThat(TextFormReader.read(form.code())).isEqualTo(form);
        }
    }

    @Test
    void theCodesStayWhatTheyAre() {
        assertThat(TypeCode.write(ColumnType.Scalar.INT4)).isEqualTo("23 -1 native int4");
        assertThat(TypeCode.write(new ColumnType.Domain(16_401, new ColumnType.Numeric(10, 2), "public.price")))
                .isEqualTo("16401 -1 domain:1700:655366:native public.price");
        assertThat(DEEP.code())
                .isEqualTo("row(23:int4,4294967289:array(range(date)),603:array;(box),2:row(),"
                        + "5:multirange(timestamptz))");
    }

    @Test
    void whatIsNoCodeIsRefused() {
        for (String code : List.of(
                "",
                "23",
                "23 -1 native",
                "23 -1 text:int5 x",
                "1 -1 text:array(int4 x",
                "1 -1 text:row(1int4) x",
                "1 -1 text:int4) x",
                "1 -1 domain:2:-1 x",
                "99999 -1 native x",
                "1 -1 text:array() x")) {
            assertThatIllegalArgumentException().as(code).isThrownBy(() -> TypeCode.read(code));
        }
    }
}

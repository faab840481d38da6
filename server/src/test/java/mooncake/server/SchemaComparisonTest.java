package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mooncake.model.Change;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchemaComparisonTest {
    private static final TableSchema SCHEMA = new TableSchema(
            List.of(
                    new Column(1, "id", ColumnType.Scalar.INT4, true),
                    new Column(2, "price", new ColumnType.Numeric(12, 2), false)),
            List.of(0));

    @Test
    void theSameColumnsHaveNoDifference() {
        assertThat(difference(column("id", 23, -1), column("price", 1700, 786438)))
                .isNull();
    }

    @Test
    void everyKindOfChangeIsNamed() {
        assertThat(difference(column("id", 23, -1), column("cost", 1700, 786438)))
                .isEqualTo("column \"price\" is now \"cost\"");
        assertThat(difference(column("id", 20, -1), column("price", 1700, 786438)))
                .contains("\"id\"")
                .contains("int4");
        assertThat(difference(column("id", 23, -1), column("price", 1700, 786439)))
                .contains("numeric(12,2)");
        assertThat(difference(column("id", 23, -1))).isEqualTo("column \"price\" is gone");
        assertThat(difference(column("id", 23, -1), column("price", 1700, 786438), column("note", 25, -1)))
                .isEqualTo("column \"note\" was added");
    }

    private static @Nullable String difference(Change.RelationColumn... columns) {
        return SchemaComparison.difference(SCHEMA, new Change.Relation(1, "public", "r", 'd', List.of(columns)));
    }

    private static Change.RelationColumn column(String name, int type, int typmod) {
        return new Change.RelationColumn(name, type, typmod, name.equals("id"));
    }
}

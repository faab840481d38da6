package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mooncake.model.Change;
import mooncake.model.ColumnType;
import mooncake.model.Identity;
import mooncake.model.Tuple;
import mooncake.server.Definition.DefinedColumn;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowMappingTest {
    private static final Definition DEFINITION = new Definition(
            List.of(
                    new DefinedColumn(1, 1, "id", "id", 23, -1, true, null, false),
                    new DefinedColumn(2, 3, "price", "cost", 1700, 786438, false, null, false),
                    new DefinedColumn(4, 0, "gone", "gone", 25, -1, false, null, false)),
            List.of(1),
            Identity.KEY,
            DdlPolicy.EVOLVE,
            null);

    @Test
    void columnsAreFoundByTheirNamesInTheSource() {
        RowMapping mapping = RowMapping.of(
                registration(),
                relation('d', column("other", 25, -1), column("price", 1700, 786438), column("id", 23, -1)));
        Tuple source = new Tuple(new byte[] {1, 2, 3}, new int[] {0, 1, 2}, new int[] {1, Tuple.UNCHANGED, 1}, 3);
        Tuple row = mapping.row(source);
        assertThat(row.width()).isEqualTo(3);
        assertThat(row.offset(0)).isEqualTo(2);
        assertThat(row.isUnchanged(1)).isTrue();
        assertThat(row.isNull(2)).as("the source has lost it").isTrue();
        assertThat(mapping.old(source).offset(0)).isEqualTo(2);
    }

    @Test
    void theSameColumnsCostNothing() {
        Definition same =
                new Definition(DEFINITION.columns().subList(0, 2), List.of(1), Identity.KEY, DdlPolicy.EVOLVE, null);
        RowMapping mapping =
                RowMapping.of(registration(same), relation('d', column("id", 23, -1), column("price", 1700, 786438)));
        Tuple source = new Tuple(new byte[2], new int[] {0, 1}, new int[] {1, 1}, 2);
        assertThat(mapping.row(source)).isSameAs(source);
    }

    @Test
    void everyKindOfDifferenceIsNamed() {
        assertThat(difference('d', column("id", 23, -1), column("price", 1700, 786438)))
                .isNull();
        assertThat(difference('d', column("id", 23, -1), column("cost", 1700, 786438)))
                .isEqualTo("it has no column \"price\"");
        assertThat(difference('d', column("id", 20, -1), column("price", 1700, 786438)))
                .contains("\"id\"")
                .contains("int4");
        assertThat(difference('d', column("id", 23, -1), column("price", 1700, 786439)))
                .contains("numeric(12,2)");
        assertThat(difference('i', column("key", 23, -1), column("price", 1700, 786438), column("id", 23, 0)))
                .as("modifiers of other types do not matter")
                .isNull();
    }

    @Test
    void theReplicaIdentityMustHoldTheKey() {
        Change.RelationColumn keyless = new Change.RelationColumn("id", 23, -1, false);
        assertThat(difference('i', keyless, column("price", 1700, 786438))).contains("replica identity");
        assertThat(difference('n', keyless, column("price", 1700, 786438)))
                .as("no old rows come at all")
                .isNull();
    }

    private static @Nullable String difference(char identity, Change.RelationColumn... columns) {
        return RowMapping.difference(DEFINITION, registration().schema(), relation(identity, columns));
    }

    private static Registration registration() {
        return registration(DEFINITION);
    }

    private static Registration registration(Definition definition) {
        return new Registration(
                1,
                "public",
                "m",
                2,
                "public",
                "t",
                false,
                definition,
                definition.schema(
                        "public.m", (oid, typmod) -> ColumnType.of(oid, typmod).orElseThrow()),
                1,
                0,
                false,
                null,
                "");
    }

    private static Change.Relation relation(char identity, Change.RelationColumn... columns) {
        return new Change.Relation(2, "public", "t", identity, List.of(columns));
    }

    private static Change.RelationColumn column(String name, int type, int typmod) {
        return new Change.RelationColumn(name, type, typmod, name.equals("id"));
    }
}

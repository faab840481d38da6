package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import mooncake.model.ColumnType;
import mooncake.model.Identity;
import mooncake.model.MooncakeException;
import mooncake.model.StoredValue;
import mooncake.model.TableSchema;
import org.junit.jupiter.api.Test;

class DefinitionTest {
    private static final String TEXT = """
            {"columns":[
              {"field":1,"source":1,"sourceName":"id","name":"id","type":23,"typmod":-1,"notNull":true,"initial":null},
              {"field":3,"source":5,"sourceName":"Prïce","name":"price","type":1700,"typmod":786438,
               "notNull":false,"initial":null},
              {"field":4,"source":6,"sourceName":"n","name":"n","type":23,"typmod":-1,"notNull":true,
               "initial":"0000002a"}],
             "key":[1], "identity":"key", "onDdl":"ignore", "filter":"id > 3"}
            """;

    @Test
    void readsWhatTheExtensionWrites() {
        Definition definition = DefinitionJson.read(TEXT);
        assertThat(definition.onDdl()).isEqualTo(DdlPolicy.IGNORE);
        assertThat(definition.filter()).isEqualTo("id > 3");
        TableSchema schema = definition.schema("public.m", DefinitionTest::type);
        assertThat(schema.identity()).isEqualTo(Identity.KEY);
        assertThat(schema.key()).containsExactly(0);
        assertThat(schema.column(1).fieldId()).isEqualTo(3);
        assertThat(schema.column(1).name()).isEqualTo("price");
        assertThat(schema.column(1).type()).isEqualTo(new ColumnType.Numeric(12, 2));
        assertThat(schema.column(2).initial()).isEqualTo(new StoredValue(new byte[] {42, 0, 0, 0}));
    }

    @Test
    void whatIsWrittenReadsTheSame() {
        Definition definition = DefinitionJson.read(TEXT).withText(3);
        assertThat(DefinitionJson.read(DefinitionJson.write(definition))).isEqualTo(definition);
    }

    @Test
    void aColumnKeptAsTextStaysSo() {
        Definition before = DefinitionJson.read(TEXT).withText(3);
        Definition after = DefinitionJson.read(TEXT).keepingTextOf(before);
        assertThat(Objects.requireNonNull(after.named("price")).text()).isTrue();
        assertThat(after.schema("public.m", DefinitionTest::type).column(1).type())
                .isEqualTo(new ColumnType.Numeric(12, 2).asText().orElseThrow());
    }

    @Test
    void brokenTextsAreNamed() {
        for (String broken : List.of("", "{", "{\"columns\":[]}", TEXT.replace("ignore", "never"))) {
            assertThatThrownBy(() -> DefinitionJson.read(broken))
                    .isInstanceOf(MooncakeException.class)
                    .hasMessageContaining("mooncake.tables");
        }
    }

    private static ColumnType type(int oid, int typmod) {
        return ColumnType.of(oid, typmod).orElseThrow();
    }
}

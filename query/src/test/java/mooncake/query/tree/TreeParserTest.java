package mooncake.query.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.Test;

class TreeParserTest {
    @Test
    void readsEveryKindOfValue() {
        Tree.Node node = (Tree.Node)
                TreeParser.parse(
                        "{A :n <> :s *SELECT*\\ 1 :c \\<> :l (\"x y\" \"\") :b (b 1 2) :e (b) :i (i -1) :k {B} :v 4 [ 1 -2 ] :t true}");

        assertThat(node.tag()).isEqualTo("A");
        assertThat(node.fields().get("n")).isEqualTo(new Tree.Nothing());
        assertThat(node.fields().get("s")).isEqualTo(new Tree.Word("*SELECT* 1"));
        assertThat(node.fields().get("c")).isEqualTo(new Tree.Word("<>"));
        assertThat(node.fields().get("l"))
                .isEqualTo(new Tree.Items(' ', List.of(new Tree.Word("x y"), new Tree.Word(""))));
        assertThat(node.fields().get("b"))
                .isEqualTo(new Tree.Items('b', List.of(new Tree.Word("1"), new Tree.Word("2"))));
        assertThat(node.fields().get("e")).isEqualTo(new Tree.Items('b', List.of()));
        assertThat(node.fields().get("i")).isEqualTo(new Tree.Items('i', List.of(new Tree.Word("-1"))));
        assertThat(node.fields().get("v")).isEqualTo(new Tree.Datum(List.of(1, -2)));
        assertThat(node.fields()).hasSize(10);
    }

    @Test
    void tornTreesAreErrors() {
        String text = "{QUERY :commandType 1 :l ({A :x \"q\"} (i 1)) :v 2 [ 1 2 ]}";
        for (int length = 0; length < text.length(); length++) {
            String torn = text.substring(0, length);
            assertThatThrownBy(() -> TreeParser.parse(torn)).isInstanceOf(MooncakeException.class);
        }
        assertThatThrownBy(() -> TreeParser.parse("{A} {B}")).isInstanceOf(MooncakeException.class);
    }

    @Test
    void depthHasALimit() {
        assertThatThrownBy(() -> TreeParser.parse("(".repeat(100_000)))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_PUSHED));
    }

    @Test
    void unknownFieldsRefuse() {
        String known = "{CASETESTEXPR :typeId 23 :typeMod -1 :collation 0";
        assertThat(ExprReader.read((Tree.Node) TreeParser.parse(known + "}"))).isEqualTo(new Expr.CaseValue(23, -1, 0));
        assertThatThrownBy(() -> ExprReader.read((Tree.Node) TreeParser.parse(known + " :fresh 0}")))
                .hasMessage("CASETESTEXPR has a field fresh that is not known.");
        assertThatThrownBy(() -> ExprReader.read((Tree.Node) TreeParser.parse("{XMLEXPR :op 1}")))
                .hasMessage("XMLEXPR is not translated.");
    }
}

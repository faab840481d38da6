package mooncake.mirror.text;

import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TextForm;

/// Rows: `(1,"a b",)`, where nothing is null.
final class CompositeCodec implements TextCodec {
    private static final int NULL = -1;

    private final List<TextForm.Field> fields;
    private final List<TextCodec> codecs;
    private final TextBuffer scratch = new TextBuffer();

    CompositeCodec(List<TextForm.Field> fields) {
        this.fields = fields;
        this.codecs = fields.stream().map(field -> TextCodec.of(field.form())).toList();
    }

    @Override
    public void write(SendReader in, TextBuffer out) {
        int count = in.int32();
        requireSameType(count == fields.size());
        out.put('(');
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.put(',');
            }
            requireSameType(in.int32() == fields.get(i).oid());
            int length = in.int32();
            if (length == NULL) {
                continue;
            }
            int outer = in.enter(length);
            scratch.clear();
            codecs.get(i).write(in, scratch);
            in.leave(outer);
            Quoting.part(scratch, false, out);
        }
        out.put(')');
        scratch.clear();
    }

    private static void requireSameType(boolean same) {
        if (!same) {
            throw new MooncakeException(
                    ErrorCode.SOURCE_SCHEMA_CHANGED, "a row type has other columns than when its mirror was made");
        }
    }
}

package mooncake.mirror;

import java.lang.foreign.MemorySegment;
import mooncake.mirror.ColumnWriter.Refusal;
import mooncake.mirror.text.SendReader;
import mooncake.mirror.text.TextBuffer;
import mooncake.mirror.text.TextCodec;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TextForm;

/// Values that are kept as their canonical text. For one thread.
final class TextualWriter implements ColumnWriter {
    private final TextCodec codec;
    private final Refusal refusal;
    private final SendReader in = new SendReader();
    private final TextBuffer out = new TextBuffer();

    TextualWriter(TextForm form, Refusal refusal) {
        this.codec = TextCodec.of(form);
        this.refusal = refusal;
    }

    @Override
    public void write(byte[] bytes, int offset, int length, MemorySegment data, long at, StringHeap heap) {
        out.clear();
        in.open(bytes, offset, length);
        try {
            codec.write(in, out);
            in.close();
        } catch (MooncakeException e) {
            throw e.code() == ErrorCode.PROTOCOL_VIOLATION
                    ? refusal.malformed(e.text())
                    : refusal.because(e.code(), e.text());
        }
        TextWriters.check(out.bytes(), 0, out.length(), refusal);
        Strings.put(out.bytes(), 0, out.length(), data, at, heap);
    }
}

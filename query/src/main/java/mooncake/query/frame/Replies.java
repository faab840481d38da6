package mooncake.query.frame;

import java.nio.ByteBuffer;
import mooncake.model.Lsn;
import mooncake.query.frame.Reply.Batch;
import mooncake.query.frame.Reply.Done;
import mooncake.query.frame.Reply.Effort;
import mooncake.query.frame.Reply.Failed;
import mooncake.query.frame.Reply.Left;
import mooncake.query.frame.Reply.Pinned;
import mooncake.query.frame.Reply.Planned;
import mooncake.query.frame.Reply.Ready;
import mooncake.query.frame.Reply.Refused;

/// The bytes of replies.
public final class Replies {
    static final int BATCH_TYPE = 68;

    private Replies() {}

    static int type(Reply reply) {
        return switch (reply) {
            case Ready _ -> 64;
            case Planned _ -> 65;
            case Refused _ -> 66;
            case Pinned _ -> 67;
            case Batch _ -> BATCH_TYPE;
            case Done _ -> 69;
            case Failed _ -> 70;
            case Left _ -> 71;
        };
    }

    public static Reply decode(int type, ByteBuffer payload) {
        PayloadReader in = new PayloadReader(payload);
        Reply reply = switch (type) {
            case 64 -> new Ready(in.i32(), in.i32(), in.string());
            case 65 -> new Planned(in.string(), in.u8() != 0);
            case 66 -> new Refused(in.string());
            case 67 -> new Pinned(in.i64(), in.lsn());
            case BATCH_TYPE -> new Batch(in.rest());
            case 69 -> new Done(in.i64(), in.lsn(), new Effort(in.i64(), in.i64(), in.i32(), in.i32()));
            case 70 -> new Failed(in.string(), in.string(), in.string(), in.string(), in.string());
            case 71 -> new Left(in.i64(), in.string());
            default -> throw PayloadReader.violation("frame type " + type + " is no reply");
        };
        in.end();
        return reply;
    }

    public static ByteBuffer encode(Reply reply) {
        PayloadWriter out = new PayloadWriter();
        switch (reply) {
            case Ready ready -> out.i32(ready.version()).i32(ready.enginePid()).string(ready.engineVersion());
            case Planned planned -> out.string(planned.sql()).u8(planned.mayBeLeft() ? 1 : 0);
            case Refused refused -> out.string(refused.reason());
            case Pinned pinned -> out.i64(pinned.pin()).lsn(pinned.lsn());
            case Batch batch -> out.bytes(batch.payload());
            case Done(long rows, Lsn lsn, Effort effort) ->
                out.i64(rows)
                        .lsn(lsn)
                        .i64(effort.micros())
                        .i64(effort.rowsRead())
                        .i32(effort.filesRead())
                        .i32(effort.filesLeftOut());
            case Left left -> out.i64(left.pin()).string(left.reason());
            case Failed failed ->
                out.string(failed.sqlState())
                        .string(failed.code())
                        .string(failed.message())
                        .string(failed.detail())
                        .string(failed.hint());
        }
        return out.done();
    }
}

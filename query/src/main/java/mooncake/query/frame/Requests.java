package mooncake.query.frame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import mooncake.query.frame.Request.Describe;
import mooncake.query.frame.Request.Execute;
import mooncake.query.frame.Request.Hello;
import mooncake.query.frame.Request.Pin;
import mooncake.query.frame.Request.Plan;
import mooncake.query.frame.Request.Scan;
import mooncake.query.frame.Request.Ship;
import mooncake.query.frame.Request.Snapshot;
import mooncake.query.frame.Request.Status;
import mooncake.query.frame.Request.Unpin;
import mooncake.query.frame.Request.Wake;

/// The bytes of requests.
public final class Requests {
    private Requests() {}

    static int type(Request request) {
        return switch (request) {
            case Hello _ -> 1;
            case Plan _ -> 2;
            case Execute _ -> 3;
            case Scan _ -> 4;
            case Pin _ -> 5;
            case Unpin _ -> 6;
            case Snapshot _ -> 7;
            case Status _ -> 8;
            case Wake _ -> 9;
            case Describe _ -> 10;
            case Ship _ -> 11;
        };
    }

    public static Request decode(int type, ByteBuffer payload) {
        PayloadReader in = new PayloadReader(payload);
        Request request = switch (type) {
            case 1 -> new Hello(in.i32(), in.i32(), in.i32(), in.string(), in.string());
            case 2 -> new Plan(in.string(), in.tree(), in.values(), in.targets(), in.shipments());
            case 3 ->
                new Execute(
                        in.i64(),
                        in.lsn(),
                        in.i32(),
                        in.string(),
                        in.tree(),
                        in.values(),
                        in.targets(),
                        in.shipments());
            case 4 -> new Scan(in.i64(), in.lsn(), in.i32(), in.i32(), columns(in), in.targets());
            case 5 -> new Pin(in.lsn(), in.i32(), mirrors(in));
            case 6 -> new Unpin(in.i64());
            case 7 -> new Snapshot(in.i32(), in.lsn(), in.i32());
            case 8 -> new Status();
            case 9 -> new Wake();
            case 10 -> new Describe(in.string(), in.string(), in.string());
            case 11 -> new Ship(in.i32(), in.batch());
            default -> throw PayloadReader.violation("frame type " + type + " is no request");
        };
        in.end();
        if (request instanceof Scan scan
                && scan.columns().size() != scan.targets().size()) {
            throw PayloadReader.violation("a scan names " + scan.columns().size() + " columns and "
                    + scan.targets().size() + " targets");
        }
        return request;
    }

    public static ByteBuffer encode(Request request) {
        PayloadWriter out = new PayloadWriter();
        switch (request) {
            case Hello hello ->
                out.i32(hello.version())
                        .i32(hello.backendPid())
                        .i32(hello.database())
                        .string(hello.databaseName())
                        .string(hello.collation());
            case Plan plan ->
                out.string(plan.session())
                        .string(plan.tree())
                        .values(plan.values())
                        .targets(plan.targets())
                        .shipments(plan.shipments());
            case Execute execute ->
                out.i64(execute.pin())
                        .lsn(execute.target())
                        .i32(execute.timeoutMillis())
                        .string(execute.session())
                        .string(execute.tree())
                        .values(execute.values())
                        .targets(execute.targets())
                        .shipments(execute.shipments());
            case Scan scan -> {
                out.i64(scan.pin()).lsn(scan.target()).i32(scan.timeoutMillis()).i32(scan.mirror());
                out.u16(scan.columns().size());
                scan.columns().forEach(out::u16);
                out.targets(scan.targets());
            }
            case Pin pin -> {
                out.lsn(pin.target()).i32(pin.timeoutMillis()).u16(pin.mirrors().size());
                pin.mirrors().forEach(out::i32);
            }
            case Unpin unpin -> out.i64(unpin.pin());
            case Snapshot snapshot ->
                out.i32(snapshot.mirror()).lsn(snapshot.lsn()).i32(snapshot.timeoutMillis());
            case Describe describe ->
                out.string(describe.uri()).string(describe.table()).string(describe.config());
            case Ship ship -> out.i32(ship.shipment()).i32(0).bytes(ship.rows().payload());
            case Status _, Wake _ -> {}
        }
        return out.done();
    }

    private static List<Integer> mirrors(PayloadReader in) {
        int count = in.u16();
        List<Integer> mirrors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            mirrors.add(in.i32());
        }
        return mirrors;
    }

    private static List<Integer> columns(PayloadReader in) {
        int count = in.u16();
        List<Integer> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            columns.add(in.u16());
        }
        return columns;
    }
}

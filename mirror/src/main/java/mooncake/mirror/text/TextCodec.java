package mooncake.mirror.text;

import mooncake.model.TextForm;

/// Writes values' canonical text.
public interface TextCodec {
    /// Appends the text of the value, or of the part of one, that `in` holds, and reads it to its end.
    void write(SendReader in, TextBuffer out);

    static TextCodec of(TextForm form) {
        return switch (form) {
            case TextForm.Simple simple -> simple(simple);
            case TextForm.Array(TextForm element, char delimiter) -> new ArrayCodec(of(element), delimiter);
            case TextForm.Composite(java.util.List<TextForm.Field> fields) -> new CompositeCodec(fields);
            case TextForm.Range(TextForm bound) -> new RangeCodec(of(bound));
            case TextForm.Multirange(TextForm bound) -> new RangeCodec(of(bound)).multirange();
        };
    }

    private static TextCodec simple(TextForm.Simple form) {
        return switch (form) {
            case BOOL -> (in, out) -> out.put(in.int8() == 0 ? 'f' : 't');
            case INT2 -> (in, out) -> out.putNumber(in.int16());
            case INT4 -> (in, out) -> out.putNumber(in.int32());
            case INT8 -> (in, out) -> out.putNumber(in.int64());
            case FLOAT4 -> (in, out) -> FloatText.put(in.float4(), out);
            case FLOAT8 -> (in, out) -> FloatText.put(in.float8(), out);
            case NUMERIC -> NumericText::put;
            case TEXT -> Bytes::text;
            case VERSIONED -> Bytes::versioned;
            case BYTEA -> Bytes::bytea;
            case CHAR -> Bytes::single;
            case HEX -> Bytes::hex;
            case BIT -> Bytes::bits;
            case UUID -> Bytes::uuid;
            case MACADDR -> (in, out) -> Bytes.address(in, 6, out);
            case MACADDR8 -> (in, out) -> Bytes.address(in, 8, out);
            case DATE -> (in, out) -> DateTimeText.date(in.int32(), out);
            case TIME -> (in, out) -> DateTimeText.time(in.int64(), out);
            case TIMETZ -> DateTimeText::timeWithZone;
            case TIMESTAMP -> (in, out) -> DateTimeText.timestamp(in.int64(), "", out);
            case TIMESTAMPTZ -> (in, out) -> DateTimeText.timestamp(in.int64(), "+00", out);
            case INTERVAL -> (in, out) -> IntervalText.put(in, true, out);
            case INTERVAL_FINITE -> (in, out) -> IntervalText.put(in, false, out);
            case OID -> (in, out) -> out.putNumber(in.uint32());
            case XID8 -> (in, out) -> out.put(Long.toUnsignedString(in.int64()));
            case TID -> SystemText::tid;
            case PG_LSN -> SystemText::lsn;
            case SNAPSHOT -> SystemText::snapshot;
            case INT2VECTOR, OIDVECTOR -> vector(form);
            case INET -> (in, out) -> NetworkText.put(in, false, out);
            case CIDR -> (in, out) -> NetworkText.put(in, true, out);
            case POINT -> GeometryText::point;
            case LSEG -> GeometryText::segment;
            case LINE -> GeometryText::line;
            case BOX -> GeometryText::box;
            case PATH -> GeometryText::path;
            case POLYGON -> GeometryText::polygon;
            case CIRCLE -> GeometryText::circle;
            case TSVECTOR -> TextSearchText::vector;
            case TSQUERY -> QueryText::put;
            case HSTORE -> ExtensionText::hstore;
            case VECTOR -> ExtensionText::vector;
        };
    }

    /// Its send format is an array's.
    private static TextCodec vector(TextForm.Simple form) {
        return SystemText.vector(
                form == TextForm.Simple.INT2VECTOR
                        ? (in, out) -> out.putNumber(in.int16())
                        : (in, out) -> out.putNumber(in.uint32()));
    }
}

package mooncake.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.Change;

/// The description of a source's rows as bytes in a [ChangeQueue].
final class RelationBytes {
    private RelationBytes() {}

    static byte[] write(Change.Relation relation) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(relation.schema());
        out.writeUTF(relation.name());
        out.writeChar(relation.replicaIdentity());
        out.writeShort(relation.columns().size());
        for (Change.RelationColumn column : relation.columns()) {
            out.writeUTF(column.name());
            out.writeInt(column.typeOid());
            out.writeInt(column.typmod());
            out.writeBoolean(column.key());
        }
        out.flush();
        return bytes.toByteArray();
    }

    static Change.Relation read(int oid, byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        String schema = in.readUTF();
        String name = in.readUTF();
        char replicaIdentity = in.readChar();
        int count = in.readUnsignedShort();
        List<Change.RelationColumn> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(new Change.RelationColumn(in.readUTF(), in.readInt(), in.readInt(), in.readBoolean()));
        }
        return new Change.Relation(oid, schema, name, replicaIdentity, columns);
    }
}

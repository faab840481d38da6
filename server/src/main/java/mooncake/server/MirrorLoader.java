package mooncake.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mooncake.lake.LakeTable;
import mooncake.lake.ParquetRows;
import mooncake.mirror.MirrorTable;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView.FileView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the registered mirrors back at a session's start: from their last Iceberg commit where there is one, else as
/// mirrors to be copied.
final class MirrorLoader {
    private static final Logger log = LoggerFactory.getLogger(MirrorLoader.class);

    private final Session session;
    private final MirrorTables tables;
    private final StreamPosition position;

    MirrorLoader(Session session, MirrorTables tables, StreamPosition position) {
        this.session = session;
        this.tables = tables;
        this.position = position;
    }

    /// Without the slot nobody kept the log since the mirrors' last commits: they are to be copied again. Done before
    /// a new slot is made, so that an engine that dies in between does it once more.
    void forgetCommits(Connection connection) throws SQLException {
        for (List<String> table : RegistryReader.catalogued(connection)) {
            log.warn(
                    "table={}.{} has lost its place in the log, its mirror is copied again",
                    table.get(0),
                    table.get(1));
            tables.lake().drop(table.get(0), table.get(1));
        }
    }

    void loadAll(Connection connection, MirrorSet mirrors, Publisher publisher) throws SQLException {
        List<Registration> registrations = RegistryReader.all(connection);
        dropOrphans(connection, registrations);
        for (Registration registration : registrations) {
            MirrorPipeline pipeline = load(registration);
            mirrors.add(pipeline);
            publisher.loaded(pipeline.committed());
        }
    }

    /// Mirrors that were dropped while no engine ran have left their files behind.
    private void dropOrphans(Connection connection, List<Registration> registrations) throws SQLException {
        Set<List<String>> known = new HashSet<>();
        registrations.forEach(each -> known.add(List.of(each.namespace(), each.name())));
        for (List<String> table : RegistryReader.catalogued(connection)) {
            if (!known.contains(table)) {
                log.info("table={}.{} belongs to no mirror any more, dropping it", table.get(0), table.get(1));
                tables.lake().drop(table.get(0), table.get(1));
            }
        }
    }

    private MirrorPipeline load(Registration registration) {
        MirrorPipeline pipeline =
                new MirrorPipeline(registration.mirror(), registration.source(), position, new MirrorState.Live());
        pipeline.identify(registration);
        try {
            if (registration.error() != null) {
                pipeline.fail(RegistryReader.failure(registration.error()));
                pipeline.failureRecorded();
                return pipeline;
            }
            if (!restore(registration, pipeline)) {
                return new MirrorPipeline(
                        registration.mirror(),
                        registration.source(),
                        position,
                        new MirrorState.Copying(session.jobs().newChangeQueue()));
            }
        } catch (MooncakeException e) {
            if (e.code().kind() == ErrorCode.Kind.EXTERNAL && e.code() != ErrorCode.STORAGE_FAILED) {
                throw e;
            }
            pipeline.fail(e);
            pipeline.failureRecorded();
        }
        return pipeline;
    }

    /// Whether the mirror has a commit to start from.
    private boolean restore(Registration registration, MirrorPipeline pipeline) {
        if (!tables.lake().exists(registration.namespace(), registration.name())) {
            return false;
        }
        LakeTable lakeTable = tables.lake().open(registration.namespace(), registration.name());
        Lsn committed = lakeTable.committedLsn();
        String owner = lakeTable.properties().get(Registration.MIRROR_PROPERTY);
        if (committed.isNone()
                || !Integer.toUnsignedString(registration.mirror()).equals(owner)) {
            return false;
        }
        long started = System.nanoTime();
        MirrorTable table = tables.newMirrorTable(registration, lakeTable);
        boolean loaded = false;
        try {
            KeyColumns keys = new KeyColumns(new ParquetRows(session.resources().duckDb(), registration.schema()));
            for (FileView file : lakeTable.load()) {
                table.loadFile(file.file(), file.deletes(), keys);
            }
            loaded = true;
        } finally {
            if (!loaded) {
                table.close();
            }
        }
        pipeline.attach(registration, table, lakeTable, committed);
        log.info(
                "mirror={} rows={} lsn={} millis={} loaded",
                registration.qualifiedName(),
                table.liveRows(),
                committed,
                (System.nanoTime() - started) / 1_000_000);
        return true;
    }
}

package mooncake.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mooncake.lake.LakeTable;
import mooncake.mirror.MirrorTable;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.Identity;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the registered mirrors back at a session's start: from their last Iceberg commit where
/// there is one, else as mirrors to be copied.
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

    void loadAll(List<Registration> registrations, MirrorSet mirrors, Publisher publisher) {
        for (Registration registration : registrations) {
            MirrorPipeline pipeline = load(registration);
            mirrors.add(pipeline);
            publisher.loaded(pipeline.durability().committed());
        }
    }

    /// Mirrors that were dropped while no engine ran have left their files behind; and a database
    /// that was copied from another one names that one's files, which are not ours.
    void dropOrphans(Connection connection) throws SQLException {
        Set<List<String>> known = new HashSet<>(RegistryReader.names(connection));
        for (RegistryReader.Catalogued table : RegistryReader.catalogued(connection)) {
            String metadata = table.metadata();
            boolean ours = metadata == null || Path.of(metadata).startsWith(tables.warehouse());
            if (!ours || !known.contains(List.of(table.namespace(), table.name()))) {
                log.info("table={}.{} belongs to no mirror here, dropping it", table.namespace(), table.name());
                tables.lake().drop(table.namespace(), table.name());
            }
        }
    }

    private MirrorPipeline load(Registration registration) {
        MirrorPipeline pipeline = new MirrorPipeline(
                registration.mirror(), registration.source(), registration.resync(), position, new MirrorState.Live());
        pipeline.identify(registration);
        String error = registration.error();
        if (error != null) {
            session.failures().failedInRegistry(pipeline, RegistryReader.failure(error));
            return pipeline;
        }
        try {
            LakeTable lakeTable = existing(registration);
            if (lakeTable == null) {
                MirrorPipeline copied =
                        session.newPipeline(registration.mirror(), registration.source(), registration.resync());
                copied.identify(registration);
                return copied;
            }
            Registration then = asCommitted(registration, lakeTable.properties());
            if (then.resync() < registration.resync()) {
                return toBeCopiedAnew(registration, then, lakeTable);
            }
            restore(then, lakeTable, pipeline);
        } catch (MooncakeException e) {
            if (e.code().kind() == ErrorCode.Kind.EXTERNAL && !isLost(e.code())) {
                throw e;
            }
            session.failures().failed(pipeline, e);
        }
        return pipeline;
    }

    private static boolean isLost(ErrorCode code) {
        return code == ErrorCode.STORAGE_FAILED || code == ErrorCode.DATA_LOST;
    }

    /// The mirror's Iceberg table if it has a commit to start from, else null.
    private @Nullable LakeTable existing(Registration registration) {
        if (!tables.lake().exists(registration.namespace(), registration.name())) {
            return null;
        }
        LakeTable lakeTable = tables.lake().open(registration.namespace(), registration.name());
        String owner = lakeTable.properties().get(Registration.MIRROR_PROPERTY);
        boolean own = Integer.toUnsignedString(registration.mirror()).equals(owner);
        return own && !lakeTable.committedLsn().isNone() ? lakeTable : null;
    }

    /// The mirror as the rows of its last commit know it: the log tells what came after.
    private Registration asCommitted(Registration now, Map<String, String> properties) {
        String definition = properties.get(Registration.DEFINITION_PROPERTY);
        if (definition == null) {
            return now;
        }
        int generation = Integer.parseInt(properties.getOrDefault(Registration.GENERATION_PROPERTY, "1"));
        int resync = Integer.parseInt(properties.getOrDefault(Registration.RESYNC_PROPERTY, "0"));
        Definition then = DefinitionJson.read(definition);
        return now.with(then, then.schema(now.qualifiedName(), session.types()), generation, resync);
    }

    /// The rows of the last commit are shown until the new copy is in, to readers that do not ask
    /// for the newest.
    private MirrorPipeline toBeCopiedAnew(Registration now, Registration then, LakeTable lakeTable) {
        MirrorPipeline pipeline = session.newPipeline(now.mirror(), now.source(), now.resync());
        pipeline.identify(now);
        List<FileView> views = lakeTable.load();
        Lease lease = new Lease();
        List<DataFile> files = views.stream().map(FileView::file).toList();
        pipeline.inherit(new Inheritance(lakeTable, then, lease, files));
        if (then.sameShape(now)) {
            lease.retain();
            pipeline.showLoaded(new ViewSet.Shown(unindexed(then, lakeTable, views), lease, true));
        }
        log.info("mirror={} event=resync lsn={} to be copied anew", now.qualifiedName(), lakeTable.committedLsn());
        return pipeline;
    }

    /// A view of files that nobody will change: no key is read.
    private ReadView unindexed(Registration then, LakeTable lakeTable, List<FileView> views) {
        TableSchema columns = new TableSchema(then.schema().columns(), List.of(), Identity.APPEND_ONLY);
        try (MirrorTable table = tables.newTable(then, columns, lakeTable)) {
            for (FileView view : views) {
                table.loadFile(view.file(), view.deletes(), tables.keys(columns));
            }
            return table.view();
        }
    }

    private void restore(Registration then, LakeTable lakeTable, MirrorPipeline pipeline) {
        long started = System.nanoTime();
        MirrorWriter writer = tables.newWriter(then, lakeTable, session.types());
        boolean loaded = false;
        try {
            for (FileView file : lakeTable.load()) {
                writer.table().loadFile(file.file(), file.deletes(), tables.keys(then.schema()));
            }
            loaded = true;
        } finally {
            if (!loaded) {
                writer.close();
            }
        }
        pipeline.attach(writer, lakeTable, lakeTable.committedLsn());
        log.info(
                "mirror={} rows={} lsn={} millis={} loaded",
                then.qualifiedName(),
                writer.table().liveRows(),
                lakeTable.committedLsn(),
                (System.nanoTime() - started) / 1_000_000);
    }
}

package mooncake.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.admin.SourceCatalog;
import mooncake.source.admin.SourceTable;
import mooncake.source.remote.RemoteCatalog;
import mooncake.source.remote.RemotePublication;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is different for mirrors whose source is on another server: it is found by its name there, published from
/// here, and its definition is compared with the registry's now and then, since no log of ours tells of changes.
final class RemoteSide {
    private static final Logger log = LoggerFactory.getLogger(RemoteSide.class);

    private final Followed followed;
    private final Path notes;

    /// @param notes directory for what is remembered of each mirror's source
    RemoteSide(Followed followed, Path notes) {
        this.followed = followed;
        this.notes = notes;
    }

    /// All registered mirrors of this source.
    List<Registration> registrations(Connection home, Connection source, Definition.Types types) throws SQLException {
        List<Registration> resolved = new ArrayList<>();
        for (Registration each : RegistryReader.remote(home, String.valueOf(followed.uri()), types)) {
            resolved.add(resolved(source, each));
        }
        return resolved;
    }

    /// With the source as it is there; its OID is 0 when there is none of this name any more.
    Registration resolved(Connection source, Registration registration) {
        String name = registration.remoteName();
        return RemoteCatalog.oid(source, name)
                .flatMap(oid -> SourceCatalog.read(source, oid))
                .map(table -> registration.at(table.oid(), table.schema(), table.name(), table.kind() == 'p'))
                .orElse(registration);
    }

    /// Has the source's changes told from now on. Null when the mirror has to wait for another definition, which was
    /// asked for.
    @Nullable
    Registration prepared(Connection home, Connection source, Registration registration) throws SQLException {
        Registration resolved = resolved(source, registration);
        if (resolved.source() == 0) {
            throw new MooncakeException(
                    ErrorCode.POSTGRES_FAILED, "the remote source has no table " + registration.remoteName());
        }
        if (redefined(home, source, resolved)) {
            return null;
        }
        RemotePublication.publish(source, followed.publication(), resolved.source());
        note(resolved.mirror(), stores(source, resolved.source()));
        return resolved;
    }

    /// Looks whether the source is still what the mirror was copied from; if not asks for what the mirror needs.
    void check(Connection home, Connection source, Registration registration) throws SQLException {
        Set<Integer> noted = noted(registration.mirror());
        if (registration.source() == 0 || registration.error() != null || noted == null) {
            return;
        }
        if (!redefined(home, source, registration)) {
            Set<Integer> stores = stores(source, registration.source());
            if (!stores.equals(noted)) {
                log.info("mirror={} event=resync: partitions of its source came or went", registration.qualifiedName());
                RemotePublication.publish(source, followed.publication(), registration.source());
                RegistryReader.requestResync(home, registration.mirror(), registration.resync());
            }
        }
    }

    /// Compares definitions, and has the mirror take over the source's when they differ; true when it does.
    private static boolean redefined(Connection home, Connection source, Registration registration)
            throws SQLException {
        Optional<String> config = config(home, registration.mirror());
        if (config.isEmpty()) {
            // The mirror was dropped just now.
            return false;
        }
        String wanted = config.get().isEmpty() ? null : config.get();
        Definition described = DefinitionJson.read(RemoteCatalog.describe(source, registration.remoteName(), wanted)
                .definition());
        Optional<Definition> next = RemoteChange.next(registration.definition(), described);
        if (next.isEmpty()) {
            return false;
        }
        log.info("mirror={} event=redefined: its source has other columns", registration.qualifiedName());
        try (PreparedStatement statement = home.prepareStatement("SELECT mooncake.redefine(?::oid, ?, true)")) {
            statement.setLong(1, Integer.toUnsignedLong(registration.mirror()));
            statement.setString(2, DefinitionJson.write(next.get()));
            statement.execute();
        }
        return true;
    }

    /// Empty text when there is no configuration, nothing when there is no mirror.
    private static Optional<String> config(Connection home, int mirror) throws SQLException {
        try (PreparedStatement statement =
                home.prepareStatement("SELECT coalesce(config::text, '') FROM mooncake.tables WHERE mirror = ?::oid")) {
            statement.setLong(1, Integer.toUnsignedLong(mirror));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    private static Set<Integer> stores(Connection source, int oid) {
        SourceTable table = SourceCatalog.read(source, oid)
                .orElseThrow(() ->
                        new MooncakeException(ErrorCode.POSTGRES_FAILED, "the remote table was dropped just now"));
        return RemotePublication.stores(source, table);
    }

    /// Whether the log describes columns that the mirror could take over and does not know.
    static boolean hasNews(Registration registration, Change.Relation relation) {
        Set<String> known = new HashSet<>();
        registration.definition().columns().forEach(column -> known.add(column.sourceName()));
        return relation.columns().stream().anyMatch(column -> !known.contains(column.name()));
    }

    private void note(int mirror, Set<Integer> stores) {
        try {
            Files.createDirectories(notes);
            Files.writeString(file(mirror), stores.toString());
        } catch (IOException e) {
            throw new MooncakeException(ErrorCode.STORAGE_FAILED, "cannot note a remote source's partitions", e);
        }
    }

    /// Null before the first copy.
    private @Nullable Set<Integer> noted(int mirror) {
        try {
            if (!Files.exists(file(mirror))) {
                return null;
            }
            Set<Integer> stores = new HashSet<>();
            for (String each :
                    Files.readString(file(mirror)).replaceAll("[\\[\\] ]", "").split(",", -1)) {
                if (!each.isEmpty()) {
                    stores.add(Integer.parseInt(each));
                }
            }
            return stores;
        } catch (IOException e) {
            throw new MooncakeException(ErrorCode.STORAGE_FAILED, "cannot read a remote source's partitions", e);
        }
    }

    private Path file(int mirror) {
        return notes.resolve(Integer.toUnsignedString(mirror) + ".partitions");
    }
}

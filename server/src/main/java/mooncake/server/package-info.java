/// The composition root: sockets, mirrors' life cycle, settings. The only module that sees every
/// stage.
///
/// In come connections of backends and a logical slot per database; out go query results and
/// Iceberg commits. Each database has one lock that its stream applier and its background jobs
/// write under; readers take immutable [mooncake.server.ViewSet]s from a
/// [mooncake.server.SnapshotBoard] and never wait for a writer.
@NullMarked
package mooncake.server;

import org.jspecify.annotations.NullMarked;

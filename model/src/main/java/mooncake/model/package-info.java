/// The words every stage shares: positions in the log, types, rows, files, views, errors, limits.
///
/// Nothing here reads a socket or a file. Values are immutable except [mooncake.model.ColumnBatch], which has one
/// writer and is published to readers through a [mooncake.model.ReadView].
@NullMarked
package mooncake.model;

import org.jspecify.annotations.NullMarked;

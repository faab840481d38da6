/// Canonical text of values that no column layout holds, made from Postgres' binary send format.
///
/// In: a value's bytes and its [mooncake.model.TextForm]. Out: bytes in a [TextBuffer]. A codec may keep scratch memory
/// and belongs to one thread. Invariant: nothing outside of a value's own bytes is read, and malformed bytes are an
/// error, never a text.
@NullMarked
package mooncake.mirror.text;

import org.jspecify.annotations.NullMarked;

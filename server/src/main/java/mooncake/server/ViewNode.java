package mooncake.server;

import mooncake.model.Counted;
import org.jspecify.annotations.Nullable;

/// A part of the persistent map behind a [ViewSet]: a trie over the bits of mirrors' OIDs, counted
/// by whoever holds it, parts of other sets included.
abstract sealed class ViewNode extends Counted {
    private static final int BITS = 4;
    private static final int CHILDREN = 1 << BITS;

    abstract ViewSet.@Nullable Shown find(int mirror, int shift);

    /// A node with one hold for the caller; null when nothing is left. A null `shown` takes the
    /// mirror out.
    @Nullable
    abstract ViewNode with(int mirror, ViewSet.@Nullable Shown shown, int shift);

    /// One mirror; has taken over the hold of its view and lease.
    static final class Leaf extends ViewNode {
        private final int mirror;
        private final ViewSet.Shown shown;

        Leaf(int mirror, ViewSet.Shown shown) {
            this.mirror = mirror;
            this.shown = shown;
        }

        @Override
        ViewSet.@Nullable Shown find(int wanted, int shift) {
            return mirror == wanted ? shown : null;
        }

        @Override
        @Nullable
        ViewNode with(int changed, ViewSet.@Nullable Shown next, int shift) {
            if (changed == mirror) {
                return next == null ? null : new Leaf(changed, next);
            }
            retain();
            if (next == null) {
                return this;
            }
            @Nullable ViewNode[] children = new @Nullable ViewNode[CHILDREN];
            children[index(mirror, shift)] = this;
            Branch branch = new Branch(children);
            ViewNode both = branch.with(changed, next, shift);
            branch.release();
            return both;
        }

        @Override
        protected void free() {
            shown.release();
        }
    }

    private static final class Branch extends ViewNode {
        private final @Nullable ViewNode[] children;

        /// Takes over one hold of each child.
        private Branch(@Nullable ViewNode[] children) {
            this.children = children;
        }

        @Override
        ViewSet.@Nullable Shown find(int mirror, int shift) {
            ViewNode child = children[index(mirror, shift)];
            return child == null ? null : child.find(mirror, shift + BITS);
        }

        @Override
        @Nullable
        ViewNode with(int mirror, ViewSet.@Nullable Shown shown, int shift) {
            int at = index(mirror, shift);
            @Nullable ViewNode[] next = children.clone();
            ViewNode child = children[at];
            if (child != null) {
                next[at] = child.with(mirror, shown, shift + BITS);
            } else {
                next[at] = shown == null ? null : new Leaf(mirror, shown);
            }
            boolean empty = true;
            for (int i = 0; i < CHILDREN; i++) {
                ViewNode other = next[i];
                empty &= other == null;
                if (i != at && other != null) {
                    other.retain();
                }
            }
            return empty ? null : new Branch(next);
        }

        @Override
        protected void free() {
            for (ViewNode child : children) {
                if (child != null) {
                    child.release();
                }
            }
        }
    }

    private static int index(int mirror, int shift) {
        return mirror >>> shift & CHILDREN - 1;
    }
}

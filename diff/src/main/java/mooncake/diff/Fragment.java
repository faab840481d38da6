package mooncake.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A piece of a random query that knows how to become smaller.
sealed interface Fragment {
    String sql();

    /// Every fragment that is this one with a single thing taken away.
    List<Fragment> smaller();

    /// Text that stays as it is.
    record Fixed(String sql) implements Fragment {
        @Override
        public List<Fragment> smaller() {
            return List.of();
        }
    }

    /// An expression or a query of a type: it may be replaced by a part of the same type, or by `simple`.
    ///
    /// @param simple the simplest fragment of the type, empty when there is none
    record Typed(String type, String simple, List<Fragment> parts) implements Fragment {
        @Override
        public String sql() {
            return parts.stream().map(Fragment::sql).collect(Collectors.joining());
        }

        @Override
        public List<Fragment> smaller() {
            List<Fragment> all = new ArrayList<>();
            if (!simple.isEmpty() && !sql().equals(simple)) {
                all.add(new Fixed(simple));
            }
            parts.forEach(part -> ofType(part, all));
            all.addAll(replaced(parts, changed -> new Typed(type, simple, changed)));
            return all;
        }

        private void ofType(Fragment fragment, List<Fragment> found) {
            if (fragment instanceof Typed typed && typed.type.equals(type)) {
                found.add(typed);
                return;
            }
            List<Fragment> inner = switch (fragment) {
                case Fixed _ -> List.of();
                case Typed typed -> typed.parts;
                case Several several -> several.items;
            };
            inner.forEach(part -> ofType(part, found));
        }
    }

    /// Items of which any may go as long as there are `min`; without any nothing is written at all.
    record Several(String prefix, String separator, String suffix, int min, List<Fragment> items) implements Fragment {
        @Override
        public String sql() {
            return items.isEmpty() && min == 0
                    ? ""
                    : items.stream().map(Fragment::sql).collect(Collectors.joining(separator, prefix, suffix));
        }

        @Override
        public List<Fragment> smaller() {
            List<Fragment> all = new ArrayList<>();
            for (int i = items.size() - 1; i >= 0 && items.size() > min; i--) {
                List<Fragment> fewer = new ArrayList<>(items);
                fewer.remove(i);
                all.add(with(fewer));
            }
            all.addAll(replaced(items, this::with));
            return all;
        }

        private Several with(List<Fragment> changed) {
            return new Several(prefix, separator, suffix, min, changed);
        }
    }

    private static List<Fragment> replaced(List<Fragment> parts, Function<List<Fragment>, Fragment> make) {
        List<Fragment> all = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            for (Fragment smaller : parts.get(i).smaller()) {
                List<Fragment> changed = new ArrayList<>(parts);
                changed.set(i, smaller);
                all.add(make.apply(changed));
            }
        }
        return all;
    }
}

package mooncake.query.regex;

import java.util.Arrays;

/// Divides a match among the parts of its pattern, from the left, each part as long or as short as it prefers.
final class Dissection {
    private final Regex regex;
    private final Subject subject;
    private final int[] places;

    Dissection(Regex regex, Subject subject, int groups) {
        this.regex = regex;
        this.subject = subject;
        this.places = Regex.noPlaces(groups);
    }

    int[] result(int begin, int end) {
        places[0] = begin;
        places[1] = end;
        return places;
    }

    void forgetAll() {
        Arrays.fill(places, -1);
    }

    boolean divide(Part part, int begin, int end) {
        boolean divided = switch (part.kind()) {
            case LEAF -> true;
            case WRAPPER -> divide(part.children().getFirst(), begin, end);
            case REFERENCE -> repeats(part, begin, end);
            case CONCATENATION -> concatenation(part, begin, end);
            case ALTERNATION -> alternation(part, begin, end);
            case ITERATION -> new Iterations(part, begin, end).divide();
        };
        if (divided && part.group() > 0) {
            places[2 * part.group()] = begin;
            places[2 * part.group() + 1] = end;
        }
        return divided;
    }

    private void forget(Part part) {
        if (part.group() > 0) {
            places[2 * part.group()] = -1;
            places[2 * part.group() + 1] = -1;
        }
        part.children().forEach(this::forget);
    }

    private boolean matches(Part part, int begin, int end) {
        return regex.automaton(part).longest(subject, begin, end) == end;
    }

    /// Where a part that begins here may end, from the most preferred on; -1 when there is no other place.
    private int firstEnd(Part part, int begin, int end) {
        Automaton automaton = regex.automaton(part);
        return part.prefersShorter()
                ? automaton.shortest(subject, begin, begin, end)
                : automaton.longest(subject, begin, end);
    }

    private int nextEnd(Part part, int begin, int end, int before) {
        Automaton automaton = regex.automaton(part);
        if (part.prefersShorter()) {
            return before == end ? -1 : automaton.shortest(subject, begin, before + 1, end);
        }
        return before == begin ? -1 : automaton.longest(subject, begin, before - 1);
    }

    private boolean concatenation(Part part, int begin, int end) {
        Part left = part.children().get(0);
        Part right = part.children().get(1);
        for (int middle = firstEnd(left, begin, end); middle >= 0; middle = nextEnd(left, begin, end, middle)) {
            if (matches(right, middle, end)) {
                if (divide(left, begin, middle) && divide(right, middle, end)) {
                    return true;
                }
                forget(left);
                forget(right);
            }
        }
        return false;
    }

    private boolean alternation(Part part, int begin, int end) {
        for (Part branch : part.children()) {
            if (matches(branch, begin, end) && divide(branch, begin, end)) {
                return true;
            }
        }
        return false;
    }

    private boolean repeats(Part part, int begin, int end) {
        int from = places[2 * part.reference()];
        if (from < 0) {
            return false;
        }
        int length = places[2 * part.reference() + 1] - from;
        if (length == 0) {
            return begin == end && part.min() <= part.max();
        }
        if (begin == end) {
            return part.min() == 0;
        }
        int times = (end - begin) / length;
        if ((end - begin) % length != 0 || times < part.min() || times > part.max()) {
            return false;
        }
        for (int at = begin; at < end; at += length) {
            if (!regex.isSame(subject, from, at, length)) {
                return false;
            }
        }
        return true;
    }

    /// The ends of the repetitions of a part, tried one after another.
    private final class Iterations {
        private final Part part;
        private final Part body;
        private final int begin;
        private final int end;
        private final int least;
        private final int most;
        private final int[] ends;
        private int count = 1;
        private int verified;
        /// The last place that the current repetition may end at, or the first where it prefers to be short.
        private int limit;

        Iterations(Part part, int begin, int end) {
            this.part = part;
            this.body = part.children().getFirst();
            this.begin = begin;
            this.end = end;
            this.least = Math.max(part.min(), 1);
            this.most = Math.max(least, Math.min(part.max(), end - begin));
            this.ends = new int[most + 1];
            this.ends[0] = begin;
        }

        boolean divide() {
            if (body.prefersShorter() && part.min() == 0 && begin == end) {
                return true;
            }
            limit = body.prefersShorter() ? begin : end;
            while (count > 0) {
                if (advance() && verify()) {
                    return true;
                }
            }
            forget(body);
            return part.min() == 0 && begin == end;
        }

        /// Finds the next end; whether all ends are found.
        private boolean advance() {
            Automaton automaton = regex.automaton(body);
            int previous = ends[count - 1];
            boolean shorter = body.prefersShorter();
            // A repetition of nothing helps only to have enough of them.
            if (shorter && limit == previous && limit != end && (count >= least || least - count < end - limit)) {
                limit++;
            }
            if (shorter && count >= most) {
                limit = end;
            }
            int found = shorter
                    ? automaton.shortest(subject, previous, limit, end)
                    : automaton.longest(subject, previous, limit);
            if (found < 0) {
                count--;
                backtrack();
                return false;
            }
            ends[count] = found;
            verified = Math.min(verified, count - 1);
            if (found == end) {
                if (count >= least) {
                    return true;
                }
                backtrack();
                return false;
            }
            if (count >= most) {
                count--;
                backtrack();
                return false;
            }
            if (!shorter && found == previous && (count >= least || least - count < end - found)) {
                backtrack();
                return false;
            }
            count++;
            limit = shorter ? ends[count - 1] : end;
            return false;
        }

        private boolean verify() {
            for (int i = verified + 1; i <= count; i++) {
                forget(body);
                if (!Dissection.this.divide(body, ends[i - 1], ends[i])) {
                    count = i;
                    backtrack();
                    return false;
                }
                verified = i;
            }
            return true;
        }

        /// Goes back to the last repetition that may end elsewhere.
        private void backtrack() {
            while (count > 0) {
                int previous = ends[count - 1];
                if (body.prefersShorter()) {
                    if (ends[count] < end) {
                        limit = ends[count] + 1;
                        return;
                    }
                } else if (ends[count] > previous) {
                    limit = ends[count] - 1;
                    if (limit > previous || (count < least && least - count >= end - previous)) {
                        return;
                    }
                }
                count--;
            }
        }
    }
}

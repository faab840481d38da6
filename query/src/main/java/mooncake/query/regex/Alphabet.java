package mooncake.query.regex;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The characters in groups ("colours") that no set of the pattern tells apart.
final class Alphabet {
    private static final int DIRECT = 0x3000;

    /// What conditions want to know of a neighbour.
    static final byte OTHER = 0;
    static final byte WORD = 1;
    static final byte NEWLINE = 2;
    /// Where there is no neighbour.
    static final byte NOTHING = 3;

    /// Where each interval begins, and its colour.
    private final int[] starts;

    private final int[] colours;
    private final short[] direct = new short[DIRECT];
    private final byte[] kinds;
    private final Map<CharSet, boolean[]> members = new LinkedHashMap<>();

    /// @param sets of the pattern
    /// @param word the characters of words
    Alphabet(List<CharSet> sets, CharSet word) {
        List<CharSet> all = new ArrayList<>(new java.util.LinkedHashSet<>(sets));
        all.add(word);
        all.add(CharSet.NEWLINE);
        TreeSet<Integer> bounds = new TreeSet<>(List.of(0));
        for (CharSet set : all) {
            for (int i = 0; i < set.ranges().length; i += 2) {
                bounds.add(set.ranges()[i]);
                bounds.add(set.ranges()[i + 1] + 1);
            }
        }
        starts = bounds.stream().mapToInt(Integer::intValue).toArray();
        colours = new int[starts.length];
        List<java.util.BitSet> signatures = new ArrayList<>();
        Map<java.util.BitSet, Integer> known = new HashMap<>();
        for (int i = 0; i < starts.length; i++) {
            java.util.BitSet signature = new java.util.BitSet();
            for (int set = 0; set < all.size(); set++) {
                signature.set(set, all.get(set).contains(starts[i]));
            }
            Integer colour = known.putIfAbsent(signature, signatures.size());
            if (colour == null) {
                colour = signatures.size();
                signatures.add(signature);
            }
            colours[i] = colour;
        }
        if (signatures.size() > Short.MAX_VALUE) {
            throw RegexError.tooComplex();
        }
        for (int set = 0; set < all.size(); set++) {
            boolean[] member = new boolean[signatures.size()];
            for (int colour = 0; colour < member.length; colour++) {
                member[colour] = signatures.get(colour).get(set);
            }
            members.put(all.get(set), member);
        }
        kinds = new byte[signatures.size()];
        for (int colour = 0; colour < kinds.length; colour++) {
            boolean newline = signatures.get(colour).get(all.size() - 1);
            kinds[colour] = newline ? NEWLINE : signatures.get(colour).get(all.size() - 2) ? WORD : OTHER;
        }
        for (int character = 0; character < DIRECT; character++) {
            direct[character] = (short) search(character);
        }
    }

    int size() {
        return kinds.length;
    }

    int colour(int character) {
        return character < DIRECT ? direct[character] : search(character);
    }

    private int search(int character) {
        int at = java.util.Arrays.binarySearch(starts, character);
        return colours[at >= 0 ? at : -at - 2];
    }

    byte kind(int colour) {
        return kinds[colour];
    }

    /// Which colours a set of the pattern holds.
    boolean[] members(CharSet set) {
        return java.util.Objects.requireNonNull(members.get(set), "a set of the pattern");
    }
}

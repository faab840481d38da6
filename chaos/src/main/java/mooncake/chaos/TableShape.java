package mooncake.chaos;

import java.util.List;
import java.util.Random;

/// One table of the workload and the statements that change it. In them `{t}` is the table's name, `{a}` and `{b}` the
/// ends of a range of keys and `{s}` a random number, from which all values follow.
///
/// @param keys how many different keys there are
/// @param range the most keys of one statement
/// @param rekey changes keys; empty where there is none
record TableShape(
        String name,
        List<String> create,
        int keys,
        int range,
        int mirrors,
        String insert,
        List<String> updates,
        String rekey,
        String delete) {

    String insert(String table, Random random) {
        return fill(insert, table, random);
    }

    String update(String table, Random random) {
        return fill(updates.get(random.nextInt(updates.size())), table, random);
    }

    String rekey(String table, Random random) {
        return rekey.isEmpty() ? update(table, random) : fill(rekey, table, random);
    }

    String delete(String table, Random random) {
        return fill(delete, table, random);
    }

    private String fill(String template, String table, Random random) {
        int from = random.nextInt(keys);
        int to = from + (random.nextInt(5) == 0 ? random.nextInt(range) : random.nextInt(5));
        return template.replace("{t}", table)
                .replace("{a}", Integer.toString(from))
                .replace("{b}", Integer.toString(to))
                .replace("{s}", Integer.toString(1 + random.nextInt(1_000_000)));
    }
}

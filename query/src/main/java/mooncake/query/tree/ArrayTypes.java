package mooncake.query.tree;

import java.util.HashMap;
import java.util.Map;

/// The built-in array and range types by their OIDs, which are the same on every server.
public final class ArrayTypes {
    /// Array type and element type, in turns. Arrays of `box` are not among them: their elements hold commas.
    private static final int[] ARRAYS = {
        143, 142, 199, 114, 271, 5069, 629, 628, 651, 650, 719, 718, 775, 774, 791, 790, 1000, 16, 1001, 17, 1002, 18,
        1003, 19, 1005, 21, 1007, 23, 1009, 25, 1010, 27, 1011, 28, 1012, 29, 1014, 1042, 1015, 1043, 1016, 20, 1017,
        600, 1018, 601, 1019, 602, 1021, 700, 1022, 701, 1027, 604, 1028, 26, 1040, 829, 1041, 869, 1115, 1114, 1182,
        1082, 1183, 1083, 1185, 1184, 1187, 1186, 1231, 1700, 1270, 1266, 1561, 1560, 1563, 1562, 2210, 2205, 2211,
        2206, 2951, 2950, 3221, 3220, 3643, 3614, 3645, 3615, 3807, 3802, 3905, 3904, 3907, 3906, 3909, 3908, 3911,
        3910, 3913, 3912, 3927, 3926, 4073, 4072, 6150, 4451, 6151, 4532, 6152, 4533, 6153, 4534, 6155, 4535, 6157, 4536
    };

    /// Range type, its multirange type and the type of the bounds, in turns.
    private static final int[] RANGES = {
        3904, 4451, 23, 3906, 4532, 1700, 3908, 4533, 1114, 3910, 4534, 1184, 3912, 4535, 1082, 3926, 4536, 20
    };

    private static final Map<Integer, Integer> ELEMENTS = new HashMap<>();
    private static final Map<Integer, Integer> ARRAYS_OF = new HashMap<>();
    private static final Map<Integer, Integer> BOUNDS = new HashMap<>();
    private static final Map<Integer, Integer> RANGES_OF = new HashMap<>();

    static {
        for (int i = 0; i < ARRAYS.length; i += 2) {
            ELEMENTS.put(ARRAYS[i], ARRAYS[i + 1]);
            ARRAYS_OF.put(ARRAYS[i + 1], ARRAYS[i]);
        }
        for (int i = 0; i < RANGES.length; i += 3) {
            BOUNDS.put(RANGES[i], RANGES[i + 2]);
            RANGES_OF.put(RANGES[i + 1], RANGES[i]);
        }
    }

    private ArrayTypes() {}

    /// The element type of an array type, 0 for other types.
    public static int elementOf(int type) {
        return ELEMENTS.getOrDefault(type, 0);
    }

    /// The type of arrays of a type, 0 when it is not known.
    public static int arrayOf(int type) {
        return ARRAYS_OF.getOrDefault(type, 0);
    }

    /// The type of a range's bounds, 0 for other types.
    public static int boundOf(int type) {
        return BOUNDS.getOrDefault(type, 0);
    }

    /// The type of a multirange's ranges, 0 for other types.
    public static int rangeOf(int type) {
        return RANGES_OF.getOrDefault(type, 0);
    }
}

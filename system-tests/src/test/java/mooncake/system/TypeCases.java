package mooncake.system;

import java.util.ArrayList;
import java.util.List;

/// Types with their edge values, as SQL.
final class TypeCases {
    /// What the types below need.
    static final List<String> SETUP = List.of(
            "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy, \"very\"', 'größe')",
            "CREATE TYPE pair AS (a int, b text, c numeric[])",
            "CREATE TYPE nested AS (p pair, m mood, t timestamptz, e pair[])",
            "CREATE TYPE priced AS (n int, price money)",
            "CREATE TYPE textrange AS RANGE (subtype = text)",
            "CREATE DOMAIN counted AS int CHECK (value >= 0)",
            "CREATE DOMAIN recounted AS counted",
            "CREATE DOMAIN price AS numeric(10,2)",
            "CREATE DOMAIN feeling AS mood",
            "CREATE DOMAIN ints AS int[]",
            "CREATE DOMAIN paired AS pair",
            "CREATE DOMAIN moment AS timestamptz",
            "CREATE DOMAIN padded AS char(4)",
            "CREATE DOMAIN anynumber AS numeric");

    /// @param values SQL expressions; a text without parentheses is a literal of the type
    record Type(String name, List<String> values) {}

    private TypeCases() {}

    private static Type type(String name, String... values) {
        return new Type(name, List.of(values));
    }

    static List<Type> numbers(int major) {
        List<Type> types = new ArrayList<>(List.of(
                type(
                        "numeric",
                        "0",
                        "0.00",
                        "1.10",
                        "-12345678901234567890123456789012345678901234567890.123456789",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "1e-100",
                        "10000",
                        "0.0001",
                        "99990000.00010",
                        "=(repeat('9', 5000) || '.' || repeat('12', 1500))::numeric"),
                type("numeric(50,10)", "0", "-1.5", "1234567890123456789012345678901234567890", "NaN"),
                type("numeric(3,5)", "0.00123", "-0.00999", "0"),
                type("numeric(5,-2)", "12345", "-99999", "0"),
                type("numeric(10,2)", "0", "-12345678.90", "99999999.99"),
                type("money", "0", "-92233720368547758.08", "92233720368547758.07", "$1,234.56"),
                type("oid", "0", "4294967295", "1259"),
                type("regclass", "pg_class", "0", "4294967295"),
                type("regproc", "now", "0"),
                type("regprocedure", "now()", "0"),
                type("regoper", "||/", "0"),
                type("regoperator", "+(int4,int4)", "0"),
                type("regtype", "int4[]", "0", "timestamptz"),
                type("regrole", "postgres", "0"),
                type("regnamespace", "pg_catalog", "0"),
                type("regconfig", "english"),
                type("regdictionary", "simple"),
                type("regcollation", "\"C\""),
                type("xid", "0", "4294967295"),
                type("cid", "0", "7"),
                type("xid8", "0", "18446744073709551615"),
                type("tid", "(0,1)", "(4294967295,65535)"),
                type("pg_lsn", "0/0", "FFFFFFFF/FFFFFFFF", "16/B374D848"),
                type("pg_snapshot", "10:20:10,14,15", "1:1:"),
                type("txid_snapshot", "10:20:10,14,15"),
                type("\"char\"", "a", "", "é"),
                type("name", "x", "", "=repeat('é', 31)::name"),
                type("int2vector", "1 2 3", "", "-32768"),
                type("oidvector", "1 4294967295", "")));
        if (major < 16) {
            // Its output function prints half a character there.
            types.replaceAll(type -> type.name().equals("\"char\"") ? type("\"char\"", "a", "", "\\") : type);
        }
        return types;
    }

    static List<Type> times(int major) {
        List<String> intervals = new ArrayList<>(List.of(
                "0",
                "1 year 2 mons -3 days +04:05:06.789",
                "-1 year -2 mons +3 days -04:05:06",
                "178000000 years",
                "-178000000 years",
                "-2147483648 days",
                "-00:00:00.000001",
                "2562047788:00:54.775807",
                "1 mon",
                "-1 day",
                "1 day 00:00:01",
                "-1 day +00:00:01",
                "-13 mons",
                "100:00:00"));
        if (major >= 17) {
            intervals.addAll(List.of("infinity", "-infinity"));
        } else {
            intervals.add("178956970 years 7 mons 2147483647 days 2562047788:00:54.775807");
        }
        return List.of(
                new Type("interval", intervals),
                type("interval year to month", "1-2", "-7 mons"),
                type("interval second(2)", "1.237", "-59.999"),
                type("interval day to second(3)", "3 04:05:06.7891"),
                type("timetz", "00:00:00+00", "24:00:00-15:59:59", "12:34:56.789+05:30", "23:59:59.999999-08"),
                type("timetz(2)", "12:34:56.789+02"),
                type("date", "4713-01-01 BC", "5874897-12-31", "infinity", "-infinity", "0001-12-31 BC"),
                type("timestamp", "4713-01-01 00:00:00 BC", "294246-12-31 23:59:59.999999", "infinity"),
                type("timestamptz(3)", "2024-03-31 01:59:59.9996+00", "-infinity", "0001-01-01 00:00:00+00 BC"),
                type("date[]", "{2024-02-29,NULL,infinity,\"4713-01-01 BC\"}", "{}"),
                type("timestamp[]", "{\"2024-02-29 12:34:56.7\",-infinity,NULL}"),
                type("timestamptz[]", "{\"2024-02-29 12:34:56.7+02\",infinity}", "{\"0044-03-15 10:00:00+00 BC\"}"),
                type("time[]", "{24:00,00:00:00.000001}"),
                type("timetz[]", "{24:00-05,12:00:00+05:30}"),
                type("interval[]", "{\"1 day -1 mon\",NULL,00:00:00}"),
                type("int4range", "[1,10)", "empty", "(,)", "[5,]", "(,3)"),
                type("int8range", "[1,9223372036854775807)"),
                type("numrange", "[1.10,2.200]", "(,NaN]", "[-Infinity,5)"),
                type("tsrange", "[2024-01-01,infinity)", "(\"0044-03-15 BC\",]"),
                type("tstzrange", "[\"2024-01-01 00:00:00.5+02\",\"2024-01-02 00:00:00+00\")", "empty"),
                type("daterange", "[2024-01-01,2024-02-29]", "(,infinity]"),
                type("int4multirange", "{}", "{[1,3),[5,8)}", "{(,)}"),
                type("nummultirange", "{[1.0,2.50],(7,)}"),
                type("tstzmultirange", "{[\"2024-01-01 00:00:00+02\",\"2024-01-02 00:00:00+00\"),[2025-01-01,)}"),
                type("int4range[]", "{\"[1,3)\",empty,NULL}"),
                type("textrange", "[\"a b\",\"c,\\\"d\"]", "[\"\",z)", "(,\"\\\\\"]", "[\"(x)\",\"[y]\"]", "empty"));
    }

    static List<Type> shapes() {
        return List.of(
                type(
                        "inet",
                        "0.0.0.0/0",
                        "192.168.1.5",
                        "192.168.1.5/24",
                        "::1",
                        "::",
                        "::ffff:1.2.3.4",
                        "::1.2.3.4",
                        "2001:db8::1/64",
                        "1:0:0:2:0:0:0:3",
                        "1:2:3:4:5:6:7:8",
                        "::2:0:0",
                        "1::",
                        "0:0:1::",
                        "::5:6:7"),
                type("cidr", "10.0.0.0/8", "10.1.2.3/32", "::/0", "2001:db8::/32", "::1/128"),
                type("macaddr", "08:00:2b:01:02:03", "ff:ff:ff:ff:ff:ff"),
                type("macaddr8", "08:00:2b:01:02:03:04:05"),
                type("bit(3)", "101", "000"),
                type("bit(65)", "=repeat('10', 40)::bit(65)"),
                type("varbit", "", "1", "10101010", "101010101"),
                type("varbit(5)", "10101", ""),
                type("point", "(1,2)", "(-0,1e300)", "(NaN,Infinity)", "(0.1,1e-300)", "(123456789012345,1e15)"),
                type("lseg", "[(1,2),(3.5,-4)]"),
                type("line", "{1,2,3}", "{0,-1,0.5}"),
                type("box", "(3,4),(1,2)"),
                type("path", "[(0,0),(1,1)]", "((0,0),(1,1),(2,0))"),
                type("polygon", "((0,0),(1,1),(2,0))"),
                type("circle", "<(1,2),3.5>"),
                type("point[]", "{\"(1,2)\",NULL}"),
                type("box[]", "{(1,1),(0,0);(2,2),(1,1)}"),
                type(
                        "tsvector",
                        "",
                        "'a b':1A,2B c:3 'it''s':16383C",
                        "=to_tsvector('english', 'The ünïcode fat rats \\ x')"),
                type(
                        "tsquery",
                        "'a' & !('b' | 'c' <-> 'd':*AB) <2> 'e'",
                        "a & b & c",
                        "!a | b",
                        "!!a",
                        "(a | b) & c",
                        "a <-> (b <-> c)",
                        "'it''s' & 'back\\\\slash'",
                        "a:D | b:*"),
                type("jsonpath", "$.\"a\"[*]?(@.\"b\" > 1)", "strict $"),
                type("xml", "<a>é</a>", "text only", "<?xml version=\"1.0\" standalone=\"yes\"?><x/>", ""),
                type("jsonb[]", "{\"{\\\"a\\\": [1, \\\"x y\\\"]}\",null,\"null\"}"),
                type("json[]", "{\"{\\\"a\\\":  1}\"}"),
                type("uuid[]", "{123e4567-e89b-12d3-a456-426614174000,NULL}"),
                type("inet[]", "{10.0.0.1/8,::1}"),
                type("bit(3)[]", "{101,000}"));
    }

    static List<Type> composed(boolean contrib) {
        List<Type> types = new ArrayList<>(List.of(
                type("mood", "sad", "happy, \"very\"", "größe"),
                type("mood[]", "{sad,\"happy, \\\"very\\\"\",NULL}"),
                type("counted", "0", "2147483647"),
                type("recounted", "5"),
                type("price", "-12345678.90", "0"),
                type("feeling", "ok"),
                type("ints", "{1,NULL,3}", "[0:1]={7,8}"),
                type("paired", "(1,\"x y\",\"{1.10,NULL}\")"),
                type("moment", "2024-03-31 01:59:59.9996+00", "infinity"),
                type("padded", "ab", ""),
                type("anynumber", "1.10", "NaN", "12345678901234567890123456789012345678901234567890"),
                type("pair", "(1,,)", "(,\"\",{})", "(-1,\"a \"\"q\"\" \\\\ (x), é\",\"{1.0,NaN}\")"),
                type("nested", "(\"(1,x,)\",ok,infinity,\"{\"\"(2,\\\\\"\"a b\\\\\"\",)\"\"}\")", "(,,,)"),
                type("pair[]", "{\"(1,x,)\",NULL}", "[2:2]={\"(,,)\"}"),
                type("priced", "(1,$2.50)", "(,)"),
                type("money[]", "{$1.25,NULL}", "{}"),
                type(
                        "text[]",
                        "{}",
                        "{NULL,\"NULL\",\"null\",\"\",\" \",\"a,b\",\"{}\",\"\\\"q\\\"\",\"\\\\\",é}",
                        "[0:1]={a,b}",
                        "{{a,b},{c,NULL}}",
                        "{{{1}}}"),
                type("int[]", "[-1:0][2:3]={{1,2},{3,4}}", "{2147483647,-2147483648}", "{NULL}"),
                type("bigint[]", "{9223372036854775807}"),
                type("smallint[]", "{-32768}"),
                type(
                        "float8[]",
                        "{1e15,1e-5,0.1,NaN,-0,Infinity,5e-324,1.7976931348623157e308,123456789012345,2e-3}",
                        "{100,1e14,12e14,0.0001,0.00001,9007199254740993,2e23,-1.5}"),
                type("float4[]", "{1e6,123456,1e-5,0.1,16777216,3.4028235e38,1e-45,0.0001}"),
                type("numeric[]", "{1.10,NaN,-Infinity,NULL,0.000}"),
                type("bytea[]", "{\"\\\\xdead00\",\"\\\\x\"}"),
                type("bool[]", "{t,f,NULL}"),
                type("varchar(5)[]", "{ab,\"a b\"}"),
                type("char(4)[]", "{ab}"),
                type("\"char\"[]", "{a,\"\"}"),
                type("oid[]", "{0,4294967295}"),
                type("regclass[]", "{pg_class,0}"),
                type("name[]", "{a,\"b c\"}"),
                type("tsvector[]", "{\"'a':1 'b'\"}"),
                type("information_schema.sql_identifier", "x")));
        if (contrib) {
            types.addAll(List.of(
                    type("hstore", "", "a=>1, \"b c\"=>NULL, \"q\\\"\"=>\"\\\\\"", "é=>\"\""),
                    type("hstore[]", "{\"\\\"a\\\"=>\\\"1\\\"\"}"),
                    type("citext", "MixeD", ""),
                    type("ltree", "Top.Science", ""),
                    type("lquery", "*.a{1,2}.b|c"),
                    type("cube", "(1,2),(3,4)", "(0)")));
        }
        return types;
    }
}

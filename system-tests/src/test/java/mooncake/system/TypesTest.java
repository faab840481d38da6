package mooncake.system;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every supported type with its edge values, by copy and by log, from memory and from files.
class TypesTest extends ServerFixture {
    private static final String COLUMNS = """
            (id int PRIMARY KEY, b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric(38,10), s numeric(5,0),
             t text, v varchar(10), c char(5), x bytea, d date, tm time, ts timestamp, tz timestamptz, u uuid,
             j json, jb jsonb, m numeric(12,2))""";

    private static final List<String> ROWS = List.of(
            "NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL",
            "true,32767,2147483647,9223372036854775807,'NaN','NaN',9999999999999999999999999999.9999999999,99999,"
                    + "'ünïcödé 🙂','0123456789','ab','\\xdeadbeef00','infinity','24:00:00','infinity','infinity',"
                    + "'ffffffff-ffff-ffff-ffff-ffffffffffff','{\"a\": 1,  \"a\": 2}','{\"b\": [1, 2.50], \"a\": null}',0.00",
            "false,-32768,-2147483648,-9223372036854775808,'-Infinity','Infinity',"
                    + "-9999999999999999999999999999.9999999999,-99999,'','','     ','','-infinity','00:00:00',"
                    + "'-infinity','-infinity','00000000-0000-0000-0000-000000000000','null','\"x\"',-0.01",
            "true,0,0,0,'-0',4.9406564584124654e-324,0.0000000001,0,'trailing  ','a b  ','a  b','\\x','4713-01-01 BC',"
                    + "'12:34:56.789012','4713-01-01 00:00:00 BC','2024-03-31 01:59:59.999999+00',"
                    + "'123e4567-e89b-12d3-a456-426614174000','[]','{}',12345.60",
            "false,1,-1,1,1.17549435e-38,1.7976931348623157e308,1.1,1,'line\nbreak\ttab \\ backslash ''quote''','x','y',"
                    + "'\\x000102','0001-12-31','23:59:59.999999','2000-01-01 00:00:00','1999-12-31 23:59:59.999999+00',"
                    + "'00000000-0000-0000-0000-000000000001','1.50','1.50',9999999999.99",
            "true,7,8,9,0.1,0.1,-0.5,12,repeat('long text ', 1000),'ten chars!','12345',decode(repeat('ab', 500), 'hex'),"
                    + "'2024-02-29','06:00:00','1969-12-31 23:59:59.999999','1582-10-15 00:00:00+00',"
                    + "gen_random_uuid(),'{\"deep\": {\"er\": [true, false, null]}}','{\"k\": 1e10}',1.10");

    @BeforeAll
    static void prepare() {
        server.execute("CREATE TABLE types " + COLUMNS);
        for (int i = 0; i < ROWS.size(); i++) {
            server.execute("INSERT INTO types VALUES (" + i + "," + ROWS.get(i) + ")");
        }
        server.execute("CALL mooncake.create_table('types_c', 'types')");
    }

    @Test
    void everyTypeSurvivesCopyLogMemoryAndFile() {
        MirrorTestServer.assertMirrors(server, "types", "types_c");
        server.execute(
                "INSERT INTO types SELECT id + 100, b, i2, i4, i8, f4, f8, n, s, t, v, c, x, d, tm, ts, tz, u, j,"
                        + " jb, m FROM types");
        MirrorTestServer.assertMirrors(server, "types", "types_c");
        server.execute("CALL mooncake.create_snapshot('types_c')");
        MirrorTestServer.assertMirrors(server, "types", "types_c");
        server.execute(
                "UPDATE types SET t = t || '!', id = id + 1000 WHERE id > 102",
                "DELETE FROM types WHERE id = 2",
                "UPDATE types SET b = NOT b, i2 = NULL, jb = NULL WHERE id < 4");
        MirrorTestServer.assertMirrors(server, "types", "types_c");
        server.execute("CALL mooncake.create_snapshot('types_c')");
        MirrorTestServer.assertMirrors(server, "types", "types_c");
    }

    @Test
    void keysOfEveryKindFindTheirRows() {
        String[] keys = {
            "(k text COLLATE \"C\" PRIMARY KEY, n int)", "(k uuid PRIMARY KEY, n int)",
                    "(k numeric(20,3) PRIMARY KEY, n int)",
            "(k char(8) PRIMARY KEY, n int)", "(k timestamptz PRIMARY KEY, n int)", "(k bytea PRIMARY KEY, n int)",
            "(k date, l text, n int, PRIMARY KEY (l, k))"
        };
        String[] values = {
            "md5(i::text)",
            "md5(i::text)::uuid",
            "i * 1.125",
            "left(md5(i::text), 7)",
            "'2024-01-01'::timestamptz + i * '1 s'::interval",
            "decode(md5(i::text), 'hex')",
            "'2024-01-01'::date + i, i::text"
        };
        for (int i = 0; i < keys.length; i++) {
            String table = "keyed" + i;
            server.execute(
                    "CREATE TABLE " + table + " " + keys[i],
                    "INSERT INTO " + table + " SELECT " + values[i] + ", i FROM generate_series(1, 500) i",
                    "CALL mooncake.create_table('" + table + "_c', '" + table + "')",
                    "INSERT INTO " + table + " SELECT " + values[i] + ", i FROM generate_series(501, 1000) i",
                    "UPDATE " + table + " SET n = -n WHERE n % 3 = 0",
                    "DELETE FROM " + table + " WHERE n % 7 = 0",
                    "CALL mooncake.create_snapshot('" + table + "_c')",
                    "UPDATE " + table + " SET n = n + 100000 WHERE n % 5 = 0",
                    "DELETE FROM " + table + " WHERE n % 11 = 0");
            MirrorTestServer.assertMirrors(server, table, table + "_c");
        }
    }
}

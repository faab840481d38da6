package mooncake.chaos;

import java.util.ArrayList;
import java.util.List;

/// The tables of the workload.
final class TableShapes {
    private TableShapes() {}

    /// A key of its own, a wide value out of line, two mirrors.
    private static final TableShape PLAIN = new TableShape(
            "plain",
            List.of(
                    "CREATE TABLE plain (id bigint PRIMARY KEY, v text, n numeric(12,2), big text, at timestamptz)",
                    "ALTER TABLE plain ALTER big SET STORAGE EXTERNAL"),
            20_000,
            300,
            2,
            "INSERT INTO {t} (id, v, n, big, at) SELECT i, md5(i || 'v{s}'), (i * {s} % 1000000) / 100.0,"
                    + " CASE WHEN i % 20 = 0 THEN repeat(md5(i || 'b{s}'), (70 + i % 100)::int) END,"
                    + " timestamptz '2024-01-01 00:00+00' + i * {s} % 100000000 * interval '1 ms'"
                    + " FROM generate_series({a}::bigint, {b}) i ON CONFLICT (id) DO UPDATE SET v = excluded.v",
            List.of(
                    "UPDATE {t} SET n = n + 1, v = md5(v || {s}) WHERE id BETWEEN {a} AND {b}",
                    "UPDATE {t} SET big = CASE WHEN big IS NULL THEN repeat(md5('u{s}' || id), 90) END"
                            + " WHERE id BETWEEN {a} AND {b}",
                    "UPDATE {t} SET v = NULL, at = at + interval '1 s' WHERE id BETWEEN {a} AND {b} AND big IS NOT NULL",
                    "UPDATE {t} SET n = NULL WHERE id BETWEEN {a} AND {b} AND id % 3 = 0"),
            "UPDATE {t} SET id = -id WHERE id BETWEEN {a} AND {b} AND NOT EXISTS"
                    + " (SELECT FROM {t} o WHERE o.id = -{t}.id)",
            "DELETE FROM {t} WHERE abs(id) BETWEEN {a} AND {b}");

    /// A key of two columns, one of them text with long and short values.
    private static final TableShape COMPOSITE = new TableShape(
            "composite",
            List.of("CREATE TABLE composite (pad char(3), a int, b text, n bigint, w varchar(40), PRIMARY KEY (b, a))"),
            6_000,
            200,
            1,
            "INSERT INTO {t} (pad, a, b, n, w) SELECT 'p', i % 100, 'Ключ ' || repeat('k', i % 40) || i, i * {s}::bigint,"
                    + " left(md5(i || 'w{s}'), i % 33) FROM generate_series({a}, {b}) i ON CONFLICT DO NOTHING",
            List.of(
                    "UPDATE {t} SET n = n + {s}, pad = NULL WHERE n % 6000 BETWEEN {a} % 6000 AND {b} % 6000",
                    "UPDATE {t} SET w = 'w' || {s} WHERE a = {a} % 100 AND n % 2 = 0"),
            "UPDATE {t} SET b = b || {s} % 1000, a = a + 1 WHERE a = {a} % 100 AND length(b) < 90",
            "DELETE FROM {t} WHERE a IN ({a} % 100, {a} % 100 + 100) OR length(b) > 80");

    /// No primary key, but a unique index over columns that are not null.
    private static final TableShape UNIQUE = new TableShape(
            "uniq",
            List.of(
                    "CREATE TABLE uniq (w text, k uuid NOT NULL, id int NOT NULL, flag boolean)",
                    "CREATE UNIQUE INDEX uniq_k ON uniq (k)"),
            8_000,
            200,
            1,
            "INSERT INTO {t} (w, k, id, flag) SELECT repeat('w', i % 50), md5(i::text)::uuid, i, i % 3 = {s} % 3"
                    + " FROM generate_series({a}, {b}) i ON CONFLICT (k) DO UPDATE SET flag = NOT {t}.flag",
            List.of(
                    "UPDATE {t} SET flag = NOT flag WHERE id BETWEEN {a} AND {b}",
                    "UPDATE {t} SET w = md5(id || 's{s}') WHERE id BETWEEN {a} AND {b}"),
            "UPDATE {t} SET k = md5(k || 's{s}')::uuid WHERE id BETWEEN {a} AND {b}",
            "DELETE FROM {t} WHERE id BETWEEN {a} AND {b}");

    private static final TableShape WIDE = new TableShape(
            "wide",
            List.of("CREATE TABLE wide (id int PRIMARY KEY, b boolean, i2 smallint, i8 bigint, f4 real,"
                    + " f8 double precision, n numeric(20,4), m numeric(38,10), t text, v varchar(10), c char(5), x bytea,"
                    + " d date, tm time, ts timestamp, tz timestamptz, u uuid, j json, jb jsonb)"),
            4_000,
            100,
            1,
            "INSERT INTO {t} (id, b, i2, i8, f4, f8, n, m, t, v, c, x, d, tm, ts, tz, u, j, jb)"
                    + " SELECT i, i % 2 = 0, i % 30000, i::bigint * {s} * 1000003, i / 8.0, {s} / (i + 1)::float8, i / 16.0,"
                    + " -i / 1024.0, 'größe 🙂 ' || i, 'v' || i % 9, left('c' || i, 3), decode(md5(i || 'x{s}'), 'hex'),"
                    + " date '1960-01-01' + i * 3, time '00:00' + i * interval '61 s',"
                    + " timestamp '1969-12-31 23:59:59.999999' + i * interval '{s} ms',"
                    + " timestamptz '2024-03-31 01:59:59.5+00' + i * interval '1 min', md5(i || 'u{s}')::uuid,"
                    + " json_build_object('i', i, 's', {s}), jsonb_build_array(i, NULL, {s})"
                    + " FROM generate_series({a}, {b}) i ON CONFLICT DO NOTHING",
            List.of(
                    "UPDATE {t} SET f8 = 'NaN', f4 = '-Infinity', d = 'infinity', ts = '-infinity', tz = 'infinity'"
                            + " WHERE id BETWEEN {a} AND {b}",
                    "UPDATE {t} SET t = '', x = '', jb = NULL, j = NULL, b = NULL WHERE id BETWEEN {a} AND {b}",
                    "UPDATE {t} SET f8 = f8 / 3, n = -n, i8 = -i8, i2 = -i2, c = 'é', jb = jsonb_build_object('s', {s})"
                            + " WHERE id BETWEEN {a} AND {b}",
                    "UPDATE {t} SET t = repeat(md5(id || 't{s}'), 200), u = NULL WHERE id BETWEEN {a} AND {b}"),
            "UPDATE {t} SET id = id + 100000 WHERE id BETWEEN {a} AND {b} AND NOT EXISTS"
                    + " (SELECT FROM {t} o WHERE o.id = {t}.id + 100000)",
            "DELETE FROM {t} WHERE id % 100000 BETWEEN {a} AND {b}");

    /// No key at all: the whole row says which one is meant, and there may be several of it.
    private static final TableShape KEYLESS = new TableShape(
            "keyless",
            List.of("CREATE TABLE keyless (g int, v text, f float8, big text)"),
            600,
            40,
            1,
            "INSERT INTO {t} (g, v, f, big) SELECT i, CASE WHEN i % 7 > 0 THEN 'v' || {s} % 3 END, i % 2,"
                    + " CASE WHEN i % 50 = 0 THEN (SELECT string_agg(md5(x::text), '') FROM generate_series(1, 120) x) END"
                    + " FROM generate_series({a}, {b}) i, generate_series(1, 1 + {s} % 3)",
            List.of(
                    "UPDATE {t} SET v = 'u' || {s} % 3 WHERE g BETWEEN {a} AND {b}",
                    "UPDATE {t} SET f = CASE WHEN {s} % 2 = 0 THEN 'NaN' ELSE f + 1 END WHERE ctid IN"
                            + " (SELECT ctid FROM {t} WHERE g = {a} LIMIT 1)"),
            "",
            "DELETE FROM {t} WHERE ctid IN (SELECT ctid FROM {t} WHERE g BETWEEN {a} AND {b} LIMIT 1 + {s} % 60)");

    /// Range partitions with one that is divided again, a default, and leaves whose columns lie differently.
    private static final TableShape PARTED = new TableShape(
            "parted",
            List.of(
                    "CREATE TABLE parted (id int, kind text, n bigint, v text, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
                    "CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (1000)",
                    "CREATE TABLE parted_mid (v text, gone int, n bigint, id int NOT NULL, kind text)",
                    "ALTER TABLE parted_mid DROP COLUMN gone",
                    "ALTER TABLE parted ATTACH PARTITION parted_mid FOR VALUES FROM (1000) TO (2000)",
                    "CREATE TABLE parted_high PARTITION OF parted FOR VALUES FROM (2000) TO (4000)"
                            + " PARTITION BY HASH (id)",
                    "CREATE TABLE parted_high_0 PARTITION OF parted_high FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                    "CREATE TABLE parted_high_1 PARTITION OF parted_high FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                    "CREATE TABLE parted_rest PARTITION OF parted DEFAULT"),
            5_000,
            150,
            1,
            "INSERT INTO {t} (id, kind, n, v) SELECT i, 'k' || i % 5, i * {s}::bigint, md5(i || 'v{s}')"
                    + " FROM generate_series({a}, {b}) i ON CONFLICT (id) DO UPDATE SET n = excluded.n",
            List.of(
                    "UPDATE {t} SET n = n + 1, v = md5(v || {s}) WHERE id BETWEEN {a} AND {b}",
                    "UPDATE {t} SET kind = NULL WHERE id BETWEEN {a} AND {b}"),
            "UPDATE {t} SET id = (id + 1000) % 5000 WHERE id BETWEEN {a} AND {a} + 3 AND NOT EXISTS"
                    + " (SELECT FROM {t} o WHERE o.id = ({t}.id + 1000) % 5000)",
            "DELETE FROM {t} WHERE id BETWEEN {a} AND {b}");

    /// Types that have no exact native counterpart.
    private static final TableShape TEXTUAL = new TableShape(
            "textual",
            List.of(
                    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
                    "CREATE TYPE pair AS (x int, y text)",
                    "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
                    "CREATE TABLE textual (id int PRIMARY KEY, e mood, p pair, pos positive, num numeric, a int[],"
                            + " ta text[], r int4range, iv interval, ip inet, bt bit varying, jb jsonb)"),
            3_000,
            100,
            1,
            "INSERT INTO {t} (id, e, p, pos, num, a, ta, r, iv, ip, bt, jb) SELECT i, 'happy', ROW(i, 'y{s}')::pair,"
                    + " i + 1, i::bigint * {s} / 7.0, ARRAY[i, NULL, {s}], ARRAY['a,b', NULL, 'q\"' || i], int4range(i, i + {s}),"
                    + " i * interval '1 month 2 days 3.5 s', ('10.0.0.0'::inet + i), b'101' || ({s} % 16)::bit(4),"
                    + " '{\"k\": 1}' FROM generate_series({a}, {b}) i ON CONFLICT DO NOTHING",
            List.of(
                    "UPDATE {t} SET e = 'sad', num = 'NaN', a = '{}', r = 'empty' WHERE id BETWEEN {a} AND {b}",
                    "UPDATE {t} SET p = NULL, num = num * 1e30, iv = -iv, ta = '[5:6]={x,y}' WHERE id BETWEEN {a} AND {b}",
                    "UPDATE {t} SET e = NULL, ip = '::1', bt = b'', pos = NULL WHERE id BETWEEN {a} AND {b}"),
            "UPDATE {t} SET id = id + 100000 WHERE id BETWEEN {a} AND {b} AND NOT EXISTS"
                    + " (SELECT FROM {t} o WHERE o.id = {t}.id + 100000)",
            "DELETE FROM {t} WHERE id % 100000 BETWEEN {a} AND {b}");

    static List<TableShape> of(Options options) {
        List<TableShape> shapes = new ArrayList<>(List.of(PLAIN, COMPOSITE, UNIQUE, WIDE));
        if (options.has(Feature.NO_KEY)) {
            shapes.add(KEYLESS);
        }
        if (options.has(Feature.PARTITIONS)) {
            shapes.add(PARTED);
        }
        if (options.has(Feature.TEXT_TYPES)) {
            shapes.add(TEXTUAL);
        }
        return shapes;
    }
}

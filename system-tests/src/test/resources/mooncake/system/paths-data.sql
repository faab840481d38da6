CREATE SCHEMA heap;
CREATE SCHEMA mirror;
CREATE SCHEMA scans;
CREATE SCHEMA plain;

CREATE TABLE heap.items (
    id int PRIMARY KEY, grp smallint, big bigint, price numeric(12,2), rate numeric(38,10), f4 real,
    f8 double precision,
    name text, code char(6), label varchar(20), raw bytea, day date, at time, made timestamp, seen timestamptz,
    tag uuid,
    doc json, docb jsonb, ok boolean);
INSERT INTO heap.items VALUES
    (1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (2, 32767, 9223372036854775807, 9999999999.99, 9999999999999999999999999999.9999999999, 'Infinity', 'Infinity',
     'größe 🙂 Ж', 'ab', 'ab  ', '\x00ff10', 'infinity', '24:00:00', 'infinity', 'infinity',
     'ffffffff-ffff-ffff-ffff-ffffffffffff', '{"a": 1,  "a": 2}', '{"b": [1, 2.50], "a": null}', true),
    (3, -32768, -9223372036854775808, -9999999999.99, -9999999999999999999999999999.9999999999, '-Infinity',
    '-Infinity',
     '', '', '', '\x', '-infinity', '00:00:00', '-infinity', '-infinity',
    '00000000-0000-0000-0000-000000000000', '[]',
     '[]', false),
    (4, 0, 0, 0.00, -0.0000000001, 'NaN', 'NaN', 'a b  ', 'a b  ', 'a b ', '\x61', '4713-01-01 BC', '12:34:56.789012',
     '4713-01-01 00:00:00 BC', '4713-01-02 00:00:00+00 BC', '123e4567-e89b-12d3-a456-426614174000', 'null',
    'null', NULL),
    (5, 1, -1, -0.01, 0.0000000001, '-0', '-0', 'A b', 'AB', 'Ab', '\x6162', '2000-02-29', '23:59:59.999999',
     '1999-12-31 23:59:59.999999', '2024-03-31 01:59:59.999999+00', '00000000-0000-0000-0000-000000000001',
     '{"k": {"deep": [true, null]}}', '{"k": {"deep": [true, null]}, "n": 1e3}', true),
    (6, 1, 1, 0.01, 1.1000000000, 1.1, 4.9406564584124654e-324, 'a%b_c\d', '%', 'x_y', '\x6100', '0001-12-31',
    '06:00:00',
     '1582-10-15 12:00:00', '1969-12-31 23:59:59.999999+00', NULL, '"x"', '"x"', false),
    (7, 2, 2147483648, 12.50, 2.5000000000, 0.1, 0.1, E'line\nbreak\ttab', E'a\tb', 'tab', '\x0a', '2024-12-31',
     '00:00:00.000001', '2024-12-31 23:59:59', '2024-10-27 00:30:00+00', NULL, '[1, "2", null]',
    '[1, "2", null]', NULL);
INSERT INTO heap.items
    SELECT i, i % 7, i * 1000000007::bigint, (i * 37 % 1000)::numeric / 4, i::numeric / 8, (i % 16)::real / 4,
           (i % 32)::float8 / 8, chr(97 + i % 5) || repeat('y', i % 4) || CASE WHEN i % 11 = 0 THEN ' ' ELSE '' END,
           lpad(i::text, 4, '0'), 'label ' || i % 10, decode(md5(i::text), 'hex'), date '2020-01-31' + i * 11,
           time '00:00' + i * interval '17 min', timestamp '2020-01-31 10:00' + i * interval '1 day 1 hour',
           timestamptz '2020-03-28 22:00+00' + i * interval '37 min', md5(i::text)::uuid,
           json_build_object('i', i, 'even', i % 2 = 0), jsonb_build_object('i', i, 'list', jsonb_build_array(i,
    i % 3)),
           CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN true ELSE false END
    FROM generate_series(8, 150) i;

CREATE TABLE heap.orders (
    id bigint PRIMARY KEY, item int, qty int, amount numeric(14,3), placed timestamptz, note text);
INSERT INTO heap.orders
    SELECT i, CASE WHEN i % 13 = 0 THEN NULL WHEN i % 17 = 0 THEN 9999 ELSE 1 + i * 7 % 60 END, i % 9 - 1,
           (i * 31 % 500)::numeric / 8, timestamptz '2024-01-01 00:00+00' + i * interval '5 hours',
           CASE WHEN i % 4 = 0 THEN NULL ELSE 'note ' || i % 6 END
    FROM generate_series(1, 300) i;

CREATE TABLE heap.nodes (id int PRIMARY KEY, parent int, title text);
INSERT INTO heap.nodes SELECT i, NULLIF(i / 3, 0), 'node ' || i FROM generate_series(1, 40) i;

CREATE TABLE heap.nothing (id int PRIMARY KEY, n numeric(10,2), t text);

CREATE TABLE plain.notes (item int, remark text, weight numeric);
INSERT INTO plain.notes SELECT i % 20, 'remark ' || i, i / 3.0 FROM generate_series(1, 45) i;
INSERT INTO plain.notes VALUES (NULL, 'nowhere', 'NaN');

CREATE FUNCTION plain.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION plain.label_of(text) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN RETURN ''<'' || $1 || ''>''; END';
CREATE FUNCTION plain.items_below(n int) RETURNS TABLE (id int, name text) LANGUAGE plpgsql
    AS 'BEGIN RETURN QUERY SELECT i.id, i.name FROM items i WHERE i.id < n; END';

CALL mooncake.create_table('mirror.items', 'heap.items');
CALL mooncake.create_table('mirror.orders', 'heap.orders');
CALL mooncake.create_table('mirror.nodes', 'heap.nodes');
CALL mooncake.create_table('mirror.nothing', 'heap.nothing');

-- The same rows once more behind a volatile condition, which only Postgres evaluates: it reads the mirrors by scans.
CREATE VIEW scans.items AS SELECT * FROM mirror.items WHERE random() >= 0;
CREATE VIEW scans.orders AS SELECT * FROM mirror.orders WHERE random() >= 0;
CREATE VIEW scans.nodes AS SELECT * FROM mirror.nodes WHERE random() >= 0;
CREATE VIEW scans.nothing AS SELECT * FROM mirror.nothing WHERE random() >= 0;
CREATE VIEW mirror.guarded_nodes WITH (security_barrier) AS SELECT * FROM mirror.nodes;

-- Rows in files with deleted ones among them, and rows in memory.
CALL mooncake.create_snapshot('mirror.items');
CALL mooncake.create_snapshot('mirror.orders');
UPDATE heap.items SET name = name || '!', price = price + 1 WHERE id BETWEEN 20 AND 40;
DELETE FROM heap.items WHERE id BETWEEN 100 AND 109;
DELETE FROM heap.orders WHERE id % 19 = 0;
UPDATE heap.orders SET amount = -amount WHERE id % 23 = 0;
INSERT INTO heap.orders VALUES (1000, 2, NULL, NULL, 'infinity', ''), (1001, 3, 2147483647, 99999999999.999,
    '-infinity', ' ');

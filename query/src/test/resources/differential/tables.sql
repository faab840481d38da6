CREATE COLLATION anyway (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE numbers (id integer PRIMARY KEY, s smallint, i integer, b bigint, f boolean);
INSERT INTO numbers VALUES
    (1, 0, 0, 0, true),
    (2, 1, -1, 2, false),
    (3, 32767, 2147483647, 9223372036854775807, true),
    (4, -32768, -2147483648, -9223372036854775808, false),
    (5, NULL, NULL, NULL, NULL),
    (6, 7, 2, 3, true),
    (7, -7, 2, -3, false),
    (8, 7, -2, 100000, NULL),
    (9, 3, 3, 3, true),
    (10, 100, 1000000, 1000000000000, false);
CREATE TABLE texts (id integer PRIMARY KEY, t text, v varchar(10), c char(5), y bytea);
INSERT INTO texts VALUES
    (1, 'abc', 'abc', 'abc', '\x616263'),
    (2, '', '', '', '\x'),
    (3, NULL, NULL, NULL, NULL),
    (4, 'a_b', 'a%b', 'a b', '\x00ff'),
    (5, 'añb', 'ñandú', 'é', '\xc3b1'),
    (6, 'abc ', 'abc  ', 'abc', '\x20'),
    (7, 'ABC', 'Abc', 'ABC', '\x80'),
    (8, 'it''s', 'a\b', 'a\b', '\x5c'),
    (9, '日本語', '😀', '日本', '\xf09f9880'),
    (10, E'line\nbreak', E'tab\t', E'a\n', '\x0a'),
    (11, 'zzz', 'zz', 'zzzzz', '\xff');
CREATE TABLE moments (id integer PRIMARY KEY, d date, t time, ts timestamp, tz timestamptz);
INSERT INTO moments VALUES
    (1, '2024-02-29', '12:34:56.789', '2024-02-29 12:34:56.789123', '2024-02-29 12:34:56.789123+00'),
    (2, '1999-12-31', '00:00:00', '1999-12-31 23:59:59.999999', '1999-12-31 23:59:59.999999+00'),
    (3, NULL, NULL, NULL, NULL),
    (4, 'infinity', '24:00:00', 'infinity', 'infinity'),
    (5, '-infinity', '23:59:59.999999', '-infinity', '-infinity'),
    (6, '0044-03-15 BC', '06:00', '0044-03-15 06:00:00 BC', '0044-03-15 06:00:00+00 BC'),
    (7, '2000-01-01', '00:00:01', '2000-01-01 00:00:00', '2000-01-01 00:00:00+00'),
    (8, '2024-03-31', '02:30:00', '2024-03-31 02:30:00', '2024-03-31 01:30:00+00'),
    (9, '2024-10-27', '02:30:00', '2024-10-27 02:30:00', '2024-10-27 00:30:00+00'),
    (10, '2024-10-27', '01:30:00', '2024-10-27 01:30:00', '2024-10-27 01:30:00+00'),
    (11, '0001-01-01', '10:00:00', '0001-01-01 00:00:00', '0001-01-01 00:00:00+00'),
    (12, '2021-01-03', '11:00:00', '2021-01-03 11:00:00.5', '2021-01-03 11:00:00.5+00'),
    (13, '1970-01-01', '12:00:00', '1969-12-31 23:59:59.5', '1969-12-31 23:59:59.5+00');
CREATE TABLE floats (id integer PRIMARY KEY, r real, d double precision);
INSERT INTO floats VALUES
    (1, 0, 0),
    (2, -0.0, -0.0),
    (3, 'NaN', 'NaN'),
    (4, 'Infinity', 'Infinity'),
    (5, '-Infinity', '-Infinity'),
    (6, NULL, NULL),
    (7, 1.5, 2.5),
    (8, -1.5, -2.5),
    (9, 3.4028235e38, 1.7976931348623157e308),
    (10, 1e-45, 5e-324),
    (11, 0.1, 0.1),
    (12, 16777217, 9007199254740993);
CREATE TABLE decimals (id integer PRIMARY KEY, n numeric(12,2), m numeric(18,4), w numeric(38,0), p numeric(5,5));
INSERT INTO decimals VALUES
    (1, 0, 0, 0, 0),
    (2, 1.50, 1.5000, 15, 0.5),
    (3, NULL, NULL, NULL, NULL),
    (4, -1.50, -1.5000, -15, -0.00001),
    (5, 9999999999.99, 99999999999999.9999, 99999999999999999999999999999999999999, 0.99999),
    (6, -9999999999.99, -99999999999999.9999, -99999999999999999999999999999999999999, -0.99999),
    (7, 0.01, 0.0001, 1, 0.00001),
    (8, 2.00, 3.0000, 7, 0.12345),
    (9, 123.45, 678.9000, 12345678901234567890, 0.10000),
    (10, 2.00, 2.0000, 2, 0.20000);
CREATE TABLE others (id integer PRIMARY KEY, u uuid, j json, k jsonb, g integer);
INSERT INTO others VALUES
    (1, '00000000-0000-0000-0000-000000000000', '{"a": 1.50}', '{"a": 1.50}', 1),
    (2, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '[1, 2]', '[1, 2]', 1),
    (3, NULL, NULL, NULL, 2),
    (4, '7fffffff-ffff-ffff-ffff-ffffffffffff', '"x"', '"x"', 2),
    (5, '80000000-0000-0000-0000-000000000000', 'null', 'null', 3);
CREATE TABLE people (id integer PRIMARY KEY, name text, dept integer, salary numeric(10,2), hired date);
INSERT INTO people VALUES
    (1, 'ann', 1, 1000.00, '2020-01-01'),
    (2, 'bob', 1, 2000.50, '2020-06-15'),
    (3, 'cid', 2, 1500.00, '2021-02-28'),
    (4, 'dee', 2, 1500.00, '2019-12-31'),
    (5, 'eve', 3, NULL, NULL),
    (6, 'fay', NULL, 999.99, '2022-07-04'),
    (7, 'gus', 4, 0.01, '2023-03-03');
CREATE TABLE orders (id integer PRIMARY KEY, person integer, amount numeric(8,2), qty integer, note text);
INSERT INTO orders VALUES
    (10, 1, 10.00, 1, 'a'),
    (11, 1, 20.50, 2, NULL),
    (12, 2, 0.00, 0, 'b'),
    (13, 3, 99.99, 5, 'c'),
    (14, 99, 1.00, 1, 'orphan'),
    (15, NULL, 5.00, NULL, 'none'),
    (16, 4, NULL, 3, '');
CREATE VIEW wealthy AS SELECT id, name, salary * 2 AS twice FROM people WHERE salary > 1200;
CREATE VIEW secret WITH (security_barrier) AS SELECT id FROM people WHERE dept = 1;

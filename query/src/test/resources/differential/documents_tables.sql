CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy, "very"');
CREATE DOMAIN short AS varchar(20);
CREATE TABLE arrays (id integer PRIMARY KEY, i integer[], t text[], n numeric[], d date[], m mood[], f boolean[]);
INSERT INTO arrays VALUES
    (1, '{1,2,3}', '{a,b}', '{1.0,2}', '{2024-02-29,infinity}', '{sad,ok}', '{t,f}'),
    (2, '{}', '{}', '{}', '{}', '{}', '{}'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, '{1,NULL,3}', '{NULL,"NULL","",a b,"c,d","q\"r","b\\s"}', '{NaN,NULL,-Infinity}', '{NULL,0044-03-15 BC}', '{"happy, \"very\""}', '{NULL}'),
    (5, '{{1,2},{3,4}}', '{{a},{b}}', '{{1.00}}', '{{1999-12-31},{2000-01-01}}', '{{ok}}', '{{t}}'),
    (6, '[0:1]={5,6}', '[2:2]={z}', '[-1:0]={1,2.50}', '[0:0]={-infinity}', '[5:5]={ok}', '[0:0]={f}'),
    (7, '{1,2}', '{añb,日本語,😀}', '{1,2.000}', '{2024-02-29}', '{ok,sad}', '{f,t}'),
    (8, '{-2147483648,2147483647}', '{{a,b},{c,d}}', '{10}', '{}', '{sad}', '{}'),
    (9, '{3,2,1}', '{B,a}', '{1.0,2.0}', '{2000-01-01}', '{ok}', '{t}'),
    (10, '{2}', '{"{}"," lead"}', '{0.1}', '{2000-01-02}', NULL, '{t,t}');
CREATE TABLE things (id integer PRIMARY KEY, m mood, s short, a inet, c cidr, h macaddr, b bit(4), v varbit, l pg_lsn, r int4range, w numrange, p daterange, q tsrange, z timetz);
INSERT INTO things VALUES
    (1, 'sad', 'one', '10.0.0.1', '10.0.0.0/8', '08:00:2b:01:02:03', '1010', '1', '0/0', '[1,5)', '[1.0,2.5]', '[2024-01-01,2024-02-01)', '[2024-01-01,2024-01-02 12:00)', '12:00:00+00'),
    (2, 'ok', 'two', '10.0.0.1/8', '10.1.0.0/16', 'ff:ff:ff:ff:ff:ff', '0000', '', '16/B374D848', 'empty', 'empty', 'empty', 'empty', '13:00:00+01'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, 'happy, "very"', '', '::1', '::/0', '00:00:00:00:00:00', '1111', '10101', 'FFFFFFFF/FFFFFFFF', '(,5)', '(,2)', '(,)', '(,)', '00:00:00-12'),
    (5, 'ok', 'Two', '2001:db8::ff00:42:8329/64', '2001:db8::/32', '08:00:2b:01:02:04', '0001', '101', '0/10', '[5,)', '(1,1.5]', '[infinity,)', '["2000-01-01 00:00:00",)', '23:59:59.5+05:30'),
    (6, 'sad', 'one', '192.168.1.5/24', '192.168.1.0/24', '08:00:2b:01:02:03', '1010', '1', '0/0', '[1,5)', '[1,2.50]', '[2024-01-01,2024-02-01)', '[2024-01-01,2024-01-02 12:00)', '12:00:00+00');
CREATE TABLE jsons (id integer PRIMARY KEY, j json, b jsonb);
INSERT INTO jsons VALUES
    (1, '{"a": 1.50, "b": [1, 2, {"c": null}], "a b": "x"}', '{"a": 1.50, "b": [1, 2, {"c": null}], "a b": "x"}'),
    (2, '[1, 2,  3]', '[1, 2, 3]'),
    (3, NULL, NULL),
    (4, '"text"', '"text"'),
    (5, 'null', 'null'),
    (6, '  {"dup": 1, "dup": 2 , "long key": true}', '{"dup": 1, "dup": 2 , "long key": true}'),
    (7, '[]', '[]'),
    (8, '{}', '{}'),
    (9, '1e2', '1e2'),
    (10, '[1.0, "a\u00e9\n\"q\"", false, [], {}, {"k": "v"}]', '[1.0, "a\u00e9\n\"q\"", false, [], {}, {"k": "v"}]'),
    (11, '{"a": {"b": {"c": "deep"}}, "tags": ["x", "y"]}', '{"a": {"b": {"c": "deep"}}, "tags": ["x", "y"]}'),
    (12, '{"a": 1.5}', '{"a": 1.5}'),
    (13, 'true', 'true'),
    (14, '-12.340', '-12.340'),
    (15, '{"tags": ["y"], "a": "1"}', '{"tags": ["y"], "a": "1"}');
CREATE TABLE labels (id integer PRIMARY KEY, n name, t text, c "char", o oid, m money);
INSERT INTO labels VALUES
    (1, 'abc', 'abc', 'a', 0, '1.00'),
    (2, '', '', 'b', 1, '0'),
    (3, 'Abc', 'abd', '\', 4294967295, '92233720368547758.07'),
    (4, 'b_d', 'b', '', 2147483648, '-92233720368547758.08'),
    (5, NULL, NULL, NULL, NULL, NULL),
    (6, 'ñandú', 'ñandú x', '\200', 2147483647, '-0.05'),
    (7, repeat('日', 21)::name, repeat('日', 30), '\377', 23, '1234.56'),
    (8, ' a b ', '\201', 'a', 23, '-1234567.89'),
    (9, 'abc', '\400', ' ', 5, '0.15');

-- all columns
SELECT * FROM items;
-- columns in another order, with system names
SELECT name AS "select", id "Id", price FROM items i(id, g, b, price, r, x, y, name);
-- whole-row var
SELECT i FROM items i WHERE id < 8;
-- whole-row var as json
SELECT row_to_json(n) FROM nodes n;
-- whole-row null tests
SELECT n.id, n IS NULL, n IS NOT NULL, (n.*) IS DISTINCT FROM NULL FROM nodes n;
-- whole-row of an outer join
SELECT o.id, n FROM orders o LEFT JOIN nodes n ON n.id = o.item ORDER BY o.id;
-- order, nulls first and last
SELECT id, grp, name FROM items ORDER BY grp NULLS FIRST, name DESC NULLS LAST, id;
-- order by floats with NaN
SELECT id, f8, f4 FROM items ORDER BY f8 DESC, f4, id;
-- order by long numerics
SELECT id, rate FROM items ORDER BY rate, id LIMIT 20;
-- order by text
SELECT name FROM items ORDER BY name, id;
-- order by bytea, uuid and infinite dates
SELECT id, raw, tag, day FROM items ORDER BY day, raw, tag, id;
-- order by position and expression
SELECT -id, grp + 1 FROM items ORDER BY 2 DESC NULLS FIRST, id * -1;
-- order by char(n)
SELECT code, id FROM items ORDER BY code, id;
-- order using an operator
SELECT id FROM items ORDER BY id USING >;
-- limit and offset
SELECT id FROM items ORDER BY id LIMIT 5 OFFSET 3;
-- limit null and all
(SELECT id FROM items ORDER BY id LIMIT ALL OFFSET 140) UNION ALL (SELECT id FROM nodes ORDER BY id LIMIT NULL);
-- limit by a sub-select
SELECT id FROM items ORDER BY id LIMIT (SELECT count(*) / 20 FROM orders);
-- fetch with ties
SELECT * FROM (SELECT id, grp FROM items WHERE grp IS NOT NULL ORDER BY grp FETCH FIRST 3 ROWS WITH TIES) t ORDER BY id;
-- count, bare
SELECT count(*) FROM items;
-- count of an empty table
SELECT count(*), count(n), sum(n), avg(n), min(t), max(id), bool_and(n > 0), stddev(n) FROM nothing;
-- group over an empty table
SELECT id, sum(n) FROM nothing GROUP BY id;
-- aggregates of integers
SELECT grp, count(*), count(big), sum(grp), avg(grp), min(grp), max(big), sum(id), avg(id) FROM items GROUP BY grp;
-- sum of bigints beyond bigint
SELECT sum(big), avg(big), sum(abs(big / 3)) FROM items WHERE id <> 3;
-- aggregates of numerics
SELECT grp, sum(price), avg(price), min(price), max(price), sum(price * price) FROM items GROUP BY grp;
-- aggregates of long numerics
SELECT sum(rate), avg(rate), min(rate), max(rate) FROM items;
-- aggregates of floats
SELECT grp, sum(f8), avg(f8), min(f4), max(f4), count(DISTINCT f8) FROM items WHERE id > 7 GROUP BY grp;
-- aggregates of floats with infinities
SELECT sum(f8), avg(f4), max(f8), min(f8) FROM items;
-- aggregates of text
SELECT grp, min(name), max(name), min(code), max(label), count(DISTINCT code) FROM items GROUP BY grp;
-- deviations
SELECT grp, stddev(price), var_pop(price), stddev_samp(id), variance(id) FROM items GROUP BY grp;
-- deviations of floats
SELECT round(stddev(f8)::numeric, 6), round(var_pop(f4)::numeric, 6) FROM items WHERE id > 7;
-- correlation
SELECT round(corr(id, grp)::numeric, 8), regr_count(id, grp) FROM items;
-- string_agg in order
SELECT grp, string_agg(name, ',' ORDER BY id DESC) FROM items GROUP BY grp;
-- array_agg in order
SELECT grp, array_agg(id ORDER BY id), array_agg(DISTINCT ok) FROM items GROUP BY grp;
-- json aggregates
SELECT grp, json_agg(price ORDER BY id), jsonb_object_agg(id, name) FROM items GROUP BY grp;
-- ordered-set aggregates
SELECT grp, percentile_cont(0.5) WITHIN GROUP (ORDER BY price), mode() WITHIN GROUP (ORDER BY label) FROM items
    GROUP BY grp;
-- hypothetical-set aggregate
SELECT rank(50) WITHIN GROUP (ORDER BY price) FROM items;
-- filter
SELECT count(*) FILTER (WHERE ok), sum(price) FILTER (WHERE grp = 1), count(*) FILTER (WHERE false) FROM items;
-- bool and bit aggregates
SELECT grp, bool_and(ok), bool_or(ok), every(ok), bit_and(id), bit_or(grp) FROM items GROUP BY grp;
-- distinct aggregates
SELECT count(DISTINCT grp), sum(DISTINCT grp), avg(DISTINCT price), count(DISTINCT (grp, ok)) FROM items;
-- having
SELECT grp, count(*) FROM items GROUP BY grp HAVING count(*) > 19 OR grp IS NULL;
-- having without group
SELECT 1 FROM items HAVING count(*) > 1000;
-- group by expressions
SELECT id % 5, ok IS NULL, count(*) FROM items GROUP BY id % 5, ok IS NULL;
-- group by primary key only
SELECT n.id, sum(o.qty) FROM nodes n JOIN orders o ON o.item = n.id GROUP BY n.id;
-- group by char with trailing blanks
SELECT code, length(code), octet_length(code), count(*) FROM items GROUP BY code;
-- group by float with minus zero and NaN
SELECT f8 + 0, count(*) FROM items GROUP BY f8 + 0;
-- group by text with trailing blanks
SELECT name, count(*) FROM items GROUP BY name;
-- grouping sets
SELECT grp, ok, count(*), grouping(grp, ok) FROM items GROUP BY GROUPING SETS ((grp, ok), (grp), ());
-- rollup
SELECT grp, ok, sum(price) FROM items GROUP BY ROLLUP (grp, ok);
-- cube
SELECT grp, ok, count(*) FROM items GROUP BY CUBE (grp, ok) HAVING count(*) > 3;
-- distinct
SELECT DISTINCT grp, ok FROM items;
-- distinct chars and floats
SELECT DISTINCT code, f4 + 0 FROM items;
-- distinct on
SELECT DISTINCT ON (grp) grp, id, name FROM items ORDER BY grp, price DESC NULLS LAST, id;
-- inner join of two mirrors
SELECT o.id, i.name, o.qty * i.price FROM orders o JOIN items i ON i.id = o.item;
-- left join with a null test
SELECT o.id, i.id FROM orders o LEFT JOIN items i ON i.id = o.item WHERE i.id IS NULL;
-- right join with a condition on the other side
SELECT o.id, i.id, i.price FROM orders o RIGHT JOIN items i ON i.id = o.item AND o.qty > 3;
-- full join
SELECT o.id, i.id FROM (SELECT * FROM orders WHERE id < 40) o FULL JOIN items i ON i.id = o.item;
-- join using
SELECT id, title, amount FROM nodes JOIN orders USING (id);
-- natural join
SELECT id, parent FROM nodes NATURAL JOIN (SELECT id FROM items) i;
-- cross join
SELECT count(*), sum(n.id) FROM nodes n CROSS JOIN items i;
-- self join
SELECT a.id, b.id FROM nodes a JOIN nodes b ON b.parent = a.id AND a.title < b.title;
-- join by inequality
SELECT count(*) FROM orders o JOIN items i ON o.amount > i.price AND o.qty <= i.grp;
-- join of three
SELECT n.title, count(*), sum(o.amount) FROM nodes n JOIN items i ON i.id = n.id LEFT
    JOIN orders o ON o.item = i.id GROUP BY 1;
-- join on char and text
SELECT a.id, b.id FROM items a JOIN items b ON a.code = b.name WHERE a.id < 50;
-- join on char and varchar of blanks
SELECT a.id, b.id FROM items a JOIN items b ON a.code = b.label::char(6) WHERE a.id < 10 AND b.id < 10;
-- join a mirror and a heap table
SELECT i.id, i.name, n.remark, n.weight FROM items i JOIN notes n ON n.item = i.id;
-- left join a heap table and two mirrors
SELECT n.remark, i.code, o.id FROM notes n LEFT JOIN items i ON i.id = n.item LEFT
    JOIN orders o ON o.item = i.id AND o.qty > 5;
-- heap table in a sub-select
SELECT id, (SELECT max(remark) FROM notes n WHERE n.item = i.id) FROM items i;
-- mirror in a sub-select of a heap query
SELECT n.*, (SELECT sum(amount) FROM orders o WHERE o.item = n.item), EXISTS (SELECT FROM items i
    WHERE i.id = n.item) FROM notes n;
-- lateral
SELECT n.id, l.* FROM nodes n, LATERAL (SELECT o.id AS oid, o.amount FROM orders o WHERE o.item = n.id
    ORDER BY o.id LIMIT 2) l;
-- left lateral with aggregate
SELECT n.id, l.s FROM nodes n LEFT JOIN LATERAL (SELECT sum(o.qty) s FROM orders o
    WHERE o.item = n.id HAVING count(*) > 3) l ON true;
-- lateral function
SELECT n.id, g FROM nodes n, LATERAL generate_series(1, n.parent) g;
-- correlated scalar sub-select
SELECT id, (SELECT count(*) FROM orders o WHERE o.item = i.id), (SELECT max(amount) FROM orders o
    WHERE o.item = i.id) FROM items i;
-- correlated two levels up
SELECT n.id FROM nodes n WHERE EXISTS (SELECT FROM items i WHERE i.id = n.id AND EXISTS (SELECT FROM orders o
    WHERE o.item = i.id AND o.qty = n.id % 8));
-- in and not in with nulls
SELECT id, id IN (SELECT item FROM orders), id NOT IN (SELECT item FROM orders), grp NOT IN (SELECT id
    FROM nothing) FROM items;
-- any and all
SELECT id, price > ALL (SELECT amount FROM orders WHERE qty = 0), price = ANY (SELECT amount FROM orders) FROM items;
-- row in sub-select
SELECT id FROM items i WHERE (id, grp) IN (SELECT item, qty FROM orders);
-- row not in sub-select
SELECT id FROM items i WHERE (id, grp) NOT IN (SELECT item, qty FROM orders WHERE item IS NOT NULL);
-- row comparisons
SELECT id FROM items WHERE (grp, price) > (3, 20) AND (id, name) <= (60, 'z');
-- row equal and distinct
SELECT a.id FROM items a WHERE (grp, ok) = (1, true) OR (grp, ok) IS NOT DISTINCT FROM (NULL, NULL);
-- array of a sub-select
SELECT id, ARRAY(SELECT o.id FROM orders o WHERE o.item = n.id ORDER BY o.id) FROM nodes n;
-- common table expressions
WITH a AS (SELECT item, sum(amount) s FROM orders GROUP BY item), b AS (SELECT avg(s) v FROM a) SELECT a.item,
    a.s, b.v FROM a, b WHERE a.s > b.v;
-- common table expressions, materialized and unused
WITH a AS MATERIALIZED (SELECT * FROM nodes), b AS NOT MATERIALIZED (SELECT * FROM a WHERE id > 3),
    c AS (SELECT 1 / 0) SELECT * FROM b x JOIN b y ON x.id = y.parent;
-- recursive
WITH RECURSIVE r AS (SELECT id, parent, 1 AS depth FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id,
    n.parent, r.depth + 1 FROM nodes n JOIN r ON n.parent = r.id) SELECT * FROM r;
-- recursive, union, search and cycle
WITH RECURSIVE r(id, parent) AS (SELECT id, parent FROM nodes WHERE id = 30 UNION SELECT n.id, n.parent
    FROM nodes n JOIN r ON n.id = r.parent) SEARCH DEPTH FIRST BY id SET path CYCLE id SET looped USING trail
    SELECT id, looped FROM r;
-- union and union all
SELECT grp, name FROM items WHERE id < 30 UNION SELECT qty, note FROM orders UNION ALL SELECT id, title FROM nodes;
-- union of mixed types
SELECT x::float8 FROM (SELECT id FROM nodes UNION SELECT amount FROM orders UNION SELECT price FROM items) t(x) ORDER BY 1;
-- intersect and except
SELECT id FROM items INTERSECT SELECT item FROM orders EXCEPT SELECT id FROM nodes;
-- intersect all and except all
(SELECT qty FROM orders INTERSECT ALL SELECT grp FROM items) EXCEPT ALL SELECT id FROM nodes;
-- set operation in order with limit
(SELECT id, name FROM items WHERE id < 9) UNION ALL (SELECT id, title FROM nodes ORDER BY id DESC LIMIT 3)
    ORDER BY 1, 2 LIMIT 8;
-- ranking windows
SELECT id, row_number() OVER w, rank() OVER (ORDER BY grp), dense_rank() OVER (ORDER BY grp), ntile(4) OVER w,
    percent_rank() OVER (ORDER BY grp), cume_dist() OVER (ORDER BY grp) FROM items WINDOW w AS (ORDER BY price, id);
-- lag, lead, first, last, nth
SELECT id, lag(price) OVER w, lead(name, 2, 'none') OVER w, first_value(id) OVER w, last_value(id) OVER w,
    nth_value(id, 2) OVER w FROM items WINDOW w AS (PARTITION BY grp ORDER BY id);
-- running sums
SELECT id, sum(price) OVER (PARTITION BY grp ORDER BY id), sum(big) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING
    AND CURRENT ROW), avg(price) OVER (ORDER BY id ROWS 1 PRECEDING) FROM items WHERE id > 7;
-- window frames by range and groups
SELECT id, count(*) OVER (ORDER BY grp RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING),
    sum(id) OVER (ORDER BY grp GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM items
    WHERE grp IS NOT NULL;
-- windows over aggregates
SELECT grp, sum(price), sum(sum(price)) OVER (ORDER BY grp), rank() OVER (ORDER BY count(*) DESC, grp)
    FROM items GROUP BY grp;
-- window with filter
SELECT id, count(*) FILTER (WHERE ok) OVER (ORDER BY id) FROM items;
-- values joined
SELECT v.a, i.name FROM (VALUES (1, 'x'), (5, NULL), (7, 'z')) v(a, b) JOIN items i ON i.id = v.a;
-- values as a set
SELECT id FROM items WHERE (id, grp) IN (VALUES (5, 1), (6, 1), (7, 1));
-- in list
SELECT id FROM items WHERE id IN (1, 5, NULL, 9) OR name IN ('A b', '') OR code IN ('AB', 'a b');
-- not in list with null
SELECT id FROM items WHERE grp NOT IN (1, 2, NULL);
-- any of an array
SELECT id FROM items WHERE id = ANY ('{3,4,1000}') OR name = ANY (ARRAY['ayy', NULL]);
-- case, coalesce, nullif, greatest
SELECT id, CASE grp WHEN 1 THEN 'one' WHEN 2 THEN 'two' END, CASE WHEN ok THEN price ELSE id END, COALESCE(name,
    label, '?'), NULLIF(grp, 1), GREATEST(id, big), LEAST(price, 5, NULL) FROM items;
-- case guards a division
SELECT id, CASE WHEN grp <> 0 THEN id / grp ELSE -1 END FROM items;
-- null tests
SELECT id, name IS NULL, ok IS TRUE, ok IS NOT FALSE, ok IS UNKNOWN, grp IS DISTINCT FROM 1, NOT ok, ok
    AND NULL, ok OR NULL FROM items;
-- integer arithmetic
SELECT id, id / 3, -id / 3, id % 3, -id % 3, id * 2 - 1, @ (-id), id & 5, id | 8, id # 3, id << 2, ~id FROM items;
-- numeric arithmetic
SELECT id, price / 3, price * 1.5, price % 7, price ^ 2, -price, rate / 7, price + rate, round(price),
    round(price, 1), trunc(price, 1), ceil(price), floor(-price), abs(price), sign(price) FROM items
    WHERE id NOT IN (2, 3);
-- numeric comparison with NaN
SELECT id FROM items WHERE rate < 'NaN' AND rate > 1e20 OR rate = 'NaN';
-- float arithmetic
SELECT id, f8 * 2, f8 + 0.1, f4 + f8, f4 * f4, -f8, abs(f8), floor(f8), ceil(f8), round(f8), sqrt(abs(f8)),
    sign(f8) FROM items;
-- float comparison with NaN
SELECT id, f8 = 'NaN', f8 > 1e300, f4 <> 'NaN', f8 = 0 FROM items;
-- float as text
SELECT id, f4::text, f8::text, f4::float8, f8::numeric, f4::numeric FROM items WHERE id > 3;
-- casts
SELECT id, id::text, price::int, price::text, id::numeric(10,2), big::text, grp::int8, ok::text, ok::int,
    name::varchar(3), label::char(3), price::float8, price::numeric(12,1), day::text, made::date, made::time,
    seen::date FROM items WHERE id > 7 OR id = 5;
-- casts from text
SELECT id, lpad(id::text, 3, '0')::int, (id || '.5')::numeric, (id || ' days')::interval,
    '2020-01-01'::date + id FROM items;
-- char semantics
SELECT id, code || '|', length(code), code = 'ab', code = 'ab   ', code::text = 'ab  ', code LIKE 'a%',
    code LIKE 'ab', upper(code), concat(code, '|') FROM items;
-- text functions
SELECT id, length(name), upper(label), lower(label), substr(name, 2, 2), substring(name FROM 2),
    position('b' IN name), trim(name), ltrim(name, 'a'), replace(name, 'y', 'z'), reverse(name), left(name, -1),
    right(name, 2), lpad(name, 5, '*'), repeat(name, 2), md5(name), ascii(name), initcap(label), strpos(name, 'y'),
    split_part(label, ' ', 2) FROM items;
-- concatenation with nulls
SELECT id, name || label, concat(name, '-', grp), concat_ws(',', name, NULL, label), format('%s|%L|%I', id,
    name, label) FROM items;
-- text comparison
SELECT id, name < 'b', name >= 'a b  ', name = 'a b', label <> 'Ab', name || '' = label FROM items;
-- like
SELECT id FROM items WHERE name LIKE '%y%' OR name LIKE 'a\%b\_c\\d' OR label LIKE '_\_y' OR name NOT LIKE '%';
-- like with escape and ilike
SELECT id, name LIKE 'a#%%' ESCAPE '#', label ILIKE 'LABEL %', name SIMILAR TO '(a|b)y*' FROM items;
-- regular expressions
SELECT id, name ~ '^a[^y]', name ~* 'B', name !~ '\s', regexp_replace(name, '(y+)', '<\1>', 'g'),
    substring(label FROM '\d+'), regexp_match(label, '(\w+) (\d)') FROM items;
-- regular expressions as sets
SELECT id, m FROM items, regexp_matches(label, '[0-9]', 'g') m;
-- sets in the select list
SELECT id, generate_series(1, grp), unnest(ARRAY['a', 'b']) FROM items WHERE grp BETWEEN 1 AND 3;
-- split to rows
SELECT id, p FROM items CROSS JOIN LATERAL regexp_split_to_table(label, ' ') WITH ORDINALITY AS s(p, n) WHERE n = 2;
-- generate_series left join
SELECT g, count(i.id) FROM generate_series(-1, 8) g LEFT JOIN items i ON i.grp = g GROUP BY g;
-- arrays
SELECT id, ARRAY[id, grp], ARRAY[id, grp] @> ARRAY[1], array_length(ARRAY[name, label], 1), (ARRAY[id, grp])[2],
    array_to_string(ARRAY[name, label], ',', '*') FROM items;
-- bytea
SELECT id, length(raw), octet_length(raw), raw || '\x01', substring(raw, 1, 2), encode(raw, 'hex'),
    raw = '\x61', raw < '\x62', get_byte(raw || '\x00', 0), sha256(raw) FROM items;
-- uuid
SELECT id, tag = '123e4567-e89b-12d3-a456-426614174000', tag < '8', tag::text FROM items WHERE tag::text LIKE '%0%';
-- json
SELECT id, doc, doc -> 'i', doc ->> 'even', json_typeof(doc), doc #>> '{k,deep}' FROM items;
-- jsonb
SELECT id, docb -> 'list' -> 0, docb ->> 'i', docb @> '{"i": 12}', docb ? 'list', docb || '{"z": 1}',
    docb #> '{k,deep}', jsonb_typeof(docb), docb = '[]' FROM items;
-- jsonb order and distinct
SELECT DISTINCT docb - 'i' AS d FROM items ORDER BY d;
-- jsonb to rows
SELECT id, e.key, e.value FROM items, jsonb_each(docb) e WHERE jsonb_typeof(docb) = 'object';
-- json path
SELECT id, jsonb_path_query_array(docb, '$.list[*] ? (@ > 2)') FROM items;
-- json record
SELECT id, r.* FROM items, json_to_record(doc) AS r(i int, even boolean) WHERE json_typeof(doc) = 'object';
-- dates
SELECT id, day + 1, day - 7, day - date '2020-01-01', day + time '12:00', day < '2024-01-01', extract(year
    FROM day), date_part('dow', day), to_char(day, 'YYYY-MM-DD Dy') FROM items WHERE id > 4;
-- infinite dates
SELECT id, day, made, seen, day = 'infinity', made > '2000-01-01', isfinite(day), isfinite(seen), day + 1
    FROM items WHERE id < 5;
-- timestamps
SELECT id, made + interval '1 month', made - interval '1 day 2 hours', made - timestamp '2020-02-29 12:00',
    date_trunc('month', made), date_trunc('week', made), extract(epoch FROM made), extract(second FROM made),
    extract(week FROM made), extract(isoyear FROM made), made::date, age(made, timestamp '2000-01-01') FROM items
    WHERE id > 3;
-- timestamps with time zone
SELECT id, seen, seen + interval '1 day', seen AT TIME ZONE 'Europe/Berlin', date_trunc('hour', seen),
    date_trunc('day', seen, 'America/New_York'), extract(hour FROM seen), extract(epoch FROM seen), seen::date,
    seen::timestamp FROM items WHERE id > 3;
-- timestamps in a zone
SELECT id, made AT TIME ZONE 'Europe/Berlin', (made AT TIME ZONE 'UTC')::text, seen::time FROM items WHERE id > 4;
-- times
SELECT id, at, at + interval '2 hours', at - time '01:00', at > '12:00', extract(minute FROM at), at::text FROM items;
-- intervals
SELECT id, made - lag(made) OVER (ORDER BY id), (seen - timestamptz '2020-01-01+00') * 2,
    justify_hours(make_interval(hours => id)) FROM items WHERE id > 7;
-- sum of intervals
SELECT grp, sum(made - timestamp '2020-01-01'), avg(at - time '00:00'), max(made - '2020-01-01'::timestamp)
    FROM items WHERE id > 7 GROUP BY grp;
-- group by month
SELECT date_trunc('month', placed), count(*), sum(amount) FROM orders WHERE isfinite(placed) GROUP BY 1 ORDER BY 1;
-- min and max of dates
SELECT min(day), max(day), min(made), max(seen), min(at), max(at) FROM items;
-- between and overlaps
SELECT id, price BETWEEN 5 AND 50, price NOT BETWEEN SYMMETRIC 50 AND 5, (day,
    interval '10 days') OVERLAPS (date '2020-03-01', date '2020-04-01') FROM items;
-- no columns
SELECT FROM items WHERE id < 4;
-- constants only
SELECT 1, 'x', NULL, current_date = current_date FROM items;
-- no table
SELECT (SELECT count(*) FROM items), (SELECT max(id) FROM orders);
-- session functions
SELECT id, current_user, current_database(), session_user FROM items WHERE id < 3;
-- stable functions in a condition
SELECT id FROM orders WHERE placed < now() AND placed < current_timestamp;
-- volatile functions
SELECT count(*) FROM items WHERE random() < 2 AND clock_timestamp() > '2000-01-01';
-- user-defined functions
SELECT id, plain.twice(id), plain.label_of(name) FROM items;
-- user-defined set function
SELECT * FROM plain.items_below(10) f(id, name);
-- sub-select in from with offset
SELECT s.id FROM (SELECT id, name FROM items ORDER BY id DESC OFFSET 3 LIMIT 12) s WHERE s.name LIKE '%y%';
-- nested aggregates in sub-selects
SELECT max(c), min(c), avg(s) FROM (SELECT item, count(*) c, sum(amount) s FROM orders GROUP BY item) x;
-- exists and not exists
SELECT i.id FROM items i WHERE EXISTS (SELECT 1 FROM orders o WHERE o.item = i.id AND o.amount > i.price)
    AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.item = i.id AND o.qty IS NULL);
-- aggregate of an outer query
SELECT grp, (SELECT count(*) FROM nodes n WHERE n.id < sum(i.price)) FROM items i GROUP BY grp;
-- extreme integers
SELECT big, -(big + 1), big % 10, big / 7, big > 9.2e18, big = 9223372036854775807 FROM items WHERE id IN (2, 3, 5);
-- extreme numerics
SELECT price, price * 1000, price + 0.001, rate + 1, rate * 10, rate - rate FROM items WHERE id IN (2, 3, 5, 6);
-- width_bucket and logarithms
SELECT id, width_bucket(price, 0, 250, 5), div(price, 7), mod(id, 7), gcd(id, 12), round(ln(id::numeric), 10),
    power(2, grp), exp(grp::numeric) FROM items WHERE id > 7;
-- to_char of numbers
SELECT id, to_char(price, 'FM999,990.00'), to_char(big, '9999999999999999999'), to_char(f8, '0.99EEEE')
    FROM items WHERE id > 7;
-- collations
SELECT id, name COLLATE "C" < 'b' COLLATE "C" FROM items ORDER BY name COLLATE "POSIX", id;
-- table function rows from
SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a', 'b'])) r(a, b) JOIN nodes n ON n.id = r.a;
-- xmltable
SELECT n.id, x.v FROM nodes n, XMLTABLE('/a/b' PASSING xmlparse(document '<a><b>1</b></a>') COLUMNS v int PATH
    '.') x WHERE n.id < 3;
-- division by zero
SELECT 1 / grp FROM items;
-- numeric division by zero
SELECT price / (grp - 1) FROM items;
-- integer overflow
SELECT id + 2147483647 FROM items;
-- bigint overflow
SELECT sum(big * 2) FROM items WHERE id = 2;
-- smallint overflow
SELECT (grp * 30000::smallint) FROM items;
-- cast overflow
SELECT big::int FROM items;
-- cast of NaN
SELECT f8::int FROM items WHERE id = 4;
-- bad cast of text
SELECT name::int FROM items WHERE id = 5;
-- more than one row from a sub-select
SELECT (SELECT id FROM nodes WHERE id < 5) FROM items;
-- text too long
SELECT id::text::varchar(2), price::numeric(3,2) FROM items;
-- bad escape
SELECT name LIKE 'a\' FROM items WHERE id = 5;
-- negative substring
SELECT substring(name, 1, -1) FROM items;
-- negative limit
SELECT id FROM items LIMIT -1;
-- bad regular expression
SELECT name ~ '(' FROM items;
-- square root of a negative
SELECT sqrt(-price) FROM items WHERE id = 7;
-- timestamp out of range
SELECT made + interval '290000 years' FROM items WHERE id = 7;
-- group by a sub-select
SELECT (SELECT max(o.amount) FROM orders o WHERE o.item = i.id) AS x, count(*) FROM items i GROUP BY 1;
-- group by a membership
SELECT id IN (SELECT item FROM orders), EXISTS (SELECT FROM orders o WHERE o.item = i.id), count(*)
    FROM items i GROUP BY 1, 2;
-- a failing value that no row needs
SELECT to_date('15 Jun', 'YYYY-MM-DD'), count(*) OVER () FROM items WHERE id < 0;
-- a failing value that rows need
SELECT id, to_date('15 Jun', 'YYYY-MM-DD') FROM items;
-- two failing values, one of them needed
SELECT jsonb_build_object(name) FROM items WHERE id < 0 AND to_timestamp('x', 'YYYY') > now();
-- a failing value in an arm that is not taken
SELECT CASE WHEN id < 0 THEN to_date('15 Jun', 'YYYY-MM-DD') END FROM items;
-- a failing value beside good ones, of several types
SELECT id, to_number('x', '9') > price, now() > '2000-01-01' FROM items WHERE id > 100000;
-- a failing constant that nothing reads
SELECT x.id FROM (SELECT id, sqrt(-1.5) AS root FROM items) x;
-- a failing constant that nothing reads, where only rows count
SELECT count(*) FROM (SELECT id, sqrt(-1.5::float8) AS root FROM items) x;
-- a failing constant over no rows
SELECT sqrt(-1.5) FROM items WHERE id < 0;
-- columns that only a join's alias or a set operation reads
SELECT j FROM (SELECT id AS a, name AS b FROM items) x JOIN (SELECT id AS a, code AS c FROM items) y USING (a) AS j
    WHERE a < 4;
-- an unread column of a set operation
SELECT s.b FROM (SELECT id AS a, name AS b FROM items UNION ALL SELECT grp, code FROM items) s;
-- an unread column of a sub-select that other sub-selects read
SELECT (SELECT max(x.b) FROM nodes n WHERE n.id = x.a) FROM (SELECT id AS a, grp AS b, name AS c FROM items) x;
-- a failing constant behind a condition that only the planner sees to be false
SELECT DISTINCT 1 FROM (SELECT id, false AS never FROM items) x
    WHERE never AND date_bin('1 mon'::interval, '2021-06-15'::timestamp, '2000-01-01'::timestamp) <> '2000-01-01';
-- a lateral column that an outer join nulls
SELECT i.id, d.x FROM items i LEFT JOIN LATERAL (SELECT (n.id + i.id > random() * -1 + o.item) IS TRUE
    FROM nodes n LEFT JOIN orders o ON o.item = n.id) d(x) ON true WHERE i.id < 9;
-- a lateral column that fails
SELECT i.id, d.x FROM items i LEFT JOIN LATERAL (SELECT (sqrt(n.id * -1.5) > i.id + o.item) IS TRUE
    FROM nodes n LEFT JOIN orders o ON o.item = n.id) d(x) ON true WHERE i.id < 9;

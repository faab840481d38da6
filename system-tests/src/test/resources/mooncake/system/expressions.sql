id + grp
id - big
big * 2
big + id
grp * grp
grp * 2::smallint
grp / 2
-id / 2
id % 4
-id % 4
big % -3
big / -1
grp / -1::smallint
-grp
-big
@ grp
abs(big)
id & 3
id | grp
id # 5
~id
id << 3
id >> 1
big << 60
price + 1
price - rate
price * price
price * rate
rate * rate
rate * 1000
price / 3
price / rate
rate / 3
1 / (price + 0.5)
id / 7.0
price % 3
rate % price
-price
abs(rate)
round(price)
round(price, 1)
round(price, -2)
round(rate, 3)
trunc(price)
trunc(rate, 4)
trunc(price, -1)
ceil(price)
ceiling(rate)
floor(price)
sign(price)
sqrt(abs(price))
price ^ 2
power(id, 2)
exp(grp % 5)
ln(id::numeric)
log(id::numeric)
mod(id, 4)
div(price, 3)
f4 + f4
f4 - f8
f4 * f4
f8 * f8
f8 / 3
f8 / f4
f4 / 7
f8 + id
f4 + id
f8 - price::float8
-f8
-f4
abs(f8)
abs(f4)
round(f8)
trunc(f8)
ceil(f8)
floor(f8)
sign(f8)
sqrt(f8)
cbrt(f8)
f8 ^ 2
exp(f8)
ln(f8)
degrees(f8)
sin(f8)
f8::int
f8::bigint
f8::smallint
f4::int
f8::real
f4::float8
f8::numeric
f4::numeric
f8::numeric(10,2)
f8::text
f4::text
id::float8
id::real
big::float8
big::real
price::float8
price::real
rate::float8
price::int
price::bigint
price::smallint
rate::bigint
rate::numeric(12,2)
price::numeric(5,1)
price::numeric(20,6)
rate::numeric
id::numeric(5,2)
id::smallint
big::int
big::smallint
grp::int
id::text
big::text
price::text
rate::text
ok::text
ok::int
id::boolean
day::text
at::text
made::text
seen::text
tag::text
raw::text
code::text
name::varchar(2)
name::char(4)
label::char(3)
code::char(2)
code::varchar(3)
code::varchar
name::bpchar
price::text::numeric
id::text::int
day::text::date
made::text::timestamp
id = grp
id < big
price = 12.5
price > 5
rate > 1
rate <> 1.1
price = id
price < f8
f8 = f4
f8 = 'NaN'
f8 > 'Infinity'
f4 >= 0
f8 <> 0.1
f4 = 0.1
f4 = 0.1::real
f8 < id
big = 9223372036854775807
big > 9223372036854775806.5
big = f8
name = 'a b'
name = 'a b  '
name < 'b'
name > 'Z'
name <> label
name = code
code = 'ab'
code = 'ab    '
code = 'a b'
code < 'b'
code >= '0'
code <> '%'
label = code
label = 'ab'
code = name::bpchar
raw = '\x61'
raw < '\x6100'
raw > '\x'
tag = '123E4567-E89B-12D3-A456-426614174000'
tag < '80000000-0000-0000-0000-000000000000'
day = '2000-02-29'
day < 'infinity'
day > '-infinity'
day = made
day < seen
made = seen
made > '2000-01-01'
seen > '2024-03-31 03:00:00'
seen = 'infinity'
at < '12:00'
at = '24:00'
ok
NOT ok
ok = true
ok AND name IS NOT NULL
ok OR grp = 1
ok IS TRUE
ok IS NOT FALSE
ok IS UNKNOWN
ok IS DISTINCT FROM NULL
grp IS DISTINCT FROM 1
f8 IS DISTINCT FROM 'NaN'
name IS NULL
(id, grp) IS NULL
(grp, ok) IS NOT NULL
(id, grp) = (5, 1)
(id, grp) < (5, 2)
(grp, name) >= (1, 'a')
id IN (1, 3, 5)
id NOT IN (1, 3)
id IN (1, NULL)
id NOT IN (9, NULL)
grp IN (1, 2, NULL)
price IN (12.5, -0.01)
f8 IN (0.1, 'NaN')
name IN ('A b', '')
code IN ('ab', 'AB  ')
day IN ('infinity', '2000-02-29')
id = ANY (ARRAY[1, 2])
id = ANY ('{}'::int[])
id <> ALL ('{}'::int[])
grp <> ALL (ARRAY[1, NULL])
id > ANY (ARRAY[3, 5])
price BETWEEN 0 AND 10
name BETWEEN 'a' AND 'b'
id BETWEEN SYMMETRIC 5 AND 3
CASE WHEN grp > 1 THEN id ELSE big END
CASE WHEN ok THEN price ELSE rate END
CASE WHEN ok THEN price END
CASE grp WHEN 1 THEN 'one' WHEN 2 THEN name ELSE code END
CASE WHEN id = 1 THEN NULL WHEN 10 / (id - 1) > 2 THEN 'many' ELSE 'few' END
CASE name WHEN 'a b  ' THEN 1 WHEN '' THEN 2 END
CASE WHEN grp = 0 THEN 0 ELSE id / grp END
CASE f8 WHEN 'NaN' THEN 1 ELSE 0 END
COALESCE(price, 0)
COALESCE(price, rate, 1)
COALESCE(name, code::text, 'none')
COALESCE(code, 'none')
COALESCE(grp, id)
COALESCE(day, '2020-01-01')
COALESCE(NULL, f4, f8)
NULLIF(grp, 1)
NULLIF(name, '')
NULLIF(code, 'ab')
NULLIF(price, 12.50)
NULLIF(price, 0.010)
NULLIF(f8, 'NaN')
GREATEST(id, grp)
LEAST(price, rate)
GREATEST(f8, 0)
LEAST(name, 'b')
GREATEST(price, 5, NULL)
length(name)
char_length(code)
octet_length(name)
octet_length(code)
bit_length(name)
length(raw)
lower(name)
upper(name)
lower(code)
initcap(name)
substring(name, 2)
substring(name, 0, 3)
substring(name, -1, 4)
substr(name, 2, 2)
substring(name FROM 2 FOR 0)
substring(code, 2, 3)
substring(raw, 2, 1)
left(name, 2)
left(name, -2)
right(name, 2)
right(name, -1)
left(code, 3)
trim(name)
ltrim(name)
rtrim(name)
btrim(name, 'ab')
trim(code)
lpad(name, 4)
lpad(name, 4, 'xy')
rpad(name, 4, '')
repeat(name, 2)
repeat(name, -1)
replace(name, 'y', 'yy')
replace(name, '', 'x')
reverse(name)
strpos(name, 'y')
position('' IN name)
position('b' IN code)
name || label
name || code
code || 'x'
code || code
name || id
'x' || price
name || NULL
concat(name, id, NULL)
concat(code, 'x')
concat(price, f8)
concat_ws('-', name, NULL, label)
ascii(name)
chr(id + 64)
md5(name)
translate(name, 'ab', 'x')
split_part(name, 'y', 1)
starts_with(name, 'a')
name ^@ 'a'
name LIKE 'a%'
name LIKE '%y'
name LIKE '_'
name LIKE '%\%%'
name LIKE ''
name LIKE '%'
name LIKE 'größe _ %'
name NOT LIKE '%b%'
name LIKE label
name ILIKE 'A%'
code LIKE 'ab'
code LIKE 'ab%'
code LIKE 'ab    '
code LIKE '%b'
label LIKE 'x\_y'
name ~ '^a'
name SIMILAR TO 'a%'
raw || raw
encode(raw, 'hex')
day + 1
day - 1
day - date '2020-01-01'
date '2020-01-01' - day
day + interval '1 month'
day - interval '1 day'
day + at
day::timestamp
day::timestamptz
made::date
made::time
made::timestamptz
seen::date
seen::time
seen::timestamp
made + interval '1 month'
made - interval '1 year 1 day 01:00'
made + interval '1.5 days'
interval '1 day' + made
seen + interval '1 month'
seen + interval '1 day'
seen - interval '24 hours'
made - made
made - timestamp '2020-01-31 23:00'
seen - timestamptz '2020-03-29 01:00+00'
seen - made
at + interval '2 hours'
at - interval '30 hours'
at - time '01:00'
interval '1 hour' * id
interval '1 day' / id
age(made)
age(made, timestamp '2000-02-29')
extract(year FROM day)
extract(month FROM day)
extract(day FROM day)
extract(dow FROM day)
extract(isodow FROM day)
extract(doy FROM day)
extract(week FROM day)
extract(isoyear FROM day)
extract(quarter FROM day)
extract(decade FROM day)
extract(century FROM day)
extract(millennium FROM day)
extract(epoch FROM day)
extract(julian FROM day)
extract(hour FROM made)
extract(minute FROM made)
extract(second FROM made)
extract(milliseconds FROM made)
extract(microseconds FROM made)
extract(epoch FROM made)
extract(year FROM made)
extract(epoch FROM seen)
extract(hour FROM seen)
extract(timezone FROM seen)
extract(second FROM at)
extract(epoch FROM at)
extract(epoch FROM made - timestamp '2020-01-01')
extract(day FROM made - timestamp '2020-01-01')
date_part('year', day)
date_part('epoch', made)
date_part('second', at)
date_part('hour', seen)
date_trunc('year', made)
date_trunc('quarter', made)
date_trunc('month', made)
date_trunc('week', made)
date_trunc('day', made)
date_trunc('hour', made)
date_trunc('second', made)
date_trunc('milliseconds', made)
date_trunc('decade', made)
date_trunc('century', made)
date_trunc('month', day)
date_trunc('day', seen)
date_trunc('week', seen)
date_trunc('hour', seen)
date_trunc('month', seen)
seen AT TIME ZONE 'Europe/Berlin'
seen AT TIME ZONE 'UTC'
made AT TIME ZONE 'Europe/Berlin'
made AT TIME ZONE '+03'
isfinite(day)
isfinite(made)
make_date(2020, grp, 1)
to_char(made, 'YYYY-MM-DD')
doc ->> 'i'
doc -> 'k'
docb ->> 'i'
docb -> 'list'
docb @> '{"i": 9}'
docb = '[]'
docb::text
doc::text
(docb ->> 'i')::int
count(*) OVER ()
sum(id) OVER (ORDER BY id)
sum(price) OVER (ORDER BY id)
sum(big) OVER (ORDER BY id)
avg(price) OVER (PARTITION BY grp ORDER BY id)
avg(id) OVER (ORDER BY id ROWS 2 PRECEDING)
sum(id / 4.0::float8) OVER (ORDER BY id ROWS CURRENT ROW)
min(name) OVER (PARTITION BY grp)
max(day) OVER (ORDER BY id)
row_number() OVER (ORDER BY name, id)
rank() OVER (ORDER BY f8)
rank() OVER (ORDER BY code)
dense_rank() OVER (ORDER BY grp DESC)
rank() OVER (ORDER BY name DESC NULLS LAST)
lag(id) OVER (ORDER BY id)
lag(price, 2) OVER (ORDER BY id)
lag(price, 1, 0) OVER (ORDER BY id)
lag(name, 1, 'none') OVER (PARTITION BY grp ORDER BY id)
lead(code, 1) OVER (ORDER BY id DESC)
first_value(name) OVER (PARTITION BY grp ORDER BY id)
last_value(id) OVER (PARTITION BY grp ORDER BY id)
ntile(3) OVER (ORDER BY id)
(SELECT max(o.amount) FROM orders o WHERE o.item = i.id)
(SELECT count(*) FROM orders o WHERE o.item = i.id)
(SELECT sum(o.qty) FROM orders o WHERE o.item = i.id AND o.amount > i.price)
(SELECT avg(o.qty) FROM orders o)
(SELECT n.title FROM nodes n WHERE n.id = i.id)
EXISTS (SELECT FROM orders o WHERE o.item = i.id)
id IN (SELECT item FROM orders)
id NOT IN (SELECT item FROM orders)
id NOT IN (SELECT item FROM orders WHERE item IS NOT NULL)
grp IN (SELECT qty FROM orders)
grp NOT IN (SELECT id FROM nothing)
price IN (SELECT amount FROM orders)
price > ALL (SELECT amount FROM orders WHERE qty = 1)
price < ANY (SELECT amount FROM orders WHERE item IS NULL)
name IN (SELECT title FROM nodes)
code IN (SELECT name FROM items)
name IN (SELECT code FROM items)
f8 IN (SELECT f4 FROM items)
(id, grp) IN (SELECT item, qty FROM orders)

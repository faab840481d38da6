SELECT id, z + interval '1 day 2 hours', z - interval '25:00:01.5', interval '-3 hours' + z FROM things ORDER BY id;
SELECT id, (date '2024-02-29' + z)::text, (z + date '0044-03-15 BC')::text, ('infinity'::date + z)::text FROM things ORDER BY id;
SELECT a.id AS x, b.id AS y, (a.z, b.z) OVERLAPS ('10:00+02'::timetz, '12:00+01'::timetz), ('08:00+00'::timetz, b.z) OVERLAPS (a.z, NULL::timetz) FROM things a, things b ORDER BY 1, 2;
SELECT id, tz::timetz FROM moments ORDER BY id;
SELECT id, z::time, z::timetz(1), z::timetz(0) FROM things ORDER BY id;
SELECT id, extract(hour FROM z), extract(minute FROM z), extract(second FROM z), extract(milliseconds FROM z), extract(microseconds FROM z), extract(epoch FROM z), extract(timezone FROM z), extract(timezone_hour FROM z), extract(timezone_minute FROM z), date_part('second', z), date_part('epoch', z) FROM things ORDER BY id;
SELECT id, z AT TIME ZONE interval '-05:30', z AT TIME ZONE interval '14:00:01.9' FROM things ORDER BY id;
SELECT id, z::text, z || '', z = '10:00+02', z < '12:00+00', min(z) OVER (ORDER BY id) FROM things ORDER BY id;
SELECT id, (tz::timetz + interval '12:34:56.789')::timetz(2), extract(epoch FROM tz::timetz) FROM moments ORDER BY id;

-- Counts, sums and the newest
SELECT count(*) FROM hits;
SELECT count(*) FROM hits WHERE advertiser_id <> 0;
SELECT sum(advertiser_id), count(*), sum(screen_width::bigint) FROM hits;
SELECT sum(visitor_id % 1000) FROM hits;
SELECT count(DISTINCT visitor_id) FROM hits;
SELECT count(DISTINCT search_phrase) FROM hits;
SELECT min(happened_on), max(happened_on) FROM hits;
-- Top-n by group
SELECT advertiser_id, count(*) AS events FROM hits WHERE advertiser_id <> 0 GROUP BY advertiser_id
    ORDER BY events DESC, advertiser_id;
SELECT region_id, count(DISTINCT visitor_id) AS visitors FROM hits GROUP BY region_id
    ORDER BY visitors DESC, region_id LIMIT 10;
SELECT region_id, sum(advertiser_id), count(*) AS events, max(screen_width), count(DISTINCT visitor_id) FROM hits
    GROUP BY region_id ORDER BY events DESC, region_id LIMIT 10;
SELECT phone_model, count(DISTINCT visitor_id) AS visitors FROM hits WHERE phone_model <> '' GROUP BY phone_model
    ORDER BY visitors DESC, phone_model LIMIT 10;
SELECT phone_maker, phone_model, count(DISTINCT visitor_id) AS visitors FROM hits WHERE phone_model <> ''
    GROUP BY phone_maker, phone_model ORDER BY visitors DESC, phone_maker, phone_model LIMIT 10;
SELECT search_phrase, count(*) AS events FROM hits WHERE search_phrase <> '' GROUP BY search_phrase
    ORDER BY events DESC, search_phrase LIMIT 10;
SELECT search_phrase, count(DISTINCT visitor_id) AS visitors FROM hits WHERE search_phrase <> ''
    GROUP BY search_phrase ORDER BY visitors DESC, search_phrase LIMIT 10;
SELECT search_engine, search_phrase, count(*) AS events FROM hits WHERE search_phrase <> ''
    GROUP BY search_engine, search_phrase ORDER BY events DESC, search_engine, search_phrase LIMIT 10;
SELECT visitor_id, count(*) AS events FROM hits GROUP BY visitor_id ORDER BY events DESC, visitor_id LIMIT 10;
SELECT visitor_id, search_phrase, count(*) AS events FROM hits GROUP BY visitor_id, search_phrase
    ORDER BY events DESC, visitor_id, search_phrase LIMIT 10;
SELECT visitor_id, extract(minute FROM happened_at)::integer AS minute, search_phrase, count(*) AS events FROM hits
    GROUP BY 1, 2, 3 ORDER BY events DESC, 1, 2, 3 LIMIT 10;
-- One row among many
SELECT visitor_id FROM hits WHERE visitor_id = 435090932899640449 ORDER BY visitor_id;
SELECT event_id, url FROM hits WHERE event_id = 4711;
-- Patterns
SELECT count(*) FROM hits WHERE url LIKE '%recipe%';
SELECT search_phrase, min(url), count(*) AS events FROM hits WHERE url LIKE '%doctor%' AND search_phrase <> ''
    GROUP BY search_phrase ORDER BY events DESC, search_phrase LIMIT 10;
SELECT search_phrase, min(url), min(title), count(*) AS events, count(DISTINCT visitor_id) FROM hits
    WHERE title LIKE '%Market%' AND url NOT LIKE '%.market.%' AND search_phrase <> ''
    GROUP BY search_phrase ORDER BY events DESC, search_phrase LIMIT 10;
SELECT event_id, url, title FROM hits WHERE url LIKE '%museum%' ORDER BY happened_at, event_id LIMIT 10;
SELECT count(*) FROM hits WHERE url ~ '/(castle|museum)/.*-[0-9]+[.]html$';
SELECT regexp_replace(referrer, '^https?://(www[.])?([^/]+)/.*$', '\2') AS host, avg(length(referrer)),
    count(*) AS events, min(referrer) FROM hits WHERE referrer <> '' GROUP BY 1 HAVING count(*) > 100
    ORDER BY events DESC, host LIMIT 25;
-- Sorting texts
SELECT search_phrase FROM hits WHERE search_phrase <> '' ORDER BY happened_at, event_id LIMIT 10;
SELECT search_phrase FROM hits WHERE search_phrase <> '' ORDER BY search_phrase LIMIT 10;
SELECT search_phrase FROM hits WHERE search_phrase <> '' ORDER BY happened_at, search_phrase LIMIT 10;
-- Many columns at once
SELECT sum(dns_ms), sum(connect_ms), sum(tls_ms), sum(request_ms), sum(response_ms), sum(parse_ms), sum(render_ms),
    sum(script_ms), sum(paint_ms), sum(idle_ms), sum(counter_1), sum(counter_2), sum(counter_3), sum(counter_4),
    sum(goal_1), sum(goal_2), sum(goal_3), sum(goal_4), sum(goal_5), sum(goal_6) FROM hits;
SELECT site_id, avg(length(url)) AS average, count(*) AS events FROM hits WHERE url <> '' GROUP BY site_id
    HAVING count(*) > 1000 ORDER BY average DESC, site_id LIMIT 25;
SELECT search_engine, client_ip, count(*) AS events, sum(is_refresh::integer), avg(screen_width) FROM hits
    WHERE search_phrase <> '' GROUP BY search_engine, client_ip ORDER BY events DESC, search_engine, client_ip LIMIT 10;
SELECT event_id, client_ip, count(*) AS events, sum(is_refresh::integer), avg(screen_width) FROM hits
    WHERE search_phrase <> '' GROUP BY event_id, client_ip ORDER BY events DESC, event_id, client_ip LIMIT 10;
SELECT url, count(*) AS events FROM hits GROUP BY url ORDER BY events DESC, url LIMIT 10;
SELECT client_ip, client_ip - 1, client_ip - 2, count(*) AS events FROM hits WHERE client_ip < 2000000000
    AND client_ip > -2000000000 GROUP BY 1, 2, 3 ORDER BY events DESC, 1 LIMIT 10;
SELECT currency, count(*), sum(price), avg(price), max(price) FROM hits WHERE price > 10 GROUP BY currency
    ORDER BY currency;
-- Dashboards of one site: wide filters, OFFSET
SELECT url, count(*) AS views FROM hits WHERE site_id = 62 AND happened_on BETWEEN '2024-06-01' AND '2024-06-30'
    AND NOT is_refresh AND url <> '' GROUP BY url ORDER BY views DESC, url LIMIT 10;
SELECT title, count(*) AS views FROM hits WHERE site_id = 62 AND happened_on BETWEEN '2024-06-01' AND '2024-06-30'
    AND NOT is_refresh AND title <> '' GROUP BY title ORDER BY views DESC, title LIMIT 10;
SELECT url, count(*) AS views FROM hits WHERE site_id = 0 AND happened_on BETWEEN '2024-06-01' AND '2024-06-30'
    AND is_link AND NOT is_download GROUP BY url ORDER BY views DESC, url LIMIT 10 OFFSET 1000;
SELECT traffic_source, search_engine, advertiser_id, CASE WHEN search_engine = 0 AND advertiser_id = 0 THEN referrer
    ELSE '' END AS origin, url AS target, count(*) AS views FROM hits WHERE site_id = 0
    AND happened_on BETWEEN '2024-06-01' AND '2024-06-30' AND NOT is_refresh
    GROUP BY 1, 2, 3, 4, 5 ORDER BY views DESC, 1, 2, 3, 4, 5 LIMIT 10 OFFSET 1000;
SELECT url_hash, happened_on, count(*) AS views FROM hits WHERE site_id = 0 AND NOT is_refresh
    AND traffic_source IN (-1, 6) GROUP BY url_hash, happened_on ORDER BY views DESC, url_hash, happened_on
    LIMIT 10 OFFSET 100;
SELECT window_width, window_height, count(*) AS views FROM hits WHERE site_id = 0 AND NOT is_refresh
    AND happened_on BETWEEN '2024-06-10' AND '2024-06-17' GROUP BY window_width, window_height
    ORDER BY views DESC, window_width, window_height LIMIT 10 OFFSET 1000;
SELECT date_trunc('minute', happened_at) AS minute, count(*) AS views FROM hits WHERE site_id = 0
    AND happened_on BETWEEN '2024-06-14' AND '2024-06-15' AND NOT is_refresh
    GROUP BY 1 ORDER BY 1 LIMIT 10 OFFSET 1000;

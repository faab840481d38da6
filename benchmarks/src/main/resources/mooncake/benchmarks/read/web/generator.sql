-- Every value is a function of the row's number, so that each run has the same rows.
CREATE FUNCTION pg_temp.part(n bigint, seed bigint) RETURNS double precision IMMUTABLE LANGUAGE sql
    AS 'SELECT (hashint8extended(n, seed) & 9007199254740991)::float8 / 9007199254740992';

INSERT INTO hits SELECT
    i,
    floor(6000 * pg_temp.part(i, 1) ^ 5)::integer,
    hashint8extended(floor(1500000 * pg_temp.part(i, 2) ^ 2)::bigint, 2),
    hashint8extended(i / 7, 3),
    timestamp '2024-06-01' + (i * 2678400 / :rows) * interval '1 second',
    date '2024-06-01' + ((i - 1) * 31 / :rows)::integer,
    'https://' || w[1 + floor(64 * pg_temp.part(i, 4) ^ 4)::integer] || '.example/' || w[1 + floor(64 *
        pg_temp.part(i, 5) ^ 2)::integer] || '/' || w[1 + floor(64 * pg_temp.part(i, 6) ^ 2)::integer] ||
        CASE WHEN pg_temp.part(i, 7) < 0.3 THEN '-' || floor(90000 * pg_temp.part(i, 8) ^ 3)::integer ||
        '.html' ELSE '' END || CASE WHEN pg_temp.part(i, 9) < 0.15 THEN '?' || w[1 + floor(64 *
        pg_temp.part(i, 10) ^ 2)::integer] || '=' || w[1 + floor(64 * pg_temp.part(i, 11) ^ 2)::integer] ||
        '&page=' || floor(40 * pg_temp.part(i, 12) ^ 3)::integer ELSE '' END,
    CASE WHEN pg_temp.part(i, 13) < 0.55 THEN '' WHEN pg_temp.part(i, 13) < 0.7 THEN
        'https://www.search.example/find?q=' || w[1 + floor(64 * pg_temp.part(i, 14) ^ 2)::integer] ELSE
        'https://www.' || w[1 + floor(64 * pg_temp.part(i, 15) ^ 4)::integer] || '.example/' || w[1 +
        floor(64 * pg_temp.part(i, 16) ^ 2)::integer] || '/' || floor(5000 * pg_temp.part(i, 17) ^
        3)::integer END,
    initcap(w[1 + floor(64 * pg_temp.part(i, 5) ^ 2)::integer]) || ' ' || w[1 + floor(64 *
        pg_temp.part(i, 6) ^ 2)::integer] || ' ' || w[1 + floor(64 * pg_temp.part(i, 18) ^ 2)::integer] ||
        CASE WHEN pg_temp.part(i, 19) < 0.6 THEN ' ' || w[1 + floor(64 * pg_temp.part(i, 20) ^ 2)::integer]
        || ' ' || w[1 + floor(64 * pg_temp.part(i, 21) ^ 2)::integer] || ' ' || w[1 + floor(64 *
        pg_temp.part(i, 22) ^ 2)::integer] ELSE '' END || CASE WHEN pg_temp.part(i, 23) < 0.2 THEN ' – ' ||
        w[1 + floor(64 * pg_temp.part(i, 24) ^ 2)::integer] || ' ' || w[1 + floor(64 * pg_temp.part(i, 25) ^
        2)::integer] || ' ' || w[1 + floor(64 * pg_temp.part(i, 26) ^ 2)::integer] || ' ' || w[1 + floor(64
        * pg_temp.part(i, 27) ^ 2)::integer] || ' ' || w[1 + floor(64 * pg_temp.part(i, 28) ^ 2)::integer]
        ELSE '' END,
    CASE WHEN pg_temp.part(i, 29) < 0.87 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 30) ^
        2)::integer] || ' ' || w[1 + floor(64 * pg_temp.part(i, 31) ^ 2)::integer] || CASE WHEN
        pg_temp.part(i, 32) < 0.5 THEN ' ' || w[1 + floor(64 * pg_temp.part(i, 33) ^ 2)::integer] || ' ' ||
        floor(300 * pg_temp.part(i, 34) ^ 3)::integer ELSE '' END END,
    CASE WHEN pg_temp.part(i, 29) < 0.87 THEN 0 ELSE 1 + floor(40 * pg_temp.part(i, 35) ^ 4)::integer
        END,
    CASE WHEN pg_temp.part(i, 36) < 0.8 THEN '' ELSE 'Model ' || chr(65 + floor(26 * pg_temp.part(i, 37)
        ^ 3)::integer) || floor(90 * pg_temp.part(i, 38) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 36) < 0.8 THEN 0 ELSE 1 + floor(80 * pg_temp.part(i, 39) ^ 4)::integer END,
    floor(9000 * pg_temp.part(i, 40) ^ 4)::integer,
    chr(65 + floor(26 * pg_temp.part(i, 41) ^ 3)::integer) || chr(65 + floor(26 * pg_temp.part(i, 42) ^
        3)::integer),
    floor(90 * pg_temp.part(i, 43) ^ 4)::integer,
    floor(120 * pg_temp.part(i, 44) ^ 4)::integer,
    floor(60 * pg_temp.part(i, 45) ^ 2)::integer,
    lower(chr(65 + floor(26 * pg_temp.part(i, 46) ^ 3)::integer) || chr(65 + floor(26 * pg_temp.part(i,
        47) ^ 3)::integer)),
    (320 + 16 * floor(140 * pg_temp.part(i, 48) ^ 1)::integer),
    (240 + 16 * floor(90 * pg_temp.part(i, 49) ^ 1)::integer),
    CASE WHEN pg_temp.part(i, 50) < 0.9 THEN 24 ELSE 32 END,
    pg_temp.part(i, 36) >= 0.8,
    pg_temp.part(i, 51) < 0.12,
    pg_temp.part(i, 52) < 0.05,
    pg_temp.part(i, 53) < 0.004,
    CASE WHEN pg_temp.part(i, 54) < 0.1 THEN NULL ELSE pg_temp.part(i, 54) < 0.5 END,
    (floor(12 * pg_temp.part(i, 55) ^ 3)::integer - 1),
    CASE WHEN pg_temp.part(i, 56) < 0.94 THEN 0 ELSE 1 + floor(300 * pg_temp.part(i, 57) ^ 3)::integer
        END,
    hashint8(floor(900000 * pg_temp.part(i, 58) ^ 2)::bigint),
    hashint8extended(floor(90000 * pg_temp.part(i, 8) ^ 3)::bigint, 60),
    hashint8extended(floor(5000 * pg_temp.part(i, 17) ^ 3)::bigint, 61),
    (300 + 12 * floor(160 * pg_temp.part(i, 62) ^ 1)::integer),
    (200 + 12 * floor(90 * pg_temp.part(i, 63) ^ 1)::integer),
    CASE WHEN pg_temp.part(i, 64) < 0.93 THEN NULL ELSE (pg_temp.part(i, 65) ^ 4 * 5000)::numeric(12,2)
        END,
    CASE WHEN pg_temp.part(i, 64) < 0.93 THEN NULL ELSE (ARRAY['EUR','USD','GBP','JPY'])[1 + floor(4 *
        pg_temp.part(i, 66) ^ 2)::integer] END,
    timestamptz '2024-06-01 00:00+00' + (i * 2678400 / :rows + 1) * interval '1 second',
    floor(30000 * pg_temp.part(i, 100) ^ 6)::integer,
    floor(30000 * pg_temp.part(i, 101) ^ 6)::integer,
    floor(30000 * pg_temp.part(i, 102) ^ 6)::integer,
    floor(30000 * pg_temp.part(i, 103) ^ 6)::integer,
    floor(30000 * pg_temp.part(i, 104) ^ 6)::integer,
    floor(30000 * pg_temp.part(i, 105) ^ 6)::integer,
    floor(30000 * pg_temp.part(i, 106) ^ 6)::integer,
    floor(30000 * pg_temp.part(i, 107) ^ 6)::integer,
    floor(30000 * pg_temp.part(i, 108) ^ 6)::integer,
    floor(30000 * pg_temp.part(i, 109) ^ 6)::integer,
    CASE WHEN pg_temp.part(i, 110) < 0.3 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 111) < 0.4 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 112) < 0.5 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 113) < 0.6 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 114) < 0.7 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 115) < 0.8 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 116) < 0.9 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 117) < 0.1 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 118) < 0.2 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 119) < 0.3 THEN 1 ELSE 0 END,
    CASE WHEN pg_temp.part(i, 120) < 0.92 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 150) ^
        2)::integer] END,
    CASE WHEN pg_temp.part(i, 121) < 0.92 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 151) ^
        2)::integer] END,
    CASE WHEN pg_temp.part(i, 122) < 0.92 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 152) ^
        2)::integer] END,
    CASE WHEN pg_temp.part(i, 123) < 0.92 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 153) ^
        2)::integer] END,
    CASE WHEN pg_temp.part(i, 124) < 0.92 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 154) ^
        2)::integer] END,
    CASE WHEN pg_temp.part(i, 125) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 155) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 126) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 156) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 127) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 157) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 128) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 158) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 129) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 159) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 130) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 160) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 131) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 161) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 132) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 162) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 133) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 163) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 134) < 0.97 THEN 0 ELSE floor(1000 * pg_temp.part(i, 164) ^ 3)::integer
        END,
    CASE WHEN pg_temp.part(i, 135) < 0.91 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 165) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 166) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 136) < 0.92 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 166) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 167) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 137) < 0.93 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 167) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 168) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 138) < 0.94 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 168) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 169) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 139) < 0.95 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 169) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 170) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 140) < 0.96 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 170) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 171) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 141) < 0.97 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 171) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 172) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 142) < 0.98 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 172) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 173) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 143) < 0.90 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 173) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 174) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 144) < 0.91 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 174) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 175) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 145) < 0.92 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 175) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 176) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 146) < 0.93 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 176) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 177) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 147) < 0.94 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 177) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 178) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 148) < 0.95 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 178) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 179) ^ 3)::integer END,
    CASE WHEN pg_temp.part(i, 149) < 0.96 THEN '' ELSE w[1 + floor(64 * pg_temp.part(i, 179) ^
        2)::integer] || floor(1000 * pg_temp.part(i, 180) ^ 3)::integer END,
    floor(100 * pg_temp.part(i, 150) ^ 3)::integer,
    floor(1000 * pg_temp.part(i, 151) ^ 4)::integer,
    floor(10000 * pg_temp.part(i, 152) ^ 5)::integer,
    floor(100000 * pg_temp.part(i, 153) ^ 2)::integer,
    floor(1000000 * pg_temp.part(i, 154) ^ 3)::integer,
    floor(10 * pg_temp.part(i, 155) ^ 4)::integer,
    floor(100 * pg_temp.part(i, 156) ^ 5)::integer,
    floor(1000 * pg_temp.part(i, 157) ^ 2)::integer,
    floor(10000 * pg_temp.part(i, 158) ^ 3)::integer,
    floor(100000 * pg_temp.part(i, 159) ^ 4)::integer,
    floor(1000000 * pg_temp.part(i, 160) ^ 5)::integer,
    floor(10 * pg_temp.part(i, 161) ^ 2)::integer,
    floor(pg_temp.part(i, 162) * 100),
    floor(pg_temp.part(i, 163) * 1000),
    floor(pg_temp.part(i, 164) * 10000),
    floor(pg_temp.part(i, 165) * 100000),
    floor(pg_temp.part(i, 166) * 1000000),
    floor(pg_temp.part(i, 167) * 10000000)
FROM generate_series(:first::bigint, :last) i,
    (SELECT string_to_array('market garden winter summer travel family weather recipe music football engine'
        ' computer school doctor ticket phone camera kitchen furniture history science'
        ' language dictionary forecast hotel flight railway ocean mountain village castle'
        ' museum theatre cinema gallery library bicycle motor house flat rent credit'
        ' insurance bank salary vacancy course exam student teacher animal tree river lake'
        ' island bread coffee cheese apple orange silver летний погода 東京', ' ') AS w) AS words;

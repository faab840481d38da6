-- Sources without a key, partitioned sources and table_config: what create_table makes of them, what it refuses.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS ivy_mooncake CASCADE;
CREATE VIEW registry AS
    SELECT mirror, source, key, columns, definition::json->>'identity' AS identity, definition::json->>'onDdl' AS on_ddl,
        definition::json->>'filter' AS filter FROM mooncake.tables ORDER BY mirror::text;
CREATE VIEW identities AS
    SELECT oid::regclass AS relation, relreplident FROM pg_class
    WHERE relkind IN ('r', 'p') AND relam IS DISTINCT FROM (SELECT oid FROM pg_am WHERE amname = 'mooncake')
        AND relnamespace = 'public'::regnamespace ORDER BY oid::regclass::text;
SET client_min_messages = notice;

-- No key, a nullable one, one that is checked late, one over a generated column.
CREATE TABLE n1 (id int, v text);
CREATE TABLE n2 (id int UNIQUE, v text);
CREATE TABLE n3 (id int NOT NULL UNIQUE DEFERRABLE, v text);
CREATE TABLE n4 (id int NOT NULL, g int GENERATED ALWAYS AS (id * 2) STORED PRIMARY KEY);
CALL mooncake.create_table('n1_c', 'n1');
CALL mooncake.create_table('n1_d', 'n1');
CALL mooncake.create_table('n2_c', 'n2');
CALL mooncake.create_table('n3_c', 'n3');
CALL mooncake.create_table('n4_c', 'n4');
SELECT * FROM registry;
SELECT * FROM identities;
SELECT definition FROM mooncake.tables WHERE mirror = 'n4_c'::regclass;
INSERT INTO n1 VALUES (1, 'a');
UPDATE n1 SET v = 'b';
DELETE FROM n1;
DROP TABLE n1_c;
SELECT * FROM identities;
DROP TABLE n1_d, n2_c, n3_c, n4_c;
SELECT * FROM identities;
SELECT count(*) FROM mooncake.replica_identities;
DROP TABLE n2, n3, n4;

-- A table that mirrors without a key follow keeps FULL, also with a unique index that comes later.
CALL mooncake.create_table('n1_c', 'n1');
CREATE UNIQUE INDEX n1_id ON n1 (id);
ALTER TABLE n1 ALTER id SET NOT NULL;
CALL mooncake.create_table('n1_d', 'n1');
SELECT * FROM registry;
SELECT * FROM identities;
DROP TABLE n1 CASCADE;
DROP TABLE n1_c, n1_d;

-- Partitioned, with sub-partitions and columns in another order: by key, by a unique index, without a key.
CREATE TABLE p1 (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
CREATE TABLE p1_a PARTITION OF p1 FOR VALUES FROM (0) TO (10);
CREATE TABLE p1_b PARTITION OF p1 DEFAULT PARTITION BY HASH (id);
CREATE TABLE p1_b1 (gone int, v text, id int NOT NULL);
ALTER TABLE p1_b1 DROP COLUMN gone;
ALTER TABLE p1_b ATTACH PARTITION p1_b1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE p1_a REPLICA IDENTITY NOTHING;
CREATE TABLE p2 (id int NOT NULL, v text) PARTITION BY LIST (id);
CREATE TABLE p2_a PARTITION OF p2 FOR VALUES IN (1);
CREATE TABLE p2_b PARTITION OF p2 DEFAULT;
CREATE UNIQUE INDEX p2_id ON p2 (id);
CREATE TABLE p3 (id int, v text) PARTITION BY LIST (id);
CREATE TABLE p3_a PARTITION OF p3 FOR VALUES IN (1);
CREATE TABLE p3_b PARTITION OF p3 DEFAULT;
ALTER TABLE p3_b REPLICA IDENTITY NOTHING;
CALL mooncake.create_table('p1_c', 'p1');
CALL mooncake.create_table('p2_c', 'p2');
CALL mooncake.create_table('p3_c', 'p3');
SELECT * FROM registry;
SELECT * FROM identities;
SELECT tablename FROM pg_publication_tables WHERE pubname = 'mooncake' AND schemaname <> 'mooncake' ORDER BY 1;
INSERT INTO p1 VALUES (1, 'a'), (11, 'b');
INSERT INTO p2 VALUES (1, 'a'), (11, 'b');
INSERT INTO p3 VALUES (1, 'a'), (11, 'b');
UPDATE p1 SET id = id + 5;
UPDATE p2 SET v = 'c';
UPDATE p3 SET v = 'c', id = 12 - id;
DELETE FROM p1;
DELETE FROM p2;
DELETE FROM p3;
CALL mooncake.create_table('x', 'p1_a');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'p1_b');
DROP TABLE p1_c, p2_c, p3_c;
SELECT * FROM identities;
DROP TABLE p1, p2, p3;

-- table_config
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE r (id int PRIMARY KEY, v text, b bool, n numeric(5,2), g int GENERATED ALWAYS AS (id + 1) STORED);
CALL mooncake.create_table('r_1', 'r', NULL, '{"columns": ["n", "id"], "filter": "v IN (''a'', ''b'') AND NOT b"}');
CALL mooncake.create_table('r_2', 'r', NULL, '{"append_only": true, "on_ddl": "error"}');
CALL mooncake.create_table('r_3', 'r', NULL, '{"append_only": true, "columns": ["v"], "on_ddl": "ignore"}');
SELECT * FROM registry;
CALL mooncake.create_table('x', 'r', NULL, '{"columns": ["n"]}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"columns": ["id", "missing"]}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"columns": ["id", "ctid"]}');
CALL mooncake.create_table('x', 'r', NULL, '{"columns": ["id", "g"]}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"columns": ["id", "id"]}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"columns": []}');
CALL mooncake.create_table('x', 'r', NULL, '{"columns": "id"}');
CALL mooncake.create_table('x', 'r', NULL, '{"columns": ["id", 1]}');
CALL mooncake.create_table('x', 'r', NULL, '{"columns": null}');
CALL mooncake.create_table('x', 'r', NULL, '{"append_only": 1}');
CALL mooncake.create_table('x', 'r', NULL, '{"on_ddl": "sometimes"}');
CALL mooncake.create_table('x', 'r', NULL, '{"ON_DDL": "evolve"}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"filter": true}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": ""}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "id"}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "missing > 1"}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "id > 1) OR (true"}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "id > 1; DROP TABLE r"}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "id > 1 UNION SELECT true"}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "id > 1 LIMIT 1"}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "id > (SELECT 1)"}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "id > $1"}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "ctid = ''(0,1)''"}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "random() > 0.5"}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "now() > ''2020-01-01''"}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "count(*) > 1"}');
CALL mooncake.create_table('x', 'r', NULL, '{"filter": "g > 1"}');
SELECT to_regclass('x');
SELECT * FROM identities;

-- Sources in other databases: for superusers, and never with a password in the URI.
CALL mooncake.create_table('x', 'r', 'postgresql://user:secret@elsewhere/db');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', 'postgresql://user@elsewhere/db?sslmode=disable&password=secret');
CALL mooncake.create_table('x', 'r', 'host=elsewhere password = secret');
CREATE ROLE mooncake_owner;
GRANT USAGE, CREATE ON SCHEMA public TO mooncake_owner;
SET ROLE mooncake_owner;
CALL mooncake.create_table('x', 'r', 'postgresql://elsewhere/db');
\echo :LAST_ERROR_SQLSTATE
SELECT mooncake.redefine('r_1'::regclass, '{}', false);
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
SELECT mooncake.redefine('r_1'::regclass, '{}', false);
\echo :LAST_ERROR_SQLSTATE
SELECT mooncake.redefine('r'::regclass, '{}', false);
\echo :LAST_ERROR_SQLSTATE

-- Locks: a writer that has not ended does not hold up a mirror by key.
SELECT count(*) FROM pg_locks WHERE relation = 'r'::regclass AND mode = 'AccessExclusiveLock';
BEGIN;
CALL mooncake.create_table('r_4', 'r');
SELECT mode FROM pg_locks WHERE relation = 'r'::regclass AND pid = pg_backend_pid() ORDER BY 1;
ROLLBACK;

-- Nothing stays behind for the next file.
SET client_min_messages = warning;
DROP EXTENSION ivy_mooncake CASCADE;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
DROP ROLE mooncake_owner;

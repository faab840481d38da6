-- What CALL mooncake.create_table accepts, what it leaves behind, and each of its refusals with SQLSTATE.
-- Needs a server with shared_preload_libraries = 'ivy_mooncake' and wal_level = logical, but no running engine.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS ivy_mooncake CASCADE;
CREATE VIEW registry AS
    SELECT mirror, source, key, columns, replica_identity, replica_identity_index, config FROM mooncake.tables ORDER BY mirror::text;
CREATE VIEW published AS
    SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = 'mooncake' AND schemaname <> 'mooncake' ORDER BY 1, 2;
CREATE VIEW identities AS
    SELECT oid::regclass AS source, relreplident FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1;

-- Every supported type, a dropped column before the key, a collation.
CREATE TABLE r (gone int, b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric(38,10), t text COLLATE "C",
    v varchar(7), c char(3), y bytea, d date, ti time(3), ts timestamp, tz timestamptz(0), u uuid, j json, jb jsonb,
    id int PRIMARY KEY, "odd ""name" text DEFAULT 'x' NOT NULL);
ALTER TABLE r DROP COLUMN gone;
CALL mooncake.create_table('c', 'r');
SELECT a.attname, format_type(atttypid, atttypmod), attnotnull, atthasdef, collname
    FROM pg_attribute a LEFT JOIN pg_collation l ON l.oid = attcollation AND collname <> 'default'
    WHERE attrelid = 'c'::regclass AND attnum > 0 ORDER BY attnum;
SELECT * FROM registry;
SELECT * FROM published;

-- A second mirror of the same source, with quoting and schema; and rollback.
CREATE SCHEMA "My Schema";
CALL mooncake.create_table('"My Schema"."Mirror"', 'public.r', NULL, '{}');
BEGIN;
CREATE TABLE fresh (id int PRIMARY KEY);
CALL mooncake.create_table('fresh_mirror', 'fresh');
SELECT count(*) FROM registry;
ROLLBACK;
SELECT * FROM registry;
SELECT * FROM published;
DROP TABLE "My Schema"."Mirror";
SELECT * FROM published;
DROP TABLE c;
SELECT * FROM registry;
SELECT * FROM published;

-- Keys: unique index, NOTHING, an index that others chose, FULL; all is restored with the last mirror.
CREATE TABLE k1 (a int, b int NOT NULL, c text NOT NULL, UNIQUE (a));
CREATE UNIQUE INDEX k1_part ON k1 (b) WHERE a > 0;
CREATE UNIQUE INDEX k1_expression ON k1 (lower(c));
CREATE UNIQUE INDEX k1_key ON k1 (c, b) INCLUDE (a);
CREATE TABLE k2 (a int PRIMARY KEY);
ALTER TABLE k2 REPLICA IDENTITY NOTHING;
CREATE TABLE k3 (a int PRIMARY KEY, b int NOT NULL);
CREATE UNIQUE INDEX k3_b ON k3 (b);
ALTER TABLE k3 REPLICA IDENTITY USING INDEX k3_b;
CREATE TABLE k4 (a int PRIMARY KEY);
ALTER TABLE k4 REPLICA IDENTITY FULL;
CREATE TABLE k5 (a int NOT NULL UNIQUE);
SELECT * FROM identities;
CALL mooncake.create_table('m1', 'k1');
CALL mooncake.create_table('m1_second', 'k1');
CALL mooncake.create_table('m2', 'k2');
CALL mooncake.create_table('m3', 'k3');
CALL mooncake.create_table('m4', 'k4');
CALL mooncake.create_table('m5', 'k5');
SELECT * FROM registry;
SELECT * FROM identities WHERE source::text LIKE 'k%';
DROP TABLE m1;
SELECT * FROM identities WHERE source::text LIKE 'k%';
ALTER TABLE k5 REPLICA IDENTITY FULL;
DROP TABLE m1_second, m2, m3, m4, m5;
SELECT * FROM identities WHERE source::text LIKE 'k%';
SELECT * FROM published;

-- The source or its key goes first: the source stays writable.
CREATE TABLE s1 (a int NOT NULL UNIQUE);
CALL mooncake.create_table('s1_mirror', 's1');
INSERT INTO s1 VALUES (1);
ALTER TABLE s1 DROP CONSTRAINT s1_a_key;
UPDATE s1 SET a = 2;
DELETE FROM s1;
SELECT relreplident FROM pg_class WHERE relname = 's1';
SELECT * FROM registry;
DROP TABLE s1_mirror;
SELECT relreplident FROM pg_class WHERE relname = 's1';
CALL mooncake.create_table('r_mirror', 'r');
DROP TABLE r;
SELECT mirror, detached FROM mooncake.tables;
SELECT * FROM published;
DROP TABLE r_mirror;
SELECT count(*) FROM registry;

-- Refusals: names and parameters.
CREATE TABLE r (id int PRIMARY KEY);
CALL mooncake.create_table('x', 'missing');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'missing.r');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('missing.x', 'r');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('k1', 'r');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('a b c', 'r');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table(NULL, 'r');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', NULL);
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('pg_temp.x', 'r');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '{"partition_by": "id"}');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'r', NULL, '[1]');
\echo :LAST_ERROR_SQLSTATE

-- Refusals: kinds of sources.
CREATE VIEW a_view AS SELECT 1 AS id;
CREATE MATERIALIZED VIEW a_matview AS SELECT 1 AS id;
CREATE SEQUENCE a_sequence;
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
CREATE FOREIGN TABLE a_foreign (id int) SERVER nowhere;
CREATE TABLE a_partitioned (id int) PARTITION BY LIST (id);
CREATE TABLE a_partition PARTITION OF a_partitioned DEFAULT;
CREATE TABLE half_foreign (id int) PARTITION BY LIST (id);
CREATE FOREIGN TABLE half_foreign_1 PARTITION OF half_foreign DEFAULT SERVER nowhere;
CREATE TABLE half_unlogged (id int) PARTITION BY LIST (id);
CREATE UNLOGGED TABLE half_unlogged_1 PARTITION OF half_unlogged DEFAULT;
CREATE TABLE a_parent (id int PRIMARY KEY);
CREATE TABLE a_child (PRIMARY KEY (id)) INHERITS (a_parent);
CREATE TEMP TABLE a_temp (id int PRIMARY KEY);
CREATE UNLOGGED TABLE an_unlogged (id int PRIMARY KEY);
CREATE TABLE a_secured (id int PRIMARY KEY);
ALTER TABLE a_secured ENABLE ROW LEVEL SECURITY;
CALL mooncake.create_table('m', 'r');
CALL mooncake.create_table('x', 'a_view');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'a_matview');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'a_sequence');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'a_foreign');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'half_foreign');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'half_unlogged');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'a_partition');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'a_parent');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'a_child');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'a_temp');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'an_unlogged');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'a_secured');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'pg_class');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'information_schema.sql_features');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'mooncake.tables');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 'm');
\echo :LAST_ERROR_SQLSTATE

-- Refusals: columns.
CREATE DOMAIN item AS aclitem;
CREATE TABLE t1 (id int PRIMARY KEY, a aclitem);
CREATE TABLE t2 (id int PRIMARY KEY, i item[]);
CREATE TABLE t8 (g int GENERATED ALWAYS AS (1) STORED);
CREATE TABLE t9 ();
CALL mooncake.create_table('x', 't1');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 't2');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 't8');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_table('x', 't9');
\echo :LAST_ERROR_SQLSTATE
SELECT to_regclass('x');
SELECT * FROM registry;
SELECT * FROM published;

-- Privileges: an owner needs nothing more; anyone else is refused; the registry is nobody's.
CREATE ROLE mooncake_owner;
CREATE ROLE mooncake_reader;
CREATE SCHEMA own AUTHORIZATION mooncake_owner;
GRANT USAGE ON SCHEMA own TO mooncake_reader;
SET ROLE mooncake_owner;
CREATE TABLE own.r (a int NOT NULL UNIQUE);
CALL mooncake.create_table('own.c', 'own.r');
SELECT tableowner FROM pg_tables WHERE schemaname = 'own' AND tablename = 'c';
SELECT * FROM mooncake.tables;
\echo :LAST_ERROR_SQLSTATE
SELECT "table" FROM mooncake.list_tables() WHERE "table" = 'own.c';
GRANT SELECT ON own.c TO mooncake_reader;
SET ROLE mooncake_reader;
CALL mooncake.create_table('own.x', 'own.r');
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
GRANT SELECT ON own.r TO mooncake_reader;
SET ROLE mooncake_reader;
CALL mooncake.create_table('own.x', 'own.r');
\echo :LAST_ERROR_SQLSTATE
DROP TABLE own.c;
\echo :LAST_ERROR_SQLSTATE
SELECT mooncake.on_drop();
\echo :LAST_ERROR_SQLSTATE
SET ROLE mooncake_owner;
CALL mooncake.create_snapshot('own.r');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_snapshot('missing');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.create_snapshot(NULL);
\echo :LAST_ERROR_SQLSTATE
DROP TABLE own.c;
RESET ROLE;
SELECT relreplident FROM pg_class WHERE oid = 'own.r'::regclass;
SELECT * FROM published;

-- Nothing stays behind for the next file.
DROP EXTENSION ivy_mooncake CASCADE;
DROP SCHEMA own CASCADE;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
DROP FOREIGN DATA WRAPPER nothing CASCADE;
DROP ROLE mooncake_owner;
DROP ROLE mooncake_reader;

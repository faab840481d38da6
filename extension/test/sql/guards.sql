-- What a mirror refuses, what it allows, and what DROP EXTENSION undoes.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS ivy_mooncake CASCADE;
CREATE TABLE src (id int PRIMARY KEY, v text);
CREATE TABLE plain (id int NOT NULL UNIQUE, v text);
CREATE TABLE silent (id int PRIMARY KEY);
ALTER TABLE silent REPLICA IDENTITY NOTHING;
CALL mooncake.create_table('mir', 'src');
CALL mooncake.create_table('plain_mirror', 'plain');
CALL mooncake.create_table('silent_mirror', 'silent');
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';

ALTER TABLE mir ADD COLUMN x int;
\echo :LAST_ERROR_SQLSTATE
ALTER TABLE mir DROP COLUMN v;
ALTER TABLE mir ADD PRIMARY KEY (id);
ALTER TABLE mir ALTER COLUMN v TYPE varchar;
ALTER TABLE mir SET ACCESS METHOD heap;
ALTER TABLE mir SET UNLOGGED;
ALTER TABLE mir REPLICA IDENTITY FULL;
ALTER TABLE mir RENAME TO other;
ALTER TABLE mir RENAME COLUMN v TO w;
ALTER TABLE mir SET SCHEMA pg_catalog;
ALTER TABLE plain SET ACCESS METHOD mooncake;
CREATE INDEX ON mir (id);
CREATE INDEX CONCURRENTLY ON mir (id);
SELECT count(*) FROM pg_index WHERE indrelid = 'mir'::regclass;
CREATE TRIGGER x BEFORE INSERT ON mir FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE RULE x AS ON INSERT TO mir DO INSTEAD NOTHING;
CREATE STATISTICS x ON id, v FROM mir;
CREATE TABLE child () INHERITS (mir);
CREATE TABLE child2 (id int NOT NULL, v text);
ALTER TABLE child2 INHERIT mir;
CREATE TABLE parted (id int NOT NULL, v text) PARTITION BY LIST (id);
ALTER TABLE parted ATTACH PARTITION mir DEFAULT;
CREATE TABLE part PARTITION OF parted DEFAULT USING mooncake;
TRUNCATE mir;
TRUNCATE src, mir;
CLUSTER mir USING x;
VACUUM FULL mir;
VACUUM (FULL true) mir;
CREATE TABLE x USING mooncake AS SELECT 1 AS id;
CREATE MATERIALIZED VIEW x USING mooncake AS SELECT 1 AS id;
CREATE TABLE x (id int PRIMARY KEY) USING mooncake;
CREATE TABLE x (id int DEFAULT 1) USING mooncake;
CREATE TABLE x (LIKE src INCLUDING ALL) USING mooncake;
CREATE TEMP TABLE x (id int) USING mooncake;
CREATE UNLOGGED TABLE x (id int) USING mooncake;
DROP PUBLICATION mooncake;
\echo :LAST_ERROR_SQLSTATE
DROP SCHEMA mooncake CASCADE;
\echo :LAST_ERROR_SQLSTATE
DROP ACCESS METHOD mooncake CASCADE;
ALTER PUBLICATION mooncake DROP TABLE src;
\echo :LAST_ERROR_SQLSTATE
ALTER PUBLICATION mooncake SET (publish = 'insert');

-- Allowed, also on sources.
CREATE ROLE mooncake_other;
ALTER TABLE mir OWNER TO mooncake_other;
ALTER TABLE mir ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON mir USING (true);
DROP POLICY p ON mir;
ALTER TABLE mir DISABLE ROW LEVEL SECURITY;
GRANT SELECT ON mir TO PUBLIC;
COMMENT ON TABLE mir IS 'a mirror';
COMMENT ON COLUMN mir.v IS 'a column';
BEGIN;
LOCK TABLE mir IN SHARE MODE;
ALTER TABLE src ADD COLUMN w int;
ALTER TABLE src RENAME TO src2;
TRUNCATE src2;
CREATE INDEX ON src2 (v);
ROLLBACK;
SET default_table_access_method = mooncake;
CREATE TABLE restored (id int NOT NULL, v text COLLATE "C");
CREATE TABLE x AS SELECT 1 AS id;
RESET default_table_access_method;
DROP TABLE restored;

-- DROP EXTENSION: refused, rolled back, done.
DROP EXTENSION ivy_mooncake;
\echo :LAST_ERROR_SQLSTATE
SELECT relname, relreplident FROM pg_class WHERE relname IN ('src', 'plain', 'silent') ORDER BY 1;
SELECT count(*) FROM mooncake.tables;
BEGIN;
DROP EXTENSION ivy_duckdb CASCADE;
SELECT relname, relreplident FROM pg_class WHERE relname IN ('src', 'plain', 'silent') ORDER BY 1;
ROLLBACK;
SELECT relname, relreplident FROM pg_class WHERE relname IN ('src', 'plain', 'silent') ORDER BY 1;
SELECT tablename FROM pg_publication_tables WHERE pubname = 'mooncake' AND schemaname <> 'mooncake' ORDER BY 1;
SELECT slot_name FROM pg_create_logical_replication_slot('mooncake_test', 'test_decoding');
DROP EXTENSION ivy_mooncake CASCADE;
SELECT relname, relreplident FROM pg_class WHERE relname IN ('src', 'plain', 'silent') ORDER BY 1;
SELECT count(*) FROM pg_publication;
SELECT to_regclass('mir'), to_regnamespace('mooncake');
SELECT data FROM pg_logical_slot_get_changes('mooncake_test', NULL, NULL) WHERE data LIKE 'message%';
SELECT pg_drop_replication_slot('mooncake_test');
DROP OWNED BY mooncake_other;
DROP ROLE mooncake_other;

-- What becomes of mirrors when their sources are altered, in the same transaction.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS ivy_mooncake CASCADE;
CREATE VIEW registry AS
    SELECT mirror, key, columns, definition::json->>'identity' AS identity, generation, resync, detached, error
    FROM mooncake.tables ORDER BY mirror::text;
CREATE VIEW shapes AS
    SELECT attrelid::regclass AS mirror, attnum, attname, format_type(atttypid, atttypmod), attnotnull
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE c.relam = (SELECT oid FROM pg_am WHERE amname = 'mooncake') AND attnum > 0 AND NOT attisdropped
    ORDER BY attrelid::regclass::text, attnum;
CREATE VIEW initials AS
    SELECT mirror, c->>'name' AS name, c->>'source' AS source, c->>'initial' AS initial
    FROM mooncake.tables, json_array_elements(definition::json->'columns') c WHERE c->>'initial' IS NOT NULL
    ORDER BY mirror::text, c->>'name';

-- Columns come, go, get other names and types; a rollback takes it back.
CREATE TABLE r (id int PRIMARY KEY, a int, b varchar(5), n numeric(5,2), f real);
INSERT INTO r VALUES (1, 2, 'x', 3, 4);
CALL mooncake.create_table('c', 'r');
ALTER TABLE r ADD COLUMN k int DEFAULT -7, ADD COLUMN e text, ADD COLUMN t text DEFAULT 'ä';
SELECT * FROM registry;
SELECT * FROM initials;
ALTER TABLE r ALTER a TYPE bigint, ALTER b TYPE varchar(9), ALTER n TYPE numeric(9,2), ALTER f TYPE float8, ALTER k TYPE bigint;
ALTER TABLE r ALTER a SET NOT NULL, DROP COLUMN e;
ALTER TABLE r RENAME COLUMN a TO alpha;
SELECT * FROM shapes;
SELECT * FROM initials;
SELECT * FROM registry;
SELECT relfrozenxid, relminmxid FROM pg_class WHERE relname = 'c';
BEGIN;
ALTER TABLE r DROP COLUMN b;
SAVEPOINT s;
ALTER TABLE r ADD COLUMN b int;
ALTER TABLE r RENAME TO s;
SELECT * FROM shapes;
ROLLBACK TO s;
SELECT count(*) FROM shapes;
ROLLBACK;
SELECT * FROM registry;
BEGIN;
ALTER TABLE r RENAME alpha TO t2;
ALTER TABLE r RENAME b TO alpha;
ALTER TABLE r RENAME t2 TO b;
COMMIT;
SELECT attname, format_type FROM shapes;
CREATE FUNCTION alter_it() RETURNS void LANGUAGE plpgsql AS 'BEGIN ALTER TABLE r DROP COLUMN t; END';
SELECT alter_it();
DO $$ BEGIN ALTER TABLE r ADD COLUMN z int; EXCEPTION WHEN division_by_zero THEN NULL; END $$;
DO $$ BEGIN ALTER TABLE r ADD COLUMN zz int; PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END $$;
SELECT attname FROM shapes;

-- Names and schemas of the source are nothing to its mirrors.
CREATE SCHEMA elsewhere;
ALTER TABLE r RENAME TO renamed;
ALTER TABLE renamed SET SCHEMA elsewhere;
ALTER SCHEMA elsewhere RENAME TO there;
SELECT * FROM registry;
ALTER TABLE there.renamed SET SCHEMA public;
ALTER TABLE renamed RENAME TO r;

-- What only a copy can follow.
ALTER TABLE r ADD COLUMN v float8 DEFAULT random();
ALTER TABLE r ADD COLUMN i int GENERATED ALWAYS AS IDENTITY;
ALTER TABLE r ALTER b TYPE text;
ALTER TABLE r ALTER z TYPE int USING z + 1;
ALTER TABLE r ADD COLUMN g int GENERATED ALWAYS AS (id * 2) STORED;
SELECT * FROM registry;
ALTER TABLE r ALTER g DROP EXPRESSION;
SELECT * FROM registry;
SELECT attname, format_type FROM shapes;
DROP TABLE c;
DROP TABLE r;

-- Keys and replica identities that others change.
CREATE TABLE r (id int PRIMARY KEY, b int NOT NULL, CONSTRAINT b_key UNIQUE (b));
CALL mooncake.create_table('c', 'r');
ALTER TABLE r DROP CONSTRAINT r_pkey;
SELECT key, identity, resync, relreplident FROM registry, pg_class WHERE relname = 'r';
ALTER TABLE r DROP CONSTRAINT b_key;
SELECT key, identity, resync, relreplident FROM registry, pg_class WHERE relname = 'r';
ALTER TABLE r ADD COLUMN x int;
ALTER TABLE r ADD PRIMARY KEY (b);
SELECT key, identity, resync, relreplident FROM registry, pg_class WHERE relname = 'r';
ALTER TABLE r REPLICA IDENTITY NOTHING;
UPDATE r SET b = b;
SELECT key, identity, resync, relreplident FROM registry, pg_class WHERE relname = 'r';
ALTER TABLE r REPLICA IDENTITY FULL;
SELECT key, identity, resync, relreplident FROM registry, pg_class WHERE relname = 'r';
ALTER TABLE r ADD COLUMN id2 int UNIQUE NOT NULL;
ALTER TABLE r REPLICA IDENTITY USING INDEX r_id2_key;
SELECT key, identity, resync, relreplident FROM registry, pg_class WHERE relname = 'r';
DROP INDEX CONCURRENTLY r_id2_key;
ALTER TABLE r DROP CONSTRAINT r_id2_key;
SELECT key, identity, resync, relreplident FROM registry, pg_class WHERE relname = 'r';
UPDATE r SET b = b;
DROP TABLE c;
SELECT relreplident FROM pg_class WHERE relname = 'r';
DROP TABLE r;

-- Policies; a mirror that cannot follow fails, and its source's statement goes on.
CREATE TABLE r (id int PRIMARY KEY, a int, b text);
CALL mooncake.create_table('c_evolve', 'r');
CALL mooncake.create_table('c_ignore', 'r', NULL, '{"on_ddl": "ignore"}');
CALL mooncake.create_table('c_error', 'r', NULL, '{"on_ddl": "error"}');
CALL mooncake.create_table('c_columns', 'r', NULL, '{"columns": ["id", "a"], "filter": "b = ''x''"}');
CREATE VIEW a_view AS SELECT a FROM c_evolve;
ALTER TABLE r ADD COLUMN d int;
SELECT * FROM registry;
ALTER TABLE r RENAME a TO aa;
ALTER TABLE r DROP COLUMN aa;
SELECT * FROM registry;
ALTER TABLE r DROP COLUMN b;
SELECT mirror, error FROM registry;
SELECT * FROM shapes;
ALTER TABLE r DROP COLUMN id;
SELECT mirror, key, identity, resync, error FROM registry;
CALL mooncake.resync('c_evolve');
\echo :LAST_ERROR_SQLSTATE
DROP VIEW a_view;
CALL mooncake.resync('c_evolve');
CALL mooncake.resync('c_error');
CALL mooncake.resync('c_columns');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM registry;
SELECT * FROM shapes;
CREATE ROLE mooncake_other;
GRANT USAGE ON SCHEMA public TO mooncake_other;
SET ROLE mooncake_other;
CALL mooncake.resync('c_evolve');
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
CALL mooncake.resync('r');
\echo :LAST_ERROR_SQLSTATE
CALL mooncake.resync(NULL);
\echo :LAST_ERROR_SQLSTATE
CREATE TABLE heir () INHERITS (r);
SELECT mirror, error FROM registry;
DROP TABLE heir;
DROP TABLE r;
SELECT * FROM registry;
CALL mooncake.resync('c_evolve');
\echo :LAST_ERROR_SQLSTATE
DROP TABLE c_evolve, c_ignore, c_error, c_columns;

-- An owner without other rights.
CREATE SCHEMA own AUTHORIZATION mooncake_other;
SET ROLE mooncake_other;
CREATE TABLE own.r (id int);
CALL mooncake.create_table('own.c', 'own.r');
ALTER TABLE own.r ADD COLUMN v text;
ALTER TABLE own.r ADD PRIMARY KEY (id);
CALL mooncake.resync('own.c');
RESET ROLE;
SELECT * FROM registry;
SELECT relreplident FROM pg_class WHERE oid = 'own.r'::regclass;
DROP SCHEMA own CASCADE;

-- Partitions that come and go; rows count, empty ones do not.
CREATE TABLE p (id int, v text) PARTITION BY RANGE (id);
CREATE TABLE p_a PARTITION OF p FOR VALUES FROM (0) TO (10);
CALL mooncake.create_table('p_c', 'p');
CREATE TABLE p_b PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE TABLE p_c1 (v text, id int);
ALTER TABLE p ATTACH PARTITION p_c1 FOR VALUES FROM (20) TO (30);
SELECT relation, before, given FROM mooncake.replica_identities ORDER BY relation::text;
SELECT resync FROM registry;
INSERT INTO p VALUES (1, 'a'), (11, 'b'), (21, 'c');
UPDATE p SET v = 'd';
CREATE TABLE p_d (id int, v text);
INSERT INTO p_d VALUES (31, 'e');
ALTER TABLE p ATTACH PARTITION p_d FOR VALUES FROM (30) TO (40);
SELECT resync FROM registry;
TRUNCATE p_d;
SELECT resync FROM registry;
TRUNCATE p_d, p;
SELECT resync FROM registry;
ALTER TABLE p DETACH PARTITION p_d;
INSERT INTO p VALUES (1, 'a'), (11, 'b'), (21, 'c');
SELECT resync FROM registry;
ALTER TABLE p DETACH PARTITION p_c1 CONCURRENTLY;
SELECT resync FROM registry;
SELECT relname, relreplident FROM pg_class WHERE relname IN ('p', 'p_a', 'p_b', 'p_c1', 'p_d') ORDER BY 1;
DROP TABLE p_b;
SELECT resync FROM registry;
ALTER TABLE p ADD COLUMN k int DEFAULT 5;
ALTER TABLE p ADD COLUMN u uuid DEFAULT gen_random_uuid();
SELECT * FROM registry;
SELECT * FROM initials;
ALTER TABLE p ADD PRIMARY KEY (id);
SELECT * FROM registry;
SELECT relname, relreplident FROM pg_class WHERE relname IN ('p', 'p_a') ORDER BY 1;
DROP TABLE p_c;
SELECT relname, relreplident FROM pg_class WHERE relname IN ('p', 'p_a') ORDER BY 1;
SELECT count(*) FROM mooncake.replica_identities;

-- Nothing stays behind for the next file.
DROP EXTENSION ivy_mooncake CASCADE;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
DROP SCHEMA there;
DROP ROLE mooncake_other;

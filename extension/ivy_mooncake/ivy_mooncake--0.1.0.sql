\echo Use "CREATE EXTENSION ivy_mooncake CASCADE" to load this file. \quit

CREATE SCHEMA mooncake;
GRANT USAGE ON SCHEMA mooncake TO PUBLIC;

-- A server that did not preload the library has no engine: say so now, not at the first mirror.
CREATE FUNCTION mooncake.require_preload() RETURNS void
    LANGUAGE C AS 'MODULE_PATHNAME', 'mooncake_require_preload';
SELECT mooncake.require_preload();
DROP FUNCTION mooncake.require_preload();

CREATE FUNCTION mooncake.mooncake_am_handler(internal) RETURNS table_am_handler
    LANGUAGE C STRICT AS 'MODULE_PATHNAME', 'mooncake_am_handler';
CREATE ACCESS METHOD mooncake TYPE TABLE HANDLER mooncake.mooncake_am_handler;
COMMENT ON ACCESS METHOD mooncake IS 'read-only mirrors of tables, kept in Apache Iceberg';

-- One row a mirror, written by create_table and by DROP TABLE, read by the engine in WAL order.
CREATE TABLE mooncake.tables (
    mirror regclass PRIMARY KEY,
    source regclass NOT NULL,
    key smallint[] NOT NULL,
    columns smallint[] NOT NULL,
    replica_identity "char" NOT NULL,
    replica_identity_index name,
    config json,
    error text,
    created timestamptz NOT NULL DEFAULT now(),
    definition text NOT NULL,
    generation int NOT NULL DEFAULT 1,
    resync int NOT NULL DEFAULT 0,
    detached boolean NOT NULL DEFAULT false,
    source_uri text,
    source_name text
);
CREATE INDEX tables_source ON mooncake.tables (source);
COMMENT ON COLUMN mooncake.tables.source IS 'the table that is mirrored, 0 when it is in another database';
COMMENT ON COLUMN mooncake.tables.key IS 'attribute numbers of the mirror that form the key, in key order';
COMMENT ON COLUMN mooncake.tables.columns
    IS 'attribute number in the source of each column of the mirror, 0 when the source has dropped it';
COMMENT ON COLUMN mooncake.tables.error IS 'why the mirror has failed for good, written by the engine';
COMMENT ON COLUMN mooncake.tables.replica_identity IS 'pg_class.relreplident of the source before its first mirror';
COMMENT ON COLUMN mooncake.tables.replica_identity_index
    IS 'index of the replica identity before, where it was an index';
COMMENT ON COLUMN mooncake.tables.definition
    IS 'the mirror''s columns, key and policies as of this row''s place in the WAL';
COMMENT ON COLUMN mooncake.tables.generation IS 'goes up with each change of the definition';
COMMENT ON COLUMN mooncake.tables.resync IS 'goes up with each demand to copy the source again';
COMMENT ON COLUMN mooncake.tables.detached IS 'the source was dropped, the mirror stays as it was then';
REVOKE ALL ON mooncake.tables FROM PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('mooncake.tables', '');

-- Rows that a dump brings.
CREATE FUNCTION mooncake.on_restore() RETURNS trigger
    LANGUAGE C AS 'MODULE_PATHNAME', 'mooncake_on_restore';
REVOKE ALL ON FUNCTION mooncake.on_restore() FROM PUBLIC;
CREATE TRIGGER restored BEFORE INSERT ON mooncake.tables FOR EACH ROW EXECUTE FUNCTION mooncake.on_restore();

-- Every table that holds rows of a source: the source itself, or each of its partitions.
CREATE TABLE mooncake.replica_identities (
    relation regclass PRIMARY KEY,
    source regclass NOT NULL,
    before "char" NOT NULL,
    before_index name,
    given "char" NOT NULL
);
CREATE INDEX replica_identities_source ON mooncake.replica_identities (source);
COMMENT ON COLUMN mooncake.replica_identities.before IS 'pg_class.relreplident without mirrors';
COMMENT ON COLUMN mooncake.replica_identities.before_index IS 'its index, where it was an index';
COMMENT ON COLUMN mooncake.replica_identities.given IS 'what it was set to for the mirrors';
REVOKE ALL ON mooncake.replica_identities FROM PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('mooncake.replica_identities', '');

-- The catalog of the Iceberg warehouse, in the layout of Iceberg's own JDBC catalog (schema version V1).
CREATE TABLE mooncake.iceberg_tables (
    catalog_name varchar(255) NOT NULL,
    table_namespace varchar(255) NOT NULL,
    table_name varchar(255) NOT NULL,
    metadata_location varchar(1000),
    previous_metadata_location varchar(1000),
    iceberg_type varchar(5),
    PRIMARY KEY (catalog_name, table_namespace, table_name)
);
CREATE TABLE mooncake.iceberg_namespace_properties (
    catalog_name varchar(255) NOT NULL,
    namespace varchar(255) NOT NULL,
    property_key varchar(255),
    property_value varchar(1000),
    PRIMARY KEY (catalog_name, namespace, property_key)
);
REVOKE ALL ON mooncake.iceberg_tables, mooncake.iceberg_namespace_properties FROM PUBLIC;

-- What the engine's slot follows: the registry, and every source from create_table on. A publication is no member of
-- the extension that creates it unless it is recorded here; as a member it is dropped with it and never dumped.
CREATE PUBLICATION mooncake FOR TABLE mooncake.tables WITH (publish_via_partition_root = true);
INSERT INTO pg_catalog.pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
    SELECT 'pg_catalog.pg_publication'::pg_catalog.regclass, p.oid, 0,
           'pg_catalog.pg_extension'::pg_catalog.regclass, e.oid, 0, 'e'
    FROM pg_catalog.pg_publication p, pg_catalog.pg_extension e
    WHERE p.pubname = 'mooncake' AND e.extname = 'ivy_mooncake';

CREATE PROCEDURE mooncake.create_table(dst text, src text, src_uri text DEFAULT NULL, table_config json DEFAULT NULL)
    LANGUAGE C AS 'MODULE_PATHNAME', 'mooncake_create_table';
COMMENT ON PROCEDURE mooncake.create_table(text, text, text, json) IS 'creates the mirror dst of the table src';

CREATE PROCEDURE mooncake.create_snapshot(dst text)
    LANGUAGE C AS 'MODULE_PATHNAME', 'mooncake_create_snapshot';
COMMENT ON PROCEDURE mooncake.create_snapshot(text)
    IS 'returns when everything committed so far is durable in an Iceberg snapshot of the mirror dst';

CREATE PROCEDURE mooncake.resync(mirror text)
    LANGUAGE C AS 'MODULE_PATHNAME', 'mooncake_resync';
COMMENT ON PROCEDURE mooncake.resync(text)
    IS 'has the source of the mirror copied again; a mirror that has failed lives again';

CREATE FUNCTION mooncake.redefine(mirror oid, definition text, resync boolean) RETURNS void
    LANGUAGE C STRICT AS 'MODULE_PATHNAME', 'mooncake_redefine';
REVOKE ALL ON FUNCTION mooncake.redefine(oid, text, boolean) FROM PUBLIC;
COMMENT ON FUNCTION mooncake.redefine(oid, text, boolean)
    IS 'used by the engine when a remote source has changed';

CREATE FUNCTION mooncake.list_tables(
    OUT "table" text, OUT commit_lsn pg_lsn, OUT flush_lsn pg_lsn, OUT iceberg_warehouse_location text)
    RETURNS SETOF record LANGUAGE C VOLATILE ROWS 100 AS 'MODULE_PATHNAME', 'mooncake_list_tables';
COMMENT ON FUNCTION mooncake.list_tables() IS 'the mirrors of this database and how far they are';

CREATE FUNCTION mooncake.status(
    OUT "table" text, OUT state text, OUT rows bigint, OUT rows_in_memory bigint, OUT data_files bigint,
    OUT commit_lsn pg_lsn, OUT flush_lsn pg_lsn, OUT iceberg_warehouse_location text, OUT error text)
    RETURNS SETOF record LANGUAGE C VOLATILE ROWS 100 AS 'MODULE_PATHNAME', 'mooncake_status';
COMMENT ON FUNCTION mooncake.status()
    IS 'state of every mirror of this database; rows without a table are replication streams, its own first';

CREATE FUNCTION mooncake.bgworker_status() RETURNS json
    LANGUAGE C VOLATILE AS 'MODULE_PATHNAME', 'mooncake_bgworker_status';
COMMENT ON FUNCTION mooncake.bgworker_status() IS 'is the engine switched on, and does it answer';

-- A loop takes one statement only, so that nothing is run beside EXPLAIN.
CREATE FUNCTION mooncake.explain_pushdown(
    sql text, OUT level int, OUT part text, OUT pushed boolean, OUT how text, OUT reason text)
    RETURNS SETOF record LANGUAGE plpgsql VOLATILE STRICT AS $$
DECLARE
    line record;
    plans json;
BEGIN
    FOR line IN EXECUTE pg_catalog.concat('EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) ', sql) LOOP
        plans := line."QUERY PLAN";
    END LOOP;
    FOR level, part, pushed, how, reason IN
        WITH RECURSIVE nodes (place, node) AS (
            SELECT ARRAY[p.number], p.plan->'Plan'
            FROM pg_catalog.json_array_elements(plans) WITH ORDINALITY AS p (plan, number)
            UNION ALL
            SELECT n.place || p.number, p.plan
            FROM nodes n, pg_catalog.json_array_elements(n.node->'Plans') WITH ORDINALITY AS p (plan, number)
        ), reads AS (
            SELECT n.place, n.node, n.node->>'Path' AS path, n.node->>'DuckDB SQL' AS duckdb,
                   n.node->>'Relation Name' AS relation,
                   (SELECT pg_catalog.string_agg(c.name, ', ' ORDER BY c.number)
                    FROM pg_catalog.json_array_elements_text(n.node->'Columns') WITH ORDINALITY AS c (name, number))
                       AS columns,
                   (SELECT pg_catalog.string_agg(c.text, '; ' ORDER BY c.number)
                    FROM pg_catalog.json_array_elements_text(n.node->'Conditions not pushed')
                        WITH ORDINALITY AS c (text, number)) AS conditions
            FROM nodes n
            WHERE n.node->>'Path' IS NOT NULL OR n.node->>'Relation Name' IS NOT NULL
        ), query AS (
            SELECT pg_catalog.bool_or(r.path = 'whole query in DuckDB') AS whole,
                   pg_catalog.min(r.node->>'Not pushed') AS reason, pg_catalog.count(r.path) AS mirrors
            FROM reads r
        ), rows AS (
            SELECT ARRAY[]::bigint[] AS place, 'query' AS part, false AS pushed, 'Postgres' AS how,
                   CASE WHEN q.mirrors = 0 THEN 'the query reads no mirror' ELSE q.reason END AS reason
            FROM query q WHERE q.whole IS NOT TRUE
            UNION ALL
            SELECT r.place,
                   CASE r.path WHEN 'whole query in DuckDB' THEN 'query' WHEN 'part of the query in DuckDB' THEN 'part'
                       ELSE pg_catalog.concat(CASE WHEN r.path IS NULL THEN 'table ' ELSE 'mirror ' END, r.relation)
                   END,
                   r.duckdb IS NOT NULL,
                   CASE WHEN r.duckdb IS NOT NULL THEN r.duckdb WHEN r.path IS NULL THEN 'Postgres'
                       WHEN r.columns IS NULL THEN 'all rows without columns'
                       ELSE pg_catalog.concat('all rows of ', r.columns) END,
                   CASE WHEN r.path IS NULL THEN 'it is not a mirror' ELSE r.conditions END
            FROM reads r
        )
        SELECT CASE WHEN r.place = ARRAY[]::bigint[] THEN 0 ELSE pg_catalog.cardinality(r.place) - 1 END,
               r.part, r.pushed, r.how, r.reason
        FROM rows r ORDER BY r.place
    LOOP
        RETURN NEXT;
    END LOOP;
END $$;
COMMENT ON FUNCTION mooncake.explain_pushdown(text)
    IS 'which parts of a statement run in DuckDB and why others do not; the statement is not run';

CREATE FUNCTION mooncake.on_drop() RETURNS event_trigger
    LANGUAGE C AS 'MODULE_PATHNAME', 'mooncake_on_drop';
REVOKE ALL ON FUNCTION mooncake.on_drop() FROM PUBLIC;
CREATE EVENT TRIGGER mooncake_drop ON sql_drop
    WHEN TAG IN ('DROP TABLE', 'DROP SCHEMA', 'DROP OWNED', 'DROP EXTENSION', 'DROP INDEX', 'ALTER TABLE')
    EXECUTE FUNCTION mooncake.on_drop();

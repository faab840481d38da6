\echo Use "CREATE EXTENSION ivy_duckdb" to load this file. \quit

CREATE SCHEMA duckdb;
GRANT USAGE ON SCHEMA duckdb TO PUBLIC;

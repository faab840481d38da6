-- Empty on purpose: everything is in ivy_mooncake, which this extension requires.
\echo Use "CREATE EXTENSION pg_mooncake CASCADE" to load this file. \quit

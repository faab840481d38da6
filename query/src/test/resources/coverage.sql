-- The functions of pg_catalog that a query can name or that an operator or cast stands for, whose arguments and result
-- are of the types that expressions over mirrors compute with. Left out: volatile functions, the input and output
-- functions of types, the parts of aggregates and of index access methods, estimators, and what reads the server's
-- state or catalog.
WITH supported(name) AS (
    SELECT unnest('{bool,int2,int4,int8,float4,float8,numeric,text,varchar,bpchar,name,char,bytea,date,time,timetz,
                    timestamp,timestamptz,interval,uuid,json,jsonb,jsonpath,money,oid,unknown,any,anyelement,
                    anynonarray,anyarray,anycompatible,anycompatiblearray,anycompatiblenonarray,anyenum,_bool,_int2,
                    _int4,_int8,_float4,_float8,_numeric,_text,_varchar,_bpchar,_date,_timestamp,_timestamptz,_jsonb,
                    record}'::text[])
), types AS (
    SELECT t.oid FROM pg_type t JOIN supported s ON s.name = t.typname
    WHERE t.typnamespace = 'pg_catalog'::regnamespace
), parts(function) AS (
    SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typsubscript]::oid[])
    FROM pg_type
    UNION SELECT amproc FROM pg_amproc
    UNION SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggminvtransfn,
                              aggmtransfn, aggmfinalfn]::oid[])
    FROM pg_aggregate
    UNION SELECT prosupport FROM pg_proc
    UNION SELECT unnest(ARRAY[oprrest, oprjoin]::oid[]) FROM pg_operator
), used(function) AS (
    SELECT oprcode::oid FROM pg_operator UNION SELECT castfunc FROM pg_cast
)
SELECT p.oid, p.oid::regprocedure
FROM pg_proc p
WHERE p.pronamespace = 'pg_catalog'::regnamespace
  AND p.provolatile <> 'v'
  AND (p.oid IN (SELECT function FROM used) OR NOT p.oid IN (SELECT function FROM parts))
  AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) argument WHERE argument NOT IN (SELECT oid FROM types))
  AND p.prorettype IN (SELECT oid FROM types)
  AND p.proname !~ ('^(pg_|binary_upgrade|has_|in_range|hash|bttext|btint|ts_|tsvector|row_security|inet_|txid|current'
      || '|col_desc|obj_desc|shobj|gin|gist|brin|spg|RI_|to_reg|format_type|satisfies|iclike|icnlike|icregex|icnreg'
      || '|timestamp_sup|lo|like_|set_config|version|session_user|getdatabaseencoding|getpgusername|cash_words|mxid'
      || '|age\(xid|information|unique_key|postgresql_fdw|.*_subdiff$|.*(sel|_support|_sortsupport)$)')
ORDER BY p.oid

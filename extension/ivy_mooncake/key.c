/*
 * key.c: which columns of a source its rows are found by.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

#include "mooncake.h"

/* Does the index fulfil what Postgres asks of REPLICA IDENTITY USING INDEX? */
static bool
is_usable(Relation source, HeapTuple tuple)
{
	Form_pg_index index = (Form_pg_index) GETSTRUCT(tuple);

	if (!index->indisunique || !index->indimmediate || !index->indisvalid || !index->indislive)
		return false;
	if (!heap_attisnull(tuple, Anum_pg_index_indpred, NULL) || !heap_attisnull(tuple, Anum_pg_index_indexprs, NULL))
		return false;
	for (int i = 0; i < index->indnkeyatts; i++)
	{
		AttrNumber	attribute = index->indkey.values[i];

		if (attribute <= 0 || !TupleDescAttr(RelationGetDescr(source), attribute - 1)->attnotnull)
			return false;
	}
	return true;
}

static void
find_candidates(Relation source, Oid *primary, Oid *replica, Oid *first)
{
	ListCell   *cell;

	*primary = *replica = *first = InvalidOid;
	foreach(cell, RelationGetIndexList(source))
	{
		Oid			oid = lfirst_oid(cell);
		HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(oid));

		if (!HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for index %u", oid);
		if (is_usable(source, tuple))
		{
			if (((Form_pg_index) GETSTRUCT(tuple))->indisprimary)
				*primary = oid;
			if (((Form_pg_index) GETSTRUCT(tuple))->indisreplident)
				*replica = oid;
			if (!OidIsValid(*first))
				*first = oid;
		}
		ReleaseSysCache(tuple);
	}
}

/* Has the table an index that could be its replica identity? */
bool
mooncake_has_key(Oid table)
{
	Relation	relation = relation_open(table, AccessShareLock);
	Oid			primary;
	Oid			replica;
	Oid			first;

	find_candidates(relation, &primary, &replica, &first);
	relation_close(relation, AccessShareLock);
	return OidIsValid(first);
}

static List *
key_attributes(Oid index)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	Form_pg_index form;
	List	   *result = NIL;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for index %u", index);
	form = (Form_pg_index) GETSTRUCT(tuple);
	for (int i = 0; i < form->indnkeyatts; i++)
		result = lappend_int(result, form->indkey.values[i]);
	ReleaseSysCache(tuple);
	return result;
}

/*
 * The WAL of an UPDATE or DELETE holds the old values of the columns of the replica identity and no others. So an
 * index that was made the replica identity is the key, whatever the primary key is; FULL serves any key; otherwise
 * the replica identity follows the key that is chosen here.
 */
MooncakeKey
mooncake_choose_key(Relation source)
{
	MooncakeKey key = {InvalidOid, source->rd_rel->relreplident, false, NIL};
	Oid			primary;
	Oid			replica;
	Oid			first;

	find_candidates(source, &primary, &replica, &first);
	if (key.replica_identity == REPLICA_IDENTITY_INDEX && OidIsValid(replica))
		key.index = replica;
	else if (OidIsValid(primary))
	{
		key.index = primary;
		if (key.replica_identity != REPLICA_IDENTITY_FULL)
			key.replica_identity = REPLICA_IDENTITY_DEFAULT;
	}
	else if (OidIsValid(first))
	{
		key.index = first;
		if (key.replica_identity != REPLICA_IDENTITY_FULL)
			key.replica_identity = REPLICA_IDENTITY_INDEX;
	}
	else
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" has no key by which a mirror could find its rows", RelationGetRelationName(source)),
				 errhint("Add a primary key with ALTER TABLE ... ADD PRIMARY KEY, or a unique index on columns that are all NOT NULL.")));
	key.must_set = key.replica_identity != source->rd_rel->relreplident ||
		(key.replica_identity == REPLICA_IDENTITY_INDEX && key.index != replica);
	key.attributes = key_attributes(key.index);
	return key;
}

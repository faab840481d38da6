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

/* Does the index fulfil what Postgres asks of REPLICA IDENTITY USING INDEX, over columns whose values are logged? */
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
		Form_pg_attribute column;

		if (attribute <= 0)
			return false;
		column = TupleDescAttr(RelationGetDescr(source), attribute - 1);
		if (!column->attnotnull || column->attgenerated != '\0')
			return false;
	}
	return true;
}

static void
find_candidates(Relation source, Oid wish, Oid *primary, Oid *first, bool *wish_usable)
{
	ListCell   *cell;

	*primary = *first = InvalidOid;
	*wish_usable = false;
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
			if (!OidIsValid(*first))
				*first = oid;
			*wish_usable = *wish_usable || oid == wish;
		}
		ReleaseSysCache(tuple);
	}
}

/* Could the index be the table's replica identity? */
bool
mooncake_is_key_of(Oid table, Oid index)
{
	Relation	relation = relation_open(table, AccessShareLock);
	Oid			primary;
	Oid			first;
	bool		usable;

	find_candidates(relation, index, &primary, &first, &usable);
	relation_close(relation, AccessShareLock);
	return usable;
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
 * index that the owner made the replica identity is the key, whatever the primary key is; FULL serves any key;
 * otherwise the replica identity follows the key that is chosen here, and is FULL without one.
 *
 * `wish` is the replica identity that the source has or had without us, `wish_index` its index.
 */
MooncakeKey
mooncake_choose_key(Relation source, char wish, Oid wish_index)
{
	MooncakeKey key = {InvalidOid, REPLICA_IDENTITY_FULL, NIL};
	Oid			primary;
	Oid			first;
	bool		wish_usable;

	find_candidates(source, wish_index, &primary, &first, &wish_usable);
	if (wish == REPLICA_IDENTITY_INDEX && wish_usable)
	{
		key.index = wish_index;
		key.replica_identity = REPLICA_IDENTITY_INDEX;
	}
	else if (OidIsValid(primary))
	{
		key.index = primary;
		key.replica_identity = wish == REPLICA_IDENTITY_FULL ? wish : REPLICA_IDENTITY_DEFAULT;
	}
	else if (OidIsValid(first))
	{
		key.index = first;
		key.replica_identity = wish == REPLICA_IDENTITY_FULL ? wish : REPLICA_IDENTITY_INDEX;
	}
	if (OidIsValid(key.index))
		key.attributes = key_attributes(key.index);
	return key;
}

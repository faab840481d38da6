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

typedef struct Candidates
{
	Oid			primary;
	Oid			first;
	Oid			wish;			/* the one that was wished for, if it is usable */
	Oid			kept;			/* one over the same columns as the key in use */
} Candidates;

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

/* The usable indexes; `current`: columns of the key in use. */
static Candidates
find_candidates(Relation source, Oid wish, List *current)
{
	Candidates	found = {InvalidOid, InvalidOid, InvalidOid, InvalidOid};
	ListCell   *cell;

	foreach(cell, RelationGetIndexList(source))
	{
		Oid			oid = lfirst_oid(cell);
		HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(oid));

		if (!HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for index %u", oid);
		if (is_usable(source, tuple))
		{
			if (((Form_pg_index) GETSTRUCT(tuple))->indisprimary)
				found.primary = oid;
			if (!OidIsValid(found.first))
				found.first = oid;
			if (oid == wish)
				found.wish = oid;
			if (!OidIsValid(found.kept) && equal(key_attributes(oid), current))
				found.kept = oid;
		}
		ReleaseSysCache(tuple);
	}
	return found;
}

/* Could the index be the table's replica identity? */
bool
mooncake_is_key_of(Oid table, Oid index)
{
	Relation	relation = relation_open(table, AccessShareLock);
	bool		usable = OidIsValid(find_candidates(relation, index, NIL).wish);

	relation_close(relation, AccessShareLock);
	return usable;
}

/*
 * The WAL of an UPDATE or DELETE holds the old values of the columns of the replica identity and no others. So an
 * index that the owner made the replica identity is the key, whatever the primary key is; FULL serves any key;
 * otherwise the replica identity follows the key that is chosen here, and is FULL without one.
 *
 * `wish` is the replica identity that the source has or had without us, `wish_index` its index. `current` is the key
 * by which mirrors of the source find their rows, or NULL: no other index than a primary key or a wish takes its
 * place while it can stay.
 */
MooncakeKey
mooncake_choose_key(Relation source, char wish, Oid wish_index, const MooncakeKey *current)
{
	MooncakeKey key = {InvalidOid, REPLICA_IDENTITY_FULL, NIL};
	Candidates	found = find_candidates(source, wish_index, current == NULL ? NIL : current->attributes);
	bool		needs_none = current != NULL && current->attributes == NIL;

	if (wish == REPLICA_IDENTITY_INDEX && OidIsValid(found.wish))
	{
		key.index = found.wish;
		key.replica_identity = REPLICA_IDENTITY_INDEX;
	}
	else if (OidIsValid(found.primary))
	{
		key.index = found.primary;
		key.replica_identity = wish == REPLICA_IDENTITY_FULL ? wish : REPLICA_IDENTITY_DEFAULT;
	}
	else if (OidIsValid(found.first) && !needs_none)
	{
		key.index = OidIsValid(found.kept) ? found.kept : found.first;
		key.replica_identity = wish == REPLICA_IDENTITY_FULL ? wish : REPLICA_IDENTITY_INDEX;
	}
	if (OidIsValid(key.index))
		key.attributes = key_attributes(key.index);
	return key;
}

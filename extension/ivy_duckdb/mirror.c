/*
 * mirror.c: the identity of the access method and of its tables.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "mirror.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

static const TableAmRoutine *mirror_am = NULL;

void
ivy_register_mirror_am(const TableAmRoutine *routine)
{
	mirror_am = routine;
}

bool
ivy_has_mirror_am(void)
{
	return mirror_am != NULL;
}

bool
ivy_is_mirror(Oid relid)
{
	Relation	relation;
	bool		result;

	if (mirror_am == NULL)
		return false;
	relation = RelationIdGetRelation(relid);
	if (!RelationIsValid(relation))
		return false;
	result = relation->rd_tableam == mirror_am;
	RelationClose(relation);
	return result;
}

const char *
ivy_mirror_name(Oid relid)
{
	const char *name = get_rel_name(relid);

	return name == NULL ? "?" : name;
}

/* Were columns of the mirror changed by this transaction? Rolled back changes are none. */
static bool
is_altered(Relation mirror)
{
	if (!TransactionIdIsValid(GetTopTransactionIdIfAny()))
		return false;
	for (AttrNumber number = 1; number <= RelationGetDescr(mirror)->natts; number++)
	{
		HeapTuple	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(RelationGetRelid(mirror)),
											Int16GetDatum(number));
		bool		ours;

		if (!HeapTupleIsValid(tuple))
			continue;
		ours = TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(tuple->t_data));
		ReleaseSysCache(tuple);
		if (ours)
			return true;
	}
	return false;
}

const char *
ivy_uncommitted(Relation mirror)
{
	if (mirror->rd_createSubid != InvalidSubTransactionId)
		return "created";
	return is_altered(mirror) ? "altered" : NULL;
}

void
ivy_check_readable(Relation mirror)
{
	const char *what = ivy_uncommitted(mirror);

	if (what != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("mirror \"%s\" was %s in this transaction and can be read after its commit",
						RelationGetRelationName(mirror), what)));
}

bool
ivy_is_dump(void)
{
	return application_name != NULL && strcmp(application_name, "pg_dump") == 0;
}

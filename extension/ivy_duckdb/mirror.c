/*
 * mirror.c: the identity of the access method and of its tables.
 */
#include "postgres.h"

#include "mirror.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

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

void
ivy_check_readable(Relation mirror)
{
	if (mirror->rd_createSubid != InvalidSubTransactionId)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("mirror \"%s\" was created in this transaction and can be read after its commit",
						RelationGetRelationName(mirror))));
}

bool
ivy_is_dump(void)
{
	return application_name != NULL && strcmp(application_name, "pg_dump") == 0;
}

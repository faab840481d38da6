/*
 * reason.c: the engine's reasons in the user's words. The engine knows functions and operators by their OIDs.
 */
#include "postgres.h"

#include "plan.h"
#include "utils/regproc.h"

/* The reason with the name of the object whose OID stands at `place`. */
static char *
with_name(const char *reason, const char *place, const char *name)
{
	const char *rest = place + strspn(place, "0123456789");

	return psprintf("%.*s%s%s", (int) (place - reason), reason, name, rest);
}

char *
ivy_name_objects(char *reason)
{
	static const char function[] = "Function ";
	static const char aggregate[] = "Aggregate ";
	static const char operator[] = "Operator ";
	bool		is_operator = strncmp(reason, operator, sizeof operator - 1) == 0;
	const char *place = reason + strcspn(reason, "0123456789");
	Oid			oid;

	if (!is_operator && strncmp(reason, function, sizeof function - 1) != 0 &&
		strncmp(reason, aggregate, sizeof aggregate - 1) != 0)
		return reason;
	if (place != reason + strcspn(reason, " ") + 1)
		return reason;
	oid = (Oid) strtoul(place, NULL, 10);
	return with_name(reason, place, is_operator ? format_operator(oid) : format_procedure(oid));
}

/*
 * guard.c: errors that are caught.
 */
#include "postgres.h"

#include "access/xact.h"
#include "guard.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

/* Classes of errors that come of values: data exceptions, missing features, limits, and what elog raises. */
static bool
is_of_values(const ErrorData *error)
{
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case ERRCODE_DATA_EXCEPTION:
		case ERRCODE_FEATURE_NOT_SUPPORTED:
		case ERRCODE_PROGRAM_LIMIT_EXCEEDED:
			return true;
		default:
			return error->sqlerrcode == ERRCODE_INTERNAL_ERROR;
	}
}

ErrorData *
ivy_guarded(void (*body) (void *), void *argument)
{
	MemoryContext memory = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile failure = NULL;

	if (IsInParallelMode())
	{
		body(argument);
		return NULL;
	}
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(memory);
	PG_TRY();
	{
		body(argument);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(memory);
		failure = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(memory);
		CurrentResourceOwner = owner;
		if (!is_of_values(failure))
			ReThrowError(failure);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(memory);
	CurrentResourceOwner = owner;
	return failure;
}

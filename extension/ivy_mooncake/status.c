/*
 * status.c: functions and procedures that ask the engine about its mirrors.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/pg_lsn.h"
#include "utils/varlena.h"

#include "mooncake.h"

#define STATUS_COLUMNS 9
#define LIST_COLUMNS 4

PG_FUNCTION_INFO_V1(mooncake_create_snapshot);
PG_FUNCTION_INFO_V1(mooncake_list_tables);
PG_FUNCTION_INFO_V1(mooncake_status);
PG_FUNCTION_INFO_V1(mooncake_bgworker_status);

typedef struct Answers
{
	bool		running;
	IvyStatus  *rows;
	int			count;
} Answers;

/* An engine that does not answer has no rows; one that answers with an error raises it. */
static Answers
ask_engine(void)
{
	Answers		answers = {false, NULL, 0};

	answers.running = ivy_api()->probe().listening;
	if (answers.running)
		answers.rows = ivy_api()->status(&answers.count);
	return answers;
}

static const IvyStatus *
answer_of(const Answers *answers, Oid mirror)
{
	for (int i = 0; i < answers->count; i++)
	{
		if (answers->rows[i].mirror == mirror)
			return &answers->rows[i];
	}
	return NULL;
}

/* The registered mirrors in the order of their names, allocated in the current context. */
static Oid *
registered_mirrors(int *count)
{
	MooncakePrivileges saved;
	MemoryContext context = CurrentMemoryContext;
	Oid		   *mirrors;

	mooncake_spi_begin(&saved, true);
	SPI_execute("SELECT t.mirror::oid FROM mooncake.tables t JOIN pg_class c ON c.oid = t.mirror"
				" JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY n.nspname, c.relname", false, 0);
	*count = (int) SPI_processed;
	mirrors = MemoryContextAlloc(context, sizeof(Oid) * (*count + 1));
	for (int i = 0; i < *count; i++)
	{
		bool		is_null;

		mirrors[i] = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &is_null));
	}
	mooncake_spi_end(&saved);
	return mirrors;
}

static void
put_text(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text == NULL;
	if (text != NULL)
		values[column] = CStringGetTextDatum(text);
}

static void
put_lsn(Datum *values, bool *nulls, int column, const IvyStatus *answer, XLogRecPtr lsn)
{
	nulls[column] = answer == NULL || XLogRecPtrIsInvalid(lsn);
	if (!nulls[column])
		values[column] = LSNGetDatum(lsn);
}

static void
put_count(Datum *values, bool *nulls, int column, int64 count)
{
	nulls[column] = count < 0;
	if (count >= 0)
		values[column] = Int64GetDatum(count);
}

static void
begin_rows(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, 0);
}

static void
put_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
mooncake_list_tables(PG_FUNCTION_ARGS)
{
	Answers		answers = ask_engine();
	int			count;
	Oid		   *mirrors = registered_mirrors(&count);

	begin_rows(fcinfo);
	for (int i = 0; i < count; i++)
	{
		const IvyStatus *answer = answer_of(&answers, mirrors[i]);
		Datum		values[LIST_COLUMNS] = {0};
		bool		nulls[LIST_COLUMNS] = {false};

		put_text(values, nulls, 0, mooncake_qualified_name(mirrors[i]));
		put_lsn(values, nulls, 1, answer, answer == NULL ? InvalidXLogRecPtr : answer->commit_lsn);
		put_lsn(values, nulls, 2, answer, answer == NULL ? InvalidXLogRecPtr : answer->flush_lsn);
		put_text(values, nulls, 3, answer == NULL ? NULL : answer->location);
		put_row(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

/* One row of mooncake.status(); `answer` is NULL for a mirror that the engine has not told of. */
static void
put_status(FunctionCallInfo fcinfo, const char *table, const IvyStatus *answer, const char *state)
{
	IvyStatus	unknown = {InvalidOid, NULL, InvalidXLogRecPtr, InvalidXLogRecPtr, NULL, NULL, -1, -1, -1};
	Datum		values[STATUS_COLUMNS] = {0};
	bool		nulls[STATUS_COLUMNS] = {false};

	if (answer == NULL)
		answer = &unknown;
	put_text(values, nulls, 0, table);
	put_text(values, nulls, 1, answer->state == NULL ? state : answer->state);
	put_count(values, nulls, 2, answer->rows);
	put_count(values, nulls, 3, answer->rows_in_memory);
	put_count(values, nulls, 4, answer->data_files);
	put_lsn(values, nulls, 5, answer, answer->commit_lsn);
	put_lsn(values, nulls, 6, answer, answer->flush_lsn);
	put_text(values, nulls, 7, answer->location);
	put_text(values, nulls, 8, answer->error);
	put_row(fcinfo, values, nulls);
}

/* Behind the row of the database's own stream, one for each remote source. */
static void
put_remote_streams(FunctionCallInfo fcinfo, const Answers *answers)
{
	const IvyStatus *own = answer_of(answers, InvalidOid);

	for (int i = 0; i < answers->count; i++)
	{
		if (answers->rows[i].mirror == InvalidOid && &answers->rows[i] != own)
			put_status(fcinfo, NULL, &answers->rows[i], NULL);
	}
}

Datum
mooncake_status(PG_FUNCTION_ARGS)
{
	Answers		answers = ask_engine();
	const char *state = answers.running ? "pending" : "engine not running";
	int			count;
	Oid		   *mirrors = registered_mirrors(&count);

	begin_rows(fcinfo);
	put_status(fcinfo, NULL, answer_of(&answers, InvalidOid), state);
	put_remote_streams(fcinfo, &answers);
	for (int i = 0; i < count; i++)
		put_status(fcinfo, mooncake_qualified_name(mirrors[i]), answer_of(&answers, mirrors[i]), state);
	return (Datum) 0;
}

Datum
mooncake_bgworker_status(PG_FUNCTION_ARGS)
{
	IvyEngine	engine = ivy_api()->probe();
	int			pid = engine.pid != 0 ? engine.pid : mooncake_engine_pid();
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfo(&json, "{\"guc_enabled\": %s, \"socket_path\": ",
					 ivy_api()->settings->engine_enabled ? "true" : "false");
	escape_json(&json, psprintf("%s/%s", DataDir, IVY_SOCKET_PATH));
	appendStringInfo(&json, ", \"socket_exists\": %s, \"socket_listening\": %s, \"engine_pid\": ",
					 engine.socket_exists ? "true" : "false", engine.listening ? "true" : "false");
	if (pid != 0)
		appendStringInfo(&json, "%d", pid);
	else
		appendStringInfoString(&json, "null");
	appendStringInfoString(&json, ", \"engine_version\": ");
	if (engine.version != NULL)
		escape_json(&json, engine.version);
	else
		appendStringInfoString(&json, "null");
	appendStringInfoChar(&json, '}');
	PG_RETURN_TEXT_P(cstring_to_text_with_len(json.data, json.len));
}

static Oid
mirror_named(text *name)
{
	RangeVar   *relation = makeRangeVarFromNameList(textToQualifiedNameList(name));
	Oid			mirror = RangeVarGetRelid(relation, NoLock, false);

	if (!ivy_api()->is_mirror(mirror))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a mirror", relation->relname)));
	if (pg_class_aclcheck(mirror, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for table %s", relation->relname)));
	return mirror;
}

Datum
mooncake_create_snapshot(PG_FUNCTION_ARGS)
{
	Oid			mirror;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the name of the mirror must not be null")));
	mirror = mirror_named(PG_GETARG_TEXT_PP(0));
	ivy_api()->wait_snapshot(mirror, ivy_api()->target_lsn(), 0);
	PG_RETURN_VOID();
}

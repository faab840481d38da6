/*
 * engine.c: target LSN, SNAPSHOT, STATUS, WAKE and the probe.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlogrecovery.h"
#include "engine.h"
#include "pgtime.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define QUICK_TIMEOUT_MS 1000
#define STATUS_KEEP_MS 10000
#define STATUS_COLUMNS 9
#define STATUS_ROWS_MAX (1024 * 1024)

/*
 * The end of WAL that was handed out so far, and so of every commit that was acknowledged, asynchronous ones too.
 *
 * Right behind a page header no record ends yet: the position stands for the page's start, up to which the last
 * record reaches. Decoding and XLogFlush would wait in vain for the bytes of the header.
 */
static XLogRecPtr
end_of_inserted_wal(void)
{
	XLogRecPtr	end = GetXLogInsertRecPtr();

	if (XLogSegmentOffset(end, wal_segment_size) == SizeOfXLogLongPHD)
		return end - SizeOfXLogLongPHD;
	if (end % XLOG_BLCKSZ == SizeOfXLogShortPHD)
		return end - SizeOfXLogShortPHD;
	return end;
}

XLogRecPtr
ivy_target_lsn(void)
{
	XLogRecPtr	target;

	if (RecoveryInProgress())
		return GetXLogReplayRecPtr(NULL);
	target = Max(end_of_inserted_wal(), XactLastCommitEnd);

	/* Decoding sends flushed WAL only; an asynchronous commit would else wait for the WAL writer. */
	if (target > GetFlushRecPtr(NULL))
		XLogFlush(target);
	return target;
}

/* LSN 0 is reached by anything: the query reads what there is. */
void
ivy_write_freshness(IvyWriter *writer)
{
	ivy_write_u64(writer, ivy_settings.freshness == IVY_FRESHNESS_EVENTUAL ? InvalidXLogRecPtr : ivy_target_lsn());
	ivy_write_u32(writer, (uint32) ivy_settings.freshness_timeout);
}

void
ivy_write_pin(IvyWriter *writer, uint64 pin)
{
	ivy_write_u64(writer, pin);
	if (pin == 0)
		ivy_write_freshness(writer);
	else
	{
		ivy_write_u64(writer, InvalidXLogRecPtr);
		ivy_write_u32(writer, 0);
	}
}

/* ---- what results depend on in a session ---- */

static const struct
{
	const char *name;
	const char *assumed;
}			session_settings[] = {
	{"DateStyle", "ISO, MDY"},
	{"IntervalStyle", "postgres"},
	{"extra_float_digits", "1"},
	{"bytea_output", "hex"},
	{"lc_monetary", "C"},
	{"lc_numeric", "C"},
	{"lc_time", "C"},
	{"quote_all_identifiers", "off"},
};

/* The time zone, then a line each for the server's major and for the settings that are not as the engine assumes. */
const char *
ivy_session(void)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "%s\nmajor=%d", pg_get_timezone_name(session_timezone), PG_VERSION_NUM / 10000);
	for (size_t i = 0; i < lengthof(session_settings); i++)
	{
		const char *value = GetConfigOption(session_settings[i].name, false, false);

		if (strcmp(value, session_settings[i].assumed) != 0)
			appendStringInfo(&text, "\n%s=%s", session_settings[i].name, value);
	}
	return text.data;
}

void
ivy_wait_snapshot(Oid mirror, XLogRecPtr lsn, int timeout_ms)
{
	IvyConnection *connection = ivy_connect(true);
	IvyWriter	payload = ivy_writer();

	ivy_write_u32(&payload, mirror);
	ivy_write_u64(&payload, lsn);
	ivy_write_u32(&payload, (uint32) timeout_ms);
	ivy_request(connection, IVY_SNAPSHOT, &payload);
	(void) ivy_receive_type(connection, IVY_DONE);
	ivy_release(connection);
}

/* ---- STATUS ---- */

static const uint32 status_kinds[STATUS_COLUMNS] = {
	IVY_KIND_4, IVY_KIND_TEXT, IVY_KIND_8, IVY_KIND_8, IVY_KIND_TEXT, IVY_KIND_TEXT, IVY_KIND_8, IVY_KIND_8, IVY_KIND_8
};

static char *
status_text(const IvyBatch *batch, uint16 column, uint32 row)
{
	IvyColumn	from = ivy_batch_column(batch, column);
	const char *value;

	if (ivy_column_is_null(&from, row))
		return NULL;
	value = ivy_column_value(batch, &from, row);
	return value == NULL ? NULL : pstrdup(value);
}

static int64
status_number(const IvyBatch *batch, uint16 column, uint32 row, int64 absent)
{
	IvyColumn	from = ivy_batch_column(batch, column);
	int64		value;

	if (ivy_column_is_null(&from, row))
		return absent;
	memcpy(&value, from.data + (Size) row * sizeof value, sizeof value);
	return value;
}

static Oid
status_mirror(const IvyBatch *batch, uint32 row)
{
	IvyColumn	from = ivy_batch_column(batch, 0);
	Oid			value;

	memcpy(&value, from.data + (Size) row * sizeof value, sizeof value);
	return value;
}

static void
open_status(IvyConnection *connection, const IvyFrame *frame, IvyBatch *batch)
{
	const char *wrong = ivy_batch_open(batch, frame->payload, frame->length);

	if (wrong != NULL)
		ivy_protocol_violation(connection, wrong);
	if (batch->columns != STATUS_COLUMNS)
		ivy_protocol_violation(connection, "STATUS has another number of columns");
	for (uint16 i = 0; i < STATUS_COLUMNS; i++)
		if (ivy_batch_column(batch, i).kind != status_kinds[i])
			ivy_protocol_violation(connection, "a column of STATUS has another kind");
}

static IvyStatus
status_row(const IvyBatch *batch, uint32 row)
{
	IvyStatus	status = {
		.mirror = status_mirror(batch, row),
		.state = status_text(batch, 1, row),
		.commit_lsn = (XLogRecPtr) status_number(batch, 2, row, 0),
		.flush_lsn = (XLogRecPtr) status_number(batch, 3, row, 0),
		.location = status_text(batch, 4, row),
		.error = status_text(batch, 5, row),
		.rows = status_number(batch, 6, row, -1),
		.rows_in_memory = status_number(batch, 7, row, -1),
		.data_files = status_number(batch, 8, row, -1)
	};

	if (status.state == NULL)
		status.state = pstrdup("unknown");
	return status;
}

static IvyStatus *
ask_status(IvyConnection *connection, int *count)
{
	IvyStatus  *rows = NULL;
	IvyFrame	frame;

	*count = 0;
	ivy_request(connection, IVY_STATUS, NULL);
	while ((frame = ivy_receive(connection)).type == IVY_BATCH)
	{
		IvyBatch	batch;
		Size		size;

		open_status(connection, &frame, &batch);
		if (*count + batch.rows > STATUS_ROWS_MAX)
			ivy_protocol_violation(connection, "STATUS has too many rows");
		size = (*count + batch.rows + 1) * sizeof(IvyStatus);
		rows = rows == NULL ? palloc(size) : repalloc(rows, size);
		for (uint32 row = 0; row < batch.rows; row++)
			rows[(*count)++] = status_row(&batch, row);
	}
	if (frame.type != IVY_DONE)
		ivy_protocol_violation(connection, "STATUS was not ended by DONE");
	ivy_release(connection);
	return rows;
}

IvyStatus *
ivy_status(int *count)
{
	return ask_status(ivy_connect(true), count);
}

/* What the planner was told of the mirrors' sizes; it lives for STATUS_KEEP_MS. */
static IvyStatus *known_sizes = NULL;
static int	known_count = 0;
static TimestampTz known_since = 0;

static void
refresh_sizes(void)
{
	TimestampTz now = GetCurrentTimestamp();
	IvyConnection *connection;
	IvyStatus  *rows;
	IvyStatus  *copy;
	int			count;

	if (known_since != 0 && !TimestampDifferenceExceeds(known_since, now, STATUS_KEEP_MS))
		return;
	connection = ivy_try_connect(false);
	if (connection == NULL)
		return;
	rows = ask_status(connection, &count);
	copy = MemoryContextAlloc(TopMemoryContext, sizeof(IvyStatus) * (count + 1));
	if (count > 0)
		memcpy(copy, rows, sizeof(IvyStatus) * count);
	if (known_sizes != NULL)
		pfree(known_sizes);
	known_sizes = copy;			/* its texts belong to the caller's context and are not looked at */
	known_count = count;
	known_since = now;
}

double
ivy_mirror_rows(Oid mirror)
{
	refresh_sizes();
	for (int i = 0; i < known_count; i++)
		if (known_sizes[i].mirror == mirror)
			return (double) known_sizes[i].rows;
	return -1;
}

/* ---- WAKE and the probe ---- */

void
ivy_wake(void)
{
	IvyConnection *connection = ivy_connect(true);

	ivy_request(connection, IVY_WAKE, NULL);
	(void) ivy_receive_type(connection, IVY_DONE);
	ivy_release(connection);
}

void
ivy_wake_if_running(void)
{
	(void) ivy_quick_exchange(IVY_WAKE, QUICK_TIMEOUT_MS);
}

IvyEngine
ivy_probe(void)
{
	ivy_prepare_hello();
	return ivy_quick_exchange(IVY_HELLO, QUICK_TIMEOUT_MS);
}

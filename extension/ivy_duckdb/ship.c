/*
 * ship.c: runs the plans of shipments and sends their rows.
 */
#include "postgres.h"

#include "batch.h"
#include "catalog/pg_type_d.h"
#include "compat.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "shipment.h"
#include "tcop/dest.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* A batch is sent once its values of variable length pass this. */
#define SHIP_BYTES (1024 * 1024)

typedef struct ShipColumn
{
	uint8		kind;
	bool		is_text;		/* in the database's encoding */
	FmgrInfo	send;			/* of kind 8 */
	IvyColumnWriter writer;
} ShipColumn;

typedef struct Shipper
{
	DestReceiver receiver;
	IvyConnection *connection;
	uint32		number;
	MemoryContext context;		/* lives as long as the rows of one batch */
	IvyWriter	payload;
	uint32		rows;			/* in the batch that is being filled */
	Size		bytes;			/* of variable length in it */
	double		shipped;
	int			count;
	ShipColumn *columns;
	IvyColumnWriter *writers;
} Shipper;

/* ---- values ---- */

/* The send format has text in the client's encoding: UTF-8 here, whatever the client's is. */
static bytea *
send_value(ShipColumn *column, Datum value)
{
	int			encoding = pg_get_client_encoding();
	bytea	   *volatile result = NULL;

	if (encoding == PG_UTF8)
		return SendFunctionCall(&column->send, value);
	if (PrepareClientEncoding(PG_UTF8) < 0 || SetClientEncoding(PG_UTF8) < 0)
		elog(ERROR, "could not send values in UTF-8");
	PG_TRY();
	{
		result = SendFunctionCall(&column->send, value);
	}
	PG_FINALLY();
	{
		SetClientEncoding(encoding);
	}
	PG_END_TRY();
	return result;
}

static Size
put_variable(ShipColumn *column, IvyColumnWriter *writer, uint32 row, Datum value)
{
	struct varlena *bytes = column->kind == IVY_KIND_RECEIVE ? (struct varlena *) send_value(column, value) :
		PG_DETOAST_DATUM_PACKED(value);
	const char *data = VARDATA_ANY(bytes);
	Size		length = VARSIZE_ANY_EXHDR(bytes);

	if (column->is_text && length > 0)
	{
		char	   *converted = pg_server_to_any(data, (int) length, PG_UTF8);

		if (converted != data)
		{
			data = converted;
			length = strlen(converted);
		}
	}
	ivy_column_put_bytes(writer, row, data, length);
	return length;
}

static void
put_value(Shipper *shipper, int index, Datum value)
{
	ShipColumn *column = &shipper->columns[index];
	IvyColumnWriter *writer = &shipper->writers[index];
	uint32		row = shipper->rows;

	switch (column->kind)
	{
		case IVY_KIND_1:
			{
				uint8		byte = DatumGetUInt8(value);

				ivy_column_put_fixed(writer, row, &byte, sizeof byte);
				break;
			}
		case IVY_KIND_2:
			{
				uint16		word = DatumGetUInt16(value);

				ivy_column_put_fixed(writer, row, &word, sizeof word);
				break;
			}
		case IVY_KIND_4:
			{
				uint32		word = DatumGetUInt32(value);

				ivy_column_put_fixed(writer, row, &word, sizeof word);
				break;
			}
		case IVY_KIND_8:
			{
				uint64		word = DatumGetUInt64(value);

				ivy_column_put_fixed(writer, row, &word, sizeof word);
				break;
			}
		case IVY_KIND_16:
			ivy_column_put_fixed(writer, row, DatumGetPointer(value), 16);
			break;
		default:
			shipper->bytes += put_variable(column, writer, row, value);
	}
}

/* ---- batches ---- */

/* False when the engine has given up. */
static bool
send_batch(Shipper *shipper)
{
	bool		wanted;

	shipper->payload.length = 0;
	ivy_write_u32(&shipper->payload, shipper->number);
	ivy_write_u32(&shipper->payload, 0);
	ivy_write_batch(&shipper->payload, shipper->writers, (uint16) shipper->count, shipper->rows);
	wanted = ivy_send_more(shipper->connection, IVY_SHIP, &shipper->payload);
	shipper->shipped += shipper->rows;
	shipper->rows = 0;
	shipper->bytes = 0;
	MemoryContextReset(shipper->context);
	return wanted;
}

static bool
receive_slot(TupleTableSlot *slot, DestReceiver *self)
{
	Shipper    *shipper = (Shipper *) self;
	MemoryContext old = MemoryContextSwitchTo(shipper->context);
	bool		wanted = true;

	slot_getallattrs(slot);
	for (int i = 0; i < shipper->count; i++)
	{
		if (slot->tts_isnull[i])
			ivy_column_put_null(&shipper->writers[i], shipper->rows);
		else
			put_value(shipper, i, slot->tts_values[i]);
	}
	shipper->rows++;
	MemoryContextSwitchTo(old);
	if (shipper->rows == IVY_BATCH_ROWS_MAX || shipper->bytes >= SHIP_BYTES)
		wanted = send_batch(shipper);
	return wanted;
}

static void
start_rows(DestReceiver *self, int operation, TupleDesc row)
{
}

static void
end_rows(DestReceiver *self)
{
}

/* ---- one shipment ---- */

static Shipper *
make_shipper(IvyConnection *connection, uint32 number, const List *targets)
{
	Shipper    *shipper = palloc0(sizeof(Shipper));
	ListCell   *cell;

	shipper->receiver = (DestReceiver) {receive_slot, start_rows, end_rows, end_rows, DestNone};
	shipper->connection = connection;
	shipper->number = number;
	shipper->context = AllocSetContextCreate(CurrentMemoryContext, "mooncake shipment", ALLOCSET_DEFAULT_SIZES);
	shipper->payload = ivy_writer();
	ivy_write_u32(&shipper->payload, number);
	shipper->count = list_length(targets);
	shipper->columns = palloc0(sizeof(ShipColumn) * shipper->count);
	shipper->writers = palloc0(sizeof(IvyColumnWriter) * shipper->count);
	foreach(cell, targets)
	{
		ShipColumn *column = &shipper->columns[foreach_current_index(cell)];
		Oid			type = getBaseType(exprType((Node *) lfirst_node(TargetEntry, cell)->expr));

		column->kind = ivy_shipment_kind(type);
		column->is_text = column->kind == IVY_KIND_VARLENA && type != BYTEAOID && type != NUMERICOID &&
			GetDatabaseEncoding() != PG_UTF8;
		if (column->kind == IVY_KIND_RECEIVE)
		{
			Oid			function;
			bool		is_varlena;

			getTypeBinaryOutputInfo(type, &function, &is_varlena);
			fmgr_info(function, &column->send);
		}
		ivy_column_open(&shipper->writers[foreach_current_index(cell)], column->kind, shipper->payload.grow);
	}
	return shipper;
}

static double
ship_one(IvyConnection *connection, uint32 number, PlannedStmt *plan, EState *estate)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "mooncake shipments",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Shipper    *shipper = make_shipper(connection, number, plan->planTree->targetlist);
	QueryDesc  *query = CreateQueryDesc(plan, estate->es_sourceText, estate->es_snapshot, InvalidSnapshot,
										&shipper->receiver, estate->es_param_list_info, NULL, 0);
	double		shipped;

	ExecutorStart(query, 0);
	ivy_executor_run(query);
	ExecutorFinish(query);
	ExecutorEnd(query);
	FreeQueryDesc(query);
	if (shipper->rows == 0 || send_batch(shipper))
		(void) send_batch(shipper);
	shipped = shipper->shipped;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return shipped;
}

List *
ivy_ship(IvyConnection *connection, const List *shipments, EState *estate)
{
	List	   *result = NIL;
	ListCell   *cell;

	if (shipments == NIL)
		return NIL;
	PushActiveSnapshot(estate->es_snapshot);
	foreach(cell, shipments)
	{
		double	   *shipped = palloc(sizeof(double));

		*shipped = ship_one(connection, (uint32) foreach_current_index(cell), ivy_shipment_plan(lfirst(cell)), estate);
		result = lappend(result, shipped);
	}
	PopActiveSnapshot();
	return result;
}

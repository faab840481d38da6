/*
 * stream.c: batches to Datums, which point into the frame where they can.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "stream.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef struct StreamColumn
{
	int			attribute;		/* place in the slot, from 0 */
	uint8		kind;
	int32		typmod;
	Oid			type_param;
	FmgrInfo	input;			/* of kind 7 */
	IvyColumn	data;			/* in the current batch */
} StreamColumn;

struct IvyStream
{
	IvyConnection *connection;	/* NULL: closed */
	MemoryContext context;
	MemoryContext batch_context;	/* values made by input functions */
	IvyBatch	batch;
	uint32		row;
	bool		ended;
	int			attributes;		/* of the row type */
	bool	   *absent;			/* attributes that no column fills */
	bool		any_absent;
	int			count;
	StreamColumn columns[FLEXIBLE_ARRAY_MEMBER];
};

uint8
ivy_type_kind(Oid type)
{
	switch (type)
	{
		case BOOLOID:
			return IVY_KIND_1;
		case INT2OID:
			return IVY_KIND_2;
		case INT4OID:
		case FLOAT4OID:
		case DATEOID:
		case OIDOID:
			return IVY_KIND_4;
		case INT8OID:
		case FLOAT8OID:
		case TIMEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return IVY_KIND_8;
		case UUIDOID:
			return IVY_KIND_16;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case BYTEAOID:
		case JSONOID:
		case NUMERICOID:
			return IVY_KIND_VARLENA;
		default:
			return IVY_KIND_TEXT;
	}
}

void
ivy_write_targets(IvyWriter *writer, TupleDesc row, const AttrNumber *attributes, int count)
{
	ivy_write_u16(writer, (uint16) count);
	for (int i = 0; i < count; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(row, attributes == NULL ? i : attributes[i] - 1);

		ivy_write_u32(writer, attribute->atttypid);
		ivy_write_u32(writer, (uint32) attribute->atttypmod);
		ivy_write_u8(writer, ivy_type_kind(attribute->atttypid));
	}
}

static void
prepare_column(StreamColumn *column, Form_pg_attribute attribute)
{
	column->attribute = attribute->attnum - 1;
	column->kind = ivy_type_kind(attribute->atttypid);
	column->typmod = attribute->atttypmod;
	if (column->kind == IVY_KIND_TEXT)
	{
		Oid			input;

		getTypeInputInfo(attribute->atttypid, &input, &column->type_param);
		fmgr_info(input, &column->input);
	}
}

IvyStream *
ivy_stream_open(IvyConnection *connection, TupleDesc row, const AttrNumber *attributes, int count)
{
	IvyStream  *stream = palloc0(offsetof(IvyStream, columns) + count * sizeof(StreamColumn));

	stream->connection = connection;
	stream->context = CurrentMemoryContext;
	stream->batch_context = AllocSetContextCreate(CurrentMemoryContext, "mooncake batch", ALLOCSET_DEFAULT_SIZES);
	stream->attributes = row->natts;
	stream->absent = palloc(sizeof(bool) * Max(row->natts, 1));
	memset(stream->absent, true, sizeof(bool) * row->natts);
	stream->count = count;
	for (int i = 0; i < count; i++)
	{
		int			attribute = attributes == NULL ? i : attributes[i] - 1;

		prepare_column(&stream->columns[i], TupleDescAttr(row, attribute));
		stream->absent[attribute] = false;
	}
	stream->any_absent = count < row->natts;
	return stream;
}

void
ivy_stream_close(IvyStream *stream)
{
	if (stream->connection != NULL)
		ivy_release(stream->connection);
	stream->connection = NULL;
	stream->ended = true;
	stream->batch.rows = 0;
	stream->row = 0;
	MemoryContextReset(stream->batch_context);
}

/* Receives frames up to one that holds rows; false at the end. */
static bool
next_batch(IvyStream *stream)
{
	MemoryContextReset(stream->batch_context);
	stream->row = 0;
	stream->batch.rows = 0;
	while (!stream->ended && stream->batch.rows == 0)
	{
		IvyFrame	frame = ivy_receive(stream->connection);
		const char *wrong;

		if (frame.type == IVY_DONE)
		{
			ivy_stream_close(stream);
			return false;
		}
		if (frame.type != IVY_BATCH)
			ivy_protocol_violation(stream->connection, "rows were not ended by DONE");
		wrong = ivy_batch_open(&stream->batch, frame.payload, frame.length);
		if (wrong == NULL && stream->batch.columns != stream->count)
			wrong = "a batch has another number of columns than was asked for";
		for (int i = 0; wrong == NULL && i < stream->count; i++)
		{
			stream->columns[i].data = ivy_batch_column(&stream->batch, i);
			if (stream->columns[i].data.kind != stream->columns[i].kind)
				wrong = "a column has another kind than was asked for";
		}
		if (wrong != NULL)
		{
			stream->batch.rows = 0;
			ivy_protocol_violation(stream->connection, wrong);
		}
	}
	return stream->batch.rows > 0;
}

static const char *
place_of_value(IvyStream *stream, const StreamColumn *column, uint32 row)
{
	const char *value = ivy_column_value(&stream->batch, &column->data, row);

	if (value == NULL)
		ivy_protocol_violation(stream->connection, "a value lies outside its column");
	return value;
}

static Datum
value_of(IvyStream *stream, StreamColumn *column, uint32 row)
{
	const char *data = column->data.data;

	switch (column->kind)
	{
		case IVY_KIND_1:
			return BoolGetDatum(data[row] != 0);
		case IVY_KIND_2:
			return Int16GetDatum(((const int16 *) data)[row]);
		case IVY_KIND_4:
			return Int32GetDatum(((const int32 *) data)[row]);
		case IVY_KIND_8:
			return Int64GetDatum(((const int64 *) data)[row]);
		case IVY_KIND_16:
			return PointerGetDatum(data + (Size) row * 16);
		case IVY_KIND_VARLENA:
			return PointerGetDatum(place_of_value(stream, column, row));
		default:
			return InputFunctionCall(&column->input, unconstify(char *, place_of_value(stream, column, row)),
									 column->type_param, column->typmod);
	}
}

bool
ivy_stream_next(IvyStream *stream, TupleTableSlot *slot)
{
	MemoryContext old;
	uint32		row;

	ExecClearTuple(slot);
	if (stream->row >= stream->batch.rows && !next_batch(stream))
		return false;
	row = stream->row++;
	if (stream->any_absent)
		memcpy(slot->tts_isnull, stream->absent, sizeof(bool) * stream->attributes);
	old = MemoryContextSwitchTo(stream->batch_context);
	for (int i = 0; i < stream->count; i++)
	{
		StreamColumn *column = &stream->columns[i];
		bool		is_null = ivy_column_is_null(&column->data, row);

		slot->tts_isnull[column->attribute] = is_null;
		if (!is_null)
			slot->tts_values[column->attribute] = value_of(stream, column, row);
	}
	MemoryContextSwitchTo(old);
	ExecStoreVirtualTuple(slot);
	return true;
}

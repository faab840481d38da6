/*
 * stream.c: batches to Datums, which point into the frame where they can.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "stream.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef struct StreamColumn
{
	int			attribute;		/* place in the slot, from 0 */
	uint8		kind;
	Oid			type;			/* below domains */
	int32		typmod;
	Oid			type_param;
	FmgrInfo	input;			/* of kind 7 */
	FmgrInfo	receive;		/* of kind 8, which is known with the first batch of it */
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
	bool		received;		/* some batch has come */
	IvyLeft		left;
	IvyEffort	effort;
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
		case CHAROID:
			return IVY_KIND_1;
		case INT2OID:
			return IVY_KIND_2;
		case INT4OID:
		case FLOAT4OID:
		case DATEOID:
		case OIDOID:
		case XIDOID:
		case CIDOID:
		case REGPROCOID:
		case REGPROCEDUREOID:
		case REGOPEROID:
		case REGOPERATOROID:
		case REGCLASSOID:
		case REGTYPEOID:
		case REGCONFIGOID:
		case REGDICTIONARYOID:
		case REGNAMESPACEOID:
		case REGROLEOID:
		case REGCOLLATIONOID:
			return IVY_KIND_4;
		case INT8OID:
		case FLOAT8OID:
		case MONEYOID:
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
		case XMLOID:
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

		int32		typmod = attribute->atttypmod;
		Oid			type = getBaseTypeAndTypmod(attribute->atttypid, &typmod);

		ivy_write_u32(writer, type);
		ivy_write_u32(writer, (uint32) typmod);
		ivy_write_u8(writer, ivy_type_kind(type));
	}
}

static void
prepare_column(StreamColumn *column, Form_pg_attribute attribute)
{
	column->attribute = attribute->attnum - 1;
	column->typmod = attribute->atttypmod;
	column->type = getBaseTypeAndTypmod(attribute->atttypid, &column->typmod);
	column->kind = ivy_type_kind(column->type);
	column->receive.fn_oid = InvalidOid;
	if (column->kind == IVY_KIND_TEXT)
	{
		Oid			input;

		getTypeInputInfo(column->type, &input, &column->type_param);
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

static void
note_effort(IvyStream *stream, const IvyFrame *frame)
{
	IvyReader	reader = {.data = frame->payload,.length = frame->length};

	(void) ivy_read_u64(&reader);
	(void) ivy_read_u64(&reader);
	stream->effort.micros = ivy_read_u64(&reader);
	stream->effort.rows_read = ivy_read_u64(&reader);
	stream->effort.files_read = ivy_read_u32(&reader);
	stream->effort.files_left_out = ivy_read_u32(&reader);
	if (!ivy_read_complete(&reader))
		ivy_protocol_violation(stream->connection, "DONE is not valid");
}

void
ivy_stream_add_effort(const IvyStream *stream, IvyEffort *sum)
{
	sum->micros += stream->effort.micros;
	sum->rows_read += stream->effort.rows_read;
	sum->files_read += stream->effort.files_read;
	sum->files_left_out += stream->effort.files_left_out;
}

/* The connection stays: it holds the pin. */
static void
end_as_left(IvyStream *stream, const IvyFrame *frame)
{
	IvyReader	reader = {.data = frame->payload,.length = frame->length};
	uint64		pin = ivy_read_u64(&reader);
	uint32		length;
	const char *reason = ivy_read_string(&reader, &length);

	if (!ivy_read_complete(&reader) || stream->received)
		ivy_protocol_violation(stream->connection, "LEFT is not valid");
	stream->left.pin = pin;
	stream->left.reason = MemoryContextStrdup(stream->context, pnstrdup(reason, length));
	stream->ended = true;
}

const IvyLeft *
ivy_stream_left(const IvyStream *stream)
{
	return stream->left.reason == NULL ? NULL : &stream->left;
}

IvyConnection *
ivy_stream_take_connection(IvyStream *stream)
{
	IvyConnection *connection = stream->connection;

	stream->connection = NULL;
	return connection;
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
			note_effort(stream, &frame);
			ivy_stream_close(stream);
			return false;
		}
		if (frame.type == IVY_LEFT)
		{
			end_as_left(stream, &frame);
			return false;
		}
		if (frame.type != IVY_BATCH)
			ivy_protocol_violation(stream->connection, "rows were not ended by DONE");
		stream->received = true;
		wrong = ivy_batch_open(&stream->batch, frame.payload, frame.length);
		if (wrong == NULL && stream->batch.columns != stream->count)
			wrong = "a batch has another number of columns than was asked for";
		for (int i = 0; wrong == NULL && i < stream->count; i++)
		{
			stream->columns[i].data = ivy_batch_column(&stream->batch, i);
			if (stream->columns[i].data.kind != stream->columns[i].kind &&
				!(stream->columns[i].data.kind == IVY_KIND_RECEIVE && stream->columns[i].kind == IVY_KIND_TEXT))
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

/* The send format has text in UTF-8, whatever the client's encoding is. */
static Datum
receive_value(IvyStream *stream, StreamColumn *column, const char *value)
{
	int			encoding = pg_get_client_encoding();
	StringInfoData bytes;
	uint32		header;
	Datum		datum;

	if (!OidIsValid(column->receive.fn_oid))
	{
		Oid			receive;

		getTypeBinaryInputInfo(column->type, &receive, &column->type_param);
		fmgr_info_cxt(receive, &column->receive, stream->context);
	}
	memcpy(&header, value, sizeof header);
	bytes.data = unconstify(char *, value) + sizeof header;
	bytes.len = (int) (header >> 2) - (int) sizeof header;
	bytes.maxlen = bytes.len + 1;
	bytes.cursor = 0;
	if (encoding == PG_UTF8)
		datum = ReceiveFunctionCall(&column->receive, &bytes, column->type_param, column->typmod);
	else
	{
		if (PrepareClientEncoding(PG_UTF8) < 0 || SetClientEncoding(PG_UTF8) < 0)
			elog(ERROR, "could not read values in UTF-8");
		PG_TRY();
		{
			datum = ReceiveFunctionCall(&column->receive, &bytes, column->type_param, column->typmod);
		}
		PG_CATCH();
		{
			SetClientEncoding(encoding);
			PG_RE_THROW();
		}
		PG_END_TRY();
		SetClientEncoding(encoding);
	}
	if (bytes.cursor != bytes.len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("a value of type %s was not read to its end", format_type_be(column->type))));
	return datum;
}

static Datum
value_of(IvyStream *stream, StreamColumn *column, uint32 row)
{
	const char *data = column->data.data;

	switch (column->data.kind)
	{
		case IVY_KIND_1:
			return CharGetDatum(data[row]);
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
		case IVY_KIND_RECEIVE:
			return receive_value(stream, column, place_of_value(stream, column, row));
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

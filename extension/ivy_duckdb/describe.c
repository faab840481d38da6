/*
 * describe.c: DESCRIBE, which has the engine say what a mirror of a table of another server would be.
 */
#include "postgres.h"

#include "engine.h"

#define DESCRIBE_COLUMNS 2

static char *
text_of(IvyConnection *connection, const IvyBatch *batch, uint16 index)
{
	IvyColumn	column = ivy_batch_column(batch, index);
	const char *value;

	if (column.kind != IVY_KIND_TEXT || ivy_column_is_null(&column, 0))
		ivy_protocol_violation(connection, "a column of DESCRIBE has another kind");
	value = ivy_column_value(batch, &column, 0);
	if (value == NULL)
		ivy_protocol_violation(connection, "a value of DESCRIBE is not valid");
	return pstrdup(value);
}

IvyDescription
ivy_describe(const char *uri, const char *source, const char *config)
{
	IvyConnection *connection = ivy_connect(true);
	IvyWriter	payload = ivy_writer();
	IvyDescription description;
	IvyFrame	frame;
	IvyBatch	batch;
	const char *wrong;

	ivy_write_string(&payload, uri);
	ivy_write_string(&payload, source);
	ivy_write_string(&payload, config);
	ivy_request(connection, IVY_DESCRIBE, &payload);
	frame = ivy_receive_type(connection, IVY_BATCH);
	wrong = ivy_batch_open(&batch, frame.payload, frame.length);
	if (wrong != NULL)
		ivy_protocol_violation(connection, wrong);
	if (batch.columns != DESCRIBE_COLUMNS || batch.rows != 1)
		ivy_protocol_violation(connection, "DESCRIBE has another number of columns or rows");
	description.definition = text_of(connection, &batch, 0);
	description.source = text_of(connection, &batch, 1);
	(void) ivy_receive_type(connection, IVY_DONE);
	ivy_release(connection);
	return description;
}

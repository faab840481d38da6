/*
 * stream.h: a request's batches as rows of a virtual slot.
 */
#ifndef IVY_STREAM_H
#define IVY_STREAM_H

#include "postgres.h"

#include "access/tupdesc.h"
#include "client.h"
#include "executor/tuptable.h"

typedef struct IvyStream IvyStream;

/* How values of a type travel. */
extern uint8 ivy_type_kind(Oid type);

/* Appends TARGETS: all columns of the row type, or those of `attributes`. */
extern void ivy_write_targets(IvyWriter *writer, TupleDesc row, const AttrNumber *attributes, int count);

/*
 * Reads the answer of the request that was just sent on the connection. Column i of the batches goes to attribute
 * attributes[i] of the slot (NULL: i + 1); all other attributes are null. Lives in CurrentMemoryContext.
 */
extern IvyStream *ivy_stream_open(IvyConnection *connection, TupleDesc row, const AttrNumber *attributes, int count);

/* Fills the slot with the next row, which is valid until the next call; false after the last. */
extern bool ivy_stream_next(IvyStream *stream, TupleTableSlot *slot);

/* A query of which the engine has found that Postgres must answer it. */
typedef struct IvyLeft
{
	char	   *reason;
	uint64		pin;			/* the snapshot that it would have read; 0: the one that the request named */
} IvyLeft;

/* What DuckDB did for an answer. */
typedef struct IvyEffort
{
	uint64		micros;
	uint64		rows_read;		/* in memory and in files that were not left out */
	uint64		files_read;
	uint64		files_left_out;
} IvyEffort;

/* Adds it to `sum` once the answer has ended. */
extern void ivy_stream_add_effort(const IvyStream *stream, IvyEffort *sum);

/* Why there are no rows, once ivy_stream_next has returned false; NULL: they have ended. */
extern const IvyLeft *ivy_stream_left(const IvyStream *stream);

/* The connection that holds the pin of a query that was left. */
extern IvyConnection *ivy_stream_take_connection(IvyStream *stream);

/* Gives the connection back, and cancels what has not come yet. */
extern void ivy_stream_close(IvyStream *stream);

#endif

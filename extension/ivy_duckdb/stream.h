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

/* Gives the connection back, and cancels what has not come yet. */
extern void ivy_stream_close(IvyStream *stream);

#endif

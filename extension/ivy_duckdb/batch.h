/*
 * batch.h: writing batches column by column. Plain C without the server's headers, as frame.h.
 */
#ifndef IVY_BATCH_H
#define IVY_BATCH_H

#include "frame.h"

/* One column of the batch that is being filled. */
typedef struct IvyColumnWriter
{
	uint32_t	kind;
	bool		any_null;
	uint8_t		validity[IVY_BATCH_ROWS_MAX / 8];
	IvyWriter	data;			/* values of fixed width, or offsets into `values` */
	IvyWriter	values;			/* of kinds 6 and 8, each with its header */
} IvyColumnWriter;

/* A column to be filled row by row. `grow` makes its buffers here; they are kept from batch to batch. */
extern void ivy_column_open(IvyColumnWriter *column, uint32_t kind, void *(*grow) (void *data, size_t capacity));

/* The value of the next row, which is row number `row`. */
extern void ivy_column_put_null(IvyColumnWriter *column, uint32_t row);
extern void ivy_column_put_bytes(IvyColumnWriter *column, uint32_t row, const char *bytes, size_t length);

static inline void
ivy_column_put_fixed(IvyColumnWriter *column, uint32_t row, const void *value, size_t width)
{
	column->validity[row >> 3] |= (uint8_t) (1 << (row & 7));
	ivy_write_bytes(&column->data, value, width);
}

/* Bytes that the column takes in a batch. */
extern size_t ivy_column_size(const IvyColumnWriter *column);

/* Appends the columns as one batch, and empties them. */
extern void ivy_write_batch(IvyWriter *writer, IvyColumnWriter *columns, uint16_t count, uint32_t rows);

#endif

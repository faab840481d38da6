/*
 * batch.c: columns to the bytes of a batch.
 */
#include <string.h>

#include "batch.h"

#define VARLENA_HEADER 4
#define VALUES_CAPACITY (64 * 1024)

static const char zeros[16] = {0};

static size_t
width_of(uint32_t kind)
{
	static const size_t widths[] = {0, 1, 2, 4, 8, 16, 4, 4, 4};

	return widths[kind];
}

static bool
is_variable(uint32_t kind)
{
	return kind > IVY_KIND_16;
}

/* Taken at once: a buffer grows where it was made, which is not where it is filled. */
static void
reserve(IvyWriter *writer, size_t capacity)
{
	writer->data = writer->grow(NULL, capacity);
	writer->capacity = capacity;
}

void
ivy_column_open(IvyColumnWriter *column, uint32_t kind, void *(*grow) (void *data, size_t capacity))
{
	memset(column, 0, sizeof *column);
	column->kind = kind;
	column->data.grow = grow;
	column->values.grow = grow;
	reserve(&column->data, width_of(kind) * IVY_BATCH_ROWS_MAX);
	if (is_variable(kind))
		reserve(&column->values, VALUES_CAPACITY);
}

void
ivy_column_put_null(IvyColumnWriter *column, uint32_t row)
{
	(void) row;
	column->any_null = true;
	ivy_write_bytes(&column->data, zeros, width_of(column->kind));
}

void
ivy_column_put_bytes(IvyColumnWriter *column, uint32_t row, const char *bytes, size_t length)
{
	size_t		padding = (VARLENA_HEADER - column->values.length % VARLENA_HEADER) % VARLENA_HEADER;
	uint32_t	offset;

	ivy_write_bytes(&column->values, zeros, padding);
	offset = (uint32_t) column->values.length;
	ivy_write_u32(&column->values, (uint32_t) (length + VARLENA_HEADER) << 2);
	ivy_write_bytes(&column->values, bytes, length);
	if (column->kind == IVY_KIND_RECEIVE)
		ivy_write_u8(&column->values, 0);
	ivy_column_put_fixed(column, row, &offset, sizeof offset);
}

size_t
ivy_column_size(const IvyColumnWriter *column)
{
	return column->data.length + column->values.length + sizeof column->validity + 2 * sizeof(uint64_t);
}

/* Pads so that the next byte lies at a multiple of 8 from `base`. */
static void
pad(IvyWriter *writer, size_t base)
{
	size_t		length = writer->length - base;

	ivy_write_bytes(writer, zeros, (8 - length % 8) % 8);
}

/* Offsets of values count from the batch's start. */
static void
shift_offsets(IvyColumnWriter *column, uint32_t rows, uint32_t distance)
{
	uint32_t   *offsets = (uint32_t *) column->data.data;
	uint32_t	row;

	for (row = 0; row < rows; row++)
		if ((column->validity[row >> 3] & (1 << (row & 7))) != 0)
			offsets[row] += distance;
}

static void
write_column(IvyWriter *writer, size_t base, uint16_t index, IvyColumnWriter *column, uint32_t rows)
{
	size_t		at = base + IVY_BATCH_HEADER_SIZE + (size_t) index * IVY_BATCH_COLUMN_SIZE;
	uint32_t	data_offset;

	pad(writer, base);
	if (column->any_null)
	{
		ivy_write_u32_at(writer, at + 4, (uint32_t) (writer->length - base));
		ivy_write_bytes(writer, column->validity, (rows + 7) / 8);
		pad(writer, base);
	}
	data_offset = (uint32_t) (writer->length - base);
	if (is_variable(column->kind))
		shift_offsets(column, rows, data_offset + (uint32_t) column->data.length);
	ivy_write_u32_at(writer, at + 8, data_offset);
	ivy_write_bytes(writer, column->data.data, column->data.length);
	ivy_write_bytes(writer, column->values.data, column->values.length);
	ivy_write_u32_at(writer, at + 12, (uint32_t) (writer->length - base) - data_offset);
	column->any_null = false;
	memset(column->validity, 0, sizeof column->validity);
	column->data.length = 0;
	column->values.length = 0;
}

void
ivy_write_batch(IvyWriter *writer, IvyColumnWriter *columns, uint16_t count, uint32_t rows)
{
	size_t		base = writer->length;
	uint16_t	index;

	ivy_write_u32(writer, rows);
	ivy_write_u16(writer, count);
	ivy_write_u16(writer, 0);
	for (index = 0; index < count; index++)
	{
		ivy_write_u32(writer, columns[index].kind);
		ivy_write_bytes(writer, zeros, 12);
	}
	for (index = 0; index < count; index++)
		write_column(writer, base, index, &columns[index], rows);
}

/*
 * frame.c: reading and writing headers, integers, strings and batches.
 */
#include "frame.h"

#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the protocol's Datums are little-endian, and so must be the machine"
#endif

#define WRITER_CAPACITY_MIN 256

static const size_t kind_width[] = {0, 1, 2, 4, 8, 16, 4, 4, 4};

static size_t
align_up(size_t value, size_t unit)
{
	return (value + unit - 1) / unit * unit;
}

void
ivy_header_write(char *to, const IvyHeader *header)
{
	memset(to, 0, IVY_HEADER_SIZE);
	memcpy(to, &header->length, 4);
	memcpy(to + 4, &header->type, 1);
	memcpy(to + 8, &header->request, 8);
}

bool
ivy_header_read(const char *from, IvyHeader *header)
{
	memcpy(&header->length, from, 4);
	memcpy(&header->type, from + 4, 1);
	memcpy(&header->request, from + 8, 8);
	return from[5] == 0 && from[6] == 0 && from[7] == 0 && header->length <= IVY_PAYLOAD_MAX;
}

static bool
take(IvyReader *reader, void *to, size_t length)
{
	if (reader->bad || reader->length - reader->at < length)
	{
		reader->bad = true;
		memset(to, 0, length);
		return false;
	}
	memcpy(to, reader->data + reader->at, length);
	reader->at += length;
	return true;
}

uint8_t
ivy_read_u8(IvyReader *reader)
{
	uint8_t		value;

	take(reader, &value, sizeof value);
	return value;
}

uint16_t
ivy_read_u16(IvyReader *reader)
{
	uint16_t	value;

	take(reader, &value, sizeof value);
	return value;
}

uint32_t
ivy_read_u32(IvyReader *reader)
{
	uint32_t	value;

	take(reader, &value, sizeof value);
	return value;
}

uint64_t
ivy_read_u64(IvyReader *reader)
{
	uint64_t	value;

	take(reader, &value, sizeof value);
	return value;
}

const char *
ivy_read_string(IvyReader *reader, uint32_t *length)
{
	const char *start;

	*length = ivy_read_u32(reader);
	if (reader->bad || reader->length - reader->at < *length)
	{
		reader->bad = true;
		*length = 0;
		return "";
	}
	start = reader->data + reader->at;
	reader->at += *length;
	return start;
}

bool
ivy_read_complete(const IvyReader *reader)
{
	return !reader->bad && reader->at == reader->length;
}

static char *
reserve(IvyWriter *writer, size_t length)
{
	char	   *place;

	if (writer->capacity - writer->length < length)
	{
		size_t		capacity = writer->capacity < WRITER_CAPACITY_MIN ? WRITER_CAPACITY_MIN : writer->capacity;

		while (capacity - writer->length < length)
			capacity *= 2;
		writer->data = writer->grow(writer->data, capacity);
		writer->capacity = capacity;
	}
	place = writer->data + writer->length;
	writer->length += length;
	return place;
}

void
ivy_write_bytes(IvyWriter *writer, const void *bytes, size_t length)
{
	if (length > 0)
		memcpy(reserve(writer, length), bytes, length);
}

void
ivy_write_u8(IvyWriter *writer, uint8_t value)
{
	ivy_write_bytes(writer, &value, sizeof value);
}

void
ivy_write_u16(IvyWriter *writer, uint16_t value)
{
	ivy_write_bytes(writer, &value, sizeof value);
}

void
ivy_write_u32(IvyWriter *writer, uint32_t value)
{
	ivy_write_bytes(writer, &value, sizeof value);
}

void
ivy_write_u64(IvyWriter *writer, uint64_t value)
{
	ivy_write_bytes(writer, &value, sizeof value);
}

void
ivy_write_string(IvyWriter *writer, const char *text)
{
	size_t		length = strlen(text);

	ivy_write_u32(writer, (uint32_t) length);
	ivy_write_bytes(writer, text, length);
}

void
ivy_write_u32_at(IvyWriter *writer, size_t at, uint32_t value)
{
	memcpy(writer->data + at, &value, sizeof value);
}

IvyColumn
ivy_batch_column(const IvyBatch *batch, uint16_t index)
{
	const char *from = batch->start + IVY_BATCH_HEADER_SIZE + (size_t) index * IVY_BATCH_COLUMN_SIZE;
	uint32_t	validity_offset;
	IvyColumn	column;

	memcpy(&column.kind, from, 4);
	memcpy(&validity_offset, from + 4, 4);
	memcpy(&column.data_offset, from + 8, 4);
	memcpy(&column.data_length, from + 12, 4);
	column.validity = validity_offset == 0 ? NULL : (const uint8_t *) batch->start + validity_offset;
	column.data = batch->start + column.data_offset;
	return column;
}

static const char *
check_column(const IvyBatch *batch, const IvyColumn *column)
{
	size_t		validity_length = ((size_t) batch->rows + 7) / 8;
	size_t		alignment;

	if (column->kind < IVY_KIND_1 || column->kind > IVY_KIND_RECEIVE)
		return "unknown column kind";
	if (column->validity != NULL)
	{
		size_t		offset = (size_t) ((const char *) column->validity - batch->start);

		if (offset > batch->length || batch->length - offset < validity_length)
			return "validity lies outside the batch";
	}
	if (column->data_offset > batch->length || batch->length - column->data_offset < column->data_length)
		return "data lies outside the batch";
	if ((size_t) column->data_length < batch->rows * kind_width[column->kind])
		return "data is shorter than its rows";
	alignment = column->kind <= IVY_KIND_16 ? 8 : 4;
	if (batch->rows > 0 && column->data_offset % alignment != 0)
		return "data is not aligned";
	return NULL;
}

const char *
ivy_batch_open(IvyBatch *batch, const char *data, size_t length)
{
	uint16_t	index;

	if (length < IVY_BATCH_HEADER_SIZE)
		return "batch is shorter than its header";
	batch->start = data;
	batch->length = length;
	memcpy(&batch->rows, data, 4);
	memcpy(&batch->columns, data + 4, 2);
	if (data[6] != 0 || data[7] != 0)
		return "reserved bytes are not zero";
	if (batch->rows > IVY_BATCH_ROWS_MAX)
		return "batch has too many rows";
	if ((length - IVY_BATCH_HEADER_SIZE) / IVY_BATCH_COLUMN_SIZE < batch->columns)
		return "batch is shorter than its columns";
	for (index = 0; index < batch->columns; index++)
	{
		IvyColumn	column = ivy_batch_column(batch, index);
		const char *wrong = check_column(batch, &column);

		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

const char *
ivy_column_value(const IvyBatch *batch, const IvyColumn *column, uint32_t row)
{
	size_t		end = (size_t) column->data_offset + column->data_length;
	uint32_t	offset;

	memcpy(&offset, column->data + (size_t) row * 4, 4);
	if (offset < column->data_offset + batch->rows * UINT32_C(4) || offset >= end)
		return NULL;
	if (column->kind == IVY_KIND_VARLENA || column->kind == IVY_KIND_RECEIVE)
	{
		uint32_t	header;

		if (offset % 4 != 0 || end - offset < 4)
			return NULL;
		memcpy(&header, batch->start + offset, 4);
		if ((header & 3) != 0 || header >> 2 < 4 || end - offset < header >> 2)
			return NULL;
		if (column->kind == IVY_KIND_RECEIVE &&
			(end - offset == header >> 2 || batch->start[offset + (header >> 2)] != 0))
			return NULL;
	}
	else if (memchr(batch->start + offset, 0, end - offset) == NULL)
		return NULL;
	return batch->start + offset;
}

/* Pads so that the next byte lies at a multiple of 8 from `base`. */
static void
pad(IvyWriter *writer, size_t base)
{
	static const char zeros[8] = {0};
	size_t		length = writer->length - base;

	ivy_write_bytes(writer, zeros, align_up(length, 8) - length);
}

static void
write_text_column(IvyWriter *writer, size_t base, uint16_t index, const char *text)
{
	size_t		at = base + IVY_BATCH_HEADER_SIZE + (size_t) index * IVY_BATCH_COLUMN_SIZE;
	uint32_t	data_offset;

	pad(writer, base);
	if (text == NULL)
	{
		ivy_write_u32_at(writer, at + 4, (uint32_t) (writer->length - base));
		ivy_write_u8(writer, 0);
		pad(writer, base);
	}
	data_offset = (uint32_t) (writer->length - base);
	ivy_write_u32_at(writer, at + 8, data_offset);
	ivy_write_u32(writer, text == NULL ? 0 : data_offset + 4);
	if (text != NULL)
		ivy_write_bytes(writer, text, strlen(text) + 1);
	ivy_write_u32_at(writer, at + 12, (uint32_t) (writer->length - base) - data_offset);
}

void
ivy_write_text_batch(IvyWriter *writer, const char *const *texts, uint16_t count)
{
	size_t		base = writer->length;
	uint16_t	index;

	ivy_write_u32(writer, 1);
	ivy_write_u16(writer, count);
	ivy_write_u16(writer, 0);
	for (index = 0; index < count; index++)
	{
		ivy_write_u32(writer, IVY_KIND_TEXT);
		ivy_write_u32(writer, 0);
		ivy_write_u32(writer, 0);
		ivy_write_u32(writer, 0);
	}
	for (index = 0; index < count; index++)
		write_text_column(writer, base, index, texts[index]);
}

/*
 * frame.h: the bytes between a backend and the engine (docs/internals/protocol.md).
 *
 * Plain C without the server's headers, so that the golden frames are checked by an ordinary program. Nothing here
 * raises an error or allocates by itself: a reader that runs past its end turns `bad`, a writer grows through the
 * function it was given.
 */
#ifndef IVY_FRAME_H
#define IVY_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IVY_PROTOCOL_VERSION 1
#define IVY_HEADER_SIZE 16
#define IVY_PAYLOAD_MAX ((UINT32_C(1) << 30) + (UINT32_C(1) << 20))
#define IVY_BATCH_ROWS_MAX 8192
#define IVY_BATCH_HEADER_SIZE 8
#define IVY_BATCH_COLUMN_SIZE 16

/* Requests */
#define IVY_HELLO 1
#define IVY_PLAN 2
#define IVY_EXECUTE 3
#define IVY_SCAN 4
#define IVY_PIN 5
#define IVY_UNPIN 6
#define IVY_SNAPSHOT 7
#define IVY_STATUS 8
#define IVY_WAKE 9
#define IVY_DESCRIBE 10
#define IVY_SHIP 11

/* Replies; every one but IVY_BATCH ends its request. */
#define IVY_READY 64
#define IVY_PLANNED 65
#define IVY_REFUSED 66
#define IVY_PINNED 67
#define IVY_BATCH 68
#define IVY_DONE 69
#define IVY_ERROR 70
#define IVY_LEFT 71

/* Kinds of column data */
#define IVY_KIND_1 1
#define IVY_KIND_2 2
#define IVY_KIND_4 3
#define IVY_KIND_8 4
#define IVY_KIND_16 5
#define IVY_KIND_VARLENA 6
#define IVY_KIND_TEXT 7
#define IVY_KIND_RECEIVE 8

typedef struct IvyHeader
{
	uint32_t	length;
	uint8_t		type;
	uint64_t	request;
} IvyHeader;

extern void ivy_header_write(char *to, const IvyHeader *header);

/* False when the sixteen bytes are no header of this protocol. */
extern bool ivy_header_read(const char *from, IvyHeader *header);

typedef struct IvyReader
{
	const char *data;
	size_t		length;
	size_t		at;
	bool		bad;
} IvyReader;

extern uint8_t ivy_read_u8(IvyReader *reader);
extern uint16_t ivy_read_u16(IvyReader *reader);
extern uint32_t ivy_read_u32(IvyReader *reader);
extern uint64_t ivy_read_u64(IvyReader *reader);

/* The bytes of a string, not terminated; valid as long as the reader's data. */
extern const char *ivy_read_string(IvyReader *reader, uint32_t *length);

/* Everything was read and nothing was missing. */
extern bool ivy_read_complete(const IvyReader *reader);

typedef struct IvyWriter
{
	char	   *data;
	size_t		length;
	size_t		capacity;
	void	   *(*grow) (void *data, size_t capacity);
} IvyWriter;

extern void ivy_write_bytes(IvyWriter *writer, const void *bytes, size_t length);
extern void ivy_write_u8(IvyWriter *writer, uint8_t value);
extern void ivy_write_u16(IvyWriter *writer, uint16_t value);
extern void ivy_write_u32(IvyWriter *writer, uint32_t value);
extern void ivy_write_u64(IvyWriter *writer, uint64_t value);
extern void ivy_write_string(IvyWriter *writer, const char *text);

/* Overwrites four bytes that were written before. */
extern void ivy_write_u32_at(IvyWriter *writer, size_t at, uint32_t value);

/* One column of a batch; pointers point into the frame. */
typedef struct IvyColumn
{
	uint32_t	kind;
	const uint8_t *validity;	/* NULL: no nulls */
	const char *data;
	uint32_t	data_offset;
	uint32_t	data_length;
} IvyColumn;

typedef struct IvyBatch
{
	const char *start;
	size_t		length;
	uint32_t	rows;
	uint16_t	columns;
} IvyBatch;

/* Checks the batch and every column's place in it; returns NULL or what is wrong. */
extern const char *ivy_batch_open(IvyBatch *batch, const char *data, size_t length);

/* Column `index` of an opened batch. */
extern IvyColumn ivy_batch_column(const IvyBatch *batch, uint16_t index);

static inline bool
ivy_column_is_null(const IvyColumn *column, uint32_t row)
{
	return column->validity != NULL && (column->validity[row >> 3] & (1 << (row & 7))) == 0;
}

/*
 * The value of `row` in a column of kind 6, 7 or 8, not null: a varlena, a terminated text, or a varlena's header and
 * terminated bytes. NULL when the batch is broken there.
 */
extern const char *ivy_column_value(const IvyBatch *batch, const IvyColumn *column, uint32_t row);

/* Appends a batch of one row whose columns are all texts (NULL: null), as VALUES carries it. */
extern void ivy_write_text_batch(IvyWriter *writer, const char *const *texts, uint16_t count);

#endif

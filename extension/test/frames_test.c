/*
 * frames_test.c: the golden frames, written and read by the extension's own code.
 *
 *   gcc -fsanitize=address,undefined -I../ivy_duckdb frames_test.c ../ivy_duckdb/frame.c -o frames_test
 *   ./frames_test frames
 *
 * Requests are encoded anew and compared byte by byte; replies are decoded and compared value by value. Broken batches,
 * cut or with one byte changed, must be refused or read without leaving the frame, which the sanitizer watches.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "frame.h"

#define FRAME_MAX 4096

#define CHECK(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s: failed: %s\n", __FILE__, __LINE__, current, #condition); \
			failures++; \
		} \
	} while (0)

static const char *current = "";
static int	failures = 0;

typedef struct Golden
{
	uint64_t	aligned[FRAME_MAX / 8];
	size_t		length;
	IvyHeader	header;
	const char *payload;
} Golden;

static void *
grow(void *data, size_t capacity)
{
	data = realloc(data, capacity);
	if (data == NULL)
		abort();
	return data;
}

/* Bytes in hexadecimal; "#" begins a comment. */
static int
load(const char *directory, const char *name, Golden *golden)
{
	char		path[1024];
	char		line[4096];
	FILE	   *file;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	file = fopen(path, "r");
	if (file == NULL)
		return -1;
	golden->length = 0;
	while (fgets(line, sizeof line, file) != NULL)
	{
		char	   *at = line;
		unsigned	byte;
		int			used;

		line[strcspn(line, "#")] = '\0';
		while (sscanf(at, "%2x%n", &byte, &used) == 1)
		{
			if (golden->length == FRAME_MAX)
				abort();
			((unsigned char *) golden->aligned)[golden->length++] = (unsigned char) byte;
			at += used;
		}
	}
	fclose(file);
	golden->payload = (const char *) golden->aligned + IVY_HEADER_SIZE;
	return 0;
}

/* ---- requests ---- */

typedef struct Value
{
	uint32_t	type;
	uint8_t		known;
	const char *text;
} Value;

static void
write_values(IvyWriter *writer, const Value *values, uint16_t count)
{
	const char *texts[8];

	ivy_write_u32(writer, count);
	for (uint16_t i = 0; i < count; i++)
	{
		ivy_write_u32(writer, values[i].type);
		ivy_write_u32(writer, UINT32_MAX);
		ivy_write_u8(writer, values[i].known);
		texts[i] = values[i].text;
	}
	ivy_write_text_batch(writer, texts, count);
}

static void
write_two_targets(IvyWriter *writer)
{
	ivy_write_u16(writer, 2);
	ivy_write_u32(writer, 23);
	ivy_write_u32(writer, UINT32_MAX);
	ivy_write_u8(writer, IVY_KIND_4);
	ivy_write_u32(writer, 25);
	ivy_write_u32(writer, UINT32_MAX);
	ivy_write_u8(writer, IVY_KIND_VARLENA);
}

static void
make_hello(IvyWriter *writer)
{
	ivy_write_u32(writer, IVY_PROTOCOL_VERSION);
	ivy_write_u32(writer, 4711);
	ivy_write_u32(writer, 16384);
	ivy_write_string(writer, "shop");
	ivy_write_string(writer, "C.UTF-8");
}

static void
make_plan(IvyWriter *writer)
{
	static const Value values[] = {{23, 1, "42"}, {25, 1, "\xc3\xa9"}, {1082, 1, NULL}, {20, 0, NULL}};

	ivy_write_string(writer, "Europe/Rome");
	ivy_write_string(writer, "{QUERY :commandType 1}");
	write_values(writer, values, 4);
	write_two_targets(writer);
	ivy_write_u16(writer, 0);
}

static void
make_execute(IvyWriter *writer)
{
	static const Value values[] = {{23, 1, "42"}, {25, 1, "\xc3\xa9"}};

	ivy_write_u64(writer, 0);
	ivy_write_u64(writer, UINT64_C(5905580200));
	ivy_write_u32(writer, 30000);
	ivy_write_string(writer, "UTC");
	ivy_write_string(writer, "{QUERY :commandType 1}");
	write_values(writer, values, 2);
	write_two_targets(writer);
	ivy_write_u16(writer, 1);
	ivy_write_u16(writer, 2);
	ivy_write_u16(writer, 2);
	ivy_write_u32(writer, 20);
	ivy_write_u32(writer, UINT32_MAX);
	ivy_write_u8(writer, IVY_KIND_8);
	ivy_write_u16(writer, 5);
	ivy_write_u32(writer, 25);
	ivy_write_u32(writer, UINT32_MAX);
	ivy_write_u8(writer, IVY_KIND_VARLENA);
}

static void
make_ship(IvyWriter *writer)
{
	IvyColumnWriter columns[2];
	int64_t		numbers[] = {7, -1};

	ivy_column_open(&columns[0], IVY_KIND_8, grow);
	ivy_column_open(&columns[1], IVY_KIND_VARLENA, grow);
	ivy_column_put_fixed(&columns[0], 0, &numbers[0], sizeof numbers[0]);
	ivy_column_put_bytes(&columns[1], 0, "\xc3\xa9", 2);
	ivy_column_put_fixed(&columns[0], 1, &numbers[1], sizeof numbers[1]);
	ivy_column_put_null(&columns[1], 1);
	ivy_write_u32(writer, 0);
	ivy_write_u32(writer, 0);
	ivy_write_batch(writer, columns, 2, 2);
	for (int i = 0; i < 2; i++)
	{
		free(columns[i].data.data);
		free(columns[i].values.data);
	}
}

static void
make_scan(IvyWriter *writer)
{
	ivy_write_u64(writer, UINT64_C(17375808098319191535));
	ivy_write_u64(writer, UINT64_C(5905580200));
	ivy_write_u32(writer, 0);
	ivy_write_u32(writer, 16400);
	ivy_write_u16(writer, 2);
	ivy_write_u16(writer, 1);
	ivy_write_u16(writer, 3);
	write_two_targets(writer);
}

static void
make_pin(IvyWriter *writer)
{
	ivy_write_u64(writer, UINT64_C(5905580200));
	ivy_write_u32(writer, 5000);
	ivy_write_u16(writer, 2);
	ivy_write_u32(writer, 16400);
	ivy_write_u32(writer, 16410);
}

static void
make_unpin(IvyWriter *writer)
{
	ivy_write_u64(writer, UINT64_C(17375808098319191535));
}

static void
make_snapshot(IvyWriter *writer)
{
	ivy_write_u32(writer, 16400);
	ivy_write_u64(writer, UINT64_C(5905580200));
	ivy_write_u32(writer, 60000);
}

static void
make_nothing(IvyWriter *writer)
{
	(void) writer;
}

static void
check_request(const Golden *golden, uint8_t type, void (*make) (IvyWriter *writer))
{
	IvyWriter	writer = {.grow = grow};
	IvyHeader	header = {.type = type,.request = golden->header.request};
	char		bytes[IVY_HEADER_SIZE];

	make(&writer);
	header.length = (uint32_t) writer.length;
	ivy_header_write(bytes, &header);
	CHECK(memcmp(bytes, golden->aligned, IVY_HEADER_SIZE) == 0);
	CHECK(writer.length == golden->header.length);
	CHECK(writer.length == 0 || memcmp(writer.data, golden->payload, writer.length) == 0);
	free(writer.data);
}

/* ---- replies ---- */

static IvyReader
reader_of(const Golden *golden)
{
	return (IvyReader) {.data = golden->payload,.length = golden->header.length};
}

static void
check_string(IvyReader *reader, const char *expected)
{
	uint32_t	length;
	const char *bytes = ivy_read_string(reader, &length);

	CHECK(!reader->bad && length == strlen(expected) && memcmp(bytes, expected, length) == 0);
}

static void
check_ready(const Golden *golden)
{
	IvyReader	reader = reader_of(golden);

	CHECK(ivy_read_u32(&reader) == IVY_PROTOCOL_VERSION);
	CHECK(ivy_read_u32(&reader) == 4242);
	check_string(&reader, "0.1.0");
	CHECK(ivy_read_complete(&reader));
}

static void
check_planned(const Golden *golden)
{
	IvyReader	reader = reader_of(golden);

	check_string(&reader, "SELECT t1.c1 FROM mirror(16400) AS t1");
	CHECK(ivy_read_u8(&reader) == 1);
	CHECK(ivy_read_complete(&reader));
}

static void
check_refused(const Golden *golden)
{
	IvyReader	reader = reader_of(golden);

	check_string(&reader, "Function 4711 is not known.");
	CHECK(ivy_read_complete(&reader));
}

static void
check_pinned(const Golden *golden)
{
	IvyReader	reader = reader_of(golden);

	CHECK(ivy_read_u64(&reader) == UINT64_C(17375808098319191535));
	CHECK(ivy_read_u64(&reader) == UINT64_C(5905580208));
	CHECK(ivy_read_complete(&reader));
}

static void
check_done(const Golden *golden)
{
	IvyReader	reader = reader_of(golden);

	CHECK(ivy_read_u64(&reader) == 3);
	CHECK(ivy_read_u64(&reader) == UINT64_C(5905580208));
	CHECK(ivy_read_u64(&reader) == 1500);
	CHECK(ivy_read_u64(&reader) == 122880);
	CHECK(ivy_read_u32(&reader) == 2);
	CHECK(ivy_read_u32(&reader) == 7);
	CHECK(ivy_read_complete(&reader));
	(void) ivy_read_u8(&reader);
	CHECK(reader.bad);
}

static void
check_error(const Golden *golden)
{
	IvyReader	reader = reader_of(golden);

	check_string(&reader, "22012");
	check_string(&reader, "MC0010");
	check_string(&reader, "division by zero");
	check_string(&reader, "");
	check_string(&reader, "");
	CHECK(ivy_read_complete(&reader));
}

static int64_t
integer_at(const IvyColumn *column, size_t width, uint32_t row)
{
	int64_t		value = 0;
	unsigned	unused = (unsigned) (64 - 8 * width);

	memcpy(&value, column->data + row * width, width);
	return (int64_t) ((uint64_t) value << unused) >> unused;
}

static void
check_varlena(const IvyBatch *batch, const IvyColumn *column, uint32_t row, const char *bytes, size_t length)
{
	const char *value = ivy_column_value(batch, column, row);
	uint32_t	header;

	CHECK(value != NULL);
	if (value == NULL)
		return;
	memcpy(&header, value, 4);
	CHECK(header == (length + 4) << 2);
	CHECK(memcmp(value + 4, bytes, length) == 0);
}

static void
check_batch_values(const IvyBatch *batch)
{
	IvyColumn	columns[8];

	for (uint16_t i = 0; i < 8; i++)
		columns[i] = ivy_batch_column(batch, i);
	CHECK(columns[0].data[0] == 1 && columns[0].data[1] == 0);
	CHECK(!ivy_column_is_null(&columns[0], 1) && ivy_column_is_null(&columns[0], 2));
	CHECK(integer_at(&columns[1], 2, 0) == -2 && integer_at(&columns[1], 2, 2) == INT16_MAX);
	CHECK(integer_at(&columns[2], 4, 0) == 1 && integer_at(&columns[2], 4, 2) == INT32_MIN);
	CHECK(ivy_column_is_null(&columns[2], 1));
	CHECK(integer_at(&columns[3], 8, 0) == INT64_MIN && integer_at(&columns[3], 8, 2) == INT64_MAX);
	CHECK(columns[4].kind == IVY_KIND_16 && columns[4].data[15] == 0x0f);
	check_varlena(batch, &columns[5], 0, "a\xc3\xb1" "b", 4);
	CHECK(ivy_column_is_null(&columns[5], 1));
	check_varlena(batch, &columns[5], 2, "", 0);
	check_varlena(batch, &columns[6], 0, "\x00\x81\x0c\x00\x88\x13", 6);
	check_varlena(batch, &columns[6], 1, "\x7f\xa2\x01\x00", 4);
	check_varlena(batch, &columns[6], 2, "\x00\x80", 2);
	CHECK(strcmp(ivy_column_value(batch, &columns[7], 0), "{\"a\": 1}") == 0);
	CHECK(strcmp(ivy_column_value(batch, &columns[7], 1), "") == 0);
	CHECK(ivy_column_is_null(&columns[7], 2));
}

/* Reads every value of a batch that may be broken; the sum keeps the reads from being left out. */
static unsigned
read_all(const IvyBatch *batch)
{
	static const size_t widths[] = {0, 1, 2, 4, 8, 16};
	unsigned	sum = 0;

	for (uint16_t i = 0; i < batch->columns; i++)
	{
		IvyColumn	column = ivy_batch_column(batch, i);

		for (uint32_t row = 0; row < batch->rows; row++)
		{
			if (ivy_column_is_null(&column, row))
				continue;
			if (column.kind <= IVY_KIND_16)
				for (size_t byte = 0; byte < widths[column.kind]; byte++)
					sum += (unsigned char) column.data[row * widths[column.kind] + byte];
			else
			{
				const char *value = ivy_column_value(batch, &column, row);

				if (value != NULL && column.kind == IVY_KIND_TEXT)
					sum += (unsigned) strlen(value);
				else if (value != NULL)
				{
					uint32_t	header;

					memcpy(&header, value, 4);
					for (uint32_t byte = 4; byte < header >> 2; byte++)
						sum += (unsigned char) value[byte];
				}
			}
		}
	}
	return sum;
}

static unsigned
check_broken_batches(const Golden *golden)
{
	size_t		length = golden->header.length;
	unsigned	sum = 0;
	IvyBatch	batch;

	for (size_t cut = 0; cut < length; cut++)
	{
		char	   *copy = malloc(cut + 1);

		memcpy(copy, golden->payload, cut);
		CHECK(ivy_batch_open(&batch, copy, cut) != NULL);
		free(copy);
	}
	for (size_t at = 0; at < length; at++)
		for (unsigned bit = 0; bit < 8; bit++)
		{
			char	   *copy = malloc(length);

			memcpy(copy, golden->payload, length);
			copy[at] = (char) (copy[at] ^ (1 << bit));
			if (ivy_batch_open(&batch, copy, length) == NULL)
				sum += read_all(&batch);
			free(copy);
		}
	return sum;
}

static void
check_batch(const Golden *golden)
{
	IvyBatch	batch;

	CHECK(ivy_batch_open(&batch, golden->payload, golden->header.length) == NULL);
	CHECK(batch.rows == 3 && batch.columns == 8);
	if (batch.columns == 8)
		check_batch_values(&batch);
	printf("%s: read broken batches, sum %u\n", current, check_broken_batches(golden));
}

static void
check_received_batch(const Golden *golden)
{
	IvyBatch	batch;
	IvyColumn	column;

	CHECK(ivy_batch_open(&batch, golden->payload, golden->header.length) == NULL);
	CHECK(batch.rows == 2 && batch.columns == 1);
	column = ivy_batch_column(&batch, 0);
	CHECK(column.kind == IVY_KIND_RECEIVE);
	check_varlena(&batch, &column, 0, "\x01\x02", 2);
	CHECK(ivy_column_is_null(&column, 1));
	printf("%s: read broken batches, sum %u\n", current, check_broken_batches(golden));
}

static void
check_batch_without_columns(const Golden *golden)
{
	IvyBatch	batch;

	CHECK(ivy_batch_open(&batch, golden->payload, golden->header.length) == NULL);
	CHECK(batch.rows == 5 && batch.columns == 0);
}

/* ---- all files ---- */

static void
check_left(const Golden *golden)
{
	IvyReader	reader = reader_of(golden);

	CHECK(ivy_read_u64(&reader) == UINT64_C(17375808098319191535));
	check_string(&reader, "Not computed exactly...");
	CHECK(ivy_read_complete(&reader));
}

typedef struct Case
{
	const char *file;
	uint8_t		type;
	void		(*make) (IvyWriter *writer);
	void		(*check) (const Golden *golden);
} Case;

static const Case cases[] = {
	{"hello.hex", IVY_HELLO, make_hello, NULL},
	{"plan.hex", IVY_PLAN, make_plan, NULL},
	{"execute.hex", IVY_EXECUTE, make_execute, NULL},
	{"ship.hex", IVY_SHIP, make_ship, NULL},
	{"scan.hex", IVY_SCAN, make_scan, NULL},
	{"pin.hex", IVY_PIN, make_pin, NULL},
	{"unpin.hex", IVY_UNPIN, make_unpin, NULL},
	{"snapshot.hex", IVY_SNAPSHOT, make_snapshot, NULL},
	{"status.hex", IVY_STATUS, make_nothing, NULL},
	{"wake.hex", IVY_WAKE, make_nothing, NULL},
	{"ready.hex", IVY_READY, NULL, check_ready},
	{"planned.hex", IVY_PLANNED, NULL, check_planned},
	{"refused.hex", IVY_REFUSED, NULL, check_refused},
	{"pinned.hex", IVY_PINNED, NULL, check_pinned},
	{"batch.hex", IVY_BATCH, NULL, check_batch},
	{"batch_received.hex", IVY_BATCH, NULL, check_received_batch},
	{"batch_no_columns.hex", IVY_BATCH, NULL, check_batch_without_columns},
	{"done.hex", IVY_DONE, NULL, check_done},
	{"error.hex", IVY_ERROR, NULL, check_error},
	{"left.hex", IVY_LEFT, NULL, check_left}
};

#define CASES (sizeof cases / sizeof cases[0])

static void
run_case(const char *directory, const Case *test)
{
	Golden		golden;

	current = test->file;
	if (load(directory, test->file, &golden) != 0 || golden.length < IVY_HEADER_SIZE)
	{
		fprintf(stderr, "%s: missing or too short\n", current);
		failures++;
		return;
	}
	CHECK(ivy_header_read((const char *) golden.aligned, &golden.header));
	CHECK(golden.header.type == test->type);
	CHECK(golden.header.length == golden.length - IVY_HEADER_SIZE);
	if (golden.header.length != golden.length - IVY_HEADER_SIZE)
		return;
	if (test->make != NULL)
		check_request(&golden, test->type, test->make);
	else
		test->check(&golden);
}

/* A frame that no case reads would prove nothing. */
static void
check_no_other_file(const char *directory)
{
	DIR		   *listing = opendir(directory);
	struct dirent *entry;

	while (listing != NULL && (entry = readdir(listing)) != NULL)
	{
		size_t		i;

		if (strstr(entry->d_name, ".hex") == NULL)
			continue;
		for (i = 0; i < CASES && strcmp(cases[i].file, entry->d_name) != 0; i++)
			;
		current = entry->d_name;
		CHECK(i < CASES);
	}
	if (listing != NULL)
		closedir(listing);
}

int
main(int argc, char **argv)
{
	if (argc != 2)
	{
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	for (size_t i = 0; i < CASES; i++)
		run_case(argv[1], &cases[i]);
	check_no_other_file(argv[1]);
	printf("%d golden frames, %d failures\n", (int) CASES, failures);
	return failures == 0 ? 0 : 1;
}

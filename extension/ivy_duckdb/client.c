/*
 * client.c: connecting, pooling, sending and receiving.
 */
#include "postgres.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "compat.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* How long a query waits for an engine that is being restarted, and how long it then remembers that none came. */
#define CONNECT_WAIT_MS 15000
#define CONNECT_RETRY_MS 50
#define CONNECT_FORGET_MS 10000

/* Idle connections a backend keeps. */
#define POOL_MAX 4

/* Frames of a usual size are received through a buffer that stays; larger ones get and lose their own memory. */
#define BUFFER_KEEP (256 * 1024)

struct IvyConnection
{
	dlist_node	link;			/* in the pool, while idle */
	pgsocket	socket;
	WaitEventSet *events;
	int			socket_position;
	uint64		request;		/* the last request's number */
	bool		pending;		/* it still lacks its terminal frame */
	int			unanswered;		/* older requests whose terminal frames nobody waits for */
	bool		reused;			/* it came out of the pool */
	bool		answered;		/* some byte came since the pending request was sent */
	int			engine_pid;
	char	   *buffer;			/* payload of the current frame */
	Size		capacity;
	IvyWriter	sent;			/* the pending request, until its first answer: for sending it again */
	MemoryContextCallback *owner;	/* its arg is this connection, or NULL when the ownership ended */
};

static dlist_head pool = DLIST_STATIC_INIT(pool);
static int	pool_size = 0;
static TimestampTz engine_missed_at = 0;

static void *
grow_in_current(void *data, size_t capacity)
{
	return data == NULL ? MemoryContextAllocHuge(CurrentMemoryContext, capacity) : repalloc_huge(data, capacity);
}

void *
ivy_grow_in_top(void *data, size_t capacity)
{
	return data == NULL ? MemoryContextAllocHuge(TopMemoryContext, capacity) : repalloc_huge(data, capacity);
}

IvyWriter
ivy_writer(void)
{
	IvyWriter	writer = {.grow = grow_in_current};

	return writer;
}

int
ivy_engine_pid(const IvyConnection *connection)
{
	return connection->engine_pid;
}

/* ---- closing, raising nothing ---- */

static void
close_socket(IvyConnection *connection)
{
	if (connection->events != NULL)
		FreeWaitEventSet(connection->events);
	connection->events = NULL;
	if (connection->socket != PGINVALID_SOCKET)
		closesocket(connection->socket);
	connection->socket = PGINVALID_SOCKET;
	connection->pending = false;
	connection->unanswered = 0;
}

static void
destroy(IvyConnection *connection)
{
	close_socket(connection);
	if (connection->owner != NULL)
		connection->owner->arg = NULL;
	if (connection->buffer != NULL)
		pfree(connection->buffer);
	if (connection->sent.data != NULL)
		pfree(connection->sent.data);
	pfree(connection);
}

void
ivy_release(IvyConnection *connection)
{
	if (connection->owner != NULL)
		connection->owner->arg = NULL;
	connection->owner = NULL;
	if (connection->socket == PGINVALID_SOCKET || connection->pending || pool_size >= POOL_MAX)
	{
		destroy(connection);
		return;
	}
	if (connection->capacity > BUFFER_KEEP)
	{
		pfree(connection->buffer);
		connection->buffer = NULL;
		connection->capacity = 0;
	}
	dlist_push_head(&pool, &connection->link);
	pool_size++;
}

static void
owner_is_reset(void *arg)
{
	IvyConnection *connection = arg;

	if (connection == NULL)
		return;
	connection->owner = NULL;
	ivy_release(connection);
}

static void
own(IvyConnection *connection)
{
	MemoryContextCallback *owner = palloc0(sizeof(MemoryContextCallback));

	owner->func = owner_is_reset;
	owner->arg = connection;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, owner);
	connection->owner = owner;
}

/* ---- errors ---- */

static void
engine_is_missing(int saved_errno)
{
	errno = saved_errno;
	if (!ivy_settings.engine_enabled)
		ereport(ERROR,
				(errcode(ERRCODE_CANNOT_CONNECT_NOW),
				 errmsg("the mooncake engine is not running"),
				 errhint("pg_mooncake.enable_bgworker is off: set it to on and restart the server.")));
	ereport(ERROR,
			(errcode(ERRCODE_CANNOT_CONNECT_NOW),
			 errmsg("the mooncake engine is not running"),
			 errdetail("Could not connect to \"%s\" in the data directory: %m.", IVY_SOCKET_PATH),
			 errhint("The background worker starts it when shared_preload_libraries holds ivy_mooncake and"
					 " pg_mooncake.enable_bgworker is on; the server's log says why it ended.")));
}

static void
connection_is_lost(IvyConnection *connection)
{
	close_socket(connection);
	ereport(ERROR,
			(errcode(ERRCODE_CONNECTION_FAILURE),
			 errmsg("the mooncake engine ended in the middle of a request"),
			 errhint("It is restarted within seconds: run the statement again. The server's log says why it ended.")));
}

void
ivy_protocol_violation(IvyConnection *connection, const char *what)
{
	close_socket(connection);
	ereport(ERROR,
			(errcode(ERRCODE_PROTOCOL_VIOLATION),
			 errmsg("the mooncake engine broke the protocol: %s", what)));
	pg_unreachable();
}

/* ---- waiting ---- */

/* Sleeps until the socket is ready or the latch is set. An interrupt closes the socket before it is raised. */
static void
wait_for_socket(IvyConnection *connection, uint32 event)
{
	WaitEvent	occurred;

	ModifyWaitEvent(connection->events, connection->socket_position, event, NULL);
	if (WaitEventSetWait(connection->events, -1, &occurred, 1, PG_WAIT_EXTENSION) == 1 &&
		(occurred.events & WL_LATCH_SET) != 0)
		ResetLatch(MyLatch);
	if (INTERRUPTS_PENDING_CONDITION())
	{
		PG_TRY();
		{
			CHECK_FOR_INTERRUPTS();
		}
		PG_CATCH();
		{
			close_socket(connection);
			PG_RE_THROW();
		}
		PG_END_TRY();
	}
}

/* False when the other side is gone. */
static bool
send_all(IvyConnection *connection, const char *data, size_t length)
{
	while (length > 0)
	{
		ssize_t		sent = send(connection->socket, data, length, MSG_NOSIGNAL);

		if (sent > 0)
		{
			data += sent;
			length -= sent;
		}
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			wait_for_socket(connection, WL_SOCKET_WRITEABLE);
		else if (errno != EINTR)
			return false;
	}
	return true;
}

/* As many bytes as asked for, or false when the other side is gone. */
static bool
receive_all(IvyConnection *connection, char *to, size_t length, int *error)
{
	while (length > 0)
	{
		ssize_t		received = recv(connection->socket, to, length, 0);

		if (received > 0)
		{
			to += received;
			length -= received;
			connection->answered = true;
		}
		else if (received == 0)
		{
			*error = 0;
			return false;
		}
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			wait_for_socket(connection, WL_SOCKET_READABLE);
		else if (errno != EINTR)
		{
			*error = errno;
			return false;
		}
	}
	return true;
}

/* ---- connecting ---- */

/* Tries again for a while when the engine is expected to come back. */
static pgsocket
connect_patiently(bool patient)
{
	TimestampTz start = GetCurrentTimestamp();
	bool		missed_lately = engine_missed_at != 0 &&
		!TimestampDifferenceExceeds(engine_missed_at, start, CONNECT_FORGET_MS);

	for (;;)
	{
		pgsocket	result = ivy_open_socket();
		int			saved_errno = errno;

		if (result != PGINVALID_SOCKET)
		{
			engine_missed_at = 0;
			return result;
		}
		if (!patient || missed_lately || !ivy_settings.engine_enabled)
			return PGINVALID_SOCKET;
		if (TimestampDifferenceExceeds(start, GetCurrentTimestamp(), CONNECT_WAIT_MS))
		{
			engine_missed_at = GetCurrentTimestamp();
			errno = saved_errno;
			return PGINVALID_SOCKET;
		}
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, CONNECT_RETRY_MS,
						 PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

static bool
send_pending(IvyConnection *connection)
{
	return send_all(connection, connection->sent.data, connection->sent.length);
}

/* Makes the frame of the pending request, ready to be sent. */
static void
prepare_frame(IvyConnection *connection, uint8 type, const char *payload, size_t length)
{
	IvyHeader	header = {.length = (uint32) length,.type = type,.request = connection->request};
	char		bytes[IVY_HEADER_SIZE];

	if (length > IVY_PAYLOAD_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the query is too large for the mooncake engine")));
	ivy_header_write(bytes, &header);
	connection->sent.length = 0;
	ivy_write_bytes(&connection->sent, bytes, IVY_HEADER_SIZE);
	ivy_write_bytes(&connection->sent, payload, length);
	connection->pending = true;
	connection->answered = false;
}

/* Reads a header and its payload; false when the other side is gone. */
static bool
read_frame(IvyConnection *connection, IvyHeader *header, int *error)
{
	char		bytes[IVY_HEADER_SIZE];

	if (!receive_all(connection, bytes, IVY_HEADER_SIZE, error))
		return false;
	if (!ivy_header_read(bytes, header))
		ivy_protocol_violation(connection, "a frame has no valid header");
	if (header->length > connection->capacity)
	{
		Size		capacity = Max(pg_nextpower2_size_t(header->length), 1024);

		if (connection->buffer != NULL)
			pfree(connection->buffer);
		connection->buffer = NULL;
		connection->capacity = 0;
		connection->buffer = MemoryContextAllocHuge(TopMemoryContext, capacity);
		connection->capacity = capacity;
	}
	return receive_all(connection, connection->buffer, header->length, error);
}

static void
greet(IvyConnection *connection)
{
	IvyHeader	header;
	IvyReader	reader;
	IvyWriter	request = connection->sent;
	uint64		number = connection->request;
	int			error;

	/* HELLO is request 0 of every connection; a request that waits to be sent again is put aside meanwhile. */
	connection->sent = (IvyWriter) {.grow = ivy_grow_in_top};
	connection->request = 0;
	prepare_frame(connection, IVY_HELLO, ivy_hello.data, ivy_hello.length);
	if (!send_pending(connection) || !read_frame(connection, &header, &error))
	{
		close_socket(connection);
		ereport(ERROR,
				(errcode(ERRCODE_CANNOT_CONNECT_NOW),
				 errmsg("the mooncake engine closed the connection at its start"),
				 errhint("The server's log says why. Run the statement again.")));
	}
	reader = (IvyReader) {.data = connection->buffer,.length = header.length};
	if (header.request != 0 || header.type != IVY_READY)
		ivy_protocol_violation(connection, "HELLO was not answered by READY");
	if (ivy_read_u32(&reader) != IVY_PROTOCOL_VERSION)
		ivy_protocol_violation(connection, "the engine speaks another protocol version");
	connection->engine_pid = (int) ivy_read_u32(&reader);
	if (reader.bad)
		ivy_protocol_violation(connection, "READY is too short");
	pfree(connection->sent.data);
	connection->sent = request;
	connection->request = number;
	connection->pending = false;
}

/* Gives the connection a socket and greets; false when no engine is there, with errno set. */
static bool
open_socket(IvyConnection *connection, bool patient)
{
	ivy_prepare_hello();
	connection->socket = connect_patiently(patient);
	if (connection->socket == PGINVALID_SOCKET)
		return false;
	connection->events = ivy_create_wait_event_set(3);
	AddWaitEventToSet(connection->events, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, NULL);
	AddWaitEventToSet(connection->events, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, NULL, NULL);
	connection->socket_position =
		AddWaitEventToSet(connection->events, WL_SOCKET_READABLE, connection->socket, NULL, NULL);
	connection->reused = false;
	greet(connection);
	return true;
}

/* A pooled socket whose engine is gone, or which holds bytes that nobody asked for, is of no use. */
static bool
is_usable(IvyConnection *connection)
{
	char		byte;
	ssize_t		received = recv(connection->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	if (received > 0)
		return connection->unanswered > 0;
	return received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

IvyConnection *
ivy_try_connect(bool patient)
{
	IvyConnection *connection;

	while (!dlist_is_empty(&pool))
	{
		connection = dlist_container(IvyConnection, link, dlist_pop_head_node(&pool));
		pool_size--;
		if (is_usable(connection))
		{
			connection->reused = true;
			own(connection);
			return connection;
		}
		destroy(connection);
	}
	connection = MemoryContextAllocZero(TopMemoryContext, sizeof(IvyConnection));
	connection->socket = PGINVALID_SOCKET;
	connection->sent.grow = ivy_grow_in_top;
	own(connection);
	if (open_socket(connection, patient))
		return connection;
	{
		int			saved_errno = errno;

		destroy(connection);
		errno = saved_errno;
	}
	return NULL;
}

IvyConnection *
ivy_connect(bool patient)
{
	IvyConnection *connection = ivy_try_connect(patient);

	if (connection == NULL)
		engine_is_missing(errno);
	return connection;
}

/* ---- requests ---- */

static void
send_again(IvyConnection *connection)
{
	close_socket(connection);
	if (!open_socket(connection, true))
		engine_is_missing(errno);
	connection->pending = true;
	connection->answered = false;
	if (!send_pending(connection))
		connection_is_lost(connection);
}

void
ivy_request(IvyConnection *connection, uint8 type, const IvyWriter *payload)
{
	if (connection->pending || connection->socket == PGINVALID_SOCKET)
		elog(ERROR, "a connection to the mooncake engine is not ready for a request");
	connection->request++;
	prepare_frame(connection, type, payload == NULL ? NULL : payload->data, payload == NULL ? 0 : payload->length);
	if (send_pending(connection))
		return;
	if (!connection->reused)
		connection_is_lost(connection);
	send_again(connection);
}

/* An answer to an older request that nobody waits for looks the same: then nothing is known. */
static bool
is_answered(const IvyConnection *connection)
{
	char		byte;

	return connection->unanswered == 0 && recv(connection->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool
ivy_send_more(IvyConnection *connection, uint8 type, const IvyWriter *payload)
{
	IvyHeader	header = {.length = (uint32) payload->length,.type = type,.request = connection->request};
	char		bytes[IVY_HEADER_SIZE];

	if (!connection->pending)
		elog(ERROR, "a connection to the mooncake engine has no pending request");
	if (payload->length > IVY_PAYLOAD_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a row is too large for the mooncake engine")));
	if (is_answered(connection))
		return false;
	ivy_header_write(bytes, &header);

	/* What was sent before cannot be sent again to another engine without this. */
	connection->reused = false;
	if (!send_all(connection, bytes, IVY_HEADER_SIZE) || !send_all(connection, payload->data, payload->length))
		connection_is_lost(connection);
	return true;
}

IvyFrame
ivy_receive(IvyConnection *connection)
{
	IvyHeader	header;
	IvyFrame	frame;
	int			error;

	if (!connection->pending)
		elog(ERROR, "a connection to the mooncake engine has no pending request");
	for (;;)
	{
		if (!read_frame(connection, &header, &error))
		{
			/* ECONNRESET: the engine ended without having read the request, which can be sent to the next one. */
			if (connection->reused && !connection->answered && error == ECONNRESET)
			{
				send_again(connection);
				continue;
			}
			connection_is_lost(connection);
		}
		if (header.request == connection->request)
			break;
		if (connection->unanswered == 0 || header.request > connection->request)
			ivy_protocol_violation(connection, "a reply has the number of another request");
		if (header.type != IVY_BATCH)
			connection->unanswered--;
		connection->answered = false;
	}
	frame = (IvyFrame) {.type = header.type,.payload = connection->buffer,.length = header.length};
	if (frame.type < IVY_READY || frame.type > IVY_LEFT)
		ivy_protocol_violation(connection, "a reply has an unknown type");
	if (frame.type != IVY_BATCH)
		connection->pending = false;
	if (frame.type == IVY_ERROR)
		ivy_raise_engine_error(&frame);
	return frame;
}

IvyFrame
ivy_receive_type(IvyConnection *connection, uint8 type)
{
	IvyFrame	frame = ivy_receive(connection);

	if (frame.type != type)
		ivy_protocol_violation(connection, "a reply has a type that does not answer the request");
	return frame;
}

void
ivy_request_and_release(IvyConnection *connection, uint8 type, const char *payload, uint32 length)
{
	char		bytes[IVY_HEADER_SIZE + 64];
	IvyHeader	header = {.length = length,.type = type,.request = connection->request + 1};

	if (connection->socket != PGINVALID_SOCKET && !connection->pending && length <= 64)
	{
		ivy_header_write(bytes, &header);
		memcpy(bytes + IVY_HEADER_SIZE, payload, length);
		connection->request++;
		if (send(connection->socket, bytes, IVY_HEADER_SIZE + length, MSG_NOSIGNAL) ==
			(ssize_t) (IVY_HEADER_SIZE + length))
			connection->unanswered++;
		else
			close_socket(connection);
	}
	ivy_release(connection);
}

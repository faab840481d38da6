/*
 * quick.c: one request on a connection of its own that raises no error and ends by a deadline.
 */
#include "postgres.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "utils/timestamp.h"

static bool
quick_wait(pgsocket socket, short events, TimestampTz deadline)
{
	struct pollfd poll_fd = {.fd = socket,.events = events};
	long		left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), deadline);

	return left > 0 && poll(&poll_fd, 1, (int) left) == 1;
}

static bool
quick_move(pgsocket socket, char *bytes, size_t length, bool sending, TimestampTz deadline)
{
	while (length > 0)
	{
		ssize_t		moved = sending ? send(socket, bytes, length, MSG_NOSIGNAL) : recv(socket, bytes, length, 0);

		if (moved > 0)
		{
			bytes += moved;
			length -= moved;
		}
		else if (moved == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
			return false;
		else if (!quick_wait(socket, sending ? POLLOUT : POLLIN, deadline))
			return false;
	}
	return true;
}

/* Sends one request and receives its terminal frame's payload, at most `capacity` bytes. */
static bool
quick_request(pgsocket socket, IvyHeader header, char *payload, char *reply, uint32 capacity, IvyHeader *answer,
			  TimestampTz deadline)
{
	char		bytes[IVY_HEADER_SIZE];

	ivy_header_write(bytes, &header);
	return quick_move(socket, bytes, IVY_HEADER_SIZE, true, deadline) &&
		quick_move(socket, payload, header.length, true, deadline) &&
		quick_move(socket, bytes, IVY_HEADER_SIZE, false, deadline) &&
		ivy_header_read(bytes, answer) && answer->length <= capacity && answer->request == header.request &&
		quick_move(socket, reply, answer->length, false, deadline);
}

IvyEngine
ivy_quick_exchange(uint8 request, int timeout_ms)
{
	IvyEngine	engine = {0};
	TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), timeout_ms);
	IvyHeader	greeting = {.length = (uint32) ivy_hello.length,.type = IVY_HELLO};
	IvyHeader	header = {.type = request,.request = 1};
	IvyHeader	answer;
	char		reply[4096];
	pgsocket	socket;

	engine.socket_exists = access(IVY_SOCKET_PATH, F_OK) == 0;
	if (ivy_hello.length == 0 || (socket = ivy_open_socket()) == PGINVALID_SOCKET)
		return engine;
	if (quick_request(socket, greeting, ivy_hello.data, reply, sizeof reply, &answer, deadline) &&
		answer.type == IVY_READY)
	{
		IvyReader	reader = {.data = reply,.length = answer.length};
		uint32		length;
		const char *version;

		engine.listening = ivy_read_u32(&reader) == IVY_PROTOCOL_VERSION;
		engine.pid = (int) ivy_read_u32(&reader);
		version = ivy_read_string(&reader, &length);
		if (!reader.bad)
			engine.version = pnstrdup(version, length);
		if (request != IVY_HELLO)
			(void) quick_request(socket, header, NULL, reply, sizeof reply, &answer, deadline);
	}
	closesocket(socket);
	return engine;
}

/*
 * client.h: connections of this backend to the engine.
 *
 * A connection carries one request at a time and belongs to a memory context: when that is reset, the connection goes
 * back to the backend's pool, or is closed in the middle of a request, which cancels the request in the engine.
 */
#ifndef IVY_CLIENT_H
#define IVY_CLIENT_H

#include "postgres.h"

#include "frame.h"
#include "ivy_duckdb.h"

typedef struct IvyConnection IvyConnection;

/* What ivy_duckdb.so reads of the settings that others define. */
extern IvySettings ivy_settings;

typedef struct IvyFrame
{
	uint8		type;
	const char *payload;		/* 8-byte aligned, valid until the connection's next frame */
	uint32		length;
} IvyFrame;

/* A writer whose buffer lies in CurrentMemoryContext. */
extern IvyWriter ivy_writer(void);

/* A connection owned by CurrentMemoryContext; waits a few seconds for an engine, if `patient`. */
extern IvyConnection *ivy_connect(bool patient);

/* As ivy_connect, but NULL when no engine is there at once or within the wait. */
extern IvyConnection *ivy_try_connect(bool patient);

/* Ends the ownership: back to the pool, or closed when a request is unfinished. */
extern void ivy_release(IvyConnection *connection);

extern void ivy_request(IvyConnection *connection, uint8 type, const IvyWriter *payload);

/*
 * Sends another frame that belongs to the pending request. False when the engine has answered already and does not want
 * it any more.
 */
extern bool ivy_send_more(IvyConnection *connection, uint8 type, const IvyWriter *payload);

/* The next frame of the pending request. An ERROR frame is raised as an error. */
extern IvyFrame ivy_receive(IvyConnection *connection);

/* Raises what an ERROR frame says. */
extern void ivy_raise_engine_error(const IvyFrame *frame) __attribute__((noreturn));

/* ivy_receive, where only a frame of this type may come. */
extern IvyFrame ivy_receive_type(IvyConnection *connection, uint8 type);

/* Sends a request whose answer nobody waits for and releases the connection. Raises nothing. */
extern void ivy_request_and_release(IvyConnection *connection, uint8 type, const char *payload, uint32 length);

/* A frame that the protocol does not allow here: closes the connection and raises an error. */
extern void ivy_protocol_violation(IvyConnection *connection, const char *what) __attribute__((noreturn));

/* One request on a fresh connection within a deadline, raising nothing; for the end of transactions and for probes. */
extern IvyEngine ivy_quick_exchange(uint8 request, int timeout_ms);

extern int	ivy_engine_pid(const IvyConnection *connection);

/* Keeps what HELLO says about this backend, for exchanges outside transactions. */
extern void ivy_prepare_hello(void);

/* Payload of HELLO, empty until prepared. */
extern IvyWriter ivy_hello;

/* A connected, non-blocking socket, or PGINVALID_SOCKET and errno. */
extern pgsocket ivy_open_socket(void);

/* Growth of writers that outlive every transaction. */
extern void *ivy_grow_in_top(void *data, size_t capacity);

#endif

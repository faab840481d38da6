/*
 * pin.c: pins, which let several requests read one snapshot of all mirrors.
 *
 * A pin belongs to a connection of its own, so that it ends when the backend dies. It is given back without waiting
 * for the answer, since that happens while memory is freed, where nothing may fail.
 */
#include "postgres.h"

#include "access/xact.h"
#include "engine.h"
#include "mirror.h"
#include "nodes/parsenodes.h"
#include "utils/memutils.h"

typedef struct IvyPin
{
	uint64		number;
	IvyConnection *connection;	/* NULL: already given back */
	EState	   *estate;			/* whose query it serves; NULL: the transaction's, or that of a plan */
	const PlannedStmt *plan;	/* whose query it serves; NULL: see above */
	struct IvyPin *next;
	MemoryContextCallback callback;
} IvyPin;

/* Pins of the queries that are being executed. */
static IvyPin *query_pins = NULL;

static IvyPin *transaction_pin = NULL;

/* The mirrors among the range table's relations, an OID list. */
List *
ivy_mirrors_of(const List *range_table)
{
	List	   *mirrors = NIL;
	ListCell   *cell;

	foreach(cell, range_table)
	{
		RangeTblEntry *entry = lfirst_node(RangeTblEntry, cell);

		if (entry->rtekind == RTE_RELATION && ivy_is_mirror(entry->relid))
			mirrors = list_append_unique_oid(mirrors, entry->relid);
	}
	return mirrors;
}

/* Pins a snapshot in which all of `mirrors` can be read: the engine waits for those that are still being copied. */
static IvyPin *
take_pin(const List *mirrors)
{
	IvyPin	   *pin = palloc0(sizeof(IvyPin));
	IvyWriter	payload = ivy_writer();
	IvyFrame	frame;
	IvyReader	reader;
	ListCell   *cell;

	pin->connection = ivy_connect(true);
	ivy_write_freshness(&payload);
	ivy_write_u16(&payload, (uint16) list_length(mirrors));
	foreach(cell, mirrors)
		ivy_write_u32(&payload, lfirst_oid(cell));
	ivy_request(pin->connection, IVY_PIN, &payload);
	frame = ivy_receive_type(pin->connection, IVY_PINNED);
	reader = (IvyReader) {.data = frame.payload,.length = frame.length};
	pin->number = ivy_read_u64(&reader);
	(void) ivy_read_u64(&reader);
	if (!ivy_read_complete(&reader) || pin->number == 0)
		ivy_protocol_violation(pin->connection, "PINNED is not valid");
	return pin;
}

static void
give_back(IvyPin *pin)
{
	IvyConnection *connection = pin->connection;

	pin->connection = NULL;
	if (connection != NULL)
		ivy_request_and_release(connection, IVY_UNPIN, (const char *) &pin->number, sizeof pin->number);
}

static void
forget_query_pin(void *arg)
{
	IvyPin	   *pin = arg;
	IvyPin	  **place = &query_pins;

	while (*place != NULL && *place != pin)
		place = &(*place)->next;
	if (*place == pin)
		*place = pin->next;
	give_back(pin);
}

static void
forget_transaction_pin(void *arg)
{
	give_back(arg);
	transaction_pin = NULL;
}

/*
 * Callbacks of a context run in reverse order of their registration: this one before the one of the connection, which
 * was registered first and then finds its work done.
 */
static void
on_reset(MemoryContext context, IvyPin *pin, MemoryContextCallbackFunction function)
{
	pin->callback.func = function;
	pin->callback.arg = pin;
	MemoryContextRegisterResetCallback(context, &pin->callback);
}

uint64
ivy_transaction_pin(const List *mirrors)
{
	if (!IsolationUsesXactSnapshot())
		return 0;
	if (transaction_pin == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
		IvyPin	   *pin = take_pin(mirrors);

		on_reset(TopTransactionContext, pin, forget_transaction_pin);
		transaction_pin = pin;
		MemoryContextSwitchTo(old);
	}
	return transaction_pin->number;
}

void
ivy_share_pin(const PlannedStmt *plan, uint64 number, IvyConnection *holder)
{
	IvyPin	   *pin = palloc0(sizeof(IvyPin));

	pin->number = number;
	pin->connection = holder;
	pin->plan = plan;
	pin->next = query_pins;
	query_pins = pin;
	on_reset(CurrentMemoryContext, pin, forget_query_pin);
}

uint64
ivy_query_pin(EState *estate)
{
	List	   *mirrors = ivy_mirrors_of(estate->es_range_table);
	uint64		of_transaction = ivy_transaction_pin(mirrors);
	IvyPin	   *pin;
	MemoryContext old;

	/* A row that was changed meanwhile is looked at again with the rows that the query began with. */
	while (estate->es_epq_active != NULL)
		estate = estate->es_epq_active->parentestate;
	if (of_transaction != 0)
		return of_transaction;
	for (pin = query_pins; pin != NULL; pin = pin->next)
		if (pin->estate == estate || (pin->plan != NULL && pin->plan == estate->es_plannedstmt))
			return pin->number;
	old = MemoryContextSwitchTo(estate->es_query_cxt);
	pin = take_pin(mirrors);
	pin->estate = estate;
	pin->next = query_pins;
	query_pins = pin;
	on_reset(estate->es_query_cxt, pin, forget_query_pin);
	MemoryContextSwitchTo(old);
	return pin->number;
}

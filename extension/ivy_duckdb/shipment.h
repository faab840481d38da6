/*
 * shipment.h: rows of Postgres' own tables that travel to the engine with a query of mirrors.
 *
 * A shipment stands for one range-table entry: a small plan that Postgres makes and runs by itself yields the columns
 * that the query needs of the entry's rows, and applies the query's own conditions on it alone. So partitions, foreign
 * tables, row-level security, privileges and indexes are Postgres' matter, and the rows are those of the query's
 * snapshot.
 */
#ifndef IVY_SHIPMENT_H
#define IVY_SHIPMENT_H

#include "postgres.h"

#include "client.h"
#include "commands/explain.h"
#include "nodes/execnodes.h"
#include "nodes/params.h"
#include "nodes/plannodes.h"

/* In the tree that the engine sees: the entry's kind, and its number from 0 in place of an OID. */
#define IVY_RELKIND_SHIPMENT 'h'

/* The column of a shipment of which only the number of rows matters: its attribute number. */
#define IVY_SHIPMENT_NO_COLUMN 0

/* A query whose entries of other tables are replaced, and what replaces them. */
typedef struct IvyShipments
{
	Query	   *query;
	List	   *shipments;		/* as they are kept in a plan's custom_private */
	double		rows;			/* the planner's estimate for all of them */
	Cost		cost;			/* of making the rows and sending them */
} IvyShipments;

/* The query is changed. A reason is set instead when some entry cannot be shipped. */
extern IvyShipments ivy_shipments_make(Query *query, ParamListInfo parameters, char **reason);

/* Appends SHIPMENTS. */
extern void ivy_write_shipments(IvyWriter *writer, const List *shipments);

/* Adds to a finished plan what it must lock, and by what it becomes invalid. */
extern void ivy_shipments_add_to_plan(PlannedStmt *plan, const List *shipments);

/* Sends the rows for the EXECUTE that is pending; returns the number of rows of each. */
extern List *ivy_ship(IvyConnection *connection, const List *shipments, EState *estate);

/* The plan that makes a shipment's rows, and how values of a type travel in it, which is no domain. */
extern PlannedStmt *ivy_shipment_plan(const List *shipment);
extern uint8 ivy_shipment_kind(Oid type);

/* `shipped`: what ivy_ship returned, or NIL. */
extern void ivy_explain_shipments(const List *shipments, const List *shipped, struct ExplainState *es);

#endif

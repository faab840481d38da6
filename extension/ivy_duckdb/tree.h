/*
 * tree.h: from an analysed query to what PLAN and EXECUTE carry.
 */
#ifndef IVY_TREE_H
#define IVY_TREE_H

#include "postgres.h"

#include "frame.h"
#include "nodes/execnodes.h"
#include "nodes/params.h"
#include "nodes/parsenodes.h"
#include "nodes/pathnodes.h"

/* What a query's range tables hold, at all levels. */
typedef struct IvyUse
{
	bool		mirrors;
	Oid			heap;			/* some relation in FROM that is no mirror, or InvalidOid */
	Oid			target;			/* a mirror that the query writes, or InvalidOid */
	Oid			locked;			/* a mirror that FOR UPDATE or FOR SHARE names, or InvalidOid */
	Oid			addressed;		/* a mirror whose system columns are named, but for tableoid, or InvalidOid */
} IvyUse;

extern IvyUse ivy_find_mirrors(Query *query);

/* Why the query cannot run whole in DuckDB, whatever the engine knows; NULL: ask the engine. */
extern char *ivy_refusal(Query *query);

/*
 * A query in the engine's form. The text holds no constant: each, like every external parameter and every stable
 * expression over such, became parameter number i + 1, an expression of `values`. Text and values are made once, when
 * the query is planned, and do not depend on what the expressions yield.
 */
typedef struct IvyTree
{
	char	   *text;
	List	   *values;
	List	   *functions;		/* PlanInvalItems of the functions that were inlined */
	List	   *shipments;		/* rows that travel with the query (shipment.h) */
	double		shipped_rows;	/* their estimated number */
	Cost		shipped_cost;	/* of making and sending them */
	bool		may_be_left;	/* the engine may find, while it runs, that Postgres must answer the query */
} IvyTree;

/*
 * `executed` are the parameters of kind PARAM_EXEC that may be evaluated when the query is sent: init plans that depend
 * on nothing. NULL outside Postgres' planner.
 */
extern IvyTree ivy_tree_make(Query *query, const Bitmapset *executed);

/* Makes columns of sub-SELECTs that nothing reads null constants, in place. */
extern void ivy_drop_unused_columns(Query *query);

/* Does evaluating the expression never fail, so that it may be done before it is known to be needed? */
extern bool ivy_is_harmless(const Node *node);

/* Appends VALUES with what is known without running anything: constants, and parameters of a custom plan. */
extern void ivy_write_known_values(IvyWriter *writer, List *values, ParamListInfo parameters);

/* Appends VALUES with every expression evaluated; data errors become values that the engine raises where needed. */
extern void ivy_write_values(IvyWriter *writer, List *values, EState *estate);

#endif

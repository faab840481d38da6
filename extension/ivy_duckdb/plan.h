/*
 * plan.h: the custom scans, and what their plans carry.
 */
#ifndef IVY_PLAN_H
#define IVY_PLAN_H

#include "postgres.h"

#include "fallback.h"
#include "ivy_duckdb.h"
#include "nodes/extensible.h"
#include "nodes/params.h"
#include "nodes/pathnodes.h"
#include "nodes/plannodes.h"
#include "tree.h"

#define IVY_QUERY_NAME "Mooncake Query"
#define IVY_SCAN_NAME "Mooncake Scan"
#define IVY_PART_NAME "Mooncake Part"

/* custom_private of a Mooncake Query */
#define IVY_QUERY_TREE 0		/* String: the tree's text */
#define IVY_QUERY_VALUES 1		/* List: its parameters */
#define IVY_QUERY_SQL 2			/* String: DuckDB SQL for EXPLAIN */
#define IVY_QUERY_SHIPMENTS 3	/* List: rows that travel with the query (shipment.h) */
#define IVY_QUERY_QUERY 4		/* Query: as Postgres would plan it */

/* custom_private of a Mooncake Scan and of a Mooncake Part */
#define IVY_SCAN_COLUMNS 0		/* integer List: attribute numbers, ascending; all others are null */
#define IVY_SCAN_REASON 1		/* String: why the whole query was not pushed */
#define IVY_SCAN_TREE 2			/* String: the tree's text; empty: all rows of the mirror */
#define IVY_SCAN_SQL 3			/* String: DuckDB SQL for EXPLAIN */
#define IVY_SCAN_LOCAL 4		/* List of Strings: why conditions were not pushed */
#define IVY_SCAN_SHIPMENTS 5	/* List: rows that travel with the query (shipment.h) */
#define IVY_SCAN_LOOKUP 6		/* List: a condition that finds rows (lookup.h); NIL: none */
#define IVY_SCAN_QUERY 7		/* Query: the tree's, as Postgres would plan it; NULL without a tree */

/* their custom_exprs */
#define IVY_SCAN_VALUES 0		/* List: the tree's parameters */
#define IVY_SCAN_VALUE 1		/* the value that finds rows, or NULL */

/* query.c */
extern const CustomScanMethods ivy_query_methods;

/* scan.c */
extern const CustomScanMethods ivy_scan_methods;

/* What the engine did; `fallback` is NULL unless Postgres did it. */
extern void ivy_explain_run(const IvyEffort *effort, const IvyFallback *fallback, struct ExplainState *es);

/* What Mooncake Scan and Mooncake Part have in common; `scan` is NULL when nothing runs. */
extern void ivy_explain_scan(CustomScanState *node, const IvyScan *scan, struct ExplainState *es);

/* part.c */
extern const CustomScanMethods ivy_part_methods;

/* A query that runs in DuckDB as a part of one that does not. */
typedef struct IvyPart
{
	Query	   *query;
	double		rows;			/* as Postgres estimates them */
	char	   *name;			/* of the entry that stands for it in the other query */
} IvyPart;

/* A query that does not run whole in DuckDB, while Postgres plans it. */
typedef struct IvyPlanning
{
	char	   *reason;			/* why it does not */
	ParamListInfo parameters;
	bool		keeps_rows;		/* rows are locked or changed, so that those joined with them are kept */
	bool		by_scans;		/* the engine sends rows of mirrors, Postgres does all else */
	bool		filtered;		/* but for conditions which the engine is sure to evaluate; only with by_scans */
	List	   *parts;			/* IvyPart */
	List	   *shipments;		/* of all parts (shipment.h) */
} IvyPlanning;

/* path.c */
extern void ivy_path_init(void);

/* What Postgres plans from now on, NULL for nothing of ours; returns what was set before. */
extern IvyPlanning *ivy_set_planning(IvyPlanning *planning);

/* reason.c */
extern char *ivy_name_objects(char *reason);

/* planner.c */
extern void ivy_planner_init(void);

/*
 * May this query run whole in DuckDB? Its SQL for EXPLAIN, and the tree; or NULL and the reason. `executed` as in
 * ivy_tree_make.
 */
extern char *ivy_ask(Query *query, const Bitmapset *executed, ParamListInfo parameters, IvyTree *tree, char **reason);

/* The rows that Postgres expects of the query. */
extern double ivy_estimated_rows(Query *query, ParamListInfo parameters);

/* Postgres' own plan over scans of mirrors, for `reason`; `filtered` as above. The query is changed. */
extern PlannedStmt *ivy_plan_by_scans(Query *query, ParamListInfo parameters, char *reason, bool filtered);

/* push.c: rewrites a query that is refused, so that parts of it run in DuckDB. */
extern void ivy_push_parts(Query *query, IvyPlanning *planning);

#endif

/*
 * plan.h: the two custom scans, and what their plans carry.
 */
#ifndef IVY_PLAN_H
#define IVY_PLAN_H

#include "postgres.h"

#include "nodes/extensible.h"
#include "nodes/pathnodes.h"
#include "nodes/plannodes.h"

#define IVY_QUERY_NAME "Mooncake Query"
#define IVY_SCAN_NAME "Mooncake Scan"

/* custom_private of a Mooncake Query */
#define IVY_QUERY_TREE 0		/* String: the tree's text */
#define IVY_QUERY_VALUES 1		/* List: its parameters */
#define IVY_QUERY_SQL 2			/* String: DuckDB SQL for EXPLAIN */

/* custom_private of a Mooncake Scan */
#define IVY_SCAN_COLUMNS 0		/* integer List: attribute numbers, ascending */
#define IVY_SCAN_REASON 1		/* String: why the query was not pushed */

/* query.c */
extern const CustomScanMethods ivy_query_methods;

/* scan.c */
extern const CustomScanMethods ivy_scan_methods;

/* path.c */
extern void ivy_path_init(void);

/* Sets why queries planned from now on are not pushed; returns what was set before. */
extern char *ivy_set_reason(char *reason);

/* planner.c */
extern void ivy_planner_init(void);

#endif

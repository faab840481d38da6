/*
 * compat.h: what differs between PostgreSQL 15, 16, 17 and 18. No other file asks for the version.
 */
#ifndef IVY_COMPAT_H
#define IVY_COMPAT_H

#include "postgres.h"

#include "access/tableam.h"
#include "commands/explain.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
#include "catalog/pg_collation.h"
#include "catalog/pg_database.h"
#include "executor/executor.h"
#include "nodes/parsenodes.h"
#include "nodes/plannodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_relation.h"
#include "storage/latch.h"
#include "storage/smgr.h"
#include "utils/pg_locale.h"
#include "utils/wait_event.h"

#if !defined(USE_FLOAT8_BYVAL) || defined(WORDS_BIGENDIAN)
#error "needs a 64-bit little-endian machine: datums are read as they lie in the frame"
#endif

/* A set that lives until it is freed, whatever happens to transactions. */
static inline WaitEventSet *
ivy_create_wait_event_set(int events)
{
#if PG_VERSION_NUM >= 170000
	return CreateWaitEventSet(NULL, events);
#else
	return CreateWaitEventSet(TopMemoryContext, events);
#endif
}

/* Does the database's default collation compare text by its bytes? */
static inline bool
ivy_default_collation_is_c(void)
{
#if PG_VERSION_NUM >= 180000
	return pg_newlocale_from_collation(DEFAULT_COLLATION_OID)->collate_is_c;
#else
	return lc_collate_is_c(DEFAULT_COLLATION_OID);
#endif
}

/* The column of pg_database that names the locale of a provider other than libc. */
#if PG_VERSION_NUM >= 170000
#define IVY_DATABASE_LOCALE Anum_pg_database_datlocale
#else
#define IVY_DATABASE_LOCALE Anum_pg_database_daticulocale
#endif

/* Range-table entries that carry a privilege check: views keep theirs in a subquery's entry from 16 on. */
static inline bool
ivy_rte_is_checked(const RangeTblEntry *rte)
{
#if PG_VERSION_NUM >= 160000
	return rte->rtekind == RTE_RELATION || (rte->rtekind == RTE_SUBQUERY && OidIsValid(rte->relid));
#else
	return rte->rtekind == RTE_RELATION;
#endif
}

/* Appends an entry, with its privilege check, to those of a finished plan. */
static inline void
ivy_plan_add_rte(PlannedStmt *plan, RangeTblEntry *rte, List *source_permissions)
{
#if PG_VERSION_NUM >= 160000
	if (rte->perminfoindex > 0)
	{
		plan->permInfos = lappend(plan->permInfos, copyObject(list_nth(source_permissions, rte->perminfoindex - 1)));
		rte->perminfoindex = list_length(plan->permInfos);
	}
#else
	(void) source_permissions;
#endif
	plan->rtable = lappend(plan->rtable, rte);
#if PG_VERSION_NUM >= 180000
	if (rte->rtekind == RTE_RELATION)
		plan->unprunableRelids = bms_add_member(plan->unprunableRelids, list_length(plan->rtable));
#endif
}

/* Gives each relation of a query an entry in its list of permissions, which asks for none where it had no entry. */
static inline void
ivy_query_complete_permissions(Query *query)
{
#if PG_VERSION_NUM >= 160000
	ListCell   *cell;

	foreach(cell, query->rtable)
	{
		RangeTblEntry *rte = lfirst(cell);

		if (rte->rtekind == RTE_RELATION && rte->perminfoindex == 0)
			(void) addRTEPermissionInfo(&query->rteperminfos, rte);
	}
#else
	(void) query;
#endif
}

/* Takes an entry out of its query's list of permissions, for a query that has none. */
static inline void
ivy_rte_forget_permissions(RangeTblEntry *rte)
{
#if PG_VERSION_NUM >= 160000
	rte->perminfoindex = 0;
#else
	(void) rte;
#endif
}

static inline List *
ivy_query_permissions(const Query *query)
{
#if PG_VERSION_NUM >= 160000
	return query->rteperminfos;
#else
	(void) query;
	return NIL;
#endif
}

static inline void
ivy_set_permissions(Query *query, List *permissions)
{
#if PG_VERSION_NUM >= 160000
	query->rteperminfos = copyObject(permissions);
#else
	(void) query;
	(void) permissions;
#endif
}

/* Keeps, of the outer joins that may have made the column null, those among `joins`, or all others. */
static inline void
ivy_keep_nulling_joins(Var *var, const Bitmapset *joins, bool among)
{
#if PG_VERSION_NUM >= 160000
	var->varnullingrels = among ? bms_intersect(var->varnullingrels, joins) :
		bms_difference(var->varnullingrels, joins);
#else
	(void) var;
	(void) joins;
	(void) among;
#endif
}

/* Expressions over columns of joins become expressions over the joined tables' columns. */
static inline Node *
ivy_flatten_join_columns(Query *query, Node *node)
{
#if PG_VERSION_NUM >= 160000
	return flatten_join_alias_vars(NULL, query, node);
#else
	return flatten_join_alias_vars(query, node);
#endif
}

/* Expressions over the grouping step's columns, which there are from 18 on, become the grouped expressions. */
static inline Node *
ivy_flatten_group_columns(Query *query, Node *node)
{
#if PG_VERSION_NUM >= 180000
	return query->hasGroupRTE ? flatten_group_exprs(NULL, query, node) : node;
#else
	(void) query;
	return node;
#endif
}

/* Takes columns of joins out of the grouping step's own expressions. */
static inline void
ivy_flatten_group_step(Query *query, RangeTblEntry *rte)
{
#if PG_VERSION_NUM >= 180000
	if (rte->rtekind == RTE_GROUP)
		rte->groupexprs = (List *) flatten_join_alias_vars(NULL, query, (Node *) rte->groupexprs);
#else
	(void) query;
	(void) rte;
#endif
}

static inline void
ivy_forget_group_step(Query *query)
{
#if PG_VERSION_NUM >= 180000
	query->hasGroupRTE = false;
#else
	(void) query;
#endif
}

static inline bool
ivy_is_group_step(const RangeTblEntry *rte)
{
#if PG_VERSION_NUM >= 180000
	return rte->rtekind == RTE_GROUP;
#else
	(void) rte;
	return false;
#endif
}

/* Gives the only entry of a query its privilege check. */
static inline void
ivy_query_add_permission(Query *query, RangeTblEntry *rte, const Query *source)
{
#if PG_VERSION_NUM >= 160000
	if (rte->perminfoindex > 0)
	{
		query->rteperminfos = list_make1(copyObject(list_nth(source->rteperminfos, rte->perminfoindex - 1)));
		rte->perminfoindex = 1;
	}
#else
	(void) query;
	(void) rte;
	(void) source;
#endif
}

/* An entry that is locked and not checked. */
static inline void
ivy_rte_remove_check(RangeTblEntry *rte)
{
#if PG_VERSION_NUM >= 160000
	rte->perminfoindex = 0;
#else
	rte->requiredPerms = 0;
#endif
}

/* Runs a query to its end, once. */
static inline void
ivy_executor_run(QueryDesc *query)
{
#if PG_VERSION_NUM >= 180000
	ExecutorRun(query, ForwardScanDirection, 0);
#else
	ExecutorRun(query, ForwardScanDirection, 0, true);
#endif
}

/* Table access methods */
#if PG_VERSION_NUM >= 160000
#define IVY_SET_NEW_STORAGE relation_set_new_filelocator
typedef RelFileLocator IvyStorage;
#else
#define IVY_SET_NEW_STORAGE relation_set_new_filenode
typedef RelFileNode IvyStorage;
#endif

#if PG_VERSION_NUM >= 170000
#define IVY_ANALYZE_BLOCK_ARGUMENTS TableScanDesc scan, ReadStream *stream
#else
#define IVY_ANALYZE_BLOCK_ARGUMENTS TableScanDesc scan, BlockNumber block, BufferAccessStrategy strategy
#endif

#endif

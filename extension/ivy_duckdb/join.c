/*
 * join.c: joins of mirrors within FROM become parts.
 *
 * FROM is taken as a list of items, tables and outer joins, under a list of conditions. Items that DuckDB can read and
 * that conditions it can evaluate join with each other form a part; the query reads the part's columns in their place.
 * Nothing is joined that no condition joins. An item that does not fit is an outer join whose sides are looked at in
 * the same way, or stays.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class_d.h"
#include "catalog/pg_type_d.h"
#include "compat.h"
#include "mirror.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "push.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

/* The engine is asked for conditions one by one up to so many. */
#define CONDITIONS_MAX 64

typedef struct FromItem
{
	Node	   *node;			/* RangeTblRef, or JoinExpr of an outer join */
	Bitmapset  *tables;			/* its entries in the range table, those of joins included */
	bool		fits;
	int			group;			/* number of the first item it is joined with */
} FromItem;

typedef struct Joins
{
	Query	   *query;
	IvyPlanning *planning;
	FromExpr   *from;			/* its quals are a List while this one is looked at */
	Bitmapset  *unfit;			/* entries that are named as whole rows, by system columns, or locked */
	FromItem	   *items;
	int			count;
} Joins;

/* ---- what the query says about its tables ---- */

typedef struct ColumnScan
{
	int			depth;			/* sub-SELECTs around the expression */
	bool		any;			/* every column of this level counts as found */
	Bitmapset  *tables;			/* columns of these are looked for; NULL: whole rows and system columns of all */
	Bitmapset  *found;
	List	   *skipped;		/* nodes that are left out */
	List	   *columns;		/* TargetEntries for what was found of `tables` */
	int			part;			/* the entry that takes the tables' place; 0: only look */
} ColumnScan;

/* The column as the part delivers it, where outer joins above the part are unknown. */
static Var *
column_in_part(const Var *var, const Bitmapset *tables)
{
	Var		   *column = copyObject(unconstify(Var *, var));

	column->varlevelsup = 0;
	ivy_keep_nulling_joins(column, tables, true);
	return column;
}

static void
see_var(Var *var, ColumnScan *scan)
{
	AttrNumber	number;

	if (var->varlevelsup != scan->depth)
		return;
	if (scan->tables == NULL)
	{
		if (scan->any || var->varattno <= 0)
			scan->found = bms_add_member(scan->found, var->varno);
		return;
	}
	if (!bms_is_member(var->varno, scan->tables))
		return;
	number = ivy_add_column(&scan->columns, (Expr *) column_in_part(var, scan->tables));
	if (scan->part == 0)
		return;
	ivy_keep_nulling_joins(var, scan->tables, false);
	var->varno = scan->part;
	var->varattno = number;
	var->varnosyn = 0;
	var->varattnosyn = 0;
}

static bool
scan_walker(Node *node, ColumnScan *scan)
{
	if (node == NULL || list_member_ptr(scan->skipped, node))
		return false;
	if (IsA(node, Var))
		see_var((Var *) node, scan);
	if (IsA(node, Query))
	{
		scan->depth++;
		(void) query_tree_walker((Query *) node, scan_walker, scan, 0);
		scan->depth--;
		return false;
	}
	return expression_tree_walker(node, scan_walker, scan);
}

/* Joins' own lists of columns are out of use once the query was flattened. */
static void
scan_query(Query *query, ColumnScan *scan)
{
	(void) query_tree_walker(query, scan_walker, scan, QTW_IGNORE_JOINALIASES);
}

/* ---- items ---- */

static Bitmapset *
tables_of(Node *node)
{
	JoinExpr   *join;

	if (IsA(node, RangeTblRef))
		return bms_make_singleton(((RangeTblRef *) node)->rtindex);
	join = castNode(JoinExpr, node);
	return bms_add_member(bms_union(tables_of(join->larg), tables_of(join->rarg)), join->rtindex);
}

static bool
is_cte_fit(const Query *query, const RangeTblEntry *rte)
{
	ListCell   *cell;

	foreach(cell, rte->ctelevelsup == 0 ? query->cteList : NIL)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, cell);

		if (strcmp(cte->ctename, rte->ctename) == 0)
			return !cte->cterecursive && !ivy_reads_other(cte->ctequery) &&
				!ivy_refers_outside((Query *) cte->ctequery);
	}
	return false;
}

static bool
is_table_fit(const Query *query, const RangeTblEntry *rte)
{
	switch (rte->rtekind)
	{
		case RTE_RELATION:
			return rte->relkind == RELKIND_RELATION && rte->tablesample == NULL && ivy_is_mirror(rte->relid);
		case RTE_SUBQUERY:
			return !rte->lateral && !rte->security_barrier && !ivy_reads_other((Node *) rte->subquery) &&
				!ivy_refers_outside(rte->subquery);
		case RTE_VALUES:
			return !rte->lateral && !ivy_names_outside((Node *) rte->values_lists);
		case RTE_CTE:
			return is_cte_fit(query, rte);
		default:
			return false;
	}
}

static bool
is_fit(const Joins *joins, Node *node)
{
	JoinExpr   *join;

	if (IsA(node, RangeTblRef))
	{
		int			number = ((RangeTblRef *) node)->rtindex;

		return !bms_is_member(number, joins->unfit) &&
			is_table_fit(joins->query, rt_fetch(number, joins->query->rtable));
	}
	if (!IsA(node, JoinExpr))
		return false;
	join = (JoinExpr *) node;
	return is_fit(joins, join->larg) && is_fit(joins, join->rarg) && !ivy_reads_other(join->quals) &&
		!ivy_names_outside(join->quals);
}

static List *
conjuncts_of(Node *condition)
{
	List	   *result = NIL;
	ListCell   *cell;

	if (condition == NULL)
		return NIL;
	if (!is_andclause(condition))
		return list_make1(condition);
	foreach(cell, ((BoolExpr *) condition)->args)
		result = list_concat(result, conjuncts_of(lfirst(cell)));
	return result;
}

/* Inner joins become items and conditions. */
static void
take_apart(Node *node, List **items, List **conditions)
{
	ListCell   *cell;

	if (IsA(node, FromExpr))
	{
		foreach(cell, ((FromExpr *) node)->fromlist)
			take_apart(lfirst(cell), items, conditions);
		*conditions = list_concat(*conditions, conjuncts_of(((FromExpr *) node)->quals));
	}
	else if (IsA(node, JoinExpr) && ((JoinExpr *) node)->jointype == JOIN_INNER)
	{
		take_apart(((JoinExpr *) node)->larg, items, conditions);
		take_apart(((JoinExpr *) node)->rarg, items, conditions);
		*conditions = list_concat(*conditions, conjuncts_of(((JoinExpr *) node)->quals));
	}
	else
		*items = lappend(*items, node);
}

/* ---- groups ---- */

/* The tables of this level that the condition names. */
static Bitmapset *
tables_in(Node *condition)
{
	ColumnScan		scan = {.any = true};

	(void) scan_walker(condition, &scan);
	return scan.found;
}

static bool
may_go(const Joins *joins, Node *condition)
{
	Bitmapset  *tables = tables_in(condition);

	if (ivy_names_outside(condition) || ivy_reads_other(condition) || contain_volatile_functions(condition))
		return false;
	for (int i = 0; i < joins->count; i++)
		if (!joins->items[i].fits && bms_overlap(joins->items[i].tables, tables))
			return false;
	return true;
}

/* Joins the items that a condition names both of. */
static void
make_groups(Joins *joins, List *conditions)
{
	ListCell   *cell;

	for (int i = 0; i < joins->count; i++)
		joins->items[i].group = i;
	foreach(cell, conditions)
	{
		Bitmapset  *tables = tables_in(lfirst(cell));
		int			first = -1;

		for (int i = 0; i < joins->count; i++)
		{
			int			group = joins->items[i].group;

			if (!bms_overlap(joins->items[i].tables, tables))
				continue;
			if (first < 0)
				first = group;
			for (int other = 0; group != first && other < joins->count; other++)
				if (joins->items[other].group == Max(group, first))
					joins->items[other].group = Min(group, first);
			first = Min(group, first);
		}
	}
}

/* What becomes one part. */
typedef struct JoinGroup
{
	List	   *nodes;			/* of the items */
	Bitmapset  *tables;
	List	   *conditions;
} JoinGroup;

static JoinGroup
group_of(const Joins *joins, int number, List *conditions)
{
	JoinGroup		group = {0};
	ListCell   *cell;

	for (int i = 0; i < joins->count; i++)
		if (joins->items[i].fits && joins->items[i].group == number)
		{
			group.nodes = lappend(group.nodes, joins->items[i].node);
			group.tables = bms_add_members(group.tables, joins->items[i].tables);
		}
	foreach(cell, conditions)
	{
		Bitmapset  *tables = tables_in(lfirst(cell));

		if (!bms_is_empty(tables) && bms_is_subset(tables, group.tables))
			group.conditions = lappend(group.conditions, lfirst(cell));
	}
	return group;
}

/* The entries of tables that the group reads, and those of its joins; all others are empty. */
static List *
entries_of(const Query *query, const Bitmapset *tables)
{
	List	   *entries = NIL;
	ListCell   *cell;

	foreach(cell, query->rtable)
		entries = lappend(entries, bms_is_member(foreach_current_index(cell) + 1, tables) ?
						  copyObject(lfirst(cell)) : ivy_empty_entry());
	return entries;
}

static Query *
query_of(const Joins *joins, const JoinGroup *group)
{
	Query	   *query = makeNode(Query);
	ColumnScan		scan = {.tables = group->tables,
		.skipped = list_concat_copy(group->nodes, group->conditions)};

	scan_query(joins->query, &scan);
	if (scan.columns == NIL)
		(void) ivy_add_column(&scan.columns, ivy_one());
	query->commandType = CMD_SELECT;
	query->canSetTag = true;
	query->hasSubLinks = joins->query->hasSubLinks;
	query->hasRowSecurity = joins->query->hasRowSecurity;
	query->rtable = entries_of(joins->query, group->tables);
	ivy_set_permissions(query, ivy_query_permissions(joins->query));
	query->cteList = copyObject(joins->query->cteList);
	query->jointree = makeFromExpr(copyObject(group->nodes), group->conditions == NIL ? NULL :
								   (Node *) make_ands_explicit(copyObject(group->conditions)));
	query->targetList = scan.columns;
	ivy_recount_ctes(query);
	return query;
}

/* The part takes the place of the group's first item. */
static void
replace_group(Joins *joins, const JoinGroup *group, const IvyPart *part)
{
	Query	   *query = joins->query;
	RangeTblRef *reference = makeNode(RangeTblRef);
	ColumnScan		scan = {.tables = group->tables,.columns = copyObject(part->query->targetList)};
	List	   *items = NIL;
	ListCell   *cell;

	query->rtable = lappend(query->rtable, ivy_part_entry(part));
	reference->rtindex = scan.part = list_length(query->rtable);
	foreach(cell, joins->from->fromlist)
	{
		if (lfirst(cell) == linitial(group->nodes))
			items = lappend(items, reference);
		else if (!list_member_ptr(group->nodes, lfirst(cell)))
			items = lappend(items, lfirst(cell));
	}
	joins->from->fromlist = items;
	joins->from->quals = (Node *) list_difference_ptr((List *) joins->from->quals, group->conditions);
	scan_query(query, &scan);
	foreach(cell, query->rtable)
		if (bms_is_member(foreach_current_index(cell) + 1, group->tables))
			lfirst(cell) = ivy_empty_entry();
	for (int i = 0; i < joins->count; i++)
		if (list_member_ptr(group->nodes, joins->items[i].node))
			joins->items[i].fits = false;
}

static bool
push_group(Joins *joins, const JoinGroup *group)
{
	IvyPart    *part = ivy_new_part(query_of(joins, group), joins->planning);

	if (part != NULL)
		replace_group(joins, group, part);
	return part != NULL;
}

static bool
is_join(const JoinGroup *group)
{
	return bms_membership(group->tables) == BMS_MULTIPLE;
}

/* The conditions of the group that DuckDB evaluates over the items that they name. */
static List *
conditions_that_go(Joins *joins, const JoinGroup *group)
{
	List	   *result = NIL;
	ListCell   *cell;

	foreach(cell, list_length(group->conditions) <= CONDITIONS_MAX ? group->conditions : NIL)
	{
		Bitmapset  *tables = tables_in(lfirst(cell));
		JoinGroup		one = {.conditions = list_make1(lfirst(cell))};

		for (int i = 0; i < joins->count; i++)
			if (bms_overlap(joins->items[i].tables, tables))
			{
				one.nodes = lappend(one.nodes, joins->items[i].node);
				one.tables = bms_add_members(one.tables, joins->items[i].tables);
			}
		if (ivy_can_go(query_of(joins, &one), joins->planning))
			result = lappend(result, lfirst(cell));
	}
	return result;
}

/* Pushes the groups that these conditions make. What is refused is tried again with those conditions that go. */
static void
push_groups(Joins *joins, List *conditions, bool again)
{
	List	   *rest = NIL;

	make_groups(joins, conditions);
	for (int i = 0; i < joins->count; i++)
	{
		JoinGroup		group = group_of(joins, i, conditions);

		if (is_join(&group) && !push_group(joins, &group) && again)
			rest = list_concat(rest, conditions_that_go(joins, &group));
	}
	if (rest != NIL)
		push_groups(joins, rest, false);
}

/* ---- FROM ---- */

static void push_from(Query *query, IvyPlanning *planning, Bitmapset *unfit, FromExpr *from);

/* One side of an outer join, or the source of MERGE. */
static void
push_side(Query *query, IvyPlanning *planning, Bitmapset *unfit, Node **side)
{
	FromExpr   *from = makeFromExpr(list_make1(*side), NULL);

	*side = (Node *) from;
	push_from(query, planning, unfit, from);
	if (list_length(from->fromlist) == 1 && from->quals == NULL)
		*side = linitial(from->fromlist);
}

/* Sub-SELECTs and joins fit only if they go by themselves. */
static void
make_items(Joins *joins)
{
	joins->count = list_length(joins->from->fromlist);
	joins->items = palloc0(sizeof(FromItem) * joins->count);
	for (int i = 0; i < joins->count; i++)
	{
		FromItem	   *item = &joins->items[i];

		item->node = list_nth(joins->from->fromlist, i);
		item->fits = is_fit(joins, item->node);
		item->tables = item->fits || IsA(item->node, RangeTblRef) ? tables_of(item->node) : NULL;
	}
	for (int i = 0; i < joins->count; i++)
	{
		FromItem	   *item = &joins->items[i];
		JoinGroup		alone = {.nodes = list_make1(item->node),.tables = item->tables};
		bool		is_mirror = IsA(item->node, RangeTblRef) &&
			rt_fetch(((RangeTblRef *) item->node)->rtindex, joins->query->rtable)->rtekind == RTE_RELATION;

		if (item->fits && joins->count > 1 && !is_mirror)
			item->fits = ivy_can_go(query_of(joins, &alone), joins->planning);
	}
}

static void
push_from(Query *query, IvyPlanning *planning, Bitmapset *unfit, FromExpr *from)
{
	Joins		joins = {.query = query,.planning = planning,.from = from,.unfit = unfit};
	List	   *items = NIL;
	List	   *conditions = NIL;
	List	   *going = NIL;
	ListCell   *cell;

	take_apart((Node *) from, &items, &conditions);
	from->fromlist = items;
	from->quals = (Node *) conditions;
	make_items(&joins);
	foreach(cell, conditions)
		if (may_go(&joins, lfirst(cell)))
			going = lappend(going, lfirst(cell));
	push_groups(&joins, going, true);
	foreach(cell, from->fromlist)
		if (IsA(lfirst(cell), JoinExpr))
		{
			push_side(query, planning, unfit, &lfirst_node(JoinExpr, cell)->larg);
			push_side(query, planning, unfit, &lfirst_node(JoinExpr, cell)->rarg);
		}
	conditions = (List *) from->quals;
	from->quals = conditions == NIL ? NULL : (Node *) make_ands_explicit(conditions);
}

static Bitmapset *
unfit_tables(Query *query)
{
	ColumnScan		scan = {0};
	Bitmapset  *unfit;
	ListCell   *cell;

	scan_query(query, &scan);
	unfit = scan.found;
	foreach(cell, query->rowMarks)
		unfit = bms_add_member(unfit, (int) lfirst_node(RowMarkClause, cell)->rti);
	return unfit;
}

/* ---- mirrors beside a table that is changed or locked ---- */

/*
 * When such a table's row was changed meanwhile, the executor looks at it again with the rows that it was joined with.
 * Those of a mirror have no address to find them by; those of a part are kept.
 */
static void
replace_mirror(RangeTblEntry *rte, List *permissions, IvyPlanning *planning, RangeTblEntry **place)
{
	Query	   *query = makeNode(Query);
	RangeTblRef *reference = makeNode(RangeTblRef);
	Relation	mirror = RelationIdGetRelation(rte->relid);
	IvyPart    *part;

	if (!RelationIsValid(mirror))
		elog(ERROR, "could not open relation with OID %u", rte->relid);
	reference->rtindex = 1;
	query->commandType = CMD_SELECT;
	query->canSetTag = true;
	query->rtable = list_make1(copyObject(rte));
	ivy_set_permissions(query, permissions);
	query->jointree = makeFromExpr(list_make1(reference), NULL);
	for (int i = 0; i < RelationGetDescr(mirror)->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(RelationGetDescr(mirror), i);
		Expr	   *expression = column->attisdropped ?
			(Expr *) makeNullConst(INT4OID, -1, InvalidOid) :
			(Expr *) makeVar(1, (AttrNumber) (i + 1), column->atttypid, column->atttypmod, column->attcollation, 0);

		query->targetList = lappend(query->targetList, makeTargetEntry(expression, (AttrNumber) (i + 1),
																	   pstrdup(NameStr(column->attname)), false));
	}
	RelationClose(mirror);
	part = ivy_new_part(query, planning);
	if (part != NULL)
	{
		*place = ivy_part_entry(part);
		(*place)->eref->aliasname = rte->eref->aliasname;
	}
}

static void
replace_mirrors(Query *query, IvyPlanning *planning, Bitmapset *unfit)
{
	ListCell   *cell;

	foreach(cell, query->rtable)
	{
		RangeTblEntry *rte = lfirst(cell);

		if (is_table_fit(query, rte) && rte->rtekind == RTE_RELATION &&
			!bms_is_member(foreach_current_index(cell) + 1, unfit))
			replace_mirror(rte, ivy_query_permissions(query), planning, (RangeTblEntry **) &lfirst(cell));
	}
}

void
ivy_push_joins(Query *query, IvyPlanning *planning)
{
	Bitmapset  *unfit;

	if (query->setOperations != NULL || query->commandType == CMD_UTILITY || query->jointree == NULL ||
		query->jointree->fromlist == NIL || !ivy_reads_mirror((Node *) query->rtable))
		return;
	(void) ivy_flatten(query, false);
	unfit = unfit_tables(query);
	if (query->commandType == CMD_MERGE)
		push_side(query, planning, unfit, (Node **) &linitial(query->jointree->fromlist));
	else
		push_from(query, planning, unfit, query->jointree);
	if (planning->keeps_rows)
		replace_mirrors(query, planning, unfit);
}

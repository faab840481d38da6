/*
 * shipment.c: which rows of Postgres' own tables travel with a query, and the plans that make them.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class_d.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "mirror.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/planner.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteManip.h"
#include "shipment.h"
#include "stream.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* A shipment is a List of these. */
#define SHIPMENT_PLAN 0			/* PlannedStmt */
#define SHIPMENT_COLUMNS 1		/* integer List: attribute numbers, ascending */
#define SHIPMENT_NAME 2			/* String: the table's name */
#define SHIPMENT_FILTER 3		/* String: the conditions, empty for none */

#define SHIPMENTS_MAX 1000

typedef struct Make
{
	IvyShipments result;
	List	   *queries;		/* the small queries, as they were before they were planned */
	ParamListInfo parameters;
	char	   *reason;
} Make;

/* Views stay behind as entries that nothing scans. */
static bool
is_shippable(const RangeTblEntry *rte)
{
	return rte->rtekind == RTE_RELATION && rte->relkind != RELKIND_VIEW && !ivy_is_mirror(rte->relid);
}

/* ---- which columns a query needs ---- */

typedef struct Needed
{
	Query	   *query;
	int			depth;			/* levels below it */
	Bitmapset **columns;		/* attribute numbers by range-table index; 0 stands for whole rows */
} Needed;

static bool needed_walker(Node *node, Needed *needed);

static void
note_column(Needed *needed, const Var *var)
{
	RangeTblEntry *rte = rt_fetch(var->varno, needed->query->rtable);

	if (rte->rtekind == RTE_JOIN)
	{
		int			depth = needed->depth;
		Node	   *meaning = var->varattno == 0 ? (Node *) rte->joinaliasvars :
			list_nth(rte->joinaliasvars, var->varattno - 1);

		needed->depth = 0;
		(void) needed_walker(meaning, needed);
		needed->depth = depth;
	}
	else if (var->varattno >= 0)
		needed->columns[var->varno] = bms_add_member(needed->columns[var->varno], var->varattno);
}

static bool
needed_walker(Node *node, Needed *needed)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		if (((Var *) node)->varlevelsup == needed->depth)
			note_column(needed, (Var *) node);
		return false;
	}
	if (IsA(node, Query))
	{
		needed->depth++;
		(void) query_tree_walker((Query *) node, needed_walker, needed, QTW_IGNORE_JOINALIASES);
		needed->depth--;
		return false;
	}
	return expression_tree_walker(node, needed_walker, needed);
}

/* Of policies' conditions nothing but their result is needed. */
static Bitmapset **
needed_columns(Query *query)
{
	Needed		needed = {.query = query};
	List	   *entries = query->rtable;
	List	   *bare = NIL;
	ListCell   *cell;

	foreach(cell, entries)
	{
		RangeTblEntry *rte = makeNode(RangeTblEntry);

		memcpy(rte, lfirst(cell), sizeof *rte);
		if (is_shippable(rte))
			rte->securityQuals = NIL;
		bare = lappend(bare, rte);
	}
	needed.columns = palloc0(sizeof(Bitmapset *) * (list_length(entries) + 1));
	query->rtable = bare;
	(void) query_tree_walker(query, needed_walker, &needed, QTW_IGNORE_JOINALIASES);
	query->rtable = entries;
	return needed.columns;
}

/* ---- which conditions can be applied before the rows travel ---- */

/* Does the expression look at anything but columns of one table? */
static bool
looks_elsewhere_walker(Node *node, const int *index)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_Var:
			return ((Var *) node)->varlevelsup > 0 || ((Var *) node)->varno != *index;
		case T_Param:
			return ((Param *) node)->paramkind != PARAM_EXTERN;
		case T_SubLink:
		case T_Aggref:
		case T_GroupingFunc:
		case T_WindowFunc:
		case T_CurrentOfExpr:
			return true;
		default:
			return expression_tree_walker(node, looks_elsewhere_walker, unconstify(int *, index));
	}
}

static bool
can_be_applied(Node *condition, int index)
{
	return contain_var_clause(condition) && !looks_elsewhere_walker(condition, &index) &&
		!contain_volatile_functions(condition);
}

/* Takes out of the list what touches this table alone; the rest of the list. */
static List *
take_conditions(List *conditions, int index, List **taken)
{
	List	   *rest = NIL;
	ListCell   *cell;

	foreach(cell, conditions)
	{
		if (can_be_applied(lfirst(cell), index))
			*taken = lappend(*taken, lfirst(cell));
		else
			rest = lappend(rest, lfirst(cell));
	}
	return rest;
}

/* For every shipped table below this part of FROM whose rows the part does not fill up with nulls. */
static List *
take_below(Query *query, Node *from, List *conditions, List **taken)
{
	if (conditions == NIL)
		return NIL;
	if (IsA(from, RangeTblRef))
	{
		int			index = ((RangeTblRef *) from)->rtindex;

		return is_shippable(rt_fetch(index, query->rtable)) ?
			take_conditions(conditions, index, &taken[index]) : conditions;
	}
	if (IsA(from, FromExpr))
	{
		ListCell   *cell;

		foreach(cell, ((FromExpr *) from)->fromlist)
			conditions = take_below(query, lfirst(cell), conditions, taken);
		return conditions;
	}
	{
		JoinExpr   *join = castNode(JoinExpr, from);

		if (join->jointype == JOIN_INNER || join->jointype == JOIN_LEFT)
			conditions = take_below(query, join->larg, conditions, taken);
		if (join->jointype == JOIN_INNER || join->jointype == JOIN_RIGHT)
			conditions = take_below(query, join->rarg, conditions, taken);
		return conditions;
	}
}

static Node *
all_of(List *conditions)
{
	return conditions == NIL ? NULL : (Node *) make_ands_explicit(conditions);
}

/*
 * Moves conditions that touch one shipped table alone to `taken`, by range-table index: rows that do not meet them need
 * not travel, and those that travel meet them. A condition of an outer join may only remove rows of the side that the
 * join fills up with nulls.
 */
static void
take_all_conditions(Query *query, Node *from, List **taken)
{
	if (IsA(from, FromExpr))
	{
		FromExpr   *list = (FromExpr *) from;
		ListCell   *cell;

		foreach(cell, list->fromlist)
			take_all_conditions(query, lfirst(cell), taken);
		list->quals = all_of(take_below(query, from, make_ands_implicit((Expr *) list->quals), taken));
	}
	else if (IsA(from, JoinExpr))
	{
		JoinExpr   *join = (JoinExpr *) from;
		List	   *conditions = make_ands_implicit((Expr *) join->quals);

		take_all_conditions(query, join->larg, taken);
		take_all_conditions(query, join->rarg, taken);
		if (join->jointype == JOIN_INNER || join->jointype == JOIN_RIGHT)
			conditions = take_below(query, join->larg, conditions, taken);
		if (join->jointype == JOIN_INNER || join->jointype == JOIN_LEFT)
			conditions = take_below(query, join->rarg, conditions, taken);
		join->quals = all_of(conditions);
	}
}

/* ---- the small query of one table ---- */

static RangeTblEntry *
lone_entry(RangeTblEntry *rte, const char *name)
{
	RangeTblEntry *copy = copyObject(rte);

	copy->alias = NULL;
	copy->eref->aliasname = pstrdup(name);
	copy->lateral = false;
	copy->inFromCl = true;
	return copy;
}

static bool
has_send_function(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	bool		result = HeapTupleIsValid(tuple) && OidIsValid(((Form_pg_type) GETSTRUCT(tuple))->typsend);

	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	return result;
}

/* An array, a range or a row is sent by the functions of its parts. */
static bool
can_be_sent(Oid type)
{
	Oid			base = getBaseType(type);
	Oid			element = get_element_type(base);
	bool		result = has_send_function(base);

	if (OidIsValid(element))
		result = result && can_be_sent(element);
	else if (get_typtype(base) == TYPTYPE_RANGE)
		result = result && can_be_sent(get_range_subtype(base));
	else if (get_typtype(base) == TYPTYPE_COMPOSITE)
	{
		TupleDesc	row = lookup_rowtype_tupdesc(base, -1);

		for (int i = 0; i < row->natts; i++)
			result = result && (TupleDescAttr(row, i)->attisdropped || can_be_sent(TupleDescAttr(row, i)->atttypid));
		ReleaseTupleDesc(row);
	}
	return result;
}

static List *
column_numbers(Oid relid, Bitmapset *columns)
{
	Relation	relation = RelationIdGetRelation(relid);
	bool		whole = bms_is_member(0, columns);
	List	   *numbers = NIL;

	if (!RelationIsValid(relation))
		elog(ERROR, "could not open relation with OID %u", relid);
	for (int number = 1; number <= RelationGetDescr(relation)->natts; number++)
		if ((whole || bms_is_member(number, columns)) &&
			!TupleDescAttr(RelationGetDescr(relation), number - 1)->attisdropped)
			numbers = lappend_int(numbers, number);
	RelationClose(relation);
	return numbers;
}

static List *
targets_of(Oid relid, const List *numbers, char **reason)
{
	List	   *targets = NIL;
	ListCell   *cell;

	foreach(cell, numbers)
	{
		AttrNumber	number = (AttrNumber) lfirst_int(cell);
		Oid			type;
		int32		typmod;
		Oid			collation;

		get_atttypetypmodcoll(relid, number, &type, &typmod, &collation);
		if (!can_be_sent(type))
			*reason = psprintf("column \"%s\" of table \"%s\" has no binary form",
							   get_attname(relid, number, false), get_rel_name(relid));
		targets = lappend(targets, makeTargetEntry((Expr *) makeVar(1, number, type, typmod, collation, 0),
												   (AttrNumber) (list_length(targets) + 1),
												   get_attname(relid, number, false), false));
	}
	if (targets == NIL)
		targets = list_make1(makeTargetEntry((Expr *) makeBoolConst(true, false), 1, pstrdup("row"), false));
	return targets;
}

static Query *
small_query(Query *query, RangeTblEntry *rte, int index, List *conditions, List *targets, const char *name)
{
	Query	   *small = makeNode(Query);
	RangeTblEntry *entry = lone_entry(rte, name);
	RangeTblRef *reference = makeNode(RangeTblRef);

	ChangeVarNodes((Node *) entry->securityQuals, index, 1, 0);
	reference->rtindex = 1;
	small->commandType = CMD_SELECT;
	small->canSetTag = true;
	small->rtable = list_make1(entry);
	ivy_query_add_permission(small, entry, query);
	small->hasRowSecurity = entry->securityQuals != NIL;
	small->hasSubLinks = checkExprHasSubLink((Node *) entry->securityQuals);
	small->targetList = targets;
	ChangeVarNodes((Node *) conditions, index, 1, 0);
	small->jointree = makeFromExpr(list_make1(reference), all_of(conditions));
	return small;
}

/* The number of an equal shipment, whose rows can be read twice, or -1. */
static int
find_equal(const Make *make, const Query *small)
{
	ListCell   *cell;

	if (linitial_node(RangeTblEntry, small->rtable)->tablesample != NULL)
		return -1;
	foreach(cell, make->queries)
		if (equal(lfirst(cell), small))
			return foreach_current_index(cell);
	return -1;
}

static int
add_shipment(Make *make, Query *small, List *numbers, const char *name, Oid relid)
{
	int			number = find_equal(make, small);
	PlannedStmt *plan;
	char	   *filter = "";

	if (number >= 0)
		return number;
	if (list_length(make->queries) >= SHIPMENTS_MAX)
	{
		make->reason = psprintf("the query has more than %d tables that are no mirrors", SHIPMENTS_MAX);
		return 0;
	}
	make->queries = lappend(make->queries, copyObject(small));
	if (small->jointree->quals != NULL)
		filter = deparse_expression(small->jointree->quals, deparse_context_for(name, relid), false, false);
	plan = standard_planner(small, "", 0, make->parameters);
	make->result.rows += plan->planTree->plan_rows;
	make->result.cost += plan->planTree->total_cost + cpu_tuple_cost * plan->planTree->plan_rows;
	make->result.shipments = lappend(make->result.shipments,
									 list_make4(plan, numbers, makeString(pstrdup(name)),
												makeString(pstrdup(filter))));
	return list_length(make->queries) - 1;
}

static void
ship_table(Make *make, Query *query, int index, Bitmapset *columns, List *conditions)
{
	RangeTblEntry *rte = rt_fetch(index, query->rtable);
	char	   *name = get_rel_name(rte->relid);
	List	   *numbers = column_numbers(rte->relid, columns);
	List	   *targets = targets_of(rte->relid, numbers, &make->reason);
	int			number;

	if (make->reason != NULL)
		return;
	if (numbers == NIL)
		numbers = list_make1_int(IVY_SHIPMENT_NO_COLUMN);
	number = add_shipment(make, small_query(query, rte, index, conditions, targets, name), numbers, name, rte->relid);
	rte->relid = (Oid) number;
	rte->relkind = IVY_RELKIND_SHIPMENT;
	rte->inh = false;
	rte->tablesample = NULL;
	rte->securityQuals = NIL;
}

/* ---- all tables of a query ---- */

static void
ship_from(Make *make, Query *query, Bitmapset **columns, List **taken, Node *from)
{
	if (IsA(from, RangeTblRef))
	{
		int			index = ((RangeTblRef *) from)->rtindex;

		if (make->reason == NULL && is_shippable(rt_fetch(index, query->rtable)))
			ship_table(make, query, index, columns[index], taken[index]);
	}
	else if (IsA(from, FromExpr))
	{
		ListCell   *cell;

		foreach(cell, ((FromExpr *) from)->fromlist)
			ship_from(make, query, columns, taken, lfirst(cell));
	}
	else
	{
		ship_from(make, query, columns, taken, castNode(JoinExpr, from)->larg);
		ship_from(make, query, columns, taken, castNode(JoinExpr, from)->rarg);
	}
}

/* Sub-SELECTs within conditions that were taken are none, so that all that is left is in the query. */
static bool
ship_walker(Node *node, Make *make)
{
	if (node == NULL || make->reason != NULL)
		return false;
	if (IsA(node, CommonTableExpr) && ((CommonTableExpr *) node)->cterefcount == 0)
		return false;
	if (IsA(node, Query))
	{
		Query	   *query = (Query *) node;

		List	  **taken = palloc0(sizeof(List *) * (list_length(query->rtable) + 1));

		take_all_conditions(query, (Node *) query->jointree, taken);
		ship_from(make, query, needed_columns(query), taken, (Node *) query->jointree);
		return query_tree_walker(query, ship_walker, make, 0);
	}
	return expression_tree_walker(node, ship_walker, make);
}

IvyShipments
ivy_shipments_make(Query *query, ParamListInfo parameters, char **reason)
{
	Make		make = {.parameters = parameters};

	(void) ship_walker((Node *) query, &make);
	make.result.query = query;
	if (make.reason == NULL && make.result.rows > ivy_settings.ship_rows_max)
		make.reason = psprintf("about %.0f rows of tables that are no mirrors would be shipped,"
							   " more than pg_mooncake.ship_rows_max", make.result.rows);
	*reason = make.reason;
	return make.result;
}

/* ---- the finished plan ---- */

PlannedStmt *
ivy_shipment_plan(const List *shipment)
{
	return list_nth_node(PlannedStmt, shipment, SHIPMENT_PLAN);
}

uint8
ivy_shipment_kind(Oid type)
{
	uint8		kind = ivy_type_kind(type);

	return kind == IVY_KIND_TEXT || type == CHAROID || type == XMLOID ? IVY_KIND_RECEIVE : kind;
}

void
ivy_write_shipments(IvyWriter *writer, const List *shipments)
{
	ListCell   *cell;

	ivy_write_u16(writer, (uint16) list_length(shipments));
	foreach(cell, shipments)
	{
		List	   *targets = ivy_shipment_plan(lfirst(cell))->planTree->targetlist;
		List	   *numbers = list_nth(lfirst(cell), SHIPMENT_COLUMNS);
		ListCell   *number;

		ivy_write_u16(writer, (uint16) list_length(numbers));
		foreach(number, numbers)
		{
			Node	   *value = (Node *) list_nth_node(TargetEntry, targets, foreach_current_index(number))->expr;
			int32		typmod = exprTypmod(value);
			Oid			type = getBaseTypeAndTypmod(exprType(value), &typmod);

			ivy_write_u16(writer, (uint16) lfirst_int(number));
			ivy_write_u32(writer, type);
			ivy_write_u32(writer, (uint32) typmod);
			ivy_write_u8(writer, ivy_shipment_kind(type));
		}
	}
}

void
ivy_shipments_add_to_plan(PlannedStmt *plan, const List *shipments)
{
	ListCell   *cell;

	foreach(cell, shipments)
	{
		PlannedStmt *part = ivy_shipment_plan(lfirst(cell));
		ListCell   *entry;

		foreach(entry, part->rtable)
		{
			RangeTblEntry *rte = lfirst_node(RangeTblEntry, entry);

			if (rte->rtekind == RTE_RELATION)
			{
				RangeTblEntry *copy = makeNode(RangeTblEntry);

				memcpy(copy, rte, sizeof *copy);
				ivy_rte_remove_check(copy);
				copy->tablesample = NULL;
				copy->securityQuals = NIL;
				ivy_plan_add_rte(plan, copy, NIL);
			}
		}
		plan->relationOids = list_concat_unique_oid(plan->relationOids, part->relationOids);
		plan->invalItems = list_concat(plan->invalItems, list_copy(part->invalItems));
		plan->dependsOnRole |= part->dependsOnRole;
		plan->transientPlan |= part->transientPlan;
	}
}

/* ---- EXPLAIN ---- */

void
ivy_explain_shipments(const List *shipments, const List *shipped, ExplainState *es)
{
	List	   *lines = NIL;
	ListCell   *cell;

	foreach(cell, shipments)
	{
		List	   *shipment = lfirst(cell);
		Plan	   *plan = ivy_shipment_plan(shipment)->planTree;
		StringInfoData line;
		ListCell   *target;

		initStringInfo(&line);
		appendStringInfo(&line, "%s (", strVal(list_nth(shipment, SHIPMENT_NAME)));
		foreach(target, plan->targetlist)
			appendStringInfo(&line, "%s%s", foreach_current_index(target) > 0 ? ", " : "",
							 lfirst_node(TargetEntry, target)->resname);
		appendStringInfoChar(&line, ')');
		if (strVal(list_nth(shipment, SHIPMENT_FILTER))[0] != '\0')
			appendStringInfo(&line, " where %s", strVal(list_nth(shipment, SHIPMENT_FILTER)));
		if (es->costs)
			appendStringInfo(&line, ", about %.0f rows", plan->plan_rows);
		if (shipped != NIL)
			appendStringInfo(&line, ", %.0f shipped", *(double *) list_nth(shipped, foreach_current_index(cell)));
		lines = lappend(lines, line.data);
	}
	if (lines != NIL)
		ExplainPropertyList("Shipped", lines, es);
}

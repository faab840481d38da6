/*
 * tree.c: constants out of the tree.
 */
#include "postgres.h"

#include "catalog/pg_proc_d.h"
#include "catalog/pg_type_d.h"
#include "compat.h"
#include "engine.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "tree.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#define VALUES_MAX UINT16_MAX

/* ---- folding of immutable expressions and inlining of SQL functions ---- */

/* Nodes that hold expressions and have no type themselves. */
static bool
is_structure(const Node *node)
{
	switch (nodeTag(node))
	{
		case T_List:
		case T_Query:
		case T_TargetEntry:
		case T_FromExpr:
		case T_JoinExpr:
		case T_RangeTblRef:
		case T_RangeTblFunction:
		case T_TableFunc:
		case T_TableSampleClause:
		case T_SetOperationStmt:
		case T_CommonTableExpr:
		case T_WindowClause:
		case T_SortGroupClause:
		case T_GroupingSet:
		case T_RowMarkClause:
		case T_CaseWhen:
		case T_WithCheckOption:
		case T_OnConflictExpr:
			return true;
		default:
			return false;
	}
}

static Node *fold_mutator(Node *node, PlannerInfo *root);

/* Folds inside sub-SELECTs, which eval_const_expressions leaves alone. */
static Node *
fold_sublinks_mutator(Node *node, PlannerInfo *root)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Query))
		return fold_mutator(node, root);
	return expression_tree_mutator(node, fold_sublinks_mutator, root);
}

/* Postgres neither plans nor runs a WITH query that nothing refers to. */
static List *
used_ctes(const List *ctes)
{
	List	   *used = NIL;
	ListCell   *cell;

	foreach(cell, ctes)
		if (lfirst_node(CommonTableExpr, cell)->cterefcount > 0)
			used = lappend(used, lfirst(cell));
	return used;
}

static Node *
fold_mutator(Node *node, PlannerInfo *root)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Query))
	{
		((Query *) node)->cteList = used_ctes(((Query *) node)->cteList);
		return (Node *) query_tree_mutator((Query *) node, fold_mutator, root, QTW_IGNORE_JOINALIASES);
	}
	if (is_structure(node))
		return expression_tree_mutator(node, fold_mutator, root);
	return fold_sublinks_mutator(eval_const_expressions(root, node), root);
}

/* ---- constants become parameters ---- */

typedef struct Parametrise
{
	List	   *values;
	const Bitmapset *executed;	/* parameters of kind PARAM_EXEC that have a value by then */
	bool		lazy;			/* in an arm that Postgres may never evaluate */
} Parametrise;

static bool
is_variable_walker(Node *node, const Parametrise *state)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_Const:
			return false;
		case T_Param:
			return ((Param *) node)->paramkind != PARAM_EXTERN &&
				!(((Param *) node)->paramkind == PARAM_EXEC &&
				  bms_is_member(((Param *) node)->paramid, state->executed));
		case T_FuncExpr:
			if (((FuncExpr *) node)->funcretset)
				return true;
			break;
		case T_OpExpr:
			if (((OpExpr *) node)->opretset)
				return true;
			break;
		case T_DistinctExpr:
		case T_NullIfExpr:
		case T_ScalarArrayOpExpr:
		case T_BoolExpr:
		case T_RelabelType:
		case T_CoerceViaIO:
		case T_ArrayCoerceExpr:
		case T_ConvertRowtypeExpr:
		case T_CollateExpr:
		case T_CaseExpr:
		case T_CaseWhen:
		case T_ArrayExpr:
		case T_RowExpr:
		case T_CoalesceExpr:
		case T_MinMaxExpr:
		case T_SQLValueFunction:
		case T_NullTest:
		case T_BooleanTest:
		case T_CoerceToDomain:
		case T_List:
			break;
		default:
			return true;
	}
	return expression_tree_walker(node, is_variable_walker, (void *) state);
}

/* Expressions of these never fail, so that evaluating them before it is known to be needed does no harm. */
bool
ivy_is_harmless(const Node *node)
{
	if (IsA(node, Const) || IsA(node, SQLValueFunction))
		return true;
	if (IsA(node, Param))
		return ((const Param *) node)->paramkind == PARAM_EXTERN;
	if (IsA(node, FuncExpr))
		switch (((const FuncExpr *) node)->funcid)
		{
			case F_NOW:
			case F_TRANSACTION_TIMESTAMP:
			case F_STATEMENT_TIMESTAMP:
			case F_CURRENT_DATABASE:
				return true;
			default:
				return false;
		}
	return false;
}

/* Can the expression be evaluated once, before the query runs, and travel as a text? */
static bool
is_value(Node *node, const Parametrise *state)
{
	Oid			type;

	if (IsA(node, Const))
		return true;
	if (is_variable_walker(node, state) || (state->lazy && !ivy_is_harmless(node)))
		return false;
	type = exprType(node);
	if (get_typtype(type) == TYPTYPE_PSEUDO)
		return false;
	return !contain_volatile_functions(node);
}

/* The parameter that stands for this value; equal values share one, so that equal expressions stay equal. */
static Node *
parameter_for(Node *value, Parametrise *state)
{
	Param	   *param = makeNode(Param);
	int			number = 0;
	ListCell   *cell;

	foreach(cell, state->values)
	{
		number++;
		if (equal(lfirst(cell), value))
			break;
	}
	if (cell == NULL)
	{
		state->values = lappend(state->values, value);
		number = list_length(state->values);
	}
	param->paramkind = PARAM_EXTERN;
	param->paramid = number;
	param->paramtype = exprType(value);
	param->paramtypmod = exprTypmod(value);
	param->paramcollid = exprCollation(value);
	param->location = -1;
	return (Node *) param;
}

static Node *parametrise_mutator(Node *node, Parametrise *state);

/* The node's parts, all of them or all but the first, may never be evaluated. */
static Node *
parametrise_lazily(Node *node, Parametrise *state)
{
	bool		outer = state->lazy;

	state->lazy = true;
	node = expression_tree_mutator(node, parametrise_mutator, state);
	state->lazy = outer;
	return node;
}

static Node *
parametrise_mutator(Node *node, Parametrise *state)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Query))
		return (Node *) query_tree_mutator((Query *) node, parametrise_mutator, state, 0);
	if (is_structure(node))
		return expression_tree_mutator(node, parametrise_mutator, state);
	if (is_value(node, state))
		return parameter_for(node, state);
	if (IsA(node, CaseExpr) || IsA(node, CoalesceExpr))
		return parametrise_lazily(node, state);
	return expression_tree_mutator(node, parametrise_mutator, state);
}

/* Operators know their functions only after planning. */
static bool
name_functions_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, name_functions_walker, context, 0);
	if (IsA(node, OpExpr) || IsA(node, DistinctExpr) || IsA(node, NullIfExpr))
		set_opfuncid((OpExpr *) node);
	else if (IsA(node, ScalarArrayOpExpr))
		set_sa_opfuncid((ScalarArrayOpExpr *) node);
	return expression_tree_walker(node, name_functions_walker, context);
}

/* What differs between equal queries: positions in the statement's text, and the query's identifier. */
static bool
forget_identity_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		Query	   *query = (Query *) node;

		query->queryId = 0;
		query->stmt_location = -1;
		query->stmt_len = 0;
		return query_tree_walker(query, forget_identity_walker, context, 0);
	}
	return expression_tree_walker(node, forget_identity_walker, context);
}

/* Overwrites positions in the tree's text. A space inside a name is escaped, so that the key is found nowhere else. */
static char *
forget_locations(char *tree)
{
	static const char key[] = " :location ";
	char	   *to = tree;
	const char *from = tree;
	const char *found;

	while ((found = strstr(from, key)) != NULL)
	{
		Size		length = found - from + sizeof key - 1;

		memmove(to, from, length);
		to += length;
		from += length;
		from += strspn(from, "-0123456789");
		*to++ = '0';
	}
	memmove(to, from, strlen(from) + 1);
	return tree;
}

IvyTree
ivy_tree_make(Query *query, const Bitmapset *executed)
{
	PlannerGlobal *global = makeNode(PlannerGlobal);
	PlannerInfo *root = makeNode(PlannerInfo);
	Parametrise state = {.executed = executed};
	IvyTree		tree = {0};
	Query	   *copy;

	/* eval_const_expressions reports the functions it inlined to the planner's global state. */
	root->glob = global;
	root->parse = query;
	copy = copyObject(query);
	ivy_drop_unused_columns(copy);
	copy = (Query *) fold_mutator((Node *) copy, root);
	copy = (Query *) parametrise_mutator((Node *) copy, &state);
	(void) name_functions_walker((Node *) copy, NULL);
	(void) forget_identity_walker((Node *) copy, NULL);
	if (list_length(state.values) > VALUES_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the query has more than %d constants and parameters", VALUES_MAX)));
	tree.text = forget_locations(nodeToString(copy));
	tree.values = state.values;
	tree.functions = global->invalItems;
	return tree;
}

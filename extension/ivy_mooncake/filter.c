/*
 * filter.c: the row filter of a mirror, a condition over columns of its source.
 *
 * Postgres evaluates it for the first copy and the engine for every change after that, so it may depend on nothing but
 * the row. What Postgres understands and the engine does not, the engine says when it reads the registration.
 */
#include "postgres.h"

#include "access/table.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_clause.h"
#include "parser/parse_collate.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "mooncake.h"

static void
refuse(const char *filter, const char *reason)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the filter of a mirror %s", reason),
			 errdetail("The filter is: %s", filter)));
}

/* The text as one expression and nothing else, raw. */
static Node *
parse(const char *filter)
{
	List	   *statements = raw_parser(filter, RAW_PARSE_PLPGSQL_EXPR);
	SelectStmt *select = linitial_node(SelectStmt, list_make1(linitial_node(RawStmt, statements)->stmt));
	ResTarget  *target;

	if (list_length(statements) != 1 || list_length(select->targetList) != 1 || select->distinctClause != NIL ||
		select->intoClause != NULL || select->fromClause != NIL || select->whereClause != NULL ||
		select->groupClause != NIL || select->havingClause != NULL || select->windowClause != NIL ||
		select->sortClause != NIL || select->limitOffset != NULL || select->limitCount != NULL ||
		select->lockingClause != NIL || select->withClause != NULL || select->op != SETOP_NONE)
		refuse(filter, "must be one condition");
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL)
		refuse(filter, "must be one condition");
	return target->val;
}

/* Something that is not known from the row alone? */
static bool
looks_beyond_row(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, SubLink) || IsA(node, Param) || (IsA(node, Var) && ((Var *) node)->varattno <= 0))
		return true;
	return expression_tree_walker(node, looks_beyond_row, context);
}

static bool
reads_generated(Node *node, Relation source)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return TupleDescAttr(RelationGetDescr(source), ((Var *) node)->varattno - 1)->attgenerated != '\0';
	return expression_tree_walker(node, reads_generated, source);
}

/* Something that compares text otherwise than byte by byte, which is how the engine does it? */
static bool
compares_loosely(Node *node, void *context)
{
	Oid			collation;

	if (node == NULL)
		return false;
	collation = exprInputCollation(node);
	if (OidIsValid(collation) && !get_collation_isdeterministic(collation))
		return true;
	return expression_tree_walker(node, compares_loosely, context);
}

/* A position in an error is one in the filter, not in the statement that was sent. */
static void
place_error(void *filter)
{
	int			position = geterrposition();

	if (position <= 0)
		return;
	errposition(0);
	internalerrposition(position);
	internalerrquery(filter);
}

static Node *
analyze(Relation source, const char *filter)
{
	ParseState *state = make_parsestate(NULL);
	ErrorContextCallback callback = {error_context_stack, place_error, unconstify(char *, filter)};
	ParseNamespaceItem *item;
	Node	   *condition;

	error_context_stack = &callback;
	state->p_sourcetext = filter;
	item = addRangeTableEntryForRelation(state, source, AccessShareLock, NULL, false, true);
	addNSItemToQuery(state, item, false, true, true);
	condition = transformWhereClause(state, parse(filter), EXPR_KIND_WHERE, "filter");
	assign_expr_collations(state, condition);
	error_context_stack = callback.previous;
	free_parsestate(state);
	return condition;
}

/* Raises an error unless the text is a condition over columns of the source alone. */
void
mooncake_check_filter(Relation source, const char *filter)
{
	Node	   *condition = analyze(source, filter);

	if (looks_beyond_row(condition, NULL))
		refuse(filter, "must have no sub-SELECT, parameter or system column");
	if (contain_mutable_functions(condition))
		refuse(filter, "must have only immutable functions and operators");
	if (reads_generated(condition, source))
		refuse(filter, "must not read generated columns, whose values are not in the WAL");
	if (compares_loosely(condition, NULL))
		refuse(filter, "must not compare text by a nondeterministic collation");
}

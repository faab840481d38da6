/*
 * planner.c: decides between DuckDB for the whole query and Postgres' executor over scans of mirrors.
 */
#include "postgres.h"

#include "access/xact.h"
#include "compat.h"
#include "engine.h"
#include "executor/executor.h"
#include "guard.h"
#include "mirror.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/planmain.h"
#include "optimizer/planner.h"
#include "parser/parsetree.h"
#include "plan.h"
#include "push.h"
#include "shipment.h"
#include "stream.h"
#include "tree.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* Shown by EXPLAIN and used by nothing that chooses: the whole query is one node. */
#define QUERY_ROWS 1000
#define QUERY_STARTUP_COST 100
#define QUERY_TOTAL_COST 1000

/* So many rows are shipped without asking whether Postgres' own plan is cheaper, for planning takes time too. */
#define SHIP_UNASKED_ROWS 100000

static planner_hook_type previous_planner = NULL;

/* ---- what is not allowed on a mirror ---- */

static void
check_allowed(const IvyUse *use)
{
	if (OidIsValid(use->target))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("mirror \"%s\" is read-only", ivy_mirror_name(use->target)),
				 errhint("Change the source table instead.")));
	if (OidIsValid(use->locked))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("cannot lock rows of mirror \"%s\"", ivy_mirror_name(use->locked)),
				 errhint("Name the tables to lock with FOR UPDATE OF or FOR SHARE OF, or read the source table.")));
	if (OidIsValid(use->addressed))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("rows of mirror \"%s\" have no system columns but tableoid", ivy_mirror_name(use->addressed))));
}

/* ---- the plan of a whole query ---- */

/* Collects what the executor checks privileges on and what a cached plan locks. */
static bool
add_rtes_walker(Node *node, PlannedStmt *plan)
{
	if (node == NULL)
		return false;
	if (IsA(node, CommonTableExpr) && ((CommonTableExpr *) node)->cterefcount == 0)
		return false;			/* Postgres does not plan it either */
	if (IsA(node, Query))
	{
		Query	   *query = (Query *) node;
		ListCell   *cell;

		foreach(cell, query->rtable)
		{
			RangeTblEntry *rte = lfirst(cell);

			if (ivy_rte_is_checked(rte))
			{
				RangeTblEntry *copy = makeNode(RangeTblEntry);

				memcpy(copy, rte, sizeof *copy);
				copy->subquery = NULL;
				copy->securityQuals = NIL;
				ivy_plan_add_rte(plan, copy, ivy_query_permissions(query));
			}
		}
		return query_tree_walker(query, add_rtes_walker, plan, 0);
	}
	return expression_tree_walker(node, add_rtes_walker, plan);
}

/* An entry that names the result's columns, for EXPLAIN VERBOSE. */
static RangeTblEntry *
result_entry(List *targets)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	List	   *names = NIL;
	ListCell   *cell;

	rte->rtekind = RTE_VALUES;
	foreach(cell, targets)
	{
		TargetEntry *target = lfirst(cell);
		Node	   *expression = (Node *) target->expr;

		names = lappend(names, makeString(pstrdup(target->resname == NULL ? "?column?" : target->resname)));
		rte->coltypes = lappend_oid(rte->coltypes, exprType(expression));
		rte->coltypmods = lappend_int(rte->coltypmods, exprTypmod(expression));
		rte->colcollations = lappend_oid(rte->colcollations, exprCollation(expression));
	}
	rte->eref = makeAlias("mooncake", names);
	return rte;
}

static List *
result_targets(List *targets)
{
	List	   *result = NIL;
	ListCell   *cell;

	foreach(cell, targets)
	{
		TargetEntry *target = lfirst(cell);

		if (!target->resjunk)
			result = lappend(result, target);
	}
	return result;
}

static List *
vars_of(List *targets, int varno)
{
	List	   *result = NIL;
	ListCell   *cell;

	foreach(cell, targets)
	{
		TargetEntry *target = lfirst(cell);
		Node	   *expression = (Node *) target->expr;
		int			number = foreach_current_index(cell) + 1;
		Var		   *var = makeVar(varno, number, exprType(expression), exprTypmod(expression),
								  exprCollation(expression), 0);
		TargetEntry *entry = makeTargetEntry((Expr *) var, number,
											 target->resname == NULL ? NULL : pstrdup(target->resname), false);

		entry->resorigtbl = target->resorigtbl;
		entry->resorigcol = target->resorigcol;
		result = lappend(result, entry);
	}
	return result;
}

static PlannedStmt *
make_plan(Query *query, const IvyTree *tree, char *sql, int cursor_options)
{
	PlannedStmt *plan = makeNode(PlannedStmt);
	CustomScan *scan = makeNode(CustomScan);
	List	   *targets = result_targets(query->targetList);
	bool		has_policies;

	plan->commandType = CMD_SELECT;
	plan->queryId = query->queryId;
	plan->canSetTag = query->canSetTag;
	plan->jitFlags = 0;
	plan->stmt_location = query->stmt_location;
	plan->stmt_len = query->stmt_len;
	(void) add_rtes_walker((Node *) query, plan);
	plan->rtable = lappend(plan->rtable, result_entry(targets));
	extract_query_dependencies((Node *) query, &plan->relationOids, &plan->invalItems, &has_policies);
	plan->invalItems = list_concat(plan->invalItems, tree->functions);
	plan->dependsOnRole = has_policies;

	scan->scan.plan.targetlist = vars_of(targets, INDEX_VAR);
	scan->scan.plan.startup_cost = QUERY_STARTUP_COST;
	scan->scan.plan.total_cost = QUERY_TOTAL_COST;
	scan->scan.plan.plan_rows = query->hasAggs && query->groupClause == NIL && query->groupingSets == NIL ?
		1 : QUERY_ROWS;
	scan->scan.scanrelid = 0;
	scan->custom_scan_tlist = vars_of(targets, list_length(plan->rtable));
	scan->custom_private = list_make5(makeString(tree->text), tree->values, makeString(sql), tree->shipments, query);
	scan->methods = &ivy_query_methods;
	plan->planTree = (Plan *) scan;
	ivy_shipments_add_to_plan(plan, tree->shipments);
	if ((cursor_options & CURSOR_OPT_SCROLL) != 0)
		plan->planTree = materialize_finished_plan(plan->planTree);
	return plan;
}

/* ---- asking the engine ---- */

/* The SQL of PLANNED or the reason of REFUSED. */
static char *
answer_of(const IvyFrame *frame, IvyConnection *connection, bool *may_be_left)
{
	IvyReader	reader = {.data = frame->payload,.length = frame->length};
	uint32		length;
	const char *bytes = ivy_read_string(&reader, &length);

	*may_be_left = frame->type == IVY_PLANNED && ivy_read_u8(&reader) != 0;
	if (!ivy_read_complete(&reader))
		ivy_protocol_violation(connection, "the answer to PLAN is not valid");
	return pnstrdup(bytes, length);
}

/* May this query run whole in DuckDB? Its SQL, or NULL and the reason. */
static char *
ask_engine(Query *query, IvyTree *tree, ParamListInfo parameters, char **reason)
{
	IvyConnection *connection = ivy_try_connect(true);
	IvyWriter	payload = ivy_writer();
	TupleDesc	row;
	IvyFrame	frame;
	char	   *answer;

	if (connection == NULL)
	{
		*reason = pstrdup("the mooncake engine is not running");
		return NULL;
	}
	row = ExecCleanTypeFromTL(query->targetList);
	ivy_write_string(&payload, ivy_session());
	ivy_write_string(&payload, tree->text);
	ivy_write_known_values(&payload, tree->values, parameters);
	ivy_write_targets(&payload, row, NULL, row->natts);
	ivy_write_shipments(&payload, tree->shipments);
	ivy_request(connection, IVY_PLAN, &payload);
	frame = ivy_receive(connection);
	if (frame.type != IVY_PLANNED && frame.type != IVY_REFUSED)
		ivy_protocol_violation(connection, "PLAN was not answered by PLANNED or REFUSED");
	answer = answer_of(&frame, connection, &tree->may_be_left);
	ivy_release(connection);
	pfree(payload.data);
	if (frame.type == IVY_PLANNED)
		return answer;
	*reason = ivy_name_objects(answer);
	return NULL;
}

/* What this transaction made of a mirror is unknown to the engine. */
static bool
is_new_mirror(Oid relid)
{
	Relation	relation = RelationIdGetRelation(relid);
	bool		result = RelationIsValid(relation) && ivy_is_mirror(relid) && ivy_uncommitted(relation) != NULL;

	if (RelationIsValid(relation))
		RelationClose(relation);
	return result;
}

static bool
has_new_mirror_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
		return ((RangeTblEntry *) node)->rtekind == RTE_RELATION && is_new_mirror(((RangeTblEntry *) node)->relid);
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, has_new_mirror_walker, context, QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, has_new_mirror_walker, context);
}

typedef struct TreeRequest
{
	Query	   *query;
	const Bitmapset *executed;
	IvyTree    *tree;
} TreeRequest;

static void
make_tree(void *argument)
{
	TreeRequest *request = argument;

	*request->tree = ivy_tree_make(request->query, request->executed);
}

char *
ivy_ask(Query *query, const Bitmapset *executed, ParamListInfo parameters, IvyTree *tree, char **reason)
{
	IvyShipments shipments = {.query = query};
	TreeRequest request;
	ErrorData  *failure;

	*reason = ivy_is_dump() ? pstrdup("pg_dump reads no rows of mirrors") : ivy_refusal(query);
	if (*reason == NULL && has_new_mirror_walker((Node *) query, NULL))
		*reason = pstrdup("a mirror was created or altered in this transaction");
	if (*reason != NULL)
		return NULL;
	if (ivy_reads_other((Node *) query))
		shipments = ivy_shipments_make(copyObject(query), parameters, reason);
	if (*reason != NULL)
		return NULL;
	request = (TreeRequest) {.query = shipments.query,.executed = executed,.tree = tree};
	failure = ivy_guarded(make_tree, &request);
	if (failure != NULL)
	{
		/* Postgres' planner raises the same error, or finds that nothing reads the expression. */
		*reason = psprintf("an expression of constants fails: %s", failure->message);
		return NULL;
	}
	tree->shipments = shipments.shipments;
	tree->shipped_rows = shipments.rows;
	tree->shipped_cost = shipments.cost;
	return ask_engine(query, tree, parameters, reason);
}

/* ---- the hook ---- */

static PlannedStmt *
plan_with_postgres(Query *query, const char *query_string, int cursor_options, IvyPlanning *planning)
{
	PlannedStmt *volatile plan = NULL;
	IvyPlanning *outer = ivy_set_planning(planning);

	PG_TRY();
	{
		plan = previous_planner != NULL && !planning->by_scans ?
			previous_planner(query, query_string, cursor_options, planning->parameters) :
			standard_planner(query, query_string, cursor_options, planning->parameters);
	}
	PG_FINALLY();
	{
		(void) ivy_set_planning(outer);
	}
	PG_END_TRY();
	return plan;
}

PlannedStmt *
ivy_plan_by_scans(Query *query, ParamListInfo parameters, char *reason, bool filtered)
{
	IvyPlanning planning = {.reason = reason,.parameters = parameters,.by_scans = true,.filtered = filtered};

	return plan_with_postgres(query, "", 0, &planning);
}

double
ivy_estimated_rows(Query *query, ParamListInfo parameters)
{
	return ivy_plan_by_scans(copyObject(query), parameters, pstrdup(""), false)->planTree->plan_rows;
}

/* Parts of the query run in DuckDB; the executor checks privileges on what they read, and a cached plan locks it. */
static PlannedStmt *
plan_in_parts(Query *query, const char *query_string, int cursor_options, ParamListInfo parameters, char *reason)
{
	IvyPlanning planning = {.reason = reason,.parameters = parameters};
	PlannedStmt *plan;
	ListCell   *cell;

	ivy_push_parts(query, &planning);
	plan = plan_with_postgres(query, query_string, cursor_options, &planning);
	foreach(cell, planning.parts)
	{
		IvyPart    *part = lfirst(cell);
		List	   *relations;
		List	   *items;
		bool		has_policies;

		(void) add_rtes_walker((Node *) part->query, plan);
		extract_query_dependencies((Node *) part->query, &relations, &items, &has_policies);
		plan->relationOids = list_concat(plan->relationOids, relations);
		plan->invalItems = list_concat(plan->invalItems, items);
		plan->dependsOnRole |= has_policies;
	}
	ivy_shipments_add_to_plan(plan, planning.shipments);
	return plan;
}

typedef struct PartsRequest
{
	Query	   *query;
	const char *query_string;
	int			cursor_options;
	ParamListInfo parameters;
	char	   *reason;
	PlannedStmt *plan;
} PartsRequest;

static void
make_parts(void *argument)
{
	PartsRequest *request = argument;

	request->plan = plan_in_parts(copyObject(request->query), request->query_string, request->cursor_options,
								  request->parameters, request->reason);
}

/*
 * A part hides its constants from what is around it, so the planner may come to an expression that it would have left
 * out, and that fails. Then only rows are read.
 */
static PlannedStmt *
plan_by_parts_or_scans(Query *query, const char *query_string, int cursor_options, ParamListInfo parameters,
					   char *reason)
{
	PartsRequest request = {.query = query,.query_string = query_string,.cursor_options = cursor_options,
	.parameters = parameters,.reason = reason};
	IvyPlanning scans = {.reason = reason,.parameters = parameters,.by_scans = true,.filtered = true};

	return ivy_guarded(make_parts, &request) == NULL ? request.plan :
		plan_with_postgres(query, query_string, cursor_options, &scans);
}

/* Postgres' plan, when that is estimated to cost less than sending the rows of other tables to the engine. */
static PlannedStmt *
cheaper_plan(Query *query, const char *query_string, int cursor_options, ParamListInfo parameters, const IvyTree *tree)
{
	PlannedStmt *plan;

	if (tree->shipped_rows <= SHIP_UNASKED_ROWS)
		return NULL;
	plan = plan_by_parts_or_scans(copyObject(query), query_string, cursor_options, parameters,
								  psprintf("about %.0f rows of other tables would have to be shipped", tree->shipped_rows));
	return plan->planTree->total_cost < tree->shipped_cost ? plan : NULL;
}

static PlannedStmt *
plan_whole(Query *query, const char *query_string, int cursor_options, ParamListInfo parameters, char **reason)
{
	IvyTree		tree;
	char	   *sql = ivy_ask(query, NULL, parameters, &tree, reason);
	PlannedStmt *plan;

	if (sql == NULL)
		return NULL;
	plan = cheaper_plan(query, query_string, cursor_options, parameters, &tree);
	return plan != NULL ? plan : make_plan(query, &tree, sql, cursor_options);
}

static PlannedStmt *
ivy_planner(Query *query, const char *query_string, int cursor_options, ParamListInfo parameters)
{
	IvyUse		use = {0};
	char	   *reason = NULL;
	PlannedStmt *plan;

	if (ivy_has_mirror_am())
		use = ivy_find_mirrors(query);
	if (!use.mirrors && !OidIsValid(use.target))
		return previous_planner != NULL ?
			previous_planner(query, query_string, cursor_options, parameters) :
			standard_planner(query, query_string, cursor_options, parameters);
	check_allowed(&use);
	plan = plan_whole(query, query_string, cursor_options, parameters, &reason);
	return plan != NULL ? plan :
		plan_by_parts_or_scans(query, query_string, cursor_options, parameters, reason);
}

void
ivy_planner_init(void)
{
	previous_planner = planner_hook;
	planner_hook = ivy_planner;
}

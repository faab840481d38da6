/*
 * values.c: the values of a query's constants, parameters and stable expressions.
 */
#include "postgres.h"

#include "compat.h"
#include "executor/executor.h"
#include "guard.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "tree.h"
#include "utils/builtins.h"
#include "utils/bytea.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

/* What VALUES says of a value (docs/internals/protocol.md). */
#define IVY_VALUE_KNOWN 1
#define IVY_VALUE_FAILED 2
#define IVY_VALUE_SEPARATOR "\x1f"

typedef struct Value
{
	uint8		known;			/* IVY_VALUE_... */
	bool		is_null;
	Datum		datum;
	const char *error;			/* of a failed one */
} Value;

/* The settings in which the engine reads texts; undone by AtEOXact_GUC(true, level). */
static int
set_text_forms(void)
{
	int			level = NewGUCNestLevel();

	if (DateStyle != USE_ISO_DATES)
		(void) set_config_option("datestyle", "ISO", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (IntervalStyle != INTSTYLE_POSTGRES)
		(void) set_config_option("intervalstyle", "postgres", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
								 false);
	if (extra_float_digits != 3)
		(void) set_config_option("extra_float_digits", "3", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
								 false);
	if (bytea_output != BYTEA_OUTPUT_HEX)
		(void) set_config_option("bytea_output", "hex", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

static char *
text_of(Oid type, Datum datum)
{
	Oid			output;
	bool		is_varlena;

	getTypeOutputInfo(type, &output, &is_varlena);
	return OidOutputFunctionCall(output, datum);
}

static void
write_values(IvyWriter *writer, List *expressions, const Value *values)
{
	int			count = list_length(expressions);
	const char **texts = palloc0(sizeof(char *) * Max(count, 1));
	int			level = set_text_forms();

	ivy_write_u32(writer, (uint32) count);
	for (int i = 0; i < count; i++)
	{
		Node	   *expression = list_nth(expressions, i);
		Oid			type = exprType(expression);

		ivy_write_u32(writer, type);
		ivy_write_u32(writer, (uint32) exprTypmod(expression));
		ivy_write_u8(writer, values[i].known);
		if (values[i].known == IVY_VALUE_FAILED)
			texts[i] = values[i].error;
		else if (values[i].known == IVY_VALUE_KNOWN && !values[i].is_null)
			texts[i] = text_of(type, values[i].datum);
	}
	AtEOXact_GUC(true, level);
	ivy_write_text_batch(writer, texts, (uint16_t) count);
}

static Value
value_of_parameter(const Param *param, ParamListInfo parameters)
{
	ParamExternData workspace;
	ParamExternData *data;
	Value		value = {0};

	if (parameters == NULL || param->paramid <= 0 || param->paramid > parameters->numParams)
		return value;
	data = parameters->paramFetch != NULL ?
		parameters->paramFetch(parameters, param->paramid, true, &workspace) :
		&parameters->params[param->paramid - 1];
	if ((data->pflags & PARAM_FLAG_CONST) == 0 || data->ptype != param->paramtype)
		return value;
	value.known = IVY_VALUE_KNOWN;
	value.is_null = data->isnull;
	value.datum = data->value;
	return value;
}

void
ivy_write_known_values(IvyWriter *writer, List *expressions, ParamListInfo parameters)
{
	Value	   *values = palloc0(sizeof(Value) * Max(list_length(expressions), 1));
	ListCell   *cell;

	foreach(cell, expressions)
	{
		Value	   *value = &values[foreach_current_index(cell)];
		Node	   *expression = lfirst(cell);

		if (IsA(expression, Const))
			*value = (Value) {.known = IVY_VALUE_KNOWN,.is_null = ((Const *) expression)->constisnull,
				.datum = ((Const *) expression)->constvalue};
		else if (IsA(expression, Param) && ((Param *) expression)->paramkind == PARAM_EXTERN)
			*value = value_of_parameter((Param *) expression, parameters);
	}
	write_values(writer, expressions, values);
}

typedef struct Evaluation
{
	List	   *expressions;
	List	   *states;			/* NULL for constants */
	ExprContext *context;
	Value	   *values;
	Bitmapset  *guarded;		/* those that may fail */
} Evaluation;

static bool
runs_a_plan_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_EXEC)
		return true;
	return expression_tree_walker(node, runs_a_plan_walker, context);
}

/*
 * Can the expression fail, and be evaluated in a subtransaction? An init plan that runs for the first time keeps what
 * it opens, beyond a subtransaction.
 */
static bool
is_guarded(Node *expression)
{
	return !IsA(expression, Const) && !IsA(expression, Param) && !ivy_is_harmless(expression) &&
		!runs_a_plan_walker(expression, NULL);
}

static void
evaluate_one(const Evaluation *evaluation, int i)
{
	Node	   *expression = list_nth(evaluation->expressions, i);
	ExprState  *state = list_nth(evaluation->states, i);
	Value	   *value = &evaluation->values[i];

	value->known = IVY_VALUE_KNOWN;
	if (IsA(expression, Const))
	{
		value->is_null = ((Const *) expression)->constisnull;
		value->datum = ((Const *) expression)->constvalue;
	}
	else
		value->datum = ExecEvalExpr(state, evaluation->context, &value->is_null);
}

static const char *
failure_of(const ErrorData *error)
{
	return psprintf("%s%s" IVY_VALUE_SEPARATOR "%s" IVY_VALUE_SEPARATOR "%s", unpack_sql_state(error->sqlerrcode),
					error->message == NULL ? "" : error->message, error->detail == NULL ? "" : error->detail,
					error->hint == NULL ? "" : error->hint);
}

static void
evaluate(void *argument)
{
	const Evaluation *evaluation = argument;

	for (int i = -1; (i = bms_next_member(evaluation->guarded, i)) >= 0;)
		evaluate_one(evaluation, i);
}

/* All at once, and one by one only when something fails. */
static void
evaluate_guarded(Evaluation *evaluation)
{
	Bitmapset  *all = evaluation->guarded;

	if (ivy_guarded(evaluate, evaluation) == NULL)
		return;
	for (int i = -1; (i = bms_next_member(all, i)) >= 0;)
	{
		ErrorData  *error;

		evaluation->guarded = bms_make_singleton(i);
		error = ivy_guarded(evaluate, evaluation);
		if (error != NULL)
			evaluation->values[i] = (Value) {.known = IVY_VALUE_FAILED,.error = failure_of(error)};
	}
}

/*
 * Postgres evaluates an expression of constants for the first row that needs it and so raises its error only then. A
 * failure here is therefore sent in the value's place; the engine raises it where a row needs the value.
 */
void
ivy_write_values(IvyWriter *writer, List *expressions, EState *estate)
{
	int			count = list_length(expressions);
	Evaluation	evaluation = {.expressions = expressions,.context = CreateExprContext(estate),
		.values = palloc0(sizeof(Value) * Max(count, 1))};
	MemoryContext old;
	ListCell   *cell;

	foreach(cell, expressions)
	{
		Node	   *expression = lfirst(cell);

		evaluation.states = lappend(evaluation.states, IsA(expression, Const) ? NULL :
									ExecPrepareExpr((Expr *) expression, estate));
		if (is_guarded(expression))
			evaluation.guarded = bms_add_member(evaluation.guarded, foreach_current_index(cell));
	}
	old = MemoryContextSwitchTo(evaluation.context->ecxt_per_tuple_memory);
	for (int i = 0; i < count; i++)
		if (!bms_is_member(i, evaluation.guarded))
			evaluate_one(&evaluation, i);
	if (evaluation.guarded != NULL)
		evaluate_guarded(&evaluation);
	MemoryContextSwitchTo(old);
	write_values(writer, expressions, evaluation.values);
	FreeExprContext(evaluation.context, true);
}

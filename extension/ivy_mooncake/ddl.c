/*
 * ddl.c: statements that a mirror refuses, what goes with a mirror or with the extension when it is dropped, and
 * which statements may change a source (follow.c).
 *
 * The table access method only sees some of these statements, or sees them too late: CREATE INDEX CONCURRENTLY
 * would leave an invalid index behind, ADD COLUMN and CREATE TRIGGER would pass unseen. So they are refused before
 * they start.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#include "mooncake.h"

static ProcessUtility_hook_type previous_utility = NULL;

static bool
names_mirror(const RangeVar *name)
{
	Oid			relid;

	if (name == NULL)
		return false;
	relid = RangeVarGetRelid(name, NoLock, true);
	return OidIsValid(relid) && ivy_api()->is_mirror(relid);
}

static void
refuse(const RangeVar *mirror, const char *action)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot %s mirror \"%s\"", action, mirror->relname),
			 errdetail("A mirror is a read-only copy that follows its source table.")));
}

static void
refuse_if_mirror(const RangeVar *name, const char *action)
{
	if (names_mirror(name))
		refuse(name, action);
}

static void
refuse_mirror_in_list(List *names, const char *action)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		Node	   *node = lfirst(cell);

		if (IsA(node, RangeVar))
			refuse_if_mirror((RangeVar *) node, action);
	}
}

static bool
is_mooncake(const char *access_method)
{
	return strcmp(access_method != NULL ? access_method : default_table_access_method, MOONCAKE_AM) == 0;
}

/* Owner, row-level security and its enforcement are the mirror's own; everything else belongs to the source. */
static bool
is_allowed_on_mirror(AlterTableType subtype)
{
	return subtype == AT_ChangeOwner || subtype == AT_EnableRowSecurity || subtype == AT_DisableRowSecurity ||
		subtype == AT_ForceRowSecurity || subtype == AT_NoForceRowSecurity;
}

static void
check_alter_table(AlterTableStmt *statement)
{
	bool		mirror = names_mirror(statement->relation);
	ListCell   *cell;

	foreach(cell, statement->cmds)
	{
		AlterTableCmd *command = lfirst_node(AlterTableCmd, cell);

		if (mirror && !is_allowed_on_mirror(command->subtype))
			refuse(statement->relation, "alter");
		if (command->subtype == AT_SetAccessMethod && is_mooncake(command->name))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("cannot turn table \"%s\" into a mirror", statement->relation->relname),
					 errhint("Create a mirror of it with CALL mooncake.create_table.")));
		if (command->subtype == AT_AddInherit)
			refuse_if_mirror((RangeVar *) command->def, "inherit from");
		if (command->subtype == AT_AttachPartition)
			refuse_if_mirror(((PartitionCmd *) command->def)->name, "make a partition of");
	}
}

static bool
is_plain_column(ColumnDef *column)
{
	ListCell   *cell;

	foreach(cell, column->constraints)
	{
		ConstrType	type = lfirst_node(Constraint, cell)->contype;

		if (type != CONSTR_NOTNULL && type != CONSTR_NULL)
			return false;
	}
	return true;
}

/*
 * A table of our access method without a registration is what a restore of a dump begins with; it can have no more
 * than columns.
 */
static void
check_create_table(CreateStmt *statement)
{
	ListCell   *cell;
	bool		plain = statement->inhRelations == NIL && statement->partbound == NULL && statement->partspec == NULL &&
		statement->constraints == NIL && statement->ofTypename == NULL;

	refuse_mirror_in_list(statement->inhRelations, "inherit from");
	if (statement->partspec != NULL && statement->accessMethod == NULL)
		return;
	if (!is_mooncake(statement->accessMethod))
		return;
	foreach(cell, statement->tableElts)
		plain = plain && IsA(lfirst(cell), ColumnDef) && is_plain_column(lfirst(cell));
	if (statement->relation->relpersistence != RELPERSISTENCE_PERMANENT)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a mirror cannot be temporary or unlogged")));
	if (!plain)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a mirror has only columns: no constraints, defaults, inheritance or partitions"),
				 errhint("Create mirrors with CALL mooncake.create_table.")));
}

static void
check_create_table_as(CreateTableAsStmt *statement)
{
	if (is_mooncake(statement->into->accessMethod))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot create a mirror from a query"),
				 errhint("Create a mirror of a table with CALL mooncake.create_table.")));
}

static bool
is_full(VacuumStmt *statement)
{
	ListCell   *cell;

	foreach(cell, statement->options)
	{
		DefElem    *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, "full") == 0)
			return defGetBoolean(option);
	}
	return false;
}

static void
check_vacuum(VacuumStmt *statement)
{
	ListCell   *cell;

	if (!is_full(statement))
		return;
	foreach(cell, statement->rels)
		refuse_if_mirror(lfirst_node(VacuumRelation, cell)->relation, "rewrite");
}

/* A dump adds the sources to it; nothing else may be done to what create_table relies on. */
static void
check_alter_publication(AlterPublicationStmt *statement)
{
	if (strcmp(statement->pubname, MOONCAKE_PUBLICATION) != 0 || creating_extension ||
		(statement->options == NIL && statement->action == AP_AddObjects))
		return;
	if (OidIsValid(get_extension_oid(MOONCAKE_EXTENSION, true)))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot alter publication \"%s\", which the mirrors of this database need", statement->pubname)));
}

static void
check_statement(Node *statement)
{
	switch (nodeTag(statement))
	{
		case T_AlterTableStmt:
			check_alter_table((AlterTableStmt *) statement);
			break;
		case T_RenameStmt:
			refuse_if_mirror(((RenameStmt *) statement)->relation, "rename");
			break;
		case T_AlterObjectSchemaStmt:
			refuse_if_mirror(((AlterObjectSchemaStmt *) statement)->relation, "change the schema of");
			break;
		case T_IndexStmt:
			refuse_if_mirror(((IndexStmt *) statement)->relation, "create an index on");
			break;
		case T_CreateTrigStmt:
			refuse_if_mirror(((CreateTrigStmt *) statement)->relation, "create a trigger on");
			break;
		case T_RuleStmt:
			refuse_if_mirror(((RuleStmt *) statement)->relation, "create a rule on");
			break;
		case T_CreateStatsStmt:
			refuse_mirror_in_list(((CreateStatsStmt *) statement)->relations, "create statistics on");
			break;
		case T_TruncateStmt:
			refuse_mirror_in_list(((TruncateStmt *) statement)->relations, "truncate");
			break;
		case T_ClusterStmt:
			refuse_if_mirror(((ClusterStmt *) statement)->relation, "cluster");
			break;
		case T_VacuumStmt:
			check_vacuum((VacuumStmt *) statement);
			break;
		case T_CreateStmt:
			check_create_table((CreateStmt *) statement);
			break;
		case T_CreateForeignTableStmt:
			refuse_mirror_in_list(((CreateForeignTableStmt *) statement)->base.inhRelations, "inherit from");
			break;
		case T_CreateTableAsStmt:
			check_create_table_as((CreateTableAsStmt *) statement);
			break;
		case T_AlterPublicationStmt:
			check_alter_publication((AlterPublicationStmt *) statement);
			break;
		case T_DropStmt:
			if (((DropStmt *) statement)->removeType == OBJECT_EXTENSION)
				mooncake_before_drop_extension(((DropStmt *) statement)->objects);
			break;
		case T_DropOwnedStmt:
			mooncake_before_drop_owned(((DropOwnedStmt *) statement)->roles);
			break;
		default:
			break;
	}
}

/* ---- sources ---- */

/* May the statement change how a source looks, or which tables hold its rows? */
static bool
may_change_source(Node *statement)
{
	switch (nodeTag(statement))
	{
		case T_AlterTableStmt:
		case T_RenameStmt:
		case T_AlterObjectSchemaStmt:
		case T_AlterEnumStmt:
		case T_AlterPublicationStmt:
		case T_CreateStmt:
		case T_CreateForeignTableStmt:
		case T_CreateSchemaStmt:
		case T_DropStmt:
		case T_DropOwnedStmt:
		case T_TruncateStmt:
			return true;
		default:
			return false;
	}
}

/* Does the command give rows other values, or show a column whose values were not in the WAL? */
static bool
may_set_values(const AlterTableCmd *command)
{
	if (command->subtype == AT_AlterColumnType)
		return ((ColumnDef *) command->def)->raw_default != NULL;
	return command->subtype == AT_DropExpression;
}

/* The table that ALTER TABLE ... TYPE ... USING and its like give other values, of which the WAL says nothing. */
static List *
rewritten_table(AlterTableStmt *statement)
{
	Oid			relid;
	ListCell   *cell;

	/* A composite value with more or fewer attributes has another text. */
	if (statement->objtype == OBJECT_TYPE)
	{
		relid = RangeVarGetRelid(statement->relation, NoLock, true);
		return OidIsValid(relid) ? mooncake_tables_with_type(get_rel_type_id(relid)) : NIL;
	}
	foreach(cell, statement->cmds)
	{
		if (!may_set_values(lfirst_node(AlterTableCmd, cell)))
			continue;
		relid = RangeVarGetRelid(statement->relation, NoLock, true);
		return OidIsValid(relid) ? list_make1_oid(relid) : NIL;
	}
	return NIL;
}

/* Partitions that were emptied by name: the WAL tells it of them and not of the partitioned table that is published. */
static List *
truncated_partitions(TruncateStmt *statement)
{
	List	   *named = NIL;
	List	   *partitions = NIL;
	ListCell   *cell;

	foreach(cell, statement->relations)
		named = lappend_oid(named, RangeVarGetRelid(lfirst_node(RangeVar, cell), NoLock, true));
	foreach(cell, named)
	{
		Oid			relid = lfirst_oid(cell);

		if (OidIsValid(relid) && get_rel_relispartition(relid) &&
			!list_member_oid(named, llast_oid(get_partition_ancestors(relid))))
			partitions = lappend_oid(partitions, relid);
	}
	return partitions;
}

/* Whatever came into a source before a dump's restore has published it was not in the WAL for us. */
static List *
published_tables(AlterPublicationStmt *statement)
{
	List	   *tables = NIL;
	ListCell   *cell;

	if (strcmp(statement->pubname, MOONCAKE_PUBLICATION) != 0)
		return NIL;
	foreach(cell, statement->pubobjects)
	{
		PublicationTable *table = lfirst_node(PublicationObjSpec, cell)->pubtable;
		Oid			relid = table == NULL ? InvalidOid : RangeVarGetRelid(table->relation, NoLock, true);

		if (OidIsValid(relid))
			tables = lappend_oid(tables, relid);
	}
	return tables;
}

/* A label of an enum is in mirrors as its text. */
static List *
with_renamed_label(AlterEnumStmt *statement)
{
	if (statement->oldVal == NULL)
		return NIL;
	return mooncake_tables_with_type(typenameTypeId(NULL, makeTypeNameFromNameList(statement->typeName)));
}

/* The tables whose rows have other values after the statement. */
static List *
rewritten_tables(Node *statement)
{
	switch (nodeTag(statement))
	{
		case T_AlterTableStmt:
			return rewritten_table((AlterTableStmt *) statement);
		case T_AlterEnumStmt:
			return with_renamed_label((AlterEnumStmt *) statement);
		case T_AlterPublicationStmt:
			return published_tables((AlterPublicationStmt *) statement);
		case T_TruncateStmt:
			return truncated_partitions((TruncateStmt *) statement);
		default:
			return NIL;
	}
}

static void
run(PlannedStmt *planned, const char *query, bool read_only, ProcessUtilityContext context, ParamListInfo params,
	QueryEnvironment *environment, DestReceiver *dest, QueryCompletion *completion)
{
	if (previous_utility != NULL)
		previous_utility(planned, query, read_only, context, params, environment, dest, completion);
	else
		standard_ProcessUtility(planned, query, read_only, context, params, environment, dest, completion);
}

/* A new constraint of a domain is checked on the values of sources; the same values in mirrors need no look. */
static void
run_without_mirrors(PlannedStmt *planned, const char *query, bool read_only, ProcessUtilityContext context,
					ParamListInfo params, QueryEnvironment *environment, DestReceiver *dest,
					QueryCompletion *completion)
{
	volatile bool outer = mooncake_own_statement;

	mooncake_own_statement = true;
	PG_TRY();
	{
		run(planned, query, read_only, context, params, environment, dest, completion);
	}
	PG_CATCH();
	{
		mooncake_own_statement = outer;
		PG_RE_THROW();
	}
	PG_END_TRY();
	mooncake_own_statement = outer;
}

static void
process_utility(PlannedStmt *planned, const char *query, bool read_only, ProcessUtilityContext context,
				ParamListInfo params, QueryEnvironment *environment, DestReceiver *dest, QueryCompletion *completion)
{
	Node	   *statement = planned->utilityStmt;

	/* pg_upgrade rebuilds tables in ways of its own; it must be left alone. */
	bool		checked = !IsBinaryUpgrade && !mooncake_own_statement;
	bool		followed = checked && context != PROCESS_UTILITY_SUBCOMMAND && may_change_source(statement);
	List	   *rewritten = followed ? rewritten_tables(statement) : NIL;

	if (checked)
		check_statement(statement);
	if (IsA(statement, AlterDomainStmt))
		run_without_mirrors(planned, query, read_only, context, params, environment, dest, completion);
	else
		run(planned, query, read_only, context, params, environment, dest, completion);
	if (followed)
		mooncake_follow(rewritten);
	if (IsA(statement, CreateExtensionStmt))
		mooncake_wake_at_commit();
}

void
mooncake_ddl_init(void)
{
	previous_utility = ProcessUtility_hook;
	ProcessUtility_hook = process_utility;
}

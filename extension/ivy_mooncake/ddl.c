/*
 * ddl.c: statements that a mirror refuses, what goes with a mirror or with the extension when it is dropped, and
 * changes of a source that its mirrors cannot follow.
 *
 * The table access method only sees some of these statements, or sees them too late: CREATE INDEX CONCURRENTLY
 * would leave an invalid index behind, ADD COLUMN and CREATE TRIGGER would pass unseen. So they are refused before
 * they start.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

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

/* The file of a relation that ALTER TABLE may rewrite with other values; 0 when it cannot. */
static Oid
rewritable_file(Node *statement, Oid *relid)
{
	AlterTableStmt *alter = (AlterTableStmt *) statement;
	bool		retypes = false;
	HeapTuple	tuple;
	Oid			file;
	ListCell   *cell;

	if (!IsA(statement, AlterTableStmt))
		return InvalidOid;
	foreach(cell, alter->cmds)
		retypes = retypes || lfirst_node(AlterTableCmd, cell)->subtype == AT_AlterColumnType;
	if (!retypes)
		return InvalidOid;
	*relid = RangeVarGetRelid(alter->relation, NoLock, true);
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(*relid));
	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	file = ((Form_pg_class) GETSTRUCT(tuple))->relfilenode;
	ReleaseSysCache(tuple);
	return file;
}

/*
 * ALTER TABLE ... TYPE ... USING gives every row new values, of which the WAL tells logical decoding nothing: the
 * mirrors of that table fail, at this very commit, through the registry.
 */
static void
fail_mirrors_of(Oid source)
{
	Oid			types[] = {OIDOID, TEXTOID};
	Datum		values[2];
	MooncakePrivileges saved;

	if (!OidIsValid(get_extension_oid(MOONCAKE_EXTENSION, true)))
		return;
	values[0] = ObjectIdGetDatum(source);
	values[1] = CStringGetTextDatum(psprintf("MC0004: table %s was altered: its rows were rewritten",
											 mooncake_qualified_name(source)));
	mooncake_spi_begin(&saved, true);
	if (SPI_execute_with_args("UPDATE mooncake.tables SET error = $2 WHERE source = $1 AND error IS NULL",
							  2, types, values, NULL, false, 0) != SPI_OK_UPDATE)
		elog(ERROR, "could not mark the mirrors of table %u", source);
	if (SPI_processed > 0)
		ereport(WARNING,
				(errmsg("the mirrors of table %s have failed: its rows were rewritten", mooncake_qualified_name(source)),
				 errhint("Drop the mirrors and create them again.")));
	mooncake_spi_end(&saved);
}

static void
process_utility(PlannedStmt *planned, const char *query, bool read_only, ProcessUtilityContext context,
				ParamListInfo params, QueryEnvironment *environment, DestReceiver *dest, QueryCompletion *completion)
{
	Node	   *statement = planned->utilityStmt;
	Oid			altered = InvalidOid;
	Oid			file;

	/* pg_upgrade rebuilds tables in ways of its own; it must be left alone. */
	if (!IsBinaryUpgrade)
		check_statement(statement);
	file = rewritable_file(statement, &altered);
	if (previous_utility != NULL)
		previous_utility(planned, query, read_only, context, params, environment, dest, completion);
	else
		standard_ProcessUtility(planned, query, read_only, context, params, environment, dest, completion);
	if (OidIsValid(file) && rewritable_file(statement, &altered) != file)
		fail_mirrors_of(altered);
	if (IsA(statement, CreateExtensionStmt))
		mooncake_wake_at_commit();
}

void
mooncake_ddl_init(void)
{
	previous_utility = ProcessUtility_hook;
	ProcessUtility_hook = process_utility;
}

/*
 * push.h: rewriting a query that does not run whole in DuckDB.
 */
#ifndef IVY_PUSH_H
#define IVY_PUSH_H

#include "postgres.h"

#include "plan.h"

/* push.c: what both ways of splitting need */

/* Does anything below read a mirror? Some other relation? */
extern bool ivy_reads_mirror(Node *node);
extern bool ivy_reads_other(Node *node);

/* Does the query use columns, aggregates or WITH queries of one around it? */
extern bool ivy_refers_outside(Query *query);

/* The same of an expression of some query. */
extern bool ivy_names_outside(Node *expression);

/* Drops WITH queries that nothing refers to any more, and counts the references to the others. */
extern void ivy_recount_ctes(Query *query);

/* Can DuckDB run the query by itself? */
extern bool ivy_can_go(Query *query, IvyPlanning *planning);

/* If DuckDB can run the query by itself: a new part of what is being planned; else NULL. The query is not copied. */
extern IvyPart *ivy_new_part(Query *query, IvyPlanning *planning);

/*
 * Rewrites the query's expressions so that they name columns of tables, not of joins; with `groups`, nor of the
 * grouping step. Changes the query and returns it.
 */
extern Query *ivy_flatten(Query *query, bool groups);

/* The range-table entry that stands for a part, and one that nothing refers to. */
extern RangeTblEntry *ivy_part_entry(const IvyPart *part);
extern RangeTblEntry *ivy_empty_entry(void);

/* The constant 1, for a part of which only the number of rows is wanted. */
extern Expr *ivy_one(void);

/* Appends a column unless it is there; returns its number. */
extern AttrNumber ivy_add_column(List **targets, Expr *expression);

/* join.c: joins of mirrors within FROM become parts. */
extern void ivy_push_joins(Query *query, IvyPlanning *planning);

/* level.c: everything below the SELECT list, or below windows, DISTINCT, ORDER BY and LIMIT too, becomes a part. */
extern bool ivy_push_level(Query *query, IvyPlanning *planning);

#endif

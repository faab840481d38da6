/*
 * am.h: the table access method `mooncake`.
 */
#ifndef MOONCAKE_AM_H
#define MOONCAKE_AM_H

#include "postgres.h"

#include "access/tableam.h"

/* Loads ivy_duckdb and tells it which access method's tables are mirrors. First call of ivy_mooncake's _PG_init. */
extern void mooncake_am_init(void);

extern const TableAmRoutine *mooncake_am_routine(void);

#endif

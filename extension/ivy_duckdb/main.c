/*
 * main.c: loading of the library.
 */
#include "postgres.h"

#include "engine.h"
#include "fmgr.h"
#include "ivy_duckdb.h"
#include "mirror.h"
#include "plan.h"
#include "scan.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

#define FRESHNESS_TIMEOUT_MS 60000
#define SHIP_ROWS_MAX 10000000

IvySettings ivy_settings = {
	.engine_enabled = false,.freshness_timeout = FRESHNESS_TIMEOUT_MS,.ship_rows_max = SHIP_ROWS_MAX
};

static const IvyApi api = {
	.version = IVY_API_VERSION,
	.settings = &ivy_settings,
	.register_mirror_am = ivy_register_mirror_am,
	.is_mirror = ivy_is_mirror,
	.target_lsn = ivy_target_lsn,
	.wait_snapshot = ivy_wait_snapshot,
	.status = ivy_status,
	.describe = ivy_describe,
	.wake = ivy_wake,
	.wake_if_running = ivy_wake_if_running,
	.probe = ivy_probe,
	.scan_begin = ivy_scan_begin,
	.scan_next = ivy_scan_next,
	.scan_rewind = ivy_scan_rewind,
	.scan_end = ivy_scan_end,
	.mirror_rows = ivy_mirror_rows
};

void
_PG_init(void)
{
	const IvyApi **place = (const IvyApi **) find_rendezvous_variable(IVY_API_NAME);

	*place = &api;
	ivy_guc_init();
	RegisterCustomScanMethods(&ivy_query_methods);
	RegisterCustomScanMethods(&ivy_scan_methods);
	RegisterCustomScanMethods(&ivy_part_methods);
	ivy_planner_init();
	ivy_path_init();
}

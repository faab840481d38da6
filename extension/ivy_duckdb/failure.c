/*
 * failure.c: errors of the engine as errors of this backend.
 */
#include "postgres.h"

#include "client.h"
#include "frame.h"

void
ivy_raise_engine_error(const IvyFrame *frame)
{
	IvyReader	reader = {.data = frame->payload,.length = frame->length};
	char	   *texts[5];
	const char *state;

	for (int i = 0; i < 5; i++)
	{
		uint32		length;
		const char *bytes = ivy_read_string(&reader, &length);

		texts[i] = pnstrdup(bytes, length);
	}
	state = texts[0];
	if (reader.bad || strlen(state) != 5 || strspn(state, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5)
		ereport(ERROR,
				(errcode(ERRCODE_PROTOCOL_VIOLATION),
				 errmsg("the mooncake engine broke the protocol: an ERROR frame is not valid")));
	ereport(ERROR,
			(errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
			 errmsg_internal("%s", texts[2]),
			 texts[3][0] != '\0' ? errdetail_internal("%s", texts[3]) : 0,
			 texts[4][0] != '\0' ? errhint("%s", texts[4]) : 0,
			 /* A data error is the query's own, as if Postgres had raised it. */
			 texts[1][0] != '\0' && strncmp(state, "22", 2) != 0 ?
			 errcontext("mooncake engine, %s", texts[1]) : 0));
}

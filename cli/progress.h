/* A sign of life on standard error: only on a terminal, only after half a second. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/commands.h"

struct progress; /* a thread that waits and writes; nothing else is shared with it */

/* `text` says what is going on, translated. Nothing happens when cli->progress is false (returns NULL). */
struct progress *progress_start(const struct cli *cli, const char *text);
void progress_stop(struct progress *p); /* wipes what was written; NULL is fine */

#endif

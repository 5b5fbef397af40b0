/* Plans solved around a plan that were kept with it, and taken from there instead of being solved again. */
#ifndef CLI_NEIGHBOURS_H
#define CLI_NEIGHBOURS_H

#include "cli/sweep.h"
#include "report/saved_run.h"
#include "report/what_if.h"

/* Fills the points of s, [s->n], that were saved with the run: the same settings, simulated where s is. */
void neighbours_find(struct sweep *s, const struct saved_run *run);

/* Adds the points of s to what is kept; those that change nothing are left out. */
void neighbours_keep(struct solved_around *kept, const struct sweep *s, struct arena *a);

#endif

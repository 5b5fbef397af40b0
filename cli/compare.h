/* What the parts of `compare` share. */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "cli/crew.h"
#include "report/compare_sheet.h"

/* One side of a comparison: how it is planned, and its plan. */
struct contender {
    const char *name; /* for people */
    const char *key;  /* for programs, never translated */
    const struct plan_task *task;
};

extern const char *const purchase_keys[]; /* "on-demand", "best mix", "spot only" */

/* --purchase: what on-demand, best mix and spot only set. *lifted: the former and the latter are planned without the
 * scenario's limits on money. */
enum { N_PURCHASES = 3 };
MUST_USE enum err purchases_make(struct plan_task tasks[N_PURCHASES],
                                 const char *names[N_PURCHASES], bool *lifted,
                                 const struct planning *p, struct cli *cli);

enum { FLIP_SPOT_PRICE = 1, FLIP_RECLAIMS = 2, FLIP_DEADLINE = 4 };

/* Where `side` stops being cheaper than `base`, or begins to be: by solving both again, as linear programs with proven
 * optima, until the point is known to 0.1 %. `kinds`: bits of FLIP_*. */
MUST_USE enum err break_evens_find(struct break_even **list, size_t *n,
                                   const struct contender *base, const struct contender *side,
                                   unsigned kinds, struct cli *cli);

#endif

/* Quotas and stock for machines beyond the plan: what the limits of the scenario leave while everything else is used as planned. Names
 * were checked when the plan was made. Private to sim. */
#ifndef SIM_LIMITS_H
#define SIM_LIMITS_H

#include "solver/plan.h"

/* Who is counted, as the plan counts (solver/limits.c). */
struct counted {
    size_t gpu, type;          /* one of them, the other SIZE_MAX */
    const char *region, *zone; /* NULL: anywhere */
    const char *owner;         /* NULL: everybody's */
    bool quota;                /* subscribed machines count as well */
};
struct counted counted_by(const struct plan *plan, const char *name, const char *place);
/* Units of the limit that one machine takes; 0: not counted. user NULL: nobody's, a subscription that is held. */
double counted_units(const struct plan *plan, const struct counted *c, size_t offer,
                     const struct workload *user);

/* Stock over time: whether a step is the first of its name and place, and what they say at us: the last step that has begun
 * holds; before the first there is no limit. */
bool is_first_step(const struct scenario *s, size_t step);
double stock_at_step(const struct scenario *s, size_t first, int64_t us);

/* What a limit leaves beside all that is planned: left[i] holds from at_us[i] on; at_us[0] is INT64_MIN. */
struct room {
    struct counted counted;
    size_t n;
    int64_t *at_us;
    double *left;
};
struct rooms {
    size_t n;
    struct room *items;
};
/* One for each quota and stock of the scenario. */
struct rooms rooms_make(const struct plan *plan, struct arena *a);
/* Least that is left in [from, to), with `own(context, room, us)` units added that are counted among the planned ones at us and
 * are not used; own may be NULL. */
double room_least(const struct room *r, int64_t from_us, int64_t to_us,
                  double (*own)(const void *context, const struct room *r, int64_t us),
                  const void *context);

#endif

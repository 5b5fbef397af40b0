/* What a timeline has to be billed for, by part, holder and month: computed from machines and price rows, for comparing with a bill. */
#ifndef PROOF_DUE_H
#define PROOF_DUE_H

#include "proof/claim.h"
#include "proof/exact.h"

struct due {
    enum proof_part part;
    size_t workload, job, dataset, offer; /* NOWHERE: not of one */
    bool plan;                            /* a savings plan as such */
    int month;
    struct ratio price;
    /* In units of the price: `parts` of an hour's microseconds, and where it is no number of those, `rest` besides. */
    wide_t parts;
    bool has_rest;
    mpq_t rest;
};

struct dues {
    const struct proof *p;
    const struct proof_claim *c;
    struct arena *arena;
    size_t n;
    struct due *items;
    int month; /* that was asked for last */
    int64_t month_from_us, month_to_us;
};

void due_clear(struct dues *all);
/* A quantity at a month; `like` gives everything else. */
void due_add(struct dues *all, struct due like, int64_t quantity, int64_t den);
/* The same spread evenly over [from, to): parts by month, each rounded down to whole units, the last one the rest. */
void due_spread(struct dues *all, struct due like, int64_t quantity, int64_t den, int64_t from_us,
                int64_t to_us);
int due_cmp(const void *x, const void *y); /* by key, price included */
/* Adds a quantity to a due; of lines that pay for it, below 0. */
void due_take(struct due *d, int64_t quantity, int64_t den);
bool due_is_paid(const struct due *d); /* nothing is left of it */
double due_left(const struct due *d);  /* in units of the price, rounded */
/* What a job is billed for; `runs` in any order, which is changed. False: a stated start is not *start_us, what it must be. */
bool dues_of_job(struct dues *all, struct claim_run *runs, size_t n, int64_t *start_us);
void dues_of_services(struct dues *all);
void dues_of_stores(struct dues *all);
int due_month(struct dues *all, int64_t us);
int64_t due_billed(const struct offer *o, int64_t held_us); /* of one machine's run */
/* Money per hour that a savings plan pays for an hour of the choice; false: none does. */
bool due_plan_rate(const struct proof *p, const struct proof_choice *c, struct ratio *rate);
enum proof_part due_use_part(const struct proof *p, const struct proof_choice *c);
int64_t due_fraction(double amount, double times); /* parts of a unit that are counted */

#endif

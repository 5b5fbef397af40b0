/* What a timeline has to be billed for, by part, holder and month: computed from machines and price rows, for comparing with a bill. */
#ifndef PROOF_DUE_H
#define PROOF_DUE_H

#include "proof/claim.h"
#include <gmp.h>

enum proof_part {
    DUE_COMPUTE,
    DUE_START,
    DUE_DISCOUNT,
    DUE_COMMITTED,
    DUE_COMMITMENT_NEW,
    DUE_DISK,
    DUE_STORAGE,
    DUE_EGRESS,
    DUE_RETRIEVAL,
    DUE_LICENCE,
    DUE_LATE,
    DUE_UNSERVED,
    N_DUES
};
const char *due_part_word(enum proof_part part);

struct due {
    enum proof_part part;
    size_t workload, job, dataset, offer; /* NOWHERE: not of one */
    bool plan;                            /* a savings plan as such */
    int month;
    struct ratio price;
    mpq_t quantity; /* in units of the price */
};

struct dues {
    const struct proof *p;
    const struct proof_claim *c;
    struct arena *arena;
    size_t n;
    struct due *items;
};

void due_clear(struct dues *all);
/* A quantity at a month; `like` gives everything else. */
void due_add(struct dues *all, struct due like, int64_t quantity, int64_t den);
/* The same spread evenly over [from, to): parts by month, each rounded down to whole units, the last one the rest. */
void due_spread(struct dues *all, struct due like, int64_t quantity, int64_t den, int64_t from_us,
                int64_t to_us);
int due_cmp(const void *x, const void *y); /* by key, price included */
/* Everything but the unused part of commitments, in any order. False: a stated start is not what it must be; the run's number in
 * *wrong. */
bool dues_make(struct dues *all, size_t *wrong, int64_t *start_us);
void dues_of_services(struct dues *all);
void dues_of_stores(struct dues *all);
int due_month(const struct proof *p, int64_t us);
int64_t due_billed(const struct offer *o, int64_t held_us); /* of one machine's run */
/* Money per hour that a savings plan pays for an hour of the choice; false: none does. */
bool due_plan_rate(const struct proof *p, const struct proof_choice *c, struct ratio *rate);
enum proof_part due_use_part(const struct proof *p, const struct proof_choice *c);
int64_t due_fraction(double amount, double times); /* parts of a unit that are counted */

#endif

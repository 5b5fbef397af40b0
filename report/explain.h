/* Why this machine and why not that one: the machine choices of a plan with their cost per unit of useful work, the
 * reasons of those that are out, and what one unit more of a limit would save. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include "report/formats.h"

/* One way to buy one machine type for a shape of work: of several places that are not chosen the cheapest stands for
 * all. Amounts are in the scenario's currency per hour of useful work on the reference machine. */
struct explain_entry {
    size_t candidate; /* index into plan->candidates */
    bool sunk;        /* a commitment that exists: paid already */
    size_t n_places;  /* offers of the same type and market that it stands for, itself included */
    double cost;      /* sum of the parts; a prepaid machine as if it were used all the time */
    double price, waiting, rework, checkpoints, licence, disk;
};

/* Offers that are out for the same reason. */
struct explain_loss {
    const char *reason; /* in the reader's language */
    struct place at;    /* the value of the scenario behind it; zero: none */
    size_t n_offers;    /* different ones; of a type without a price one per place */
};

/* One shape of work of a workload, or a service. */
struct explain_shape {
    size_t workload, shape; /* shape: index into plan->demands->shapes; SIZE_MAX: a service */
    const struct shape *of;
    const struct service *service; /* NULL: batch work */
    size_t n_jobs;
    size_t n_chosen; /* entries before it are chosen */
    size_t n_entries;
    struct explain_entry *entries; /* chosen first, then the rest; by cost */
    size_t n_losses;
    struct explain_loss *losses; /* most offers first */
};

/* The shapes of a workload with their entries and losses; of a service one. */
struct explain_shape *explain_shapes(size_t *n, const struct plan *p, size_t workload,
                                     struct arena *a);

/* Why a candidate is out, and the value of the scenario that it fails on (zero: none). */
const char *explain_reason(const struct candidate *c);
struct place explain_place(const struct plan *p, const struct candidate *c);

/* What is explained. */
struct explain_request {
    const char *workload; /* one workload; NULL: all */
    size_t n_not;
    const char *const *not_names; /* instance types or GPU models of the book: why not these? */
    bool limits;                  /* only what one unit more of each limit saves */
    double day_saves;             /* what a deadline one day later saves; NAN: not known */
};

/* An empty sheet for answers, for machines and documents; adds the answer about one planned variant to it. */
struct sheet explain_sheet(struct arena *a);
void explain_rows(struct sheet *sheet, const struct result *r, const struct explain_request *q);

/* The same for people, as text. */
void explain_print(const struct result *r, const struct explain_request *q, FILE *out,
                   struct arena *a);

/* Whether a workload (index) could use what a commitment pays: one of its machines, by that market. */
bool explain_concerns(const struct plan *p, size_t workload, const struct commitment_outcome *c);

/* "A100-80GB-hour", "vCPU-hour", "1,000 requests": what the costs of a shape are for. */
const char *explain_unit(const struct plan *p, const struct explain_shape *s, struct arena *a);
/* "line 27: gpu_memory: 80GB", with the file's name where it is another one; "" for nowhere. */
const char *explain_line(const struct plan *p, struct place at, struct arena *a);

#endif

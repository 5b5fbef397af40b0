/* A bill: what a result costs and what it rests on, in one form for plans just made and for saved runs. For comparing. */
#ifndef REPORT_BILL_H
#define REPORT_BILL_H

#include "report/formats.h"

/* One line. The amounts of all lines add up to the cost exactly. Texts are NULL where they do not apply. */
struct bill_item {
    const char *workload;
    const char *part;                           /* ledger_part_name, or BILL_REWORK */
    const char *type, *market, *region, *place; /* of an offer; place: zone, else region */
    const char *dataset, *note, *unit;
    long machines; /* most at one time; 0 where it is not about machines */
    double quantity;
    micro_t amount;
};

/* Part of the compute lines that is paid for work lost to interruptions, restarts and checkpoints. It is split off by
 * the shares of the machine choice that was planned with, so it is an estimate; the sum stays exact. */
#define BILL_REWORK "rework"

struct bill_value {
    const char *path, *value;
    const char *file; /* NULL: a default */
    long line;        /* 0: not known */
};

struct bill {
    const char *name; /* what people call it: the variant's label, or the file of a saved run */
    const char *variant, *status, *currency;
    bool has_plan;
    micro_t cost;
    double bound, gap, machine_h, late_h;
    double
        whole_gap; /* to the bound of whole machines, where one is known that is better; else as gap */
    long machines;
    const char *finish; /* local time of the last job, NULL: no jobs */
    size_t worlds;      /* simulated; 0: none, and nothing of `luck` is filled */
    struct bill_luck {
        double expected, expected_low, expected_high, p10, p50, p90, p95;
        double late, late_low, late_high; /* probability with its 95 % interval */
        const char *finish;               /* of the last job in the median world, NULL: not known */
        size_t n_totals;
        const micro_t *totals; /* costs of single worlds, [n_totals]; none: not known */
        long seed, first_world;
    } luck;
    size_t n_items;
    struct bill_item *items;
    /* inputs */
    const char *scenario, *version, *book_date, *book_sha256;
    size_t n_values, n_files;
    struct bill_value *values; /* in the order of the merged document */
    struct input_file *files;
    const struct result *result; /* NULL: of a saved run */
};

/* The bill of a plan just made; without a plan only name and status. Values and files are not filled. */
void bill_of_result(struct bill *b, const struct result *r, struct arena *a);

struct saved_run; /* report/saved_run.h */
void bill_of_saved(struct bill *b, const struct saved_run *run, struct arena *a);

/* The bill of a run written by `plan --save` or `plan --json` (one variant). Errors: ERR_FILE; ERR_RUN_FILE when it is
 * no such file, or its lines do not add up to its cost. */
MUST_USE enum err bill_read(struct bill *b, const char *path, struct arena *a, struct diag *d);

/* Adds one line, split into rework and the rest when `rework_share` is above 0. */
void bill_add(struct bill *b, struct bill_item item, double rework_share, struct arena *a);

#endif

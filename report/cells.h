/* Figures for machines: exact, locale-free, the same in every machine format. */
#ifndef REPORT_CELLS_H
#define REPORT_CELLS_H

#include "report/formats.h"

/* Money with all its decimals, at least two: "97705.00", "0.083333". */
const char *micro_text(struct arena *a, micro_t amount);
/* Nearest decimal of 15 digits: 24.99 stays 24.99. "" when not finite. */
const char *real_text(struct arena *a, double value);
/* The same texts, printed. */
void micro_put(FILE *out, micro_t amount);
void real_put(FILE *out, double value);

/* One row of the tidy result: what one workload (or one row of its job list) holds of one offer on one day. */
struct cell {
    size_t workload, demand; /* demand: only for workloads with a job list, else NO_INDEX */
    size_t offer, dataset;   /* NO_INDEX: not of one */
    long day;                /* days since the day of the start; -1: not of one day */
    int month;               /* as in the ledger */
    int64_t paid_us, start_us;
    double useful;
    micro_t part[N_PARTS];
};

/* Splits the ledger over days and jobs. The parts of all cells add up to the ledger exactly: what a line costs is
 * shared by the paid time (starts: by their own time) and rounded cumulatively. Lines that belong to no day or no
 * machine become cells of their own. Sorted by workload, job, offer, day. */
struct cell *cells_make(size_t *n, const struct plan *p, struct arena *a);

typedef void cell_fn(void *context, const struct cell *cell);

/* The same cells in the same order, some thousand jobs at a time: `tell` gets one after the other and must not keep it. */
void cells_each(const struct plan *p, cell_fn *tell, void *context);

#endif

/* Why not this machine: private to explain. */
#ifndef REPORT_EXPLAIN_NOT_H
#define REPORT_EXPLAIN_NOT_H

#include "report/explain.h"

struct explain_verdict {
    size_t type;
    const struct explain_entry
        *entry;         /* its best way to be bought, into the shape; NULL: it is out */
    const char *reason; /* why it is out */
    struct place at;
};

/* One verdict per type that the request names, in the order of the book. */
struct explain_verdict *explain_verdicts(size_t *n, const struct plan *p,
                                         const struct explain_shape *s,
                                         const struct explain_request *q, struct arena *a);

/* Why an entry that may be used is not chosen: "costs 0.23 more (2%)". */
const char *explain_rank(const struct plan *p, const struct explain_shape *s,
                         const struct explain_entry *e, struct arena *a);

#endif

/* A comparison as sheets: the variants, what changed, where the answer flips. */
#ifndef REPORT_COMPARE_SHEET_H
#define REPORT_COMPARE_SHEET_H

#include "report/changes.h"
#include "report/sheets.h"

/* Where an answer flips, found by solving. */
struct break_even {
    const char *variant; /* what pays until there */
    const char *kind; /* "spot_price_factor", "spot_price_ratio", "reclaims_per_day", "deadline" */
    const char *workload; /* deadline; NULL: all */
    double value;         /* NAN: it never flips inside [low, high] */
    double low, high;     /* searched */
    bool pays_above;      /* the variant pays from the value on, else up to it */
    const char *text;     /* a sentence for people */
};

struct comparison {
    size_t n;
    const struct bill *bills; /* [n] in the order of printing */
    size_t baseline;
    size_t n_break_evens;
    const struct break_even *break_evens;
    size_t n_inputs;
    const struct input_change *inputs; /* of two saved runs */
    bool saved;
    const char *title, *note; /* note NULL: none */
};

/* Every sheet, in the order of printing. */
struct keyed_sheet *comparison_sheets(size_t *n, const struct comparison *c, struct arena *a);

#endif

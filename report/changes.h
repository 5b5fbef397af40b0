/* What changed from one bill to another: lines that add up to the difference exactly, and the inputs behind it. */
#ifndef REPORT_CHANGES_H
#define REPORT_CHANGES_H

#include "report/bill.h"

enum change_sign { CHANGE_LESS, CHANGE_MORE, CHANGE_OTHER }; /* printed as - + ~ */
extern const char *const change_signs[];                     /* "-", "+", "~" */
extern const char *const change_words[]; /* "less", "more", "other": for programs */

/* One thing that is bought less, more, or otherwise (at another price, in another amount). */
struct change {
    enum change_sign sign;
    const char *workload; /* NULL: of no single workload */
    const char *what;     /* in the reader's language, without the workload */
    const char *kind;     /* for machines: compute, rework, storage, licence, ... */
    const char *type, *market, *region;
    bool machines; /* before and after count machines, else `unit` */
    double before, after;
    const char *unit;
    micro_t amount; /* after - before */
};

struct change_list {
    size_t n;
    struct change *items; /* less, more, other; each with the largest amount first */
    micro_t total;        /* cost after - cost before = sum of the amounts */
};

/* Both bills have a plan and one currency. Lines that are the same in both are left out. */
struct change_list changes_find(const struct bill *before, const struct bill *after,
                                struct arena *a);

/* An input that differs between two saved runs. */
struct input_change {
    const char *kind; /* "prices", "load", "limits", "setting", "file", "seed", "program" */
    const char *what; /* path, file, ... */
    const char *before, *after; /* NULL: not there */
    const char *at;             /* where it is written now, "" nowhere */
};

/* Prices, load, limits first, then the rest, each in the order of the document. */
struct input_change *inputs_compare(size_t *n, const struct bill *before, const struct bill *after,
                                    struct arena *a);

#endif

/* What was solved around a plan, so that a reader can push a few numbers without the program: a grid of plans, and what stands
 * between them. Filled by the command, told by the report page. */
#ifndef REPORT_WHAT_IF_H
#define REPORT_WHAT_IF_H

#include "report/sweep_sheet.h"

enum what_if_kind { WHAT_IF_SPOT_PRICE, WHAT_IF_DEADLINE, WHAT_IF_LOAD };
enum { WHAT_IF_MOST_AXES = 2 };

/* One slider: a factor on what the scenario says. */
struct what_if_axis {
    enum what_if_kind kind;
    size_t n;
    const double *values; /* [n] rising */
    size_t now;           /* index of the value that the scenario has */
    size_t n_settings;
    struct what_if_setting {
        const char *path; /* --set path=<times x value><unit> */
        double times;
        const char *unit; /* "", "s" */
    } * settings;
};

/* Plans at every combination of the values of some axes, the last one fastest, all with the same settings. */
struct what_if_table {
    bool no_spot; /* spot may not be bought; else as the scenario says */
    bool
        kept; /* nothing was solved: the plan itself at other prices, exact and never cheaper than a new plan */
    size_t n_axes, axes[WHAT_IF_MOST_AXES]; /* indices into what_if.axes */
    size_t n_set;
    const char *const *set;
    size_t n;
    struct sweep_point *points;
};

struct what_if {
    size_t n_axes, n_tables;
    struct what_if_axis *axes;
    struct what_if_table *tables; /* the first is the plan's own */
    bool reduced;                 /* fewer points than a small scenario would get */
    size_t n_solved;
};

/* What was solved around a plan and is kept with it, so that its report need not solve it again. */
struct solved_around {
    long most; /* plans that might be solved: how fine it is */
    size_t n;
    struct solved_point {
        size_t n_set;
        const char *const *set; /* "path=value", in the order in which they were set */
        struct sweep_point point;
    } * points; /* [n] */
};

#endif

/* Scenarios built by hand for the tests of demands, and checks of findings word by word. */
#ifndef TESTS_SCENARIOS_DEMAND_SUPPORT_H
#define TESTS_SCENARIOS_DEMAND_SUPPORT_H

#include "common/node.h"
#include "common/source.h"
#include "scenarios/kinds.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <string.h>

#define HOURS(h) ((int64_t)((h)*3600) * 1000000)

static inline moment_t moment_of(const char *text)
{
    moment_t m = 0;
    gsl_test(!moment_parse(&m, text), "moment %s", text);
    return m;
}

static inline int64_t clock_of(const char *text)
{
    int64_t us = 0;
    gsl_test(!clock_parse(&us, text), "clock %s", text);
    return us;
}

static inline void hours_set(struct workload *w, const char *from, const char *to)
{
    w->has_hours = true;
    w->hours_from_us = clock_of(from);
    w->hours_to_us = clock_of(to);
}

static inline struct uncertain exactly(double value)
{
    return (struct uncertain){.low = value, .base = value, .high = value, .given = true};
}

static inline struct scenario scenario_of(struct workload *w, const char *start, double length_h)
{
    return (struct scenario){.currency = CURRENCY_CNY,
                             .start = moment_of(start),
                             .length_us = HOURS(length_h),
                             .step_us = US_PER_H,
                             .n_workloads = 1,
                             .workloads = w};
}

static inline struct workload workload_of(const char *kind, const char *name)
{
    return (struct workload){.name = name,
                             .kind = kind_find(kind),
                             .markets = 1U << MARKET_ON_DEMAND,
                             .spot_max_share = 1};
}

/* The workload as a tree, so that places point into `text`. */
static inline void node_set(struct workload *w, const char *text, struct arena *a, struct diag *d)
{
    struct node *root = NULL;
    const enum err e = node_read(&root, source_of_text("w.yaml", text, a), a, d);
    gsl_test_int((int)e, OK, "tree of %s", w->name);
    w->node = root;
    w->at = root ? node_place(root) : w->at;
}

static inline struct diag diag_of(struct arena *a)
{
    return (struct diag){.arena = a};
}

static inline struct price_book *book_of(struct arena *a)
{
    struct price_book *b = NULL;
    struct diag d = diag_of(a);
    static const char *const none[] = {NULL};
    const struct book_sources sources = {true, none, none, none, none};
    const enum err e = price_book_load(&b, &sources, moment_of("2026-11-22"), -1, a, &d);
    gsl_test_int((int)e, OK, "the built-in price book loads");
    return b;
}

/* Checks the only finding, or the one at `index`, word by word. `fix` NULL: not checked. */
static inline void expect_finding(const struct diag *d, size_t index, enum err code,
                                  const char *what, const char *fix)
{
    const struct finding *f = d->first;
    for (size_t i = 0; f && i < index; i++) f = f->next;
    gsl_test(!f, "a finding: %s", what);
    if (!f) return;
    gsl_test_str(f->what, what, "what");
    gsl_test_int((int)f->code, (int)code, "code of: %s", what);
    if (fix) gsl_test_str(f->fix ? f->fix : "(none)", fix, "fix of: %s", what);
}

static inline size_t finding_count(const struct diag *d)
{
    size_t n = 0;
    for (const struct finding *f = d->first; f; f = f->next) n++;
    return n;
}

#endif

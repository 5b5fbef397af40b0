/* Writes a problem, plans it through the program's own readers, and prints the plan in words. */
#ifndef TESTS_LAWS_SOLVE_H
#define TESTS_LAWS_SOLVE_H

#include "scenarios/scenario.h"
#include "solver/plan.h"
#include "tests/laws/write.h"

#include <dirent.h>
#include <float.h>
#include <math.h>
#include <unistd.h>

struct solved {
    struct arena *arena;
    struct diag diag;
    struct scenario *scenario; /* in the arena: the plan points to it */
    struct price_book *book;
    struct plan plan;
    enum err code; /* of loading and planning */
};

static inline struct text folder_make(void)
{
    const char *base = getenv("TMPDIR");
    struct text folder = text_of("%s/laws-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(folder.at)) {
        perror(folder.at);
        exit(1);
    }
    return folder;
}

static inline void folder_remove(const char *folder)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) unlink(text_of("%s/%s", folder, e->d_name).at);
    if (d) closedir(d);
    rmdir(folder);
}

static inline enum err solve_as(struct solved *s, const char *path,
                                const struct scenario_options *options,
                                const struct plan_settings *settings)
{
    moment_t today;
    s->scenario = ARENA_NEW(s->arena, struct scenario, 1);
    if (!moment_parse(&today, "2026-11-22")) return ERR_INTERNAL;
    TRY(scenario_load(s->scenario, path, options, s->arena, &s->diag));
    TRY(price_book_load(&s->book, &s->scenario->catalog, today, -1, s->arena, &s->diag));
    return plan_solve(&s->plan, s->scenario, s->book, settings, s->arena, &s->diag);
}

static inline enum err solve_with(struct solved *s, const char *path,
                                  const struct scenario_options *options)
{
    struct plan_settings settings = PLAN_SETTINGS;
    settings.keep_lp = true; /* s->plan.lp is what --export-lp writes */
    return solve_as(s, path, options, &settings);
}

static inline struct solved solve(const struct problem *p, const struct style *style)
{
    struct solved s = {.arena = arena_new()};
    const struct text folder = folder_make();
    s.diag.arena = s.arena;
    s.code =
        solve_with(&s, problem_write(p, style, folder.at).at, &(const struct scenario_options){0});
    folder_remove(folder.at);
    return s;
}

static inline struct solved solve_plainly(const struct problem *p)
{
    return solve(p, &(const struct style){0});
}

static inline void solved_free(struct solved *s)
{
    arena_free(s->arena);
}

/* A random window may leave no time to a job, or no occurrence to repeated work: refused, and rightly so. */
static inline bool is_asked_wrongly(enum err code)
{
    return code == ERR_WINDOW || code == ERR_WINDOW_CLOSED || code == ERR_REPEAT;
}

static inline const char *first_error(const struct solved *s)
{
    for (const struct finding *f = s->diag.first; f; f = f->next)
        if (f->severity == SEVERITY_ERROR) return f->what;
    return "no error";
}

static inline bool has_plan(const struct solved *s)
{
    return s->code == OK && (s->plan.status == PLAN_OPTIMAL || s->plan.status == PLAN_FEASIBLE);
}

/* The linear program has a solution, whether or not a timeline was found. */
static inline bool has_bound(const struct solved *s)
{
    return s->code == OK && s->plan.lp && s->plan.status != PLAN_INFEASIBLE &&
           s->plan.bound > (double)-INFINITY;
}

/* The optimum of the linear program lies in here. The lower end is proven. The upper end is the objective of a point
 * that keeps rows to LP_SETTINGS.feasibility and agrees with the bound to LP_SETTINGS.optimality: what those two
 * promises leave open, and the rounding of two evaluations, is added. Infeasible: both ends are infinite. */
struct bracket {
    double low, high;
};

static inline struct bracket bracket_of(const struct solved *s)
{
    if (s->plan.status == PLAN_INFEASIBLE) return (struct bracket){INFINITY, INFINITY};
    const double open =
        (LP_SETTINGS.feasibility + LP_SETTINGS.optimality) * fabs(s->plan.relaxed_cost);
    return (struct bracket){fmin(s->plan.bound, s->plan.relaxed_cost) - open,
                            fmax(s->plan.bound, s->plan.relaxed_cost) + open};
}

/* May the optimum in a be at most factor times the one in b? */
static inline bool may_be_at_most(struct bracket a, struct bracket b, double factor)
{
    return a.low <= factor * b.high;
}

static inline bool may_be_equal(struct bracket a, struct bracket b, double factor)
{
    return may_be_at_most(a, b, factor) && factor * b.low <= a.high;
}

/* --- the plan in words: what two runs are compared by --- */

static inline const char *offer_words(const struct solved *s, size_t offer)
{
    if (offer == SIZE_MAX) return "-";
    const struct offer *o = &s->plan.offers[offer];
    return arena_printf(s->arena, "%s/%s/%s%s%s%s", book_type(s->book, o->type)->name, o->region,
                        o->zone, *o->zone ? "/" : "", o->market->name,
                        o->protected_h > 0 ? "/protected" : "");
}

static inline void print_stretches(const struct solved *s, FILE *out)
{
    for (size_t i = 0; i < s->plan.n_stretches; i++) {
        const struct stretch *x = &s->plan.stretches[i];
        fprintf(out, "stretch %s %s %ld %lld %lld %lld %lld %a\n",
                s->plan.demands->items[x->demand].name, offer_words(s, x->offer), x->machines,
                (long long)x->from_us, (long long)x->to_us, (long long)x->paid_us,
                (long long)x->start_us, x->useful);
    }
}

static inline void print_choices(const struct solved *s, FILE *out)
{
    for (size_t i = 0; i < s->plan.n_datasets; i++) {
        const struct dataset_choice *c = &s->plan.datasets[i];
        fprintf(out, "dataset %s %s %s %a %a %a\n", s->scenario->datasets[c->dataset].name,
                c->class_->name, c->region, c->share, c->size_gib, c->extra_gib);
    }
    for (size_t i = 0; i < s->plan.n_subscriptions; i++)
        fprintf(out, "subscription %s %ld\n", offer_words(s, s->plan.subscriptions[i].offer),
                s->plan.subscriptions[i].count);
}

static inline void print_ledger(const struct solved *s, FILE *out)
{
    for (size_t i = 0; i < s->plan.n_ledger; i++) {
        const struct ledger_line *l = &s->plan.ledger[i];
        fprintf(out, "ledger %s %s %s %s %s %d %s %lld\n", ledger_part_name(l->part),
                l->workload == SIZE_MAX ? "-" : s->scenario->workloads[l->workload].name,
                l->demand == SIZE_MAX ? "-" : s->plan.demands->items[l->demand].name,
                l->dataset == SIZE_MAX ? "-" : s->scenario->datasets[l->dataset].name,
                offer_words(s, l->offer), l->month, l->owner ? l->owner : "-",
                (long long)l->amount);
    }
    fprintf(out, "cost %lld\n", (long long)s->plan.cost);
}

/* What would be bought and when, without money. Freed by the caller. */
static inline char *plan_words(const struct solved *s, bool with_money)
{
    char *words = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&words, &bytes);
    fprintf(out, "code %d status %d\n", (int)s->code, (int)s->plan.status);
    if (has_plan(s)) {
        print_stretches(s, out);
        print_choices(s, out);
    }
    if (has_plan(s) && with_money) {
        print_ledger(s, out);
        fprintf(out, "bound %a relaxed %a\n", s->plan.bound, s->plan.relaxed_cost);
    }
    fclose(out);
    return words;
}

static inline bool same_words(const struct solved *a, const struct solved *b, bool with_money)
{
    char *x = plan_words(a, with_money), *y = plan_words(b, with_money);
    const bool same = strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

#endif

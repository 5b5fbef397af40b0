/* From a scenario to a plan: demands x offers -> model -> LP -> whole decisions -> timeline -> bill. */
#include "common/text.h"
#include "solver/asked.h"
#include "solver/certificate.h"
#include "solver/clash.h"
#include "solver/commitment_curve.h"
#include "solver/conflict.h"
#include "solver/crowd_solve.h"
#include "solver/entry.h"
#include "solver/warm.h"
#include <math.h>
#include <time.h>

/* A plain formulation of more columns is not written: 400 MB as a file, and other solvers take hours. */
enum { MOST_PLAIN_COLUMNS = 400000 };

const struct plan_settings PLAN_SETTINGS = {
    .gap = 1e-4, .most_columns = 20000000, .many_rows = 20000, .join_columns = 50000};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum err make_offers(struct model *m)
{
    TRY(scenario_offer_request(&m->request, m->scenario, m->book, m->arena, m->diag));
    m->quoted.arena = m->arena;
    TRY(offers_make(&m->quoted, m->book, &m->request, m->arena, m->diag));
    for (size_t i = 0; i < m->quoted.n; i++)
        *ARENA_PUSH(m->arena, m->offers, m->n_offers) = m->quoted.items[i];
    if (m->rule && m->rule->priced < m->n_offers) m->offers[m->rule->priced].price = m->rule->price;
    return OK;
}

static bool lacks_rate(const struct model *m)
{
    for (size_t i = 0; i < m->quoted.n_missing; i++)
        if (m->quoted.missing[i].no_rate) return true;
    return false;
}

static enum err refuse_rate(const struct model *m, const struct workload *w)
{
    const struct place at = scenario_place(m->scenario, "currency");
    const bool dollars = m->scenario->currency == CURRENCY_USD;
    diag_error(m->diag, ERR_EXCHANGE_RATE, at.source ? at : w->at,
               _("what workload %s could use has prices in %s, the plan is in %s, and no exchange "
                 "rate is given"),
               w->name, dollars ? "CNY" : "USD", dollars ? "USD" : "CNY");
    diag_fix(m->diag, _("add for example 'fx: {USD: 7.2}' with the CNY a dollar costs"));
    return ERR_EXCHANGE_RATE;
}

static enum err make_model(struct model *m)
{
    struct demand_list *demands = ARENA_NEW(m->arena, struct demand_list, 1);
    TRY(demands_make(demands, m->scenario, m->book, m->arena, m->diag));
    order_demands(demands);
    m->demands = demands;
    struct service_list *services = ARENA_NEW(m->arena, struct service_list, 1);
    TRY(services_make(services, m->scenario, m->book, m->arena, m->diag));
    m->services = services;
    m->horizon_us = m->scenario->length_us;
    TRY(make_offers(m));
    /* Nothing sold for want of a rate is no clash of limits. Before datasets, whose prices lack it as well. */
    if (!m->n_offers && lacks_rate(m) && m->scenario->n_workloads)
        return refuse_rate(m, &m->scenario->workloads[0]);
    TRY(limits_make(m));
    TRY(stores_make(m));
    TRY(options_make(m));
    TRY(served_make(m));
    regions_prune(m);
    return OK;
}

/* The budget that the last bill passes by most; NULL: none. */
static const struct budget *worst_budget(const struct planner *p, double *over)
{
    const struct budget *worst = NULL;
    *over = 1e-6;
    for (size_t i = 0; i < p->f->n_budgets; i++) {
        const struct budget *b = &p->f->budgets[i];
        const double passed = (double)ledger_budget(p->plan, b) / 1e6 - b->limit;
        if (passed <= *over) continue;
        *over = passed;
        worst = b;
    }
    return worst;
}

static bool was_stopped(const struct planner *p)
{
    const struct lp_settings *lp = &p->settings->lp;
    return lp->time_limit_s > 0 || (lp->stop && *lp->stop);
}

static enum err no_numbers(struct planner *p)
{
    if (was_stopped(p)) return OK;
    diag_error(p->diag, ERR_NO_SCHEDULE, (struct place){0},
               _("no whole numbers of machines were found that keep every limit, although "
                 "part-used ones would"));
    diag_fix(p->diag, _("relax the limit that is reached (quota, stock, budget or deadline), or "
                        "see integrality: none"));
    return OK;
}

static enum err no_plan(struct planner *p)
{
    if (!p->schedule.model) return no_numbers(p);
    double over;
    const double left = fmax(p->missing, schedule_left(&p->schedule));
    const struct budget *b = left <= 0 ? worst_budget(p, &over) : NULL;
    if (b)
        diag_error(p->diag, ERR_NO_SCHEDULE, b->at,
                   _("no timeline of whole machines keeps %s, although part-used ones would; the "
                     "best one passes it by %.2f"),
                   b->key, over);
    else
        diag_error(p->diag, ERR_NO_SCHEDULE, (struct place){0},
                   _("no timeline of whole machines and gangs was found, although part-used ones "
                     "would do; "
                     "%.2f%% of a job or load is left"),
                   100 * left);
    diag_fix(p->diag, _("relax the limit that is reached (quota, stock, budget or deadline), or "
                        "see integrality: none"));
    return OK;
}

/* Formulates and solves the LP of the model as it is now. */
static enum err solve_relaxed(struct planner *p)
{
    TRY(grid_make(&p->m->grid, p->m));
    TRY(formulate(p->f, p->m, ELASTIC_NONE, 0));
    const struct lp_basis from = warm_basis(p->settings->warm, p->f, false, p->arena);
    return lp_solve_from(&p->relaxed, p->f->lp, &p->settings->lp, from.row ? &from : NULL, p->arena,
                         p->diag);
}

static bool may_be_late(const struct model *m)
{
    for (size_t i = 0; i < m->demands->n; i++)
        if (m->demands->items[i].late_priced) return true;
    return false;
}

/* Late work needs a period per step. First all of it is priced as its first step, which is a relaxation of few periods;
 * periods are cut where its optimum is late, until late work lies in single steps: then it is the optimum of the plain
 * formulation too. */
static enum err solve_lp(struct planner *p)
{
    bool done;
    TRY(crowd_solve(p, &done));
    if (done) return OK;
    p->m->coarse_late = may_be_late(p->m) && !p->decision.relaxed && !p->m->plain;
    p->m->n_late_cuts = 0;
    p->m->apart = false;
    do {
        TRY(solve_relaxed(p));
    } while (p->relaxed.status == LP_OPTIMAL &&
             (alike_part(p->m, p->f, p->relaxed.x) ||
              (p->m->coarse_late && late_refine(p->m, p->f, p->relaxed.x))));
    return OK;
}

static double column_h(const struct model *m, struct column c)
{
    if (c.kind == COLUMN_WORK) return 1;
    if (c.kind == COLUMN_HELD) return period_h(&m->grid, c.t);
    return c.kind == COLUMN_FIXED ? (double)m->horizon_us / (double)US_PER_H : 0;
}

/* Machine time is counted in microseconds of 64 bits: 2.56e9 hours. */
static enum err check_hours(const struct planner *p)
{
    const bool solved = p->relaxed.status == LP_OPTIMAL || p->relaxed.status == LP_FEASIBLE;
    double hours = 0;
    for (size_t j = 0; solved && j < p->f->lp->n_cols; j++)
        hours += p->relaxed.x[j] * column_h(p->m, p->f->columns[j]);
    if (hours <= 2e9) return OK;
    diag_error(p->diag, ERR_AMOUNT, (struct place){0},
               _("the plan takes %g machine-hours, more than can be counted"), hours);
    diag_fix(p->diag,
             _("look for a price, a size, a speed or an amount of work that cannot be meant"));
    return ERR_AMOUNT;
}

static bool is_reduced(const struct planner *p)
{
    const struct grid *g = &p->m->grid;
    for (size_t t = 0; t < g->n; t++)
        if (g->after[t] != t + 1) return true;
    for (size_t l = 0; l < p->m->n_limits; l++)
        if (p->f->replaced[l]) return true;
    return p->m->coarse_late || p->f->joined;
}

/* The plain formulation for another solver, with every period, late column and commitment. Where that is too large for any,
 * the reduced one that was solved, which has the same optimum (docs/model.md 4, "Reductions"). */
static enum err keep_lp(struct planner *p)
{
    if (!p->crowd) p->plan->lp = p->f->lp;
    if (!p->settings->keep_lp || (!p->crowd && !is_reduced(p))) return OK;
    if (p->crowd) TRY(crowd_program(&p->plan->lp, p));
    if (p->settings->method == PLAN_BY_COLUMNS) return OK;
    struct model *plain = ARENA_NEW(p->arena, struct model, 1);
    struct formulation *f = ARENA_NEW(p->arena, struct formulation, 1);
    *plain = *p->m;
    plain->coarse_late = false;
    plain->plain = true;
    TRY(grid_make(&plain->grid, plain));
    p->plan->lp_reduced = formulation_columns(plain) > MOST_PLAIN_COLUMNS;
    if (p->plan->lp_reduced) return OK;
    TRY(formulate(f, plain, ELASTIC_NONE, 0));
    p->plan->lp = f->lp;
    return OK;
}

/* The prices of the relaxation, before anything is fixed or tightened in it. */
static void keep_prices(struct planner *p)
{
    struct proof_prices *prices = ARENA_NEW(p->arena, struct proof_prices, 1);
    if (!p->relaxed.row_dual) return;
    certificate_make(prices, p->f, p->relaxed.row_dual, p->arena);
    if (p->crowd && !crowd_certify(prices, p)) return;
    p->plan->prices = prices;
}

static void show_offers(struct planner *p)
{
    p->plan->model = p->m;
    p->plan->demands = p->m->demands;
    p->plan->offers = p->m->offers;
    p->plan->n_offers = p->m->n_offers;
    p->plan->missing = p->m->quoted.missing;
    p->plan->n_missing = p->m->quoted.n_missing;
    p->plan->candidates = p->m->candidates;
    p->plan->n_candidates = p->m->n_candidates;
}

/* Trials and previews are not explained: they would try themselves. */
static enum err tell_clash(const struct planner *p)
{
    return p->settings->depth == PLAN_TOLD ? clash_find(p->plan, p->settings, p->arena) : OK;
}

static enum plan_status relaxed_status(const struct lp_result *r)
{
    if (r->status == LP_INFEASIBLE) return PLAN_INFEASIBLE;
    return is_solved(r) ? PLAN_OPTIMAL : PLAN_NONE;
}

/* Machine-hours of the offer whose price is tried. */
static double priced_hours(const struct planner *p)
{
    const struct offer_rule *rule = p->m->rule;
    double hours = 0;
    if (!rule || rule->priced == SIZE_MAX || p->crowd || !is_solved(&p->relaxed)) return 0;
    for (size_t j = 0; j < p->f->lp->n_cols; j++) {
        const struct column c = p->f->columns[j];
        const bool work = c.kind == COLUMN_WORK;
        if (!work && c.kind != COLUMN_HELD && c.kind != COLUMN_FIXED) continue;
        const struct group *g =
            work ? &p->m->groups[p->m->group_of[c.a]] : &p->m->served[c.a].group;
        if (g->options[c.b].offer == rule->priced) hours += p->relaxed.x[j] * column_h(p->m, c);
    }
    return hours;
}

static enum err run(struct planner *p)
{
    TRY(make_model(p->m));
    show_offers(p);
    const struct workload *poor = conflict_without_rate(p->m);
    if (poor) return refuse_rate(p->m, poor);
    if (conflict_unusable(p->plan, p->m)) return tell_clash(p);
    TRY(solve_lp(p));
    p->plan->relaxed_cost = p->plan->lp_optimum = p->relaxed.objective;
    p->plan->lp_bound = p->relaxed.bound;
    if (p->settings->depth == PLAN_RELAXED) {
        p->plan->status = relaxed_status(&p->relaxed);
        p->plan->priced_h = priced_hours(p);
        return OK;
    }
    TRY(check_hours(p));
    TRY(keep_lp(p));
    keep_prices(p);
    p->plan->rows = (long)p->f->lp->n_rows;
    p->plan->columns = (long)columns_apart(p->f);
    p->plan->iterations = p->relaxed.iterations;
    if (p->relaxed.status == LP_INFEASIBLE) {
        p->plan->status = PLAN_INFEASIBLE;
        if (p->settings->depth == PLAN_TOLD) TRY(conflict_explain(p->plan, p->m, p->settings));
        return tell_clash(p);
    }
    if (p->relaxed.status != LP_OPTIMAL && p->relaxed.status != LP_FEASIBLE) {
        p->plan->status = PLAN_NONE;
        p->plan->bound = p->relaxed.bound;
        return OK;
    }
    const struct lp_basis basis = p->relaxed.basis;
    TRY(execute(p));
    const struct warm_ends ends = {&basis, &p->fixed.basis, p->home};
    p->plan->warm = p->crowd ? crowd_keep(p) : warm_keep(p->f, &ends, p->arena);
    p->plan->bound = p->relaxed.bound;
    if (p->plan->status == PLAN_NONE) return no_plan(p);
    if (p->settings->depth == PLAN_TRIAL) return OK;
    if (p->plan->prices) certificate_unserved(p->plan->prices, p->m, p->fleets);
    TRY(tell(p));
    if (ranges_wanted(p->settings, p->f->lp)) asked_tell(p);
    if (p->settings->entries) TRY(entries_tell(p->plan, p->settings, p->arena));
    return p->settings->curve ? curves_make(p) : OK;
}

/* Tolerances that were left at 0 are those of LP_SETTINGS. */
static struct plan_settings with_defaults(const struct plan_settings *settings)
{
    struct plan_settings own = *settings;
    if (own.lp.feasibility <= 0) {
        own.lp = LP_SETTINGS;
        if (settings->lp.time_limit_s > 0) own.lp.time_limit_s = settings->lp.time_limit_s;
        own.lp.stop = settings->lp.stop;
    }
    if (own.gap <= 0) own.gap = PLAN_SETTINGS.gap;
    if (own.most_columns == 0) own.most_columns = PLAN_SETTINGS.most_columns;
    if (own.many_rows == 0) own.many_rows = PLAN_SETTINGS.many_rows;
    if (own.join_columns == 0) own.join_columns = PLAN_SETTINGS.join_columns;
    return own;
}

enum err plan_solve(struct plan *out, const struct scenario *s, const struct price_book *b,
                    const struct plan_settings *settings, struct arena *a, struct diag *d)
{
    const double begin = now_s();
    *out = (struct plan){.scenario = s,
                         .book = b,
                         .bound = -INFINITY,
                         .lp_optimum = -INFINITY,
                         .lp_bound = -INFINITY};
    struct model *m = ARENA_NEW(a, struct model, 1);
    const struct plan_settings own = with_defaults(settings);
    *m = (struct model){.arena = a,
                        .diag = d,
                        .scenario = s,
                        .book = b,
                        .most_columns = own.most_columns,
                        .many_rows = own.many_rows,
                        .join_columns = own.join_columns,
                        .plain = own.plain,
                        .rule = own.rule,
                        .spot_gamma = own.spot_gamma};
    struct planner p = {.plan = out,
                        .m = m,
                        .f = ARENA_NEW(a, struct formulation, 1),
                        .settings = &own,
                        .arena = a,
                        .diag = d,
                        .decision = {.relaxed = s->relaxed}};
    TRY(run(&p));
    out->seconds = now_s() - begin;
    return OK;
}

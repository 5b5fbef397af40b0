/* Prices of deadlines and of numbers of machines: a scenario whose files are changed by as much as a price is said to hold for has
 * an optimum that differs by that price, one step beyond by the second price, and with less where the plan is said to end there is
 * none. */
#include "tests/laws/law.h"
#include "tests/laws/service_problem.h"

/* Of the optimum: what two solves of it may differ by. */
static const double near_frac = 1e-6;

static unsigned n_within, n_beyond, n_fewer, n_none, n_machines;

/* --- planning --- */

static struct solved solve_at(struct text path, bool ranges)
{
    struct solved s = {.arena = arena_new()};
    struct plan_settings settings = PLAN_SETTINGS;
    settings.ranges = ranges;
    settings.depth = ranges ? PLAN_TOLD : PLAN_RELAXED;
    s.diag.arena = s.arena;
    s.code = solve_as(&s, path.at, &(const struct scenario_options){0}, &settings);
    return s;
}

/* INFINITY: nothing to plan, or no plan. NAN: not solved. Frees s. */
static double optimum_take(struct solved *s)
{
    double value = (double)NAN;
    const bool refused = is_asked_wrongly(s->code) || s->code == ERR_AUTOSCALE;
    if (refused || (s->code == OK && s->plan.status == PLAN_INFEASIBLE)) value = INFINITY;
    if (s->code == OK && s->plan.status == PLAN_OPTIMAL) value = s->plan.relaxed_cost;
    solved_free(s);
    return value;
}

/* --- the two kinds of scenarios --- */

/* One of the two is NULL. */
struct asked_of {
    const struct problem *work;
    const struct service_problem *service;
};

/* Every job of the workload due so much later. False: not a deadline, or of occurrences that would come and go with it. */
static bool change_deadline(struct problem *p, const char *what, int minutes)
{
    for (int i = 0; i < p->n_workloads; i++) {
        struct workload_problem *w = &p->workloads[i];
        if (strcmp(what, text_of("workloads.%s.window.deadline", w->name).at) != 0 &&
            strcmp(what, text_of("deadlines of the jobs of %s", w->name).at) != 0)
            continue;
        if (w->due_min >= 0) w->due_min += minutes;
        for (int k = 0; k < w->n_jobs; k++)
            if (w->jobs[k].due_min >= 0) w->jobs[k].due_min += minutes;
        return !w->daily;
    }
    return false;
}

static bool change_machines(struct service_problem *p, const char *what, int n)
{
    int *number = NULL;
    if (strcmp(what, "workloads.served.autoscale.max") == 0) {
        p->most += n;
        return p->most > 0;
    }
    if (strcmp(what, "less workloads.served.autoscale.min") == 0) number = &p->least;
    if (strcmp(what, "less workloads.served.spot.on_demand_base") == 0) number = &p->base;
    if (!number) return false;
    *number -= n;
    return *number >= 0;
}

/* With `units` more of the limit (hours, machines); NAN: not to be told. */
static double optimum_with(struct asked_of of, const char *what, double units)
{
    const int n = (int)lround(of.work ? 60 * units : units);
    struct problem work = of.work ? *of.work : (struct problem){0};
    struct service_problem service = of.service ? *of.service : (struct service_problem){0};
    if (fabs((of.work ? 60 * units : units) - n) > 1e-6) return (double)NAN;
    if (of.work ? !change_deadline(&work, what, n) : !change_machines(&service, what, n))
        return (double)NAN;
    const struct text folder = folder_make();
    struct solved s = solve_at(of.work ? problem_write(&work, &(const struct style){0}, folder.at)
                                       : service_write(&service, folder.at),
                               false);
    folder_remove(folder.at);
    return optimum_take(&s);
}

static __attribute__((format(printf, 2, 3))) enum verdict wrong(struct asked_of of,
                                                                const char *format, ...)
{
    va_list list;
    fprintf(stderr, "problem %u: ", of.work ? of.work->seed : of.service->seed);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    return BROKEN;
}

/* --- the law --- */

/* Hours that the last deadline is before the horizon's end. */
static double room_of(const struct plan *plan, const char *what)
{
    double room = 0;
    for (size_t i = 0; i < plan->demands->n; i++) {
        const struct demand *d = &plan->demands->items[i];
        const char *name = d->shape->workload->name;
        if (strcmp(what, text_of("workloads.%s.window.deadline", name).at) == 0 ||
            strcmp(what, text_of("deadlines of the jobs of %s", name).at) == 0)
            room = fmax(room, (double)(plan->scenario->length_us - d->due_us) / (double)US_PER_H);
    }
    return room;
}

static enum verdict judge_more(struct asked_of of, const struct solved *s, const struct shadow *x)
{
    const double base = s->plan.lp_optimum, near = near_frac * fmax(1, fabs(base));
    const double far = isfinite(x->up_to) ? x->up_to : 5;
    const double got = optimum_with(of, x->what, far);
    const double want = base - x->saves * far;
    if (!isnan(got) && fabs(got - want) > near)
        return wrong(of, "%s: %g more give %.10g, not %.10g", x->what, far, got, want);
    if (isnan(got)) return HOLDS;
    n_within += x->saves > 0;
    n_machines += !of.work && x->saves > 0;
    if (isnan(x->then_saves) || !isfinite(x->up_to)) return HOLDS;
    const double room = of.work ? room_of(&s->plan, x->what) - x->up_to : 1;
    const double beyond = fmin(1, room);
    const double after = optimum_with(of, x->what, x->up_to + 1);
    const double least = want - x->then_saves * beyond;
    if (!isnan(after) && fabs(after - least) > near)
        return wrong(of, "%s: %g more give %.10g, not %.10g", x->what, x->up_to + 1, after, least);
    if (!isnan(after)) n_beyond++;
    return HOLDS;
}

static enum verdict judge_less(struct asked_of of, const struct solved *s, const struct shadow *x)
{
    const double base = s->plan.lp_optimum, near = near_frac * fmax(1, fabs(base));
    const bool ends = isinf(x->costs);
    const double far = ends ? 1 : x->down_to;
    const double got = optimum_with(of, x->what, -far);
    const double want = ends ? (double)INFINITY : base + x->costs * far;
    if (isnan(got)) return HOLDS;
    n_none += ends;
    n_fewer += !ends && x->costs > 0;
    if (ends ? isinf(got) : fabs(got - want) <= near) return HOLDS;
    return wrong(of, "%s: %g less give %.10g, not %.10g", x->what, far, got, want);
}

static bool is_asked(const char *what)
{
    return strstr(what, "deadline") || strstr(what, ".autoscale.") ||
           strstr(what, "on_demand_base");
}

static enum verdict judge(struct asked_of of, struct solved *s)
{
    enum verdict v = NO_MATTER;
    for (size_t i = 0; has_plan(s) && i < s->plan.n_shadows && v != BROKEN; i++) {
        const struct shadow *x = &s->plan.shadows[i];
        if (!is_asked(x->what)) continue;
        v = HOLDS;
        if (!isnan(x->saves)) v = judge_more(of, s, x);
        if (v == HOLDS && !isnan(x->costs)) v = judge_less(of, s, x);
    }
    solved_free(s);
    return v;
}

static enum verdict deadlines(const struct problem *given)
{
    struct problem p = *given;
    for (int i = 0; i < p.n_limits; i++) p.limits[i].count = (p.limits[i].count + 4) / 5;
    const struct text folder = folder_make();
    struct solved s = solve_at(problem_write(&p, &(const struct style){0}, folder.at), true);
    folder_remove(folder.at);
    return judge((struct asked_of){&p, NULL}, &s);
}

/* Few machines, and some that must be there. */
static enum verdict machines(unsigned seed)
{
    struct service_problem p = generate_service(seed);
    struct source_of_luck luck_of = {.state = seed + 4444}, *l = &luck_of;
    p.length_h = luck_between(l, 4, 12);
    p.most = luck(l, 4) ? luck_between(l, 1, 9) : 0;
    p.least = p.most ? luck_between(l, 0, p.most < 4 ? p.most : 4) : luck_between(l, 0, 5);
    if (p.base > p.most && p.most) p.base = p.most;
    const struct text folder = folder_make();
    struct solved s = solve_at(service_write(&p, folder.at), true);
    folder_remove(folder.at);
    return judge((struct asked_of){NULL, &p}, &s);
}

static void machines_run(unsigned n)
{
    const char *only = getenv("LAW_SEED");
    unsigned judged = 0, bad = 0;
    for (unsigned seed = only ? (unsigned)atoi(only) : 1; judged < n && seed <= 6 * n; seed++) {
        const enum verdict v = machines(seed);
        judged += v != NO_MATTER;
        bad += v == BROKEN;
        if (only) return;
    }
    gsl_test(bad > 0, "prices of numbers of machines hold on %u problems, but %u", judged, bad);
    gsl_test(judged < n, "%u of %u problems could be judged", judged, n);
}

int main(void)
{
    static const struct law law = {"prices of deadlines", deadlines, F_ALL, 200};
    const char *only = getenv("LAW_ONLY");
    if (!only || strcmp(only, "machines") != 0) law_run(&law);
    if (!only || strcmp(only, "work") != 0) machines_run(150);
    if (getenv("LAW_TALLY"))
        fprintf(stderr, "%u within (%u of machines), %u beyond, %u fewer, %u none\n", n_within,
                n_machines, n_beyond, n_fewer, n_none);
    gsl_test(!only && !getenv("LAW_SEED") &&
                 (n_within < n_machines + 25 || n_machines < 80 || n_beyond < 90 || n_fewer < 40 ||
                  n_none < 10),
             "%u prices within their range (%u of machines), %u beyond it, %u fewer, %u ends",
             n_within, n_machines, n_beyond, n_fewer, n_none);
    return gsl_test_summary();
}

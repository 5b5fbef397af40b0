/* The reductions before the linear program (docs/adr/0008) change nothing: services and batch work on shared quotas and
 * subscriptions, with gangs, parallel limits, windows, spot shares and late work, have the same optimum in the plain
 * formulation, reduced, and reduced with rows and commitments that come in when they are asked for. */
#include "tests/laws/service_problem.h"

#include <gsl/gsl_test.h>

enum { N_PROBLEMS = 60, MOST_JOBS = 5 };

/* Both bounds agree with their optimum to LP_SETTINGS.optimality of the money moved. */
static const double AGREEMENT = 1e-8;

static void write_job(FILE *out, struct source_of_luck *l, int i, int length_h)
{
    static const char *const ways[] = {"on_demand", "spot", "subscription"};
    const int per_worker = luck_between(l, 1, 2), form = luck(l, 4);
    fprintf(out,
            "  job%d:\n    kind: render_offline\n"
            "    work: {gpu_hours: %d.%d, measured_on: A10-24GB}\n"
            "    speed: {A10-24GB: 1, T4-16GB: 0.4, L20-48GB: 1.7}\n"
            "    resources: {gpu: [A10-24GB, T4-16GB, L20-48GB], gpus_per_worker: %d",
            i, luck_between(l, 1, 25), luck(l, 10), per_worker);
    if (form == 1) fprintf(out, ", workers: %d", luck_between(l, 1, 2)); /* a gang */
    if (form == 2) fprintf(out, ", max_workers: %d", luck_between(l, 1, 3));
    fputs("}\n    window: {", out);
    fprintf(out, "deadline: %dh", luck_between(l, length_h / 2, length_h));
    if (luck(l, 3) == 0) fprintf(out, ", hours: \"%02d:00-%02d:00\"", luck(l, 6), 14 + luck(l, 8));
    fputs("}\n", out);
    if (luck(l, 3) == 0) fprintf(out, "    late_cost: CNY %d/h\n", luck_between(l, 1, 40));
    fprintf(out, "    purchase: [%s", ways[luck(l, 2) ? 2 : 0]);
    if (luck(l, 2)) fprintf(out, ", %s", ways[1]);
    fputs("]\n    interruption: {tolerant: true, lost_per_hit: 5min, restart: 3min}\n", out);
    if (luck(l, 3) == 0) fprintf(out, "    spot_max_share: %d%%\n", luck_between(l, 10, 90));
}

static struct text mixed_write(unsigned seed, const char *folder)
{
    struct service_problem p = generate_service(seed);
    p.length_h = p.form == FORM_CLASSES ? 6 : p.length_h;
    p.may_buy[BUY_MONTH] = true;
    struct source_of_luck luck_of = {.state = seed + 77}, *l = &luck_of;
    FILE *served = fopen(text_of("%s/served.yaml", folder).at, "w");
    emit_service(served, &p);
    fclose(served);
    write_service_book(&p, folder);
    write_service_table(&p, folder);
    const struct text path = text_of("%s/scenario.yaml", folder);
    FILE *out = fopen(path.at, "w");
    fprintf(out,
            "version: 1\nhorizon: {start: 2026-12-01, length: %dh, step: %dmin}\n"
            "include: [served.yaml]\n",
            p.length_h, p.step_min);
    if (luck(l, 2)) fprintf(out, "stock: {T4-16GB: %d}\n", luck_between(l, 3, 12));
    if (luck(l, 4) == 0) fprintf(out, "budget: {limit: CNY %d}\n", luck_between(l, 800, 9000));
    fputs("workloads:\n", out);
    const int n = luck_between(l, 1, MOST_JOBS);
    for (int i = 0; i < n; i++) write_job(out, l, i, p.length_h);
    fclose(out);
    return path;
}

static struct solved solve_mixed(unsigned seed, const struct plan_settings *settings)
{
    struct solved s = {.arena = arena_new()};
    const struct text folder = folder_make();
    moment_t today = 0;
    s.diag.arena = s.arena;
    s.scenario = ARENA_NEW(s.arena, struct scenario, 1);
    const struct text path = mixed_write(seed, folder.at);
    if (!moment_parse(&today, "2026-11-22")) s.code = ERR_INTERNAL;
    if (s.code == OK)
        s.code = scenario_load(s.scenario, path.at, &(const struct scenario_options){0}, s.arena,
                               &s.diag);
    if (s.code == OK)
        s.code = price_book_load(&s.book, &s.scenario->catalog, today, -1, s.arena, &s.diag);
    if (s.code == OK) s.code = plan_solve(&s.plan, s.scenario, s.book, settings, s.arena, &s.diag);
    if (getenv("LAW_KEEP"))
        fprintf(stderr, "problem %u: %s\n", seed, folder.at);
    else
        folder_remove(folder.at);
    return s;
}

struct counts {
    size_t seen, infeasible, smaller;
};

static bool same_optimum(const struct solved *a, const struct solved *b)
{
    if ((a->plan.status == PLAN_INFEASIBLE) != (b->plan.status == PLAN_INFEASIBLE)) return false;
    if (a->plan.status == PLAN_INFEASIBLE) return true;
    return fabs(a->plan.bound - b->plan.bound) <= AGREEMENT * fabs(a->plan.bound);
}

static void compare(struct counts *n, unsigned seed)
{
    struct plan_settings settings[3] = {PLAN_SETTINGS, PLAN_SETTINGS, PLAN_SETTINGS};
    settings[0].plain = true;
    settings[2].lp = LP_SETTINGS;
    settings[2].lp.few_rows = 1;
    settings[2].many_rows = 1;
    struct solved s[3];
    for (int i = 0; i < 3; i++) s[i] = solve_mixed(seed, &settings[i]);
    const bool has_answer =
        s[0].plan.bound > (double)-INFINITY || s[0].plan.status == PLAN_INFEASIBLE;
    if (has_answer && !is_asked_wrongly(s[0].code)) {
        n->seen++;
        n->infeasible += s[0].plan.status == PLAN_INFEASIBLE;
        n->smaller += s[1].plan.columns < s[0].plan.columns;
        for (int i = 1; i < 3; i++)
            if (!same_optimum(&s[0], &s[i]))
                gsl_test(1, "problem %u, settings %d: bound %.12g and %.12g, status %d and %d, %s",
                         seed, i, s[0].plan.bound, s[i].plan.bound, (int)s[0].plan.status,
                         (int)s[i].plan.status, first_error(&s[i]));
    } else if (getenv("LAW_KEEP")) {
        fprintf(stderr, "problem %u: %s\n", seed, first_error(&s[0]));
    }
    for (int i = 0; i < 3; i++) solved_free(&s[i]);
}

int main(void)
{
    struct counts n = {0};
    for (unsigned seed = 1; n.seen < N_PROBLEMS && seed < 3 * N_PROBLEMS; seed++) compare(&n, seed);
    gsl_test(n.seen < N_PROBLEMS, "%zu mixed problems solved plain and reduced", n.seen);
    gsl_test(n.smaller < n.seen / 2, "%zu of them were smaller when reduced", n.smaller);
    gsl_test(n.infeasible < 3, "%zu of them infeasible", n.infeasible);
    return gsl_test_summary();
}

/* Which scenarios can be solved by columns and by prices, and what is said of those that cannot. */
#include "scenarios/scenario.h"
#include "solver/crowd_solve.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD                                                                                       \
    "version: 1\ncurrency: CNY\nhorizon: {start: 2026-12-01, length: 2d, step: 1h}\n"              \
    "catalog: {regions: [cn-shanghai]}\nintegrality: none\n"
#define JOB                                                                                        \
    "workloads:\n  tag:\n    kind: inference_batch\n"                                              \
    "    work: {gpu_hours: 900, measured_on: A10-24GB}\n"                                          \
    "    speed: {A10-24GB: 1, L20-48GB: 1.7}\n"                                                    \
    "    purchase: [on_demand, spot, subscription]\n"                                              \
    "    interruption: {tolerant: true, lost_per_hit: 5min, restart: 3min}\n"
#define GPUS "    resources: {gpu: [A10-24GB, L20-48GB], gpus_per_worker: 1}\n"

struct planned {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct price_book *book;
    struct plan plan;
    enum err code;
};

static void file_write_at(char path[], const char *text, int ending)
{
    const int fd = mkstemps(path, ending);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!out) {
        perror(path);
        exit(1);
    }
    fputs(text, out);
    fclose(out);
}

static struct planned *plan_by(const char *text, const struct plan_settings *settings)
{
    char path[] = "/tmp/crowd-XXXXXX.yaml";
    file_write_at(path, text, 5);
    struct arena *a = arena_new();
    struct planned *p = ARENA_NEW(a, struct planned, 1);
    moment_t today = 0;
    p->arena = p->diag.arena = a;
    if (!moment_parse(&today, "2026-11-22")) p->code = ERR_INTERNAL;
    if (p->code == OK)
        p->code =
            scenario_load(&p->scenario, path, &(const struct scenario_options){0}, a, &p->diag);
    if (p->code == OK)
        p->code = price_book_load(&p->book, &p->scenario.catalog, today, -1, a, &p->diag);
    if (p->code == OK) p->code = plan_solve(&p->plan, &p->scenario, p->book, settings, a, &p->diag);
    unlink(path);
    return p;
}

static struct plan_settings by(enum plan_method method)
{
    struct plan_settings settings = PLAN_SETTINGS;
    settings.method = method;
    return settings;
}

static const char *error_of(const struct planned *p)
{
    for (const struct finding *f = p->diag.first; f; f = f->next)
        if (f->severity == SEVERITY_ERROR) return f->what;
    return "";
}

static const char *fix_of(const struct planned *p)
{
    for (const struct finding *f = p->diag.first; f; f = f->next)
        if (f->severity == SEVERITY_ERROR && f->fix) return f->fix;
    return "";
}

static const struct refusal {
    enum plan_method method;
    const char *text, *message;
} REFUSALS[] = {
    {PLAN_BY_COLUMNS,
     HEAD "workloads:\n  chat:\n    kind: inference_online\n    load: {shape: diurnal, base: 9/s, "
          "peak: 9/s, peak_at: \"12:00\"}\n"
          "    latency: {p99: 2s, met: 99%}\n    service: {time: 100ms}\n"
          "    resources: {gpu: [A10-24GB], gpus_per_worker: 1}\n    purchase: [on_demand]\n",
     "--method columns cannot be used: there are no jobs"},
    {PLAN_BY_COLUMNS,
     HEAD JOB GPUS "  chat:\n    kind: inference_online\n    load: {shape: diurnal, base: 9/s, "
                   "peak: 9/s, peak_at: \"12:00\"}\n"
                   "    latency: {p99: 2s, met: 99%}\n    service: {time: 100ms}\n"
                   "    resources: {gpu: [A10-24GB], gpus_per_worker: 1}\n"
                   "    purchase: [on_demand]\n",
     "--method columns cannot be used: services are planned"},
    {PLAN_BY_PRICES,
     HEAD "storage:\n  set: {class: oss-standard}\n" JOB GPUS
          "    storage: [{use: set, size: 10GB}]\n",
     "--method prices cannot be used: jobs use datasets"},
    {PLAN_BY_COLUMNS, HEAD "budget: {limit: \"¥100000\"}\n" JOB GPUS,
     "--method columns cannot be used: a budget is given"},
    {PLAN_BY_COLUMNS, HEAD JOB GPUS "    window: {deadline: 30h}\n    late_cost: \"¥5/h\"\n",
     "--method columns cannot be used: late work is priced"},
    {PLAN_BY_COLUMNS,
     HEAD JOB "    resources: {gpu: [A10-24GB, L20-48GB], gpus_per_worker: 1, max_workers: 10}\n"
              "    spot_max_share: 40%\n",
     "--method columns cannot be used: a job has a share of spot together with gangs or a parallel "
     "limit"},
    {PLAN_BY_COLUMNS, HEAD JOB GPUS "    window: {deadline: 90min}\n",
     "--method columns cannot be used: the windows of jobs begin or end within a step"},
    {PLAN_BY_PRICES,
     HEAD JOB "    resources: {gpu: [A10-24GB, L20-48GB], gpus_per_worker: 1, max_workers: 10}\n",
     "--method prices cannot be used: gangs or parallel limits may bind"},
    {PLAN_BY_COLUMNS,
     HEAD "workloads:\n  tag:\n    kind: inference_batch\n"
          "    work: {gpu_hours: 900, measured_on: A10-24GB}\n    purchase: [spot]\n"
          "    interruption: {tolerant: true, lost_per_hit: 5min, restart: 3min}\n"
          "    resources: {gpu: [A10-24GB], gpus_per_worker: 1}\n    spot_max_share: 40%\n",
     "--method columns cannot be used: a job needs spot for all its work"},
};

static void test_refusals(void)
{
    for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++) {
        const struct plan_settings settings = by(REFUSALS[i].method);
        struct planned *p = plan_by(REFUSALS[i].text, &settings);
        gsl_test_int((int)p->code, (int)ERR_OPTION_VALUE, "refusal %zu: code", i);
        gsl_test_str(error_of(p), REFUSALS[i].message, "refusal %zu", i);
        gsl_test_str(p->diag.first ? fix_of(p) : "", "leave out --method, and what suits is chosen",
                     "refusal %zu: fix", i);
        arena_free(p->arena);
    }
}

static const char SEVERAL[] =
    HEAD "quota: {A10-24GB: 12, L20-48GB: 9}\n" JOB GPUS
         "    spot_max_share: 40%\n    window: {hours: \"08:00-20:00\"}\n";

/* Three ways to one optimum; the default takes the simplex for so few columns. */
static void test_methods(void)
{
    const struct plan_settings plain = by(PLAN_BY_SIMPLEX), columns = by(PLAN_BY_COLUMNS);
    struct plan_settings prices = by(PLAN_BY_PRICES);
    prices.gap = 0.001;
    const struct plan_settings usual = by(PLAN_BY_AUTO);
    struct planned *s = plan_by(SEVERAL, &plain), *c = plan_by(SEVERAL, &columns),
                   *p = plan_by(SEVERAL, &prices), *a = plan_by(SEVERAL, &usual);
    gsl_test_rel(c->plan.relaxed_cost, s->plan.relaxed_cost, 1e-8, "optimum by columns");
    gsl_test_rel((double)c->plan.cost, (double)s->plan.cost, 1e-8, "its bill");
    gsl_test(p->plan.bound > s->plan.relaxed_cost * (1 + 1e-9), "bound by prices: %.9g of %.9g",
             p->plan.bound, s->plan.relaxed_cost);
    gsl_test((double)p->plan.cost < (double)s->plan.cost * (1 - 1e-8), "cost by prices");
    gsl_test(!(p->plan.gap <= 0.001), "gap by prices: %g", p->plan.gap);
    gsl_test_int((int)s->plan.solved_by, (int)PLAN_BY_SIMPLEX, "method asked for");
    gsl_test_int((int)c->plan.solved_by, (int)PLAN_BY_COLUMNS, "columns");
    gsl_test_int((int)p->plan.solved_by, (int)PLAN_BY_PRICES, "prices");
    gsl_test_str(p->plan.solved_why, "asked for", "why");
    gsl_test_int((int)a->plan.solved_by, (int)PLAN_BY_SIMPLEX, "few columns");
    arena_free(s->arena);
    arena_free(c->arena);
    arena_free(p->arena);
    arena_free(a->arena);
}

/* A search has prices without a range, and says so. */
static void test_search_prices(void)
{
    static const char text[] =
        HEAD "quota: {A10-24GB: 12, L20-48GB: 9}\n" JOB GPUS "    window: {deadline: 40h}\n";
    struct plan_settings settings = by(PLAN_BY_PRICES);
    settings.ranges = true;
    struct planned *p = plan_by(text, &settings);
    gsl_test_int((int)p->plan.n_shadows, 3, "limits of a search");
    for (size_t i = 0; i < p->plan.n_shadows; i++) {
        const struct shadow *s = &p->plan.shadows[i];
        const bool due = strstr(s->what, "deadline");
        gsl_test(due ? !isnan(s->saves) : !(s->saves > 0), "%s saves %g", s->what, s->saves);
        gsl_test_str(s->note ? s->note : "",
                     due ? "the price search proves no optimum"
                         : "a price of the price search, which knows no range",
                     "%s", s->what);
    }
    arena_free(p->arena);
}

/* 300 jobs with an hour of their own each have many columns. */
static void test_choice(void)
{
    char list[] = "/tmp/crowd-XXXXXX.csv ";
    char text[2048], rows[40000] = "id,gpu_hours,start,deadline\n";
    size_t n = strlen(rows);
    list[strlen(list) - 1] = '\0';
    for (int i = 0; i < 300; i++)
        n += (size_t)snprintf(rows + n, sizeof rows - n, "j%d,%d,2026-12-%02d %02d:00,%dh\n", i,
                              3 + i % 7, 1 + i % 45 / 24, i % 45 % 24, 3 + i % 40);
    file_write_at(list, rows, 4);
    snprintf(text, sizeof text,
             HEAD "workloads:\n  tag:\n    kind: inference_batch\n"
                  "    work: {from_csv: %s, measured_on: A10-24GB}\n"
                  "    speed: {A10-24GB: 1, L20-48GB: 1.7, T4-16GB: 0.5}\n"
                  "    purchase: [on_demand, spot, subscription]\n"
                  "    interruption: {tolerant: true, lost_per_hit: 5min, restart: 3min}\n"
                  "    resources: {gpus_per_worker: 1}\n",
             list);
    const struct plan_settings usual = by(PLAN_BY_AUTO), plain = by(PLAN_BY_SIMPLEX);
    struct planned *a = plan_by(text, &usual), *s = plan_by(text, &plain);
    gsl_test_int((int)a->plan.solved_by, (int)PLAN_BY_COLUMNS, "many columns: %s", error_of(a));
    static const char why[] = "the plain program would have up to 151467 columns"; /* as now sold */
    gsl_test(!a->plan.solved_why || strncmp(a->plan.solved_why, why, 35) != 0, "why: %s",
             a->plan.solved_why);
    gsl_test_rel(a->plan.relaxed_cost, s->plan.relaxed_cost, 1e-8, "optimum of many columns");
    unlink(list);
    arena_free(a->arena);
    arena_free(s->arena);
}

int main(void)
{
    test_choice();
    test_refusals();
    test_methods();
    test_search_prices();
    return gsl_test_summary();
}

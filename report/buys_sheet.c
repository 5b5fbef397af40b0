#include "report/buys_sheet.h"
#include "common/text.h"
#include "report/cells.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

static bool same_workload(const struct workload *a, const struct workload *b)
{
    return strcmp(a->name, b->name) == 0;
}

/* What a plan holds of one workload (NULL: of all). */
struct amount {
    double gpu_h, vcpu_h, load;
    size_t n_jobs, n_services;
    long highest, lowest; /* priorities */
};

static void priority_note(struct amount *sum, long priority)
{
    const bool first = sum->n_jobs + sum->n_services == 0;
    if (first || priority > sum->highest) sum->highest = priority;
    if (first || priority < sum->lowest) sum->lowest = priority;
}

static struct amount amount_of(const struct plan *p, const struct workload *w)
{
    struct amount sum = {0};
    for (size_t i = 0; i < p->demands->n; i++) {
        const struct demand *d = &p->demands->items[i];
        if (w && !same_workload(d->shape->workload, w)) continue;
        priority_note(&sum, d->priority);
        if (d->shape->cpu)
            sum.vcpu_h += d->work;
        else
            sum.gpu_h += d->work;
        sum.n_jobs++;
    }
    for (size_t i = 0; p->services && i < p->services->n; i++) {
        const struct workload *own = p->services->items[i].shape->workload;
        if (w && !same_workload(own, w)) continue;
        priority_note(&sum, own->priority);
        sum.load += work_kept(p->scenario, own->priority);
        sum.n_services++;
    }
    return sum;
}

struct bought_work bought_work_of(const struct plan *p)
{
    const struct amount sum = amount_of(p, NULL);
    return (struct bought_work){sum.gpu_h, sum.vcpu_h,
                                sum.n_services ? sum.load / (double)sum.n_services : (double)NAN,
                                sum.n_jobs};
}

static micro_t workload_cost_of(const struct plan *p, const struct workload *w)
{
    micro_t sum = 0;
    for (size_t i = 0; i < p->n_ledger; i++) {
        const struct ledger_line *l = &p->ledger[i];
        if (l->workload != NO_INDEX && same_workload(&p->scenario->workloads[l->workload], w))
            (void)money_add(&sum, l->amount);
    }
    return sum;
}

static const char *answer_text(const struct plan *full, const struct bought *b, struct arena *a)
{
    if (b->all) return _("everything");
    if (b->nothing) return _("nothing");
    if (b->frac >= 1) return arena_printf(a, _("all from priority %ld up"), b->priority);
    const char *part = percent_text(a, b->frac, 1);
    if (b->priority == amount_of(full, NULL).highest)
        return arena_printf(a, _("%s of priority %ld"), part, b->priority);
    return arena_printf(a, _("all above priority %ld, and %s of that"), b->priority, part);
}

enum {
    WORKLOAD,
    PRIORITY,
    WANTED,
    BOUGHT,
    UNIT,
    SHARE,
    JOBS,
    JOBS_WANTED,
    COST,
    N_WORKLOAD_COLUMNS
};

static const char *priority_text(const struct amount *sum, struct arena *a)
{
    if (sum->highest == sum->lowest) return arena_printf(a, "%ld", sum->highest);
    return arena_printf(a, "%ld-%ld", sum->lowest, sum->highest);
}

static void workload_row(struct sheet *sheet, const struct plan *full, const struct bought *b,
                         const struct workload *w, int decimals)
{
    struct arena *a = sheet->arena;
    const struct amount wanted = amount_of(full, w);
    const struct amount got = b->plan ? amount_of(b->plan, w) : (struct amount){0};
    const bool service = wanted.n_services > 0, cpu = wanted.vcpu_h > 0;
    const double x = service ? wanted.load : cpu ? wanted.vcpu_h : wanted.gpu_h;
    const double y = service ? got.load : cpu ? got.vcpu_h : got.gpu_h;
    const char *unit = service ? _("of the load") : cpu ? _("vCPU-h") : _("GPU-h");
    const int digits = service ? 3 : x < 100 ? 1 : 0;
    struct sheet_cell *c = sheet_row(sheet);
    c[WORKLOAD] = sheet_both(workload_title(w, a), w->name);
    c[PRIORITY] = sheet_text(priority_text(&wanted, a));
    c[WANTED] = sheet_both(number_text(a, x, digits), real_text(a, x));
    c[BOUGHT] = sheet_both(number_text(a, y, digits), real_text(a, y));
    c[UNIT] = sheet_both(unit, service ? "load" : cpu ? "vcpu_h" : "gpu_h");
    const double share = x > 0 ? y / x : 0;
    c[SHARE] = sheet_both(percent_text(a, share, 1), real_text(a, share));
    c[JOBS] = sheet_text(arena_printf(a, "%zu", got.n_jobs));
    c[JOBS_WANTED] = sheet_text(arena_printf(a, "%zu", wanted.n_jobs));
    const micro_t cost = b->plan ? workload_cost_of(b->plan, w) : 0;
    c[COST] = sheet_both(amount_text(a, cost, decimals), micro_text(a, cost));
}

struct sheet bought_sheet(const struct plan *full, const struct bought *b, struct arena *a)
{
    const char *currency = currency_name(full->scenario->currency);
    struct sheet_column *c = ARENA_NEW(a, struct sheet_column, N_WORKLOAD_COLUMNS);
    c[WORKLOAD] = (struct sheet_column){"workload", _("Workload"), 'l', false};
    c[PRIORITY] = (struct sheet_column){"priority", _("priority"), 'r', false};
    c[WANTED] = (struct sheet_column){"wanted", _("wanted"), 'r', true};
    c[BOUGHT] = (struct sheet_column){"bought", _("bought"), 'r', true};
    c[UNIT] = (struct sheet_column){"unit", _("unit"), 'l', false};
    c[SHARE] = (struct sheet_column){"share", _("share"), 'r', true};
    c[JOBS] = (struct sheet_column){"jobs", "", 'r', true};
    c[JOBS_WANTED] = (struct sheet_column){"jobs_wanted", "", 'r', true};
    c[COST] = (struct sheet_column){"cost", currency, 'r', true};
    struct sheet sheet = sheet_new(a, c, N_WORKLOAD_COLUMNS);
    const int decimals = amount_decimals(full->cost);
    const char *title =
        b->limits
            ? arena_printf(a, _("What the limits of the scenario buy: %s"), answer_text(full, b, a))
            : arena_printf(a, _("What %s %s buys: %s"), currency,
                           amount_text(a, b->budget, decimals), answer_text(full, b, a));
    sheet.title = title;
    for (size_t i = 0; i < full->scenario->n_workloads; i++)
        workload_row(&sheet, full, b, &full->scenario->workloads[i], decimals);
    const micro_t cost = b->plan ? b->plan->cost : 0;
    sheet_note(&sheet, _("Planned: %s %s; everything would cost %s."), currency,
               amount_text(a, cost, decimals), amount_text(a, full->cost, decimals));
    return sheet;
}

enum { BUDGET, PLANNED, WORK, LOAD, LAST, FRAC, GPU_H, VCPU_H, N_JOBS, ANSWER, N_FRONTIER_COLUMNS };

static void frontier_row(struct sheet *sheet, const struct plan *full, const struct bought *b,
                         int decimals)
{
    struct arena *a = sheet->arena;
    const struct bought_work wanted = bought_work_of(full);
    const struct bought_work got = b->plan ? bought_work_of(b->plan) : (struct bought_work){0};
    struct sheet_cell *c = sheet_row(sheet);
    const micro_t cost = b->plan ? b->plan->cost : 0;
    c[BUDGET] = sheet_both(amount_text(a, b->budget, decimals), micro_text(a, b->budget));
    c[PLANNED] = sheet_both(amount_text(a, cost, decimals), micro_text(a, cost));
    if (wanted.gpu_h > 0)
        c[WORK] = sheet_both(percent_text(a, got.gpu_h / wanted.gpu_h, 1),
                             real_text(a, got.gpu_h / wanted.gpu_h));
    if (isfinite(wanted.load_frac)) {
        /* A service that is not planned at all is missing from the average of those that are. */
        const struct amount own = b->plan ? amount_of(b->plan, NULL) : (struct amount){0};
        const double load = own.load / (double)amount_of(full, NULL).n_services;
        c[LOAD] = sheet_both(percent_text(a, load, 1), real_text(a, load));
    }
    if (!b->all && !b->nothing) {
        c[LAST] = sheet_text(arena_printf(a, "%ld", b->priority));
        c[FRAC] = sheet_both("", real_text(a, b->frac));
    }
    c[GPU_H] = sheet_both("", real_text(a, got.gpu_h));
    c[VCPU_H] = sheet_both("", real_text(a, got.vcpu_h));
    c[N_JOBS] = sheet_text(arena_printf(a, "%zu", got.n_jobs));
    c[ANSWER] = sheet_text(answer_text(full, b, a));
}

struct sheet bought_frontier(const struct plan *full, const struct bought *b, size_t n,
                             struct arena *a)
{
    const char *currency = currency_name(full->scenario->currency);
    const struct bought_work wanted = bought_work_of(full);
    const bool services = isfinite(wanted.load_frac), gpus = wanted.gpu_h > 0;
    struct sheet_column *c = ARENA_NEW(a, struct sheet_column, N_FRONTIER_COLUMNS);
    c[BUDGET] =
        (struct sheet_column){"budget", arena_printf(a, _("budget %s"), currency), 'r', true};
    c[PLANNED] = (struct sheet_column){"cost", _("planned"), 'r', true};
    c[WORK] = (struct sheet_column){"gpu_work_share", gpus ? _("GPU work") : "", 'r', true};
    c[LOAD] = (struct sheet_column){"load_share", services ? _("services") : "", 'r', true};
    c[LAST] = (struct sheet_column){"priority", "", 'r', true};
    c[FRAC] = (struct sheet_column){"share_of_priority", "", 'r', true};
    c[GPU_H] = (struct sheet_column){"gpu_h", "", 'r', true};
    c[VCPU_H] = (struct sheet_column){"vcpu_h", "", 'r', true};
    c[N_JOBS] = (struct sheet_column){"jobs", _("jobs"), 'r', true};
    c[ANSWER] = (struct sheet_column){"answer", _("what it buys"), 'l', false};
    struct sheet sheet = sheet_new(a, c, N_FRONTIER_COLUMNS);
    sheet.title = full->scenario->name;
    for (size_t i = 0; i < n; i++) frontier_row(&sheet, full, &b[i], amount_decimals(full->cost));
    sheet_note(&sheet, _("Everything would cost %s %s."), currency,
               amount_text(a, full->cost, amount_decimals(full->cost)));
    return sheet;
}

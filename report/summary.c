#include "report/summary.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const summary_figures[] = {"cost",          "bound",           "gap",
                                       "machine_hours", "estimated_share", NULL};

const char *plan_status_word(enum plan_status status)
{
    switch (status) {
    case PLAN_OPTIMAL:
        return "optimal";
    case PLAN_WITHIN_GAP:
        return "within_gap";
    case PLAN_FEASIBLE:
        return "feasible";
    case PLAN_INFEASIBLE:
        return "infeasible";
    case PLAN_NONE:
        break;
    }
    return "none";
}

/* Peak number of machines: starts and ends in order of time, ends first. */
struct change {
    int64_t at_us;
    long machines;
};

static int change_cmp(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    if (a->at_us != b->at_us) return a->at_us < b->at_us ? -1 : 1;
    return (a->machines > b->machines) - (a->machines < b->machines);
}

static size_t workload_of(const struct plan *p, size_t demand)
{
    return (size_t)(p->demands->items[demand].shape->workload - p->scenario->workloads);
}

/* Machines of which workload and offer a stretch or holding is. */
static size_t peak_key(const struct plan *p, size_t workload, size_t offer)
{
    return workload * p->n_offers + offer;
}

static size_t holding_key(const struct plan *p, const struct holding *h)
{
    const struct workload *w = p->services->items[h->service].shape->workload;
    return peak_key(p, (size_t)(w - p->scenario->workloads), h->offer);
}

static size_t stretch_key(const struct plan *p, const struct stretch *s)
{
    return peak_key(p, workload_of(p, s->demand), s->offer);
}

/* Sorts, and joins what changes at one moment, as those that end go first: one after the other they pass no peak. */
static size_t changes_join(struct change *changes, size_t n)
{
    size_t kept = 0;
    qsort(changes, n, sizeof *changes, change_cmp);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && changes[kept - 1].at_us == changes[i].at_us)
            changes[kept - 1].machines += changes[i].machines;
        else
            changes[kept++] = changes[i];
    }
    return kept;
}

static long peak_of(const struct change *changes, size_t n)
{
    long now = 0, peak = 0;
    for (size_t i = 0; i < n; i++) {
        now += changes[i].machines;
        if (now > peak) peak = now;
    }
    return peak;
}

static void put_changes(struct change *to, int64_t from_us, int64_t to_us, long machines)
{
    to[0] = (struct change){from_us, machines};
    to[1] = (struct change){to_us, -machines};
}

/* [workloads][offers] by peak_key; *all: of everything together. */
static long *peaks_make(long *all, const struct plan *p, struct arena *a)
{
    struct arena *scratch = arena_new();
    const size_t n_keys = p->scenario->n_workloads * p->n_offers;
    const size_t n = 2 * (p->n_stretches + p->n_holdings);
    long *peaks = ARENA_NEW(a, long, n_keys + 1);
    size_t *first = ARENA_NEW(scratch, size_t, n_keys + 2);
    struct change *changes = ARENA_NEW(scratch, struct change, n + 1);
    for (size_t i = 0; i < p->n_stretches; i++) first[stretch_key(p, &p->stretches[i]) + 2] += 2;
    for (size_t i = 0; i < p->n_holdings; i++) first[holding_key(p, &p->holdings[i]) + 2] += 2;
    for (size_t k = 2; k < n_keys + 2; k++) first[k] += first[k - 1];
    for (size_t i = 0; i < p->n_stretches; i++) {
        const struct stretch *s = &p->stretches[i];
        size_t *at = &first[stretch_key(p, s) + 1];
        put_changes(&changes[*at], s->from_us, s->to_us, s->machines);
        *at += 2;
    }
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        size_t *at = &first[holding_key(p, h) + 1];
        put_changes(&changes[*at], h->from_us, h->to_us, h->machines);
        *at += 2;
    }
    size_t joined = 0; /* of the keys so far, one after the other from the beginning */
    for (size_t k = 0; k < n_keys; k++) {
        struct change *own = changes + first[k];
        const size_t n_own = changes_join(own, first[k + 1] - first[k]);
        peaks[k] = peak_of(own, n_own);
        memmove(changes + joined, own, n_own * sizeof *own);
        joined += n_own;
    }
    *all = peak_of(changes, changes_join(changes, joined));
    arena_free(scratch);
    return peaks;
}

static enum group_kind line_group(const struct ledger_line *l)
{
    if (l->part == PART_COMMITTED || l->part == PART_COMMITMENT_NEW) return GROUP_COMMITMENTS;
    if (l->dataset != NO_INDEX || l->part == PART_STORAGE) return GROUP_STORAGE;
    return l->workload != NO_INDEX ? GROUP_WORKLOAD : GROUP_OTHER;
}

static int size_cmp(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int text_cmp(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* Order of the summary, equal exactly for lines that are added up. */
static int line_cmp(const struct ledger_line *a, const struct ledger_line *b)
{
    const enum group_kind ga = line_group(a), gb = line_group(b);
    if (ga != gb) return ga < gb ? -1 : 1;
    int order = ga == GROUP_WORKLOAD ? size_cmp(a->workload, b->workload) : 0;
    if (!order && ga == GROUP_STORAGE) order = size_cmp(a->dataset, b->dataset);
    if (!order) order = (a->part > b->part) - (a->part < b->part);
    if (!order) order = size_cmp(a->offer, b->offer);
    if (!order) order = size_cmp(a->dataset, b->dataset);
    if (!order) order = text_cmp(a->note, b->note);
    if (!order) order = text_cmp(a->unit, b->unit);
    return order ? order : ratio_cmp(a->price, b->price);
}

static bool same_group(const struct ledger_line *a, const struct ledger_line *b)
{
    const enum group_kind kind = line_group(a);
    return kind == line_group(b) && (kind != GROUP_WORKLOAD || a->workload == b->workload);
}

static struct summary_line line_start(const struct plan *p, const struct ledger_line *l,
                                      const long *peaks)
{
    const bool compute = l->part == PART_COMPUTE && l->offer != NO_INDEX && l->workload != NO_INDEX;
    return (struct summary_line){
        .part = l->part,
        .offer = l->offer,
        .dataset = l->dataset,
        .note = l->note,
        .unit = l->unit,
        .price = l->price,
        .machines = compute ? peaks[peak_key(p, l->workload, l->offer)] : 0,
    };
}

/* A service that pays for nothing of its own, because commitments carry it, has a group without lines. */
static void service_groups_add(struct summary *s, struct arena *a)
{
    const struct plan *p = s->plan;
    const size_t n = p->services ? p->services->n : 0, before = s->n_groups;
    struct summary_group *groups = ARENA_NEW(a, struct summary_group, before + n + 1);
    size_t next = 0;
    s->n_groups = 0;
    for (size_t workload = 0; workload < p->scenario->n_workloads; workload++) {
        bool serves = false;
        for (size_t i = 0; i < n; i++)
            serves = serves ||
                     p->services->items[i].shape->workload == &p->scenario->workloads[workload];
        if (next < before && s->groups[next].workload == workload)
            groups[s->n_groups++] = s->groups[next++];
        else if (serves)
            groups[s->n_groups++] =
                (struct summary_group){.kind = GROUP_WORKLOAD, .workload = workload};
    }
    while (next < before) groups[s->n_groups++] = s->groups[next++];
    s->groups = groups;
}

/* A line of the summary, and the first of the ledger's that are added up in it. */
struct sum {
    const struct ledger_line *line;
    double quantity;
    micro_t amount;
    bool estimated;
};

/* Sums by what line_cmp compares, open addressing; a power of two. */
struct sums {
    size_t n, n_slots;
    size_t *slots; /* sum + 1; 0: free */
    struct sum *items;
};

static uint64_t mixed(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 31);
}

static uint64_t line_hash(const struct ledger_line *l)
{
    uint64_t hash = mixed(l->part, line_group(l) == GROUP_WORKLOAD ? l->workload : NO_INDEX);
    hash = mixed(hash, l->offer);
    return mixed(hash, l->dataset);
}

static size_t *sum_slot(const struct sums *s, const struct ledger_line *l)
{
    size_t i = (size_t)line_hash(l) & (s->n_slots - 1);
    while (s->slots[i] && line_cmp(s->items[s->slots[i] - 1].line, l))
        i = (i + 1) & (s->n_slots - 1);
    return &s->slots[i];
}

static void sums_grow(struct sums *s, struct arena *scratch)
{
    if (s->n_slots > 2 * s->n) return;
    s->n_slots = s->n_slots ? 2 * s->n_slots : 256;
    s->slots = ARENA_NEW(scratch, size_t, s->n_slots);
    for (size_t i = 0; i < s->n; i++) *sum_slot(s, s->items[i].line) = i + 1;
}

static int sum_cmp(const void *left, const void *right)
{
    const struct sum *a = left, *b = right;
    return line_cmp(a->line, b->line);
}

/* The ledger's lines added up, in the order of the summary. False: an amount does not fit. */
static bool sums_make(struct sums *s, const struct plan *p, struct arena *scratch)
{
    *s = (struct sums){0};
    for (size_t i = 0; i < p->n_ledger; i++) {
        const struct ledger_line *l = &p->ledger[i];
        sums_grow(s, scratch);
        size_t *slot = sum_slot(s, l);
        if (*slot == 0) {
            *ARENA_PUSH(scratch, s->items, s->n) = (struct sum){.line = l};
            *slot = s->n;
        }
        struct sum *sum = &s->items[*slot - 1];
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a slot that is taken has its item */
        sum->quantity += (double)l->quantity / (double)l->quantity_den;
        sum->estimated = sum->estimated || l->estimated;
        if (!money_add(&sum->amount, l->amount)) return false;
    }
    if (s->n > 0) qsort(s->items, s->n, sizeof *s->items, sum_cmp);
    return true;
}

/* Groups of lines. False: they do not add up to the cost. */
static bool groups_fill(struct summary *s, const struct sums *sums, const long *peaks,
                        struct arena *a)
{
    s->groups = ARENA_NEW(a, struct summary_group, sums->n + 1);
    struct summary_line *all = ARENA_NEW(a, struct summary_line, sums->n + 1);
    micro_t total = 0;
    for (size_t i = 0; i < sums->n; i++) {
        const struct sum *sum = &sums->items[i];
        const struct ledger_line *l = sum->line;
        if (i == 0 || !same_group(sums->items[i - 1].line, l)) {
            const enum group_kind kind = line_group(l);
            s->groups[s->n_groups++] =
                (struct summary_group){.kind = kind,
                                       .workload = kind == GROUP_WORKLOAD ? l->workload : NO_INDEX,
                                       .lines = &all[i]};
        }
        struct summary_group *g = &s->groups[s->n_groups - 1];
        g->n_lines++;
        all[i] = line_start(s->plan, l, peaks);
        all[i].quantity = sum->quantity;
        all[i].estimated = sum->estimated;
        all[i].amount = sum->amount;
        if (!money_add(&g->amount, sum->amount) || !money_add(&total, sum->amount)) return false;
    }
    return total == s->cost;
}

/* The ledger as groups of lines, and how many machines run at most. */
static bool ledger_summed(struct summary *s, struct arena *a)
{
    struct arena *scratch = arena_new();
    struct sums sums;
    long peak;
    const long *peaks = peaks_make(&peak, s->plan, scratch);
    s->machines = peak;
    const bool fits = sums_make(&sums, s->plan, scratch) && groups_fill(s, &sums, peaks, a);
    arena_free(scratch);
    return fits;
}

static void finishes_fill(struct summary *s, struct arena *a)
{
    const struct plan *p = s->plan;
    s->finishes = ARENA_NEW(a, struct summary_finish, p->scenario->n_workloads + 1);
    for (size_t i = 0; i < p->demands->n; i++) {
        const struct demand_outcome *o = &p->outcomes[i];
        struct summary_finish *f = &s->finishes[workload_of(p, i)];
        if (f->n_jobs == 0 || o->finish_us > f->finish_us) {
            f->finish_us = o->finish_us;
            f->due_us = p->demands->items[i].due_us;
        }
        f->n_jobs++;
        f->n_late += o->late_us > 0;
        if (o->late_us > f->late_us) f->late_us = o->late_us;
        if (o->finish_us > s->finish_us) s->finish_us = o->finish_us;
        if (o->late_us > s->late_us) s->late_us = o->late_us;
    }
}

/* The limit in micro-units of the run's currency. */
static bool budget_limit(micro_t *limit, const struct scenario *sc, const struct money *m)
{
    struct ratio amount = m->amount;
    if (m->currency == CURRENCY_USD && sc->currency == CURRENCY_CNY &&
        (!sc->has_fx || !ratio_mul(&amount, amount, sc->fx_usd)))
        return false;
    if (m->currency == CURRENCY_CNY && sc->currency == CURRENCY_USD &&
        (!sc->has_fx || !ratio_div(&amount, amount, sc->fx_usd)))
        return false;
    return money_amount(limit, amount, 1, 1);
}

/* Ledger of an owner (NULL: all) in a month (-1: all). */
static micro_t ledger_sum(const struct plan *p, const char *owner, int month)
{
    micro_t sum = 0;
    for (size_t i = 0; i < p->n_ledger; i++) {
        const struct ledger_line *l = &p->ledger[i];
        if (month >= 0 && l->month != month) continue;
        if (owner && (!l->owner || strcmp(owner, l->owner) != 0)) continue;
        if (!money_add(&sum, l->amount)) return INT64_MAX;
    }
    return sum;
}

static enum budget_state budget_judge(const struct summary_budget *b)
{
    if (b->planned > b->limit) return BUDGET_OVER;
    return b->warn_at > 0 && (double)b->planned > b->warn_at * (double)b->limit ? BUDGET_WARN
                                                                                : BUDGET_OK;
}

static void budget_add(struct summary *s, const char *owner, const struct optional_money *money)
{
    const struct plan *p = s->plan;
    struct summary_budget b = {.owner = owner, .warn_at = p->scenario->warn_at};
    if (!money->given || !budget_limit(&b.limit, p->scenario, &money->money)) return;
    if (money->money.per == PER_MONTH) {
        for (size_t month = 0; month < p->n_months; month++) {
            const micro_t planned = ledger_sum(p, owner, (int)month);
            if (b.month && planned <= b.planned) continue;
            b.month = p->months[month];
            b.planned = planned;
        }
    } else {
        b.planned = ledger_sum(p, owner, -1);
    }
    b.state = budget_judge(&b);
    s->budgets[s->n_budgets++] = b;
}

static void budgets_fill(struct summary *s, struct arena *a)
{
    const struct scenario *sc = s->plan->scenario;
    s->budgets = ARENA_NEW(a, struct summary_budget, sc->n_owner_budgets + 1);
    budget_add(s, NULL, &sc->budget);
    for (size_t i = 0; i < sc->n_owner_budgets; i++)
        budget_add(s, sc->owner_budgets[i].owner, &sc->owner_budgets[i].limit);
}

enum err summary_make(struct summary *s, const struct plan *p, struct arena *a, struct diag *d)
{
    *s = (struct summary){.plan = p,
                          .status = plan_status_word(plan_told(p)),
                          .has_plan = p->status == PLAN_OPTIMAL || p->status == PLAN_FEASIBLE};
    if (!s->has_plan) return OK;
    s->cost = p->cost;
    s->estimated = p->estimated;
    s->bound = p->bound;
    s->gap = p->gap;
    s->whole_bound = p->whole_bound;
    s->whole_gap = s->cost > 0
                       ? fmax(0, ((double)s->cost / 1e6 - p->whole_bound) / ((double)s->cost / 1e6))
                       : 0;
    s->estimated_share = p->cost > 0 ? (double)p->estimated / (double)p->cost : 0;
    s->machine_h = p->machine_h;
    if (!ledger_summed(s, a))
        return diag_error(d, ERR_INTERNAL, (struct place){0},
                          _("the ledger does not add up to the cost of the plan"));
    service_groups_add(s, a);
    finishes_fill(s, a);
    budgets_fill(s, a);
    return OK;
}

bool summary_figure(double *value, const struct summary *s, const char *name)
{
    const double values[] = {(double)s->cost / 1e6, s->bound, s->gap, s->machine_h,
                             s->estimated_share};
    for (size_t i = 0; summary_figures[i] && s->has_plan; i++) {
        if (strcmp(name, summary_figures[i]) != 0) continue;
        *value = values[i];
        return true;
    }
    return false;
}

#include "solver/lever.h"
#include "common/node.h"
#include "common/text.h"
#include <math.h>
#include <string.h>

#define LISTED_STOCK "stock.from_csv"

struct maker {
    const struct scenario *scenario;
    const double *gamma;
    struct arena *arena;
    struct lever *list;
    size_t n;
};

static void add(struct maker *m, struct lever l)
{
    *ARENA_PUSH(m->arena, m->list, m->n) = l;
}

static const char *limit_key(const char *block, const struct limit *l, struct arena *a)
{
    const bool placed = l->place_name && *l->place_name;
    return arena_printf(a, "%s%s%s.%s%s%s", block, l->owner ? "_by." : "", l->owner ? l->owner : "",
                        l->name, placed ? "@" : "", placed ? l->place_name : "");
}

static void add_limits(struct maker *m, enum lever_kind kind, const struct limit *list, size_t n)
{
    const char *block = kind == LEVER_QUOTA ? "quota" : "stock";
    for (size_t i = 0; i < n; i++)
        add(m, (struct lever){.kind = kind,
                              .index = i,
                              .key = limit_key(block, &list[i], m->arena),
                              .at = list[i].at,
                              .stepped = true});
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_stock(const struct stock_step *a, const struct stock_step *b)
{
    return same_text(a->name, b->name) && same_text(a->place_name, b->place_name);
}

static void add_steps(struct maker *m)
{
    const struct scenario *s = m->scenario;
    for (size_t i = 0; i < s->n_stock_steps; i++) {
        size_t first = 0;
        while (!same_stock(&s->stock_steps[first], &s->stock_steps[i])) first++;
        if (first != i) continue;
        const struct limit as_limit = {.name = s->stock_steps[i].name,
                                       .place_name = s->stock_steps[i].place_name};
        add(m, (struct lever){.kind = LEVER_STOCK_STEPS,
                              .index = i,
                              .key = limit_key("stock", &as_limit, m->arena),
                              .at = s->stock_steps[i].at,
                              .stepped = true,
                              .listed = true});
    }
}

/* One that stands in the workload, or may stand in the rows of its job list. */
static void add_key(struct maker *m, enum lever_kind kind, size_t i, const char *key)
{
    const struct workload *w = &m->scenario->workloads[i];
    const struct place at = scenario_place(m->scenario, "workloads.%s.%s", w->name, key);
    const bool raised =
        kind == LEVER_DEADLINE || kind == LEVER_WIDTH || kind == LEVER_SHARE || kind == LEVER_FLEET;
    const bool listed = w->from_csv && kind <= LEVER_SHARE;
    add(m, (struct lever){.kind = kind,
                          .index = i,
                          .key = arena_printf(m->arena, "workloads.%s.%s", w->name, key),
                          .at = at.source ? at : w->at,
                          .stepped = raised && (!listed || kind == LEVER_DEADLINE),
                          .listed = listed});
}

/* Kinds of work whose demand comes with its load. */
static bool is_service(const struct workload *w)
{
    return w->has_load || w->seats > 0;
}

static void add_batch(struct maker *m, size_t i)
{
    const struct workload *w = &m->scenario->workloads[i];
    const bool list = w->from_csv, spot = w->markets & 1U << MARKET_SPOT;
    if (w->has_deadline || list) add_key(m, LEVER_DEADLINE, i, "window.deadline");
    if (w->max_workers > 0 || list) add_key(m, LEVER_WIDTH, i, "resources.max_workers");
    if (spot && (w->spot_max_share < 1 || list)) add_key(m, LEVER_SHARE, i, "spot_max_share");
    if (w->has_hours) add_key(m, LEVER_HOURS, i, "window.hours");
    if (w->days != DAYS_ALL) add_key(m, LEVER_DAYS, i, "window.days");
    if (m->gamma && m->gamma[i] < 1) add_key(m, LEVER_CONFIDENCE, i, "window.confidence");
}

static void add_workload(struct maker *m, size_t i)
{
    const struct workload *w = &m->scenario->workloads[i];
    const unsigned as_you_go = 1U << MARKET_ON_DEMAND | 1U << MARKET_AUTOSCALED;
    if (!is_service(w)) add_batch(m, i);
    if (is_service(w) && w->autoscale_max > 0) add_key(m, LEVER_FLEET, i, "autoscale.max");
    if (is_service(w) && w->spot_max_share < 1) add_key(m, LEVER_SHARE, i, "spot_max_share");
    if (!(w->markets & as_you_go)) add_key(m, LEVER_MARKET, i, "purchase");
    if (w->interconnect == INTERCONNECT_NVLINK)
        add_key(m, LEVER_NVLINK, i, "resources.interconnect");
}

static void add_datasets(struct maker *m)
{
    const struct scenario *s = m->scenario;
    for (size_t i = 0; i < s->n_datasets; i++) {
        const struct dataset *x = &s->datasets[i];
        if (x->classes.n == 0) continue;
        const bool list = scenario_place(s, "storage.%s.classes", x->name).source;
        add(m, (struct lever){.kind = LEVER_CLASS,
                              .index = i,
                              .key = arena_printf(m->arena, "storage.%s.%s", x->name,
                                                  list ? "classes" : "class"),
                              .at = x->at});
    }
}

struct lever *levers_of(size_t *n, const struct scenario *s, const double *gamma, struct arena *a)
{
    struct maker m = {.scenario = s, .gamma = gamma, .arena = a};
    if (s->budget.given)
        add(&m,
            (struct lever){
                .kind = LEVER_BUDGET, .key = "budget.limit", .at = s->budget.at, .stepped = true});
    for (size_t i = 0; i < s->n_owner_budgets; i++)
        if (s->owner_budgets[i].limit.given)
            add(&m,
                (struct lever){.kind = LEVER_OWNER_BUDGET,
                               .index = i,
                               .key = arena_printf(a, "budget.by.%s", s->owner_budgets[i].owner),
                               .at = s->owner_budgets[i].limit.at,
                               .stepped = true});
    add_limits(&m, LEVER_QUOTA, s->quota, s->n_limits);
    add_limits(&m, LEVER_STOCK, s->stock, s->n_stock);
    add_steps(&m);
    for (size_t i = 0; i < s->n_workloads; i++) add_workload(&m, i);
    add_datasets(&m);
    *n = m.n;
    return m.list;
}

/* --- changing --- */

static enum currency run_currency(const struct scenario *s)
{
    return s->currency == CURRENCY_DEFAULT ? CURRENCY_CNY : s->currency;
}

/* In the currency of the run. */
static double money_value(const struct scenario *s, const struct money *m)
{
    const enum currency run = run_currency(s);
    const enum currency own = m->currency == CURRENCY_DEFAULT ? run : m->currency;
    const double amount = ratio_value(m->amount);
    if (own == run) return amount;
    return own == CURRENCY_USD ? amount * ratio_value(s->fx_usd) : amount / ratio_value(s->fx_usd);
}

static const struct optional_money *budget_of(const struct scenario *s, const struct lever *l)
{
    return l->kind == LEVER_BUDGET ? &s->budget : &s->owner_budgets[l->index].limit;
}

/* Rounded up to a hundredth. */
static double raised_money(const struct scenario *s, const struct optional_money *m, double by)
{
    return ceil((money_value(s, &m->money) + by) * 100 - 1e-6) / 100;
}

static void change_budget(struct scenario *s, const struct lever *l, struct lever_change c)
{
    struct optional_money *m =
        l->kind == LEVER_BUDGET ? &s->budget : &s->owner_budgets[l->index].limit;
    if (c.how == LEVER_DROPPED) {
        m->given = false;
        return;
    }
    const double value = raised_money(s, m, c.by);
    m->money.currency = run_currency(s);
    m->money.amount = (struct ratio){llround(value * 100), 100};
}

/* A limit that is left out is marked, and taken out at the end: indices stay what they are until then. */
enum { LEFT_OUT = -1 };

static void change_limit(struct limit *l, struct lever_change c)
{
    l->count = c.how == LEVER_DROPPED ? LEFT_OUT : l->count + lround(c.by);
}

static void change_steps(struct scenario *s, size_t first, struct lever_change c)
{
    const struct stock_step like = s->stock_steps[first];
    for (size_t i = 0; i < s->n_stock_steps; i++)
        if (same_stock(&s->stock_steps[i], &like))
            s->stock_steps[i].available =
                c.how == LEVER_DROPPED ? LEFT_OUT : s->stock_steps[i].available + c.by;
}

static void change_deadline(struct workload *w, struct lever_change c)
{
    if (c.how == LEVER_DROPPED || w->from_csv)
        w->loose.later_h = c.how == LEVER_DROPPED ? (double)INFINITY : c.by;
    else if (w->deadline_is_moment)
        w->deadline += llround(c.by * (double)US_PER_H);
    else
        w->deadline_h += c.by;
}

static void change_share(struct workload *w, struct lever_change c)
{
    w->loose.any_share = c.how == LEVER_DROPPED;
    w->spot_max_share = c.how == LEVER_DROPPED ? 1 : fmin(1, w->spot_max_share + c.by / 100);
}

static void change_width(struct workload *w, struct lever_change c)
{
    w->loose.any_width = c.how == LEVER_DROPPED;
    if (c.how == LEVER_RAISED) w->max_workers += lround(c.by);
}

static void change_workload(struct workload *w, const struct lever *l, struct lever_change c)
{
    switch (l->kind) {
    case LEVER_DEADLINE:
        change_deadline(w, c);
        break;
    case LEVER_WIDTH:
        change_width(w, c);
        break;
    case LEVER_SHARE:
        change_share(w, c);
        break;
    case LEVER_FLEET:
        w->autoscale_max = c.how == LEVER_DROPPED ? 0 : w->autoscale_max + lround(c.by);
        break;
    case LEVER_HOURS:
        w->has_hours = false;
        break;
    case LEVER_DAYS:
        w->days = DAYS_ALL;
        break;
    case LEVER_MARKET:
        w->markets |= 1U << MARKET_ON_DEMAND;
        break;
    case LEVER_NVLINK:
        w->interconnect = INTERCONNECT_ANY;
        break;
    default:
        break;
    }
}

static void change_make(struct scenario *s, double *gamma, const struct lever *l,
                        struct lever_change c)
{
    switch (l->kind) {
    case LEVER_BUDGET:
    case LEVER_OWNER_BUDGET:
        change_budget(s, l, c);
        break;
    case LEVER_QUOTA:
        change_limit(&s->quota[l->index], c);
        break;
    case LEVER_STOCK:
        change_limit(&s->stock[l->index], c);
        break;
    case LEVER_STOCK_STEPS:
        change_steps(s, l->index, c);
        break;
    case LEVER_CLASS:
        s->datasets[l->index].classes = (struct text_list){0};
        break;
    case LEVER_CONFIDENCE:
        gamma[l->index] = 1;
        break;
    default:
        change_workload(&s->workloads[l->index], l, c);
    }
}

static size_t keep_limits(struct limit *list, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (list[i].count != LEFT_OUT) list[kept++] = list[i];
    return kept;
}

static void take_out(struct scenario *s)
{
    s->n_limits = keep_limits(s->quota, s->n_limits);
    s->n_stock = keep_limits(s->stock, s->n_stock);
    size_t kept = 0;
    for (size_t i = 0; i < s->n_stock_steps; i++)
        if (s->stock_steps[i].available >= 0) s->stock_steps[kept++] = s->stock_steps[i];
    s->n_stock_steps = kept;
}

#define COPY(a, list, n)                                                                           \
    (memcpy(arena_alloc(a, (n) + 1, sizeof *(list)), list, (n) * sizeof *(list)))

/* An own copy of every list that a lever writes into. */
static struct scenario *scenario_copy(const struct scenario *s, struct arena *a)
{
    struct scenario *own = ARENA_NEW(a, struct scenario, 1);
    *own = *s;
    if (s->n_limits) own->quota = COPY(a, s->quota, s->n_limits);
    if (s->n_stock) own->stock = COPY(a, s->stock, s->n_stock);
    if (s->n_stock_steps) own->stock_steps = COPY(a, s->stock_steps, s->n_stock_steps);
    if (s->n_owner_budgets) own->owner_budgets = COPY(a, s->owner_budgets, s->n_owner_budgets);
    if (s->n_workloads) own->workloads = COPY(a, s->workloads, s->n_workloads);
    if (s->n_datasets) own->datasets = COPY(a, s->datasets, s->n_datasets);
    return own;
}

struct changed_scenario levers_apply(const struct scenario *s, const double *gamma,
                                     const struct lever *levers, const struct lever_change *changes,
                                     size_t n, struct arena *a)
{
    struct scenario *own = scenario_copy(s, a);
    double *own_gamma = gamma ? COPY(a, gamma, s->n_workloads) : NULL;
    for (size_t i = 0; i < n; i++)
        if (changes[i].how != LEVER_KEPT) change_make(own, own_gamma, &levers[i], changes[i]);
    take_out(own);
    return (struct changed_scenario){own, own_gamma};
}

/* --- in words --- */

static const char *hours_text(double hours, struct arena *a)
{
    const int64_t us = llround(hours * (double)US_PER_H), minute = US_PER_H / 60;
    if (us % minute) return arena_printf(a, "%.15gh", hours);
    if (us % US_PER_H) return arena_printf(a, "%lldmin", (long long)(us / minute));
    const long long h = us / US_PER_H;
    return h % 24 ? arena_printf(a, "%lldh", h) : arena_printf(a, "%lldd", h / 24);
}

static const char *deadline_text(const struct workload *w, double by, struct arena *a)
{
    char text[64];
    if (!w->deadline_is_moment) return hours_text(w->deadline_h + by, a);
    return arena_strdup(
        a, moment_print(text, sizeof text, w->deadline + llround(by * (double)US_PER_H)));
}

static const char *markets_text(unsigned chosen, struct arena *a)
{
    const char *text = "";
    for (int i = 0; i < N_MARKETS; i++)
        if (chosen & 1U << i)
            text = arena_printf(a, "%s%s%s", text, *text ? ", " : "",
                                market_by_id((enum market_id)i)->name);
    return arena_printf(a, "[%s]", text);
}

static const char *budget_text(const struct scenario *s, const struct lever *l, double by,
                               struct arena *a)
{
    const struct optional_money *m = budget_of(s, l);
    return arena_printf(a, "%s %.2f%s", run_currency(s) == CURRENCY_USD ? "USD" : "CNY",
                        raised_money(s, m, by), m->money.per == PER_MONTH ? "/month" : "");
}

static const char *workload_text(const struct workload *w, const struct lever *l, double by,
                                 struct arena *a)
{
    switch (l->kind) {
    case LEVER_DEADLINE:
        return deadline_text(w, by, a);
    case LEVER_WIDTH:
        return arena_printf(a, "%ld", w->max_workers + lround(by));
    case LEVER_SHARE:
        return arena_printf(a, "%.15g%%", fmin(100, 100 * w->spot_max_share + by));
    case LEVER_FLEET:
        return arena_printf(a, "%ld", w->autoscale_max + lround(by));
    case LEVER_MARKET:
        return markets_text(w->markets, a);
    case LEVER_CONFIDENCE:
        return arena_printf(a, "%.15g%%", 100 * w->confidence);
    default:
        return NULL;
    }
}

const char *lever_text(const struct scenario *s, const struct lever *l, double by, struct arena *a)
{
    if (l->listed) return NULL;
    switch (l->kind) {
    case LEVER_BUDGET:
    case LEVER_OWNER_BUDGET:
        return budget_text(s, l, by, a);
    case LEVER_QUOTA:
        return arena_printf(a, "%ld", s->quota[l->index].count + lround(by));
    case LEVER_STOCK:
        return arena_printf(a, "%ld", s->stock[l->index].count + lround(by));
    case LEVER_STOCK_STEPS:
    case LEVER_CLASS:
        return NULL;
    default:
        return workload_text(&s->workloads[l->index], l, by, a);
    }
}

/* The value that leaves the limit out. */
static const char *dropped_text(const struct scenario *s, const struct lever *l, struct arena *a)
{
    switch (l->kind) {
    case LEVER_SHARE:
        return "100%";
    case LEVER_HOURS:
        return "00:00-24:00";
    case LEVER_DAYS:
        return "all";
    case LEVER_MARKET:
        return markets_text(s->workloads[l->index].markets | 1U << MARKET_ON_DEMAND, a);
    case LEVER_NVLINK:
        return "any";
    case LEVER_CLASS:
        return strstr(l->key, ".classes") ? NULL : "any";
    default:
        return NULL;
    }
}

const char *lever_option(const struct scenario *s, const struct lever *l, struct lever_change c,
                         struct arena *a)
{
    if (l->listed || c.how == LEVER_KEPT) return NULL;
    const char *value = c.how == LEVER_RAISED ? lever_text(s, l, c.by, a) : dropped_text(s, l, a);
    if (!value) return NULL;
    const bool quoted = strpbrk(value, " :-") && *value != '[';
    return arena_printf(a, quoted ? "%s=\"%s\"" : "%s=%s", l->key, value);
}

double lever_money(const struct scenario *s, const struct lever *l)
{
    return money_value(s, &budget_of(s, l)->money);
}

double lever_room(const struct scenario *s, const struct lever *l)
{
    const double length_h = (double)s->length_us / (double)US_PER_H;
    if (l->kind == LEVER_SHARE) return 100 * (1 - s->workloads[l->index].spot_max_share);
    return l->kind == LEVER_DEADLINE ? length_h : (double)INFINITY;
}

double lever_step(const struct scenario *s, const struct lever *l)
{
    return l->kind == LEVER_DEADLINE ? (double)s->step_us / (double)US_PER_H : 1;
}

/* Of a limit: GPUs of a model, or machines of a type. */
static const char *counted_unit(const struct price_book *b, const char *name)
{
    return book_gpu_find(b, name) == NO_GPU ? _("machine") : _("GPU");
}

const char *lever_unit(const struct scenario *s, const struct lever *l, const struct price_book *b)
{
    switch (l->kind) {
    case LEVER_BUDGET:
    case LEVER_OWNER_BUDGET:
        return run_currency(s) == CURRENCY_USD ? "USD" : "CNY";
    case LEVER_QUOTA:
        return counted_unit(b, s->quota[l->index].name);
    case LEVER_STOCK:
        return counted_unit(b, s->stock[l->index].name);
    case LEVER_STOCK_STEPS:
        return counted_unit(b, s->stock_steps[l->index].name);
    case LEVER_DEADLINE:
        return _("hours");
    case LEVER_SHARE:
        return _("percent");
    case LEVER_WIDTH:
        return _("worker");
    case LEVER_FLEET:
        return _("machine");
    default:
        return NULL;
    }
}

/* The machine choices of a plan, sorted and added up: what explain shows. */
#include "report/explain.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A machine that was paid before the plan begins costs nothing more. */
static bool is_sunk(const struct plan *p, size_t offer)
{
    for (size_t i = 0; i < p->n_subscriptions; i++)
        if (p->subscriptions[i].offer == offer && p->subscriptions[i].existing) return true;
    return p->offers[offer].market->id == MARKET_SAVINGS_PLAN;
}

/* The parts of an hour of useful work. Rework, restarts and checkpoints are paid hours without useful work; what waits
 * for data is paid in all of them and shown apart from the price. */
static struct explain_entry entry_of(const struct plan *p, size_t candidate)
{
    const struct candidate *c = &p->candidates[candidate];
    const struct offer *o = &p->offers[c->offer];
    const bool service = c->shape == NO_INDEX;
    struct explain_entry e = {.candidate = candidate, .sunk = is_sunk(p, c->offer), .n_places = 1};
    double paid = c->price_part + c->rework_part;
    if (o->market->prepaid && !e.sunk && !service)
        paid = o->price / (c->fit.used * c->fit.speed * c->useful.u * c->stall);
    e.checkpoints = paid * c->useful.checkpoint_share;
    e.rework = service ? c->rework_part : paid * (c->useful.lost_share + c->useful.restart_share);
    const double useful = paid - e.checkpoints - e.rework;
    e.price = useful * c->stall;
    e.waiting = useful - e.price;
    e.licence = c->licence_part;
    e.disk = c->disk_part;
    e.cost = paid + e.licence + e.disk;
    return e;
}

/* Single requests cost too little to read. */
static void entry_scale(struct explain_entry *e, double factor)
{
    double *const parts[] = {&e->cost,        &e->price,   &e->waiting, &e->rework,
                             &e->checkpoints, &e->licence, &e->disk};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) *parts[i] *= factor;
}

static double unit_factor(const struct explain_shape *s)
{
    return s->service && s->service->rule != RULE_BLOCKING ? 1000 : 1;
}

static bool same_way(const struct plan *p, const struct candidate *a, const struct candidate *b)
{
    const struct offer *x = &p->offers[a->offer], *y = &p->offers[b->offer];
    return x->type == y->type && x->market == y->market &&
           (x->protected_h > 0) == (y->protected_h > 0) && x->term_h == y->term_h &&
           is_sunk(p, a->offer) == is_sunk(p, b->offer);
}

/* The same offer is a candidate once for each place where the datasets could lie. */
static void entry_add(struct explain_shape *s, const struct plan *p, size_t candidate,
                      struct arena *a)
{
    struct explain_entry e = entry_of(p, candidate);
    entry_scale(&e, unit_factor(s));
    const struct candidate *c = &p->candidates[candidate];
    for (size_t i = 0; i < s->n_entries; i++) {
        struct explain_entry *old = &s->entries[i];
        const struct candidate *known = &p->candidates[old->candidate];
        const bool same_offer = known->offer == c->offer;
        if (!same_offer && (known->chosen || c->chosen || !same_way(p, known, c))) continue;
        const size_t n = old->n_places + !same_offer;
        const bool better =
            same_offer && known->chosen != c->chosen ? c->chosen : e.cost < old->cost;
        if (better) *old = e;
        old->n_places = n;
        return;
    }
    *ARENA_PUSH(a, s->entries, s->n_entries) = e;
}

static bool same_place(struct place a, struct place b)
{
    return a.source == b.source && a.line == b.line && a.column == b.column;
}

static void loss_add(struct explain_shape *s, const char *reason, struct place at, struct arena *a)
{
    for (size_t i = 0; i < s->n_losses; i++) {
        if (strcmp(s->losses[i].reason, reason) != 0 || !same_place(s->losses[i].at, at)) continue;
        s->losses[i].n_offers++;
        return;
    }
    *ARENA_PUSH(a, s->losses, s->n_losses) =
        (struct explain_loss){.reason = reason, .at = at, .n_offers = 1};
}

/* A market that is closed says little about a machine that would not do anyway. */
static bool misfits(const struct candidate *c)
{
    return !c->usable && !c->fit.ok && c->checks <= 1;
}

const char *explain_reason(const struct candidate *c)
{
    return misfits(c) ? c->fit.reason : c->reason;
}

struct place explain_place(const struct plan *p, const struct candidate *c)
{
    const struct workload *w = &p->scenario->workloads[c->workload];
    const enum market_id market = p->offers[c->offer].market->id;
    if (misfits(c)) return c->fit.reason_at;
    if (c->checks > 0 || w->markets & 1U << market) return (struct place){0};
    return scenario_place(p->scenario, "workloads.%s.purchase", w->name);
}

struct order {
    const struct plan *plan;
};

static int entry_order(const void *x, const void *y, void *context)
{
    const struct plan *p = ((const struct order *)context)->plan;
    const struct explain_entry *a = x, *b = y;
    const int chosen =
        (int)p->candidates[b->candidate].chosen - (int)p->candidates[a->candidate].chosen;
    if (chosen) return chosen;
    if (a->cost != b->cost) return a->cost < b->cost ? -1 : 1;
    return (a->candidate > b->candidate) - (a->candidate < b->candidate);
}

static int loss_order(const void *x, const void *y)
{
    const struct explain_loss *a = x, *b = y;
    if (a->n_offers != b->n_offers) return a->n_offers > b->n_offers ? -1 : 1;
    return strcmp(a->reason, b->reason);
}

/* Types that would do, had they a price: of the others the reason is said where they are offered. */
static void missing_add(struct explain_shape *s, const struct plan *p, struct arena *a)
{
    const struct shape *shape = s->of;
    size_t last = SIZE_MAX;
    bool fits = false;
    for (size_t i = 0; i < p->n_missing; i++) {
        const struct no_offer *m = &p->missing[i];
        if (!(shape->workload->markets & 1U << m->market->id)) continue;
        if (m->type != last) fits = fit_check(shape, book_type(p->book, m->type), p->book, a).ok;
        last = m->type;
        if (!fits) continue;
        loss_add(s, arena_printf(a, "%s: %s", _(m->market->label), m->reason), (struct place){0},
                 a);
    }
}

static void shape_fill(struct explain_shape *s, const struct plan *p, struct arena *a)
{
    bool *told = ARENA_NEW(a, bool, p->n_offers + 1);
    for (size_t i = 0; i < p->n_candidates; i++) {
        const struct candidate *c = &p->candidates[i];
        if (c->workload != s->workload || c->shape != s->shape) continue;
        if (c->usable)
            entry_add(s, p, i, a);
        else if (!told[c->offer])
            loss_add(s, explain_reason(c), explain_place(p, c), a);
        told[c->offer] = true;
    }
    missing_add(s, p, a);
    struct order order = {p};
    if (s->n_entries) qsort_r(s->entries, s->n_entries, sizeof *s->entries, entry_order, &order);
    if (s->n_losses) qsort(s->losses, s->n_losses, sizeof *s->losses, loss_order);
    while (s->n_chosen < s->n_entries && p->candidates[s->entries[s->n_chosen].candidate].chosen)
        s->n_chosen++;
}

struct explain_shape *explain_shapes(size_t *n, const struct plan *p, size_t workload,
                                     struct arena *a)
{
    const struct workload *w = &p->scenario->workloads[workload];
    struct explain_shape *list = NULL;
    *n = 0;
    for (size_t i = 0; i < p->demands->n_shapes; i++) {
        const struct shape *shape = &p->demands->shapes[i];
        if (shape->workload != w) continue;
        struct explain_shape *s = ARENA_PUSH(a, list, *n);
        *s = (struct explain_shape){.workload = workload, .shape = i, .of = shape};
        for (size_t k = 0; k < p->demands->n; k++) s->n_jobs += p->demands->items[k].shape == shape;
    }
    for (size_t i = 0; p->services && i < p->services->n; i++) {
        const struct service *service = &p->services->items[i];
        if (service->shape->workload != w) continue;
        *ARENA_PUSH(a, list, *n) = (struct explain_shape){
            .workload = workload, .shape = NO_INDEX, .of = service->shape, .service = service};
    }
    for (size_t i = 0; i < *n; i++) shape_fill(&list[i], p, a);
    return list;
}

bool explain_concerns(const struct plan *p, size_t workload, const struct commitment_outcome *c)
{
    const bool plan = c->offer == NO_INDEX;
    for (size_t i = 0; i < p->n_candidates; i++) {
        const struct candidate *x = &p->candidates[i];
        if (x->workload != workload || !x->usable) continue;
        const struct offer *o = &p->offers[x->offer];
        if (plan ? o->market->id == MARKET_SAVINGS_PLAN
                 : o->type == p->offers[c->offer].type && o->market == p->offers[c->offer].market &&
                       strcmp(o->region, p->offers[c->offer].region) == 0)
            return true;
    }
    return false;
}

const char *explain_unit(const struct plan *p, const struct explain_shape *s, struct arena *a)
{
    if (s->service && s->service->rule != RULE_BLOCKING) return _("1,000 requests at the peak");
    if (s->service && s->service->seats > 0) return _("hour of a busy seat at the peak");
    if (s->service) return _("hour of a session at the peak");
    if (s->of->cpu) return _("vCPU-hour");
    if (s->of->reference_gpu == NO_GPU) return _("GPU-hour");
    return arena_printf(a, _("%s-hour"), book_gpu(p->book, s->of->reference_gpu)->name);
}

/* Byte of the text at which line `line`, column `column` (code points, both from 1) begins. */
static const char *position(const char *text, size_t line, size_t column)
{
    for (size_t i = 1; i < line && *text; i++) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    for (size_t i = 1; i < column && *text && *text != '\n'; i++) do
            text++;
        while (((unsigned char)*text & 0xC0U) == 0x80U);
    return text;
}

/* Length of a value as written: to the next comma or closing bracket of its own level, or to the end of the line. */
static size_t value_bytes(const char *value)
{
    long depth = 0;
    size_t n = 0;
    for (; value[n] && value[n] != '\n' && value[n] != '\r'; n++) {
        const char c = value[n];
        if (c == '{' || c == '[') depth++;
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) break;
        if (c == '}' || c == ']') depth--;
        if (c == '#' && n > 0 && value[n - 1] == ' ') break;
    }
    while (n && (value[n - 1] == ' ' || value[n - 1] == '\t')) n--;
    return n;
}

const char *explain_line(const struct plan *p, struct place at, struct arena *a)
{
    if (!at.source || !at.line || !at.source->text) return place_label(a, at);
    const char *where = strcmp(at.source->path, p->scenario->path) == 0
                            ? arena_printf(a, _("line %zu"), at.line)
                            : place_label(a, at);
    const char *value = position(at.source->text, at.line, at.column);
    const char *key = value;
    while (key > at.source->text && !strchr("\n{,[", key[-1])) key--;
    key += strspn(key, " \t-");
    if (key > value) key = value;
    const size_t bytes = (size_t)(value - key) + value_bytes(value);
    if (bytes == 0 || *value == '\n') return where;
    return arena_printf(a, "%s: %.*s", where, (int)bytes, key);
}

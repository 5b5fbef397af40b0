#include "report/pitfalls.h"
#include "report/wording.h"
#include "scenarios/kinds.h"
#include <math.h>
#include <string.h>

/* One machine choice that is used: what one workload pays for it. */
struct used {
    const struct candidate *candidate;
    const struct shape *shape;
    const struct workload *workload;
    const struct offer *offer;
    double amount; /* machines and starts of this offer, money */
};

struct view {
    const struct summary *summary;
    const struct plan *plan;
    struct arena *arena;
    struct diag *diag;
    size_t n_used;
    struct used *used;
};

/* What each workload pays for the machines of each offer, [workloads][offers] micro-units. */
static micro_t *amounts_make(const struct plan *p, struct arena *a)
{
    micro_t *amounts = ARENA_NEW(a, micro_t, p->scenario->n_workloads * p->n_offers + 1);
    for (size_t i = 0; i < p->n_ledger; i++) {
        const struct ledger_line *l = &p->ledger[i];
        const bool machines = l->part == PART_COMPUTE || l->part == PART_START;
        if (machines && l->workload != NO_INDEX && l->offer != NO_INDEX)
            amounts[l->workload * p->n_offers + l->offer] += l->amount;
    }
    return amounts;
}

/* The candidates that are used, once per workload and offer. */
static void used_make(struct view *v)
{
    const struct plan *p = v->plan;
    struct arena *scratch = arena_new();
    const micro_t *amounts = amounts_make(p, scratch);
    bool *told = ARENA_NEW(scratch, bool, p->scenario->n_workloads * p->n_offers + 1);
    for (size_t i = 0; i < p->n_candidates; i++) {
        const struct candidate *c = &p->candidates[i];
        const size_t at = c->workload * p->n_offers + c->offer;
        if (!c->chosen || told[at]) continue;
        told[at] = true;
        if (!c->usable || c->shape == SIZE_MAX) continue; /* services have none */
        *ARENA_PUSH(v->arena, v->used, v->n_used) =
            (struct used){c, &p->demands->shapes[c->shape], &p->scenario->workloads[c->workload],
                          &p->offers[c->offer], (double)amounts[at] / 1e6};
    }
    arena_free(scratch);
}

/* The next choice that is used; false at the end. */
static bool used_next(struct used *u, size_t *from, const struct view *v)
{
    if (*from >= v->n_used) return false;
    *u = v->used[(*from)++];
    return true;
}

static const struct instance_type *used_type(const struct view *v, const struct used *u)
{
    return book_type(v->plan->book, u->offer->type);
}

static const char *gpu_name(const struct view *v, size_t gpu)
{
    return book_gpu(v->plan->book, gpu)->name;
}

static const char *money(const struct view *v, double amount)
{
    return arena_printf(v->arena, "%s %s", currency_name(v->plan->scenario->currency),
                        number_text(v->arena, amount, amount < 1000 ? 2 : 0));
}

static void fix_or_off(const struct view *v, const char *fix, const char *name)
{
    diag_fix(v->diag, _("%s; --no-warning %s leaves this out"), fix, name);
}

static struct place gpu_place(const struct view *v, const struct workload *w)
{
    const struct place at =
        scenario_place(v->plan->scenario, "workloads.%s.resources.gpu", w->name);
    return at.source ? at : w->at;
}

/* ---- another card ---------------------------------------------------------------------------------- */

/* A card that would do the same work. */
struct other {
    size_t gpu; /* NO_GPU: none */
    double cost;
};

/* Money of the machine per hour of useful work of the reference card. */
static double own_cost(const struct used *u)
{
    const struct candidate *c = u->candidate;
    return u->offer->price / (c->fit.used * c->fit.speed * c->useful.u * c->stall);
}

/* The cheapest card with `wanted` features (of model `only`, or of any) on the market that is used, although the scenario
 * does not list it; everything else that a worker needs is checked. */
static struct other other_card(const struct view *v, const struct used *u, size_t only,
                               unsigned wanted)
{
    const struct plan *p = v->plan;
    struct workload w = *u->workload;
    struct shape shape = *u->shape;
    struct other best = {NO_GPU, INFINITY};
    w.gpus = w.instance_types = (struct text_list){0};
    shape.workload = &w;
    for (size_t i = 0; i < p->n_offers; i++) {
        const struct offer *o = &p->offers[i];
        const struct instance_type *t = book_type(p->book, o->type);
        if (o->market != u->offer->market || o->protected_h != u->offer->protected_h) continue;
        if (t->gpu == NO_GPU || (only != NO_GPU && t->gpu != only)) continue;
        if (wanted & ~t->features) continue;
        const struct fit fit = fit_check(&shape, t, p->book, v->arena);
        if (!fit.ok) continue;
        /* A slower card may miss what a service promises. */
        if (u->candidate->shape == NO_INDEX && fit.speed < u->candidate->fit.speed) continue;
        const double cost =
            o->price / (fit.used * fit.speed * u->candidate->useful.u * u->candidate->stall);
        if (cost < best.cost) best = (struct other){t->gpu, cost};
    }
    return best;
}

enum { WORTH_PERCENT = 2 }; /* a smaller difference is no warning */

static bool is_worth(const struct other *o, const struct used *u)
{
    return o->gpu != NO_GPU && u->amount > 0 && !u->offer->market->prepaid &&
           o->cost * 100 < own_cost(u) * (100 - WORTH_PERCENT);
}

static double saved(const struct other *o, const struct used *u)
{
    return u->amount * (1 - o->cost / own_cost(u));
}

static void check_t4(const struct view *v, const char *name)
{
    const size_t t4 = book_gpu_find(v->plan->book, "T4-16GB");
    const size_t a10 = book_gpu_find(v->plan->book, "A10-24GB");
    struct used u;
    for (size_t i = 0; t4 != NO_GPU && a10 != NO_GPU && used_next(&u, &i, v);) {
        if (used_type(v, &u)->gpu != t4) continue;
        const struct other other = other_card(v, &u, a10, 0);
        if (!is_worth(&other, &u)) continue;
        diag_warning(v->diag, WARN_T4_DEARER, gpu_place(v, u.workload),
                     _("%s runs on T4-16GB at %.2f per unit of work; A10-24GB would do it at %.2f, "
                       "%s less in all"),
                     u.workload->name, own_cost(&u), other.cost, money(v, saved(&other, &u)));
        fix_or_off(v, _("allow A10-24GB in resources.gpu"), name);
    }
}

/* What a kind of graphics cannot do without. */
static unsigned graphics_need(const struct workload *w)
{
    if (strcmp(w->kind->name, "render_offline") == 0) return FEATURE_RT_CORES;
    if (strcmp(w->kind->name, "render_realtime") == 0) return FEATURE_NVENC;
    return strcmp(w->kind->name, "cad") == 0 ? FEATURE_RT_CORES : 0;
}

static void check_graphics(const struct view *v, const char *name)
{
    struct used u;
    for (size_t i = 0; used_next(&u, &i, v);) {
        const struct instance_type *t = used_type(v, &u);
        const unsigned need = graphics_need(u.workload);
        if (t->gpu == NO_GPU || !(need & ~t->features)) continue;
        const struct other other = other_card(v, &u, NO_GPU, need);
        if (!is_worth(&other, &u)) continue;
        diag_warning(v->diag, WARN_GRAPHICS, gpu_place(v, u.workload),
                     _("%s draws on %s, which has no %s: %s would do the same work for %s less"),
                     u.workload->name, gpu_name(v, t->gpu), feature_name(need),
                     gpu_name(v, other.gpu), money(v, saved(&other, &u)));
        fix_or_off(v,
                   arena_printf(v->arena, _("allow %s in resources.gpu"), gpu_name(v, other.gpu)),
                   name);
    }
}

/* ---- waiting, losing, checkpointing ---------------------------------------------------------------- */

/* The dataset on object storage that a workload reads, NULL: none. */
static const struct dataset_choice *oss_of(const struct plan *p, const struct workload *w)
{
    for (size_t j = 0; j < w->n_uses; j++)
        for (size_t i = 0; i < p->n_datasets; i++) {
            const struct dataset_choice *c = &p->datasets[i];
            const bool same = strcmp(p->scenario->datasets[c->dataset].name, w->uses[j].use) == 0;
            const bool read = w->uses[j].reads > 0 || w->uses[j].throughput_mbps > 0;
            if (same && read && strncmp(c->class_->name, "oss-", 4) == 0) return c;
        }
    return NULL;
}

static void check_oss(const struct view *v, const char *name)
{
    struct used u;
    for (size_t i = 0; used_next(&u, &i, v);) {
        const struct dataset_choice *c = oss_of(v->plan, u.workload);
        const double waits = 1 - u.candidate->stall;
        if (!c || u.candidate->shape == NO_INDEX || waits < 0.01 || u.amount <= 0) continue;
        diag_warning(v->diag, WARN_OSS_FARM, u.workload->at,
                     _("machines of %s wait for %s on %s %s of their time: %s are paid for "
                       "waiting"),
                     u.workload->name, v->plan->scenario->datasets[c->dataset].name,
                     c->class_->name, percent_text(v->arena, waits, 0), money(v, u.amount * waits));
        fix_or_off(v, _("put what many machines read on CPFS or NAS"), name);
    }
}

static void check_no_checkpoints(const struct view *v, const char *name)
{
    struct used u;
    for (size_t i = 0; used_next(&u, &i, v);) {
        const double lost = u.candidate->useful.lost_share;
        if (!u.shape->workers || u.candidate->interruption.kind != PROGRESS_RESTART || lost < 0.01)
            continue;
        diag_warning(v->diag, WARN_NO_CHECKPOINTS, u.workload->at,
                     _("%s has no checkpoints: a reclaim loses all its work, %s of the paid spot "
                       "hours, %s"),
                     u.workload->name, percent_text(v->arena, lost, 0), money(v, u.amount * lost));
        fix_or_off(v, _("give interruption.checkpoint_every: auto and checkpoint_size"), name);
    }
}

static void check_interval(const struct view *v, const char *name)
{
    struct used u;
    for (size_t i = 0; used_next(&u, &i, v);) {
        struct interruption in = u.candidate->interruption;
        struct useful best;
        if (in.kind != PROGRESS_CHECKPOINTS || isnan(in.tau_h) || !(in.lambda > 0)) continue;
        in.tau_h = (double)NAN;
        if (!interruption_useful(&best, &in) || !isfinite(best.tau_h)) continue;
        const double dearer = best.u / u.candidate->useful.u - 1;
        if (dearer <= 0.05 || u.amount <= 0) continue;
        const struct place at = scenario_place(
            v->plan->scenario, "workloads.%s.interruption.checkpoint_every", u.workload->name);
        diag_warning(
            v->diag, WARN_INTERVAL, at.source ? at : u.workload->at,
            _("checkpoints of %s every %s cost %s more than every %s would, %s in all"),
            u.workload->name,
            duration_text(v->arena, llround(u.candidate->interruption.tau_h * (double)US_PER_H)),
            percent_text(v->arena, dearer, 0),
            duration_text(v->arena, llround(best.tau_h * (double)US_PER_H)),
            money(v, u.amount * (1 - 1 / (1 + dearer))));
        fix_or_off(v, _("write checkpoint_every: auto"), name);
    }
}

/* ---- money ----------------------------------------------------------------------------------------- */

/* [offers] what the commitment to each costs. */
static double *commitment_amounts(const struct plan *p, struct arena *a)
{
    double *amounts = ARENA_NEW(a, double, p->n_offers + 1);
    for (size_t i = 0; i < p->n_ledger; i++) {
        const struct ledger_line *l = &p->ledger[i];
        const bool commits = l->part == PART_COMMITTED || l->part == PART_COMMITMENT_NEW;
        if (commits && l->offer != NO_INDEX) amounts[l->offer] += (double)l->amount / 1e6;
    }
    return amounts;
}

/* [offers] machine-hours of each that work. */
static double *used_hours(const struct plan *p, struct arena *a)
{
    double *hours = ARENA_NEW(a, double, p->n_offers + 1);
    for (size_t i = 0; i < p->n_stretches; i++)
        hours[p->stretches[i].offer] += (double)p->stretches[i].paid_us / (double)US_PER_H;
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        hours[h->offer] += (double)h->machines * (double)(h->to_us - h->from_us) / (double)US_PER_H;
    }
    return hours;
}

/* Cheapest on-demand price of the same type in the same region; NAN: none. */
static double on_demand_price(const struct plan *p, const struct offer *o)
{
    double least = NAN;
    for (size_t i = 0; i < p->n_offers; i++) {
        const struct offer *q = &p->offers[i];
        if (q->type == o->type && q->market->id == MARKET_ON_DEMAND &&
            strcmp(q->region, o->region) == 0)
            least = fmin(least, q->price);
    }
    return least;
}

static void check_idle(const struct view *v, const char *name)
{
    const struct plan *p = v->plan;
    const double *amounts = commitment_amounts(p, v->arena), *used_h = used_hours(p, v->arena);
    for (size_t i = 0; i < p->n_subscriptions; i++) {
        const struct subscription_choice *s = &p->subscriptions[i];
        const struct offer *o = &p->offers[s->offer];
        if (o->market->id != MARKET_SUBSCRIPTION || s->count <= 0) continue;
        const double held_h = (double)s->count * (double)p->scenario->length_us / (double)US_PER_H;
        const double amount = amounts[s->offer], other = on_demand_price(p, o);
        const double use = used_h[s->offer] / held_h, pays = amount / held_h / other;
        if (!(use < pays) || amount <= 0) continue;
        diag_warning(v->diag, WARN_IDLE, (struct place){0},
                     _("%ld x %s by subscription are used %s of the time, and pay from %s on: %s "
                       "are paid for idle hours"),
                     s->count, book_type(p->book, o->type)->name, percent_text(v->arena, use, 0),
                     percent_text(v->arena, pays, 0), money(v, amount * (1 - use)));
        fix_or_off(v, _("let more workloads use them, or hold fewer when the term ends"), name);
    }
}

/* The built-in book is known to be a sample, and the table says what rests on it. A warning is due where the error of the
 * estimates would break the budget, or where somebody gave prices of his own and still plans with estimates. */
static void check_estimates(const struct view *v, const char *name)
{
    const struct summary *s = v->summary;
    const struct scenario *sc = v->plan->scenario;
    const double worst = ((double)s->cost + 0.5 * (double)s->estimated) / 1e6;
    if (s->estimated_share <= 0.5) return;
    bool breaks = false;
    double limit = 0;
    for (size_t i = 0; i < s->n_budgets && !breaks; i++)
        if (!s->budgets[i].owner && !s->budgets[i].month) {
            limit = (double)s->budgets[i].limit / 1e6;
            breaks = worst > limit;
        }
    const bool own_prices = sc->catalog.prices && sc->catalog.prices[0];
    if (!breaks && !own_prices) return;
    if (breaks)
        diag_warning(v->diag, WARN_ESTIMATED, (struct place){0},
                     _("%s of the cost rests on estimates; were they half as much again, the plan "
                       "would cost %s, above the budget of %s"),
                     percent_text(v->arena, s->estimated_share, 0), money(v, worst),
                     money(v, limit));
    else
        diag_warning(v->diag, WARN_ESTIMATED, (struct place){0},
                     _("%s of the cost rests on estimates, although catalog.prices gives prices of "
                       "your own: %s"),
                     percent_text(v->arena, s->estimated_share, 0),
                     money(v, (double)s->estimated / 1e6));
    fix_or_off(v, _("get quotations for what the plan buys"), name);
}

/* ---- services -------------------------------------------------------------------------------------- */

static bool is_real_time(const struct workload *w)
{
    static const char *const kinds[] = {"inference_online", "render_realtime", "cad"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(w->kind->name, kinds[i]) == 0) return true;
    return false;
}

/* The CPU machine types that a real-time workload names. */
static void check_cpu(const struct view *v, const char *name)
{
    const struct plan *p = v->plan;
    for (size_t i = 0; i < p->scenario->n_workloads; i++) {
        const struct workload *w = &p->scenario->workloads[i];
        for (size_t k = 0; is_real_time(w) && k < w->instance_types.n; k++) {
            const size_t type = book_type_find(p->book, w->instance_types.items[k]);
            if (type == SIZE_MAX || book_type(p->book, type)->gpu != NO_GPU) continue;
            const struct instance_type *t = book_type(p->book, type);
            const struct gpu_speed *s = book_speed(p->book, w->kind->work_class, NO_GPU, t->family);
            const char *speed =
                s ? percent_text(v->arena, s->speed * (double)t->vcpu, 0) : _("an unknown part");
            diag_warning(v->diag, WARN_CPU_REAL_TIME, w->at,
                         _("%s answers in real time from %s, which does %s of an A10's work"),
                         w->name, t->name, speed);
            fix_or_off(v, _("take GPU machines where half a second is too long"), name);
            break;
        }
    }
}

/* clang-format off */
#define PITFALLS(X) \
    X(check_t4,             "t4-dearer",                    N_("T4 cards where an A10 does the same work for less")) \
    X(check_graphics,       "a100-for-graphics",            N_("drawing on compute cards without RT cores or encoder")) \
    X(check_oss,            "oss-under-farm",               N_("machines that wait for object storage")) \
    X(check_no_checkpoints, "spot-without-checkpoints",     N_("gangs on spot that lose everything")) \
    X(check_interval,       "checkpoint-interval-far",      /* xgettext:no-c-format */ N_("checkpoint intervals that cost over 5% more than the best")) \
    X(check_idle,           "subscription-idle",            N_("subscriptions used less than they pay from")) \
    X(check_estimates,      "estimated-share",              N_("estimates that could break the budget")) \
    X(check_cpu,            "cpu-real-time",                N_("real-time work on CPU machines"))

const char *const pitfall_names[] = {
#define X(check, name, help) name,
    PITFALLS(X)
#undef X
    NULL};
const char *const pitfall_helps[] = {
#define X(check, name, help) help,
    PITFALLS(X)
#undef X
    NULL};
/* clang-format on */

void pitfalls_check(const struct summary *s, size_t n_off, const char *const *off, struct arena *a,
                    struct diag *d)
{
    static void (*const checks[])(const struct view *, const char *) = {
#define X(check, name, help) check,
        PITFALLS(X)
#undef X
    };
    struct view v = {.summary = s, .plan = s->plan, .arena = a, .diag = d};
    if (s->has_plan) used_make(&v);
    for (size_t i = 0; s->has_plan && pitfall_names[i]; i++) {
        bool wanted = true;
        for (size_t k = 0; k < n_off; k++) wanted = wanted && strcmp(off[k], pitfall_names[i]) != 0;
        if (wanted) checks[i](&v, pitfall_names[i]);
    }
}

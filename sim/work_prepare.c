/* From a plan to jobs that can be played: terms of the machines, stretches, the bill as planned, what a policy may choose. */
#include "common/text.h"
#include "sim/run_bill.h"
#include "sim/work_units.h"
#include "solver/options.h"
#include <limits.h>
#include <math.h>
#include <string.h>

struct maker {
    struct work_play *play;
    const struct model *m;
    struct arena *arena;
};

enum cost_part cost_part_of(const struct plan *p, const struct ledger_line *l)
{
    if (l->part == PART_LICENCE) return COST_LICENCE;
    if (l->part == PART_START) return COST_START;
    if (l->part == PART_LATE) return COST_LATE;
    if (l->part == PART_UNSERVED) return COST_UNSERVED;
    if (l->part == PART_COMMITTED || l->part == PART_COMMITMENT_NEW)
        return l->workload == SIZE_MAX ? COST_IDLE : COST_COMMITTED;
    if (l->part != PART_COMPUTE && l->part != PART_DISCOUNT) return COST_STORAGE;
    const enum market_id market = p->offers[l->offer].market->id;
    if (market == MARKET_SPOT) return COST_SPOT;
    return market == MARKET_AUTOSCALED ? COST_AUTOSCALED : COST_ON_DEMAND;
}

static const struct group *group_of(const struct maker *k, size_t demand)
{
    return &k->m->groups[k->m->group_of[demand]];
}

static struct ratio booked_price(const struct maker *k, size_t demand, size_t offer)
{
    const struct plan *p = k->play->plan;
    for (size_t i = 0; i < p->n_ledger; i++) {
        const struct ledger_line *l = &p->ledger[i];
        if (l->demand == demand && l->offer == offer &&
            (l->part == PART_COMMITTED || l->part == PART_COMMITMENT_NEW))
            return l->price;
    }
    return p->offers[offer].price_per_h;
}

static double price_limit(const struct maker *k, const struct workload *w, const struct offer *o)
{
    struct ratio most;
    if (!w->max_price.given || !o->market->interruptible ||
        !price_convert(&most, w->max_price.money.amount, w->max_price.money.currency,
                       &k->m->request))
        return INFINITY;
    return ratio_value(most) / o->price;
}

static size_t terms_add(struct maker *k, struct work_job *job, const struct option *o, double used)
{
    const struct offer *offer = &k->m->offers[o->offer];
    const struct instance_type *type = book_type(k->m->book, offer->type);
    const struct workload *w = job->d->shape->workload;
    for (size_t i = 0; i < job->n_terms; i++)
        if (job->terms[i].offer == o->offer && job->terms[i].used == used) return i;
    const bool prepaid =
        offer->market->id == MARKET_SUBSCRIPTION || offer->market->id == MARKET_SAVINGS_PLAN;
    const bool written = o->interruption.kind == PROGRESS_CHECKPOINTS &&
                         isfinite(o->useful.tau_h) && o->useful.tau_h > 0;
    *ARENA_PUSH(k->arena, job->terms, job->n_terms) = (struct terms){
        .offer = o->offer,
        .spot = offer->market->interruptible,
        .prepaid = prepaid,
        .start_free = offer->market->id == MARKET_SUBSCRIPTION,
        .machines = o->fit.machines,
        .width = 1,
        .used = used,
        .rate = used * o->fit.speed * o->stall,
        .stall = o->stall,
        .gpu = type->gpu,
        .in = o->interruption,
        .tau_h = o->useful.tau_h,
        .kept_frac = written ? o->useful.tau_h / (o->useful.tau_h + o->interruption.ck_h) : 1,
        .rs_us = llround(o->rs_h * (double)US_PER_H),
        .dn_us = llround(o->interruption.dn_h * (double)US_PER_H),
        .step_us = offer->billing_step_us,
        .notice_us = llround(w->notice_h * (double)US_PER_H),
        .most_factor = price_limit(k, w, offer),
        .price_per_h = prepaid ? booked_price(k, job->demand, o->offer) : offer->price_per_h,
        .licence = o->licence_price,
        .disk = o->disk_price,
        .beside_per_h = offer->price_per_h,
    };
    return job->n_terms - 1;
}

static const struct option *option_find(const struct group *g, const struct stretch *x)
{
    for (size_t i = 0; i < g->n_options; i++)
        if (g->options[i].offer == x->offer && g->options[i].site == x->placement)
            return &g->options[i];
    return NULL;
}

/* First machine place that no stretch of the same offer holds at the same time. */
static size_t free_place(const struct work_job *job, const struct stretch *x)
{
    size_t place = 0;
    for (size_t i = 0; i < job->n_stretches; i++) {
        const struct played *p = &job->stretches[i];
        const struct stretch *y = p->stretch;
        const bool apart = y->to_us <= x->from_us || y->from_us >= x->to_us;
        const size_t after = p->place + (size_t)y->machines;
        if (y->offer == x->offer && !apart && after > place) place = after;
    }
    return place;
}

static enum err stretches_make(struct maker *k, struct work_job *job, size_t first, struct diag *d)
{
    const struct plan *p = k->play->plan;
    int64_t last_end = 0;
    for (size_t i = first; i < p->n_stretches && p->stretches[i].demand == job->demand; i++) {
        const struct stretch *x = &p->stretches[i];
        const struct option *o = option_find(group_of(k, job->demand), x);
        if (!o)
            return diag_error(d, ERR_INTERNAL, (struct place){0},
                              _("a stretch of %s runs on a machine that is no option"),
                              job->d->name);
        if (x->to_us > last_end) last_end = x->to_us;
        const size_t place = free_place(job, x);
        *ARENA_PUSH(k->arena, job->stretches, job->n_stretches) =
            (struct played){.stretch = x,
                            .terms = terms_add(k, job, o, x->used),
                            .place = place,
                            .last_end_us = last_end};
    }
    return OK;
}

/* GPUs (vCPUs) at work side by side at the plan's peak. */
static double peak_used(const struct work_job *job)
{
    double peak = 0;
    for (size_t i = 0; i < job->n_stretches; i++) {
        const struct stretch *x = job->stretches[i].stretch;
        double sum = 0;
        for (size_t j = 0; j < job->n_stretches; j++) {
            const struct stretch *y = job->stretches[j].stretch;
            if (y->from_us <= x->from_us && y->to_us > x->from_us)
                sum += (double)y->machines * y->used;
        }
        peak = fmax(peak, sum);
    }
    return peak;
}

static void widths_set(struct work_job *job)
{
    const double most = max_gpus(job->d), peak = fmin(peak_used(job), most);
    for (size_t i = 0; i < job->n_terms && !job->d->shape->workers; i++) {
        struct terms *t = &job->terms[i];
        const long width = lround(ceil(peak / t->used - 1e-9));
        const long allowed = isfinite(most) ? lround(floor(most / t->used + 1e-9)) : width;
        t->most = isfinite(most) ? allowed : LONG_MAX / 2;
        t->width = width <= allowed || allowed < 1 ? width : allowed;
        if (t->width < 1) t->width = 1;
    }
}

/* The cheapest pay-as-you-go machine for the job beside the data of its plan, also one that the plan had no need of. */
static bool rescue_option(struct option *out, const struct maker *k, const struct work_job *job)
{
    const struct plan *p = k->play->plan;
    const size_t shape = (size_t)(job->d->shape - k->m->demands->shapes);
    const size_t site = job->stretches[0].stretch->placement;
    bool found = false;
    for (size_t i = 0; i < p->n_candidates; i++) {
        const struct candidate *c = &p->candidates[i];
        const enum market_id market = p->offers[c->offer].market->id;
        if (c->shape != shape || !c->usable || c->placement != site ||
            (market != MARKET_ON_DEMAND && market != MARKET_AUTOSCALED))
            continue;
        struct option o = {.offer = c->offer, .site = site, .fit = c->fit};
        int checks;
        if (option_build(&o, k->m, group_of(k, job->demand), &checks)) continue;
        if (found && o.cost_per_h * out->work_per_h >= out->cost_per_h * o.work_per_h) continue;
        *out = o;
        found = true;
    }
    return found;
}

/* What the policy may choose from. Work that the plan keeps off spot stays off it. */
static void choices_make(struct maker *k, struct work_job *job)
{
    job->on_demand = job->on_spot = SIZE_MAX;
    double most = 0;
    for (size_t i = 0; i < job->n_stretches; i++) {
        const struct played *s = &job->stretches[i];
        if (!job->terms[s->terms].spot || s->stretch->useful <= most) continue;
        most = s->stretch->useful;
        job->on_spot = s->terms;
    }
    for (size_t i = 0; i < job->n_stretches; i++) {
        const size_t terms = job->stretches[i].terms;
        if (!job->terms[terms].spot && !job->terms[terms].prepaid) job->on_demand = terms;
    }
    struct option o;
    if (job->on_demand == SIZE_MAX && rescue_option(&o, k, job))
        job->on_demand = terms_add(k, job, &o, o.fit.used);
    if (job->on_demand == SIZE_MAX && job->on_spot == SIZE_MAX)
        job->on_demand = job->stretches[job->n_stretches - 1].terms;
}

static struct planned_bill *bill_at(struct maker *k, struct work_job *job, size_t month,
                                    size_t terms)
{
    for (size_t i = 0; i < job->n_bills; i++)
        if (job->bills[i].month == month && job->bills[i].terms == terms) return &job->bills[i];
    struct planned_bill *b = ARENA_PUSH(k->arena, job->bills, job->n_bills);
    *b = (struct planned_bill){.month = month, .terms = terms};
    return b;
}

static size_t terms_of_offer(const struct work_job *job, size_t offer)
{
    for (size_t i = 0; i < job->n_terms; i++)
        if (job->terms[i].offer == offer) return i;
    return SIZE_MAX;
}

/* The discount on starts belongs to the starts. */
static void discount_split(struct planned_bill *b, enum cost_part use, micro_t discount)
{
    const double all = (double)b->part[use] + (double)b->part[COST_START];
    const micro_t of_starts =
        all > 0 ? llround((double)discount * ((double)b->part[COST_START] / all)) : 0;
    b->part[COST_START] += of_starts;
    b->part[use] += discount - of_starts;
}

static void bills_make(struct maker *k, struct work_job *job, const size_t *lines, size_t n)
{
    const struct plan *p = k->play->plan;
    for (int discounts = 0; discounts < 2; discounts++)
        for (size_t i = 0; i < n; i++) {
            const struct ledger_line *l = &p->ledger[lines[i]];
            if ((l->part == PART_DISCOUNT) != discounts) continue;
            const size_t terms = l->offer == SIZE_MAX ? SIZE_MAX : terms_of_offer(job, l->offer);
            struct planned_bill *b = bill_at(k, job, (size_t)l->month, terms);
            const enum cost_part part = cost_part_of(p, l);
            if (discounts)
                discount_split(b, part, l->amount);
            else
                b->part[part] += l->amount;
        }
}

/* What a reclaim takes back at most, in hours. */
static double most_lost_h(const struct terms *t)
{
    if (t->in.kind == PROGRESS_CHECKPOINTS) return isfinite(t->tau_h) ? t->tau_h + t->in.ck_h : 0;
    if (t->in.kind == PROGRESS_RESTART) return 0; /* all of it: no reserve is enough */
    return t->in.kind == PROGRESS_HALF_ITEM ? 2 * t->in.lost_h : t->in.lost_h;
}

bool work_has_choice(const struct work_job *job)
{
    return job->on_demand != SIZE_MAX && job->on_spot != SIZE_MAX;
}

static void policy_set(struct maker *k, struct work_job *job, size_t index)
{
    struct work_play *play = k->play;
    struct policy_terms *t = &play->policy_terms[index];
    *t = (struct policy_terms){.step_s = 60,
                               .work_s = 3600,
                               .deadline_s = (double)(job->d->due_us - job->d->release_us) / 1e6,
                               .on_demand_price_per_h = 1,
                               .spot_price_per_h = 1,
                               .bought_stays = true};
    if (!work_has_choice(job)) return;
    const struct terms *paid = &job->terms[job->on_demand], *spot = &job->terms[job->on_spot];
    t->work_s = job->d->work / (paid->rate * (double)(paid->machines * paid->width)) * 3600;
    /* A reserve for one more start is one for the work that the reclaim before it takes back as well. */
    t->restart_s = (double)paid->rs_us / 1e6 + most_lost_h(spot) * 3600;
    t->on_demand_price_per_h = ratio_value(paid->price_per_h) * (double)paid->machines;
    t->spot_price_per_h = ratio_value(spot->price_per_h) * (double)spot->machines;
}

static void months_make(struct work_play *play, struct arena *a)
{
    const struct scenario *s = play->plan->scenario;
    moment_t end = next_month_start(s->start);
    play->n_months = play->plan->n_months > 0 ? play->plan->n_months : 1;
    play->month_end_us = ARENA_NEW(a, int64_t, play->n_months);
    for (size_t i = 0; i < play->n_months; i++, end = next_month_start(end))
        play->month_end_us[i] = end - s->start;
}

/* Ledger lines of each demand: first[demand] .. first[demand + 1] of lines. */
static size_t *lines_by_demand(size_t **first, const struct plan *p, struct arena *a)
{
    const size_t n = p->demands->n;
    size_t *lines = ARENA_NEW(a, size_t, p->n_ledger + 1);
    *first = ARENA_NEW(a, size_t, n + 2);
    for (size_t i = 0; i < p->n_ledger; i++)
        if (p->ledger[i].demand != SIZE_MAX) (*first)[p->ledger[i].demand + 2]++;
    for (size_t i = 2; i < n + 2; i++) (*first)[i] += (*first)[i - 1];
    for (size_t i = 0; i < p->n_ledger; i++)
        if (p->ledger[i].demand != SIZE_MAX) lines[(*first)[p->ledger[i].demand + 1]++] = i;
    return lines;
}

static enum err job_make(struct maker *k, size_t first, const size_t *lines, size_t n_lines,
                         struct diag *d)
{
    struct work_play *play = k->play;
    const struct plan *p = play->plan;
    struct work_job *job = &play->jobs[play->n_jobs];
    const size_t demand = p->stretches[first].demand;
    *job = (struct work_job){.demand = demand,
                             .workload = group_of(k, demand)->workload,
                             .d = &p->demands->items[demand]};
    job->key = random_key(play->model->settings.seed, "reclaim", job->d->name);
    TRY(stretches_make(k, job, first, d));
    choices_make(k, job);
    widths_set(job);
    bills_make(k, job, lines, n_lines);
    policy_set(k, job, play->n_jobs++);
    if (job->n_terms > play->most_terms) play->most_terms = job->n_terms;
    return OK;
}

enum err work_prepare(struct work_play *play, const struct world_model *m,
                      const struct policy *policy, size_t threads, struct arena *a, struct diag *d)
{
    const struct plan *p = m->plan;
    *play = (struct work_play){
        .plan = p, .model = m, .policy = policy ? policy : &policy_greedy_safety};
    struct maker k = {play, p->model, a};
    months_make(play, a);
    play->jobs = ARENA_NEW(a, struct work_job, p->demands->n + 1);
    play->prepared = ARENA_NEW(a, const void *, p->demands->n + 1);
    play->policy_terms = ARENA_NEW(a, struct policy_terms, p->demands->n + 1);
    play->rooms = rooms_make(p, a);
    size_t *first;
    const size_t *lines = lines_by_demand(&first, p, a);
    for (size_t i = 0; i < p->n_stretches; i++) {
        if (i > 0 && p->stretches[i - 1].demand == p->stretches[i].demand) continue;
        const size_t demand = p->stretches[i].demand;
        TRY(job_make(&k, i, &lines[first[demand]], first[demand + 1] - first[demand], d));
    }
    work_share(play, threads, a);
    return OK;
}

struct work_scratch *work_scratch_new(const struct work_play *play, struct world *w,
                                      struct arena *a)
{
    struct work_scratch *s = ARENA_NEW(a, struct work_scratch, 1);
    const size_t n = play->most_terms * play->n_months + 1;
    *s = (struct work_scratch){.play = play, .world = w, .arena = a};
    s->uses = ARENA_NEW(a, struct use_month, n);
    s->lost = ARENA_NEW(a, double, n);
    s->hazard = ARENA_NEW(a, double, play->most_terms + 1);
    s->speed = ARENA_NEW(a, double, play->most_terms + 1);
    s->memory = arena_alloc(a, 1, play->policy->memory_bytes + 1);
    return s;
}

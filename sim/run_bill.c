#include "sim/run_bill.h"
#include "common/text.h"
#include <math.h>
#include <string.h>

struct run_scratch {
    const struct run_play *play;
    struct world *world;
    struct work_scratch *work;
    micro_t *bill; /* [n_workloads + 1][n_months][N_COST_PARTS] */
    void *memory;  /* of services */
    int64_t *more_us, *more_start_us;
    double *unserved;
};

static size_t owner_add(struct run_play *p, const char *owner, struct arena *a)
{
    for (size_t i = 0; i < p->n_owners; i++)
        if (owner == p->owners[i] || (owner && p->owners[i] && !strcmp(owner, p->owners[i])))
            return i;
    *ARENA_PUSH(a, p->owners, p->n_owners) = owner;
    return p->n_owners - 1;
}

/* Owners in the order of the workloads, nobody last. */
static void owners_make(struct run_play *p, struct arena *a)
{
    const struct scenario *s = p->model->plan->scenario;
    p->owner_of = ARENA_NEW(a, size_t, s->n_workloads + 1);
    for (size_t i = 0; i < s->n_workloads; i++)
        if (s->workloads[i].owner) p->owner_of[i] = owner_add(p, s->workloads[i].owner, a);
    const size_t nobody = owner_add(p, NULL, a);
    for (size_t i = 0; i <= s->n_workloads; i++)
        if (i == s->n_workloads || !s->workloads[i].owner) p->owner_of[i] = nobody;
}

static bool is_moving(const struct run_play *p, const struct ledger_line *l)
{
    const struct plan *plan = p->model->plan;
    if (l->part == PART_UNSERVED) return true;
    return l->offer != SIZE_MAX && plan->offers[l->offer].market->interruptible &&
           (l->part == PART_COMPUTE || l->part == PART_START);
}

static void fixed_make(struct run_play *p, struct arena *a)
{
    const struct plan *plan = p->model->plan;
    const size_t months = p->work.n_months, n = plan->scenario->n_workloads;
    p->fixed = ARENA_NEW(a, micro_t, (n + 1) * months * N_COST_PARTS);
    for (size_t i = 0; i < plan->n_ledger; i++) {
        const struct ledger_line *l = &plan->ledger[i];
        if (l->demand != SIZE_MAX || is_moving(p, l)) continue;
        const size_t workload = l->workload == SIZE_MAX ? n : l->workload;
        p->fixed[(workload * months + (size_t)l->month) * N_COST_PARTS + cost_part_of(plan, l)] +=
            l->amount;
    }
}

static void service_lines(struct run_play *p, struct service_part *s, struct arena *a)
{
    const struct plan *plan = p->model->plan;
    for (size_t i = 0; i < plan->n_ledger; i++) {
        const struct ledger_line *l = &plan->ledger[i];
        if (l->demand == SIZE_MAX && l->workload == s->workload && is_moving(p, l))
            *ARENA_PUSH(a, s->lines, s->n_lines) = i;
    }
}

static enum err services_make_plays(struct run_play *p, struct arena *a, struct diag *d)
{
    const struct plan *plan = p->model->plan;
    const size_t n = plan->services ? plan->services->n : 0;
    p->services = ARENA_NEW(a, struct service_part, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct service_part *s = &p->services[i];
        s->service = i;
        s->workload =
            (size_t)(plan->services->items[i].shape->workload - plan->scenario->workloads);
        service_lines(p, s, a);
        TRY(service_prepare(&s->play, p->model, i, a, d));
        p->n_services++;
    }
    return OK;
}

enum err run_prepare(struct run_play *play, const struct world_model *m, const char *policy,
                     size_t threads, struct arena *a, struct diag *d)
{
    *play = (struct run_play){.model = m};
    const struct policy *chosen = policy ? policy_find(policy) : NULL;
    if (policy && !chosen)
        return diag_error(d, ERR_NOT_FOUND, (struct place){0}, _("there is no policy \"%s\""),
                          policy);
    TRY(work_prepare(&play->work, m, chosen, threads, a, d));
    owners_make(play, a);
    fixed_make(play, a);
    return services_make_plays(play, a, d);
}

struct run_scratch *run_scratch_new(const struct run_play *play, struct arena *a)
{
    struct run_scratch *s = ARENA_NEW(a, struct run_scratch, 1);
    const struct plan *plan = play->model->plan;
    size_t bytes = 1;
    for (size_t i = 0; i < play->n_services; i++) {
        const size_t own = service_scratch_bytes(play->services[i].play);
        if (own > bytes) bytes = own;
    }
    s->play = play;
    s->world = world_new(play->model, a);
    s->work = work_scratch_new(&play->work, s->world, a);
    s->bill = ARENA_NEW(a, micro_t,
                        (plan->scenario->n_workloads + 1) * play->work.n_months * N_COST_PARTS);
    s->memory = arena_alloc(a, 1, bytes);
    s->more_us = ARENA_NEW(a, int64_t, plan->n_holdings + 1);
    s->more_start_us = ARENA_NEW(a, int64_t, plan->n_holdings + 1);
    s->unserved = ARENA_NEW(a, double, play->work.n_months + 1);
    return s;
}

static micro_t *bill_of(const struct run_scratch *s, size_t workload)
{
    return &s->bill[workload * s->play->work.n_months * N_COST_PARTS];
}

static enum run_fault jobs_play(const struct world_row *row, struct run_scratch *s)
{
    const struct work_play *play = &s->play->work;
    enum run_fault fault = RUN_SOUND;
    for (size_t i = 0; i < play->n_jobs; i++) {
        const struct work_job *job = &play->jobs[i];
        struct workload_outcome *o = &row->workloads[job->workload];
        struct job_luck luck;
        if (!work_job_play(&luck, job, s->work)) fault = RUN_TIME;
        work_job_bill(bill_of(s, job->workload), job, &luck, s->work);
        const int64_t late = luck.finish_us - job->d->due_us;
        if (luck.finish_us > o->finish_us) o->finish_us = luck.finish_us;
        if (late > o->late_us) o->late_us = late;
        o->n_late += late > 0;
        o->n_unfinished += luck.unfinished;
        o->interruptions += luck.interruptions;
        o->useful_h += (double)luck.time.useful / (double)US_PER_H;
        o->paid_h += (double)luck.time.paid / (double)US_PER_H;
        o->missed = o->missed || late > 0;
    }
    return fault;
}

static size_t month_at(const struct run_scratch *s, int64_t us)
{
    size_t month = 0;
    while (month + 1 < s->play->work.n_months && us >= s->play->work.month_end_us[month]) month++;
    return month;
}

/* Mean price factor of what a service holds of an offer in a month. */
static double holdings_price(const struct run_scratch *s, const struct service_part *part,
                             size_t offer, size_t month)
{
    const struct plan *plan = s->play->model->plan;
    const int64_t begin = month > 0 ? s->play->work.month_end_us[month - 1] : 0;
    const int64_t end = s->play->work.month_end_us[month];
    double paid = 0, held = 0;
    for (size_t i = 0; i < plan->n_holdings; i++) {
        const struct holding *h = &plan->holdings[i];
        const int64_t from = h->from_us > begin ? h->from_us : begin;
        const int64_t to = h->to_us < end ? h->to_us : end;
        if (h->service != part->service || h->offer != offer || from >= to) continue;
        paid += (double)h->machines * world_price_integral(s->world, offer, from, to);
        held += (double)h->machines * (double)(to - from);
    }
    return held > 0 ? paid / held : 1;
}

static void service_bill(struct run_scratch *s, const struct service_part *part)
{
    const struct plan *plan = s->play->model->plan;
    const struct service *service = &plan->services->items[part->service];
    micro_t *bill = bill_of(s, part->workload);
    for (size_t i = 0; i < part->n_lines; i++) {
        const struct ledger_line *l = &plan->ledger[part->lines[i]];
        if (l->part == PART_UNSERVED) continue;
        const double factor = holdings_price(s, part, l->offer, (size_t)l->month);
        bill[(size_t)l->month * N_COST_PARTS + cost_part_of(plan, l)] +=
            factor != 1 ? llround((double)l->amount * factor) : l->amount;
    }
    for (size_t i = 0; i < plan->n_holdings; i++) {
        const struct holding *h = &plan->holdings[i];
        if (h->service != part->service || (!s->more_us[i] && !s->more_start_us[i])) continue;
        const struct offer *o = &plan->offers[h->offer];
        const double factor = world_price(s->world, h->offer, h->from_us);
        struct ledger_line line = {.part = PART_COMPUTE, .offer = h->offer, .workload = 0};
        micro_t more, start;
        if (!money_amount(&more, o->price_per_h, llround((double)s->more_us[i] * factor),
                          US_PER_H) ||
            !money_amount(&start, o->price_per_h, llround((double)s->more_start_us[i] * factor),
                          US_PER_H))
            continue;
        micro_t *out = &bill[month_at(s, h->from_us) * N_COST_PARTS];
        out[cost_part_of(plan, &line)] += more;
        out[COST_START] += start;
    }
    for (size_t month = 0; service->unserved_priced && month < s->play->work.n_months; month++) {
        micro_t amount;
        if (money_amount(&amount, service->unserved_cost, llround(s->unserved[month] * 1e6),
                         1000000))
            bill[month * N_COST_PARTS + COST_UNSERVED] += amount;
    }
}

static void services_play(const struct world_row *row, struct run_scratch *s)
{
    const struct plan *plan = s->play->model->plan;
    for (size_t i = 0; i < s->play->n_services; i++) {
        const struct service_part *part = &s->play->services[i];
        struct workload_outcome *o = &row->workloads[part->workload];
        memset(s->more_us, 0, plan->n_holdings * sizeof *s->more_us);
        memset(s->more_start_us, 0, plan->n_holdings * sizeof *s->more_start_us);
        memset(s->unserved, 0, s->play->work.n_months * sizeof *s->unserved);
        struct service_luck luck = {
            .more_us = s->more_us, .more_start_us = s->more_start_us, .unserved = s->unserved};
        service_world(&luck, part->play, s->world, s->memory);
        service_bill(s, part);
        o->offered += luck.offered;
        o->served += luck.served;
        o->late += luck.late;
        o->lost += luck.lost;
        o->interruptions += luck.interruptions;
        o->missed = o->missed || luck.missed;
    }
}

/* Adds the bills up: by workload and part, and by owner and month. */
static enum run_fault add_up(const struct world_row *row, const struct run_scratch *s)
{
    const struct run_play *p = s->play;
    const size_t n = p->model->plan->scenario->n_workloads, months = p->work.n_months;
    micro_t by_part = 0, by_month = 0;
    for (size_t w = 0; w <= n; w++)
        for (size_t month = 0; month < months; month++)
            for (size_t part = 0; part < N_COST_PARTS; part++) {
                const micro_t amount = bill_of(s, w)[month * N_COST_PARTS + part];
                const bool nobodys = w == n || part == COST_IDLE;
                micro_t *to = nobodys ? row->nobody : &row->workloads[w].part[part];
                const size_t owner = p->owner_of[nobodys ? n : w];
                if (amount > INT64_MAX / 8 || !money_add(to, amount) ||
                    !money_add(&row->by_owner[owner * months + month], amount))
                    return RUN_AMOUNT;
            }
    for (size_t w = 0; w < n; w++) by_part += workload_cost(&row->workloads[w]);
    for (size_t i = 0; i < p->n_owners * months; i++) by_month += row->by_owner[i];
    *row->total = by_part + *row->nobody;
    return *row->total == by_month ? RUN_SOUND : RUN_MONEY;
}

enum run_fault run_world(const struct world_row *row, struct run_scratch *s, uint64_t index)
{
    const struct run_play *p = s->play;
    const size_t n = (p->model->plan->scenario->n_workloads + 1) * p->work.n_months * N_COST_PARTS;
    world_start(s->world, index);
    memcpy(s->bill, p->fixed, n * sizeof *s->bill);
    const enum run_fault fault = jobs_play(row, s);
    services_play(row, s);
    const enum run_fault money = add_up(row, s);
    return money != RUN_SOUND ? money : fault;
}

/* A life of a unit: restart, computing with checkpoints, reclaim. Of e hours of computing since a restart, floor(e / (tau + ck))
 * intervals are kept after a reclaim; all of them after a release. */
#include "sim/work_units.h"
#include "solver/billing.h"
#include <math.h>
#include <string.h>

bool boots_vary(const struct work_scratch *s)
{
    const struct workload *w = &s->play->plan->scenario->workloads[s->job->workload];
    return s->boot.cv > 0 || s->boot.mean_h != w->restart.base;
}

int64_t boot_delay_us(struct work_scratch *s, size_t place, long machines)
{
    const struct workload *w = &s->play->plan->scenario->workloads[s->job->workload];
    if (!boots_vary(s)) return 0;
    return boot_us(s->world, &s->boot, place, s->n_boots++, machines) -
           llround(w->restart.base * (double)US_PER_H);
}

static const struct terms *terms_of(const struct work_scratch *s, const struct unit *u)
{
    return &s->job->terms[u->terms];
}

static int64_t month_end(const struct work_scratch *s, size_t month)
{
    return month + 1 < s->play->n_months ? s->play->month_end_us[month] : INT64_MAX;
}

static size_t month_at(const struct work_scratch *s, int64_t us)
{
    size_t month = 0;
    while (us >= month_end(s, month)) month++;
    return month;
}

/* Integral of the price over [from, to): a machine with a protected time pays the price of its start in it. */
static double price_integral(const struct work_scratch *s, size_t offer, int64_t from_us,
                             int64_t to_us, int64_t start_us)
{
    const double protected_h = s->play->plan->offers[offer].protected_h;
    const int64_t locked = start_us + llround(protected_h * (double)US_PER_H);
    if (locked <= from_us) return world_price_integral(s->world, offer, from_us, to_us);
    const int64_t until = locked < to_us ? locked : to_us;
    return world_price(s->world, offer, start_us) * (double)(until - from_us) +
           (until < to_us ? world_price_integral(s->world, offer, until, to_us) : 0);
}

long run_take_over(struct so_far *so_far, struct work_scratch *s, size_t terms, long n)
{
    *so_far = (struct so_far){0, 0};
    for (size_t i = 0; i < s->n_handed; i++) {
        struct handed_on *p = &s->handed[i];
        if (p->terms != terms || p->at_us != s->now_us || p->machines < 1) continue;
        const long taken = p->machines < n ? p->machines : n;
        p->machines -= taken;
        *so_far = p->so_far;
        return taken;
    }
    return n;
}

/* Machines held from from_us to now. Returns their runs up to now. */
static struct so_far use_add(struct work_scratch *s, size_t terms, long machines, int64_t from_us,
                             struct so_far before)
{
    const struct terms *t = &s->job->terms[terms];
    const int64_t to_us = s->now_us;
    if (to_us <= from_us) return before;
    const int64_t held = to_us - from_us;
    const struct so_far after = {before.run_us + held,
                                 billed_run_us(t->step_us, before.run_us + held)};
    const int64_t billed = after.billed_us - before.billed_us;
    const double more = t->prepaid ? 1 : (double)billed / (double)held;
    for (int64_t at = from_us; at < to_us;) {
        const size_t month = month_at(s, at);
        const int64_t end = month_end(s, month), until = end < to_us ? end : to_us;
        struct use_month *use = &s->uses[terms * s->play->n_months + month];
        const double paid =
            t->spot ? price_integral(s, t->offer, at, until, from_us) : (double)(until - at);
        use->machines += (double)machines * paid * more;
        use->held += machines * (until - at);
        if (t->prepaid && until == to_us) use->beside += (double)machines * (double)(billed - held);
        at = until;
    }
    s->luck->time.paid += machines * billed;
    s->luck->time.idle += machines * (billed - held);
    return after;
}

void use_add_start(struct work_scratch *s, size_t terms, int64_t start_us, int64_t at_us)
{
    const struct terms *t = &s->job->terms[terms];
    if (t->start_free) return;
    struct use_month *use = &s->uses[terms * s->play->n_months + month_at(s, at_us)];
    use->start += (double)start_us * world_price(s->world, t->offer, at_us);
    use->held += start_us;
    s->luck->time.paid += start_us;
    s->luck->time.restart += start_us;
}

/* Machine-time without progress. */
static void lose(struct work_scratch *s, const struct unit *u, int64_t *class, int64_t us)
{
    *class += us;
    s->lost[u->terms * s->play->n_months + month_at(s, s->now_us)] += (double)us;
}

/* Clock time of a life of computing that a reclaim takes back. */
static int64_t lost_us(const struct terms *t, int64_t computed_us)
{
    const double hour = (double)US_PER_H;
    double step = 0;
    switch (t->in.kind) {
    case PROGRESS_CHECKPOINTS:
        if (t->tau_h <= 0) return 0;
        step = (t->tau_h + t->in.ck_h) * hour;
        break;
    case PROGRESS_HALF_ITEM:
        step = 2 * t->in.lost_h * hour;
        break;
    case PROGRESS_FIXED_LOSS:
        return (int64_t)fmin((double)computed_us, t->in.lost_h * hour);
    case PROGRESS_RESTART:
        return computed_us;
    }
    if (step < 1) return 0;
    return isfinite(step) ? (int64_t)fmod((double)computed_us, step) : computed_us;
}

/* Books the computing since the state began. `back_us` of it is taken back. */
static void settle_computing(struct work_scratch *s, struct unit *u, int64_t back_us)
{
    const struct terms *t = terms_of(s, u);
    struct time_ledger *time = &s->luck->time;
    const int64_t kept = (s->now_us - u->since_us - back_us) * u->machines;
    const int64_t checkpoint = llround((double)kept * (1 - t->kept_frac));
    const int64_t data = llround((double)(kept - checkpoint) * (1 - t->stall));
    lose(s, u, &time->lost, back_us * u->machines);
    time->checkpoint += checkpoint;
    time->data += data;
    time->useful += kept - checkpoint - data;
    s->left += (double)back_us * u->rate;
    s->rate = --s->n_computing ? s->rate - u->rate : 0;
}

static long held_machines(const struct work_scratch *s, const struct unit *u)
{
    long n = 0;
    for (long i = 0; i < u->machines; i++) n += s->places[u->first_place + (size_t)i].held;
    return n;
}

static void settle(struct work_scratch *s, struct unit *u, int64_t back_us)
{
    struct time_ledger *time = &s->luck->time;
    const int64_t us = s->now_us - u->since_us;
    if (u->state == UNIT_COMPUTING) settle_computing(s, u, back_us);
    if (u->state == UNIT_RESTARTING) lose(s, u, &time->restart, us * u->machines);
    if (u->state == UNIT_WAITING) lose(s, u, &time->waiting, us * held_machines(s, u));
    u->since_us = s->now_us;
}

static void *grown(struct work_scratch *s, const void *old, size_t n, size_t room, size_t size)
{
    void *fresh = arena_alloc(s->arena, room, size);
    if (n) memcpy(fresh, old, n * size);
    return fresh;
}

static void run_hand_on(struct work_scratch *s, size_t terms, long machines, struct so_far so_far)
{
    if (s->n_handed > 0 && s->handed[0].at_us != s->now_us) s->n_handed = 0;
    if (s->n_handed == s->handed_room) {
        s->handed_room = s->handed_room ? 2 * s->handed_room : 16;
        s->handed = grown(s, s->handed, s->n_handed, s->handed_room, sizeof *s->handed);
    }
    s->handed[s->n_handed++] = (struct handed_on){terms, machines, s->now_us, so_far};
}

static void place_release(struct work_scratch *s, const struct unit *u, struct berth *p, bool taken)
{
    if (!p->held) return;
    p->held = false;
    const struct so_far so_far = use_add(s, u->terms, 1, p->start_us, p->so_far);
    if (!taken) run_hand_on(s, u->terms, 1, so_far);
}

/* Next reclaim of a machine that goes on after a pause in which none could be taken. */
static void place_next(struct work_scratch *s, struct berth *p)
{
    if (!s->world->model->life->forgets) {
        if (p->next_us < s->now_us) p->next_us = s->now_us;
        return;
    }
    const int64_t safe = llround(p->reclaims.protected_h * (double)US_PER_H);
    const int64_t from = s->now_us - safe > p->start_us ? s->now_us - safe : p->start_us;
    p->next_us = reclaims_next(&p->reclaims, s->world, from);
}

/* New machines were ordered head_us ago and have booted since. */
static void places_start(struct work_scratch *s, const struct unit *u, int64_t head_us)
{
    for (long i = 0; i < u->machines; i++) {
        struct berth *p = &s->places[u->first_place + (size_t)i];
        if (p->held) {
            place_next(s, p);
            continue;
        }
        p->held = true;
        p->start_us = s->now_us - head_us;
        p->so_far = (struct so_far){0, 0};
        p->next_us = reclaims_next(&p->reclaims, s->world, s->now_us);
        if (head_us > 0) lose(s, u, &s->luck->time.restart, head_us);
    }
}

/* When a unit that computes or restarts is hit: by a reclaim, or by a price above the workload's limit. */
static int64_t next_hit(const struct work_scratch *s, const struct unit *u)
{
    const struct terms *t = terms_of(s, u);
    int64_t next = INT64_MAX;
    if (!t->spot) return next;
    for (long i = 0; i < u->machines; i++) {
        const int64_t at = s->places[u->first_place + (size_t)i].next_us;
        if (at < next) next = at;
    }
    if (isinf(t->most_factor)) return next;
    const int64_t until = next < u->end_us ? next : u->end_us;
    const int64_t dear =
        world_price_crossing(s->world, t->offer, s->now_us, until, t->most_factor, true);
    return dear < next ? dear : next;
}

static int64_t min_us(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void unit_next(struct work_scratch *s, struct unit *u)
{
    u->next_us = u->end_us;
    if (u->state == UNIT_WAITING)
        u->next_us = min_us(u->next_us, min_us(u->back_us, s->now_us + US_PER_H));
    else
        u->next_us = min_us(u->next_us, next_hit(s, u));
    if (u->state == UNIT_RESTARTING) u->next_us = min_us(u->next_us, u->ready_us);
}

void unit_compute(struct work_scratch *s, struct unit *u)
{
    if (u->state == UNIT_RESTARTING) settle(s, u, 0);
    u->state = UNIT_COMPUTING;
    u->since_us = s->now_us;
    s->n_computing++;
    s->rate += u->rate;
    unit_next(s, u);
}

void unit_restart(struct work_scratch *s, struct unit *u)
{
    const struct terms *t = terms_of(s, u);
    if (u->state == UNIT_WAITING) settle(s, u, 0);
    const int64_t boot = t->rs_us + boot_delay_us(s, u->first_place, u->machines);
    const int64_t left = boot > u->head_us ? boot - u->head_us : 0;
    if (t->spot) places_start(s, u, boot < u->head_us ? boot : u->head_us);
    u->head_us = 0;
    u->state = UNIT_RESTARTING;
    u->since_us = s->now_us;
    u->ready_us = s->now_us + left;
    if (left == 0)
        unit_compute(s, u);
    else
        unit_next(s, u);
}

bool unit_to_be_had(const struct work_scratch *s, const struct terms *t)
{
    return world_stock(s->world, t->offer, s->now_us) <= s->now_us &&
           (isinf(t->most_factor) || world_price(s->world, t->offer, s->now_us) <= t->most_factor);
}

/* A unit that goes on with spot below the limit, once it is in stock. */
static int64_t back_us(const struct work_scratch *s, const struct terms *t)
{
    int64_t at = s->now_us + t->dn_us;
    for (int round = 0; round < 64; round++) {
        const int64_t stock = world_stock(s->world, t->offer, at);
        if (isinf(t->most_factor)) return stock;
        at = world_price_crossing(s->world, t->offer, stock, stock + 720 * US_PER_H, t->most_factor,
                                  false);
        if (at == stock || at == INT64_MAX) return at;
    }
    return at;
}

static void make_room(struct work_scratch *s, size_t places)
{
    if (s->n_units == s->unit_room) {
        s->unit_room = s->unit_room ? 2 * s->unit_room : 16;
        s->units = grown(s, s->units, s->n_units, s->unit_room, sizeof *s->units);
        s->heap = grown(s, s->heap, s->n_heap, s->unit_room, sizeof *s->heap);
    }
    if (s->n_places + places <= s->place_room) return;
    while (s->place_room < s->n_places + places)
        s->place_room = s->place_room ? 2 * s->place_room : 64;
    s->places = grown(s, s->places, s->n_places, s->place_room, sizeof *s->places);
}

void unit_open(struct work_scratch *s, const struct unit_request *r)
{
    const struct terms *t = &s->job->terms[r->terms];
    if (s->n_heap == 0) s->n_units = s->n_places = 0;
    make_room(s, t->spot ? (size_t)r->machines : 0);
    const size_t index = s->n_units++;
    struct unit *u = &s->units[index];
    *u = (struct unit){.terms = r->terms,
                       .machines = r->machines,
                       .first_place = s->n_places,
                       .since_us = s->now_us,
                       .begun_us = s->now_us,
                       .end_us = r->end_us,
                       .stretch = r->stretch,
                       .rate = t->rate * t->kept_frac * s->speed[r->terms] * (double)r->machines /
                               (double)US_PER_H};
    for (long i = 0; t->spot && i < r->machines; i++) {
        struct berth *p = &s->places[s->n_places++];
        p->held = false;
        reclaims_start(&p->reclaims, s->world, t->offer, s->job->key, r->place + (size_t)i,
                       s->hazard[r->terms]);
    }
    u->state = UNIT_RESTARTING;
    if (t->spot && !unit_to_be_had(s, t)) {
        u->state = UNIT_WAITING;
        u->back_us = back_us(s, t);
        unit_next(s, u);
    } else if (r->restarts) {
        unit_restart(s, u);
    } else {
        if (t->spot) places_start(s, u, 0);
        for (long i = 0; t->spot && i < r->machines; i++)
            s->places[u->first_place + (size_t)i].so_far = r->so_far;
        u->so_far = r->so_far;
        u->ready_us = s->now_us + r->delay_us;
        if (r->delay_us > 0)
            unit_next(s, u);
        else
            unit_compute(s, u);
    }
    heap_push(s, index);
}

void unit_close(struct work_scratch *s, struct unit *u)
{
    settle(s, u, 0);
    const struct terms *t = terms_of(s, u);
    if (!t->spot)
        run_hand_on(s, u->terms, u->machines,
                    use_add(s, u->terms, u->machines, u->begun_us, u->so_far));
    for (long i = 0; t->spot && i < u->machines; i++)
        place_release(s, u, &s->places[u->first_place + (size_t)i], false);
}

void unit_take(struct work_scratch *s, struct unit *u)
{
    const struct terms *t = terms_of(s, u);
    bool any = false;
    for (long i = 0; i < u->machines; i++)
        any = any || s->places[u->first_place + (size_t)i].next_us <= s->now_us;
    const int64_t computed = u->state == UNIT_COMPUTING ? s->now_us - u->since_us : 0;
    const int64_t life = s->now_us - u->since_us;
    const bool saves = t->notice_us > 0 && t->in.kind == PROGRESS_CHECKPOINTS && isfinite(t->tau_h);
    const int64_t ck_us = llround(t->in.ck_h * (double)US_PER_H);
    int64_t back = lost_us(t, computed);
    /* A last checkpoint within the notice: only the time of writing it is lost. */
    if (saves && ck_us <= t->notice_us && ck_us < back) back = ck_us;
    settle(s, u, back);
    if (t->in.kind == PROGRESS_RESTART) s->left = s->work;
    for (long i = 0; i < u->machines; i++) {
        struct berth *p = &s->places[u->first_place + (size_t)i];
        if (!any || p->next_us <= s->now_us) place_release(s, u, p, true);
    }
    s->luck->interruptions++;
    u->state = UNIT_WAITING;
    u->back_us = back_us(s, t);
    if (u->back_us <= s->now_us) u->head_us = min_us(life, t->notice_us);
    unit_next(s, u);
}

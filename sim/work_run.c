/* One job from event to event. Between two of them the work left falls at the rate of all units that compute; the job ends when
 * nothing is left, which is the next event unless another comes first. */
#include "sim/work_units.h"
#include <math.h>
#include <string.h>

/* Shares of a job's work and microseconds of its machines below this are rounding of the plan (schedule.c). */
#define LEFT_SHARE  1e-9
#define ROUNDING_US 4
/* A job behind its plan goes on for at least this long. */
static const int64_t LEAST_MORE_US = US_PER_H / 60;
/* A job that is not done this long after the horizon is given up. */
enum { GIVE_UP_HORIZONS = 5 };
enum { MOST_EVENTS = 2000000 };
/* Divisible work that is behind its plan this long before its deadline gets on-demand machines beside what it has. */
static const int64_t TOP_UP_US = 2 * US_PER_H;

static const struct terms *unit_terms(const struct work_scratch *s, const struct unit *u)
{
    return &s->job->terms[u->terms];
}

static double rounding(const struct work_scratch *s)
{
    return s->slack + s->rate * ROUNDING_US;
}

/* End of the span of allowed time that holds us, and its begin or us; beyond the horizon all time is allowed. */
static int64_t open_from(const struct work_scratch *s, int64_t us, int64_t *end_us)
{
    const struct window *w = s->job->d->window;
    const int64_t horizon = s->play->plan->scenario->length_us;
    *end_us = INT64_MAX;
    for (size_t i = 0; i < w->n; i++) {
        const struct span span = w->spans[i];
        if (span.to_us <= us) continue;
        if (span.to_us < horizon) *end_us = span.to_us;
        return span.from_us > us ? span.from_us : us;
    }
    return us > horizon ? us : horizon;
}

/* Work that the stretches of the plan have still to do after now. */
static double planned_left(const struct work_scratch *s)
{
    double sum = 0;
    for (size_t i = s->job->n_stretches; i-- > s->followed;) {
        const struct played *p = &s->job->stretches[i];
        const struct stretch *x = p->stretch;
        if (p->last_end_us <= s->now_us) break; /* all before it have ended too */
        if (x->to_us <= s->now_us) continue;
        const int64_t from = x->from_us > s->now_us ? x->from_us : s->now_us;
        sum += x->useful * (double)(x->to_us - from) / (double)(x->to_us - x->from_us);
    }
    return sum;
}

/* Divisible work under greedy_safety and hedge keeps its spot machines, and gets others beside them where it is behind: on-demand
 * instead of what computes already would pay for all of the work to save a part of it. */
static bool tops_up(const struct work_scratch *s)
{
    const struct policy *p = s->play->policy;
    return !s->job->d->shape->workers && (p == &policy_greedy_safety || p == &policy_hedge);
}

/* What the policy wants to hold from now on. */
static enum machine ask(struct work_scratch *s, enum machine current, bool spot_available)
{
    const struct work_job *job = s->job;
    if (job->on_demand == SIZE_MAX) return MACHINE_SPOT;
    if (job->on_spot == SIZE_MAX) return MACHINE_ON_DEMAND;
    if (tops_up(s)) return current == MACHINE_ON_DEMAND ? MACHINE_ON_DEMAND : MACHINE_SPOT;
    const struct terms *t = &job->terms[job->on_demand];
    const double per_h = t->rate * s->speed[job->on_demand] * (double)(t->machines * t->width);
    const size_t index = (size_t)(job - s->play->jobs);
    struct policy_terms terms = s->play->policy_terms[index];
    terms.work_s = s->work / per_h * 3600;
    const struct policy_view view = {
        .terms = &terms,
        .now_s = (double)(s->now_us - job->d->release_us) / 1e6,
        .left_s = s->left / per_h * 3600,
        .current = current,
        .spot_available = spot_available,
        .spot_price_per_h = terms.spot_price_per_h *
                            world_price(s->world, job->terms[job->on_spot].offer, s->now_us),
    };
    return s->play->policy->choose(s->play->prepared[index], s->memory, &view);
}

static bool spot_now(const struct work_scratch *s)
{
    const size_t spot = s->job->on_spot;
    return spot != SIZE_MAX && unit_to_be_had(s, &s->job->terms[spot]);
}

/* Units of a limit that the job's own plan uses at us. */
static double own_planned(const void *context, const struct room *r, int64_t us)
{
    const struct work_scratch *s = context;
    const struct work_job *job = s->job;
    double sum = 0;
    for (size_t i = 0; i < job->n_stretches; i++) {
        const struct stretch *x = job->stretches[i].stretch;
        if (x->from_us <= us && x->to_us > us)
            sum += (double)x->machines *
                   counted_units(s->play->plan, &r->counted, x->offer, job->d->shape->workload);
    }
    return sum;
}

/* Units of a limit that the job holds beyond the plan. */
static double held_beyond(const struct work_scratch *s, const struct room *r)
{
    double sum = 0;
    for (size_t i = 0; i < s->n_heap; i++) {
        const struct unit *u = &s->units[s->heap[i]];
        if (u->stretch == SIZE_MAX)
            sum += (double)u->machines * counted_units(s->play->plan, &r->counted,
                                                       unit_terms(s, u)->offer,
                                                       s->job->d->shape->workload);
    }
    return sum;
}

/* Machines that quotas and stock leave for new ones until end_us, everything else used as planned; instead of all that the job
 * plans and holds, or beside it. At most `wanted`. */
static long room_for(const struct work_scratch *s, size_t terms, long wanted, int64_t end_us,
                     bool instead)
{
    const struct rooms *rooms = &s->play->rooms;
    const size_t offer = s->job->terms[terms].offer;
    double most = (double)wanted;
    for (size_t i = 0; i < rooms->n; i++) {
        const struct room *r = &rooms->items[i];
        const double units =
            counted_units(s->play->plan, &r->counted, offer, s->job->d->shape->workload);
        if (units <= 0) continue;
        const double left = room_least(r, s->now_us, end_us, instead ? own_planned : NULL, s) -
                            (instead ? 0 : held_beyond(s, r));
        most = fmin(most, floor(left / units + LEFT_SHARE));
    }
    return most > 0 ? (long)most : 0;
}

/* Units side by side that there is room for in the place of all that the job holds; of a gang 1 or none. */
static long width_for(const struct work_scratch *s, size_t terms, int64_t end_us)
{
    const struct terms *t = &s->job->terms[terms];
    return room_for(s, terms, t->machines * t->width, end_us, true) / t->machines;
}

/* Opens units side by side on terms beyond the plan, until the next look at it. */
static void open_beyond(struct work_scratch *s, size_t terms, long width, int64_t end_us)
{
    const struct terms *t = &s->job->terms[terms];
    const bool each = t->spot && t->machines == 1;
    const struct unit_request r = {.terms = terms,
                                   .stretch = SIZE_MAX,
                                   .machines = each      ? 1
                                               : t->spot ? t->machines
                                                         : t->machines * width,
                                   .end_us = end_us,
                                   .restarts = true};
    for (long i = 0; i < (each ? width : 1); i++) {
        struct unit_request one = r;
        one.place = (size_t)i;
        unit_open(s, &one);
    }
}

static int64_t look_again(const struct work_scratch *s)
{
    int64_t end;
    open_from(s, s->now_us, &end);
    const int64_t hour = s->now_us + US_PER_H;
    return end < hour ? end : hour;
}

static void close_all(struct work_scratch *s)
{
    for (size_t i = 0; i < s->n_heap; i++) unit_close(s, &s->units[s->heap[i]]);
    s->n_heap = 0;
}

/* Leaves the plan: everything goes to on-demand. False where quotas and stock leave no room for it: all stays as it is. */
static bool rescue(struct work_scratch *s)
{
    const int64_t until = look_again(s);
    const long width = width_for(s, s->job->on_demand, until);
    if (width < 1) return false;
    s->as_planned = false;
    s->rescue = true;
    s->followed = s->next_stretch;
    close_all(s);
    open_beyond(s, s->job->on_demand, width, until);
    return true;
}

/* Work that neither the plan, nor what runs beyond it, nor the time between the plan's end and the deadline will do. */
static double missing_work(const struct work_scratch *s)
{
    const struct work_job *job = s->job;
    const struct played *last = &job->stretches[job->n_stretches - 1];
    const struct stretch *x = last->stretch;
    double missing = s->left - planned_left(s);
    for (size_t i = 0; i < s->n_heap; i++) {
        const struct unit *u = &s->units[s->heap[i]];
        const int64_t from = u->state == UNIT_COMPUTING    ? s->now_us
                             : u->state == UNIT_RESTARTING ? u->ready_us
                                                           : u->end_us;
        const int64_t works = from < u->end_us ? u->end_us - from : 0;
        /* The plan counts on all the time of its own units, and on none of the others. */
        const int64_t counted = u->stretch == SIZE_MAX ? 0 : u->end_us - s->now_us;
        missing += u->rate * (double)(counted - works);
    }
    const int64_t from = last->last_end_us > s->now_us ? last->last_end_us : s->now_us;
    if (from < job->d->due_us && s->followed < job->n_stretches)
        missing -= x->useful / (double)(x->to_us - x->from_us) *
                   (double)demand_open_us(job->d, from, job->d->due_us, false, job->d->due_us);
    return missing;
}

/* Opens as many machines beside what runs as divisible work needs to make its deadline. */
static void top_up(struct work_scratch *s, size_t terms)
{
    const struct work_job *job = s->job;
    if (!tops_up(s) || s->rescue || terms == SIZE_MAX) return;
    const double missing = missing_work(s);
    const struct terms *t = &job->terms[terms];
    const int64_t ready = s->now_us + t->rs_us;
    const int64_t open = ready < job->d->due_us
                             ? demand_open_us(job->d, ready, job->d->due_us, false, job->d->due_us)
                             : 0;
    int64_t end;
    if (missing <= rounding(s) || open <= 0 || open_from(s, s->now_us, &end) > s->now_us) return;
    s->as_planned = false;
    const double rate = t->rate * t->kept_frac * s->speed[terms] / (double)US_PER_H;
    const double wanted = ceil(missing / (rate * (double)open));
    const long asked = wanted < (double)t->most ? (long)wanted : t->most;
    const long n = asked < 1 ? 0 : room_for(s, terms, asked, end, false);
    if (n < 1) return;
    const double us = missing / (rate * (double)n) + (double)t->rs_us;
    const double most = (double)(end - s->now_us);
    open_beyond(s, terms, n, s->now_us + (int64_t)fmin(ceil(us), most));
}

/* Machines that boot for a stretch; the others go on from the one before. */
static long booted_for(const struct terms *t, const struct stretch *x)
{
    if (t->rs_us <= 0 || x->start_us <= 0) return 0;
    const long booted = lround((double)x->start_us / (double)t->rs_us);
    return booted < x->machines ? booted : x->machines;
}

static void planned_open(struct work_scratch *s, struct unit_request r, bool boots)
{
    const int64_t more = boots ? boot_delay_us(s, r.place, r.machines) : 0;
    r.delay_us = more > 0 ? more : 0;
    if (more > 0) s->as_planned = false;
    unit_open(s, &r);
}

static void stretch_begin(struct work_scratch *s)
{
    const struct played *p = &s->job->stretches[s->next_stretch++];
    const struct stretch *x = p->stretch;
    if (s->rescue) {
        s->as_planned = false;
        s->followed = s->next_stretch;
        return;
    }
    const struct terms *t = &s->job->terms[p->terms];
    if (!t->spot || unit_to_be_had(s, t))
        use_add_start(s, p->terms, x->start_us, x->from_us);
    else
        s->as_planned = false;
    const long booted = booted_for(t, x);
    const bool gang = s->job->d->shape->workers, each = t->spot || boots_vary(s);
    for (long first = 0; first < x->machines;) {
        const bool boots = first < booted;
        const long alike = boots ? booted - first : x->machines - first;
        struct unit_request r = {.terms = p->terms,
                                 .stretch = s->next_stretch - 1,
                                 .machines = gang   ? x->machines
                                             : each ? 1
                                                    : alike,
                                 .place = p->place + (size_t)first,
                                 .end_us = x->to_us,
                                 .so_far = {t->rs_us, t->rs_us}};
        const long taken = boots ? r.machines : run_take_over(&r.so_far, s, p->terms, r.machines);
        if (!gang) r.machines = taken;
        planned_open(s, r, boots);
        first += r.machines;
    }
    top_up(s, s->job->on_spot != SIZE_MAX ? s->job->on_spot : s->job->on_demand);
}

/* The end of a unit's time: it goes on while the job is behind and nothing better comes next. True: it goes on. */
static bool unit_goes_on(struct work_scratch *s, struct unit *u)
{
    const double behind = s->left - planned_left(s);
    if (behind <= rounding(s)) return false;
    s->as_planned = false;
    const bool spot = unit_terms(s, u)->spot;
    const enum machine current = spot ? MACHINE_SPOT : MACHINE_ON_DEMAND;
    const enum machine want = ask(s, current, spot && u->state != UNIT_WAITING);
    if (want == MACHINE_ON_DEMAND && spot) {
        if (rescue(s)) return true;
    } else if (want != current && s->job->on_spot != SIZE_MAX) {
        s->rescue = false;
        return false;
    }
    int64_t end;
    if (open_from(s, s->now_us, &end) > s->now_us) return false;
    const double rate = s->rate > 0 ? s->rate : u->rate;
    const double more = fmin(behind / rate, 1e15);
    int64_t until = s->now_us + (int64_t)fmax(ceil(more), (double)LEAST_MORE_US);
    if (s->rescue) until = look_again(s);
    if (until > end) until = end;
    if (s->job->d->shape->workers && s->next_stretch < s->job->n_stretches && !s->rescue) {
        const int64_t next = s->job->stretches[s->next_stretch].stretch->from_us;
        if (next < until) until = next;
    }
    if (until <= s->now_us) return false;
    u->end_us = until;
    return true;
}

/* Something happens to the unit on top of the heap. */
static void unit_event(struct work_scratch *s)
{
    struct unit *u = &s->units[s->heap[0]];
    if (s->now_us >= u->end_us) {
        const bool rescued = s->rescue;
        if (!unit_goes_on(s, u)) {
            unit_close(s, u);
            heap_pop(s);
            return;
        }
        if (s->rescue != rescued) return; /* the heap is a new one */
        unit_next(s, u);
    } else if (u->state == UNIT_RESTARTING && s->now_us >= u->ready_us) {
        unit_compute(s, u);
    } else if (u->state == UNIT_WAITING && s->now_us >= u->back_us) {
        unit_restart(s, u);
    } else {
        s->as_planned = false;
        if (u->state != UNIT_WAITING) unit_take(s, u);
        const bool soon = u->back_us <= s->now_us + unit_terms(s, u)->dn_us;
        if (ask(s, MACHINE_NONE, soon) == MACHINE_ON_DEMAND && rescue(s)) return;
        if (u->back_us <= s->now_us) unit_restart(s, u);
        unit_next(s, u);
        heap_fix_top(s);
        if (s->now_us >= s->job->d->due_us - TOP_UP_US) top_up(s, s->job->on_demand);
        return;
    }
    heap_fix_top(s);
}

/* Nothing runs: the next stretch, or another look at what to do, whichever comes first. False: nothing is left to do. */
static bool idle(struct work_scratch *s)
{
    const struct work_job *job = s->job;
    const int64_t next = s->next_stretch < job->n_stretches
                             ? job->stretches[s->next_stretch].stretch->from_us
                             : INT64_MAX;
    const bool begun = s->next_stretch > 0 || s->rescue;
    const bool last = next == INT64_MAX && s->left > rounding(s);
    const bool behind = last || (begun && s->left - planned_left(s) > rounding(s));
    if (!behind) {
        if (next == INT64_MAX) return false;
        s->now_us = next;
        stretch_begin(s);
        return true;
    }
    int64_t end, at = open_from(s, s->now_us, &end);
    if (at >= next) {
        s->now_us = next;
        stretch_begin(s);
        return true;
    }
    s->now_us = at;
    s->as_planned = false;
    const enum machine want = ask(s, MACHINE_NONE, spot_now(s));
    s->rescue = want == MACHINE_ON_DEMAND;
    int64_t until = look_again(s);
    const size_t terms = s->rescue ? job->on_demand : job->on_spot;
    if (next < until) until = next;
    const bool held = want != MACHINE_NONE && (want != MACHINE_SPOT || spot_now(s));
    const long width = held ? width_for(s, terms, until) : 0;
    if (width < 1) {
        s->rescue = false;
        s->now_us = until;
    } else {
        open_beyond(s, terms, width, until);
    }
    return true;
}

/* Units that would end within the rounding end as planned. */
static bool all_end_now(const struct work_scratch *s)
{
    for (size_t i = 0; i < s->n_heap; i++) {
        const struct unit *u = &s->units[s->heap[i]];
        if (u->stretch == SIZE_MAX) return false;
        const double more = (double)(s->job->stretches[u->stretch].stretch->to_us - s->now_us);
        if (more * s->rate > 2 * rounding(s) || more < -ROUNDING_US) return false;
    }
    return s->next_stretch == s->job->n_stretches;
}

static void finish(struct work_scratch *s)
{
    s->as_planned = s->as_planned && all_end_now(s);
    close_all(s);
    s->luck->finish_us = s->now_us;
}

/* Moves to the next event. True when the work ends before it. */
static bool advance(struct work_scratch *s)
{
    int64_t at = s->units[s->heap[0]].next_us;
    if (s->next_stretch < s->job->n_stretches) {
        const int64_t from = s->job->stretches[s->next_stretch].stretch->from_us;
        if (from < at) at = from;
    }
    if (s->alarm_us > s->now_us && s->alarm_us < at) at = s->alarm_us;
    if (s->rate > 0 && s->left < s->rate * (double)(at - s->now_us) - rounding(s)) {
        s->now_us += (int64_t)ceil(s->left / s->rate);
        s->left = 0;
        return true;
    }
    s->left -= s->rate * (double)(at - s->now_us);
    s->now_us = at;
    return s->left <= rounding(s);
}

/* One step of the job. False: it is over. */
static bool step(struct work_scratch *s, int64_t give_up_us)
{
    if (s->n_heap == 0) return idle(s) && s->now_us < give_up_us;
    if (advance(s)) return false;
    if (s->now_us >= give_up_us) return false;
    if (s->now_us == s->alarm_us) {
        s->alarm_us = INT64_MIN;
        if (s->job->on_demand != SIZE_MAX) top_up(s, s->job->on_demand);
        return true;
    }
    const bool begins = s->next_stretch < s->job->n_stretches &&
                        s->job->stretches[s->next_stretch].stretch->from_us <= s->now_us;
    if (begins && s->units[s->heap[0]].next_us > s->now_us)
        stretch_begin(s);
    else
        unit_event(s);
    return true;
}

static void start(struct work_scratch *s, const struct work_job *job, struct job_luck *luck)
{
    *luck = (struct job_luck){0};
    s->job = job;
    s->luck = luck;
    s->now_us = job->d->release_us;
    s->work = s->left = job->d->work * world_work(s->world, job->workload);
    s->slack = LEFT_SHARE * s->work;
    s->rate = 0;
    s->n_computing = s->n_units = s->n_places = s->n_heap = s->next_stretch = 0;
    s->followed = 0;
    s->alarm_us = job->d->due_us - TOP_UP_US;
    s->boot = world_restart(s->world, job->workload);
    s->boot.key = random_key_of(s->boot.key, job->key);
    s->n_boots = 0;
    s->n_handed = 0;
    s->rescue = false;
    s->as_planned = true;
    memset(s->uses, 0, job->n_terms * s->play->n_months * sizeof *s->uses);
    memset(s->lost, 0, job->n_terms * s->play->n_months * sizeof *s->lost);
    if (s->play->policy->memory_bytes) memset(s->memory, 0, s->play->policy->memory_bytes);
    for (size_t i = 0; i < job->n_terms; i++) {
        const struct terms *t = &job->terms[i];
        s->speed[i] = world_speed(s->world, job->workload, t->gpu);
        s->hazard[i] = t->spot ? world_hazard(s->world, job->workload, t->in.lambda) : 0;
    }
}

bool work_job_play(struct job_luck *luck, const struct work_job *job, struct work_scratch *s)
{
    start(s, job, luck);
    const int64_t horizon = s->play->plan->scenario->length_us;
    const int64_t give_up_us = (GIVE_UP_HORIZONS + 1) * horizon;
    long events = 0;
    while (step(s, give_up_us) && events < MOST_EVENTS) events++;
    luck->unfinished = s->left > rounding(s) + 1e-6 * s->work;
    if (luck->unfinished) s->as_planned = false;
    finish(s);
    luck->as_planned = s->as_planned;
    const struct time_ledger *t = &luck->time;
    return t->paid ==
           t->useful + t->checkpoint + t->lost + t->restart + t->waiting + t->data + t->idle;
}

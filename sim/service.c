/* A service of a plan in a world: load, machines that follow it, requests in time, late and lost. */
#include "common/text.h"
#include "sim/service_play.h"
#include <assert.h>
#include <math.h>
#include <string.h>

/* Load above the curve lasts about so long: noise of neighbouring quarters of an hour is alike. */
#define NOISE_H 1.0
/* The schedule follows the load of about the past day, and not its chance ups and downs: within the band it stays as it is
 * (Kubernetes' autoscaler has the same tolerance). */
#define LEVEL_H    24.0
#define LEVEL_BAND 0.1
/* Loads as planned are those as planned, rounding apart. */
#define SAME_LOAD 1e-9

/* Working memory of one thread. */
struct room {
    double *ratio;             /* [n_slots] load over planned load */
    long *held, *before;       /* [n_options] machines, now and in the slot before */
    long *started;             /* [n_options][n_slots] machines started for the slot */
    long *young;               /* [n_options] machines started within the cooldown */
    size_t *oldest;            /* [n_options] first slot whose starts are still young */
    size_t *booting;           /* [n_options] first slot whose starts may still boot */
    long *serving;             /* [n_pools] */
    double *late, *late_now;   /* [n_limits] requests: of the world, of the slot */
    double *route;             /* [classes][n_pools] */
    struct spot_place *places; /* [most_spot] */
    struct spot_event *events; /* [events_room] */
};

/* One world under way. */
struct run {
    const struct service_play *p;
    struct world *w;
    struct room room;
    struct service_luck *luck;
    bool calm;    /* load as planned: machines as planned */
    double level; /* load of this world over that of the plan */
    double noise; /* normal, of the slot */
    struct boot restart, cold_start;
    double seen;    /* load of the past day over that of the plan, as the schedule sees it */
    size_t seen_to; /* slots that it has seen */
    double
        sessions; /* Erlangs that are there when the slot begins; NAN: as many as there are on average */
    double admitted; /* offered without what the plan leaves out */
};

/* --- memory --- */

enum part {
    PART_RATIO,
    PART_HELD,
    PART_BEFORE,
    PART_STARTED,
    PART_YOUNG,
    PART_OLDEST,
    PART_BOOTING,
    PART_SERVING,
    PART_LATE_ALL,
    PART_LATE_NOW,
    PART_ROUTE,
    PART_PLACES,
    PART_EVENTS,
    N_ROOM_PARTS
};
enum { ALIGNMENT = 16 };

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Most changes of the machines that serve in one slot. */
static size_t events_room(const struct service_play *p)
{
    return (size_t)p->most_spot * SPOT_EVENTS + (p->boots_vary ? p->n_options * p->n_slots : 0);
}

/* Where each part begins in the working memory; the last entry is its size. */
struct layout {
    size_t at[N_ROOM_PARTS + 1];
};

static struct layout layout_of(const struct service_play *p)
{
    const size_t spot = (size_t)p->most_spot;
    const size_t bytes[N_ROOM_PARTS] = {
        [PART_RATIO] = p->n_slots * sizeof(double),
        [PART_HELD] = p->n_options * sizeof(long),
        [PART_BEFORE] = p->n_options * sizeof(long),
        [PART_STARTED] = p->n_options * p->n_slots * sizeof(long),
        [PART_YOUNG] = p->n_options * sizeof(long),
        [PART_OLDEST] = p->n_options * sizeof(size_t),
        [PART_BOOTING] = p->n_options * sizeof(size_t),
        [PART_SERVING] = p->n_pools * sizeof(long),
        [PART_LATE_ALL] = p->n_limits * sizeof(double),
        [PART_LATE_NOW] = p->n_limits * sizeof(double),
        [PART_ROUTE] = p->n_pools * p->service->n_classes * sizeof(double),
        [PART_PLACES] = spot * sizeof(struct spot_place),
        [PART_EVENTS] = events_room(p) * sizeof(struct spot_event),
    };
    struct layout l = {{0}};
    for (size_t i = 0; i < N_ROOM_PARTS; i++) l.at[i + 1] = l.at[i] + aligned(bytes[i]);
    return l;
}

static struct room room_make(char *block, const struct service_play *p)
{
    const struct layout l = layout_of(p);
    const size_t odd = (size_t)(uintptr_t)block % ALIGNMENT;
    block += odd ? ALIGNMENT - odd : 0;
    return (struct room){
        .ratio = (double *)(void *)(block + l.at[PART_RATIO]),
        .held = (long *)(void *)(block + l.at[PART_HELD]),
        .before = (long *)(void *)(block + l.at[PART_BEFORE]),
        .started = (long *)(void *)(block + l.at[PART_STARTED]),
        .young = (long *)(void *)(block + l.at[PART_YOUNG]),
        .oldest = (size_t *)(void *)(block + l.at[PART_OLDEST]),
        .booting = (size_t *)(void *)(block + l.at[PART_BOOTING]),
        .serving = (long *)(void *)(block + l.at[PART_SERVING]),
        .late = (double *)(void *)(block + l.at[PART_LATE_ALL]),
        .late_now = (double *)(void *)(block + l.at[PART_LATE_NOW]),
        .route = (double *)(void *)(block + l.at[PART_ROUTE]),
        .places = (struct spot_place *)(void *)(block + l.at[PART_PLACES]),
        .events = (struct spot_event *)(void *)(block + l.at[PART_EVENTS]),
    };
}

size_t service_scratch_bytes(const struct service_play *play)
{
    return layout_of(play).at[N_ROOM_PARTS] + ALIGNMENT;
}

/* --- load --- */

static double slot_h(const struct service_play *p, size_t k)
{
    return (double)(p->from_us[k + 1] - p->from_us[k]) / (double)US_PER_H;
}

/* Load of the slot over the planned one: the world's level x noise of mean 1 that fades within the hour. */
static double load_ratio(struct run *r, size_t k)
{
    const struct service_play *p = r->p;
    if (p->noise_sd <= 0 || !r->w) return r->level;
    const double draw = normal_at(random_uniform_at(p->noise_key, r->w->index, k), 0, 1);
    const double fade = k == 0 ? 0 : exp(-slot_h(p, k) / NOISE_H);
    r->noise = fade * r->noise + sqrt(1 - fade * fade) * draw;
    return r->level * exp(p->noise_sd * r->noise - p->noise_sd * p->noise_sd / 2);
}

/* --- machines --- */

/* Slots that were over when machines for slot k had to be ordered. */
static size_t seen_before(const struct service_play *p, size_t k)
{
    const int64_t boot_us = llround(p->service->cold_start_h * (double)US_PER_H);
    size_t n = k;
    while (n > 0 && p->from_us[n] > p->from_us[k] - boot_us) n--;
    return n;
}

/* Load that the machines of slot k should carry, by what was seen when they were ordered. */
static double target_load(struct run *r, size_t k)
{
    const struct service_play *p = r->p;
    const size_t seen = seen_before(p, k);
    for (; r->seen_to < seen; r->seen_to++) {
        if (p->rate[r->seen_to] <= 0) continue; /* closed: nothing to be learned */
        const double weight = 1 - exp(-slot_h(p, r->seen_to) / LEVEL_H);
        r->seen += weight * (r->room.ratio[r->seen_to] - r->seen);
    }
    const bool steady = fabs(r->seen - 1) <= LEVEL_BAND;
    const double scheduled = (steady ? 1 : r->seen) * p->sizing[k];
    const bool known = seen > 0 && p->rate[seen - 1] > 0;
    const double now = known ? r->room.ratio[seen - 1] * p->rate[k] : 0;
    const double reaction = now * (1 - p->left_out[k]) * (1 + p->service->headroom_frac);
    return fmax(scheduled, reaction);
}

/* Machines that were started stay for the cooldown. */
static void keep_young(struct run *r, size_t k, const long *before)
{
    const struct service_play *p = r->p;
    const int64_t cooldown_us = llround(p->service->cooldown_h * (double)US_PER_H);
    for (size_t o = 0; o < p->n_options; o++) {
        const long *started = r->room.started + o * p->n_slots;
        size_t *oldest = &r->room.oldest[o];
        for (; *oldest < k && p->from_us[k] - p->from_us[*oldest] >= cooldown_us; ++*oldest)
            r->room.young[o] -= started[*oldest];
        const long stay = r->room.young[o] < before[o] ? r->room.young[o] : before[o];
        if (r->room.held[o] < stay) r->room.held[o] = stay;
    }
}

static void note_starts(struct run *r, size_t k, const long *before)
{
    for (size_t o = 0; o < r->p->n_options; o++) {
        const long more = k == 0 ? 0 : r->room.held[o] - before[o];
        r->room.started[o * r->p->n_slots + k] = more > 0 ? more : 0;
        r->room.young[o] += more > 0 ? more : 0;
    }
}

static void hold_planned(struct run *r, size_t k)
{
    for (size_t o = 0; o < r->p->n_options; o++) r->room.held[o] = r->p->options[o].planned[k];
}

static void hold(struct run *r, size_t k, long *before)
{
    const struct service_play *p = r->p;
    for (size_t o = 0; o < p->n_options; o++) before[o] = r->room.held[o];
    if (r->calm) {
        hold_planned(r, k);
        return;
    }
    const double target = target_load(r, k);
    if (fabs(target - p->sizing[k]) <= SAME_LOAD * p->sizing[k])
        hold_planned(r, k);
    else
        machines_for(p, k, target, r->room.held);
    if (k > 0) keep_young(r, k, before);
    note_starts(r, k, before);
}

/* Time held and started beyond the plan. */
static void book(struct run *r, size_t k, const long *before)
{
    const struct service_play *p = r->p;
    const int64_t length_us = p->from_us[k + 1] - p->from_us[k];
    const int64_t boot_us = llround(p->service->cold_start_h * (double)US_PER_H);
    for (size_t o = 0; !r->calm && o < p->n_options; o++) {
        const struct play_option *x = &p->options[o];
        const long now = r->room.held[o], planned = x->planned[k];
        r->luck->more_us[x->holding[k]] += (now - planned) * length_us;
        if (k == 0 || !x->scales) continue;
        const long starts = now > before[o] ? now - before[o] : 0;
        const long expected = planned > x->planned[k - 1] ? planned - x->planned[k - 1] : 0;
        r->luck->more_start_us[x->holding[k]] += (starts - expected) * boot_us;
    }
}

/* --- serving --- */

static double session_h(const struct service_play *p)
{
    return p->service->rule == RULE_BLOCKING ? p->service->time_h : 0;
}

/* Mean Erlangs of the slot: sessions that began before it end one by one (exponential lengths), so the load runs behind the
 * starts: a' = starts - a / length. Seats and requests have no memory. */
static double load_of_slot(struct run *r, size_t k, double rate)
{
    const double length_h = session_h(r->p);
    if (length_h <= 0) return rate;
    if (isnan(r->sessions)) r->sessions = rate;
    const double x = slot_h(r->p, k) / length_h, begin = r->sessions;
    r->sessions = rate + (begin - rate) * exp(-x);
    return rate - (begin - rate) * expm1(-x) / x;
}

/* Requests and session starts come by chance: Poisson about their mean. Seats are booked. */
static double arrivals(const struct run *r, size_t k, double mean)
{
    const struct service_play *p = r->p;
    if (!p->counts || !r->w || mean <= 0) return mean;
    return poisson_at(random_uniform_at(p->count_key, r->w->index, k), mean);
}

/* Amounts in the unit of outcomes and of the ledger: requests, session starts, seat-hours. */
static double told(const struct service_play *p, double amount)
{
    return service_units(p->service, amount);
}

struct slot_sum {
    double served, lost, cut;
};

/* Machines serve `load` for a while. */
static void serve_part(struct run *r, struct slot_sum *sum, double load, int64_t us)
{
    if (us <= 0) return;
    const struct present now = {(double)us / (double)US_PER_H, r->room.serving};
    const struct served_part part = pools_serve(r->p, &now, load, r->room.late_now, r->room.route);
    sum->served += part.served;
    sum->lost += part.lost;
}

/* Sessions on a machine that is taken are cut. */
static double sessions_on(const struct run *r, size_t pool, double load)
{
    double places = 0;
    if (session_h(r->p) <= 0) return 0;
    for (size_t i = 0; i < r->p->n_pools; i++)
        places += (double)r->room.serving[i] * r->p->pools[i].servers;
    return places > 0 ? fmin(1, load / places) * r->p->pools[pool].servers : 0;
}

/* Plays the slot piece by piece: between two changes of the machines that serve nothing changes. */
static struct slot_sum serve_slot(struct run *r, const struct spot_slot *slot, double load)
{
    struct slot_sum sum = {0};
    int64_t from = slot->from_us;
    for (size_t i = 0; i < slot->n_events; i++) {
        const struct spot_event *e = &slot->events[i];
        serve_part(r, &sum, load, e->at_us - from);
        from = e->at_us;
        if (e->change < 0) sum.cut += sessions_on(r, e->pool, load);
        r->room.serving[e->pool] += e->change;
    }
    serve_part(r, &sum, load, slot->to_us - from);
    return sum;
}

/* When the machines ordered for a slot are there: those of one order boot together, and are ordered as early as planned. */
static int64_t ready_at(const struct run *r, size_t o, size_t slot)
{
    const int64_t ahead_us = llround(r->p->service->cold_start_h * (double)US_PER_H);
    const uint64_t place = (uint64_t)r->p->most_spot + o;
    const int64_t more_us = boot_us(r->w, &r->cold_start, place, slot, 1) - ahead_us;
    return r->p->from_us[slot] + (more_us > 0 ? more_us : 0);
}

/* Machines of an option that still boot when slot k begins; those that are ready in it go to slot->events. */
static long booting(struct run *r, struct spot_slot *slot, size_t k, size_t o)
{
    const long *started = r->room.started + o * r->p->n_slots;
    long n = 0;
    if (!r->p->boots_vary || !r->w) return 0;
    for (size_t j = r->room.booting[o]; j <= k; j++) {
        const int64_t ready_us = started[j] > 0 ? ready_at(r, o, j) : r->p->from_us[j];
        if (ready_us <= slot->from_us) {
            if (j == r->room.booting[o]) r->room.booting[o]++;
            continue;
        }
        const long left = r->room.held[o] - n, these = started[j] < left ? started[j] : left;
        n += these;
        if (ready_us < slot->to_us && these > 0)
            slot->events[slot->n_events++] =
                (struct spot_event){ready_us, r->p->options[o].pool, these};
    }
    return n;
}

/* Machines that serve when the slot begins; changes inside it go to slot->events. */
static void machines_there(struct run *r, struct spot_slot *slot, size_t k)
{
    const struct service_play *p = r->p;
    for (size_t i = 0; i < p->n_pools; i++) r->room.serving[i] = 0;
    struct spot_place *places = r->room.places;
    for (size_t o = 0; o < p->n_options; o++) {
        const struct play_option *x = &p->options[o];
        if (!x->spot || !r->w) {
            r->room.serving[x->pool] += r->room.held[o] - booting(r, slot, k, o);
            continue;
        }
        slot->unpaid_us = 0;
        r->room.serving[x->pool] += spot_play(slot, p, o, places, r->room.held[o], r->w);
        r->luck->more_us[x->holding[k]] -= slot->unpaid_us;
        places += x->most;
    }
    if (slot->n_events > 1) spot_sort(slot);
}

/* What came of the slot, in the unit of outcomes. Sessions are lost when they start: as large a share of the starts as of
 * the load. */
static void play_slot(struct run *r, size_t k)
{
    const struct service_play *p = r->p;
    struct service_luck *luck = r->luck;
    struct spot_slot slot = {.from_us = p->from_us[k],
                             .to_us = p->from_us[k + 1],
                             .restart = r->restart,
                             .cold_start = r->cold_start,
                             .events = r->room.events};
    machines_there(r, &slot, k);
    const double rate = p->rate[k] * r->room.ratio[k];
    const double offered = arrivals(r, k, told(p, rate * slot_h(p, k)));
    const double left_out = offered * p->left_out[k], admitted = offered - left_out;
    for (size_t i = 0; i < p->n_limits; i++) r->room.late_now[i] = 0;
    const struct slot_sum sum =
        serve_slot(r, &slot, load_of_slot(r, k, rate * (1 - p->left_out[k])));
    const double all = sum.served + sum.lost, share = all > 0 ? sum.lost / all : 0;
    const double cut = fmin(sum.cut, admitted * (1 - share));
    for (size_t i = 0; i < p->n_limits; i++)
        r->room.late[i] += all > 0 ? admitted * r->room.late_now[i] / all : 0;
    luck->offered += offered;
    luck->lost += left_out + admitted * share + cut;
    luck->interruptions += slot.taken;
    r->admitted += admitted;
    if (p->service->unserved_priced) luck->unserved[p->month[k]] += left_out + admitted * share;
}

/* --- a world --- */

/* Share of requests that may be late or lost. Measured rates: by the percentile that the user asked for. */
static double lost_allowed(const struct service_play *p)
{
    const struct workload *w = &p->model->plan->scenario->workloads[p->workload];
    if (p->service->rule == RULE_BLOCKING) return p->service->blocked_frac;
    if (w->met_frac > 0) return 1 - w->met_frac;
    return w->p99_h > 0 ? 0.01 : w->p95_h > 0 ? 0.05 : w->p50_h > 0 ? 0.5 : 0.01;
}

static void judge(struct run *r)
{
    const struct service_play *p = r->p;
    struct service_luck *luck = r->luck;
    const double slack = 1e-9 * r->admitted;
    luck->served = luck->offered - luck->lost;
    luck->late = p->n_limits > 0 ? r->room.late[p->strictest] : 0;
    const double lost = fmax(0, luck->lost - (luck->offered - r->admitted));
    luck->missed = p->n_limits == 0 && lost > lost_allowed(p) * r->admitted + slack;
    for (size_t i = 0; i < p->n_limits; i++)
        if (r->room.late[i] + lost > p->service->limits[i].late_frac * r->admitted + slack)
            luck->missed = true;
}

static void begin_places(const struct service_play *p, struct run *r)
{
    struct spot_place *place = r->room.places;
    for (size_t o = 0; r->w && o < p->n_options; o++) {
        const struct play_option *x = &p->options[o];
        if (!x->spot) continue;
        const double per_h = world_hazard(r->w, p->workload, x->hazard_per_h);
        for (long j = 0; j < x->most; j++, place++) {
            place->held = false;
            place->number = (uint64_t)(place - r->room.places);
            place->starts = 0;
            reclaims_start(&place->reclaims, r->w, x->offer, x->place_key, (size_t)j, per_h);
        }
    }
}

/* w NULL: load and machines as planned, nothing is taken. */
static void play_world(struct service_luck *luck, const struct service_play *p, struct world *w,
                       void *scratch)
{
    struct run r = {.p = p, .w = w, .luck = luck, .seen = 1, .sessions = NAN};
    r.room = room_make(scratch, p);
    r.level = w ? world_load(w, p->workload) : 1;
    r.calm = r.level == 1 && (p->noise_sd <= 0 || !w) && (!p->boots_vary || !w);
    if (w) r.restart = world_restart(w, p->workload);
    if (w) r.cold_start = world_cold_start(w, p->workload);
    long *before = r.room.before;
    for (size_t o = 0; o < p->n_options; o++) {
        r.room.held[o] = r.room.young[o] = 0;
        r.room.oldest[o] = r.room.booting[o] = 0;
    }
    for (size_t i = 0; i < p->n_limits; i++) r.room.late[i] = 0;
    begin_places(p, &r);
    for (size_t k = 0; k < p->n_slots; k++) {
        r.room.ratio[k] = load_ratio(&r, k);
        hold(&r, k, before);
        book(&r, k, before);
        play_slot(&r, k);
    }
    judge(&r);
}

void service_world(struct service_luck *luck, const struct service_play *play, struct world *w,
                   void *scratch)
{
    play_world(luck, play, w, scratch);
    /* The plan's own load left out is known exactly; the simulation adds what differs. */
    for (size_t m = 0; play->service->unserved_priced && m < play->n_months; m++)
        luck->unserved[m] =
            fmax(0, play->planned_unserved[m] + (luck->unserved[m] - play->calm_unserved[m]));
}

enum err service_prepare(struct service_play **play, const struct world_model *m, size_t service,
                         struct arena *a, struct diag *d)
{
    (void)d;
    struct service_play *p = *play = ARENA_NEW(a, struct service_play, 1);
    p->model = m;
    play_setup(p, service, a);
    struct service_luck calm = {
        .more_us = ARENA_NEW(a, int64_t, m->plan->n_holdings + 1),
        .more_start_us = ARENA_NEW(a, int64_t, m->plan->n_holdings + 1),
        .unserved = p->calm_unserved,
    };
    play_world(&calm, p, NULL, arena_alloc(a, service_scratch_bytes(p), 1));
    return OK;
}

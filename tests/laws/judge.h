/* An independent judge of plans, written from docs/model.md: it knows the problem as it was made up, looks at the plan
 * as the program hands it out, and shares no code with the solver. All checks leave their first complaint in `why`. */
#ifndef TESTS_LAWS_JUDGE_H
#define TESTS_LAWS_JUDGE_H

#include "tests/laws/solve.h"

#define US_PER_MIN INT64_C(60000000)

struct asked {
    const struct workload_problem *w; /* NULL: nobody asked for it */
    double work, items;               /* items 0: not counted */
    int release_min, due_min;
    bool late;
};

struct judge {
    const struct problem *p;
    const struct solved *s;
    const struct plan *plan;
    bool *open;         /* [length_min] of the workload looked at */
    struct asked *asked; /* [demands] */
    int *type;          /* [offers] the problem's number of the type; -1 unknown */
    bool bad;
    char why[256];
};

static inline __attribute__((format(printf, 2, 3))) void complain(struct judge *j, const char *format, ...)
{
    va_list list;
    if (j->bad) return;
    j->bad = true;
    va_start(list, format);
    vsnprintf(j->why, sizeof j->why, format, list);
    va_end(list);
}

/* a <= b but for the rounding of a few dozen additions, in units of `scale`. */
static inline bool at_most(double a, double b, double scale)
{
    return a <= b + 1e-9 * fmax(fmax(fabs(a), fabs(b)), scale);
}

/* --- what the problem asks for --- */

static inline int weekday_of(const struct problem *p, int minute)
{
    struct tm day = {0};
    int year = 0, month = 0;
    sscanf(moment_text(p, minute).at, "%d-%d-%d", &year, &month, &day.tm_mday);
    day.tm_year = year - 1900;
    day.tm_mon = month - 1;
    const time_t at = timegm(&day);
    gmtime_r(&at, &day);
    return (day.tm_wday + 6) % 7; /* Monday is 0 */
}

/* Is this minute of the horizon inside hours and days? Hours over midnight belong to the day they begin on. */
static inline bool minute_allowed(const struct problem *p, const struct workload_problem *w, int minute)
{
    const int clock = (p->start_clock_min + minute) % MINUTES_PER_DAY;
    int day_of = minute;
    if (w->hours_from >= 0 && w->hours_from != w->hours_to) {
        const bool over = w->hours_to <= w->hours_from;
        if (!over && (clock < w->hours_from || clock >= w->hours_to)) return false;
        if (over && clock < w->hours_from && clock >= w->hours_to) return false;
        if (over && clock < w->hours_to) day_of = minute - MINUTES_PER_DAY;
    }
    if (w->days == ANY_DAY) return true;
    return (weekday_of(p, day_of) >= 5) == (w->days == FREE_DAY);
}

static inline double work_asked(const struct workload_problem *w, struct decimal hours, int64_t items)
{
    if (w->form != WORK_ITEMS) return decimal_value(hours);
    return (double)items * decimal_value(w->seconds_per_item) / 3600;
}

/* First allowed minute of the day that begins at `slot`; -1: none. Hours begun the day before do not count. */
static inline int first_open(const struct judge *j, const struct workload_problem *w, int slot)
{
    for (int m = slot; m < slot + MINUTES_PER_DAY; m++) {
        const int clock = (j->p->start_clock_min + m) % MINUTES_PER_DAY;
        const int midnight = slot - (j->p->start_clock_min + slot) % MINUTES_PER_DAY;
        const bool begun_before = w->hours_from >= 0 && w->hours_to <= w->hours_from &&
                                  clock < w->hours_to && m < midnight + MINUTES_PER_DAY;
        if (minute_allowed(j->p, w, m) && !begun_before) return m;
    }
    return -1;
}

/* What the demand called `name` asks for; false when there is no such demand. */
static inline bool find_asked(struct judge *j, const char *name, struct asked *out)
{
    const struct problem *p = j->p;
    for (int i = 0; i < p->n_workloads; i++) {
        const struct workload_problem *w = &p->workloads[i];
        const size_t length = strlen(w->name);
        if (strncmp(name, w->name, length) != 0) continue;
        const char *rest = name + length;
        const int start = w->start_min > 0 ? w->start_min : 0;
        *out = (struct asked){.w = w, .late = w->late_per_h.digits > 0, .release_min = start,
                              .due_min = w->due_min < 0 ? p->length_min : start + w->due_min};
        out->work = work_asked(w, w->work, w->items);
        out->items = w->form == WORK_ITEMS ? (double)w->items : 0;
        if (!*rest && !w->n_jobs && !w->daily) return true;
        if (*rest == '#' && w->daily) {
            out->release_min = first_open(j, w, start + (atoi(rest + 1) - 1) * MINUTES_PER_DAY);
            out->due_min = w->due_min < 0 ? p->length_min : out->release_min + w->due_min;
            return true;
        }
        for (int k = 0; *rest == '/' && k < w->n_jobs; k++) {
            const struct job *job = &w->jobs[k];
            if (strcmp(rest + 1, job->id) != 0) continue;
            out->work = work_asked(w, job->work, job->items);
            out->items = w->form == WORK_ITEMS ? (double)job->items : 0;
            if (job->start_min >= 0) out->release_min = job->start_min;
            if (w->due_min >= 0 && !w->due_is_moment) out->due_min = out->release_min + w->due_min;
            if (job->due_min >= 0) out->due_min = job->due_min;
            return true;
        }
    }
    return false;
}

static inline size_t count_asked(struct judge *j)
{
    size_t n = 0;
    for (int i = 0; i < j->p->n_workloads; i++) {
        const struct workload_problem *w = &j->p->workloads[i];
        const int after = w->due_min < 0 ? 1 : w->due_min;
        for (int slot = 0; w->daily && slot < j->p->length_min; slot += MINUTES_PER_DAY) {
            const int release = first_open(j, w, slot);
            n += release >= 0 && release + after <= j->p->length_min;
        }
        if (!w->daily) n += (size_t)(w->n_jobs ? w->n_jobs : 1);
    }
    return n;
}

/* --- what a machine can do --- */

static inline int index_of(const char *name, const char *names, size_t stride, int n)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(name, names + (size_t)i * stride)) return i;
    return -1;
}

static inline int type_of(const struct judge *j, size_t offer)
{
    return j->type[offer];
}

static inline int find_type(const struct judge *j, size_t offer)
{
    return index_of(book_type(j->s->book, j->plan->offers[offer].type)->name, j->p->types[0].name,
                    sizeof j->p->types[0], j->p->n_types);
}

static inline int region_of(const struct judge *j, size_t offer)
{
    return index_of(j->plan->offers[offer].region, j->p->regions[0], NAME_BYTES, j->p->n_regions);
}

static inline int zone_of(const struct judge *j, size_t offer)
{
    const char *zone = j->plan->offers[offer].zone;
    return *zone ? zone[strlen(zone) - 1] - 'a' : -1;
}

static inline double speed_of(const struct judge *j, const struct workload_problem *w, int type)
{
    const struct machine_type *t = &j->p->types[type];
    double own = 0, reference = 1;
    for (int i = 0; i < j->p->n_speeds; i++) {
        const struct speed_problem *s = &j->p->speeds[i];
        if (s->kind != w->kind) continue;
        if (t->gpu < 0 ? !strcmp(s->family, t->family) : s->gpu == t->gpu) own = decimal_value(s->speed);
        if (w->form != WORK_VCPU_HOURS && s->gpu == w->reference) reference = decimal_value(s->speed);
    }
    return own / reference;
}

struct seats {
    int workers, machines; /* on a machine, of a gang */
    double used;           /* GPUs or vCPUs of a machine */
};

static inline struct seats seats_of(const struct judge *j, const struct asked *a, int type)
{
    const struct machine_type *t = &j->p->types[type];
    const struct workload_problem *w = a->w;
    const bool cpu = w->form == WORK_VCPU_HOURS, gang = workload_is_gang(w);
    const int size = cpu ? w->vcpu : w->gpus_per_worker;
    const int gang_size = w->workers ? w->workers : 1;
    int workers = cpu ? t->gpu < 0 ? t->vcpu / size : 0 : t->gpu < 0 ? 0 : t->gpus / size;
    if (!cpu && t->memory_gb < w->memory_gb) workers = 0;
    if (w->types && !(w->types & 1u << type)) workers = 0;
    if (gang && workers > gang_size) workers = gang_size;
    if (!gang && w->max_workers && workers > w->max_workers) workers = w->max_workers;
    if (!workers) return (struct seats){0};
    const int machines = gang ? (gang_size + workers - 1) / workers : 1;
    return (struct seats){workers, machines,
                          gang ? (double)(gang_size * size) / machines : (double)(workers * size)};
}

static inline double most_used(const struct asked *a)
{
    double most = a->w->max_workers ? a->w->max_workers : (double)INFINITY;
    if (a->items > 0) most = fmin(most, a->items);
    return most * (a->w->form == WORK_VCPU_HOURS ? a->w->vcpu : a->w->gpus_per_worker);
}

/* --- reclaims: the largest useful share that model.md 3.1 allows --- */

struct lives {
    double single, all, protected_h; /* lambda, Lambda, P */
};

static inline double alive(const struct lives *l, double x)
{
    const double early = fmin(x, l->protected_h), late = fmax(x - l->protected_h, 0);
    return exp(-(l->all - l->single) * early - l->all * late);
}

static inline double alive_until(const struct lives *l, double x) /* integral of S over [0, x) */
{
    const double rate = l->all - l->single, early = fmin(x, l->protected_h);
    const double first = rate > 0 ? -expm1(-rate * early) / rate : early;
    if (x <= l->protected_h) return first;
    return first - alive(l, l->protected_h) * expm1(-l->all * (x - l->protected_h)) / l->all;
}

/* First term and ratio of a geometric series of n terms; n infinite: all of them. */
static inline double series(double first, double rate, double step, double n)
{
    if (rate <= 0) return first * n;
    return first * (isinf(n) ? 1 : -expm1(-rate * step * n)) / -expm1(-rate * step);
}

/* tau times the sum of S(rs + j (tau + ck)), j = 1, 2, ..., a geometric series before and after the protected time. */
static inline double checkpointed(const struct lives *l, double tau, double ck, double rs)
{
    const double step = tau + ck, first = rs + step;
    const double n = first > l->protected_h ? 0 : floor((l->protected_h - first) / step) + 1;
    const double early = n > 0 ? series(alive(l, first), l->all - l->single, step, n) : 0;
    return tau * (early + series(alive(l, first + n * step), l->all, step, INFINITY)) / alive_until(l, INFINITY);
}

/* Largest over tau, by golden section after a scan; ck = 0 means all the time. */
static inline double best_checkpointed(const struct lives *l, double ck, double rs)
{
    if (ck <= 0) return (alive_until(l, INFINITY) - alive_until(l, rs)) / alive_until(l, INFINITY);
    double best = 0;
    for (double tau = ck / 8; tau < 1e4; tau *= 1.05) best = fmax(best, checkpointed(l, tau, ck, rs));
    return best * 1.001; /* between two points of the scan the value is at most this much higher */
}

static inline double useful_most(const struct judge *j, const struct asked *a, size_t offer,
                                 const struct seats *seat, double checkpoint_mbps)
{
    const struct workload_problem *w = a->w;
    const bool spot = j->plan->offers[offer].market->interruptible;
    const int type = type_of(j, offer);
    double hazard = 0;
    for (int i = 0; spot && i < j->p->n_prices; i++) {
        const struct price *r = &j->p->prices[i];
        if (r->way == WAY_SPOT && r->type == type && r->region == region_of(j, offer) &&
            (r->zone < 0 || r->zone == zone_of(j, offer)))
            hazard = decimal_value(r->hazard);
    }
    if (spot && w->hazard.digits >= 0) hazard = decimal_value(w->hazard);
    const bool saves = w->saving == SAVING_AUTO || w->saving == SAVING_EVERY;
    const double transfer = w->checkpoint_gb * 1024 / checkpoint_mbps / 3600;
    const double rs = w->restart_min / 60.0 + (saves ? transfer : 0), tau = w->every_min / 60.0;
    if (hazard <= 0) return w->saving == SAVING_EVERY ? tau / (tau + transfer) : 1;
    const struct lives l = {hazard, hazard * seat->machines, j->plan->offers[offer].protected_h};
    const double all = alive_until(&l, INFINITY);
    if (w->saving == SAVING_EVERY) return checkpointed(&l, tau, transfer, rs);
    if (w->saving == SAVING_AUTO) return best_checkpointed(&l, transfer, rs);
    if (w->saving == SAVING_LOST) return (all - alive_until(&l, rs + w->lost_min / 60.0)) / all;
    const double hours = a->work / (seat->used * seat->machines * speed_of(j, w, type));
    return hours / (alive_until(&l, hours) + (1 - alive(&l, hours)) * alive_until(&l, rs + hours) / alive(&l, rs + hours));
}

/* --- single stretches --- */

static inline int largest_use(const struct judge *j, int dataset)
{
    int size = 0;
    for (int i = 0; i < j->p->n_workloads; i++)
        for (int k = 0; k < j->p->workloads[i].n_uses; k++) {
            const struct use *u = &j->p->workloads[i].uses[k];
            if (u->dataset == dataset && u->size_gib > size) size = u->size_gib;
        }
    return size;
}

/* Does a dataset lie in more than one place? Then the plan does not say which part a machine reads. */
static inline bool is_split(const struct judge *j)
{
    for (size_t i = 0; i < j->plan->n_datasets; i++)
        if (j->plan->datasets[i].share < 1) return true;
    return false;
}

static inline const struct dataset_choice *home_of(const struct judge *j, int dataset)
{
    for (size_t i = 0; i < j->plan->n_datasets; i++)
        if (!strcmp(j->s->scenario->datasets[j->plan->datasets[i].dataset].name, j->p->datasets[dataset].name))
            return &j->plan->datasets[i];
    return NULL;
}

static inline const struct tariff *tariff_of(const struct judge *j, const struct dataset_choice *c)
{
    const int i = index_of(c->class_->name, j->p->tariffs[0].name, sizeof j->p->tariffs[0], j->p->n_tariffs);
    return &j->p->tariffs[i];
}

/* MB/s that a machine running at full speed wants of a use. */
static inline double wanted_mbps(const struct asked *a, const struct use *u, double work_rate)
{
    return work_rate * decimal_value(u->reads) * u->size_gib * 1024 / 3600 / a->work;
}

/* Largest share of its speed that storage and network let a machine keep. */
static inline double stall_most(const struct judge *j, const struct asked *a, int type, double work_rate)
{
    double stall = 1, wanted = 0;
    for (int i = 0; i < a->w->n_uses && !is_split(j); i++) {
        const struct use *u = &a->w->uses[i];
        const struct tariff *t = tariff_of(j, home_of(j, u->dataset));
        const double mbps = wanted_mbps(a, u, work_rate);
        if (u->throughput_mbps && !t->per_machine)
            stall = fmin(stall, (double)t->max_mbps / u->throughput_mbps);
        if (mbps > 0 && t->client_mbps) stall = fmin(stall, t->client_mbps / mbps);
        if (mbps > 0 && t->per_machine) stall = fmin(stall, t->max_mbps / mbps);
        if (!t->per_machine) wanted += mbps;
    }
    const int net = j->p->types[type].net_gbps;
    return net && wanted > net * 125.0 ? fmin(stall, net * 125.0 / wanted) : stall;
}

static inline double checkpoint_mbps_most(const struct judge *j, const struct workload_problem *w)
{
    for (int i = 0; i < w->n_uses; i++) {
        if (strcmp(j->p->datasets[w->uses[i].dataset].name, "checkpoints") != 0) continue;
        return is_split(j) ? 1e6 : tariff_of(j, home_of(j, w->uses[i].dataset))->max_mbps;
    }
    return 200;
}

static inline void judge_market(struct judge *j, const struct asked *a, const struct stretch *x)
{
    const struct offer *o = &j->plan->offers[x->offer];
    const struct workload_problem *w = a->w;
    bool committed = false;
    for (int i = 0; i < j->p->n_commitments; i++) {
        const struct commitment_problem *c = &j->p->commitments[i];
        if (c->type < 0 ? o->market->id == MARKET_SAVINGS_PLAN
                        : o->market->id == MARKET_SUBSCRIPTION && c->type == type_of(j, x->offer))
            committed = true;
    }
    const bool may = (o->market->id == MARKET_ON_DEMAND && w->may_buy[WAY_ON_DEMAND]) ||
                     (o->market->id == MARKET_SPOT && w->may_buy[WAY_SPOT] && w->tolerant) ||
                     (o->market->id == MARKET_SUBSCRIPTION && w->may_buy[WAY_MONTH]) ||
                     (committed && (w->may_buy[WAY_ON_DEMAND] || w->may_buy[WAY_MONTH]));
    if (!may) complain(j, "%s runs on market %s", w->name, o->market->name);
    if (o->market->interruptible && ((w->protection == 1 && o->protected_h <= 0) || (w->protection == 2 && o->protected_h > 0)))
        complain(j, "%s has the wrong protection", w->name);
    for (int i = 0; i < w->n_uses; i++) {
        const struct dataset_choice *c = home_of(j, w->uses[i].dataset);
        if (!c) complain(j, "dataset of %s lies nowhere", w->name);
        else if (c->share >= 1 && strcmp(c->region, o->region) != 0) complain(j, "%s runs far from its data", w->name);
    }
}

static inline void judge_time(struct judge *j, const struct asked *a, const struct stretch *x, bool *open)
{
    const int64_t end = US_PER_MIN * (a->late ? j->p->length_min : a->due_min);
    if (x->from_us < US_PER_MIN * a->release_min || x->to_us > end || x->from_us >= x->to_us)
        complain(j, "%s works outside its window", a->w->name);
    for (int64_t m = x->from_us / US_PER_MIN; !j->bad && m * US_PER_MIN < x->to_us; m++)
        if (!open[m]) complain(j, "%s works at a closed minute %lld", a->w->name, (long long)m);
}

static inline void judge_stretch(struct judge *j, const struct asked *a, const struct stretch *x)
{
    const int type = type_of(j, x->offer);
    const struct seats seat = seats_of(j, a, type);
    const double clock_us = (double)(x->to_us - x->from_us), paid_us = (double)x->paid_us;
    judge_market(j, a, x);
    if (j->bad) return;
    if (!seat.workers) complain(j, "%s does not fit on %s", a->w->name, j->p->types[type].name);
    if (workload_is_gang(a->w) && x->machines != seat.machines)
        complain(j, "%s is a gang of %d machines, not %ld", a->w->name, seat.machines, x->machines);
    if (x->machines < 1 || x->used > seat.used * (1 + 1e-12)) complain(j, "%s uses more than a machine has", a->w->name);
    if (paid_us > clock_us * (double)x->machines) complain(j, "%s pays more than its machines' time", a->w->name);
    if (paid_us < (clock_us - 2) * (double)x->machines) complain(j, "%s holds machines that nobody pays", a->w->name);
    const double rate = x->used * speed_of(j, a->w, type);
    const double u = useful_most(j, a, x->offer, &seat, checkpoint_mbps_most(j, a->w));
    const double most = paid_us / 3.6e9 * rate * u * stall_most(j, a, type, rate);
    if (!at_most(x->useful, most, 0)) complain(j, "%s claims %g useful hours of at most %g", a->w->name, x->useful, most);
    if (x->start_us < 0 || x->start_us > x->machines * (int64_t)(a->w->restart_min + 1 + a->w->checkpoint_gb) * US_PER_MIN)
        complain(j, "%s boots for %lld us", a->w->name, (long long)x->start_us);
}

/* --- demands --- */

static inline void judge_demand(struct judge *j, size_t d)
{
    const struct demand *demand = &j->plan->demands->items[d];
    const struct asked a = j->asked[d];
    bool *open = j->open;
    for (int m = 0; m < j->p->length_min; m++) open[m] = minute_allowed(j->p, a.w, m);
    if (fabs(demand->work - a.work) > 1e-12 * a.work) complain(j, "%s has %g hours of work, not %g", demand->name, demand->work, a.work);
    if (demand->release_us != a.release_min * US_PER_MIN || demand->due_us != a.due_min * US_PER_MIN)
        complain(j, "%s has another window", demand->name);
    double useful = 0, on_spot = 0, rounding = 0; /* a microsecond of each stretch */
    int64_t busy_until = 0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        if (x->demand != d) continue;
        useful += x->useful;
        rounding += x->paid_us ? x->useful / (double)x->paid_us : 0;
        if (j->plan->offers[x->offer].market->interruptible) on_spot += x->useful;
        if (j->s->scenario->relaxed) continue;
        judge_time(j, &a, x, open);
        judge_stretch(j, &a, x);
        if (workload_is_gang(a.w) && x->from_us < busy_until) complain(j, "the gang %s runs twice at a time", demand->name);
        busy_until = x->to_us > busy_until ? x->to_us : busy_until;
        double used = 0;
        for (size_t k = 0; k < j->plan->n_stretches; k++) {
            const struct stretch *y = &j->plan->stretches[k];
            if (y->demand == d && y->from_us <= x->from_us && x->from_us < y->to_us) used += y->used * (double)y->machines;
        }
        if (!workload_is_gang(a.w) && used > most_used(&a) * (1 + 1e-9)) complain(j, "%s runs wider than allowed", demand->name);
    }
    if (!at_most(a.work, useful, 0)) complain(j, "%s does %.12g of %.12g hours", demand->name, useful, a.work);
    if (!at_most(on_spot, a.w->spot_percent / 100.0 * a.work + rounding, a.work)) complain(j, "%s does %g on spot", demand->name, on_spot / a.work);
}

/* --- limits, at every moment at which anything changes --- */

static inline double subscribed(const struct judge *j, int64_t us, int type, int region, int zone, int gpu, bool gpus)
{
    double held = 0;
    for (size_t i = 0; i < j->plan->n_subscriptions; i++) {
        const struct subscription_choice *c = &j->plan->subscriptions[i];
        const int t = type_of(j, c->offer);
        int until = -1;
        for (int k = 0; c->existing && k < j->p->n_commitments; k++)
            if (j->p->commitments[k].type == t) until = j->p->commitments[k].until_min;
        if (until >= 0 && us >= until * US_PER_MIN) continue;
        if ((type >= 0 && t != type) || (gpu >= 0 && j->p->types[t].gpu != gpu)) continue;
        if (region >= 0 && region_of(j, c->offer) != region) continue;
        if (zone >= 0 && zone_of(j, c->offer) != zone) continue;
        held += (double)c->count * (gpus ? j->p->types[t].gpus : 1);
    }
    return held;
}

static inline void judge_limit(struct judge *j, const struct limit_problem *l, int64_t us)
{
    double used = 0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        const int type = type_of(j, x->offer);
        const struct asked a = j->asked[x->demand];
        if (us < x->from_us || us >= x->to_us) continue;
        if (j->plan->offers[x->offer].market->id == MARKET_SUBSCRIPTION) continue;
        if (l->owner >= 0 && a.w->owner != l->owner) continue;
        if (l->gpu >= 0 ? j->p->types[type].gpu != l->gpu : type != l->type) continue;
        if (l->region >= 0 && region_of(j, x->offer) != l->region) continue;
        if (l->zone >= 0 && zone_of(j, x->offer) != l->zone) continue;
        used += (double)x->machines * (l->gpu >= 0 ? j->p->types[type].gpus : 1);
    }
    const double held = l->is_stock || l->owner >= 0
                            ? 0
                            : subscribed(j, us, l->type, l->region, l->zone, l->gpu, l->gpu >= 0);
    if (used > 0 && used + held > l->count + 1e-6) complain(j, "limit %d: %g of %d at %lld us", (int)(l - j->p->limits), used + held, l->count, (long long)us);
}

static inline void judge_steps(struct judge *j, int64_t us)
{
    for (int type = 0; type < j->p->n_types; type++) {
        int available = -1, used = 0, from = -1;
        for (int i = 0; i < j->p->n_steps; i++) {
            const struct step_problem *s = &j->p->steps[i];
            if (s->type != type || s->start_min * US_PER_MIN > us || s->start_min < from) continue;
            available = s->available;
            from = s->start_min;
        }
        for (size_t i = 0; available >= 0 && i < j->plan->n_stretches; i++) {
            const struct stretch *x = &j->plan->stretches[i];
            if (x->from_us <= us && us < x->to_us && type_of(j, x->offer) == type && region_of(j, x->offer) == 0 &&
                j->plan->offers[x->offer].market->id != MARKET_SUBSCRIPTION)
                used += (int)x->machines;
        }
        if (available >= 0 && used > available) complain(j, "stock of %s: %d of %d", j->p->types[type].name, used, available);
    }
}

static inline double list_price(const struct judge *j, size_t offer, enum way way)
{
    double price = NAN;
    for (int i = 0; i < j->p->n_prices; i++) {
        const struct price *r = &j->p->prices[i];
        if (r->way == way && r->type == type_of(j, offer) && r->region == region_of(j, offer) &&
            (r->zone == zone_of(j, offer) || (r->zone < 0 && isnan(price))))
            price = decimal_value(r->amount);
    }
    return way == WAY_MONTH ? price / 720 : price;
}

static inline void judge_commitments(struct judge *j, int64_t us)
{
    double money = 0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        if (us < x->from_us || us >= x->to_us) continue;
        const enum market_id market = j->plan->offers[x->offer].market->id;
        double used = 0;
        for (size_t k = 0; k < j->plan->n_stretches; k++) {
            const struct stretch *y = &j->plan->stretches[k];
            if (y->offer == x->offer && y->from_us <= us && us < y->to_us) used += (double)y->machines;
        }
        double count = 0;
        for (size_t k = 0; k < j->plan->n_subscriptions; k++) {
            const struct subscription_choice *c = &j->plan->subscriptions[k];
            int until = -1;
            for (int n = 0; c->existing && n < j->p->n_commitments; n++)
                if (j->p->commitments[n].type == type_of(j, c->offer)) until = j->p->commitments[n].until_min;
            if (c->offer == x->offer && (until < 0 || us < until * US_PER_MIN)) count += (double)c->count;
        }
        if (market == MARKET_SUBSCRIPTION && used > count) complain(j, "%g machines of %g subscribed ones", used, count);
        for (int k = 0; market == MARKET_SAVINGS_PLAN && k < j->p->n_commitments; k++) {
            const struct commitment_problem *c = &j->p->commitments[k];
            if (c->type >= 0) continue;
            money += list_price(j, x->offer, WAY_ON_DEMAND) * (1 - c->discount_percent / 100.0) * (double)x->machines;
            const bool over = c->until_min >= 0 && us >= c->until_min * US_PER_MIN;
            if (over || !at_most(money, decimal_value(c->spend_per_h), 1)) complain(j, "the savings plan is passed: %g", money);
        }
    }
}

/* MB/s that the machines of a stretch read of a use while they run. */
static inline double read_at(const struct judge *j, const struct stretch *x, const struct use *u)
{
    const struct asked *a = &j->asked[x->demand];
    const struct seats seat = seats_of(j, a, type_of(j, x->offer));
    const double running = useful_most(j, a, x->offer, &seat, checkpoint_mbps_most(j, a->w));
    const double work_rate = x->useful / ((double)x->paid_us / 3.6e9) / running;
    return wanted_mbps(a, u, work_rate) * (double)x->machines;
}

/* Data read at a time against what the class can give with what was bought. */
static inline void judge_reads(struct judge *j, int64_t us)
{
    if (is_split(j)) return;
    for (int k = 0; k < j->p->n_tariffs; k++) {
        const struct tariff *t = &j->p->tariffs[k];
        for (int r = 0; !t->per_machine && r < j->p->n_regions; r++) {
            double read = 0, size = 0;
            for (size_t i = 0; i < j->plan->n_datasets; i++) {
                const struct dataset_choice *c = &j->plan->datasets[i];
                if (tariff_of(j, c) == t && !strcmp(c->region, j->p->regions[r])) size += c->size_gib + c->extra_gib;
            }
            for (size_t i = 0; i < j->plan->n_stretches; i++) {
                const struct stretch *x = &j->plan->stretches[i];
                const struct asked a = j->asked[x->demand];
                if (us < x->from_us || us >= x->to_us) continue;
                for (int n = 0; n < a.w->n_uses; n++) {
                    const struct dataset_choice *c = home_of(j, a.w->uses[n].dataset);
                    if (tariff_of(j, c) != t || strcmp(c->region, j->p->regions[r]) != 0) continue;
                    read += read_at(j, x, &a.w->uses[n]);
                }
            }
            const double gives = fmin(t->base_mbps + t->slope_mbps_per_tib / 1024.0 * size, t->max_mbps);
            if (!at_most(read, gives, 1)) complain(j, "%s is read at %g of %g MB/s", t->name, read, gives);
        }
    }
}

static inline void judge_limits(struct judge *j)
{
    for (size_t i = 0; i < j->plan->n_stretches && !j->bad; i++)
        for (int k = 0; k < 2 + j->p->n_steps && !j->bad; k++) {
            const struct stretch *x = &j->plan->stretches[i];
            int64_t us = k == 0 ? x->from_us : x->to_us - 1;
            if (k >= 2) us = j->p->steps[k - 2].start_min * US_PER_MIN;
            for (int l = 0; l < j->p->n_limits; l++) judge_limit(j, &j->p->limits[l], us);
            judge_steps(j, us);
            judge_commitments(j, us);
            judge_reads(j, us);
        }
}

/* --- money --- */

static inline double machine_price(const struct judge *j, size_t offer)
{
    const struct offer *o = &j->plan->offers[offer];
    const double left = 1 - j->p->discount_percent / 100.0;
    if (o->market->id == MARKET_ON_DEMAND) return left * list_price(j, offer, WAY_ON_DEMAND);
    if (o->market->id == MARKET_SPOT)
        return list_price(j, offer, WAY_SPOT) * (o->protected_h > 0 ? 1 : 0.9);
    return 0;
}

/* Machine-hours and starts of a stretch; a subscribed machine is there anyway, and the start of one on a savings plan
 * is paid as one goes. `other_per_h`: licences and disks. */
static inline double stretch_cost(const struct judge *j, const struct stretch *x, double other_per_h)
{
    const enum market_id market = j->plan->offers[x->offer].market->id;
    const double paid_h = (double)x->paid_us / 3.6e9;
    const double start_h = market == MARKET_SUBSCRIPTION ? 0 : (double)x->start_us / 3.6e9;
    const double start_price = market == MARKET_SAVINGS_PLAN
                                   ? (1 - j->p->discount_percent / 100.0) * list_price(j, x->offer, WAY_ON_DEMAND)
                                   : machine_price(j, x->offer);
    return paid_h * machine_price(j, x->offer) + start_h * start_price + (paid_h + start_h) * other_per_h;
}

static inline double storage_cost(const struct judge *j)
{
    double sum = 0;
    for (int d = 0; d < j->p->n_datasets; d++) {
        double from = INFINITY, to = 0, egress = 0, read = 0;
        for (int i = 0; i < j->p->n_workloads; i++) {
            const struct workload_problem *w = &j->p->workloads[i];
            for (int k = 0; k < w->n_uses; k++) {
                const struct use *u = &w->uses[k];
                const double start = w->start_min > 0 ? w->start_min : 0;
                if (u->dataset != d) continue;
                from = fmin(from, start);
                to = fmax(to, u->keep_min >= 0 ? start + u->keep_min : j->p->length_min);
                egress += u->egress_gib;
                for (size_t n = 0; n < j->plan->demands->n; n++)
                    if (!strcmp(j->plan->demands->items[n].shape->workload->name, w->name))
                        read += decimal_value(u->reads) * u->size_gib;
            }
        }
        for (size_t i = 0; i < j->plan->n_datasets; i++) {
            const struct dataset_choice *c = &j->plan->datasets[i];
            if (strcmp(j->s->scenario->datasets[c->dataset].name, j->p->datasets[d].name) != 0) continue;
            const struct tariff *t = tariff_of(j, c);
            if (!t->per_machine)
                sum += (c->size_gib + c->extra_gib) * decimal_value(t->price_month) / 720 * (to - from) / 60;
            sum += c->share * (egress * decimal_value(t->egress) + read * decimal_value(t->retrieval));
        }
    }
    return sum;
}

static inline double disk_per_h(const struct judge *j, const struct workload_problem *w)
{
    double sum = 0;
    for (int i = 0; i < w->n_uses; i++) {
        const struct dataset_choice *c = home_of(j, w->uses[i].dataset);
        if (c && tariff_of(j, c)->per_machine) sum += largest_use(j, w->uses[i].dataset) * decimal_value(tariff_of(j, c)->price_month) / 720;
    }
    return sum;
}

/* Machines are billed by the second and for a minute at least: what that adds at most, when no stretch goes on where
 * another ends. */
static inline double billing_most(const struct judge *j)
{
    double sum = 0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        const double held_s = (double)(x->paid_us + x->start_us) / 1e6 / (double)x->machines;
        const double more_s = fmax(ceil(held_s), 60) - held_s;
        sum += (double)x->machines * (more_s + 1) / 3600 * machine_price(j, x->offer);
    }
    return sum;
}

/* What the plan costs by the problem's own prices, by the microsecond. */
static inline double cost_again(struct judge *j)
{
    double sum = storage_cost(j);
    const double length_h = j->p->length_min / 60.0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        const struct asked a = j->asked[x->demand];
        const int gpus = j->p->types[type_of(j, x->offer)].gpus;
        const double licence = decimal_value(a.w->licence_per_h) * (a.w->licence_per_gpu ? gpus : 1);
        sum += stretch_cost(j, x, licence + disk_per_h(j, a.w));
    }
    for (size_t i = 0; i < j->plan->n_subscriptions; i++) {
        const struct subscription_choice *c = &j->plan->subscriptions[i];
        double hours = length_h;
        for (int k = 0; c->existing && k < j->p->n_commitments; k++)
            if (j->p->commitments[k].type == type_of(j, c->offer) && j->p->commitments[k].until_min >= 0)
                hours = fmin(hours, j->p->commitments[k].until_min / 60.0);
        const double count = j->s->scenario->relaxed ? c->relaxed : (double)c->count;
        sum += count * hours * list_price(j, c->offer, WAY_MONTH) * (1 - j->p->discount_percent / 100.0);
    }
    for (int i = 0; i < j->p->n_commitments; i++) {
        const struct commitment_problem *c = &j->p->commitments[i];
        if (c->type < 0) sum += decimal_value(c->spend_per_h) * (c->until_min >= 0 ? fmin(length_h, c->until_min / 60.0) : length_h);
    }
    return sum;
}

static inline void judge_lateness(struct judge *j, double *cost)
{
    for (size_t d = 0; d < j->plan->demands->n; d++) {
        const struct asked a = j->asked[d];
        int64_t finish = 0;
        if (!a.late) continue;
        for (size_t i = 0; i < j->plan->n_stretches; i++)
            if (j->plan->stretches[i].demand == d && j->plan->stretches[i].to_us > finish) finish = j->plan->stretches[i].to_us;
        const int64_t least = finish - a.due_min * US_PER_MIN, late = j->plan->outcomes[d].late_us;
        if (late < 0 || late < least || (least <= 0 && late > 0) || late > (least > 0 ? least : 0) + j->p->step_min * US_PER_MIN)
            complain(j, "%s is %lld us late, not %lld", j->plan->demands->items[d].name, (long long)late, (long long)least);
        *cost += decimal_value(a.w->late_per_h) * (double)late / 3.6e9;
    }
}

static inline void judge_ledger(struct judge *j)
{
    micro_t sum = 0;
    for (size_t i = 0; i < j->plan->n_ledger; i++) {
        const struct ledger_line *l = &j->plan->ledger[i];
        const long double exact = 1e6L * l->price.num / l->price.den * l->quantity / l->quantity_den;
        if (fabsl(exact - (long double)l->amount) > 0.5L + fabsl(exact) * 1e-15L) complain(j, "a line of the ledger is not its price x quantity");
        if (l->quantity < 0 || (l->amount < 0 && l->part != PART_DISCOUNT)) complain(j, "a line of the ledger is negative: %s", ledger_part_name(l->part));
        sum += l->amount;
    }
    if (sum != j->plan->cost) complain(j, "the lines of the ledger do not add up");
}

static inline void judge_budgets(struct judge *j)
{
    for (int owner = -1; owner < j->p->n_owners; owner++) {
        const struct decimal limit = owner < 0 ? j->p->budget : j->p->owner_budget[owner];
        micro_t total = 0, month[64] = {0};
        for (size_t i = 0; i < j->plan->n_ledger; i++) {
            const struct ledger_line *l = &j->plan->ledger[i];
            if (owner >= 0 && (!l->owner || strcmp(l->owner, j->p->owners[owner]) != 0)) continue;
            total += l->amount;
            if (l->month >= 0 && l->month < 64) month[l->month] += l->amount;
        }
        const double most = decimal_value(limit) * 1e6 + 1;
        if (!limit.digits) continue;
        if (!j->p->budget_monthly && (double)total > most) complain(j, "budget %d is passed: %lld", owner, (long long)total);
        for (int m = 0; j->p->budget_monthly && m < 64; m++)
            if ((double)month[m] > most && (m < 2)) complain(j, "budget %d of month %d is passed", owner, m);
    }
}

static inline void judge_money(struct judge *j)
{
    double again = cost_again(j);
    const double cost = (double)j->plan->cost / 1e6;
    judge_lateness(j, &again);
    judge_ledger(j);
    judge_budgets(j);
    /* Sizes are kept in millionths of a GiB, so a little more than the rounding of the lines. */
    const double open = 1e-9 * again + 1e-6 * (double)(j->plan->n_ledger + 1) + 1e-5 * (double)j->plan->n_datasets;
    const bool comparable = !j->s->scenario->relaxed && !is_split(j);
    if (comparable && (cost < again - open || cost > again + billing_most(j) + open))
        complain(j, "the plan costs %.6f, not %.6f", again, cost);
    if (cost < bracket_of(j->s).low - 1e-6 * (double)(j->plan->n_ledger + 1)) complain(j, "the plan is cheaper than its bound: %.9f < %.9f", cost, j->plan->bound);
    const double gap = cost > 0 ? (cost - j->plan->bound) / cost : 0;
    if (fabs(fmax(gap, 0) - j->plan->gap) > 1e-12) complain(j, "the gap is not what it says");
}

static inline void look_up(struct judge *j)
{
    for (size_t i = 0; i < j->plan->n_offers; i++) j->type[i] = find_type(j, i);
    for (size_t d = 0; d < j->plan->demands->n; d++) {
        struct asked *a = &j->asked[d];
        const char *name = j->plan->demands->items[d].name;
        if (!find_asked(j, name, a)) complain(j, "nobody asked for %s", name);
        if (a->due_min > j->p->length_min) a->due_min = j->p->length_min;
    }
    if (j->plan->demands->n != count_asked(j))
        complain(j, "%zu demands, not %zu", j->plan->demands->n, count_asked(j));
}

static inline struct judge judge_of(const struct problem *p, const struct solved *s)
{
    struct judge j = {.p = p, .s = s, .plan = &s->plan};
    j.open = ARENA_NEW(s->arena, bool, (size_t)p->length_min + 1);
    j.asked = ARENA_NEW(s->arena, struct asked, s->plan.demands->n + 1);
    j.type = ARENA_NEW(s->arena, int, s->plan.n_offers + 1);
    look_up(&j);
    return j;
}

/* True when the plan keeps everything the problem asks for. */
static inline bool plan_is_right(struct judge *j, const struct problem *p, const struct solved *s)
{
    *j = judge_of(p, s);
    for (size_t d = 0; d < s->plan.demands->n && !j->bad; d++) judge_demand(j, d);
    if (!j->bad && !s->scenario->relaxed) judge_limits(j);
    if (!j->bad) judge_money(j);
    return !j->bad;
}

#endif

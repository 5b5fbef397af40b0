/* What the judge of plans knows: what the problem asks for, what machines can do, what reclaims leave of an hour. */
#ifndef TESTS_LAWS_FACTS_H
#define TESTS_LAWS_FACTS_H

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
    bool *open;          /* [length_min] of the workload looked at */
    struct asked *asked; /* [demands] */
    double *machines;    /* [stretches] at a time; parts of machines with integrality none */
    int *type;           /* [offers] the problem's number of the type; -1 unknown */
    bool bad;
    char why[256];
};

static inline __attribute__((format(printf, 2, 3))) void complain(struct judge *j,
                                                                  const char *format, ...)
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
static inline bool minute_allowed(const struct problem *p, const struct workload_problem *w,
                                  int minute)
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

static inline double work_asked(const struct workload_problem *w, struct decimal hours,
                                int64_t items)
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
        *out = (struct asked){.w = w,
                              .late = w->late_per_h.digits > 0,
                              .release_min = start,
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
        if (t->gpu < 0 ? !strcmp(s->family, t->family) : s->gpu == t->gpu)
            own = decimal_value(s->speed);
        if (w->form != WORK_VCPU_HOURS && s->gpu == w->reference)
            reference = decimal_value(s->speed);
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
    return tau * (early + series(alive(l, first + n * step), l->all, step, INFINITY)) /
           alive_until(l, INFINITY);
}

/* Largest over tau, by a scan; ck = 0 means all the time. */
static inline double best_checkpointed(const struct lives *l, double ck, double rs)
{
    if (ck <= 0) return (alive_until(l, INFINITY) - alive_until(l, rs)) / alive_until(l, INFINITY);
    double best = 0;
    double tau = ck / 8;
    while (tau < 1e4) {
        best = fmax(best, checkpointed(l, tau, ck, rs));
        tau *= 1.05;
    }
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
    return hours / (alive_until(&l, hours) +
                    (1 - alive(&l, hours)) * alive_until(&l, rs + hours) / alive(&l, rs + hours));
}

#endif

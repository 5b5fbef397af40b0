/* From a service workload to a rate demand: the steps every kind shares, and the three ways to serve. */
#include "scenarios/service.h"
#include "scenarios/serving.h"
#include <math.h>
#include <string.h>

/* --- steps --- */

/* Asks for vCPUs and for nothing of a GPU: runs on machines without one. */
static bool on_cpu(const struct workload *w)
{
    return w->vcpu > 0 && w->gpus.n == 0 && w->gpus_per_worker == 0 && w->gpu_memory_gib <= 0 &&
           w->gpu_share <= 0 && w->features == 0 && w->encoder_share <= 0 && !w->measured_on &&
           !w->profile;
}

/* The card that service.time or service.frame was measured on: as written, else the one whose speed is 1, else the only
 * one allowed. */
static size_t reference_of(const struct workload *w, const struct price_book *b)
{
    if (w->measured_on) return book_gpu_find(b, w->measured_on);
    for (size_t i = 0; i < w->n_speeds; i++)
        if (fabs(w->speeds[i].value.base - 1) < 1e-12) return book_gpu_find(b, w->speeds[i].name);
    return w->gpus.n == 1 ? book_gpu_find(b, w->gpus.items[0]) : NO_GPU;
}

static void shape_fill(struct serve_task *t)
{
    const struct workload *w = t->workload;
    const bool cpu = on_cpu(w);
    *t->shape = (struct shape){
        .workload = w,
        .service = t->service,
        .work_class = cpu ? "cpu_etl" : w->kind->work_class,
        .cpu = cpu,
        .gpus_per_worker = cpu                      ? 0
                           : w->gpus_per_worker > 0 ? w->gpus_per_worker
                                                    : 1,
        .gpu_share = cpu ? 0 : w->gpu_share,
        .gpu_memory_gib = cpu ? 0 : w->gpu_memory_gib,
        .spot_max_frac = w->spot_max_share,
        .reference_gpu = cpu ? NO_GPU : reference_of(w, t->serving->book),
    };
}

/* Hours and days of a workload between its start and its deadline. */
static struct window *window_of(const struct serve_task *t, const struct workload *w)
{
    const struct scenario *s = t->serving->scenario;
    struct arena *a = t->serving->arena;
    struct window *all = ARENA_NEW(a, struct window, 1), *cut = ARENA_NEW(a, struct window, 1);
    window_make(all, s, w, a);
    const int64_t start = w->has_start ? w->start - s->start : 0;
    int64_t end = s->length_us;
    if (w->has_deadline)
        end = w->deadline_is_moment ? w->deadline - s->start
                                    : start + llround(w->deadline_h * (double)US_PER_H);
    for (size_t i = 0; i < all->n; i++) {
        struct span open = all->spans[i];
        if (open.from_us < start) open.from_us = start;
        if (open.to_us > end) open.to_us = end;
        if (open.from_us < open.to_us) *ARENA_PUSH(a, cut->spans, cut->n) = open;
    }
    return cut;
}

static enum err window_fill(struct serve_task *t, const struct workload *w)
{
    struct diag *d = t->serving->diag;
    t->service->window = window_of(t, w);
    if (t->service->window->n > 0) return OK;
    diag_error(d, ERR_WINDOW_CLOSED, workload_place(t->workload, "window"),
               _("'%s' is never open within the horizon"), w->name);
    diag_fix(d, _("widen its window, or move horizon.start"));
    return ERR_WINDOW_CLOSED;
}

static enum err scaling_fill(struct serve_task *t)
{
    const struct workload *w = t->workload;
    struct service *s = t->service;
    struct diag *d = t->serving->diag;
    s->min_machines = w->autoscale_min;
    s->max_machines = w->autoscale_max;
    s->cold_start_h = w->cold_start.base;
    s->cooldown_h = w->cooldown_h;
    s->headroom_frac = w->headroom_frac;
    s->spot_max_frac = w->spot_max_share;
    s->on_demand_base = w->on_demand_base;
    s->restart_h = w->restart.base;
    if (s->max_machines > 0 && s->min_machines > s->max_machines) {
        diag_error(d, ERR_AUTOSCALE, workload_place(w, "autoscale.min"),
                   _("autoscale.min of '%s' is %ld, above autoscale.max %ld"), w->name,
                   s->min_machines, s->max_machines);
        diag_fix(d, _("write a smaller min or a larger max"));
        return ERR_AUTOSCALE;
    }
    if (s->max_machines > 0 && s->on_demand_base > s->max_machines) {
        diag_error(d, ERR_AUTOSCALE, workload_place(w, "spot.on_demand_base"),
                   _("spot.on_demand_base of '%s' is %ld, above autoscale.max %ld"), w->name,
                   s->on_demand_base, s->max_machines);
        diag_fix(d, _("write a smaller base or a larger max"));
        return ERR_AUTOSCALE;
    }
    return OK;
}

static enum err unserved_fill(struct serve_task *t)
{
    const struct scenario *sc = t->serving->scenario;
    const struct workload *w = t->workload;
    struct service *s = t->service;
    struct diag *d = t->serving->diag;
    s->unserved_cost = RATIO_ZERO;
    s->unserved_priced = w->unserved_cost.given;
    if (!s->unserved_priced) return OK;
    const struct money *m = &w->unserved_cost.money;
    const enum currency run = sc->currency == CURRENCY_DEFAULT ? CURRENCY_CNY : sc->currency;
    const enum currency own = m->currency == CURRENCY_DEFAULT ? run : m->currency;
    bool fits = own == run || sc->has_fx;
    s->unserved_cost = m->amount;
    if (fits && own == CURRENCY_USD && run == CURRENCY_CNY)
        fits = ratio_mul(&s->unserved_cost, m->amount, sc->fx_usd);
    if (fits && own == CURRENCY_CNY && run == CURRENCY_USD)
        fits = ratio_div(&s->unserved_cost, m->amount, sc->fx_usd);
    if (fits) return OK;
    diag_error(d, ERR_UNSERVED, workload_place(w, "unserved_cost"),
               _("unserved_cost of '%s' cannot be converted into the currency of the plan"),
               w->name);
    diag_fix(d, _("write it in that currency, with fewer decimals, or give fx"));
    return ERR_UNSERVED;
}

static void class_single(struct service *s, struct arena *a)
{
    const char **names = ARENA_NEW(a, const char *, 1);
    double *shares = ARENA_NEW(a, double, 1);
    names[0] = "";
    shares[0] = 1;
    s->n_classes = 1;
    s->class_names = names;
    s->class_share = shares;
}

static long at_least_one(long n)
{
    return n > 0 ? n : 1;
}

/* What holds for every service, before its load. */
static struct serve_task task_of(const struct workload *w, struct serving *s,
                                 enum service_rule rule)
{
    struct serve_task t = {s, w, &s->services[s->n], &s->shapes[s->n]};
    *t.service = (struct service){
        .shape = t.shape,
        .name = w->name,
        .rule = rule,
        .burst = w->burst > 0 ? w->burst : 1,
        .growth_per_month = w->growth_per_month,
        .scale = w->load_scale.given ? w->load_scale.base : 1,
        .cv2 = w->has_service_cv ? w->service_cv * w->service_cv : 1,
        .batch = at_least_one(w->batch),
        .concurrency = at_least_one(w->concurrency),
        .encoder_share = w->encoder_share,
        .at = w->at,
        .arena = s->arena,
    };
    class_single(t.service, s->arena);
    shape_fill(&t);
    return t;
}

/* Names, licence and the like, as for batch work. */
static enum err names_check(const struct serve_task *t)
{
    struct serving *s = t->serving;
    struct lowering l = {
        .scenario = s->scenario, .book = s->book, .arena = s->arena, .diag = s->diag};
    const struct workload *w = t->workload;
    struct task task = {.lowering = &l,
                        .workload = w,
                        .reference_gpu =
                            w->measured_on ? book_gpu_find(s->book, w->measured_on) : NO_GPU,
                        .service = t->service};
    return workload_check(&task);
}

/* Time on a card says nothing without the card. */
static enum err reference_check(const struct serve_task *t, const char *key)
{
    const struct workload *w = t->workload;
    struct diag *d = t->serving->diag;
    if (t->shape->cpu || t->shape->reference_gpu != NO_GPU || w->n_speeds > 0 || w->measured_on)
        return OK;
    diag_error(d, ERR_MEASURED_ON, workload_place(w, key),
               _("%s of '%s' is time on a GPU, but measured_on does not say on which"), key,
               w->name);
    diag_fix(d, _("write work.measured_on, for example measured_on: A10-24GB"));
    return ERR_MEASURED_ON;
}

static enum err time_missing(const struct serve_task *t, const char *fix)
{
    const struct workload *w = t->workload;
    struct diag *d = t->serving->diag;
    diag_error(d, ERR_SERVICE_TIME, workload_place(w, "service"), _("'%s' has no service.time"),
               w->name);
    diag_fix(d, "%s", fix);
    return ERR_SERVICE_TIME;
}

/* Runs every step so that all findings are shown; the service counts only when all went well. */
static enum err task_end(struct serve_task *t, enum err e)
{
    const enum err results[] = {e, names_check(t), scaling_fill(t), unserved_fill(t)};
    service_keys_warn(t);
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (results[i] != OK) return results[i];
    t->serving->n++;
    return OK;
}

/* --- requests --- */

static enum err waiting_fill(struct serve_task *t)
{
    const struct workload *w = t->workload;
    struct diag *d = t->serving->diag;
    t->service->time_h = w->service_time_h;
    latency_limits_make(t);
    if (w->service_time_h <= 0)
        return time_missing(t, _("write service.time, the time of one request on a GPU of speed 1, "
                                 "or service.profile with measured rates"));
    if (t->service->n_limits == 0) {
        diag_error(d, ERR_LATENCY, workload_place(w, "latency"), _("'%s' has no limit of latency"),
                   w->name);
        diag_fix(d, _("write for example latency: {p99: 800ms}"));
        return ERR_LATENCY;
    }
    return reference_check(t, "service.time");
}

enum err serve_requests(const struct workload *w, struct serving *s)
{
    struct serve_task t = task_of(w, s, w->profile ? RULE_PROFILE : RULE_WAIT);
    const enum err capacity = w->profile ? profile_make(&t) : waiting_fill(&t);
    const enum err open = window_fill(&t, w);
    const enum err load = open == OK ? load_curve_make(&t) : open;
    return task_end(&t, capacity != OK ? capacity : load);
}

/* --- sessions --- */

/* Frame and share of blocked starts; limits without a frame cannot be checked. */
static enum err places_fill(struct serve_task *t)
{
    const struct workload *w = t->workload;
    struct service *s = t->service;
    struct diag *d = t->serving->diag;
    s->frame_h = w->frame_h;
    s->blocked_frac = w->has_blocked ? w->blocked_frac : 0.01;
    latency_limits_make(t);
    if (s->n_limits > 0 && s->frame_h <= 0) {
        diag_warning(d, WARN_FRAME, s->limits[0].at,
                     _("the limits of latency of '%s' cannot be checked"), w->name);
        diag_fix(d, _("write service.frame, the time to draw and encode one frame on a GPU of "
                      "speed 1"));
    }
    return s->frame_h > 0 ? reference_check(t, "service.frame") : OK;
}

enum err serve_sessions(const struct workload *w, struct serving *s)
{
    struct serve_task t = task_of(w, s, RULE_BLOCKING);
    enum err places = places_fill(&t);
    t.service->time_h = w->service_time_h;
    if (w->service_time_h <= 0)
        places = time_missing(&t, _("write service.time, the mean length of a session"));
    const enum err open = window_fill(&t, w);
    const enum err load = open == OK ? load_curve_make(&t) : open;
    load_curve_multiply(&t.service->curve, t.service->time_h);
    return task_end(&t, places != OK ? places : load);
}

/* --- seats --- */

/* Hours a day in which the seats may be used. */
static double window_hours(const struct workload *w)
{
    if (!w->has_hours || w->hours_from_us == w->hours_to_us) return 24;
    const int64_t last_minute = US_PER_DAY - US_PER_H / 60;
    const int64_t end = w->hours_to_us >= last_minute ? US_PER_DAY : w->hours_to_us;
    const int64_t length = end - w->hours_from_us;
    return (double)(length > 0 ? length : length + US_PER_DAY) / (double)US_PER_H;
}

static enum err seats_error(const struct serve_task *t, const char *key, const char *what,
                            const char *fix)
{
    struct diag *d = t->serving->diag;
    diag_error(d, ERR_SEATS, workload_place(t->workload, key), "%s", what);
    diag_fix(d, "%s", fix);
    return ERR_SEATS;
}

static enum err seats_check(const struct serve_task *t)
{
    const struct workload *w = t->workload;
    struct arena *a = t->serving->arena;
    if (w->seats <= 0)
        return seats_error(t, "work", arena_printf(a, _("'%s' says no seats"), w->name),
                           _("write for example work: {seats: 12, hours_per_day: 5}"));
    if (w->hours_per_day <= 0)
        return seats_error(t, "work", arena_printf(a, _("'%s' says no hours_per_day"), w->name),
                           _("write the hours that a seat is used on a day"));
    if (w->hours_per_day > window_hours(w))
        return seats_error(t, "work.hours_per_day",
                           arena_printf(a,
                                        _("seats of '%s' are used %g h a day, and open %g h only"),
                                        w->name, w->hours_per_day, window_hours(w)),
                           _("widen window.hours, or write fewer hours_per_day"));
    if (w->repeat == REPEAT_WEEKLY || w->repeat == REPEAT_MONTHLY)
        return seats_error(t, "work.repeat",
                           arena_printf(a,
                                        _("seats of '%s' are repeated neither daily nor on "
                                          "workdays"),
                                        w->name),
                           _("write repeat: daily or repeat: workdays"));
    return OK;
}

enum err serve_seats(const struct workload *w, struct serving *s)
{
    struct serve_task t = task_of(w, s, RULE_BLOCKING);
    t.service->seats = w->seats;
    t.service->burst = t.service->scale = 1;
    t.service->growth_per_month = 0;
    const enum err places = places_fill(&t), seats = seats_check(&t);
    struct workload *on_days = ARENA_NEW(s->arena, struct workload, 1);
    *on_days = *w;
    const bool weekends_only = w->days == DAYS_WEEKENDS && w->repeat == REPEAT_WORKDAYS;
    if (w->repeat == REPEAT_WORKDAYS) on_days->days = DAYS_WORKDAYS;
    enum err open = OK;
    if (weekends_only)
        open = seats_error(&t, "window.days",
                           arena_printf(s->arena,
                                        _("seats of '%s' are used on workdays and open "
                                          "at weekends"),
                                        w->name),
                           _("change window.days or work.repeat"));
    else
        open = window_fill(&t, on_days);
    if (open == OK && seats == OK)
        load_curve_flat(&t, (double)w->seats * w->hours_per_day / window_hours(w));
    const enum err e = places != OK ? places : seats;
    return task_end(&t, e != OK ? e : open);
}

enum err services_make(struct service_list *out, const struct scenario *s,
                       const struct price_book *b, struct arena *a, struct diag *d)
{
    *out = (struct service_list){0};
    struct serving serving = {.scenario = s,
                              .book = b,
                              .arena = a,
                              .diag = d,
                              .services = ARENA_NEW(a, struct service, s->n_workloads + 1),
                              .shapes = ARENA_NEW(a, struct shape, s->n_workloads + 1)};
    enum err first = OK;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const struct workload *w = &s->workloads[i];
        const enum err e = w->kind->serve ? w->kind->serve(w, &serving) : OK;
        if (first == OK) first = e;
    }
    TRY(first);
    for (size_t i = 0; i < serving.n; i++) {
        struct service *service = &serving.services[i];
        service->scale *= work_kept(s, service->shape->workload->priority);
    }
    *out = (struct service_list){serving.n, serving.services, serving.n, serving.shapes};
    return OK;
}

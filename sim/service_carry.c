/* What the machines of a service do with a load: late shares, blocking, what is beyond them. */
#include "sim/service_play.h"
#include "solver/queueing.h"
#include <assert.h>
#include <math.h>

/* Beyond this distance from full use hardly anybody waits: the share late is that of service alone to 1e-14. */
#define FAR_FROM_FULL 8.0
/* What is never late is late so rarely that no month shows it. */
#define LEAST_LATE 1e-18
/* Rounds in which load of several classes is moved from the fullest pool to others. */
enum { ROUTING_ROUNDS = 40 };

/* --- the table of late shares --- */

static double farthest(double servers)
{
    return fmin(sqrt(servers), FAR_FROM_FULL);
}

/* Up to this many machines each has its row; beyond them a row is so many times the one before. */
enum { EVERY_ROW = 24 };
#define ROW_RATIO 1.12

static void fill_row(double *log_late, const struct queue *q, double limit_h)
{
    for (int j = 0; j < LATE_POINTS; j++) {
        /* Points lie closer together near full use, where the share changes fast. */
        const double s = (double)j / (LATE_POINTS - 1), b = farthest(q->servers) * s * s;
        const double rate = fmax(0, 1 - b / sqrt(q->servers)) * q->servers / q->time_h;
        const double late = j == 0 ? 1 : queue_late(q, rate, limit_h);
        log_late[j] = log(fmax(late, LEAST_LATE));
    }
}

static void list_rows(struct late_table *t, struct arena *a)
{
    for (long n = 1; n <= t->most;) {
        *ARENA_PUSH(a, t->machines, t->n_rows) = n;
        const long next = n < EVERY_ROW ? n + 1 : (long)ceil((double)n * ROW_RATIO);
        n = n < t->most && next > t->most ? t->most : next;
    }
    t->row_of = ARENA_NEW(a, size_t, (size_t)t->most + 1);
    for (long n = 1, row = 0; n <= t->most; n++) {
        if ((size_t)row + 1 < t->n_rows && t->machines[row + 1] <= n) row++;
        t->row_of[n] = (size_t)row;
    }
}

void late_table_make(struct late_table *t, const struct play_pool *p, double cv2, double limit_h,
                     long machines, struct arena *a)
{
    *t = (struct late_table){.most = machines, .alone = service_tail(p->time_h, cv2, limit_h)};
    list_rows(t, a);
    t->log_late = ARENA_NEW(a, double, t->n_rows *LATE_POINTS + 1);
    for (size_t row = 0; row < t->n_rows; row++) {
        const struct queue q = {(double)t->machines[row] * p->servers, p->time_h, cv2};
        fill_row(&t->log_late[row * LATE_POINTS], &q, limit_h);
    }
}

static double log_at(const struct late_table *t, const struct play_pool *p, size_t row, double b)
{
    const double far = farthest((double)t->machines[row] * p->servers);
    if (b >= far) return log(fmax(t->alone, LEAST_LATE));
    const double place = sqrt(b / far) * (LATE_POINTS - 1);
    const size_t j = (size_t)place;
    const double *at = &t->log_late[row * LATE_POINTS + j];
    return at[0] + (at[1] - at[0]) * (place - (double)j);
}

double late_share(const struct late_table *t, const struct play_pool *p, long n, double rate_per_h)
{
    assert(n >= 1);
    const double servers = (double)n * p->servers;
    const double b = (1 - rate_per_h * p->time_h / servers) * sqrt(servers);
    if (b <= 0) return 1;
    if (b >= farthest(servers)) return t->alone;
    /* Beyond the table, which goes further than anybody plans, its last row decides. */
    const size_t row = t->row_of[n < t->most ? n : t->most];
    const double low = log_at(t, p, row, b);
    if (t->machines[row] >= n || row + 1 == t->n_rows) return exp(low);
    /* At the same b the wait falls off with sqrt(servers): straight between rows. */
    const double from = sqrt((double)t->machines[row]), to = sqrt((double)t->machines[row + 1]);
    return exp(low + (log_at(t, p, row + 1, b) - low) * (sqrt((double)n) - from) / (to - from));
}

/* --- what machines carry --- */

static double rate_of(const struct play_pool *p, long n)
{
    if (n <= 0 || p->table.n == 0) return 0;
    return p->table.rate[(size_t)n > p->table.n ? p->table.n - 1 : (size_t)n - 1];
}

double pools_carry(const struct service_play *p, const long *n, bool with_spot)
{
    double sum = 0;
    for (size_t i = 0; i < p->n_pools; i++) {
        long machines = 0;
        double effective = 0;
        for (size_t o = 0; o < p->n_options; o++) {
            if (p->options[o].pool != i) continue;
            machines += n[o];
            if (with_spot || !p->options[o].spot) effective += (double)n[o] * p->options[o].useful;
        }
        if (effective <= 0) continue;
        sum += p->service->rule == RULE_PROFILE
                   ? p->pools[i].per_h * effective
                   : rate_of(&p->pools[i], machines) * effective / (double)machines;
    }
    return sum;
}

/* --- requests that queue --- */

static double full_rate(const struct play_pool *p, long n)
{
    return (double)n * p->servers / p->time_h;
}

/* Part of the load that pool i gets: as much as it carries within the targets; where no pool carries anything, as its size. */
static double part_of(const struct service_play *p, const long *n, size_t i)
{
    double carry = 0, full = 0;
    for (size_t k = 0; k < p->n_pools; k++) {
        carry += rate_of(&p->pools[k], n[k]);
        full += full_rate(&p->pools[k], n[k]);
    }
    if (carry > 0) return rate_of(&p->pools[i], n[i]) / carry;
    return full > 0 ? full_rate(&p->pools[i], n[i]) / full : 0;
}

/* What comes in beyond full use is lost: clients do not wait for quarters of an hour. All that is served then is late. */
static struct served_part serve_waiting(const struct service_play *p, const long *n, double rate,
                                        double hours_h, double *late)
{
    struct served_part sum = {0};
    for (size_t i = 0; i < p->n_pools; i++) {
        if (n[i] <= 0) continue;
        const double mine = rate * part_of(p, n, i), full = full_rate(&p->pools[i], n[i]);
        const double served = fmin(mine, full) * hours_h;
        sum.served += served;
        for (size_t k = 0; served > 0 && k < p->n_limits; k++)
            late[k] += served * late_share(&p->pools[i].late[k], &p->pools[i], n[i], mine);
    }
    sum.lost = fmax(0, rate * hours_h - sum.served);
    return sum;
}

/* --- sessions and seats --- */

/* A session takes any free place, whatever the machine. */
static struct served_part serve_sessions(const struct service_play *p, const long *n,
                                         double erlangs, double hours_h)
{
    double places = 0;
    for (size_t i = 0; i < p->n_pools; i++) places += (double)n[i] * p->pools[i].servers;
    const bool one_each = p->service->seats > 0 && places >= (double)p->service->seats;
    const double blocked = one_each || erlangs <= 0 ? 0 : erlang_b(places, erlangs);
    const double offered = erlangs * hours_h;
    return (struct served_part){.served = offered * (1 - blocked), .lost = offered * blocked};
}

/* --- measured rates --- */

static double class_rate(const struct service_play *p, const long *n, size_t pool, size_t class_)
{
    return (double)n[pool] * p->pools[pool].class_per_h[class_];
}

/* Every class to all pools that serve it, by what they serve of it. False: one class has no pool. */
static bool route_first(const struct service_play *p, const long *n, double *route, double rate)
{
    for (size_t c = 0; c < p->service->n_classes; c++) {
        double all = 0;
        for (size_t i = 0; i < p->n_pools; i++) all += class_rate(p, n, i, c);
        if (all <= 0 && p->service->class_share[c] > 0) return false;
        for (size_t i = 0; i < p->n_pools; i++)
            route[c * p->n_pools + i] =
                all > 0 ? rate * p->service->class_share[c] * class_rate(p, n, i, c) / all : 0;
    }
    return true;
}

static double pool_use(const struct service_play *p, const long *n, const double *route, size_t i)
{
    double use = 0;
    for (size_t c = 0; c < p->service->n_classes; c++)
        if (route[c * p->n_pools + i] > 0)
            use += route[c * p->n_pools + i] / class_rate(p, n, i, c);
    return use;
}

/* Moves load from the fullest pool to another until both are as full; the class that loses least by it. False: none. */
static bool route_move(const struct service_play *p, const long *n, double *route, size_t from)
{
    const double use = pool_use(p, n, route, from);
    double best = 0, amount = 0;
    size_t to = 0, class_ = 0;
    for (size_t i = 0; i < p->n_pools; i++)
        for (size_t c = 0; i != from && c < p->service->n_classes; c++) {
            const double there = class_rate(p, n, i, c), here = class_rate(p, n, from, c);
            const double gap = use - pool_use(p, n, route, i);
            if (route[c * p->n_pools + from] <= 0 || there <= 0 || gap <= 1e-9 * use) continue;
            if (gap * there / here <= best) continue;
            best = gap * there / here;
            amount = fmin(route[c * p->n_pools + from], gap / (1 / here + 1 / there));
            to = i;
            class_ = c;
        }
    if (best <= 0) return false;
    route[class_ * p->n_pools + from] -= amount;
    route[class_ * p->n_pools + to] += amount;
    return true;
}

static size_t fullest(const struct service_play *p, const long *n, const double *route)
{
    size_t most = 0;
    for (size_t i = 1; i < p->n_pools; i++)
        if (pool_use(p, n, route, i) > pool_use(p, n, route, most)) most = i;
    return most;
}

/* A measured rate says nothing of what lies beyond it: that is lost, of every class alike. */
static struct served_part serve_measured(const struct service_play *p, const long *n, double rate,
                                         double hours_h, double *route)
{
    struct served_part none = {.lost = rate * hours_h};
    if (rate <= 0 || !route_first(p, n, route, rate)) return none;
    for (int i = 0; i < ROUTING_ROUNDS && p->n_pools > 1; i++)
        if (!route_move(p, n, route, fullest(p, n, route))) break;
    const double use = pool_use(p, n, route, fullest(p, n, route));
    const double served = rate * hours_h / fmax(1, use);
    return (struct served_part){.served = served, .lost = fmax(0, rate * hours_h - served)};
}

struct served_part pools_serve(const struct service_play *p, const struct present *now, double rate,
                               double *late, double *route)
{
    switch (p->service->rule) {
    case RULE_WAIT:
        return serve_waiting(p, now->n, rate, now->hours_h, late);
    case RULE_BLOCKING:
        return serve_sessions(p, now->n, rate, now->hours_h);
    case RULE_PROFILE:
    default:
        return serve_measured(p, now->n, rate, now->hours_h, route);
    }
}

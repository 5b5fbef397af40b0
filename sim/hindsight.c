/* The least cost of a plan that knows the whole window. With n ticks held, s starts and
 * C = work, minimise the cost subject to credit = step x n - restart x s >= C.
 *
 * For a price m on credit, the plan best by cost - m x credit is found by going backwards over
 * (tick, machine); g(m) = m C + its value is a lower bound of the cost, concave in m, and greatest
 * where two plans, one short of C and one not, are equally good. That m also bounds from below what
 * any partial plan must still spend. So the dynamic programme over (tick, machine, credit), which
 * is exact, keeps only partial plans that no other beats in both cost and credit and that could
 * still end below a limit; the limit starts just above the bound and grows until a plan is found. */
#include "sim/replay.h"
#include <math.h>

enum { N_MACHINES = MACHINE_ON_DEMAND + 1 };

static const double s_per_h = 3600;
static const double credit_tolerance_s = 1e-6; /* sums of steps and restarts are that exact */
static const double cost_tolerance = 1e-9;     /* relative; of sums of a few hundred prices */

struct hindsight {
    const struct policy_terms *terms;
    const struct trace *trace;
    size_t start, n; /* ticks that may be used */
    double *value;   /* [n + 1][N_MACHINES] least cost - m x credit from tick k on, for `m` */
    double *credit;  /* [n + 1][N_MACHINES] of the plan with that value */
    double m;
    struct arena *arena;
};

static double tick_price(const struct hindsight *h, size_t k, enum machine machine)
{
    const struct trace *t = h->trace;
    double per_h = h->terms->on_demand_price_per_h;
    if (machine == MACHINE_SPOT)
        per_h = t->price_per_h ? t->price_per_h[h->start + k] : h->terms->spot_price_per_h;
    return per_h * h->terms->step_s / s_per_h;
}

static bool tick_available(const struct hindsight *h, size_t k)
{
    return h->trace->nodes[h->start + k] > 0;
}

/* What is held when tick k begins, after `held` through the tick before. */
static enum machine still_held(const struct hindsight *h, size_t k, enum machine held)
{
    return held == MACHINE_SPOT && !tick_available(h, k) ? MACHINE_NONE : held;
}

/* Fills `value` and `credit` for the price m on credit. Of equally good plans the one with more
 * credit counts. */
static void plans_value(struct hindsight *h, double m)
{
    const struct policy_terms *t = h->terms;
    h->m = m;
    for (size_t k = h->n; k-- > 0;) {
        const double *next = &h->value[(k + 1) * N_MACHINES];
        const double *next_credit = &h->credit[(k + 1) * N_MACHINES];
        double pay[N_MACHINES] = {next[MACHINE_NONE], INFINITY, INFINITY};
        if (tick_available(h, k)) pay[MACHINE_SPOT] = tick_price(h, k, MACHINE_SPOT);
        pay[MACHINE_ON_DEMAND] = tick_price(h, k, MACHINE_ON_DEMAND);
        for (int i = MACHINE_SPOT; i < N_MACHINES; i++) pay[i] += next[i] - m * t->step_s;
        for (int held = 0; held < N_MACHINES; held++) {
            const enum machine current = still_held(h, k, (enum machine)held);
            double *value = &h->value[k * N_MACHINES + (size_t)held];
            double *credit = &h->credit[k * N_MACHINES + (size_t)held];
            *value = pay[MACHINE_NONE];
            *credit = next_credit[MACHINE_NONE];
            for (int i = MACHINE_SPOT; i < N_MACHINES; i++) {
                const double start_s = i == (int)current ? 0 : t->restart_s;
                const double v = pay[i] + m * start_s;
                const double c = next_credit[i] + t->step_s - start_s;
                if (v > *value || (v == *value && c <= *credit)) continue;
                *value = v;
                *credit = c;
            }
        }
    }
}

/* The best plan for a price on credit. */
struct priced_plan {
    double cost, credit_s;
};

static struct priced_plan plan_priced(struct hindsight *h, double m)
{
    plans_value(h, m);
    return (struct priced_plan){h->value[MACHINE_NONE] + m * h->credit[MACHINE_NONE],
                                h->credit[MACHINE_NONE]};
}

/* Leaves the price with the greatest lower bound in h. Returns false when no plan has the credit;
 * *most: the cost of a plan that has. */
static bool bound_find(double *most, struct hindsight *h)
{
    const double needed_s = h->terms->work_s - credit_tolerance_s;
    struct priced_plan low = {0, 0}, high = {0, 0};
    double m = h->terms->on_demand_price_per_h / s_per_h;
    for (int doubled = 0; doubled < 64 && high.credit_s < needed_s; doubled++, m *= 2)
        high = plan_priced(h, m);
    if (high.credit_s < needed_s) return false;
    for (;;) {
        const double between = (high.cost - low.cost) / (high.credit_s - low.credit_s);
        const struct priced_plan plan = plan_priced(h, between);
        const double gain = high.cost - between * high.credit_s - h->value[MACHINE_NONE];
        if (gain <= cost_tolerance * high.cost) break;
        if (plan.credit_s >= needed_s)
            high = plan;
        else
            low = plan;
    }
    *most = high.cost;
    return true;
}

/* --- the dynamic programme --- */

struct label {
    double cost;
    long ticks, starts;
};

/* Partial plans that hold the same machine: credit and cost strictly falling. */
struct label_list {
    struct label *labels;
    size_t n, room;
};

struct search {
    struct hindsight *h;
    struct label_list now[N_MACHINES], next[N_MACHINES];
    double best;  /* cost of the best complete plan */
    double limit; /* plans above are dropped */
};

static double label_credit(const struct search *s, const struct label *l)
{
    const struct policy_terms *t = s->h->terms;
    return (double)l->ticks * t->step_s - (double)l->starts * t->restart_s;
}

static void list_reserve(struct search *s, struct label_list *list, size_t room)
{
    list->n = 0;
    if (room <= list->room) return;
    list->room = 2 * room;
    list->labels = ARENA_NEW(s->h->arena, struct label, list->room);
}

/* Adds a partial plan that holds `machine` up to tick k, unless it is complete, beaten or too dear. */
static void label_add(struct search *s, struct label l, size_t k, enum machine machine)
{
    const struct hindsight *h = s->h;
    struct label_list *list = &s->next[machine];
    const double credit_s = label_credit(s, &l);
    if (credit_s >= h->terms->work_s - credit_tolerance_s) {
        if (l.cost < s->best) s->best = l.cost;
        return;
    }
    const double rest =
        h->m * (h->terms->work_s - credit_s) + h->value[k * N_MACHINES + (size_t)machine];
    if (l.cost + rest > s->limit || l.cost + rest >= s->best) return;
    if (list->n > 0) {
        struct label *last = &list->labels[list->n - 1];
        if (l.cost >= last->cost) return;
        if (label_credit(s, last) == credit_s) list->n--;
    }
    list->labels[list->n++] = l;
}

/* Partial plans up to tick k that hold `to` in it: the three lists merged by falling credit. */
static void lists_merge(struct search *s, size_t k, enum machine to)
{
    size_t at[N_MACHINES] = {0}, total = 0;
    const double price = to == MACHINE_NONE ? 0 : tick_price(s->h, k, to);
    for (int i = 0; i < N_MACHINES; i++) total += s->now[i].n;
    list_reserve(s, &s->next[to], total + 1);
    for (size_t done = 0; done < total; done++) {
        struct label first = {0};
        double first_credit = -INFINITY;
        int from = 0;
        for (int i = 0; i < N_MACHINES; i++) {
            if (at[i] == s->now[i].n) continue;
            struct label l = s->now[i].labels[at[i]];
            if (to != MACHINE_NONE) {
                l.ticks++;
                l.starts += still_held(s->h, k, (enum machine)i) != to;
                l.cost += price;
            }
            const double credit = label_credit(s, &l);
            const bool better =
                credit > first_credit || (credit == first_credit && l.cost < first.cost);
            if (!better) continue;
            first = l;
            first_credit = credit;
            from = i;
        }
        at[from]++;
        label_add(s, first, k + 1, to);
    }
}

/* The cost of the best plan, if there is one up to the limit; else more. */
static double plan_search(struct search *s)
{
    const struct hindsight *h = s->h;
    for (int i = 0; i < N_MACHINES; i++) s->now[i].n = 0;
    list_reserve(s, &s->now[MACHINE_NONE], 1);
    s->now[MACHINE_NONE].labels[s->now[MACHINE_NONE].n++] = (struct label){0};
    for (size_t k = 0; k < h->n; k++) {
        for (int to = 0; to < N_MACHINES; to++) {
            s->next[to].n = 0;
            if (to != MACHINE_SPOT || tick_available(h, k)) lists_merge(s, k, (enum machine)to);
        }
        for (int i = 0; i < N_MACHINES; i++) {
            const struct label_list swap = s->now[i];
            s->now[i] = s->next[i];
            s->next[i] = swap;
        }
    }
    return s->best;
}

double hindsight_cost(const struct policy_terms *terms, const struct trace *trace,
                      const struct trace_window *window, struct arena *a)
{
    const size_t allowed = (size_t)fmax(0, floor(terms->deadline_s / terms->step_s));
    const size_t n = allowed < window->ticks ? allowed : window->ticks;
    struct hindsight h = {
        .terms = terms,
        .trace = trace,
        .start = window->start,
        .n = n,
        .value = ARENA_NEW(a, double, (n + 1) * N_MACHINES),
        .credit = ARENA_NEW(a, double, (n + 1) * N_MACHINES),
        .arena = a,
    };
    double most = 0;
    if (!bound_find(&most, &h)) return NAN;
    struct search s = {.h = &h, .best = INFINITY};
    const double bound = h.m * terms->work_s + h.value[MACHINE_NONE];
    most *= 1 + cost_tolerance;
    double room = 0.5 * terms->on_demand_price_per_h * terms->step_s / s_per_h;
    for (s.limit = fmin(bound + room, most); plan_search(&s) > s.limit && s.limit < most; room *= 2)
        s.limit = fmin(bound + 2 * room, most);
    return s.best;
}

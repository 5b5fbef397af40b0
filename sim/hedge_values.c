/* Value iteration for policy `hedge`. With t steps left, w steps of work left, and a situation
 * x = (spot available or not, probability of the first phase of that kind), the least expected cost
 * while m is held, with p steps of its start-up still to be spent, is
 *
 *   V(t, w, x, m, p) = min over n of price(n) + E[ V(t-1, w - use, x', n', p' - 1 + use) ]
 *   use = max(1 - p', 0), p' = p while n = m, restart when n is started; 0, with use 0, for nothing
 *
 * with V = 0 at w <= 0 and V = infinity when w > t; n' is nothing when spot n was lost. Phases follow
 * hedge_zones.c, a lane per kind of zone. Between points of w and of belief, V is linear.
 *
 * What is kept of V are thresholds of slack s = t - w: below one of them on-demand is bought. */
#include "sim/hedge.h"
#include <math.h>
#include <string.h>

static const double s_per_h = 3600;
static const double most_steps = 600;    /* of the grid: a second of computing at most */
static const double most_points = 390e3; /* of (t, w), where steps are those of the job */
static const double fewer_points = 60e3; /* where they are coarser */
static const double few_parts = 5;       /* of w to a step, where no more are of use */
enum { MOST_PARTS = 25 };
/* Probability of the kinds of zones that must agree. Buying too late costs more than too early. */
static const double buy_share = 0.25, wait_share = 0.5;

enum { MAX_PENDING = 3 }; /* whole steps of a start-up that are told apart */

/* Thresholds of a situation: how many t there are, from the least with t >= w on, up to the last in
 * which the choice is best; of WAIT, how many in which it is, up to the greatest t. KEEP and LEAVE one for each number of steps that
 * start-up still takes. */
enum {
    BUY,                        /* with nothing held: on-demand */
    WAIT,                       /* with nothing held, spot available: nothing */
    KEEP,                       /* with on-demand held: keep it */
    LEAVE = KEEP + MAX_PENDING, /* with spot held: on-demand instead */
    N_THRESHOLDS = LEAVE + MAX_PENDING
};

struct hedge_values {
    struct hedge_grid grid;
    size_t n_work;     /* points of w, grid.parts to a step: 0 .. n_work - 1 */
    float *thresholds; /* [n_work][HEDGE_SITUATIONS][N_THRESHOLDS][HEDGE_LANES] */
    float *slacks;     /* [n_work] numbers of steps left that were looked at */
    size_t starting;   /* steps of start-up that a machine held can have left: 0 .. starting - 1 */
    size_t starting_fresh; /* of a machine about to be started; the last of them is not whole */
    double last_pending;   /* part of a step that it takes */
};

static float *threshold_at(const struct hedge_values *v, size_t work, size_t situation)
{
    return &v->thresholds[(work * HEDGE_SITUATIONS + situation) * N_THRESHOLDS * HEDGE_LANES];
}

/* Parts of a step that starts and steps are whole numbers of; few, if there are none. */
static double parts_exact(double restart)
{
    for (int parts = 1; parts <= MOST_PARTS; parts++)
        if (fabs(restart * parts - round(restart * parts)) < 1e-6) return fmax(parts, few_parts);
    return few_parts;
}

static struct hedge_grid grid_make(const struct policy_terms *t)
{
    const double allowed = floor(t->deadline_s / t->step_s);
    const double restarts = ceil(t->restart_s / (MAX_PENDING * t->step_s) - 1e-9);
    const double together = fmax(fmax(1, restarts), ceil(allowed / most_steps));
    struct hedge_grid g = {.step_s = t->step_s * together};
    g.steps = (size_t)fmax(1, floor(allowed / together));
    g.work = (size_t)fmax(1, ceil(t->work_s / g.step_s - 1e-9));
    g.restart = t->restart_s / g.step_s;
    const double slack = (double)g.steps - (double)g.work + 1,
                 points = (double)g.work * fmax(1, slack);
    const double parts = together > 1 ? few_parts : parts_exact(g.restart);
    const double most = together > 1 ? fewer_points : most_points;
    g.parts = (size_t)fmax(1, fmin(parts, floor(most / points)));
    return g;
}

/* --- the iteration --- */

struct layers {
    struct hedge_values *values;
    float price[MACHINE_ON_DEMAND + 1]; /* of a step */
    float never;                        /* stands for infinity */
    /* [HEDGE_SITUATIONS] before, [HEDGE_SITUATIONS] after: probability */
    float (*follows)[HEDGE_SITUATIONS][HEDGE_LANES];
    size_t low, high; /* points of w of the layer at hand */
    size_t n_held;    /* nothing, on-demand with 0 .. starting - 1 steps of start-up, spot */
    float *cost;      /* V: [n_work][HEDGE_SITUATIONS][n_held][HEDGE_LANES] */
    float *expected;  /* E[V] after a step, held machine as it was during the step */
};

/* Index of a machine held with `pending` steps of start-up. */
static size_t held_at(const struct layers *l, enum machine m, size_t pending)
{
    if (m == MACHINE_NONE) return 0;
    return 1 + pending + (m == MACHINE_SPOT ? l->values->starting : 0);
}

static float *cell_at(const struct layers *l, float *array, size_t work, size_t situation)
{
    return &array[(work * HEDGE_SITUATIONS + situation) * l->n_held * HEDGE_LANES];
}

/* Splits a probability over the situations of a kind around a belief. */
static void belief_split(float (*to)[HEDGE_LANES], size_t lane, double first, double probability)
{
    const double at = first * (HEDGE_BELIEFS - 1);
    const size_t below = (size_t)fmin(at, HEDGE_BELIEFS - 2);
    to[below][lane] += (float)(probability * (1 - (at - (double)below)));
    to[below + 1][lane] += (float)(probability * (at - (double)below));
}

static void follows_make(struct layers *l, struct arena *a)
{
    l->follows = arena_alloc(a, HEDGE_SITUATIONS, sizeof *l->follows);
    for (size_t lane = 0; lane < HEDGE_LANES; lane++) {
        const struct zone_step step = zone_step_make(lane, l->values->grid.step_s);
        for (size_t x = 0; x < HEDGE_SITUATIONS; x++) {
            const double first = (double)(x % HEDGE_BELIEFS) / (HEDGE_BELIEFS - 1);
            const double *from = step.p[x / HEDGE_BELIEFS * ZONE_PHASES];
            const double *other = from + ZONE_STATES;
            for (size_t kind = 0; kind < N_KINDS; kind++) {
                const size_t j = kind * ZONE_PHASES;
                const double one = first * from[j] + (1 - first) * other[j];
                const double both = one + first * from[j + 1] + (1 - first) * other[j + 1];
                belief_split(&l->follows[x][kind * HEDGE_BELIEFS], lane, both > 0 ? one / both : 0,
                             both);
            }
        }
    }
}

/* out += p x value */
static void lanes_add(float *restrict out, const float *restrict p, const float *restrict value)
{
    for (size_t i = 0; i < HEDGE_LANES; i++) out[i] += p[i] * value[i];
}

/* E[V] in a situation, over the situations that can follow. Spot that is held is nothing when it is
 * gone. */
static void situation_expect(struct layers *l, size_t work, size_t x)
{
    const size_t n_kept = 1 + l->values->starting; /* by the end of the spell: all but spot */
    const size_t n = x < HEDGE_BELIEFS ? l->n_held : n_kept;
    float *out = cell_at(l, l->expected, work, x);
    memset(out, 0, n * HEDGE_LANES * sizeof *out);
    for (size_t y = 0; y < HEDGE_SITUATIONS; y++) {
        const float *value = cell_at(l, l->cost, work, y), *p = l->follows[x][y];
        for (size_t m = 0; m < n; m++) {
            const size_t held = m >= n_kept && y >= HEDGE_BELIEFS ? 0 : m;
            lanes_add(out + m * HEDGE_LANES, p, value + held * HEDGE_LANES);
        }
    }
}

/* Cost of a step with a machine that has `pending` steps of start-up to spend, and of what
 * follows. */
static void lanes_hold(float *restrict out, const struct layers *l, size_t work, size_t situation,
                       enum machine m, size_t pending)
{
    const struct hedge_values *v = l->values;
    const bool through = pending <= 1; /* start-up ends within this step, if there is any */
    const double use = pending == 0 ? 1 : through ? 1 - v->last_pending : 0;
    const double left = fmax(0, (double)work - use * (double)v->grid.parts);
    const size_t below = (size_t)left;
    const float part = (float)(left - (double)below), price = l->price[m];
    const size_t held = held_at(l, m, through ? 0 : pending - 1) * HEDGE_LANES;
    const float *restrict x = cell_at(l, l->expected, below, situation) + held;
    const float *restrict y = cell_at(l, l->expected, below + (part > 0), situation) + held;
    for (size_t i = 0; i < HEDGE_LANES; i++) out[i] = price + x[i] * (1 - part) + y[i] * part;
}

/* Notes the number of t up to now where a choice is no worse than the other, or nothing can be done.
 */
static void lanes_note(float *restrict count, const float *restrict choice,
                       const float *restrict other, float never, float at)
{
    for (size_t i = 0; i < HEDGE_LANES; i++)
        count[i] = choice[i] <= other[i] || other[i] >= never ? at : count[i];
}

static void lanes_least(float *restrict out, const float *restrict a, const float *restrict b)
{
    for (size_t i = 0; i < HEDGE_LANES; i++) out[i] = a[i] < b[i] ? a[i] : b[i];
}

/* V and thresholds of a situation without spot. */
static void gone_value(const struct layers *l, size_t work, size_t situation)
{
    const struct hedge_values *v = l->values;
    const float *none = cell_at(l, l->expected, work, situation);
    float *out = cell_at(l, l->cost, work, situation);
    float *threshold = threshold_at(v, work, situation);
    float bought[HEDGE_LANES], kept[HEDGE_LANES];
    lanes_hold(bought, l, work, situation, MACHINE_ON_DEMAND, v->starting_fresh);
    lanes_least(out, none, bought);
    lanes_note(threshold + (size_t)BUY * HEDGE_LANES, bought, none, l->never, v->slacks[work] + 1);
    for (size_t pending = 0; pending < v->starting; pending++) {
        lanes_hold(kept, l, work, situation, MACHINE_ON_DEMAND, pending);
        lanes_least(out + held_at(l, MACHINE_ON_DEMAND, pending) * HEDGE_LANES, none, kept);
        lanes_note(threshold + (KEEP + pending) * HEDGE_LANES, kept, none, l->never,
                   v->slacks[work] + 1);
    }
}

/* V and thresholds of a situation with spot. */
static void available_value(const struct layers *l, size_t work, size_t situation)
{
    const struct hedge_values *v = l->values;
    const float *none = cell_at(l, l->expected, work, situation);
    float *out = cell_at(l, l->cost, work, situation);
    float *threshold = threshold_at(v, work, situation);
    float bought[HEDGE_LANES], begun[HEDGE_LANES], other[HEDGE_LANES], kept[HEDGE_LANES];
    lanes_hold(bought, l, work, situation, MACHINE_ON_DEMAND, v->starting_fresh);
    lanes_hold(begun, l, work, situation, MACHINE_SPOT, v->starting_fresh);
    lanes_least(other, none, begun);
    lanes_least(out, other, bought);
    lanes_note(threshold + (size_t)BUY * HEDGE_LANES, bought, other, l->never, v->slacks[work] + 1);
    for (size_t pending = 0; pending < v->starting; pending++) {
        lanes_hold(kept, l, work, situation, MACHINE_ON_DEMAND, pending);
        lanes_least(out + held_at(l, MACHINE_ON_DEMAND, pending) * HEDGE_LANES, other, kept);
        lanes_note(threshold + (KEEP + pending) * HEDGE_LANES, kept, other, l->never,
                   v->slacks[work] + 1);
    }
    lanes_least(other, none, bought);
    for (size_t i = 0; i < HEDGE_LANES; i++)
        threshold[(size_t)WAIT * HEDGE_LANES + i] +=
            none[i] < begun[i] && none[i] < bought[i] && none[i] < l->never ? 1.F : 0.F;
    for (size_t pending = 0; pending < v->starting; pending++) {
        lanes_hold(kept, l, work, situation, MACHINE_SPOT, pending);
        lanes_least(out + held_at(l, MACHINE_SPOT, pending) * HEDGE_LANES, other, kept);
        lanes_note(threshold + (LEAVE + pending) * HEDGE_LANES, bought, kept, l->never,
                   v->slacks[work] + 1);
    }
}

/* E[V] of every situation at the w of the layer, then V of the next layer, with one step more. */
static void layer_expect(struct layers *l)
{
    for (size_t work = l->low; work <= l->high; work++)
        for (size_t x = 0; x < HEDGE_SITUATIONS; x++) situation_expect(l, work, x);
}

static void layer_value(struct layers *l)
{
    struct hedge_values *v = l->values;
    for (size_t work = l->low > 0 ? l->low : 1; work <= l->high; work++) {
        for (size_t i = 0; i < HEDGE_BELIEFS; i++) available_value(l, work, i);
        for (size_t i = HEDGE_BELIEFS; i < HEDGE_SITUATIONS; i++) gone_value(l, work, i);
        v->slacks[work]++;
    }
}

/* The whole w that a job can have with `steps` left, and a little more. */
static void layer_range(struct layers *l, size_t steps)
{
    const struct hedge_values *v = l->values;
    const size_t passed = v->grid.steps - steps, margin = 1;
    const size_t low = v->grid.work > passed + margin ? v->grid.work - passed - margin : 0;
    l->low = low * v->grid.parts;
    l->high = steps * v->grid.parts < v->n_work - 1 ? steps * v->grid.parts : v->n_work - 1;
}

static void layers_fill(struct layers *l)
{
    const struct hedge_values *v = l->values;
    const size_t n = v->n_work * HEDGE_SITUATIONS * l->n_held * HEDGE_LANES;
    const size_t done = HEDGE_SITUATIONS * l->n_held * HEDGE_LANES; /* w = 0 costs nothing */
    for (size_t i = done; i < n; i++) l->cost[i] = l->expected[i] = 1e6F * l->never;
}

static void layers_run(struct layers *l)
{
    const size_t steps = l->values->grid.steps;
    layers_fill(l);
    for (size_t left = 1; left <= steps; left++) {
        layer_range(l, left - 1);
        layer_expect(l);
        layer_range(l, left);
        layer_value(l);
    }
}

const struct hedge_values *hedge_values_make(const struct policy_terms *t, struct arena *a)
{
    struct hedge_values *v = ARENA_NEW(a, struct hedge_values, 1);
    v->grid = grid_make(t);
    v->starting_fresh = (size_t)ceil(v->grid.restart - 1e-9);
    v->starting = v->starting_fresh > 1 ? v->starting_fresh : 1;
    v->last_pending = fmax(0, v->grid.restart - (double)(v->starting - 1));
    v->n_work = (v->grid.work + 1) * v->grid.parts + 1;
    v->thresholds = ARENA_NEW(a, float, v->n_work *HEDGE_SITUATIONS *N_THRESHOLDS *HEDGE_LANES);
    v->slacks = ARENA_NEW(a, float, v->n_work);
    struct arena *scratch = arena_new();
    const double step_h = v->grid.step_s / s_per_h;
    struct layers l = {
        .values = v,
        .n_held = 1 + 2 * v->starting,
        .price = {0, (float)(t->spot_price_per_h * step_h),
                  (float)(t->on_demand_price_per_h * step_h)},
    };
    const size_t n = v->n_work * HEDGE_SITUATIONS * l.n_held * HEDGE_LANES;
    l.cost = ARENA_NEW(scratch, float, n);
    l.expected = ARENA_NEW(scratch, float, n);
    l.never = 4 * l.price[MACHINE_ON_DEMAND] * (float)v->grid.steps;
    follows_make(&l, scratch);
    layers_run(&l);
    arena_free(scratch);
    return v;
}

const struct hedge_grid *hedge_values_grid(const struct hedge_values *v)
{
    return &v->grid;
}

/* --- looking up --- */

/* Position of a value between the points of a grid 0 .. n-1. */
struct between {
    size_t below, above;
    float part;
};

static struct between between_make(double at, size_t n)
{
    const double last = (double)(n - 1), inside = at < 0 ? 0 : at > last ? last : at;
    const size_t below = (size_t)inside;
    return (struct between){below, below + 1 < n ? below + 1 : below,
                            (float)(inside - (double)below)};
}

struct lookup {
    struct between work, belief[HEDGE_LANES];
    size_t kind;
    double weights[HEDGE_LANES];
};

static struct lookup lookup_make(const struct hedge_values *v, const struct hedge_state *s)
{
    struct lookup at = {
        .work = between_make(fmax(s->work_left * (double)v->grid.parts, 1), v->n_work),
        .kind = s->belief->kind,
    };
    zone_weights(at.weights, s->belief);
    for (size_t i = 0; i < HEDGE_LANES; i++)
        at.belief[i] = between_make(s->belief->phase[i][0] * (HEDGE_BELIEFS - 1), HEDGE_BELIEFS);
    return at;
}

/* A threshold for each kind of zone at a point of w, between the points of belief. */
static void thresholds_add(float *lanes, const struct hedge_values *v, const struct lookup *at,
                           size_t which, size_t work, float part)
{
    const float *first = threshold_at(v, work, at->kind * HEDGE_BELIEFS) + which * HEDGE_LANES;
    const size_t next = (size_t)N_THRESHOLDS * HEDGE_LANES;
    for (size_t i = 0; i < HEDGE_LANES; i++) {
        const struct between *b = &at->belief[i];
        const float below = first[b->below * next + i], above = first[b->above * next + i];
        lanes[i] += part * (below * (1 - b->part) + above * b->part);
    }
}

static void thresholds_get(float lanes[HEDGE_LANES], const struct hedge_values *v,
                           const struct lookup *at, size_t which)
{
    for (size_t i = 0; i < HEDGE_LANES; i++) lanes[i] = 0;
    thresholds_add(lanes, v, at, which, at->work.below, 1 - at->work.part);
    if (at->work.part > 0) thresholds_add(lanes, v, at, which, at->work.above, at->work.part);
}

/* Probability of the kinds of zones whose threshold is above the slack. */
static double share_above(double slack, const struct hedge_values *v, const struct lookup *at,
                          size_t which)
{
    float lanes[HEDGE_LANES];
    thresholds_get(lanes, v, at, which);
    double share = 0;
    for (size_t i = 0; i < HEDGE_LANES; i++) share += slack < (double)lanes[i] ? at->weights[i] : 0;
    return share;
}

/* The least t >= w, and how many t there are, between the points of w. */
static double steps_least(const struct hedge_values *v, const struct between *work)
{
    const size_t parts = v->grid.parts;
    const size_t below = (work->below + parts - 1) / parts,
                 above = (work->above + parts - 1) / parts;
    return (double)below + ((double)above - (double)below) * (double)work->part;
}

static double steps_count(const struct hedge_values *v, const struct between *work)
{
    return (double)(v->slacks[work->below] * (1 - work->part) +
                    v->slacks[work->above] * work->part);
}

static size_t pending_steps(const struct hedge_values *v, double pending)
{
    const size_t steps = (size_t)ceil(fmax(0, pending) - 1e-6);
    return steps < v->starting ? steps : v->starting - 1;
}

enum machine hedge_best(const struct hedge_values *v, const struct hedge_state *s)
{
    const struct lookup at = lookup_make(v, s);
    const double slack =
        s->steps_left - steps_least(v, &at.work) + 0.5; /* half-way between counts */
    const size_t pending = pending_steps(v, s->pending);
    if (s->current == MACHINE_SPOT)
        return share_above(slack, v, &at, LEAVE + pending) > buy_share ? MACHINE_ON_DEMAND
                                                                       : MACHINE_SPOT;
    const size_t buy = s->current == MACHINE_ON_DEMAND ? KEEP + pending : BUY;
    if (share_above(slack, v, &at, buy) > buy_share) return MACHINE_ON_DEMAND;
    if (at.kind == KIND_GONE) return MACHINE_NONE;
    const double to_most = steps_count(v, &at.work) - slack;
    return share_above(to_most, v, &at, WAIT) > wait_share ? MACHINE_NONE : MACHINE_SPOT;
}

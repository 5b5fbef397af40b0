/* Value iteration for policy `hedge`. With t steps left, w steps of work left, and a situation
 * x = (spot available or not, age of the spell, classes of this spell and the next), the least
 * expected cost while m is held, with p steps of its start-up still to be spent, is
 *
 *   V(t, w, x, m, p) = min over n of price(n) + E[ V(t-1, w - use, x', n', p' - 1 + use) ]
 *   use = max(1 - p', 0), p' = p while n = m, restart when n is started; 0, with use 0, for nothing
 *
 * with V = 0 at w <= 0 and V = infinity when w > t; n' is nothing when spot n was lost. Spells end
 * with the rates of hedge_spells.c times a factor; a lane per pair of factors. Between points of w,
 * V is linear.
 *
 * What is kept of V are thresholds of slack s = t - w: below one of them on-demand is bought. */
#include "sim/hedge.h"
#include <math.h>
#include <string.h>

static const double s_per_h = 3600;
static const double most_steps = 600; /* of the grid: a second of computing at most */
static const double most_parts = 5, most_points = 60e3; /* of w to a step; of (t, w) */
static const double least_factor = 0.35, factor_ratio = 2;
static const double age_bounds_h[HEDGE_MAX_AGES] = {0, 1. / 6, 1. / 3, .5, 1, 2, 4, 8, 16};

enum { N_CLASSES = N_SPELL_CLASSES * N_SPELL_CLASSES }; /* of available x gone */
enum { MAX_PENDING = 3 }; /* whole steps of a start-up that are told apart */

/* Thresholds of a situation: how many t, from the least with t >= w on, there are in which the
 * choice is best; of WAIT, up to the greatest t. KEEP and
 * LEAVE one for each number of steps that start-up still takes. */
enum {
    BUY,                        /* with nothing held: on-demand */
    WAIT,                       /* with nothing held, spot available: nothing */
    KEEP,                       /* with on-demand held: keep it */
    LEAVE = KEEP + MAX_PENDING, /* with spot held: on-demand instead */
    N_THRESHOLDS = LEAVE + MAX_PENDING
};

struct hedge_values {
    struct hedge_grid grid;
    size_t n_work;       /* points of w, grid.parts to a step: 0 .. n_work - 1 */
    size_t n_situations; /* N_SPELL_KINDS x N_CLASSES x n_ages */
    float *thresholds;   /* [n_work][n_situations][N_THRESHOLDS][HEDGE_LANES] */
    float *slacks;       /* [n_work] numbers of steps left that were looked at */
    size_t starting; /* steps of start-up that a machine held can have left: 0 .. starting - 1 */
    size_t starting_fresh; /* of a machine about to be started; the last of them is not whole */
    double last_pending;   /* part of a step that it takes */
};

static size_t situation_at(const struct hedge_grid *g, size_t kind, size_t class_, size_t age)
{
    return (kind * N_CLASSES + class_) * g->n_ages + age;
}

static float *threshold_at(const struct hedge_values *v, size_t work, size_t situation)
{
    return &v->thresholds[(work * v->n_situations + situation) * N_THRESHOLDS * HEDGE_LANES];
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
    g.parts = (size_t)fmax(1, fmin(most_parts, floor(most_points / points)));
    for (size_t i = 0; i < HEDGE_MAX_AGES; i++) {
        const size_t from = (size_t)llround(age_bounds_h[i] * s_per_h / g.step_s);
        if (i == 0 || from > g.age_from[g.n_ages - 1]) g.age_from[g.n_ages++] = from;
    }
    return g;
}

/* --- the iteration --- */

struct layers {
    struct hedge_values *values;
    float price[MACHINE_ON_DEMAND + 1]; /* of a step */
    float never;                        /* stands for infinity */
    /* [N_SPELL_KINDS][N_SPELL_CLASSES][n_ages][HEDGE_LANES] probability that a spell ends after
     * this step */
    float *ends;
    float advance[HEDGE_MAX_AGES]; /* probability of the next age bucket */
    size_t low, high;              /* points of w of the layer at hand */
    size_t n_held;   /* nothing, on-demand with 0 .. starting - 1 steps of start-up, spot */
    float *cost;     /* V: [n_work][n_situations][n_held][HEDGE_LANES] */
    float *expected; /* E[V] after a step, held machine as it was during the step */
};

/* Index of a machine held with `pending` steps of start-up. */
static size_t held_at(const struct layers *l, enum machine m, size_t pending)
{
    if (m == MACHINE_NONE) return 0;
    return 1 + pending + (m == MACHINE_SPOT ? l->values->starting : 0);
}

static float *cell_at(const struct layers *l, float *array, size_t work, size_t situation)
{
    return &array[(work * l->values->n_situations + situation) * l->n_held * HEDGE_LANES];
}

static double lane_factor(size_t i)
{
    return least_factor * pow(factor_ratio, (double)i);
}

static void ends_make(struct layers *l, const struct spell_prior *prior, struct arena *a)
{
    const struct hedge_grid *g = &l->values->grid;
    const double step_h = g->step_s / s_per_h;
    l->ends =
        ARENA_NEW(a, float, g->n_ages *(size_t)(N_SPELL_KINDS * N_SPELL_CLASSES) * HEDGE_LANES);
    float *p = l->ends;
    for (size_t kind = 0; kind < N_SPELL_KINDS; kind++)
        for (size_t c = 0; c < N_SPELL_CLASSES; c++)
            for (size_t age = 0; age < g->n_ages; age++) {
                const bool last = age + 1 == g->n_ages;
                const double from = (double)g->age_from[age];
                const double to = last ? 2 * from + 1 : (double)g->age_from[age + 1];
                const struct spell_rate *r = &prior->rates[kind][c];
                const double per_step =
                    (spell_rate_sum(r, to * step_h) - spell_rate_sum(r, from * step_h)) /
                    (to - from);
                l->advance[age] = last ? 0 : (float)(1 / (to - from));
                for (size_t lane = 0; lane < HEDGE_LANES; lane++) {
                    const size_t i =
                        kind == SPELL_AVAILABLE ? lane / HEDGE_FACTORS : lane % HEDGE_FACTORS;
                    *p++ = (float)-expm1(-per_step * lane_factor(i));
                }
            }
}

static const float *ends_at(const struct layers *l, size_t kind, size_t class_, size_t age)
{
    const size_t own =
        kind == SPELL_AVAILABLE ? class_ / N_SPELL_CLASSES : class_ % N_SPELL_CLASSES;
    const size_t n_ages = l->values->grid.n_ages;
    return &l->ends[((kind * N_SPELL_CLASSES + own) * n_ages + age) * HEDGE_LANES];
}

/* Classes after a spell of a kind ended at an age. */
static size_t class_after(const struct hedge_grid *g, size_t kind, size_t class_, size_t age)
{
    const size_t own = spell_class((double)(g->age_from[age] + 1) * g->step_s);
    return kind == SPELL_AVAILABLE ? own * N_SPELL_CLASSES + class_ % N_SPELL_CLASSES
                                   : class_ / N_SPELL_CLASSES * N_SPELL_CLASSES + own;
}

/* out = ended x p + (1 - p) x (next x advance + same x (1 - advance)) */
static void lanes_expect(float *restrict out, const float *restrict p, float advance,
                         const float *restrict ended, const float *restrict next,
                         const float *restrict same)
{
    for (size_t i = 0; i < HEDGE_LANES; i++) {
        const float stays = next[i] * advance + same[i] * (1 - advance);
        out[i] = ended[i] * p[i] + stays * (1 - p[i]);
    }
}

static void situation_expect(struct layers *l, size_t work, size_t kind, size_t class_, size_t age)
{
    const struct hedge_grid *g = &l->values->grid;
    const size_t other = kind == SPELL_AVAILABLE ? SPELL_GONE : SPELL_AVAILABLE;
    const size_t here = situation_at(g, kind, class_, age);
    const size_t older = age + 1 < g->n_ages ? here + 1 : here;
    const size_t after = situation_at(g, other, class_after(g, kind, class_, age), 0);
    const float *p = ends_at(l, kind, class_, age);
    const float *same = cell_at(l, l->cost, work, here), *next = cell_at(l, l->cost, work, older);
    const float *ended = cell_at(l, l->cost, work, after);
    float *out = cell_at(l, l->expected, work, here);
    const size_t n_kept = 1 + l->values->starting; /* by the end of the spell: all but spot */
    const size_t n = kind == SPELL_AVAILABLE ? l->n_held : n_kept;
    for (size_t m = 0; m < n; m++) {
        const size_t at = m * HEDGE_LANES;
        lanes_expect(out + at, p, l->advance[age], m < n_kept ? ended + at : ended, next + at,
                     same + at);
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

/* Adds 1 where a choice is no worse than the other, or where nothing can be done. */
static void lanes_count(float *restrict count, const float *restrict choice,
                        const float *restrict other, float never)
{
    for (size_t i = 0; i < HEDGE_LANES; i++)
        count[i] += choice[i] <= other[i] || other[i] >= never ? 1.F : 0.F;
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
    lanes_count(threshold + (size_t)BUY * HEDGE_LANES, bought, none, l->never);
    for (size_t pending = 0; pending < v->starting; pending++) {
        lanes_hold(kept, l, work, situation, MACHINE_ON_DEMAND, pending);
        lanes_least(out + held_at(l, MACHINE_ON_DEMAND, pending) * HEDGE_LANES, none, kept);
        lanes_count(threshold + (KEEP + pending) * HEDGE_LANES, kept, none, l->never);
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
    lanes_count(threshold + (size_t)BUY * HEDGE_LANES, bought, other, l->never);
    for (size_t pending = 0; pending < v->starting; pending++) {
        lanes_hold(kept, l, work, situation, MACHINE_ON_DEMAND, pending);
        lanes_least(out + held_at(l, MACHINE_ON_DEMAND, pending) * HEDGE_LANES, other, kept);
        lanes_count(threshold + (KEEP + pending) * HEDGE_LANES, kept, other, l->never);
    }
    lanes_least(other, none, bought);
    for (size_t i = 0; i < HEDGE_LANES; i++)
        threshold[(size_t)WAIT * HEDGE_LANES + i] +=
            none[i] < begun[i] && none[i] < bought[i] && none[i] < l->never ? 1.F : 0.F;
    for (size_t pending = 0; pending < v->starting; pending++) {
        lanes_hold(kept, l, work, situation, MACHINE_SPOT, pending);
        lanes_least(out + held_at(l, MACHINE_SPOT, pending) * HEDGE_LANES, other, kept);
        lanes_count(threshold + (LEAVE + pending) * HEDGE_LANES, bought, kept, l->never);
    }
}

/* E[V] of every situation at the w of the layer, then V of the next layer, with one step more. */
static void layer_expect(struct layers *l)
{
    for (size_t work = l->low; work <= l->high; work++)
        for (size_t kind = 0; kind < N_SPELL_KINDS; kind++)
            for (size_t c = 0; c < N_CLASSES; c++)
                for (size_t age = 0; age < l->values->grid.n_ages; age++)
                    situation_expect(l, work, kind, c, age);
}

static void layer_value(struct layers *l)
{
    struct hedge_values *v = l->values;
    const size_t n_available = N_CLASSES * v->grid.n_ages;
    for (size_t work = l->low > 0 ? l->low : 1; work <= l->high; work++) {
        for (size_t i = 0; i < n_available; i++) available_value(l, work, i);
        for (size_t i = n_available; i < v->n_situations; i++) gone_value(l, work, i);
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
    const size_t n = v->n_work * v->n_situations * l->n_held * HEDGE_LANES;
    const size_t done = v->n_situations * l->n_held * HEDGE_LANES; /* w = 0 costs nothing */
    for (size_t i = done; i < n; i++) l->cost[i] = l->expected[i] = 1e3F * l->never;
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

const struct hedge_values *hedge_values_make(const struct policy_terms *t,
                                             const struct spell_prior *prior, struct arena *a)
{
    struct hedge_values *v = ARENA_NEW(a, struct hedge_values, 1);
    v->grid = grid_make(t);
    v->starting_fresh = (size_t)ceil(v->grid.restart - 1e-9);
    v->starting = v->starting_fresh > 1 ? v->starting_fresh : 1;
    v->last_pending = fmax(0, v->grid.restart - (double)(v->starting - 1));
    v->n_work = (v->grid.work + 1) * v->grid.parts + 1;
    v->n_situations = v->grid.n_ages * N_SPELL_KINDS * N_CLASSES;
    v->thresholds = ARENA_NEW(a, float, v->n_work * v->n_situations * N_THRESHOLDS * HEDGE_LANES);
    v->slacks = ARENA_NEW(a, float, v->n_work);
    struct arena *scratch = arena_new();
    const double step_h = v->grid.step_s / s_per_h;
    struct layers l = {
        .values = v,
        .n_held = 1 + 2 * v->starting,
        .price = {0, (float)(t->spot_price_per_h * step_h),
                  (float)(t->on_demand_price_per_h * step_h)},
    };
    const size_t n = v->n_work * v->n_situations * l.n_held * HEDGE_LANES;
    l.cost = ARENA_NEW(scratch, float, n);
    l.expected = ARENA_NEW(scratch, float, n);
    l.never = 1e3F * l.price[MACHINE_ON_DEMAND] * (float)v->grid.steps;
    ends_make(&l, prior, scratch);
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

static struct between factor_between(double factor)
{
    return between_make(log(factor / least_factor) / log(factor_ratio), HEDGE_FACTORS);
}

struct lookup {
    struct between work, factor[N_SPELL_KINDS];
    size_t situation;
};

static float lanes_mean(const float *lanes, const struct lookup *at)
{
    const struct between *x = &at->factor[SPELL_AVAILABLE], *y = &at->factor[SPELL_GONE];
    const float *low = lanes + x->below * HEDGE_FACTORS, *high = lanes + x->above * HEDGE_FACTORS;
    const float a = low[y->below] * (1 - y->part) + low[y->above] * y->part;
    const float b = high[y->below] * (1 - y->part) + high[y->above] * y->part;
    return a * (1 - x->part) + b * x->part;
}

static double threshold_get(const struct hedge_values *v, const struct lookup *at, size_t which)
{
    const float *below = threshold_at(v, at->work.below, at->situation) + which * HEDGE_LANES;
    const float *above = threshold_at(v, at->work.above, at->situation) + which * HEDGE_LANES;
    const float x = lanes_mean(below, at), y = lanes_mean(above, at);
    return (double)(x * (1 - at->work.part) + y * at->work.part);
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

static size_t age_bucket(const struct hedge_grid *g, double age_s)
{
    const double age = floor(age_s / g->step_s + 1e-6);
    size_t i = g->n_ages - 1;
    while (i > 0 && age < (double)g->age_from[i]) i--;
    return i;
}

static size_t pending_steps(const struct hedge_values *v, double pending)
{
    const size_t steps = (size_t)ceil(fmax(0, pending) - 1e-6);
    return steps < v->starting ? steps : v->starting - 1;
}

enum machine hedge_best(const struct hedge_values *v, const struct hedge_state *s)
{
    const size_t kind = s->available ? SPELL_AVAILABLE : SPELL_GONE;
    const size_t class_ = s->classes[SPELL_AVAILABLE] * N_SPELL_CLASSES + s->classes[SPELL_GONE];
    struct lookup at = {
        .work = between_make(fmax(s->work_left * (double)v->grid.parts, 1), v->n_work),
        .situation = situation_at(&v->grid, kind, class_, age_bucket(&v->grid, s->age_s)),
    };
    for (size_t i = 0; i < N_SPELL_KINDS; i++) at.factor[i] = factor_between(s->factors[i]);
    const double slack =
        s->steps_left - steps_least(v, &at.work) + 0.5; /* half-way between counts */
    const size_t pending = pending_steps(v, s->pending);
    if (s->current == MACHINE_SPOT)
        return slack < threshold_get(v, &at, LEAVE + pending) ? MACHINE_ON_DEMAND : MACHINE_SPOT;
    const size_t buy = s->current == MACHINE_ON_DEMAND ? KEEP + pending : BUY;
    if (slack < threshold_get(v, &at, buy)) return MACHINE_ON_DEMAND;
    if (!s->available) return MACHINE_NONE;
    const double wait = threshold_get(v, &at, WAIT);
    return wait > 0.5 && slack > steps_count(v, &at.work) - wait ? MACHINE_NONE : MACHINE_SPOT;
}

/* Which numbers to keep all the time: first downhill from the LP's, then branch and bound over boxes of numbers. A box is
 * bounded by the fixed machines of its low end at the price and of its high end at what they carry. */
#include "solver/sizing.h"
#include <math.h>
#include <string.h>

/* Work of one search: comparisons of crews. What is open by then stays in the bound. */
enum { MOST_WORK = 3000000, MOST_BOXES = 20000, MOST_STEPS = 200 };

struct box {
    long *low, *high;
    double bound;
};

struct search {
    struct sizing *z;
    struct sizing_answer *best;
    size_t n_boxes;
    struct box *boxes;
    long *machines; /* of the path at hand */
    double settled; /* least bound of what was looked at to the end */
};

static bool is_spent(const struct search *s)
{
    return s->z->work > MOST_WORK || s->n_boxes > MOST_BOXES;
}

static long *copy_counts(const struct search *s, const long *from)
{
    long *to = ARENA_NEW(s->z->arena, long, s->z->n + 1);
    memcpy(to, from, s->z->n * sizeof *to);
    return to;
}

/* --- downhill --- */

static bool try_counts(struct search *s, long *best, double *value, const long *next)
{
    const double v = sizing_value(s->z, next, next);
    if (!(v < *value * (1 - 1e-12))) return false;
    *value = v;
    memcpy(best, next, s->z->n * sizeof *best);
    return true;
}

/* One machine more, one less, or one for another. */
static bool step_down(struct search *s, long *now, double *value)
{
    const struct sizing *z = s->z;
    long *next = copy_counts(s, now), *best = copy_counts(s, now);
    bool better = false;
    for (size_t a = 0; a < z->n; a++)
        for (size_t b = 0; b <= z->n; b++) {
            if (z->part[a] != SIZING_FIXED || is_spent(s)) continue;
            if (b < z->n && b != a && z->part[b] != SIZING_FIXED) continue;
            memcpy(next, now, z->n * sizeof *next);
            next[a] += b == a ? 1 : -1; /* b == a: one more; b == n: one less */
            if (b < z->n && b != a) next[b]++;
            if (next[a] < 0 || next[a] > z->most[a] || (b < z->n && next[b] > z->most[b])) continue;
            better |= try_counts(s, best, value, next);
        }
    memcpy(now, best, z->n * sizeof *now);
    return better;
}

/* From numbers that serve nothing upwards, all options together, until they do. */
static double find_start(struct search *s, long *now)
{
    const struct sizing *z = s->z;
    double value = sizing_value(s->z, now, now);
    while (isinf(value) && !is_spent(s)) {
        bool grown = false;
        for (size_t o = 0; o < z->n && isinf(value); o++) {
            if (z->part[o] != SIZING_FIXED || now[o] >= z->most[o]) continue;
            now[o] += 1 + now[o] / 8;
            if (now[o] > z->most[o]) now[o] = z->most[o];
            value = sizing_value(s->z, now, now);
            grown = true;
        }
        if (!grown) break;
    }
    return value;
}

/* --- boxes --- */

static void note_path(struct search *s, const long *fixed, double least)
{
    double cost;
    bool exact;
    if (!sizing_path(s->z, fixed, s->machines, &cost, &exact)) return;
    s->settled = fmin(s->settled, exact ? cost : least);
    if (cost >= s->best->cost * (1 - 1e-12)) return;
    s->best->cost = cost;
    memcpy(s->best->fixed, fixed, s->z->n * sizeof *fixed);
}

static void push_box(struct search *s, const long *low, const long *high)
{
    const double bound = sizing_value(s->z, low, high);
    if (isnan(bound)) {
        s->settled = -INFINITY;
        return;
    }
    if (bound >= s->best->cost) return;
    *ARENA_PUSH(s->z->arena, s->boxes, s->n_boxes) =
        (struct box){copy_counts(s, low), copy_counts(s, high), bound};
}

static size_t lowest_box(const struct search *s)
{
    size_t best = 0;
    for (size_t i = 1; i < s->n_boxes; i++)
        if (s->boxes[i].bound < s->boxes[best].bound) best = i;
    return best;
}

/* The option whose range moves most money; NONE: one point. */
static size_t widest(const struct search *s, const struct box *b)
{
    size_t widest = NONE;
    double most = 0;
    for (size_t o = 0; o < s->z->n; o++) {
        const double width = (double)(b->high[o] - b->low[o]) * s->z->price[o];
        if (b->high[o] == b->low[o] || (widest != NONE && width <= most)) continue;
        widest = o;
        most = width;
    }
    return widest;
}

static void split(struct search *s, const struct box *b, size_t o)
{
    long *middle = copy_counts(s, b->high);
    middle[o] = b->low[o] + (b->high[o] - b->low[o]) / 2;
    push_box(s, b->low, middle);
    middle = copy_counts(s, b->low);
    middle[o] = b->low[o] + (b->high[o] - b->low[o]) / 2 + 1;
    push_box(s, middle, b->high);
}

static void search_boxes(struct search *s)
{
    const struct sizing *z = s->z;
    long *low = ARENA_NEW(z->arena, long, z->n + 1), *high = ARENA_NEW(z->arena, long, z->n + 1);
    for (size_t o = 0; o < z->n; o++)
        if (z->part[o] == SIZING_FIXED) {
            const double dear = z->price[o] * z->hours;
            high[o] = z->most[o];
            if (dear > 0 && s->best->cost / dear < (double)high[o])
                high[o] = (long)(s->best->cost / dear);
        }
    push_box(s, low, high);
    while (s->n_boxes > 0 && !is_spent(s)) {
        const size_t i = lowest_box(s);
        const struct box b = s->boxes[i];
        if (b.bound >= s->best->cost) return;
        s->boxes[i] = s->boxes[--s->n_boxes];
        const size_t o = widest(s, &b);
        if (o == NONE)
            note_path(s, b.low, b.bound);
        else
            split(s, &b, o);
    }
}

bool sizing_search(struct sizing_answer *out, struct sizing *z, const long *from)
{
    struct search s = {.z = z, .best = out, .settled = INFINITY};
    *out = (struct sizing_answer){
        .fixed = ARENA_NEW(z->arena, long, z->n + 1), .cost = INFINITY, .bound = -INFINITY};
    s.machines = ARENA_NEW(z->arena, long, z->n * z->T + 1);
    long *now = copy_counts(&s, from);
    for (size_t o = 0; o < z->n; o++)
        if (now[o] > z->most[o]) now[o] = z->most[o];
    double value = find_start(&s, now);
    if (isnan(value)) return false;
    for (int i = 0; i < MOST_STEPS && !is_spent(&s) && step_down(&s, now, &value); i++) continue;
    if (isfinite(value)) note_path(&s, now, value);
    s.settled =
        INFINITY; /* the boxes look at it again, and where it cannot be followed through time at others */
    search_boxes(&s);
    if (!isfinite(out->cost)) return false;
    out->bound = fmin(s.settled, out->cost);
    for (size_t i = 0; i < s.n_boxes; i++) out->bound = fmin(out->bound, s.boxes[i].bound);
    return true;
}

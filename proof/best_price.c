#include "proof/best_price.h"
#include <math.h>

/* A work price is the best one when the contribution falls on both sides of it. */
#define NEAR 1e-9
enum { MOST_DOUBLINGS = 64, MOST_CUTS = 100 };

void gains_run(struct gains *g)
{
    *ARENA_PUSH(g->arena, g->runs, g->n_runs) = (struct gain_run){.first = g->n_lines};
}

void gains_line(struct gains *g, double unit, double per_work)
{
    struct gain_run *run = &g->runs[g->n_runs - 1];
    struct gain_line *lines = g->lines ? &g->lines[run->first] : NULL;
    size_t left = 0;
    for (size_t i = 0; lines && i < run->n; i++)
        if (lines[i].unit <= unit && lines[i].per_work >= per_work) return;
    for (size_t i = 0; lines && i < run->n; i++)
        if (lines[i].unit < unit || lines[i].per_work > per_work) lines[left++] = lines[i];
    g->n_lines -= run->n - left;
    run->n = left + 1;
    *ARENA_PUSH(g->arena, g->lines, g->n_lines) = (struct gain_line){unit, per_work};
}

/* What the job contributes near a work price: value + slope (price - work) is nowhere below what it contributes at that price. */
struct tangent {
    double work, value, slope;
};

static struct tangent tangent_at(const struct gains *g, double work)
{
    struct tangent at = {.work = work, .value = work * g->work, .slope = g->work};
    for (size_t i = 0; i < g->n_runs; i++) {
        const struct gain_run *run = &g->runs[i];
        double most = 0, rate = 0;
        for (size_t k = run->first; k < run->first + run->n; k++) {
            const double r = (work - g->lines[k].unit) * g->lines[k].per_work;
            if (r <= most) continue;
            most = r;
            rate = g->lines[k].per_work;
        }
        at.value -= most * run->most;
        at.slope -= rate * run->most;
    }
    return at;
}

static double crossing(const struct tangent *left, const struct tangent *right)
{
    return (right->value - right->slope * right->work - left->value + left->slope * left->work) /
           (left->slope - right->slope);
}

/* The job contributes a concave function of the price: tangents of both sides are cut until they meet. */
double gains_best_price(const struct gains *g, double stated)
{
    struct tangent left = tangent_at(g, stated * (1 - NEAR)),
                   right = tangent_at(g, stated * (1 + NEAR));
    if (left.slope >= 0 && right.slope <= 0) return stated;
    if (left.slope < 0) {
        right = left;
        left = tangent_at(g, 0);
    }
    for (int i = 0; right.slope > 0; i++) {
        if (i == MOST_DOUBLINGS) return stated; /* it cannot be done at all */
        left = right;
        right = tangent_at(g, right.work > 0 ? 2 * right.work : 1);
    }
    for (int i = 0; i < MOST_CUTS && left.slope > right.slope; i++) {
        const double work = crossing(&left, &right);
        if (!(work > left.work && work < right.work)) break;
        const struct tangent middle = tangent_at(g, work);
        *(middle.slope > 0 ? &left : &right) = middle;
    }
    return left.value > right.value ? left.work : right.work;
}

/* The first two pieces of random convex functions, looked at where the search asks, with any slope where two pieces meet. */
#include "solver/pieces.h"
#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>

enum { MOST = 12 };

/* Slopes rise from piece to piece; piece i ends at `to[i]`, the last one at the end. */
struct curve {
    int n;
    double slope[MOST], to[MOST], at_0;
};

static struct curve curve_random(gsl_rng *r)
{
    struct curve c = {.n = 1 + (int)gsl_rng_uniform_int(r, MOST - 1), .at_0 = 1e5};
    double at = 0, slope = -1000 * (1 + gsl_rng_uniform(r));
    for (int i = 0; i < c.n; i++) {
        at += 0.01 + 10 * gsl_rng_uniform(r);
        c.to[i] = at;
        c.slope[i] = slope;
        slope *= 0.2 + 0.7 * gsl_rng_uniform(r);
    }
    if (gsl_rng_uniform_int(r, 2)) c.slope[c.n - 1] = 0;
    return c;
}

/* Where two pieces meet: any slope between theirs; at 0: one of the left side, too. */
static struct piece_point look(const struct curve *c, double at, gsl_rng *r)
{
    double value = c->at_0, from = 0;
    for (int i = 0; i < c->n; i++) {
        const double part = gsl_rng_uniform(r);
        if (at <= 0) return (struct piece_point){0, value, c->slope[0] - 500 * part};
        if (at < c->to[i] - 1e-12 || i + 1 == c->n)
            return (struct piece_point){at, value + c->slope[i] * (at - from), c->slope[i]};
        value += c->slope[i] * (c->to[i] - from);
        from = c->to[i];
        if (at <= c->to[i] + 1e-12)
            return (struct piece_point){at, value,
                                        c->slope[i] + part * (c->slope[i + 1] - c->slope[i])};
    }
    return (struct piece_point){at, value, 0};
}

static void test_curve(const struct curve *c, int number, gsl_rng *r)
{
    struct pieces p;
    double at;
    int looks = 0;
    pieces_start(&p, look(c, 0, r), c->to[c->n - 1]);
    while (pieces_next(&at, &p)) {
        pieces_add(&p, look(c, at, r));
        looks++;
    }
    const struct first_pieces f = pieces_read(&p);
    gsl_test_rel(f.slope, c->slope[0], 1e-9, "curve %d: first slope", number);
    gsl_test_rel(f.until, c->to[0], 1e-6, "curve %d: its end", number);
    if (c->n == 1)
        gsl_test(!isnan(f.then), "curve %d: nothing after it", number);
    else
        gsl_test_abs(f.then, c->slope[1], 1e-9 * fabs(c->slope[0]), "curve %d: then", number);
    gsl_test(looks > 2 * MOST + 4, "curve %d: %d looks at %d pieces", number, looks, c->n);
}

/* The function ends before the end that was thought of: what is known stays true. */
static void test_short(void)
{
    const struct curve c = {.n = 2, .slope = {-3, -1}, .to = {2, 5}, .at_0 = 100};
    gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
    struct pieces p;
    double at;
    pieces_start(&p, look(&c, 0, r), 40);
    while (pieces_next(&at, &p)) {
        if (at > c.to[1])
            pieces_shorten(&p, at);
        else
            pieces_add(&p, look(&c, at, r));
    }
    const struct first_pieces f = pieces_read(&p);
    gsl_test_rel(f.slope, -3, 1e-9, "slope before the end");
    gsl_test_rel(f.until, 2, 1e-6, "its end");
    gsl_test_rel(f.then, -1, 1e-9, "then");
    pieces_start(&p, look(&c, 0, r), 1);
    for (int i = 0; i < 20 && pieces_next(&at, &p); i++) pieces_shorten(&p, at);
    gsl_test(p.end > 0 || p.n != 1, "nothing at all beyond 0");
    gsl_rng_free(r);
}

int main(void)
{
    gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
    for (int i = 0; i < 400; i++) {
        const struct curve c = curve_random(r);
        test_curve(&c, i, r);
    }
    test_short();
    gsl_rng_free(r);
    return gsl_test_summary();
}

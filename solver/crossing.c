/* Chandrupatla's method (1997): inverse quadratic interpolation where the last three points let it be trusted, else halves. */
#include "solver/crossing.h"

#include <math.h>
#include <stdbool.h>

#define ANSWER_WIDTH 2e-13
enum { ROOT_STEPS = 200 };

struct point point_at(const struct rising *f, double x)
{
    return (struct point){x, f->at(x, f->context)};
}

/* Share of the way from a to b at which to look next: inverse quadratic through a, b and the point c before, where it can
 * be trusted (Chandrupatla 1997), else half way. */
static double next_share(struct point a, struct point b, struct point c)
{
    const double xi = (a.x - b.x) / (c.x - b.x), phi = (a.y - b.y) / (c.y - b.y);
    if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) return 0.5;
    return a.y / (b.y - a.y) * (c.y / (b.y - c.y)) +
           (c.x - a.x) / (b.x - a.x) * (a.y / (c.y - a.y)) * (b.y / (c.y - b.y));
}

double find_crossing(const struct rising *f, struct bracket within)
{
    struct point a = within.high, b = within.low;
    double share = 0.5;
    for (int step = 0; step < ROOT_STEPS; step++) {
        const double least = ANSWER_WIDTH * fabs(a.x) / fabs(b.x - a.x) / 2;
        if (!(least < 0.5)) break;
        share = fmin(fmax(share, least), 1 - least);
        const struct point new = point_at(f, a.x + share * (b.x - a.x));
        if (new.x == a.x || new.x == b.x) break;
        struct point before = a;
        if ((new.y > 0) != (a.y > 0)) {
            before = b;
            b = a;
        }
        a = new;
        share = next_share(a, b, before);
    }
    return a.y > 0 ? b.x : a.x;
}

struct bracket bracket_near(const struct rising *f, struct bracket within, struct expected near)
{
    double spread = fmax(near.spread, 4 * ANSWER_WIDTH * near.value), x = near.value;
    if (!(x > within.low.x && x < within.high.x)) return within;
    struct point start = point_at(f, x);
    const double direction = start.y > 0 ? -1 : 1;
    while (true) {
        *(start.y > 0 ? &within.high : &within.low) = start;
        x += direction * spread;
        if (!(x > within.low.x && x < within.high.x)) return within;
        const struct point next = point_at(f, x);
        if ((next.y > 0) != (start.y > 0)) {
            *(next.y > 0 ? &within.high : &within.low) = next;
            return within;
        }
        start = next;
        spread *= 8;
    }
}

#include "solver/pieces.h"
#include <math.h>
#include <string.h>

/* Values are known to this share of their size, points are apart by more than this share of the way. */
#define SAME_VALUE 4e-9
#define SAME_PLACE 1e-9
enum { MOST_SHORTENED = 6 };

/* Between two neighbours: not straight as far as is known, or straight with this slope. */
struct stretch_slope {
    bool straight;
    double slope;
};

static struct stretch_slope between(const struct piece_point *a, const struct piece_point *b)
{
    const double length = b->at - a->at, rise = b->value - a->value;
    const double near = SAME_VALUE * fmax(fabs(a->value), fabs(b->value)) + 1e-12;
    if (fabs(rise - a->slope * length) <= near) return (struct stretch_slope){true, a->slope};
    if (fabs(rise - b->slope * length) <= near) return (struct stretch_slope){true, b->slope};
    return (struct stretch_slope){false, rise / length};
}

static double meeting(const struct piece_point *a, const struct piece_point *b)
{
    return (a->value - b->value + b->slope * b->at - a->slope * a->at) / (b->slope - a->slope);
}

/* Two slopes that differ by less than the values of the shorter stretch can tell are one. */
static bool same_slope(double s, double t, double value, double length)
{
    return fabs(s - t) * length <= SAME_VALUE * fabs(value) + 1e-12 ||
           fabs(s - t) <= 1e-9 * fmax(fabs(s), fabs(t));
}

void pieces_start(struct pieces *p, struct piece_point at_0, double end)
{
    p->n = 1;
    p->points[0] = at_0;
    p->end = end;
    p->n_short = 0;
}

void pieces_add(struct pieces *p, struct piece_point point)
{
    if (p->n == MOST_PIECE_POINTS) return;
    size_t i = p->n++;
    for (; i > 0 && p->points[i - 1].at > point.at; i--) p->points[i] = p->points[i - 1];
    p->points[i] = point;
}

void pieces_shorten(struct pieces *p, double at)
{
    double last = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->points[i].at < at) last = p->points[i].at;
    p->end = ++p->n_short > MOST_SHORTENED ? last : last + (at - last) / 2;
}

/* Walks along straight stretches from 0 on. Stops behind the first piece of another slope, or before a stretch that is not
 * known; *stuck: its first point, p->n when there is none. */
static struct first_pieces walk(const struct pieces *p, size_t *stuck)
{
    struct first_pieces f = {.slope = (double)NAN, .then = (double)NAN};
    *stuck = p->n;
    for (size_t i = 0; i + 1 < p->n; i++) {
        const struct piece_point *a = &p->points[i], *b = &p->points[i + 1];
        const struct stretch_slope s = between(a, b);
        if (!s.straight && b->at - a->at > SAME_PLACE * p->end) {
            *stuck = i;
            return f;
        }
        if (i == 0) f.slope = s.slope;
        if (!same_slope(f.slope, s.slope, a->value, b->at - a->at)) {
            f.then = s.slope;
            return f;
        }
        f.until = b->at;
    }
    return f;
}

bool pieces_next(double *at, const struct pieces *p)
{
    if (p->n == MOST_PIECE_POINTS) return false;
    if (p->points[p->n - 1].at < p->end * (1 - SAME_PLACE)) {
        *at = p->end;
        return true;
    }
    size_t stuck;
    walk(p, &stuck);
    if (stuck == p->n) return false;
    const struct piece_point *a = &p->points[stuck], *b = a + 1;
    *at = meeting(a, b);
    const double margin = SAME_PLACE * (b->at - a->at);
    if (!(*at > a->at + margin && *at < b->at - margin)) *at = (a->at + b->at) / 2;
    return true;
}

struct first_pieces pieces_read(const struct pieces *p)
{
    size_t stuck;
    return walk(p, &stuck);
}

/* The first two pieces of a convex, piecewise linear function, from its value and a slope at few points (Eisner and Severance
 * 1976): where the tangents of two neighbours meet, the function either touches both or has a piece of its own. */
#ifndef SOLVER_PIECES_H
#define SOLVER_PIECES_H

#include <stdbool.h>
#include <stddef.h>

enum { MOST_PIECE_POINTS = 48 };

/* Points by `at`, from 0 on; the function ends at `end`. */
struct pieces {
    size_t n;
    struct piece_point {
        double at, value, slope; /* slope: any between those on both sides */
    } points[MOST_PIECE_POINTS];
    double end;
    int n_short; /* times it was shortened */
};

/* The function is known at 0; it is looked at in [0, end], end > 0. */
void pieces_start(struct pieces *p, struct piece_point at_0, double end);
/* Where to look next; false: the first two pieces are known, or there is no room for more points. */
bool pieces_next(double *at, const struct pieces *p);
void pieces_add(struct pieces *p, struct piece_point point);
/* It has no value there or beyond, so it ends before: halfway to the last point before it, a few times, then at that point. */
void pieces_shorten(struct pieces *p, double at);

/* The slope from 0 to `until`, and the one after that; then NAN: the first piece reaches the end, or what follows is not
 * known. until 0: not even the first piece is known. */
struct first_pieces {
    double slope, until, then;
};
struct first_pieces pieces_read(const struct pieces *p);

#endif

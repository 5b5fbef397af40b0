/* Where a rising function crosses 0. */
#ifndef SOLVER_CROSSING_H
#define SOLVER_CROSSING_H

/* Does not fall with x; finite where it is asked. */
struct rising {
    double (*at)(double x, const void *context);
    const void *context;
};

struct point {
    double x, y; /* y = f(x) */
};

/* 0 <= low.x < high.x, low.y <= 0 < high.y. */
struct bracket {
    struct point low, high;
};

/* Where an answer is expected, and how far off that may be; value 0: nothing is expected. */
struct expected {
    double value, spread;
};

struct point point_at(const struct rising *f, double x);

/* The lower end of an interval, 2e-13 of the answer wide, that holds the crossing: f is not above 0 there. */
double find_crossing(const struct rising *f, struct bracket within);

/* A narrower bracket around what is expected; the same one where that lies outside. */
struct bracket bracket_near(const struct rising *f, struct bracket within, struct expected near);

#endif

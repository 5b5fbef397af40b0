/* The values that a sweep gives to one path: "8d..20d/2d", "0%..100%/25%", "2026-12-08 18:00..2026-12-11 18:00/1d", or a list. */
#ifndef CLI_AXIS_H
#define CLI_AXIS_H

#include "common/arena.h"
#include "common/diag.h"

enum axis_unit { AXIS_OTHER, AXIS_NUMBER, AXIS_DURATION, AXIS_MOMENT };

struct axis {
    const char *path;
    size_t n;
    const char *const *values; /* as --set takes them */
    enum axis_unit unit;       /* what all values are; AXIS_OTHER: no common measure */
    double *
        numbers; /* [n] plain number or percentage as written, hours, hours since 1970; NAN: AXIS_OTHER */
};

enum { MAX_POINTS = 10000 };

/* Reads "path=values". A range is exact in decimals and ends at or before its end. Errors: ERR_AXIS. */
MUST_USE enum err axis_parse(struct axis *axis, const char *text, struct arena *a, struct diag *d);

/* An axis of given values. */
struct axis axis_of(const char *path, const char *const *values, size_t n, struct arena *a);

/* Whether two texts mean the same value: equal, or equal as what they measure. */
bool axis_same(const char *one, const char *other);

#endif

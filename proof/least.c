#include "proof/least.h"

/* NOLINTNEXTLINE(readability-non-const-parameter): it is the first level */
struct least least_make(double *values, size_t n, struct arena *a)
{
    struct least l = {.n = n, .level = {values}};
    for (size_t k = 1; k < LEAST_LEVELS && n >> k; k++) {
        const size_t half = (size_t)1 << (k - 1), count = n - 2 * half + 1;
        const double *below = l.level[k - 1];
        l.level[k] = ARENA_NEW(a, double, count);
        for (size_t i = 0; i < count; i++)
            l.level[k][i] = below[i] < below[i + half] ? below[i] : below[i + half];
    }
    return l;
}

double least_in(const struct least *l, size_t first, size_t after)
{
    size_t k = 0;
    while ((after - first) >> (k + 1)) k++;
    const double x = l->level[k][first], y = l->level[k][after - ((size_t)1 << k)];
    return x < y ? x : y;
}

#include "solver/schedule.h"
#include <string.h>

void profile_init(struct profile *p, struct arena *a)
{
    *p = (struct profile){.arena = a};
}

/* Index of the last change at or before us; SIZE_MAX before the first. */
static size_t find(const struct profile *p, int64_t us)
{
    size_t low = 0, high = p->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (p->at[middle] <= us)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

static void split(struct profile *p, int64_t us)
{
    const size_t i = find(p, us);
    if (i != SIZE_MAX && p->at[i] == us) return;
    const double used = i == SIZE_MAX ? 0 : p->used[i];
    p->at = arena_grow(p->arena, p->at, p->n, sizeof *p->at);
    p->used = arena_grow(p->arena, p->used, p->n, sizeof *p->used);
    const size_t where = i + 1;
    memmove(p->at + where + 1, p->at + where, (p->n - where) * sizeof *p->at);
    memmove(p->used + where + 1, p->used + where, (p->n - where) * sizeof *p->used);
    p->at[where] = us;
    p->used[where] = used;
    p->n++;
}

void profile_add(struct profile *p, int64_t from_us, int64_t to_us, double units)
{
    if (from_us >= to_us) return;
    split(p, from_us);
    split(p, to_us);
    for (size_t i = find(p, from_us); i < p->n && p->at[i] < to_us; i++) p->used[i] += units;
}

double profile_at(const struct profile *p, int64_t us)
{
    const size_t i = find(p, us);
    return i == SIZE_MAX ? 0 : p->used[i];
}

double profile_walk(const struct profile *p, size_t *next, int64_t us)
{
    if (*next == SIZE_MAX) *next = find(p, us) + 1;
    while (*next < p->n && p->at[*next] <= us) (*next)++;
    return *next ? p->used[*next - 1] : 0;
}

int64_t profile_next(const struct profile *p, int64_t us)
{
    const size_t i = find(p, us) + 1;
    return i < p->n ? p->at[i] : INT64_MAX;
}

/* Cooldown: a machine that was booted stays for a while. Keeping each where it is may pass the largest number or a limit, when
 * other machines are to come meanwhile. Crews of which each is part of the next one cannot clash like that: with the highest
 * load of the last cooldown in place of the load, nothing that was booted within it leaves. */
#include "solver/sizing.h"
#include <math.h>
#include <string.h>

/* Time that booted machines stay, whole steps; 0: they may leave with the next step. */
static int64_t hold_us(const struct sizing *z)
{
    const int64_t step = z->m->scenario->step_us;
    const int64_t cooldown = llround(z->v->service->cooldown_h * (double)US_PER_H);
    return cooldown > step ? (cooldown + step - 1) / step * step : 0;
}

/* Keeps what was booted; true where that changes something. */
static bool keep_booted(const struct sizing *z, long *n, long *starts, int64_t hold)
{
    const int64_t *from = z->m->grid.from_us;
    bool changed = false;
    starts[0] = 0;
    for (size_t t = 1; t < z->T; t++) {
        long held = 0;
        for (size_t k = t; k-- > 1 && from[k] + hold > from[t];) held += starts[k];
        changed |= n[t] < held;
        if (n[t] < held) n[t] = held;
        starts[t] = n[t] > n[t - 1] ? n[t] - n[t - 1] : 0;
    }
    return changed;
}

static bool is_possible(const struct sizing *z, const long *machines, long *counts)
{
    for (size_t t = 0; t < z->T; t++) {
        for (size_t o = 0; o < z->n; o++) counts[o] = machines[o * z->T + t];
        if (sizing_load(z, counts) < z->load[t] * (1 - LOAD_ENOUGH) ||
            !sizing_allows(z, counts, z->regime_of[t]))
            return false;
    }
    return true;
}

/* --- crews that are part of each other --- */

/* Takes the dearest machine away that a load can do without; false: none. */
static bool shrink(const struct sizing *z, long *counts, double load)
{
    size_t best = NONE;
    for (size_t o = 0; o < z->n; o++) {
        if (z->part[o] != SIZING_HOURLY || counts[o] == 0) continue;
        if (best != NONE && z->price[o] <= z->price[best]) continue;
        counts[o]--;
        if (sizing_load(z, counts) >= load * (1 - LOAD_ENOUGH)) best = o;
        counts[o]++;
    }
    if (best == NONE) return false;
    counts[best]--;
    return true;
}

/* Highest load of the cooldown that ends with each period. */
static double *held_loads(const struct sizing *z, int64_t hold, struct arena *a)
{
    const int64_t *from = z->m->grid.from_us;
    double *high = ARENA_NEW(a, double, z->T + 1);
    for (size_t t = 0; t < z->T; t++) {
        high[t] = z->load[t];
        for (size_t k = t; k-- > 0 && from[k] + hold > from[t];)
            high[t] = fmax(high[t], z->load[k]);
    }
    return high;
}

/* From these machines for the highest load downwards. */
static void nest(const struct sizing *z, long *machines, long *counts, const double *high)
{
    double now = INFINITY;
    for (;;) {
        double next = -1;
        for (size_t t = 0; t < z->T; t++)
            if (high[t] < now) next = fmax(next, high[t]);
        if (next < 0) return;
        while (shrink(z, counts, next)) continue;
        for (size_t t = 0; t < z->T; t++)
            for (size_t o = 0; high[t] == next && o < z->n; o++) machines[o * z->T + t] = counts[o];
        now = next;
    }
}

/* Machines of one option alone beside the fixed ones that carry the peak; false: they cannot. */
static bool read_single(const struct sizing *z, const long *fixed, size_t option, long *counts)
{
    for (size_t o = 0; o < z->n; o++)
        counts[o] = z->part[o] == SIZING_FIXED ? fixed[o] : o == option ? z->most[o] : 0;
    return sizing_load(z, counts) >= z->peak * (1 - LOAD_ENOUGH);
}

static void read_period(const struct sizing *z, const long *machines, size_t t, long *counts)
{
    for (size_t o = 0; o < z->n; o++) counts[o] = machines[o * z->T + t];
}

struct holding_on {
    struct sizing *z;
    const long *fixed;
    long *machines; /* the best so far, where `possible` */
    bool possible;
    struct arena *arena;
};

static void consider(struct holding_on *h, const long *machines)
{
    const struct sizing *z = h->z;
    long *counts = ARENA_NEW(h->arena, long, z->n + 1);
    if (!is_possible(z, machines, counts)) return;
    if (h->possible &&
        sizing_cost(z, h->fixed, machines) >= sizing_cost(z, h->fixed, h->machines) * (1 - 1e-12))
        return;
    memcpy(h->machines, machines, z->n * z->T * sizeof *machines);
    h->possible = true;
}

/* Crews that are part of the crew of the peak, and such of one option alone. One set of limits all the time. */
static void try_nested(struct holding_on *h, const long *before, int64_t hold)
{
    const struct sizing *z = h->z;
    const double *high = held_loads(z, hold, h->arena);
    long *machines = ARENA_NEW(h->arena, long, z->n * z->T + 1);
    long *counts = ARENA_NEW(h->arena, long, z->n + 1);
    size_t peak = 0;
    for (size_t t = 1; t < z->T; t++)
        if (z->load[t] > z->load[peak]) peak = t;
    read_period(z, before, peak, counts);
    nest(z, machines, counts, high);
    consider(h, machines);
    for (size_t o = 0; o < z->n; o++) {
        if (z->part[o] != SIZING_HOURLY || !read_single(z, h->fixed, o, counts)) continue;
        nest(z, machines, counts, high);
        consider(h, machines);
    }
}

bool sizing_hold(struct sizing *z, const long *fixed, long *machines, bool *exact)
{
    const int64_t hold = hold_us(z);
    bool changed = false;
    if (hold == 0) return true;
    struct arena *scratch = arena_new();
    const size_t n = z->n * z->T;
    long *starts = ARENA_NEW(scratch, long, z->T + 1), *kept = ARENA_NEW(scratch, long, n + 1);
    memcpy(kept, machines, n * sizeof *kept);
    for (size_t o = 0; o < z->n; o++)
        if (z->boots[o] && z->part[o] == SIZING_HOURLY)
            changed |= keep_booted(z, &kept[o * z->T], starts, hold);
    struct holding_on h = {
        .z = z, .fixed = fixed, .machines = machines, .possible = !changed, .arena = scratch};
    if (changed) {
        long *before = ARENA_NEW(scratch, long, n + 1);
        memcpy(before, machines, n * sizeof *before);
        consider(&h, kept);
        if (z->n_regimes == 1) try_nested(&h, before, hold);
    }
    *exact = *exact && !changed;
    arena_free(scratch);
    return h.possible;
}

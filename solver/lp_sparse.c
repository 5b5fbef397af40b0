#include "solver/lp_sparse.h"
#include <math.h>
#include <string.h>

/* Scaled numbers are near 1: what is smaller is rounding. */
#define LEAST 1e-14
/* With more than this share of entries every column is looked at. */
enum { DENSE_PART = 10 };

struct sparse sparse_new(int size, struct arena *a)
{
    const size_t n = (size_t)size + 1;
    return (struct sparse){.value = ARENA_NEW(a, double, n),
                           .at = ARENA_NEW(a, int, n),
                           .listed = ARENA_NEW(a, bool, n),
                           .size = size};
}

void sparse_clear(struct sparse *x)
{
    for (int k = 0; k < x->n; k++) {
        x->value[x->at[k]] = 0;
        x->listed[x->at[k]] = false;
    }
    x->n = 0;
}

void sparse_copy(struct sparse *to, const struct sparse *from)
{
    sparse_clear(to);
    for (int k = 0; k < from->n; k++) {
        const int i = from->at[k];
        to->at[k] = i;
        to->value[i] = from->value[i];
        to->listed[i] = true;
    }
    to->n = from->n;
}

struct triangle_room triangle_room_new(int n, struct arena *a)
{
    const size_t size = (size_t)n + 1;
    return (struct triangle_room){ARENA_NEW(a, int, size), ARENA_NEW(a, int, size),
                                  ARENA_NEW(a, int, size), ARENA_NEW(a, bool, size)};
}

/* Lists what can be reached from `from`, each after all that it leads to. */
static int reach(const struct triangle *t, int from, int n_order, struct triangle_room *r)
{
    int depth = 0;
    r->stack[0] = from;
    r->edge[0] = t->start[from];
    r->seen[from] = true;
    while (depth >= 0) {
        const int s = r->stack[depth];
        int k = r->edge[depth];
        const int end = t->start[s + 1];
        while (k < end && r->seen[t->at[k]]) k++;
        if (k == end) {
            r->order[n_order++] = s;
            depth--;
            continue;
        }
        r->edge[depth] = k + 1;
        const int next = t->at[k];
        r->seen[next] = true;
        r->stack[++depth] = next;
        r->edge[depth] = t->start[next];
    }
    return n_order;
}

/* Takes column s out of the right-hand side. */
static inline void eliminate(const struct triangle *t, double *x, int s)
{
    if (!(fabs(x[s]) > LEAST)) {
        x[s] = 0;
        return;
    }
    if (t->pivot) x[s] /= t->pivot[s];
    const double value = x[s];
    for (int k = t->start[s]; k < t->start[s + 1]; k++) x[t->at[k]] -= t->value[k] * value;
}

static void relist(struct sparse *x, const int *order, int n)
{
    x->n = 0;
    for (int k = 0; k < n; k++) {
        const int s = order[k];
        x->listed[s] = x->value[s] < 0 || x->value[s] > 0;
        if (x->listed[s]) x->at[x->n++] = s;
    }
}

static void solve_few(const struct triangle *t, struct sparse *x, struct triangle_room *r)
{
    int n = 0;
    for (int k = 0; k < x->n; k++)
        if (!r->seen[x->at[k]]) n = reach(t, x->at[k], n, r);
    for (int k = n - 1; k >= 0; k--) {
        r->seen[r->order[k]] = false;
        eliminate(t, x->value, r->order[k]);
    }
    relist(x, r->order, n);
}

static void solve_many(const struct triangle *t, struct sparse *x)
{
    if (t->falling)
        for (int s = t->n - 1; s >= 0; s--) eliminate(t, x->value, s);
    else
        for (int s = 0; s < t->n; s++) eliminate(t, x->value, s);
    x->n = 0;
    for (int s = 0; s < t->n; s++) {
        x->listed[s] = x->value[s] < 0 || x->value[s] > 0;
        if (x->listed[s]) x->at[x->n++] = s;
    }
}

void triangle_solve(const struct triangle *t, struct sparse *x, struct triangle_room *room)
{
    if (x->n > t->n / DENSE_PART)
        solve_many(t, x);
    else
        solve_few(t, x, room);
}

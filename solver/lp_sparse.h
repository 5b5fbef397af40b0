/* Vectors with few entries that are not 0, and triangular systems with them: work goes with what is not 0. */
#ifndef SOLVER_LP_SPARSE_H
#define SOLVER_LP_SPARSE_H

#include "common/arena.h"
#include <stdbool.h>

/* value[i] is 0 where i is not listed in at[0 .. n). */
struct sparse {
    double *value; /* [size] */
    int *at;       /* [size] in any order, each once */
    bool *listed;  /* [size] */
    int n, size;
};
struct sparse sparse_new(int size, struct arena *a);
void sparse_clear(struct sparse *x);
/* x[i] += value. */
static inline void sparse_add(struct sparse *x, int i, double value)
{
    if (!x->listed[i]) {
        x->listed[i] = true;
        x->at[x->n++] = i;
    }
    x->value[i] += value;
}
void sparse_copy(struct sparse *to, const struct sparse *from);

/* Column s has pivot[s] and entries at[start[s] .. start[s + 1]) that come after s in the order of solving. */
struct triangle {
    int n;
    int *start, *at;     /* [n + 1], [start[n]] */
    double *value;       /* [start[n]] */
    const double *pivot; /* [n]; NULL: all 1 */
    bool falling;        /* solved from the last column to the first */
};
/* Room for one solve at a time. */
struct triangle_room {
    int *stack, *edge, *order; /* [n] */
    bool *seen;                /* [n] */
};
struct triangle_room triangle_room_new(int n, struct arena *a);
/* x of T x = b in place of b. */
void triangle_solve(const struct triangle *t, struct sparse *x, struct triangle_room *room);

#endif

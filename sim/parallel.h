/* Work in pieces on all processors. */
#ifndef SIM_PARALLEL_H
#define SIM_PARALLEL_H

#include "common/arena.h"

/* Does piece `i`, on any thread: it may write to places of its own only, so that results do not
 * depend on the number of threads. The arena lives for this piece. */
typedef void parallel_fn(size_t i, struct arena *a, void *context);

/* Pieces 0 .. n-1, in any order, on `threads` threads (0: one per processor). Returns when all
 * are done. Threads that cannot be had are done without. */
void parallel_for(size_t n, size_t threads, parallel_fn *piece, void *context);

#endif

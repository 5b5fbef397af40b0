/* Threads that take one piece after the other. */
#include "sim/parallel.h"
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { MAX_THREADS = 256 };

struct pieces {
    atomic_size_t next;
    size_t n;
    parallel_fn *piece;
    void *context;
};

static void *pieces_do(void *context)
{
    struct pieces *p = context;
    for (size_t i = atomic_fetch_add(&p->next, 1); i < p->n; i = atomic_fetch_add(&p->next, 1)) {
        struct arena *a = arena_new();
        p->piece(i, a, p->context);
        arena_free(a);
    }
    return NULL;
}

static size_t threads_wanted(size_t n, size_t threads)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (threads == 0) threads = processors > 0 ? (size_t)processors : 1;
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    return threads < n ? threads : n;
}

void parallel_for(size_t n, size_t threads, parallel_fn *piece, void *context)
{
    struct pieces p = {.n = n, .piece = piece, .context = context};
    pthread_t helpers[MAX_THREADS];
    const size_t wanted = threads_wanted(n, threads);
    size_t helping = 0;
    while (helping + 1 < wanted && pthread_create(&helpers[helping], NULL, pieces_do, &p) == 0)
        helping++;
    pieces_do(&p);
    for (size_t i = 0; i < helping; i++) pthread_join(helpers[i], NULL);
}

#include "cli/progress.h"
#include "common/text.h"
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { TICK_MS = 500 };

struct progress {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool done;
    const char *text;
};

static struct timespec time_after(struct timespec t, long ms)
{
    t.tv_nsec += ms % 1000 * 1000000;
    t.tv_sec += ms / 1000 + t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

static void *progress_run(void *context)
{
    struct progress *p = context;
    struct timespec tick;
    clock_gettime(CLOCK_REALTIME, &tick);
    int width = 0;
    pthread_mutex_lock(&p->mutex);
    for (long ms = TICK_MS;; ms += TICK_MS) {
        tick = time_after(tick, TICK_MS);
        while (!p->done && pthread_cond_timedwait(&p->changed, &p->mutex, &tick) == 0) continue;
        if (p->done) break;
        width = fprintf(stderr, "\r%s ... %.1f s", p->text, (double)ms / 1000);
    }
    if (width > 0) fprintf(stderr, "\r%*s\r", width, "");
    pthread_mutex_unlock(&p->mutex);
    return NULL;
}

struct progress *progress_start(const struct cli *cli, const char *text)
{
    if (!cli->progress) return NULL;
    struct progress *p = ARENA_NEW(cli->arena, struct progress, 1);
    p->text = arena_strdup(cli->arena, text);
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->changed, NULL);
    return pthread_create(&p->thread, NULL, progress_run, p) == 0 ? p : NULL;
}

void progress_stop(struct progress *p)
{
    if (!p) return;
    pthread_mutex_lock(&p->mutex);
    p->done = true;
    pthread_cond_signal(&p->changed);
    pthread_mutex_unlock(&p->mutex);
    pthread_join(p->thread, NULL);
}

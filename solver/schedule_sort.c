/* The order of stretches. */
#include "solver/schedule.h"
#include <stdlib.h>

/* Of one demand; those that are alike stay as they are. */
static int by_stretch(const void *x, const void *y, void *stretches)
{
    const size_t i = *(const size_t *)x, k = *(const size_t *)y;
    const struct stretch *a = (const struct stretch *)stretches + i,
                         *b = (const struct stretch *)stretches + k;
    if (a->from_us != b->from_us) return a->from_us < b->from_us ? -1 : 1;
    if (a->offer != b->offer) return a->offer < b->offer ? -1 : 1;
    if (a->to_us != b->to_us) return a->to_us < b->to_us ? -1 : 1;
    return i < k ? -1 : 1;
}

/* [n_stretches] which stretch comes at each place. */
static size_t *order_make(const struct schedule *s, struct arena *scratch)
{
    const size_t n_demands = s->model->demands->n;
    size_t *first = ARENA_NEW(scratch, size_t, n_demands + 2);
    size_t *order = ARENA_NEW(scratch, size_t, s->n_stretches + 1);
    for (size_t i = 0; i < s->n_stretches; i++) first[s->stretches[i].demand + 2]++;
    for (size_t i = 2; i < n_demands + 2; i++) first[i] += first[i - 1];
    for (size_t i = 0; i < s->n_stretches; i++) order[first[s->stretches[i].demand + 1]++] = i;
    for (size_t i = 0; i < n_demands; i++)
        if (first[i + 1] - first[i] > 1)
            qsort_r(order + first[i], first[i + 1] - first[i], sizeof *order, by_stretch,
                    s->stretches);
    return order;
}

/* In place: of very many there is no room for two. */
void schedule_sort(struct schedule *s)
{
    struct arena *scratch = arena_new();
    size_t *order = order_make(s, scratch);
    for (size_t i = 0; i < s->n_stretches; i++) {
        const struct stretch stretch = s->stretches[i];
        const size_t option = s->option_of[i];
        size_t at = i;
        for (size_t from; (from = order[at]) != i; at = from) {
            s->stretches[at] = s->stretches[from];
            s->option_of[at] = s->option_of[from];
            order[at] = at;
        }
        s->stretches[at] = stretch;
        s->option_of[at] = option;
        order[at] = at;
    }
    arena_free(scratch);
}

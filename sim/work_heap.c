#include "sim/work_units.h"

static bool before(const struct work_scratch *s, size_t a, size_t b)
{
    const int64_t x = s->units[a].next_us, y = s->units[b].next_us;
    return x < y || (x == y && a < b);
}

static void swap(struct work_scratch *s, size_t i, size_t k)
{
    const size_t unit = s->heap[i];
    s->heap[i] = s->heap[k];
    s->heap[k] = unit;
}

void heap_push(struct work_scratch *s, size_t unit)
{
    size_t i = s->n_heap++;
    s->heap[i] = unit;
    for (; i > 0 && before(s, s->heap[i], s->heap[(i - 1) / 2]); i = (i - 1) / 2)
        swap(s, i, (i - 1) / 2);
}

void heap_fix_top(struct work_scratch *s)
{
    for (size_t i = 0, child; (child = 2 * i + 1) < s->n_heap; i = child) {
        if (child + 1 < s->n_heap && before(s, s->heap[child + 1], s->heap[child])) child++;
        if (!before(s, s->heap[child], s->heap[i])) return;
        swap(s, i, child);
    }
}

void heap_pop(struct work_scratch *s)
{
    s->heap[0] = s->heap[--s->n_heap];
    heap_fix_top(s);
}

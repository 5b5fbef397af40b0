/* One order for everything that files may list in any order: the same problem gives the same program, hence the same
 * plan to the last bit. */
#include "solver/model.h"
#include <stdlib.h>
#include <string.h>

static int by_time(const void *x, const void *y)
{
    const struct demand *a = x, *b = y;
    const int workload = strcmp(a->shape->workload->name, b->shape->workload->name);
    if (workload) return workload;
    if (a->release_us != b->release_us) return a->release_us < b->release_us ? -1 : 1;
    if (a->due_us != b->due_us) return a->due_us < b->due_us ? -1 : 1;
    return strcmp(a->name, b->name);
}

void order_demands(struct demand_list *list)
{
    if (list->n) qsort(list->items, list->n, sizeof *list->items, by_time);
}

static int by_key(const void *x, const void *y)
{
    const struct capacity *a = x, *b = y;
    return a->kind != b->kind ? a->kind < b->kind ? -1 : 1 : strcmp(a->key, b->key);
}

void order_limits(struct capacity *limits, size_t n)
{
    if (n) qsort(limits, n, sizeof *limits, by_key);
}

static int by_region(const void *x, const void *y)
{
    const struct home *a = x, *b = y;
    const int region = strcmp(a->region, b->region);
    return region ? region : strcmp(a->class_->name, b->class_->name);
}

void order_homes(struct home *homes, size_t n)
{
    if (n) qsort(homes, n, sizeof *homes, by_region);
}

static int by_name(const void *x, const void *y, void *context)
{
    const struct scenario *s = context;
    return strcmp(s->workloads[*(const size_t *)x].name, s->workloads[*(const size_t *)y].name);
}

size_t *order_workloads(const struct scenario *s, struct arena *a)
{
    size_t *order = ARENA_NEW(a, size_t, s->n_workloads + 1);
    for (size_t i = 0; i < s->n_workloads; i++) order[i] = i;
    qsort_r(order, s->n_workloads, sizeof *order, by_name, (void *)s);
    return order;
}

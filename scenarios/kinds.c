#include "scenarios/kind_list.h"
#include <string.h>

const struct workload_kind *const workload_kinds[] = {
#define X(name) &kind_##name,
    KIND_LIST(X)
#undef X
        NULL};

const struct workload_kind *kind_find(const char *name)
{
    for (const struct workload_kind *const *kind = workload_kinds; *kind; kind++)
        if (!strcmp((*kind)->name, name)) return *kind;
    return NULL;
}

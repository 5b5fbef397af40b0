/* The markets, in the order of market_list.h. */
#include "pricing/offer.h"
#include <string.h>

const struct market *const markets[] = {
#define X(id, name) &market_##name,
    MARKET_LIST(X)
#undef X
        NULL};

const struct market *market_find(const char *name)
{
    for (const struct market *const *m = markets; *m; m++) {
        if (strcmp((*m)->name, name) == 0) return *m;
    }
    return NULL;
}

const struct market *market_by_id(enum market_id id)
{
    for (const struct market *const *m = markets; *m; m++) {
        if ((*m)->id == id) return *m;
    }
    return NULL;
}

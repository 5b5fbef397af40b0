/* A set of names: each different name is kept once and numbered in order of arrival. */
#ifndef PRICING_NAMES_H
#define PRICING_NAMES_H

#include "common/arena.h"
#include <stdint.h>

/* Zero, with `arena` set, is an empty set. */
struct names {
    struct arena *arena;
    const char **items; /* [n] */
    size_t n;
    uint32_t *slots; /* [n_slots] number + 1, 0: free; open addressing */
    size_t n_slots;
};

size_t names_find(const struct names *s, const char *name); /* SIZE_MAX when it is not there */
size_t names_add(struct names *s, const char *name);        /* number of the name, new or not */
const char *names_keep(struct names *s, const char *name);  /* the kept copy of an equal name */

#endif

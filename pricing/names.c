#include "pricing/names.h"
#include <assert.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

/* FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
static uint64_t name_hash(const char *name)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
        hash = (hash ^ *c) * UINT64_C(1099511628211);
    }
    return hash ^ (hash >> 32);
}

/* The slot that holds `name`, or the free one where it belongs. */
static size_t slot_of(const struct names *s, const char *name)
{
    const size_t mask = s->n_slots - 1;
    size_t slot = (size_t)name_hash(name) & mask;
    while (s->slots[slot] != 0 && strcmp(s->items[s->slots[slot] - 1], name) != 0) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void slots_grow(struct names *s)
{
    s->n_slots = s->n_slots == 0 ? FIRST_SLOTS : 2 * s->n_slots;
    s->slots = ARENA_NEW(s->arena, uint32_t, s->n_slots);
    for (size_t i = 0; i < s->n; i++) s->slots[slot_of(s, s->items[i])] = (uint32_t)(i + 1);
}

size_t names_find(const struct names *s, const char *name)
{
    if (s->n == 0) return SIZE_MAX;
    const uint32_t number = s->slots[slot_of(s, name)];
    return number == 0 ? SIZE_MAX : number - 1;
}

size_t names_add(struct names *s, const char *name)
{
    assert(s->n < UINT32_MAX - 1);
    if (2 * (s->n + 1) > s->n_slots) slots_grow(s);
    const size_t slot = slot_of(s, name);
    if (s->slots[slot] != 0) return s->slots[slot] - 1;
    *ARENA_PUSH(s->arena, s->items, s->n) = arena_strdup(s->arena, name);
    s->slots[slot] = (uint32_t)s->n;
    return s->n - 1;
}

const char *names_keep(struct names *s, const char *name)
{
    const size_t number = names_add(s, name); /* may move the items */
    return s->items[number];
}

#include "proof/prices.h"
#include "common/quantity.h"
#include <string.h>

static const struct {
    const char *word;
    bool series, is_signed;
} kinds[N_PRICE_KINDS] = {
    [PRICE_WORK] = {"work", false, false},
    [PRICE_SHARE] = {"share", false, false},
    [PRICE_LIMIT] = {"limit", true, false},
    [PRICE_BUDGET] = {"budget", false, false},
    [PRICE_LINK] = {"link", false, false},
    [PRICE_SIZE] = {"size", false, false},
    [PRICE_FLOOR] = {"floor", false, false},
    [PRICE_MOST] = {"most", false, false},
    [PRICE_CLASS] = {"class", false, false},
    [PRICE_READS] = {"reads", true, false},
    [PRICE_READS_MOST] = {"reads_most", true, false},
    [PRICE_SERVE] = {"serve", true, true},
    [PRICE_STEADY] = {"steady", true, false},
    [PRICE_CARRY] = {"carry", true, false},
    [PRICE_MIN] = {"min", true, false},
    [PRICE_MAX] = {"max", true, false},
    [PRICE_BASE] = {"base", true, false},
    [PRICE_AT] = {"at", true, false},
    [PRICE_UNSERVED] = {"unserved", true, false},
};

const char *proof_row_word(enum proof_row kind)
{
    return kinds[kind].word;
}

bool proof_row_is_series(enum proof_row kind)
{
    return kinds[kind].series;
}

bool proof_row_is_signed(enum proof_row kind)
{
    return kinds[kind].is_signed;
}

size_t proof_name_hash(const char *name)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *name; name++) h = (h ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

/* The slot of a name, or the empty one where it would be. */
static size_t *slot_of(const struct proof_table *t, const char *name)
{
    size_t i = proof_name_hash(name) & (t->n_slots - 1);
    while (t->slots[i] && strcmp(t->items[t->slots[i] - 1]->name, name) != 0)
        i = (i + 1) & (t->n_slots - 1);
    return &t->slots[i];
}

static void grow(struct proof_table *t, struct arena *a)
{
    if (2 * t->n < t->n_slots) return;
    t->n_slots = t->n_slots ? 2 * t->n_slots : 16;
    t->slots = ARENA_NEW(a, size_t, t->n_slots);
    for (size_t i = 0; i < t->n; i++) *slot_of(t, t->items[i]->name) = i + 1;
}

struct proof_series *proof_prices_add(struct proof_prices *p, enum proof_row kind, const char *name)
{
    struct proof_table *t = &p->tables[kind];
    grow(t, p->arena);
    size_t *slot = slot_of(t, name);
    if (*slot) return t->items[*slot - 1];
    struct proof_series *s = ARENA_NEW(p->arena, struct proof_series, 1);
    s->name = arena_strdup(p->arena, name);
    t->items = arena_grow(p->arena, t->items, t->n,
                          sizeof *t->items); /* NOLINT(bugprone-sizeof-expression) */
    t->items[t->n++] = s;
    *slot = t->n;
    return s;
}

void proof_series_push(struct proof_prices *p, struct proof_series *s, int64_t at_us, double value)
{
    const double before = s->n ? s->value[s->n - 1] : 0;
    if (value >= before && value <= before && (s->n || at_us > 0 || value == 0)) return;
    s->at_us = arena_grow(p->arena, s->at_us, s->n, sizeof *s->at_us);
    s->value = arena_grow(p->arena, s->value, s->n, sizeof *s->value);
    s->at_us[s->n] = at_us;
    s->value[s->n++] = value;
}

const struct proof_series *proof_prices_find(const struct proof_prices *p, enum proof_row kind,
                                             const char *name)
{
    const struct proof_table *t = &p->tables[kind];
    const size_t slot = t->n ? *slot_of(t, name) : 0;
    if (slot) t->items[slot - 1]->used = true;
    return slot ? t->items[slot - 1] : NULL;
}

double proof_price(const struct proof_prices *p, enum proof_row kind, const char *name)
{
    const struct proof_series *s = proof_prices_find(p, kind, name);
    return s && s->n ? s->value[0] : 0;
}

/* Index of the first entry after us. */
static size_t entry_after(const struct proof_series *s, int64_t us)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->at_us[middle] <= us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double proof_series_at(const struct proof_series *s, int64_t us)
{
    const size_t next = s ? entry_after(s, us) : 0;
    return next ? s->value[next - 1] : 0;
}

double proof_series_sum(const struct proof_series *s, int64_t from_us, int64_t to_us)
{
    double sum = 0;
    for (size_t next = s ? entry_after(s, from_us) : 0; s && from_us < to_us; next++) {
        const int64_t end = next < s->n && s->at_us[next] < to_us ? s->at_us[next] : to_us;
        if (next) sum += s->value[next - 1] * ((double)(end - from_us) / (double)US_PER_H);
        from_us = end;
    }
    return sum;
}

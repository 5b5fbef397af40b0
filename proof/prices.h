/* The prices of a certificate: one table per kind of row, from the row's name to a price or a series of prices over time. */
#ifndef PROOF_PRICES_H
#define PROOF_PRICES_H

#include "common/arena.h"
#include <stdbool.h>
#include <stdint.h>

enum proof_row {
    PRICE_WORK,
    PRICE_SHARE,
    PRICE_LIMIT,
    PRICE_BUDGET,
    PRICE_LINK,
    PRICE_SIZE,
    PRICE_FLOOR,
    PRICE_MOST,
    PRICE_CLASS,
    PRICE_READS,
    PRICE_READS_MOST,
    PRICE_SERVE,
    PRICE_STEADY,
    PRICE_CARRY,
    PRICE_MIN,
    PRICE_MAX,
    PRICE_BASE,
    PRICE_AT,
    PRICE_UNSERVED, /* no price: the share of the load of a class that is left out */
    N_PRICE_KINDS
};
const char *proof_row_word(enum proof_row kind); /* key in the file: "work" */
bool proof_row_is_series(enum proof_row kind);
bool proof_row_is_signed(enum proof_row kind); /* may be below 0 */

/* value[i] from at_us[i] on; 0 before the first. A plain price is one entry from 0 on. */
struct proof_series {
    const char *name;
    size_t n;
    int64_t *at_us;
    double *value;
    bool used; /* asked for by a row */
};

struct proof_prices {
    struct arena *arena;
    struct proof_table {
        size_t n, n_slots, *slots; /* slots: index + 1, 0: empty */
        struct proof_series **items;
    } tables[N_PRICE_KINDS];
};

size_t proof_name_hash(const char *name);

/* The series of a row, made empty where there is none. */
struct proof_series *proof_prices_add(struct proof_prices *p, enum proof_row kind,
                                      const char *name);
/* Appends an entry: times must not fall; an equal neighbour is merged. */
void proof_series_push(struct proof_prices *p, struct proof_series *s, int64_t at_us, double value);
/* NULL where the row has no price. Marks it as used. */
const struct proof_series *proof_prices_find(const struct proof_prices *p, enum proof_row kind,
                                             const char *name);
double proof_price(const struct proof_prices *p, enum proof_row kind,
                   const char *name); /* of a plain row; 0 without */
double proof_series_at(const struct proof_series *s, int64_t us);
/* Integral over [from, to) in hours. */
double proof_series_sum(const struct proof_series *s, int64_t from_us, int64_t to_us);

#endif

/* Inside of the price book: private to pricing/. */
#ifndef PRICING_BOOK_H
#define PRICING_BOOK_H

#include "common/csv.h"
#include "pricing/names.h"
#include "pricing/price_book.h"
#include <sha2.h>

enum { ROWS_PER_CHUNK = 4096, PLACE_REGION = 0 /* number of the zone "" */ };

/* Sort key of a price row: everything that must agree for two rows to be the same price, then the
 * row itself.
 * high = type, region; low = market, term, zone, built-in. */
struct price_key {
    uint64_t high, low;
    size_t row;
};

/* Which price is wanted. */
struct price_wanted {
    size_t type;
    const char *region, *zone; /* zone "": the region */
    enum market_id market;
    enum price_unit unit; /* subscriptions: the term; else ignored */
};

/* How specific a default row is; a more specific one goes first. */
enum default_rank { DEFAULT_ANY, DEFAULT_ALL, DEFAULT_GPU_FAMILY, DEFAULT_GPU, DEFAULT_FAMILY };

struct default_row {
    struct price_row row;
    uint32_t region_number, zone_number; /* of its places */
    enum default_rank rank;
    size_t gpu;     /* DEFAULT_GPU */
    bool for_gpus;  /* DEFAULT_ALL: GPU machines, else CPU machines */
    bool has_price; /* false: only a hazard */
};

/* A price row with the numbers of its places. */
struct price_slot {
    struct price_row row;
    uint32_t region, zone;
};

/* One cell of the storage table. */
struct storage_row {
    size_t class_, item;
    const char *region;
    struct ratio value; /* canonical unit of the item */
    enum currency currency;
    const char *checked; /* why a value that looks wrong is right, or NULL */
    struct origin origin;
};

/* A speed of the user; `known` is the built-in one it replaced, 0: none. Rows that say why they are right are not here. */
struct speed_to_check {
    size_t row;
    double known;
};

/* Regions grow while files are read; `zones` of the public struct is kept up to date. */
struct region_entry {
    struct region region;
    const char **zones;
};

struct price_book {
    struct arena *arena;
    bool builtin;       /* the built-in tables are in it */
    bool user_mainland; /* a file of the user prices the whole mainland */
    struct names texts; /* sources, dates and the like, each kept once */

    struct gpu_model *gpus;
    size_t n_gpus;
    struct names gpu_names; /* canonical names only, same numbers as `gpus` */

    struct instance_type *types;
    size_t n_types;
    struct names type_names; /* same numbers as `types` */

    struct region_entry *regions;
    size_t n_regions;
    struct names region_names; /* same numbers as `regions` */
    struct names zone_names;
    size_t *zone_region; /* [zone_names.n] index of its region */
    struct names places; /* "", then regions, zones and cn-mainland, as numbers in price keys */

    struct price_chunk {
        struct price_slot *slots; /* [ROWS_PER_CHUNK] */
    } * chunks;                   /* [n_chunks] rows never move */
    size_t n_chunks, n_prices;
    struct price_key *keys; /* [n_prices] sorted */
    struct default_row *defaults;
    size_t n_defaults;

    struct speed_to_check *speeds_to_check;
    size_t n_speeds_to_check;
    struct gpu_speed *speeds;
    size_t n_speeds;
    struct names speed_keys; /* "class/gpu" or "class/CPU-family", same numbers as `speeds` */

    struct storage_class *classes;
    size_t n_classes;
    struct names class_names; /* same numbers as `classes` */
    struct storage_row *storage;
    size_t n_storage;
    struct names storage_keys; /* "user?/class/item/region", same numbers as `storage` */

    struct licence_price *licences;
    size_t n_licences;

    const char *date, *checksum;
    moment_t newest;
};

/* State of loading. */
struct loader {
    struct price_book *book;
    struct arena *arena;
    struct diag *diag;
    moment_t today;
    double max_age_days;
    bool user;                        /* the table being read is a file of the user */
    const struct csv_column *columns; /* of that table */
    SHA2_CTX digest;
    const char *last_date; /* dates repeat: the last one and its moment */
    moment_t last_day;
    /* ages of the prices of the file (or of all built-in tables) being read */
    size_t n_dated, n_old; /* counted from the day they held */
    struct origin oldest;
};

/* One table: how its rows are read. Every row function adds a row or a finding. */
struct table {
    const char *file; /* name of the built-in file, or NULL */
    const struct csv_column *columns;
    size_t n_columns;
    csv_row_fn *read; /* context: struct loader */
};
extern const struct table table_gpus, table_regions, table_licences, table_instances, table_speed,
    table_storage, table_prices;

/* What is said about a price by all its sources together; run once everything is read. */
void price_index(struct price_book *b); /* sorts the keys, marks spot rows without stock */
void lint_prices(struct loader *l);     /* duplicates, spot and subscription above on-demand */
/* The built-in price of a market where the row is, in CNY; of the mainland where the region has none of its own; NAN. */
double builtin_per_h(const struct price_book *b, const struct price_row *row, enum market_id market,
                     enum price_unit unit);
void lint_tables(struct loader *l);         /* storage and speeds of the user */
const char *storage_item_name(size_t item); /* "price_month" */
void lint_peers(struct loader *l);          /* hour for month, outliers */
/* Against the built-in price of the same machine: fen, lost digits, dollars, one card, another term, market, region, tax. True:
 * the row has its finding, or is known to be right. */
bool lint_known(struct loader *l, const struct price_row *row);
void age_count(struct loader *l, const struct origin *o); /* of one price, while it is read */
void lint_ages(struct loader *l);    /* after each file: how many of its prices are old */
void lint_storage(struct loader *l); /* one currency per class and region, min below max */

/* Cells. Each returns false after a finding; `c` is the column. book_cells.c */
void row_digest(struct loader *l, const struct csv_row *row, size_t n_columns);
const char *cell_text(struct loader *l, const struct csv_row *row,
                      size_t c); /* kept; NULL: empty, a finding */
bool cell_number(double *out, struct loader *l, const struct csv_row *row, size_t c, double least,
                 double most);
bool cell_number_or_unknown(double *out, struct loader *l, const struct csv_row *row,
                            size_t c); /* unknown: 0 */
bool cell_amount(struct ratio *out, struct loader *l, const struct csv_row *row,
                 size_t c); /* >= 0 */
bool cell_yes(bool *out, struct loader *l, const struct csv_row *row,
              size_t c); /* yes, no; empty: no */
bool cell_currency(enum currency *out, struct loader *l, const struct csv_row *row, size_t c);
bool cell_confidence(enum confidence *out, struct loader *l, const struct csv_row *row, size_t c);
bool cell_features(unsigned *out, struct loader *l, const struct csv_row *row, size_t c);
bool cell_region(const char **out, struct loader *l, const struct csv_row *row,
                 size_t c); /* real regions */
bool cell_zone(const char **out, struct loader *l, const struct csv_row *row, size_t c,
               const char *region);
bool cell_unit(enum price_unit *out, struct loader *l, const struct csv_row *row, size_t c);
/* Columns of date, source and confidence, in this order, from `first` on. */
bool cell_origin(struct origin *out, struct loader *l, const struct csv_row *row, size_t first);
bool cell_origin_undated(struct origin *out, struct loader *l, const struct csv_row *row,
                         size_t first);
void cell_suggest(struct loader *l,
                  const char *nearest); /* adds "did you mean" when there is a neighbour */
/* The nearest name, or NULL; none once so many findings are there that it would not be shown. */
const char *cell_nearest(const struct loader *l, const char *name, const char *const *names,
                         size_t n);

/* Places. book_places.c */
bool region_is_mainland(const char *region);
size_t region_add(struct loader *l, const char *name);
void zone_add(struct loader *l, size_t region, const char *zone);

/* Price rows. book_find.c */
struct price_row *price_row_at(const struct price_book *b, size_t row);
/* As price_find for one term; rows known not to be offered are returned. */
const struct price_row *price_find_term(const struct price_book *b, const struct price_wanted *w,
                                        bool *stand_in);
/* Zones that have rows of their own, each once, in order of name; returns how many. */
size_t price_zones(const struct price_book *b, const struct price_wanted *w, const char ***zones,
                   struct arena *a);
/* Reclaims per machine-hour where the row has none: of the default rows; NAN. */
double price_hazard(const struct price_book *b, size_t type, const char *region);
/* The built-in row of the zone, else of the region; NULL. */
const struct price_row *price_builtin(const struct price_book *b, const struct price_wanted *w);
/* The on-demand row that the source of a row had in mind (built-in rows: a built-in one); NULL. */
const struct price_row *price_base(const struct price_book *b, const struct price_row *row);
/* -1, 0, 1; 0 also when a published price differs by its rounding only. */
int price_compare_rounded(struct ratio price, struct ratio base);
bool price_per_h(struct ratio *out,
                 const struct price_row *row); /* in its currency (or share); false: overflow */

#endif

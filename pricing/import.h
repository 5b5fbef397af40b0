/* Answers of the vendor's API and its price list, read into rows that a user's book can hold. The kind of a file is
 * seen from its content; every kind is one file, import_<kind>.c, and one line of import_list.h. */
#ifndef PRICING_IMPORT_H
#define PRICING_IMPORT_H

#include "common/json_read.h"
#include "pricing/names.h"
#include "pricing/price_book.h"
#include <signal.h>

/* One price per machine, as the table prices.csv wants it. Texts are kept once. */
struct import_price {
    const char *type, *region, *zone; /* zone "": the region */
    enum market_id market;
    enum price_unit unit;
    enum currency currency;
    struct ratio price;
    bool no_stock;      /* a spot price equal to the on-demand one */
    const char *date;   /* YYYY-MM-DD */
    const char *source; /* what kind of answer it was */
    const char *note;   /* or "" */
};

/* One sample of a spot price: what it was at a moment, and the on-demand price then. */
struct import_sample {
    uint32_t type, zone; /* numbers in `texts` */
    moment_t time;       /* UTC */
    enum currency currency;
    struct ratio spot, on_demand; /* on_demand 0: not given */
};

/* What the vendor says of reclaims: a band of the share of machines reclaimed in 30 days, and the usual price. */
struct import_advice {
    const char *type, *zone;
    double low, high;  /* shares of machines per 30 days; NAN: not given */
    double paid_share; /* of the on-demand price; NAN: not given */
};

struct import_type {
    const char *name, *family, *gpu; /* gpu: as the API names the model; "" without */
    double gpus, gpu_mem_gib, ram_gib, net_gbps;
    long vcpu;
    bool by_arm;
};

enum stock { STOCK_YES, STOCK_LOW, STOCK_NONE, STOCK_WITHDRAWN };
struct import_stock {
    const char *type, *region, *zone;
    enum stock stock;
};

/* Everything that was in the files, in their order. Rows that cannot be read whole are left out: each with a warning
 * (E2103), or, where there may be thousands, counted in `skipped` under a reason. */
struct imported {
    struct arena *arena;
    struct names texts;
    const struct import_format *format; /* of the file read last */
    const char *date;                   /* for answers that carry none: the day of the import */
    const char *source;                 /* of the file being read, for the rows */
    struct import_price *prices;
    struct import_sample *samples;
    struct import_advice *advices;
    struct import_type *types;
    struct import_stock *stocks;
    struct import_skipped {
        const char *reason; /* translated */
        size_t n;
        const char *example;
    } * skipped;
    size_t n_prices, n_samples, n_advices, n_types, n_stocks, n_skipped, n_refused;
    struct diag *diag;
    const volatile sig_atomic_t
        *stop; /* set: reading ends with ERR_OUTPUT and no finding; NULL: none */
};

/* State of one file, and what is known of the answer being read: answers stand side by side in one file. */
struct importing {
    struct imported *out;
    const struct price_book *book; /* for the places and models that are known */
    struct import_request {        /* the question beside the answer; NULL: not given */
        const char *type, *region, *zone, *unit, *period, *amount, *spot, *resource;
    } request, named;                  /* of an envelope; of the file's name or the command line */
    const struct import_format *open;  /* an answer is being read: NULL none */
    size_t open_depth;                 /* of the object around its key */
    bool any;                          /* an answer was found in the file */
    size_t first_sample, first_advice; /* of this answer */
    void *state;                       /* of the format */
};

struct import_format {
    const char *name; /* as it is printed: "DescribeSpotPriceHistory" */
    const char *key;  /* a key that leads to its records and to those of no other */
    /* One object at or below `key`, inner ones first. */
    enum err (*record)(struct importing *i, const struct json_record *r);
    /* The object around `key`, once all inside was read; NULL: not needed. */
    enum err (*answer)(struct importing *i, const struct json_record *r);
    /* The outermost object, which may hold the question, has ended; NULL: not needed. */
    enum err (*finish)(struct importing *i);
};

/* All formats; ends with NULL. */
extern const struct import_format *const import_formats[];

/* Reads one file ("-": standard input). `request` holds members of the question as NAME=VALUE (RegionId=cn-beijing), ended
 * by NULL; NULL: none. Errors: of reading the file; ERR_JSON; ERR_IMPORT_FORMAT when no format knows it; ERR_IMPORT_ANSWER
 * for an error message of the API; ERR_IMPORT_REQUEST for a price without its question. After an error nothing of the
 * file is in `out`. */
MUST_USE enum err import_read(struct imported *out, const char *path, const char *const *request,
                              const struct price_book *book, struct diag *d);

/* For formats. Reading one member; a warning says what is wrong and false is returned. NULL text: not there. */
bool import_ratio(struct ratio *out, struct importing *i, const struct json_record *r,
                  const char *key);
bool import_number(double *out, struct importing *i, const struct json_record *r, const char *key);
bool import_time(moment_t *out, struct importing *i, const struct json_record *r, const char *key);
bool import_time_parse(moment_t *out, const char *text); /* UTC, ISO 8601 with or without seconds */
const char *import_word(struct importing *i, const struct json_record *r,
                        const char *key); /* kept; NULL: warned of */
bool import_currency(enum currency *out, struct importing *i, const struct json_record *r);
const char *import_day(struct importing *i, moment_t time); /* YYYY-MM-DD */
/* Region of a zone: of the book, else by the vendor's rule (cn-beijing-h, us-east-1a). */
const char *import_region(struct importing *i, const char *zone);
const char *import_keep(struct importing *i, const char *text);
/* Where a member stands, f NULL: the record; the file alone when nothing more will be told of it. */
struct place import_place(const struct importing *i, const struct json_record *r,
                          const struct json_field *f);
void import_refuse(struct importing *i, struct place at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void import_skip(struct importing *i, const char *reason, const char *example);

#endif

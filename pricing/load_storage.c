/* Storage classes: one item of a class in one region per row, and the tariff made from them. */
#include "common/quantity.h"
#include "pricing/book.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    T_CLASS,
    T_ITEM,
    T_VALUE,
    T_UNIT,
    T_REGION,
    T_DATE,
    T_SOURCE,
    T_CONFIDENCE,
    T_CHECKED,
    T_COLUMNS
};
/* clang-format off */
static const struct csv_column storage_columns[T_COLUMNS] = {
    {"class", true}, {"item", true}, {"value", true}, {"unit", true}, {"region", true},
    {"date", true}, {"source", true}, {"confidence", true}, {"checked", false},
};

enum item {
    PRICE_MONTH, PRICE_HOUR, EGRESS, RETRIEVAL, REQUESTS, MIN_SIZE, STEP, MAX_SIZE, BASE, SLOPE,
    MAX, CLIENT_MAX, WRITE_MAX, MIN_DAYS, PER_MACHINE, N_ITEMS
};
static const char *const item_words[N_ITEMS] = {
    "price_month", "price_hour", "egress", "retrieval", "requests", "min_size", "step", "max_size",
    "throughput_base", "throughput_slope", "throughput_max", "client_max", "write_max", "min_days",
    "per_machine",
};

/* What each item may be measured in; value x times is in the canonical unit. */
static const struct item_unit {
    const char *word; int64_t times; enum item item; enum currency currency;
} item_units[] = {
    {"CNY/GB-month", 1, PRICE_MONTH, CURRENCY_CNY}, {"CNY/GiB-month", 1, PRICE_MONTH, CURRENCY_CNY},
    {"USD/GB-month", 1, PRICE_MONTH, CURRENCY_USD}, {"USD/GiB-month", 1, PRICE_MONTH, CURRENCY_USD},
    {"CNY/GB-h", 1, PRICE_HOUR, CURRENCY_CNY}, {"CNY/GiB-h", 1, PRICE_HOUR, CURRENCY_CNY},
    {"USD/GB-h", 1, PRICE_HOUR, CURRENCY_USD}, {"USD/GiB-h", 1, PRICE_HOUR, CURRENCY_USD},
    {"CNY/GB", 1, EGRESS, CURRENCY_CNY}, {"USD/GB", 1, EGRESS, CURRENCY_USD},
    {"CNY/GB", 1, RETRIEVAL, CURRENCY_CNY}, {"USD/GB", 1, RETRIEVAL, CURRENCY_USD},
    {"CNY/10000", 1, REQUESTS, CURRENCY_CNY}, {"USD/10000", 1, REQUESTS, CURRENCY_USD},
    {"GiB", 1, MIN_SIZE, CURRENCY_DEFAULT}, {"TiB", 1024, MIN_SIZE, CURRENCY_DEFAULT},
    {"GiB", 1, STEP, CURRENCY_DEFAULT}, {"TiB", 1024, STEP, CURRENCY_DEFAULT},
    {"GiB", 1, MAX_SIZE, CURRENCY_DEFAULT}, {"TiB", 1024, MAX_SIZE, CURRENCY_DEFAULT},
    {"MB/s", 1, BASE, CURRENCY_DEFAULT}, {"Gbit/s", 125, BASE, CURRENCY_DEFAULT},
    {"MB/s/TiB", 1, SLOPE, CURRENCY_DEFAULT},
    {"MB/s", 1, MAX, CURRENCY_DEFAULT}, {"Gbit/s", 125, MAX, CURRENCY_DEFAULT},
    {"MB/s", 1, CLIENT_MAX, CURRENCY_DEFAULT}, {"Gbit/s", 125, CLIENT_MAX, CURRENCY_DEFAULT},
    {"MB/s", 1, WRITE_MAX, CURRENCY_DEFAULT}, {"Gbit/s", 125, WRITE_MAX, CURRENCY_DEFAULT},
    {"days", 1, MIN_DAYS, CURRENCY_DEFAULT}, {"", 1, PER_MACHINE, CURRENCY_DEFAULT},
};
/* clang-format on */
enum { N_UNITS = sizeof item_units / sizeof *item_units, KEY_BYTES = 256, GIB_PER_TIB = 1024 };

static bool item_cell(struct storage_row *s, struct loader *l, const struct csv_row *row)
{
    const char *word = row->field[T_ITEM];
    for (s->item = 0; s->item < N_ITEMS; s->item++) {
        if (strcmp(word, item_words[s->item]) == 0) return true;
    }
    diag_error(l->diag, ERR_BOOK_ITEM, csv_place(row, T_ITEM), _("\"%s\" is no storage item"),
               word);
    const char *nearest = cell_nearest(l, word, item_words, N_ITEMS);
    if (nearest) {
        cell_suggest(l, nearest);
    } else {
        diag_fix(l->diag, _("items are price_month, price_hour, egress, retrieval, requests, "
                            "min_size, step, max_size, throughput_base, throughput_slope, "
                            "throughput_max, client_max, write_max, min_days and per_machine"));
    }
    return false;
}

static bool storage_unit_cell(struct storage_row *s, struct loader *l, const struct csv_row *row)
{
    const char *word = row->field[T_UNIT], *expected = NULL;
    for (size_t i = 0; i < N_UNITS; i++) {
        const struct item_unit *u = &item_units[i];
        if (u->item != s->item) continue;
        if (!expected) expected = u->word;
        if (strcmp(u->word, word) != 0) continue;
        s->currency = u->currency;
        return ratio_mul(&s->value, s->value, (struct ratio){u->times, 1});
    }
    diag_error(l->diag, ERR_BOOK_UNIT, csv_place(row, T_UNIT), _("\"%s\" is no unit of `%s`"), word,
               row->field[T_ITEM]);
    diag_fix(l->diag, _("write \"%s\""), expected);
    return false;
}

/* A real region, cn-mainland or any. */
static bool storage_region_cell(struct storage_row *s, struct loader *l, const struct csv_row *row)
{
    const char *name = row->field[T_REGION];
    const bool mainland = strcmp(name, "cn-mainland") == 0;
    if (!mainland && strcmp(name, "any") != 0) return cell_region(&s->region, l, row, T_REGION);
    s->region = names_keep(&l->book->texts, name);
    if (l->user && mainland) l->book->user_mainland = true;
    return true;
}

const char *storage_item_name(size_t item)
{
    return item_words[item];
}

static bool item_is_price(size_t item)
{
    return item == PRICE_MONTH || item == PRICE_HOUR;
}

/* A capacity price of nothing would make storage free by accident. */
static bool storage_value_cell(struct storage_row *s, struct loader *l, const struct csv_row *row)
{
    if (!cell_amount(&s->value, l, row, T_VALUE)) return false;
    if (item_is_price(s->item) && s->value.num == 0) {
        diag_error(l->diag, ERR_LINT_ZERO, csv_place(row, T_VALUE), _("the price is zero"));
        diag_fix(l->diag, _("write the price, or take the row out"));
        return false;
    }
    if (s->item != PER_MACHINE || s->value.num == 0 || ratio_cmp(s->value, RATIO_ONE) == 0) {
        return storage_unit_cell(s, l, row);
    }
    diag_error(l->diag, ERR_BOOK_NUMBER, csv_place(row, T_VALUE),
               _("`per_machine` is 1 for a disk of one machine, 0 for shared storage, not %s"),
               row->field[T_VALUE]);
    diag_fix(l->diag, _("write 1 or 0"));
    return false;
}

static size_t class_add(struct loader *l, const char *name)
{
    struct price_book *b = l->book;
    const size_t known = names_find(&b->class_names, name);
    if (known != SIZE_MAX) return known;
    const size_t number = names_add(&b->class_names, name);
    *ARENA_PUSH(l->arena, b->classes, b->n_classes) =
        (struct storage_class){.name = b->class_names.items[number]};
    return number;
}

static bool key_print(char *key, const char *class_name, size_t item, const char *region, bool user)
{
    return snprintf(key, KEY_BYTES, "%d/%s/%s/%s", user ? 1 : 0, class_name, item_words[item],
                    region) < KEY_BYTES;
}

static void storage_again(struct loader *l, const struct storage_row *was,
                          const struct storage_row *s, const char *class_name)
{
    if (ratio_cmp(was->value, s->value) == 0 && was->currency == s->currency) {
        diag_warning(l->diag, ERR_BOOK_DUPLICATE, s->origin.place,
                     _("`%s` of %s in %s is given twice"), item_words[s->item], class_name,
                     s->region);
    } else {
        diag_error(l->diag, ERR_BOOK_DUPLICATE, s->origin.place,
                   _("`%s` of %s in %s is another one in line %zu of %s"), item_words[s->item],
                   class_name, s->region, was->origin.place.line, was->origin.place.source->path);
    }
    diag_fix(l->diag, _("take one of the two rows out"));
}

static void storage_keep(struct loader *l, const struct storage_row *s, const char *key)
{
    struct price_book *b = l->book;
    const size_t was = names_find(&b->storage_keys, key);
    if (was != SIZE_MAX) {
        storage_again(l, &b->storage[was], s, b->classes[s->class_].name);
        return;
    }
    names_add(&b->storage_keys, key);
    *ARENA_PUSH(l->arena, b->storage, b->n_storage) = *s;
    if (s->item == PER_MACHINE) b->classes[s->class_].per_machine = s->value.num > 0;
    if (item_is_price(s->item)) age_count(l, &s->origin);
}

static enum err storage_read(const struct csv_row *row, void *context)
{
    struct loader *l = context;
    struct storage_row s = {0};
    char key[KEY_BYTES];
    row_digest(l, row, T_CHECKED); /* a reason is no price */
    const char *class_name = cell_text(l, row, T_CLASS);
    const bool value = item_cell(&s, l, row) && storage_value_cell(&s, l, row);
    const bool region = storage_region_cell(&s, l, row);
    const bool origin = cell_origin(&s.origin, l, row, T_DATE);
    if (!class_name || !value || !region || !origin) return OK;
    if (!key_print(key, class_name, s.item, s.region, l->user)) {
        diag_error(l->diag, ERR_BOOK_WORD, csv_place(row, T_CLASS),
                   _("the name of the class is too long"));
        diag_fix(l->diag, _("write a name of at most 128 letters"));
        return OK;
    }
    s.origin.place = csv_place(row, T_VALUE);
    if (*row->field[T_CHECKED]) s.checked = names_keep(&l->book->texts, row->field[T_CHECKED]);
    s.class_ = class_add(l, class_name);
    storage_keep(l, &s, key);
    return OK;
}

const struct table table_storage = {"storage.csv", storage_columns, T_COLUMNS, storage_read};

size_t book_storage_class_count(const struct price_book *b)
{
    return b->n_classes;
}

const struct storage_class *book_storage_class(const struct price_book *b, size_t i)
{
    assert(i < b->n_classes);
    return &b->classes[i];
}

size_t book_storage_find(const struct price_book *b, const char *name)
{
    return names_find(&b->class_names, name);
}

static const struct storage_row *row_at(const struct price_book *b, size_t class_, enum item item,
                                        const char *region)
{
    char key[KEY_BYTES];
    for (int built_in = 0; built_in < 2; built_in++) {
        if (!key_print(key, b->classes[class_].name, item, region, built_in == 0)) return NULL;
        const size_t row = names_find(&b->storage_keys, key);
        if (row != SIZE_MAX) return &b->storage[row];
    }
    return NULL;
}

/* The region's own row, else the mainland's (a price is an estimate then), else the one for any. */
static const struct storage_row *row_find(const struct price_book *b, size_t class_, enum item item,
                                          const char *region, bool *stand_in)
{
    *stand_in = false;
    const struct storage_row *row = row_at(b, class_, item, region);
    if (row) return row;
    if (region_is_mainland(region)) {
        row = row_at(b, class_, item, "cn-mainland");
        *stand_in = row != NULL;
    }
    return row ? row : row_at(b, class_, item, "any");
}

static double number_of(const struct price_book *b, size_t class_, enum item item,
                        const char *region, double absent)
{
    bool stand_in = false;
    const struct storage_row *row = row_find(b, class_, item, region, &stand_in);
    return row ? ratio_value(row->value) : absent;
}

static struct ratio amount_of(const struct price_book *b, size_t class_, enum item item,
                              const char *region)
{
    bool stand_in = false;
    const struct storage_row *row = row_find(b, class_, item, region, &stand_in);
    return row ? row->value : RATIO_ZERO;
}

/* The hourly price goes first, unless only the monthly one is the user's. */
static const struct storage_row *price_row_of(const struct price_book *b, size_t class_,
                                              const char *region, bool *stand_in)
{
    bool stand_in_month = false;
    const struct storage_row *hour = row_find(b, class_, PRICE_HOUR, region, stand_in);
    const struct storage_row *month = row_find(b, class_, PRICE_MONTH, region, &stand_in_month);
    const bool own_month = month && month->origin.user && !(hour && hour->origin.user);
    if (hour && !own_month) return hour;
    *stand_in = stand_in_month;
    return month;
}

static void set_price(struct storage_tariff *t, const struct price_book *b, size_t class_)
{
    bool stand_in = false;
    const struct storage_row *row = price_row_of(b, class_, t->region, &stand_in);
    t->has_price = row != NULL;
    if (!row) {
        row = row_find(b, class_, PER_MACHINE, t->region, &stand_in);
        if (row) t->origin = row->origin;
        return;
    }
    t->origin = row->origin;
    if (stand_in && !confidence_is_estimate(t->origin.confidence)) {
        t->origin.confidence = CONFIDENCE_ESTIMATED;
    }
    t->currency = row->currency;
    t->price_gib_h = row->value;
    if (row->item == PRICE_MONTH) {
        const struct ratio hours = {HOURS_PER_MONTH, 1};
        t->has_price = ratio_div(&t->price_gib_h, row->value, hours);
    }
}

struct storage_tariff book_storage(const struct price_book *b, size_t class_, const char *region)
{
    assert(class_ < b->n_classes);
    struct storage_tariff t = {.class_ = &b->classes[class_], .region = region};
    t.price_gib_h = RATIO_ZERO;
    set_price(&t, b, class_);
    t.egress_gib = amount_of(b, class_, EGRESS, region);
    t.retrieval_gib = amount_of(b, class_, RETRIEVAL, region);
    t.requests_10k = amount_of(b, class_, REQUESTS, region);
    t.min_size_gib = number_of(b, class_, MIN_SIZE, region, 0);
    t.step_gib = number_of(b, class_, STEP, region, 0);
    t.max_size_gib = number_of(b, class_, MAX_SIZE, region, INFINITY);
    t.base_mbps = number_of(b, class_, BASE, region, 0);
    t.slope_mbps_per_gib = number_of(b, class_, SLOPE, region, 0) / GIB_PER_TIB;
    t.max_mbps = number_of(b, class_, MAX, region, INFINITY);
    t.client_mbps = number_of(b, class_, CLIENT_MAX, region, INFINITY);
    t.write_mbps = number_of(b, class_, WRITE_MAX, region, INFINITY);
    t.min_days = number_of(b, class_, MIN_DAYS, region, 0);
    return t;
}

/* --- lints --- */

/* A tariff has one currency. One finding per class, at a row of the user. */
static bool lint_currency_in(struct loader *l, size_t class_, const char *region)
{
    static const enum item extras[] = {EGRESS, RETRIEVAL, REQUESTS};
    const struct price_book *b = l->book;
    bool stand_in = false;
    const struct storage_row *price = price_row_of(b, class_, region, &stand_in);
    for (size_t i = 0; price && i < sizeof extras / sizeof *extras; i++) {
        const struct storage_row *extra = row_find(b, class_, extras[i], region, &stand_in);
        if (!extra || extra->value.num == 0 || extra->currency == price->currency) continue;
        diag_error(l->diag, ERR_BOOK_CURRENCY,
                   price->origin.user ? price->origin.place : extra->origin.place,
                   _("the price of %s in %s and its `%s` have different currencies"),
                   b->classes[class_].name, region, item_words[extra->item]);
        diag_fix(l->diag, _("give both in one currency"));
        return false;
    }
    return true;
}

static void lint_sizes(struct loader *l, const struct storage_row *s)
{
    const struct storage_tariff t = book_storage(l->book, s->class_, s->region);
    const bool sizes = s->item == MIN_SIZE || s->item == MAX_SIZE;
    const bool speeds = s->item == BASE || s->item == MAX;
    if (sizes && t.min_size_gib > t.max_size_gib) {
        diag_error(l->diag, ERR_BOOK_STORAGE, s->origin.place,
                   _("the smallest size of %s (%g GiB) is above its largest (%g GiB)"),
                   t.class_->name, t.min_size_gib, t.max_size_gib);
    } else if (speeds && t.base_mbps > t.max_mbps) {
        diag_error(l->diag, ERR_BOOK_STORAGE, s->origin.place,
                   _("`throughput_base` of %s (%g MB/s) is above `throughput_max` (%g MB/s)"),
                   t.class_->name, t.base_mbps, t.max_mbps);
    } else {
        return;
    }
    diag_fix(l->diag, _("correct one of the two"));
}

/* Only rows of the user can contradict: the built-in table alone is right by its tests. */
void lint_storage(struct loader *l)
{
    const struct price_book *b = l->book;
    bool *touched = ARENA_NEW(l->arena, bool, b->n_classes);
    for (size_t i = 0; i < b->n_storage; i++) {
        if (!b->storage[i].origin.user) continue;
        touched[b->storage[i].class_] = true;
        lint_sizes(l, &b->storage[i]);
    }
    for (size_t c = 0; c < b->n_classes; c++) {
        bool good = touched[c];
        for (size_t r = 0; good && r < b->n_regions; r++) {
            good = lint_currency_in(l, c, b->regions[r].region.name);
        }
    }
}

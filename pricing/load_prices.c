/* Price rows of instance types, and default rows (`default:X`), built in and of the user. */
#include "pricing/book.h"
#include "pricing/offer.h"
#include <math.h>
#include <string.h>

enum {
    P_TYPE,
    P_REGION,
    P_ZONE,
    P_MARKET,
    P_PRICE,
    P_CURRENCY,
    P_UNIT,
    P_DATE,
    P_SOURCE,
    P_CONFIDENCE,
    P_HAZARD,
    P_OFFERED,
    P_FREE,
    P_CHECKED,
    P_STEP,
    P_COLUMNS
};
/* clang-format off */
static const struct csv_column price_columns[P_COLUMNS] = {
    {"instance_type", true}, {"region", true}, {"zone", false}, {"market", true}, {"price", true},
    {"currency", true}, {"unit", true}, {"date", true}, {"source", true}, {"confidence", true},
    {"hazard_per_h", false}, {"offered", false}, {"free", false}, {"checked", false},
    {"billing_step", false},
};
/* clang-format on */
enum { MAX_DEFAULTS = 1000 }; /* each is looked at where a price is missing */

static const char default_prefix[] = "default:";
static const double max_hazard_per_h = 3600; /* once a second */

/* --- what the row is about --- */

static bool type_cell(struct default_row *p, struct loader *l, const struct csv_row *row)
{
    const struct price_book *b = l->book;
    const char *name = row->field[P_TYPE];
    p->row.type = names_find(&b->type_names, name);
    if (p->row.type != SIZE_MAX) return true;
    if (!*name) return cell_text(l, row, P_TYPE) != NULL;
    diag_error(l->diag, ERR_BOOK_TYPE, csv_place(row, P_TYPE),
               _("\"%s\" is no instance type of the book"), name);
    const char *nearest = cell_nearest(l, name, b->type_names.items, b->type_names.n);
    if (nearest)
        cell_suggest(l, nearest);
    else
        diag_fix(l->diag, _("describe it in a file of `catalog.instances`, or take the row out"));
    return false;
}

/* Is `family` the first part of the GPU's key, as V100 is of V100-16? */
static bool gpu_is_of(const struct gpu_model *g, const char *family)
{
    const size_t length = strlen(family);
    return strncmp(g->key, family, length) == 0 && g->key[length] == '-';
}

static bool is_family(const struct price_book *b, const char *name)
{
    for (size_t i = 0; i < b->n_types; i++) {
        if (strcmp(b->types[i].family, name) == 0) return true;
    }
    return false;
}

/* What default:X stands for; false: nothing. */
static bool scope_find(struct default_row *p, const struct price_book *b, const char *name)
{
    const bool gpus = strcmp(name, "GPU") == 0;
    if (strcmp(name, "any") == 0)
        p->rank = DEFAULT_ANY;
    else if (gpus || strcmp(name, "CPU") == 0)
        p->rank = DEFAULT_ALL;
    else if ((p->gpu = book_gpu_find(b, name)) != NO_GPU)
        p->rank = DEFAULT_GPU;
    else if (is_family(b, name))
        p->rank = DEFAULT_FAMILY;
    else {
        p->rank = DEFAULT_GPU_FAMILY;
        for (size_t i = 0; i < b->n_gpus; i++) {
            if (gpu_is_of(&b->gpus[i], name)) return true;
        }
        return false;
    }
    p->for_gpus = gpus;
    return true;
}

static bool scope_cell(struct default_row *p, struct loader *l, const struct csv_row *row)
{
    const char *name = row->field[P_TYPE] + sizeof default_prefix - 1;
    p->row.type = SIZE_MAX;
    p->row.scope = names_keep(&l->book->texts, name);
    if (l->book->n_defaults >= MAX_DEFAULTS) {
        diag_error(l->diag, ERR_BOOK_SCOPE, csv_place(row, P_TYPE),
                   _("there are more than %d default rows"), MAX_DEFAULTS);
        diag_fix(l->diag, _("give the price of each instance type instead"));
        return false;
    }
    if (scope_find(p, l->book, name)) return true;
    diag_error(l->diag, ERR_BOOK_SCOPE, csv_place(row, P_TYPE),
               _("\"%s\" is no GPU model or instance family"), name);
    const char *nearest =
        l->diag->n_errors < DIAG_MAX_ERRORS ? book_gpu_nearest(l->book, name) : NULL;
    if (nearest)
        cell_suggest(l, nearest);
    else
        diag_fix(l->diag,
                 _("after default: write a GPU model, an instance family, GPU, CPU or any"));
    return false;
}

static bool market_cell(enum market_id *out, struct loader *l, const struct csv_row *row)
{
    const char *word = row->field[P_MARKET];
    const struct market *m = market_find(word);
    if (m && m->id != MARKET_AUTOSCALED) {
        *out = m->id;
        return true;
    }
    if (m) {
        diag_error(l->diag, ERR_BOOK_MARKET, csv_place(row, P_MARKET),
                   _("autoscaled machines have no price of their own"));
        diag_fix(l->diag, _("write on_demand: they pay that price"));
        return false;
    }
    diag_error(l->diag, ERR_BOOK_MARKET, csv_place(row, P_MARKET), _("\"%s\" is no market"), word);
    const char *names[N_MARKETS];
    size_t n = 0;
    for (const struct market *const *each = markets; *each; each++) names[n++] = (*each)->name;
    const char *nearest = cell_nearest(l, word, names, n);
    if (nearest)
        cell_suggest(l, nearest);
    else
        diag_fix(l->diag, _("markets are on_demand, spot, subscription and savings_plan"));
    return false;
}

static bool place_cell(struct price_row *p, struct loader *l, const struct csv_row *row)
{
    const char *name = row->field[P_REGION];
    const bool mainland = strcmp(name, "cn-mainland") == 0;
    const bool any = p->scope && strcmp(name, "any") == 0;
    if (l->user && mainland) l->book->user_mainland = true;
    if (!mainland && !any) {
        return cell_region(&p->region, l, row, P_REGION) &&
               cell_zone(&p->zone, l, row, P_ZONE, p->region);
    }
    p->zone = "";
    p->region = name;
    if (!*row->field[P_ZONE]) return true;
    diag_error(l->diag, ERR_BOOK_PLACE, csv_place(row, P_ZONE), _("\"%s\" is no zone of %s"),
               row->field[P_ZONE], name);
    diag_fix(l->diag, _("leave the zone empty, or name its region"));
    return false;
}

/* Region and zone. cn-mainland is allowed for both kinds of rows, `any` for default rows only. */
static bool place_cells(struct default_row *p, struct loader *l, const struct csv_row *row)
{
    struct names *places = &l->book->places;
    if (!place_cell(&p->row, l, row)) return false;
    p->region_number = (uint32_t)names_add(places, p->row.region);
    p->zone_number = (uint32_t)names_add(places, p->row.zone);
    p->row.region = places->items[p->region_number];
    p->row.zone = places->items[p->zone_number];
    return true;
}

/* --- what it costs --- */

static bool unit_fits_market(struct loader *l, const struct csv_row *row, const struct price_row *p)
{
    const bool by_term = p->market == MARKET_SUBSCRIPTION;
    if (by_term == (p->unit != UNIT_HOUR)) return true;
    if (by_term) {
        diag_error(l->diag, ERR_BOOK_UNIT, csv_place(row, P_UNIT),
                   _("a subscription is priced by the month or year, not by the hour"));
        diag_fix(l->diag, _("write the price of the whole term, with the unit month or year"));
    } else {
        diag_error(l->diag, ERR_BOOK_UNIT, csv_place(row, P_UNIT),
                   _("the market %s is priced by the hour"), row->field[P_MARKET]);
        diag_fix(l->diag, _("write the price of one hour, with the unit h"));
    }
    return false;
}

static bool share_fits(struct loader *l, const struct csv_row *row, const struct price_row *p)
{
    if (p->scope && !p->is_ratio) {
        diag_error(l->diag, ERR_BOOK_CURRENCY, csv_place(row, P_CURRENCY),
                   _("a default row is a share of the on-demand price, not %s"),
                   row->field[P_CURRENCY]);
        diag_fix(l->diag, _("write ratio and a price such as 0.35, or name an instance type"));
        return false;
    }
    if (!p->is_ratio) return true;
    const bool known = p->market != MARKET_ON_DEMAND && ratio_cmp(p->price, RATIO_ONE) <= 0;
    if (known) return true;
    if (p->market == MARKET_ON_DEMAND) {
        diag_error(l->diag, ERR_BOOK_CURRENCY, csv_place(row, P_CURRENCY),
                   _("the on-demand price cannot be a share of itself"));
        diag_fix(l->diag, _("write the amount, with CNY or USD"));
    } else {
        diag_error(l->diag, ERR_BOOK_AMOUNT, csv_place(row, P_PRICE),
                   _("a share of the on-demand price is at most 1, not %s"), row->field[P_PRICE]);
        diag_fix(l->diag, _("write 0.35 for 35%% of the on-demand price"));
    }
    return false;
}

static bool zero_is_meant(struct loader *l, const struct csv_row *row, const struct price_row *p)
{
    bool free = false;
    if (!cell_yes(&free, l, row, P_FREE)) return false;
    if (p->price.num > 0 || free) return true;
    diag_error(l->diag, ERR_LINT_ZERO, csv_place(row, P_PRICE), _("the price is zero"));
    diag_fix(l->diag, _("write the price; if it costs nothing, add a column `free` with yes"));
    return false;
}

static bool price_cells(struct default_row *p, struct loader *l, const struct csv_row *row)
{
    struct price_row *r = &p->row;
    const bool price = cell_amount(&r->price, l, row, P_PRICE);
    const bool currency = cell_currency(&r->currency, l, row, P_CURRENCY);
    const bool unit = cell_unit(&r->unit, l, row, P_UNIT);
    if (!price || !currency || !unit) return false;
    r->is_ratio = r->currency == CURRENCY_DEFAULT;
    p->has_price = true;
    return unit_fits_market(l, row, r) && share_fits(l, row, r) && zero_is_meant(l, row, r);
}

/* A default spot row may give the hazard alone; what is not offered has no price either. */
static bool amount_cells(struct default_row *p, struct loader *l, const struct csv_row *row)
{
    bool offered = true;
    if (*row->field[P_OFFERED] && !cell_yes(&offered, l, row, P_OFFERED)) return false;
    p->row.not_offered = !offered;
    p->row.hazard_per_h = NAN;
    p->row.price = RATIO_ZERO;
    const bool hazard = *row->field[P_HAZARD] != '\0';
    if (hazard && !cell_number(&p->row.hazard_per_h, l, row, P_HAZARD, 0, max_hazard_per_h)) {
        return false;
    }
    if (hazard && p->row.market != MARKET_SPOT) {
        diag_error(l->diag, ERR_BOOK_MARKET, csv_place(row, P_HAZARD),
                   _("only spot machines are reclaimed"));
        diag_fix(l->diag, _("leave `hazard_per_h` empty in rows of other markets"));
        return false;
    }
    const bool alone = hazard && p->row.scope && !*row->field[P_PRICE];
    if (alone) return true;
    if (offered) return price_cells(p, l, row);
    if (!*row->field[P_PRICE]) return true;
    diag_error(l->diag, ERR_BOOK_AMOUNT, csv_place(row, P_PRICE),
               _("there is a price for what is not offered"));
    diag_fix(l->diag, _("leave the price empty, or `offered`"));
    return false;
}

/* By the second at the finest, by the day at the coarsest; what is bought by the term is not billed by use. */
static bool step_cell(struct price_row *p, struct loader *l, const struct csv_row *row)
{
    const char *text = row->field[P_STEP];
    const int64_t second = US_PER_H / 3600;
    if (!*text) return true;
    if (p->market == MARKET_SUBSCRIPTION) {
        diag_error(l->diag, ERR_BOOK_MARKET, csv_place(row, P_STEP),
                   _("a subscription is not billed by use"));
        diag_fix(l->diag, _("leave `billing_step` empty in rows of subscriptions"));
        return false;
    }
    const bool whole = duration_us_parse(&p->billing_step_us, text) &&
                       p->billing_step_us >= second && p->billing_step_us <= 24 * US_PER_H &&
                       p->billing_step_us % second == 0;
    if (whole) return true;
    diag_error(l->diag, ERR_BOOK_NUMBER, csv_place(row, P_STEP),
               _("`billing_step` is \"%s\", not whole seconds from 1s to 24h"), text);
    diag_fix(l->diag, _("write a duration such as 1s, 10min or 1h, or leave it empty"));
    return false;
}

/* --- keeping it --- */

static void date_keep(struct price_book *b, const struct origin *o)
{
    if (b->date && o->day <= b->newest) return;
    b->newest = o->day;
    b->date = o->date;
}

static void price_keep(struct loader *l, const struct default_row *p)
{
    struct price_book *b = l->book;
    if (p->row.type == SIZE_MAX) {
        *ARENA_PUSH(l->arena, b->defaults, b->n_defaults) = *p;
        return;
    }
    if (b->n_prices == b->n_chunks * ROWS_PER_CHUNK) {
        struct price_slot *slots = ARENA_NEW(l->arena, struct price_slot, ROWS_PER_CHUNK);
        *ARENA_PUSH(l->arena, b->chunks, b->n_chunks) = (struct price_chunk){slots};
    }
    b->chunks[b->n_prices / ROWS_PER_CHUNK].slots[b->n_prices % ROWS_PER_CHUNK] =
        (struct price_slot){p->row, p->region_number, p->zone_number};
    b->n_prices++;
    date_keep(b, &p->row.origin);
    age_count(l, &p->row.origin);
}

static enum err price_read(const struct csv_row *row, void *context)
{
    struct loader *l = context;
    struct default_row p = {0};
    row_digest(l, row, P_COLUMNS);
    const bool is_default =
        strncmp(row->field[P_TYPE], default_prefix, sizeof default_prefix - 1) == 0;
    const bool type = is_default ? scope_cell(&p, l, row) : type_cell(&p, l, row);
    const bool market = market_cell(&p.row.market, l, row);
    const bool place = place_cells(&p, l, row);
    const bool amount = market && amount_cells(&p, l, row) && step_cell(&p.row, l, row);
    const bool origin = cell_origin(&p.row.origin, l, row, P_DATE);
    if (!type || !market || !place || !amount || !origin) return OK;
    p.row.origin.place = csv_place(row, P_PRICE);
    if (*row->field[P_CHECKED]) p.row.checked = names_keep(&l->book->texts, row->field[P_CHECKED]);
    price_keep(l, &p);
    return OK;
}

const struct table table_prices = {"prices.csv", price_columns, P_COLUMNS, price_read};

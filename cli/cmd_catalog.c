/* gpumix catalog: what can be bought, what it costs, how old and how sure that is. */
#include "cli/catalog.h"
#include "cli/planning.h"
#include "cli/present.h"
#include "common/text.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const sort_keys[] = {"name", "price", "work", "gpu-gb", NULL};
static const char *const default_class = "train_mixed";

/* clang-format off */
static const struct option_row catalog_options[] = {
    {"region",   0, N_("PLACE"), true,  NULL,      N_("only this region or zone (gpus, show)")},
    {"sort",     0, N_("KEY"),   false, sort_keys, N_("order of gpus")},
    {"class",    0, N_("CLASS"), false, NULL,      N_("work class that speeds are for (train_mixed)")},
    {"scenario", 0, N_("FILE"),  false, NULL,      N_("with the price files, discounts and overrides of this scenario")},
    {"book",     0, N_("FOLDER"), false, NULL,     N_("the book of your own that is added to (import; default: book)")},
    {"request",  0, N_("NAME=VALUE"), true, NULL,  N_("member of the question the answer belongs to (import)")},
    {"by",       0, N_("COLUMN"), true, NULL,      N_("fit each value of this column by itself, too (fit)")},
    {"below",    0, N_("PRICE"), false, NULL,      N_("also the share of time at or below this price (stats)")},
    {"gap",      0, N_("DURATION"), false, NULL,   N_("longer without a sample is a gap (stats, fit; default: 26h)")},
    {"hold",     0, N_("DURATION"), false, NULL,   N_("also the cost of holding one machine so long (stats)")},
    {"from",     0, N_("MOMENT"), false, NULL,     N_("since when it is held, UTC (stats; default: the first sample)")},
    {"backtest", 0, NULL,        false, NULL,      N_("fit on the first part, predict the rest, compare with baselines (fit)")},
    {"save",     0, N_("NAME"),  false, NULL,      N_("keep what did best as models/NAME.json in the book (fit)")},
    {"of",       0, N_("TYPE@PLACE"), false, NULL, N_("what the table is of, where it does not say (fit)")},
    {"tick",     0, N_("DURATION"), false, NULL,   N_("step of an availability table (fit; default: 10min)")},
    {"protected", 0, N_("DURATION"), false, NULL,  N_("nothing is reclaimed so soon after its start (fit)")},
    {"dry-run",  0, NULL,        false, NULL,      N_("tell what would change, write nothing (import)")},
    {"strict",   0, NULL,        true,  NULL,      N_("end with status 1 on any warning (check)")},
    {0},
};
/* clang-format on */

/* The book, and the offers it gives under the scenario's own terms. */
struct catalogue {
    struct price_book *book;
    struct offer_request request;
    struct offer_list offers;
    const char *class_;
    moment_t today;
};

static enum err region_check(const struct catalogue *c, const char *place, struct diag *d)
{
    if (book_region_find(c->book, place) != SIZE_MAX) return OK;
    const enum err code = diag_error(d, ERR_NOT_FOUND, (struct place){0},
                                     _("no region or zone is called \"%s\""), place);
    const char *near = book_place_nearest(c->book, place);
    if (near) diag_fix(d, _("did you mean %s?"), near);
    return code;
}

static bool class_known(const struct price_book *b, const char *class_)
{
    bool known = book_speed(b, class_, NO_GPU, NULL);
    for (size_t gpu = 0; gpu < book_gpu_count(b); gpu++)
        known = known || book_speed(b, class_, gpu, NULL);
    return known;
}

static enum err class_unknown(const char *class_, struct diag *d)
{
    const enum err code = diag_error(d, ERR_NOT_FOUND, (struct place){0},
                                     _("no speed is known for work class \"%s\""), class_);
    diag_fix(d, "%s",
             _("classes are those of the gpu_speed table, such as train_mixed, lora_sft, "
               "infer_small, render_optix"));
    return code;
}

static enum err book_read(struct catalogue *c, const struct options *o, struct cli *cli)
{
    const char *path = option_value(o, "scenario");
    if (!path) {
        const struct book_sources builtin = {.builtin = true};
        c->request = (struct offer_request){.discount = RATIO_ZERO,
                                            .currency = CURRENCY_CNY,
                                            .fx_usd = RATIO_ZERO,
                                            .spot_price_factor = RATIO_ONE};
        return price_book_load(&c->book, &builtin, cli->today, -1, cli->arena, cli->diag);
    }
    const struct scenario_options base = {0};
    struct scenario *s = ARENA_NEW(cli->arena, struct scenario, 1);
    TRY(scenario_load(s, path, &base, cli->arena, cli->diag));
    TRY(scenario_book(&c->book, s, cli, cli->diag));
    return scenario_offer_request(&c->request, s, c->book, cli->arena, cli->diag);
}

static enum err catalogue_read(struct catalogue *c, const struct options *o, struct cli *cli)
{
    TRY(book_read(c, o, cli));
    c->today = cli->today;
    size_t n;
    const char **places = option_values(&n, o, "region", cli->arena);
    for (size_t i = 0; i < n; i++) TRY(region_check(c, places[i], cli->diag));
    if (n) {
        c->request.places = places;
        c->request.n_places = n;
    }
    c->class_ = option_value(o, "class");
    if (c->class_ && !class_known(c->book, c->class_)) return class_unknown(c->class_, cli->diag);
    if (!c->class_) c->class_ = default_class;
    return offers_make(&c->offers, c->book, &c->request, cli->arena, cli->diag);
}

/* Of the older of the rows a price rests on; NAN: unknown. */
static double age_days(const struct catalogue *c, const struct offer *o)
{
    const struct price_row *rows[] = {o->row, o->base};
    double age = NAN;
    for (size_t i = 0; i < 2; i++)
        if (rows[i] && rows[i]->origin.day != INT64_MIN)
            age = fmax(age, (double)(c->today - rows[i]->origin.day) / (double)(24 * US_PER_H));
    return age;
}

static double price_per_gpu(const struct catalogue *c, const struct offer *o)
{
    return o->price / book_type(c->book, o->type)->gpus;
}

/* Cheapest per whole GPU of a model on a market; NULL when none is sold. */
static const struct offer *offer_cheapest(const struct catalogue *c, size_t gpu,
                                          enum market_id market)
{
    const struct offer *best = NULL;
    for (size_t i = 0; i < c->offers.n; i++) {
        const struct offer *o = &c->offers.items[i];
        if (o->market->id != market || book_type(c->book, o->type)->gpu != gpu) continue;
        if (!best || price_per_gpu(c, o) < price_per_gpu(c, best)) best = o;
    }
    return best;
}

/* One line of `catalog gpus`; prices per whole GPU and hour, NAN: not sold that way. */
struct gpu_line {
    const struct gpu_model *model;
    const struct offer *on_demand, *spot, *monthly;
    double price, spot_price, monthly_price, speed, per_work, per_gib;
};

static struct gpu_line gpu_line(const struct catalogue *c, size_t gpu)
{
    struct gpu_line l = {.model = book_gpu(c->book, gpu),
                         .on_demand = offer_cheapest(c, gpu, MARKET_ON_DEMAND),
                         .spot = offer_cheapest(c, gpu, MARKET_SPOT),
                         .monthly = offer_cheapest(c, gpu, MARKET_SUBSCRIPTION)};
    const struct gpu_speed *speed = book_speed(c->book, c->class_, gpu, NULL);
    l.price = l.on_demand ? price_per_gpu(c, l.on_demand) : (double)NAN;
    l.spot_price = l.spot ? price_per_gpu(c, l.spot) : (double)NAN;
    l.monthly_price = l.monthly ? price_per_gpu(c, l.monthly) : (double)NAN;
    l.speed = speed ? speed->speed : (double)NAN;
    const double least = fmin(l.price, l.spot_price);
    l.per_work = l.speed > 0 ? least / l.speed : (double)NAN;
    l.per_gib = least / l.model->memory_gib;
    return l;
}

/* Unknown values go last. */
static int value_cmp(double a, double b)
{
    if (isnan(a) || isnan(b)) return !!isnan(a) - !!isnan(b);
    return (a > b) - (a < b);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct gpu_line *)a)->model->name,
                  ((const struct gpu_line *)b)->model->name);
}

static int by_price(const void *a, const void *b)
{
    const struct gpu_line *x = a, *y = b;
    const int order = value_cmp(fmin(x->price, x->spot_price), fmin(y->price, y->spot_price));
    return order ? order : by_name(a, b);
}

static int by_work(const void *a, const void *b)
{
    const int order =
        value_cmp(((const struct gpu_line *)a)->per_work, ((const struct gpu_line *)b)->per_work);
    return order ? order : by_name(a, b);
}

static int by_memory(const void *a, const void *b)
{
    const int order =
        value_cmp(((const struct gpu_line *)a)->per_gib, ((const struct gpu_line *)b)->per_gib);
    return order ? order : by_name(a, b);
}

static void lines_sort(struct gpu_line *lines, size_t n, const char *key)
{
    int (*const orders[])(const void *, const void *) = {by_name, by_price, by_work, by_memory};
    size_t i = 0;
    while (key && sort_keys[i] && strcmp(key, sort_keys[i]) != 0) i++;
    qsort(lines, n, sizeof *lines, orders[key ? i : 1]);
}

/* The word of the price files, in tables in the language of the reader. */
static struct sheet_cell sure_cell(const struct price_row *row, bool estimated)
{
    if (!row && !estimated) return sheet_text(NULL);
    const char *word = confidence_name(estimated ? CONFIDENCE_ESTIMATED : row->origin.confidence);
    return sheet_both(_(word), word);
}

enum {
    GPU,
    MEMORY,
    ON_DEMAND,
    SPOT,
    DISCOUNT,
    MONTHLY,
    PER_GIB,
    SPEED,
    PER_WORK,
    AGE,
    SURE,
    TYPE,
    PLACE,
    N_GPU_COLUMNS
};

static void gpu_row(struct sheet *sheet, const struct catalogue *c, const struct gpu_line *l)
{
    struct arena *a = sheet->arena;
    struct sheet_cell *cells = sheet_row(sheet);
    const struct offer *best = l->spot_price < l->price || !l->on_demand ? l->spot : l->on_demand;
    cells[GPU] = sheet_text(l->model->name);
    cells[MEMORY] = sheet_number(a, l->model->memory_gib, 0);
    cells[ON_DEMAND] = sheet_number(a, l->price, 2);
    cells[SPOT] = sheet_number(a, l->spot_price, 2);
    const double discount = 1 - l->spot_price / l->price;
    if (isfinite(discount))
        cells[DISCOUNT] =
            sheet_both(percent_text(a, discount, 0), arena_printf(a, "%.15g", discount));
    cells[MONTHLY] = sheet_number(a, l->monthly_price, 2);
    cells[PER_GIB] = sheet_number(a, l->per_gib, 3);
    cells[SPEED] = sheet_number(a, l->speed, 2);
    cells[PER_WORK] = sheet_number(a, l->per_work, 2);
    if (!best) return;
    const struct price_row *row = best->row ? best->row : best->base;
    cells[AGE] = sheet_number(a, age_days(c, best), 0);
    cells[SURE] = sure_cell(row, best->estimated);
    cells[TYPE] = sheet_text(book_type(c->book, best->type)->name);
    cells[PLACE] = sheet_text(offer_place(best));
}

static const struct sheet_column *gpu_columns(void)
{
    static const struct sheet_column columns[N_GPU_COLUMNS] = {
        [GPU] = {"gpu", N_("GPU"), 'l', false},
        [MEMORY] = {"memory_gib", N_("GB"), 'r', true},
        [ON_DEMAND] = {"on_demand_per_gpu_h", N_("on-demand/h"), 'r', true},
        [SPOT] = {"spot_per_gpu_h", N_("spot/h"), 'r', true},
        [DISCOUNT] = {"spot_discount", N_("off"), 'r', true},
        [MONTHLY] = {"subscription_per_gpu_h", N_("subscr./h"), 'r', true},
        [PER_GIB] = {"least_per_gpu_gib_h", N_("per GB"), 'r', true},
        [SPEED] = {"speed", N_("speed"), 'r', true},
        [PER_WORK] = {"least_per_work_h", N_("per work"), 'r', true},
        [AGE] = {"price_age_days", N_("days old"), 'r', true},
        [SURE] = {"confidence", N_("how sure"), 'l', false},
        [TYPE] = {"cheapest_type", N_("cheapest as"), 'l', false},
        [PLACE] = {"cheapest_place", N_("in"), 'l', false},
    };
    return columns;
}

static int gpus_run(const struct options *o, struct cli *cli, struct catalogue *c)
{
    struct arena *a = cli->arena;
    const size_t n = book_gpu_count(c->book);
    struct gpu_line *lines = ARENA_NEW(a, struct gpu_line, n + 1);
    size_t sold = 0;
    for (size_t gpu = 0; gpu < n; gpu++) {
        const struct gpu_line l = gpu_line(c, gpu);
        if (l.on_demand || l.spot || l.monthly) lines[sold++] = l;
    }
    lines_sort(lines, sold, option_value(o, "sort"));
    struct sheet sheet = sheet_new(a, gpu_columns(), N_GPU_COLUMNS);
    for (size_t i = 0; i < sold; i++) gpu_row(&sheet, c, &lines[i]);
    sheet.title = arena_printf(
        a, _("Cheapest price of a whole GPU in %s per hour, over all places asked for"),
        currency_name(c->request.currency));
    sheet_note(
        &sheet,
        _("speed: relative to an A10-24GB in work class %s; per GB and per work: from the lower of "
          "on-demand and spot."),
        c->class_);
    sheet_note(&sheet, "%s",
               _("days old and how sure belong to that price. `gpumix catalog show TYPE` gives the "
                 "sources."));
    return sheet_present(&sheet, o, cli);
}

enum {
    S_MARKET,
    S_TERM,
    S_REGION,
    S_ZONE,
    S_PRICE,
    S_PER_GPU,
    S_LIST,
    S_AGE,
    S_SURE,
    S_DATE,
    S_SOURCE,
    S_AT,
    N_SHOW_COLUMNS
};

static const struct sheet_column *show_columns(void)
{
    static const struct sheet_column columns[N_SHOW_COLUMNS] = {
        [S_MARKET] = {"market", N_("market"), 'l', false},
        [S_TERM] = {"term_h", "", 'r', true},
        [S_REGION] = {"region", N_("region"), 'l', false},
        [S_ZONE] = {"zone", N_("zone"), 'l', false},
        [S_PRICE] = {"price_per_h", N_("per h"), 'r', true},
        [S_PER_GPU] = {"price_per_gpu_h", N_("per GPU-h"), 'r', true},
        [S_LIST] = {"list_per_h", "", 'r', true},
        [S_AGE] = {"price_age_days", N_("days old"), 'r', true},
        [S_SURE] = {"confidence", N_("how sure"), 'l', false},
        [S_DATE] = {"date", "", 'l', false},
        [S_SOURCE] = {"source", N_("source"), 'l', false},
        [S_AT] = {"at", N_("row"), 'l', false},
    };
    return columns;
}

static void show_row(struct sheet *sheet, const struct catalogue *c, const struct offer *o)
{
    struct arena *a = sheet->arena;
    struct sheet_cell *cells = sheet_row(sheet);
    const struct instance_type *t = book_type(c->book, o->type);
    const struct price_row *row = o->row ? o->row : o->base;
    cells[S_MARKET] = sheet_both(offer_market_label(o), offer_market_word(o));
    cells[S_TERM] = sheet_number(a, o->term_h, 0);
    cells[S_REGION] = sheet_text(o->region);
    cells[S_ZONE] = sheet_text(o->zone);
    cells[S_PRICE] = sheet_both(price_text(a, o->price_per_h), arena_printf(a, "%.15g", o->price));
    cells[S_PER_GPU] =
        t->gpus > 0 ? sheet_number(a, o->price / t->gpus, 2) : (struct sheet_cell){0};
    cells[S_LIST] = sheet_number(a, ratio_value(o->list_per_h), 4);
    cells[S_AGE] = sheet_number(a, age_days(c, o), 0);
    if (!row) return;
    cells[S_SURE] = sure_cell(row, o->estimated);
    cells[S_DATE] = sheet_text(row->origin.date);
    cells[S_SOURCE] = sheet_text(row->origin.source);
    cells[S_AT] = sheet_text(place_label(a, row->origin.place));
}

static const char *type_title(const struct catalogue *c, size_t type, struct arena *a)
{
    const struct instance_type *t = book_type(c->book, type);
    if (t->gpu == NO_GPU)
        return arena_printf(a, _("%s: %ld vCPU, %s GB memory, %s Gbit/s; prices in %s"), t->name,
                            t->vcpu, number_text(a, t->ram_gib, 0), number_text(a, t->net_gbps, 0),
                            currency_name(c->request.currency));
    return arena_printf(
        a, _("%s: %g x %s (%s GB each), %ld vCPU, %s GB memory, %s Gbit/s; prices in %s"), t->name,
        t->gpus, book_gpu(c->book, t->gpu)->name, number_text(a, t->gpu_mem_gib, 0), t->vcpu,
        number_text(a, t->ram_gib, 0), number_text(a, t->net_gbps, 0),
        currency_name(c->request.currency));
}

static enum err type_find(size_t *type, const struct catalogue *c, const char *name, struct diag *d)
{
    *type = book_type_find(c->book, name);
    if (*type != SIZE_MAX) return OK;
    const enum err code = diag_error(d, ERR_NOT_FOUND, (struct place){0},
                                     _("the price book has no instance type \"%s\""), name);
    const char *near = book_type_nearest(c->book, name);
    if (near) diag_fix(d, _("did you mean %s?"), near);
    return code;
}

/* One line per market and reason, with all regions it holds for. */
static void missing_note(struct sheet *sheet, const struct catalogue *c, size_t type)
{
    bool *told = ARENA_NEW(sheet->arena, bool, c->offers.n_missing + 1);
    for (size_t i = 0; i < c->offers.n_missing; i++) {
        const struct no_offer *m = &c->offers.missing[i];
        if (m->type != type || told[i]) continue;
        const char *regions = m->region;
        const char *last = m->region;
        for (size_t j = i + 1; j < c->offers.n_missing; j++) {
            const struct no_offer *other = &c->offers.missing[j];
            if (other->type != type || other->market != m->market ||
                strcmp(other->reason, m->reason) != 0)
                continue;
            told[j] = true;
            if (strcmp(other->region, last) != 0)
                regions = arena_printf(sheet->arena, "%s, %s", regions, other->region);
            last = other->region;
        }
        sheet_note(sheet, _("no %s in %s: %s"), _(m->market->label), regions, m->reason);
    }
}

static int show_run(const struct options *o, struct cli *cli, struct catalogue *c)
{
    size_t type;
    const enum err code = type_find(&type, c, o->arguments[1], cli->diag);
    if (code != OK) return err_exit_status(code);
    struct sheet sheet = sheet_new(cli->arena, show_columns(), N_SHOW_COLUMNS);
    sheet.title = type_title(c, type, cli->arena);
    for (size_t i = 0; i < c->offers.n; i++)
        if (c->offers.items[i].type == type) show_row(&sheet, c, &c->offers.items[i]);
    missing_note(&sheet, c, type);
    return sheet_present(&sheet, o, cli);
}

static void count_row(struct sheet *sheet, const char *key, const char *label, size_t n)
{
    struct sheet_cell *cells = sheet_row(sheet);
    cells[0] = sheet_both(label, key);
    cells[1] = sheet_number(sheet->arena, (double)n, 0);
}

static int check_run(const struct options *o, struct cli *cli, struct catalogue *c)
{
    static const struct sheet_column columns[] = {
        {"what", N_("what"), 'l', false},
        {"count", N_("count"), 'r', true},
    };
    size_t estimated = 0, users = 0, sold = 0;
    for (size_t i = 0; i < book_price_count(c->book); i++) {
        estimated += confidence_is_estimate(book_price(c->book, i)->origin.confidence);
        users += book_price(c->book, i)->origin.user;
    }
    for (size_t i = 0; i < book_gpu_count(c->book); i++) sold += book_gpu(c->book, i)->sold;
    struct sheet sheet = sheet_new(cli->arena, columns, 2);
    count_row(&sheet, "instance_types", _("instance types"), book_type_count(c->book));
    count_row(&sheet, "gpu_models_sold", _("GPU models that are sold"), sold);
    count_row(&sheet, "regions", _("regions"), book_region_count(c->book));
    count_row(&sheet, "prices", _("price rows"), book_price_count(c->book));
    count_row(&sheet, "estimated_prices", _("of them estimated"), estimated);
    count_row(&sheet, "user_prices", _("of them from your files"), users);
    count_row(&sheet, "storage_classes", _("storage classes"), book_storage_class_count(c->book));
    count_row(&sheet, "offers", _("offers they make"), c->offers.n);
    count_row(&sheet, "warnings", _("warnings"), cli->diag->n_warnings);
    sheet_note(&sheet, _("Newest price: %s. Checksum: %s"), book_date(c->book),
               book_checksum(c->book));
    const int status = sheet_present(&sheet, o, cli);
    return status == 0 && option_given(o, "strict") && cli->diag->n_warnings ? EXIT_GATE : status;
}

static const struct view {
    const char *name;
    size_t arguments; /* with the name itself */
    int (*run)(const struct options *o, struct cli *cli, struct catalogue *c);
} views[] = {{"gpus", 1, gpus_run}, {"show", 2, show_run}, {"check", 1, check_run}};

static enum err view_find(const struct view **view, const struct options *o, struct diag *d)
{
    enum err code;
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        if (strcmp(o->arguments[0], views[i].name) != 0) continue;
        *view = &views[i];
        if (o->n_arguments == views[i].arguments) return OK;
        if (views[i].arguments > 1)
            code = diag_error(d, ERR_ARGUMENTS, (struct place){0},
                              _("catalog %s needs the name of an instance type"), views[i].name);
        else
            code = diag_error(d, ERR_ARGUMENTS, (struct place){0},
                              _("\"%s\" is one argument too many for catalog %s"), o->arguments[1],
                              views[i].name);
        diag_fix(d, "%s", _("write catalog gpus, catalog show TYPE or catalog check"));
        return code;
    }
    code = diag_error(d, ERR_NOT_FOUND, (struct place){0}, _("catalog has no view \"%s\""),
                      o->arguments[0]);
    diag_fix(d, "%s", _("write catalog gpus, catalog show TYPE or catalog check"));
    return code;
}

/* Views that do not need the book as a scenario sees it. */
static const struct table_view {
    const char *name;
    size_t least, most; /* arguments with the name */
    int (*run)(const struct options *o, struct cli *cli);
} table_views[] = {{"import", 2, 1000, catalog_import},
                   {"stats", 2, 2, catalog_stats},
                   {"fit", 2, 2, catalog_fit},
                   {"diff", 3, 3, catalog_diff}};

static int catalog_run(const struct options *o, struct cli *cli)
{
    for (size_t i = 0; i < sizeof table_views / sizeof *table_views; i++) {
        const struct table_view *v = &table_views[i];
        if (strcmp(o->arguments[0], v->name) != 0) continue;
        if (o->n_arguments >= v->least && o->n_arguments <= v->most) return v->run(o, cli);
        const enum err wrong = diag_error(cli->diag, ERR_ARGUMENTS, (struct place){0},
                                          _("catalog %s takes %s"), v->name,
                                          v->most > v->least ? _("one or more files")
                                          : v->least == 3    ? _("two files")
                                                             : _("one file"));
        return err_exit_status(wrong);
    }
    const struct view *view = &views[0];
    struct catalogue c = {0};
    enum err code = view_find(&view, o, cli->diag);
    if (code == OK) code = catalogue_read(&c, o, cli);
    return code == OK ? view->run(o, cli, &c) : err_exit_status(code);
}

const struct command cmd_catalog = {
    .name = "catalog",
    .arguments = N_("gpus|show TYPE|check|import FILE..|stats HISTORY|diff OLD NEW|fit TABLE"),
    .help = N_("what GPUs cost, how old the prices are and where they come from"),
    .examples = "  gpumix catalog gpus --sort work --class train_mixed\n"
                "  gpumix catalog gpus --region cn-shenzhen --json\n"
                "  gpumix catalog show ecs.gn7i-c16g1.4xlarge\n"
                "  gpumix catalog check --scenario scenario.yaml --strict\n"
                "  gpumix catalog import spot-history.json --book book\n"
                "  gpumix catalog stats book/history.csv\n"
                "  gpumix catalog fit lifetimes.csv --by zone\n"
                "  gpumix catalog fit book/history.csv --backtest --save spot\n",
    .options = catalog_options,
    .prints_data = true,
    .min_arguments = 1,
    .max_arguments = 1000,
    .run = catalog_run,
};

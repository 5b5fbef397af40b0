/* Saved runs: the JSON of one result, read back. Sees jansson, as format_json.c does. */
#include "common/text.h"
#include "report/bill.h"
#include <jansson.h>
#include <math.h>
#include <string.h>

struct reader {
    const char *path;
    struct arena *arena;
    struct diag *diag;
};

static enum err run_wrong(const struct reader *r, const char *what)
{
    const enum err code =
        diag_error(r->diag, ERR_RUN_FILE, (struct place){0}, "\"%s\": %s", r->path, what);
    diag_fix(r->diag, "%s", _("give files written by gpumix plan FILE --save RUN.json"));
    return code;
}

static const char *text_of(const json_t *o, const char *key, const struct reader *r)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? arena_strdup(r->arena, text) : NULL;
}

static double number_of(const json_t *o, const char *key)
{
    const json_t *value = json_object_get(o, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* Amounts are written with the 15 digits of a double, which holds every millionth below nine thousand million. */
static bool money_of(micro_t *amount, const json_t *o, const char *key)
{
    const double value = number_of(o, key);
    if (!isfinite(value) || fabs(value) > 9e9) return false;
    *amount = (micro_t)llround(value * 1e6);
    return true;
}

/* Share of rework of the first chosen candidate of the same workload and offer. */
static double rework_share(const json_t *root, const json_t *line)
{
    static const char *const keys[] = {"workload", "instance_type", "market", "region", "zone"};
    const json_t *list = json_object_get(root, "candidates");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *c = json_array_get(list, i);
        bool fits = json_is_true(json_object_get(c, "chosen"));
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            fits = fits && json_equal(json_object_get(c, keys[k]), json_object_get(line, keys[k]));
        if (!fits) continue;
        const double price = number_of(c, "price_part"), rework = number_of(c, "rework_part");
        return price + rework > 0 ? rework / (price + rework) : 0;
    }
    return 0;
}

static enum err line_read(struct bill *b, const json_t *root, const json_t *line,
                          const struct reader *r)
{
    struct bill_item item = {.workload = text_of(line, "workload", r),
                             .part = text_of(line, "part", r),
                             .type = text_of(line, "instance_type", r),
                             .market = text_of(line, "market", r),
                             .region = text_of(line, "region", r),
                             .place = text_of(line, "zone", r),
                             .dataset = text_of(line, "dataset", r),
                             .note = text_of(line, "note", r),
                             .unit = text_of(line, "unit", r),
                             .quantity = number_of(line, "quantity")};
    if (!item.place) item.place = item.region;
    if (!item.part || !isfinite(item.quantity) || !money_of(&item.amount, line, "cost"))
        return run_wrong(r, _("a line of its plan has no part, quantity or cost"));
    item.machines = (long)json_integer_value(json_object_get(line, "machines"));
    const bool compute = strcmp(item.part, ledger_part_name(PART_COMPUTE)) == 0 && item.type;
    bill_add(b, item, compute ? rework_share(root, line) : 0, r->arena);
    return OK;
}

static enum err lines_read(struct bill *b, const json_t *root, const struct reader *r)
{
    const json_t *list = json_object_get(root, "plan");
    micro_t sum = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        TRY(line_read(b, root, json_array_get(list, i), r));
    for (size_t i = 0; i < b->n_items; i++)
        if (!money_add(&sum, b->items[i].amount)) break;
    return sum == b->cost ? OK : run_wrong(r, _("its lines do not add up to its cost"));
}

static const char *value_text(const json_t *value, const struct reader *r)
{
    if (json_is_string(value)) return arena_strdup(r->arena, json_string_value(value));
    return json_is_object(value) ? "{}" : json_is_array(value) ? "[]" : "";
}

static void inputs_read(struct bill *b, const json_t *inputs, const struct reader *r)
{
    const json_t *values = json_object_get(inputs, "values");
    const json_t *files = json_object_get(inputs, "files");
    const json_t *book = json_object_get(inputs, "catalogue");
    b->scenario = text_of(inputs, "scenario", r);
    b->variant = text_of(inputs, "variant", r);
    b->version = text_of(json_object_get(inputs, "tool"), "version", r);
    b->book_date = text_of(book, "date", r);
    b->book_sha256 = text_of(book, "sha256", r);
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *v = json_array_get(values, i);
        const char *path = text_of(v, "path", r);
        if (!path) continue;
        *ARENA_PUSH(r->arena, b->values, b->n_values) =
            (struct bill_value){.path = path,
                                .value = value_text(json_object_get(v, "value"), r),
                                .file = text_of(v, "file", r),
                                .line = (long)json_integer_value(json_object_get(v, "line"))};
    }
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *f = json_array_get(files, i);
        const char *path = text_of(f, "path", r);
        if (path)
            *ARENA_PUSH(r->arena, b->files, b->n_files) =
                (struct input_file){path, text_of(f, "sha256", r)};
    }
}

static struct bill_luck luck_read(const json_t *s)
{
    return (struct bill_luck){
        .expected = number_of(s, "expected"),
        .expected_low = number_of(s, "expected_low"),
        .expected_high = number_of(s, "expected_high"),
        .p10 = number_of(s, "p10"),
        .p50 = number_of(s, "p50"),
        .p90 = number_of(s, "p90"),
        .p95 = number_of(s, "p95"),
        .late = number_of(s, "late"),
        .late_low = number_of(s, "late_low"),
        .late_high = number_of(s, "late_high"),
    };
}

static enum err summary_read(struct bill *b, const json_t *root, const struct reader *r)
{
    const json_t *s = json_object_get(root, "summary");
    b->status = text_of(s, "status", r);
    if (!b->status) return run_wrong(r, _("it has no summary of a plan"));
    b->currency = text_of(s, "currency", r);
    b->has_plan = strcmp(b->status, "optimal") == 0 || strcmp(b->status, "within_gap") == 0 ||
                  strcmp(b->status, "feasible") == 0;
    if (!b->has_plan) return OK;
    b->bound = number_of(s, "bound");
    b->gap = number_of(s, "gap");
    b->machine_h = number_of(s, "machine_hours");
    b->late_h = fmax(0, number_of(s, "late_hours"));
    b->machines = (long)json_integer_value(json_object_get(s, "machines"));
    b->finish = text_of(s, "finish", r);
    const json_int_t worlds = json_integer_value(json_object_get(s, "worlds"));
    if (worlds > 0) {
        b->worlds = (size_t)worlds;
        b->luck = luck_read(s);
    }
    const bool whole = isfinite(b->bound) && isfinite(b->gap) && isfinite(b->machine_h);
    if (!b->currency || !whole || !money_of(&b->cost, s, "cost"))
        return run_wrong(r, _("its summary has no currency, cost, bound, gap or machine_hours"));
    return lines_read(b, root, r);
}

static void root_release(void *root)
{
    json_decref(root);
}

/* "line 3, column 7: invalid token" of jansson, with its place. */
static enum err json_wrong(const struct reader *r, const json_error_t *e)
{
    const enum err code = e->line < 0 ? diag_error(r->diag, ERR_FILE, (struct place){0},
                                                   _("\"%s\" cannot be read"), r->path)
                                      : diag_error(r->diag, ERR_RUN_FILE, (struct place){0},
                                                   _("\"%s\", line %d, column %d: not valid JSON"),
                                                   r->path, e->line, e->column);
    diag_fix(r->diag, "%s", _("give files written by gpumix plan FILE --save RUN.json"));
    return code;
}

enum err bill_read(struct bill *b, const char *path, struct arena *a, struct diag *d)
{
    const struct reader r = {path, a, d};
    json_error_t error;
    *b = (struct bill){.name = path};
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!root) return json_wrong(&r, &error);
    arena_defer(a, root_release, root);
    if (json_object_get(root, "variants"))
        return run_wrong(&r, _("it holds several variants, and runs are compared one by one"));
    TRY(summary_read(b, root, &r));
    inputs_read(b, json_object_get(root, "inputs"), &r);
    return OK;
}

/* Storage and speeds of the user held against the built-in rows: of the same class and place (the same card) where there are any,
 * else against all of the class, else against all of the item. Mistakes that leave a factor behind are called by name. */
#include "pricing/book.h"
#include <math.h>
#include <string.h>

enum kind { MONEY, RATE, SIZE, SPEED_GPU, SPEED_CPU };

/* What a factor between a value and the known one tells, by kind of value; the reverse too. */
static const struct factor {
    enum kind kind;
    enum err code;
    double low, high;
    const char *over, *under;
} factors[] = {
    {MONEY, ERR_LINT_UNIT, 600, 800,
     N_("%s: %.4g times what is known (%.6g), as a month is to an hour"),
     N_("%s: %.4g times what is known (%.6g), as an hour is to a month")},
    {MONEY, ERR_LINT_CENTS, 80, 125, N_("%s: %.4g times what is known (%.6g), as yuan are to fen"),
     N_("%s: %.4g times what is known (%.6g), as fen are to yuan")},
    {MONEY, ERR_LINT_DIGITS, 900, 1100,
     N_("%s: %.4g times what is known (%.6g): three digits too many, or per TB instead of GB"),
     N_("%s: %.4g times what is known (%.6g): three digits are lost")},
    {MONEY, ERR_LINT_DOLLARS, 6.4, 7.6,
     N_("%s: %.4g times what is known (%.6g), as yuan given as dollars"),
     N_("%s: %.4g times what is known (%.6g), as dollars given as yuan")},
    {MONEY, ERR_LINT_DIGITS, 9.5, 10.5, N_("%s: %.4g times what is known (%.6g): a digit too many"),
     N_("%s: %.4g times what is known (%.6g): a digit is lost, or per 1,000 instead of 10,000")},
    {MONEY, ERR_LINT_DIGITS, 9000, 11000,
     N_("%s: %.4g times what is known (%.6g), as 10,000 are to one"),
     N_("%s: %.4g times what is known (%.6g), as one is to 10,000")},
    {RATE, ERR_LINT_DIGITS, 7.8, 8.2,
     N_("%s: %.4g times what is known (%.6g), as bits are to bytes"),
     N_("%s: %.4g times what is known (%.6g), as bytes are to bits")},
    {RATE, ERR_LINT_DIGITS, 900, 1100,
     N_("%s: %.4g times what is known (%.6g), as a GB is to a MB"),
     N_("%s: %.4g times what is known (%.6g), as a MB is to a GB")},
    {SIZE, ERR_LINT_DIGITS, 900, 1100,
     N_("%s: %.4g times what is known (%.6g), as a TiB is to a GiB"),
     N_("%s: %.4g times what is known (%.6g), as a GiB is to a TiB")},
    {SPEED_GPU, ERR_LINT_CARD, 7.8, 8.2,
     N_("%s: %.4g times what is known (%.6g): that of a machine with 8 GPUs"),
     N_("%s: %.4g times what is known (%.6g): that of an eighth of a GPU")},
    {SPEED_CPU, ERR_LINT_CARD, 15.5, 16.5,
     N_("%s: %.4g times what is known (%.6g): that of 16 vCPU for one"),
     N_("%s: %.4g times what is known (%.6g): that of one vCPU for 16")},
    {SPEED_GPU, ERR_LINT_DIGITS, 9.5, 10.5,
     N_("%s: %.4g times what is known (%.6g): a digit too many"),
     N_("%s: %.4g times what is known (%.6g): a digit is lost")},
    {SPEED_GPU, ERR_LINT_DIGITS, 90, 110, N_("%s: %.4g times what is known (%.6g), as percent"),
     N_("%s: %.4g times what is known (%.6g): two digits are lost")},
    {SPEED_CPU, ERR_LINT_DIGITS, 90, 110, N_("%s: %.4g times what is known (%.6g), as percent"),
     N_("%s: %.4g times what is known (%.6g): two digits are lost")},
};

static const double most_times = 5, cny_per_usd = 7;

/* A value of the user and what it is called. */
struct value {
    enum kind kind;
    double value;
    const char *name;
    struct place at;
};

static void say(struct loader *l, const struct value *v, enum err code, const char *what,
                double known)
{
    /* the format is one of the literals here */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (code == ERR_LINT_UNIT)
        diag_error(l->diag, code, v->at, _(what), v->name, v->value / known, known);
    else
        diag_warning(l->diag, code, v->at, _(what), v->name, v->value / known, known);
#pragma GCC diagnostic pop
    if (code == ERR_LINT_CARD && v->kind == SPEED_CPU)
        diag_why(l->diag, _("rows CPU-16vcpu-FAMILY are for 16 vCPU, rows CPU-FAMILY for one"));
    else if (code == ERR_LINT_DIGITS || code == ERR_LINT_CARD)
        diag_why(l->diag, _("the plan would be wrong by this factor"));
    diag_fix(l->diag, _("correct the value; if it is right, say why in a column `checked`"));
}

/* True when the factor has a name. */
static bool lint_named(struct loader *l, const struct value *v, double known)
{
    const double times = v->value / known;
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        const struct factor *f = &factors[i];
        const bool over = times >= f->low && times <= f->high;
        const bool under = 1 / times >= f->low && 1 / times <= f->high;
        if (f->kind != v->kind || (!over && !under)) continue;
        say(l, v, f->code, over ? f->over : f->under, known);
        return true;
    }
    return false;
}

/* Values that are known of others; least 0: none. */
struct range {
    double least, most;
};

static void range_add(struct range *r, double value)
{
    if (!(value > 0)) return;
    if (r->least == 0 || value < r->least) r->least = value;
    if (value > r->most) r->most = value;
}

static void lint_range(struct loader *l, const struct value *v, struct range known)
{
    if (known.least == 0 || !(v->value > 0)) return;
    const double nearest = v->value < known.least ? known.least : known.most;
    if (v->value >= known.least && v->value <= known.most) return;
    if (lint_named(l, v, nearest)) return;
    if (v->value >= known.least / most_times && v->value <= known.most * most_times) return;
    say(l, v, ERR_LINT_OUTLIER, N_("%s: %.4g times what is known (%.6g)"), nearest);
}

/* --- storage --- */

static double storage_value(const struct storage_row *s)
{
    return ratio_value(s->value) * (s->currency == CURRENCY_USD ? cny_per_usd : 1);
}

/* The item's own kind; false for items that are compared with nothing. */
static bool kind_of(enum kind *kind, const char *item)
{
    static const struct {
        const char *item;
        enum kind kind;
    } kinds[] = {
        {"price_month", MONEY},   {"price_hour", MONEY},     {"egress", MONEY},
        {"retrieval", MONEY},     {"requests", MONEY},       {"min_size", SIZE},
        {"max_size", SIZE},       {"throughput_base", RATE}, {"throughput_slope", RATE},
        {"throughput_max", RATE}, {"write_max", RATE},       {"client_max", RATE},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(item, kinds[i].item) != 0) continue;
        *kind = kinds[i].kind;
        return true;
    }
    return false;
}

static void lint_storage_row(struct loader *l, const struct storage_row *s)
{
    const struct price_book *b = l->book;
    const char *item = storage_item_name(s->item);
    struct value v = {.value = storage_value(s), .at = s->origin.place};
    struct range here = {0}, of_class = {0}, of_item = {0};
    if (s->checked || !kind_of(&v.kind, item)) return;
    for (size_t i = 0; i < b->n_storage; i++) {
        const struct storage_row *other = &b->storage[i];
        if (other->origin.user || other->item != s->item) continue;
        range_add(&of_item, storage_value(other));
        if (other->class_ != s->class_) continue;
        range_add(&of_class, storage_value(other));
        if (strcmp(other->region, s->region) == 0) range_add(&here, storage_value(other));
    }
    v.name = arena_printf(l->arena, "%s `%s`", b->classes[s->class_].name, item);
    lint_range(l, &v, here.least > 0 ? here : of_class.least > 0 ? of_class : of_item);
}

/* --- speeds --- */

static void lint_speed_row(struct loader *l, const struct speed_to_check *c)
{
    const struct price_book *b = l->book;
    const struct gpu_speed *s = &b->speeds[c->row];
    const bool cpu = s->gpu == NO_GPU;
    struct range known = {0};
    range_add(&known, c->known);
    for (size_t i = 0; i < b->n_speeds && c->known == 0; i++) {
        const struct gpu_speed *other = &b->speeds[i];
        if (!other->origin.user && (other->gpu == NO_GPU) == cpu &&
            strcmp(other->work_class, s->work_class) == 0)
            range_add(&known, other->speed);
    }
    const struct value v = {
        cpu ? SPEED_CPU : SPEED_GPU, s->speed,
        arena_printf(l->arena, "%s %s", cpu ? s->family : b->gpus[s->gpu].name, s->work_class),
        s->origin.place};
    lint_range(l, &v, known);
}

void lint_tables(struct loader *l)
{
    const struct price_book *b = l->book;
    for (size_t i = 0; i < b->n_storage; i++)
        if (b->storage[i].origin.user) lint_storage_row(l, &b->storage[i]);
    for (size_t i = 0; i < b->n_speeds_to_check; i++) lint_speed_row(l, &b->speeds_to_check[i]);
}

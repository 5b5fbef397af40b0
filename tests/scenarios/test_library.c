/* The ready-made scenarios: each variant is lowered, and every worker finds a machine with a price. */
#include "demand_support.h"

static const struct library_case {
    const char *path;
    size_t n_demands; /* of the base */
    size_t n_variants;
    size_t n_warnings; /* of lowering the base */
} cases[] = {
    {"scenarios/library/01-train-llm-spot.yaml", 1, 4, 0},
    {"scenarios/library/02-finetune-lora.yaml", 12, 1, 0},
    {"scenarios/library/04-inference-batch.yaml", 29, 1,
     1}, /* the last night ends after the horizon */
    {"scenarios/library/06-render-farm.yaml", 96, 4, 0},
    {"scenarios/library/09-etl-cpu.yaml", 1, 1, 0},
};

static bool place_allowed(const struct scenario *s, const struct region *region)
{
    if (s->regions.n == 0) return region->mainland;
    for (size_t i = 0; i < s->regions.n; i++)
        if (!strcmp(s->regions.items[i], region->name)) return true;
    return false;
}

static bool type_priced(const struct scenario *s, const struct price_book *b, size_t type)
{
    bool stand_in = false;
    for (size_t i = 0; i < book_region_count(b); i++) {
        const struct region *region = book_region(b, i);
        if (place_allowed(s, region) &&
            price_find(b, type, region->name, "", MARKET_ON_DEMAND, &stand_in))
            return true;
    }
    return false;
}

static size_t machines_of(const struct shape *shape, const struct scenario *s,
                          const struct price_book *b, struct arena *a)
{
    size_t n = 0;
    for (size_t type = 0; type < book_type_count(b); type++)
        n += fit_check(shape, book_type(b, type), b, a).ok && type_priced(s, b, type);
    return n;
}

/* Number of demands of one variant; NULL: the base. */
static size_t variant_check(const struct library_case *c, const char *variant,
                            const struct price_book *b, struct arena *a)
{
    struct diag d = diag_of(a);
    struct scenario s;
    const struct scenario_options options = {.variant = variant};
    const char *name = variant ? variant : "base";
    const enum err loaded = scenario_load(&s, c->path, &options, a, &d);
    gsl_test_int((int)loaded, OK, "%s %s loads", c->path, name);
    if (loaded != OK) return 0;
    const size_t before = d.n_warnings;
    struct demand_list list;
    const enum err made = demands_make(&list, &s, b, a, &d);
    gsl_test_int((int)made, OK, "%s %s is lowered", c->path, name);
    if (made != OK) diag_print(&d, DIAG_TEXT, stdout);
    if (!variant)
        gsl_test_int((int)(d.n_warnings - before), (int)c->n_warnings, "%s: warnings", c->path);
    for (size_t i = 0; i < list.n_shapes; i++)
        gsl_test(machines_of(&list.shapes[i], &s, b, a) == 0, "%s %s: machines for %s", c->path,
                 name, list.shapes[i].workload->name);
    return list.n;
}

int main(void)
{
    struct arena *a = arena_new();
    const struct price_book *b = book_of(a);
    for (size_t i = 0; b && i < sizeof cases / sizeof cases[0]; i++) {
        const struct library_case *c = &cases[i];
        struct diag d = diag_of(a);
        struct text_list variants = {0};
        gsl_test_int((int)scenario_variants(&variants, c->path, a, &d), OK, "variants of %s",
                     c->path);
        gsl_test_int((int)variants.n, (int)c->n_variants, "%s: variants", c->path);
        const size_t base = variant_check(c, NULL, b, a);
        gsl_test_int((int)base, (int)c->n_demands, "%s: demands", c->path);
        for (size_t v = 0; v < variants.n; v++)
            gsl_test(variant_check(c, variants.items[v], b, a) < base, "%s %s: no work is lost",
                     c->path, variants.items[v]);
    }
    arena_free(a);
    return gsl_test_summary();
}

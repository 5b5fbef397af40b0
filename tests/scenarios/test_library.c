/* The ready-made scenarios: each variant is lowered, and every worker finds a machine with a price, which keeps the limits
 * of latency of its service. */
#include "demand_support.h"
#include "scenarios/service.h"

static const struct library_case {
    const char *path;
    size_t n_demands, n_services; /* of the base */
    size_t n_variants;
    size_t n_warnings; /* of lowering the base */
} cases[] = {
    {"scenarios/library/01-train-llm-spot.yaml", 1, 0, 4, 0},
    {"scenarios/library/02-finetune-lora.yaml", 12, 0, 1, 0},
    {"scenarios/library/03-inference-online.yaml", 0, 1, 4, 0},
    /* the last night ends after the horizon */
    {"scenarios/library/04-inference-batch.yaml", 29, 0, 1, 1},
    {"scenarios/library/05-dev-workstations.yaml", 1, 1, 2, 0},
    {"scenarios/library/06-render-farm.yaml", 96, 0, 4, 0},
    {"scenarios/library/07-cloud-gaming.yaml", 0, 1, 3, 0},
    {"scenarios/library/08-cad-seats.yaml", 5, 2, 2, 0},
    {"scenarios/library/09-etl-cpu.yaml", 1, 0, 1, 0},
    /* the fifth weeks of three fine-tunes end after the horizon */
    {"scenarios/library/10-company-month.yaml", 110, 1, 3, 3},
    {"scenarios/library/11-sd-web.yaml", 0, 1, 4, 0},
    {"scenarios/library/12-cae-cluster.yaml", 24, 1, 3, 0},
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
    for (size_t type = 0; type < book_type_count(b); type++) {
        const struct fit fit = fit_check(shape, book_type(b, type), b, a);
        const char *reason = NULL;
        if (!fit.ok || !type_priced(s, b, type)) continue;
        n += !shape->service || service_fits_latency(shape->service, fit.speed, &reason);
    }
    return n;
}

/* How much of a variant there is. */
struct counts {
    size_t demands, services;
};

/* One variant; NULL: the base. */
static struct counts variant_check(const struct library_case *c, const char *variant,
                                   const struct price_book *b, struct arena *a)
{
    struct diag d = diag_of(a);
    struct scenario s;
    const struct scenario_options options = {.variant = variant};
    const char *name = variant ? variant : "base";
    const enum err loaded = scenario_load(&s, c->path, &options, a, &d);
    gsl_test_int((int)loaded, OK, "%s %s loads", c->path, name);
    if (loaded != OK) return (struct counts){0};
    const size_t before = d.n_warnings;
    struct demand_list list;
    struct service_list services;
    const enum err made = demands_make(&list, &s, b, a, &d);
    const enum err served = services_make(&services, &s, b, a, &d);
    gsl_test_int((int)made, OK, "%s %s is lowered", c->path, name);
    gsl_test_int((int)served, OK, "%s %s is served", c->path, name);
    if (made != OK || served != OK) diag_print(&d, DIAG_TEXT, stdout);
    if (!variant)
        gsl_test_int((int)(d.n_warnings - before), (int)c->n_warnings, "%s: warnings", c->path);
    for (size_t i = 0; i < list.n_shapes; i++)
        gsl_test(machines_of(&list.shapes[i], &s, b, a) == 0, "%s %s: machines for %s", c->path,
                 name, list.shapes[i].workload->name);
    for (size_t i = 0; i < services.n_shapes; i++)
        gsl_test(machines_of(&services.shapes[i], &s, b, a) == 0, "%s %s: machines for %s", c->path,
                 name, services.items[i].name);
    return (struct counts){list.n, services.n};
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
        const struct counts base = variant_check(c, NULL, b, a);
        gsl_test_int((int)base.demands, (int)c->n_demands, "%s: demands", c->path);
        gsl_test_int((int)base.services, (int)c->n_services, "%s: services", c->path);
        for (size_t v = 0; v < variants.n; v++) {
            const struct counts n = variant_check(c, variants.items[v], b, a);
            gsl_test(n.demands < base.demands || n.services != base.services,
                     "%s %s: nothing is lost", c->path, variants.items[v]);
        }
    }
    arena_free(a);
    return gsl_test_summary();
}

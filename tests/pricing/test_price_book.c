/* Loading: what replaces what, what a checksum covers, which row is found. */
#include "tests/pricing/fixture.h"
#include <math.h>

static void test_replaced_type(void)
{
    struct fixture f;
    fixture_load(
        &f, &(struct texts){.instances = INSTANCE_HEADER
                            "ecs.c7.large,c7,none,0,0,n/a,2,5,3,rdma,mine,quoted\n"
                            "my.l20n,my,L20N,2,72,yes,64,512,100,nvenc ecc,mine,estimated\n"
                            "my.slice,my,A10,0.25,6,,4,15,,grid_driver,mine,quoted\n"
                            "my.new,my,X9-64GB,0.5,32,,unknown,unknown,unknown,,mine,quoted\n"});
    const struct price_book *b = f.book;
    gsl_test(f.code != OK || book_type_count(b) != 373, "three types are new, one replaces: %s",
             f.findings);
    const struct instance_type *t = book_type(b, type_named(b, "ecs.c7.large"));
    gsl_test(t->ram_gib != 5 || t->net_gbps != 3 || t->features != FEATURE_RDMA || !t->origin.user,
             "the user's row holds");
    gsl_test(t->origin.day != INT64_MIN || *t->origin.date, "its day is not known");
    t = book_type(b, type_named(b, "my.l20n"));
    gsl_test(strcmp(book_gpu(b, t->gpu)->name, "L20N-72GB") != 0,
             "an alias of two models: memory decides");
    gsl_test(!(t->features & FEATURE_NVLINK) || !(t->features & FEATURE_AV1_ENCODE),
             "features add up");
    t = book_type(b, type_named(b, "my.slice"));
    gsl_test(strcmp(book_gpu(b, t->gpu)->name, "A10-24GB") != 0 || t->gpus != 0.25,
             "a slice by its key");
    gsl_test(!(t->features & FEATURE_GRID_DRIVER) || t->billing_step_us != 2 * (US_PER_H / 60),
             "driver, grain");
    t = book_type(b, type_named(b, "my.new"));
    const struct gpu_model *g = book_gpu(b, t->gpu);
    gsl_test(strcmp(g->name, "X9-64GB") != 0 || g->memory_gib != 64 || g->features != 0 || !g->sold,
             "a model of the user's own: %g GiB", g->memory_gib);
    gsl_test(t->vcpu != 0 || t->ram_gib != 0 || t->net_gbps != 0, "unknown is 0");
    fixture_free(&f);
    fixture_load(&f, &(struct texts){.instances = INSTANCE_HEADER
                                     "my.h100,my,H100-80GB,8,80,yes,128,1024,,,mine,quoted\n"});
    gsl_test(!book_gpu(f.book, book_gpu_find(f.book, "H100-80GB"))->sold, "the user sells an H100");
    fixture_free(&f);
}

static void test_speeds(void)
{
    struct fixture f;
    fixture_load(&f, &(struct texts){.speed = SPEED_HEADER
                                     "A10,train_mixed,1.17,mine,measured\n"
                                     "CPU-c7a,cpu_etl,0.93,mine,measured\n"
                                     "CPU-16vcpu-g8i,infer_small,0.12,mine,measured\n"});
    const struct price_book *b = f.book;
    const struct gpu_speed *s = book_speed(b, "train_mixed", book_gpu_find(b, "A10-24GB"), NULL);
    gsl_test(f.code != OK || s->speed != 1.17 || !s->origin.user, "the user's speed holds: %s",
             f.findings);
    s = book_speed(b, "cpu_etl", NO_GPU, "c7a");
    gsl_test(!s || s->speed != 0.93, "a family the book has no evidence about");
    s = book_speed(b, "infer_small", NO_GPU, "g8i");
    gsl_test(!s || s->speed != 0.12 / 16, "16 vCPU are divided");
    gsl_test(book_speed(b, "infer_small", NO_GPU, "g7") != NULL, "and nothing is invented");
    fixture_free(&f);
}

static const struct price_row *row_of(const struct fixture *f, const char *type, const char *region,
                                      const char *zone, enum market_id market, bool *stand_in)
{
    return price_find(f->book, type_named(f->book, type), region, zone, market, stand_in);
}

static void test_find(void)
{
    struct fixture f;
    bool stand_in = false;
    fixture_load(&f, &(struct texts){0});
    const struct price_row *row =
        row_of(&f, "ecs.gn7e-c16g1.32xlarge", "cn-heyuan", "", MARKET_ON_DEMAND, &stand_in);
    gsl_test(!row || !stand_in || strcmp(row->region, "cn-mainland") != 0,
             "the mainland stands in");
    row = row_of(&f, "ecs.gn7e-c16g1.32xlarge", "cn-shenzhen", "cn-shenzhen-a", MARKET_ON_DEMAND,
                 &stand_in);
    gsl_test(!row || stand_in || *row->zone, "a region's row holds in its zones");
    row = row_of(&f, "ecs.gn7e-c16g1.32xlarge", "cn-heyuan", "", MARKET_SPOT, &stand_in);
    gsl_test(!row || stand_in || !row->is_ratio || strcmp(row->scope, "A100-80") != 0,
             "a default row");
    row = row_of(&f, "ecs.gn6v-c8g1.2xlarge", "cn-heyuan", "", MARKET_SPOT, &stand_in);
    gsl_test(!row || strcmp(row->scope, "V100") != 0, "default:V100 means both memory sizes");
    row = row_of(&f, "ecs.gn6e-c12g1.3xlarge", "cn-heyuan", "", MARKET_SPOT, &stand_in);
    gsl_test(!row || strcmp(row->scope, "V100") != 0, "of 16 and of 32 GB");
    row = row_of(&f, "ecs.g8i.large", "cn-heyuan", "", MARKET_SPOT, &stand_in);
    gsl_test(!row || strcmp(row->scope, "g8i") != 0, "default of a family");
    gsl_test(row_of(&f, "ecs.gn7-c12g1.3xlarge", "cn-heyuan", "", MARKET_SPOT, &stand_in) != NULL,
             "default:A100-80 is not for 40 GB");
    gsl_test(row_of(&f, "ecs.c7.large", "cn-beijing", "", MARKET_SUBSCRIPTION, &stand_in) != NULL,
             "default:GPU is not for CPU machines");
    row = row_of(&f, "ecs.gn7i-c8g1.2xlarge", "cn-shanghai", "", MARKET_SUBSCRIPTION, &stand_in);
    gsl_test(!row || row->unit != UNIT_MONTH || !ratio_is(row->price, "4575.66"),
             "the month goes first");
    row = row_of(&f, "ecs.gn7i-c8g1.2xlarge", "cn-shanghai", "", MARKET_AUTOSCALED, &stand_in);
    gsl_test(!row || row->market != MARKET_ON_DEMAND, "autoscaled pays on-demand");
    gsl_test(row_of(&f, "ecs.gn6v-c8g1.4xlarge", "cn-beijing", "", MARKET_SPOT, &stand_in) != NULL,
             "known not to be offered");
    row = row_of(&f, "ecs.gn7i-c8g1.2xlarge", "cn-beijing", "cn-beijing-f", MARKET_SPOT, &stand_in);
    gsl_test(!row || !row->no_stock, "9.533 against 9.5326 is rounding: no stock");
    gsl_test(row_of(&f, "ecs.gn7i-c8g1.2xlarge", "cn-beijing", "cn-beijing-a", MARKET_SPOT,
                    &stand_in) != NULL,
             "a zone without a row of its own");
    gsl_test(row_of(&f, "ecs.gn9i-2x", "eu-west-1", "", MARKET_ON_DEMAND, &stand_in) != NULL,
             "a region nobody named");
    fixture_free(&f);
}

static void test_places(void)
{
    struct fixture f;
    fixture_load(&f, &(struct texts){.prices = PRICE_HEADER
                                     "ecs.c7.large,ap-southeast-2,ap-southeast-2b,on_"
                                     "demand,0.41,CNY,h,2026-10-09,mine,quoted\n"});
    const struct price_book *b = f.book;
    const struct region *r = book_region(b, book_region_find(b, "ap-southeast-2b"));
    gsl_test(strcmp(r->name, "ap-southeast-2") != 0 || !r->user || r->mainland || r->n_zones != 1,
             "a region and zone of the user's own");
    r = book_region(b, book_region_find(b, "cn-hangzhou-k"));
    gsl_test(strcmp(r->name, "cn-hangzhou") != 0 || r->user || !r->mainland || r->n_zones != 8,
             "a zone leads to its region: %zu zones", r->n_zones);
    gsl_test(book_region(b, book_region_find(b, "cn-hongkong"))->mainland,
             "Hong Kong is not the mainland");
    gsl_test(book_region_find(b, "cn-mainland") != SIZE_MAX,
             "cn-mainland is a price's word, no region");
    gsl_test(book_region_find(b, "cn-hangzhou-z") != SIZE_MAX, "a zone the book would know");
    gsl_test(book_region_find(b, "cn-shenzhen-e") != book_region_find(b, "cn-shenzhen"),
             "a zone it cannot know");
    gsl_test(strcmp(book_place_nearest(b, "cn-wulanchab"), "cn-wulanchabu") != 0, "nearest region");
    gsl_test(book_place_nearest(b, "mars") != NULL, "nothing is near");
    gsl_test(strcmp(book_type_nearest(b, "ecs.gn7i-c8g1.2xlarg"), "ecs.gn7i-c8g1.2xlarge") != 0,
             "nearest type");
    fixture_free(&f);
}

static void test_checksum(void)
{
    static const char a[] =
        PRICE_HEADER "ecs.c7.large,cn-beijing,,on_demand,0.41,CNY,h,2026-10-09,mine,quoted\n";
    static const char b[] =
        PRICE_HEADER "ecs.c7.large,cn-beijing,,on_demand,0.42,CNY,h,2026-10-09,mine,quoted\n";
    const struct texts texts[] = {{0}, {0}, {.prices = a}, {.prices = b}, {.prices = a}};
    char sums[5][65];
    for (size_t i = 0; i < 5; i++) {
        struct fixture f;
        fixture_load(&f, &texts[i]);
        snprintf(sums[i], sizeof sums[i], "%s", book_checksum(f.book));
        gsl_test(strcmp(book_date(f.book), i < 2 ? "2026-09-28" : "2026-10-09") != 0,
                 "date of the newest price");
        fixture_free(&f);
    }
    gsl_test(strlen(sums[0]) != 64 || strcmp(sums[0], sums[1]) != 0,
             "the same tables, the same checksum");
    gsl_test(strcmp(sums[0], sums[2]) == 0 || strcmp(sums[2], sums[3]) == 0,
             "other tables, another one");
    gsl_test(strcmp(sums[2], sums[4]) != 0, "it covers nothing else");
}

static void test_words(void)
{
    gsl_test(feature_by_name("fp64") != FEATURE_FP64 || feature_by_name("rdma") != FEATURE_RDMA,
             "features");
    gsl_test(feature_by_name("raytracing") != 0 ||
                 feature_name(FEATURE_NVENC | FEATURE_ECC) != NULL,
             "no others");
    for (unsigned bit = 1; bit <= FEATURE_RDMA; bit *= 2) {
        gsl_test(feature_by_name(feature_name(bit)) != bit, "feature %s", feature_name(bit));
    }
    gsl_test(strcmp(confidence_name(CONFIDENCE_QUOTED_SECONDARY), "quoted_secondary") != 0,
             "confidence");
    gsl_test(confidence_is_estimate(CONFIDENCE_DERIVED) ||
                 !confidence_is_estimate(CONFIDENCE_UNVERIFIED),
             "what counts as an estimate");
}

static void test_licences(void)
{
    struct fixture f;
    fixture_load(&f, &(struct texts){0});
    const struct licence_price *p = book_licence(f.book, "vGPU virtual workstation");
    gsl_test(!p || !ratio_is(p->price, "140") || p->unit != UNIT_MONTH ||
                 p->currency != CURRENCY_CNY || !confidence_is_estimate(p->origin.confidence),
             "a licence with an estimated price");
    gsl_test(book_licence(f.book, "render engine") != NULL, "one the book does not know");
    fixture_free(&f);
}

/* A file that cannot be read and one that is wrong: both are said. */
static void test_several_files(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct price_book *b = NULL;
    const char *const files[] = {
        "nowhere.csv",
        fixture_write("prices.csv", PRICE_HEADER
                      "ecs.c7.large,cn-beijing,,on_demand,,CNY,h,2026-10-09,mine,quoted\n"),
        NULL};
    const struct book_sources s = {.builtin = true, .prices = files};
    const enum err e = price_book_load(&b, &s, fixture_today(), 1e6, a, &d);
    gsl_test(e == OK || d.n_errors != 2, "two findings");
    gsl_test(!d.first->next || d.first->next->code != ERR_BOOK_EMPTY,
             "the second file is read too");
    arena_free(a);
}

int main(void)
{
    fixture_folder();
    test_replaced_type();
    test_speeds();
    test_find();
    test_places();
    test_checksum();
    test_words();
    test_licences();
    test_several_files();
    fixture_leave();
    return gsl_test_summary();
}

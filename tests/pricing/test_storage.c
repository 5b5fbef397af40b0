/* Storage tariffs: put together from rows, in the right region, exact. */
#include "tests/pricing/fixture.h"
#include <math.h>

static struct storage_tariff tariff(const struct price_book *b, const char *class_,
                                    const char *region)
{
    const size_t found = book_storage_find(b, class_);
    if (found == SIZE_MAX) gsl_test(1, "class %s is in the book", class_);
    return book_storage(b, found == SIZE_MAX ? 0 : found, region);
}

/* min(base + slope C, max) */
static double throughput(const struct storage_tariff *t, double gib)
{
    return fmin(t->base_mbps + t->slope_mbps_per_gib * gib, t->max_mbps);
}

static const struct expected {
    const char *class_, *region, *price_month; /* NULL: no price */
    double min_gib, step_gib, max_gib;
    double at_gib, mbps;
} expectations[] = {
    {"oss-standard", "cn-shanghai", "0.12", 0, 0, INFINITY, 17.3, 12500},
    {"oss-standard", "cn-zhangjiakou", "0.12", 0, 0, INFINITY, 17.3, 2500},
    {"oss-standard", "cn-heyuan", "0.12", 0, 0, INFINITY, 17.3, 1250},
    {"oss-standard", "ap-southeast-1", NULL, 0, 0, INFINITY, 17.3, 12500},
    {"oss-standard", "us-east-1", NULL, 0, 0, INFINITY, 17.3, 250},
    {"oss-standard", "cn-hongkong", NULL, 0, 0, INFINITY, 17.3, 250},
    {"oss-ia", "cn-beijing", "0.08", 0, 0, INFINITY, 17.3, 12500},
    {"oss-accelerated", "cn-beijing", NULL, 0, 0, INFINITY, 1024, 200},
    {"oss-hdfs", "cn-beijing", NULL, 0, 0, INFINITY, 1024, 12500},
    {"cpfs-200", "cn-hangzhou", "1.4", 3600, 0, 1048576, 3600, 703.125},
    {"cpfs-200", "cn-beijing", "1.4", 3600, 0, 1048576, 51.2 * 1024, 10240},
    {"cpfs-100", "cn-beijing", "0.75", 3600, 0, 1048576, 102.4 * 1024, 10240},
    {"cpfs-400", "cn-wulanchabu", NULL, 10240, 10240, INFINITY, 25 * 1024, 10000},
    {"cpfs-capacity", "cn-beijing", NULL, 0, 0, INFINITY, 1024, 0},
    {"nas-capacity", "cn-beijing", "0.35", 0, 0, 10485760, 2048, 300},
    {"nas-performance", "cn-beijing", "1.85", 0, 0, 1048576, 2048, 1200},
    {"nas-premium", "cn-beijing", NULL, 0, 0, INFINITY, 2048, 0},
    {"essd-pl0", "cn-beijing", "0.72", 40, 0, 32768, 100, 125},
    {"essd-pl1", "cn-beijing", "1.512", 20, 0, 32768, 460, 350},
    {"essd-pl2", "cn-beijing", "3.024", 461, 0, 32768, 461, 350.5},
    {"essd-pl3", "cn-beijing", "5.976", 1261, 0, 32768, 7759, 3999.5},
    {"essd-pl3", "cn-beijing", "5.976", 1261, 0, 32768, 7760, 4000},
};

static void test_expected(const struct price_book *b)
{
    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
        const struct expected *e = &expectations[i];
        const struct storage_tariff t = tariff(b, e->class_, e->region);
        struct ratio month = RATIO_ZERO;
        gsl_test(t.has_price != (e->price_month != NULL), "%s in %s has a price: %d", e->class_,
                 e->region, t.has_price);
        gsl_test(!ratio_mul(&month, t.price_gib_h, (struct ratio){720, 1}), "720 h fit");
        gsl_test(e->price_month && !ratio_is(month, e->price_month), "%s in %s costs %s for 720 h",
                 e->class_, e->region, e->price_month);
        gsl_test(t.min_size_gib != e->min_gib || t.step_gib != e->step_gib ||
                     t.max_size_gib != e->max_gib,
                 "sizes of %s: %g %g %g", e->class_, t.min_size_gib, t.step_gib, t.max_size_gib);
        gsl_test_abs(throughput(&t, e->at_gib), e->mbps, 1e-9, "%s in %s reads at %g GiB",
                     e->class_, e->region, e->at_gib);
        gsl_test(t.class_->per_machine != (strncmp(e->class_, "essd", 4) == 0),
                 "%s: a disk of one machine", e->class_);
    }
}

static void test_extras(const struct price_book *b)
{
    const struct storage_tariff ia = tariff(b, "oss-ia", "cn-shenzhen");
    gsl_test(!ratio_is(ia.retrieval_gib, "0.0325") || ia.min_days != 30, "retrieval and 30 days");
    gsl_test(!ratio_is(ia.egress_gib, "0.5") || !ratio_is(ia.requests_10k, "0.01"),
             "egress, requests");
    gsl_test(ia.currency != CURRENCY_CNY, "in CNY");
    gsl_test_abs(ia.write_mbps, 2500, 0, "upload of 20 Gbit/s");
    const struct storage_tariff lingjun = tariff(b, "cpfs-400", "cn-wulanchabu");
    gsl_test_abs(lingjun.client_mbps, 25000, 0, "one client of Lingjun");
    gsl_test(!isinf(tariff(b, "nas-capacity", "cn-beijing").write_mbps), "no limit known");
    gsl_test(tariff(b, "cpfs-200", "cn-hangzhou").origin.confidence != CONFIDENCE_QUOTED,
             "the price of Hangzhou is quoted");
    gsl_test(tariff(b, "cpfs-200", "cn-beijing").origin.confidence != CONFIDENCE_ESTIMATED,
             "elsewhere it is an estimate");
    gsl_test(tariff(b, "oss-standard", "cn-beijing").origin.confidence != CONFIDENCE_ESTIMATED,
             "a price found for the mainland is an estimate, whatever its row says");
    /* 51.2 TiB of cpfs-200 give 10 GB/s for about 73,400 CNY a month */
    const struct storage_tariff cpfs = tariff(b, "cpfs-200", "cn-hangzhou");
    gsl_test_abs(ratio_value(cpfs.price_gib_h) * 720 * 51.2 * 1024, 73400.32, 1e-6, "claim 35");
}

/* The line for NAS Extreme never promises more than the step it stands for. */
static void test_nas_extreme(const struct price_book *b)
{
    static const struct {
        double from_gib, mbps;
    } steps[] = {
        {8192, 1200}, {4096, 900}, {2048, 600}, {500, 300}, {100, 150},
    };
    const struct storage_tariff t = tariff(b, "nas-extreme", "cn-beijing");
    double worst = INFINITY;
    size_t above = 0;
    for (int size = 100; size <= 262144; size += size < 20000 ? 1 : 37) {
        const double gib = size;
        size_t s = 0;
        while (gib <= steps[s].from_gib && s < 4) s++; /* a border belongs to the lower step */
        const double promised = throughput(&t, gib);
        above += promised > steps[s].mbps;
        worst = fmin(worst, promised / steps[s].mbps);
    }
    gsl_test(above != 0, "never above the step (%zu sizes are)", above);
    gsl_test(worst < 0.49, "and never under half of it: %g", worst);
    gsl_test_abs(t.min_size_gib, 100, 0, "smallest size");
}

static void test_user_rows(void)
{
    struct fixture f;
    fixture_load(
        &f, &(struct texts){
                .storage = STORAGE_HEADER
                "oss-standard,price_month,0.11,CNY/GB-month,cn-beijing,2026-10-09,mine,quoted\n"
                "cpfs-400,price_month,2.3,CNY/GiB-month,cn-mainland,2026-10-09,mine,quoted\n"
                "essd-pl1,price_month,0.9,CNY/GiB-month,cn-mainland,2026-10-09,mine,quoted\n"
                "tape,price_month,0.007,USD/GB-month,us-east-1,2026-10,mine,estimated\n"
                "tape,egress,0.03,USD/GB,us-east-1,2026,mine,estimated\n"
                "tape,throughput_max,8,Gbit/s,any,2026,mine,estimated\n"
                "tape,min_size,3,TiB,any,2026,mine,estimated\n"});
    gsl_test(f.code != OK || *f.findings, "the user's storage loads: %s", f.findings);
    struct storage_tariff t = tariff(f.book, "oss-standard", "cn-beijing");
    gsl_test(t.price_gib_h.num != 11 || t.price_gib_h.den != 72000, "exactly");
    gsl_test(!t.origin.user || t.origin.confidence != CONFIDENCE_QUOTED,
             "the user's row is no stand-in");
    gsl_test(tariff(f.book, "oss-standard", "cn-shenzhen").origin.user,
             "other regions keep the book's");
    gsl_test(!tariff(f.book, "cpfs-400", "cn-wulanchabu").has_price,
             "a class can be given its price");
    t = tariff(f.book, "essd-pl1", "cn-beijing");
    gsl_test(t.price_gib_h.num != 1 || t.price_gib_h.den != 800,
             "the user's month goes before our hour");
    t = tariff(f.book, "tape", "us-east-1");
    gsl_test(t.currency != CURRENCY_USD || !ratio_is(t.egress_gib, "0.03"), "a class of one's own");
    gsl_test(t.max_mbps != 1000 || t.min_size_gib != 3072, "units of sizes and speeds");
    gsl_test(tariff(f.book, "tape", "cn-beijing").has_price,
             "no price stands in for a region abroad");
    const struct region *r = book_region(f.book, book_region_find(f.book, "us-east-1"));
    gsl_test(!r->user, "a region in a storage file is a region of the user's files");
    fixture_free(&f);
}

int main(void)
{
    struct fixture f;
    fixture_folder();
    fixture_load(&f, &(struct texts){0});
    test_expected(f.book);
    test_extras(f.book);
    test_nas_extreme(f.book);
    gsl_test(book_storage_find(f.book, "oss") != SIZE_MAX, "oss alone is no class");
    fixture_free(&f);
    test_user_rows();
    fixture_leave();
    return gsl_test_summary();
}

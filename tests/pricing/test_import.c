/* Answers of the vendor's API, the odd ones included, and what is said of broken ones. */
#include "pricing/import.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct trial {
    struct arena *arena;
    struct diag diag;
    struct price_book *book;
    struct imported in;
    enum err code;
    const char *findings;
};

static void trial_start(struct trial *t)
{
    t->arena = arena_new();
    t->diag = (struct diag){.arena = t->arena};
    const struct book_sources builtin = {.builtin = true};
    moment_t today;
    gsl_test(!moment_parse(&today, "2026-10-01"), "a day");
    const enum err code = price_book_load(&t->book, &builtin, today, 1e6, t->arena, &t->diag);
    gsl_test(code != OK, "the built-in book loads");
    t->in = (struct imported){.arena = t->arena, .date = "2026-10-01"};
}

static void trial_read_as(struct trial *t, const char *path, const char *text,
                          const char *const *request)
{
    FILE *out = fopen(path, "w");
    fputs(text, out);
    fclose(out);
    t->code = import_read(&t->in, path, request, t->book, &t->diag);
    t->findings = findings_text(&t->diag);
    unlink(path);
}

static void trial_read(struct trial *t, const char *text)
{
    char path[] = "/tmp/gpumix-import-XXXXXX";
    close(mkstemp(path));
    trial_read_as(t, path, text, NULL);
}

static bool price_is(const struct trial *t, size_t k, const char *expected)
{
    if (k >= t->in.n_prices) return false;
    const struct import_price *p = &t->in.prices[k];
    char text[256];
    snprintf(text, sizeof text, "%s %s %s %d %d %.10g %s", p->type, p->region, p->zone,
             (int)p->market, (int)p->unit, ratio_value(p->price), p->date);
    if (strcmp(text, expected) == 0) return true;
    printf("  is: %s\n", text);
    return false;
}

/* Findings of a text that should be refused or warned about, exact to the byte. */
static void said(const char *text, enum err code, const char *expected, const char *what)
{
    struct trial t;
    trial_start(&t);
    trial_read(&t, text);
    gsl_test(t.code != code, "%s: code %s", what, err_code(t.code));
    gsl_test(strcmp(t.findings, expected) != 0, "%s\n  is:     %s  wanted: %s", what, t.findings,
             expected);
    gsl_test(t.in.n_prices + t.in.n_samples + t.in.n_stocks + t.in.n_types + t.in.n_advices != 0,
             "%s: nothing is taken", what);
    arena_free(t.arena);
}

#define HISTORY(rows)                                                                              \
    "{\"Currency\":\"CNY\",\"NextOffset\":0,\"SpotPrices\":{\"SpotPriceType\":[" rows "]}}"
#define SAMPLE(time, spot)                                                                         \
    "{\"InstanceType\":\"ecs.gn7i-c8g1.2xlarge\",\"ZoneId\":\"cn-beijing-h\",\"NetworkType\":"     \
    "\"vpc\","                                                                                     \
    "\"Timestamp\":\"" time "\",\"SpotPrice\":" spot ",\"OriginPrice\":9.53}"

static void test_history(void)
{
    struct trial t;
    trial_start(&t);
    /* newest first, numbers as strings, two pages side by side, an empty last page */
    trial_read(&t, HISTORY(SAMPLE("2026-09-30T07:00:00Z", "\"3.21\"") "," SAMPLE(
                       "2026-09-30T06:00Z",
                       "3.2")) "\n" HISTORY("{\"InstanceType\":\"ecs.gn6i-c4g1.xlarge\",\"ZoneId\":"
                                            "\"us-east-1a\",\"Timestamp\":"
                                            "\"2026-09-29T23:30:00+08:00\",\"SpotPrice\":\"11.63\","
                                            "\"OriginPrice\":\"11.63\"}") HISTORY(""));
    gsl_test(t.code != OK || *t.findings, "history is read: %s", t.findings);
    gsl_test(t.in.n_samples != 3 || t.in.n_prices != 4, "three samples, four prices: %zu %zu",
             t.in.n_samples, t.in.n_prices);
    gsl_test(!price_is(&t, 0, "ecs.gn7i-c8g1.2xlarge cn-beijing cn-beijing-h 1 0 3.21 2026-09-30"),
             "newest spot");
    gsl_test(!price_is(&t, 1, "ecs.gn7i-c8g1.2xlarge cn-beijing  0 0 9.53 2026-09-30"),
             "on-demand");
    gsl_test(!price_is(&t, 2, "ecs.gn6i-c4g1.xlarge us-east-1 us-east-1a 1 0 11.63 2026-09-29"),
             "a zone without a dash; an offset from UTC");
    gsl_test(!t.in.prices[2].no_stock || t.in.prices[0].no_stock, "equal to on-demand: no stock");
    gsl_test(t.in.samples[2].time % (24 * US_PER_H) != 15 * US_PER_H + US_PER_H / 2,
             "the moment in UTC");
    arena_free(t.arena);
}

static void test_advice(void)
{
    struct trial t;
    trial_start(&t);
    trial_read(&t, "{\"RegionId\":\"cn-hangzhou\",\"AvailableSpotZones\":{\"AvailableSpotZone\":["
                   "{\"ZoneId\":\"cn-hangzhou-i\"},"
                   "{\"AvailableSpotResources\":{\"AvailableSpotResource\":[{\"InstanceType\":"
                   "\"ecs.c5.large\","
                   "\"InterruptRateDesc\":\"0-3%\",\"InterruptionRate\":\"0.0\","
                   "\"AverageSpotDiscount\":\"20\"}]}},"
                   "{\"AvailableSpotResources\":{\"AvailableSpotResource\":[{\"InstanceType\":"
                   "\"ecs.c5.xlarge\","
                   "\"InterruptRateDesc\":\"10-100%\"}]},\"ZoneId\":\"cn-hangzhou-h\"}]}}");
    gsl_test(t.code != OK || *t.findings || t.in.n_advices != 2, "advice is read: %s", t.findings);
    const struct import_advice *v = t.in.advices;
    gsl_test(strcmp(v[0].zone, "cn-hangzhou-i") != 0 || v[0].low != 0 || v[0].high != 0.03 ||
                 v[0].paid_share != 0.2,
             "a zone and its machines in two neighbours, numbers quoted");
    gsl_test(strcmp(v[1].zone, "cn-hangzhou-h") != 0 || v[1].low != 0.1 || v[1].high != 1 ||
                 !isnan(v[1].paid_share),
             "the zone behind its machines");
    arena_free(t.arena);
}

#define DETAIL                                                                                     \
    "{\"PriceInfo\":{\"Price\":{\"Currency\":\"CNY\",\"OriginalPrice\":19.48,\"DiscountPrice\":0." \
    "0,"                                                                                           \
    "\"TradePrice\":19.48,\"DetailInfos\":{\"DetailInfo\":[{\"Resource\":\"SystemDisk\","          \
    "\"TradePrice\":0.42},"                                                                        \
    "{\"Resource\":\"instanceType\",\"OriginalPrice\":19.06,\"DiscountPrice\":0,\"TradePrice\":"   \
    "19.06}]}},"                                                                                   \
    "\"RelatedPrice\":{\"MarketplaceImagePrice\":{\"Currency\":\"CNY\",\"TradePrice\":0.0}}}}"
#define YEAR                                                                                       \
    "{\"PriceInfo\":{\"Price\":{\"Currency\":\"CNY\",\"OriginalPrice\":4368,\"DiscountPrice\":"    \
    "655.2,"                                                                                       \
    "\"TradePrice\":3712.8}}}"

static void test_price(void)
{
    struct trial t;
    trial_start(&t);
    const char *const two[] = {"Amount=2", NULL};
    trial_read_as(&t, "/tmp/cn-shanghai_ecs.gn7i-c8g1.2xlarge_Hour.json", DETAIL, two);
    gsl_test(t.code != OK || *t.findings, "a price by its file name: %s", t.findings);
    gsl_test(!price_is(&t, 0, "ecs.gn7i-c8g1.2xlarge cn-shanghai  0 0 9.53 2026-10-01"),
             "the machine alone, for one of two");
    trial_read(&t,
               "[{\"request\":{\"RegionId\":\"cn-beijing\",\"InstanceType\":\"ecs.c7.large\","
               "\"PriceUnit\":\"Year\","
               "\"Period\":1},\"response\":" YEAR "},{\"response\":" YEAR
               ",\"request\":{\"RegionId\":\"cn-beijing\","
               "\"InstanceType\":\"ecs.c7.xlarge\",\"PriceUnit\":\"Month\",\"Period\":\"12\"}}]");
    gsl_test(t.code != OK || *t.findings || t.in.n_prices != 3, "envelopes, before and behind: %s",
             t.findings);
    gsl_test(!price_is(&t, 1, "ecs.c7.large cn-beijing  3 2 3712.8 2026-10-01"),
             "the vendor's example of a year");
    gsl_test(!price_is(&t, 2, "ecs.c7.xlarge cn-beijing  3 2 3712.8 2026-10-01"),
             "twelve months are a year");
    arena_free(t.arena);
}

static void test_types_and_stock(void)
{
    struct trial t;
    trial_start(&t);
    trial_read(&t,
               "{\"InstanceTypes\":{\"InstanceType\":[{\"InstanceTypeId\":\"ecs.vgn7i-x.large\","
               "\"InstanceTypeFamily\":\"ecs.vgn7i\",\"CpuCoreCount\":4,\"MemorySize\":\"30.0\","
               "\"GPUAmount\":1,"
               "\"GPUSpec\":\"NVIDIA A10\",\"GPUMemorySize\":4.0,\"InstanceBandwidthRx\":3072000,"
               "\"InstanceBandwidthTx\":4096000},{\"InstanceTypeId\":\"ecs.x9.large\","
               "\"InstanceTypeFamily\":\"ecs.x9\","
               "\"CpuCoreCount\":2,\"MemorySize\":4,\"GPUAmount\":0,\"GPUSpec\":\"\"}]}}");
    gsl_test(t.code != OK || *t.findings || t.in.n_types != 2, "types are read: %s", t.findings);
    const struct import_type *s = t.in.types;
    gsl_test(strcmp(s[0].gpu, "A10-24GB") != 0 || fabs(s[0].gpus - 1.0 / 6) > 1e-12 ||
                 s[0].net_gbps != 3,
             "a slice shows in its memory only: %s %g %g", s[0].gpu, s[0].gpus, s[0].net_gbps);
    gsl_test(s[1].gpus != 0 || s[1].vcpu != 2 || s[1].ram_gib != 4, "a machine without GPU");
    trial_read(
        &t, "{\"AvailableZones\":{\"AvailableZone\":[{\"ZoneId\":\"cn-hangzhou-i\","
            "\"AvailableResources\":"
            "{\"AvailableResource\":[{\"Type\":\"instanceType\",\"SupportedResources\":{"
            "\"SupportedResource\":["
            "{\"Value\":\"a.b\",\"Status\":\"available\",\"StatusCategory\":\"withstock\",\"Unit\":"
            "null},"
            "{\"Value\":\"a.c\",\"Status\":\"SoldOut\"}]}},{\"Type\":\"SystemDisk\","
            "\"SupportedResources\":"
            "{\"SupportedResource\":[{\"Value\":\"cloud_essd\",\"Status\":\"Available\"}]}}]}}]}}");
    gsl_test(t.code != OK || *t.findings || t.in.n_stocks != 2, "stock is read: %s", t.findings);
    gsl_test(t.in.stocks[0].stock != STOCK_YES || t.in.stocks[1].stock != STOCK_NONE,
             "letter case does not count");
    gsl_test(strcmp(t.in.stocks[1].region, "cn-hangzhou") != 0 || t.in.n_skipped != 1,
             "the region by the zone");
    arena_free(t.arena);
}

static void test_lists(void)
{
    struct trial t;
    trial_start(&t);
    trial_read(
        &t,
        "{\"pricingInfo\":{\"cn-beijing::ecs.gn7i-c8g1.2xlarge::vpc::linux::optimized\":{\"hours\":"
        "[{\"price\":"
        "\"9.5326\",\"period\":\"1\"}],\"months\":[{\"price\":\"4575.66\",\"period\":\"1\"}],"
        "\"years\":[{\"price\":"
        "\"46671.7\",\"period\":\"1\"},{\"price\":\"93343.5\",\"period\":\"2\"}]},"
        "\"cn-beijing::ecs.gn7i-c8g1.2xlarge::vpc::windows::optimized\":{\"hours\":[{\"price\":"
        "\"12\"}]},"
        "\"cn-beijing::ecs.nobody.large::vpc::linux::optimized\":{\"hours\":[{\"price\":\"12\"}]}},"
        "\"currency\":\"CNY\",\"publicationDate\":\"2024-10-09\"}");
    gsl_test(t.code != OK || *t.findings || t.in.n_prices != 3 || t.in.n_skipped != 3,
             "the price list: %s %zu", t.findings, t.in.n_prices);
    gsl_test(!price_is(&t, 2, "ecs.gn7i-c8g1.2xlarge cn-beijing  3 2 46671.7 2024-10-09"),
             "a year");
    trial_read(&t,
               "{\"cn-beijing\":{\"instanceTypePrices\":{\"ecs.c7.large\":{\"arch\":\"amd64\","
               "\"zones\":[\"a\"],"
               "\"onDemandPricePerHour\":0.41},\"ecs.c7.xlarge\":{\"onDemandPricePerHour\":0}}}}");
    gsl_test(t.code != OK || t.in.n_prices != 4 || t.in.n_skipped != 4,
             "a third party's copy; 0 is unknown");
    arena_free(t.arena);
}

static const char row_fix[] =
    "the row is left out; fetch the answer again, or enter the price by hand";

static void test_broken(void)
{
    char text[1024];
    said("{\"RequestId\":\"1\",\"HostId\":\"ecs\",\"Code\":\"Throttling\",\"Message\":\"Request "
         "was denied.\"}",
         ERR_IMPORT_ANSWER,
         "E2102 1:40 the API answered with an error: Throttling: Request was denied. -> ask again; "
         "`Throttling` is the name "
         "to look for in the vendor's documents\n",
         "an error object");
    said("{\"SpotPrices\":{\"SpotPriceType\":[{\"InstanceType\":", ERR_JSON,
         "E2100 1:48 this is not JSON: premature EOF -> give the answer of the API as it came; a "
         "file that was cut off must "
         "be fetched again\n",
         "a file cut off");
    said("{\"hello\":{}}", ERR_IMPORT_FORMAT,
         "E2101 0:0 this is no answer of the API and no price list that is known -> known are "
         "DescribeSpotPriceHistory, "
         "DescribeSpotAdvice, DescribePrice, DescribeInstanceTypes, DescribeAvailableResource, "
         "instancePrice.json, "
         "priceserver, as the vendor's command line prints them\n",
         "something else");
    said(DETAIL, ERR_IMPORT_REQUEST,
         "E2104 1:23 the answer of DescribePrice does not say what it is the price of: "
         "InstanceType is missing -> name the "
         "file REGION_TYPE_UNIT.json (cn-shanghai_ecs.gn7i-c8g1.2xlarge_hour.json), put the "
         "question beside the answer as "
         "{\"request\": {...}, \"response\": {...}}, or give --request RegionId=cn-shanghai and so "
         "on\n",
         "an answer without its question");
    snprintf(text, sizeof text, "warning E2103 1:196 SpotPrice \"3,2\" is no amount -> %s\n",
             row_fix);
    said(HISTORY(SAMPLE("2026-09-30T06:00:00Z", "\"3,2\"")), OK, text, "a comma in a price");
    snprintf(text, sizeof text, "warning E2103 1:196 SpotPrice \"-3.2\" is no amount -> %s\n",
             row_fix);
    said(HISTORY(SAMPLE("2026-09-30T06:00:00Z", "-3.2")), OK, text, "a negative price");
    snprintf(text, sizeof text,
             "warning E2103 1:196 the spot price of ecs.gn7i-c8g1.2xlarge in cn-beijing-h is zero "
             "-> %s\n",
             row_fix);
    said(HISTORY(SAMPLE("2026-09-30T06:00:00Z", "0")), OK, text, "a price of zero");
    snprintf(text, sizeof text,
             "warning E2103 1:161 Timestamp \"2026-09-31T06:00:00Z\" is no time such as "
             "2026-01-31T06:00:00Z -> %s\n",
             row_fix);
    said(HISTORY(SAMPLE("2026-09-31T06:00:00Z", "3")), OK, text, "a day that is not");
}

int main(void)
{
    test_history();
    test_advice();
    test_price();
    test_types_and_stock();
    test_lists();
    test_broken();
    return gsl_test_summary();
}

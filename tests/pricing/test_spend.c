/* Bills: every kind, months in the reader's zone, odd cells. */
#include "pricing/spend.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <iconv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct trial {
    struct arena *arena;
    struct diag diag;
    struct spend *spend;
    enum err code;
    const char *findings, *lines;
};

static const char *lines_text(const struct spend *s)
{
    const char *text = "";
    for (size_t i = 0; s && i < s->n_lines; i++) {
        const struct spend_line *l = &s->lines[i];
        text = arena_printf(s->arena, "%s%d-%02d %s|%s|%s|%s|%s %lld %g %zu\n", text, l->month / 12,
                            l->month % 12 + 1, l->owner, l->type, spend_market_name(l->market),
                            l->region, l->tags, (long long)l->amount, l->hours, l->n);
    }
    return text;
}

static void trial_read(struct trial *t, const char *text, size_t bytes,
                       const struct spend_options *o)
{
    char path[] = "/tmp/gpumix-spend-XXXXXX";
    FILE *out = fdopen(mkstemp(path), "w");
    fwrite(text, 1, bytes, out);
    fclose(out);
    *t = (struct trial){.arena = arena_new()};
    t->diag = (struct diag){.arena = t->arena};
    const struct spend_options shanghai = {.offset_us = INT64_C(8) * 3600 * 1000000};
    t->code = spend_read(&t->spend, path, o ? o : &shanghai, t->arena, &t->diag);
    t->findings = findings_text(&t->diag);
    t->lines = t->code == OK ? lines_text(t->spend) : "";
    unlink(path);
}

static void gives(const char *what, const char *text, const char *expected)
{
    struct trial t;
    trial_read(&t, text, strlen(text), NULL);
    gsl_test(t.code != OK || *t.findings, "%s: %s", what, t.findings);
    gsl_test(strcmp(t.lines, expected) != 0, "%s:\n%s  wanted\n%s", what, t.lines, expected);
    micro_t sum = 0;
    for (size_t i = 0; t.code == OK && i < t.spend->n_lines; i++) sum += t.spend->lines[i].amount;
    gsl_test(t.code == OK && sum != t.spend->total, "%s: lines add up", what);
    arena_free(t.arena);
}

static void says(const char *what, const char *text, enum err code, const char *expected)
{
    struct trial t;
    trial_read(&t, text, strlen(text), NULL);
    gsl_test(t.code != code, "%s: %s", what, err_code(t.code));
    gsl_test(strcmp(t.findings, expected) != 0, "%s:\n  is:     %s  wanted: %s", what, t.findings,
             expected);
    arena_free(t.arena);
}

static const char chinese[] =
    "账期,财务单元,产品,产品明细,消费类型,账单开始时间,服务时长,实例ID,实例标签,实例规格,地域,"
    "可用区,单价,用量,用量单位,应付金额\n"
    "2026-09,研发,云服务器ECS,云服务器ECS-按量付费,后付费,2026-09-01 00:00:00,3600,i-1,key:team "
    "value:render; ,ecs.gn7i-c8g1.2xlarge,"
    "华东2(上海),可用区B,9.53,1,小时,9.53\n"
    "2026-09,研发,云服务器ECS,云服务器ECS-抢占式实例,后付费,2026-09-01 01:00:00,1800,i-2,key:team "
    "value:render; key:env value:prod; ,"
    "ecs.gn7i-c8g1.2xlarge,华东2(上海),可用区B,3,1,小时,1.5\n"
    "2026-09,研发,云服务器ECS,云服务器ECS-包年包月,预付费,2026-09-01 "
    "01:00:00,,i-3,,ecs.g7.xlarge,华东2(上海),可用区B,,,,4000\n"
    "2026-09,,对象存储OSS,对象存储OSS,后付费,2026-09-02 01:00:00,,b,,,华东2(上海),,,60,GB,7.2\n";
static const char chinese_lines[] =
    "2026-09 ||other|华东2(上海)| 7200000 0 1\n"
    "2026-09 render|ecs.gn7i-c8g1.2xlarge|spot|华东2(上海)|env=prod, team=render 1500000 0.5 1\n"
    "2026-09 render|ecs.gn7i-c8g1.2xlarge|on_demand|华东2(上海)|team=render 9530000 1 1\n"
    "2026-09 研发|ecs.g7.xlarge|subscription|华东2(上海)| 4000000000 0 1\n";

static void test_kinds(void)
{
    gives(
        "FOCUS, nulls, a month that begins in UTC the day before",
        "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ServiceName,"
        "Tags,RegionId,SkuId,"
        "PricingCategory,ConsumedQuantity,ConsumedUnit,PricingQuantity,PricingUnit,SubAccountName\n"
        "9.53,,CNY,2025-12-31T16:00:00Z,2025-12-31T17:00:00Z,ECS,\"{\"\"team\"\": "
        "\"\"ml\"\"}\",cn-shanghai,"
        "ecs.gn7i-c8g1.2xlarge,Standard,,,1,Hours,x\n"
        "3.1E0,2.9,CNY,2025-12-31T17:00:00Z,,ECS,\"{\"\"team\"\": "
        "\"\"ml\"\"}\",cn-shanghai,ecs.gn7i-c8g1.2xlarge,Dynamic,,,1,"
        "Hours,x\n"
        ",,CNY,2025-12-31T17:00:00Z,,ECS,,cn-shanghai,,,,,,,x\n",
        "2026-01 ml|ecs.gn7i-c8g1.2xlarge|on_demand|cn-shanghai|team=ml 9530000 1 1\n"
        "2026-01 ml|ecs.gn7i-c8g1.2xlarge|spot|cn-shanghai|team=ml 2900000 1 1\n");
    gives("the standard bill",
          "BillingDetails/BillingMonth,ProductDetails/ProductName,ResourceDetails/"
          "InstanceSpec,ResourceDetails/RegionCode,"
          "ResourceDetails/ResourceTag,PayableDetails/TaxExclusivePayableAmount,PricingDetails/"
          "Currency,UsageDetails/Usage,"
          "UsageDetails/UsageUnit\n"
          "202609,ECS,ecs.c7.large,cn-beijing,key:owner value:etl;,0.41,CNY,1,Hour\n"
          "202609,ECS,ecs.c7.large,cn-beijing,key:owner value:etl;,-0.01,CNY,0,Hour\n",
          "2026-09 etl|ecs.c7.large|on_demand|cn-beijing|owner=etl 400000 1 2\n");
    gives("the API's answer",
          "{\"Code\":\"Success\",\"Data\":{\"BillingCycle\":\"2026-09\",\"Items\":[{"
          "\"BillingDate\":\"2026-09-01\",\"BillingCycle\":"
          "\"2026-09\",\"ProductName\":\"ECS\",\"SubscriptionType\":\"PayAsYouGo\","
          "\"InstanceSpec\":\"ecs.gn7i-c8g1.2xlarge\","
          "\"Region\":\"cn-shanghai\",\"Tag\":\"key:team value:render; "
          "\",\"ServicePeriod\":\"3600\",\"ServicePeriodUnit\":\"Second\","
          "\"Usage\":\"1\",\"UsageUnit\":\"hour\",\"Currency\":\"CNY\",\"PretaxAmount\":9.53}]}}",
          "2026-09 render|ecs.gn7i-c8g1.2xlarge|on_demand|cn-shanghai|team=render 9530000 1 1\n");
}

static void test_chinese(void)
{
    gives("instance detail in Chinese", chinese, chinese_lines);
    static char text[sizeof chinese]; /* iconv does not take const */
    memcpy(text, chinese, sizeof chinese);
    char gb[8192], *in = text, *out = gb;
    size_t in_left = sizeof chinese - 1, out_left = sizeof gb;
    iconv_t converter = iconv_open("GB18030", "UTF-8");
    gsl_test(iconv(converter, &in, &in_left, &out, &out_left) == (size_t)-1, "GB18030");
    iconv_close(converter);
    struct trial t;
    trial_read(&t, gb, sizeof gb - out_left, NULL);
    gsl_test(t.code != OK || strcmp(t.lines, chinese_lines) != 0, "the same in GB18030:\n%s%s",
             t.lines, t.findings);
    gsl_test(t.code != OK || !t.spend->currency_assumed || strcmp(t.spend->currency, "CNY") != 0,
             "no currency in it: CNY is assumed, and known to be");
    arena_free(t.arena);
    const struct spend_options by_env = {.owner_tag = "env"};
    trial_read(&t, chinese, sizeof chinese - 1, &by_env);
    gsl_test(t.code != OK || !strstr(t.lines, "prod|ecs.gn7i-c8g1.2xlarge|spot"),
             "the owner's tag is chosen");
    arena_free(t.arena);
}

/* How far a bill reaches: the end of charges by use, the whole of a month that is all a row says, and of what is charged ahead
 * its first moment. */
static void test_reach(void)
{
    static const char head[] = "EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,"
                               "ServiceName,SkuId,PricingCategory\n";
    static const struct {
        const char *what, *row, *last;
    } cases[] = {
        {"an hour", "1,CNY,2026-10-05T02:00:00Z,2026-10-05T03:00:00Z,ECS,ecs.g7.large,Standard\n",
         "2026-10-05 10:59"},
        {"ten days", "1,CNY,2026-10-04T16:00:00Z,2026-10-14T16:00:00Z,ECS,ecs.g7.large,Standard\n",
         "2026-10-14 23:59"},
        {"over the end of its month",
         "1,CNY,2026-10-04T16:00:00Z,2026-11-14T16:00:00Z,ECS,ecs.g7.large,Standard\n",
         "2026-10-31 23:59"},
        {"no end", "1,CNY,2026-10-04T16:00:00Z,,ECS,ecs.g7.large,Standard\n", "2026-10-05 00:00"},
        {"a month charged ahead",
         "1,CNY,2026-10-04T16:00:00Z,2026-11-04T16:00:00Z,ECS,ecs.g7.large,Committed\n",
         "2026-10-05 00:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512], last[32] = "";
        snprintf(text, sizeof text, "%s%s", head, cases[i].row);
        struct trial t;
        trial_read(&t, text, strlen(text), NULL);
        if (t.code == OK) moment_print(last, sizeof last, t.spend->to);
        gsl_test_str(last, cases[i].last, "the bill reaches: %s%s", cases[i].what, t.findings);
        arena_free(t.arena);
    }
    struct trial t;
    static const char month[] = "账期,产品,实例规格,应付金额\n2026-09,云服务器ECS,ecs.g7.large,9\n";
    trial_read(&t, month, strlen(month), NULL);
    char last[32] = "";
    if (t.code == OK) moment_print(last, sizeof last, t.spend->to);
    gsl_test_str(last, "2026-09-30 23:59", "a month is all that the row says%s", t.findings);
    arena_free(t.arena);
    says("an end that is none",
         "EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ServiceName\n"
         "1,CNY,2026-10-04T16:00:00Z,soon,ECS\n",
         ERR_SPEND_VALUE,
         "E2110 2:28 \"soon\" is no day or month of a bill -> export the bill again without "
         "changing "
         "it in a spreadsheet\n");
}

static void test_broken(void)
{
    says("no bill", "a,b\n1,2\n", ERR_IMPORT_FORMAT,
         "E2101 0:0 this is no bill that is known -> known are FOCUS 1.0 to 1.2, the instance "
         "detail and the standard bill of the "
         "vendor, and the answer of DescribeInstanceBill\n");
    says("an amount with a comma", "BillingCycle,PretaxAmount\n2026-09,\"1,5\"\n", ERR_SPEND_VALUE,
         "E2110 2:9 \"1,5\" is no amount of money -> export the bill again without changing it in "
         "a spreadsheet\n");
    says("no month", "BillingCycle,PretaxAmount\n2026-13,1\n", ERR_SPEND_VALUE,
         "E2110 2:1 \"2026-13\" is no day or month of a bill -> export the bill again without "
         "changing it in a spreadsheet\n");
    says("two currencies", "BillingCycle,PretaxAmount,Currency\n2026-09,1,CNY\n2026-09,1,USD\n",
         ERR_SPEND_CURRENCY,
         "E2111 3:11 the bill is in CNY and here in USD -> export one bill per currency\n");
}

int main(void)
{
    test_kinds();
    test_chinese();
    test_reach();
    test_broken();
    return gsl_test_summary();
}

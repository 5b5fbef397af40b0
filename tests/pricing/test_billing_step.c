/* In which steps an offer is billed: of its price row, of the row it is a share of, of its type; and wrong steps. */
#include "tests/pricing/fixture.h"

#define HEADER                                                                                     \
    "instance_type,region,zone,market,price,currency,unit,date,source,confidence,billing_step\n"

static int64_t step_of(const struct fixture *f, const struct offer_list *list, const char *type,
                       const char *market)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct offer *o = &list->items[i];
        if (strcmp(book_type(f->book, o->type)->name, type) == 0 &&
            strcmp(o->market->name, market) == 0 && strcmp(o->region, "cn-shenzhen") == 0)
            return o->billing_step_us / 1000000;
    }
    return -1;
}

static void test_steps(void)
{
    static const char *const shenzhen[] = {"cn-shenzhen"};
    static const char a10[] = "ecs.gn7i-c8g1.2xlarge", cpu[] = "ecs.c7.large";
    static const struct {
        const char *type, *market;
        int64_t step_s;
    } cases[] = {
        {a10, "on_demand", 3600}, {a10, "autoscaled", 3600},  {a10, "spot", 90},
        {a10, "subscription", 0}, {cpu, "on_demand", 300},    {cpu, "autoscaled", 300},
        {cpu, "spot", 1},         {cpu, "savings_plan", 300}, {a10, "savings_plan", 3600},
    };
    const struct offer_request r = {.n_places = 1, .places = shenzhen, .discount = RATIO_ZERO};
    struct fixture f;
    struct offer_list list;
    fixture_load(&f, &(struct texts){.prices = HEADER
                                     "ecs.gn7i-c8g1.2xlarge,cn-shenzhen,,on_demand,9.5326,CNY,h,"
                                     "2026-10-09,mine,quoted,1h\n"
                                     "ecs.gn7i-c8g1.2xlarge,cn-shenzhen,,spot,2.31,CNY,h,"
                                     "2026-10-09,mine,quoted,1.5min\n"
                                     "default:any,any,,savings_plan,0.8,ratio,h,2026-10-09,mine,"
                                     "quoted,\n"});
    gsl_test(f.code != OK, "the book loads: %s", f.findings);
    if (f.code != OK) return;
    gsl_test(offers_make(&list, f.book, &r, f.arena, &f.diag) != OK, "offers");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        gsl_test_int((int)step_of(&f, &list, cases[i].type, cases[i].market), (int)cases[i].step_s,
                     "step of %s, %s", cases[i].type, cases[i].market);
    fixture_free(&f);
}

static void test_wrong(void)
{
    static const struct {
        const char *market, *unit, *step, *finding;
    } cases[] = {
        {"on_demand", "h", "fast",
         "E2121 prices.csv:2:70 `billing_step` is \"fast\", not whole seconds from 1s to 24h | "
         "write "
         "a duration such as 1s, 10min or 1h, or leave it empty"},
        {"on_demand", "h", "0s",
         "E2121 prices.csv:2:70 `billing_step` is \"0s\", not whole seconds from 1s to 24h | write "
         "a "
         "duration such as 1s, 10min or 1h, or leave it empty"},
        {"on_demand", "h", "1500ms",
         "E2121 prices.csv:2:70 `billing_step` is \"1500ms\", not whole seconds from 1s to 24h | "
         "write a duration such as 1s, 10min or 1h, or leave it empty"},
        {"on_demand", "h", "25h",
         "E2121 prices.csv:2:70 `billing_step` is \"25h\", not whole seconds from 1s to 24h | "
         "write "
         "a duration such as 1s, 10min or 1h, or leave it empty"},
        {"subscription", "month", "1h",
         "E2133 prices.csv:2:77 a subscription is not billed by use | leave `billing_step` empty "
         "in "
         "rows of subscriptions"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct fixture f;
        snprintf(text, sizeof text,
                 HEADER "ecs.c7.large,cn-beijing,,%s,0.41,CNY,%s,2026-10-09,mine,quoted,%s\n",
                 cases[i].market, cases[i].unit, cases[i].step);
        fixture_load(&f, &(struct texts){.prices = text});
        gsl_test(strcmp(f.findings, cases[i].finding) != 0, "step %s: %s", cases[i].step,
                 f.findings);
        fixture_free(&f);
    }
}

int main(void)
{
    test_steps();
    test_wrong();
    return gsl_test_summary();
}

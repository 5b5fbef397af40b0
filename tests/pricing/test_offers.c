/* Offers: which exist, at what price, and why the others do not. */
#include "tests/pricing/fixture.h"
#include <math.h>

static const char *const shenzhen[] = {"cn-shenzhen"};

struct world {
    struct fixture f;
    struct offer_list offers;
};

static enum err world_make(struct world *w, const struct texts *t, const struct offer_request *r)
{
    fixture_load(&w->f, t);
    gsl_test(w->f.code != OK, "the book loads: %s", w->f.findings);
    if (w->f.code != OK) exit(gsl_test_summary());
    w->f.code = offers_make(&w->offers, w->f.book, r, w->f.arena, &w->f.diag);
    fixture_print(&w->f);
    return w->f.code;
}

/* The offer with this type, place, market and variant (protected hours, or term), or NULL. */
static const struct offer *offer_at(const struct world *w, const char *type, const char *place,
                                    const char *market, double variant)
{
    for (size_t i = 0; i < w->offers.n; i++) {
        const struct offer *o = &w->offers.items[i];
        const bool here = *o->zone ? strcmp(o->zone, place) == 0 : strcmp(o->region, place) == 0;
        const double of = o->market->id == MARKET_SPOT ? o->protected_h : o->term_h;
        if (here && of == variant && strcmp(o->market->name, market) == 0 &&
            strcmp(book_type(w->f.book, o->type)->name, type) == 0) {
            return o;
        }
    }
    return NULL;
}

static const char *missing_at(const struct world *w, const char *type, const char *region,
                              const char *market)
{
    for (size_t i = 0; i < w->offers.n_missing; i++) {
        const struct no_offer *m = &w->offers.missing[i];
        if (strcmp(book_type(w->f.book, m->type)->name, type) == 0 &&
            strcmp(m->region, region) == 0 && strcmp(m->market->name, market) == 0) {
            return m->reason;
        }
    }
    return "";
}

static void check_price(const struct world *w, const char *type, const char *place,
                        const char *market, double variant, const char *price)
{
    const struct offer *o = offer_at(w, type, place, market, variant);
    gsl_test(!o || !ratio_is(o->price_per_h, price), "%s in %s, %s: %s/h", type, place, market,
             price);
    gsl_test(o && o->price != ratio_value(o->price_per_h),
             "and the number for the LP is that price");
}

static const char a100x8[] = "ecs.gn7e-c16g1.32xlarge", a10[] = "ecs.gn7i-c8g1.2xlarge";

static void test_markets(void)
{
    struct world w;
    const struct offer_request r = {.n_places = 1, .places = shenzhen, .discount = {8, 100}};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "offers in Shenzhen");
    /* 277.933 listed; 8% off where discounts apply */
    check_price(&w, a100x8, "cn-shenzhen", "on_demand", 0, "255.69836");
    check_price(&w, a100x8, "cn-shenzhen", "autoscaled", 0, "255.69836");
    check_price(&w, a100x8, "cn-shenzhen", "spot", 1, "97.27655");
    check_price(&w, a100x8, "cn-shenzhen", "spot", 0, "87.548895");
    check_price(&w, a100x8, "cn-shenzhen", "subscription", 720, "170.55080612");
    check_price(&w, a100x8, "cn-shenzhen", "subscription", 8760, "144.98097012");
    check_price(&w, a100x8, "cn-shenzhen", "savings_plan", 8760, "232.351988");
    const struct offer *o = offer_at(&w, a100x8, "cn-shenzhen", "on_demand", 0);
    gsl_test(!ratio_is(o->list_per_h, "277.933") || !o->discounted || o->estimated || o->base ||
                 o->hazard_per_h != 0 || o->start_delay_h != 0,
             "on-demand: list price, discount, source");
    o = offer_at(&w, a100x8, "cn-shenzhen", "spot", 1);
    gsl_test(o->discounted || !o->estimated || !o->base || o->base->market != MARKET_ON_DEMAND ||
                 !o->row->is_ratio || ratio_cmp(o->list_per_h, o->price_per_h) != 0,
             "spot by a share: undiscounted, an estimate, with its on-demand row");
    gsl_test_abs(o->hazard_per_h, 0.0417, 1e-12, "hazard of the default row");
    o = offer_at(&w, a100x8, "cn-shenzhen", "subscription", 720);
    gsl_test(o->estimated || !o->market->prepaid, "0.667 is derived from quotes");
    o = offer_at(&w, a100x8, "cn-shenzhen", "savings_plan", 8760);
    gsl_test(!o->estimated || o->discounted, "0.836 is a judgement");
    gsl_test(strcmp(missing_at(&w, "ecs.gn8v-8x.48xlarge", "cn-shenzhen", "spot"),
                    "no price known") != 0,
             "no default for the H20's spot price");
    gsl_test(strcmp(missing_at(&w, "ecs.gn8v-2x.8xlarge", "cn-shenzhen", "subscription"),
                    "only a share of the on-demand price is known, and not that price") != 0,
             "a share of nothing");
    fixture_free(&w.f);
}

/* Zones of October 2024: offered, without stock, not offered at all. */
static void test_spot_zones(void)
{
    static const char *const places[] = {"cn-beijing", "ap-southeast-1", "cn-hangzhou"};
    struct world w;
    gsl_test(world_make(&w, &(struct texts){0},
                        &(struct offer_request){.n_places = 3, .places = places}),
             "offers in three regions");
    check_price(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1a", "spot", 1, "10.905");
    check_price(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1a", "spot", 0, "9.8145");
    gsl_test(offer_at(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1c", "spot", 1) != NULL ||
                 offer_at(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1", "spot", 1) != NULL,
             "only zones with a price offer it");
    gsl_test(offer_at(&w, a10, "cn-beijing-f", "spot", 1) != NULL, "no stock in that zone");
    gsl_test(strcmp(missing_at(&w, a10, "cn-beijing", "spot"),
                    "no stock when the prices were taken: spot cost as much as on-demand") != 0,
             "and the reason: %s", missing_at(&w, a10, "cn-beijing", "spot"));
    gsl_test(strcmp(missing_at(&w, "ecs.gn6v-c8g1.4xlarge", "cn-beijing", "spot"),
                    "not offered there when the prices were taken") != 0,
             "an empty cell in every zone: not offered");
    const struct offer *o = offer_at(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1a", "spot", 1);
    gsl_test(o->estimated, "a quoted spot price is no estimate");
    o = offer_at(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1a", "spot", 0);
    gsl_test(!o->estimated, "0.9 of it is one");
    gsl_test_abs(o->hazard_per_h, 0.0417, 1e-12, "its hazard is the default one");
    fixture_free(&w.f);
}

static void test_stand_ins(void)
{
    static const char *const places[] = {"cn-beijing", "cn-hongkong", "us-east-1"};
    struct world w;
    struct offer_request r = {.n_places = 3, .places = places};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK,
             "offers in Beijing, Hong Kong, Virginia");
    const struct offer *o = offer_at(&w, a100x8, "cn-beijing", "on_demand", 0);
    gsl_test(!o || !o->estimated, "the mainland's price is an estimate in Beijing");
    gsl_test(offer_at(&w, "ecs.gn8is.4xlarge", "cn-hongkong", "on_demand", 0) != NULL,
             "Hong Kong is not the mainland");
    gsl_test(
        strcmp(missing_at(&w, "ecs.gn8is.4xlarge", "cn-hongkong", "on_demand"), "no price known"),
        "no other row stands in");
    gsl_test(strcmp(missing_at(&w, "ecs.gn9i-2x", "us-east-1", "on_demand"),
                    "its price is in USD, and no exchange rate is given") != 0,
             "dollars need a rate");
    fixture_free(&w.f);
    r.fx_usd = (struct ratio){713, 100};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "with an exchange rate");
    check_price(&w, "ecs.gn9i-2x", "us-east-1", "on_demand", 0, "57.04");
    check_price(&w, "ecs.gn8is-4x.16xlarge", "us-east-1", "spot", 1, "14.1174");
    check_price(&w, "ecs.gn8v-8x.48xlarge", "us-east-1", "subscription", 720, "258.2486");
    gsl_test(strcmp(missing_at(&w, "ecs.gn8v-8x.48xlarge", "us-east-1", "spot"),
                    "not offered there when the prices were taken") != 0,
             "gn8v had no spot offer");
    fixture_free(&w.f);
    r.currency = CURRENCY_USD;
    r.fx_usd = (struct ratio){5, 1};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "a run in dollars");
    check_price(&w, "ecs.gn9i-2x", "us-east-1", "on_demand", 0, "8");
    check_price(&w, a100x8, "cn-beijing", "on_demand", 0, "55.5866");
    r.fx_usd = RATIO_ZERO;
    fixture_free(&w.f);
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "dollars without a rate");
    gsl_test(strcmp(missing_at(&w, a100x8, "cn-beijing", "on_demand"),
                    "its price is in CNY, and no exchange rate is given") != 0,
             "yuan need a rate then");
    fixture_free(&w.f);
}

static void test_default_places(void)
{
    struct world w;
    size_t abroad = 0;
    gsl_test(world_make(&w, &(struct texts){0}, &(struct offer_request){0}) != OK,
             "every mainland region");
    for (size_t i = 0; i < w.offers.n; i++)
        abroad += strncmp(w.offers.items[i].region, "cn-", 3) != 0;
    gsl_test(abroad != 0 || w.offers.n < 1000, "%zu offers, none abroad", w.offers.n);
    gsl_test(offer_at(&w, "ecs.c7.large", "cn-hongkong", "on_demand", 0) != NULL,
             "Hong Kong is abroad");
    fixture_free(&w.f);
    const struct texts own = {
        .prices =
            PRICE_HEADER "ecs.c7.large,us-east-1,,on_demand,0.473,CNY,h,2026-10-09,mine,quoted\n"};
    gsl_test(world_make(&w, &own, &(struct offer_request){0}) != OK,
             "and the regions of one's own files");
    check_price(&w, "ecs.c7.large", "us-east-1", "on_demand", 0, "0.473");
    gsl_test(offer_at(&w, "ecs.g7.large", "us-east-1", "on_demand", 0) == NULL,
             "with the book's rows there");
    fixture_free(&w.f);
    const struct texts alone = {
        true, INSTANCE_HEADER "my.a,my,A10-24GB,1,24,no,8,30,16,,mine,quoted\n",
        PRICE_HEADER "my.a,cn-mainland,,on_demand,9.07,CNY,h,2026-10-09,mine,quoted\n", NULL, NULL};
    gsl_test(world_make(&w, &alone, &(struct offer_request){0}) != OK, "a book of one's own");
    const struct offer *o = offer_at(&w, "my.a", "cn-heyuan", "on_demand", 0);
    gsl_test(!o || !o->estimated, "its mainland price holds everywhere there, as an estimate");
    gsl_test(w.offers.n != 24, "12 regions, on-demand and autoscaled: %zu", w.offers.n);
    fixture_free(&w.f);
}

/* The user's rows go before built-in ones: zone, region, mainland, default. */
static void test_user_first(void)
{
    static const char *const places[] = {"cn-beijing", "cn-hangzhou"};
    const struct texts t = {
        .prices = PRICE_HEADER
        "ecs.c7.large,cn-beijing,,on_demand,0.401,CNY,h,2026-10-09,mine,quoted\n"
        "ecs.c7.large,cn-beijing,cn-beijing-h,on_demand,0.377,CNY,h,2026-10-09,mine,quoted\n"
        "ecs.g7.large,cn-hangzhou,cn-hangzhou-k,on_demand,0.491,CNY,h,2026-10-09,mine,quoted\n"
        "ecs.gn7i-c8g1.2xlarge,cn-beijing,,spot,2.31,CNY,h,2026-10-09,mine,quoted\n"
        "ecs.gn7i-c16g1.4xlarge,cn-beijing,cn-beijing-h,spot,2.47,CNY,h,2026-10-09,mine,quoted\n"
        "default:A100-80GB,any,,spot,0.31,ratio,h,2026-10-09,mine,quoted\n"};
    struct world w;
    gsl_test(world_make(&w, &t, &(struct offer_request){.n_places = 2, .places = places}) != OK,
             "rows of the user");
    check_price(&w, "ecs.c7.large", "cn-beijing", "on_demand", 0, "0.401");
    check_price(&w, "ecs.c7.large", "cn-beijing-h", "on_demand", 0, "0.377");
    gsl_test(offer_at(&w, "ecs.g7.large", "cn-hangzhou", "on_demand", 0) == NULL,
             "the book's row holds for the other zones");
    check_price(&w, "ecs.g7.large", "cn-hangzhou-k", "on_demand", 0, "0.491");
    check_price(&w, a10, "cn-beijing", "spot", 1, "2.31");
    check_price(&w, "ecs.gn7i-c16g1.4xlarge", "cn-beijing-h", "spot", 1, "2.47");
    gsl_test(offer_at(&w, "ecs.gn7i-c16g1.4xlarge", "cn-beijing-f", "spot", 1) != NULL,
             "zones without stock stay without");
    check_price(&w, a100x8, "cn-hangzhou", "spot", 1, "86.15923");
    gsl_test(offer_at(&w, a100x8, "cn-hangzhou", "spot", 1)->estimated == false,
             "it rests on the mainland's estimated price");
    fixture_free(&w.f);
}

static void test_zones(void)
{
    static const char *const zones[] = {"ap-southeast-1c", "ap-southeast-1a", "cn-shenzhen-d",
                                        "cn-shenzhen"};
    struct world w;
    struct offer_request r = {.n_places = 2, .places = zones};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "two zones");
    check_price(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1c", "on_demand", 0, "21.81");
    check_price(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1a", "spot", 1, "10.905");
    gsl_test(strcmp(missing_at(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1", "spot"),
                    "priced for other zones of the region only") != 0,
             "the third zone had no spot offer");
    fixture_free(&w.f);
    r = (struct offer_request){.n_places = 2, .places = zones + 2};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "a zone of a region that is listed too");
    gsl_test(offer_at(&w, a100x8, "cn-shenzhen-d", "on_demand", 0) != NULL, "adds nothing");
    fixture_free(&w.f);
    r.n_places = 1;
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK,
             "a zone of a region whose zones are not known");
    check_price(&w, a100x8, "cn-shenzhen-d", "on_demand", 0, "277.933");
    fixture_free(&w.f);
    static const char *const beijing[] = {"cn-beijing"};
    r = (struct offer_request){.n_places = 1, .places = beijing, .split_zones = true};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "every zone of Beijing");
    check_price(&w, "ecs.c7.2xlarge", "cn-beijing-l", "on_demand", 0, "1.630795");
    gsl_test(offer_at(&w, "ecs.c7.2xlarge", "cn-beijing", "on_demand", 0) != NULL,
             "instead of the region");
    fixture_free(&w.f);
}

static void test_overrides(void)
{
    static const char *const places[] = {"cn-shenzhen", "cn-hangzhou", "cn-beijing"};
    struct fixture f;
    fixture_load(&f, &(struct texts){0});
    const size_t type = type_named(f.book, a100x8), a10_type = type_named(f.book, a10);
    fixture_free(&f);
    const struct price_override overrides[] = {
        {type, MARKET_ON_DEMAND, "", {2011, 10}, UNIT_HOUR, CURRENCY_CNY, {0}},
        {type, MARKET_ON_DEMAND, "cn-hangzhou", {1999, 10}, UNIT_HOUR, CURRENCY_CNY, {0}},
        {type, MARKET_SUBSCRIPTION, "", {72360, 1}, UNIT_MONTH, CURRENCY_CNY, {0}},
        {a10_type, MARKET_SPOT, "cn-beijing-f", {21, 10}, UNIT_HOUR, CURRENCY_DEFAULT, {0}},
        {a10_type, MARKET_SPOT, "cn-hangzhou", {3, 10}, UNIT_HOUR, CURRENCY_USD, {0}},
    };
    const struct family_discount family = {"gn7e", {1, 4}};
    struct world w;
    struct offer_request r = {.n_places = 3,
                              .places = places,
                              .discount = {8, 100},
                              .n_family_discounts = 1,
                              .family_discounts = &family,
                              .n_overrides = 5,
                              .overrides = overrides,
                              .fx_usd = {7, 1}};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "prices of one's own");
    check_price(&w, a100x8, "cn-shenzhen", "on_demand", 0, "201.1");
    check_price(&w, a100x8, "cn-hangzhou", "on_demand", 0, "199.9");
    check_price(&w, a100x8, "cn-shenzhen", "autoscaled", 0,
                "208.44975"); /* 25% for the family, not 8% */
    check_price(&w, a100x8, "cn-shenzhen", "subscription", 720, "100.5");
    check_price(&w, a100x8, "cn-shenzhen", "spot", 1, "97.27655"); /* a share of the list price */
    check_price(&w, a10, "cn-beijing-f", "spot", 1, "2.1");
    check_price(&w, a10, "cn-beijing-f", "spot", 0, "1.89");
    check_price(&w, a10, "cn-hangzhou", "spot", 1, "2.1");
    const struct offer *o = offer_at(&w, a100x8, "cn-shenzhen", "on_demand", 0);
    gsl_test(!o->discounted || o->row || o->estimated,
             "an override is no list price and no estimate");
    fixture_free(&w.f);
}

static void test_spot_factor(void)
{
    static const char *const places[] = {"ap-southeast-1"};
    struct world w;
    struct offer_request r = {
        .n_places = 1, .places = places, .spot_price_factor = {13, 10}, .discount = {1, 2}};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "spot 1.3 times as dear");
    check_price(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1a", "spot", 1, "14.1765");
    check_price(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1a", "spot", 0, "12.75885");
    fixture_free(&w.f);
    r.spot_price_factor = (struct ratio){21, 10};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != OK, "spot 2.1 times as dear");
    check_price(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1a", "spot", 1,
                "21.81"); /* on-demand, no more */
    check_price(&w, "ecs.gn5-c28g1.7xlarge", "ap-southeast-1a", "spot", 0, "20.61045");
    fixture_free(&w.f);
}

static void test_hazard(void)
{
    const struct texts t = {
        .prices =
            "instance_type,region,zone,market,price,currency,unit,date,source,confidence,hazard_"
            "per_h\n"
            "ecs.gn7i-c8g1.2xlarge,cn-shenzhen,,spot,2.31,CNY,h,2026-10-09,mine,quoted,0.013\n"
            "default:gn7e,any,,spot,,,,2026-10-09,mine,quoted,0.021\n"
            "default:GPU,cn-mainland,,spot,,,,2026-10-09,mine,quoted,0.034\n"};
    struct world w;
    gsl_test(world_make(&w, &t, &(struct offer_request){.n_places = 1, .places = shenzhen}) != OK,
             "hazards of the user: %s", w.f.findings);
    gsl_test_abs(offer_at(&w, a10, "cn-shenzhen", "spot", 1)->hazard_per_h, 0.013, 0, "of the row");
    gsl_test_abs(offer_at(&w, a100x8, "cn-shenzhen", "spot", 0)->hazard_per_h, 0.021, 0,
                 "of the family");
    const struct offer *o = offer_at(&w, "ecs.gn6i-c8g1.2xlarge", "cn-shenzhen", "spot", 1);
    if (o) gsl_test_abs(o->hazard_per_h, 0.034, 0, "of all GPU machines of the mainland");
    o = offer_at(&w, "ecs.c7.2xlarge", "cn-shenzhen", "spot", 1);
    gsl_test_abs(o ? o->hazard_per_h : -1, 0.0417, 0, "of the book");
    fixture_free(&w.f);
}

static void test_order(void)
{
    struct world w;
    gsl_test(world_make(&w, &(struct texts){0}, &(struct offer_request){0}) != OK, "all offers");
    size_t wrong = 0, worse = 0;
    for (size_t i = 1; i < w.offers.n; i++) {
        const struct offer *a = &w.offers.items[i - 1], *b = &w.offers.items[i];
        int order = strcmp(book_type(w.f.book, a->type)->name, book_type(w.f.book, b->type)->name);
        if (order == 0) order = strcmp(a->region, b->region);
        if (order == 0) order = strcmp(a->zone, b->zone);
        if (order == 0) order = (int)a->market->id - (int)b->market->id;
        if (order == 0) order = a->term_h < b->term_h || a->protected_h > b->protected_h ? -1 : 1;
        wrong += order >= 0;
    }
    for (size_t i = 0; i < w.offers.n; i++) {
        const struct offer *o = &w.offers.items[i];
        worse += !isfinite(o->price) || o->price <= 0 ||
                 ratio_cmp(o->price_per_h, o->list_per_h) > 0 ||
                 (o->market->id == MARKET_SPOT && isnan(o->hazard_per_h));
    }
    gsl_test(wrong != 0, "strictly in canonical order (%zu are not)", wrong);
    gsl_test(worse != 0, "every price is positive and at most the list price");
    fixture_free(&w.f);
}

static void test_wrong_requests(void)
{
    static const char *const places[] = {"cn-shenzen", "the-moon", "cn-beijing"};
    const struct source source = {.path = "plan.yaml", .text = "", .bytes = 0};
    const struct place at = {&source, 12, 3, 9};
    const struct price_override overrides[] = {
        {0, MARKET_ON_DEMAND, "cn-beijing-hh", {1, 2}, UNIT_HOUR, CURRENCY_CNY, at},
        {0, MARKET_SUBSCRIPTION, "", {1, 2}, UNIT_HOUR, CURRENCY_CNY, at},
        {0, MARKET_ON_DEMAND, "", {-1, 2}, UNIT_HOUR, CURRENCY_CNY, at},
    };
    struct world w;
    const struct offer_request r = {
        .n_places = 3, .places = places, .n_overrides = 3, .overrides = overrides};
    gsl_test(world_make(&w, &(struct texts){0}, &r) != ERR_OFFER_PLACE,
             "wrong requests are refused");
    static const char expected[] =
        "E2160 -:0:0 \"cn-shenzen\" is no region or zone of the price book | write \"cn-shenzhen\" "
        "if "
        "that is meant\n"
        "E2160 -:0:0 \"the-moon\" is no region or zone of the price book | name a region of the "
        "book, or "
        "give prices for this one\n"
        "E2160 plan.yaml:12:3 \"cn-beijing-hh\" is no region or zone of the price book | write "
        "\"cn-beijing-h\" if that is meant\n"
        "E2161 plan.yaml:12:3 a subscription is priced by the month or year, not by the hour | "
        "write the "
        "price of the whole term, such as \xc2\xa5"
        "4575.66/month\n"
        "E2161 plan.yaml:12:3 the price is negative | write what one machine costs";
    gsl_test(strcmp(w.f.findings, expected) != 0, "and say why:\n%s", w.f.findings);
    gsl_test(w.offers.n != 0, "no offers then");
    fixture_free(&w.f);
}

static void test_registry(void)
{
    size_t n = 0;
    while (markets[n]) n++;
    gsl_test(n != N_MARKETS, "five markets");
    for (size_t i = 0; i < n; i++) {
        gsl_test(market_find(markets[i]->name) != markets[i] ||
                     market_by_id(markets[i]->id) != markets[i],
                 "market %s is found", markets[i]->name);
        gsl_test(markets[i]->interruptible != (markets[i]->id == MARKET_SPOT),
                 "only spot is reclaimed");
    }
    gsl_test(market_find("payg") != NULL, "payg is no market here");
}

/* Amounts that cannot be represented are said to be missing, not wrapped. */
static void test_overflow(void)
{
    const struct texts t = {
        .prices = PRICE_HEADER
        "ecs.gn9i-2x,cn-shenzhen,,on_demand,0.123456789012345678,CNY,h,2026-10-09,mine,quoted\n"
        "ecs.gn9i-2x,cn-shenzhen,,spot,0.011111111111111111,USD,h,2026-10-09,mine,quoted\n"};
    struct world w;
    const struct offer_request r = {
        .n_places = 1, .places = shenzhen, .discount = {7, 997}, .fx_usd = {7130001, 1000003}};
    gsl_test(world_make(&w, &t, &r) != OK, "too many digits: %s", w.f.findings);
    gsl_test(strcmp(missing_at(&w, "ecs.gn9i-2x", "cn-shenzhen", "on_demand"),
                    "the amount is too large"),
             "a discount that does not fit");
    gsl_test(strcmp(missing_at(&w, "ecs.gn9i-2x", "cn-shenzhen", "spot"),
                    "the amount is too large") != 0,
             "an exchange that does not fit");
    fixture_free(&w.f);
}

int main(void)
{
    fixture_folder();
    test_markets();
    test_spot_zones();
    test_stand_ins();
    test_default_places();
    test_user_first();
    test_zones();
    test_overrides();
    test_spot_factor();
    test_hazard();
    test_order();
    test_wrong_requests();
    test_registry();
    test_overflow();
    fixture_leave();
    return gsl_test_summary();
}

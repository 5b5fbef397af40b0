#include "report/cells.h"
#include "report/service_facts.h"
#include "tests/report/sample_plan.h"
#include <jansson.h>
#include <math.h>

/* Two services over the 96 hours of the sample. "chat" holds spot and on-demand machines in one region and one machine
 * in another; "quiet" holds nothing. */
enum { CHAT = 0, QUIET = 1, CHAT_WORKLOAD = 2, N_HOLDINGS = 6 };

static struct load_piece pieces[] = {
    {0, HOURS(10), 1200, 1200}, {HOURS(10), HOURS(20), 3600, 3600}, {HOURS(20), HOURS(96), 0, 0}};

static void make_workloads(struct sample *s)
{
    struct workload *w = ARENA_NEW(s->arena, struct workload, 4);
    memcpy(w, s->scenario.workloads, 2 * sizeof *w);
    w[2] = (struct workload){.name = "chat", .owner = "app"};
    w[3] = (struct workload){.name = "quiet", .owner = "app"};
    s->demands.shapes[0].workload = &w[0];
    s->demands.shapes[1].workload = &w[1];
    s->scenario.workloads = w;
    s->scenario.n_workloads = 4;
    s->scenario.step_us = HOURS(1);
}

static void make_services(struct sample *s)
{
    static const struct service_outcome outcomes[] = {
        {.peak_machines = 9,
         .least_machines = 3,
         .held_h = 422,
         .start_h = 1.25,
         .idle_h = 101.5,
         .perfect_h = 99.25,
         .spot_frac = 80.0 / 422},
        {.unserved_frac = 0.0314159},
    };
    struct service_list *list = ARENA_NEW(s->arena, struct service_list, 1);
    struct shape *shapes = ARENA_NEW(s->arena, struct shape, 2);
    *list = (struct service_list){.n = 2, .items = ARENA_NEW(s->arena, struct service, 2)};
    for (size_t i = 0; i < 2; i++) {
        shapes[i].workload = &s->scenario.workloads[CHAT_WORKLOAD + i];
        struct window *open = ARENA_NEW(s->arena, struct window, 1);
        open->n = 1;
        open->spans = ARENA_NEW(s->arena, struct span, 1);
        open->spans[0] = (struct span){0, HOURS(96)};
        list->items[i] = (struct service){.shape = &shapes[i],
                                          .name = shapes[i].workload->name,
                                          .rule = i ? RULE_BLOCKING : RULE_WAIT,
                                          .curve = {3, pieces},
                                          .burst = 1.5,
                                          .scale = 1,
                                          .window = open,
                                          .cold_start_h = 0.25,
                                          .cooldown_h = 1.0 / 7,
                                          .headroom_frac = 0.2};
    }
    s->plan.services = list;
    s->plan.service_outcomes = ARENA_NEW(s->arena, struct service_outcome, 2);
    memcpy(s->plan.service_outcomes, outcomes, sizeof outcomes);
}

/* Offers: 0 on-demand in Shenzhen, 1 spot in Beijing-l, then spot without protection and on-demand there. */
static void make_holdings(struct sample *s)
{
    struct offer *o = ARENA_NEW(s->arena, struct offer, 4);
    memcpy(o, s->plan.offers, 2 * sizeof *o);
    o[1].protected_h = 1;
    o[2] = o[1];
    o[2].protected_h = 0;
    o[3] = o[0];
    o[3].region = "cn-beijing";
    o[3].zone = "cn-beijing-l";
    o[3].type = book_type_find(s->plan.book, "ecs.gn7i-c32g1.8xlarge");
    gsl_test(o[3].type == NO_INDEX || o[3].type == o[0].type, "another type");
    s->plan.offers = o;
    const struct holding holdings[N_HOLDINGS] = {
        {CHAT, 0, 0, 1, 0, 0, HOURS(96)},         {CHAT, 1, 0, 4, 4, HOURS(10), HOURS(20)},
        {CHAT, 2, 0, 2, 0, HOURS(10), HOURS(15)}, {CHAT, 2, 0, 3, 1, HOURS(15), HOURS(20)},
        {CHAT, 3, 0, 2, 0, 0, HOURS(96)},         {CHAT, 3, 1, 1, 0, HOURS(10), HOURS(79)},
    };
    s->plan.holdings = ARENA_NEW(s->arena, struct holding, N_HOLDINGS);
    memcpy(s->plan.holdings, holdings, sizeof holdings);
    s->plan.n_holdings = N_HOLDINGS;
}

static void test_pools(const struct service_facts *f)
{
    static const struct pool_fact wanted[] = {{0, 1, 1, 0, HOURS(96)},
                                              {1, 0, 4, 4, HOURS(40)},
                                              {2, 0, 3, 1, HOURS(25)},
                                              {3, 2, 3, 0, HOURS(192 + 69)}};
    gsl_test_int((int)f->n_pools, 4, "pools");
    for (size_t i = 0; i < 4 && i < f->n_pools; i++) {
        gsl_test(f->pools[i].offer != wanted[i].offer, "pool %zu: offer", i);
        gsl_test_int((int)f->pools[i].least, (int)wanted[i].least, "pool %zu: least", i);
        gsl_test_int((int)f->pools[i].most, (int)wanted[i].most, "pool %zu: most", i);
        gsl_test_int((int)f->pools[i].starts, (int)wanted[i].starts, "pool %zu: starts", i);
        gsl_test(f->pools[i].held_us != wanted[i].held_us, "pool %zu: hours", i);
    }
}

static void test_scaling(const struct service_facts *f)
{
    gsl_test_int((int)f->n_regions, 2, "regions");
    const struct scaling_fact *south = &f->regions[0], *north = &f->regions[1];
    gsl_test_str(south->region, "cn-shenzhen", "first region");
    gsl_test(south->least != 1 || south->most != 1 || south->base != 1, "one fixed machine");
    gsl_test_int(south->on_demand_percent, 100, "nothing above the base");
    gsl_test_int((int)south->n_spot_places, 0, "no spot");
    gsl_test_str(north->region, "cn-beijing", "second region");
    gsl_test_int((int)north->least, 2, "at night");
    gsl_test_int((int)north->most, 10, "4 + 3 spot and 3 on-demand from hour 15");
    gsl_test_int((int)north->base, 2, "always held outside spot");
    gsl_test_int(north->on_demand_percent, 13, "1 of 8 above the base, rounded up");
    gsl_test_int((int)north->n_spot_places, 1, "protected or not is one place");
    gsl_test_int((int)north->n_types, 2, "types");
    gsl_test(north->types[0] == north->types[1], "each once");
}

static void test_load(struct sample *s, const struct service_facts *f)
{
    gsl_test_rel(f->peak_load, 3600 * 1.5 * 1.2, 1e-12, "with burst and headroom");
    gsl_test_rel(f->target_load, 3600.0 / 11, 1e-12, "without them, on the machines of the peak");
    const struct service_facts none = service_facts(&s->plan, QUIET, s->arena);
    gsl_test(none.n_pools || none.n_regions, "nothing is held");
    gsl_test(isfinite(none.target_load), "and nothing carries load");
    s->plan.service_outcomes[CHAT].unserved_frac = 0.01;
    const struct service_facts lost = service_facts(&s->plan, CHAT, s->arena);
    gsl_test(isfinite(lost.target_load), "the machines carry less than the load");
    s->plan.service_outcomes[CHAT].unserved_frac = 0;
}

/* The relaxation holds 7/8 of what whole machines would. */
static void test_relaxed(struct sample *s)
{
    s->plan.service_outcomes[CHAT].held_h = 422 * 0.875;
    const double *shares = paid_shares(&s->plan, s->arena);
    int64_t paid = 0;
    for (size_t i = 0; i < N_HOLDINGS; i++) paid += holding_paid_us(&s->plan.holdings[i], shares);
    gsl_test(paid != HOURS(422 * 0.875), "hours paid");
    s->plan.service_outcomes[CHAT].held_h = 422;
}

static void test_texts(struct sample *s)
{
    struct arena *a = s->arena;
    gsl_test(service_text(&s->plan, 0, a) || perfect_text(&s->plan, 0, a), "train is no service");
    gsl_test_str(service_text(&s->plan, CHAT_WORKLOAD, a),
                 "machines: 9 at the peak, 3 at least; 102 of 422 machine-hours idle", "chat");
    gsl_test_str(perfect_text(&s->plan, CHAT_WORKLOAD, a),
                 "a perfect autoscaler of the strongest type held would hold 99.2 machine-hours",
                 "chat");
    gsl_test(unserved_text(&s->plan, CHAT_WORKLOAD, a) != NULL, "chat serves all");
    gsl_test_str(unserved_text(&s->plan, CHAT_WORKLOAD + 1, a),
                 "3.14% of the load is left unserved", "quiet");
    gsl_test_str(service_rule_word(&s->plan.services->items[QUIET]), "blocking", "rule");
    gsl_test_str(service_load_unit(&s->plan.services->items[QUIET]), "erlang", "unit");
}

/* The cost of a fixed machine over New Year goes to its days, exactly. */
static void test_days(struct sample *s)
{
    const int64_t hours[] = {30, 66};
    for (int month = 0; month < 2; month++) {
        struct ledger_line l = sample_line(PART_COMPUTE, 0, month, s->plan.offers[0].price_per_h,
                                           hours[month] * HOURS(1));
        l.workload = CHAT_WORKLOAD;
        l.demand = NO_INDEX;
        sample_ledger_add(s, l);
    }
    size_t n, days = 0;
    const struct cell *cells = cells_make(&n, &s->plan, s->arena);
    micro_t cost = 0, all = 0;
    int64_t paid = 0, started = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t part = 0; part < N_PARTS; part++) all += cells[i].part[part];
        if (cells[i].workload != CHAT_WORKLOAD) continue;
        gsl_test(cells[i].day < 0, "every amount of chat is of a day");
        paid += cells[i].paid_us;
        started += cells[i].start_us;
        if (cells[i].offer != 0) continue;
        days++;
        cost += cells[i].part[PART_COMPUTE];
    }
    gsl_test_int((int)days, 5, "96 hours from 18:00");
    gsl_test(all != s->plan.cost, "cells add up to the cost");
    gsl_test(cost != s->plan.ledger[s->plan.n_ledger - 1].amount +
                         s->plan.ledger[s->plan.n_ledger - 2].amount,
             "cost of the machine");
    gsl_test(paid != HOURS(422) || started != HOURS(1.25), "hours of chat");
}

static void test_formats(struct sample *s)
{
    gsl_test(summary_make(&s->summary, &s->plan, s->arena, &s->diag), "summary");
    const char *table = sample_printed(s, &format_table);
    expect_text(table, "CNY   newest price 2026-09-28 (55 days old)   cn-shenzhen + cn-beijing",
                "regions of services");
    expect_text(table, "\n quiet ", "a service that pays nothing is told");
    expect_text(table, "\n   machines: 9 at the peak, 3 at least; ", "table");
    const char *text = sample_printed(s, &format_json);
    gsl_test(strcasestr(text, "nan") != NULL, "no NaN");
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    gsl_test(json_array_size(json_object_get(root, "timeline")) != 3 + N_HOLDINGS, "timeline");
    const char *rule, *region;
    int base, percent, pools, warm, cooldown;
    double target;
    gsl_test(json_unpack(root, "{s:[{s:s,s:[{s:s},{s:s,s:{s:i,s:i,s:i,s:i,s:i},s:{s:f}}]}]}",
                         "services", "rule", &rule, "scaling", "region", &region, "region", &region,
                         "ess", "on_demand_base_capacity", &base, "on_demand_percentage_above_base",
                         &percent, "spot_instance_pools", &pools, "warm_up_s", &warm, "cooldown_s",
                         &cooldown, "eas", "target_load_per_replica", &target),
             "what scaling groups are told");
    gsl_test_str(rule, "wait", "rule");
    gsl_test(base != 2 || percent != 13 || pools != 1, "group");
    gsl_test(warm != 900 || cooldown != 515, "whole seconds, rounded up");
    gsl_test_rel(target, 3600.0 / 11, 1e-12, "target");
    json_decref(root);
}

int main(void)
{
    struct sample s;
    sample_make(&s);
    make_workloads(&s);
    make_services(&s);
    make_holdings(&s);
    const struct service_facts f = service_facts(&s.plan, CHAT, s.arena);
    test_pools(&f);
    test_scaling(&f);
    test_load(&s, &f);
    test_relaxed(&s);
    test_texts(&s);
    test_days(&s);
    test_formats(&s);
    arena_free(s.arena);
    return gsl_test_summary();
}

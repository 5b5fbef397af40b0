/* Random small problems from a seed. A law says which features it can stand; most problems have a plan. */
#ifndef TESTS_LAWS_GENERATE_H
#define TESTS_LAWS_GENERATE_H

#include "tests/laws/write.h"

enum feature {
    F_GANG = 1 << 0,
    F_SPOT = 1 << 1,
    F_BUY = 1 << 2,       /* subscriptions may be bought */
    F_COMMITTED = 1 << 3, /* machines are subscribed already */
    F_SAVINGS = 1 << 4,
    F_DATA = 1 << 5,
    F_READS = 1 << 6,
    F_LATE = 1 << 7,
    F_HOURS = 1 << 8,
    F_DAYS = 1 << 9,
    F_REPEAT = 1 << 10,
    F_BUDGET = 1 << 11,
    F_LIMITS = 1 << 12,
    F_STEPS = 1 << 13, /* stock over time */
    F_SHARE = 1 << 14, /* spot_max_share */
    F_CHECKPOINTS = 1 << 15,
    F_LICENCE = 1 << 16,
    F_CPU = 1 << 17,
    F_ZONES = 1 << 18,
    F_JOBS = 1 << 19,
    F_MONTHS = 1 << 20, /* the horizon passes the end of a month */
    F_DISCOUNT = 1 << 21,
    F_TIGHT = 1 << 22,   /* some problems have no plan */
    F_RELAXED = 1 << 23, /* some ask for integrality: none */
    F_CAPPED = 1 << 24,  /* max_workers */
    F_ALL = (1 << 25) - 1,
};

struct source_of_luck {
    uint64_t state;
    unsigned features;
};

/* 0 .. n - 1 */
static inline int luck(struct source_of_luck *l, int n)
{
    return (int)(next_number(&l->state) % (uint64_t)n);
}

static inline int luck_between(struct source_of_luck *l, int from, int to)
{
    return from + luck(l, to - from + 1);
}

/* True in `percent` of the cases, when the feature is allowed. */
static inline bool lucky(struct source_of_luck *l, unsigned feature, int percent)
{
    const bool drawn = luck(l, 100) < percent; /* always, so that features leave the rest alone */
    return drawn && (l->features & feature) == feature;
}

static inline void generate_places(struct problem *p, struct source_of_luck *l)
{
    static const char *const regions[] = {"xa-north", "qz-plains", "wk-southbay"};
    static const char *const owners[] = {"team-red", "team-blue"};
    p->n_regions = luck_between(l, 1, 3);
    for (int i = 0; i < 3 && i < p->n_regions; i++)
        snprintf(p->regions[i], NAME_BYTES, "%s", regions[i]);
    p->n_owners = 2;
    for (int i = 0; i < 2; i++) snprintf(p->owners[i], NAME_BYTES, "%s", owners[i]);
    p->n_gpus = luck_between(l, 1, 3);
    for (int i = 0; i < p->n_gpus; i++)
        snprintf(p->gpus[i], NAME_BYTES, "Test%c-%dGB", "QRX"[i], 16 << i);
}

static inline void generate_horizon(struct problem *p, struct source_of_luck *l)
{
    static const int steps[] = {60, 30, 120, 60, 90};
    const bool months = lucky(l, F_MONTHS, 40);
    snprintf(p->start, sizeof p->start, "%s", months ? "2026-11-29" : "2026-12-07");
    p->start_clock_min = luck(l, 4) ? 0 : 60 * luck(l, 24) + 30 * luck(l, 2);
    p->length_min = MINUTES_PER_DAY * luck_between(l, 2, 7) + (luck(l, 5) ? 0 : 17 * luck(l, 60));
    p->step_min = steps[luck(l, 5)];
}

static inline void generate_types(struct problem *p, struct source_of_luck *l)
{
    static const int sizes[] = {1, 1, 2, 4, 8};
    const bool cpu = lucky(l, F_CPU, 40);
    const int n = luck_between(l, p->n_gpus > 2 ? p->n_gpus : 2, 5);
    for (int i = 0; i < n; i++) {
        struct machine_type *t = &p->types[p->n_types++];
        t->gpu = i < p->n_gpus ? i : luck(l, p->n_gpus);
        t->gpus = sizes[luck(l, 5)];
        t->memory_gb = 16 << t->gpu;
        t->vcpu = 8 * t->gpus;
        t->ram_gb = 32 * t->gpus;
        t->net_gbps = luck(l, 2) ? 0 : luck_between(l, 5, 40);
        snprintf(t->family, NAME_BYTES, "gt%d", t->gpu);
        snprintf(t->name, NAME_BYTES, "ecs.gt%d-m%d.%dx", t->gpu, i, t->gpus);
    }
    for (int i = 0; cpu && i < 2; i++) {
        struct machine_type *t = &p->types[p->n_types++];
        *t = (struct machine_type){.gpu = -1, .vcpu = 16 << i, .ram_gb = 64 << i};
        snprintf(t->family, NAME_BYTES, "ct%d", i);
        snprintf(t->name, NAME_BYTES, "ecs.ct%d.%dxlarge", i, 4 << i);
    }
}

static inline void add_price(struct problem *p, struct price row)
{
    if (p->n_prices < MAX_PRICES) p->prices[p->n_prices++] = row;
}

/* Prices of a type in one region or zone: on demand always, spot and by the month often. */
static inline void generate_offers(struct problem *p, struct source_of_luck *l, int type,
                                   int region, int zone)
{
    const struct machine_type *t = &p->types[type];
    const int base = t->gpu < 0 ? 40 * t->vcpu : (700 << t->gpu) * t->gpus;
    const int list = base * luck_between(l, 70, 130) / 100 + luck(l, 97);
    struct price row = {.type = type, .region = region, .zone = zone, .amount = {list, 2}};
    add_price(p, row);
    const bool spot = lucky(l, F_SPOT, 75);
    row.way = WAY_SPOT;
    row.amount = (struct decimal){(int64_t)list * luck_between(l, 180, 800), 5};
    row.hazard = (struct decimal){luck(l, 5) ? luck_between(l, 1, 90) : 0, 3};
    if (spot) add_price(p, row);
    const bool month = lucky(l, F_BUY, 50) || lucky(l, F_COMMITTED, 50);
    row.way = WAY_MONTH;
    row.amount = (struct decimal){(int64_t)list * 720 * luck_between(l, 35, 90), 4};
    row.hazard = (struct decimal){0, 0};
    if (month) add_price(p, row);
}

static inline void generate_prices(struct problem *p, struct source_of_luck *l)
{
    for (int t = 0; t < p->n_types; t++) {
        int priced = 0;
        for (int r = 0; r < p->n_regions; r++) {
            if (luck(l, 4) == 0 && t > 0 && (priced || r + 1 < p->n_regions)) continue;
            priced++;
            const bool zones = lucky(l, F_ZONES, 25);
            if (!zones) generate_offers(p, l, t, r, -1);
            for (int z = 0; zones && z < 2; z++) generate_offers(p, l, t, r, z);
        }
    }
    for (int k = KIND_TRAINING; k < KIND_ETL; k++)
        for (int g = 0; g < p->n_gpus; g++)
            p->speeds[p->n_speeds++] = (struct speed_problem){
                .gpu = g, .kind = (enum kind)k, .speed = {luck_between(l, 60, 140) << g, 2}};
    for (int t = 0; t < p->n_types; t++) {
        if (p->types[t].gpu >= 0) continue;
        struct speed_problem *s = &p->speeds[p->n_speeds++];
        *s = (struct speed_problem){
            .gpu = -1, .kind = KIND_ETL, .speed = {luck_between(l, 80, 150), 2}};
        memcpy(s->family, p->types[t].family, NAME_BYTES);
    }
}

static inline void generate_tariffs(struct problem *p, struct source_of_luck *l)
{
    const int n = luck_between(l, 1, 3);
    for (int i = 0; i < n; i++) {
        struct tariff *s = &p->tariffs[p->n_tariffs++];
        const bool sloped = luck(l, 2);
        snprintf(s->name, NAME_BYTES, "store-%c", 'a' + i);
        s->price_month = (struct decimal){luck_between(l, 9, 180), 2};
        s->egress = (struct decimal){luck(l, 2) ? luck_between(l, 20, 80) : 0, 2};
        s->retrieval = (struct decimal){luck(l, 4) ? 0 : luck_between(l, 1, 9), 2};
        s->min_size_gib = luck(l, 3) ? 0 : 100 * luck_between(l, 1, 20);
        s->base_mbps = sloped ? 0 : luck_between(l, 4, 40) * 100;
        s->slope_mbps_per_tib = sloped ? luck_between(l, 100, 400) : 0;
        s->max_mbps = sloped ? luck_between(l, 20, 80) * 100 : s->base_mbps;
        s->client_mbps = luck(l, 2) ? 0 : luck_between(l, 3, 15) * 100;
    }
    const bool disk = luck(l, 3) == 0;
    if (!disk) return;
    struct tariff *s = &p->tariffs[p->n_tariffs++];
    *s = (struct tariff){.price_month = {luck_between(l, 50, 150), 2},
                         .base_mbps = 100 * luck_between(l, 1, 4),
                         .per_machine = true};
    s->max_mbps = s->base_mbps;
    snprintf(s->name, NAME_BYTES, "disk-x");
}

static inline void generate_datasets(struct problem *p, struct source_of_luck *l)
{
    struct source_of_luck own = {.state = next_number(&l->state), .features = l->features};
    const bool data = lucky(l, F_DATA, 45);
    if (!data) return;
    generate_tariffs(p, &own);
    p->n_datasets = luck_between(&own, 1, 2);
    for (int i = 0; i < p->n_datasets; i++) {
        struct dataset_problem *d = &p->datasets[i];
        snprintf(d->name, NAME_BYTES, "%s",
                 i               ? "corpus"
                 : luck(&own, 2) ? "frames"
                                 : "checkpoints");
        d->classes = luck(&own, 2) ? 0 : 1u << luck(&own, p->n_tariffs);
        d->region = luck(&own, 3) ? -1 : p->n_regions - 1;
        d->split = luck(&own, 6) == 0;
    }
}

static inline void generate_uses(struct problem *p, struct workload_problem *w,
                                 struct source_of_luck *l)
{
    for (int d = 0; d < p->n_datasets; d++) {
        const bool used = luck(l, 3) == 0, read = lucky(l, F_READS, 60);
        struct use u = {.dataset = d,
                        .size_gib = luck_between(l, 10, 3000),
                        .keep_min = luck(l, 2) ? -1 : 60 * luck_between(l, 10, 300),
                        .throughput_mbps = luck(l, 3) ? 0 : 50 * luck_between(l, 1, 30),
                        .egress_gib = luck(l, 3) ? 0 : luck_between(l, 1, 200),
                        .reads = {luck_between(l, 2, 30), 1}};
        if (!read) u.reads.digits = 0;
        if (used) w->uses[w->n_uses++] = u;
    }
}

/* Hours of work that leave the window partly empty. */
static inline struct decimal generate_hours(struct source_of_luck *l, double room_h)
{
    const int share = (l->features & F_TIGHT) && luck(l, 12) == 0 ? luck_between(l, 100, 250)
                                                                  : luck_between(l, 5, 55);
    const int64_t hundredths = (int64_t)(room_h * share) + 1;
    return (struct decimal){hundredths, 2};
}

static inline void generate_window(const struct problem *p, struct workload_problem *w,
                                   struct source_of_luck *l)
{
    const bool start = luck(l, 4) == 0, due = luck(l, 4) != 0, hours = lucky(l, F_HOURS, 30),
               days = lucky(l, F_DAYS, 10), late = lucky(l, F_LATE, 25);
    w->start_min = start ? 10 * luck(l, p->length_min / 30) : -1;
    const int from = start ? w->start_min : 0;
    w->due_min = luck_between(l, (p->length_min - from) / 2, p->length_min - from - 1);
    if (!due) w->due_min = -1;
    w->due_is_moment = luck(l, 2);
    w->hours_from = 30 * luck(l, 48);
    w->hours_to = (w->hours_from + 30 * luck_between(l, 12, 40)) % MINUTES_PER_DAY;
    if (!hours) w->hours_from = w->hours_to = -1;
    w->days = days ? luck(l, 2) ? WORK_DAY : FREE_DAY : ANY_DAY;
    w->late_per_h = (struct decimal){late && due ? luck_between(l, 50, 5000) : 0, 2};
}

static inline void generate_buying(struct workload_problem *w, struct source_of_luck *l)
{
    const bool spot = lucky(l, F_SPOT, 65), share = lucky(l, F_SHARE, 25),
               buy = lucky(l, F_BUY, 40), spot_only = luck(l, 6) == 0,
               own_hazard = lucky(l, F_SPOT, 30), licence = lucky(l, F_LICENCE, 25);
    w->may_buy[WAY_ON_DEMAND] = !(spot && spot_only && !share);
    w->may_buy[WAY_SPOT] = spot;
    w->may_buy[WAY_MONTH] = buy;
    w->tolerant = spot;
    w->spot_percent = share ? luck_between(l, 5, 95) : 100;
    w->protection = luck(l, 3);
    w->hazard = (struct decimal){own_hazard ? luck_between(l, 0, 80) : -1, 3};
    w->licence_per_h = (struct decimal){licence ? luck_between(l, 10, 300) : 0, 2};
    w->licence_per_gpu = luck(l, 2);
}

static inline void generate_saving(struct workload_problem *w, struct source_of_luck *l)
{
    const bool checkpoints = lucky(l, F_CHECKPOINTS, 70);
    const int way = luck(l, 4);
    w->saving = !checkpoints ? SAVING_LOST
                : way < 2    ? SAVING_AUTO
                : way == 2   ? SAVING_EVERY
                             : SAVING_LOST;
    if (checkpoints && workload_is_gang(w) && luck(l, 5) == 0) w->saving = SAVING_NONE;
    w->every_min = luck_between(l, 5, 120);
    w->checkpoint_gb = luck(l, 3) ? luck_between(l, 1, 200) : 0;
    w->restart_min = luck(l, 4) ? luck_between(l, 1, 20) : 0;
    w->lost_min = luck_between(l, 1, 30);
}

static inline void generate_jobs(const struct problem *p, struct workload_problem *w,
                                 struct source_of_luck *l, double room_h)
{
    const bool list = lucky(l, F_JOBS, 30), daily = lucky(l, F_REPEAT, 20);
    w->daily = daily && !list;
    if (w->daily) {
        w->start_min = -1;
        w->due_is_moment = false;
        w->late_per_h.digits = 0;
        w->days = ANY_DAY;
        w->due_min = luck(l, 2) ? 1200 : 1440;
        if (w->hours_from >= 0 && w->hours_from >= w->hours_to) w->due_min = 1440;
        room_h /= (double)p->length_min / MINUTES_PER_DAY;
    }
    w->n_jobs = list ? luck_between(l, 1, 3) : 0;
    for (int i = 0; i < w->n_jobs; i++) {
        struct job *j = &w->jobs[i];
        snprintf(j->id, NAME_BYTES, "j%d%c", (7 * i + 3) % 10, 'a' + i);
        j->work = generate_hours(l, room_h / w->n_jobs);
        j->items = j->work.digits;
        j->start_min = luck(l, 2) ? -1 : 10 * luck(l, p->length_min / 40);
        j->due_min = luck(l, 2) ? -1 : luck_between(l, p->length_min / 2, p->length_min);
    }
    w->work = generate_hours(l, room_h);
    w->items = w->work.digits;
}

static inline void generate_workload(struct problem *p, struct source_of_luck *l, bool cpu)
{
    struct workload_problem *w = &p->workloads[p->n_workloads];
    static const char *const names[] = {"pretrain", "bake", "tagging", "shots", "evals"};
    *w = (struct workload_problem){.owner = luck_between(l, -1, 1)};
    snprintf(w->name, NAME_BYTES, "%s", names[p->n_workloads++]);
    const bool gang = lucky(l, F_GANG, 45) && !cpu, capped = lucky(l, F_CAPPED, 50);
    w->kind = cpu          ? KIND_ETL
              : gang       ? luck(l, 2) ? KIND_TRAINING : KIND_FINETUNE
              : luck(l, 2) ? KIND_INFERENCE
                           : KIND_RENDER;
    w->form = cpu ? WORK_VCPU_HOURS : luck(l, 3) ? WORK_GPU_HOURS : WORK_ITEMS;
    w->reference = luck(l, p->n_gpus);
    w->seconds_per_item = (struct decimal){luck_between(l, 2000, 3600), 2};
    w->vcpu = cpu ? 4 << luck(l, 3) : 0;
    int most = 1;
    for (int i = 0; i < p->n_types; i++) most = p->types[i].gpus > most ? p->types[i].gpus : most;
    w->gpus_per_worker = cpu ? 0 : luck(l, 2) ? 1 : luck_between(l, 1, most);
    w->workers = gang && luck(l, 3) ? luck_between(l, 1, 5) : 0;
    w->max_workers = !gang && capped ? luck_between(l, 1, 12) : 0;
    w->memory_gb = luck(l, 2) || cpu ? 0 : 12;
    generate_window(p, w, l);
    generate_buying(w, l);
    generate_saving(w, l);
    generate_uses(p, w, l);
    const double width = gang             ? w->gpus_per_worker * (w->workers ? w->workers : 1)
                         : w->max_workers ? w->max_workers * (cpu ? w->vcpu : w->gpus_per_worker)
                                          : 8 * (cpu ? 8 : 1);
    double room_h =
        (w->due_min > 0 ? w->due_min : p->length_min - (w->start_min > 0 ? w->start_min : 0)) /
        60.0 * width * 0.3;
    if (w->hours_from >= 0)
        room_h *= ((w->hours_to - w->hours_from + MINUTES_PER_DAY) % MINUTES_PER_DAY) /
                  (double)MINUTES_PER_DAY;
    if (w->days != ANY_DAY) room_h *= 0.3;
    generate_jobs(p, w, l, room_h);
}

static inline void generate_limits(struct problem *p, struct source_of_luck *l)
{
    const bool limits = lucky(l, F_LIMITS, 60), steps = lucky(l, F_STEPS, 20);
    for (int g = 0; limits && g < p->n_gpus; g++) {
        if (luck(l, 2)) continue;
        const bool zone = lucky(l, F_ZONES, 20), region = luck(l, 3) == 0, owner = luck(l, 4) == 0;
        struct limit_problem *q = &p->limits[p->n_limits++];
        *q = (struct limit_problem){.gpu = g,
                                    .type = -1,
                                    .owner = owner ? luck(l, 2) : -1,
                                    .region = region || zone ? luck(l, p->n_regions) : -1,
                                    .zone = zone ? luck(l, 2) : -1,
                                    .count = luck_between(l, 8, 40)};
    }
    for (int t = 0; limits && t < p->n_types; t++) {
        if (luck(l, 3)) continue;
        p->limits[p->n_limits++] =
            (struct limit_problem){.is_stock = !steps,
                                   .gpu = -1,
                                   .type = t,
                                   .owner = -1,
                                   .zone = -1,
                                   .region = luck(l, 2) ? -1 : luck(l, p->n_regions),
                                   .count = luck_between(l, 1, 12)};
    }
    for (int i = 0; steps && i < 4; i++) {
        const struct step_problem s = {.type = i / 2,
                                       .region = 0,
                                       .start_min =
                                           i % 2 ? luck_between(l, 1, p->length_min - 1) : 0,
                                       .available = luck_between(l, 1, 9)};
        if (s.type < p->n_types) p->steps[p->n_steps++] = s;
    }
}

static inline void generate_commitments(struct problem *p, struct source_of_luck *l)
{
    const bool machines = lucky(l, F_COMMITTED, 30), savings = lucky(l, F_SAVINGS, 20);
    for (int i = 0; machines && i < p->n_prices; i++) {
        if (p->prices[i].way != WAY_MONTH || p->prices[i].zone >= 0) continue;
        p->commitments[p->n_commitments++] = (struct commitment_problem){
            .type = p->prices[i].type,
            .region = p->prices[i].region,
            .count = luck_between(l, 1, 3),
            .until_min = luck(l, 2) ? -1 : luck_between(l, 60, p->length_min)};
        break;
    }
    if (!savings) return;
    p->commitments[p->n_commitments++] = (struct commitment_problem){
        .type = -1,
        .spend_per_h = {luck_between(l, 300, 6000), 2},
        .discount_percent = luck_between(l, 5, 50),
        .until_min = luck(l, 2) ? -1 : luck_between(l, 60, p->length_min)};
}

/* Between 250 and 20,000: from hopeless to generous for most problems. */
static inline struct decimal generate_budget(struct source_of_luck *l)
{
    return (struct decimal){(INT64_C(25000) << luck(l, 6)) * luck_between(l, 100, 250) / 100, 2};
}

static inline struct problem generate(unsigned seed, unsigned features)
{
    struct problem p = {.seed = seed};
    struct source_of_luck l = {.state = seed * UINT64_C(7919) + 11, .features = features};
    generate_places(&p, &l);
    generate_horizon(&p, &l);
    generate_types(&p, &l);
    generate_prices(&p, &l);
    generate_datasets(&p, &l);
    const int n = luck_between(&l, 1, 4);
    const bool cpu = p.types[p.n_types - 1].gpu < 0;
    for (int i = 0; i < n; i++) generate_workload(&p, &l, cpu && i == n - 1);
    generate_limits(&p, &l);
    generate_commitments(&p, &l);
    const bool budget = lucky(&l, F_BUDGET, 35);
    const struct decimal limit = generate_budget(&l);
    if (budget && luck(&l, 3)) p.budget = limit;
    for (int o = 0; o < p.n_owners; o++) {
        const struct decimal own = generate_budget(&l);
        if (budget && luck(&l, 2)) p.owner_budget[o] = own;
    }
    p.budget_monthly = luck(&l, 2);
    p.discount_percent = lucky(&l, F_DISCOUNT, 25) ? luck_between(&l, 1, 20) : 0;
    p.relaxed = lucky(&l, F_RELAXED, 15);
    return p;
}

#endif

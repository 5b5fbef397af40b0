/* Small services as data, and the files a user would write for them. */
#ifndef TESTS_LAWS_SERVICE_PROBLEM_H
#define TESTS_LAWS_SERVICE_PROBLEM_H

#include "tests/laws/generate.h"
#include "tests/laws/solve.h"

enum service_form { FORM_WAIT, FORM_TABLE, FORM_CLASSES, FORM_SESSIONS, FORM_SEATS, N_FORMS };
enum service_way { BUY_FIXED, BUY_FOLLOWING, BUY_SPOT, BUY_MONTH, N_BUYS };

enum { MAX_SERVICE_TYPES = 8, MAX_CLASSES = 3, MAX_POINTS = 5, N_SERVICE_GPUS = 3 };

static const char *const service_gpus[N_SERVICE_GPUS] = {"A10-24GB", "T4-16GB", "L20-48GB"};
static const int service_memory_gb[N_SERVICE_GPUS] = {24, 16, 48};
static const double service_speeds[N_SERVICE_GPUS] = {1, 0.45, 1.7};

struct service_type {
    int gpu, gpus;
    int price_fen;                   /* on demand, an hour */
    int spot_percent, month_percent; /* of that; the month's of 720 hours. 0: not sold that way */
    int reclaims;                    /* per thousand hours */
};

struct service_problem {
    unsigned seed;
    enum service_form form;
    int n_types, n_classes, n_points, step_min, length_h;
    struct service_type types[MAX_SERVICE_TYPES];
    int table[N_SERVICE_GPUS][MAX_CLASSES]; /* thousandths of a request a second */
    int share_percent[MAX_CLASSES];
    int point_h[MAX_POINTS], point_rate[MAX_POINTS]; /* thousandths a second */
    int time_ms, cv_percent, batch, limit_times;
    int seats, blocked_percent;
    int least, most, cold_min, cooldown_min, headroom, burst_percent; /* most 0: no limit */
    bool may_buy[N_BUYS];
    int spot_percent, base, restart_min;
    int quota;             /* GPUs of the first model; 0: no limit */
    int stock;             /* machines of the first type; 0: no limit */
    int budget_cny, owned; /* 0: none; machines of the first type that are subscribed already */
};

static inline struct service_type generate_service_type(struct source_of_luck *l)
{
    struct service_type t = {.gpu = luck(l, N_SERVICE_GPUS), .gpus = luck_between(l, 1, 2)};
    t.price_fen = (int)(service_speeds[t.gpu] * luck_between(l, 600, 1400)) * t.gpus;
    t.spot_percent = luck_between(l, 15, 70);
    t.month_percent = luck_between(l, 25, 95);
    t.reclaims = luck(l, 3) ? luck_between(l, 0, 300) : 0;
    return t;
}

static inline void generate_load(struct service_problem *p, struct source_of_luck *l)
{
    const int one = 1000000 / p->time_ms * p->batch; /* what one GPU carries, about */
    p->n_points = luck_between(l, 1, MAX_POINTS);
    for (int i = 0; i < p->n_points; i++) {
        p->point_h[i] = i * (24 / MAX_POINTS) + luck(l, 3);
        p->point_rate[i] = luck(l, 6) ? luck_between(l, 0, 5 * one) : 0;
    }
    p->point_rate[0] = luck_between(l, one / 3, 6 * one);
    for (int g = 0; g < N_SERVICE_GPUS; g++)
        for (int c = 0; c < MAX_CLASSES; c++)
            p->table[g][c] = (int)(service_speeds[g] * one * luck_between(l, 40, 140) / 100);
}

static inline void generate_scaling(struct service_problem *p, struct source_of_luck *l)
{
    static const int cooldowns[] = {0, 0, 10, 45, 90, 200};
    p->least = luck(l, 2) ? 0 : luck_between(l, 1, 3);
    p->most = luck(l, 4) ? 0 : luck_between(l, 6, 14);
    p->cold_min = luck(l, 3) ? luck_between(l, 1, 12) : 0;
    p->cooldown_min = cooldowns[luck(l, 6)];
    p->headroom = luck(l, 2) ? 0 : luck_between(l, 5, 40);
    p->burst_percent = luck(l, 2) ? 100 : luck_between(l, 101, 180);
    p->quota = luck(l, 4) ? 0 : luck_between(l, 4, 9);
}

static inline struct service_problem generate_service(unsigned seed)
{
    struct source_of_luck luck_of = {.state = seed}, *l = &luck_of;
    struct service_problem p = {.seed = seed, .form = (enum service_form)luck(l, N_FORMS)};
    p.n_types = luck_between(l, 1, 4);
    for (int i = 0; i < p.n_types; i++) p.types[i] = generate_service_type(l);
    p.types[0].gpu = 0;
    p.step_min = luck(l, 2) ? 60 : 30;
    /* Whole machines for several classes take a tree, so those problems are short. */
    p.length_h = p.form == FORM_CLASSES ? luck_between(l, 2, 4) : luck_between(l, 20, 50);
    p.time_ms = luck_between(l, 40, 400);
    p.cv_percent = luck(l, 4) ? luck_between(l, 0, 150) : 0;
    p.batch = luck_between(l, 1, 4);
    p.limit_times = luck_between(l, 6, 15);
    p.seats = luck_between(l, 2, 25);
    p.blocked_percent = luck_between(l, 1, 8);
    p.n_classes = p.form == FORM_CLASSES ? luck_between(l, 2, MAX_CLASSES) : 1;
    const int first = luck_between(l, 10, 60);
    p.share_percent[0] = p.n_classes == 1 ? 100 : first;
    p.share_percent[1] = p.n_classes == 2 ? 100 - first : (100 - first) / 2;
    p.share_percent[2] = 100 - first - p.share_percent[1];
    generate_load(&p, l);
    generate_scaling(&p, l);
    for (int i = 0; i < N_BUYS; i++) p.may_buy[i] = luck(l, 3) > 0;
    if (!p.may_buy[BUY_FIXED]) p.may_buy[BUY_FOLLOWING] = true;
    p.spot_percent = luck(l, 2) ? 100 : luck_between(l, 10, 90);
    p.base = luck(l, 3) ? 0 : luck_between(l, 1, 2);
    p.restart_min = luck(l, 2) ? 0 : luck_between(l, 1, 8);
    return p;
}

/* --- files --- */

static inline void write_service_book(const struct service_problem *p, const char *folder)
{
    FILE *types = fopen(text_of("%s/instances.csv", folder).at, "w");
    FILE *prices = fopen(text_of("%s/prices.csv", folder).at, "w");
    fputs("instance_type,family,gpu_model,gpus,gpu_mem_gb,nvlink,vcpu,ram_gb,source,confidence\n",
          types);
    fputs("instance_type,region,market,price,currency,unit,date,source,confidence,hazard_per_h,"
          "checked,free\n",
          prices);
    for (int i = 0; i < p->n_types; i++) {
        const struct service_type *t = &p->types[i];
        const double price = t->price_fen / 100.0;
        fprintf(types, "ecs.type%d,type%d,%s,%d,%d,no,8,60,test,quoted\n", i, i,
                service_gpus[t->gpu], t->gpus, service_memory_gb[t->gpu]);
        const char *const row = "ecs.type%d,cn-shenzhen,%s,%.6g,CNY,%s,2026-11-20,test,quoted,";
        fprintf(prices, row, i, "on_demand", price, "h");
        fputs(",made up,\n", prices);
        if (t->spot_percent) {
            fprintf(prices, row, i, "spot", price * t->spot_percent / 100, "h");
            fprintf(prices, "%g,made up,\n", t->reclaims / 1000.0);
        }
        if (t->month_percent) {
            const int percent = t->month_percent < 0 ? 0 : t->month_percent;
            fprintf(prices, row, i, "subscription", price * 7.2 * percent, "month");
            fprintf(prices, ",made up,%s\n", percent ? "" : "yes");
        }
    }
    fclose(types);
    fclose(prices);
}

static inline void write_service_table(const struct service_problem *p, const char *folder)
{
    FILE *table = fopen(text_of("%s/profile.csv", folder).at, "w");
    FILE *mix = fopen(text_of("%s/mix.csv", folder).at, "w");
    fputs("gpu,class,max_rate_per_s\n", table);
    fputs("class,share\n", mix);
    for (int c = 0; c < p->n_classes; c++) {
        fprintf(mix, "c%d,%d%%\n", c, p->share_percent[c]);
        for (int g = 0; g < N_SERVICE_GPUS; g++)
            fprintf(table, "%s,c%d,%g\n", service_gpus[g], c, p->table[g][c] / 1000.0);
    }
    fclose(table);
    fclose(mix);
}

static inline void emit_service_load(FILE *out, const struct service_problem *p)
{
    /* Sessions of an hour: as many places as requests would keep busy. */
    const double scale = p->form == FORM_SESSIONS ? p->time_ms / 3.6e6 : 1;
    if (p->form == FORM_SEATS) {
        fprintf(out,
                "    work: {seats: %d, hours_per_day: 4.5, repeat: daily}\n"
                "    window: {hours: \"08:00-18:00\"}\n",
                p->seats);
        return;
    }
    fprintf(out, "    load: {shape: points, burst: %g, points: {", p->burst_percent / 100.0);
    for (int i = 0; i < p->n_points; i++)
        fprintf(out, "%s\"%02d:00\": %.9f/s", i ? ", " : "", p->point_h[i],
                p->point_rate[i] / 1000.0 * scale);
    fputs("}}\n", out);
}

static inline void emit_service_rule(FILE *out, const struct service_problem *p)
{
    static const char *const shares[] = {"gpus_per_worker: 1", "gpu_share: 0.5"};
    const bool places = p->form == FORM_SESSIONS || p->form == FORM_SEATS;
    if (p->form == FORM_WAIT)
        fprintf(out,
                "    latency: {p95: %dms}\n"
                "    service: {time: %dms, cv: %g, batch: %d}\n",
                p->limit_times * p->time_ms, p->time_ms, p->cv_percent / 100.0, p->batch);
    if (p->form == FORM_TABLE || p->form == FORM_CLASSES)
        fputs("    service: {profile: profile.csv}\n"
              "    request_mix: {from_csv: mix.csv}\n",
              out);
    if (p->form == FORM_SESSIONS) fputs("    service: {time: 60min}\n", out);
    if (places) fprintf(out, "    latency: {blocked: %d%%}\n", p->blocked_percent);
    fprintf(out, "    resources: {gpu: [%s, %s, %s], %s}\n", service_gpus[0], service_gpus[1],
            service_gpus[2], shares[places]);
    if (!places)
        fprintf(out, "    speed: {%s: %g, %s: %g, %s: %g}\n", service_gpus[0], service_speeds[0],
                service_gpus[1], service_speeds[1], service_gpus[2], service_speeds[2]);
}

static inline void emit_service(FILE *out, const struct service_problem *p)
{
    static const char *const kinds[N_FORMS] = {"inference_online", "inference_online",
                                               "inference_online", "render_realtime", "dev"};
    static const char *const ways[N_BUYS] = {"on_demand", "autoscaled", "spot", "subscription"};
    fprintf(out,
            "version: 1\n"
            "horizon: {start: 2026-12-01, length: %dh, step: %dmin}\n"
            "catalog: {builtin: false, regions: [cn-shenzhen], instances: [instances.csv], "
            "prices: [prices.csv]}\n"
            "workloads:\n  served:\n    kind: %s\n",
            p->length_h, p->step_min, kinds[p->form]);
    emit_service_load(out, p);
    emit_service_rule(out, p);
    fprintf(out, "    autoscale: {min: %d, cold_start: %dmin, cooldown: %dmin, headroom: %d%%",
            p->least, p->cold_min, p->cooldown_min, p->headroom);
    if (p->most) fprintf(out, ", max: %d", p->most);
    fputs("}\n    purchase: [", out);
    for (int i = 0, n = 0; i < N_BUYS; i++)
        if (p->may_buy[i]) fprintf(out, "%s%s", n++ ? ", " : "", ways[i]);
    fputs("]\n", out);
    if (p->may_buy[BUY_SPOT])
        fprintf(out,
                "    spot_max_share: %d%%\n    spot: {protection: hour, on_demand_base: %d}\n"
                "    interruption: {tolerant: true, restart: %dmin}\n",
                p->spot_percent, p->base, p->restart_min);
    if (p->quota) fprintf(out, "quota: {%s: %d}\n", service_gpus[0], p->quota);
    if (p->stock) fprintf(out, "stock: {ecs.type0: %d}\n", p->stock);
    if (p->budget_cny) fprintf(out, "budget: {limit: ¥%d}\n", p->budget_cny);
    if (p->owned)
        fprintf(out, "commitments: [{subscription: ecs.type0, region: cn-shenzhen, count: %d}]\n",
                p->owned);
}

static inline struct text service_write(const struct service_problem *p, const char *folder)
{
    const struct text path = text_of("%s/scenario.yaml", folder);
    FILE *out = fopen(path.at, "w");
    emit_service(out, p);
    fclose(out);
    write_service_book(p, folder);
    write_service_table(p, folder);
    return path;
}

static inline struct solved solve_service(const struct service_problem *p)
{
    struct solved s = {.arena = arena_new()};
    const struct text folder = folder_make();
    s.diag.arena = s.arena;
    s.code = solve_with(&s, service_write(p, folder.at).at, &(const struct scenario_options){0});
    if (getenv("LAW_KEEP"))
        fprintf(stderr, "problem %u: %s\n", p->seed, folder.at);
    else
        folder_remove(folder.at);
    return s;
}

#endif

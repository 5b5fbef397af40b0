/* Prints a problem as the files a user would write: scenario.yaml (or .json) and CSV files beside it. */
#ifndef TESTS_LAWS_WRITE_H
#define TESTS_LAWS_WRITE_H

#include "tests/laws/write_csv.h"

enum { MAX_DEPTH = 12 };

/* --- YAML and JSON --- */

struct emitter {
    FILE *out;
    const struct style *style;
    int depth;
    bool first[MAX_DEPTH], list[MAX_DEPTH];
};

static inline const char *line_end(const struct emitter *e)
{
    return e->style->crlf ? "\r\n" : "\n";
}

/* Key of the next entry of a map, or the mark of the next entry of a list (key NULL). */
static inline void put_key(struct emitter *e, const char *key)
{
    if (e->style->json) {
        fprintf(e->out, "%s", e->first[e->depth] ? "" : ", ");
        if (key) fprintf(e->out, "\"%s\": ", key);
    } else if (key) {
        fprintf(e->out, "%*s%s:", 2 * e->depth, "", key);
    } else {
        fprintf(e->out, "%*s-", 2 * e->depth, "");
    }
    e->first[e->depth] = false;
}

static inline void open_block(struct emitter *e, const char *key, bool list)
{
    put_key(e, key);
    fputs(e->style->json ? list ? "[" : "{" : line_end(e), e->out);
    e->depth++;
    e->first[e->depth] = true;
    e->list[e->depth] = list;
}

static inline void close_block(struct emitter *e)
{
    if (e->style->json) fputs(e->list[e->depth] ? "]" : "}", e->out);
    e->depth--;
}

/* A number, true or false: never in quotes. */
static inline void put_plain(struct emitter *e, const char *key, const char *value)
{
    put_key(e, key);
    fprintf(e->out, e->style->json ? "%s" : " %s%s", value, line_end(e));
}

static inline void put_text(struct emitter *e, const char *key, const char *value)
{
    const bool quote = e->style->json || strpbrk(value, ":#{}[],&*!|>'@`") || !*value;
    put_key(e, key);
    if (e->style->json)
        fprintf(e->out, "\"%s\"", value);
    else
        fprintf(e->out, quote ? " \"%s\"%s" : " %s%s", value, line_end(e));
}

static inline void put_number(struct emitter *e, const char *key, int value)
{
    put_plain(e, key, text_of("%d", value).at);
}

static inline void put_money(struct emitter *e, const char *key, struct decimal d, const char *per)
{
    put_text(e, key, text_of("CNY %s%s", decimal_text(d, e->style).at, per).at);
}

static inline void emit_work(struct emitter *e, const struct problem *p,
                             const struct workload_problem *w)
{
    open_block(e, "work", false);
    if (w->n_jobs)
        put_text(e, "from_csv", text_of("jobs-%s.csv", w->name).at);
    else if (w->form == WORK_ITEMS)
        put_plain(e, "items", text_of("%lld", (long long)w->items).at);
    else
        put_plain(e, work_key(w->form), decimal_text(w->work, e->style).at);
    if (w->form == WORK_ITEMS)
        put_plain(e, "seconds_per_item", decimal_text(w->seconds_per_item, e->style).at);
    if (w->form != WORK_VCPU_HOURS) put_text(e, "measured_on", p->gpus[w->reference]);
    if (w->daily) put_text(e, "repeat", "daily");
    close_block(e);
}

static inline void emit_resources(struct emitter *e, const struct problem *p,
                                  const struct workload_problem *w)
{
    open_block(e, "resources", false);
    if (w->gpus_per_worker) put_number(e, "gpus_per_worker", w->gpus_per_worker);
    if (w->workers) put_number(e, "workers", w->workers);
    if (w->max_workers) put_number(e, "max_workers", w->max_workers);
    if (w->memory_gb) put_text(e, "gpu_memory", size_text(w->memory_gb, e->style).at);
    if (w->vcpu) put_number(e, "vcpu", w->vcpu);
    if (w->ram_gb) put_text(e, "memory", size_text(w->ram_gb, e->style).at);
    if (w->types) {
        open_block(e, "instance_types", true);
        for (int i = 0; i < p->n_types; i++)
            if (w->types & 1u << i) put_text(e, NULL, p->types[i].name);
        close_block(e);
    }
    put_text(e, "interconnect", "any");
    close_block(e);
}

static inline void emit_window(struct emitter *e, const struct problem *p,
                               const struct workload_problem *w)
{
    static const char *const days[] = {"all", "workdays", "weekends"};
    open_block(e, "window", false);
    if (w->start_min >= 0) put_text(e, "start", moment_text(p, w->start_min).at);
    if (w->due_min >= 0 && w->due_is_moment)
        put_text(e, "deadline",
                 moment_text(p, w->due_min + (w->start_min > 0 ? w->start_min : 0)).at);
    else if (w->due_min >= 0)
        put_text(e, "deadline", duration_text(w->due_min, e->style).at);
    if (w->hours_from >= 0)
        put_text(e, "hours",
                 text_of("%02d:%02d-%02d:%02d", w->hours_from / 60, w->hours_from % 60,
                         w->hours_to / 60, w->hours_to % 60)
                     .at);
    put_text(e, "days", days[w->days]);
    close_block(e);
}

static inline void emit_purchase(struct emitter *e, const struct workload_problem *w)
{
    static const char *const words[] = {"on_demand", "spot", "subscription"};
    static const char *const protections[] = {"best", "hour", "none"};
    int order[N_WAYS] = {0};
    order_make(order, N_WAYS, e->style->shuffle, 7);
    open_block(e, "purchase", true);
    for (int i = 0; i < N_WAYS; i++)
        if (w->may_buy[order[i]]) put_text(e, NULL, words[order[i]]);
    close_block(e);
    if (w->spot_percent < 100) put_text(e, "spot_max_share", text_of("%d%%", w->spot_percent).at);
    open_block(e, "spot", false);
    put_text(e, "protection", protections[w->protection]);
    if (w->hazard.digits >= 0) put_plain(e, "hazard_per_h", decimal_text(w->hazard, e->style).at);
    close_block(e);
}

static inline void emit_interruption(struct emitter *e, const struct workload_problem *w)
{
    open_block(e, "interruption", false);
    put_plain(e, "tolerant", w->tolerant ? "true" : "false");
    if (w->saving == SAVING_AUTO) put_text(e, "checkpoint_every", "auto");
    if (w->saving == SAVING_EVERY)
        put_text(e, "checkpoint_every", duration_text(w->every_min, e->style).at);
    if (w->checkpoint_gb) put_text(e, "checkpoint_size", size_text(w->checkpoint_gb, e->style).at);
    put_text(e, "restart", duration_text(w->restart_min, e->style).at);
    if (w->saving == SAVING_LOST)
        put_text(e, "lost_per_hit", duration_text(w->lost_min, e->style).at);
    close_block(e);
}

static inline void emit_uses(struct emitter *e, const struct problem *p,
                             const struct workload_problem *w)
{
    if (!w->n_uses) return;
    open_block(e, "storage", true);
    for (int i = 0; i < w->n_uses; i++) {
        const struct use *u = &w->uses[i];
        open_block(e, NULL, false);
        put_text(e, "use", p->datasets[u->dataset].name);
        put_text(e, "size", size_text(u->size_gib, e->style).at);
        if (u->keep_min >= 0) put_text(e, "keep", duration_text(u->keep_min, e->style).at);
        if (u->throughput_mbps)
            put_text(e, "throughput", bandwidth_text(u->throughput_mbps, e->style).at);
        if (u->reads.digits)
            put_text(e, "reads", text_of("%sx", decimal_text(u->reads, e->style).at).at);
        if (u->egress_gib) put_text(e, "egress", size_text(u->egress_gib, e->style).at);
        close_block(e);
    }
    close_block(e);
}

static inline void emit_workload(struct emitter *e, const struct problem *p,
                                 const struct workload_problem *w)
{
    static const char *const kinds[] = {"training", "finetune", "inference_batch", "render_offline",
                                        "etl"};
    const bool per_day = e->style->duration == 2;
    open_block(e, w->name, false);
    put_text(e, "kind", kinds[w->kind]);
    if (w->owner >= 0) put_text(e, "owner", p->owners[w->owner]);
    emit_work(e, p, w);
    emit_resources(e, p, w);
    emit_window(e, p, w);
    if (w->late_per_h.digits)
        put_money(e, "late_cost", decimal_times(w->late_per_h, per_day ? 24 : 1, 0),
                  per_day ? "/d" : "/h");
    emit_purchase(e, w);
    emit_interruption(e, w);
    emit_uses(e, p, w);
    if (w->licence_per_h.digits) {
        open_block(e, "licence", false);
        put_text(e, "name", "tool");
        put_money(e, "price", w->licence_per_h, "/h");
        put_text(e, "per", w->licence_per_gpu ? "gpu" : "node");
        close_block(e);
    }
    close_block(e);
}

static inline void emit_datasets(struct emitter *e, const struct problem *p)
{
    if (!p->n_datasets) return;
    int order[MAX_DATASETS] = {0};
    order_make(order, p->n_datasets, e->style->shuffle, 3);
    open_block(e, "storage", false);
    for (int i = 0; i < p->n_datasets; i++) {
        const struct dataset_problem *d = &p->datasets[order[i]];
        open_block(e, d->name, false);
        if (d->classes) {
            open_block(e, "classes", true);
            for (int k = 0; k < p->n_tariffs; k++)
                if (d->classes & 1u << k) put_text(e, NULL, p->tariffs[k].name);
            close_block(e);
        } else {
            put_text(e, "class", "any");
        }
        if (d->region >= 0) put_text(e, "region", p->regions[d->region]);
        if (d->split) put_plain(e, "split", "true");
        close_block(e);
    }
    close_block(e);
}

static inline void emit_limit(struct emitter *e, const struct problem *p,
                              const struct limit_problem *l)
{
    const char *name = l->gpu >= 0 ? p->gpus[l->gpu] : p->types[l->type].name;
    const struct text place = l->zone >= 0     ? zone_text(p, l->region, l->zone)
                              : l->region >= 0 ? text_of("%s", p->regions[l->region])
                                               : text_of("%s", "");
    put_number(e, text_of("%s%s%s", name, *place.at ? "@" : "", place.at).at, l->count);
}

/* The limits of one block: quota or stock for everybody (owner -1), or the quota of an owner. */
static inline void emit_limits(struct emitter *e, const struct problem *p, const char *key,
                               bool is_stock, int owner)
{
    int n = 0, order[MAX_LIMITS] = {0};
    for (int i = 0; i < p->n_limits; i++)
        n += p->limits[i].is_stock == is_stock && p->limits[i].owner == owner;
    if (!n) return;
    order_make(order, p->n_limits, e->style->shuffle, 11);
    open_block(e, key, false);
    for (int i = 0; i < p->n_limits; i++) {
        const struct limit_problem *l = &p->limits[order[i]];
        if (l->is_stock == is_stock && l->owner == owner) emit_limit(e, p, l);
    }
    close_block(e);
}

static inline void emit_all_limits(struct emitter *e, const struct problem *p)
{
    bool owned = false;
    for (int i = 0; i < p->n_limits; i++) owned = owned || p->limits[i].owner >= 0;
    emit_limits(e, p, "quota", false, -1);
    if (owned) {
        open_block(e, "quota_by", false);
        for (int o = 0; o < p->n_owners; o++) emit_limits(e, p, p->owners[o], false, o);
        close_block(e);
    }
    if (!p->n_steps) {
        emit_limits(e, p, "stock", true, -1);
        return;
    }
    open_block(e, "stock", false);
    put_text(e, "from_csv", "stock.csv");
    close_block(e);
}

static inline void emit_commitments(struct emitter *e, const struct problem *p)
{
    if (!p->n_commitments) return;
    open_block(e, "commitments", true);
    for (int i = 0; i < p->n_commitments; i++) {
        const struct commitment_problem *c = &p->commitments[i];
        open_block(e, NULL, false);
        if (c->type >= 0) {
            put_text(e, "subscription", p->types[c->type].name);
            put_text(e, "region", p->regions[c->region]);
            put_number(e, "count", c->count);
        } else {
            put_money(e, "savings_plan", c->spend_per_h, "/h");
            put_text(e, "discount", text_of("%d%%", c->discount_percent).at);
        }
        if (c->until_min >= 0) put_text(e, "until", moment_text(p, c->until_min).at);
        close_block(e);
    }
    close_block(e);
}

static inline void emit_budget(struct emitter *e, const struct problem *p)
{
    bool owned = false;
    const char *per = p->budget_monthly ? "/month" : "";
    for (int i = 0; i < p->n_owners; i++) owned = owned || p->owner_budget[i].digits;
    if (!owned && !p->budget.digits) return;
    open_block(e, "budget", false);
    if (p->budget.digits) put_money(e, "limit", p->budget, per);
    if (owned) {
        open_block(e, "by", false);
        for (int i = 0; i < p->n_owners; i++)
            if (p->owner_budget[i].digits) put_money(e, p->owners[i], p->owner_budget[i], per);
        close_block(e);
    }
    close_block(e);
}

static inline void emit_catalog(struct emitter *e, const struct problem *p)
{
    static const char *const keys[] = {"instances", "prices", "gpu_speed", "storage"};
    open_block(e, "catalog", false);
    put_plain(e, "builtin", "false");
    for (int i = 0; i < 3 + (p->n_tariffs > 0); i++) {
        open_block(e, keys[i], true);
        put_text(e, NULL, text_of("%s.csv", keys[i]).at);
        close_block(e);
    }
    if (p->discount_percent) put_text(e, "discount", text_of("%d%%", p->discount_percent).at);
    close_block(e);
}

static inline void emit_problem(struct emitter *e, const struct problem *p)
{
    int order[MAX_WORKLOADS] = {0};
    e->first[0] = true;
    if (e->style->json) fputs("{", e->out);
    put_number(e, "version", 1);
    if (*p->timezone) put_text(e, "timezone", p->timezone);
    open_block(e, "horizon", false);
    put_text(e, "start", moment_text(p, 0).at);
    put_text(e, "length", duration_text(p->length_min, e->style).at);
    put_text(e, "step", duration_text(p->step_min, e->style).at);
    close_block(e);
    emit_catalog(e, p);
    order_make(order, p->n_workloads, e->style->shuffle, 1);
    open_block(e, "workloads", false);
    for (int i = 0; i < p->n_workloads; i++) emit_workload(e, p, &p->workloads[order[i]]);
    close_block(e);
    emit_datasets(e, p);
    emit_all_limits(e, p);
    emit_commitments(e, p);
    emit_budget(e, p);
    if (p->relaxed) put_text(e, "integrality", "none");
    if (e->style->json) fputs("}\n", e->out);
}

/* Writes all files into the folder and gives the path of the scenario. */
static inline struct text problem_write(const struct problem *p, const struct style *style,
                                        const char *folder)
{
    const struct text path = text_of("%s/scenario.%s", folder, style->json ? "json" : "yaml");
    struct emitter e = {.out = fopen(path.at, "w"), .style = style};
    emit_problem(&e, p);
    fclose(e.out);
    write_types(p, style, folder);
    write_prices(p, style, folder);
    write_tariffs(p, style, folder);
    write_speeds(p, style, folder);
    write_steps(p, style, folder);
    for (int i = 0; i < p->n_workloads; i++) write_jobs(p, &p->workloads[i], style, folder);
    return path;
}

#endif

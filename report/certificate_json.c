#include "report/certificate_json.h"
#include "solver/certificate.h"
#include <inttypes.h>
#include <math.h>

json_t *storage_json(const struct plan *p, size_t workload, size_t placement)
{
    const struct placement *x =
        p->placements && p->placements[workload] ? &p->placements[workload][placement] : NULL;
    if (!x || x->n == 0) return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < x->n; i++)
        (void)json_array_append_new(list, json_string(x->classes[i]->name));
    return list;
}

json_t *commitment_json(const struct plan *p, size_t offer, struct arena *a)
{
    const char *name = offer == NO_INDEX ? NULL : certificate_commitment(p, offer, a);
    return name ? json_string(name) : json_null();
}

json_t *fraction_json(int64_t quantity, int64_t den, struct arena *a)
{
    return json_string(arena_printf(a, "%" PRId64 "/%" PRId64, quantity, den));
}

static json_t *series_json(const struct proof_series *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->n; i++) {
        json_t *pair = json_array();
        (void)json_array_append_new(pair, json_real((double)s->at_us[i] / (double)US_PER_H));
        (void)json_array_append_new(pair, json_real(s->value[i]));
        (void)json_array_append_new(list, pair);
    }
    return list;
}

static json_t *prices_json(const struct proof_prices *p)
{
    json_t *o = json_object();
    for (int k = 0; k < N_PRICE_KINDS; k++) {
        const struct proof_table *t = &p->tables[k];
        json_t *table = json_object();
        for (size_t i = 0; i < t->n; i++) {
            const struct proof_series *s = t->items[i];
            if (s->n == 0) continue;
            json_t *value =
                proof_row_is_series((enum proof_row)k) ? series_json(s) : json_real(s->value[0]);
            (void)json_object_set_new(table, s->name, value);
        }
        if (json_object_size(table) == 0)
            json_decref(table);
        else
            (void)json_object_set_new(o, proof_row_word((enum proof_row)k), table);
    }
    return o;
}

static json_t *gamma_json(const struct plan *p)
{
    const double *gamma = certificate_inputs(p).spot_gamma;
    json_t *o = json_object();
    for (size_t i = 0; gamma && i < p->scenario->n_workloads; i++)
        if (gamma[i] < 1)
            (void)json_object_set_new(o, p->scenario->workloads[i].name, json_real(gamma[i]));
    return o;
}

static json_t *words_json(const char *const *words)
{
    json_t *list = json_array();
    for (; *words; words++) (void)json_array_append_new(list, json_string(*words));
    return list;
}

json_t *certificate_json(const struct result *r, bool prices, struct arena *a)
{
    static const char *const all[] = {"bound",   "work", "limits",  "services",
                                      "storage", "bill", "budgets", NULL};
    static const char *const some[] = {"bound", "storage", "budgets", NULL}, *const rest[] = {
                                                                                 "work", "limits",
                                                                                 "services", "bill",
                                                                                 NULL};
    static const char *const none[] = {NULL}, *const infeasible[] = {"infeasible", NULL};
    const struct plan *p = r->plan;
    const bool loose = p->scenario->relaxed && p->services && p->services->n > 0;
    const bool planned = p->status != PLAN_INFEASIBLE;
    json_t *o = json_object(), *gamma = p->model ? gamma_json(p) : json_object();
    (void)json_object_set_new(o, "form", json_integer(1));
    if (planned)
        (void)json_object_set_new(o, "bound", json_string(arena_printf(a, "%.6f", p->bound)));
    if (json_object_size(gamma))
        (void)json_object_set_new(o, "gamma", gamma);
    else
        json_decref(gamma);
    (void)json_object_set_new(o, "prices",
                              prices && p->prices ? prices_json(p->prices) : json_object());
    if (planned) (void)json_object_set_new(o, "derived", derived_json(p, a));
    (void)json_object_set_new(o, "accepted", json_boolean(r->verified));
    (void)json_object_set_new(o, "proven",
                              words_json(!r->verified ? none
                                         : !planned   ? infeasible
                                         : loose      ? some
                                                      : all));
    (void)json_object_set_new(o, "not_proven",
                              words_json(r->verified && loose && planned ? rest : none));
    return o;
}

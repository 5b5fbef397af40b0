/* Fitted models into JSON files. */
#include "common/output.h"
#include "pricing/spot_model.h"
#include <jansson.h>
#include <math.h>

static void put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *parameters_json(const struct spot_model *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->n_parameters; i++) {
        json_t *p = json_object();
        put(p, "name", json_string(m->parameters[i].name));
        put(p, "value", number(m->parameters[i].value));
        put(p, "error", number(m->parameters[i].error));
        json_array_append_new(list, p);
    }
    return list;
}

static json_t *hours_json(const double *factors)
{
    json_t *list = json_array();
    for (int h = 0; h < HOURS_OF_WEEK; h++) {
        json_t *p = json_object();
        put(p, "hour", json_integer(h));
        put(p, "factor", number(factors[h]));
        json_array_append_new(list, p);
    }
    return list;
}

static json_t *backtest_json(const struct backtest *b)
{
    static const char *const coverages[N_COVERAGES] = {"inside_50", "inside_80", "inside_95"};
    static const char *const losses[N_FORECASTERS] = {"loss_model", "loss_last_value", "loss_mean",
                                                      "loss_hour_of_week"};
    json_t *o = json_object();
    put(o, "forecasts", json_integer((json_int_t)b->n));
    put(o, "best", json_string(forecaster_name(b->best)));
    for (int k = 0; k < N_COVERAGES; k++) put(o, coverages[k], number(b->coverage[k]));
    for (enum forecaster f = 0; f < N_FORECASTERS; f++) put(o, losses[f], number(b->loss[f]));
    return o;
}

static json_t *model_json(const struct spot_model *m)
{
    json_t *o = json_object(), *fit = json_object();
    put(o, "kind", json_string(spot_model_kind_name(m->kind)));
    put(o, "instance_type", json_string(m->type));
    put(o, "place", json_string(m->place));
    put(o, "group", json_string(m->group));
    put(o, "form", json_string(m->form));
    put(o, "parameters", parameters_json(m));
    if (m->hour_of_week) put(o, "hour_of_week", hours_json(m->hour_of_week));
    put(o, "protected_h", number(m->protected_h));
    put(o, "samples", json_integer((json_int_t)m->n));
    put(o, "events", json_integer((json_int_t)m->n_events));
    put(o, "from", json_string(m->from));
    put(o, "to", json_string(m->to));
    put(fit, "log_likelihood", number(m->log_likelihood));
    put(fit, "aic", number(m->aic));
    put(fit, "distance", number(m->distance));
    put(fit, "probability", number(m->probability));
    put(o, "fit", fit);
    put(o, "backtest", m->backtest.n ? backtest_json(&m->backtest) : json_null());
    return o;
}

enum err spot_models_write(const struct spot_models *s, const char *path, const char *source,
                           const char *made, struct diag *d)
{
    enum { DIGITS = 15 };
    struct output out;
    json_t *root = json_object(), *list = json_array();
    put(root, "gpumix_models", json_integer(1));
    put(root, "made", json_string(made));
    put(root, "source", json_string(source));
    for (size_t i = 0; i < s->n; i++) json_array_append_new(list, model_json(&s->items[i]));
    put(root, "models", list);
    const enum err code = output_open(&out, path, s->arena, d);
    if (code == OK) {
        json_dumpf(root, out.stream, JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS));
        fputc('\n', out.stream);
    }
    json_decref(root);
    return code == OK ? output_commit(&out, d) : code;
}

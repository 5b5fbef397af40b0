/* Fitted models out of JSON files. */
#include "common/json_read.h"
#include "common/source.h"
#include "common/text.h"
#include "pricing/spot_model.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct spot_models *out;
    struct diag *diag;
    struct spot_model model; /* the one whose inner objects have been read */
    double *hours;
    bool known; /* the outermost object says what the file is */
};

static enum err refuse(struct reader *r, const struct json_record *j, const char *key)
{
    const struct json_field *f = json_field(j, key);
    diag_error(r->diag, ERR_IMPORT_VALUE, json_place(j, f),
               f ? _("`%s` of a spot model is not understood") : _("a spot model has no `%s`"),
               key);
    diag_fix(r->diag, "%s", _("write the file anew with `gpumix catalog fit --save`"));
    return ERR_IMPORT_VALUE;
}

static bool number_of(double *out, const struct json_record *j, const char *key)
{
    const char *text = json_text(j, key);
    char *end;
    if (!text) return false;
    *out = strtod(text, &end);
    return end != text && !*end && isfinite(*out);
}

static enum err parameter_read(struct reader *r, const struct json_record *j)
{
    struct spot_model *m = &r->model;
    struct spot_parameter p = {.error = (double)NAN};
    const char *name = json_text(j, "name");
    if (!name || m->n_parameters == MAX_MODEL_PARAMETERS) return refuse(r, j, "name");
    if (!number_of(&p.value, j, "value")) return refuse(r, j, "value");
    number_of(&p.error, j, "error");
    p.name = arena_strdup(r->out->arena, name);
    m->parameters[m->n_parameters++] = p;
    return OK;
}

static enum err hour_read(struct reader *r, const struct json_record *j)
{
    double hour, factor;
    if (!number_of(&hour, j, "hour") || hour < 0 || hour >= HOURS_OF_WEEK)
        return refuse(r, j, "hour");
    if (!number_of(&factor, j, "factor") || factor <= 0) return refuse(r, j, "factor");
    if (!r->hours) {
        r->hours = ARENA_NEW(r->out->arena, double, HOURS_OF_WEEK);
        for (int h = 0; h < HOURS_OF_WEEK; h++) r->hours[h] = 1;
    }
    r->hours[(int)hour] = factor;
    return OK;
}

/* Numbers that no fit gives would hang or crash what draws from them. */
static bool parameters_fit(const struct spot_model *m)
{
    double p[MAX_LIFE_PARAMETERS] = {0};
    const char *const forms[] = {"mean_reverting", "mean_reverting_jumps", "last_value", "mean",
                                 "hour_of_week"};
    if (m->kind == MODEL_PRICE) {
        bool known = false;
        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
            known = known || strcmp(m->form, forms[i]) == 0;
        const bool moves = strncmp(m->form, "mean_reverting", strlen("mean_reverting")) == 0;
        const double jump = spot_parameter(m, "jump_mean"), sd = spot_parameter(m, "log_sd");
        return known &&
               (!moves || (sd > 0 && sd < 10 && spot_parameter(m, "revert_per_h") > 1e-9)) &&
               jump >= 0 && jump < 1 && spot_parameter(m, "jump_per_h") >= 0 &&
               spot_parameter(m, "no_stock_per_h") >= 0 &&
               spot_parameter(m, "stock_back_per_h") >= 0;
    }
    if (m->kind == MODEL_SHOCKS) {
        const double own = spot_parameter(m, "own_per_h"), hit = spot_parameter(m, "hit");
        return own >= 0 && spot_parameter(m, "event_per_h") >= 0 && hit >= 0 && hit <= 1;
    }
    const enum life_form f = spot_model_life(p, m);
    if (f == N_LIFE_FORMS) return false;
    bool positive = true;
    for (size_t i = 0; i < life_parameter_count(f); i++) positive = positive && p[i] > 0;
    const bool ordered = f != LIFE_MIXTURE || (p[0] < 1 && p[1] <= p[2]);
    return positive && ordered && life_mean(f, p) < 1e9;
}

static const char *text_of(struct reader *r, const struct json_record *j, const char *key)
{
    const char *text = json_text(j, key);
    return text ? arena_strdup(r->out->arena, text) : "";
}

static enum err model_read(struct reader *r, const struct json_record *j)
{
    struct spot_model *m = &r->model;
    const char *kind = json_text(j, "kind");
    m->kind = 0;
    while (kind && m->kind < N_MODEL_KINDS && strcmp(spot_model_kind_name(m->kind), kind) != 0)
        m->kind++;
    if (!kind || m->kind == N_MODEL_KINDS) return refuse(r, j, "kind");
    m->type = text_of(r, j, "instance_type");
    m->place = text_of(r, j, "place");
    m->group = text_of(r, j, "group");
    m->form = text_of(r, j, "form");
    m->from = text_of(r, j, "from");
    m->to = text_of(r, j, "to");
    m->hour_of_week = r->hours;
    m->converged = true;
    if (!parameters_fit(m)) return refuse(r, j, "form");
    *ARENA_PUSH(r->out->arena, r->out->items, r->out->n) = *m;
    *m = (struct spot_model){0};
    r->hours = NULL;
    return OK;
}

static enum err record_read(const struct json_record *j, void *context)
{
    struct reader *r = context;
    if (json_path_ends(j, "models/parameters")) return parameter_read(r, j);
    if (json_path_ends(j, "models/hour_of_week")) return hour_read(r, j);
    if (j->depth == 1 && json_path_ends(j, "models")) return model_read(r, j);
    if (j->depth > 0) return OK;
    const char *version = json_text(j, "gpumix_models");
    r->known = version && strcmp(version, "1") == 0;
    return OK;
}

enum err spot_models_read(struct spot_models *s, const char *path, struct diag *d)
{
    const struct source *source;
    struct reader r = {.out = s, .diag = d};
    TRY(source_read(&source, path, s->arena, d));
    TRY(json_read(source, record_read, &r, s->arena, d));
    if (r.known) return OK;
    const enum err code = diag_error(d, ERR_IMPORT_FORMAT, (struct place){.source = source},
                                     _("\"%s\" holds no spot models"), path);
    diag_fix(d, "%s", _("write it with `gpumix catalog fit --save`"));
    return code;
}

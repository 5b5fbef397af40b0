#include "pricing/spot_model.h"
#include <math.h>
#include <string.h>

const char *spot_model_kind_name(enum spot_model_kind k)
{
    static const char *const names[N_MODEL_KINDS] = {"price", "lives", "available", "gone",
                                                     "shocks"};
    return names[k];
}

static void parameter_add(struct spot_model *m, const char *name, double value, double error)
{
    m->parameters[m->n_parameters++] = (struct spot_parameter){name, value, error};
}

void spot_model_of_price(struct spot_model *m, const struct price_fit *f,
                         const struct stock_fit *stock)
{
    m->kind = MODEL_PRICE;
    m->form = price_form_name(f->form);
    m->converged = f->converged && stock->converged;
    m->n_parameters = 0;
    for (size_t i = 0; i < f->n_parameters; i++)
        parameter_add(m, price_parameter_name(i), f->parameter[i], f->error[i]);
    if (stock->n > 0) {
        parameter_add(m, "no_stock_per_h", stock->in_per_h, stock->in_error);
        parameter_add(m, "stock_back_per_h", stock->out_per_h, stock->out_error);
    }
    m->n_events = stock->n;
    m->log_likelihood = f->log_likelihood;
    m->aic = f->aic;
    m->distance = f->distance;
    m->probability = f->probability;
}

void spot_model_of_life(struct spot_model *m, const struct life_fit *f)
{
    m->form = life_form_name(f->form);
    m->converged = f->converged;
    m->n_parameters = 0;
    for (size_t i = 0; i < f->n_parameters; i++)
        parameter_add(m, life_parameter_name(f->form, i), f->parameter[i], f->error[i]);
    m->log_likelihood = f->log_likelihood;
    m->aic = f->aic;
}

void spot_model_of_shocks(struct spot_model *m, const struct shock_fit *f)
{
    m->kind = MODEL_SHOCKS;
    m->form = shock_form_name(f->form);
    m->converged = f->converged;
    m->n_parameters = 0;
    for (size_t i = 0; i < f->n_parameters; i++)
        parameter_add(m, shock_parameter_name(i), f->parameter[i], f->error[i]);
    m->log_likelihood = f->log_likelihood;
    m->aic = f->aic;
    m->distance = f->distance;
    m->probability = (double)NAN;
}

void spot_model_baseline(struct spot_model *m, enum forecaster by, double mean,
                         const double *hour_of_week)
{
    m->converged = true;
    m->n_parameters = 0;
    m->hour_of_week = by == BY_HOUR_OF_WEEK ? hour_of_week : NULL;
    m->log_likelihood = m->aic = m->distance = m->probability = (double)NAN;
    switch (m->kind) {
    case MODEL_PRICE:
        m->form = forecaster_name(by);
        parameter_add(m, "mean", mean, (double)NAN);
        break;
    case MODEL_LIVES:
    case MODEL_AVAILABLE:
    case MODEL_GONE:
        m->form = life_form_name(LIFE_FIXED);
        parameter_add(m, life_parameter_name(LIFE_FIXED, 0), mean, (double)NAN);
        break;
    case MODEL_SHOCKS:
        m->form = shock_form_name(SHOCK_NONE);
        parameter_add(m, shock_parameter_name(0), mean, (double)NAN);
        break;
    case N_MODEL_KINDS:
        break;
    }
}

double spot_parameter(const struct spot_model *m, const char *name)
{
    for (size_t i = 0; i < m->n_parameters; i++)
        if (strcmp(m->parameters[i].name, name) == 0) return m->parameters[i].value;
    return 0;
}

enum life_form spot_model_life(double *p, const struct spot_model *m)
{
    const enum life_form f = life_form_find(m->form);
    if (f == N_LIFE_FORMS) return f;
    for (size_t i = 0; i < life_parameter_count(f); i++)
        p[i] = spot_parameter(m, life_parameter_name(f, i));
    return f;
}

const struct spot_model *spot_model_find(const struct spot_models *s, enum spot_model_kind kind,
                                         const char *type, const char *region, const char *zone)
{
    const struct spot_model *best = NULL;
    int most = -1;
    for (size_t i = 0; i < s->n; i++) {
        const struct spot_model *m = &s->items[i];
        const bool of_type = strcmp(m->type, type) == 0, of_zone = strcmp(m->place, zone) == 0;
        const bool of_region =
            *region && strncmp(m->place, region, strlen(region)) == 0 && !(*zone && !of_zone);
        const bool fits = m->kind == kind && (!*m->type || of_type) &&
                          (!*m->place || of_zone || of_region || strcmp(m->place, region) == 0);
        const int rank = (*m->type ? 4 : 0) + (*m->place ? 1 + of_zone : 0);
        if (!fits || rank < most) continue;
        best = m;
        most = rank;
    }
    return best;
}

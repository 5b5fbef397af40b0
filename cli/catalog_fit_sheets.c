/* gpumix catalog fit: models as tables. */
#include "cli/catalog_fit.h"
#include "common/text.h"
#include "report/wording.h"
#include <math.h>

enum {
    WHAT,
    KIND,
    TYPE,
    PLACE,
    GROUP,
    FROM,
    TO,
    SAMPLES,
    EVENTS,
    ALIVE_1,
    ALIVE_6,
    ALIVE_24,
    MEAN_24,
    MODEL,
    CHOSEN,
    PARAMETERS,
    FIRST,
    LOG_LIKELIHOOD = FIRST + 2 * MAX_MODEL_PARAMETERS,
    AIC,
    DISTANCE,
    PROBABILITY,
    N_FIT_COLUMNS
};

#define PARAMETER(i)                                                                               \
    [FIRST + 2 * ((i)-1)] = {"p" #i, "", 'r', true},                                               \
                 [FIRST + 2 * ((i)-1) + 1] = {"p" #i "_error", "", 'r', true}

static const struct sheet_column fit_columns[N_FIT_COLUMNS] = {
    [WHAT] = {"of", N_("model of"), 'l', false},
    [KIND] = {"kind", "", 'l', false},
    [TYPE] = {"instance_type", "", 'l', false},
    [PLACE] = {"place", "", 'l', false},
    [GROUP] = {"group", "", 'l', false},
    [FROM] = {"from", "", 'l', false},
    [TO] = {"to", "", 'l', false},
    [SAMPLES] = {"samples", N_("samples"), 'r', true},
    [EVENTS] = {"events", N_("ends"), 'r', true},
    [ALIVE_1] = {"alive_1h", N_("alive 1 h"), 'r', true},
    [ALIVE_6] = {"alive_6h", N_("6 h"), 'r', true},
    [ALIVE_24] = {"alive_24h", N_("24 h"), 'r', true},
    [MEAN_24] = {"mean_life_24h", "", 'r', true},
    [MODEL] = {"model", N_("model"), 'l', false},
    [CHOSEN] = {"chosen", "", 'l', false},
    [PARAMETERS] = {"parameters", N_("parameters"), 'l', false},
    PARAMETER(1),
    PARAMETER(2),
    PARAMETER(3),
    PARAMETER(4),
    PARAMETER(5),
    PARAMETER(6),
    PARAMETER(7),
    PARAMETER(8),
    [LOG_LIKELIHOOD] = {"log_likelihood", "", 'r', true},
    [AIC] = {"aic", N_("AIC"), 'r', true},
    [DISTANCE] = {"distance", N_("distance"), 'r', true},
    [PROBABILITY] = {"probability", N_("p"), 'r', true},
};

/* Without the curve of lives where there are none. */
static const struct sheet_column *columns_for(const struct fits *f)
{
    struct sheet_column *columns = ARENA_NEW(f->arena, struct sheet_column, N_FIT_COLUMNS);
    for (size_t c = 0; c < N_FIT_COLUMNS; c++) {
        columns[c] = fit_columns[c];
        if (c >= ALIVE_1 && c <= ALIVE_24 && !fits_are_lives(f)) columns[c].label = "";
    }
    return columns;
}

/* "ecs.gn7i-c8g1.2xlarge cn-beijing-h", "us-central1-c", "gone". */
static const char *what_text(const struct spot_model *m, struct arena *a)
{
    if (m->kind == MODEL_PRICE) return arena_printf(a, "%s %s", m->type, m->place);
    if (m->kind == MODEL_LIVES) return m->group;
    return spot_model_kind_name(m->kind);
}

static void what_cells(struct sheet_cell *cells, const struct spot_model *m, struct arena *a)
{
    cells[WHAT] = sheet_text(what_text(m, a));
    cells[KIND] = sheet_text(spot_model_kind_name(m->kind));
    cells[TYPE] = sheet_text(*m->type ? m->type : NULL);
    cells[PLACE] = sheet_text(*m->place ? m->place : NULL);
    cells[GROUP] = sheet_text(*m->group ? m->group : NULL);
}

/* "k 0.71 +-0.02, eta_h 20.4 +-0.6" */
static const char *parameters_text(const struct spot_model *m, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < m->n_parameters; i++)
        text = arena_printf(a, "%s%s%s %.4g +-%.2g", text, i ? ", " : "", m->parameters[i].name,
                            m->parameters[i].value, m->parameters[i].error);
    return text;
}

static void curve_cells(struct sheet_cell *cells, const struct survival *s, struct arena *a)
{
    cells[ALIVE_1] = percent_cell(a, survival_at(s, 1));
    cells[ALIVE_6] = percent_cell(a, survival_at(s, 6));
    cells[ALIVE_24] = percent_cell(a, survival_at(s, 24));
    cells[MEAN_24] = sheet_number(a, survival_mean(s, 24), 3);
}

static void fit_cells(struct sheet_cell *cells, const struct fit_row *row, struct arena *a)
{
    const struct spot_model *m = &row->model;
    cells[FROM] = sheet_text(*m->from ? m->from : NULL);
    cells[TO] = sheet_text(*m->to ? m->to : NULL);
    cells[SAMPLES] = sheet_number(a, (double)m->n, 0);
    cells[EVENTS] = sheet_number(a, (double)m->n_events, 0);
    cells[MODEL] = sheet_both(row->chosen ? arena_printf(a, "%s *", m->form) : m->form, m->form);
    cells[CHOSEN] = sheet_text(row->chosen ? "yes" : "no");
    if (row->curve) curve_cells(cells, row->curve, a);
    if (!m->converged) {
        cells[PARAMETERS] = sheet_both(_("cannot be told from these data"), "");
        return;
    }
    cells[PARAMETERS] = sheet_text(parameters_text(m, a));
    for (size_t i = 0; i < m->n_parameters; i++) {
        cells[FIRST + 2 * i] = sheet_number(a, m->parameters[i].value, 6);
        cells[FIRST + 2 * i + 1] = sheet_number(a, m->parameters[i].error, 6);
    }
    cells[LOG_LIKELIHOOD] = sheet_number(a, m->log_likelihood, 3);
    cells[AIC] = sheet_number(a, m->aic, 1);
    cells[DISTANCE] = sheet_number(a, m->distance, 3);
    cells[PROBABILITY] = sheet_number(a, m->probability, 3);
}

struct sheet fits_sheet(const struct fits *f)
{
    struct sheet sheet = sheet_new(f->arena, columns_for(f), N_FIT_COLUMNS);
    const bool lives = fits_are_lives(f);
    for (size_t i = 0; i < f->n; i++) {
        struct sheet_cell *cells = sheet_row(&sheet);
        what_cells(cells, &f->rows[i].model, f->arena);
        fit_cells(cells, &f->rows[i], f->arena);
    }
    sheet.title = arena_printf(f->arena, "%s",
                               lives ? _("How long spot machines live")
                                     : _("Models of spot, by maximum likelihood"));
    if (lives)
        sheet_note(&sheet, "%s",
                   _("alive: Kaplan-Meier; machines their owners stopped count as long as they "
                     "were there."));
    sheet_note(&sheet, "%s",
               _("* the model with the least AIC. distance: largest difference between model and "
                 "data, p its chance."));
    if (lives)
        sheet_note(&sheet, "%s",
                   _("A scenario takes one rate: spot.hazard_per_h, reclaims per machine and "
                     "hour."));
    return sheet;
}

/* --- backtests --- */

enum {
    B_WHAT,
    B_KIND,
    B_TYPE,
    B_PLACE,
    B_GROUP,
    B_FORECASTS,
    B_INSIDE,
    B_LOSS = B_INSIDE + N_COVERAGES,
    B_BEST = B_LOSS + N_FORECASTERS,
    B_FORM,
    N_BACKTEST_COLUMNS
};

static const struct sheet_column backtest_columns[N_BACKTEST_COLUMNS] = {
    [B_WHAT] = {"of", N_("model of"), 'l', false},
    [B_KIND] = {"kind", "", 'l', false},
    [B_TYPE] = {"instance_type", "", 'l', false},
    [B_PLACE] = {"place", "", 'l', false},
    [B_GROUP] = {"group", "", 'l', false},
    [B_FORECASTS] = {"forecasts", N_("forecasts"), 'r', true},
    [B_INSIDE] = {"inside_50", N_("in 50%"), 'r', true},
    [B_INSIDE + 1] = {"inside_80", N_("in 80%"), 'r', true},
    [B_INSIDE + 2] = {"inside_95", N_("in 95%"), 'r', true},
    [B_LOSS + BY_MODEL] = {"loss_model", N_("model's loss"), 'r', true},
    [B_LOSS + BY_LAST_VALUE] = {"loss_last_value", N_("last value"), 'r', true},
    [B_LOSS + BY_MEAN] = {"loss_mean", N_("mean"), 'r', true},
    [B_LOSS + BY_HOUR_OF_WEEK] = {"loss_hour_of_week", N_("hour of week"), 'r', true},
    [B_BEST] = {"best", N_("best"), 'l', false},
    [B_FORM] = {"used", N_("what is used"), 'l', false},
};

static const char *best_text(const struct backtest *b, struct arena *a)
{
    if (b->n == 0) return _("too few data to test");
    if (b->best == BY_MODEL) return _("the model");
    return arena_printf(a, _("%s: the model loses"), forecaster_name(b->best));
}

struct sheet fits_backtest_sheet(const struct fits *f)
{
    struct arena *a = f->arena;
    struct sheet sheet = sheet_new(a, backtest_columns, N_BACKTEST_COLUMNS);
    for (size_t i = 0; i < f->used.n; i++) {
        const struct spot_model *m = &f->used.items[i];
        const struct backtest *b = &m->backtest;
        struct sheet_cell *cells = sheet_row(&sheet);
        what_cells(cells, m, a);
        cells[B_FORECASTS] = sheet_number(a, (double)b->n, 0);
        for (size_t k = 0; k < N_COVERAGES && b->n; k++)
            cells[B_INSIDE + k] = percent_cell(a, b->coverage[k]);
        for (size_t k = 0; k < N_FORECASTERS && b->n; k++)
            cells[B_LOSS + k] = sheet_number(a, b->loss[k], 4);
        cells[B_BEST] = sheet_both(best_text(b, a), b->n ? forecaster_name(b->best) : "");
        cells[B_FORM] = sheet_text(m->form);
    }
    sheet.title =
        arena_printf(a, "%s", _("Backtest: fitted on the first part, the rest predicted"));
    sheet_note(&sheet, "%s",
               _("in 50%: share of outcomes inside the model's 50% interval, and so on. loss: "
                 "pinball loss, relative to the mean of the first part."));
    sheet_note(
        &sheet, "%s",
        _("Where a baseline (last value, mean, mean of the hour of the week) does better, it "
          "is used in the model's place."));
    return sheet;
}

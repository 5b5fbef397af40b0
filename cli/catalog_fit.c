/* gpumix catalog fit: models of how long spot machines live, with their errors and how well they fit. */
#include "cli/catalog.h"
#include "cli/present.h"
#include "common/text.h"
#include "pricing/lifetimes.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum {
    GROUP,
    LIVES,
    RECLAIMED,
    ALIVE_1,
    ALIVE_6,
    ALIVE_24,
    MEAN_24,
    MODEL,
    CHOSEN,
    PARAMETERS,
    FIRST,
    FIRST_ERROR,
    LOG_LIKELIHOOD = FIRST + 2 * MAX_LIFE_PARAMETERS,
    AIC,
    DISTANCE,
    N_FIT_COLUMNS
};

static const struct sheet_column fit_columns[N_FIT_COLUMNS] = {
    [GROUP] = {"group", N_("group"), 'l', false},
    [LIVES] = {"lives", N_("lives"), 'r', true},
    [RECLAIMED] = {"reclaimed", N_("reclaimed"), 'r', true},
    [ALIVE_1] = {"alive_1h", N_("alive 1 h"), 'r', true},
    [ALIVE_6] = {"alive_6h", N_("6 h"), 'r', true},
    [ALIVE_24] = {"alive_24h", N_("24 h"), 'r', true},
    [MEAN_24] = {"mean_life_24h", "", 'r', true},
    [MODEL] = {"model", N_("model"), 'l', false},
    [CHOSEN] = {"chosen", "", 'l', false},
    [PARAMETERS] = {"parameters", N_("parameters"), 'l', false},
    [FIRST] = {"p1", "", 'r', true},
    [FIRST + 1] = {"p1_error", "", 'r', true},
    [FIRST + 2] = {"p2", "", 'r', true},
    [FIRST + 3] = {"p2_error", "", 'r', true},
    [FIRST + 4] = {"p3", "", 'r', true},
    [FIRST + 5] = {"p3_error", "", 'r', true},
    [FIRST + 6] = {"p4", "", 'r', true},
    [FIRST + 7] = {"p4_error", "", 'r', true},
    [LOG_LIKELIHOOD] = {"log_likelihood", "", 'r', true},
    [AIC] = {"aic", N_("AIC"), 'r', true},
    [DISTANCE] = {"distance", N_("distance"), 'r', true},
};

/* "k 0.71 +-0.02, eta_h 20.4 +-0.6" */
static const char *parameters_text(const struct life_fit *f, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < f->n_parameters; i++)
        text = arena_printf(a, "%s%s%s %.4g +-%.2g", text, i ? ", " : "",
                            life_parameter_name(f->form, i), f->parameter[i], f->error[i]);
    return text;
}

static void group_cells(struct sheet_cell *cells, const struct life_group *g,
                        const struct survival *s, struct arena *a)
{
    cells[GROUP] = sheet_text(g->name);
    cells[LIVES] = sheet_number(a, (double)g->n, 0);
    cells[RECLAIMED] = sheet_number(a, (double)g->ended, 0);
    cells[ALIVE_1] = percent_cell(a, survival_at(s, 1));
    cells[ALIVE_6] = percent_cell(a, survival_at(s, 6));
    cells[ALIVE_24] = percent_cell(a, survival_at(s, 24));
    cells[MEAN_24] = sheet_number(a, survival_mean(s, 24), 3);
}

static void fit_cells(struct sheet_cell *cells, const struct life_fit *f, bool chosen,
                      const struct survival *s, struct arena *a)
{
    const char *name = life_form_name(f->form);
    cells[MODEL] = sheet_both(chosen ? arena_printf(a, "%s *", name) : name, name);
    cells[CHOSEN] = sheet_text(chosen ? "yes" : "no");
    if (!f->converged) {
        cells[PARAMETERS] = sheet_both(_("cannot be told from these lives"), "");
        return;
    }
    cells[PARAMETERS] = sheet_text(parameters_text(f, a));
    for (size_t i = 0; i < f->n_parameters; i++) {
        cells[FIRST + 2 * i] = sheet_number(a, f->parameter[i], 6);
        cells[FIRST + 2 * i + 1] = sheet_number(a, f->error[i], 6);
    }
    cells[LOG_LIKELIHOOD] = sheet_number(a, f->log_likelihood, 3);
    cells[AIC] = sheet_number(a, f->aic, 1);
    cells[DISTANCE] = sheet_number(a, life_fit_distance(f, s), 3);
}

static void group_rows(struct sheet *sheet, const struct life_group *g)
{
    struct arena *a = sheet->arena;
    const struct survival s = survival_estimate(g->lives, g->n, a);
    struct life_fit fits[N_LIFE_FORMS];
    for (enum life_form f = 0; f < N_LIFE_FORMS; f++) fits[f] = life_fit(f, g->lives, g->n, a);
    const size_t best = life_fit_best(fits, N_LIFE_FORMS);
    for (enum life_form f = 0; f < N_LIFE_FORMS; f++) {
        struct sheet_cell *cells = sheet_row(sheet);
        group_cells(cells, g, &s, a);
        fit_cells(cells, &fits[f], fits[f].converged && f == best, &s, a);
    }
}

int catalog_fit(const struct options *o, struct cli *cli)
{
    size_t n;
    struct life_groups groups;
    const char **by = option_values(&n, o, "by", cli->arena);
    const char **ended = ARENA_NEW(cli->arena, const char *, n + 1);
    if (n) memcpy(ended, by, n * sizeof *ended);
    const enum err code = lifetimes_read(&groups, o->arguments[1], ended, cli->arena, cli->diag);
    if (code != OK) return err_exit_status(code);
    struct sheet sheet = sheet_new(cli->arena, fit_columns, N_FIT_COLUMNS);
    for (size_t i = 0; i < groups.n; i++) group_rows(&sheet, &groups.items[i]);
    sheet.title = arena_printf(cli->arena, "%s", _("How long spot machines live"));
    sheet_note(
        &sheet, "%s",
        _("alive: Kaplan-Meier; machines their owners stopped count as long as they were there."));
    sheet_note(
        &sheet, "%s",
        _("* the model with the least AIC. distance: largest difference between model and curve."));
    sheet_note(&sheet, "%s",
               _("A scenario takes one rate: spot.hazard_per_h, reclaims per machine and hour."));
    return sheet_present(&sheet, o, cli);
}

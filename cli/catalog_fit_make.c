/* gpumix catalog fit: which kind a table is of, and the models of that kind. */
#include "cli/catalog_fit.h"
#include "common/text.h"
#include "pricing/history.h"
#include "pricing/spells.h"
#include "sim/parallel.h"
#include <errno.h>
#include <math.h>
#include <string.h>

static struct spot_model model_of(const struct fits *f, enum spot_model_kind kind)
{
    return (struct spot_model){.kind = kind,
                               .type = f->type,
                               .place = f->place,
                               .group = "",
                               .from = "",
                               .to = "",
                               .log_likelihood = (double)NAN,
                               .aic = (double)NAN,
                               .distance = (double)NAN,
                               .probability = (double)NAN};
}

static void row_add(struct fits *f, const struct spot_model *m, bool chosen,
                    const struct survival *curve)
{
    *ARENA_PUSH(f->arena, f->rows, f->n) = (struct fit_row){*m, chosen, curve};
}

/* The chosen model with its backtest, or the baseline that beat it. */
static void used_add(struct fits *f, struct spot_model m, const struct backtest *b, double mean,
                     const double *hour_of_week)
{
    if (b) m.backtest = *b;
    const enum forecaster best = m.backtest.n ? m.backtest.best : BY_MODEL;
    if (!m.converged)
        spot_model_baseline(&m, best == BY_MODEL ? BY_LAST_VALUE : best, mean, hour_of_week);
    else if (best != BY_MODEL)
        spot_model_baseline(&m, best, mean, hour_of_week);
    *ARENA_PUSH(f->arena, f->used.items, f->used.n) = m;
}

/* --- prices --- */

static const char *day_text(struct arena *a, moment_t m)
{
    enum { DAY_BYTES = 10 };
    char text[32];
    return arena_strndup(a, moment_print(text, sizeof text, m), DAY_BYTES);
}

/* How spot behaves now say the last samples (four months of hourly ones), and more of them would take minutes. */
enum { MOST_SAMPLES = 3000 };

/* What is fitted of one series, in numbers alone: on any thread. */
struct series_fit {
    size_t first, end;
    struct price_fit fits[N_PRICE_FORMS];
    struct stock_fit stock;
    double mean, hours[HOURS_OF_WEEK];
    struct backtest backtest;
    size_t n;
};

struct series_fits {
    const struct fits *fits;
    const struct history *history;
    struct series_fit *items;
};

static void series_fit(size_t i, struct arena *a, void *context)
{
    const struct series_fits *all = context;
    struct series_fit *out = &all->items[i];
    if (all->fits->stop && *all->fits->stop) return;
    const struct price_series s = price_series_make(all->history, out->first, out->end, a);
    out->n = s.n;
    out->stock = stock_fit(&s, s.n, a);
    for (enum price_form form = 0; form < N_PRICE_FORMS; form++)
        out->fits[form] = price_fit(form, &s, s.n, a);
    out->mean = price_means(out->hours, &s, s.n, all->fits->gap_h);
    if (all->fits->backtest) out->backtest = backtest_price(&s, all->fits->gap_h, a);
}

static void series_add(struct fits *f, const struct history *h, const struct series_fit *fitted)
{
    struct arena *a = f->arena;
    const struct import_sample *samples = h->samples;
    struct spot_model m = model_of(f, MODEL_PRICE), best = {0};
    m.type = h->texts.items[samples[fitted->first].type];
    m.place = h->texts.items[samples[fitted->first].zone];
    m.from = day_text(a, samples[fitted->first].time);
    m.to = day_text(a, samples[fitted->end - 1].time);
    m.n = fitted->n;
    const size_t row = f->n;
    for (enum price_form form = 0; form < N_PRICE_FORMS; form++) {
        spot_model_of_price(&m, &fitted->fits[form], &fitted->stock);
        row_add(f, &m, false, NULL);
        if (form == 0 || (m.converged && (!best.converged || m.aic < best.aic))) best = m;
    }
    for (size_t i = row; i < f->n; i++)
        f->rows[i].chosen = best.converged && f->rows[i].model.form == best.form;
    best.backtest = fitted->backtest;
    used_add(f, best, NULL, fitted->mean, fitted->hours);
}

static enum err history_fit(struct fits *f, const char *path, struct diag *d)
{
    struct history h;
    size_t n = 0;
    struct series_fits all = {.fits = f, .history = &h};
    TRY(history_read(&h, path, f->arena, d));
    for (size_t first = 0, end = 0; history_next(&h, &first, &end);) {
        const size_t from = end - first > MOST_SAMPLES ? end - MOST_SAMPLES : first;
        *ARENA_PUSH(f->arena, all.items, n) = (struct series_fit){.first = from, .end = end};
    }
    parallel_for(n, 0, series_fit, &all);
    if (f->stop && *f->stop) return ERR_OUTPUT; /* without a finding: the program says so */
    for (size_t i = 0; i < n; i++) series_add(f, &h, &all.items[i]);
    return OK;
}

/* --- lives and spells --- */

static void group_fit(struct fits *f, const struct life_group *g, enum spot_model_kind kind)
{
    struct arena *a = f->arena;
    const enum life_form *forms = g->spells ? forms_of_spells : forms_of_lives;
    const size_t n = g->spells ? N_FORMS_OF_SPELLS : N_FORMS_OF_LIVES;
    struct survival *curve = ARENA_NEW(a, struct survival, 1);
    *curve = survival_estimate(g->lives, g->n, a);
    struct life_fit fits[LIFE_FIXED];
    for (size_t k = 0; k < n; k++) fits[k] = life_fit(forms[k], g->lives, g->n, a);
    const size_t best = life_fit_best(fits, n);
    struct spot_model m = model_of(f, kind), chosen = m;
    m.group = g->spells ? "" : g->name;
    m.n = g->n;
    m.n_events = g->ended;
    m.protected_h = g->spells ? 0 : f->protected_h;
    for (size_t k = 0; k < n; k++) {
        spot_model_of_life(&m, &fits[k]);
        m.distance = m.converged ? life_fit_distance(&fits[k], g->lives, g->n, a) : (double)NAN;
        m.probability = distance_probability(m.distance, g->ended);
        row_add(f, &m, k == best && m.converged, curve);
        if (k == best) chosen = m;
    }
    if (f->backtest) chosen.backtest = backtest_lives(g, a);
    if (chosen.converged || g->ended) used_add(f, chosen, NULL, lives_mean(g, g->n), NULL);
}

static void broken_warn(const struct fits *f, const struct life_group *g, size_t broken,
                        struct diag *d)
{
    diag_warning(d, ERR_IMPORT_VALUE, (struct place){0},
                 _("%zu of %zu machines of group %s were reclaimed within the %g h in which none "
                   "should be"),
                 broken, g->n, g->name, f->protected_h);
    diag_why(d, "%s", _("they are left out, and what is left promises too much"));
    diag_fix(d, "%s", _("leave --protected out, or look at these rows"));
}

static enum err groups_fit(struct fits *f, const struct life_groups *groups, struct diag *d)
{
    for (size_t i = 0; i < groups->n; i++) {
        const struct life_group *g = &groups->items[i];
        struct life_group after = *g;
        size_t broken = 0;
        if (!g->spells && f->protected_h > 0)
            after = lives_after(g, f->protected_h, &broken, f->arena);
        if (broken) broken_warn(f, g, broken, d);
        group_fit(f, &after, !g->spells ? MODEL_LIVES : i == 0 ? MODEL_AVAILABLE : MODEL_GONE);
    }
    return OK;
}

static enum err lives_fit(struct fits *f, const char *path, const char *const *by, struct diag *d)
{
    struct life_groups groups;
    TRY(lifetimes_read(&groups, path, by, f->arena, d));
    return groups_fit(f, &groups, d);
}

static enum err spells_fit(struct fits *f, const char *path, struct diag *d)
{
    struct life_groups groups;
    TRY(spells_read(&groups, path, f->tick_h, f->arena, d));
    return groups_fit(f, &groups, d);
}

/* --- shocks --- */

static void watch_fit(struct fits *f, const struct watch *w)
{
    double gone = 0, hours = 0;
    struct spot_model m = model_of(f, MODEL_SHOCKS), best = m;
    for (size_t i = 0; i < w->n; i++) {
        gone += (double)w->gone[i];
        hours += (double)w->there[i] * w->step_h;
    }
    m.n = w->n;
    m.n_events = (size_t)gone;
    const size_t row = f->n;
    for (enum shock_form form = 0; form < N_SHOCK_FORMS; form++) {
        const struct shock_fit fit = shock_fit(form, w, w->n, f->arena);
        spot_model_of_shocks(&m, &fit);
        row_add(f, &m, false, NULL);
        if (form == 0 || (m.converged && (!best.converged || m.aic < best.aic))) best = m;
    }
    for (size_t i = row; i < f->n; i++)
        f->rows[i].chosen = best.converged && f->rows[i].model.form == best.form;
    if (f->backtest) best.backtest = backtest_shocks(w, f->arena);
    if (gone > 0) used_add(f, best, NULL, gone / hours, NULL);
}

static enum err events_fit(struct fits *f, const char *path, struct diag *d)
{
    struct watch w;
    struct life_groups lives;
    TRY(watch_read_events(&w, &lives, path, f->arena, d));
    watch_fit(f, &w);
    return groups_fit(f, &lives, d);
}

static enum err counts_fit(struct fits *f, const char *path, struct diag *d)
{
    struct watch w;
    TRY(watch_read_counts(&w, path, f->arena, d));
    watch_fit(f, &w);
    return OK;
}

/* --- which --- */

/* The header of a table in a file; NULL where it cannot be looked at twice. */
static const char *header_of(const char *path, struct arena *a)
{
    enum { LINE_BYTES = 4096 };
    char *line = ARENA_NEW(a, char, LINE_BYTES);
    FILE *in = strcmp(path, "-") == 0 ? NULL : fopen(path, "r");
    if (!in) return NULL;
    const char *header = NULL;
    while (!header && fgets(line, LINE_BYTES, in))
        if (line[0] != '#' && line[0] != '\n') header = line;
    fclose(in);
    return header;
}

static bool has_column(const char *header, const char *name)
{
    const size_t bytes = strlen(name);
    for (const char *at = strstr(header, name); at; at = strstr(at + 1, name)) {
        const bool begins = at == header || strchr(",\"\xbf", at[-1]);
        if (begins && strchr(",\"\r\n", at[bytes])) return true;
    }
    return false;
}

enum err fits_make(struct fits *f, const char *path, const char *const *by, struct diag *d)
{
    const char *header = header_of(path, f->arena);
    f->used.arena = f->arena;
    if (header && has_column(header, "spot")) return history_fit(f, path, d);
    if (header && has_column(header, "available")) return spells_fit(f, path, d);
    if (header && has_column(header, "event")) return events_fit(f, path, d);
    if (header && has_column(header, "instances")) return counts_fit(f, path, d);
    return lives_fit(f, path, by, d);
}

bool fits_are_lives(const struct fits *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->rows[i].model.kind != MODEL_LIVES) return false;
    return true;
}

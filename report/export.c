#include "report/export.h"
#include "common/text.h"
#include "report/quote.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct export_format *const export_formats[] = {
#define X(name) &export_##name,
    EXPORT_LIST(X)
#undef X
        NULL,
};

const struct export_format *export_format_find(const char *name)
{
    for (size_t i = 0; export_formats[i]; i++)
        if (strcmp(name, export_formats[i]->name) == 0) return export_formats[i];
    return NULL;
}

enum err export_begin(struct export_text *t, struct diag *diag)
{
    *t = (struct export_text){0};
    t->out = open_memstream(&t->buffer, &t->bytes);
    if (t->out) return OK;
    return diag_error(diag, ERR_MEMORY, (struct place){0}, "%s",
                      _("the text could not be built in memory"));
}

enum err export_end(struct export_file *file, struct export_text *t, struct arena *a,
                    struct diag *diag)
{
    const bool good = !ferror(t->out) && fclose(t->out) == 0;
    if (!good)
        return diag_error(diag, ERR_MEMORY, (struct place){0}, "%s",
                          _("the text could not be built in memory"));
    arena_defer(a, free, t->buffer);
    file->text = t->buffer;
    return OK;
}

static void line(FILE *out, const char *sign, const char *text, struct arena *a)
{
    const size_t n = strlen(sign);
    const bool empty = !*text;
    fprintf(out, "%.*s%s\n", (int)(empty && n && sign[n - 1] == ' ' ? n - 1 : n), sign,
            quote_comment(a, text));
}

static void data_lines(FILE *out, const char *sign, const struct saved_run *r, struct arena *a)
{
    for (size_t i = 0; i < r->n_datasets; i++) {
        const struct saved_dataset *s = &r->datasets[i];
        line(out, sign,
             arena_printf(a, _("Not in this file: dataset %s, %s GiB on %s in %s."),
                          s->dataset ? s->dataset : "-",
                          number_text(a, s->size_gib * s->share + s->extra_gib, 0),
                          s->class_ ? s->class_ : "-", s->region ? s->region : "-"),
             a);
    }
    for (size_t i = 0; i < r->n_commitments; i++) {
        const struct saved_commitment *c = &r->commitments[i];
        if (c->existing || !(c->count > 0) || strcmp(c->kind, "savings_plan") != 0) continue;
        line(out, sign,
             arena_printf(a,
                          _("Not in this file: a savings plan of %s %s per hour, to be bought by "
                            "hand."),
                          r->currency, number_text(a, c->count, 2)),
             a);
    }
}

void export_head(FILE *out, const char *sign, const struct dossier *d, const struct export_plan *e,
                 struct arena *a)
{
    const struct saved_run *r = e->run;
    line(out, sign,
         arena_printf(a, EXPORT_MARK " %s: %s / %s", r->version ? r->version : d->version,
                      d->scenario, r->variant),
         a);
    line(out, sign,
         _("Read it before you apply it: nothing here was applied, and no price is a quotation."),
         a);
    line(out, sign,
         arena_printf(
             a,
             _("The plan costs %s %s from %s to %s, at most %s above the proven bound; newest "
               "price of %s."),
             r->currency, amount_text(a, r->cost, amount_decimals(r->cost)),
             r->start ? r->start : "-", r->end ? r->end : "-", percent_text(a, r->gap, 2),
             r->book_date ? r->book_date : "-"),
         a);
    if (r->estimated_share > 0)
        line(out, sign,
             arena_printf(a, _("%s of that rests on estimated prices."),
                          percent_text(a, r->estimated_share, 1)),
             a);
    data_lines(out, sign, r, a);
}

/* Cost per useful hour of the chosen candidate of this offer, and of the cheapest one on demand; NAN: not known. */
static double useful_cost(const struct saved_run *r, const char *workload,
                          const struct saved_offer *offer)
{
    double best = (double)NAN;
    for (size_t i = 0; i < r->n_candidates; i++) {
        const struct saved_candidate *c = &r->candidates[i];
        if (!c->usable || strcmp(c->workload, workload) != 0 || !c->offer.market) continue;
        const bool fits = offer ? c->chosen && c->offer.type && offer->type &&
                                      strcmp(c->offer.type, offer->type) == 0 &&
                                      strcmp(c->offer.market, offer->market) == 0
                                : strcmp(c->offer.market, "on_demand") == 0;
        if (fits && !(c->cost > best)) best = c->cost;
    }
    return best;
}

/* What the costs of candidates are for, and how many of it are told at once. */
static const char *useful_unit(const struct export_group *g, double *times)
{
    *times = 1;
    if (!g->service) return _("useful hour");
    if (!g->load_unit || strncmp(g->load_unit, "requests", 8) != 0) return _("hour of a session");
    *times = 1000;
    return _("1,000 requests");
}

static const char *pool_text(const struct saved_run *r, const struct export_group *g,
                             const struct export_pool *p, struct arena *a)
{
    double times;
    const char *unit = useful_unit(g, &times);
    const double cost = useful_cost(r, g->workload, &p->offer) * times;
    const double on_demand = useful_cost(r, g->workload, NULL) * times;
    const char *what = arena_printf(a, "  %ld x %s  %s, %s", p->most, p->offer.type,
                                    saved_market_label(p->offer.market ? p->offer.market : "-"),
                                    p->offer.zone ? p->offer.zone : p->offer.region);
    if (!isfinite(cost)) return what;
    const char *price = number_text(a, cost, 4);
    if (!(cost < on_demand)) return arena_printf(a, _("%s: %s per %s"), what, price, unit);
    return arena_printf(a, _("%s: %s per %s, where on-demand costs %s"), what, price, unit,
                        number_text(a, on_demand, 4));
}

void export_why(FILE *out, const char *sign, const struct dossier *d, const struct export_group *g,
                struct arena *a)
{
    const struct saved_run *r = &d->runs[0];
    line(out, sign,
         arena_printf(a,
                      _("%s in %s: %s %s for %s machine-hours, commitments apart; machines at one "
                        "time: %ld at most."),
                      g->workload, g->region, r->currency,
                      amount_text(a, g->cost, amount_decimals(r->cost)),
                      number_text(a, g->machine_h, 1), g->most),
         a);
    for (size_t i = 0; i < g->n_pools; i++) line(out, sign, pool_text(r, g, &g->pools[i], a), a);
}

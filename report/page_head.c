/* Head of the report page: whose plan, the answer in one sentence, and the cards. */
#include "report/page.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

struct card {
    const char *key, *value, *note, *mood; /* mood: "", "good", "warn", "bad" */
    double filled;                         /* of a bar below, NAN: none */
};

static void card_print(const struct page *p, const struct card *c)
{
    html_print(p->out, p->arena,
               "<div class=\"card %s\"><div class=\"k\">%s</div><div class=\"v\">%s</div>",
               c->mood ? c->mood : "", c->key, c->value);
    if (isfinite(c->filled)) {
        const int percent = (int)lround(100 * fmin(1, fmax(0, c->filled)));
        html_print(p->out, p->arena,
                   "<svg class=\"bar\" aria-hidden=\"true\" width=\"100%%\" height=\"6\">"
                   "<rect width=\"%d%%\" height=\"6\"/></svg>",
                   percent);
    }
    if (c->note) html_print(p->out, p->arena, "<div class=\"n\">%s</div>", c->note);
    fputs("</div>\n", p->out);
}

/* The budget of all in the month that comes nearest to it. */
static const struct saved_budget *budget_of_all(const struct saved_run *r)
{
    for (size_t i = 0; i < r->n_budgets; i++)
        if (!r->budgets[i].owner) return &r->budgets[i];
    return NULL;
}

static double share_of(const struct saved_budget *b)
{
    return b && b->limit > 0 ? (double)b->planned / (double)b->limit : (double)NAN;
}

static void cost_card(const struct page *p)
{
    const struct saved_run *r = p->run;
    const struct saved_budget *b = budget_of_all(r);
    const bool lucky = r->worlds > 0;
    const char *note =
        b ? arena_printf(p->arena, _("budget %s, %s planned of it"), page_money_short(p, b->limit),
                         percent_text(p->arena, share_of(b), 0))
        : lucky
            ? arena_printf(p->arena, _("planned %s"), page_money(p, r->cost))
            : arena_printf(p->arena, _("%s machine-hours"), number_text(p->arena, r->machine_h, 0));
    const char *mood = !b                              ? ""
                       : strcmp(b->state, "over") == 0 ? "bad"
                       : strcmp(b->state, "warn") == 0 ? "warn"
                                                       : "";
    card_print(
        p, &(struct card){lucky ? _("Expected cost") : _("Planned cost"),
                          lucky ? page_amount_short(p, r->expected) : page_money_short(p, r->cost),
                          note, mood, share_of(b)});
}

static void range_card(const struct page *p)
{
    const struct saved_run *r = p->run;
    if (r->worlds <= 0) return;
    card_print(p,
               &(struct card){_("80 in 100 worlds between"),
                              arena_printf(p->arena, "%s – %s", page_amount_short(p, r->p10),
                                           page_amount_short(p, r->p90)),
                              arena_printf(p->arena, _("%ld worlds, seed %ld"), r->worlds, r->seed),
                              "", NAN});
}

/* Against the dearest way that was solved beside it: without spot where there is such a plan, else the baseline. */
static const struct saved_run *other_run(const struct page *p)
{
    const struct dossier *d = p->dossier;
    for (size_t i = 0; i < d->n; i++)
        if (&d->runs[i] != p->run && d->runs[i].has_plan &&
            strcmp(d->runs[i].currency, p->run->currency) == 0)
            return &d->runs[i];
    return NULL;
}

static void against_card(const struct page *p, const char *name, micro_t other)
{
    const micro_t saves = other - p->run->cost;
    if (other <= 0) return;
    const double share = -(double)saves / (double)other;
    card_print(p, &(struct card){arena_printf(p->arena, _("Against: %s"), name),
                                 arena_printf(p->arena, "%s%s", share > 0 ? "+" : "",
                                              percent_text(p->arena, share, 0)),
                                 arena_printf(p->arena, saves >= 0 ? _("saves %s") : _("%s more"),
                                              page_money_short(p, saves >= 0 ? saves : -saves)),
                                 saves > 0 ? "good" : "", NAN});
}

/* The plan of the grid that buys no spot, all else as now. */
static const struct sweep_point *no_spot_point(const struct page *p)
{
    const struct what_if *w = p->dossier->around.what_if;
    for (size_t i = 0; w && i < w->n_tables; i++) {
        const struct what_if_table *t = &w->tables[i];
        size_t at = 0;
        if (!t->no_spot) continue;
        for (size_t k = 0; k < t->n_axes; k++)
            at = at * w->axes[t->axes[k]].n + w->axes[t->axes[k]].now;
        return at < t->n && t->points[at].has_plan ? &t->points[at] : NULL;
    }
    return NULL;
}

static void saving_card(const struct page *p)
{
    const struct sweep_point *without = no_spot_point(p);
    const struct saved_run *other = other_run(p);
    if (without)
        against_card(p, _("without spot"), without->cost);
    else if (other)
        against_card(p, other->name, other->cost);
}

static void late_card(const struct page *p)
{
    const struct saved_run *r = p->run;
    if (r->worlds > 0) {
        const char *mood = r->late > 0.1 ? "warn" : "";
        const char *note = r->finish ? arena_printf(p->arena, _("planned end %s"), r->finish)
                                     : _("of some target of a service");
        card_print(p, &(struct card){_("Chance of being late"),
                                     chance_text(r->late, r->late_low, r->late_high, p->arena),
                                     note, mood, NAN});
    } else if (r->finish) {
        const char *note = r->late_h > 0 ? arena_printf(p->arena, _("%s hours late"),
                                                        number_text(p->arena, r->late_h, 1))
                                         : _("in time");
        card_print(
            p, &(struct card){_("All done"), r->finish, note, r->late_h > 0 ? "bad" : "good", NAN});
    }
}

static void budget_card(const struct page *p)
{
    const struct saved_run *r = p->run;
    if (!isfinite(r->over_budget)) return;
    card_print(p, &(struct card){_("Chance of passing the budget"),
                                 chance_text(r->over_budget, r->over_budget_low,
                                             r->over_budget_high, p->arena),
                                 NULL, r->over_budget > 0.1 ? "bad" : "good", NAN});
}

static void proof_card(const struct page *p)
{
    const struct saved_run *r = p->run;
    if (!isfinite(r->gap)) return;
    const char *note =
        arena_printf(p->arena, _("no plan costs less than %s"), page_amount_short(p, r->bound));
    const double whole = (double)r->cost / 1e6 - r->whole_bound;
    if (isfinite(r->whole_bound) && r->cost > 0)
        note = arena_printf(p->arena, _("%s, %s to the bound of whole machines"), note,
                            percent_text(p->arena, fmax(0, whole * 1e6 / (double)r->cost), 2));
    card_print(p,
               &(struct card){_("Proven gap"), percent_text(p->arena, r->gap, 2), note, "", NAN});
}

/* A day without the hour at which it begins. */
static const char *day_text(const struct page *p, const char *moment)
{
    static const char midnight[] = " 00:00";
    const size_t n = strlen(moment), m = sizeof midnight - 1;
    if (n <= m || strcmp(moment + n - m, midnight) != 0) return moment;
    return arena_strndup(p->arena, moment, n - m);
}

static void title_print(const struct page *p)
{
    const struct saved_run *r = p->run;
    const struct dossier *d = p->dossier;
    html_print(p->out, p->arena, "<header class=\"top\"><div><h1>%s</h1>\n<p class=\"sub\">",
               d->scenario);
    if (strcmp(r->variant, "base") != 0) html_print(p->out, p->arena, "%s · ", r->name);
    if (r->start)
        html_print(p->out, p->arena, _("%s to %s"), day_text(p, r->start), day_text(p, r->end));
    if (r->book_date) {
        fputs(" · ", p->out);
        html_print(p->out, p->arena, _("prices of %s"), r->book_date);
    }
    html_print(p->out, p->arena, " · %s</p></div>\n<div class=\"tools scripted\">",
               _("a plan, not a quotation"));
    html_print(p->out, p->arena,
               p->chinese
                   ? "<button type=\"button\" data-show=\"en\" lang=\"en\">%s</button>"
                   : "<button type=\"button\" data-show=\"zh-CN\" lang=\"zh-CN\">%s</button>",
               p->chinese ? "English" : "中文");
    html_print(
        p->out, p->arena,
        "<button type=\"button\" data-download=\"gpumix-report.json\">%s</button></div></header>\n",
        _("Download JSON"));
}

static void answer_print(const struct page *p)
{
    const struct saved_run *r = p->run;
    html_print(p->out, p->arena, "<p class=\"lead\">%s",
               arena_printf(p->arena,
                            _("The plan holds at most %ld machines at one time, %s "
                              "machine-hours in all, and costs %s."),
                            r->machines, number_text(p->arena, r->machine_h, 0),
                            page_money(p, r->cost)));
    if (r->estimated_share > 0)
        html_print(p->out, p->arena, " %s",
                   arena_printf(p->arena, _("%s of that rests on estimated prices."),
                                percent_text(p->arena, r->estimated_share, 1)));
    fputs("</p>\n", p->out);
}

void page_head(const struct page *p)
{
    title_print(p);
    fputs("<main>\n", p->out);
    if (!p->run->has_plan) return;
    answer_print(p);
    fputs("<div class=\"cards\">\n", p->out);
    cost_card(p);
    range_card(p);
    saving_card(p);
    late_card(p);
    budget_card(p);
    proof_card(p);
    fputs("</div>\n", p->out);
}

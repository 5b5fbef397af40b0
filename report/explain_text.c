/* What explain says to people (interface.md 2.5) and to machines. */
#include "report/commitment_text.h"
#include "report/explain_not.h"
#include "report/limit_text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum { SHOWN_NEXT = 5, SHOWN_LOSSES = 8, SHOWN_NAMES = 2 };

static const char *way_text(const struct plan *p, const struct explain_entry *e, struct arena *a)
{
    const struct offer *o = &p->offers[p->candidates[e->candidate].offer];
    const char *type = book_type(p->book, o->type)->name;
    return arena_printf(a, "%s  %s (%s)", type, offer_market_label(o), offer_place(o));
}

static bool is_prepaid(const struct plan *p, const struct explain_entry *e)
{
    return p->offers[p->candidates[e->candidate].offer].market->prepaid && e->price > 0;
}

/* A prepaid machine that must be used more than this share of the time to cost no more than the best chosen one. */
static const char *prepaid_text(const struct explain_entry *e, const struct explain_entry *best,
                                struct arena *a)
{
    const double use = e->cost / best->cost;
    if (use > 1) return _("dearer even when used all the time");
    return arena_printf(a, _("paid whether used or not: pays above %s of the time"),
                        percent_text(a, use, 0));
}

const char *explain_rank(const struct plan *p, const struct explain_shape *s,
                         const struct explain_entry *e, struct arena *a)
{
    if (p->candidates[e->candidate].chosen) return _("chosen");
    if (s->n_chosen == 0) return "";
    const struct explain_entry *best = &s->entries[0];
    if (is_prepaid(p, e) && !is_prepaid(p, best) && best->cost > 0) return prepaid_text(e, best, a);
    const double more = e->cost - best->cost;
    if (more > 0 && best->cost <= 0)
        return arena_printf(a, _("costs %s more"), saving_text(a, more));
    if (more > 1e-9 * best->cost)
        return arena_printf(a, _("costs %s more (%s)"), saving_text(a, more),
                            percent_text(a, more / best->cost, more < best->cost / 100 ? 2 : 0));
    if (more >= -1e-9 * best->cost) return _("costs the same");
    return arena_printf(a,
                        _("costs %s less, but a limit, a deadline, whole machines or the place of "
                          "its data keeps it out"),
                        saving_text(a, -more));
}

static const char *interval_text(const struct plan *p, const struct candidate *c, struct arena *a)
{
    const double tau_h = c->useful.tau_h;
    if (!isfinite(tau_h) || tau_h <= 0) return "";
    const char *every = duration_text(a, (int64_t)llround(tau_h * (double)US_PER_H));
    return p->scenario->workloads[c->workload].checkpoint_auto
               ? arena_printf(a, _(" (one each %s, solved)"), every)
               : arena_printf(a, _(" (one each %s)"), every);
}

/* "= 11.20 price + 0.51 rework + 0.16 checkpoints (one each 41 min, solved)" */
static const char *parts_text(const struct plan *p, const struct explain_entry *e, struct arena *a)
{
    const struct candidate *c = &p->candidates[e->candidate];
    const char *text =
        e->sunk ? _("= already paid") : arena_printf(a, _("= %s price"), saving_text(a, e->price));
    if (e->waiting > 0)
        text = arena_printf(a, _("%s + %s waiting for data"), text, saving_text(a, e->waiting));
    if (e->rework > 0) text = arena_printf(a, _("%s + %s rework"), text, saving_text(a, e->rework));
    if (e->checkpoints > 0)
        text = arena_printf(a, _("%s + %s checkpoints%s"), text, saving_text(a, e->checkpoints),
                            interval_text(p, c, a));
    if (e->licence > 0)
        text = arena_printf(a, _("%s + %s licence"), text, saving_text(a, e->licence));
    if (e->disk > 0) text = arena_printf(a, _("%s + %s disk"), text, saving_text(a, e->disk));
    return text;
}

/* "would enter below 5.12/h" of the price per machine-hour. */
static const char *entry_text(const struct plan *p, const struct candidate *c, struct arena *a)
{
    const double now = p->offers[c->offer].price;
    if (c->enters_below > now * (1 + 1e-6)) return _("whole machines keep it out");
    if (c->enters_below <= now * 1e-6) return _("would enter at no price");
    const char *text = arena_printf(a, _("would enter below %s/h, costs %s"),
                                    saving_text(a, c->enters_below), saving_text(a, now));
    if (isnan(c->enters_speed)) return text;
    return arena_printf(a, _("%s; or %.2f times as fast"), text,
                        ceil(100 * c->enters_speed / c->fit.speed - 1e-9) / 100);
}

static const char *next_text(const struct plan *p, const struct explain_shape *s,
                             const struct explain_entry *e, struct arena *a)
{
    const struct candidate *c = &p->candidates[e->candidate];
    const char *text = explain_rank(p, s, e, a);
    if (c->fit.speed < 0.9995)
        text = arena_printf(a, _("%s%sspeed %.2f"), text, *text ? "; " : "", c->fit.speed);
    if (!isnan(c->enters_below))
        text = arena_printf(a, "%s%s%s", text, *text ? "; " : "", entry_text(p, c, a));
    if (e->n_places > 1)
        text = arena_printf(
            a, ngettext("%s%sand in %zu more place", "%s%sand in %zu more places", e->n_places - 1),
            text, *text ? "; " : "", e->n_places - 1);
    return text;
}

static void entries_print(const struct plan *p, const struct explain_shape *s, FILE *out,
                          struct arena *a)
{
    struct table *t = table_new(a, "llrl");
    size_t shown = s->n_chosen + SHOWN_NEXT;
    if (shown > s->n_entries) shown = s->n_entries;
    for (size_t i = 0; i < shown; i++) {
        const struct explain_entry *e = &s->entries[i];
        const bool chosen = i < s->n_chosen;
        const char *head = i == 0 && chosen ? _("Chosen") : i == s->n_chosen ? _("Next") : "";
        table_row(t, head, way_text(p, e, a), saving_text(a, e->cost),
                  chosen ? parts_text(p, e, a) : next_text(p, s, e, a), NULL);
    }
    table_print(t, out, "");
    if (shown < s->n_entries)
        fprintf(out,
                ngettext("        and %zu dearer way\n", "        and %zu dearer ways\n",
                         s->n_entries - shown),
                s->n_entries - shown);
}

static const char *reason_text(const struct plan *p, const char *reason, struct place at,
                               struct arena *a)
{
    const char *line = explain_line(p, at, a);
    return *line ? arena_printf(a, "%s  (%s)", reason, line) : reason;
}

static void losses_print(const struct plan *p, const struct explain_shape *s, FILE *out,
                         struct arena *a)
{
    size_t hidden = 0;
    if (s->n_losses) fprintf(out, "%s\n", _("Out:"));
    struct table *t = table_new(a, "rl");
    for (size_t i = 0; i < s->n_losses; i++) {
        const struct explain_loss *l = &s->losses[i];
        if (i >= SHOWN_LOSSES) {
            hidden += l->n_offers;
            continue;
        }
        table_row(t,
                  arena_printf(a, ngettext("%zu offer:", "%zu offers:", l->n_offers), l->n_offers),
                  reason_text(p, l->reason, l->at, a), NULL);
    }
    table_print(t, out, "  ");
    if (hidden)
        fprintf(out, _("  and %zu offers for %zu other reasons (--format csv lists all)\n"), hidden,
                s->n_losses - SHOWN_LOSSES);
}

static const char *head_text(const struct explain_shape *s, struct arena *a)
{
    const struct shape *h = s->of;
    const char *name = workload_title(h->workload, a);
    if (s->service) return arena_printf(a, _("%s: a service"), name);
    const char *text =
        arena_printf(a, ngettext("%s: %zu job", "%s: %zu jobs", s->n_jobs), name, s->n_jobs);
    if (h->workers > 0) text = arena_printf(a, _("%s, a gang of %ld"), text, h->workers);
    if (h->max_workers > 0)
        text = arena_printf(a, _("%s, up to %ld workers"), text, h->max_workers);
    return text;
}

static const char *shape_text(const struct plan *p, const struct explain_shape *s, struct arena *a)
{
    const struct shape *h = s->of;
    const char *text = head_text(s, a);
    if (h->gpu_share > 0)
        text = arena_printf(a, _("%s, %g of a GPU each"), text, h->gpu_share);
    else if (!h->cpu)
        text = arena_printf(
            a, ngettext("%s, %ld GPU each", "%s, %ld GPUs each", (unsigned long)h->gpus_per_worker),
            text, h->gpus_per_worker);
    if (h->gpu_memory_gib > 0) text = arena_printf(a, _("%s, %g GB"), text, h->gpu_memory_gib);
    const char *currency = currency_name(p->scenario->currency), *unit = explain_unit(p, s, a);
    return s->service ? arena_printf(a, _("%s; %s per %s"), text, currency, unit)
                      : arena_printf(a, _("%s; %s per %s of useful work"), text, currency, unit);
}

static bool same_verdict(const struct explain_verdict *x, const struct explain_verdict *y)
{
    return !x->entry && !y->entry && x->at.line == y->at.line && strcmp(x->reason, y->reason) == 0;
}

/* The types that are out for the reason of verdict `first`: they share a line, and are marked as told. */
struct alike {
    const char *names;
    size_t n;
};

static struct alike alike_find(bool *told, const struct plan *p, const struct explain_verdict *list,
                               size_t n, size_t first, struct arena *a)
{
    struct alike found = {.names = ""};
    for (size_t i = first; i < n; i++) {
        if (i != first && !same_verdict(&list[first], &list[i])) continue;
        told[i] = true;
        if (found.n++ < SHOWN_NAMES)
            found.names = arena_printf(a, "%s%s%s", found.names, *found.names ? ", " : "",
                                       book_type(p->book, list[i].type)->name);
    }
    if (found.n > SHOWN_NAMES)
        found.names = arena_printf(a, _("%s and %zu more"), found.names, found.n - SHOWN_NAMES);
    return found;
}

static void verdicts_print(const struct plan *p, const struct explain_shape *s,
                           const struct explain_request *q, FILE *out, struct arena *a)
{
    size_t n;
    const struct explain_verdict *list = explain_verdicts(&n, p, s, q, a);
    bool *told = ARENA_NEW(a, bool, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct explain_entry *e = list[i].entry;
        if (told[i]) continue;
        if (e) {
            fprintf(out, _("%s fits: %s per %s; %s\n"), way_text(p, e, a), saving_text(a, e->cost),
                    explain_unit(p, s, a), next_text(p, s, e, a));
            continue;
        }
        const struct alike same = alike_find(told, p, list, n, i, a);
        fprintf(out, ngettext("%s is out: %s\n", "%s are out: %s\n", same.n), same.names,
                safe_text(a, reason_text(p, list[i].reason, list[i].at, a)));
    }
}

static void limits_print(const struct plan *p, const struct explain_request *q, FILE *out,
                         struct arena *a)
{
    if (p->n_shadows == 0 && isnan(q->day_saves)) {
        if (q->limits)
            fprintf(out, "%s\n",
                    _("No quota, stock, budget, spot share or deadline limits this plan."));
        return;
    }
    fprintf(out, _("What one unit more would save, in %s:\n"),
            currency_name(p->scenario->currency));
    struct table *t = table_new(a, "llrrll");
    table_row(t, "", "", _("saves"), _("a day"), "", "", NULL);
    for (size_t i = 0; i < p->n_shadows; i++) {
        const struct shadow *s = &p->shadows[i];
        const bool known = !isnan(s->saves);
        table_row(t, s->what, arena_printf(a, "+1 %s", s->unit),
                  known ? saving_text(a, s->saves) : "-",
                  s->at_once ? ""
                  : known    ? saving_text(a, limit_day(p, s))
                             : "-",
                  limit_range(s, a), place_label(a, s->at), NULL);
    }
    if (!isnan(q->day_saves))
        table_row(t, arena_printf(a, "workloads.%s.window.deadline", q->workload), _("+1 day"),
                  saving_text(a, q->day_saves), "", _("(planned again)"), "", NULL);
    table_print(t, out, "  ");
}

static bool is_asked(const struct explain_request *q, const struct workload *w)
{
    return !q->workload || strcmp(q->workload, w->name) == 0;
}

/* Of one workload only those that it could use. */
static bool is_concerned(const struct plan *p, const struct explain_request *q,
                         const struct commitment_outcome *c)
{
    for (size_t i = 0; i < p->scenario->n_workloads; i++)
        if (is_asked(q, &p->scenario->workloads[i]) && (!q->workload || explain_concerns(p, i, c)))
            return true;
    return false;
}

static void commitments_print(const struct plan *p, const struct explain_request *q, FILE *out,
                              struct arena *a)
{
    enum { MOST_NOT_BOUGHT = 8 };
    size_t n, told = 0;
    const struct commitment_outcome **shown = commitments_shown(&n, p, MOST_NOT_BOUGHT, a);
    for (size_t i = 0; i < n; i++) {
        if (!is_concerned(p, q, shown[i])) continue;
        if (told++ == 0) fprintf(out, "%s\n", _("Commitments:"));
        fprintf(out, "  %s\n", commitment_text(p, shown[i], a));
    }
    if (told) fputc('\n', out);
}

static void workload_print(const struct plan *p, size_t workload, const struct explain_request *q,
                           FILE *out, struct arena *a)
{
    size_t n;
    const struct explain_shape *shapes = explain_shapes(&n, p, workload, a);
    for (size_t i = 0; i < n; i++) {
        const struct explain_shape *s = &shapes[i];
        fprintf(out, "%s\n", safe_text(a, shape_text(p, s, a)));
        if (q->n_not) {
            verdicts_print(p, s, q, out, a);
        } else {
            entries_print(p, s, out, a);
            losses_print(p, s, out, a);
        }
        fputc('\n', out);
    }
}

void explain_print(const struct result *r, const struct explain_request *q, FILE *out,
                   struct arena *a)
{
    const struct plan *p = r->plan;
    fprintf(out, "%s   %s\n\n", safe_text(a, result_title(r, a)), status_label(plan_told(p)));
    for (size_t i = 0; i < p->scenario->n_workloads && !q->limits; i++)
        if (is_asked(q, &p->scenario->workloads[i])) workload_print(p, i, q, out, a);
    if (q->n_not == 0 && !q->limits) commitments_print(p, q, out, a);
    if (q->n_not == 0) limits_print(p, q, out, a);
}

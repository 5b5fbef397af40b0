#include "report/plan_sheet.h"
#include "report/commitment_text.h"
#include "report/exact.h"
#include "report/quote.h"
#include "report/service_facts.h"
#include "report/simulation.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum { WHAT, QUANTITY, UNIT, PRICE, AMOUNT, MARK, N_PLAN_COLUMNS };

static void row_add(struct sheet *sheet, const char *const texts[N_PLAN_COLUMNS])
{
    struct sheet_cell *cells = sheet_row(sheet);
    for (size_t i = 0; i < N_PLAN_COLUMNS; i++)
        cells[i] = sheet_both(texts[i] ? texts[i] : "", NULL);
}

struct amounts {
    int decimals;
    micro_t sum; /* of what was shown so far, see amount_shown */
    bool estimated;
};

/* Storage is booked by the GiB-hour and read by the GiB-month. */
static struct summary_line line_readable(struct summary_line l)
{
    static const struct ratio month = {HOURS_PER_MONTH, 1};
    if (l.unit && strcmp(l.unit, "GiB-h") == 0 && ratio_mul(&l.price, l.price, month)) {
        l.quantity /= HOURS_PER_MONTH;
        l.unit = N_("GiB-month");
    }
    return l;
}

static void line_add(struct sheet *sheet, const struct summary *s,
                     const struct summary_line *booked, const char *amount)
{
    struct arena *a = sheet->arena;
    const struct summary_line l = line_readable(*booked);
    const bool counted = l.unit && *l.unit && l.quantity != 0;
    row_add(sheet,
            (const char *[N_PLAN_COLUMNS]){
                [WHAT] = arena_printf(a, "  %s", line_text(s, &l, a)),
                [QUANTITY] = counted ? number_text(a, l.quantity, l.quantity < 100 ? 2 : 0) : "",
                [UNIT] = counted ? unit_label(l.unit) : "",
                [PRICE] = counted ? price_text(a, l.price) : "",
                [AMOUNT] = amount,
                [MARK] = l.estimated ? "*" : "",
            });
}

/* A line under a workload that costs nothing; NULL: none. */
static void remark_add(struct sheet *sheet, const char *text)
{
    if (!text) return;
    row_add(sheet,
            (const char *[N_PLAN_COLUMNS]){[WHAT] = arena_printf(sheet->arena, "  %s", text)});
}

static void group_add(struct sheet *sheet, const struct summary *s, const struct summary_group *g,
                      struct amounts *amounts)
{
    struct arena *a = sheet->arena;
    micro_t *shown = ARENA_NEW(a, micro_t, g->n_lines + 1), total = 0;
    for (size_t i = 0; i < g->n_lines; i++) {
        shown[i] = amount_shown(g->lines[i].amount, amount_unit(amounts->decimals), &amounts->sum);
        total += shown[i];
        amounts->estimated = amounts->estimated || g->lines[i].estimated;
    }
    row_add(sheet,
            (const char *[N_PLAN_COLUMNS]){
                [WHAT] = group_text(s, g, a), [AMOUNT] = amount_text(a, total, amounts->decimals)});
    for (size_t i = 0; i < g->n_lines; i++)
        line_add(sheet, s, &g->lines[i], amount_text(a, shown[i], amounts->decimals));
    if (g->kind != GROUP_WORKLOAD) return;
    remark_add(sheet, finish_text(s, g->workload, a));
    remark_add(sheet, service_text(s->plan, g->workload, a));
    remark_add(sheet, perfect_text(s->plan, g->workload, a));
    remark_add(sheet, unserved_text(s->plan, g->workload, a));
}

/* Regions the plan buys in, in order of first use: jobs, then services. */
static const char *regions_text(const struct plan *p, struct arena *a)
{
    const char *text = "";
    const char **seen = ARENA_NEW(a, const char *, p->n_stretches + p->n_holdings + 1);
    size_t n = 0;
    for (size_t i = 0; i < p->n_stretches + p->n_holdings; i++) {
        const size_t offer =
            i < p->n_stretches ? p->stretches[i].offer : p->holdings[i - p->n_stretches].offer;
        const char *region = p->offers[offer].region;
        bool known = false;
        for (size_t j = 0; j < n; j++) known = known || strcmp(seen[j], region) == 0;
        if (known) continue;
        seen[n++] = region;
        text = *text ? arena_printf(a, "%s + %s", text, region) : arena_printf(a, "   %s", region);
    }
    return text;
}

static const char *age_text(const struct plan *p, moment_t today, struct arena *a)
{
    const char *date = book_date(p->book);
    moment_t day;
    if (!date || !moment_parse(&day, date) || day > today) return date ? date : "-";
    return arena_printf(a, _("%s (%ld days old)"), date, (long)((today - day) / (24 * US_PER_H)));
}

static const char *title_text(const struct result *r, const struct report *report, struct arena *a)
{
    const struct scenario *s = r->plan->scenario;
    return arena_printf(a, _("%s   %.10s to %.10s, %s   newest price %s%s"), result_title(r, a),
                        moment_text(a, s, 0), moment_text(a, s, s->length_us),
                        currency_name(s->currency), age_text(r->plan, report->today, a),
                        regions_text(r->plan, a));
}

static void budgets_note(struct sheet *sheet, const struct summary *s,
                         const struct simulation *luck)
{
    struct arena *a = sheet->arena;
    for (size_t i = 0; i < s->n_budgets; i++) {
        const struct summary_budget *b = &s->budgets[i];
        const int decimals = amount_decimals(b->limit);
        const char *whose = b->owner ? arena_printf(a, _("Budget of %s"), b->owner) : _("Budget");
        if (b->month) whose = arena_printf(a, "%s, %s", whose, b->month);
        const char *used =
            b->limit > 0 ? percent_text(a, (double)b->planned / (double)b->limit, 0) : "-";
        const char *state = _("OK");
        if (b->state == BUDGET_WARN)
            state = arena_printf(a, _("WARN above %s"), percent_text(a, b->warn_at, 0));
        if (b->state == BUDGET_OVER) state = _("OVER");
        const bool simulated = luck && luck->has_budget;
        if (!b->owner && simulated)
            state = arena_printf(a, _("%s (passed in %s of the worlds)"),
                                 simulation_fails(luck) ? _("OVER") : state,
                                 proportion_text(&luck->over_budget, a));
        if (!b->owner && !simulated && s->plan->scenario->budget_confidence > 0)
            state = arena_printf(a, _("%s (expected cost; %s confidence needs simulation)"), state,
                                 percent_text(a, s->plan->scenario->budget_confidence, 0));
        sheet_note(sheet, _("%s %s: %s planned, %s.   %s"), whose,
                   amount_text(a, b->limit, decimals), amount_text(a, b->planned, decimals), used,
                   state);
    }
}

/* Deadlines that were to hold with confidence. */
static void promises_note(struct sheet *sheet, const struct result *r)
{
    struct arena *a = sheet->arena;
    for (size_t i = 0; i < r->n_promises; i++) {
        const struct promise *p = &r->promises[i];
        const char *name = workload_title(&r->plan->scenario->workloads[p->workload], a);
        const struct proportion kept = proportion_of(p->n_kept, p->n_worlds, 0.95);
        sheet_note(sheet,
                   _("%s: deadline kept in %s of %zu other worlds, %s asked; spot counted at %s of "
                     "its expectation"),
                   name, proportion_text(&kept, a), p->n_worlds, percent_text(a, p->asked, 1),
                   percent_text(a, p->spot_gamma, 1));
    }
}

/* What the plan costs with luck, and what is late. */
static void luck_notes(struct sheet *sheet, const struct simulation *luck)
{
    struct arena *a = sheet->arena;
    sheet_note(sheet, "%s", simulation_line(luck, a));
    for (size_t i = 0; i < luck->n_workloads; i++) {
        const struct simulated_workload *w = &luck->workloads[i];
        if (w->works && w->missed.hits > 0)
            sheet_note(sheet, _("%s: late in %s of the worlds"),
                       workload_title(&luck->outcomes->plan->scenario->workloads[w->workload], a),
                       proportion_text(&w->missed, a));
    }
}

static void assumptions_note(struct sheet *sheet, const struct plan *p)
{
    const struct text_list *list = &p->assumptions;
    const char *names = "";
    for (size_t i = 0; i < list->n; i++)
        names = arena_printf(sheet->arena, "%s%s%s", names, i ? ", " : "", list->items[i]);
    if (list->n == 1) sheet_note(sheet, _("~ rests on 1 assumption: %s"), names);
    if (list->n > 1) sheet_note(sheet, _("~ rests on %zu assumptions: %s"), list->n, names);
}

/* What was bought, and what comes nearest to paying of what was not. */
static void commitments_note(struct sheet *sheet, const struct plan *p)
{
    enum { MOST_NOT_BOUGHT = 2 };
    size_t n;
    const struct commitment_outcome **shown =
        commitments_shown(&n, p, MOST_NOT_BOUGHT, sheet->arena);
    for (size_t i = 0; i < n; i++)
        sheet_note(sheet, "%s", commitment_text(p, shown[i], sheet->arena));
}

/* A second bound is shown where it is closer by this share of the cost. */
#define WHOLE_WORTH 1e-4

static void last_note(struct sheet *sheet, const struct summary *s, const struct report *r)
{
    struct arena *a = sheet->arena;
    const struct plan *p = s->plan;
    const char *line =
        arena_printf(a, _("Plan: %ld machines, %s machine-hours, %s %s.   Gap %s"), s->machines,
                     number_text(a, s->machine_h, s->machine_h < 100 ? 1 : 0),
                     currency_name(p->scenario->currency),
                     amount_text(a, s->cost, amount_decimals(s->cost)), percent_text(a, s->gap, 2));
    if (s->gap - s->whole_gap >= WHOLE_WORTH)
        line = arena_printf(a, _("%s, %s to the bound of whole machines"), line,
                            percent_text(a, s->whole_gap, 2));
    if (p->solved_why)
        line = arena_printf(a, _("%s, by %s: %s"), line, plan_method_names[p->solved_by],
                            p->solved_why);
    if (r->with_time) line = arena_printf(a, _("%s, solved in %.2f s"), line, p->seconds);
    if (p->status == PLAN_FEASIBLE) line = arena_printf(a, "%s; %s", line, status_label(p->status));
    sheet_note(sheet, "%s", line);
}

static void exact_note(struct sheet *sheet, const struct plan *p)
{
    const char *text = exact_text(p, sheet->arena);
    if (text) sheet_note(sheet, "%s", text);
}

/* The cheapest change that is enough; NULL: none has an option, or they are needed together. */
static const struct conflict *best_change(const struct plan *p)
{
    const struct conflict *best = NULL;
    for (size_t i = 0; i < p->n_conflicts; i++) {
        const struct conflict *c = &p->conflicts[i];
        if (c->change && c->set && !c->together && (!best || c->cost < best->cost)) best = c;
    }
    return best;
}

/* Every change has an option. */
static bool all_have_options(const struct plan *p)
{
    bool any = false;
    for (size_t i = 0; i < p->n_conflicts; i++) {
        if (!p->conflicts[i].change) continue;
        if (!p->conflicts[i].set) return false;
        any = true;
    }
    return any;
}

static bool same_path(const char *x, const char *y)
{
    const size_t n = strcspn(x, "=");
    return n == strcspn(y, "=") && strncmp(x, y, n) == 0;
}

/* The command that planned this result, without settings of the paths in `but`. */
static const char *plan_command(const struct result *r, const char *const *but, size_t n_but,
                                struct arena *a)
{
    const struct scenario *s = r->plan->scenario;
    const char *command = arena_printf(a, "gpumix plan %s", quote_shell_word(a, s->path));
    if (s->variant)
        command = arena_printf(a, "%s --variant %s", command, quote_shell_word(a, s->variant));
    for (size_t i = 0; i < r->n_set; i++) {
        size_t k = 0;
        while (k < n_but && !same_path(r->set[i], but[k])) k++;
        if (k == n_but)
            command = arena_printf(a, "%s --set %s", command, quote_shell(a, r->set[i]));
    }
    return command;
}

/* The command with the changes: with one that is enough, the cheapest; or with all that are needed together. NULL: there is none. */
static const char *repair_command(const struct result *r, struct arena *a)
{
    const struct plan *p = r->plan;
    const struct conflict *best = best_change(p);
    const char **set = ARENA_NEW(a, const char *, p->n_conflicts + 1);
    size_t n = 0;
    if (!best && !all_have_options(p)) return NULL;
    for (size_t i = 0; i < p->n_conflicts; i++)
        if (best ? &p->conflicts[i] == best : p->conflicts[i].change != NULL)
            set[n++] = p->conflicts[i].set;
    const char *command = plan_command(r, set, n, a);
    for (size_t i = 0; i < n; i++)
        command = arena_printf(a, "%s --set %s", command, quote_shell(a, set[i]));
    return command;
}

static const char *changes_text(const struct plan *p, size_t n_changes)
{
    const bool together = p->n_conflicts && p->conflicts[p->n_conflicts - 1].together;
    if (n_changes == 0)
        return _("No change of these limits was found that whole machines can follow.");
    if (together) return _("The changes shown are enough together; none of them alone is.");
    return n_changes == 1 ? _("The change shown is enough.")
                          : _("Any ONE of the changes shown is enough.");
}

static void clash_notes(struct sheet *sheet, const struct result *r)
{
    const struct plan *p = r->plan;
    size_t n_changes = 0, n_limits = 0;
    for (size_t i = 0; i < p->n_conflicts; i++) {
        n_changes += p->conflicts[i].change != NULL;
        n_limits += p->conflicts[i].key != NULL;
    }
    sheet_note(sheet, "%s", _("No plan meets every limit."));
    if (n_limits == 0)
        sheet_note(sheet, "%s",
                   _("No limit is at fault: without any of them there is no plan either. It takes "
                     "more time (horizon.length), other machines or places, or less work."));
    else
        sheet_note(sheet, "%s", changes_text(p, n_changes));
    const char *command = repair_command(r, sheet->arena);
    if (command) sheet_note(sheet, _("Try:  %s"), command);
}

/* Several clashes are told apart by a number before each of their limits. */
static const char *clash_what(const struct plan *p, const struct conflict *c, struct arena *a)
{
    bool several = false;
    for (size_t i = 0; i < p->n_conflicts; i++) several = several || p->conflicts[i].clash > 1;
    return several && c->clash ? arena_printf(a, "%zu: %s", c->clash, c->what) : c->what;
}

static struct sheet clash_sheet(const struct result *r, const struct report *report,
                                struct arena *a)
{
    static const struct sheet_column columns[] = {
        {"what", N_("What clashes"), 'l', false},   {"change", N_("change to"), 'l', false},
        {"cost", N_("plan then costs"), 'r', true}, {"short_by", N_("short by"), 'r', false},
        {"unit", N_("unit"), 'l', false},           {"at", N_("written at"), 'l', false},
    };
    const struct plan *p = r->plan;
    struct sheet sheet = sheet_new(a, columns, sizeof columns / sizeof *columns);
    sheet.title = title_text(r, report, a);
    if (p->status == PLAN_NONE) {
        sheet_note(&sheet, "%s", _("No plan was found before a limit was reached."));
        return sheet;
    }
    for (size_t i = 0; i < p->n_conflicts; i++) {
        const struct conflict *c = &p->conflicts[i];
        const bool sized = isfinite(c->short_by) && c->short_by > 0;
        struct sheet_cell *cells = sheet_row(&sheet);
        cells[0] = sheet_text(clash_what(p, c, a));
        cells[1] = sheet_text(c->change);
        cells[2] = sheet_number(a, c->cost, 2);
        cells[3] = sheet_text(sized ? number_text(a, c->short_by, 1) : NULL);
        cells[4] = sheet_text(sized ? unit_label(c->unit) : NULL);
        cells[5] = sheet_text(place_label(a, c->at));
    }
    clash_notes(&sheet, r);
    exact_note(&sheet, p);
    return sheet;
}

struct sheet plan_sheet(const struct result *r, const struct report *report, struct arena *a)
{
    const struct summary *s = r->summary;
    if (!s->has_plan) return clash_sheet(r, report, a);
    const char *currency = currency_name(r->plan->scenario->currency);
    struct sheet_column *columns = ARENA_NEW(a, struct sheet_column, N_PLAN_COLUMNS);
    columns[WHAT] = (struct sheet_column){"what", _("Workload / what"), 'l', false};
    columns[QUANTITY] = (struct sheet_column){"quantity", _("quantity"), 'r', false};
    columns[UNIT] = (struct sheet_column){"unit", _("unit"), 'l', false};
    columns[PRICE] =
        (struct sheet_column){"price", arena_printf(a, _("%s/unit"), currency), 'r', false};
    columns[AMOUNT] = (struct sheet_column){"amount", currency, 'r', false};
    columns[MARK] = (struct sheet_column){"mark", _("est."), 'l', false};
    struct sheet sheet = sheet_new(a, columns, N_PLAN_COLUMNS);
    sheet.title = title_text(r, report, a);
    struct amounts amounts = {.decimals = amount_decimals(s->cost)};
    for (size_t i = 0; i < s->n_groups; i++) group_add(&sheet, s, &s->groups[i], &amounts);
    row_add(&sheet, (const char *[N_PLAN_COLUMNS]){
                        [WHAT] = _("Total"), [AMOUNT] = amount_text(a, s->cost, amounts.decimals)});
    if (amounts.estimated)
        sheet_note(&sheet, _("* rests on estimated prices: %s of the total"),
                   percent_text(a, s->estimated_share, 1));
    assumptions_note(&sheet, r->plan);
    commitments_note(&sheet, r->plan);
    promises_note(&sheet, r);
    if (r->simulation) luck_notes(&sheet, r->simulation);
    budgets_note(&sheet, s, r->simulation);
    last_note(&sheet, s, report);
    exact_note(&sheet, r->plan);
    return sheet;
}

static void variant_add(struct sheet *sheet, const struct result *v, const struct summary *first)
{
    struct arena *a = sheet->arena;
    struct sheet_cell *cells = sheet_row(sheet);
    cells[0] = sheet_both(v->label ? v->label : v->variant, v->variant);
    cells[5] = sheet_text(v->plan ? status_label(plan_told(v->plan)) : _("not valid"));
    if (!v->plan || !v->summary->has_plan) return;
    const struct summary *s = v->summary;
    const bool compared = first && first != s && first->has_plan && first->cost > 0;
    cells[1] = sheet_text(amount_text(a, s->cost, amount_decimals(s->cost)));
    if (compared) {
        const double change = ((double)s->cost - (double)first->cost) / (double)first->cost;
        cells[2] = sheet_text(arena_printf(a, "%+.1f%%", change * 100));
    }
    cells[3] = sheet_text(percent_text(a, s->gap, 2));
    const bool jobs = v->plan->demands && v->plan->demands->n > 0;
    cells[4] = sheet_text(jobs ? moment_text(a, v->plan->scenario, s->finish_us) : NULL);
}

struct sheet variants_sheet(const struct report *r, struct arena *a)
{
    struct sheet_column *columns = ARENA_NEW(a, struct sheet_column, 6);
    const char *const keys[] = {"variant", "cost", "change", "gap", "finish", "status"};
    const char *const labels[] = {_("Variant"), _("cost"),          _("change"),
                                  _("gap"),     _("last job done"), _("status")};
    for (size_t i = 0; i < 6; i++)
        columns[i] = (struct sheet_column){keys[i], labels[i], i > 0 && i < 4 ? 'r' : 'l', false};
    struct sheet sheet = sheet_new(a, columns, 6);
    for (size_t i = 0; i < r->n_results; i++)
        variant_add(&sheet, &r->results[i], r->results[0].summary);
    return sheet;
}

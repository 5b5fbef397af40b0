#include "report/saved_text.h"
#include "common/text.h"
#include "pricing/offer.h"
#include "report/retell.h"
#include "report/wording.h"
#include <string.h>

struct word {
    const char *word, *label; /* label: N_() */
};

static const char *label_find(const struct word *words, const char *word)
{
    for (size_t i = 0; words[i].word; i++)
        if (strcmp(words[i].word, word) == 0) return _(words[i].label);
    return word;
}

const char *saved_market_label(const char *word)
{
    static const struct word spots[] = {{"spot", N_("spot, first hour protected")},
                                        {"spot_unprotected", N_("spot, unprotected")},
                                        {0}};
    for (size_t i = 0; markets[i]; i++)
        if (!markets[i]->interruptible && strcmp(markets[i]->name, word) == 0)
            return _(markets[i]->label);
    return label_find(spots, word);
}

const char *saved_part_label(const char *word)
{
    for (int part = 0; part < N_PARTS; part++)
        if (strcmp(ledger_part_name((enum ledger_part)part), word) == 0)
            return ledger_part_label((enum ledger_part)part);
    return word;
}

const char *saved_status_label(const char *word)
{
    static const struct word words[] = {{"optimal", N_("optimal")},
                                        {"within_gap", N_("within the gap")},
                                        {"feasible", N_("incomplete: a limit was reached")},
                                        {"infeasible", N_("no plan meets every limit")},
                                        {"none", N_("none found: a limit was reached")},
                                        {"error", N_("not valid")},
                                        {0}};
    return label_find(words, word);
}

const char *saved_state_label(const char *word)
{
    static const struct word words[] = {
        {"ok", N_("OK")}, {"warn", N_("near its limit")}, {"over", N_("OVER")}, {0}};
    return label_find(words, word);
}

const char *saved_commitment_label(const char *word)
{
    static const struct word words[] = {
        {"subscription", N_("subscription")}, {"savings_plan", N_("savings plan")}, {0}};
    return label_find(words, word);
}

const char *saved_line_text(const struct saved_line *l, struct arena *a)
{
    const char *label = saved_part_label(l->part), *type = l->offer.type;
    if (l->dataset && l->note) return arena_printf(a, "%s: %s, %s", l->dataset, label, l->note);
    if (l->dataset) return arena_printf(a, "%s: %s", l->dataset, label);
    if (!type) return l->note ? arena_printf(a, "%s: %s", label, l->note) : label;
    const char *market = l->offer.market ? saved_market_label(l->offer.market) : "-";
    const char *place = l->offer.zone ? l->offer.zone : l->offer.region ? l->offer.region : "-";
    if (strcmp(l->part, ledger_part_name(PART_COMPUTE)) == 0)
        return arena_printf(a, "%ld x %s  %s, %s", l->machines, type, market, place);
    if (l->note) return arena_printf(a, "%s: %s (%s)", label, l->note, type);
    return arena_printf(a, "%s: %s  %s, %s", label, type, market, place);
}

const char *saved_variant_label(const struct saved_run *r, bool chinese, struct arena *a)
{
    const char *path = arena_printf(a, "variants.%s.label", r->variant);
    const char *label = saved_value(r, path), *zh = saved_value(r, arena_printf(a, "%s_zh", path));
    if (chinese && zh && *zh) return zh;
    if (label && *label) return label;
    return zh && *zh ? r->variant : NULL;
}

const char *saved_workload_title(const struct saved_run *r, const char *workload, struct arena *a)
{
    const char *path = arena_printf(a, "workloads.%s.label", workload);
    return labelled_text(workload, saved_value(r, path),
                         saved_value(r, arena_printf(a, "%s_zh", path)), a);
}

/* --- in the other language --- */

struct retelling {
    const struct retell *retell;
    bool chinese;
    struct arena *arena;
};

static const char *retold(const struct retelling *t, const char *text)
{
    return retell_text(t->retell, text, t->chinese, t->arena);
}

static struct saved_finding *findings_retold(const struct saved_finding *list, size_t n,
                                             const struct retelling *t)
{
    struct saved_finding *out = ARENA_NEW(t->arena, struct saved_finding, n + 1);
    for (size_t i = 0; i < n; i++) {
        out[i] = list[i];
        out[i].message = retold(t, list[i].message);
        out[i].why = retold(t, list[i].why);
        out[i].fix = retold(t, list[i].fix);
    }
    return out;
}

static void run_retell(struct saved_run *run, const struct retelling *t)
{
    const struct saved_run old = *run;
    const char *label = saved_variant_label(run, t->chinese, t->arena);
    if (label) run->name = label;
    run->warnings = findings_retold(old.warnings, old.n_warnings, t);
    run->errors = findings_retold(old.errors, old.n_errors, t);
    run->assumptions = ARENA_NEW(t->arena, const char *, old.n_assumptions + 1);
    for (size_t i = 0; i < old.n_assumptions; i++)
        run->assumptions[i] = retold(t, old.assumptions[i]);
    run->limits = ARENA_NEW(t->arena, struct saved_limit, old.n_limits + 1);
    for (size_t i = 0; i < old.n_limits; i++) {
        run->limits[i] = old.limits[i];
        run->limits[i].limit = retold(t, old.limits[i].limit);
    }
    run->conflicts = ARENA_NEW(t->arena, struct saved_conflict, old.n_conflicts + 1);
    for (size_t i = 0; i < old.n_conflicts; i++) {
        run->conflicts[i] = old.conflicts[i];
        run->conflicts[i].what = retold(t, old.conflicts[i].what);
        run->conflicts[i].change = retold(t, old.conflicts[i].change);
    }
}

const struct saved_run *saved_runs_retold(const struct saved_run *runs, size_t n,
                                          const struct retell *r, bool chinese, struct arena *a)
{
    struct saved_run *out = ARENA_NEW(a, struct saved_run, n + 1);
    const struct retelling t = {r, chinese, a};
    for (size_t i = 0; i < n; i++) {
        out[i] = runs[i];
        run_retell(&out[i], &t);
    }
    return out;
}

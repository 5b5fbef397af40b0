#include "cli/steady.h"
#include "common/text.h"
#include "report/saved_run.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

static const double DEFAULT_PRICE = 0.02;

static enum err price_read(struct steady *s, const char *text, struct diag *d)
{
    s->price_frac = DEFAULT_PRICE;
    if (!text) return OK;
    if (quantity_parse(&s->price_frac, text, PERCENT_FRAC) && s->price_frac >= 0) return OK;
    s->is_money = money_parse(&s->price, text) && s->price.per == PER_NONE;
    if (s->is_money) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), text, "change-price");
    diag_fix(d, "%s", _("write a share of the cost such as 2%, or an amount such as ¥500"));
    return code;
}

enum err steady_read(struct steady *s, const struct options *o, struct cli *cli)
{
    const char *price = option_value(o, "change-price");
    *s = (struct steady){.path = option_value(o, "from")};
    if (price && !s->path) {
        diag_error(cli->diag, ERR_OPTION_VALUE, (struct place){0}, _("--%s goes with --%s"),
                   "change-price", "from");
        diag_fix(cli->diag, "%s", _("name the saved run whose plan is kept"));
        return ERR_OPTION_VALUE;
    }
    TRY(price_read(s, price, cli->diag));
    return s->path ? saved_runs_read(&s->runs, &s->n, s->path, cli->arena, cli->diag) : OK;
}

/* What a workload has in the saved run. */
static bool allows(const struct offer_rule *rule, const struct workload *w, const struct offer *o)
{
    const struct saved_run *run = rule->context;
    bool known = false;
    for (size_t i = 0; i < run->n_stretches; i++) {
        const struct saved_stretch *x = &run->stretches[i];
        if (strcmp(x->workload, w->name) != 0) continue;
        known = true;
        if (strcmp(x->offer.type, o->type < SIZE_MAX ? rule->names[o->type] : "") == 0 &&
            strcmp(x->offer.market, offer_market_word(o)) == 0 &&
            strcmp(x->offer.region, o->region) == 0)
            return true;
    }
    return !known; /* new ones are free */
}

static const struct saved_run *run_of(const struct steady *s, const char *variant)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->runs[i].has_plan && strcmp(s->runs[i].variant, variant) == 0) return &s->runs[i];
    return s->n == 1 && s->runs[0].has_plan ? &s->runs[0] : NULL;
}

static const char *const *type_names(const struct price_book *b, struct arena *a)
{
    const size_t n = book_type_count(b);
    const char **names = ARENA_NEW(a, const char *, n + 1);
    for (size_t i = 0; i < n; i++) names[i] = book_type(b, i)->name;
    return names;
}

static double change_price(const struct steady *s, double cost)
{
    return s->is_money ? ratio_value(s->price.amount) : s->price_frac * cost;
}

static void outcome_say(const struct result *r, const struct cli *cli)
{
    const struct kept_plan *k = r->kept;
    if (!k->works)
        fprintf(stderr, _("gpumix: %s: the machines of %s no longer do; the plan is new\n"),
                r->variant, k->from);
    else
        fprintf(stderr,
                k->keeps ? _("gpumix: %s: machines kept as in %s; changing them would save %s, not "
                             "more than the change costs (%s)\n")
                         : _("gpumix: %s: machines changed from %s; that saves %s, more than the "
                             "change costs (%s)\n"),
                r->variant, k->from, number_text(cli->arena, k->saves, 2),
                number_text(cli->arena, k->price, 2));
}

void steady_keep(struct result *r, const struct steady *s, const struct planning *p,
                 struct cli *cli)
{
    const struct saved_run *run = s->path ? run_of(s, r->variant) : NULL;
    if (!run || !r->plan || !r->summary->has_plan) return;
    const struct offer_rule rule = {.allows = allows,
                                    .reason = _("not in the plan that is kept (--from)"),
                                    .context = run,
                                    .names = type_names(r->plan->book, cli->arena),
                                    .priced = SIZE_MAX};
    struct planning own = *p;
    struct result kept;
    struct offer_rule *lasting = ARENA_NEW(cli->arena, struct offer_rule, 1);
    *lasting = rule;
    own.settings.rule = lasting;
    own.settings.brief = true;
    variant_plan(&kept, &own, r->variant, cli);
    const double free = (double)r->summary->cost / 1e6;
    const bool works = kept.code == OK && kept.summary->has_plan;
    const double saved = works ? (double)kept.summary->cost / 1e6 - free : (double)NAN;
    struct kept_plan *outcome = ARENA_NEW(cli->arena, struct kept_plan, 1);
    *outcome = (struct kept_plan){.from = s->path,
                                  .works = works,
                                  .saves = saved < 0 ? 0 : saved,
                                  .price = change_price(s, free)};
    outcome->keeps = works && saved <= outcome->price;
    if (outcome->keeps) *r = kept;
    r->kept = outcome;
    if (!cli->quiet) outcome_say(r, cli);
}

/* What to buy, and why: the lines of the plan with a reason each. */
#include "report/page.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

/* Costs nearer than this count as the same. */
#define SAME 1.0005

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_offer(const struct saved_offer *a, const struct saved_offer *b)
{
    return same_text(a->type, b->type) && same_text(a->market, b->market) &&
           same_text(a->region, b->region) && same_text(a->zone, b->zone);
}

static const char *offer_text(const struct page *p, const struct saved_offer *o)
{
    return arena_printf(p->arena, "%s, %s, %s", o->type ? o->type : "-",
                        o->market ? saved_market_label(o->market) : "-",
                        o->zone     ? o->zone
                        : o->region ? o->region
                                    : "-");
}

/* The choice behind a line, the cheapest of the workload, and the cheapest machine type that is not bought. */
struct rivals {
    const struct saved_candidate *own, *best, *next;
    size_t n_usable;
};

static bool cheaper(const struct saved_candidate *a, const struct saved_candidate *b)
{
    return isfinite(a->cost) && (!b || a->cost < b->cost);
}

/* Paid whether it is used or not: its cost per useful hour is one of full use, which nobody can compare with. */
static bool is_prepaid(const struct saved_candidate *c)
{
    return c->offer.market && page_cost_group("compute", c->offer.market) == COST_COMMITTED;
}

static struct rivals rivals_of(const struct page *p, const struct saved_line *l)
{
    struct rivals r = {0};
    for (size_t i = 0; i < p->run->n_candidates; i++) {
        const struct saved_candidate *c = &p->run->candidates[i];
        if (!c->usable || !same_text(c->workload, l->workload) || is_prepaid(c)) continue;
        r.n_usable++;
        if (same_offer(&c->offer, &l->offer) && cheaper(c, r.own)) r.own = c;
        if (cheaper(c, r.best)) r.best = c;
        if (!c->chosen && cheaper(c, r.next)) r.next = c;
    }
    return r;
}

/* What the cost of a candidate is for. */
static const char *unit_of(const struct page *p, const char *workload, double *times)
{
    *times = 1;
    for (size_t i = 0; i < p->run->n_services; i++) {
        const struct saved_service *s = &p->run->services[i];
        if (!same_text(s->workload, workload)) continue;
        if (!s->load_unit || strcmp(s->load_unit, "requests/h") != 0) return _("per session hour");
        *times = 1000;
        return _("per 1,000 requests");
    }
    return _("per useful hour");
}

/* The plan is chosen as a whole, so a line need not be the cheapest by itself. */
static const char *machine_why(const struct page *p, const struct saved_line *l)
{
    struct arena *a = p->arena;
    const struct rivals r = rivals_of(p, l);
    double times;
    if (!r.own || !r.best || !isfinite(r.own->cost)) return NULL;
    const char *unit = unit_of(p, l->workload, &times);
    const char *price = page_price(p, r.own->cost * times);
    if (r.own->cost > r.best->cost * SAME)
        return arena_printf(
            a,
            _("%s %s. %s would cost %s less, but the whole plan is cheaper like this: limits, "
              "deadlines and whole machines count too"),
            price, unit, offer_text(p, &r.best->offer),
            percent_text(a, 1 - r.best->cost / r.own->cost, 1));
    if (!r.next || r.next->cost < r.own->cost * SAME)
        return arena_printf(a, _("%s %s, which is the least of %zu ways that fit"), price, unit,
                            r.n_usable);
    return arena_printf(
        a, _("%s %s, which is the least of %zu ways that fit; the next, %s, costs %s more"), price,
        unit, r.n_usable, offer_text(p, &r.next->offer),
        percent_text(a, r.next->cost / r.own->cost - 1, 1));
}

static const char *storage_why(const struct page *p, const struct saved_line *l)
{
    for (size_t i = 0; i < p->run->n_datasets; i++) {
        const struct saved_dataset *d = &p->run->datasets[i];
        if (!same_text(d->dataset, l->dataset) || strcmp(l->part, "storage") != 0) continue;
        if (!(d->needed_mbps > 0)) continue;
        return d->extra_gib > 0
                   ? arena_printf(
                         p->arena,
                         _("needs %s MB/s; %s GiB more than it holds are bought for that speed"),
                         number_text(p->arena, d->needed_mbps, 0),
                         number_text(p->arena, d->extra_gib, 0))
                   : arena_printf(p->arena, _("needs %s MB/s, gets %s MB/s"),
                                  number_text(p->arena, d->needed_mbps, 0),
                                  number_text(p->arena, d->provided_mbps, 0));
    }
    return NULL;
}

static const char *commitment_why(const struct page *p, const struct saved_line *l)
{
    for (size_t i = 0; i < p->run->n_commitments; i++) {
        const struct saved_commitment *c = &p->run->commitments[i];
        if (!same_offer(&c->offer, &l->offer) || !isfinite(c->used)) continue;
        if (!isfinite(c->break_even))
            return arena_printf(p->arena, _("used %s of the time"),
                                percent_text(p->arena, c->used, 1));
        return arena_printf(p->arena, _("used %s of the time; pays from %s on"),
                            percent_text(p->arena, c->used, 1),
                            percent_text(p->arena, c->break_even, 1));
    }
    return NULL;
}

static const char *why_text(const struct page *p, const struct saved_line *l)
{
    const char *why = NULL;
    if (strcmp(l->part, "compute") == 0) why = machine_why(p, l);
    if (l->dataset) why = storage_why(p, l);
    if (page_cost_group(l->part, NULL) == COST_COMMITTED) why = commitment_why(p, l);
    return why ? why : "";
}

static const char *group_of(const struct saved_line *l)
{
    if (l->workload) return l->workload;
    if (l->dataset) return _("storage");
    return page_cost_group(l->part, NULL) == COST_COMMITTED ? _("commitments") : _("other");
}

static const char *group_title(const struct page *p, const struct saved_line *l)
{
    return l->workload ? saved_workload_title(p->run, l->workload, p->arena) : group_of(l);
}

/* Storage by the month, as people buy it. */
static struct saved_line line_shown(const struct saved_line *l)
{
    struct saved_line shown = *l;
    if (!l->unit || strcmp(l->unit, "GiB-h") != 0) return shown;
    shown.quantity /= HOURS_PER_MONTH;
    shown.price *= HOURS_PER_MONTH;
    shown.unit = "GiB-month";
    return shown;
}

static void line_print(const struct page *p, const struct saved_line *line, const char *amount)
{
    const struct saved_line copy = line_shown(line), *l = &copy;
    html_print(p->out, p->arena,
               "<tr><td class=\"part\">%s%s</td><td class=\"r\">%s %s</td><td class=\"r\">%s</td>"
               "<td class=\"r\">%s</td><td class=\"text\">%s</td></tr>\n",
               saved_line_text(l, p->arena), l->estimated ? " *" : "",
               number_text(p->arena, l->quantity, l->quantity < 100 ? 2 : 0),
               l->unit ? unit_label(l->unit) : "", page_price(p, l->price), amount, why_text(p, l));
}

static micro_t group_sum(const struct saved_run *r, size_t from, size_t *to)
{
    const char *group = group_of(&r->lines[from]);
    micro_t sum = 0;
    for (*to = from; *to < r->n_lines && strcmp(group_of(&r->lines[*to]), group) == 0; (*to)++)
        sum += r->lines[*to].cost;
    return sum;
}

static const char *shown(const struct page *p, micro_t amount, micro_t *sum)
{
    const int decimals = amount_decimals(p->run->cost);
    return amount_text(p->arena, amount_shown(amount, amount_unit(decimals), sum), decimals);
}

void page_buys(const struct page *p)
{
    const struct saved_run *r = p->run;
    const int decimals = amount_decimals(r->cost);
    micro_t groups = 0, lines = 0;
    html_print(p->out, p->arena,
               "<section class=\"panel\"><h2 id=\"buy-%s\">%s</h2>\n"
               "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
               "aria-labelledby=\"buy-%s\"><table class=\"bought\">"
               "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\" class=\"r\">%s</th>"
               "<th scope=\"col\" class=\"r\">%s</th><th scope=\"col\" class=\"r\">%s</th>"
               "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
               p->id, _("What to buy, and why"), p->id, _("workload / what"), _("quantity"),
               _("price of one"), r->currency, _("why"));
    for (size_t from = 0, to; from < r->n_lines; from = to) {
        const micro_t sum = group_sum(r, from, &to);
        html_print(p->out, p->arena,
                   "<tr class=\"group\"><th scope=\"row\">%s</th><td></td><td></td>"
                   "<td class=\"r\">%s</td><td></td></tr>\n",
                   group_title(p, &r->lines[from]), shown(p, sum, &groups));
        for (size_t i = from; i < to; i++)
            line_print(p, &r->lines[i], shown(p, r->lines[i].cost, &lines));
    }
    html_print(
        p->out, p->arena,
        "<tr class=\"total\"><th scope=\"row\">%s</th><td></td><td></td><td class=\"r\">%s</td>"
        "<td></td></tr></tbody></table></div>\n<p class=\"quiet\">%s</p></section>\n",
        _("total"), amount_text(p->arena, r->cost, decimals), _("* rests on an estimated price"));
}

/* A price per GPU (CPU machines: per vCPU) far from all others of the same GPU and market: an hour
 * taken for a month, or a digit too many. Built-in rows are held against built-in ones, rows of the
 * user against the built-in ones too and, where there are none, against each other. */
#include "pricing/book.h"
#include "pricing/offer.h"
#include <stdlib.h>

static const struct peer_limits {
    double month_least, month_most; /* hours of a month, taken for one or given for one */
    double least, most;             /* of the median */
    double cny_per_usd;             /* rough: only to compare rows of both currencies here */
} limits = {600, 800, 0.2, 5, 7};

struct peer {
    size_t group; /* GPU model (all CPUs: the number behind) and market */
    bool user;
    double price_per_unit_h;
    const struct price_row *row;
};

static int peer_order(const void *a, const void *b)
{
    const struct peer *x = a, *y = b;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    if (x->user != y->user) return x->user ? 1 : -1;
    return (x->price_per_unit_h > y->price_per_unit_h) -
           (x->price_per_unit_h < y->price_per_unit_h);
}

static bool peer_make(struct peer *p, const struct price_book *b, const struct price_row *row)
{
    struct ratio price;
    const struct instance_type *t = &b->types[row->type];
    const bool gpu = t->gpu != NO_GPU;
    const double units = gpu ? t->gpus : (double)t->vcpu;
    if (row->is_ratio || row->not_offered || row->no_stock || units <= 0) return false;
    if (row->price.num == 0 || !price_per_h(&price, row)) return false;
    const double rate = row->currency == CURRENCY_USD ? limits.cny_per_usd : 1;
    *p = (struct peer){.group = (gpu ? t->gpu : b->n_gpus) * N_MARKETS + row->market,
                       .user = row->origin.user,
                       .price_per_unit_h = (double)price.num / (double)price.den * rate / units,
                       .row = row};
    return true;
}

/* Median of sorted p[0..n) without p[skip] (skip = n: of all). Of two middle prices the one nearer
 * to `price`: with few peers the mean of a right and a wrong one would accuse every row. */
static double median_near(double price, const struct peer *p, size_t n, size_t skip)
{
    const size_t left = n - (skip < n);
    const size_t low = (left - 1) / 2, high = left / 2;
    const double a = p[low + (skip <= low)].price_per_unit_h;
    const double b = p[high + (skip <= high)].price_per_unit_h;
    return price * price <= a * b ? a : b;
}

static void say_month(struct loader *l, const struct price_row *row, double times, double median)
{
    const struct instance_type *t = &l->book->types[row->type];
    diag_error(
        l->diag, ERR_LINT_UNIT, row->origin.place,
        t->gpu == NO_GPU
            ? _("%s: %.4g times the median per vCPU of others (%.4g CNY/h), as a month is to "
                "an hour")
            : _("%s: %.4g times the median per GPU of others (%.4g CNY/h), as a month is to "
                "an hour"),
        t->name, times, median);
    diag_fix(l->diag, _("correct the price or its unit; if both are right, say why in a column "
                        "`checked`"));
}

static void say_outlier(struct loader *l, const struct price_row *row, double times, double median)
{
    const struct instance_type *t = &l->book->types[row->type];
    diag_warning(l->diag, ERR_LINT_OUTLIER, row->origin.place,
                 t->gpu == NO_GPU ? _("%s: %.4g times the median per vCPU of others (%.4g CNY/h)")
                                  : _("%s: %.4g times the median per GPU of others (%.4g CNY/h)"),
                 t->name, times, median);
    diag_fix(l->diag, _("correct the price; if it is right, say why in a column `checked`"));
}

static void lint_peer(struct loader *l, const struct peer *p, double median)
{
    const double times = p->price_per_unit_h / median;
    const bool month = (times >= limits.month_least && times <= limits.month_most) ||
                       (1 / times >= limits.month_least && 1 / times <= limits.month_most);
    if (p->row->checked) return;
    if (month)
        say_month(l, p->row, times, median);
    else if (times < limits.least || times > limits.most)
        say_outlier(l, p->row, times, median);
}

/* One group: its built-in rows first, then the user's, each sorted by price. */
static void lint_group(struct loader *l, const struct peer *p, size_t n)
{
    size_t n_builtin = 0;
    while (n_builtin < n && !p[n_builtin].user) n_builtin++;
    for (size_t i = 0; i < n_builtin && n_builtin > 1; i++) {
        lint_peer(l, &p[i], median_near(p[i].price_per_unit_h, p, n_builtin, i));
    }
    const struct peer *own = p + n_builtin;
    const size_t n_own = n - n_builtin;
    for (size_t i = 0; i < n_own; i++) {
        if (lint_known(l, own[i].row)) continue;
        if (n_builtin > 0)
            lint_peer(l, &own[i], median_near(own[i].price_per_unit_h, p, n_builtin, n_builtin));
        else if (n_own > 1)
            lint_peer(l, &own[i], median_near(own[i].price_per_unit_h, own, n_own, i));
    }
}

void lint_peers(struct loader *l)
{
    const struct price_book *b = l->book;
    struct peer *peers = ARENA_NEW(l->arena, struct peer, b->n_prices);
    size_t n = 0;
    for (size_t i = 0; i < b->n_prices; i++) n += peer_make(&peers[n], b, price_row_at(b, i));
    if (n > 1) qsort(peers, n, sizeof *peers, peer_order);
    for (size_t first = 0, last; first < n; first = last) {
        for (last = first; last < n && peers[last].group == peers[first].group;) last++;
        lint_group(l, &peers[first], last - first);
    }
}

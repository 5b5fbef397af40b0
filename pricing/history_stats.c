#include "pricing/history_stats.h"
#include <math.h>
#include <stdlib.h>

struct stretch {
    double price, hours;
};

static int by_price(const void *a, const void *b)
{
    const double x = ((const struct stretch *)a)->price, y = ((const struct stretch *)b)->price;
    return (x > y) - (x < y);
}

/* Lowest price at or below which the share q of the time lies. */
static double quantile(const struct stretch *sorted, size_t n, double hours, double q)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += sorted[i].hours;
        if (sum >= q * hours) return sorted[i].price;
    }
    return n ? sorted[n - 1].price : (double)NAN;
}

static double hours_to_next(const struct history *h, size_t i)
{
    return (double)(h->samples[i + 1].time - h->samples[i].time) / (double)US_PER_H;
}

/* Of changes over a day, sampled where both ends are known. */
static double volatility(const struct history *h, size_t first, size_t end)
{
    const int64_t day_us = 24 * US_PER_H;
    double n = 0, mean = 0, squares = 0;
    size_t before = first;
    for (size_t i = first; i < end; i++) {
        while (before < i && h->samples[before + 1].time <= h->samples[i].time - day_us) before++;
        if (h->samples[before].time > h->samples[i].time - day_us) continue;
        const double change =
            log(ratio_value(h->samples[i].spot) / ratio_value(h->samples[before].spot));
        n++;
        const double step = change - mean;
        mean += step / n;
        squares += step * (change - mean);
    }
    return n > 1 ? sqrt(squares / (n - 1)) : (double)NAN;
}

static double drawdown(const struct history *h, size_t first, size_t end)
{
    double peak = 0, worst = 0;
    for (size_t i = first; i < end; i++) {
        const double price = ratio_value(h->samples[i].spot);
        peak = fmax(peak, price);
        worst = fmax(worst, 1 - price / peak);
    }
    return worst;
}

/* Sums over the known time. */
struct sums {
    double price_h, no_stock_h, listed_h, ratio_h, below_h;
};

static void sums_add(struct sums *s, const struct import_sample *sample, double hours, double below)
{
    const double price = ratio_value(sample->spot);
    s->price_h += price * hours;
    s->below_h += price <= below ? hours : 0;
    if (sample->on_demand.num == 0) return;
    s->listed_h += hours;
    s->ratio_h += price / ratio_value(sample->on_demand) * hours;
    if (ratio_cmp(sample->spot, sample->on_demand) >= 0) s->no_stock_h += hours;
}

struct history_stats history_stats(const struct history *h, size_t first, size_t end,
                                   int64_t gap_us, double below)
{
    struct history_stats st = {.samples = end - first,
                               .from = h->samples[first].time,
                               .to = h->samples[end - 1].time,
                               .currency = h->samples[first].currency};
    struct stretch *known = ARENA_NEW(h->arena, struct stretch, end - first);
    struct sums sums = {0};
    size_t n = 0;
    for (size_t i = first; i + 1 < end; i++) {
        const double hours = hours_to_next(h, i);
        const bool gap = h->samples[i + 1].time - h->samples[i].time > gap_us;
        st.gaps += gap;
        st.gap_h += gap ? hours : 0;
        if (gap) continue;
        st.known_h += hours;
        known[n++] = (struct stretch){ratio_value(h->samples[i].spot), hours};
        sums_add(&sums, &h->samples[i], hours, below);
    }
    qsort(known, n, sizeof *known, by_price);
    st.low = n ? known[0].price : (double)NAN;
    st.high = n ? known[n - 1].price : (double)NAN;
    st.mean = n ? sums.price_h / st.known_h : (double)NAN;
    st.p05 = quantile(known, n, st.known_h, 0.05);
    st.p50 = quantile(known, n, st.known_h, 0.50);
    st.p95 = quantile(known, n, st.known_h, 0.95);
    st.volatility = volatility(h, first, end);
    st.drawdown = drawdown(h, first, end);
    st.no_stock_frac = sums.listed_h > 0 ? sums.no_stock_h / sums.listed_h : (double)NAN;
    st.discount = sums.listed_h > 0 ? 1 - sums.ratio_h / sums.listed_h : (double)NAN;
    st.below_frac = isnan(below) || n == 0 ? (double)NAN : sums.below_h / st.known_h;
    return st;
}

double history_hold_cost(const struct history *h, size_t first, size_t end, moment_t from,
                         double hours)
{
    const moment_t until = from + (moment_t)llround(hours * (double)US_PER_H);
    if (first >= end || h->samples[first].time > from) return NAN;
    double cost = 0;
    for (size_t i = first; i < end && h->samples[i].time < until; i++) {
        const moment_t next = i + 1 < end ? h->samples[i + 1].time : until;
        const moment_t begin = h->samples[i].time > from ? h->samples[i].time : from;
        const moment_t stop = next < until ? next : until;
        if (stop > begin)
            cost += ratio_value(h->samples[i].spot) * (double)(stop - begin) / (double)US_PER_H;
    }
    return cost;
}

/* Machines, purchases and prices move against each other: machines where their price is paid, prices where more is asked for
 * than is there. Steps are in the usual size of each number, so that nothing needs to be tuned to a scenario. */
#include "solver/price_internal.h"
#include <math.h>
#include <string.h>

/* Shares of the usual size by which a number moves, at a step of 1, when what drives it is off by its own usual size. */
#define MACHINE_STEP 0.7
#define BUY_STEP     0.5
#define BUS_STEP     0.6
#define LIMIT_STEP   0.6

/* What a unit-hour of a bus usually costs: its cheapest machine paid by the hour, else its cheapest subscription. */
static double usual_price(const struct crowd *c, size_t bus)
{
    const double hours = (double)c->model->horizon_us / (double)US_PER_H;
    double by_hour = INFINITY, bought = INFINITY;
    for (size_t s = c->first_supplier[bus]; s < c->first_supplier[bus + 1]; s++) {
        const struct supplier *o = &c->suppliers[s];
        if (o->price > 0) by_hour = fmin(by_hour, o->price / o->size);
        for (size_t i = 0; !(o->price > 0) && i < o->n_limits; i++) {
            const size_t l = o->limits[i].limit;
            if (c->model->limits[l].buys)
                bought = fmin(bought, crowd_purchase(c, l) / hours * o->limits[i].units / o->size);
        }
    }
    return isfinite(by_hour) ? by_hour : isfinite(bought) ? bought : 1;
}

static double most_machines(const struct crowd *c, const struct supplier *o, size_t t)
{
    double most = INFINITY;
    for (size_t i = 0; i < o->n_limits; i++) {
        const size_t l = o->limits[i].limit;
        if (!c->model->limits[l].buys)
            most = fmin(most, c->amount[l * c->n_periods + t] / o->limits[i].units);
    }
    return most;
}

void supply_start(struct supply_side *s, const struct crowd *c, struct arena *a)
{
    const size_t T = c->n_periods, L = c->model->n_limits;
    *s = (struct supply_side){
        .c = c,
        .machines = ARENA_NEW(a, double, c->n_suppliers *T + 1),
        .bought = ARENA_NEW(a, double, L + 1),
        .prices = {ARENA_NEW(a, double, c->n_buses *T + 1), ARENA_NEW(a, double, L *T + 1)},
        .machine_sum = ARENA_NEW(a, double, c->n_suppliers *T + 1),
        .bought_sum = ARENA_NEW(a, double, L + 1),
        .reference = ARENA_NEW(a, double, c->n_buses + 1),
        .unit_scale = ARENA_NEW(a, double, c->n_buses + 1),
        .machine_scale = ARENA_NEW(a, double, c->n_suppliers + 1),
        .usual = ARENA_NEW(a, struct usual, L + 1),
        .most = ARENA_NEW(a, double, c->n_suppliers *T + 1),
        .units = ARENA_NEW(a, double, c->n_buses *T + 1),
        .units_more = ARENA_NEW(a, double, c->n_buses *T + 1),
        .use = ARENA_NEW(a, double, L *T + 1),
        .use_more = ARENA_NEW(a, double, L *T + 1)};
    for (size_t b = 0; b < c->n_buses; b++) {
        s->reference[b] = usual_price(c, b);
        for (size_t t = 0; t < T; t++) s->prices.bus[b * T + t] = 0.8 * s->reference[b];
    }
    for (size_t i = 0; i < c->n_suppliers * T; i++)
        s->most[i] = most_machines(c, &c->suppliers[i / T], i % T);
}

static struct usual limit_usual(const struct supply_side *s, size_t l)
{
    const struct crowd *c = s->c;
    double most = 0, sum = 0;
    for (size_t k = 0; k < c->n_suppliers; k++)
        for (size_t i = 0; i < c->suppliers[k].n_limits; i++) {
            const struct use *u = &c->suppliers[k].limits[i];
            if (u->limit != l) continue;
            most = fmax(most, s->reference[c->suppliers[k].bus] * c->suppliers[k].size / u->units);
            sum += s->machine_scale[k] * u->units;
        }
    return (struct usual){most, sum};
}

void supply_scale(struct supply_side *s, const double *load)
{
    const struct crowd *c = s->c;
    const size_t T = c->n_periods;
    double all = 0;
    for (size_t i = 0; i < c->n_buses * T; i++) all += load[i] / c->hours[i % T];
    for (size_t b = 0; b < c->n_buses; b++) {
        double sum = 0;
        for (size_t t = 0; t < T; t++) sum += load[b * T + t] / c->hours[t];
        s->unit_scale[b] = (sum + 0.2 * all / (double)c->n_buses) / (double)T + 1e-9;
    }
    for (size_t k = 0; k < c->n_suppliers; k++) {
        const struct supplier *o = &c->suppliers[k];
        double sum = 0;
        for (size_t t = 0; t < T; t++)
            sum += fmin(s->most[k * T + t], s->unit_scale[o->bus] / o->size);
        s->machine_scale[k] = sum / (double)T;
    }
    /* All machines of a bus together move its price by less than what is usual. */
    for (size_t b = 0; b < c->n_buses; b++) {
        double all_units = 0;
        for (size_t k = c->first_supplier[b]; k < c->first_supplier[b + 1]; k++)
            all_units += s->machine_scale[k] * c->suppliers[k].size;
        s->unit_scale[b] = fmax(s->unit_scale[b], all_units);
    }
    for (size_t l = 0; l < c->model->n_limits; l++) s->usual[l] = limit_usual(s, l);
}

static void move_machines(struct supply_side *s, size_t k, double step, double weight)
{
    const struct crowd *c = s->c;
    const struct supplier *o = &c->suppliers[k];
    const size_t T = c->n_periods;
    const double by_price =
        step * MACHINE_STEP * s->machine_scale[k] / (s->reference[o->bus] * o->size);
    const double *bus = s->prices.bus + o->bus * T;
    double moved = 0;
    for (size_t t = 0; t < T; t++) {
        double price = o->price - o->size * bus[t];
        for (size_t i = 0; i < o->n_limits; i++)
            price += o->limits[i].units * s->prices.limit[o->limits[i].limit * T + t];
        const double old = s->machines[k * T + t];
        const double new = fmin(s->most[k * T + t], fmax(0, old - by_price * price));
        s->machines[k * T + t] = new;
        s->machine_sum[k * T + t] += weight * new;
        s->units[o->bus * T + t] += o->size * new;
        s->units_more[o->bus * T + t] += o->size * (new - old);
        for (size_t i = 0; i < o->n_limits; i++) {
            const size_t at = o->limits[i].limit * T + t;
            s->use[at] += o->limits[i].units * new;
            s->use_more[at] += o->limits[i].units * (new - old);
        }
        moved += (new - old) * (new - old) * c->hours[t];
    }
    if (by_price > 0) s->motion.primal += moved / (2 * by_price);
}

/* Money that a machine of a commitment earns over the horizon. */
static double earned(const struct supply_side *s, size_t l, size_t supplier)
{
    const struct crowd *c = s->c;
    const size_t T = c->n_periods;
    double sum = 0;
    const struct supplier *o = supplier == NONE ? NULL : &c->suppliers[supplier];
    const double *price = o ? s->prices.bus + o->bus * T : s->prices.limit + l * T;
    for (size_t t = 0; t < T; t++) sum += (o ? o->size : 1) * price[t] * c->hours[t];
    for (size_t k = 0; k < c->model->n_limits; k++) {
        const double taken = crowd_taken(c, k, l);
        for (size_t t = 0; taken > 0 && t < T; t++)
            sum -= taken * s->prices.limit[k * T + t] * c->hours[t];
    }
    return sum;
}

static void put_bought(struct supply_side *s, size_t l, size_t supplier, double more)
{
    const struct crowd *c = s->c;
    const size_t T = c->n_periods;
    const double size = supplier == NONE ? -1 : c->suppliers[supplier].size;
    double *there = supplier == NONE ? s->use + l * T : s->units + c->suppliers[supplier].bus * T;
    double *there_more =
        supplier == NONE ? s->use_more + l * T : s->units_more + c->suppliers[supplier].bus * T;
    for (size_t t = 0; t < T; t++) {
        there[t] += size * s->bought[l];
        there_more[t] += size * more;
    }
    for (size_t k = 0; k < c->model->n_limits; k++) {
        const double taken = crowd_taken(c, k, l);
        for (size_t t = 0; taken > 0 && t < T; t++) {
            s->use[k * T + t] += taken * s->bought[l];
            s->use_more[k * T + t] += taken * more;
        }
    }
}

static void move_bought(struct supply_side *s, size_t l, double step, double weight)
{
    const struct crowd *c = s->c;
    size_t supplier = NONE;
    for (size_t k = 0; k < c->n_suppliers; k++)
        if (c->suppliers[k].bought == l) supplier = k;
    const double cost = crowd_purchase(c, l), old = s->bought[l];
    const double by_price = step * BUY_STEP * s->usual[l].size / cost;
    s->bought[l] = fmax(0, old - by_price * (cost - earned(s, l, supplier)));
    s->bought_sum[l] += weight * s->bought[l];
    const double more = s->bought[l] - old;
    put_bought(s, l, supplier, more);
    if (by_price > 0) s->motion.primal += more * more / (2 * by_price);
}

/* A price answers what is asked for beyond what is there, and how that changes (`more`); both per hour. */
static void move_price(struct supply_side *s, double *price, double by_units, double asked,
                       double more, double hours)
{
    const double old = *price;
    *price = fmax(0, old + by_units * asked);
    const double moved = *price - old;
    if (by_units > 0) s->motion.dual += moved * moved / (2 * by_units) * hours;
    s->motion.cross += moved * more * hours;
}

static void move_prices(struct supply_side *s, const struct demand_side *d, double step)
{
    const struct crowd *c = s->c;
    const size_t T = c->n_periods;
    const double ahead = s->n_rounds > 0 ? 1 : 0;
    for (size_t i = 0; i < c->n_buses * T; i++) {
        const double hours = c->hours[i % T], more = d->load_more[i] / hours - s->units_more[i];
        const double by_units = step * BUS_STEP * s->reference[i / T] / s->unit_scale[i / T];
        move_price(s, &s->prices.bus[i], by_units, d->load[i] / hours - s->units[i] + ahead * more,
                   more, hours);
    }
    for (size_t l = 0; l < c->model->n_limits; l++) {
        if (!c->used[l] || !(s->usual[l].size > 0)) continue;
        const double by_units = step * LIMIT_STEP * s->usual[l].price / s->usual[l].size;
        for (size_t t = 0; t < T; t++) {
            const size_t i = l * T + t;
            const double amount = c->model->limits[l].buys ? 0 : c->amount[i];
            if (isfinite(amount))
                move_price(s, &s->prices.limit[i], by_units,
                           s->use[i] - amount + ahead * s->use_more[i], s->use_more[i],
                           c->hours[t]);
        }
    }
}

void supply_respond(struct supply_side *s, const struct demand_side *d, double step, double weight)
{
    const struct crowd *c = s->c;
    const size_t units = c->n_buses * c->n_periods, use = c->model->n_limits * c->n_periods;
    memset(s->units, 0, units * sizeof *s->units);
    memset(s->units_more, 0, units * sizeof *s->units_more);
    memset(s->use, 0, use * sizeof *s->use);
    memset(s->use_more, 0, use * sizeof *s->use_more);
    s->motion = (struct motion){.primal = fmax(0, d->moved) / 2};
    for (size_t k = 0; k < c->n_suppliers; k++)
        if (c->suppliers[k].bought == NONE) move_machines(s, k, step, weight);
    for (size_t l = 0; l < c->model->n_limits; l++)
        if (c->model->limits[l].buys && c->used[l]) move_bought(s, l, step, weight);
    move_prices(s, d, step);
    s->n_rounds++;
}

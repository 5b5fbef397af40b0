/* Machines, purchases and prices move against each other: machines where their price is paid, prices where more is asked for
 * than is there. Steps are in the usual size of each number, so that nothing needs to be tuned to a scenario. */
#include "solver/price_internal.h"
#include <math.h>
#include <string.h>

/* Shares of the usual size by which a number moves when what drives it is off by its own usual size. Their products keep below
 * 1, which makes the iteration converge. */
#define MACHINE_STEP 1.4
#define BUY_STEP     1.0
#define BUS_STEP     0.3
#define LIMIT_STEP   0.3

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
        .load_before = ARENA_NEW(a, double, c->n_buses *T + 1),
        .reference = ARENA_NEW(a, double, c->n_buses + 1),
        .unit_scale = ARENA_NEW(a, double, c->n_buses + 1),
        .machine_scale = ARENA_NEW(a, double, c->n_suppliers + 1),
        .net = ARENA_NEW(a, double, c->n_buses *T + 1),
        .use = ARENA_NEW(a, double, L *T + 1),
        .step = 1};
    for (size_t b = 0; b < c->n_buses; b++) {
        s->reference[b] = usual_price(c, b);
        for (size_t t = 0; t < T; t++) s->prices.bus[b * T + t] = 0.8 * s->reference[b];
    }
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
            sum += fmin(most_machines(c, o, t), s->unit_scale[o->bus] / o->size);
        s->machine_scale[k] = sum / (double)T;
    }
    /* All machines of a bus together move its price by less than what is usual. */
    for (size_t b = 0; b < c->n_buses; b++) {
        double all_units = 0;
        for (size_t k = c->first_supplier[b]; k < c->first_supplier[b + 1]; k++)
            all_units += s->machine_scale[k] * c->suppliers[k].size;
        s->unit_scale[b] = fmax(s->unit_scale[b], all_units);
    }
}

/* New machines, and twice the new less the old ones into net and use. */
static void move_machines(struct supply_side *s, size_t k, double weight, bool first)
{
    const struct crowd *c = s->c;
    const struct supplier *o = &c->suppliers[k];
    const size_t T = c->n_periods;
    const double step =
        s->step * MACHINE_STEP * s->machine_scale[k] / (s->reference[o->bus] * o->size);
    double *machines = s->machines + k * T, *net = s->net + o->bus * T;
    const double *bus = s->prices.bus + o->bus * T;
    for (size_t t = 0; t < T; t++) {
        double price = o->price - o->size * bus[t];
        for (size_t i = 0; i < o->n_limits; i++)
            price += o->limits[i].units * s->prices.limit[o->limits[i].limit * T + t];
        const double old = machines[t];
        const double new = fmin(most_machines(c, o, t), fmax(0, old - step * price));
        const double ahead = first ? new : 2 * new - old;
        machines[t] = new;
        s->machine_sum[k * T + t] += weight * new;
        net[t] -= o->size * ahead;
        for (size_t i = 0; i < o->n_limits; i++)
            s->use[o->limits[i].limit * T + t] += o->limits[i].units * ahead;
    }
}

/* Money per unit that a limit usually earns, and how large it usually is. */
static void limit_usual(const struct supply_side *s, size_t l, double *price, double *size)
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
    *price = most;
    *size = sum;
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

static void put_bought(struct supply_side *s, size_t l, size_t supplier, double ahead)
{
    const struct crowd *c = s->c;
    const size_t T = c->n_periods;
    for (size_t t = 0; t < T; t++) {
        if (supplier != NONE)
            s->net[c->suppliers[supplier].bus * T + t] -= c->suppliers[supplier].size * ahead;
        else
            s->use[l * T + t] -= ahead;
    }
    for (size_t k = 0; k < c->model->n_limits; k++) {
        const double taken = crowd_taken(c, k, l);
        for (size_t t = 0; taken > 0 && t < T; t++) s->use[k * T + t] += taken * ahead;
    }
}

static void move_bought(struct supply_side *s, size_t l, double weight, bool first)
{
    const struct crowd *c = s->c;
    size_t supplier = NONE;
    double price, size;
    for (size_t k = 0; k < c->n_suppliers; k++)
        if (c->suppliers[k].bought == l) supplier = k;
    limit_usual(s, l, &price, &size);
    const double cost = crowd_purchase(c, l), old = s->bought[l];
    const double new =
        fmax(0, old - s->step * BUY_STEP * size * (1 - earned(s, l, supplier) / cost));
    s->bought[l] = new;
    s->bought_sum[l] += weight * new;
    put_bought(s, l, supplier, first ? new : 2 * new - old);
}

static void move_prices(struct supply_side *s, const double *load)
{
    const struct crowd *c = s->c;
    const size_t T = c->n_periods;
    for (size_t i = 0; i < c->n_buses * T; i++) {
        const size_t b = i / T;
        const double ahead = 2 * load[i] - s->load_before[i];
        const double more = ahead / c->hours[i % T] + s->net[i];
        s->prices.bus[i] = fmax(0, s->prices.bus[i] + BUS_STEP / s->step * s->reference[b] /
                                                          s->unit_scale[b] * more);
        s->load_before[i] = load[i];
    }
    for (size_t l = 0; l < c->model->n_limits; l++) {
        double price, size;
        if (!c->used[l]) continue;
        limit_usual(s, l, &price, &size);
        if (!(size > 0)) continue;
        const bool buys = c->model->limits[l].buys;
        for (size_t t = 0; t < T; t++) {
            const double amount = buys ? 0 : c->amount[l * T + t];
            if (!isfinite(amount)) continue;
            double *p = &s->prices.limit[l * T + t];
            *p = fmax(0, *p + LIMIT_STEP / s->step * price / size * (s->use[l * T + t] - amount));
        }
    }
}

void supply_respond(struct supply_side *s, const double *load, double weight, bool first)
{
    const struct crowd *c = s->c;
    const size_t T = c->n_periods;
    if (first) memcpy(s->load_before, load, c->n_buses * T * sizeof *load);
    memset(s->net, 0, c->n_buses * T * sizeof *s->net);
    memset(s->use, 0, c->model->n_limits * T * sizeof *s->use);
    for (size_t k = 0; k < c->n_suppliers; k++)
        if (c->suppliers[k].bought == NONE) move_machines(s, k, weight, first);
    for (size_t l = 0; l < c->model->n_limits; l++)
        if (c->model->limits[l].buys && c->used[l]) move_bought(s, l, weight, first);
    move_prices(s, load);
}

#include "solver/limit_walk.h"
#include "common/text.h"
#include "solver/pieces.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Units of a limit that count as left: solutions keep rows to 1e-9. */
#define SPARE 1e-6
/* Where a walk has so much work at most: pivots that a stop costs beside its own, and how far more is looked at, in units and as
 * a share of the limit. */
#define PER_STOP  100.0
#define FAR_UNITS 8.0
#define FAR_SHARE 0.05

/* --- one limit after the other --- */

struct walk_limit {
    const struct priced_limit *limit;
    size_t col;
    bool is_free;           /* the plan leaves some of it: without a price */
    double spare, room;     /* so many; units more that change nothing */
    struct pieces up, down; /* down: units fewer */
    bool cut;               /* up ends where nobody looks further */
};

struct walker {
    const struct limit_walk *way;
    struct walk_limit *list;
    size_t *order; /* of list: the dearest first, where not all may be reached */
    const struct lp *lp;
    struct arena *arena;
    double optimum;
    bool mispriced; /* a stop has late work that costs less than it should */
    size_t n, at;
    bool down;   /* the side in hand */
    double step; /* the stop in hand, in units more or fewer */
    double work; /* pivots */
    bool out;    /* on the way: the answer belongs to the stop in hand */
};

static struct pieces *side(const struct walker *w)
{
    struct walk_limit *l = &w->list[w->order[w->at]];
    return w->down ? &l->down : &l->up;
}

static void note(const struct walker *w, const struct lp_view *seen)
{
    struct pieces *p = side(w);
    if (seen->status == LP_INFEASIBLE)
        pieces_shorten(p, w->step);
    else
        pieces_add(p, (struct piece_point){w->step, seen->objective,
                                           w->down ? -seen->slope : seen->slope});
}

/* Most units of a limit that columns could ever ask for beyond its room. */
static double most_asked(const struct lp *lp, const struct priced_limit *l, const double *activity)
{
    double most = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct priced_value v = l->values[i];
        const double lack = v.value < 0 ? activity[v.row] - lp->row_hi[v.row] : lp->row_lo[v.row];
        if (isfinite(lack)) most = fmax(most, lack / fabs(v.value));
    }
    return most * (1 + 1e-6) + 1e-6;
}

/* Of each row: what the solution brings to it, and the most that columns can. */
struct ways {
    double *activity, *most;
};

static struct ways ways_of(const struct lp *lp, const double *x, struct arena *a)
{
    const struct ways w = {ARENA_NEW(a, double, lp->n_rows + 1),
                           ARENA_NEW(a, double, lp->n_rows + 1)};
    for (size_t j = 0; j < lp->n_cols; j++)
        for (size_t k = lp->start[j]; k < lp->start[j + 1]; k++) {
            w.activity[lp->row[k]] += lp->value[k] * x[j];
            w.most[lp->row[k]] += fmax(lp->value[k] * lp->col_lo[j], lp->value[k] * lp->col_hi[j]);
        }
    return w;
}

/* Units fewer (`more`: more) of a limit with which a solution stays one; INFINITY where it has no such rows. */
static double units_left(const struct lp *lp, const struct priced_limit *l, const double *activity,
                         bool more)
{
    double least = INFINITY;
    for (size_t i = 0; i < l->n; i++) {
        const struct priced_value v = l->values[i];
        const double left = (v.value < 0) != more ? lp->row_hi[v.row] - activity[v.row]
                                                  : activity[v.row] - lp->row_lo[v.row];
        least = fmin(least, left / fabs(v.value));
    }
    return least;
}

/* Of a limit that is not reached more saves nothing, and as many fewer as are left cost nothing: only the others are walked
 * along, down by one unit at most. */
static void set_ends(struct walk_limit *w, const struct lp *lp, const struct ways *ways, bool near)
{
    const struct priced_limit *l = w->limit;
    const double left = l->hidden ? 0 : units_left(lp, l, ways->activity, false);
    const double room = l->hidden ? 0 : units_left(lp, l, ways->activity, true);
    w->is_free = left > SPARE && room > SPARE;
    const bool walked = !l->hidden && !w->is_free;
    w->spare = fmax(0, fmin(left, -l->fewest));
    w->room = fmax(0, fmin(room, l->most));
    const double most = fmin(l->most, most_asked(lp, l, ways->most));
    const double far = near ? fmax(FAR_UNITS, -FAR_SHARE * l->fewest) : (double)INFINITY;
    w->cut = most > far;
    w->up.end = walked ? fmax(0, fmin(most, far)) : 0;
    w->down.end = walked ? fmin(1, fmax(0, -l->fewest)) : 0;
}

/* The duals at home give a slope between those of both sides. */
static void begin(struct walk_limit *l, const struct lp_view *home)
{
    double slope = 0;
    for (size_t i = 0; i < l->limit->n; i++)
        slope -= l->limit->values[i].value * home->dual[l->limit->values[i].row];
    pieces_start(&l->up, (struct piece_point){0, home->objective, slope}, l->up.end);
    pieces_start(&l->down, (struct piece_point){0, home->objective, -slope}, l->down.end);
}

static int by_price(const void *x, const void *y, void *context)
{
    const struct walker *w = context;
    const size_t a = *(const size_t *)x, b = *(const size_t *)y;
    const double p = w->list[a].up.points[0].slope, q = w->list[b].up.points[0].slope;
    if (p < q || p > q) return p < q ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* False: no limit is reached, or whole decisions leave the program no solution. */
static bool begin_all(struct walker *w, const struct lp_view *home)
{
    bool any = false;
    w->optimum = home->objective;
    if (!home->x) return false;
    const struct ways ways = ways_of(w->lp, home->x, w->arena);
    for (size_t i = 0; i < w->n; i++) {
        set_ends(&w->list[i], w->lp, &ways, w->way->most_work > 0);
        begin(&w->list[i], home);
        any = any || w->list[i].up.end > 0 || w->list[i].down.end > 0;
    }
    if (w->way->most_work > 0 && w->n > 1) qsort_r(w->order, w->n, sizeof *w->order, by_price, w);
    return any;
}

static bool next_stop(struct lp_stop *next, const struct lp_view *seen, void *context)
{
    struct walker *w = context;
    const struct limit_walk *way = w->way;
    if (seen->x && way->is_mispriced && way->is_mispriced(seen->x, way->context))
        w->mispriced = true;
    if (w->out)
        note(w, seen);
    else if (!begin_all(w, seen))
        return false;
    w->out = true;
    w->work += PER_STOP + (double)seen->iterations;
    if (way->most_work > 0 && w->work > way->most_work) return false;
    for (; w->at < w->n; w->at++, w->down = false) {
        for (int i = 0; i < 2; i++) {
            const bool far = side(w)->end > 0 && pieces_next(&w->step, side(w));
            if (far) {
                *next =
                    (struct lp_stop){w->list[w->order[w->at]].col, w->down ? -w->step : w->step};
                return true;
            }
            if (w->down) break;
            w->down = true;
        }
    }
    return false;
}

struct lp *walk_columns(struct lp_builder *b, size_t **col, const struct priced_limit *limits,
                        size_t n)
{
    *col = ARENA_NEW(b->arena, size_t, n + 1);
    b->n_values = b->lp.start[b->lp.n_cols];
    memset(b->slot, 0, b->lp.n_rows * sizeof *b->slot);
    for (size_t i = 0; i < n; i++) {
        if (limits[i].hidden) continue;
        (*col)[i] = lp_add_col(b, 0, 0, 0, false, false);
        for (size_t k = 0; k < limits[i].n; k++)
            lp_add_value(b, limits[i].values[k].row, limits[i].values[k].value);
    }
    struct lp *lp = lp_finish(b);
    lp->row_name = NULL;
    lp->col_name = NULL;
    return lp;
}

static void restart(struct walker *w)
{
    w->at = 0;
    w->work = 0;
    w->down = w->out = false;
}

static enum err walk_from(bool *whole, struct walker *w, const struct planner *p)
{
    struct lp_settings own = p->settings->lp;
    own.sparse = true;
    return lp_walk_each(whole, w->lp, &(struct lp_guide){next_stop, w, w->way->from}, &own,
                        p->diag);
}

static enum err walk_all(bool *whole, struct walker *w, const struct planner *p)
{
    const struct lp_settings *settings = &p->settings->lp;
    if (w->way->from) return walk_from(whole, w, p);
    TRY(lp_walk(whole, w->lp, next_stop, w, settings, p->diag));
    if (*whole) return OK;
    restart(w);
    return lp_walk_each(whole, w->lp, &(struct lp_guide){next_stop, w, NULL}, settings, p->diag);
}

/* --- what is told --- */

/* 0 where it is no larger than what rounding leaves of nothing. */
static double settled(double value, double optimum)
{
    return fabs(value) <= 1e-9 * fabs(optimum) ? 0 : value;
}

struct shadow *shadow_add(const struct planner *p, const struct priced_limit *l, double saves)
{
    struct shadow *s = ARENA_PUSH(p->arena, p->plan->shadows, p->plan->n_shadows);
    *s = (struct shadow){.what = l->what,
                         .at = l->at,
                         .unit = l->unit,
                         .saves = l->hidden ? (double)NAN : settled(saves, p->relaxed.objective),
                         .up_to = (double)NAN,
                         .then_saves = (double)NAN,
                         .costs = (double)NAN,
                         .down_to = (double)NAN};
    return s;
}

static void tell_free(struct shadow *s, const struct walk_limit *l)
{
    s->saves = s->costs = 0;
    s->then_saves = isfinite(l->room) ? (double)NAN : 0;
    s->up_to = l->room;
    s->down_to = l->spare;
}

static void tell_up(struct shadow *s, const struct walk_limit *l, double optimum)
{
    const struct first_pieces up = pieces_read(&l->up);
    if (l->up.end > 0 && !(up.until > 0)) s->note = _("how far was not looked for");
    if (!(l->up.end > 0 && up.until > 0)) return;
    const bool endless = isnan(up.then) && !isfinite(l->limit->most) && !l->cut;
    s->saves = settled(-up.slope, optimum);
    s->up_to = endless ? (double)INFINITY : up.until;
    /* Told where it holds for a unit at least. */
    const bool near_end = l->limit->most < up.until + 1;
    s->then_saves = endless ? 0 : near_end ? (double)NAN : settled(-up.then, optimum);
}

/* costs INFINITY: with any less there is no plan. */
static void tell_down(struct shadow *s, const struct walk_limit *l, double optimum)
{
    const struct first_pieces down = pieces_read(&l->down);
    if (l->down.n_short > 0 && l->down.n == 1) s->costs = (double)INFINITY;
    if (!(l->down.end > 0 && down.until > 0)) return;
    s->costs = settled(down.slope, optimum);
    s->down_to = down.until;
}

static void tell_walked(const struct planner *p, const struct walk_limit *l, double optimum)
{
    /* Where no stop was made, from the duals at home. */
    struct shadow *s = shadow_add(p, l->limit, l->up.end > 0 ? fmax(0, -l->up.points[0].slope) : 0);
    if (l->limit->hidden) return;
    if (l->is_free) {
        tell_free(s, l);
        return;
    }
    tell_up(s, l, optimum);
    tell_down(s, l, optimum);
}

enum err limits_walk(enum walk_end *end, const struct limit_walk *way, const struct planner *p)
{
    struct walk_limit *list = ARENA_NEW(p->arena, struct walk_limit, way->n + 1);
    struct walker w = {.way = way,
                       .list = list,
                       .order = ARENA_NEW(p->arena, size_t, way->n + 1),
                       .lp = way->lp,
                       .arena = p->arena,
                       .n = way->n};
    bool whole = true;
    *end = WALK_DONE;
    if (way->n == 0) return OK;
    for (size_t i = 0; i < way->n; i++) {
        w.order[i] = i;
        list[i].limit = &way->limits[i];
        list[i].col = way->col[i];
    }
    TRY(walk_all(&whole, &w, p));
    *end = w.mispriced ? WALK_MISPRICED : whole && isfinite(w.optimum) ? WALK_DONE : WALK_FAILED;
    for (size_t i = 0; i < w.n && *end == WALK_DONE; i++) tell_walked(p, &list[i], w.optimum);
    return OK;
}

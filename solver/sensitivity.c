/* Along each limit the optimum is a convex, piecewise linear function of the units added: its first two slopes and the place
 * where they meet are found by solving again from the last basis (lp_walk.c, pieces.c). */
#include "solver/sensitivity.h"
#include "common/text.h"
#include "solver/formulate.h"
#include "solver/pieces.h"
#include "solver/priced.h"
#include <math.h>
#include <string.h>

/* Beyond this many columns each stop takes seconds. */
enum { MOST_PRICED_COLUMNS = 2000000 };
/* Units of a limit that count as left: solutions keep rows to 1e-9. */
#define SPARE 1e-6
/* Times that late work is cut into finer periods. */
enum { MOST_ROUNDS = 12 };

/* --- the program --- */

/* What prices are told of: model.md 4 with the homes and subscriptions that the plan chose fixed, and columns for what limits of
 * nothing rule out. Machine counts of services stay free: they move with a limit. */
struct priced_program {
    struct model *model;
    struct formulation f;
    double *home; /* [columns] where datasets lie; 0 for other columns */
};

/* The column of the other formulation that stands for the same decision. */
static double value_before(const struct planner *p, struct column c)
{
    for (size_t j = 0; j < p->f->lp->n_cols; j++) {
        const struct column o = p->f->columns[j];
        if (o.kind == c.kind && o.a == c.a && o.b == c.b) return p->fixed.x[j];
    }
    return 0;
}

static bool stays_fixed(const struct planner *p, const struct column *c)
{
    if (c->kind == COLUMN_HOME) return !p->m->stores[c->a].split;
    return c->kind == COLUMN_SUBSCRIPTION && p->m->limits[c->a].kind == LIMIT_SUBSCRIPTION;
}

static void fix_whole_columns(struct priced_program *out, const struct planner *p)
{
    struct lp *lp = out->f.lp;
    out->home = ARENA_NEW(p->arena, double, lp->n_cols + 1);
    for (size_t j = 0; j < lp->n_cols; j++) {
        const struct column c = out->f.columns[j];
        if (c.kind == COLUMN_HOME) out->home[j] = value_before(p, c);
        if (p->decision.relaxed || !stays_fixed(p, &c)) continue;
        const double value = round(value_before(p, c));
        lp->col_lo[j] = lp->col_hi[j] = value;
        lp->lazy[j] = false;
    }
}

/* A model of its own, whose late work may be cut into more periods. */
static struct model *own_model(const struct planner *p)
{
    struct model *m = ARENA_NEW(p->arena, struct model, 1);
    *m = *p->m;
    m->open_limits = true;
    m->late_cuts = NULL;
    m->n_late_cuts = 0;
    for (size_t i = 0; i < p->m->n_late_cuts; i++)
        *ARENA_PUSH(p->arena, m->late_cuts, m->n_late_cuts) = p->m->late_cuts[i];
    return m;
}

/* *found false: it is too large. */
static enum err program_make(struct priced_program *out, const struct planner *p, bool *found)
{
    struct model *m = out->model;
    *found = false;
    TRY(grid_make(&m->grid, m));
    if (formulation_columns(m) > MOST_PRICED_COLUMNS) return OK;
    TRY(formulate(&out->f, m, ELASTIC_NONE, 0));
    fix_whole_columns(out, p);
    *found = true;
    return OK;
}

/* --- walking along a limit --- */

struct walk_limit {
    const struct priced_limit *limit;
    size_t col;
    bool is_free;           /* the plan leaves some of it: without a price */
    double spare, room;     /* so many; units more that change nothing */
    struct pieces up, down; /* down: units fewer */
};

enum walk_end { WALK_DONE, WALK_MISPRICED, WALK_FAILED };

struct walker {
    enum walk_end end;
    struct walk_limit *list;
    const struct priced_program *program;
    const struct lp *lp;
    struct arena *arena;
    double optimum;
    bool mispriced; /* a stop has late work that costs less than it should */
    size_t n, at;
    bool down;   /* the side in hand */
    double step; /* the stop in hand, in units more or fewer */
    bool out;    /* on the way: the answer belongs to the stop in hand */
};

static struct pieces *side(const struct walker *w)
{
    struct walk_limit *l = &w->list[w->at];
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

/* A parallel limit stands in the bounds of its columns as well. */
static void lift(struct lp *lp, const struct formulation *f, const struct priced_limit *l)
{
    const struct model *m = f->model;
    for (size_t i = 0; i < l->n_lifted; i++) {
        const struct column c = f->columns[l->lifted[i]];
        const struct option *o = &m->groups[m->group_of[c.a]].options[c.b];
        lp->col_hi[l->lifted[i]] = m->demands->items[c.a].work / o->work_per_h;
    }
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
static void set_ends(struct walk_limit *w, const struct lp *lp, const struct ways *ways)
{
    const struct priced_limit *l = w->limit;
    const double left = l->hidden ? 0 : units_left(lp, l, ways->activity, false);
    const double room = l->hidden ? 0 : units_left(lp, l, ways->activity, true);
    w->is_free = left > SPARE && room > SPARE;
    const bool walked = !l->hidden && !w->is_free;
    w->spare = fmax(0, fmin(left, -l->fewest));
    w->room = fmax(0, fmin(room, l->most));
    const double most = fmin(l->most, most_asked(lp, l, ways->most));
    w->up.end = walked ? fmax(0, most) : 0;
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

/* False: no limit is reached, or whole decisions leave the program no solution. */
static bool begin_all(struct walker *w, const struct lp_view *home)
{
    bool any = false;
    w->optimum = home->objective;
    if (!home->x) return false;
    const struct ways ways = ways_of(w->lp, home->x, w->arena);
    for (size_t i = 0; i < w->n; i++) {
        set_ends(&w->list[i], w->lp, &ways);
        begin(&w->list[i], home);
        any = any || w->list[i].up.end > 0 || w->list[i].down.end > 0;
    }
    return any;
}

static bool next_stop(struct lp_stop *next, const struct lp_view *seen, void *context)
{
    struct walker *w = context;
    const struct priced_program *pp = w->program;
    if (seen->x && (alike_part(pp->model, &pp->f, seen->x) ||
                    (pp->model->coarse_late && late_refine(pp->model, &pp->f, seen->x))))
        w->mispriced = true;
    if (w->out)
        note(w, seen);
    else if (!begin_all(w, seen))
        return false;
    w->out = true;
    for (; w->at < w->n; w->at++, w->down = false) {
        for (int i = 0; i < 2; i++) {
            const bool far = side(w)->end > 0 && pieces_next(&w->step, side(w));
            if (far) {
                *next = (struct lp_stop){w->list[w->at].col, w->down ? -w->step : w->step};
                return true;
            }
            if (w->down) break;
            w->down = true;
        }
    }
    return false;
}

/* The program with a column per limit, at 0. */
static struct lp *add_columns(struct priced_program *pp, struct walk_limit *list,
                              const struct priced_limit *limits, size_t n)
{
    struct lp_builder *b = &pp->f.builder;
    b->n_values = pp->f.lp->start[pp->f.lp->n_cols];
    b->lp = *pp->f.lp;
    memset(b->slot, 0, b->lp.n_rows * sizeof *b->slot);
    for (size_t i = 0; i < n; i++) {
        if (limits[i].hidden) continue;
        list[i].col = lp_add_col(b, 0, 0, 0, false, false);
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
    w->down = w->out = false;
}

static enum err walk_all(struct walk_limit *list, size_t n, struct priced_program *pp,
                         const struct planner *p, struct walker *w)
{
    const struct priced_limit *limits = list[0].limit;
    bool whole;
    struct lp *lp = add_columns(pp, list, limits, n);
    for (size_t i = 0; i < n; i++) lift(lp, &pp->f, &limits[i]);
    *w = (struct walker){.list = list, .program = pp, .lp = lp, .arena = p->arena, .n = n};
    TRY(lp_walk(&whole, lp, next_stop, w, &p->settings->lp, p->diag));
    if (!whole) {
        restart(w);
        TRY(lp_walk_cold(&whole, lp, next_stop, w, &p->settings->lp, p->diag));
    }
    w->end = w->mispriced                    ? WALK_MISPRICED
             : whole && isfinite(w->optimum) ? WALK_DONE
                                             : WALK_FAILED;
    return OK;
}

/* --- what is told --- */

static struct shadow *shadow_add(const struct planner *p, const struct priced_limit *l)
{
    struct shadow *s = ARENA_PUSH(p->arena, p->plan->shadows, p->plan->n_shadows);
    *s = (struct shadow){.what = l->what,
                         .at = l->at,
                         .unit = l->unit,
                         .saves = l->hidden ? (double)NAN : 0,
                         .up_to = (double)NAN,
                         .then_saves = (double)NAN,
                         .costs = (double)NAN,
                         .down_to = (double)NAN};
    return s;
}

/* 0 where it is no larger than what rounding leaves of nothing. */
static double settled(double value, double optimum)
{
    return fabs(value) <= 1e-9 * fabs(optimum) ? 0 : value;
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
    if (!(l->up.end > 0 && up.until > 0)) return;
    const bool endless = isnan(up.then) && !isfinite(l->limit->most);
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
    struct shadow *s = shadow_add(p, l->limit);
    if (l->limit->hidden) return;
    if (l->is_free) {
        tell_free(s, l);
        return;
    }
    tell_up(s, l, optimum);
    tell_down(s, l, optimum);
}

/* From duals: a price at the plan as it is, any one between those of more and of less. */
static void tell_dual(const struct planner *p, const struct priced_limit *l)
{
    struct shadow *s = shadow_add(p, l);
    double sum = 0;
    for (size_t i = 0; i < l->n; i++)
        sum += l->values[i].value * p->fixed.row_dual[l->values[i].row];
    if (!l->hidden) s->saves = settled(sum, p->relaxed.objective);
}

static void tell_duals(const struct planner *p)
{
    size_t n;
    const struct priced_limit *limits = priced_limits(&n, p->f, p->fixed.x);
    for (size_t i = 0; i < n; i++) tell_dual(p, &limits[i]);
}

/* Walks along all limits; once more with late work cut into finer periods where a stop priced it too low. */
static enum err tell_ranges(struct planner *p, bool *told)
{
    struct priced_program pp = {.model = own_model(p)};
    struct walker w = {.end = WALK_MISPRICED};
    *told = false;
    for (int round = 0; w.end == WALK_MISPRICED && round < MOST_ROUNDS; round++) {
        bool found;
        size_t n;
        TRY(program_make(&pp, p, &found));
        if (!found) return OK;
        const struct priced_limit *limits = priced_limits(&n, &pp.f, pp.home);
        struct walk_limit *list = ARENA_NEW(p->arena, struct walk_limit, n + 1);
        for (size_t i = 0; i < n; i++) list[i].limit = &limits[i];
        w = (struct walker){.end = WALK_DONE};
        if (n > 0) TRY(walk_all(list, n, &pp, p, &w));
    }
    *told = w.end == WALK_DONE;
    for (size_t i = 0; i < w.n && *told; i++) tell_walked(p, &w.list[i], w.optimum);
    return OK;
}

enum err sensitivity_tell(struct planner *p)
{
    bool told = false;
    if (p->settings->ranges) TRY(tell_ranges(p, &told));
    if (!told) tell_duals(p);
    return OK;
}

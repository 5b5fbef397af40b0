#include "report/sweep_sheet.h"
#include "common/text.h"
#include "report/cells.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum { BAR_CELLS = 21 };
static const double KNEE_DEPTH = 0.05; /* of the whole fall; a flatter curve has no knee */

const char *const frontier_figures[] = {"cost", "expected",      "p90",      "finish",
                                        "late", "machine_hours", "machines", NULL};

static double figure_of(const struct sweep_point *p, const char *name)
{
    const double values[] = {(double)p->cost,
                             p->luck.expected,
                             p->luck.p90,
                             (double)p->finish_us,
                             p->worlds ? p->luck.late : (double)p->late_us,
                             p->machine_h,
                             (double)p->machines};
    size_t i = 0;
    while (strcmp(frontier_figures[i], name) != 0) i++;
    return values[i];
}

/* Every point that has a plan was simulated. */
static bool is_simulated(const struct sweep_table *t)
{
    bool any = false;
    for (size_t i = 0; i < t->n; i++) {
        if (!t->points[i].has_plan) continue;
        if (!t->points[i].worlds) return false;
        any = true;
    }
    return any;
}

/* What is drawn: expected cost where all points are simulated, else planned cost. */
static micro_t drawn_cost(const struct sweep_point *p, bool luck)
{
    return luck ? (micro_t)llround(p->luck.expected * 1e6) : p->cost;
}

/* At least as good in every figure, better in one. */
static bool beats(const struct sweep_table *t, const struct sweep_point *a,
                  const struct sweep_point *b)
{
    bool better = false;
    for (size_t i = 0; i < t->n_figures; i++) {
        const double x = figure_of(a, t->figures[i]), y = figure_of(b, t->figures[i]);
        if (x > y) return false;
        better = better || x < y;
    }
    return better;
}

static void frontier_mark(const struct sweep_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        for (size_t j = 0; j < t->n && t->points[i].has_plan && !t->points[i].dominated; j++)
            t->points[i].dominated =
                t->points[j].has_plan && beats(t, &t->points[j], &t->points[i]);
}

/* The curve of cost over the axis, falling from its first point to its last. */
struct curve {
    size_t n;
    size_t *point;
    double *x, *y;
};

static struct curve curve_make(const struct sweep_table *t, struct arena *a)
{
    const bool luck = is_simulated(t);
    struct curve c = {.point = ARENA_NEW(a, size_t, t->n + 1),
                      .x = ARENA_NEW(a, double, t->n + 1),
                      .y = ARENA_NEW(a, double, t->n + 1)};
    for (size_t i = 0; i < t->n; i++) {
        if (!t->points[i].has_plan || !isfinite(t->axes[0].numbers[i])) continue;
        if (c.n && t->axes[0].numbers[i] <= c.x[c.n - 1]) return (struct curve){0};
        c.point[c.n] = i;
        c.x[c.n] = t->axes[0].numbers[i];
        c.y[c.n++] = (double)drawn_cost(&t->points[i], luck) / 1e6;
    }
    return c;
}

/* A curve that rises is read from its end. */
static void curve_turn(struct curve *c)
{
    if (c->n == 0 || c->y[0] >= c->y[c->n - 1]) return;
    for (size_t i = 0, j = c->n - 1; i < j; i++, j--) {
        const size_t point = c->point[i];
        const double x = c->x[i], y = c->y[i];
        c->point[i] = c->point[j];
        c->point[j] = point;
        c->x[i] = -c->x[j];
        c->x[j] = -x;
        c->y[i] = c->y[j];
        c->y[j] = y;
    }
    if (c->n % 2) c->x[c->n / 2] = -c->x[c->n / 2];
}

/* Index into the curve of its knee; 0: none. */
static size_t knee_find(const struct curve *c)
{
    if (c->n < 3) return 0;
    const double dx = c->x[c->n - 1] - c->x[0], dy = c->y[0] - c->y[c->n - 1];
    size_t knee = 0;
    double deepest = KNEE_DEPTH;
    for (size_t i = 1; i + 1 < c->n && dy > 0; i++) {
        const double depth = (c->y[0] - c->y[i]) / dy - (c->x[i] - c->x[0]) / dx;
        if (depth <= deepest) continue;
        deepest = depth;
        knee = i;
    }
    return knee;
}

/* In which unit lengths of time are told that reach over `span` hours. */
struct time_unit {
    double least_h, hours;
    const char *name;
};

static struct time_unit time_unit_for(double span)
{
    static const struct time_unit units[] = {{24, 24, N_("a day")},
                                             {1, 1, N_("an hour")},
                                             {1. / 60, 1. / 60, N_("a minute")},
                                             {0, 1. / 3600, N_("a second")}};
    size_t i = 0;
    while (fabs(span) < units[i].least_h) i++;
    return units[i];
}

/* The most that a unit further saves behind the knee. */
static const char *knee_text(const struct sweep_table *t, struct arena *a)
{
    if (t->n_axes != 1) return NULL;
    struct curve c = curve_make(t, a);
    curve_turn(&c);
    const size_t knee = knee_find(&c);
    if (knee == 0) return NULL;
    double most = 0;
    for (size_t i = knee + 1; i < c.n; i++)
        most = fmax(most, (c.y[i - 1] - c.y[i]) / (c.x[i] - c.x[i - 1]));
    t->points[c.point[knee]].knee = true;
    if (most < 0.005) return _("<- knee: nothing is saved beyond it");
    if (t->axes[0].durations) {
        const struct time_unit unit = time_unit_for(c.x[c.n - 1] - c.x[0]);
        const double saved = most * unit.hours;
        return arena_printf(a, _("<- knee: beyond it %s saves at most %s"), _(unit.name),
                            number_text(a, saved, saved < 100 ? 2 : 0));
    }
    return arena_printf(a, _("<- knee: beyond it one more saves at most %s"),
                        number_text(a, most, most < 100 ? 2 : 0));
}

enum {
    STATUS,
    CURRENCY,
    COST,
    EXPECTED,
    P90,
    FINISH,
    DONE,
    LATE,
    CHANCE,
    MACHINES,
    HOURS,
    BOUND,
    GAP,
    WORLDS,
    EXPECTED_LOW,
    EXPECTED_HIGH,
    P10,
    P50,
    P95,
    CHANCE_LOW,
    CHANCE_HIGH,
    BAR,
    NOTE,
    NOW,
    KNEE,
    FRONTIER,
    MESSAGE,
    N_POINT_COLUMNS
};

/* "deadline" of "workloads.pretrain.window.deadline", unless both axes end alike. */
static const char *axis_label(const struct sweep_table *t, size_t axis)
{
    const char *names[2] = {NULL, NULL};
    for (size_t i = 0; i < t->n_axes; i++) {
        const char *dot = strrchr(t->axes[i].path, '.');
        names[i] = dot && dot[1] ? dot + 1 : t->axes[i].path;
    }
    const bool alike = t->n_axes == 2 && strcmp(names[0], names[1]) == 0;
    return alike ? t->axes[axis].path : names[axis];
}

static struct sheet_column *point_columns(const struct sweep_table *t, struct arena *a)
{
    struct sheet_column *all = ARENA_NEW(a, struct sheet_column, t->n_axes + N_POINT_COLUMNS);
    const bool luck = is_simulated(t);
    for (size_t i = 0; i < t->n_axes; i++)
        all[i] = (struct sheet_column){t->axes[i].path, axis_label(t, i), 'r', false};
    /* clang-format off */
    const struct sheet_column own[N_POINT_COLUMNS] = {
        [STATUS] = {"status", "", 'l', false}, [CURRENCY] = {"currency", "", 'l', false},
        [COST] = {"cost", arena_printf(a, _("planned %s"), t->currency), 'r', true},
        [EXPECTED] = {"expected", luck ? _("expected") : "", 'r', true}, [P90] = {"p90", luck ? "p90" : "", 'r', true},
        [FINISH] = {"finish", luck ? "" : _("done"), 'l', false},
        [DONE] = {"finish_p50", luck ? _("done, median") : "", 'l', false},
        [LATE] = {"late_hours", luck ? "" : _("late"), 'r', true}, [CHANCE] = {"late", luck ? _("late") : "", 'r', true},
        [MACHINES] = {"machines", _("machines"), 'r', true}, [HOURS] = {"machine_hours", luck ? "" : _("machine-h"), 'r', true},
        [BOUND] = {"bound", "", 'r', true}, [GAP] = {"gap", "", 'r', true}, [WORLDS] = {"worlds", "", 'r', true},
        [EXPECTED_LOW] = {"expected_low", "", 'r', true}, [EXPECTED_HIGH] = {"expected_high", "", 'r', true},
        [P10] = {"p10", "", 'r', true}, [P50] = {"p50", "", 'r', true}, [P95] = {"p95", "", 'r', true},
        [CHANCE_LOW] = {"late_low", "", 'r', true}, [CHANCE_HIGH] = {"late_high", "", 'r', true},
        [BAR] = {NULL, _("to scale"), 'l', false}, [NOTE] = {NULL, _("remark"), 'l', false},
        [NOW] = {"now", "", 'l', true}, [KNEE] = {"knee", "", 'l', true}, [FRONTIER] = {"frontier", "", 'l', true},
        [MESSAGE] = {"message", "", 'l', false},
    };
    /* clang-format on */
    memcpy(all + t->n_axes, own, sizeof own);
    return all;
}

static const char *bar_text(micro_t cost, micro_t most, struct arena *a)
{
    char bar[BAR_CELLS + 1] = "";
    const long n = most > 0 ? lround((double)BAR_CELLS * (double)cost / (double)most) : 0;
    for (long i = 0; i < n && i < BAR_CELLS; i++) bar[i] = '#';
    return arena_strdup(a, bar);
}

static const char *flag(bool on)
{
    return on ? "true" : "false";
}

static void plan_cells(struct sheet_cell *c, const struct sweep_point *p, int decimals,
                       struct arena *a)
{
    c[COST] = sheet_both(amount_text(a, p->cost, decimals), micro_text(a, p->cost));
    c[FINISH] = sheet_both(p->has_jobs ? p->finish : "-", p->has_jobs ? p->finish : NULL);
    const char *late = !p->has_jobs ? "-" : p->late_us > 0 ? duration_text(a, p->late_us) : _("no");
    c[LATE] = sheet_both(late, real_text(a, (double)p->late_us / (double)US_PER_H));
    c[MACHINES] = sheet_text(arena_printf(a, "%ld", p->machines));
    c[HOURS] = sheet_both(number_text(a, p->machine_h, p->machine_h < 100 ? 1 : 0),
                          real_text(a, p->machine_h));
    c[BOUND] = sheet_both("", real_text(a, p->bound));
    c[GAP] = sheet_both("", real_text(a, p->gap));
}

static struct sheet_cell money_of(double value, int decimals, struct arena *a)
{
    if (!isfinite(value)) return sheet_both("-", NULL);
    const micro_t amount = (micro_t)llround(value * 1e6);
    return sheet_both(amount_text(a, amount, decimals), micro_text(a, amount));
}

static void luck_cells(struct sheet_cell *c, const struct sweep_point *p, int decimals,
                       struct arena *a)
{
    const struct bill_luck *l = &p->luck;
    if (!p->worlds) return;
    c[EXPECTED] = money_of(l->expected, decimals, a);
    c[EXPECTED_LOW] = money_of(l->expected_low, decimals, a);
    c[EXPECTED_HIGH] = money_of(l->expected_high, decimals, a);
    c[P10] = money_of(l->p10, decimals, a);
    c[P50] = money_of(l->p50, decimals, a);
    c[P90] = money_of(l->p90, decimals, a);
    c[P95] = money_of(l->p95, decimals, a);
    c[DONE] = sheet_text(l->finish && *l->finish ? l->finish : NULL);
    c[CHANCE] =
        sheet_both(chance_text(l->late, l->late_low, l->late_high, a), real_text(a, l->late));
    c[CHANCE_LOW] = sheet_both("", real_text(a, l->late_low));
    c[CHANCE_HIGH] = sheet_both("", real_text(a, l->late_high));
    c[WORLDS] = sheet_text(arena_printf(a, "%zu", p->worlds));
}

static const char *note_text(const struct sweep_table *t, const struct sweep_point *p,
                             const char *knee, struct arena *a)
{
    const char *note = p->now ? _("<- now") : "";
    if (p->knee) note = arena_printf(a, "%s%s%s", note, *note ? "  " : "", knee);
    if (t->n_figures && p->has_plan && p->dominated)
        note = arena_printf(a, "%s%s%s", note, *note ? "  " : "", _("another point is better"));
    return note;
}

static void point_row(struct sheet *sheet, const struct sweep_table *t, size_t at, const char *knee,
                      micro_t most)
{
    struct arena *a = sheet->arena;
    const struct sweep_point *p = &t->points[at];
    struct sheet_cell *cells = sheet_row(sheet);
    for (size_t axis = t->n_axes, rest = at; axis-- > 0; rest /= t->axes[axis].n)
        cells[axis] = sheet_text(t->axes[axis].values[rest % t->axes[axis].n]);
    struct sheet_cell *c = cells + t->n_axes;
    c[STATUS] = sheet_both("", p->status);
    c[CURRENCY] = sheet_both("", t->currency);
    c[NOW] = sheet_both("", flag(p->now));
    c[MESSAGE] = sheet_both("", p->message);
    c[BAR] = c[NOTE] = sheet_both("", NULL);
    if (!p->has_plan) {
        const bool error = strcmp(p->status, "error") == 0;
        c[COST] = sheet_both("-", NULL);
        c[NOTE] = sheet_both(error         ? arena_printf(a, _("not valid: %s"), p->message)
                             : *p->message ? arena_printf(a, _("no plan: %s"), p->message)
                                           : _("no plan"),
                             NULL);
        return;
    }
    plan_cells(c, p, amount_decimals(most), a);
    luck_cells(c, p, amount_decimals(most), a);
    c[BAR] = sheet_both(bar_text(drawn_cost(p, is_simulated(t)), most, a), NULL);
    c[NOTE] = sheet_both(note_text(t, p, knee, a), NULL);
    c[KNEE] = sheet_both("", flag(p->knee));
    if (t->n_figures) c[FRONTIER] = sheet_both("", flag(!p->dominated));
}

struct sheet sweep_sheet(const struct sweep_table *t, struct arena *a)
{
    struct sheet sheet = sheet_new(a, point_columns(t, a), t->n_axes + N_POINT_COLUMNS);
    sheet.title = t->title;
    micro_t most = 0;
    const bool luck = is_simulated(t);
    for (size_t i = 0; i < t->n; i++)
        if (t->points[i].has_plan && drawn_cost(&t->points[i], luck) > most)
            most = drawn_cost(&t->points[i], luck);
    if (t->n_figures) frontier_mark(t);
    const char *knee = knee_text(t, a);
    for (size_t i = 0; i < t->n; i++) point_row(&sheet, t, i, knee, most);
    return sheet;
}

/* ---- sensitivity ---- */

enum {
    PATH,
    LOW,
    BASE,
    HIGH,
    COST_LOW,
    COST_HIGH,
    SWING,
    EXPECTED_AT_LOW,
    EXPECTED_AT_HIGH,
    EXPECTED_SWING,
    SWING_BAR,
    N_SWING_COLUMNS
};

/* People see expected costs where the ends were simulated, else planned ones. */
static struct sheet_column *swing_columns(const char *currency, bool luck, struct arena *a)
{
    struct sheet_column *c = ARENA_NEW(a, struct sheet_column, N_SWING_COLUMNS);
    const char *low = arena_printf(a, luck ? _("expected %s at low") : _("%s at low"), currency);
    const char *high = arena_printf(a, luck ? _("expected %s at high") : _("%s at high"), currency);
    c[PATH] = (struct sheet_column){"path", _("What is uncertain"), 'l', false};
    c[LOW] = (struct sheet_column){"low", _("low"), 'r', false};
    c[BASE] = (struct sheet_column){"base", _("base"), 'r', false};
    c[HIGH] = (struct sheet_column){"high", _("high"), 'r', false};
    c[COST_LOW] = (struct sheet_column){"cost_low", luck ? "" : low, 'r', true};
    c[COST_HIGH] = (struct sheet_column){"cost_high", luck ? "" : high, 'r', true};
    c[SWING] = (struct sheet_column){"swing", luck ? "" : _("swing"), 'r', true};
    c[EXPECTED_AT_LOW] = (struct sheet_column){"expected_low", luck ? low : "", 'r', true};
    c[EXPECTED_AT_HIGH] = (struct sheet_column){"expected_high", luck ? high : "", 'r', true};
    c[EXPECTED_SWING] = (struct sheet_column){"expected_swing", luck ? _("swing") : "", 'r', true};
    c[SWING_BAR] = (struct sheet_column){NULL, _("to scale"), 'l', false};
    return c;
}

/* Planned, or expected over the worlds. */
static micro_t cost_of(const struct sweep_point *p, bool luck)
{
    return luck ? (micro_t)llround(p->luck.expected * 1e6) : p->cost;
}

/* How far the total moves between the two ends; a side without a plan counts as nothing. */
static micro_t swing_of(const struct swing *s, const struct sweep_point *base, bool luck)
{
    const micro_t here = cost_of(base, luck);
    const micro_t low = s->low->has_plan ? cost_of(s->low, luck) : here;
    const micro_t high = s->high->has_plan ? cost_of(s->high, luck) : here;
    const micro_t least = low < high ? low : high, most = low < high ? high : low;
    return (most > here ? most : here) - (least < here ? least : here);
}

static struct sheet_cell end_cell(const struct sweep_point *p, bool luck, int decimals,
                                  struct arena *a)
{
    if (!p->has_plan) return sheet_both(_("no plan"), NULL);
    const micro_t cost = cost_of(p, luck);
    return sheet_both(amount_text(a, cost, decimals), micro_text(a, cost));
}

static void swing_row(struct sheet *sheet, const struct swing *s, const struct sweep_point *base,
                      bool luck, micro_t most)
{
    struct arena *a = sheet->arena;
    const int decimals = amount_decimals(base->cost);
    struct sheet_cell *c = sheet_row(sheet);
    c[PATH] = sheet_text(s->path);
    c[LOW] = sheet_text(s->low_value);
    c[BASE] = sheet_text(s->base_value);
    c[HIGH] = sheet_text(s->high_value);
    for (int i = 0; i < (luck ? 2 : 1); i++) {
        const bool lucky = i == 1;
        const micro_t swing = swing_of(s, base, lucky);
        c[lucky ? EXPECTED_AT_LOW : COST_LOW] = end_cell(s->low, lucky, decimals, a);
        c[lucky ? EXPECTED_AT_HIGH : COST_HIGH] = end_cell(s->high, lucky, decimals, a);
        c[lucky ? EXPECTED_SWING : SWING] =
            sheet_both(amount_text(a, swing, decimals), micro_text(a, swing));
    }
    c[SWING_BAR] = sheet_both(bar_text(swing_of(s, base, luck), most, a), NULL);
}

/* Every end that has a plan was simulated. */
static bool swings_lucky(const struct sweep_point *base, const struct swing *swings, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((swings[i].low->has_plan && !swings[i].low->worlds) ||
            (swings[i].high->has_plan && !swings[i].high->worlds))
            return false;
    return base->worlds > 0;
}

struct sheet sensitivity_sheet(const char *title, const char *currency,
                               const struct sweep_point *base, const struct swing *swings, size_t n,
                               struct arena *a)
{
    const bool luck = swings_lucky(base, swings, n);
    struct sheet sheet = sheet_new(a, swing_columns(currency, luck, a), N_SWING_COLUMNS);
    sheet.title = title;
    const struct swing **order = ARENA_NEW(a, const struct swing *, n + 1);
    micro_t most = 0;
    for (size_t i = 0; i < n; i++) {
        const micro_t own = swing_of(&swings[i], base, luck);
        if (own > most) most = own;
        size_t at = i; /* insertion: a handful, and equal ones keep their order */
        for (; at > 0 && swing_of(order[at - 1], base, luck) < own; at--) order[at] = order[at - 1];
        order[at] = &swings[i];
    }
    for (size_t i = 0; i < n; i++) swing_row(&sheet, order[i], base, luck, most);
    const char *here = amount_text(a, cost_of(base, luck), amount_decimals(base->cost));
    if (luck)
        sheet_note(&sheet, _("All else drawn anew in each of %zu worlds: expected %s %s."),
                   base->worlds, currency, here);
    else
        sheet_note(&sheet, _("All else at base: %s %s."), currency, here);
    return sheet;
}

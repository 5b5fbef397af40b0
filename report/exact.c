#include "report/exact.h"
#include "common/text.h"
#include "report/inputs_json.h"
#include "report/wording.h"
#include <math.h>

/* Floating point that is off by no more has found the optimum: what is promised of it. */
#define SAME 1e-9
/* What is nearer is the last digit of a double, which differs from processor to processor. */
#define LAST_DIGIT 1e-15

enum {
    SHOWN_DIGITS = 9, /* behind the point, for people */
    DIGITS = 15,      /* for programs */
    MOST_FRACTION = 1000,
};

static const char *with_float(const char *line, const struct plan_exact *x, struct arena *a)
{
    const double apart = fabs(x->float_apart);
    if (!isfinite(apart)) return line;
    if (apart <= SAME)
        return arena_printf(a, _("%s, floating point found it to %.0e"), line,
                            fmax(apart, LAST_DIGIT));
    return arena_printf(a, _("%s, what floating point found is %.1e off"), line, apart);
}

const char *exact_text(const struct plan *p, struct arena *a)
{
    const struct plan_exact *x = p->exact;
    if (!x || x->status == EXACT_UNKNOWN) return NULL;
    if (x->status == EXACT_INFEASIBLE)
        return _("The linear program has no solution in exact numbers either.");
    const char *line =
        arena_printf(a, _("Exact optimum of the linear program (%zu rows, %zu columns): %s"),
                     x->rows, x->columns, rational_decimal(x->optimum, SHOWN_DIGITS, a));
    line = with_float(line, x, a);
    if (isfinite(x->bound_apart))
        line = arena_printf(a, _("%s; the proven bound is %.0e below it, the cost %s above"), line,
                            fmax(0, -x->bound_apart), percent_text(a, fmax(0, x->cost_apart), 4));
    if (x->widened > 0)
        line = arena_printf(a,
                            _("%s; rows were widened by %.0e, where doubles contradict each "
                              "other in their last digits"),
                            line, x->widened);
    return line;
}

static void real_put(json_t *o, const char *key, double value)
{
    json_put(o, key, isfinite(value) ? json_real(value) : json_null());
}

json_t *exact_json(const struct plan *p, struct arena *a)
{
    static const char *const words[] = {[EXACT_OPTIMAL] = "optimal",
                                        [EXACT_INFEASIBLE] = "infeasible",
                                        [EXACT_UNKNOWN] = "unknown"};
    const struct plan_exact *x = p->exact;
    json_t *o = json_object();
    json_put(o, "status", json_string(words[x->status]));
    json_put(o, "rows", json_integer((json_int_t)x->rows));
    json_put(o, "columns", json_integer((json_int_t)x->columns));
    json_put(o, "reduced", json_boolean(x->reduced));
    if (x->status != EXACT_OPTIMAL) return o;
    const char *fraction = rational_fraction(x->optimum, MOST_FRACTION, a);
    json_put(o, "optimum", json_string(rational_decimal(x->optimum, DIGITS, a)));
    json_put(o, "fraction", fraction ? json_string(fraction) : json_null());
    json_put(o, "equal", json_boolean(fabs(x->float_apart) <= SAME));
    real_put(o, "float_difference", x->float_apart);
    real_put(o, "bound_difference", x->bound_apart);
    real_put(o, "cost_difference", x->cost_apart);
    json_put(o, "widened", json_real(x->widened));
    return o;
}

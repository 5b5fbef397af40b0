#include "report/limit_text.h"
#include "report/wording.h"
#include <math.h>

const char *saving_text(struct arena *a, double value)
{
    return number_text(a, value, value != 0 && fabs(value) < 0.1 ? 4 : 2);
}

double limit_day(const struct plan *p, const struct shadow *s)
{
    return s->saves * 24 * (double)US_PER_H / (double)p->scenario->length_us;
}

/* Rounded down: what is said of a range is true within it. */
static const char *units_text(struct arena *a, double units)
{
    const double whole = floor(units + 1e-9);
    if (units - whole < 0.005 || units >= 100) return number_text(a, whole, 0);
    return number_text(a, floor(units * 100) / 100, 2);
}

static const char *more_text(const struct shadow *s, struct arena *a)
{
    if (!(s->up_to > 0)) return "";
    const char *next = units_text(a, s->up_to);
    if (!isfinite(s->up_to)) return _("however many");
    if (isnan(s->then_saves)) return arena_printf(a, _("for the next %s"), next);
    if (!(s->then_saves > 0)) return arena_printf(a, _("for the next %s, then nothing"), next);
    if (!(s->saves > 0))
        return arena_printf(a, _("nothing for the next %s, then %s each"), next,
                            saving_text(a, s->then_saves));
    return arena_printf(a, _("for the next %s, then %s each"), next, saving_text(a, s->then_saves));
}

static const char *unreached_text(const struct shadow *s, struct arena *a)
{
    if (!(s->down_to > 0) || !isfinite(s->down_to) || s->costs > 0)
        return _("(limit is not reached)");
    return arena_printf(a, _("(limit is not reached: %s less would do)"),
                        units_text(a, s->down_to));
}

static const char *note_text(const struct shadow *s, struct arena *a)
{
    return isnan(s->saves) ? arena_printf(a, _("(not known: %s)"), s->note)
                           : arena_printf(a, "(%s)", s->note);
}

const char *limit_range(const struct shadow *s, struct arena *a)
{
    const bool known = !isnan(s->saves);
    if (!known && !s->note) return _("(not known: it allows nothing)");
    const bool dearer = s->costs > (known ? s->saves * (1 + 1e-6) : 0);
    const char *text = s->note                             ? note_text(s, a)
                       : s->saves > 0 || s->then_saves > 0 ? more_text(s, a)
                       : dearer                            ? ""
                                                           : unreached_text(s, a);
    if (!dearer) return text;
    if (!isfinite(s->costs))
        return arena_printf(a, _("%s%swith less there is no plan"), text, *text ? "; " : "");
    return arena_printf(a, _("%s%sone less costs %s"), text, *text ? "; " : "",
                        saving_text(a, s->costs));
}

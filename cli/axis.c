#include "cli/axis.h"
#include "common/calendar.h"
#include "common/text.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

/* "¥40.5/h" as "¥", 40.5 with one decimal, "/h". */
struct written {
    const char *prefix, *suffix;
    struct ratio number;
    int decimals;
};

static size_t digits_count(const char *s)
{
    return strspn(s, "0123456789");
}

/* Bytes of the number at `s`: [-]digits[.digits]; 0: none. */
static size_t number_bytes(const char *s)
{
    const size_t sign = *s == '-';
    const size_t whole = digits_count(s + sign);
    if (whole == 0) return 0;
    const size_t dot = sign + whole;
    const size_t decimals = s[dot] == '.' ? digits_count(s + dot + 1) : 0;
    return decimals ? dot + 1 + decimals : dot;
}

static bool written_read(struct written *w, const char *text, struct arena *a)
{
    size_t at = 0;
    while (text[at] && !isdigit((unsigned char)text[at]) && text[at] != '-') at++;
    const size_t bytes = number_bytes(text + at);
    if (bytes == 0) return false;
    const char *number = arena_strndup(a, text + at, bytes);
    const char *dot = strchr(number, '.');
    w->prefix = arena_strndup(a, text, at);
    w->suffix = arena_strdup(a, text + at + bytes);
    w->decimals = dot ? (int)strlen(dot + 1) : 0;
    return w->decimals <= 9 && ratio_parse(&w->number, number);
}

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

struct range {
    const char *from, *to, *step; /* as written */
};

/* Divides "8d..20d/2d", also where the unit itself holds a slash: "40/s..80/s/10/s". */
static bool range_divide(struct range *r, const char *text, struct arena *a)
{
    const char *dots = strstr(text, "..");
    if (!dots) return false;
    r->from = arena_strndup(a, text, (size_t)(dots - text));
    const char *rest = dots + 2;
    struct written from, to;
    const char *slash = strchr(rest, '/');
    if (written_read(&from, r->from, a) && written_read(&to, rest, a) && *from.suffix == '/') {
        const size_t unit = strlen(from.suffix);
        const char *after = rest + (strlen(rest) - strlen(to.suffix));
        if (strncmp(after, from.suffix, unit) == 0 && after[unit] == '/') slash = after + unit;
    }
    if (!slash || slash == rest || !slash[1]) return false;
    r->to = arena_strndup(a, rest, (size_t)(slash - rest));
    r->step = arena_strdup(a, slash + 1);
    return true;
}

/* Exact decimal of a ratio whose denominator divides 10^decimals. */
static const char *decimal_text(struct ratio r, int decimals, struct arena *a)
{
    int64_t scale = 1;
    for (int i = 0; i < decimals; i++) scale *= 10;
    const int64_t units = r.num * (scale / r.den), whole = units / scale, part = units % scale;
    if (decimals == 0) return arena_printf(a, "%lld", (long long)whole);
    char *text = arena_printf(a, "%s%lld.%0*lld", units < 0 ? "-" : "",
                              (long long)(whole < 0 ? -whole : whole), decimals,
                              (long long)(part < 0 ? -part : part));
    char *end = text + strlen(text);
    while (end[-1] == '0') *--end = '\0';
    if (end[-1] == '.') end[-1] = '\0';
    return text;
}

struct values {
    const char **items;
    size_t n;
    struct arena *arena;
};

static void value_add(struct values *v, const char *text)
{
    *ARENA_PUSH(v->arena, v->items, v->n) = text;
}

/* Values with one unit, step by step in exact fractions. */
static bool numbers_fill(struct values *v, const struct range *r)
{
    struct written from, to, step;
    if (!written_read(&from, r->from, v->arena) || !written_read(&to, r->to, v->arena) ||
        !written_read(&step, r->step, v->arena))
        return false;
    const bool alike = same(from.suffix, to.suffix) && same(from.suffix, step.suffix) &&
                       same(from.prefix, to.prefix) &&
                       (same(from.prefix, step.prefix) || !*step.prefix);
    if (!alike || step.number.num <= 0 || strchr(from.suffix, ':') || strchr(from.suffix, '-'))
        return false;
    const int decimals = from.decimals > step.decimals ? from.decimals : step.decimals;
    struct ratio x = from.number;
    while (ratio_cmp(x, to.number) <= 0 && v->n <= MAX_POINTS) {
        value_add(v, arena_printf(v->arena, "%s%s%s", from.prefix,
                                  decimal_text(x, decimals, v->arena), from.suffix));
        if (!ratio_add(&x, x, step.number)) return false;
    }
    return true;
}

static const char *duration_write(int64_t us, struct arena *a)
{
    static const struct {
        int64_t us;
        const char *unit;
    } units[] = {{24 * US_PER_H, "d"},
                 {US_PER_H, "h"},
                 {US_PER_H / 60, "min"},
                 {1000000, "s"},
                 {1000, "ms"}};
    size_t i = 0;
    while (i < 4 && us % units[i].us) i++;
    return arena_printf(a, "%lld%s", (long long)(us / units[i].us), units[i].unit);
}

/* Lengths of time in different units, and moments. */
static bool times_fill(struct values *v, const struct range *r)
{
    int64_t from, to, step;
    if (!duration_us_parse(&step, r->step) || step <= 0) return false;
    const bool moments = moment_parse(&from, r->from) && moment_parse(&to, r->to);
    if (!moments && !(duration_us_parse(&from, r->from) && duration_us_parse(&to, r->to)))
        return false;
    char text[64];
    for (int64_t x = from; x <= to && v->n <= MAX_POINTS; x += step)
        value_add(v, moments ? arena_strdup(v->arena, moment_print(text, sizeof text, x))
                             : duration_write(x, v->arena));
    return true;
}

/* Elements between commas that no bracket or quote holds. */
static void list_fill(struct values *v, const char *text)
{
    int depth = 0;
    char quote = '\0';
    const char *start = text;
    for (const char *s = text;; s++) {
        if (*s == '\0' || (*s == ',' && depth == 0 && !quote)) {
            value_add(v, arena_strndup(v->arena, start, (size_t)(s - start)));
            if (*s == '\0') return;
            start = s + 1;
        } else if (quote) {
            if (*s == quote) quote = '\0';
        } else if (*s == '"' || *s == '\'') {
            quote = *s;
        } else {
            depth += (*s == '[' || *s == '{') - (*s == ']' || *s == '}');
        }
    }
}

static bool measure(double *number, const char *text, enum axis_unit unit)
{
    int64_t us;
    switch (unit) {
    case AXIS_NUMBER:
        return quantity_parse(number, text, NUMBER_FRAC);
    case AXIS_DURATION:
        if (!duration_us_parse(&us, text)) return false;
        break;
    case AXIS_MOMENT:
        if (!moment_parse(&us, text)) return false;
        break;
    case AXIS_OTHER:
        return false;
    }
    *number = (double)us / (double)US_PER_H;
    return true;
}

struct axis axis_of(const char *path, const char *const *values, size_t n, struct arena *a)
{
    struct axis axis = {
        .path = path, .n = n, .values = values, .numbers = ARENA_NEW(a, double, n + 1)};
    for (enum axis_unit unit = AXIS_MOMENT; unit > AXIS_OTHER; unit--) {
        size_t fits = 0;
        while (fits < n && measure(&axis.numbers[fits], values[fits], unit)) fits++;
        if (fits < n) continue;
        axis.unit = unit;
        return axis;
    }
    for (size_t i = 0; i < n; i++) axis.numbers[i] = (double)NAN;
    return axis;
}

bool axis_same(const char *one, const char *other)
{
    if (same(one, other)) return true;
    for (enum axis_unit unit = AXIS_MOMENT; unit > AXIS_OTHER; unit--) {
        double x, y;
        if (measure(&x, one, unit) && measure(&y, other, unit)) return x == y;
    }
    return false;
}

static enum err axis_wrong(const char *text, const char *why, struct diag *d)
{
    const enum err code = diag_error(d, ERR_AXIS, (struct place){0}, "\"%s\": %s", text, why);
    diag_fix(d, "%s",
             _("write PATH=FROM..TO/STEP in one unit, such as "
               "workloads.train.window.deadline=8d..20d/2d, or "
               "PATH=VALUE,VALUE,..."));
    return code;
}

enum err axis_parse(struct axis *axis, const char *text, struct arena *a, struct diag *d)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || !equals[1])
        return axis_wrong(text, _("it is not a path, an equals sign and values"), d);
    const char *path = arena_strndup(a, text, (size_t)(equals - text));
    struct values v = {.arena = a};
    struct range r;
    if (!strstr(equals + 1, "..")) {
        list_fill(&v, equals + 1);
        for (size_t i = 0; i < v.n; i++)
            if (!*v.items[i]) return axis_wrong(text, _("a value between its commas is empty"), d);
    } else if (!range_divide(&r, equals + 1, a) || !(numbers_fill(&v, &r) || times_fill(&v, &r))) {
        return axis_wrong(text, _("its range has no start, end and step in one unit"), d);
    } else if (v.n == 0) {
        return axis_wrong(text, _("its range ends before it starts"), d);
    }
    if (v.n > MAX_POINTS)
        return axis_wrong(text, arena_printf(a, _("it has more than %d values"), (int)MAX_POINTS),
                          d);
    *axis = axis_of(path, v.items, v.n, a);
    return OK;
}

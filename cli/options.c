#include "cli/options.h"
#include "common/text.h"
#include <assert.h>
#include <getopt.h>
#include <string.h>

void options_add(struct options *o, const struct option_row *rows)
{
    for (; rows && rows->name; rows++) {
        assert(o->n_rows < MAX_OPTION_ROWS);
        o->rows[o->n_rows++] = rows;
    }
}

static size_t row_find(const struct options *o, const char *name, size_t length)
{
    for (size_t i = 0; i < o->n_rows; i++)
        if (strlen(o->rows[i]->name) == length && memcmp(o->rows[i]->name, name, length) == 0)
            return i;
    return o->n_rows;
}

static size_t row_by_letter(const struct options *o, int letter)
{
    size_t i = 0;
    while (i < o->n_rows && o->rows[i]->letter != letter) i++;
    return i;
}

static enum err unknown_option(const struct options *o, const char *text, const char *name,
                               struct arena *a, struct diag *d)
{
    const enum err code =
        diag_error(d, ERR_OPTION, (struct place){0}, _("unknown option \"%s\""), text);
    const char **names = ARENA_NEW(a, const char *, o->n_rows + 1);
    for (size_t i = 0; i < o->n_rows; i++) names[i] = o->rows[i]->name;
    const char *near = name ? nearest_name(name, names, o->n_rows) : NULL;
    if (near)
        diag_fix(d, _("did you mean --%s?"), near);
    else
        diag_fix(d, "%s", _("`gpumix help COMMAND` lists what a command takes"));
    return code;
}

/* getopt_long takes unique beginnings for the whole name; here names are exact. */
static enum err long_name_check(const struct options *o, const char *argument, struct arena *a,
                                struct diag *d)
{
    if (strncmp(argument, "--", 2) != 0 || !argument[2]) return OK;
    const char *name = argument + 2;
    const size_t length = strcspn(name, "=");
    const size_t row = row_find(o, name, length);
    if (row == o->n_rows)
        return unknown_option(o, arena_printf(a, "--%.*s", (int)length, name),
                              arena_strndup(a, name, length), a, d);
    if (!name[length] || o->rows[row]->value) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("option --%s takes no value"), o->rows[row]->name);
    diag_fix(d, _("write --%s alone"), o->rows[row]->name);
    return code;
}

static enum err choice_check(const struct option_row *row, const char *value, struct arena *a,
                             struct diag *d)
{
    if (!row->choices) return OK;
    const char *list = "";
    size_t n = 0;
    for (; row->choices[n]; n++) {
        if (strcmp(value, row->choices[n]) == 0) return OK;
        list = arena_printf(a, "%s%s%s", list, n ? ", " : "", row->choices[n]);
    }
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), value, row->name);
    const char *near = nearest_name(value, row->choices, n);
    if (near)
        diag_fix(d, _("did you mean %s? (one of: %s)"), near, list);
    else
        diag_fix(d, _("use one of: %s"), list);
    return code;
}

static enum err option_take(struct options *o, size_t row, const char *value, struct arena *a,
                            struct diag *d)
{
    const struct option_row *r = o->rows[row];
    if (!r->repeatable && option_given(o, r->name)) {
        const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                         _("option --%s is given twice"), r->name);
        diag_fix(d, "%s", _("leave one of the two out"));
        return code;
    }
    if (value) TRY(choice_check(r, value, a, d));
    *ARENA_PUSH(a, o->given, o->n_given) = (struct given){row, value};
    return OK;
}

static enum err value_missing(const struct option_row *row, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("option --%s needs a value"), row->name);
    diag_fix(d, _("write --%s %s"), row->name, _(row->value));
    return code;
}

/* The tables of getopt_long, made from ours. '-' first: arguments are told in their place; ':' : we report. */
static const char *getopt_tables(struct option **longs, const struct options *o, bool stop_early,
                                 struct arena *a)
{
    char *shorts = ARENA_NEW(a, char, 2 * o->n_rows + 3);
    char *end = stpcpy(shorts, stop_early ? "+:" : "-:");
    *longs = ARENA_NEW(a, struct option, o->n_rows + 1);
    for (size_t i = 0; i < o->n_rows; i++) {
        const struct option_row *r = o->rows[i];
        (*longs)[i] = (struct option){r->name, r->value ? required_argument : no_argument, NULL,
                                      1000 + (int)i};
        if (!r->letter) continue;
        *end++ = r->letter;
        if (r->value) *end++ = ':';
    }
    return shorts;
}

static enum err answer_take(struct options *o, int answer, char **argv, struct arena *a,
                            struct diag *d)
{
    if (answer == 1) {
        *ARENA_PUSH(a, o->arguments, o->n_arguments) = optarg;
        return OK;
    }
    if (answer == '?')
        return unknown_option(o, optopt ? arena_printf(a, "-%c", optopt) : argv[optind - 1], NULL,
                              a, d);
    if (answer == ':') {
        const size_t row = optopt >= 1000 ? (size_t)optopt - 1000 : row_by_letter(o, optopt);
        return value_missing(o->rows[row], d);
    }
    return option_take(o, answer >= 1000 ? (size_t)answer - 1000 : row_by_letter(o, answer), optarg,
                       a, d);
}

enum err options_parse(struct options *o, int argc, char **argv, bool stop_early, struct arena *a,
                       struct diag *d)
{
    struct option *longs;
    const char *shorts = getopt_tables(&longs, o, stop_early, a);
    optind = 0; /* glibc: start anew */
    opterr = 0;
    for (int next = 1;;) {
        const bool is_option = next < argc && !(stop_early && argv[next][0] != '-');
        if (is_option) TRY(long_name_check(o, argv[next], a, d));
        const int answer = getopt_long(argc, argv, shorts, longs, NULL);
        if (answer == -1) break;
        TRY(answer_take(o, answer, argv, a, d));
        next = optind;
    }
    o->next = optind;
    if (stop_early) return OK;
    for (int i = optind; i < argc; i++) *ARENA_PUSH(a, o->arguments, o->n_arguments) = argv[i];
    return OK;
}

static size_t row_named(const struct options *o, const char *name)
{
    const size_t row = row_find(o, name, strlen(name));
    assert(row < o->n_rows);
    return row;
}

bool option_given(const struct options *o, const char *name)
{
    const size_t row = row_named(o, name);
    for (size_t i = 0; i < o->n_given; i++)
        if (o->given[i].row == row) return true;
    return false;
}

const char *option_value(const struct options *o, const char *name)
{
    const size_t row = row_named(o, name);
    const char *value = NULL;
    for (size_t i = 0; i < o->n_given; i++)
        if (o->given[i].row == row) value = o->given[i].value;
    return value;
}

const char **option_values(size_t *n, const struct options *o, const char *name, struct arena *a)
{
    const size_t row = row_named(o, name);
    const char **values = ARENA_NEW(a, const char *, o->n_given + 1);
    *n = 0;
    for (size_t i = 0; i < o->n_given; i++)
        if (o->given[i].row == row) values[(*n)++] = o->given[i].value;
    return values;
}

static const char *choices_text(const struct option_row *row, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; row->choices && row->choices[i]; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : ": ", row->choices[i]);
    return text;
}

void options_print(const struct option_row *rows, FILE *out, struct arena *a)
{
    struct table *t = table_new(a, "ll");
    for (; rows && rows->name; rows++) {
        const char *letter = rows->letter ? arena_printf(a, "-%c, ", rows->letter) : "    ";
        const char *value = rows->value ? arena_printf(a, " %s", _(rows->value)) : "";
        table_row(t, arena_printf(a, "%s--%s%s", letter, rows->name, value),
                  arena_printf(a, "%s%s", _(rows->help), choices_text(rows, a)), NULL);
    }
    table_print(t, out, "  ");
}

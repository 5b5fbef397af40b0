#include "common/csv.h"
#include "common/text.h"
#include "pricing/history.h"
#include "pricing/lifetimes.h"
#include "pricing/names.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LIFETIME, LAST_SEEN, FIRST_MISSED, END, CREATED, DAY, HOUR, N_FIXED, MAX_BY = 8 };

struct reader {
    struct life_groups *groups;
    struct names names; /* of the groups, same numbers */
    size_t n_by;
    struct diag *diag;
};

static bool hours_cell(double *hours, struct reader *r, const struct csv_row *row, size_t c)
{
    char *end;
    const char *text = row->field[c];
    *hours = strtod(text, &end) / 3600;
    if (end != text && !*end && isfinite(*hours) && *hours >= 0) return true;
    diag_error(r->diag, ERR_IMPORT_VALUE, csv_place(row, c), _("\"%s\" is no number of seconds"),
               text);
    diag_fix(r->diag, _("write the seconds from the start of the machine"));
    return false;
}

static bool end_cell(struct life *l, struct reader *r, const struct csv_row *row)
{
    static const char *const ended[] = {"preempted", "gone", "reclaimed", NULL};
    static const char *const cut[] = {
        "stopped", "censored", "running", "alive", "censored_or_deleted", NULL};
    for (size_t k = 0; ended[k]; k++)
        if (strcmp(row->field[END], ended[k]) == 0) return l->ended = true;
    for (size_t k = 0; cut[k]; k++)
        if (strcmp(row->field[END], cut[k]) == 0) return true;
    diag_error(r->diag, ERR_IMPORT_VALUE, csv_place(row, END), _("\"%s\" is no end of a life"),
               row->field[END]);
    diag_fix(
        r->diag,
        _("write preempted for a machine that was reclaimed, stopped for one its owner ended"));
    return false;
}

static bool times_cells(struct life *l, struct reader *r, const struct csv_row *row)
{
    if (csv_has_column(row, LIFETIME)) {
        if (!hours_cell(&l->low_h, r, row, LIFETIME)) return false;
        l->high_h = l->low_h;
        return true;
    }
    if (!hours_cell(&l->low_h, r, row, LAST_SEEN)) return false;
    l->high_h = l->low_h;
    if (!l->ended || !row->field[FIRST_MISSED][0]) return true;
    return hours_cell(&l->high_h, r, row, FIRST_MISSED);
}

/* Of a moment in UTC, or of the name of a day and an hour; what cannot be read is not known. */
static int week_hour(const struct csv_row *row)
{
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    enum { TO_MINUTES = 16 };
    char text[TO_MINUTES + 1], *end;
    moment_t created;
    snprintf(text, sizeof text, "%s", row->field[CREATED]);
    if (moment_parse(&created, text)) return moment_week_hour(created);
    const long hour = strtol(row->field[HOUR], &end, 10);
    if (end == row->field[HOUR] || *end || hour < 0 || hour > 23) return 0;
    for (int day = 0; day < 7; day++)
        if (strcmp(row->field[DAY], days[day]) == 0) return 24 * day + (int)hour + 1;
    return 0;
}

static void group_add(struct reader *r, const char *name, const struct life *l)
{
    struct life_groups *g = r->groups;
    const size_t at = names_add(&r->names, name);
    if (at == g->n)
        *ARENA_PUSH(g->arena, g->items, g->n) = (struct life_group){.name = r->names.items[at]};
    struct life_group *group = &g->items[at];
    *ARENA_PUSH(g->arena, group->lives, group->n) = *l;
    group->ended += l->ended;
}

static enum err row_read(const struct csv_row *row, void *context)
{
    struct reader *r = context;
    struct life l = {0};
    if (!end_cell(&l, r, row) || !times_cells(&l, r, row)) return ERR_IMPORT_VALUE;
    l.week_hour = week_hour(row);
    group_add(r, "all", &l);
    if (!r->n_by) return OK;
    const char *name = "";
    for (size_t k = 0; k < r->n_by; k++)
        name =
            arena_printf(r->groups->arena, "%s%s%s", name, k ? "/" : "", row->field[N_FIXED + k]);
    group_add(r, name, &l);
    return OK;
}

enum err lifetimes_read(struct life_groups *g, const char *path, const char *const *by,
                        struct arena *a, struct diag *d)
{
    *g = (struct life_groups){.arena = a};
    struct reader r = {.groups = g, .names = {.arena = a}, .diag = d};
    struct csv_column columns[N_FIXED + MAX_BY] = {
        {"lifetime_s", false}, {"last_seen_s", false}, {"first_missed_s", false}, {"end", true},
        {"created", false},    {"day_of_week", false}, {"hour_of_day", false}};
    while (by && by[r.n_by] && r.n_by < MAX_BY) {
        columns[N_FIXED + r.n_by] = (struct csv_column){by[r.n_by], true};
        r.n_by++;
    }
    return csv_read(path, columns, N_FIXED + r.n_by, NULL, row_read, &r, a, d);
}

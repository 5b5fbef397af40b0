#include "cli/sensitivity.h"
#include "common/node.h"
#include "common/text.h"
#include "report/wording.h"
#include <string.h>

struct finder {
    struct swing *swings;
    size_t n;
    struct arena *arena;
};

/* A step of a path; names with dots are quoted, as --set wants them. */
static const char *step_join(const char *path, const char *key, struct arena *a)
{
    const bool quote = strpbrk(key, ". \"") != NULL;
    return arena_printf(a, "%s%s%s%s%s", path, *path ? "." : "", quote ? "\"" : "", key,
                        quote ? "\"" : "");
}

static const char *end_of(const struct node *map, const char *key)
{
    const struct node *n = node_get(map, key);
    return n && n->type == NODE_TEXT ? n->text : NULL;
}

/* Variants and comparisons change nothing in the plan at hand. */
static bool is_part(const char *path)
{
    return strcmp(path, "variants") != 0 && strcmp(path, "sweep") != 0 &&
           strcmp(path, "compare") != 0;
}

static void walk(struct finder *f, const struct node *n, const char *path)
{
    if (n->type != NODE_MAP || !is_part(path)) return;
    const char *low = end_of(n, "low"), *base = end_of(n, "base"), *high = end_of(n, "high");
    if (low && base && high) {
        *ARENA_PUSH(f->arena, f->swings, f->n) =
            (struct swing){.path = path, .low_value = low, .base_value = base, .high_value = high};
        return;
    }
    for (const struct node *child = n->first; child; child = child->next)
        walk(f, child, step_join(path, child->key, f->arena));
}

enum err swings_find(struct swing **swings, size_t *n, const struct scenario *s, struct cli *cli)
{
    struct finder f = {.arena = cli->arena};
    walk(&f, s->root, "");
    *swings = f.swings;
    *n = f.n;
    if (f.n) return OK;
    diag_error(cli->diag, ERR_NOT_FOUND, (struct place){0}, "%s",
               _("the scenario has no uncertain number"));
    diag_fix(
        cli->diag, "%s",
        _("write a number as {low, base, high}, for example gpu_hours: {low: 5200, base: 6000, "
          "high: 7400}"));
    return ERR_NOT_FOUND;
}

static struct sweep_setting setting_of(const char *path, const char *value, struct arena *a)
{
    const char **set = ARENA_NEW(a, const char *, 1);
    set[0] = arena_printf(a, "%s=%s", path, value);
    return (struct sweep_setting){1, set};
}

void swings_points(struct sweep *s, const struct swing *swings, size_t n, struct arena *a)
{
    s->n = 1 + 2 * n;
    s->settings = ARENA_NEW(a, struct sweep_setting, s->n);
    s->points = ARENA_NEW(a, struct sweep_point, s->n);
    for (size_t i = 0; i < n; i++) {
        s->settings[1 + 2 * i] = setting_of(swings[i].path, swings[i].low_value, a);
        s->settings[2 + 2 * i] = setting_of(swings[i].path, swings[i].high_value, a);
    }
}

struct sheet swings_sheet(const struct sweep *s, struct swing *swings, size_t n,
                          const struct scenario *scenario, struct cli *cli)
{
    const struct sweep_point *base = &s->points[0];
    for (size_t i = 0; i < n; i++) {
        swings[i].low = &s->points[1 + 2 * i];
        swings[i].high = &s->points[2 + 2 * i];
    }
    /* Without a plan at base there is nothing to swing from. */
    struct sheet sheet = sensitivity_sheet(scenario->name, currency_name(scenario->currency), base,
                                           swings, base->has_plan ? n : 0, cli->arena);
    if (base->has_plan) return sheet;
    sheet.n_notes = 0;
    if (*base->message)
        sheet_note(&sheet, _("no plan: %s"), base->message);
    else
        sheet_note(&sheet, "%s", _("no plan"));
    return sheet;
}

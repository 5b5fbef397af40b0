#include "cli/explain_defaults.h"
#include "cli/present.h"
#include "common/node.h"
#include "common/text.h"
#include "report/wording.h"
#include "scenarios/kinds.h"
#include "scenarios/values.h"
#include "solver/options.h"
#include <stdlib.h>
#include <string.h>

static const char *const kind_layer = "kind default";
static const char *const table_layer = "built-in default";

struct listing {
    struct sheet *sheet;
    const struct scenario *scenario;
    const char *variant, *workload; /* workload NULL: all */
};

static void row_add(struct listing *l, const char *path, const char *value, const char *origin)
{
    struct sheet_cell *cells = sheet_row(l->sheet);
    cells[0] = sheet_text(l->variant);
    cells[1] = sheet_text(path);
    cells[2] = sheet_text(value);
    cells[3] = sheet_text(origin);
}

static bool is_asked(const struct listing *l, const char *path)
{
    if (!l->workload) return true;
    const char *prefix = arena_printf(l->sheet->arena, "workloads.%s.", l->workload);
    return strncmp(path, prefix, strlen(prefix)) == 0;
}

static const char *value_text(const struct node *n, struct arena *a)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *stream = open_memstream(&text, &bytes);
    if (!stream) return "";
    node_print_flow(n, stream);
    const bool written = fclose(stream) == 0;
    const char *copy = written ? arena_strndup(a, text, bytes) : "";
    free(text);
    return copy;
}

static void value_take(const char *path, const struct node *n, void *context)
{
    struct listing *l = context;
    if (!n->layer || !is_asked(l, path)) return;
    const bool of_kind = strcmp(n->layer, kind_layer) == 0;
    if (!of_kind && strcmp(n->layer, table_layer) != 0) return;
    row_add(l, path, value_text(n, l->sheet->arena), _(n->layer));
}

static bool uses_checkpoints_store(const struct workload *w)
{
    for (size_t i = 0; i < w->n_uses; i++)
        if (strcmp(w->uses[i].use, "checkpoints") == 0) return true;
    return false;
}

/* What holds because a key is absent, although no table gives it a value. */
static void implied_add(struct listing *l, const struct workload *w)
{
    struct arena *a = l->sheet->arena;
    const struct scenario *s = l->scenario;
    const char *base = arena_printf(a, "workloads.%s.", w->name);
    if (!is_asked(l, base)) return;
    const bool cpu = w->vcpu_hours.given;
    if (!w->has_start)
        row_add(l, arena_printf(a, "%swindow.start", base), moment_text(a, s, 0),
                _("start of the horizon"));
    if (!w->has_deadline && !w->kind->service)
        row_add(l, arena_printf(a, "%swindow.deadline", base), moment_text(a, s, s->length_us),
                _("end of the horizon"));
    if (!cpu && w->gpus_per_worker == 0 && w->gpu_share <= 0)
        row_add(l, arena_printf(a, "%sresources.gpus_per_worker", base), "1", _(table_layer));
    if (w->has_lost_per_hit || w->checkpoint_auto || w->checkpoint_every_h > 0) {
        if ((w->checkpoint_auto || w->checkpoint_every_h > 0) && !uses_checkpoints_store(w))
            row_add(l, arena_printf(a, "%sstorage", base),
                    arena_printf(a, "%gMB/s", LOCAL_DISK_MBPS),
                    _("checkpoints go to the machine's own disk"));
    }
    const bool spot = w->tolerant && (w->markets & 1U << MARKET_SPOT);
    if (spot && !w->hazard_per_h.given && !s->interruptions_per_day.given)
        row_add(l, arena_printf(a, "%sspot.hazard_per_h", base), _("of each offer"),
                _("price book"));
}

static void scenario_list(struct listing *l)
{
    const struct scenario *s = l->scenario;
    scenario_each_value(s, value_take, l, l->sheet->arena);
    if (!l->workload && s->regions.n == 0)
        row_add(l, "catalog.regions", _("every mainland region of the price book"), _(table_layer));
    for (size_t i = 0; i < s->n_workloads; i++) implied_add(l, &s->workloads[i]);
}

int explain_defaults(const struct planning *p, const struct text_list *variants,
                     const char *workload, const struct options *o, struct cli *cli)
{
    static const struct sheet_column columns[] = {
        {"variant", "", 'l', false},
        {"path", N_("Value not given"), 'l', false},
        {"value", N_("default used"), 'l', false},
        {"origin", N_("comes from"), 'l', false},
    };
    struct sheet sheet = sheet_new(cli->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < variants->n; i++) {
        const char *variant = variants->items[i];
        const struct scenario_options options = {
            .variant = strcmp(variant, "base") ? variant : NULL, .n_set = p->n_set, .set = p->set};
        struct scenario *s = ARENA_NEW(cli->arena, struct scenario, 1);
        const enum err code = scenario_load(s, p->path, &options, cli->arena, cli->diag);
        if (code != OK) return err_exit_status(code);
        struct listing l = {&sheet, s, variant, workload};
        scenario_list(&l);
    }
    return sheet_present(&sheet, o, cli);
}

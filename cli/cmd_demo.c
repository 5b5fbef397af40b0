/* gpumix demo: a ready-made scenario and its variants, planned side by side. */
#include "cli/library.h"
#include "cli/planning.h"
#include "cli/present.h"
#include "cli/simulating.h"
#include "common/text.h"
#include "report/simulation.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

static const char *const kinds[] = {"training",       "finetune", "inference_batch",
                                    "render_offline", "etl",      NULL};

/* The scenario that shows each kind. */
static const struct {
    const char *kind, *file, *title;
} shows[] = {
    {"training", "01-train-llm-spot.yaml",
     N_("train a 7B language model on four machines of eight GPUs")},
    {"finetune", "02-finetune-lora.yaml",
     N_("fine-tune a model per customer, every week, at night")},
    {"inference_batch", "04-inference-batch.yaml", N_("tag four million images every night")},
    {"render_offline", "06-render-farm.yaml", N_("render the shots of a film before the deadline")},
    {"etl", "09-etl-cpu.yaml", N_("extract and analyse logs on machines without GPU")},
};

/* clang-format off */
static const struct option_row demo_options[] = {
    {"kind",  0, N_("KIND"), false, kinds, N_("kind of work")},
    {"print", 0, NULL,       true,  NULL,  N_("print the scenario itself, to start your own from, and stop")},
    {0},
};
/* clang-format on */

enum { VARIANT, COST, CHANGE, EXPECTED, P90, GAP, FINISH, CHANCE, LATE, STATUS, N_DEMO_COLUMNS };

/* Worlds per variant: a demonstration should not take long. */
enum { DEMO_WORLDS = 1000 };

static size_t show_find(const char *kind)
{
    for (size_t i = 0; kind && i < sizeof shows / sizeof *shows; i++)
        if (strcmp(shows[i].kind, kind) == 0) return i;
    return 0;
}

/* Variants in the order the scenario wants to compare them, what it does not name behind. */
static size_t order_fill(size_t *order, const struct result *results, size_t n,
                         const struct scenario *s)
{
    size_t filled = 0;
    bool *used = ARENA_NEW(results[0].diag->arena, bool, n);
    for (size_t i = 0; s && i < s->compare_order.n; i++)
        for (size_t j = 0; j < n; j++) {
            if (used[j] || strcmp(results[j].variant, s->compare_order.items[i]) != 0) continue;
            used[j] = true;
            order[filled++] = j;
        }
    for (size_t j = 0; j < n; j++)
        if (!used[j]) order[filled++] = j;
    return filled;
}

static const struct result *result_named(const struct result *results, size_t n,
                                         const char *variant)
{
    for (size_t i = 0; variant && i < n; i++)
        if (strcmp(results[i].variant, variant) == 0) return &results[i];
    return &results[0];
}

static bool is_planned(const struct result *r)
{
    return r->summary && r->summary->has_plan;
}

static void luck_fill(struct sheet_cell *cells, const struct simulation *luck, struct arena *a)
{
    const int decimals = amount_decimals(llround(luck->cost.mean * 1e6));
    cells[EXPECTED] = sheet_both(number_text(a, luck->cost.mean, decimals),
                                 arena_printf(a, "%.15g", luck->cost.mean));
    cells[P90] = sheet_both(number_text(a, luck->cost.p90, decimals),
                            arena_printf(a, "%.15g", luck->cost.p90));
    cells[CHANCE] = sheet_both(proportion_text(&luck->missed, a),
                               arena_printf(a, "%.15g", luck->missed.estimate));
}

/* As the table has it. */
static const char *name_of(const struct result *r)
{
    return r->label ? r->label : r->variant;
}

static void row_fill(struct sheet *sheet, const struct result *r, const struct result *baseline)
{
    struct arena *a = sheet->arena;
    struct sheet_cell *cells = sheet_row(sheet);
    const char *name = name_of(r);
    cells[VARIANT] = sheet_both(r == baseline ? arena_printf(a, "%s *", name) : name, r->variant);
    cells[STATUS] = sheet_both(r->plan ? status_label(plan_told(r->plan)) : _("not valid"),
                               r->summary ? r->summary->status : "error");
    if (!is_planned(r)) return;
    const struct summary *s = r->summary;
    cells[COST] = sheet_both(amount_text(a, s->cost, amount_decimals(s->cost)),
                             arena_printf(a, "%.15g", (double)s->cost / 1e6));
    if (r != baseline && is_planned(baseline) && baseline->summary->cost > 0) {
        const double change = (double)s->cost / (double)baseline->summary->cost - 1;
        cells[CHANGE] =
            sheet_both(arena_printf(a, "%+.0f%%", change * 100), arena_printf(a, "%.15g", change));
    }
    cells[GAP] = sheet_both(percent_text(a, s->gap, 2), arena_printf(a, "%.15g", s->gap));
    cells[FINISH] = sheet_both(duration_text(a, s->finish_us),
                               arena_printf(a, "%.15g", (double)s->finish_us / (double)US_PER_H));
    cells[LATE] = sheet_both(s->late_us > 0 ? duration_text(a, s->late_us) : "-",
                             arena_printf(a, "%.15g", (double)s->late_us / (double)US_PER_H));
    if (r->simulation) luck_fill(cells, r->simulation, a);
}

static void notes_add(struct sheet *sheet, const struct result *results, size_t n,
                      const struct result *baseline, size_t show)
{
    const struct result *best = NULL;
    for (size_t i = 0; i < n; i++)
        if (is_planned(&results[i]) && (!best || results[i].summary->cost < best->summary->cost))
            best = &results[i];
    if (best && best != baseline && is_planned(baseline) && baseline->summary->cost > 0)
        sheet_note(sheet, _("Cheapest: %s, %.0f%% below %s (*)."), name_of(best),
                   100 - 100 * (double)best->summary->cost / (double)baseline->summary->cost,
                   name_of(baseline));
    sheet_note(
        sheet, "%s",
        _("No plan can cost less than (1 - gap) of its cost: the linear program proves it."));
    sheet_note(sheet,
               _("Expected, 90 in 100 and late: over %d worlds of prices, reclaims and work."),
               DEMO_WORLDS);
    sheet_note(sheet, "%s", "");
    const char *kind = show ? arena_printf(sheet->arena, " --kind %s", shows[show].kind) : "";
    sheet_note(sheet, _("Next:  gpumix init my-plan%s"), kind);
    sheet_note(sheet, "%s", _("       gpumix plan my-plan/scenario.yaml"));
    sheet_note(sheet, "%s", _("       gpumix explain my-plan/scenario.yaml"));
}

static const struct sheet_column *columns_make(const char *currency, struct arena *a)
{
    struct sheet_column *c = ARENA_NEW(a, struct sheet_column, N_DEMO_COLUMNS);
    c[VARIANT] = (struct sheet_column){"variant", _("Variant"), 'l', false};
    c[COST] = (struct sheet_column){"cost", currency, 'r', true};
    c[CHANGE] = (struct sheet_column){"change", _("change"), 'r', true};
    c[EXPECTED] = (struct sheet_column){"expected", _("expected"), 'r', true};
    c[P90] = (struct sheet_column){"p90", _("90 in 100 below"), 'r', true};
    c[GAP] = (struct sheet_column){"gap", _("gap"), 'r', true};
    c[FINISH] = (struct sheet_column){"finish_h", _("finishes"), 'r', true};
    c[CHANCE] = (struct sheet_column){"late", _("late"), 'r', true};
    c[LATE] = (struct sheet_column){"late_h", "", 'r', true};
    c[STATUS] = (struct sheet_column){"status", _("status"), 'l', false};
    return c;
}

static int demo_print(const struct options *o, struct cli *cli, const struct result *results,
                      size_t n, size_t show)
{
    struct arena *a = cli->arena;
    const struct scenario *s = results[0].plan ? results[0].plan->scenario : NULL;
    const struct result *baseline = result_named(results, n, s ? s->compare_baseline : NULL);
    struct sheet sheet =
        sheet_new(a, columns_make(s ? currency_name(s->currency) : "CNY", a), N_DEMO_COLUMNS);
    sheet.title =
        arena_printf(a, _("Demo: %s. Built-in sample prices (newest %s)."), _(shows[show].title),
                     results[0].plan ? book_date(results[0].plan->book) : "-");
    size_t *order = ARENA_NEW(a, size_t, n);
    const size_t filled = order_fill(order, results, n, s);
    for (size_t i = 0; i < filled; i++) row_fill(&sheet, &results[order[i]], baseline);
    notes_add(&sheet, results, n, baseline, show);
    return sheet_present(&sheet, o, cli);
}

static int demo_run(const struct options *o, struct cli *cli)
{
    const size_t show = show_find(option_value(o, "kind"));
    const struct library_file *file = library_find(shows[show].file);
    if (option_given(o, "print")) {
        fwrite(file->text, 1, file->bytes, stdout);
        return 0;
    }
    const char *folder;
    const struct report_format *format;
    struct text_list variants;
    enum err code = format_chosen(&format, o, cli->diag);
    if (code == OK) code = library_unpack(&folder, cli->arena, cli->diag);
    if (code != OK) return err_exit_status(code);
    const struct planning planning = {.path = arena_printf(cli->arena, "%s/%s", folder, file->name),
                                      .settings = PLAN_SETTINGS};
    code = variants_choose(&variants, planning.path, "all", cli);
    if (code != OK) return err_exit_status(code);
    struct planning stoppable = planning;
    stoppable.settings.lp.stop = cli->stop;
    struct result *results = ARENA_NEW(cli->arena, struct result, variants.n);
    for (size_t i = 0; i < variants.n; i++) {
        variant_plan(&results[i], &stoppable, variants.items[i], cli);
        if (!*cli->stop)
            variant_simulate(&results[i], &(struct simulating){.runs = DEMO_WORLDS}, cli);
        if (*cli->stop) return 0;
        if (results[i].code != OK) findings_collect(cli->diag, results[i].diag);
    }
    const int status = demo_print(o, cli, results, variants.n, show);
    return worse_status(status, err_exit_status(cli->diag->code));
}

const struct command cmd_demo = {
    .name = "demo",
    .arguments = "",
    .help = N_("plan a ready-made scenario and its variants"),
    .examples = "  gpumix demo\n"
                "  gpumix demo --kind render_offline\n"
                "  gpumix demo --print > my-plan.yaml\n",
    .options = demo_options,
    .prints_data = true,
    .run = demo_run,
};

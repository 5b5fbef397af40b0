/* gpumix sweep: the same scenario at many values of one or two of its numbers. */
#include "cli/axis.h"
#include "cli/present.h"
#include "cli/sensitivity.h"
#include "cli/simulating_options.h"
#include "cli/sweep.h"
#include "common/node.h"
#include "common/sha256.h"
#include "common/text.h"
#include "report/wording.h"
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const struct option_row sweep_options[] = {
    {"over",        0, N_("PATH=VALUES"), true,  NULL, N_("from..to/step, or values between commas; twice for a grid; default: what the scenario says under sweep")},
    {"frontier",    0, N_("A,B"),         false, NULL, N_("mark points that another beats in all of these: cost, expected, p90, finish, late, machine_hours, machines")},
    {"sensitivity", 0, NULL,              true,  NULL, N_("instead: which {low, base, high} of the scenario moves the total most; with --runs the expected total")},
    {"variant",     0, N_("NAME"),        false, NULL, N_("variant to sweep")},
    {"set",         0, N_("PATH=VALUE"),  true,  NULL, N_("change a value of the scenario at every point")},
    SIMULATING_OPTIONS
    {0},
};
/* clang-format on */

enum { MAX_AXES = 2 };

struct sweep_command {
    struct sweep sweep;
    struct scenario scenario; /* as it is now */
    size_t n_axes;
    struct axis axes[MAX_AXES];
    size_t n_figures;
    const char **figures;
    bool sensitivity;
    size_t n_swings;
    struct swing *swings;
};

static enum err standard_input_refuse(const char *path, struct diag *d)
{
    if (strcmp(path, "-") != 0) return OK;
    diag_error(d, ERR_ARGUMENTS, (struct place){0}, "%s",
               _("standard input can be read once only, and several plans are made"));
    diag_fix(d, "%s", _("write the scenario into a file"));
    return ERR_ARGUMENTS;
}

static enum err variants_many(struct diag *d)
{
    diag_error(d, ERR_OPTION_VALUE, (struct place){0}, "%s", _("several variants are asked for"));
    diag_fix(d, "%s", _("sweep one variant at a time"));
    return ERR_OPTION_VALUE;
}

static enum err sensitivity_alone(const struct options *o, struct diag *d)
{
    const char *other = option_given(o, "over")       ? "over"
                        : option_given(o, "frontier") ? "frontier"
                                                      : NULL;
    if (!other) return OK;
    diag_error(d, ERR_OPTION_VALUE, (struct place){0}, _("--%s cannot be used with %s"), other,
               "--sensitivity");
    diag_fix(d, "%s", _("leave one of the two out"));
    return ERR_OPTION_VALUE;
}

static enum err axes_many(struct diag *d)
{
    diag_error(d, ERR_AXIS, (struct place){0}, "%s", _("more than two values are swept at once"));
    diag_fix(d, "%s", _("give --over once or twice; a grid of three would be hard to read"));
    return ERR_AXIS;
}

/* What stands under sweep: in the scenario. */
static enum err axes_of_scenario(struct sweep_command *c, struct cli *cli)
{
    const struct node *map = node_find(c->scenario.root, "sweep");
    for (const struct node *n = map ? map->first : NULL; n; n = n->next) {
        if (c->n_axes == MAX_AXES) return axes_many(cli->diag);
        const char **values = NULL;
        size_t count = 0;
        for (const struct node *v = n->first; v; v = v->next)
            if (v->type == NODE_TEXT) *ARENA_PUSH(cli->arena, values, count) = v->text;
        if (count) c->axes[c->n_axes++] = axis_of(n->key, values, count, cli->arena);
    }
    if (c->n_axes) return OK;
    diag_error(cli->diag, ERR_AXIS, (struct place){0}, "%s",
               _("nothing is said about what to sweep"));
    diag_fix(cli->diag, "%s",
             _("give --over PATH=FROM..TO/STEP, or write sweep into the scenario"));
    return ERR_AXIS;
}

static enum err axes_read(struct sweep_command *c, const struct options *o, struct cli *cli)
{
    size_t n;
    const char **given = option_values(&n, o, "over", cli->arena);
    if (n == 0) return axes_of_scenario(c, cli);
    if (n > MAX_AXES) return axes_many(cli->diag);
    for (size_t i = 0; i < n; i++) TRY(axis_parse(&c->axes[i], given[i], cli->arena, cli->diag));
    c->n_axes = n;
    return OK;
}

static enum err points_many(size_t n, struct diag *d)
{
    diag_error(d, ERR_AXIS, (struct place){0}, _("the grid has %zu points, more than %d"), n,
               (int)MAX_POINTS);
    diag_fix(d, "%s", _("take wider steps"));
    return ERR_AXIS;
}

/* Every combination, the last axis fastest. */
static enum err points_make(struct sweep_command *c, struct cli *cli)
{
    struct arena *a = cli->arena;
    struct sweep *s = &c->sweep;
    s->n = 1;
    for (size_t i = 0; i < c->n_axes; i++) s->n *= c->axes[i].n;
    if (s->n > MAX_POINTS) return points_many(s->n, cli->diag);
    s->settings = ARENA_NEW(a, struct sweep_setting, s->n);
    s->points = ARENA_NEW(a, struct sweep_point, s->n);
    for (size_t at = 0; at < s->n; at++) {
        const char **set = ARENA_NEW(a, const char *, c->n_axes);
        for (size_t axis = c->n_axes, rest = at; axis-- > 0; rest /= c->axes[axis].n)
            set[axis] = arena_printf(a, "%s=%s", c->axes[axis].path,
                                     c->axes[axis].values[rest % c->axes[axis].n]);
        s->settings[at] = (struct sweep_setting){c->n_axes, set};
    }
    return OK;
}

/* A path that leads nowhere would fail at every point. */
static enum err paths_check(const struct sweep_command *c, struct cli *cli)
{
    for (size_t i = 0; i < c->n_axes; i++) {
        const char *set = arena_printf(cli->arena, "%s=%s", c->axes[i].path, c->axes[i].values[0]);
        const struct planning p = planning_with(&c->sweep.planning, &set, 1, cli->arena);
        const char *variant = c->sweep.variant;
        const struct scenario_options options = {
            .variant = strcmp(variant, "base") ? variant : NULL, .n_set = p.n_set, .set = p.set};
        struct scenario s;
        struct diag d = {.arena = cli->arena};
        const enum err code = scenario_load(&s, p.path, &options, cli->arena, &d);
        if (code != ERR_PATH_UNKNOWN) continue;
        findings_collect(cli->diag, &d);
        return code;
    }
    return OK;
}

static bool figure_known(const char *name)
{
    for (size_t i = 0; frontier_figures[i]; i++)
        if (strcmp(frontier_figures[i], name) == 0) return true;
    return false;
}

static bool is_luck(const char *name)
{
    return strcmp(name, "expected") == 0 || strcmp(name, "p90") == 0;
}

static enum err luck_missing(const char *name, struct diag *d)
{
    diag_error(d, ERR_OPTION_VALUE, (struct place){0},
               _("a frontier of \"%s\" needs simulation, and --planned leaves it out"), name);
    diag_fix(d, "%s", _("use cost instead, or leave --planned out"));
    return ERR_OPTION_VALUE;
}

static enum err figures_read(struct sweep_command *c, const struct options *o, struct cli *cli)
{
    const char *given = option_value(o, "frontier");
    if (!given) return OK;
    char *rest = arena_strdup(cli->arena, given);
    for (const char *name; (name = strsep(&rest, ","));) {
        if (c->sweep.planned_only && is_luck(name)) return luck_missing(name, cli->diag);
        if (figure_known(name)) {
            *ARENA_PUSH(cli->arena, c->figures, c->n_figures) = name;
            continue;
        }
        diag_error(cli->diag, ERR_OPTION_VALUE, (struct place){0},
                   _("\"%s\" is no figure of a frontier"), name);
        diag_fix(cli->diag, "%s",
                 _("use some of: cost, expected, p90, finish, late, machine_hours, machines"));
        return ERR_OPTION_VALUE;
    }
    return OK;
}

/* The points belong to the inputs as well. */
static void inputs_join(struct sweep *s, const char *checksum, struct arena *a)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert(out); /* fails for lack of memory only */
    fprintf(out, "%s\n%d %ld %d %" PRId64 " %a %s\n", checksum, s->planned_only, s->simulating.runs,
            s->simulating.has_seed, s->simulating.seed, s->simulating.precision,
            s->simulating.policy ? s->simulating.policy : "-");
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < s->settings[i].n; j++)
            fprintf(out, "%zu %s\n", i, s->settings[i].set[j]);
    fclose(out);
    s->inputs = sha256_text(ARENA_NEW(a, char, SHA256_HEX_BYTES), text, bytes);
    free(text);
}

static bool is_file(const char *out)
{
    return out && strcmp(out, "-") != 0;
}

static enum err command_read(struct sweep_command *c, const struct options *o, struct cli *cli)
{
    struct text_list only;
    const char *checksum, *out = option_value(o, "out");
    struct sweep *s = &c->sweep;
    s->planning = (struct planning){.path = o->arguments[0], .settings = PLAN_SETTINGS};
    s->planning.settings.brief = true;
    s->from_first = true;
    s->planning.set = option_values(&s->planning.n_set, o, "set", cli->arena);
    s->planning.settings.lp.stop = cli->stop;
    TRY(standard_input_refuse(s->planning.path, cli->diag));
    TRY(simulating_read(&s->simulating, o, cli));
    const bool lucky = option_given(o, "runs") || !option_given(o, "sensitivity");
    s->planned_only = option_given(o, "planned") || !lucky;
    TRY(figures_read(c, o, cli));
    TRY(variants_choose(&only, s->planning.path, option_value(o, "variant"), cli));
    if (only.n != 1) return variants_many(cli->diag);
    s->variant = only.items[0];
    TRY(inputs_checksum(&checksum, &c->scenario, &s->planning, s->variant, cli));
    c->sensitivity = option_given(o, "sensitivity");
    if (c->sensitivity) {
        TRY(sensitivity_alone(o, cli->diag));
        TRY(swings_find(&c->swings, &c->n_swings, &c->scenario, cli));
        swings_points(s, c->swings, c->n_swings, cli->arena);
    } else {
        TRY(axes_read(c, o, cli));
        TRY(paths_check(c, cli));
        TRY(points_make(c, cli));
    }
    inputs_join(s, checksum, cli->arena);
    if (is_file(out)) s->checkpoint = arena_printf(cli->arena, "%s.part", out);
    return OK;
}

/* Marks the point that the scenario stands for now. */
static void now_mark(struct sweep_command *c)
{
    size_t at = 0;
    for (size_t i = 0; i < c->n_axes; i++) {
        const struct node *n = node_find(c->scenario.root, c->axes[i].path);
        size_t j = 0;
        if (!n || n->type != NODE_TEXT) return;
        while (j < c->axes[i].n && !axis_same(c->axes[i].values[j], n->text)) j++;
        if (j == c->axes[i].n) return;
        at = at * c->axes[i].n + j;
    }
    c->sweep.points[at].now = true;
}

static struct sheet points_sheet(struct sweep_command *c, struct cli *cli)
{
    struct sweep_axis axes[MAX_AXES];
    const char *title = c->scenario.name;
    if (strcmp(c->sweep.variant, "base") != 0)
        title = arena_printf(cli->arena, "%s / %s", title, c->sweep.variant);
    for (size_t i = 0; i < c->n_axes; i++)
        axes[i] = (struct sweep_axis){c->axes[i].path, c->axes[i].values, c->axes[i].numbers,
                                      c->axes[i].n, c->axes[i].unit >= AXIS_DURATION};
    now_mark(c);
    const struct sweep_table table = {.title = title,
                                      .currency = currency_name(c->scenario.currency),
                                      .n_axes = c->n_axes,
                                      .axes = axes,
                                      .n = c->sweep.n,
                                      .points = c->sweep.points,
                                      .n_figures = c->n_figures,
                                      .figures = c->figures};
    return sweep_sheet(&table, cli->arena);
}

/* Infeasible points are answers while there is another one; values that are not valid are mistakes of the command. */
static int points_status(const struct sweep *s)
{
    int status = 0;
    bool any = false;
    for (size_t i = 0; i < s->n; i++) {
        const struct sweep_point *p = &s->points[i];
        any = any || p->has_plan;
        if (strcmp(p->status, "error") == 0) status = worse_status(status, 3);
        if (strcmp(p->status, "feasible") == 0 || strcmp(p->status, "none") == 0)
            status = worse_status(status, EXIT_LIMIT);
    }
    return any ? status : worse_status(status, EXIT_INFEASIBLE);
}

static void stopped_say(const struct sweep *s, const struct cli *cli)
{
    size_t done = 0;
    for (size_t i = 0; i < s->n; i++) done += s->points[i].status != NULL;
    if (s->checkpoint && !cli->quiet)
        fprintf(
            stderr,
            _("gpumix: %zu of %zu points are kept in %s; the same command goes on from there\n"),
            done, s->n, s->checkpoint);
}

static int sweep_command_run(const struct options *o, struct cli *cli)
{
    struct sweep_command c = {0};
    enum err code = command_read(&c, o, cli);
    if (code == OK) code = sweep_run(&c.sweep, cli);
    if (code != OK) return err_exit_status(code);
    if (*cli->stop) {
        stopped_say(&c.sweep, cli);
        return 0;
    }
    const struct sheet sheet = c.sensitivity
                                   ? swings_sheet(&c.sweep, c.swings, c.n_swings, &c.scenario, cli)
                                   : points_sheet(&c, cli);
    const struct keyed_sheet answer = {.key = c.sensitivity ? "sensitivity" : "points",
                                       .sheet = &sheet};
    const int written = sheets_present(&(struct sheet_list){.n = 1, .items = &answer}, o, cli);
    if (written == 0 && c.sweep.checkpoint) (void)unlink(c.sweep.checkpoint);
    int status = points_status(&c.sweep);
    if (c.sensitivity && !c.sweep.points[0].has_plan)
        status = worse_status(status, EXIT_INFEASIBLE);
    return worse_status(status, written);
}

const struct command cmd_sweep = {
    .name = "sweep",
    .arguments = N_("FILE"),
    .help = N_("plan at many values of a number: where is the knee?"),
    .examples =
        "  gpumix sweep scenario.yaml --over workloads.train.window.deadline=8d..20d/2d\n"
        "  gpumix sweep scenario.yaml --over quota.A10-24GB=64,128,256 --frontier cost,finish\n"
        "  gpumix sweep scenario.yaml --over A=... --over B=... --format csv --out grid.csv\n"
        "  gpumix sweep scenario.yaml --sensitivity\n",
    .options = sweep_options,
    .prints_data = true,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = sweep_command_run,
};

/* gpumix explain: why this machine, why not that one. */
#include "cli/explain_defaults.h"
#include "cli/planning.h"
#include "cli/present.h"
#include "common/text.h"
#include "report/alternatives_sheet.h"
#include "report/curve_sheet.h"
#include "report/explain.h"
#include "report/plan_sheet.h"
#include <math.h>
#include <string.h>

/* clang-format off */
static const struct option_row explain_options[] = {
    {"not",      0, N_("TYPE"),       true,  NULL, N_("why not this instance type or GPU model")},
    {"limits",   0, NULL,             true,  NULL, N_("only what one unit more of each limit saves; with a workload also a day more")},
    {"commitment-curve", 0, N_("TYPE[@PLACE]"), false, NULL, N_("cost against the number of this type subscribed; savings_plan: against its money per hour")},
    {"alternatives", 0, NULL,         true,  NULL, N_("up to three really different plans that cost little more")},
    {"within",   0, N_("SHARE"),      false, NULL, N_("how much more they may cost (5%)")},
    {"defaults", 0, NULL,             true,  NULL, N_("every default that was used, and where it comes from")},
    {"variant",  0, N_("A,B"),        false, NULL, N_("variants to explain; all: base and every variant")},
    {"set",      0, N_("PATH=VALUE"), true,  NULL, N_("change a value of the scenario")},
    {0},
};
/* clang-format on */

struct explaining {
    struct planning planning;
    struct text_list variants;
    const struct report_format *format;
    struct explain_request request;
    struct curve_request curve;
    bool alternatives;
    double within;
    struct result *results;
};

static enum err options_clash(const struct options *o, struct diag *d)
{
    const char *const names[] = {"not", "limits", "defaults", "commitment-curve", "alternatives"};
    const char *seen = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!option_given(o, names[i])) continue;
        if (seen) {
            const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                             _("--%s and --%s exclude each other"), seen, names[i]);
            diag_fix(d, "%s", _("leave one of the two out"));
            return code;
        }
        seen = names[i];
    }
    if (!option_given(o, "commitment-curve") || o->n_arguments < 2) return OK;
    diag_error(d, ERR_OPTION_VALUE, (struct place){0}, "%s",
               _("a commitment curve is of the whole plan, not of one workload"));
    diag_fix(d, "%s", _("leave one of the two out"));
    return ERR_OPTION_VALUE;
}

/* "TYPE" or "TYPE@PLACE". */
static void curve_read(struct explaining *e, const struct options *o, struct arena *a)
{
    const char *text = option_value(o, "commitment-curve");
    if (!text) return;
    const char *at = strchr(text, '@');
    e->curve.type = at ? arena_strndup(a, text, (size_t)(at - text)) : text;
    e->curve.place = at ? at + 1 : NULL;
    e->planning.settings.curve = &e->curve;
}

static enum err within_read(struct explaining *e, const struct options *o, struct diag *d)
{
    const char *within = option_value(o, "within");
    e->alternatives = option_given(o, "alternatives");
    e->within = 0.05;
    if (!within || (quantity_parse(&e->within, within, NUMBER_FRAC) && e->within >= 0)) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), within, "within");
    diag_fix(d, _("write %s"), quantity_expected(NUMBER_FRAC));
    return code;
}

static enum err explaining_read(struct explaining *e, const struct options *o, struct cli *cli)
{
    e->planning = (struct planning){.path = o->arguments[0], .settings = PLAN_SETTINGS};
    e->planning.set = option_values(&e->planning.n_set, o, "set", cli->arena);
    e->planning.settings.lp.stop = cli->stop;
    TRY(within_read(e, o, cli->diag));
    e->planning.settings.ranges = !e->alternatives;
    e->planning.settings.entries = !e->alternatives && !option_given(o, "limits");
    e->request = (struct explain_request){.workload = o->n_arguments > 1 ? o->arguments[1] : NULL,
                                          .limits = option_given(o, "limits"),
                                          .day_saves = (double)NAN};
    e->request.not_names = option_values(&e->request.n_not, o, "not", cli->arena);
    TRY(options_clash(o, cli->diag));
    curve_read(e, o, cli->arena);
    TRY(format_chosen(&e->format, o, cli->diag));
    return variants_choose(&e->variants, e->planning.path, option_value(o, "variant"), cli);
}

static enum err workload_check(const struct scenario *s, const char *name, struct cli *cli)
{
    const char **names = ARENA_NEW(cli->arena, const char *, s->n_workloads + 1);
    for (size_t i = 0; i < s->n_workloads; i++) {
        names[i] = s->workloads[i].name;
        if (!name || strcmp(name, names[i]) == 0) return OK;
    }
    const enum err code = diag_error(cli->diag, ERR_NOT_FOUND, (struct place){0},
                                     _("the scenario has no workload \"%s\""), name);
    const char *near = nearest_name(name, names, s->n_workloads);
    if (near)
        diag_fix(cli->diag, _("did you mean %s?"), near);
    else
        diag_fix(cli->diag, _("its first workload is %s"), names[0]);
    return code;
}

static enum err not_check(const struct plan *p, const struct explain_request *q, struct diag *d)
{
    for (size_t i = 0; i < q->n_not; i++) {
        const char *name = q->not_names[i];
        if (book_type_find(p->book, name) != SIZE_MAX || book_gpu_find(p->book, name) != NO_GPU)
            continue;
        const enum err code = diag_error(d, ERR_NOT_FOUND, (struct place){0},
                                         _("no instance type or GPU model is called \"%s\""), name);
        const char *near = book_type_nearest(p->book, name);
        if (!near) near = book_gpu_nearest(p->book, name);
        if (near)
            diag_fix(d, _("did you mean %s?"), near);
        else
            diag_fix(d, "%s", _("`gpumix catalog gpus` lists the models and types"));
        return code;
    }
    return OK;
}

/* The same plan with the deadline a day later. NAN where the deadline is not the workload's own, or nothing comes of it. */
static double day_saves(const struct explaining *e, const struct result *r, struct cli *cli)
{
    struct arena *a = cli->arena;
    const struct scenario *s = r->plan->scenario;
    const struct workload *w = s->workloads;
    while (strcmp(w->name, e->request.workload) != 0) w++;
    if (!w->has_deadline || w->from_csv || !r->summary->has_plan) return (double)NAN;
    char moment[32];
    const char *later =
        w->deadline_is_moment
            ? arena_printf(a, "\"%s\"",
                           moment_print(moment, sizeof moment, w->deadline + 24 * US_PER_H))
            : arena_printf(a, "%.15gh", w->deadline_h + 24);
    struct planning p = e->planning;
    const char **set = ARENA_NEW(a, const char *, p.n_set + 1);
    for (size_t i = 0; i < p.n_set; i++) set[i] = p.set[i];
    set[p.n_set++] = arena_printf(a, "workloads.%s.window.deadline=%s", w->name, later);
    p.set = set;
    struct result longer;
    variant_plan(&longer, &p, r->variant, cli);
    if (longer.code != OK || !longer.summary->has_plan) return (double)NAN;
    return fmax(0, ((double)r->summary->cost - (double)longer.summary->cost) / 1e6);
}

static enum err variant_explain(struct explaining *e, size_t i, struct cli *cli)
{
    struct result *r = &e->results[i];
    variant_plan(r, &e->planning, e->variants.items[i], cli);
    findings_collect(cli->diag, r->diag);
    if (r->code != OK || *cli->stop) return r->code;
    TRY(workload_check(r->plan->scenario, e->request.workload, cli));
    return not_check(r->plan, &e->request, cli->diag);
}

/* A sheet per term that can be bought. */
static enum err curves_print(const struct result *r, const struct report_format *format,
                             struct cli *cli, FILE *out)
{
    for (size_t i = 0; i < r->plan->n_curves; i++) {
        const struct sheet sheet = curve_sheet(r, &r->plan->curves[i], cli->arena);
        if (i) fputc('\n', out);
        TRY(format->sheet(&sheet, out, cli->arena, cli->diag));
    }
    return OK;
}

/* All curves of all variants: one tidy table, in documents one for each. */
static enum err curves_answer(const struct explaining *e, struct cli *cli, FILE *out)
{
    struct sheet sheet = curves_sheet(cli->arena);
    for (size_t i = 0; i < e->variants.n; i++) {
        if (!e->results[i].plan) continue;
        if (e->format == &format_md)
            TRY(curves_print(&e->results[i], e->format, cli, out));
        else
            curves_rows(&sheet, &e->results[i]);
    }
    return e->format == &format_md ? OK : e->format->sheet(&sheet, out, cli->arena, cli->diag);
}

/* A plan that does not exist is told as `plan` tells it, and then what was looked at. */
static enum err text_print(const struct explaining *e, struct cli *cli, FILE *out)
{
    const struct report report = {.n_results = e->variants.n,
                                  .results = e->results,
                                  .version = cli->version,
                                  .today = cli->today};
    for (size_t i = 0; i < e->variants.n; i++) {
        const struct result *r = &e->results[i];
        if (!r->plan) continue;
        struct explain_request q = e->request;
        if (q.limits && q.workload) q.day_saves = day_saves(e, r, cli);
        if (!r->summary->has_plan) {
            const struct sheet clash = plan_sheet(r, &report, cli->arena);
            TRY(format_table.sheet(&clash, out, cli->arena, cli->diag));
            fputc('\n', out);
        }
        if (e->curve.type)
            TRY(curves_print(r, &format_table, cli, out));
        else
            explain_print(r, &q, out, cli->arena);
        if (i + 1 < e->variants.n) fputc('\n', out);
    }
    return OK;
}

static enum err alternatives_answer(const struct explaining *e, struct cli *cli, FILE *out)
{
    struct sheet sheet = alternatives_sheet(cli->arena, e->within);
    for (size_t i = 0; i < e->variants.n; i++) {
        const struct result *r = &e->results[i];
        struct alternative list[MOST_ALTERNATIVES];
        size_t n;
        if (!r->plan || !r->summary->has_plan) continue;
        TRY(alternatives_find(list, &n, r->plan, &e->planning.settings, e->within, cli->arena));
        alternatives_rows(&sheet, r, list, n);
    }
    return e->format->sheet(&sheet, out, cli->arena, cli->diag);
}

static enum err answer_print(const struct explaining *e, struct cli *cli, FILE *out)
{
    if (e->alternatives) return alternatives_answer(e, cli, out);
    if (e->format == &format_table) return text_print(e, cli, out);
    if (e->curve.type) return curves_answer(e, cli, out);
    struct sheet sheet = explain_sheet(cli->arena);
    for (size_t i = 0; i < e->variants.n; i++) {
        struct explain_request q = e->request;
        if (!e->results[i].plan) continue;
        if (q.limits && q.workload) q.day_saves = day_saves(e, &e->results[i], cli);
        explain_rows(&sheet, &e->results[i], &q);
    }
    return e->format->sheet(&sheet, out, cli->arena, cli->diag);
}

static enum err answer_write(const struct explaining *e, const struct options *o, struct cli *cli)
{
    struct output out;
    TRY(output_open(&out, option_value(o, "out"), cli->arena, cli->diag));
    const enum err code = answer_print(e, cli, out.stream);
    if (code != OK) {
        output_discard(&out);
        return code;
    }
    return output_commit(&out, cli->diag);
}

static int explain_run(const struct options *o, struct cli *cli)
{
    struct explaining e = {0};
    enum err code = explaining_read(&e, o, cli);
    if (code != OK) return err_exit_status(code);
    if (option_given(o, "defaults"))
        return explain_defaults(&e.planning, &e.variants, e.request.workload, o, cli);
    e.results = ARENA_NEW(cli->arena, struct result, e.variants.n);
    int status = 0;
    for (size_t i = 0; i < e.variants.n; i++) {
        code = variant_explain(&e, i, cli);
        if (*cli->stop) return 0;
        if (code != OK && e.results[i].code == OK) return err_exit_status(code);
        status = worse_status(status, result_status(&e.results[i]));
    }
    code = answer_write(&e, o, cli);
    return worse_status(status, err_exit_status(code));
}

const struct command cmd_explain = {
    .name = "explain",
    .arguments = N_("FILE [WORKLOAD]"),
    .help = N_("why this machine, why not that one"),
    .examples = "  gpumix explain scenario.yaml\n"
                "  gpumix explain scenario.yaml train\n"
                "  gpumix explain scenario.yaml train --not ecs.gn7i-c16g1.4xlarge\n"
                "  gpumix explain scenario.yaml train --limits\n"
                "  gpumix explain scenario.yaml --commitment-curve ecs.gn7i-c8g1.2xlarge\n"
                "  gpumix explain scenario.yaml --alternatives --within 2%\n"
                "  gpumix explain scenario.yaml --defaults\n",
    .options = explain_options,
    .prints_data = true,
    .min_arguments = 1,
    .max_arguments = 2,
    .run = explain_run,
};

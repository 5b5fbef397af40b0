#include "cli/planning.h"
#include "cli/progress.h"
#include "cli/promises.h"
#include "common/node.h"
#include "common/sha256.h"
#include "common/text.h"
#include "report/certify.h"
#include "report/pitfalls.h"
#include "solver/plan_exact.h"
#include <stdlib.h>
#include <string.h>

static enum err variant_unknown(const char *name, const struct text_list *all, struct diag *d)
{
    const enum err code = diag_error(d, ERR_NOT_FOUND, (struct place){0},
                                     _("the scenario has no variant \"%s\""), name);
    const char *near = nearest_name(name, all->items, all->n);
    if (near)
        diag_fix(d, _("did you mean %s?"), near);
    else
        diag_fix(d, "%s", _("--list-variants lists them"));
    return code;
}

static enum err variant_twice(const char *name, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("variant \"%s\" is asked for twice"), name);
    diag_fix(d, "%s", _("name it once"));
    return code;
}

static bool list_has(const char *const *items, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(items[i], name) == 0) return true;
    return false;
}

enum err variants_choose(struct text_list *names, const char *path, const char *wanted,
                         struct cli *cli)
{
    struct arena *a = cli->arena;
    const char **items = NULL;
    *names = (struct text_list){0};
    size_t n = 0;
    if (!wanted) {
        *ARENA_PUSH(a, items, n) = "base";
        *names = (struct text_list){.n = n, .items = items};
        return OK;
    }
    struct text_list all;
    TRY(scenario_variants(&all, path, a, cli->diag));
    if (strcmp(wanted, "all") == 0) {
        *ARENA_PUSH(a, items, n) = "base";
        for (size_t i = 0; i < all.n; i++) *ARENA_PUSH(a, items, n) = all.items[i];
    } else {
        char *rest = arena_strdup(a, wanted);
        for (const char *name; (name = strsep(&rest, ","));) {
            if (strcmp(name, "base") != 0 && !list_has(all.items, all.n, name))
                return variant_unknown(name, &all, cli->diag);
            if (list_has(items, n, name)) return variant_twice(name, cli->diag);
            *ARENA_PUSH(a, items, n) = name;
        }
    }
    *names = (struct text_list){.n = n, .items = items};
    return OK;
}

enum err scenario_book(struct price_book **book, const struct scenario *s, struct cli *cli,
                       struct diag *d)
{
    const double max_age_days = s->max_age_h > 0 ? s->max_age_h / 24 : -1;
    return price_book_load(book, &s->catalog, cli->today, max_age_days, cli->arena, d);
}

/* The files a result rests on, each once. */
struct file_list {
    struct input_file *items;
    size_t n;
    struct arena *arena;
};

static void file_add(struct file_list *files, const char *path)
{
    for (size_t i = 0; i < files->n; i++)
        if (strcmp(files->items[i].path, path) == 0) return;
    *ARENA_PUSH(files->arena, files->items, files->n) = (struct input_file){path, NULL};
}

/* A file that a value of the scenario names, if it does. */
static void named_file_add(struct file_list *files, const struct node *map, const char *path)
{
    const struct node *n = map ? node_find(map, path) : NULL;
    if (n && n->type == NODE_TEXT) file_add(files, node_file_path(n, files->arena));
}

/* Checksums of the scenario's files, of its job lists and stock, and of the price files it names. Standard input
 * cannot be read again. */
static enum err files_sum(struct result *out, const struct scenario *s, struct arena *a,
                          struct diag *d)
{
    const char *const *const lists[] = {s->catalog.instances, s->catalog.prices, s->catalog.storage,
                                        s->catalog.gpu_speed};
    struct file_list files = {.arena = a};
    for (size_t i = 0; i < s->files.n; i++) file_add(&files, s->files.items[i]);
    static const char *const named[] = {"work.from_csv", "load.from_csv", "request_mix.from_csv",
                                        "service.profile"};
    for (size_t i = 0; i < s->n_workloads; i++)
        for (size_t k = 0; k < sizeof named / sizeof *named; k++)
            named_file_add(&files, s->workloads[i].node, named[k]);
    named_file_add(&files, s->root, "stock.from_csv");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t j = 0; lists[i] && lists[i][j]; j++) file_add(&files, lists[i][j]);
    for (size_t i = 0; i < files.n; i++) {
        if (strcmp(files.items[i].path, "<stdin>") == 0) continue;
        char *hex = ARENA_NEW(a, char, SHA256_HEX_BYTES);
        TRY(sha256_file(hex, files.items[i].path, d));
        files.items[i].sha256 = hex;
    }
    out->files = files.items;
    out->n_files = files.n;
    return OK;
}

/* Loads what a variant rests on, and its prices. */
static enum err variant_load(struct scenario *s, struct price_book **book, const struct planning *p,
                             const char *variant, struct cli *cli, struct diag *d)
{
    const struct scenario_options options = {
        .variant = strcmp(variant, "base") ? variant : NULL, .n_set = p->n_set, .set = p->set};
    TRY(scenario_load(s, p->path, &options, cli->arena, d));
    return scenario_book(book, s, cli, d);
}

enum err variant_inputs(struct result *out, struct scenario *s, struct price_book **book,
                        const struct planning *p, struct cli *cli, struct diag *d)
{
    TRY(variant_load(s, book, p, out->variant, cli, d));
    return files_sum(out, s, cli->arena, d);
}

enum err inputs_checksum(const char **hex, struct scenario *s, const struct planning *p,
                         const char *variant, struct cli *cli)
{
    struct arena *a = cli->arena;
    struct price_book *book;
    struct result files;
    struct diag quiet = {.arena = a}; /* warnings come with the plans */
    enum err code = variant_load(s, &book, p, variant, cli, &quiet);
    if (code == OK) code = files_sum(&files, s, a, &quiet);
    if (code != OK) {
        findings_collect(cli->diag, &quiet);
        return code;
    }
    const char *all = arena_printf(a, "%s\n%s\n%s\n", cli->version, variant, book_checksum(book));
    for (size_t i = 0; i < files.n_files; i++)
        all = arena_printf(a, "%s%s %s\n", all, files.files[i].path,
                           files.files[i].sha256 ? files.files[i].sha256 : "-");
    for (size_t i = 0; i < p->n_set; i++) all = arena_printf(a, "%s%s\n", all, p->set[i]);
    *hex = sha256_text(ARENA_NEW(a, char, SHA256_HEX_BYTES), all, strlen(all));
    return OK;
}

static const char *variant_label(const struct scenario *s, const char *variant, bool chinese)
{
    for (size_t i = 0; i < s->n_variants; i++) {
        if (strcmp(s->variants[i].name, variant) != 0) continue;
        return chinese && s->variants[i].label_zh ? s->variants[i].label_zh : s->variants[i].label;
    }
    return NULL;
}

/* A plan, or the proof that there is none. */
static bool plan_has_claims(const struct plan *p)
{
    return p->model && p->demands &&
           (p->status == PLAN_OPTIMAL || p->status == PLAN_FEASIBLE ||
            p->status == PLAN_INFEASIBLE);
}

/* A plan whose proof fails is not shown. */
static enum err claims_check(struct result *out, struct proof *proof, struct cli *cli,
                             struct diag *d)
{
    const enum err code = result_certify(out, proof, cli->version, d);
    if (code != OK) {
        out->plan = NULL;
        out->summary = NULL;
    }
    return code;
}

static enum err exact_find(struct plan *plan, const struct planning *p, struct arena *a,
                           struct diag *d)
{
    struct lp_exact_settings settings = LP_EXACT_SETTINGS;
    if (p->settings.lp.time_limit_s > 0) settings.time_limit_s = p->settings.lp.time_limit_s;
    settings.stop = p->settings.lp.stop;
    return plan_exact_find(plan, &settings, a, d);
}

static enum err plan_make(struct result *out, const struct planning *p, struct cli *cli,
                          struct diag *d)
{
    struct arena *a = cli->arena;
    struct scenario *s = ARENA_NEW(a, struct scenario, 1);
    struct plan *plan = ARENA_NEW(a, struct plan, 1);
    struct summary *summary = ARENA_NEW(a, struct summary, 1);
    struct price_book *book;
    TRY(variant_load(s, &book, p, out->variant, cli, d));
    out->label = variant_label(s, out->variant, cli->chinese);
    TRY(files_sum(out, s, a, d));
    const struct promise_request request = {s, book, &p->settings};
    TRY(promises_keep(out, plan, &request, cli, d));
    struct proof *proof = plan_has_claims(plan) ? ARENA_NEW(a, struct proof, 1) : NULL;
    if (proof) TRY(plan_certify(proof, plan, a, d));
    if (p->exact) TRY(exact_find(plan, p, a, d));
    TRY(summary_make(summary, plan, a, d));
    if (p->warns) pitfalls_check(summary, p->n_no_warnings, p->no_warnings, a, d);
    out->plan = plan;
    out->summary = summary;
    out->n_set = p->n_set;
    out->set = p->set;
    return proof ? claims_check(out, proof, cli, d) : OK;
}

void variant_plan(struct result *out, const struct planning *p, const char *variant,
                  struct cli *cli)
{
    struct diag *d = ARENA_NEW(cli->arena, struct diag, 1);
    d->arena = cli->arena;
    *out = (struct result){.variant = variant, .diag = d};
    struct progress *progress =
        progress_start(cli, arena_printf(cli->arena, _("planning %s"), variant));
    out->code = plan_make(out, p, cli, d);
    progress_stop(progress);
}

int result_status(const struct result *r)
{
    if (r->code != OK) return err_exit_status(r->code);
    const struct plan_exact *exact = r->plan->exact;
    if (exact && exact->status == EXACT_UNKNOWN && r->plan->status != PLAN_INFEASIBLE)
        return EXIT_LIMIT;
    switch (r->plan->status) {
    case PLAN_OPTIMAL:
    case PLAN_WITHIN_GAP:
        return 0;
    case PLAN_INFEASIBLE:
        return EXIT_INFEASIBLE;
    case PLAN_FEASIBLE:
    case PLAN_NONE:
        break;
    }
    return EXIT_LIMIT;
}

int worse_status(int a, int b)
{
    static const int order[] = {0, EXIT_GATE, EXIT_LIMIT, EXIT_INFEASIBLE, 2, 3, 6, 7, 9, 8};
    for (size_t i = sizeof order / sizeof *order; i-- > 0;)
        if (a == order[i] || b == order[i]) return order[i];
    return a > b ? a : b;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
    const struct place *p = &a->place, *q = &b->place;
    return a->code == b->code && p->line == q->line && p->column == q->column &&
           same_text(p->source ? p->source->path : NULL, q->source ? q->source->path : NULL) &&
           same_text(a->what, b->what);
}

void findings_collect(struct diag *to, const struct diag *from)
{
    size_t n_errors = 0, n_warnings = 0;
    for (const struct finding *f = from->first; f; f = f->next) {
        n_errors += f->severity == SEVERITY_ERROR;
        n_warnings += f->severity == SEVERITY_WARNING;
        const struct finding *known = to->first;
        while (known && !same_finding(known, f)) known = known->next;
        if (known) continue;
        struct finding *copy = ARENA_NEW(to->arena, struct finding, 1);
        *copy = *f;
        copy->next = NULL;
        if (to->last)
            to->last->next = copy;
        else
            to->first = copy;
        to->last = copy;
        to->n_errors += f->severity == SEVERITY_ERROR;
        to->n_warnings += f->severity == SEVERITY_WARNING;
    }
    /* Findings beyond DIAG_MAX_ERRORS are only counted. */
    if (from->n_errors > n_errors) to->n_errors += from->n_errors - n_errors;
    if (from->n_warnings > n_warnings) to->n_warnings += from->n_warnings - n_warnings;
    if (to->code == OK) to->code = from->code;
}

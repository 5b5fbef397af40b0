/* gpumix recommend: GPU or CPU, which family, which market, where the data go. */
#include "cli/new_file.h"
#include "cli/present.h"
#include "cli/recommend.h"
#include "common/text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

static const char *const graphics_words[] = {"none", "offline", "realtime", "cad", "encode", NULL};

/* clang-format off */
static const struct option_row recommend_options[] = {
    {"tensor",            0, NULL,        true,  NULL, N_("it uses matrix or tensor maths, or draws")},
    {"no-tensor",         0, NULL,        true,  NULL, N_("it does not: CPU machines")},
    {"graphics",          0, N_("WHAT"),  false, graphics_words, N_("none, offline rendering, realtime 3D, cad seats, encode video")},
    {"large",             0, NULL,        true,  NULL, N_("more than 100k samples or 100M parameters")},
    {"small",             0, NULL,        true,  NULL, N_("less than that")},
    {"online",            0, NULL,        true,  NULL, N_("it must answer within milliseconds")},
    {"batch",             0, NULL,        true,  NULL, N_("it has a deadline, not a reader who waits")},
    {"interruptible",     0, NULL,        true,  NULL, N_("it can stop and start again")},
    {"not-interruptible", 0, NULL,        true,  NULL, N_("it cannot: no spot")},
    {"gpu-memory",        0, N_("SIZE"),  false, NULL, N_("GPU memory that one worker needs, e.g. 80GB")},
    {"parameters",        0, N_("COUNT"), false, NULL, N_("size of the model, e.g. 7B; gives the memory")},
    {"kind",              0, N_("KIND"),  false, NULL, N_("kind of work, instead of the first questions")},
    {"region",            0, N_("PLACE"), true,  NULL, N_("only this region or zone; without it every mainland region")},
    {"write",             0, N_("FILE"),  false, NULL, N_("write a complete scenario there; nothing is overwritten")},
    {0},
};
/* clang-format on */

enum { SHOWN_PICKS = 6 };

static enum err view_make(struct market_view *m, struct cli *cli)
{
    const struct book_sources builtin = {.builtin = true};
    struct price_book *book;
    const struct offer_request request = {.discount = RATIO_ZERO,
                                          .places = m->answers->places,
                                          .n_places = m->answers->n_places,
                                          .currency = CURRENCY_CNY,
                                          .fx_usd = RATIO_ZERO,
                                          .spot_price_factor = RATIO_ONE};
    TRY(price_book_load(&book, &builtin, cli->today, -1, cli->arena, cli->diag));
    m->book = book;
    return offers_make(&m->offers, book, &request, cli->arena, cli->diag);
}

/* There are some: the mainland regions together have every machine. */
static const char *places_text(const struct answers *w, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < w->n_places; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : "", w->places[i]);
    return text;
}

static enum err nothing_fits(const struct answers *w, struct arena *a, struct diag *d)
{
    if (!w->tensor) {
        const enum err code =
            diag_error(d, ERR_NO_MACHINE, (struct place){0},
                       _("the price book has no machine without a GPU in %s"), places_text(w, a));
        diag_fix(d, "%s",
                 _("name other regions, or plan with prices of your own (`catalog.prices`)"));
        return code;
    }
    const enum err code =
        diag_error(d, ERR_NO_MACHINE, (struct place){0},
                   _("no machine has %g GB of GPU memory and what else the answers ask for"),
                   w->gpu_memory_gib);
    diag_fix(
        d, "%s",
        _("ask for less memory (shard the model, or take smaller parts), or for other regions"));
    return code;
}

enum {
    ITEM,
    RANK,
    NAME,
    FAMILY,
    MEMORY,
    ON_DEMAND,
    SPOT,
    MONTHLY,
    SPEED,
    PER_WORK,
    MARKET,
    TYPE,
    PLACE,
    FACT,
    TEXT,
    N_COLUMNS
};

static const struct sheet_column all_columns[N_COLUMNS] = {
    [ITEM] = {"item", N_("item"), 'l', false},
    [RANK] = {"rank", "", 'r', true},
    [NAME] = {"name", N_("name"), 'l', false},
    [FAMILY] = {"family", N_("family"), 'l', false},
    [MEMORY] = {"gpu_memory_gib", N_("GB"), 'r', true},
    [ON_DEMAND] = {"on_demand_per_work", N_("on-demand"), 'r', true},
    [SPOT] = {"spot_per_work", N_("spot"), 'r', true},
    [MONTHLY] = {"subscription_per_work", N_("subscr."), 'r', true},
    [SPEED] = {"speed", N_("speed"), 'r', true},
    [PER_WORK] = {"per_work", N_("per work"), 'r', true},
    [MARKET] = {"market", N_("bought as"), 'l', false},
    [TYPE] = {"instance_type", N_("cheapest as"), 'l', false},
    [PLACE] = {"place", N_("in"), 'l', false},
    [FACT] = {"fact", N_("fact"), 'r', true},
    [TEXT] = {"text", N_("text"), 'l', false},
};

static struct sheet_cell price_cell(struct arena *a, double value)
{
    return sheet_number(a, value, value < 0.1 ? 4 : 2);
}

static void pick_fill(struct sheet_cell *cells, const struct market_view *m, const struct pick *p)
{
    struct arena *a = m->cli->arena;
    cells[NAME] = sheet_text(pick_name(m, p));
    cells[FAMILY] = sheet_text(p->family);
    if (p->memory_gib > 0) cells[MEMORY] = sheet_number(a, p->memory_gib, 0);
    cells[ON_DEMAND] = price_cell(a, p->per_work[WAY_ON_DEMAND]);
    cells[SPOT] = price_cell(a, p->per_work[WAY_SPOT]);
    cells[MONTHLY] = price_cell(a, p->per_work[WAY_SUBSCRIPTION]);
    cells[SPEED] = sheet_number(a, p->speed, 2);
    cells[PER_WORK] = price_cell(a, p->per_work[p->way]);
    const struct offer *o = p->offer[p->way];
    cells[MARKET] = sheet_both(_(o->market->label), way_name(p->way));
    cells[TYPE] = sheet_text(book_type(m->book, o->type)->name);
    cells[PLACE] = sheet_text(offer_place(o));
}

struct answer_parts {
    const struct pick *picks;
    size_t n_picks;
    const struct remark *remarks;
    size_t n_remarks;
};

static void text_row(struct sheet *sheet, const char *item, const char *name, int fact,
                     const char *text)
{
    struct sheet_cell *cells = sheet_row(sheet);
    cells[ITEM] = sheet_text(item);
    cells[NAME] = sheet_text(name);
    if (fact) cells[FACT] = sheet_number(sheet->arena, fact, 0);
    cells[TEXT] = sheet_text(text);
}

static int sheet_answer(const struct market_view *m, const struct answer_parts *p,
                        const struct options *o)
{
    struct sheet sheet = sheet_new(m->cli->arena, all_columns, N_COLUMNS);
    for (size_t i = 0; i < p->n_picks; i++) {
        struct sheet_cell *cells = sheet_row(&sheet);
        cells[ITEM] = sheet_text("candidate");
        cells[RANK] = sheet_number(sheet.arena, (double)(i + 1), 0);
        pick_fill(cells, m, &p->picks[i]);
    }
    text_row(&sheet, "advice", "kind", 0, m->answers->kind->name);
    text_row(&sheet, "advice", "market", 0, advice_market(m, &p->picks[0]));
    text_row(&sheet, "advice", "storage", 0, advice_storage(m->answers));
    text_row(&sheet, "advice", "same_as", 0,
             arena_printf(sheet.arena, "gpumix recommend %s", m->answers->flags));
    for (size_t i = 0; i < p->n_remarks; i++)
        text_row(&sheet, p->remarks[i].pitfall ? "pitfall" : "reason", p->remarks[i].name,
                 p->remarks[i].fact, p->remarks[i].text);
    return sheet_present(&sheet, o, m->cli);
}

/* ---- for people ---------------------------------------------------------------------------------- */

static void headline_print(const struct market_view *m, const struct answer_parts *p, FILE *out)
{
    const struct answers *w = m->answers;
    const struct pick *best = &p->picks[0];
    if (!w->tensor)
        fprintf(out, _("-> CPU: %s"), best->family);
    else if (best->gpus > 1)
        fprintf(out, _("-> GPU: %ld x %s in one machine (%s)"), best->gpus, pick_name(m, best),
                best->family);
    else
        fprintf(out, _("-> GPU: %s (%s)"), pick_name(m, best), best->family);
    for (size_t i = 1; i < p->n_picks && i < 3; i++)
        fprintf(out, "%s%s", i == 1 ? _("; also fits: ") : ", ", pick_name(m, &p->picks[i]));
    fprintf(out, "\n   %s %s (%s)\n", _("Kind:   "), w->kind->name, _(w->kind->label));
    fprintf(out, "   %s %s\n", _("Buy:    "), advice_market(m, best));
    fprintf(out, "   %s %s\n\n", _("Storage:"), advice_storage(w));
}

static void picks_print(const struct market_view *m, const struct answer_parts *p, FILE *out)
{
    static const size_t shown[] = {NAME,    MEMORY,   SPEED,  ON_DEMAND, SPOT,
                                   MONTHLY, PER_WORK, MARKET, TYPE,      PLACE};
    enum { N_SHOWN = sizeof shown / sizeof *shown };
    struct arena *a = m->cli->arena;
    struct sheet sheet = sheet_new(a, all_columns, N_COLUMNS);
    const char *texts[N_SHOWN];
    char align[N_SHOWN + 1] = "";
    for (size_t i = 0; i < N_SHOWN; i++) {
        align[i] = all_columns[shown[i]].align;
        texts[i] = _(all_columns[shown[i]].label);
    }
    struct table *t = table_new(a, align);
    table_cells(t, texts);
    table_rule(t);
    for (size_t i = 0; i < p->n_picks && i < SHOWN_PICKS; i++) {
        struct sheet_cell *cells = sheet_row(&sheet);
        pick_fill(cells, m, &p->picks[i]);
        for (size_t k = 0; k < N_SHOWN; k++) texts[k] = sheet_shown(&cells[shown[k]]);
        table_cells(t, texts);
    }
    table_print(t, out, "   ");
    fprintf(
        out, "   %s\n\n",
        m->answers->tensor
            ? _("CNY for what one A10-24GB does in an hour; the cheapest place of each market.")
            : _("CNY for what one vCPU of c7 does in an hour; the cheapest place of each market."));
}

static void remarks_print(const struct answer_parts *p, bool pitfalls, const char *head, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < p->n_remarks; i++) {
        const struct remark *r = &p->remarks[i];
        if (r->pitfall != pitfalls) continue;
        if (!any) fprintf(out, "   %s\n", head);
        any = true;
        fprintf(out, "   - %s", r->text);
        if (r->fact) fprintf(out, " [F%d]", r->fact);
        fputc('\n', out);
    }
}

static enum err text_answer(const struct market_view *m, const struct answer_parts *p,
                            const struct options *o)
{
    struct output out;
    TRY(output_open(&out, option_value(o, "out"), m->cli->arena, m->cli->diag));
    headline_print(m, p, out.stream);
    picks_print(m, p, out.stream);
    remarks_print(p, false, _("Why:"), out.stream);
    remarks_print(p, true, _("Mind (F: facts in docs/prices.md):"), out.stream);
    fprintf(out.stream, _("   Same as: gpumix recommend %s\n"), m->answers->flags);
    if (!option_value(o, "write"))
        fprintf(out.stream, "%s\n", _("   Write it: add --write scenario.yaml"));
    return output_commit(&out, m->cli->diag);
}

static enum err scenario_write(const char *path, const struct market_view *m,
                               const struct answer_parts *p)
{
    const char *text = recommended_scenario(m, p->picks, p->n_picks);
    TRY(new_file_write(path, text, strlen(text), m->cli->arena, m->cli->diag));
    if (m->cli->quiet) return OK;
    fprintf(stderr, _("Wrote %s\n"), path);
    fprintf(stderr, _("Next:  gpumix validate %s\n"), path);
    fprintf(stderr, _("       gpumix plan %s\n"), path);
    fprintf(stderr, _("       gpumix explain %s%s%s\n"), path, "", "");
    return OK;
}

static int recommend_run(const struct options *o, struct cli *cli)
{
    const bool ask = !option_given(o, "no-input") && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    const char *path = option_value(o, "write");
    struct answers answers;
    struct market_view m = {.answers = &answers, .cli = cli};
    struct answer_parts p;
    const struct report_format *format;
    enum err code = format_chosen(&format, o, cli->diag);
    if (code == OK && path) code = new_file_check(path, cli->diag);
    if (code == OK) code = answers_read(&answers, o, ask, cli);
    if (code == OK) code = view_make(&m, cli);
    if (code != OK) return err_exit_status(code);
    p.picks = picks_make(&p.n_picks, &m);
    if (p.n_picks == 0) return err_exit_status(nothing_fits(&answers, cli->arena, cli->diag));
    p.remarks = remarks_make(&p.n_remarks, &m, p.picks, p.n_picks);
    int status = 0;
    if (format == &format_table)
        status = err_exit_status(text_answer(&m, &p, o));
    else
        status = sheet_answer(&m, &p, o);
    if (status == 0 && path) status = err_exit_status(scenario_write(path, &m, &p));
    return status;
}

const struct command cmd_recommend = {
    .name = "recommend",
    .arguments = "",
    .help = N_("GPU or CPU, which machines, which market, where the data go"),
    .examples = "  gpumix recommend\n"
                "  gpumix recommend --tensor --large --batch --interruptible "
                "--gpu-memory 80GB\n"
                "  gpumix recommend --kind training --interruptible --parameters 7B --write "
                "my-plan.yaml\n"
                "  gpumix recommend --graphics offline --interruptible --gpu-memory 24GB --json\n",
    .options = recommend_options,
    .prints_data = true,
    .run = recommend_run,
};

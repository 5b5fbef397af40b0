/* gpumix replay: which spot policy wins on given availability traces. */
#include "cli/present.h"
#include "cli/progress.h"
#include "common/quantity.h"
#include "common/text.h"
#include "report/replay_sheet.h"
#include "sim/replay.h"
#include <math.h>
#include <string.h>

static const char *const meanings[] = {"available", "taken", NULL};
static const char *const tables[] = {"windows", "summary", "ticks", NULL};
static const char *const hindsight = "hindsight";

/* clang-format off */
static const struct option_row replay_options[] = {
    {"trace",           0, N_("FILE"),     false, NULL,     N_("CSV with a row per tick; - is standard input")},
    {"meaning",         0, N_("WORD"),     false, meanings, N_("what a 1 in it says: spot could be held (available), or could not (taken)")},
    {"column",          0, N_("NAME"),     false, NULL,     N_("the column that says so (available, or taken)")},
    {"price-column",    0, N_("NAME"),     false, NULL,     N_("column with the spot price per hour of each tick")},
    {"step",            0, N_("DURATION"), false, NULL,     N_("length of a tick")},
    {"windows",         0, N_("FILE"),     false, NULL,     N_("CSV with window_id, start_tick, ticks; default: the whole trace is one")},
    {"work",            0, N_("DURATION"), false, NULL,     N_("work of the job, on one machine")},
    {"deadline",        0, N_("DURATION"), false, NULL,     N_("from the window's start")},
    {"restart",         0, N_("DURATION"), false, NULL,     N_("without work after each start (0s)")},
    {"on-demand-price", 0, N_("PRICE"),    false, NULL,     N_("per hour")},
    {"spot-price",      0, N_("PRICE"),    false, NULL,     N_("per hour; with --price-column what policies expect")},
    {"policies",        0, N_("LIST"),     false, NULL,     N_("names between commas (all, and hindsight)")},
    {"nodes",           0, N_("N"),        false, NULL,     N_("instead of a job: keep N nodes, spot as many as the column counts")},
    {"threads",         0, N_("T"),        false, NULL,     N_("at a time (one per processor); the result does not depend on it")},
    {"table",           0, N_("NAME"),     false, tables,   N_("what CSV prints (windows)")},
    {0},
};
/* clang-format on */

enum { MOST_THREADS = 256, MOST_NODES = 1000000, MOST_POLICIES = 64, MOST_TICKS = 1000000 };
static const double s_per_h = 3600, most_price = 1e6, most_hours = 1e5;
static const double confidence = 0.95;

struct replay_command {
    struct trace_request trace_request;
    struct trace trace;
    struct replay_request request;
    const struct policy *policies[MOST_POLICIES];
    long nodes; /* 0: a job */
};

static enum err wrong(const char *name, const char *value, const char *fix, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), value, name);
    diag_fix(d, "%s", fix);
    return code;
}

static enum err missing(const char *name, const char *fix, struct diag *d)
{
    const enum err code =
        diag_error(d, ERR_OPTION_VALUE, (struct place){0}, _("replay needs --%s"), name);
    diag_why(d, "%s", _("a guess would stand in its place"));
    diag_fix(d, "%s", fix);
    return code;
}

/* An option that may be left out keeps *out. */
struct number_option {
    const char *name;
    bool price; /* a plain number, else a duration, kept in seconds */
    bool zero;  /* may be 0 */
    bool optional;
};

static enum err number_read(double *out, const struct number_option *n, const struct options *o,
                            struct diag *d)
{
    const char *text = option_value(o, n->name);
    const char *fix = n->price ? _("write a plain number per hour above 0, for example 3.06")
                               : _("write a length of time with its unit, for example 48h or 600s");
    double value = 0;
    if (!text) return n->optional ? OK : missing(n->name, fix, d);
    const bool understood = quantity_parse(&value, text, n->price ? PLAIN : DURATION_H);
    const double most = n->price ? most_price : most_hours;
    if (!understood || value < 0 || value > most || (value == 0 && !n->zero))
        return wrong(n->name, text, fix, d);
    /* 0.02 h are 72 s, not 72.00000000000001: microseconds are what durations are exact to */
    *out = n->price ? value : round(value * s_per_h * 1e6) / 1e6;
    return OK;
}

static enum err whole_read(long *out, const char *name, long most, const struct options *o,
                           struct diag *d)
{
    const char *text = option_value(o, name);
    double value = 0;
    if (!text) return OK;
    const bool understood = quantity_parse(&value, text, PLAIN);
    if (!understood || value < 1 || value > (double)most || value != floor(value))
        return wrong(name, text,
                     arena_printf(d->arena, _("write a whole number from 1 to %ld"), most), d);
    *out = (long)value;
    return OK;
}

/* --- policies --- */

static enum err policy_unknown(const char *name, struct diag *d)
{
    const char *names[MOST_POLICIES + 1];
    size_t n = 0;
    for (; policies[n]; n++) names[n] = policies[n]->name;
    names[n++] = hindsight;
    const char *all = "";
    for (size_t i = 0; i < n; i++)
        all = arena_printf(d->arena, "%s%s%s", all, i > 0 ? ", " : "", names[i]);
    const char *near = nearest_name(name, names, n);
    return wrong("policies", name,
                 near ? arena_printf(d->arena, _("did you mean %s?"), near)
                      : arena_printf(d->arena, _("use one of: %s"), all),
                 d);
}

static enum err policy_add(struct replay_command *c, const char *name, struct diag *d)
{
    struct replay_request *r = &c->request;
    const struct policy *policy = policy_find(name);
    if (!policy && strcmp(name, hindsight) != 0) return policy_unknown(name, d);
    for (size_t i = 0; i < r->n_policies; i++)
        if (c->policies[i] == policy)
            return wrong("policies", name, _("name every policy once"), d);
    c->policies[r->n_policies++] = policy;
    return OK;
}

static enum err policies_read(struct replay_command *c, const struct options *o, struct diag *d)
{
    const char *list = option_value(o, "policies");
    c->request.policies = c->policies;
    if (!list) {
        for (size_t i = 0; policies[i]; i++) TRY(policy_add(c, policies[i]->name, d));
        return policy_add(c, hindsight, d);
    }
    for (;;) {
        const size_t length = strcspn(list, ",");
        TRY(policy_add(c, arena_strndup(d->arena, list, length), d));
        if (!list[length]) return OK;
        list += length + 1;
    }
}

/* --- the command --- */

/* On-demand from the first tick on must make the deadline, or no policy can be held to it. */
static enum err terms_check(const struct policy_terms *t, struct diag *d)
{
    const double needed = ceil((t->work_s + t->restart_s) / t->step_s);
    const double allowed = floor(t->deadline_s / t->step_s);
    if (allowed > MOST_TICKS) {
        diag_error(d, ERR_JOB_TERMS, (struct place){0}, _("the deadline is %.0f ticks away"),
                   allowed);
        diag_why(d, "%s", _("a replay takes a million ticks at most"));
        diag_fix(d, "%s", _("give a sooner --deadline or a longer --step"));
        return ERR_JOB_TERMS;
    }
    if (needed <= allowed) return OK;
    diag_error(d, ERR_JOB_TERMS, (struct place){0},
               _("the work needs %.0f ticks with its start, the deadline leaves %.0f"), needed,
               allowed);
    diag_fix(d, _("give --deadline %gh or later"), needed * t->step_s / s_per_h);
    return ERR_JOB_TERMS;
}

static enum err trace_options_read(struct replay_command *c, const struct options *o,
                                   struct diag *d)
{
    struct trace_request *r = &c->trace_request;
    const char *meaning = option_value(o, "meaning");
    r->path = option_value(o, "trace");
    if (!r->path)
        return missing("trace", _("write --trace FILE, a CSV file with a row per tick"), d);
    if (!meaning)
        return missing("meaning",
                       _("write --meaning available when a 1 says that spot could be held, "
                         "--meaning taken when it says the opposite"),
                       d);
    r->ones_are_taken = strcmp(meaning, "taken") == 0;
    r->column = option_given(o, "column") ? option_value(o, "column") : meaning;
    r->price_column = option_value(o, "price-column");
    r->counts = c->nodes > 0;
    if (r->counts && r->ones_are_taken)
        return wrong("meaning", meaning,
                     _("a column that counts nodes says how many are available"), d);
    const struct number_option step = {"step", false, false, false};
    return number_read(&r->step_s, &step, o, d);
}

static enum err nodes_alone(const char *name, struct diag *d)
{
    diag_error(d, ERR_OPTION_VALUE, (struct place){0}, _("--%s cannot be used with %s"), name,
               "--nodes");
    diag_fix(d, "%s", _("leave one of the two out"));
    return ERR_OPTION_VALUE;
}

static enum err job_options_read(struct replay_command *c, const struct options *o, struct diag *d)
{
    static const char *const of_jobs[] = {"work", "deadline", "restart", "policies", "threads"};
    struct policy_terms *t = &c->request.terms;
    const struct number_option on_demand = {"on-demand-price", true, false, false};
    const struct number_option spot = {"spot-price", true, false, c->trace_request.price_column};
    t->step_s = c->trace_request.step_s;
    TRY(number_read(&t->on_demand_price_per_h, &on_demand, o, d));
    TRY(number_read(&t->spot_price_per_h, &spot, o, d));
    if (c->nodes > 0) {
        for (size_t i = 0; i < sizeof of_jobs / sizeof *of_jobs; i++)
            if (option_given(o, of_jobs[i])) return nodes_alone(of_jobs[i], d);
        return OK;
    }
    const struct number_option work = {"work", false, false, false};
    const struct number_option deadline = {"deadline", false, false, false};
    const struct number_option restart = {"restart", false, true, true};
    long threads = 0;
    TRY(number_read(&t->work_s, &work, o, d));
    TRY(number_read(&t->deadline_s, &deadline, o, d));
    TRY(number_read(&t->restart_s, &restart, o, d));
    TRY(whole_read(&threads, "threads", MOST_THREADS, o, d));
    c->request.threads = (size_t)threads;
    TRY(policies_read(c, o, d));
    return terms_check(t, d);
}

/* Without a price of their own policies expect the mean of what was seen before the first window,
 * or the first price there is. */
static double price_expected(const struct trace *t, const struct replay_request *r)
{
    size_t before = t->n;
    double sum = 0;
    for (size_t i = 0; i < r->n_windows; i++)
        if (r->windows[i].start < before) before = r->windows[i].start;
    for (size_t k = 0; k < before; k++) sum += t->price_per_h[k];
    return before > 0 ? sum / (double)before : t->price_per_h[0];
}

static enum err command_read(struct replay_command *c, const struct options *o, struct cli *cli)
{
    struct replay_request *r = &c->request;
    struct trace_windows windows = {0};
    TRY(whole_read(&c->nodes, "nodes", MOST_NODES, o, cli->diag));
    TRY(trace_options_read(c, o, cli->diag));
    TRY(job_options_read(c, o, cli->diag));
    TRY(trace_read(&c->trace, &c->trace_request, cli->arena, cli->diag));
    const size_t needed = c->nodes > 0 ? 1 : (size_t)floor(r->terms.deadline_s / r->terms.step_s);
    TRY(trace_windows_read(&windows, option_value(o, "windows"), &c->trace, needed, cli->arena,
                           cli->diag));
    r->trace = &c->trace;
    r->n_windows = windows.n;
    r->windows = windows.items;
    if (c->trace.price_per_h && r->terms.spot_price_per_h == 0)
        r->terms.spot_price_per_h = price_expected(&c->trace, r);
    return OK;
}

static int fleet_run(const struct replay_command *c, const struct options *o, struct cli *cli)
{
    const struct replay_request *r = &c->request;
    struct fleet_outcome *outcomes = ARENA_NEW(cli->arena, struct fleet_outcome, r->n_windows);
    double *all = ARENA_NEW(cli->arena, double, r->n_windows);
    const double per_tick =
        (double)c->nodes * r->terms.on_demand_price_per_h * r->terms.step_s / s_per_h;
    for (size_t w = 0; w < r->n_windows; w++) {
        outcomes[w] = replay_fleet(c->nodes, &r->terms, r->trace, &r->windows[w]);
        all[w] = per_tick * (double)r->windows[w].ticks;
    }
    const struct fleet_table table = {
        .title =
            arena_printf(cli->arena, _("%ld nodes at every tick of %s, spot where there is some"),
                         c->nodes, r->trace->path),
        .n_windows = r->n_windows,
        .windows = r->windows,
        .outcomes = outcomes,
        .on_demand_cost = all,
    };
    const struct sheet sheet = fleet_windows_sheet(&table, cli->arena);
    return sheet_present(&sheet, o, cli);
}

static int job_run(const struct replay_command *c, const struct options *o, struct cli *cli)
{
    const struct replay_request *r = &c->request;
    const struct policy_terms *t = &r->terms;
    struct progress *progress = progress_start(cli, _("replaying"));
    const struct replay_outcome *outcomes = replay_all(r, cli->arena);
    progress_stop(progress);
    const struct replay_table table = {
        .title = arena_printf(cli->arena,
                              _("%g h of work within %g h, %g h per start, in %zu windows of %s"),
                              t->work_s / s_per_h, t->deadline_s / s_per_h, t->restart_s / s_per_h,
                              r->n_windows, r->trace->path),
        .n_windows = r->n_windows,
        .n_policies = r->n_policies,
        .windows = r->windows,
        .policies = r->policies,
        .outcomes = outcomes,
        .confidence = confidence,
    };
    const struct sheet summary = replay_summary_sheet(&table, cli->arena);
    const struct sheet windows = replay_windows_sheet(&table, cli->arena);
    const struct sheet ticks = replay_ticks_sheet(&table, cli->arena);
    const bool people_see_windows = r->n_windows == 1;
    const struct keyed_sheet sheets[] = {
        {.key = "summary", .sheet = &summary},
        {.key = "windows", .sheet = &windows, .machines_only = !people_see_windows},
        {.key = "ticks", .sheet = &ticks, .machines_only = true},
    };
    const char *asked = option_value(o, "table");
    const struct sheet_list list = {sizeof sheets / sizeof *sheets, sheets,
                                    asked ? asked : "windows"};
    return sheets_present(&list, o, cli);
}

static int replay_run_command(const struct options *o, struct cli *cli)
{
    struct replay_command c = {0};
    const enum err code = command_read(&c, o, cli);
    if (code != OK) return err_exit_status(code);
    return c.nodes > 0 ? fleet_run(&c, o, cli) : job_run(&c, o, cli);
}

const struct command cmd_replay = {
    .name = "replay",
    .arguments = "",
    .help = N_("which spot policy wins on given availability traces"),
    .examples =
        "  gpumix replay --trace series.csv --meaning available --step 600s --windows windows.csv "
        "\\\n"
        "    --work 48h --deadline 52h --restart 0.2h --on-demand-price 3.06 --spot-price 0.9731\n"
        "  gpumix replay --trace nodes.csv --meaning available --step 600s --nodes 16 \\\n"
        "    --on-demand-price 3.06 --spot-price 0.9731\n",
    .options = replay_options,
    .prints_data = true,
    .run = replay_run_command,
};

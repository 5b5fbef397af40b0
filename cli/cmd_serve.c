/* gpumix serve: the report page on loopback, with plans solved anew behind its sliders. */
#include "cli/around.h"
#include "cli/crew.h"
#include "cli/serve.h"
#include "common/text.h"
#include "report/cells.h"
#include "report/quote.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const struct option_row serve_options[] = {
    {"port",    0, N_("PORT"), false, NULL, N_("of 127.0.0.1, 1 to 65535; default: any that is free")},
    {"open",    0, NULL,       true,  NULL, N_("open the page in the browser of this desktop")},
    {"variant", 0, N_("A,B"),  false, NULL, N_("variants to tell; default: compare.order, else all")},
    {"what-if", 0, N_("N"),    false, NULL, N_("plans solved at most before, for its sliders; default: as the size of the scenario allows")},
    DOSSIER_OPTIONS
    {0},
};
/* clang-format on */

/* Solved at a time: one per processor. Further ones wait, and those behind them are asked to come again. */
enum { MOST_WAITING = 128, MOST_KEPT = 512 };

struct serving {
    struct cli *cli;
    struct dossier dossier;
    struct dossier_request request;
    const struct saved_run *run;
    const char *page;
    size_t page_bytes;
    sem_t solving;
    pthread_mutex_t mutex; /* of all below */
    long waiting;
    struct arena *kept_arena;
    size_t n_kept;
    struct kept {
        const char *query, *answer;
    } kept[MOST_KEPT]; /* answers given, the oldest overwritten */
};

/* ---- what-if ---- */

static struct serve_answer text_answer(unsigned status, const char *type, const char *text)
{
    return (struct serve_answer){status, type, text, strlen(text)};
}

static struct serve_answer bad_query(void)
{
    return text_answer(400, "text/plain; charset=utf-8", "not understood\n");
}

static bool number_read(double *value, const char *text)
{
    char *end;
    if (!text || !*text || strlen(text) > 32) return false;
    errno = 0;
    *value = strtod(text, &end);
    return end != text && !*end && errno == 0 && isfinite(*value);
}

/* "table=0&a0=1.25&a1=0.9": a table of the page, and a factor for each of its axes. */
static bool settings_read(const char ***set, size_t *n, const struct serving *s,
                          const struct serve_query *q, struct arena *a)
{
    const struct what_if *w = s->dossier.around.what_if;
    double table;
    *set = NULL;
    *n = 0;
    if (!w || !number_read(&table, q->value(q, "table"))) return false;
    if (table < 0 || table >= (double)w->n_tables || table != floor(table)) return false;
    const struct what_if_table *t = &w->tables[(size_t)table];
    for (size_t i = 0; i < t->n_set; i++) *ARENA_PUSH(a, *set, *n) = t->set[i];
    for (size_t k = 0; k < t->n_axes; k++) {
        const struct what_if_axis *axis = &w->axes[t->axes[k]];
        double value;
        if (!number_read(&value, q->value(q, arena_printf(a, "a%zu", t->axes[k])))) return false;
        if (value < axis->values[0] || value > axis->values[axis->n - 1]) return false;
        for (size_t i = 0; value != axis->values[axis->now] && i < axis->n_settings; i++) {
            const struct what_if_setting *x = &axis->settings[i];
            *ARENA_PUSH(a, *set, *n) = arena_printf(a, *x->unit ? "%s=%.0f%s" : "%s=%.6g%s",
                                                    x->path, x->times * value, x->unit);
        }
    }
    return true;
}

static const char *plan_text(const struct serving *s, const char **set, size_t n, struct arena *a)
{
    struct diag quiet = {.arena = a};
    struct cli own = *s->cli;
    own.arena = a;
    own.diag = &quiet;
    own.progress = false;
    struct planning planning = planning_with(&s->request.planning, set, n, a);
    planning.warns = false;
    struct result result;
    variant_plan(&result, &planning, s->run->variant, &own);
    const struct summary *x = result.summary;
    const char *status = x ? x->status : "error";
    if (!x || !x->has_plan)
        return arena_printf(a, "{\"how\": \"none\", \"status\": %s, \"cost\": null}\n",
                            quote_json(a, status));
    return arena_printf(a,
                        "{\"how\": \"solved\", \"status\": %s, \"cost\": %s, \"bound\": %s, "
                        "\"gap\": %s, \"machines\": %ld, \"machine_hours\": %s}\n",
                        quote_json(a, status), micro_text(a, x->cost), real_text(a, x->bound),
                        real_text(a, x->gap), x->machines, real_text(a, x->machine_h));
}

static const char *query_text(const char **set, size_t n, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++) text = arena_printf(a, "%s%s\n", text, set[i]);
    return text;
}

/* An answer given before, copied. Call with the mutex held. */
static const char *kept_find(const struct serving *s, const char *query, struct arena *a)
{
    const size_t n = s->n_kept < MOST_KEPT ? s->n_kept : MOST_KEPT;
    for (size_t i = 0; i < n; i++)
        if (strcmp(s->kept[i].query, query) == 0) return arena_strdup(a, s->kept[i].answer);
    return NULL;
}

static void kept_add(struct serving *s, const char *query, const char *answer)
{
    if (s->n_kept >= MOST_KEPT) { /* all at once: an arena gives nothing back singly */
        arena_free(s->kept_arena);
        s->kept_arena = arena_new();
        s->n_kept = 0;
    }
    s->kept[s->n_kept++] =
        (struct kept){arena_strdup(s->kept_arena, query), arena_strdup(s->kept_arena, answer)};
}

/* Waits for a processor, unless too many wait already. */
static bool turn_take(struct serving *s)
{
    pthread_mutex_lock(&s->mutex);
    const bool may = s->waiting < MOST_WAITING;
    s->waiting += may;
    pthread_mutex_unlock(&s->mutex);
    while (may && sem_wait(&s->solving) != 0)
        if (errno != EINTR) break;
    return may;
}

static void turn_give(struct serving *s)
{
    (void)sem_post(&s->solving);
    pthread_mutex_lock(&s->mutex);
    s->waiting--;
    pthread_mutex_unlock(&s->mutex);
}

static struct serve_answer what_if(struct serving *s, const struct serve_query *q, struct arena *a)
{
    static const char json[] = "application/json";
    const char **set;
    size_t n;
    if (!settings_read(&set, &n, s, q, a)) return bad_query();
    const char *query = query_text(set, n, a);
    pthread_mutex_lock(&s->mutex);
    const char *answer = kept_find(s, query, a);
    pthread_mutex_unlock(&s->mutex);
    if (answer) return text_answer(200, json, answer);
    if (!turn_take(s)) return text_answer(503, "text/plain; charset=utf-8", "too many at a time\n");
    pthread_mutex_lock(&s->mutex);
    answer = kept_find(s, query, a); /* somebody else may have asked meanwhile */
    pthread_mutex_unlock(&s->mutex);
    if (!answer) {
        answer = plan_text(s, set, n, a);
        pthread_mutex_lock(&s->mutex);
        if (!*s->cli->stop) kept_add(s, query, answer);
        pthread_mutex_unlock(&s->mutex);
    }
    turn_give(s);
    return text_answer(200, json, answer);
}

static void answer(struct serve_answer *out, const struct serve_query *q, void *context,
                   struct arena *a)
{
    struct serving *s = context;
    if (!*q->path)
        *out = (struct serve_answer){200, "text/html; charset=utf-8", s->page, s->page_bytes};
    else if (strcmp(q->path, "what-if") == 0)
        *out = what_if(s, q, a);
    else
        *out = text_answer(404, "text/plain; charset=utf-8", "not here\n");
}

/* ---- start ---- */

static enum err port_read(unsigned *port, const struct options *o, struct diag *d)
{
    const char *text = option_value(o, "port");
    *port = 0;
    if (!text) return OK;
    char *end;
    const unsigned long value = strtoul(text, &end, 10);
    *port = (unsigned)value;
    if (*text >= '0' && *text <= '9' && !*end && value >= 1 && value <= 65535) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), text, "port");
    diag_fix(d, "%s", _("write a whole number from 1 to 65535"));
    return code;
}

static enum err page_make(struct serving *s, struct cli *cli)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, &s->page_bytes);
    if (!out)
        return diag_error(cli->diag, ERR_MEMORY, (struct place){0}, "%s",
                          _("the text could not be built in memory"));
    const enum err code = report_html.write(&s->dossier, out, cli->arena, cli->diag);
    (void)fclose(out);
    arena_defer(cli->arena, free, text);
    s->page = text;
    return code;
}

static void page_open(const char *url)
{
    pid_t child;
    char *const argv[] = {"xdg-open", (char *)url, NULL};
    (void)posix_spawnp(&child, "xdg-open", NULL, NULL, argv, environ);
}

static enum err serving_load(struct serving *s, long most, const struct options *o, struct cli *cli)
{
    TRY(dossier_options(&s->dossier, &s->request, o, cli));
    s->dossier.live = true;
    TRY(dossier_load(&s->dossier, &s->request, o, cli));
    if (s->dossier.saved) {
        diag_error(cli->diag, ERR_ARGUMENTS, (struct place){0}, "%s",
                   _("a saved run cannot be solved anew"));
        diag_fix(cli->diag, "%s",
                 _("give its scenario; gpumix report makes a page of a saved run"));
        return ERR_ARGUMENTS;
    }
    if (*cli->stop) return OK;
    s->run = dossier_main(&s->dossier);
    TRY(around_make(&s->dossier, &s->request, most, cli));
    return page_make(s, cli);
}

static int serve_run(const struct options *o, struct cli *cli)
{
    struct serving *s = ARENA_NEW(cli->arena, struct serving, 1);
    struct serve_settings settings = {.answer = answer, .context = s, .stop = cli->stop};
    struct serve *server;
    long most = -1;
    s->cli = cli;
    enum err code = port_read(&settings.port, o, cli->diag);
    if (code == OK) code = around_option(&most, o, cli->diag);
    if (code == OK) code = serving_load(s, most, o, cli);
    if (code != OK) return err_exit_status(code);
    if (*cli->stop) return 0;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    (void)sem_init(&s->solving, 0, processors > 0 ? (unsigned)processors : 1);
    pthread_mutex_init(&s->mutex, NULL);
    s->kept_arena = arena_new();
    code = serve_start(&server, &settings, cli->arena, cli->diag);
    if (code == OK) {
        printf("%s\n", serve_url(server));
        (void)fflush(stdout);
        if (!cli->quiet)
            fprintf(stderr, "%s\n", _("gpumix: the page is at this address until Ctrl-C"));
        if (option_given(o, "open")) page_open(serve_url(server));
        serve_wait(server);
    }
    arena_free(s->kept_arena);
    return err_exit_status(code);
}

const struct command cmd_serve = {
    .name = "serve",
    .arguments = N_("FILE"),
    .help = N_("the report page on this machine, with plans solved anew behind its sliders"),
    .examples = "  gpumix serve scenario.yaml --open\n"
                "  gpumix serve scenario.yaml --port 8080\n",
    .options = serve_options,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = serve_run,
};

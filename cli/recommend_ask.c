/* The questions of recommend: each has its options, and is asked only where no option answers it. */
#include "cli/recommend.h"
#include "common/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const graphics_words[] = {"none", "offline", "realtime", "cad", "encode", NULL};

struct asking {
    const struct options *options;
    struct cli *cli;
    bool ask;
    int number; /* of the question */
};

/* A line from the terminal without its end; NULL at the end of input. */
static const char *line_read(struct asking *k)
{
    char line[256];
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) return NULL;
    const char *text = line + strspn(line, " \t");
    size_t bytes = strcspn(text, "\r\n");
    while (bytes && text[bytes - 1] == ' ') bytes--;
    return arena_strndup(k->cli->arena, text, bytes);
}

static enum err answer_missing(const struct asking *k, const char *question, const char *option)
{
    const enum err code = diag_error(k->cli->diag, ERR_ANSWER, (struct place){0},
                                     _("this is not answered: %s"), question);
    diag_fix(k->cli->diag, _("give %s, or run it on a terminal, where it asks"), option);
    return code;
}

static enum err answers_clash(const struct asking *k, const char *a, const char *b)
{
    const enum err code = diag_error(k->cli->diag, ERR_ANSWERS_CLASH, (struct place){0},
                                     _("%s and %s exclude each other"), a, b);
    diag_fix(k->cli->diag, "%s", _("leave one of the two out"));
    return code;
}

/* A question with two answers, each an option of its own. */
static enum err ask_flag(bool *answer, struct asking *k, const char *yes, const char *no,
                         const char *question)
{
    const bool is_yes = option_given(k->options, yes), is_no = option_given(k->options, no);
    struct arena *a = k->cli->arena;
    k->number++;
    if (is_yes && is_no)
        return answers_clash(k, arena_printf(a, "--%s", yes), arena_printf(a, "--%s", no));
    *answer = is_yes;
    if (is_yes || is_no) return OK;
    while (k->ask && !*k->cli->stop) {
        printf(_("%d. %s  [y/n] "), k->number, question);
        const char *line = line_read(k);
        if (!line) break;
        if (!strcmp(line, "y") || !strcmp(line, "yes") || !strcmp(line, "是"))
            return *answer = true, OK;
        if (!strcmp(line, "n") || !strcmp(line, "no") || !strcmp(line, "否")) return OK;
        puts(_("   Please answer y or n."));
    }
    return answer_missing(k, question, arena_printf(a, "--%s / --%s", yes, no));
}

static bool is_graphics(const char *word)
{
    for (size_t i = 0; graphics_words[i]; i++)
        if (strcmp(word, graphics_words[i]) == 0) return true;
    return false;
}

static enum err ask_graphics(enum graphics *answer, struct asking *k)
{
    const char *question = _("Does it draw or encode pictures? (none, offline rendering, realtime "
                             "3D, cad seats, encode video)");
    const char *given = option_value(k->options, "graphics");
    /* Answers to the questions that only work without pictures is asked. */
    static const char *const implied[] = {"large", "small", "online", "batch"};
    for (size_t i = 0; !given && i < sizeof implied / sizeof *implied; i++)
        if (option_given(k->options, implied[i])) given = "none";
    k->number++;
    while (true) {
        for (size_t i = 0; given && graphics_words[i]; i++)
            if (strcmp(given, graphics_words[i]) == 0) return *answer = (enum graphics)i, OK;
        if (!k->ask || *k->cli->stop) break;
        printf(_("%d. %s  [none/offline/realtime/cad/encode] "), k->number, question);
        given = line_read(k);
        if (!given) break;
        if (!is_graphics(given)) puts(_("   Please answer with one of the words in brackets."));
    }
    return answer_missing(k, question, "--graphics none|offline|realtime|cad|encode");
}

static enum err size_wrong(const struct asking *k, const char *text)
{
    const enum err code = diag_error(k->cli->diag, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), text, "gpu-memory");
    diag_fix(k->cli->diag, _("write %s"), quantity_expected(SIZE_GIB));
    return code;
}

/* People on a terminal may write 80 for 80GB. */
static bool size_typed(double *gib, const char *text)
{
    if (quantity_parse(gib, text, SIZE_GIB)) return *gib > 0;
    char *end;
    *gib = strtod(text, &end);
    return end != text && !*end && *gib > 0 && isfinite(*gib);
}

static enum err ask_memory(struct answers *w, struct asking *k)
{
    const char *question = _("How much GPU memory does one worker need?");
    const char *given = option_value(k->options, "gpu-memory");
    k->number++;
    if (given && (!quantity_parse(&w->gpu_memory_gib, given, SIZE_GIB) || w->gpu_memory_gib <= 0))
        return size_wrong(k, given);
    if (given) return OK;
    if (w->parameters > 0) {
        const bool training = strcmp(w->kind->name, "training") == 0;
        w->gpu_memory_gib = ceil(memory_for(w->parameters, training));
        return OK;
    }
    while (k->ask && !*k->cli->stop) {
        printf(_("%d. %s  [GB] "), k->number, question);
        const char *line = line_read(k);
        if (!line) break;
        if (size_typed(&w->gpu_memory_gib, line)) return OK;
        printf(_("   Please answer with %s.\n"), quantity_expected(SIZE_GIB));
    }
    return answer_missing(k, question, "--gpu-memory 24GB, --parameters 7B");
}

double memory_for(double parameters, bool training)
{
    const double bytes_per_parameter = training ? 16 : 2 * 1.2;
    return parameters * bytes_per_parameter / 1073741824.0;
}

/* ---- kinds --------------------------------------------------------------------------------------- */

/* What a kind says about the questions. */
static const struct {
    const char *kind;
    bool tensor, large, online;
    enum graphics graphics;
} of_kind[] = {
    {"training", true, true, false, GRAPHICS_NONE},
    {"finetune", true, true, false, GRAPHICS_NONE},
    {"inference_online", true, true, true, GRAPHICS_NONE},
    {"inference_batch", true, false, false, GRAPHICS_NONE},
    {"dev", true, false, true, GRAPHICS_NONE},
    {"render_offline", true, true, false, GRAPHICS_OFFLINE},
    {"render_realtime", true, true, true, GRAPHICS_REALTIME},
    {"cad", true, true, true, GRAPHICS_CAD},
    {"etl", false, false, false, GRAPHICS_NONE},
};
enum { N_OF_KIND = sizeof of_kind / sizeof *of_kind };

static const char *kind_of_answers(const struct answers *w)
{
    if (!w->tensor) return "etl";
    if (w->graphics == GRAPHICS_OFFLINE) return "render_offline";
    if (w->graphics == GRAPHICS_REALTIME) return "render_realtime";
    if (w->graphics == GRAPHICS_CAD) return "cad";
    if (w->graphics == GRAPHICS_ENCODE) return "inference_batch";
    if (w->online) return "inference_online";
    return w->large ? "training" : "inference_batch";
}

static enum err kind_unknown(const char *kind, struct diag *d)
{
    const char *names[N_OF_KIND];
    for (size_t i = 0; i < N_OF_KIND; i++) names[i] = of_kind[i].kind;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), kind, "kind");
    const char *near = nearest_name(kind, names, N_OF_KIND);
    if (near)
        diag_fix(d, _("did you mean %s?"), near);
    else
        diag_fix(d, "%s", _("`gpumix init --list` lists the kinds"));
    return code;
}

/* Options that say the opposite of the kind. */
static enum err kind_check(const struct answers *w, struct asking *k, const char *kind)
{
    const struct {
        const char *option;
        bool wrong;
    } rows[] = {
        {"tensor", !w->tensor}, {"no-tensor", w->tensor}, {"large", !w->large && !w->tensor},
        {"batch", w->online},   {"online", !w->online},
    };
    struct arena *a = k->cli->arena;
    const char *graphics = option_value(k->options, "graphics");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].wrong && option_given(k->options, rows[i].option))
            return answers_clash(k, arena_printf(a, "--kind %s", kind),
                                 arena_printf(a, "--%s", rows[i].option));
    if (graphics && strcmp(graphics, graphics_words[w->graphics]) != 0)
        return answers_clash(k, arena_printf(a, "--kind %s", kind),
                             arena_printf(a, "--graphics %s", graphics));
    return OK;
}

static enum err kind_take(struct answers *w, struct asking *k, const char *kind)
{
    for (size_t i = 0; i < N_OF_KIND; i++) {
        if (strcmp(kind, of_kind[i].kind) != 0) continue;
        w->tensor = of_kind[i].tensor;
        w->large = of_kind[i].large;
        w->online = of_kind[i].online;
        w->graphics = of_kind[i].graphics;
        w->kind = kind_find(kind);
        return kind_check(w, k, kind);
    }
    return kind_unknown(kind, k->cli->diag);
}

static enum err tree_walk(struct answers *w, struct asking *k)
{
    const char *graphics = option_value(k->options, "graphics");
    const bool draws = graphics && strcmp(graphics, "none") != 0;
    if (draws && option_given(k->options, "no-tensor"))
        return answers_clash(k, "--no-tensor",
                             arena_printf(k->cli->arena, "--graphics %s", graphics));
    w->tensor = draws;
    if (!draws)
        TRY(ask_flag(&w->tensor, k, "tensor", "no-tensor",
                     _("Does the work use matrix or tensor maths, or draw?")));
    if (w->tensor) TRY(ask_graphics(&w->graphics, k));
    if (w->tensor && w->graphics == GRAPHICS_NONE) {
        TRY(ask_flag(&w->large, k, "large", "small",
                     _("More than 100k samples or 100M parameters?")));
        TRY(ask_flag(&w->online, k, "online", "batch", _("Must it answer within milliseconds?")));
    }
    w->kind = kind_find(kind_of_answers(w));
    w->online = w->kind->service;
    return OK;
}

static enum err parameters_read(struct answers *w, const struct options *o, struct diag *d)
{
    const char *text = option_value(o, "parameters");
    if (!text || (quantity_parse(&w->parameters, text, COUNT_SI) && w->parameters > 0)) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), text, "parameters");
    diag_fix(d, _("write %s"), quantity_expected(COUNT_SI));
    return code;
}

static const char *flags_text(const struct answers *w, bool by_kind, struct arena *a)
{
    const char *text;
    if (by_kind)
        text = arena_printf(a, "--kind %s", w->kind->name);
    else if (!w->tensor)
        text = "--no-tensor";
    else if (w->graphics != GRAPHICS_NONE)
        text = arena_printf(a, "--graphics %s", graphics_words[w->graphics]);
    else
        text = arena_printf(a, "--tensor %s %s", w->large ? "--large" : "--small",
                            w->online ? "--online" : "--batch");
    if (!w->online)
        text = arena_printf(a, "%s %s", text,
                            w->interruptible ? "--interruptible" : "--not-interruptible");
    if (w->parameters > 0) text = arena_printf(a, "%s --parameters %gB", text, w->parameters / 1e9);
    if (w->tensor) text = arena_printf(a, "%s --gpu-memory %gGB", text, w->gpu_memory_gib);
    for (size_t i = 0; i < w->n_places; i++)
        text = arena_printf(a, "%s --region %s", text, w->places[i]);
    return text;
}

static unsigned features_of(enum graphics graphics)
{
    switch (graphics) {
    case GRAPHICS_OFFLINE:
        return FEATURE_RT_CORES;
    case GRAPHICS_REALTIME:
        return FEATURE_NVENC | FEATURE_GRID_DRIVER;
    case GRAPHICS_CAD:
        return FEATURE_GRID_DRIVER;
    case GRAPHICS_ENCODE:
        return FEATURE_NVENC;
    case GRAPHICS_NONE:
        break;
    }
    return 0;
}

enum err answers_read(struct answers *w, const struct options *o, bool ask, struct cli *cli)
{
    struct asking k = {.options = o, .cli = cli, .ask = ask};
    const char *kind = option_value(o, "kind");
    *w = (struct answers){0};
    TRY(parameters_read(w, o, cli->diag));
    TRY(kind ? kind_take(w, &k, kind) : tree_walk(w, &k));
    if (!w->online)
        TRY(ask_flag(&w->interruptible, &k, "interruptible", "not-interruptible",
                     _("Can it stop and start again (checkpoints, frames)?")));
    if (w->tensor) TRY(ask_memory(w, &k));
    w->features = features_of(w->graphics);
    w->work_class = w->graphics == GRAPHICS_ENCODE ? "encode_h264" : w->kind->work_class;
    w->places = option_values(&w->n_places, o, "region", cli->arena);
    w->flags = flags_text(w, kind, cli->arena);
    return OK;
}

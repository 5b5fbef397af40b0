/* The scenario of a recommendation: complete, valid, with marks where the user's own numbers belong. */
#include "cli/recommend.h"
#include "cli/starter.h"
#include "common/text.h"
#include <math.h>
#include <string.h>

enum { MOST_CARDS = 3 };

/* What each kind's scenario holds besides machines. Values are marked EDIT: they are guesses of a size. */
static const struct body {
    const char *kind, *workload, *work, *rest, *datasets;
} bodies[] = {
    {"training", "train", "gpu_hours: ",
     "    window: {deadline: 14d}    # EDIT\n"
     "    storage:\n"
     "      - {use: corpus, size: 1TB, reads: 1x}    # EDIT\n"
     "      - {use: checkpoints, size: 500GB}        # EDIT\n",
     "  corpus: {class: oss-standard}\n"
     "  checkpoints: {class: cpfs-200}\n"},
    {"finetune", "tune", "gpu_hours: 40, repeat: weekly",
     "    window: {deadline: 2d}    # EDIT\n"
     "    storage:\n"
     "      - {use: corpus, size: 100GB}    # EDIT\n",
     "  corpus: {class: oss-standard}\n"},
    {"inference_batch", "batch", "items: 1M, seconds_per_item: 0.05, repeat: daily",
     "    window: {deadline: 12h}    # EDIT\n"
     "    storage:\n"
     "      - {use: inputs, size: 1TB, reads: 1x}    # EDIT\n",
     "  inputs: {class: oss-standard}\n"},
    {"render_offline", "shots", "items: 20000, seconds_per_item: 600",
     "    window: {deadline: 10d}    # EDIT\n"
     "    # late_cost: ¥50000/d      # without it the deadline is a hard limit\n"
     "    storage:\n"
     "      - {use: textures, size: 4TB}                    # EDIT; throughput: 2GB/s asks for "
     "speed\n"
     "      - {use: frames, size: 2TB, keep: 30d, egress: 500GB}    # EDIT\n",
     "  textures: {class: cpfs-200}\n"
     "  frames: {class: oss-standard}\n"},
    {"etl", "etl", "vcpu_hours: 5000",
     "    storage:\n"
     "      - {use: lake, size: 10TB, reads: 1x}    # EDIT\n",
     "  lake: {class: oss-standard}\n"},
    {"inference_online", "service", NULL,
     "    load: {shape: diurnal, base: 2/s, peak: 20/s, peak_at: \"21:00\", weekend: 80%}    # "
     "EDIT\n"
     "    service: {time: 150ms, cv: 0.8, batch: 4}    # EDIT: measured on the first GPU of the "
     "list\n"
     "    latency: {p99: 1s}    # EDIT\n"
     "    autoscale: {min: 1, max: 40, cold_start: 2min, cooldown: 10min, headroom: 20%}    # "
     "EDIT\n"
     "    storage:\n"
     "      - {use: weights, size: 60GB}    # EDIT\n",
     "  weights: {class: oss-standard}\n"},
    {"render_realtime", "sessions", NULL,
     "    load: {shape: diurnal, base: 10/h, peak: 120/h, peak_at: \"21:00\", weekend: 140%}    # "
     "EDIT: session starts\n"
     "    service: {time: 45min, cv: 0.7, concurrency: 1, frame: 14ms}    # EDIT\n"
     "    latency: {p95: 40ms, blocked: 1%}    # of a frame; and session starts that find no "
     "place\n"
     "    autoscale: {min: 1, max: 400, cold_start: 2min, cooldown: 15min, headroom: 15%}    # "
     "EDIT\n"
     "    storage:\n"
     "      - {use: scenes, size: 2TB}    # EDIT\n",
     "  scenes: {class: nas-extreme}\n"},
    {"cad", "designers", "seats: 20, hours_per_day: 7.5, repeat: workdays",
     "    window: {hours: \"08:30-18:30\", days: workdays}    # EDIT\n"
     "    autoscale: {min: 0, max: 40, cold_start: 3min, cooldown: 30min}    # EDIT\n"
     "    storage:\n"
     "      - {use: models, size: 2TB}    # EDIT\n",
     "  models: {class: nas-performance}\n"},
    {"dev", "notebooks", "seats: 10, hours_per_day: 5, repeat: workdays",
     "    window: {hours: \"09:00-20:00\", days: workdays}    # EDIT\n"
     "    autoscale: {min: 0, max: 20, cold_start: 3min, cooldown: 30min}    # EDIT\n"
     "    storage:\n"
     "      - {use: homes, size: 1TB}    # EDIT\n",
     "  homes: {class: nas-performance}\n"},
};

static const struct body *body_of(const char *kind)
{
    const struct body *b = bodies;
    while (strcmp(b->kind, kind) != 0) b++;
    return b;
}

double recommended_use(const struct answers *w)
{
    /* Hours of a workday, as the bodies above say. */
    static const struct {
        const char *kind;
        double hours;
    } offices[] = {{"cad", 10}, {"dev", 11}};
    for (size_t i = 0; i < sizeof offices / sizeof *offices; i++)
        if (strcmp(w->kind->name, offices[i].kind) == 0) return offices[i].hours / 24 * 5 / 7;
    return 1;
}

/* --- storage --- */

static const char class_key[] = "class: ", mainland_region[] = "cn-hangzhou";

/* The class that a line of datasets names. */
static size_t class_of(const struct market_view *m, const char *line, struct arena *a)
{
    const char *name = strstr(line, class_key) + strlen(class_key);
    return book_storage_find(m->book, arena_strndup(a, name, strcspn(name, "}")));
}

/* Priced in a region that may be used? Without places every mainland region may. */
static bool is_priced(const struct market_view *m, size_t class_)
{
    const struct answers *w = m->answers;
    for (size_t i = 0; i < w->n_places; i++) {
        const struct region *r = book_region(m->book, book_region_find(m->book, w->places[i]));
        if (book_storage(m->book, class_, r->name).has_price) return true;
    }
    return w->n_places == 0;
}

/* The line with the mainland's price where the class has none. */
static const char *dataset_line(const struct market_view *m, const char *line)
{
    struct arena *a = m->cli->arena;
    const size_t class_ = class_of(m, line, a);
    if (class_ == SIZE_MAX || is_priced(m, class_)) return line;
    const struct storage_tariff t = book_storage(m->book, class_, mainland_region);
    return arena_printf(a,
                        "%.*s, price: ¥%.4g/GB-month}    # EDIT: no price is known there; this is "
                        "the mainland's\n",
                        (int)strcspn(line, "}"), line,
                        ratio_value(t.price_gib_h) * HOURS_PER_MONTH);
}

static const char *datasets_text(const struct market_view *m, const struct body *b)
{
    struct arena *a = m->cli->arena;
    const char *text = "";
    for (const char *line = b->datasets; *line; line += strcspn(line, "\n") + 1)
        text = arena_printf(a, "%s%s", text,
                            dataset_line(m, arena_strndup(a, line, strcspn(line, "\n") + 1)));
    return text;
}

bool storage_lacks_price(const struct market_view *m)
{
    const struct body *b = body_of(m->answers->kind->name);
    return strcmp(datasets_text(m, b), b->datasets) != 0;
}

static const char *cards_text(const struct market_view *m, const struct pick *picks, size_t n)
{
    struct arena *a = m->cli->arena;
    const char *text = "";
    size_t told = 0;
    for (size_t i = 0; i < n && told < MOST_CARDS; i++) {
        if (picks[i].gpus != picks[0].gpus) continue;
        text = arena_printf(a, "%s%s%s", text, told++ ? ", " : "", pick_name(m, &picks[i]));
    }
    return text;
}

/* Largest of 1, 1/2, 1/4, 1/8 of a card that still holds the memory of a worker. */
static double share_of(const struct market_view *m, const struct pick *best)
{
    const double card = book_gpu(m->book, best->gpu)->memory_gib;
    double share = 1;
    while (share > 0.125 && card * share / 2 >= m->answers->gpu_memory_gib) share /= 2;
    return share;
}

static const char *features_text(unsigned features, struct arena *a)
{
    const char *text = "";
    for (unsigned bit = 1; bit != 0; bit <<= 1)
        if (features & bit)
            text = arena_printf(a, "%s%s%s", text, *text ? ", " : "", feature_name(bit));
    return *text ? arena_printf(a, ", features: [%s]", text) : "";
}

static const char *resources_text(const struct market_view *m, const struct pick *picks, size_t n)
{
    const struct answers *w = m->answers;
    struct arena *a = m->cli->arena;
    if (!w->tensor) return "{vcpu: 16, memory: 32GB}    # EDIT: what one worker needs";
    const char *text = arena_printf(a, "{gpu: [%s]", cards_text(m, picks, n));
    const bool shared = w->graphics == GRAPHICS_REALTIME || w->graphics == GRAPHICS_CAD ||
                        strcmp(w->kind->name, "dev") == 0;
    text = shared ? arena_printf(a, "%s, gpu_share: %g", text, share_of(m, &picks[0]))
                  : arena_printf(a, "%s, gpus_per_worker: %ld", text, picks[0].gpus);
    text = arena_printf(a, "%s, gpu_memory: %gGB", text, w->gpu_memory_gib);
    if (picks[0].gpus > 1) text = arena_printf(a, "%s, shard: true", text);
    return arena_printf(a, "%s%s}", text, features_text(w->features, a));
}

/* Speeds of a class that is not the kind's own have to be written out. */
static const char *speed_text(const struct market_view *m, const struct pick *picks, size_t n)
{
    const struct answers *w = m->answers;
    struct arena *a = m->cli->arena;
    if (strcmp(w->work_class, w->kind->work_class) == 0 || !w->tensor) return "";
    const char *text = "";
    for (size_t i = 0; i < n && i < MOST_CARDS; i++)
        text = arena_printf(a, "%s%s%s: %.4g", text, i ? ", " : "", pick_name(m, &picks[i]),
                            picks[i].speed / picks[0].speed);
    return arena_printf(a, "    speed: {%s}    # %s, from the price book\n", text, w->work_class);
}

static const char *work_text(const struct market_view *m, const struct body *b,
                             const struct pick *best)
{
    struct arena *a = m->cli->arena;
    if (!b->work)
        return arena_printf(a,
                            "    work: {measured_on: %s}    # service.time and frame are for it\n",
                            pick_name(m, best));
    if (!m->answers->tensor || m->answers->kind->service)
        return arena_printf(a, "    work: {%s}    # EDIT\n", b->work);
    /* A gang of one worker takes 200 hours. */
    const bool gang = strcmp(b->kind, "training") == 0;
    const char *work = gang ? arena_printf(a, "%s%ld", b->work, 200 * best->gpus) : b->work;
    return arena_printf(a, "    work: {%s, measured_on: %s}    # EDIT: measure it on one card\n",
                        work, pick_name(m, best));
}

static const char *purchase_text(const struct answers *w, struct arena *a)
{
    if (w->online) return purchase_lines("autoscaled, on_demand", a);
    return w->interruptible ? "    purchase: [spot, on_demand]\n" : purchase_lines("on_demand", a);
}

static const char *catalog_text(const struct answers *w, struct arena *a)
{
    const char *places = "";
    for (size_t i = 0; i < w->n_places; i++)
        places = arena_printf(a, "%s%s%s", places, i ? ", " : "", w->places[i]);
    return arena_printf(
        a, "%scatalog: {regions: [%s]}    # without it every mainland region may be used\n",
        *places ? "" : "# ", *places ? places : "cn-hangzhou");
}

static const char *interruption_text(const struct answers *w)
{
    const char *kind = w->kind->name;
    if (w->online || !w->interruptible) return "";
    if (!strcmp(kind, "training"))
        return "    interruption: {tolerant: true, checkpoint_every: auto, checkpoint_size: 80GB, "
               "restart: 10min}    # EDIT\n";
    if (!strcmp(kind, "finetune"))
        return "    interruption: {tolerant: true, checkpoint_every: auto, checkpoint_size: 2GB, "
               "restart: 5min}    # EDIT\n";
    return "    interruption: {tolerant: true, lost_per_hit: 5min, restart: 5min}    # EDIT: work "
           "lost by one reclaim\n";
}

static const char *day_after(const struct cli *cli)
{
    char text[32];
    return arena_printf(cli->arena, "%.10s",
                        moment_print(text, sizeof text, cli->today + 24 * US_PER_H));
}

static const char *variants_text(const struct answers *w, const char *workload, struct arena *a)
{
    if (!w->interruptible || w->online) return "";
    return arena_printf(
        a, "\nvariants:\n  on-demand:\n    set: {workloads.%s.purchase: [on_demand]}\n", workload);
}

/* Comments of what is written. EDIT itself stays: pages speak of lines marked so. */
static const char *const comments[] = {
    N_("EDIT: measure it on one card"),
    N_("EDIT: measured on the first GPU of the list"),
    N_("EDIT: session starts"),
    N_("EDIT: what one worker needs"),
    N_("EDIT: work lost by one reclaim"),
    N_("EDIT: no price is known there; this is the mainland's"),
    N_("EDIT; throughput: 2GB/s asks for speed"),
    N_("Lines marked EDIT hold guesses of a size: put your own numbers there."),
    N_("of a frame; and session starts that find no place"),
    N_("service.time and frame are for it"),
    N_("without it every mainland region may be used"),
    N_("without it the deadline is a hard limit"),
};

static const char *comments_translate(const char *text, struct arena *a)
{
    for (size_t i = 0; i < sizeof comments / sizeof *comments; i++) {
        const char *told = _(comments[i]), *line = arena_printf(a, "# %s\n", comments[i]);
        const char *at = strcmp(told, comments[i]) != 0 ? strstr(text, line) : NULL;
        if (at)
            text = arena_printf(a, "%.*s# %s\n%s", (int)(at - text), text, told, at + strlen(line));
    }
    return text;
}

const char *recommended_scenario(const struct market_view *m, const struct pick *picks, size_t n)
{
    const struct answers *w = m->answers;
    struct arena *a = m->cli->arena;
    const struct body *b = body_of(w->kind->name);
    const char *text = arena_printf(
        a,
        "# %s gpumix recommend %s\n"
        "# Lines marked EDIT hold guesses of a size: put your own numbers there.\n"
        "version: 1\n"
        "name: my-%s\n"
        "currency: CNY\n"
        "timezone: Asia/Shanghai\n"
        "horizon: {start: %s, length: 30d, step: 1h}    # EDIT\n"
        "\n"
        "%s"
        "# budget: {limit: ¥100000, warn_at: 80%%}\n"
        "\n"
        "workloads:\n"
        "  %s:\n"
        "    kind: %s\n"
        "%s"
        "    resources: %s\n"
        "%s"
        "%s%s%s"
        "\n"
        "storage:\n"
        "%s%s",
        _("From:"), w->flags, b->workload, day_after(m->cli), catalog_text(w, a), b->workload,
        w->kind->name, work_text(m, b, &picks[0]), resources_text(m, picks, n),
        speed_text(m, picks, n), purchase_text(w, a), interruption_text(w), b->rest,
        datasets_text(m, b), variants_text(w, b->workload, a));
    return comments_translate(text, a);
}

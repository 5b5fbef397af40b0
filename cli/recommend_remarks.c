/* Why, and what people fall into: a registry of remarks, each with its number and the fact of docs/prices.md it rests on. */
#include "cli/recommend.h"
#include "common/text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

struct view {
    const struct market_view *market;
    const struct answers *answers;
    const struct pick *picks, *best; /* best NULL: nothing fits */
    size_t n;
    struct arena *arena;
};

static size_t gpu(const struct view *v, const char *name)
{
    return book_gpu_find(v->market->book, name);
}

static bool is_batch_tensor(const struct answers *w)
{
    return w->tensor && !w->online && w->graphics == GRAPHICS_NONE;
}

/* The pick of a model, NULL when it does not fit. */
static const struct pick *pick_find(const struct view *v, const char *model)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->picks[i].gpu != NO_GPU && v->picks[i].gpu == gpu(v, model)) return &v->picks[i];
    return NULL;
}

static const char *no_tensor(const struct view *v)
{
    if (v->answers->tensor) return NULL;
    return _("no matrix or tensor maths: a GPU would stand idle, so CPU machines");
}

static const char *cheapest(const struct view *v)
{
    if (v->n < 2) return NULL;
    const struct pick *a = &v->picks[0], *b = &v->picks[1];
    const double more = b->per_work[b->way] / a->per_work[a->way] - 1;
    return arena_printf(v->arena, _("%s is cheapest per unit of work; %s costs %s more"),
                        pick_name(v->market, a), pick_name(v->market, b),
                        percent_text(v->arena, more, 0));
}

static const char *spot_saves(const struct view *v)
{
    const struct pick *p = v->best;
    if (!p || p->way != WAY_SPOT || isnan(p->per_work[WAY_ON_DEMAND])) return NULL;
    return arena_printf(
        v->arena,
        _("spot costs %s of on-demand; it is taken back with five minutes' notice, so work must "
          "be saved"),
        percent_text(v->arena, p->per_work[WAY_SPOT] / p->per_work[WAY_ON_DEMAND], 0));
}

/* The plan buys no term that `purchase` does not allow, and none below its break-even: what is said here is why. */
static const char *break_even(const struct view *v)
{
    const struct pick *p = v->best;
    if (!p || v->answers->interruptible || isnan(p->per_work[WAY_SUBSCRIPTION])) return NULL;
    const double pays = p->per_work[WAY_SUBSCRIPTION] / p->per_work[WAY_ON_DEMAND];
    const double use = recommended_use(v->answers);
    if (!(pays < 1)) return NULL;
    const char *term = p->offer[WAY_SUBSCRIPTION]->term_h > HOURS_PER_MONTH
                           ? _("subscription by the year")
                           : _("subscription by the month");
    const char *share = percent_text(v->arena, pays, 0);
    if (use < pays)
        return arena_printf(v->arena,
                            _("no %s: it pays from %s of all hours in use, and these office hours "
                              "are %s of them"),
                            term, share, percent_text(v->arena, use, 0));
    return arena_printf(v->arena,
                        _("a %s pays from %s of all hours in use: to let the plan buy it where it "
                          "does, add subscription to purchase"),
                        term, share);
}

static const char *spread(const struct view *v)
{
    if (!v->best || v->best->gpus < 2) return NULL;
    return arena_printf(v->arena, _("%g GB are spread over %ld GPUs of one machine (shard)"),
                        v->answers->gpu_memory_gib, v->best->gpus);
}

/* 16 bytes a parameter: weights, gradients and the optimizer's state of full training in mixed precision. */
static const char *a10_cannot_train(const struct view *v)
{
    const struct answers *w = v->answers;
    if (strcmp(w->kind->name, "training") != 0) return NULL;
    const double card = 24;
    if (w->parameters > 0) {
        const double need = memory_for(w->parameters, true);
        if (need <= card) return NULL;
        return arena_printf(v->arena,
                            _("one A10 cannot train %gB parameters: about 16 bytes each are %.0f "
                              "GB, and it has 24 GB; LoRA needs far less (--kind finetune)"),
                            w->parameters / 1e9, need);
    }
    if (w->gpu_memory_gib > card) return NULL;
    return arena_printf(v->arena,
                        _("%g GB train about %.1fB parameters in full (16 bytes each): one A10 "
                          "with 24 GB cannot train a 7B model, which needs %.0f GB"),
                        w->gpu_memory_gib, w->gpu_memory_gib / memory_for(1e9, true),
                        memory_for(7e9, true));
}

/* Computed from the book: the same work on the cheapest T4 and on the cheapest A10 that fit. */
static const char *t4_dearer(const struct view *v)
{
    const struct pick *old = pick_find(v, "T4-16GB"), *new = pick_find(v, "A10-24GB");
    if (!old || !new) return NULL;
    const double t4 = old->per_work[old->way], a10 = new->per_work[new->way];
    if (!(t4 > a10)) return NULL;
    return arena_printf(
        v->arena,
        _("a T4 is dearer than an A10 where you buy: %.2f against %.2f for the same "
          "work, %.1f times as much"),
        t4, a10, t4 / a10);
}

static const char *fading(const struct view *v)
{
    if (!pick_find(v, "T4-16GB") && !pick_find(v, "P100-16GB") && !pick_find(v, "A30-24GB"))
        return NULL;
    return _("older families fade out: the vendor's list of those not recommended names gn5, gn5i "
             "and gn7s; "
             "T4 (gn6i) is still sold, two generations behind L20: do not build on them for years");
}

/* Computed from the book: the cheapest CPU family that has a speed for the class. */
static const char *cpu_real_time(const struct view *v)
{
    const struct answers *w = v->answers;
    if (!w->tensor || !v->best) return NULL;
    if (!w->online && w->large) return NULL;
    static const char *const families[] = {"c7", "c8i"};
    double least = NAN, speed = 0;
    for (size_t i = 0; i < 2; i++) {
        const double cost =
            cheapest_per_work(v->market, w->work_class, NO_GPU, families[i], WAY_ON_DEMAND);
        if (isnan(cost) || cost >= least) continue;
        least = cost;
        speed = 16 * book_speed(v->market->book, w->work_class, NO_GPU, families[i])->speed;
    }
    const double best = v->best->per_work[WAY_ON_DEMAND];
    if (isnan(least) || isnan(best) || !(least > best)) return NULL;
    return w->online
               ? arena_printf(v->arena,
                              _("a CPU answers in real time only where half a second and 10 "
                                "requests a second are enough: 16 vCPU do %s of an A10's work, at "
                                "%.1f times the price of the same work"),
                              percent_text(v->arena, speed, 0), least / best)
               : arena_printf(v->arena,
                              _("machines without a GPU cost %.1f times as much for the same work; "
                                "those you have may do for small work"),
                              least / best);
}

static const char *oss_under_farm(const struct view *v)
{
    if (v->answers->graphics != GRAPHICS_OFFLINE) return NULL;
    return _("do not let a render farm read textures from OSS: the account shares 100 Gbit/s "
             "(12.5 GB/s) and 10,000 requests a second, in smaller regions 10 or 2 Gbit/s, and "
             "stalled machines are paid");
}

static const char *compute_cards(const struct view *v)
{
    switch (v->answers->graphics) {
    case GRAPHICS_NONE:
        return NULL;
    case GRAPHICS_ENCODE:
        return _("A100, A30 and H20 cannot encode: they have no NVENC");
    case GRAPHICS_OFFLINE:
    case GRAPHICS_REALTIME:
    case GRAPHICS_CAD:
        break;
    }
    return _("A100, A30 and H20 are no graphics cards: no RT cores, no NVENC, no workstation "
             "driver; L20, A10 and RTX cards draw more per yuan");
}

static const char *av1(const struct view *v)
{
    if (v->answers->graphics != GRAPHICS_ENCODE && v->answers->graphics != GRAPHICS_REALTIME)
        return NULL;
    return _("an A10 does not encode AV1, it only decodes it; AV1 encoding starts with L20 and "
             "RTX 4090");
}

static const char *vgpu_licence(const struct view *v)
{
    if (!(v->answers->features & FEATURE_GRID_DRIVER)) return NULL;
    const struct licence_price *l = book_licence(v->market->book, "vGPU virtual workstation");
    const double price = l ? ratio_value(l->price) : (double)NAN;
    if (isnan(price))
        return _("the vws families include the workstation driver; plain GPU types need a licence");
    return arena_printf(v->arena,
                        _("the vws families include the workstation driver; plain GPU types need a "
                          "licence, about %.0f a month and seat"),
                        price);
}

static const char *speed_is_bought(const struct view *v)
{
    if (v->answers->graphics != GRAPHICS_OFFLINE && strcmp(v->answers->kind->name, "training") != 0)
        return NULL;
    return _("CPFS throughput is bought with capacity: 10 GB/s take 51.2 TiB at 200 MB/s per TiB, "
             "about 73,000 CNY a month");
}

static const char *game_sessions(const struct view *v)
{
    if (v->answers->graphics != GRAPHICS_REALTIME) return NULL;
    return _("no spot for sessions: a player cannot be cut off with five minutes' notice");
}

static const char *protection(const struct view *v)
{
    if (!v->answers->interruptible) return NULL;
    return is_batch_tensor(v->answers) && v->answers->large
               ? _("a gang loses everything since its last checkpoint when one machine goes; the "
                   "first hour is protected, after it nothing is")
               : _("the reclaim rate is judgement (once per machine and day): measure yours and "
                   "give spot.hazard_per_h");
}

static const char *storage_abroad(const struct view *v)
{
    if (!storage_lacks_price(v->market)) return NULL;
    return _("no price of this storage is known there: the file that --write makes takes the "
             "mainland's, marked EDIT; ask for a quotation");
}

static const char *estimates(const struct view *v)
{
    const struct pick *p = v->best;
    if (!p || !p->offer[p->way] || (!p->offer[p->way]->estimated && !p->speed_estimated))
        return NULL;
    if (p->offer[p->way]->estimated && p->speed_estimated)
        return _("price and speed of the first choice are estimates: get a quotation and measure");
    return p->speed_estimated ? _("the speed of the first choice is an estimate: measure it")
                              : _("the price of the first choice is an estimate: get a quotation");
}

/* clang-format off */
static const struct {
    const char *name;
    bool pitfall;
    int fact;
    const char *(*text)(const struct view *v);
} registry[] = {
    {"no-tensor",         false, 0,  no_tensor},
    {"cheapest",          false, 0,  cheapest},
    {"spot-saves",        false, 10, spot_saves},
    {"break-even",        false, 11, break_even},
    {"spread",            false, 1,  spread},
    {"a10-cannot-train",  true,  1,  a10_cannot_train},
    {"t4-dearer",         true,  2,  t4_dearer},
    {"fading-families",   true,  3,  fading},
    {"cpu-real-time",     true,  4,  cpu_real_time},
    {"oss-under-farm",    true,  5,  oss_under_farm},
    {"compute-cards",     true,  6,  compute_cards},
    {"av1-encode",        true,  7,  av1},
    {"vgpu-licence",      true,  8,  vgpu_licence},
    {"speed-is-bought",   true,  9,  speed_is_bought},
    {"sessions-on-spot",  true,  10, game_sessions},
    {"reclaims",          true,  10, protection},
    {"storage-price",     true,  12, storage_abroad},
    {"estimates",         true,  12, estimates},
};
/* clang-format on */

struct remark *remarks_make(size_t *n, const struct market_view *m, const struct pick *picks,
                            size_t n_picks)
{
    const struct view v = {.market = m,
                           .answers = m->answers,
                           .picks = picks,
                           .best = n_picks ? &picks[0] : NULL,
                           .n = n_picks,
                           .arena = m->cli->arena};
    struct remark *list = NULL;
    *n = 0;
    for (size_t i = 0; i < sizeof registry / sizeof *registry; i++) {
        const char *text = registry[i].text(&v);
        if (!text) continue;
        *ARENA_PUSH(v.arena, list, *n) =
            (struct remark){registry[i].pitfall, registry[i].fact, registry[i].name, text};
    }
    return list;
}

const char *advice_market(const struct market_view *m, const struct pick *best)
{
    const struct answers *w = m->answers;
    if (w->online) return _("autoscaled machines that follow the load");
    if (!w->interruptible) return _("on-demand");
    if (isnan(best->per_work[WAY_SPOT])) return _("on-demand: this machine is not sold on spot");
    if (w->tensor && w->large && w->graphics == GRAPHICS_NONE)
        return _("spot with checkpoints, on-demand when behind schedule");
    return _("spot, on-demand when behind schedule");
}

const char *advice_storage(const struct answers *w)
{
    const char *kind = w->kind->name;
    if (!strcmp(kind, "training")) return _("OSS for the data, CPFS for the checkpoints");
    if (!strcmp(kind, "finetune")) return _("OSS for the data; checkpoints on the machine's disk");
    if (!strcmp(kind, "render_offline")) return _("CPFS for the textures, OSS for the frames");
    if (!strcmp(kind, "render_realtime")) return _("NAS Extreme for the games or scenes, shared");
    if (!strcmp(kind, "cad")) return _("NAS for the models, shared");
    if (!strcmp(kind, "inference_online")) return _("OSS for the weights, read once at each start");
    if (!strcmp(kind, "dev")) return _("NAS for the homes, shared");
    return _("OSS for input and output");
}

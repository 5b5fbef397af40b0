/* What can be said about a workload before its jobs are read: names the price book does not know, keys that
 * contradict each other, keys that nothing here uses. */
#include "scenarios/lower.h"
#include "scenarios/service.h"
#include <string.h>

static enum err gpu_unknown(const struct task *t, const char *name, struct place at)
{
    struct diag *d = t->lowering->diag;
    diag_error(d, ERR_GPU_NAME, at, _("the price book knows no GPU '%s'"), name);
    const char *near = book_gpu_nearest(t->lowering->book, name);
    if (near)
        diag_fix(d, _("did you mean '%s'?"), near);
    else
        diag_fix(d, _("`gpumix catalog gpus` lists the names"));
    return ERR_GPU_NAME;
}

static enum err gpu_names_check(const struct task *t)
{
    const struct workload *w = t->workload;
    const struct price_book *b = t->lowering->book;
    struct diag *d = t->lowering->diag;
    enum err e = OK;
    for (size_t i = 0; i < w->gpus.n; i++) {
        const struct place at = w->gpus.places ? w->gpus.places[i] : w->at;
        const size_t gpu = book_gpu_find(b, w->gpus.items[i]);
        if (gpu == NO_GPU) {
            e = gpu_unknown(t, w->gpus.items[i], at);
        } else if (!book_gpu(b, gpu)->sold) {
            diag_warning(d, WARN_NOT_SOLD, at, _("no machine of the price book has a %s"),
                         book_gpu(b, gpu)->name);
            diag_fix(d, _("`gpumix catalog gpus` lists what is sold"));
        }
    }
    if (w->measured_on && t->reference_gpu == NO_GPU)
        e = gpu_unknown(t, w->measured_on, workload_place(w, "work.measured_on"));
    return e;
}

static bool family_known(const struct price_book *b, const char *family)
{
    for (size_t i = 0; i < book_type_count(b); i++)
        if (!strcmp(book_type(b, i)->family, family)) return true;
    return false;
}

/* Speeds are of GPU models; those of CPU work may be of families such as c8i. */
static enum err speed_names_check(const struct task *t)
{
    const struct workload *w = t->workload;
    const struct price_book *b = t->lowering->book;
    enum err e = OK;
    for (size_t i = 0; i < w->n_speeds; i++) {
        const char *name = w->speeds[i].name;
        if (book_gpu_find(b, name) == NO_GPU && !family_known(b, name))
            e = gpu_unknown(t, name, w->speeds[i].value.at);
    }
    return e;
}

static enum err type_names_check(const struct task *t)
{
    const struct workload *w = t->workload;
    const struct price_book *b = t->lowering->book;
    struct diag *d = t->lowering->diag;
    enum err e = OK;
    for (size_t i = 0; i < w->instance_types.n; i++) {
        const char *name = w->instance_types.items[i];
        if (book_type_find(b, name) != SIZE_MAX) continue;
        const struct place at = w->instance_types.places ? w->instance_types.places[i] : w->at;
        e = diag_error(d, ERR_TYPE_NAME, at, _("the price book knows no instance type '%s'"), name);
        const char *near = book_type_nearest(b, name);
        if (near)
            diag_fix(d, _("did you mean '%s'?"), near);
        else
            diag_fix(d, _("`gpumix catalog show` lists the types"));
    }
    return e;
}

static enum err share_check(const struct task *t)
{
    const struct workload *w = t->workload;
    if (w->gpu_share <= 0 || w->gpus_per_worker <= 1) return OK;
    struct diag *d = t->lowering->diag;
    diag_error(d, ERR_GANG, workload_place(w, "resources.gpu_share"),
               _("a worker of '%s' cannot have %ld GPUs and only part of one"), w->name,
               w->gpus_per_worker);
    diag_fix(d, _("remove gpu_share or gpus_per_worker"));
    return ERR_GANG;
}

static enum err confidence_check(const struct task *t)
{
    const struct workload *w = t->workload;
    if (w->confidence <= 0 || !t->service) return OK;
    struct diag *d = t->lowering->diag;
    diag_warning(d, WARN_KEY_UNUSED, workload_place(w, "window.confidence"),
                 _("window.confidence of '%s' is not used: a service has no deadline"), w->name);
    diag_fix(d, _("remove it, or give latency.met"));
    return OK;
}

/* A price of the scenario goes before the book's. */
static enum err licence_check(const struct task *t)
{
    const struct workload *w = t->workload;
    struct diag *d = t->lowering->diag;
    if (!w->has_licence) return OK;
    if (t->service && w->licence_per == LICENCE_SEAT && t->service->rule != RULE_BLOCKING) {
        diag_error(d, ERR_LICENCE, workload_place(w, "licence.per"),
                   _("the licence of '%s' is per seat, and requests have no seats"), w->name);
        diag_fix(d, _("write per: gpu, or per: instance for each machine held"));
        return ERR_LICENCE;
    }
    if (!t->service && w->licence_per == LICENCE_SEAT) {
        diag_error(d, ERR_LICENCE, workload_place(w, "licence.per"),
                   _("the licence of '%s' is per seat, and batch work has no seats"), w->name);
        diag_fix(d, _("write per: gpu, or per: instance for each machine held"));
        return ERR_LICENCE;
    }
    if (w->licence_price.given ||
        (w->licence_name && book_licence(t->lowering->book, w->licence_name)))
        return OK;
    diag_error(d, ERR_LICENCE, workload_place(w, "licence"), _("the licence of '%s' has no price"),
               w->name);
    diag_fix(d, _("write licence.price, for example ¥9/h"));
    return ERR_LICENCE;
}

static void spot_check(const struct task *t)
{
    const struct workload *w = t->workload;
    if (!(w->markets & (1U << MARKET_SPOT)) || w->tolerant) return;
    struct diag *d = t->lowering->diag;
    diag_warning(d, WARN_NOT_TOLERANT, workload_place(w, "purchase"),
                 _("'%s' may be bought on spot, but does not say that it stands interruptions"),
                 w->name);
    diag_fix(d,
             _("write interruption: {tolerant: true, ...} with what an interruption costs, or take "
               "spot out of purchase"));
}

enum err workload_check(struct task *t)
{
    const enum err results[] = {gpu_names_check(t), speed_names_check(t), type_names_check(t),
                                share_check(t),     licence_check(t),     confidence_check(t)};
    spot_check(t);
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (results[i] != OK) return results[i];
    return OK;
}

static void key_unused(const struct task *t, const char *path, const char *because)
{
    const struct workload *w = t->workload;
    if (!workload_has(w, path)) return;
    diag_warning(t->lowering->diag, WARN_KEY_UNUSED, workload_place(w, path),
                 _("%s of '%s' is not used"), path, w->name);
    diag_why(t->lowering->diag, "%s", because);
    diag_fix(t->lowering->diag, _("remove the key, or choose the kind that uses it"));
}

void unused_keys_warn(const struct task *t, bool cpu)
{
    static const char *const of_services[] = {"load",
                                              "latency",
                                              "service",
                                              "request_mix",
                                              "autoscale",
                                              "unserved_cost",
                                              "work.seats",
                                              "work.hours_per_day",
                                              "resources.encoder_share",
                                              "spot.on_demand_base",
                                              NULL};
    static const char *const of_gpus[] = {"work.measured_on",          "resources.gpu",
                                          "resources.gpus_per_worker", "resources.gpu_memory",
                                          "resources.shard",           "resources.gpu_share",
                                          "resources.features",        NULL};
    for (size_t i = 0; of_services[i]; i++)
        key_unused(t, of_services[i], _("this is batch work, the key belongs to services"));
    for (size_t i = 0; cpu && of_gpus[i]; i++)
        key_unused(t, of_gpus[i], _("the work is in vcpu_hours, the key belongs to GPU work"));
}

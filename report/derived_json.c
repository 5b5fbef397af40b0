/* What an hour of the machines of a plan is worth: numbers that follow from the inputs, as the plan was made with (docs/model.md 3). */
#include "report/certificate_json.h"
#include "report/inputs_json.h"
#include "report/wording.h"
#include "solver/model.h"

struct teller {
    const struct plan *plan;
    json_t *list;
    bool **told; /* [groups] NULL, or [options] */
    struct arena *arena;
};

/* NULL: it is no option of the group. */
static const struct option *option_of(const struct group *g, size_t offer, size_t placement)
{
    for (size_t i = 0; i < g->n_options; i++)
        if (g->options[i].offer == offer && g->options[i].site == placement) return &g->options[i];
    return NULL;
}

static void tell(const struct teller *t, const struct group *g, const char *job,
                 const struct option *option)
{
    const struct plan *p = t->plan;
    const struct offer *f = &p->offers[option->offer];
    json_t *o = json_object();
    json_put(o, "workload", json_words(p->scenario->workloads[g->workload].name, t->arena));
    json_put(o, "job", json_words(job, t->arena));
    json_put(o, "instance_type", json_words(book_type(p->book, f->type)->name, t->arena));
    json_put(o, "market", json_string(offer_market_word(f)));
    json_put(o, "region", json_words(f->region, t->arena));
    json_put(o, "zone", json_words(f->zone && *f->zone ? f->zone : NULL, t->arena));
    json_put(o, "commitment", commitment_json(p, option->offer, t->arena));
    json_put(o, "storage", storage_json(p, g->workload, option->site));
    json_put(o, "useful", json_real(option->useful.u));
    json_put(o, "clock", json_real(option->useful.w));
    json_put(o, "stall", json_real(option->stall));
    json_array_append_new(t->list, o);
}

/* Once for all jobs that see the same choices. */
static void tell_once(const struct teller *t, size_t group, const struct group *g, const char *job,
                      const struct option *o)
{
    if (!o) return;
    if (!t->told[group]) t->told[group] = ARENA_NEW(t->arena, bool, g->n_options);
    bool *told = &t->told[group][o - g->options];
    if (!*told) tell(t, g, job, o);
    *told = true;
}

json_t *derived_json(const struct plan *p, struct arena *a)
{
    const struct model *m = p->model;
    struct teller t = {.plan = p, .list = json_array(), .arena = a};
    if (!m) return t.list;
    t.told = ARENA_NEW(a, bool *, m->n_groups + m->n_served + 1);
    const struct stretch *last = NULL;
    for (size_t i = 0; i < p->n_stretches; i++) {
        const struct stretch *s = &p->stretches[i];
        const size_t group = m->group_of[s->demand];
        if (last && m->group_of[last->demand] == group && last->offer == s->offer &&
            last->placement == s->placement)
            continue;
        last = s;
        tell_once(&t, group, &m->groups[group], p->demands->items[s->demand].name,
                  option_of(&m->groups[group], s->offer, s->placement));
    }
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        const struct group *g = &m->served[h->service].group;
        tell_once(&t, m->n_groups + h->service, g, NULL, option_of(g, h->offer, h->placement));
    }
    return t.list;
}

/* Why not this machine: one verdict per type and shape. */
#include "report/explain_not.h"
#include <string.h>

static bool type_asked(const struct plan *p, size_t type, const struct explain_request *q)
{
    const struct instance_type *t = book_type(p->book, type);
    for (size_t i = 0; i < q->n_not; i++) {
        if (strcmp(q->not_names[i], t->name) == 0) return true;
        if (t->gpu != NO_GPU && book_gpu_find(p->book, q->not_names[i]) == t->gpu) return true;
    }
    return false;
}

/* Why a type that would fit has no offer on any market the workload buys on. */
static const char *missing_text(const struct plan *p, const struct shape *shape, size_t type,
                                struct arena *a)
{
    const char *text = NULL;
    for (size_t i = 0; i < p->n_missing; i++) {
        const struct no_offer *m = &p->missing[i];
        if (m->type != type || !(shape->workload->markets & 1U << m->market->id)) continue;
        const char *one = arena_printf(a, "%s: %s", _(m->market->label), m->reason);
        if (!text)
            text = one;
        else if (!strstr(text, one))
            text = arena_printf(a, "%s; %s", text, one);
    }
    return text ? text : _("no price known");
}

static struct explain_verdict verdict_of(const struct plan *p, const struct explain_shape *s,
                                         size_t type, struct arena *a)
{
    struct explain_verdict v = {.type = type};
    const struct candidate *far = NULL;
    for (size_t i = 0; i < s->n_entries && !v.entry; i++)
        if (p->offers[p->candidates[s->entries[i].candidate].offer].type == type)
            v.entry = &s->entries[i];
    if (v.entry) return v;
    for (size_t i = 0; i < p->n_candidates; i++) {
        const struct candidate *c = &p->candidates[i];
        if (c->workload == s->workload && c->shape == s->shape &&
            p->offers[c->offer].type == type && (!far || c->checks > far->checks))
            far = c;
    }
    const struct shape *shape = s->of;
    const struct fit fit = fit_check(shape, book_type(p->book, type), p->book, a);
    if (!fit.ok) {
        v.reason = fit.reason;
        v.at = fit.reason_at;
    } else if (far) {
        v.reason = explain_reason(far);
        v.at = explain_place(p, far);
    } else {
        v.reason = missing_text(p, shape, type, a);
    }
    return v;
}

struct explain_verdict *explain_verdicts(size_t *n, const struct plan *p,
                                         const struct explain_shape *s,
                                         const struct explain_request *q, struct arena *a)
{
    struct explain_verdict *list = NULL;
    *n = 0;
    for (size_t type = 0; type < book_type_count(p->book); type++)
        if (type_asked(p, type, q)) *ARENA_PUSH(a, list, *n) = verdict_of(p, s, type, a);
    return list;
}

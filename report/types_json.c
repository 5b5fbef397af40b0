#include "report/types_json.h"

static json_t *known(double value)
{
    return value > 0 ? json_real(value) : json_null();
}

static json_t *type_json(const struct price_book *b, const struct instance_type *t)
{
    const bool gpu = t->gpu != NO_GPU;
    json_t *o = json_object();
    (void)json_object_set_new(o, "instance_type", json_string(t->name));
    (void)json_object_set_new(o, "gpu_model",
                              gpu ? json_string(book_gpu(b, t->gpu)->name) : json_null());
    (void)json_object_set_new(o, "gpus", json_real(gpu ? t->gpus : 0));
    (void)json_object_set_new(o, "gpu_memory_gib", gpu ? known(t->gpu_mem_gib) : json_null());
    (void)json_object_set_new(o, "vcpus", t->vcpu > 0 ? json_integer(t->vcpu) : json_null());
    (void)json_object_set_new(o, "memory_gib", known(t->ram_gib));
    return o;
}

json_t *instance_types_json(const struct plan *p, struct arena *a)
{
    const size_t n_used = p->n_stretches + p->n_holdings + p->n_subscriptions;
    bool *seen = ARENA_NEW(a, bool, book_type_count(p->book) + 1);
    json_t *list = json_array();
    for (size_t i = 0; i < n_used; i++) {
        const size_t j = i - p->n_stretches, k = j - p->n_holdings;
        const size_t offer = i < p->n_stretches  ? p->stretches[i].offer
                             : j < p->n_holdings ? p->holdings[j].offer
                                                 : p->subscriptions[k].offer;
        const size_t type = p->offers[offer].type;
        if (seen[type]) continue;
        seen[type] = true;
        json_array_append_new(list, type_json(p->book, book_type(p->book, type)));
    }
    return list;
}

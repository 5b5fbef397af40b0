#include "proof/inputs.h"

enum err proof_inputs_load(struct proof_inputs *in, const struct scenario *s,
                           const struct price_book *b, struct arena *a, struct diag *d)
{
    struct demand_list *demands = ARENA_NEW(a, struct demand_list, 1);
    struct service_list *services = ARENA_NEW(a, struct service_list, 1);
    struct offer_request *request = ARENA_NEW(a, struct offer_request, 1);
    struct offer_list *offers = ARENA_NEW(a, struct offer_list, 1);
    offers->arena = a;
    TRY(demands_make(demands, s, b, a, d));
    TRY(services_make(services, s, b, a, d));
    TRY(scenario_offer_request(request, s, b, a, d));
    TRY(offers_make(offers, b, request, a, d));
    *in = (struct proof_inputs){.scenario = s,
                                .book = b,
                                .demands = demands,
                                .services = services,
                                .request = request,
                                .offers = offers->items,
                                .n_offers = offers->n};
    return OK;
}

/* The registry of markets, in the order of tables: one line per file market_<name>.c. */
#ifndef PRICING_MARKET_LIST_H
#define PRICING_MARKET_LIST_H

/* clang-format off */
#define MARKET_LIST(X) \
    X(ON_DEMAND, on_demand) \
    X(SPOT, spot) \
    X(AUTOSCALED, autoscaled) \
    X(SUBSCRIPTION, subscription) \
    X(SAVINGS_PLAN, savings_plan)
/* clang-format on */

enum market_id {
#define X(id, name) MARKET_##id,
    MARKET_LIST(X)
#undef X
        N_MARKETS
};

struct market;
#define X(id, name) extern const struct market market_##name;
MARKET_LIST(X)
#undef X

#endif

/* The registry of models of luck: one line per file model_<name>.c. */
#ifndef SIM_MODEL_LIST_H
#define SIM_MODEL_LIST_H

/* clang-format off */
#define PRICE_MODEL_LIST(X) \
    X(fixed) \
    X(mean_reverting) \
    X(history)
#define LIFE_MODEL_LIST(X) \
    X(exponential) \
    X(weibull) \
    X(fitted)
/* clang-format on */

struct price_model;
struct life_model;
#define X(name) extern const struct price_model price_##name;
PRICE_MODEL_LIST(X)
#undef X
#define X(name) extern const struct life_model life_##name;
LIFE_MODEL_LIST(X)
#undef X

#endif

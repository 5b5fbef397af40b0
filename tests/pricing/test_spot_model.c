/* Fitted models: written and read again, found by type and place, refused where they cannot be drawn from. */
#include "pricing/spot_model.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *path_new(struct arena *a)
{
    char *path = arena_strdup(a, "/tmp/gpumix-models-XXXXXX");
    close(mkstemp(path));
    return path;
}

static struct spot_model model(enum spot_model_kind kind, const char *type, const char *place,
                               const char *form)
{
    return (struct spot_model){.kind = kind,
                               .type = type,
                               .place = place,
                               .group = "",
                               .form = form,
                               .from = "2026-10-01",
                               .to = "",
                               .aic = -3.25,
                               .log_likelihood = NAN,
                               .distance = 0.1,
                               .probability = NAN};
}

static void test_round_trip(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct spot_models out = {.arena = a}, in = {.arena = a};
    double hours[HOURS_OF_WEEK];
    for (int h = 0; h < HOURS_OF_WEEK; h++) hours[h] = 0.5 + h / 167.0;
    struct spot_model m = model(MODEL_PRICE, "ecs.a", "cn-x-h", "mean_reverting");
    const struct stock_fit stock = {.converged = true,
                                    .n = 4,
                                    .in_per_h = 0.013,
                                    .out_per_h = 0.21,
                                    .in_error = 0.001,
                                    .out_error = NAN};
    const struct price_fit price = {.form = PRICE_WITH_JUMPS,
                                    .converged = true,
                                    .n_parameters = 5,
                                    .parameter = {1.1, 0.2385, 0.07, 0.001, 0.3},
                                    .error = {0.01, 0.02, 0.03, 0.0004, NAN}};
    spot_model_of_price(&m, &price, &stock);
    m.backtest = (struct backtest){.n = 7, .best = BY_MODEL, .coverage = {0.4, 0.8, 1}};
    *ARENA_PUSH(a, out.items, out.n) = m;
    m = model(MODEL_PRICE, "", "", "");
    spot_model_baseline(&m, BY_HOUR_OF_WEEK, 2.5, hours);
    *ARENA_PUSH(a, out.items, out.n) = m;
    m = model(MODEL_LIVES, "", "cn-x", "");
    const struct life_fit life = {.form = LIFE_MIXTURE,
                                  .converged = true,
                                  .n_parameters = 3,
                                  .parameter = {0.3, 0.4, 7},
                                  .error = {0.1, 0.1, 1}};
    spot_model_of_life(&m, &life);
    *ARENA_PUSH(a, out.items, out.n) = m;
    m.kind = MODEL_GONE;
    spot_model_baseline(&m, BY_MEAN, 1.75, NULL);
    *ARENA_PUSH(a, out.items, out.n) = m;
    const struct shock_fit shocks = {
        .form = SHOCK_COMMON, .converged = true, .n_parameters = 3, .parameter = {0.01, 1.8, 0.1}};
    spot_model_of_shocks(&m, &shocks);
    *ARENA_PUSH(a, out.items, out.n) = m;
    spot_model_baseline(&m, BY_LAST_VALUE, 0.2, NULL);
    *ARENA_PUSH(a, out.items, out.n) = m;

    const char *path = path_new(a);
    gsl_test(spot_models_write(&out, path, "history.csv", "2026-11-23", &d) != OK, "written");
    gsl_test(spot_models_read(&in, path, &d) != OK || in.n != 6, "read: %s", findings_text(&d));
    for (size_t i = 0; i < in.n && i < out.n; i++) {
        const struct spot_model *x = &out.items[i], *y = &in.items[i];
        gsl_test(x->kind != y->kind || strcmp(x->form, y->form) != 0 ||
                     strcmp(x->type, y->type) != 0 || strcmp(x->place, y->place) != 0,
                 "model %zu", i);
        for (size_t k = 0; k < x->n_parameters; k++)
            gsl_test_rel(spot_parameter(y, x->parameters[k].name), x->parameters[k].value, 1e-14,
                         "model %zu, %s", i, x->parameters[k].name);
    }
    gsl_test_rel(in.items[1].hour_of_week[60], hours[60], 1e-14, "an hour of the week");
    double p[MAX_LIFE_PARAMETERS];
    gsl_test(spot_model_life(p, &in.items[2]) != LIFE_MIXTURE || p[2] != 7, "a life");
    gsl_test(spot_model_life(p, &in.items[3]) != LIFE_FIXED || p[0] != 1.75, "a baseline");
    unlink(path);
    arena_free(a);
}

static void test_find(void)
{
    struct arena *a = arena_new();
    struct spot_models s = {.arena = a};
    static const char *const of[][2] = {{"", ""},      {"", "cn-x"},    {"t", ""},
                                        {"t", "cn-x"}, {"t", "cn-x-h"}, {"u", "cn-y-a"}};
    for (size_t i = 0; i < 6; i++)
        *ARENA_PUSH(a, s.items, s.n) = model(MODEL_PRICE, of[i][0], of[i][1], "mean");
    static const struct wanted {
        const char *type, *region, *zone;
        size_t found;
    } cases[] = {{"t", "cn-x", "cn-x-h", 4}, {"t", "cn-x", "", 4},       {"t", "cn-x", "cn-x-g", 3},
                 {"t", "cn-z", "cn-z-a", 2}, {"v", "cn-x", "cn-x-h", 1}, {"v", "cn-z", "", 0},
                 {"u", "cn-y", "cn-y-b", 0}, {"u", "cn-y", "", 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct spot_model *m =
            spot_model_find(&s, MODEL_PRICE, cases[i].type, cases[i].region, cases[i].zone);
        gsl_test(m != &s.items[cases[i].found], "%s in %s/%s is %td", cases[i].type,
                 cases[i].region, cases[i].zone, m ? m - s.items : -1);
    }
    gsl_test(spot_model_find(&s, MODEL_LIVES, "t", "cn-x", "cn-x-h") != NULL, "none of the kind");
    arena_free(a);
}

static void refused(const char *text, const char *expected)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct spot_models s = {.arena = a};
    const char *path = path_new(a);
    FILE *out = fopen(path, "w");
    fputs(text, out);
    fclose(out);
    gsl_test(spot_models_read(&s, path, &d) == OK, "refused: %s", text);
    const char *is = findings_text(&d), *named = strstr(is, path);
    if (named) is = arena_printf(a, "%.*sFILE%s", (int)(named - is), is, named + strlen(path));
    gsl_test(strcmp(is, expected) != 0, "is: %s wanted: %s", is, expected);
    unlink(path);
    arena_free(a);
}

#define ONE(model) "{\"gpumix_models\": 1, \"models\": [" model "]}"

int main(void)
{
    test_round_trip();
    test_find();
    refused("{\"prices\": 3}", "E2101 0:0 \"FILE\" holds no spot models -> write it with `gpumix "
                               "catalog fit --save`\n");
    refused(ONE("{\"form\": \"x\"}"), "E2103 1:33 a spot model has no `kind` -> write the file "
                                      "anew with `gpumix catalog fit --save`\n");
    refused(ONE("{\"kind\": \"prices\"}"),
            "E2103 1:42 `kind` of a spot model is not understood -> write the file anew with "
            "`gpumix catalog fit --save`\n");
    refused(ONE("{\"kind\": \"price\", \"form\": \"magic\"}"),
            "E2103 1:59 `form` of a spot model is not understood -> write the file anew with "
            "`gpumix catalog fit --save`\n");
    refused(ONE("{\"kind\": \"price\", \"form\": \"mean_reverting\", \"parameters\": [{\"name\": "
                "\"log_sd\", \"value\": -1}]}"),
            "E2103 1:59 `form` of a spot model is not understood -> write the file anew with "
            "`gpumix catalog fit --save`\n");
    refused(ONE("{\"kind\": \"gone\", \"form\": \"weibull\", \"parameters\": [{\"name\": "
                "\"k\", \"value\": 1}]}"),
            "E2103 1:58 `form` of a spot model is not understood -> write the file anew with "
            "`gpumix catalog fit --save`\n");
    refused(ONE("{\"kind\": \"shocks\", \"form\": \"shocks\", \"parameters\": [{\"name\": "
                "\"hit\", \"value\": 2}]}"),
            "E2103 1:60 `form` of a spot model is not understood -> write the file anew with "
            "`gpumix catalog fit --save`\n");
    refused(
        ONE("{\"kind\": \"price\", \"parameters\": [{\"name\": \"log_sd\", \"value\": \"x\"}]}"),
        "E2103 1:94 `value` of a spot model is not understood -> write the file anew with `gpumix "
        "catalog fit --save`\n");
    refused(ONE("{\"kind\": \"price\", \"hour_of_week\": [{\"hour\": 168, \"factor\": 1}]}"),
            "E2103 1:77 `hour` of a spot model is not understood -> write the file anew with "
            "`gpumix catalog fit --save`\n");
    refused(ONE("{\"kind\": \"price\", \"hour_of_week\": [{\"hour\": 1, \"factor\": 0}]}"),
            "E2103 1:90 `factor` of a spot model is not understood -> write the file anew with "
            "`gpumix catalog fit --save`\n");
    return gsl_test_summary();
}

#include "report/changes.h"
#include "tests/common/printed.h"
#include <stdlib.h>
#include <string.h>

static struct bill_item machines(const char *type, const char *market, long count, double hours,
                                 micro_t amount)
{
    return (struct bill_item){.workload = "w",
                              .part = "compute",
                              .type = type,
                              .market = market,
                              .region = "r",
                              .place = "r",
                              .unit = "machine-h",
                              .machines = count,
                              .quantity = hours,
                              .amount = amount};
}

static void total(struct bill *b)
{
    b->cost = 0;
    for (size_t i = 0; i < b->n_items; i++) b->cost += b->items[i].amount;
}

/* Rework is split off and the rest stays exact; starts join their machines; signs by count, then by hours. */
static void test_signs(struct arena *a)
{
    struct bill before = {.has_plan = true}, after = {.has_plan = true};
    struct bill_item start = machines("t1", "on_demand", 0, 0.25, 2385);
    start.part = "start";
    bill_add(&before, machines("t1", "on_demand", 7, 61.5, 1000001), 0, a);
    bill_add(&before, start, 0, a);
    bill_add(&before, machines("t2", "spot", 2, 10, 500), 0, a);
    bill_add(&before, machines("t3", "spot", 2, 10, 900), 0, a);
    bill_add(&before, machines("t4", "spot", 2, 10, 77), 0, a);
    bill_add(&after, machines("t1", "on_demand", 3, 20.5, 333333), 0, a);
    bill_add(&after, machines("t1", "spot", 5, 48, 700001), 0.125, a);
    bill_add(&after, machines("t2", "spot", 2, 12, 600), 0, a);
    bill_add(&after, machines("t3", "spot", 2, 10, 800), 0, a);
    bill_add(&after, machines("t4", "spot", 2, 10, 77), 0, a);
    total(&before);
    total(&after);
    const struct change_list list = changes_find(&before, &after, a);
    /* clang-format off */
    static const struct {
        enum change_sign sign;
        const char *what;
        double before, after;
        micro_t amount;
    } expected[] = {
        {CHANGE_LESS, "t1  on-demand, r", 7, 3, 333333 - 1000001 - 2385},
        {CHANGE_MORE, "t1  spot, first hour protected, r", 0, 5, 700001 - 87500},
        {CHANGE_MORE, "rework, restarts and checkpoints", 0, 6, 87500},
        {CHANGE_MORE, "t2  spot, first hour protected, r", 10, 12, 100},
        {CHANGE_OTHER, "t3  spot, first hour protected, r", 10, 10, -100},
    };
    /* clang-format on */
    gsl_test_int((int)list.n, 5, "what is the same is left out");
    micro_t sum = 0;
    for (size_t i = 0; i < list.n && i < 5; i++) {
        gsl_test_int((int)list.items[i].sign, (int)expected[i].sign, "sign of line %zu", i);
        gsl_test_str(list.items[i].what, expected[i].what, "line %zu", i);
        gsl_test_rel(list.items[i].before, expected[i].before, 1e-12, "before, line %zu", i);
        gsl_test_rel(list.items[i].after, expected[i].after, 1e-12, "after, line %zu", i);
        gsl_test(list.items[i].amount != expected[i].amount, "amount of line %zu", i);
        sum += list.items[i].amount;
    }
    gsl_test(sum != list.total || sum != after.cost - before.cost, "lines add up");
}

/* Random bills: whatever is in them, the lines add up to the difference. */
static void test_sums(struct arena *a)
{
    static const char *const types[] = {"a", "b", "c"}, *const sold[] = {"spot", "on_demand"};
    static const char *const parts[] = {"compute", "start", "discount",
                                        "licence", "late",  "storage"};
    unsigned seed = 20261122;
    for (int round = 0; round < 300; round++) {
        struct bill bills[2] = {{.has_plan = true}, {.has_plan = true}};
        for (int side = 0; side < 2; side++) {
            const int n = rand_r(&seed) % 12;
            for (int i = 0; i < n; i++) {
                struct bill_item item =
                    machines(types[rand_r(&seed) % 3], sold[rand_r(&seed) % 2], rand_r(&seed) % 5,
                             rand_r(&seed) % 100, rand_r(&seed) % 1000003);
                item.part = parts[rand_r(&seed) % 6];
                if (strcmp(item.part, "storage") == 0) item.dataset = types[rand_r(&seed) % 3];
                if (strcmp(item.part, "late") == 0) item.type = NULL;
                bill_add(&bills[side], item, rand_r(&seed) % 2 ? 0.3 : 0, a);
            }
            total(&bills[side]);
        }
        const struct change_list list = changes_find(&bills[0], &bills[1], a);
        micro_t sum = 0;
        for (size_t i = 0; i < list.n; i++) sum += list.items[i].amount;
        gsl_test(sum != bills[1].cost - bills[0].cost, "sum of round %d", round);
        gsl_test(changes_find(&bills[0], &bills[0], a).n != 0, "nothing differs from itself");
    }
}

static void test_inputs(struct arena *a)
{
    struct bill_value old[] = {{"name", "x", "f", 1},
                               {"quota.A10", "3", "f", 2},
                               {"workloads.w.work.gpu_hours", "10", "f", 3},
                               {"simulate.seed", "1", "f", 4},
                               {"fx.USD", "7", "f", 5}};
    struct bill_value new[] = {{"name", "y", "f", 1},
                               {"simulate.seed", "2", "g", 4},
                               {"workloads.w.work.gpu_hours", "12", NULL, 0},
                               {"workloads.w.kind", "etl", "g", 9},
                               {"fx.USD", "7.2", "g", 5}};
    const struct bill before = {
        .values = old, .n_values = 5, .book_sha256 = "1", .book_date = "2026-11-01"};
    const struct bill after = {
        .values = new, .n_values = 5, .book_sha256 = "2", .book_date = "2026-11-20"};
    static const char *const expected[][5] = {
        {"prices", "price book, newest price", "2026-11-01", "2026-11-20", ""},
        {"prices", "fx.USD", "7", "7.2", "g:5"},
        {"load", "workloads.w.work.gpu_hours", "10", "12", ""},
        {"limits", "quota.A10", "3", "-", "f:2"},
        {"setting", "workloads.w.kind", "-", "etl", "g:9"},
        {"seed", "simulate.seed", "1", "2", "g:4"},
    };
    size_t n;
    const struct input_change *list = inputs_compare(&n, &before, &after, a);
    gsl_test_int((int)n, 6, "names are no inputs");
    for (size_t i = 0; i < n && i < 6; i++) {
        const char *const got[] = {list[i].kind, list[i].what,
                                   list[i].before ? list[i].before : "-",
                                   list[i].after ? list[i].after : "-", list[i].at};
        for (size_t k = 0; k < 5; k++)
            gsl_test_str(got[k], expected[i][k], "input %zu, column %zu", i, k);
    }
    (void)inputs_compare(&n, &before, &before, a);
    gsl_test_int((int)n, 0, "the same inputs");
}

int main(void)
{
    struct arena *a = arena_new();
    test_signs(a);
    test_sums(a);
    test_inputs(a);
    arena_free(a);
    return gsl_test_summary();
}

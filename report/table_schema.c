/* The shape of JSON tables, one row per key: what `gpumix schema compare` and the like print. A document is an object of lists, or of
 * one table alone the list itself. */
#include "report/table_schema.h"
#include <string.h>

/* clang-format off */
enum value_kind { IS_TEXT, IS_TEXT_OR_NULL, IS_NUMBER, IS_NUMBER_OR_NULL, IS_INTEGER, IS_INTEGER_OR_NULL, IS_FLAG, IS_FLAG_OR_NULL, IS_ANY };

static const char *const kinds[] = {
    [IS_TEXT] = "\"string\"", [IS_TEXT_OR_NULL] = "[\"string\", \"null\"]",
    [IS_NUMBER] = "\"number\"", [IS_NUMBER_OR_NULL] = "[\"number\", \"null\"]",
    [IS_INTEGER] = "\"integer\"", [IS_INTEGER_OR_NULL] = "[\"integer\", \"null\"]",
    [IS_FLAG] = "\"boolean\"", [IS_FLAG_OR_NULL] = "[\"boolean\", \"null\"]",
    [IS_ANY] = "[\"string\", \"number\", \"boolean\", \"null\"]",
};

static const struct column {
    const char *command, *table, *key;
    enum value_kind kind;
    const char *help;
} columns[] = {
    {"compare", "inputs", "kind", IS_TEXT, "load, prices, limits, machines, seed or other"},
    {"compare", "inputs", "what", IS_TEXT, "dotted path, file or version"},
    {"compare", "inputs", "before", IS_TEXT_OR_NULL, "value in the first run; null: not there"},
    {"compare", "inputs", "after", IS_TEXT_OR_NULL, "value in the second"},
    {"compare", "inputs", "at", IS_TEXT_OR_NULL, "where the new value is written"},
    {"compare", "variants", "label", IS_TEXT, "name for people"},
    {"compare", "variants", "variant", IS_TEXT, "base, the variant's name, or a way to buy"},
    {"compare", "variants", "status", IS_TEXT, "optimal, within_gap, feasible, infeasible, none or error"},
    {"compare", "variants", "currency", IS_TEXT_OR_NULL, "of every amount of the row"},
    {"compare", "variants", "cost", IS_NUMBER_OR_NULL, "planned; null: no plan"},
    {"compare", "variants", "expected", IS_NUMBER_OR_NULL, "mean cost of the worlds; null: not simulated, as all that rests on worlds"},
    {"compare", "variants", "change", IS_NUMBER_OR_NULL, "against the baseline: of expected costs where all are simulated, else of planned ones"},
    {"compare", "variants", "change_share", IS_NUMBER_OR_NULL, "of the baseline's cost"},
    {"compare", "variants", "p90", IS_NUMBER_OR_NULL, "cost at or below which nine worlds in ten stay"},
    {"compare", "variants", "bound", IS_NUMBER_OR_NULL, "no plan can cost less"},
    {"compare", "variants", "gap", IS_NUMBER_OR_NULL, "(cost - bound) / cost"},
    {"compare", "variants", "finish", IS_TEXT_OR_NULL, "local time at which the last job is done, as planned"},
    {"compare", "variants", "finish_p50", IS_TEXT_OR_NULL, "in the median world"},
    {"compare", "variants", "late_hours", IS_NUMBER_OR_NULL, "largest lateness of a job, as planned"},
    {"compare", "variants", "late", IS_NUMBER_OR_NULL, "probability that a job is late or a service misses its target"},
    {"compare", "variants", "machines", IS_INTEGER_OR_NULL, "most held at one time"},
    {"compare", "variants", "machine_hours", IS_NUMBER_OR_NULL, "paid"},
    {"compare", "variants", "worlds", IS_INTEGER_OR_NULL, "simulated"},
    {"compare", "variants", "expected_low", IS_NUMBER_OR_NULL, "95 % interval of expected"},
    {"compare", "variants", "expected_high", IS_NUMBER_OR_NULL, "95 % interval of expected"},
    {"compare", "variants", "p10", IS_NUMBER_OR_NULL, "cost at or below which one world in ten stays"},
    {"compare", "variants", "p50", IS_NUMBER_OR_NULL, "median cost"},
    {"compare", "variants", "p95", IS_NUMBER_OR_NULL, "cost at or below which 95 worlds in 100 stay"},
    {"compare", "variants", "late_low", IS_NUMBER_OR_NULL, "95 % interval of late"},
    {"compare", "variants", "late_high", IS_NUMBER_OR_NULL, "95 % interval of late"},
    {"compare", "variants", "difference", IS_NUMBER_OR_NULL, "mean of the differences to the baseline, world by world"},
    {"compare", "variants", "difference_low", IS_NUMBER_OR_NULL, "95 % interval of difference"},
    {"compare", "variants", "difference_high", IS_NUMBER_OR_NULL, "95 % interval of difference"},
    {"compare", "variants", "cheaper", IS_NUMBER_OR_NULL, "share of the worlds in which it costs less than the baseline"},
    {"compare", "changes", "variant", IS_TEXT, "what is set against the baseline"},
    {"compare", "changes", "against", IS_TEXT, "the baseline"},
    {"compare", "changes", "sign", IS_TEXT, "+ added, - left out, ~ changed"},
    {"compare", "changes", "workload", IS_TEXT_OR_NULL, "null: of no single workload"},
    {"compare", "changes", "kind", IS_TEXT, "part of the ledger, or rework"},
    {"compare", "changes", "what", IS_TEXT, "in words"},
    {"compare", "changes", "instance_type", IS_TEXT_OR_NULL, "vendor's name"},
    {"compare", "changes", "market", IS_TEXT_OR_NULL, "on_demand, spot ..."},
    {"compare", "changes", "place", IS_TEXT_OR_NULL, "zone or region"},
    {"compare", "changes", "before", IS_NUMBER_OR_NULL, "in unit"},
    {"compare", "changes", "after", IS_NUMBER_OR_NULL, "in unit"},
    {"compare", "changes", "unit", IS_TEXT_OR_NULL, "machine-h, GiB-h ..."},
    {"compare", "changes", "amount", IS_NUMBER, "change in cost; those of a variant add up to the difference of the planned costs"},
    {"compare", "break_even", "variant", IS_TEXT, "what pays up to the value, or from it on"},
    {"compare", "break_even", "kind", IS_TEXT, "spot_price_factor, spot_price_ratio, reclaims_per_day or deadline"},
    {"compare", "break_even", "workload", IS_TEXT_OR_NULL, "whose deadline; null: of all"},
    {"compare", "break_even", "value", IS_NUMBER_OR_NULL, "where the answer flips; null: nowhere in between low and high"},
    {"compare", "break_even", "low", IS_NUMBER, "searched from"},
    {"compare", "break_even", "high", IS_NUMBER, "searched to"},
    {"compare", "break_even", "text", IS_TEXT, "the same in words"},
    {"sweep", "points", "status", IS_TEXT, "optimal, within_gap, feasible, infeasible, none or error"},
    {"sweep", "points", "currency", IS_TEXT, "of every amount of the row"},
    {"sweep", "points", "cost", IS_NUMBER_OR_NULL, "planned; null: no plan"},
    {"sweep", "points", "expected", IS_NUMBER_OR_NULL, "mean cost of the worlds; null: not simulated, as all that rests on worlds"},
    {"sweep", "points", "p90", IS_NUMBER_OR_NULL, "cost at or below which nine worlds in ten stay"},
    {"sweep", "points", "finish", IS_TEXT_OR_NULL, "local time at which the last job is done, as planned"},
    {"sweep", "points", "finish_p50", IS_TEXT_OR_NULL, "in the median world"},
    {"sweep", "points", "late_hours", IS_NUMBER_OR_NULL, "largest lateness of a job, as planned"},
    {"sweep", "points", "late", IS_NUMBER_OR_NULL, "probability that a job is late or a service misses its target"},
    {"sweep", "points", "machines", IS_INTEGER_OR_NULL, "most held at one time"},
    {"sweep", "points", "machine_hours", IS_NUMBER_OR_NULL, "paid"},
    {"sweep", "points", "bound", IS_NUMBER_OR_NULL, "no plan can cost less"},
    {"sweep", "points", "gap", IS_NUMBER_OR_NULL, "(cost - bound) / cost"},
    {"sweep", "points", "worlds", IS_INTEGER_OR_NULL, "simulated"},
    {"sweep", "points", "expected_low", IS_NUMBER_OR_NULL, "95 % interval of expected"},
    {"sweep", "points", "expected_high", IS_NUMBER_OR_NULL, "95 % interval of expected"},
    {"sweep", "points", "p10", IS_NUMBER_OR_NULL, "cost at or below which one world in ten stays"},
    {"sweep", "points", "p50", IS_NUMBER_OR_NULL, "median cost"},
    {"sweep", "points", "p95", IS_NUMBER_OR_NULL, "cost at or below which 95 worlds in 100 stay"},
    {"sweep", "points", "late_low", IS_NUMBER_OR_NULL, "95 % interval of late"},
    {"sweep", "points", "late_high", IS_NUMBER_OR_NULL, "95 % interval of late"},
    {"sweep", "points", "now", IS_FLAG, "the scenario as it is written"},
    {"sweep", "points", "knee", IS_FLAG_OR_NULL, "where the curve flattens out; null: of no single axis, or no plan"},
    {"sweep", "points", "frontier", IS_FLAG_OR_NULL, "no other point beats it in all figures; null: not asked, or no plan"},
    {"sweep", "points", "message", IS_TEXT_OR_NULL, "why there is no plan"},
    {"sweep", "sensitivity", "path", IS_TEXT, "what is uncertain"},
    {"sweep", "sensitivity", "low", IS_TEXT, "as written"},
    {"sweep", "sensitivity", "base", IS_TEXT, "as written"},
    {"sweep", "sensitivity", "high", IS_TEXT, "as written"},
    {"sweep", "sensitivity", "cost_low", IS_NUMBER_OR_NULL, "planned cost at low; null: no plan"},
    {"sweep", "sensitivity", "cost_high", IS_NUMBER_OR_NULL, "planned cost at high; null: no plan"},
    {"sweep", "sensitivity", "swing", IS_NUMBER, "how far the planned cost moves"},
    {"sweep", "sensitivity", "expected_low", IS_NUMBER_OR_NULL, "mean cost of the worlds at low; null: not simulated"},
    {"sweep", "sensitivity", "expected_high", IS_NUMBER_OR_NULL, "mean cost of the worlds at high; null: not simulated"},
    {"sweep", "sensitivity", "expected_swing", IS_NUMBER_OR_NULL, "how far the expected cost moves; null: not simulated"},
    {"budget", "budget", "name", IS_TEXT_OR_NULL, "owner, or tag=value; null: nobody's; total"},
    {"budget", "budget", "month", IS_TEXT_OR_NULL, "calendar month; null: the whole plan"},
    {"budget", "budget", "planned", IS_NUMBER, "amount"},
    {"budget", "budget", "expected", IS_NUMBER_OR_NULL, "mean of the worlds; null: not simulated"},
    {"budget", "budget", "p50", IS_NUMBER_OR_NULL, "median"},
    {"budget", "budget", "p90", IS_NUMBER_OR_NULL, "nine worlds in ten stay at or below"},
    {"budget", "budget", "at_confidence", IS_NUMBER_OR_NULL, "what it takes to stay inside with the confidence asked for"},
    {"budget", "budget", "limit", IS_NUMBER_OR_NULL, "null: none"},
    {"budget", "budget", "used", IS_NUMBER_OR_NULL, "share of the limit"},
    {"budget", "budget", "over_budget", IS_NUMBER_OR_NULL, "probability of passing the limit"},
    {"budget", "budget", "over_budget_low", IS_NUMBER_OR_NULL, "95 % interval of over_budget"},
    {"budget", "budget", "over_budget_high", IS_NUMBER_OR_NULL, "95 % interval of over_budget"},
    {"budget", "budget", "state", IS_TEXT_OR_NULL, "ok, warn or over; null: no limit"},
    {"budget", "budget", "currency", IS_TEXT, "of every amount of the row"},
    {"budget", "workloads", "workload", IS_TEXT, "name"},
    {"budget", "workloads", "priority", IS_ANY, "higher goes first"},
    {"budget", "workloads", "wanted", IS_NUMBER_OR_NULL, "work that is asked for, in unit"},
    {"budget", "workloads", "bought", IS_NUMBER_OR_NULL, "work that the money buys, in unit"},
    {"budget", "workloads", "unit", IS_TEXT_OR_NULL, "of wanted and bought"},
    {"budget", "workloads", "share", IS_NUMBER_OR_NULL, "bought / wanted"},
    {"budget", "workloads", "jobs", IS_INTEGER_OR_NULL, "bought whole"},
    {"budget", "workloads", "jobs_wanted", IS_INTEGER_OR_NULL, "asked for"},
    {"budget", "workloads", "cost", IS_NUMBER_OR_NULL, "amount"},
    {"budget", "budgets", "budget", IS_NUMBER, "amount"},
    {"budget", "budgets", "cost", IS_NUMBER_OR_NULL, "of what it buys"},
    {"budget", "budgets", "gpu_work_share", IS_NUMBER_OR_NULL, "of all GPU work"},
    {"budget", "budgets", "load_share", IS_NUMBER_OR_NULL, "of all load of services"},
    {"budget", "budgets", "priority", IS_INTEGER_OR_NULL, "the lowest of which something is bought"},
    {"budget", "budgets", "share_of_priority", IS_NUMBER_OR_NULL, "of the work of that priority"},
    {"budget", "budgets", "gpu_h", IS_NUMBER_OR_NULL, "GPU-hours bought"},
    {"budget", "budgets", "vcpu_h", IS_NUMBER_OR_NULL, "vCPU-hours bought"},
    {"budget", "budgets", "jobs", IS_INTEGER_OR_NULL, "bought whole"},
    {"budget", "budgets", "answer", IS_TEXT, "all, some or nothing"},
    {"budget", "actual", "owner", IS_TEXT_OR_NULL, "null: nobody's; total"},
    {"budget", "actual", "month", IS_TEXT, "calendar month"},
    {"budget", "actual", "planned", IS_NUMBER, "for the whole month"},
    {"budget", "actual", "planned_to_date", IS_NUMBER, "up to the last day of the bill"},
    {"budget", "actual", "actual", IS_NUMBER, "of the bill"},
    {"budget", "actual", "difference", IS_NUMBER, "actual - planned_to_date: price + volume + mix + other"},
    {"budget", "actual", "price", IS_NUMBER, "of the difference: other prices"},
    {"budget", "actual", "volume", IS_NUMBER, "of the difference: more or less used"},
    {"budget", "actual", "mix", IS_NUMBER, "of the difference: other machines"},
    {"budget", "actual", "other", IS_NUMBER, "of the difference: what cannot be told apart"},
    {"budget", "actual", "forecast", IS_NUMBER, "for the whole month, after what was billed"},
    {"budget", "actual", "planned_machine_hours", IS_NUMBER, "up to the last day of the bill"},
    {"budget", "actual", "actual_machine_hours", IS_NUMBER, "of the bill"},
    {"budget", "actual", "currency", IS_TEXT, "of every amount of the row"},
    {"replay", "summary", "policy", IS_TEXT, "name"},
    {"replay", "summary", "cost_mean", IS_NUMBER, "over all windows"},
    {"replay", "summary", "cost_mean_low", IS_NUMBER_OR_NULL, "95 % interval of the mean; null: one window only"},
    {"replay", "summary", "cost_mean_high", IS_NUMBER_OR_NULL, "95 % interval of the mean; null: one window only"},
    {"replay", "summary", "cost_sd", IS_NUMBER, "standard deviation over windows"},
    {"replay", "summary", "above_hindsight", IS_NUMBER_OR_NULL, "share by which the mean is above that of the best decisions in hindsight"},
    {"replay", "summary", "room_closed", IS_NUMBER_OR_NULL, "part of the distance from the better of the two simple policies to hindsight"},
    {"replay", "summary", "finish_h_mean", IS_NUMBER_OR_NULL, "hours from the start of the window; null: of hindsight, and where nothing is done"},
    {"replay", "summary", "starts_mean", IS_NUMBER_OR_NULL, "machines started"},
    {"replay", "summary", "missed", IS_NUMBER_OR_NULL, "share of windows whose deadline is missed"},
    {"replay", "summary", "missed_high", IS_NUMBER_OR_NULL, "upper end of its 95 % interval"},
    {"replay", "summary", "windows", IS_INTEGER, "played"},
    {"replay", "windows", "window_id", IS_TEXT, "as in the file of windows"},
    {"replay", "windows", "policy", IS_TEXT, "name"},
    {"replay", "windows", "cost", IS_NUMBER, "amount"},
    {"replay", "windows", "finish_h", IS_NUMBER_OR_NULL, "hours from the start of the window; null: not done, or of hindsight"},
    {"replay", "windows", "missed", IS_INTEGER, "1: the deadline is missed"},
    {"replay", "ticks", "window_id", IS_TEXT, "as in the file of windows"},
    {"replay", "ticks", "policy", IS_TEXT, "name"},
    {"replay", "ticks", "spot_ticks", IS_INTEGER, "on spot"},
    {"replay", "ticks", "on_demand_ticks", IS_INTEGER, "on demand"},
    {"replay", "ticks", "starts", IS_INTEGER, "machines started"},
    {"replay", "ticks", "reclaims", IS_INTEGER, "spot machines taken back"},
    {"replay", "fleet", "window_id", IS_TEXT, "as in the file of windows, or all"},
    {"replay", "fleet", "cost", IS_NUMBER, "amount"},
    {"replay", "fleet", "on_demand_cost", IS_NUMBER, "of the same nodes on demand"},
    {"replay", "fleet", "saved", IS_NUMBER_OR_NULL, "share of on_demand_cost"},
    {"replay", "fleet", "spot_share", IS_NUMBER_OR_NULL, "of node-hours on spot"},
    {"replay", "fleet", "reclaims", IS_INTEGER, "spot nodes lost"},
};
/* clang-format on */

enum { N_COLUMNS = sizeof columns / sizeof *columns };

const char *const table_schemas[] = {"compare", "sweep", "budget", "replay", NULL};

static bool same_table(const struct column *a, const struct column *b)
{
    return strcmp(a->command, b->command) == 0 && strcmp(a->table, b->table) == 0;
}

/* Tables whose name does not stand in the document: they are printed alone. */
static bool is_alone(const struct column *c)
{
    return strcmp(c->table, "fleet") == 0;
}

/* The values of a sweep are columns of their own, named by their paths. */
static bool has_axes(const struct column *c)
{
    return strcmp(c->table, "points") == 0;
}

static void row_print(const struct column *first, FILE *out)
{
    fprintf(out, "  \"%s\": {\n   \"type\": \"object\",\n   \"required\": [", first->table);
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (same_table(&columns[i], first))
            fprintf(out, "%s\"%s\"", &columns[i] == first ? "" : ", ", columns[i].key);
    fputs("],\n   \"properties\": {\n", out);
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (same_table(&columns[i], first))
            fprintf(out, "%s    \"%s\": {\"type\": %s, \"description\": \"%s\"}",
                    &columns[i] == first ? "" : ",\n", columns[i].key, kinds[columns[i].kind],
                    columns[i].help);
    fprintf(out, "\n   },\n   \"additionalProperties\": %s\n  }",
            has_axes(first) ? "{\"type\": [\"string\", \"number\", \"boolean\", \"null\"]}"
                            : "false");
}

/* First columns of the tables of a command. */
static const struct column *next_table(const char *command, const struct column *before)
{
    for (const struct column *c = before ? before + 1 : columns; c < columns + N_COLUMNS; c++)
        if (strcmp(c->command, command) == 0 && (c == columns || !same_table(c, c - 1))) return c;
    return NULL;
}

void table_schema_print(const char *command, FILE *out)
{
    fprintf(out,
            "{\n \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
            " \"title\": \"gpumix %s\",\n"
            " \"description\": \"What `gpumix %s --json` prints: the tables it has to tell of, or "
            "with --table the rows of one.\",\n \"oneOf\": [\n"
            "  {\"type\": \"object\", \"minProperties\": 1, \"additionalProperties\": false, "
            "\"properties\": {\n",
            command, command);
    const char *separator = "";
    for (const struct column *c = NULL; (c = next_table(command, c));) {
        if (is_alone(c)) continue;
        fprintf(out, "%s   \"%s\": {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/%s\"}}",
                separator, c->table, c->table);
        separator = ",\n";
    }
    fputs("\n  }},\n  {\"type\": \"array\", \"items\": {\"anyOf\": [", out);
    separator = "";
    for (const struct column *c = NULL; (c = next_table(command, c));) {
        fprintf(out, "%s{\"$ref\": \"#/$defs/%s\"}", separator, c->table);
        separator = ", ";
    }
    fputs("]}}\n ],\n \"$defs\": {\n", out);
    separator = "";
    for (const struct column *c = NULL; (c = next_table(command, c));) {
        fputs(separator, out);
        row_print(c, out);
        separator = ",\n";
    }
    fputs("\n }\n}\n", out);
}

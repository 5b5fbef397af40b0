#include "report/formats.h"
#include "report/sheet.h"
#include "tests/report/sample_plan.h"
#include <jansson.h>
#include <math.h>

static void test_registry(void)
{
    gsl_test(format_find("json") != &format_json, "json");
    gsl_test(format_find("md") != &format_md, "md");
    gsl_test(format_find("xml") != NULL, "unknown");
}

static void test_table(struct sample *s)
{
    const char *text = sample_printed(s, &format_table);
    expect_text(text, "sample   2026-12-30 to 2027-01-03, CNY", "table");
    expect_text(text, "2 x ecs.gn7i-c16g1.4xlarge  on-demand, cn-shenzhen", "table");
    expect_text(text, "~ rests on 1 assumption: spot.hazard_per_h (line 7)", "table");
    expect_text(text, "Budget 3,000: ", "table");
    expect_text(text, "Plan: 3 machines, 110 machine-hours, CNY ", "table");
    gsl_test(strstr(text, "solved in") != NULL, "no time unless asked for");
    s->report.with_time = true;
    expect_text(sample_printed(s, &format_table), ", solved in 0.08 s", "table with time");
    s->report.with_time = false;
    for (const char *c = text; *c; c++) gsl_test((unsigned char)*c > 0x7e, "ASCII only");
}

/* What is printed below the plan for each state of a budget. */
static void test_budgets(struct sample *s)
{
    struct summary_budget *b = &s->summary.budgets[0];
    const struct summary_budget before = *b;
    b->state = BUDGET_WARN;
    b->warn_at = 0.35;
    expect_text(sample_printed(s, &format_table), "%.   WARN above 35%\n", "near a budget");
    b->state = BUDGET_OVER;
    expect_text(sample_printed(s, &format_table), "%.   OVER\n", "over a budget");
    *b = before;
}

static void test_clash(struct sample *s)
{
    struct conflict clash[] = {
        {.what = "job train needs 9 GPU-hours", .cost = NAN},
        {.what = "deadline",
         .key = "workloads.train.window.deadline",
         .change = "14h",
         .set = "workloads.train.window.deadline=14h",
         .clash = 1,
         .short_by = 3.25,
         .unit = "hours",
         .cost = 77.25},
        {.what = "quota|A10", .key = "quota.A10", .clash = 1, .cost = NAN},
    };
    struct plan plan = s->plan;
    struct summary summary;
    plan.status = PLAN_INFEASIBLE;
    plan.conflicts = clash;
    plan.n_conflicts = 3;
    gsl_test(summary_make(&summary, &plan, s->arena, &s->diag), "summary without plan");
    s->result.plan = &plan;
    s->result.summary = &summary;
    const char *text = sample_printed(s, &format_table);
    expect_text(text, "No plan meets every limit.\nThe change shown is enough.\n", "one change");
    expect_text(text, "Try:  gpumix plan s.yaml --set 'workloads.train.window.deadline=14h'\n",
                "one change");
    expect_text(text, "14h                  77.25       3.2  hours", "clash");
    expect_text(sample_printed(s, &format_md), "quota\\|A10", "markdown escapes");
    expect_text(sample_printed(s, &format_json), "\"status\": \"infeasible\"", "clash");
    clash[2].change = "12 -> 13";
    expect_text(sample_printed(s, &format_table), "Any ONE of the changes shown is enough.\n",
                "two changes");
    clash[1].change = clash[2].change = clash[1].set = NULL;
    text = sample_printed(s, &format_table);
    expect_text(text, "No change of these limits was found that whole machines can follow.\n",
                "no change");
    gsl_test(strstr(text, "Try:") != NULL, "nothing to try");
    plan.n_conflicts = 0;
    expect_text(sample_printed(s, &format_table), "No plan meets every limit.\n", "clash");
    plan.status = PLAN_NONE;
    expect_text(sample_printed(s, &format_table), "No plan was found before a limit was reached.",
                "limit");
    s->result.plan = &s->plan;
    s->result.summary = &s->summary;
}

static double sum_of(const json_t *list, const char *key)
{
    double sum = 0;
    size_t i;
    json_t *entry;
    json_array_foreach(list, i, entry) sum +=
        round(1e6 * json_number_value(json_object_get(entry, key)));
    return sum;
}

static void test_json(struct sample *s)
{
    const char *text = sample_printed(s, &format_json);
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    gsl_test(!root, "JSON is read back: %s", error.text);
    const json_t *summary = json_object_get(root, "summary");
    const double cost = round(1e6 * json_number_value(json_object_get(summary, "cost")));
    gsl_test(cost != (double)s->plan.cost, "cost to the millionth");
    gsl_test(sum_of(json_object_get(root, "ledger"), "amount") != cost, "ledger adds up");
    gsl_test(sum_of(json_object_get(root, "plan"), "cost") != cost, "plan lines add up");
    gsl_test(strncmp(text, "{\n \"summary\": {\n  \"status\": \"within_gap\"", 40) != 0,
             "summary comes first");
    expect_text(text, "\"price\": 2.499,", "prices keep their decimals");
    expect_text(text, "\"bound\": 2300.125,", "bound");
    gsl_test(strstr(text, "0.084") != NULL, "no solving time in machine formats");
    json_decref(root);
    s->report.n_results = 2;
    struct result two[2] = {s->result, {.variant = "bad", .code = ERR_VALUE, .diag = &s->diag}};
    s->report.results = two;
    expect_text(sample_printed(s, &format_json), "\"variants\": [", "several variants");
    expect_text(sample_printed(s, &format_json), "\"status\": \"error\"", "a variant without plan");
    expect_text(sample_printed(s, &format_table), "not valid", "a variant without plan");
    s->report.n_results = 1;
    s->report.results = &s->result;
}

static void test_csv(struct sample *s)
{
    const char *text = sample_printed(s, &format_csv);
    expect_text(text, "scenario,variant,workload,job,instance_type,market,", "header");
    expect_text(text, ",cost,cost_compute,cost_start,cost_discount,", "header");
    expect_text(text, "\nsample,base,\"'=shots\",a,", "a name that looks like a formula is inert");
    expect_text(text,
                "\nsample,base,train,,ecs.gn7i-c16g1.4xlarge,on_demand,cn-shenzhen,,,2027-01,2027-"
                "01-01,CNY,7,",
                "a day of train");
    gsl_test(strstr(text, ",-") == NULL, "numbers are never prefixed: the discount is negative");
}

static void test_sheets(struct arena *a, struct diag *d)
{
    static const struct sheet_column columns[] = {
        {"name", "Name", 'l', false}, {"n", "Number", 'r', true}, {"hidden", "", 'l', false}};
    static const struct {
        const struct report_format *format;
        const char *text;
    } cases[] = {
        {&format_csv, "name,n,hidden\n\"a,\"\"b\"\"\",2.385,x\n\"'+cmd|' /C calc'!A0\",,\n"},
        {&format_json,
         "[\n {\n  \"name\": \"a,\\\"b\\\"\",\n  \"n\": 2.385,\n  \"hidden\": \"x\"\n },\n {\n"
         "  \"name\": \"+cmd|' /C calc'!A0\",\n  \"n\": null,\n  \"hidden\": null\n }\n]\n"},
        {&format_md, "### T\n\n| Name | Number |\n|---|---:|\n| a,\"b\" | 2.4 |\n"
                     "| +cmd\\|' /C calc'\\!A0 | - |\n\n- a &lt;note&gt;\n"},
    };
    struct sheet sheet = sheet_new(a, columns, 3);
    struct sheet_cell *cells = sheet_row(&sheet);
    cells[0] = sheet_text("a,\"b\"");
    cells[1] = sheet_number(a, 2.385, 1);
    cells[2] = sheet_text("x");
    sheet_row(&sheet)[0] = sheet_text("+cmd|' /C calc'!A0");
    sheet.title = "T";
    sheet_note(&sheet, "a <%s>", "note");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        size_t bytes;
        FILE *out = open_memstream(&text, &bytes);
        gsl_test(cases[i].format->sheet(&sheet, out, a, d), "sheet as %s", cases[i].format->name);
        fclose(out);
        gsl_test_str(text, cases[i].text, "sheet as %s", cases[i].format->name);
        free(text);
    }
}

int main(void)
{
    struct sample s;
    sample_make(&s);
    test_registry();
    test_table(&s);
    test_budgets(&s);
    test_clash(&s);
    test_json(&s);
    test_csv(&s);
    test_sheets(s.arena, &s.diag);
    arena_free(s.arena);
    return gsl_test_summary();
}

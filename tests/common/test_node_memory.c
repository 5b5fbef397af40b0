#include "common/node.h"
#include "common/source.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <yaml.h>

/* In the place of libyaml's: memory runs out before reading starts, or at its first event. */
static bool starts;

int yaml_parser_initialize(yaml_parser_t *parser)
{
    memset(parser, 0, sizeof *parser);
    return starts;
}

int yaml_parser_parse(yaml_parser_t *parser, yaml_event_t *event)
{
    memset(event, 0, sizeof *event);
    parser->error = YAML_MEMORY_ERROR;
    return 0;
}

static void expect_no_memory(bool begun, const char *name)
{
    starts = begun;
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct node *root = NULL;
    gsl_test_int(node_read(&root, source_of_text("plan.yaml", "version: 1\n", a), a, &d),
                 ERR_TOO_LARGE, "%s: code", name);
    gsl_test(root != NULL, "%s: nothing is read in part", name);
    gsl_test_str(findings_text(&d), "E3005 0:0 no memory is left to read 'plan.yaml' -> \n", "%s",
                 name);
    arena_free(a);
}

int main(void)
{
    expect_no_memory(false, "before the first byte");
    expect_no_memory(true, "at the first event");
    return gsl_test_summary();
}

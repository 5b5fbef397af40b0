/* Certifies a plan of a test as the commands do. */
#ifndef TESTS_PROOF_CERTIFIED_H
#define TESTS_PROOF_CERTIFIED_H

#include "report/certify.h"
#include "report/result_json.h"
#include "tests/laws/solve.h"

struct certified {
    struct proof proof;
    struct result result;
    struct summary summary;
    enum err code;
    double solver_bound;
};

/* OK: every claim of the plan was accepted. Findings go to s->diag. */
static inline enum err certify(struct certified *c, struct solved *s)
{
    *c = (struct certified){.solver_bound = s->plan.bound};
    c->code = plan_certify(&c->proof, &s->plan, s->arena, &s->diag);
    if (c->code != OK) return c->code;
    c->code = summary_make(&c->summary, &s->plan, s->arena, &s->diag);
    if (c->code != OK) return c->code;
    static const struct input_file file = {"scenario.yaml", "00"};
    c->result = (struct result){.variant = "base",
                                .plan = &s->plan,
                                .summary = &c->summary,
                                .diag = &s->diag,
                                .n_files = 1,
                                .files = &file};
    return c->code = result_certify(&c->result, &c->proof, "test", &s->diag);
}

#endif

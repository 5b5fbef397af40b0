/* Runs and lines of a claim, one at a time and by job. */
#include "proof/claim.h"

struct claim_run claim_run_at(const struct proof_claim *c, size_t i)
{
    return c->source ? c->source->run(c->source->of, i) : c->runs[i];
}

struct claim_line claim_line_at(const struct proof_claim *c, size_t i)
{
    return c->source ? c->source->line(c->source->of, i) : c->lines[i];
}

static size_t job_of_run(const struct proof_claim *c, size_t i)
{
    return claim_run_at(c, i).job;
}

static size_t job_of_line(const struct proof_claim *c, size_t i)
{
    return claim_line_at(c, i).job;
}

/* Counted, and sorted only where they are in another order. */
static struct claim_index index_make(const struct proof *p, const struct proof_claim *c, size_t n,
                                     size_t (*job_of)(const struct proof_claim *c, size_t i))
{
    const size_t jobs = p->in.demands->n;
    struct claim_index x = {.first = ARENA_NEW(p->arena, size_t, jobs + 3)};
    bool sorted = true;
    for (size_t i = 0, last = 0; i < n; i++) {
        const size_t of = job_of(c, i), job = of < jobs ? of : jobs;
        sorted = sorted && job >= last;
        last = job;
        x.first[job + 2]++;
    }
    for (size_t j = 0; j <= jobs; j++) x.first[j + 2] += x.first[j + 1];
    if (sorted) {
        for (size_t j = 0; j <= jobs; j++) x.first[j] = x.first[j + 1];
        x.first[jobs + 1] = n;
        return x;
    }
    x.order = ARENA_NEW(p->arena, size_t, n);
    for (size_t i = 0; i < n; i++) {
        const size_t of = job_of(c, i);
        x.order[x.first[(of < jobs ? of : jobs) + 1]++] = i;
    }
    return x;
}

struct claim_index claim_runs_by_job(const struct proof *p, const struct proof_claim *c)
{
    return index_make(p, c, c->n_runs, job_of_run);
}

struct claim_index claim_lines_by_job(const struct proof *p, const struct proof_claim *c)
{
    return index_make(p, c, c->n_lines, job_of_line);
}

size_t claim_index_at(const struct claim_index *x, size_t k)
{
    return x->order ? x->order[k] : k;
}

struct claim_run *claim_runs_of(size_t *n, const struct proof_claim *c, const struct claim_index *x,
                                size_t job, struct arena *a)
{
    *n = x->first[job + 1] - x->first[job];
    struct claim_run *runs = ARENA_NEW(a, struct claim_run, *n + 1);
    for (size_t k = 0; k < *n; k++) runs[k] = claim_run_at(c, claim_index_at(x, x->first[job] + k));
    return runs;
}

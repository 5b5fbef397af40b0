/* Kinds of zones: a prior from other zones, and what is learned of this one while it is seen. */
#include "sim/hedge.h"
#include <math.h>
#include <string.h>

static const double fitted_step_s = 600;
static const double trust = 0.4; /* power of the likelihood */
/* Spells of a kind end faster (1) or slower (-1) by this factor. */
static const double scale_factor = 2.5;
static const int scales[ZONE_SCALES][N_KINDS] = {{0, 0}, {-1, 0}, {1, 0}, {0, -1}, {0, 1}};

/* Steps of 2^0, 2^1, ... are prepared. */
enum { MOST_DOUBLED = 24 };

/* Chance of each phase 10 minutes later: hidden Markov chains fitted by maximum likelihood (Baum and
 * Welch; two pseudo-counts a row) to four traces of spot GPU instances (AWS us-west-2a, October and
 * November 2022; K80 and V100, one and eight GPUs; Frontier-CS @ 4d508c1, MIT). Leaving out the
 * trace at hand: docs/policies.md. */
static const struct zone_step known[KNOWN_ZONES] = {
    {{{0.9818, 0.0028, 0.0011, 0.0143},
      {0.0619, 0.5445, 0.1474, 0.2462},
      {0.0335, 0.1731, 0.7597, 0.0337},
      {0.5846, 0.1873, 0.0438, 0.1843}}},
    {{{0.9381, 0.0060, 0.0054, 0.0505},
      {0.0388, 0.7156, 0.2370, 0.0086},
      {0.0055, 0.0624, 0.9218, 0.0103},
      {0.3678, 0.0540, 0.0507, 0.5275}}},
    {{{0.9684, 0.0097, 0.0124, 0.0095},
      {0.0399, 0.6599, 0.2740, 0.0262},
      {0.0973, 0.2824, 0.5943, 0.0260},
      {0.0114, 0.0280, 0.0161, 0.9445}}},
    {{{0.8804, 0.0200, 0.0146, 0.0850},
      {0.0561, 0.3538, 0.2225, 0.3676},
      {0.0057, 0.0380, 0.9459, 0.0104},
      {0.2088, 0.3645, 0.0583, 0.3684}}},
};

static size_t kind_of(size_t state)
{
    return state / ZONE_PHASES;
}

/* The chain in which the events counted by `leaves` come `factor` times as often in a step. */
static struct zone_step sped_up(const struct zone_step *s, bool (*leaves)(size_t, size_t),
                                const double factor[N_KINDS])
{
    struct zone_step r;
    for (size_t i = 0; i < ZONE_STATES; i++) {
        double out = 0;
        for (size_t j = 0; j < ZONE_STATES; j++) out += leaves(i, j) ? s->p[i][j] : 0;
        const double faster = -expm1(factor[kind_of(i)] * log1p(-out));
        for (size_t j = 0; j < ZONE_STATES; j++)
            r.p[i][j] = s->p[i][j] * (leaves(i, j) ? faster / out : (1 - faster) / (1 - out));
    }
    return r;
}

static bool leaves_kind(size_t from, size_t to)
{
    return kind_of(from) != kind_of(to);
}

static bool leaves_phase(size_t from, size_t to)
{
    return from != to;
}

static struct zone_step product(const struct zone_step *x, const struct zone_step *y)
{
    struct zone_step r = {{{0}}};
    for (size_t i = 0; i < ZONE_STATES; i++)
        for (size_t k = 0; k < ZONE_STATES; k++)
            for (size_t j = 0; j < ZONE_STATES; j++) r.p[i][j] += x->p[i][k] * y->p[k][j];
    return r;
}

struct zone_step zone_step_make(size_t lane, double step_s)
{
    const int *scale = scales[lane % ZONE_SCALES];
    const double spells[N_KINDS] = {pow(scale_factor, scale[KIND_AVAILABLE]),
                                    pow(scale_factor, scale[KIND_GONE])};
    struct zone_step whole = sped_up(&known[lane / ZONE_SCALES], leaves_kind, spells);
    const double n = floor(step_s / fitted_step_s + 1e-9);
    const double rest = fmax(0, step_s / fitted_step_s - n);
    struct zone_step r = sped_up(&whole, leaves_phase, (double[N_KINDS]){rest, rest});
    for (size_t left = (size_t)fmin(n, 1e9); left > 0; left /= 2) {
        if (left % 2 == 1) r = product(&r, &whole);
        whole = product(&whole, &whole);
    }
    return r;
}

/* --- learning --- */

/* A factor of the likelihood that a spell goes on, with the phases as they are then. */
struct stay {
    double p[ZONE_PHASES][ZONE_PHASES];
};

struct zones {
    double step_s;
    struct zone_step step[HEDGE_LANES];
    struct stay stay[HEDGE_LANES][N_KINDS][MOST_DOUBLED]; /* 2^k steps within a spell */
    double share[HEDGE_LANES][ZONE_STATES];               /* in the long run */
};

static void stays_make(struct stay *stay, const struct zone_step *step, size_t kind)
{
    for (size_t i = 0; i < ZONE_PHASES; i++)
        for (size_t j = 0; j < ZONE_PHASES; j++)
            stay[0].p[i][j] = step->p[kind * ZONE_PHASES + i][kind * ZONE_PHASES + j];
    for (size_t k = 1; k < MOST_DOUBLED; k++)
        for (size_t i = 0; i < ZONE_PHASES; i++)
            for (size_t j = 0; j < ZONE_PHASES; j++) {
                stay[k].p[i][j] = 0;
                for (size_t m = 0; m < ZONE_PHASES; m++)
                    stay[k].p[i][j] += stay[k - 1].p[i][m] * stay[k - 1].p[m][j];
            }
}

const struct zones *zones_make(double step_s, struct arena *a)
{
    struct zones *z = ARENA_NEW(a, struct zones, 1);
    z->step_s = step_s;
    for (size_t lane = 0; lane < HEDGE_LANES; lane++) {
        z->step[lane] = zone_step_make(lane, step_s);
        for (size_t kind = 0; kind < N_KINDS; kind++)
            stays_make(z->stay[lane][kind], &z->step[lane], kind);
        const struct zone_step in_the_end = zone_step_make(lane, 1e6 * fitted_step_s);
        memcpy(z->share[lane], in_the_end.p[0], sizeof z->share[lane]);
    }
    return z;
}

/* Makes the phases add up to 1; their sum is the likelihood of what was seen. */
static void normalise(double phase[ZONE_PHASES], double *log_likelihood)
{
    const double least = 1e-300; /* what no lane could foresee */
    double sum = 0;
    for (size_t i = 0; i < ZONE_PHASES; i++) sum += phase[i] = fmax(phase[i], least);
    for (size_t i = 0; i < ZONE_PHASES; i++) phase[i] /= sum;
    *log_likelihood += log(sum);
}

/* The first step of a spell of a kind. */
static void spell_begins(struct zone_belief *b, const struct zones *z, size_t kind)
{
    for (size_t lane = 0; lane < HEDGE_LANES; lane++) {
        double phase[ZONE_PHASES] = {0};
        for (size_t j = 0; j < ZONE_PHASES; j++) {
            const size_t to = kind * ZONE_PHASES + j;
            if (!b->begun) phase[j] = z->share[lane][to];
            for (size_t i = 0; i < ZONE_PHASES && b->begun; i++)
                phase[j] += b->phase[lane][i] * z->step[lane].p[b->kind * ZONE_PHASES + i][to];
        }
        memcpy(b->phase[lane], phase, sizeof phase);
        normalise(b->phase[lane], &b->log_likelihood[lane]);
    }
    b->begun = true;
    b->kind = kind;
}

/* The spell goes on for some steps. */
static void spell_lasts(struct zone_belief *b, const struct zones *z, double steps)
{
    const size_t n = (size_t)fmin(fmax(0, steps), (double)((1U << MOST_DOUBLED) - 1));
    for (size_t lane = 0; lane < HEDGE_LANES; lane++)
        for (size_t k = 0; n >> k > 0; k++) {
            if ((n >> k) % 2 == 0) continue;
            const struct stay *s = &z->stay[lane][b->kind][k];
            double phase[ZONE_PHASES] = {0};
            for (size_t i = 0; i < ZONE_PHASES; i++)
                for (size_t j = 0; j < ZONE_PHASES; j++) phase[j] += b->phase[lane][i] * s->p[i][j];
            memcpy(b->phase[lane], phase, sizeof phase);
            normalise(b->phase[lane], &b->log_likelihood[lane]);
        }
}

struct zone_belief zone_learn(struct zone_memory *m, const struct zones *z,
                              const struct policy_view *view)
{
    const struct policy_past *past = &view->past;
    for (; m->n_seen < past->n; m->n_seen++) {
        const struct spell *spell = &past->spells[m->n_seen];
        spell_begins(&m->belief, z, spell->available ? KIND_AVAILABLE : KIND_GONE);
        spell_lasts(&m->belief, z, round(spell->length_s / z->step_s) - 1);
    }
    struct zone_belief now = m->belief;
    spell_begins(&now, z, view->spot_available ? KIND_AVAILABLE : KIND_GONE);
    spell_lasts(&now, z, round(past->spell_s / z->step_s));
    return now;
}

void zone_weights(double weights[HEDGE_LANES], const struct zone_belief *b)
{
    double most = -INFINITY, sum = 0;
    for (size_t i = 0; i < HEDGE_LANES; i++) most = fmax(most, b->log_likelihood[i]);
    for (size_t i = 0; i < HEDGE_LANES; i++)
        sum += weights[i] = exp(trust * (b->log_likelihood[i] - most));
    for (size_t i = 0; i < HEDGE_LANES; i++) weights[i] /= sum;
}

double zone_available_share(const struct zones *z, const struct zone_belief *b)
{
    double weights[HEDGE_LANES], share = 0;
    zone_weights(weights, b);
    for (size_t lane = 0; lane < HEDGE_LANES; lane++)
        for (size_t i = 0; i < ZONE_PHASES; i++)
            share += weights[lane] * z->share[lane][(size_t)KIND_AVAILABLE * ZONE_PHASES + i];
    return share;
}

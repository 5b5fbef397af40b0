/* Spells of a zone: a prior from other zones, and what has been seen of this one. */
#include "sim/hedge.h"
#include <math.h>

static const double s_per_h = 3600;
static const double age_offset_h = 1.0 / 6; /* the youngest age that 10-minute traces can tell */
static const double long_spell_s = 2100;    /* longer than 3 ticks of such a trace */

/* Maximum likelihood over the spells of four traces of spot GPU instances (AWS us-west-2a, October
 * and November 2022, K80 and V100, one and eight GPUs; Frontier-CS @ 4d508c1, MIT), with `power`
 * drawn weakly to 0.8. Leaving out any one of the four changes no decision rule of note
 * (docs/policies.md). */
const struct spell_prior spell_prior_default = {
    .rates =
        {
            [SPELL_AVAILABLE] = {{0.8703, 0.8649}, {0.5355, 0.6332}},
            [SPELL_GONE] = {{1.0023, 0.9934}, {0.7101, 0.5305}},
        },
    .strength = {4, 4},
};

double spell_rate_sum(const struct spell_rate *rate, double age_h)
{
    const double rest = 1 - rate->power, ratio = (age_h + age_offset_h) / age_offset_h;
    if (fabs(rest) < 1e-9) return rate->at_1h * log(ratio);
    return rate->at_1h / rest * pow(age_offset_h, rest) * (pow(ratio, rest) - 1);
}

size_t spell_class(double length_s)
{
    return length_s > long_spell_s ? AFTER_LONG : AFTER_SHORT;
}

/* Class of spell `i` of the past; what came before the first ones is not known. */
static size_t past_class(const struct policy_past *past, size_t i)
{
    return i < 2 ? AFTER_LONG : spell_class(past->spells[i - 2].length_s);
}

size_t zone_class(const struct policy_past *past, size_t ahead)
{
    return past_class(past, past->n + ahead);
}

void zone_learn(struct zone_memory *m, const struct spell_prior *prior,
                const struct policy_past *past)
{
    for (; m->n_seen < past->n; m->n_seen++) {
        const struct spell *spell = &past->spells[m->n_seen];
        const size_t kind = spell->available ? SPELL_AVAILABLE : SPELL_GONE;
        const struct spell_rate *rate = &prior->rates[kind][past_class(past, m->n_seen)];
        m->ends[kind]++;
        m->expected[kind] += spell_rate_sum(rate, spell->length_s / s_per_h);
    }
}

double zone_factor(const struct zone_memory *m, const struct spell_prior *prior, size_t kind,
                   const struct policy_view *view)
{
    double expected = m->expected[kind];
    if (kind == (view->spot_available ? SPELL_AVAILABLE : SPELL_GONE))
        expected += spell_rate_sum(&prior->rates[kind][zone_class(&view->past, 0)],
                                   view->past.spell_s / s_per_h);
    return (prior->strength[kind] + m->ends[kind]) / (prior->strength[kind] + expected);
}

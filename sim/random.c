#include "sim/random.h"

/* Round and key constants of Philox4x32: Salmon et al. 2011, table 2. */
static const uint32_t MULTIPLIER_0 = 0xD2511F53u, MULTIPLIER_1 = 0xCD9E8D57u;
static const uint32_t WEYL_0 = 0x9E3779B9u, WEYL_1 = 0xBB67AE85u;
enum { PHILOX_ROUNDS = 10 };

static const double BELOW_1 = 0x1p-53;

struct philox_block philox4x32_10(struct philox_block counter, uint64_t key)
{
    uint32_t *const c = counter.word;
    uint32_t key_0 = (uint32_t)key, key_1 = (uint32_t)(key >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        const uint64_t product_0 = (uint64_t)MULTIPLIER_0 * c[0];
        const uint64_t product_1 = (uint64_t)MULTIPLIER_1 * c[2];
        c[0] = (uint32_t)(product_1 >> 32) ^ c[1] ^ key_0;
        c[1] = (uint32_t)product_1;
        c[2] = (uint32_t)(product_0 >> 32) ^ c[3] ^ key_1;
        c[3] = (uint32_t)product_0;
        key_0 += WEYL_0;
        key_1 += WEYL_1;
    }
    return counter;
}

/* --- keys --- */

static uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * 0x100000001B3u; /* FNV-1a, 64 bits */
}

static uint64_t hash_name(uint64_t hash, const char *name)
{
    for (; *name; name++) hash = hash_byte(hash, (unsigned char)*name);
    return hash_byte(hash, 0); /* names end: "ab", "c" is not "a", "bc" */
}

static uint64_t hash_word(uint64_t hash, uint64_t word)
{
    for (int shift = 0; shift < 64; shift += 8)
        hash = hash_byte(hash, (unsigned char)(word >> shift));
    return hash;
}

/* Finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): every bit of the hash moves every bit of the key. */
static uint64_t finish(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t random_key(uint64_t seed, const char *purpose, const char *entity)
{
    uint64_t hash = hash_word(0xCBF29CE484222325u, seed);
    hash = hash_name(hash, purpose);
    if (entity) hash = hash_name(hash_byte(hash, 1), entity);
    return finish(hash);
}

uint64_t random_key_of(uint64_t key, uint64_t index)
{
    return finish(hash_word(key ^ 0xCBF29CE484222325u, index));
}

/* --- streams --- */

struct random_stream random_start(uint64_t key, uint64_t world)
{
    return (struct random_stream){.key = key, .world = world};
}

static void block_make(uint64_t pair[2], uint64_t key, uint64_t world, uint64_t block)
{
    const struct philox_block counter = {
        {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)world, (uint32_t)(world >> 32)}};
    const struct philox_block r = philox4x32_10(counter, key);
    pair[0] = r.word[0] | (uint64_t)r.word[1] << 32;
    pair[1] = r.word[2] | (uint64_t)r.word[3] << 32;
}

uint64_t random_bits(struct random_stream *s)
{
    const uint64_t i = s->drawn++;
    if (i % 2 == 0) block_make(s->next, s->key, s->world, i / 2);
    return s->next[i % 2];
}

static double uniform_of(uint64_t bits)
{
    const uint64_t high = bits >> 11;
    return high ? (double)high * BELOW_1 : BELOW_1 / 2;
}

double random_uniform(struct random_stream *s)
{
    return uniform_of(random_bits(s));
}

double random_uniform_at(uint64_t key, uint64_t world, uint64_t i)
{
    uint64_t pair[2];
    block_make(pair, key, world, i / 2);
    return uniform_of(pair[i % 2]);
}

/* --- GSL's view --- */

static void gsl_set(void *state, unsigned long seed)
{
    struct random_stream *s = (struct random_stream *)state;
    *s = random_start(random_key(seed, "gsl", NULL), 0);
}

static unsigned long gsl_get(void *state)
{
    return (unsigned long)(random_bits((struct random_stream *)state) >> 32);
}

static double gsl_get_double(void *state)
{
    return random_uniform((struct random_stream *)state);
}

static const gsl_rng_type GSL_TYPE = {
    .name = "philox4x32-10",
    .max = 0xFFFFFFFFu,
    .min = 0,
    .size = sizeof(struct random_stream),
    .set = gsl_set,
    .get = gsl_get,
    .get_double = gsl_get_double,
};

gsl_rng *random_gsl(const struct random_stream *s, struct arena *a)
{
    gsl_rng *rng = ARENA_NEW(a, gsl_rng, 1);
    struct random_stream *state = ARENA_NEW(a, struct random_stream, 1);
    *state = *s;
    *rng = (gsl_rng){.type = &GSL_TYPE, .state = state};
    return rng;
}

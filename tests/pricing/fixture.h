/* A price book from texts, and its findings as one text. */
#ifndef TESTS_PRICING_FIXTURE_H
#define TESTS_PRICING_FIXTURE_H

#include "pricing/offer.h"
#include <gsl/gsl_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PRICE_HEADER "instance_type,region,zone,market,price,currency,unit,date,source,confidence\n"
#define INSTANCE_HEADER                                                                            \
    "instance_type,family,gpu_model,gpus,gpu_mem_gb,nvlink,vcpu,ram_gb,net_gbps,features,source,"  \
    "confidence\n"
#define STORAGE_HEADER "class,item,value,unit,region,date,source,confidence\n"
#define SPEED_HEADER   "gpu_model,workload_class,relative_throughput,source,confidence\n"

/* Contents of the user's files; NULL: no such file. */
struct texts {
    bool no_builtin;
    const char *instances, *prices, *storage, *speed;
};

struct fixture {
    struct arena *arena;
    struct diag diag;
    struct price_book *book;
    enum err code;
    char findings
        [16384]; /* "E2150 prices.csv:2:5 what (why) | fix" per line, with the reasons that are not those of the codes */
};

/* Works in a folder of its own, so that paths in messages are short. */
static inline void fixture_folder(void)
{
    char folder[] = "/tmp/gpumix-test-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0) abort();
}

static inline void fixture_leave(void)
{
    char folder[256];
    static const char *const files[] = {"instances.csv", "prices.csv", "storage.csv", "speed.csv"};
    for (size_t i = 0; i < 4; i++) unlink(files[i]);
    if (!getcwd(folder, sizeof folder) || chdir("/") != 0) abort();
    rmdir(folder);
}

static inline const char *fixture_write(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    if (!out || fputs(text, out) < 0 || fclose(out) != 0) abort();
    return path;
}

static inline moment_t fixture_today(void)
{
    moment_t today = 0;
    if (!moment_parse(&today, "2026-11-22")) abort();
    return today;
}

/* The age of the built-in tables is no finding of a test unless it asks for it. */
static inline void fixture_print(struct fixture *f)
{
    size_t used = 0;
    f->findings[0] = '\0';
    for (const struct finding *x = f->diag.first; x; x = x->next) {
        const char *path = x->place.source ? x->place.source->path : "-";
        if (x->code == ERR_LINT_STALE && !x->place.source) continue;
        used += (size_t)snprintf(f->findings + used, sizeof f->findings - used,
                                 "%s%s %s:%zu:%zu %s%s%s%s%s%s", used ? "\n" : "",
                                 err_code(x->code), path, x->place.line, x->place.column, x->what,
                                 x->why ? " (" : "", x->why ? x->why : "", x->why ? ")" : "",
                                 x->fix ? " | " : "", x->fix ? x->fix : "");
        if (used >= sizeof f->findings) abort();
    }
}

static inline void fixture_load_aged(struct fixture *f, const struct texts *t, double max_age_days)
{
    const char *lists[4][2] = {{NULL}};
    *f = (struct fixture){.arena = arena_new()};
    f->diag.arena = f->arena;
    if (t->instances) lists[0][0] = fixture_write("instances.csv", t->instances);
    if (t->prices) lists[1][0] = fixture_write("prices.csv", t->prices);
    if (t->storage) lists[2][0] = fixture_write("storage.csv", t->storage);
    if (t->speed) lists[3][0] = fixture_write("speed.csv", t->speed);
    const struct book_sources sources = {!t->no_builtin, lists[0], lists[1], lists[2], lists[3]};
    f->code =
        price_book_load(&f->book, &sources, fixture_today(), max_age_days, f->arena, &f->diag);
    fixture_print(f);
}

static inline void fixture_load(struct fixture *f, const struct texts *t)
{
    fixture_load_aged(f, t, -1);
}

static inline void fixture_free(struct fixture *f)
{
    arena_free(f->arena);
}

static inline size_t type_named(const struct price_book *b, const char *name)
{
    const size_t type = book_type_find(b, name);
    if (type == SIZE_MAX) gsl_test(1, "%s is in the book", name);
    return type == SIZE_MAX ? 0 : type;
}

/* price as text equal to ratio? */
static inline bool ratio_is(struct ratio r, const char *text)
{
    struct ratio wanted;
    return ratio_parse(&wanted, text) && ratio_cmp(r, wanted) == 0;
}

#endif

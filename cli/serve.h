/* A page on loopback that nobody else may use: connections, requests and their limits. What is answered is not known here. */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include "cli/commands.h"

/* An answer in memory. */
struct serve_answer {
    unsigned status;         /* HTTP */
    const char *type, *body; /* lives in the arena that was given */
    size_t bytes;
};

/* What is asked of one path. Called by many threads at a time, each with an arena of its own. `value` gives the text of a
 * parameter of the query, or NULL. */
struct serve_query {
    const char *path; /* behind the token: "" or "what-if" */
    const char *(*value)(const struct serve_query *q, const char *name);
    void *connection;
};
typedef void serve_fn(struct serve_answer *out, const struct serve_query *q, void *context,
                      struct arena *a);

struct serve_settings {
    unsigned port; /* 0: any that is free */
    serve_fn *answer;
    void *context;
    const volatile sig_atomic_t *stop;
};

struct serve;

/* Listens on 127.0.0.1 until serve_wait ends. Errors: ERR_SERVE when the port cannot be had or no secret can be made. */
MUST_USE enum err serve_start(struct serve **out, const struct serve_settings *settings,
                              struct arena *a, struct diag *d);
const char *serve_url(const struct serve *s); /* "http://127.0.0.1:8080/<32 hex digits>/" */
/* Returns when *stop is set; then nothing listens any more. */
void serve_wait(struct serve *s);

#endif

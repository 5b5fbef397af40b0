/* Output formats: each tells plans and sheets in its own way. To add one: format_<name>.c and a line in formats.c. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "report/sheet.h"
#include "report/summary.h"

/* A file the result rests on. */
struct input_file {
    const char *path;   /* as the user wrote it */
    const char *sha256; /* hex */
};

struct simulation;    /* report/simulation.h */
struct solved_around; /* report/what_if.h */

/* What a plan keeps of window.confidence: the deadline of a workload, in worlds that nothing was chosen by. */
struct promise {
    size_t workload;
    double asked, kept, kept_low,
        kept_high;     /* kept: share of those worlds, with its 95 % interval */
    double spot_gamma; /* an hour of spot counts as this share of its expectation; 0: no spot */
    size_t n_kept, n_worlds;
};

/* What came of keeping the machines of a saved plan (plan --from). */
struct kept_plan {
    const char *from;  /* the saved run, as the user wrote it */
    bool works, keeps; /* works: those machines still do; keeps: this plan is on them */
    double
        saves; /* by how much the free plan is cheaper than the kept one, at least 0; NAN: !works */
    double price; /* what a change is counted at, in the scenario's currency */
};

/* What came of one variant. */
struct result {
    const char *variant; /* "base" or the variant's name */
    const char *label;   /* in the reader's language, or NULL */
    enum err code;       /* not OK: there is no plan, `diag` says why */
    const struct plan *plan;
    const struct summary *summary;
    size_t n_promises;
    const struct promise *promises;
    const struct simulation *simulation; /* NULL: not simulated */
    const struct kept_plan *kept;        /* NULL: nothing was to be kept */
    const struct solved_around *around;  /* NULL: nothing was to be solved around it */
    const struct diag *diag; /* findings of this variant; its warnings are part of the result */
    size_t n_files;
    const struct input_file *files;
    size_t n_set;
    const char *const *set; /* "path=value" of the command line */
    bool verified;          /* every claim of it was checked and accepted (docs/certificates.md) */
};

struct report {
    size_t n_results;
    const struct result *results; /* in the order asked for */
    const char *version;          /* of the program */
    moment_t today;               /* ages of prices are counted to it */
    bool with_time;               /* table only: say how long solving took */
};

struct report_format {
    const char *name; /* "table" */
    /* Both write everything or return the code of what they found wrong; write errors are noticed when the
     * output is committed. Machine formats hold no time of day and no solving time: same inputs, same bytes. */
    enum err (*plans)(const struct report *r, FILE *out, struct arena *a, struct diag *d);
    enum err (*sheet)(const struct sheet *s, FILE *out, struct arena *a, struct diag *d);
};

extern const struct report_format *const report_formats[]; /* ends with NULL */
const struct report_format *format_find(const char *name); /* NULL when unknown */
extern const struct report_format format_table, format_json, format_csv, format_md;

/* JSON Schema of the result file (interface.md 3.5), from the table that the JSON writer follows. */
MUST_USE enum err result_schema_print(FILE *out);

#endif

/* A scenario around a job list: init --from. */
#ifndef CLI_INIT_JOBS_H
#define CLI_INIT_JOBS_H

#include "cli/commands.h"

enum { N_JOB_NAMES = 14 };

/* What the header of a job list says, and the moments of its rows. */
struct job_list {
    const char *path;
    size_t n_rows, n_columns;
    const char *const *columns;      /* as the header names them */
    const char *column[N_JOB_NAMES]; /* of each key; NULL: not in the list */
    size_t n_unread;
    const char **unread; /* columns whose names say nothing to gpumix */
    bool has_moments;    /* some start or deadline is a moment */
    moment_t first, last, first_start;
    bool has_start;
    bool all_due; /* every row has a deadline of its own */
};

/* Reads the list. Errors: those of CSV, ERR_JOB_COLUMNS without a column that says how much work there is. */
MUST_USE enum err job_list_read(struct job_list *list, const char *path, struct cli *cli);

/* The kind of work its columns suggest. */
const char *job_list_kind(const struct job_list *list);

/* The scenario: `kind` of batch work, `file` how it names the list, `name` of the scenario. */
const char *job_list_scenario(const struct job_list *list, const char *kind, const char *file,
                              const char *name, struct cli *cli);

/* "shot -> id, frames -> items" */
const char *job_list_mapping(const struct job_list *list, struct arena *a);

#endif

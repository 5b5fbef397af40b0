/* From a scenario file to planned variants: what plan and demo share. */
#ifndef CLI_PLANNING_H
#define CLI_PLANNING_H

#include "cli/commands.h"

struct planning {
    const char *path;
    size_t n_set;
    const char *const *set; /* "path=value", applied last */
    struct plan_settings settings;
    bool
        exact; /* the exact optimum as well (solver/plan_exact.h); settings.keep_lp has to be set */
    bool warns; /* of pitfalls (report/pitfalls.h), but of these */
    size_t n_no_warnings;
    const char *const *no_warnings;
};

/* The variants asked for: `wanted` NULL or "base": the file as it is; "all": base and every variant in file order; else
 * names divided by commas. Errors: what reading gives, ERR_NOT_FOUND for a name twice or unknown. */
MUST_USE enum err variants_choose(struct text_list *names, const char *path, const char *wanted,
                                  struct cli *cli);

/* The price book a scenario asks for. */
MUST_USE enum err scenario_book(struct price_book **book, const struct scenario *s, struct cli *cli,
                                struct diag *d);

/* Loads, prices, plans and sums up one variant ("base" or a name). What went wrong is in out->code and out->diag;
 * infeasible is no error. */
void variant_plan(struct result *out, const struct planning *p, const char *variant,
                  struct cli *cli);

/* Loads a variant into *s and makes a checksum over all that its plan rests on: files, prices, settings, program. Warnings
 * are left to the plan. */
MUST_USE enum err inputs_checksum(const char **hex, struct scenario *s, const struct planning *p,
                                  const char *variant, struct cli *cli);

/* Loads the variant out->variant with its prices, and lists the files it rests on with their checksums in out->files. */
MUST_USE enum err variant_inputs(struct result *out, struct scenario *s, struct price_book **book,
                                 const struct planning *p, struct cli *cli, struct diag *d);

/* Exit status of one result; worse_status picks the graver of two: 8, 9, 7, 3, 2 before 4, 5, 1, 0. */
int result_status(const struct result *r);
int worse_status(int a, int b);

/* Takes findings over, without those that `to` has already (the same line of the same file, in each variant). */
void findings_collect(struct diag *to, const struct diag *from);

#endif

/* Everything a report is made of, and the registry of report formats. To add one: report_<name>.c that ends in one struct
 * dossier_format, and a line in report_list.h. A format sees nothing but the dossier: it neither plans nor reads files. */
#ifndef REPORT_DOSSIER_H
#define REPORT_DOSSIER_H

#include "report/bill.h"
#include "report/report_list.h"
#include "report/saved_run.h"
#include "report/sweep_sheet.h"
#include "report/what_if.h"

/* What was solved around a plan, of the first run only; with worlds where they are simulated. */
struct dossier_around {
    const char *scenario_path;           /* for commands to type; NULL: not known */
    const struct what_if *what_if;       /* sliders; NULL: not asked for or not possible */
    const struct sweep_table *deadlines; /* cost against the deadline, one axis; NULL likewise */
    size_t n_swings;
    const struct swing *swings; /* which uncertain number moves the cost most, widest first */
    const struct solved_around *solved; /* all that was solved for these; NULL: nothing */
};

struct dossier {
    const char *source;   /* path of the scenario or saved run, as the user gave it */
    const char *scenario; /* name of the scenario */
    bool saved;           /* the source is a saved run: nothing was planned */
    bool live;            /* the page is served: its sliders may ask for plans */
    size_t n_set;
    const char *const *set; /* --set that were given, for commands to type */
    size_t n;
    const struct saved_run *runs; /* [n] variants in the order of printing; n > 0 */
    const struct bill *baseline;  /* --baseline RUN.json to tell changes against; NULL: none */
    struct dossier_around around;
    bool chinese, excel; /* language of the reader; --excel: as spreadsheets want CSV */
    const char *table;   /* --table: the one that CSV prints; NULL: the first */
    const char *version; /* of the program */
    moment_t today;      /* ages of prices are counted to it */
};

/* The one that a page is about: base, else the first that has a plan, else the first. */
const struct saved_run *dossier_main(const struct dossier *d);

struct dossier_format {
    const char *name; /* "md" */
    bool binary;      /* not to a terminal */
    bool around;      /* wants dossier_around */
    bool one;         /* tells one variant unless several are asked for */
    /* Writes everything or returns the code of what it found wrong. Same dossier, same bytes. */
    enum err (*write)(const struct dossier *d, FILE *out, struct arena *a, struct diag *diag);
};

extern const struct dossier_format *const dossier_formats[];        /* ends with NULL */
const struct dossier_format *dossier_format_find(const char *name); /* NULL when unknown */

/* A list of the dossier as a table. Rows of all variants stand below each other; the first two columns name scenario and variant. */
enum column_kind {
    COLUMN_TEXT,
    COLUMN_MONEY,  /* in the run's currency, exact */
    COLUMN_COST,   /* the same, of worlds or bounds */
    COLUMN_PRICE,  /* money per unit */
    COLUMN_NUMBER, /* hours, GiB, ... */
    COLUMN_WHOLE,
    COLUMN_LINE,   /* of a file; 0: not known */
    COLUMN_SHARE,  /* in [0, 1]; percent for people */
    COLUMN_MOMENT, /* "2026-12-08 18:00" local time */
    COLUMN_FLAG
};

struct dossier_sheet {
    const char *key;   /* "ledger": for --table, never translated */
    const char *title; /* translated */
    struct sheet sheet;
    const enum column_kind *kinds; /* [sheet.n_columns] */
};

/* Every list that has rows, the most asked for first. Texts and labels are those of the reader's language, keys and values not. */
struct dossier_sheet *dossier_sheets(size_t *n, const struct dossier *d, struct arena *a);
extern const char *const dossier_tables[]; /* keys of all that there can be, ends with NULL */

#endif

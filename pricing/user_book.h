/* A price book of the user's own: a folder with prices.csv, instances.csv, stock.csv and history.csv, to which imports are
 * added. The built-in tables are never written. */
#ifndef PRICING_USER_BOOK_H
#define PRICING_USER_BOOK_H

#include "pricing/history.h"
#include <signal.h>

enum book_table { TABLE_PRICES, TABLE_INSTANCES, TABLE_STOCK, TABLE_HISTORY, N_BOOK_TABLES };

/* What became of a row. OLDER: the book has a newer one, which stays. KNOWN: the built-in book says the same. */
enum row_change { ROW_ADDED, ROW_CHANGED, ROW_SAME, ROW_OLDER, ROW_KNOWN, N_ROW_CHANGES };

struct book_change {
    enum book_table table;
    enum row_change change;
    const char *what;           /* "ecs.gn7i-c8g1.2xlarge spot cn-beijing-h" */
    const char *before, *after; /* price or other content; "" when there was none */
    const char *date;
};

struct book_table_rows {
    const char *path;
    const char *comments; /* lines before the header, kept; "" */
    size_t n;
    const char **cells; /* [n][columns of the table] */
    struct names keys;  /* of the rows, same numbers */
    bool changed;
};

struct user_book {
    struct arena *arena;
    const char *folder;
    bool there;                        /* the folder; it is held until the run ends */
    const volatile sig_atomic_t *stop; /* set while writing: nothing is written; NULL: none */
    struct book_table_rows tables[N_BOOK_TABLES];
    struct history history;
    struct book_change *changes; /* samples are only counted */
    size_t n_changes;
    size_t counts[N_BOOK_TABLES][N_ROW_CHANGES];
};

const char *book_table_name(enum book_table t); /* "prices.csv" */
const char *row_change_name(enum row_change c); /* N_() "added" */

/* Reads the tables of the folder that are there; a folder that is not there is an empty book. Waits while another import
 * holds the folder. Errors: of csv_read; ERR_OUTPUT when that one does not end;
 * ERR_CSV_HEADER for a table with columns that are not its own, which writing would lose. */
MUST_USE enum err user_book_read(struct user_book **book, const char *folder, struct arena *a,
                                 struct diag *d);

/* Adds what was imported. Prices of types that neither book nor import knows are skipped and counted in in->skipped. */
void user_book_merge(struct user_book *b, struct imported *in, const struct price_book *known);

/* Writes the tables that changed, all or none of them: the price book must load with them first, or its findings are
 * returned and nothing is written. Makes the folder. Errors: ERR_OUTPUT, also when another import made the book since it was
 * read, and without a finding when stopped; of price_book_load. */
MUST_USE enum err user_book_write(struct user_book *b, moment_t today, struct diag *d);

#endif

/* The registry of report formats, in the order of the help: one line per file report_<name>.c. */
#ifndef REPORT_REPORT_LIST_H
#define REPORT_REPORT_LIST_H

/* clang-format off */
#define REPORT_LIST(X) \
    X(md) \
    X(csv) \
    X(xlsx) \
    X(prom) \
    X(focus) \
    X(html)
/* clang-format on */

struct dossier_format;
#define X(name) extern const struct dossier_format report_##name;
REPORT_LIST(X)
#undef X

#endif

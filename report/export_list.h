/* The registry of forms of export, in the order of the help: one line per file export_<name>.c. */
#ifndef REPORT_EXPORT_LIST_H
#define REPORT_EXPORT_LIST_H

/* clang-format off */
#define EXPORT_LIST(X) \
    X(terraform) \
    X(ess) \
    X(k8s)
/* clang-format on */

struct export_format;
#define X(name) extern const struct export_format export_##name;
EXPORT_LIST(X)
#undef X

#endif

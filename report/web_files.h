/* Style and scripts of the report page, carried inside the program by tools/embed.sh. charts.js is empty where the program was
 * built without npm: the page then has its tables and says so. */
#ifndef REPORT_WEB_FILES_H
#define REPORT_WEB_FILES_H

#include <stddef.h>

struct web_file {
    const char *name; /* "page.css", "page.js", "charts.js" */
    const char *text; /* NUL-terminated; the NUL is not counted in bytes */
    size_t bytes;
};
extern const struct web_file web_files[]; /* ends with a NULL name */

#endif

/* SHA-256 checksums as lower-case hex (libmd), so that a result names exactly what it was made
 * from. */
#ifndef COMMON_SHA256_H
#define COMMON_SHA256_H

#include "common/diag.h"

enum { SHA256_HEX_BYTES = 65 }; /* 64 digits and the end */

/* Of `n` bytes in memory. Returns `hex`. */
char *sha256_text(char hex[SHA256_HEX_BYTES], const void *bytes, size_t n);

/* Of the whole content of a file. Errors: ERR_FILE. */
MUST_USE enum err sha256_file(char hex[SHA256_HEX_BYTES], const char *path, struct diag *d);

#endif

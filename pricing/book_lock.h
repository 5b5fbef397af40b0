/* One import at a time: what two write into the same book at once would be lost for one of them. */
#ifndef PRICING_BOOK_LOCK_H
#define PRICING_BOOK_LOCK_H

#include "common/diag.h"

/* Waits until nobody else holds the folder, at most `wait_s` seconds, and holds it as long as the arena lives. `held` is false
 * when the folder is not there. File systems that know no locks are taken as they are. Errors: ERR_OUTPUT when another
 * import goes on; ERR_OUTPUT without a finding when a signal ends the waiting. */
MUST_USE enum err book_lock(bool *held, const char *folder, int wait_s, struct arena *a,
                            struct diag *d);

#endif

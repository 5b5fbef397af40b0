/* Exact prices as decimal text. */
#ifndef PRICING_DECIMAL_H
#define PRICING_DECIMAL_H

#include "common/money.h"

enum { DECIMAL_BYTES = 40 };

/* All decimals of r >= 0 where they end within 12, else 12 of them, without trailing zeros. Returns `buffer`. */
char *decimal_print(char buffer[DECIMAL_BYTES], struct ratio r);

#endif

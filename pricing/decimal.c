#include "pricing/decimal.h"
#include <inttypes.h>
#include <stdio.h>

char *decimal_print(char buffer[DECIMAL_BYTES], struct ratio r)
{
    enum { DECIMALS = 12, BASE = 10 };
    char digits[DECIMALS + 1] = "";
    int used = 0;
    int64_t rest = r.num % r.den;
    for (int i = 0; i < DECIMALS && rest != 0; i++) {
        /* rest < den, so ten times it is reached in steps that stay within 64 bits */
        int digit = 0;
        int64_t next = 0;
        for (int k = 0; k < BASE; k++) {
            const bool carry = next >= r.den - rest;
            next = carry ? next - (r.den - rest) : next + rest;
            digit += carry;
        }
        rest = next;
        digits[i] = (char)('0' + digit);
        if (digit) used = i + 1;
    }
    digits[used] = '\0';
    snprintf(buffer, DECIMAL_BYTES, used ? "%" PRId64 ".%s" : "%" PRId64 "%s", r.num / r.den,
             digits);
    return buffer;
}

/* Kinds of bills: which column means what. Private to pricing/. */
#ifndef PRICING_SPEND_FORMS_H
#define PRICING_SPEND_FORMS_H

#include <stddef.h>

enum spend_column {
    SPEND_COST,  /* the first alias that is not empty in a row */
    SPEND_MONTH, /* 2026-09 or 202609 */
    SPEND_TIME,  /* when it was used: a day or a moment; goes before the month */
    SPEND_END,   /* until when: a moment that no longer counts; of charges by use */
    SPEND_CURRENCY,
    SPEND_OWNER, /* cost unit */
    SPEND_TAGS,
    SPEND_TYPE,    /* the instance type itself */
    SPEND_TYPE_IN, /* texts in which a type may stand */
    SPEND_SERVICE,
    SPEND_REGION,
    SPEND_ZONE,
    SPEND_PAYMENT,   /* how it is paid: subscription or by use */
    SPEND_SPOT_IN,   /* texts that may speak of spot */
    SPEND_COMMITTED, /* kind of commitment that covers it */
    SPEND_USAGE,
    SPEND_USAGE_UNIT,
    N_SPEND_COLUMNS
};

enum { MAX_ALIASES = 8 };

struct spend_form {
    const char *name;
    const char *sign[3]; /* headers that only this kind has, all of them; NULL ends */
    const char *columns[N_SPEND_COLUMNS][MAX_ALIASES];
};

extern const struct spend_form spend_forms[]; /* ends with one without a name */

#endif

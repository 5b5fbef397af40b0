/* What a result rests on, for programs; and the small change of JSON documents. Sees jansson. */
#ifndef REPORT_INPUTS_JSON_H
#define REPORT_INPUTS_JSON_H

#include "report/formats.h"
#include <jansson.h>

/* A string; null for NULL. What is not UTF-8, as a file name may be, is made safe. */
json_t *json_words(const char *s, struct arena *a);
/* Takes the value over. */
void json_put(json_t *object, const char *key, json_t *value);
/* The keys `file` and `line`, null where nothing was written. */
void json_place_put(json_t *object, struct place at, struct arena *a);

/* The object `inputs` of a result: program, scenario, horizon, files with their checksums, settings, price book; with `all` every
 * value of the merged scenario as well. */
json_t *inputs_json(const struct result *r, const char *version, bool all, struct arena *a);

#endif

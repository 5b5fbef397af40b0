/* Types of values that only scenarios have, for the field tables; and what reading collects beside the structs. */
#ifndef SCENARIOS_TYPES_H
#define SCENARIOS_TYPES_H

#include "common/field.h"
#include "scenarios/scenario.h"

/* field_reader.context: amounts of money as they are read, for the check that they can be converted. */
struct reading {
    struct scenario *scenario; /* being filled; NULL while a file is only checked */
    size_t n_amounts;
    struct amount_seen {
        enum currency currency;
        struct place at;
    } * amounts;
};

#define PER(x)   (1U << (x)) /* for field.mask: what an amount of money may be counted by */
#define PER_TIME (PER(PER_HOUR) | PER(PER_DAY) | PER(PER_MONTH) | PER(PER_YEAR))

/* Members: */
extern const struct field_type
    type_uncertain;                         /* struct uncertain; dimension PLAIN or NUMBER_FRAC */
extern const struct field_type type_money;  /* struct optional_money; mask of PER() */
extern const struct field_type type_price;  /* struct money; likewise */
extern const struct field_type type_moment; /* moment_t */
extern const struct field_type type_duration_us; /* int64_t */
extern const struct field_type type_clock;       /* int64_t: microseconds of the day */
extern const struct field_type type_texts;       /* struct text_list */
extern const struct field_type type_file_texts;  /* struct text_list of usable paths */
extern const struct field_type type_files; /* const char *const *, NULL-terminated, usable paths */
extern const struct field_type type_percent; /* struct ratio: exact */
extern const struct field_type type_any;     /* none: anything goes */

/* Keys of a triple: fields of every row of type_uncertain. */
extern const struct field uncertain_fields[]; /* NUMBER_FRAC */
extern const struct field amount_fields[];    /* PLAIN */
extern const struct field duration_fields[];  /* DURATION_H */

extern const char MONEY_PATTERN[], CLOCK_PATTERN[], MOMENT_PATTERN[], PLACE_PATTERN[],
    NAME_PATTERN[], TYPE_PATTERN[], LIMIT_PATTERN[];
#define NAME_EXPECTED                                                                              \
    N_("a name of ASCII letters, digits and . _ : / -; other writing belongs into label")
#define PLACE_EXPECTED N_("a region such as cn-shenzhen or a zone such as cn-shenzhen-d")
#define TYPE_EXPECTED  N_("an instance type such as ecs.gn7i-c16g1.4xlarge")

/* Bodies of the definitions of the schema that belong to these types. */
void money_definition(struct node *out, struct arena *a);
void uncertain_definition(enum dimension dimension, struct node *out, struct arena *a);

/* "plan.yaml:12" for messages that name a second place. */
const char *place_text(struct place at, struct arena *a);

/* Tables. */
extern const struct field root_fields[];     /* struct scenario */
extern const struct field workload_fields[]; /* struct workload */

#endif

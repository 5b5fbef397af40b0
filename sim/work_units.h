/* Units of one job while it is played: what they do, what they hold, and when that changes. Private to sim/work*.c. */
#ifndef SIM_WORK_UNITS_H
#define SIM_WORK_UNITS_H

#include "sim/work.h"

enum unit_state { UNIT_WAITING, UNIT_RESTARTING, UNIT_COMPUTING };

/* A machine's run before what is held now: its boot, or the stretch before. Billed by whole steps of the whole run. */
struct so_far {
    int64_t run_us, billed_us;
};

/* Machines given back at the end of a stretch: their runs go on where the next one begins at that moment on the same terms. */
struct handed_on {
    size_t terms;
    long machines;
    int64_t at_us;
    struct so_far so_far;
};

/* One spot machine of a unit. */
struct berth {
    struct reclaims reclaims;
    struct so_far so_far;
    int64_t start_us, next_us; /* this machine's start; when it is taken */
    bool held;
};

struct unit {
    size_t terms;  /* index into the job's */
    long machines; /* of a gang; of a group that is never taken back */
    size_t first_place;
    enum unit_state state;
    int64_t since_us;          /* begin of the state */
    int64_t begun_us;          /* machines without places: start */
    struct so_far so_far;      /* likewise */
    int64_t ready_us, back_us; /* end of a restart; replacement is there */
    int64_t end_us, next_us;   /* released then, if nobody decides otherwise; next event */
    int64_t head_us;           /* the replacement was ordered so long before the reclaim */
    double rate;               /* reference hours per microsecond of computing */
    size_t stretch;            /* played stretch; SIZE_MAX: beyond the plan */
};

struct work_scratch {
    const struct work_play *play;
    struct world *world;
    const struct work_job *job;
    struct job_luck *luck;
    int64_t now_us;
    double work, left, rate; /* reference hours; per microsecond, of all units that compute */
    double slack;            /* work that is rounding */
    size_t n_computing, n_units, n_places;
    struct arena *arena;
    struct unit *units;
    struct berth *places;
    size_t n_heap;
    size_t *heap; /* units by next_us, then index */
    size_t unit_room, place_room, handed_room, n_handed;
    struct handed_on *handed;
    struct use_month *uses; /* [terms of the job][months] */
    double *lost; /* likewise: machine-microseconds without progress, of what is in `uses` */
    double *hazard, *speed; /* [terms of the job] */
    struct boot boot;       /* start-up times, of this job */
    uint64_t n_boots;       /* drawn so far */
    bool rescue;            /* the plan is left for on-demand */
    bool as_planned;        /* up to now */
    size_t next_stretch;    /* the first that has not begun */
    size_t followed;        /* stretches before it are over or left */
    int64_t alarm_us;       /* a look at divisible work before its deadline; INT64_MIN: over */
    void *memory;           /* of the policy */
};

/* Opens a unit of `machines` in the places from `place` on; it computes at once, or restarts first; where there are
 * no machines now, it waits for them. */
struct unit_request {
    size_t terms, place, stretch;
    long machines;
    int64_t end_us, delay_us; /* it computes so much later, still booting */
    struct so_far so_far;     /* of its machines, where they are there now */
    bool restarts;
};
/* Whether one start takes longer than the other. */
bool boots_vary(const struct work_scratch *s);
/* How much longer than planned `machines` that start together take; below 0: less. */
int64_t boot_delay_us(struct work_scratch *s, size_t place, long machines);
/* Whether machines of these terms are in stock now, below the workload's price limit. */
bool unit_to_be_had(const struct work_scratch *s, const struct terms *t);
void unit_open(struct work_scratch *s, const struct unit_request *r);
/* Ends it now, graceful: nothing is lost. */
void unit_close(struct work_scratch *s, struct unit *u);
/* Machines that are due are taken now: progress since the last checkpoint is lost, and the unit waits for replacements. */
void unit_take(struct work_scratch *s, struct unit *u);
/* Replacements are there: restart. */
void unit_restart(struct work_scratch *s, struct unit *u);
void unit_compute(struct work_scratch *s, struct unit *u);
/* Sets next_us after a change of the unit. */
void unit_next(struct work_scratch *s, struct unit *u);
/* At most n machines whose runs end now on these terms, all alike, are taken over; returns how many: n with nothing behind them
 * where there are none. */
long run_take_over(struct so_far *so_far, struct work_scratch *s, size_t terms, long n);
/* Money of planned starts: machine-microseconds booted before `at`. */
void use_add_start(struct work_scratch *s, size_t terms, int64_t start_us, int64_t at_us);

/* Units by the time of their next event. */
void heap_push(struct work_scratch *s, size_t unit);
void heap_fix_top(struct work_scratch *s); /* the top has a new next_us */
void heap_pop(struct work_scratch *s);

#endif

/* Keys of a service that nothing uses. */
#include "scenarios/serving.h"

struct unused {
    const char *path;
    bool (*used)(const struct service *s); /* NULL: by no service */
};

static bool is_waiting(const struct service *s)
{
    return s->rule == RULE_WAIT;
}

static bool is_profile(const struct service *s)
{
    return s->rule == RULE_PROFILE;
}

static bool is_places(const struct service *s)
{
    return s->rule == RULE_BLOCKING;
}

static bool is_seats(const struct service *s)
{
    return s->seats > 0;
}

static bool has_load(const struct service *s)
{
    return s->seats == 0;
}

static bool has_time(const struct service *s)
{
    return s->rule != RULE_PROFILE && s->seats == 0;
}

static bool is_timed(const struct service *s)
{
    return is_waiting(s) || s->frame_h > 0;
}

static bool has_limits(const struct service *s)
{
    return is_waiting(s) || (is_places(s) && s->n_limits > 0);
}

static const struct unused of_services[] = {
    {"work.gpu_hours", NULL},
    {"work.vcpu_hours", NULL},
    {"work.items", NULL},
    {"work.seconds_per_item", NULL},
    {"work.tokens", NULL},
    {"work.parameters", NULL},
    {"work.utilization", NULL},
    {"work.from_csv", NULL},
    {"work.columns", NULL},
    {"work.measured_on", is_timed},
    {"work.seats", is_seats},
    {"work.hours_per_day", is_seats},
    {"work.repeat", is_seats},
    {"resources.workers", NULL},
    {"resources.max_workers", NULL},
    {"late_cost", NULL},
    {"interruption.checkpoint_every", NULL},
    {"interruption.checkpoint_size", NULL},
    {"interruption.lost_per_hit", NULL},
    {"load", has_load},
    {"latency.met", is_waiting},
    {"latency.blocked", is_places},
    {"service.time", has_time},
    {"service.cv", has_time},
    {"service.batch", is_waiting},
    {"service.frame", has_limits},
    {"service.profile", is_profile},
    {"request_mix", is_profile},
    {"speed", is_timed},
};

static const char *reason_of(const struct service *s)
{
    if (s->seats > 0) return _("seats are sized by places, the key belongs to another service");
    if (is_places(s)) return _("sessions are sized by places, the key belongs to other workloads");
    if (is_profile(s)) return _("measured rates hold all that is needed");
    return _("requests are sized by queueing, the key belongs to other workloads");
}

void service_keys_warn(const struct serve_task *t)
{
    const struct workload *w = t->workload;
    struct diag *d = t->serving->diag;
    for (size_t i = 0; i < sizeof of_services / sizeof *of_services; i++) {
        const struct unused *u = &of_services[i];
        if (!workload_has(w, u->path) || (u->used && u->used(t->service))) continue;
        diag_warning(d, WARN_KEY_UNUSED, workload_place(w, u->path), _("%s of '%s' is not used"),
                     u->path, w->name);
        diag_why(d, "%s", reason_of(t->service));
        diag_fix(d, _("remove the key, or choose the kind that uses it"));
    }
}

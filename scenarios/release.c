/* When a job may run: release and deadline cut to the horizon, and the occurrences of repeated work. */
#include "scenarios/lower.h"
#include <math.h>

static const char *moment_text(const struct task *t, int64_t t_us)
{
    char buffer[40];
    const moment_t m = t->lowering->scenario->start + t_us;
    return arena_strdup(t->lowering->arena, moment_print(buffer, sizeof buffer, m));
}

static enum err outside_horizon(const struct task *t, const struct job *j, enum job_key key,
                                int64_t t_us)
{
    const struct scenario *s = t->lowering->scenario;
    struct diag *d = t->lowering->diag;
    const struct place at = job_place(t, j, key);
    if (key == JOB_START)
        diag_error(d, ERR_WINDOW, at, _("'%s' starts at %s, after the horizon ends at %s"),
                   job_name(t, j), moment_text(t, t_us), moment_text(t, s->length_us));
    else
        diag_error(d, ERR_WINDOW, at, _("'%s' is due at %s, before the horizon starts at %s"),
                   job_name(t, j), moment_text(t, t_us), moment_text(t, 0));
    diag_fix(d, _("change the window, or horizon.start and horizon.length"));
    return ERR_WINDOW;
}

int64_t deadline_loosened(const struct task *t, int64_t due_us)
{
    const double later_us = t->workload->loose.later_h * (double)US_PER_H;
    const int64_t end_us = t->lowering->scenario->length_us;
    return later_us < (double)(end_us - due_us) ? due_us + llround(later_us)
           : due_us < end_us && later_us > 0    ? end_us
                                                : due_us;
}

static int64_t due_of(const struct task *t, const struct job *j, int64_t start_us)
{
    const struct scenario *s = t->lowering->scenario;
    if (!j->has_deadline) return s->length_us;
    return deadline_loosened(t, j->deadline_is_moment ? j->deadline - s->start
                                                      : start_us + j->deadline_us);
}

enum err job_window(struct demand *d, struct task *t, const struct job *j)
{
    const struct scenario *s = t->lowering->scenario;
    const int64_t start = j->has_start ? j->start - s->start : 0;
    const int64_t due = due_of(t, j, start);
    if (start >= s->length_us) return outside_horizon(t, j, JOB_START, start);
    if (due <= start) {
        struct diag *diag = t->lowering->diag;
        diag_error(diag, ERR_WINDOW, job_place(t, j, JOB_DEADLINE),
                   _("'%s' is due at %s, but starts only at %s"), job_name(t, j),
                   moment_text(t, due), moment_text(t, start));
        diag_fix(diag, _("write a deadline after the start"));
        return ERR_WINDOW;
    }
    if (due <= 0) return outside_horizon(t, j, JOB_DEADLINE, due);
    if (start < 0 && t->n_start_cut++ == 0) t->start_cut_at = job_place(t, j, JOB_START);
    if (due > s->length_us && t->n_due_cut++ == 0) t->due_cut_at = job_place(t, j, JOB_DEADLINE);
    d->release_us = start < 0 ? 0 : start;
    d->due_us = due > s->length_us ? s->length_us : due;
    return OK;
}

enum err demand_open_check(const struct task *t, const struct job *j, const struct demand *demand)
{
    const struct workload *w = t->workload;
    const int64_t horizon = t->lowering->scenario->length_us;
    if (demand_open_us(demand, 0, horizon, true, horizon) > 0) return OK;
    struct diag *d = t->lowering->diag;
    const char *key = w->has_hours ? "window.hours" : "window.days";
    diag_error(d, ERR_WINDOW_CLOSED, workload_place(w, key),
               _("hours and days of '%s' leave no time between %s and %s"), job_name(t, j),
               moment_text(t, demand->release_us), moment_text(t, demand->due_us));
    diag_fix(d, _("widen window.hours or window.days, or move the deadline"));
    return ERR_WINDOW_CLOSED;
}

static enum err repeat_check(const struct task *t)
{
    const struct workload *w = t->workload;
    struct diag *d = t->lowering->diag;
    if (w->has_deadline && w->deadline_is_moment) {
        diag_error(d, ERR_REPEAT, workload_place(w, "window.deadline"),
                   _("'%s' is repeated, so its deadline cannot be one moment"), w->name);
        diag_fix(d, _("write the deadline as a length of time from each release, for example 9h"));
        return ERR_REPEAT;
    }
    if (w->has_deadline && w->deadline_h <= 0) {
        diag_error(d, ERR_WINDOW, workload_place(w, "window.deadline"),
                   _("the deadline of '%s' leaves no time"), w->name);
        diag_fix(d, _("write a length of time above 0"));
        return ERR_WINDOW;
    }
    return OK;
}

static void occurrences_warn(const struct task *t)
{
    const struct workload *w = t->workload;
    const struct occurrences *o = &t->occurrences;
    struct diag *d = t->lowering->diag;
    const size_t all = o->n + o->n_early + o->n_closed + o->n_past;
    const struct place at = workload_place(w, "work.repeat");
    if (o->n_past > 0) {
        diag_warning(d, WARN_OCCURRENCES, at,
                     _("%zu of %zu occurrences of '%s' are left out: they end after the horizon"),
                     o->n_past, all, w->name);
        diag_fix(d, _("make horizon.length longer if they belong to the plan"));
    }
    if (o->n_early > 0) {
        diag_warning(
            d, WARN_OCCURRENCES, at,
            _("%zu of %zu occurrences of '%s' are left out: they begin before the horizon"),
            o->n_early, all, w->name);
        diag_fix(d, _("move window.start or horizon.start if they belong to the plan"));
    }
    if (o->n_closed > 0) {
        diag_warning(
            d, WARN_OCCURRENCES, at,
            _("%zu of %zu occurrences of '%s' are left out: hours and days leave them no time"),
            o->n_closed, all, w->name);
        diag_fix(d, _("widen window.hours or window.days if they belong to the plan"));
    }
}

enum err occurrences_find(struct task *t)
{
    const struct workload *w = t->workload;
    const struct scenario *s = t->lowering->scenario;
    TRY(repeat_check(t));
    const struct job j = job_of_workload(w);
    const int64_t start = w->has_start ? w->start - s->start : 0;
    if (start >= s->length_us) return outside_horizon(t, &j, JOB_START, start);
    occurrences_make(&t->occurrences, s, w, start, w->has_deadline ? j.deadline_us : -1,
                     t->lowering->arena);
    occurrences_warn(t);
    if (t->occurrences.n > 0) return OK;
    struct diag *d = t->lowering->diag;
    diag_error(d, ERR_REPEAT, workload_place(w, "work.repeat"),
               _("no occurrence of '%s' lies within the horizon"), w->name);
    diag_fix(d, _("make horizon.length longer, or the deadline shorter"));
    return ERR_REPEAT;
}

void cuts_warn(const struct task *t)
{
    struct diag *d = t->lowering->diag;
    const char *end = moment_text(t, t->lowering->scenario->length_us);
    if (t->n_due_cut > 0) {
        diag_warning(
            d, WARN_WINDOW_CUT, t->due_cut_at,
            _("%zu deadline(s) of '%s' lie after the horizon's end %s, which is used instead"),
            t->n_due_cut, t->workload->name, end);
        diag_fix(d, _("make horizon.length longer if the later time may be used"));
    }
    if (t->n_start_cut > 0) {
        diag_warning(d, WARN_WINDOW_CUT, t->start_cut_at,
                     _("%zu start(s) of '%s' lie before the horizon, work begins with the horizon"),
                     t->n_start_cut, t->workload->name);
        diag_fix(d, _("move horizon.start if the earlier time may be used"));
    }
}

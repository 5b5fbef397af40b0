/* How much there is to do: gpu_hours, vcpu_hours, items x seconds_per_item / 3600, or for language models
 * 6 x parameters x tokens / (utilization x peak) with peak = dense FP16 operations a second of measured_on. */
#include "common/csv.h"
#include "scenarios/lower.h"
#include <math.h>

enum form { FORM_GPU_HOURS, FORM_VCPU_HOURS, FORM_ITEMS, FORM_TOKENS, N_FORMS };

static const char *const form_keys[N_FORMS] = {"gpu_hours", "vcpu_hours", "seconds_per_item",
                                               "tokens"};

static enum job_key form_key(enum form form)
{
    switch (form) {
    case FORM_VCPU_HOURS:
        return JOB_VCPU_HOURS;
    case FORM_ITEMS:
        return JOB_SECONDS;
    case FORM_GPU_HOURS:
    case FORM_TOKENS:
    case N_FORMS:
    default:
        return JOB_GPU_HOURS;
    }
}

static struct place form_place(const struct task *t, const struct job *j, enum form form)
{
    if (form == FORM_TOKENS) return workload_place(t->workload, "work.tokens");
    return job_place(t, j, form_key(form));
}

static struct place work_place(const struct task *t, const struct job *j)
{
    return j->row ? csv_place(j->row, 0) : workload_place(t->workload, "work");
}

static enum err work_missing(struct task *t, const struct job *j)
{
    struct diag *d = t->lowering->diag;
    const char *name = job_name(t, j);
    if (!isnan(j->items)) {
        diag_error(d, ERR_WORK_PART, job_place(t, j, JOB_ITEMS),
                   _("'%s' has items but no seconds_per_item"), name);
        diag_fix(d, _("write seconds_per_item, the time of one item on one GPU of measured_on"));
    } else {
        diag_error(d, ERR_WORK_MISSING, work_place(t, j), _("'%s' says no amount of work"), name);
        diag_fix(d, _("write gpu_hours, vcpu_hours, or items with seconds_per_item"));
    }
    return d->code;
}

/* The one form the work is given in; N_FORMS after an error. */
static enum form work_form(struct task *t, const struct job *j)
{
    const bool given[N_FORMS] = {!isnan(j->gpu_hours), !isnan(j->vcpu_hours),
                                 !isnan(j->seconds_per_item),
                                 !isnan(j->tokens) || !isnan(j->parameters)};
    enum form found = N_FORMS;
    for (enum form form = FORM_GPU_HOURS; form < N_FORMS; form++) {
        if (!given[form]) continue;
        if (found == N_FORMS) {
            found = form;
            continue;
        }
        diag_error(t->lowering->diag, ERR_WORK_TWICE, form_place(t, j, form),
                   _("the work of '%s' is given twice: as %s and as %s"), job_name(t, j),
                   form_keys[found], form_keys[form]);
        diag_fix(t->lowering->diag, _("keep one of them"));
        return N_FORMS;
    }
    if (found == N_FORMS) (void)work_missing(t, j);
    return found;
}

static enum err part_missing(struct task *t, const struct job *j, const char *has,
                             const char *lacks)
{
    struct diag *d = t->lowering->diag;
    diag_error(d, ERR_WORK_PART, work_place(t, j), _("'%s' has %s but no %s"), job_name(t, j), has,
               lacks);
    diag_fix(d, _("write %s too, or give the work as gpu_hours"), lacks);
    return ERR_WORK_PART;
}

static enum err reference_required(struct task *t, const struct job *j)
{
    if (t->reference_gpu != NO_GPU) return OK;
    struct diag *d = t->lowering->diag;
    if (t->said_measured_on || t->workload->measured_on) return ERR_MEASURED_ON; /* said already */
    t->said_measured_on = true;
    diag_error(d, ERR_MEASURED_ON, workload_place(t->workload, "work"),
               _("the work of '%s' is time on a GPU, but measured_on does not say on which"),
               job_name(t, j));
    diag_fix(d, _("write work.measured_on, for example measured_on: A10-24GB"));
    return ERR_MEASURED_ON;
}

static enum err tokens_work(double *work, struct task *t, const struct job *j)
{
    struct diag *d = t->lowering->diag;
    if (!t->rules.tokens) {
        diag_error(d, ERR_WORK_PART, workload_place(t->workload, "work.tokens"),
                   _("tokens measure the work of training and finetune only, '%s' is of kind %s"),
                   job_name(t, j), t->workload->kind->name);
        diag_fix(d, _("give the work as gpu_hours, or as items with seconds_per_item"));
        return ERR_WORK_PART;
    }
    if (isnan(j->tokens)) return part_missing(t, j, "parameters", "tokens");
    if (isnan(j->parameters)) return part_missing(t, j, "tokens", "parameters");
    if (isnan(j->utilization)) return part_missing(t, j, "tokens", "utilization");
    TRY(reference_required(t, j));
    const struct gpu_model *gpu = book_gpu(t->lowering->book, t->reference_gpu);
    const double peak_tflops = gpu->fp16_tflops;
    if (peak_tflops <= 0) {
        diag_error(d, ERR_PEAK, workload_place(t->workload, "work.measured_on"),
                   _("the FP16 peak of %s is not known, so tokens give no GPU-hours"), gpu->name);
        diag_fix(d, _("measure on another card, or give the work as gpu_hours"));
        return ERR_PEAK;
    }
    *work = 6 * j->parameters * j->tokens / (j->utilization * peak_tflops * 1e12) / 3600;
    return OK;
}

static enum err items_work(double *work, struct task *t, const struct job *j)
{
    if (isnan(j->items)) return part_missing(t, j, "seconds_per_item", "items");
    *work = j->items * j->seconds_per_item / 3600;
    return reference_required(t, j);
}

enum err job_work(double *work, bool *cpu, struct task *t, const struct job *j)
{
    *work = 0;
    const enum form form = work_form(t, j);
    *cpu = form == FORM_VCPU_HOURS;
    switch (form) {
    case FORM_GPU_HOURS:
        *work = j->gpu_hours;
        return reference_required(t, j);
    case FORM_VCPU_HOURS:
        *work = j->vcpu_hours;
        return OK;
    case FORM_ITEMS:
        return items_work(work, t, j);
    case FORM_TOKENS:
        return tokens_work(work, t, j);
    case N_FORMS:
    default:
        return t->lowering->diag->code;
    }
}

/* Speeds per work class. A row of the user replaces the built-in one of the same class and GPU. */
#include "pricing/book.h"
#include <stdio.h>
#include <string.h>

enum { S_GPU, S_CLASS, S_SPEED, S_DATE, S_SOURCE, S_CONFIDENCE, S_CHECKED, S_COLUMNS };
/* clang-format off */
static const struct csv_column speed_columns[S_COLUMNS] = {
    {"gpu_model", true}, {"workload_class", true}, {"relative_throughput", true}, {"date", false},
    {"source", true}, {"confidence", true}, {"checked", false},
};
static const char *const work_classes[] = {
    "train_mixed", "lora_sft", "infer_small", "infer_llm_7b", "infer_llm_70b_per_gpu", "image_gen",
    "render_optix", "realtime_3d", "cad_viz", "encode_h264", "cpu_etl",
};
/* clang-format on */
enum { N_CLASSES = sizeof work_classes / sizeof *work_classes, KEY_BYTES = 256 };

/* CPU rows are for one vCPU, or for 16 of them. */
static const char cpu_one[] = "CPU-", cpu_sixteen[] = "CPU-16vcpu-";

static bool key_print(char *key, const char *work_class, const char *name)
{
    return snprintf(key, KEY_BYTES, "%s/%s", work_class, name) < KEY_BYTES;
}

static bool class_cell(struct gpu_speed *s, struct loader *l, const struct csv_row *row)
{
    const char *word = row->field[S_CLASS];
    for (size_t i = 0; i < N_CLASSES; i++) {
        if (strcmp(word, work_classes[i]) == 0) s->work_class = work_classes[i];
    }
    if (s->work_class) return true;
    diag_error(l->diag, ERR_BOOK_CLASS, csv_place(row, S_CLASS), _("\"%s\" is no workload class"),
               word);
    const char *nearest = cell_nearest(l, word, work_classes, N_CLASSES);
    if (nearest) {
        cell_suggest(l, nearest);
    } else {
        diag_fix(l->diag, _("classes are train_mixed, lora_sft, infer_small, infer_llm_7b, "
                            "infer_llm_70b_per_gpu, image_gen, render_optix, realtime_3d, cad_viz, "
                            "encode_h264 and cpu_etl"));
    }
    return false;
}

/* Sets gpu or family, and divides the speed of 16 vCPU. */
static bool processor_cell(struct gpu_speed *s, struct loader *l, const struct csv_row *row)
{
    const char *name = row->field[S_GPU];
    s->gpu = NO_GPU;
    if (strncmp(name, cpu_sixteen, sizeof cpu_sixteen - 1) == 0) {
        s->family = names_keep(&l->book->texts, name + sizeof cpu_sixteen - 1);
        s->speed /= 16;
        return true;
    }
    if (strncmp(name, cpu_one, sizeof cpu_one - 1) == 0) {
        s->family = names_keep(&l->book->texts, name + sizeof cpu_one - 1);
        return true;
    }
    s->gpu = book_gpu_find(l->book, name);
    if (s->gpu != NO_GPU) return true;
    diag_error(l->diag, ERR_BOOK_GPU, csv_place(row, S_GPU), _("\"%s\" is no GPU of the book"),
               name);
    const char *nearest =
        l->diag->n_errors < DIAG_MAX_ERRORS ? book_gpu_nearest(l->book, name) : NULL;
    if (nearest)
        cell_suggest(l, nearest);
    else
        diag_fix(l->diag,
                 _("name a GPU model of the book or of your instance files, or CPU-FAMILY"));
    return false;
}

static void speed_again(struct loader *l, const struct gpu_speed *was, const struct gpu_speed *s)
{
    if (was->speed == s->speed) {
        diag_warning(l->diag, ERR_BOOK_DUPLICATE, s->origin.place, _("this speed is given twice"));
    } else {
        diag_error(l->diag, ERR_BOOK_DUPLICATE, s->origin.place,
                   _("the speed is %g here and %g in line %zu of %s"), s->speed, was->speed,
                   was->origin.place.line, was->origin.place.source->path);
    }
    diag_fix(l->diag, _("take one of the two rows out"));
}

static enum err speed_read(const struct csv_row *row, void *context)
{
    struct loader *l = context;
    struct price_book *b = l->book;
    struct gpu_speed s = {0};
    char key[KEY_BYTES];
    row_digest(l, row, S_CHECKED); /* a reason is no speed */
    const bool good = class_cell(&s, l, row) & cell_number(&s.speed, l, row, S_SPEED, 0, 1000);
    const bool known = csv_has_column(row, S_DATE)
                           ? cell_origin(&s.origin, l, row, S_DATE)
                           : cell_origin_undated(&s.origin, l, row, S_SOURCE);
    if (!good || !known || !processor_cell(&s, l, row)) return OK;
    s.origin.place = csv_place(row, S_SPEED);
    if (!key_print(key, s.work_class, s.gpu == NO_GPU ? s.family : b->gpus[s.gpu].name)) return OK;
    const size_t was = names_find(&b->speed_keys, key);
    if (l->user && !*row->field[S_CHECKED] && (was == SIZE_MAX || !b->speeds[was].origin.user))
        *ARENA_PUSH(l->arena, b->speeds_to_check, b->n_speeds_to_check) = (struct speed_to_check){
            was == SIZE_MAX ? b->n_speeds : was, was == SIZE_MAX ? 0 : b->speeds[was].speed};
    if (was == SIZE_MAX) {
        names_add(&b->speed_keys, key);
        *ARENA_PUSH(l->arena, b->speeds, b->n_speeds) = s;
    } else if (b->speeds[was].origin.user == s.origin.user) {
        speed_again(l, &b->speeds[was], &s);
    } else {
        b->speeds[was] = s;
    }
    return OK;
}

const struct table table_speed = {"gpu_speed.csv", speed_columns, S_COLUMNS, speed_read};

const struct gpu_speed *book_speed(const struct price_book *b, const char *work_class, size_t gpu,
                                   const char *family)
{
    char key[KEY_BYTES];
    if (!key_print(key, work_class, gpu == NO_GPU ? family : b->gpus[gpu].name)) return NULL;
    const size_t speed = names_find(&b->speed_keys, key);
    return speed == SIZE_MAX ? NULL : &b->speeds[speed];
}

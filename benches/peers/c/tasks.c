// OpenMP in the contest: what a task costs.
#include "region.h"
#include "trees.h"

static uint32_t *flat;
static void flat_tasks(void) {
#pragma omp parallel num_threads(2)
#pragma omp single
    for (int i = 0; i < FLAT; i++) {
#pragma omp task firstprivate(i)
        flat[i]++;
    }
}
static void make_flat(void) {
    flat = (uint32_t *)calloc(FLAT, sizeof *flat);
    if (!flat) abort();
    flat_tasks();
    for (int i = 0; i < FLAT; i++)
        if (flat[i] != 1) abort();
}
// A task has run in place if its submission has not returned yet, in the thread that runs the task.
static double in_place(long n) {
    int submitted = 0, producer = 0;
    long in_place = 0;
#pragma omp parallel num_threads(2)
#pragma omp single
    {
        producer = omp_get_thread_num();
        for (int i = 0; i < FLAT; i++) {
#pragma omp task firstprivate(i) shared(submitted, in_place)
            if (omp_get_thread_num() == producer && submitted == i) in_place++;
            __asm__ volatile("" : : : "memory");
            submitted = i + 1;
        }
    }
    return (double)in_place / FLAT / (double)n;
}

INSIDE(taskwait, 2, {
    _Pragma("omp task") __asm__ volatile("");
    _Pragma("omp taskwait")
})
INSIDE(task_barrier, 2, {
    _Pragma("omp task") __asm__ volatile("");
    _Pragma("omp barrier")
})

// One thread submits, the other helps. The time beyond half of the work, which is done again for this.
#define TASKLOOP(name, pragma)                                                                  \
    static double name(long n) {                                                                \
        long few = n < 8 ? n : 8;                                                               \
        double took = 0;                                                                        \
        _Pragma("omp parallel num_threads(2)") _Pragma("omp single") {                          \
            double start = now();                                                               \
            for (long k = 0; k < few; k++) {                                                    \
                _Pragma(pragma) for (long i = 0; i < LOOP; i++) work(i, DELAY);                 \
            }                                                                                   \
            double alone = now();                                                               \
            for (long k = 0; k < few; k++)                                                      \
                for (long i = 0; i < LOOP / 2; i++) work(i, DELAY);                             \
            took = alone - start - (now() - alone);                                             \
        }                                                                                       \
        return took < 0 ? 0 : took * n / few;                                                   \
    }
TASKLOOP(taskloop_1, "omp taskloop grainsize(1)")
TASKLOOP(taskloop_64, "omp taskloop grainsize(64)")
static void check_loops(void) {
    static uint32_t seen[LOOP];
    memset(seen, 0, sizeof seen);
#pragma omp parallel num_threads(2)
#pragma omp single
    {
#pragma omp taskloop grainsize(1)
        for (long i = 0; i < LOOP; i++) seen[i]++;
#pragma omp taskloop grainsize(64)
        for (long i = 0; i < LOOP; i++) seen[i]++;
    }
    for (long i = 0; i < LOOP; i++)
        if (seen[i] != 2) abort();
}

struct row task_rows[] = {
    {"flat_tasks_100k", OP, flat_tasks, 0, make_flat, 0},
    {"flat_tasks_100k/in_place", SHARE, 0, in_place, 0, 0},
    {"taskwait", TIMED, 0, taskwait, 0, 0},
    {"task_barrier", TIMED, 0, task_barrier, 0, 0},
    {"taskloop_1", TIMED, 0, taskloop_1, check_loops, 0},
    {"taskloop_64", TIMED, 0, taskloop_64, check_loops, 0},
    {0, OP, 0, 0, 0, 0},
};

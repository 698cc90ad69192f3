// OpenMP in the contest: a merge sort by tasks.
#include "region.h"
#include "sort.h"

template <class F, class G>
static void both_tasks(const F &f, const G &g) {
#pragma omp task shared(f)
    f();
    g();
#pragma omp taskwait
}
static double sort_8m(long n) {
    return sorts(n, [](uint32_t *v, uint32_t *other) {
        auto both = [](const auto &f, const auto &g) { both_tasks(f, g); };
#pragma omp parallel num_threads(2)
#pragma omp single
        merge_sort(both, v, other, KEYS, false);
    });
}

struct row sort_rows[] = {
    {"sort_8m/merge", TIMED, 0, sort_8m, 0, 0},
    {0, OP, 0, 0, 0, 0},
};

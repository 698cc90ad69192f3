// What the OpenMP contestant's sources share.
#pragma once
#include "contest.h"
#include <omp.h>

#ifdef __cplusplus
extern "C" {
#endif
extern struct row task_rows[], tree_rows[], matrix_rows[], sort_rows[];
#ifdef __cplusplus
}
#endif

#define TEXT(x) #x
#define PARALLEL(threads) TEXT(omp parallel num_threads(threads))
// `n` of a construct in one region, timed on its primary after a barrier.
#define INSIDE(name, threads, ...)                              \
    static double name(long n) {                                \
        double took = 0;                                        \
        uint64_t s = 0;                                         \
        _Pragma(PARALLEL(threads)) {                                        \
            _Pragma("omp barrier") double start = now();        \
            for (long k = 0; k < n; k++) {                      \
                __VA_ARGS__                                     \
            }                                                   \
            if (omp_get_thread_num() == 0) took = now() - start; \
        }                                                       \
        __asm__ volatile("" : : "r"(s));                        \
        return took;                                            \
    }

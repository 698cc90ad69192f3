// What the C and C++ contestants share: the work of a row, and the protocol with the driver. The same as
// ../kernels in Rust, which says what the numbers mean.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SHORT = 18, ITERATIONS = 10000, TRIANGLE = 2000, MILLION = 1000000, PLATE = 2000, CROWD = 8,
       SQUARE = 256, SWEEPS = 1000, ORDERED = 100, TARGETS = 10000000, LOOP = 2048, DELAY = 90 };

static inline double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}
static inline double cpu_time(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}
static inline void work(uint64_t x, uint64_t steps) {
    for (uint64_t k = 0; k < steps; k++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        __asm__ volatile("" : "+r"(x));
    }
}
static inline void keep(uint64_t x) { __asm__ volatile("" : : "r"(x)); }
static inline double opaque(double x) {
    __asm__ volatile("" : "+x"(x));
    return x;
}

// SHARE: no time but a share, `timed`'s answer.
enum kind { OP, TIMED, PARKED, SHARE };
struct row {
    const char *name;
    enum kind kind;
    void (*op)(void);
    double (*timed)(long n);
    void (*prepare)(void);
    int ready;
};

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
static double median(double *v, int n) {
    qsort(v, n, sizeof *v, ascending);
    return v[n / 2];
}
static double batch(const struct row *r, long n) {
    if (r->kind == TIMED) return r->timed(n);
    double start = now();
    for (long k = 0; k < n; k++) r->op();
    return now() - start;
}

enum { MOST = 100000 };
static double seen[MOST], busy[MOST];

// Median of batches of about 50 us, after a millisecond to get warm. An operation that takes longer than the
// sample is the sample.
static double batches(const struct row *r, double length) {
    double start = now(), each = 1e18;
    for (int warm = 0; warm < 2 || now() - start < 1e6; warm++) {
        double t = batch(r, 1);
        if (t > length) return t;
        each = t < each ? t : each;
    }
    long n = (long)(50000 / (each < 1 ? 1 : each));
    n = n < 1 ? 1 : n;
    int count = 0;
    start = now();
    while ((count < 3 || now() - start < length) && count < MOST) seen[count++] = batch(r, n) / n;
    return median(seen, count);
}
// Median of single operations, each after 10 ms of nothing.
static double parked(const struct row *r, double length, double *awake) {
    int count = 0;
    double start = now();
    const struct timespec eight = {0, 8000000}, two = {0, 2000000};
    r->op();
    while ((count < 3 || now() - start < length) && count < MOST) {
        nanosleep(&eight, NULL);
        double before = cpu_time(), at = now();
        nanosleep(&two, NULL);
        busy[count] = (cpu_time() - before) / (now() - at);
        at = now();
        r->op();
        seen[count++] = now() - at;
    }
    *awake = median(busy, count);
    return median(seen, count);
}

// `tables`: rows, each table ended by one without a name; ended by NULL.
static inline int serve(struct row *const *tables) {
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        char *tab = strchr(line, '\t');
        double length = (tab ? atof(tab + 1) : 4) * 1e6, awake = 0;
        if (tab) *tab = 0;
        struct row *r = NULL;
        for (struct row *const *t = tables; *t; t++)
            for (struct row *k = *t; k->name; k++)
                if (!strcmp(k->name, line)) r = k;
        if (!r) {
            puts("none");
        } else {
            if (!r->ready && r->prepare) r->prepare();
            r->ready = 1;
            double answer = r->kind == SHARE    ? r->timed(1)
                            : r->kind == PARKED ? parked(r, length, &awake)
                                                : batches(r, length);
            printf("%.3f\t%.3f\n", answer, awake);
        }
        fflush(stdout);
    }
    return 0;
}

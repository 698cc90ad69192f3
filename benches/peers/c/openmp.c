// OpenMP in the contest, compiled by gcc (libgomp) and by clang (libomp): loops and regions, and the list of all rows.
#include "region.h"

static double *x, *y, *a, *b;
static uint64_t *u;

static double *array(long n, double value) {
    double *v = aligned_alloc(64, (n * sizeof *v + 63) / 64 * 64);
    if (!v) abort();
#pragma omp parallel for schedule(static) num_threads(2)
    for (long i = 0; i < n; i++) v[i] = value;
    return v;
}
static void two_arrays(void) {
    if (!x) x = array(10000000, 1), y = array(10000000, 2);
}
static void integers(void) {
    if (u) return;
    u = malloc(10000000 * sizeof *u);
    if (!u) abort();
#pragma omp parallel for schedule(static) num_threads(2)
    for (long i = 0; i < 10000000; i++) u[i] = 1;
}
static void line(void) { a = array(MILLION, 1), b = array(MILLION, 0); }
static void plates(void) { a = array((long)PLATE * PLATE, 1), b = array((long)PLATE * PLATE, 1); }

// A team does nothing, and the compiler may not know it.
static void fork_of(int n) {
#pragma omp parallel num_threads(n)
    __asm__ volatile("");
}
static void fork_two(void) { fork_of(2); }
static void fork_crowd(void) { fork_of(CROWD); }

static double barriers(int threads, long n) {
    double took = 0;
#pragma omp parallel num_threads(threads)
    {
#pragma omp barrier
        double start = now();
        for (long k = 0; k < n; k++) {
#pragma omp barrier
        }
        if (omp_get_thread_num() == 0) took = now() - start;
    }
    return took;
}
static double barrier_two(long n) { return barriers(2, n); }
static double barrier_crowd(long n) { return barriers(CROWD, n); }

__attribute__((noinline)) static void axpy(double f, long n, const double *restrict p, double *restrict q) {
#pragma omp parallel for schedule(static) num_threads(2)
    for (long i = 0; i < n; i++) q[i] += f * p[i];
}
static void axpy_1k(void) { axpy(opaque(1e-9), 1000, x, y); }
static void axpy_100k(void) { axpy(opaque(1e-9), 100000, x, y); }
static void axpy_10m(void) { axpy(opaque(1e-9), 10000000, x, y); }

__attribute__((noinline)) static uint64_t sum(const uint64_t *p, long n) {
    uint64_t s = 0;
#pragma omp parallel for schedule(static) reduction(+ : s) num_threads(2)
    for (long i = 0; i < n; i++) s += p[i];
    return s;
}
static void sum_1k(void) { keep(sum(u, 1000)); }
static void sum_10m(void) { keep(sum(u, 10000000)); }

__attribute__((noinline)) static double dot(const double *p, const double *q, long n) {
    double s = 0;
#pragma omp parallel for simd schedule(static) reduction(+ : s) num_threads(2)
    for (long i = 0; i < n; i++) s += p[i] * q[i];
    return s;
}
static void dot_1m(void) { opaque(dot(a, b, MILLION)); }

__attribute__((noinline)) static void stencil(const double *restrict p, double *restrict q, long n) {
#pragma omp parallel for schedule(static) num_threads(2)
    for (long i = 1; i < n - 1; i++) q[i] = (p[i - 1] + p[i] + p[i + 1]) * (1.0 / 3.0);
}
static void stencil3_1m(void) { stencil(a, b, MILLION); }

__attribute__((noinline)) static void row5(const double *restrict p, double *restrict q, long rows, long cols) {
#pragma omp parallel for schedule(static) num_threads(2)
    for (long i = 1; i < rows - 1; i++)
        for (long j = 1; j < cols - 1; j++)
            q[i * cols + j] = 0.25 * (p[(i - 1) * cols + j] + p[(i + 1) * cols + j] +
                                      p[i * cols + j - 1] + p[i * cols + j + 1]);
}
static void row5_2000(void) {
    row5(a, b, PLATE, PLATE);
    double *t = a;
    a = b, b = t;
}

// The check that no two targets are the same, as phalanx does it: neighbours that grow, or else a bitmap for
// each thread, which are compared; and one scatter.
static uint32_t *growing, *shuffled;
static uint32_t *positions(void) {
    uint32_t *p = aligned_alloc(64, TARGETS * sizeof *p);
    if (!p) abort();
    two_arrays();
#pragma omp parallel for schedule(static) num_threads(2)
    for (long i = 0; i < TARGETS; i++) p[i] = i;
    return p;
}
static void in_order(void) { growing = positions(); }
static void in_no_order(void) {
    uint32_t *p = shuffled = positions();
    uint64_t s = 1;
    for (long i = TARGETS - 1; i > 0; i--) {
        s = s * 6364136223846793005u + 1442695040888963407u;
        long j = (s >> 33) % (i + 1);
        uint32_t t = p[i];
        p[i] = p[j], p[j] = t;
    }
}
enum { BLOCK = 4096 };
__attribute__((noinline)) static int grow(const uint32_t *p, long n) {
    int all = 1;
#pragma omp parallel for schedule(static) num_threads(2)
    for (long b = 0; b < n; b += BLOCK) {
        int so_far, here = 1;
#pragma omp atomic read
        so_far = all;
        if (!so_far) continue;
        long end = b + BLOCK < n ? b + BLOCK : n - 1;
        for (long i = b; i < end; i++) here &= p[i] < p[i + 1];
        if (here) continue;
#pragma omp atomic write
        all = 0;
    }
    return all;
}
__attribute__((noinline)) static int differ(const uint32_t *p, long n, long len) {
    long words = (len + 63) / 64;
    uint64_t *marks[2] = {0, 0}, twice = 0;
#pragma omp parallel num_threads(2) reduction(| : twice)
    {
        int me = omp_get_thread_num();
        uint64_t *own = marks[me] = calloc(words, sizeof *own);
        if (!own) abort();
#pragma omp for schedule(static)
        for (long b = 0; b < n; b += BLOCK) {
            long end = b + BLOCK < n ? b + BLOCK : n;
            uint32_t most = 0;
            for (long i = b; i < end; i++) most = p[i] > most ? p[i] : most;
            if (most >= len) {
                twice = 1;
                continue;
            }
            for (long i = b; i < end; i++) {
                uint64_t bit = (uint64_t)1 << p[i] % 64, *word = own + p[i] / 64;
                twice |= *word & bit;
                *word |= bit;
            }
        }
        if (marks[1]) {
#pragma omp for schedule(static)
            for (long w = 0; w < words; w++) twice |= marks[0][w] & marks[1][w];
        }
        free(own);
    }
    return !twice;
}
__attribute__((noinline)) static void scatter(const uint32_t *p, long n, const double *restrict from,
                                              double *restrict to, long len) {
    if (!(grow(p, n) ? p[n - 1] < len : differ(p, n, len))) abort();
#pragma omp parallel for schedule(static) num_threads(2)
    for (long i = 0; i < n; i++) to[p[i]] += from[i];
}
static void scatter_sorted(void) { scatter(growing, TARGETS, x, y, TARGETS); }
static void scatter_random(void) { scatter(shuffled, TARGETS, x, y, TARGETS); }

#define SHARED(name, n, steps, kind)                                       \
    static void name(void) {                                               \
        _Pragma(kind) for (long i = 0; i < n; i++) work(i, steps);         \
    }
SHARED(dynamic_1, ITERATIONS, SHORT, "omp parallel for schedule(dynamic, 1) num_threads(2)")
SHARED(dynamic_64, ITERATIONS, SHORT, "omp parallel for schedule(dynamic, 64) num_threads(2)")
SHARED(triangle_s1, TRIANGLE, i, "omp parallel for schedule(static, 1) num_threads(2)")
SHARED(triangle_d1, TRIANGLE, i, "omp parallel for schedule(dynamic, 1) num_threads(2)")
SHARED(triangle_d16, TRIANGLE, i, "omp parallel for schedule(dynamic, 16) num_threads(2)")
SHARED(triangle_guided, TRIANGLE, i, "omp parallel for schedule(guided) num_threads(2)")

// Two application threads that each fork teams of two, a hundred times as often as asked: with four
// threads on two processors a few forks say nothing.
struct caller {
    pthread_barrier_t *start;
    long n;
    double took;
};
static void *call(void *p) {
    struct caller *c = p;
    fork_two();
    pthread_barrier_wait(c->start);
    double at = now();
    for (long k = 0; k < c->n; k++) fork_two();
    c->took = now() - at;
    return NULL;
}
static double two_callers(long n) {
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 2);
    struct caller own = {&start, 100 * n, 0}, other = {&start, 100 * n, 0};
    pthread_t thread;
    if (pthread_create(&thread, NULL, call, &other)) abort();
    call(&own);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&start);
    return (own.took > other.took ? own.took : other.took) / 100;
}

// Rows inside regions.
static void region_10_loops(void) {
#pragma omp parallel num_threads(2)
    for (int k = 0; k < 10; k++) {
#pragma omp for schedule(static)
        for (int i = 0; i < 2; i++) __asm__ volatile("" : : "r"(i));
    }
}
__attribute__((noinline)) static void sweep(const double *restrict p, double *restrict q) {
#pragma omp for schedule(static)
    for (long i = 1; i < SQUARE - 1; i++)
        for (long j = 1; j < SQUARE - 1; j++)
            q[i * SQUARE + j] = 0.25 * (p[(i - 1) * SQUARE + j] + p[(i + 1) * SQUARE + j] +
                                        p[i * SQUARE + j - 1] + p[i * SQUARE + j + 1]);
}
static void squares(void) {
    a = array((long)SQUARE * SQUARE, 1), b = array((long)SQUARE * SQUARE, 1);
}
static void region_stencil(void) {
#pragma omp parallel num_threads(2)
    for (int k = 0; k < SWEEPS; k++) {
        sweep(a, b);
        sweep(b, a);
    }
}
static void ordered(void) {
    uint64_t last = 0;
#pragma omp parallel num_threads(2)
    {
#pragma omp for ordered schedule(static, 1)
        for (long i = 0; i < ORDERED; i++) {
#pragma omp ordered
            last = last * 3 + i;
        }
    }
    __asm__ volatile("" : : "r"(last));
}
INSIDE(single, 2, _Pragma("omp single") __asm__ volatile("");)
INSIDE(sections, 2, _Pragma("omp sections") {
    _Pragma("omp section") __asm__ volatile("");
    _Pragma("omp section") __asm__ volatile("");
})
INSIDE(reduction_in_region, 2, _Pragma("omp for schedule(static) reduction(+ : s)") for (int i = 0; i < 2; i++) {
    uint64_t v = i;
    __asm__ volatile("" : "+r"(v));
    s += v;
})
static uint64_t counted, mine;
#pragma omp threadprivate(mine)
static double added;
static omp_lock_t lock;
static void make_lock(void) { omp_init_lock(&lock); }
INSIDE(critical, 2, _Pragma("omp critical") counted++;)
INSIDE(lock_alone, 1, omp_set_lock(&lock); counted++; omp_unset_lock(&lock);)
INSIDE(lock_contended, 2, omp_set_lock(&lock); counted++; omp_unset_lock(&lock);)
INSIDE(atomic_add_f64, 2, _Pragma("omp atomic") added += 1.0;)
INSIDE(threadprivate_access, 2, mine++; __asm__ volatile("" : "+m"(mine));)

int main(void) {
    omp_set_dynamic(0);
    struct row rows[] = {
        {"fork_join", OP, fork_two, 0, 0, 0},
        {"barrier", TIMED, 0, barrier_two, 0, 0},
        {"axpy_1k", OP, axpy_1k, 0, two_arrays, 0},
        {"axpy_100k", OP, axpy_100k, 0, two_arrays, 0},
        {"axpy_10m", OP, axpy_10m, 0, two_arrays, 0},
        {"sum_1k", OP, sum_1k, 0, integers, 0},
        {"sum_10m", OP, sum_10m, 0, integers, 0},
        {"dynamic_1", OP, dynamic_1, 0, 0, 0},
        {"dynamic_64", OP, dynamic_64, 0, 0, 0},
        {"triangular/static_1", OP, triangle_s1, 0, 0, 0},
        {"triangular/dynamic_1", OP, triangle_d1, 0, 0, 0},
        {"triangular/dynamic_16", OP, triangle_d16, 0, 0, 0},
        {"triangular/guided", OP, triangle_guided, 0, 0, 0},
        {"fork_join_parked", PARKED, fork_two, 0, 0, 0},
        {"fork_join_oversubscribed", OP, fork_crowd, 0, 0, 0},
        {"barrier_oversubscribed", TIMED, 0, barrier_crowd, 0, 0},
        {"two_callers", TIMED, 0, two_callers, 0, 0},
        {"stencil3_1m", OP, stencil3_1m, 0, line, 0},
        {"row5_2000", OP, row5_2000, 0, plates, 0},
        {"dot_1m", OP, dot_1m, 0, line, 0},
        {"scatter_10m_sorted", OP, scatter_sorted, 0, in_order, 0},
        {"scatter_10m_random", OP, scatter_random, 0, in_no_order, 0},
        {"region_10_loops", OP, region_10_loops, 0, 0, 0},
        {"region_stencil", OP, region_stencil, 0, squares, 0},
        {"single", TIMED, 0, single, 0, 0},
        {"ordered", OP, ordered, 0, 0, 0},
        {"sections", TIMED, 0, sections, 0, 0},
        {"reduction_in_region", TIMED, 0, reduction_in_region, 0, 0},
        {"critical", TIMED, 0, critical, 0, 0},
        {"lock", TIMED, 0, lock_alone, make_lock, 0},
        {"lock_contended", TIMED, 0, lock_contended, make_lock, 0},
        {"atomic_add_f64", TIMED, 0, atomic_add_f64, 0, 0},
        {"threadprivate_access", TIMED, 0, threadprivate_access, 0, 0},
        {0, OP, 0, 0, 0, 0},
    };
    struct row *const tables[] = {rows, task_rows, tree_rows, matrix_rows, sort_rows, 0};
    return serve(tables);
}

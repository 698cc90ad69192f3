// oneTBB in the contest: what a task costs, and sorting.
#include "../c/sort.h"
#include "../c/trees.h"
#include "tbb.h"
#include <atomic>

static std::vector<uint32_t> flat(FLAT);
static void flat_tasks() {
    tbb::task_group g;
    for (int i = 0; i < FLAT; i++) g.run([i] { flat[i]++; });
    g.wait();
}
static void make_flat() {
    flat_tasks();
    for (uint32_t x : flat)
        if (x != 1) abort();
}

// Each of the two threads submits and waits.
static double taskwait(long n) {
    std::atomic<int> there{0};
    double took = 0;
    auto waits = [&](bool first) {
        there++;
        while (there != 2) __builtin_ia32_pause();
        double start = now();
        tbb::task_group g;
        for (long k = 0; k < n; k++) {
            g.run([] { __asm__ volatile(""); });
            g.wait();
        }
        if (first) took = now() - start;
    };
    tbb::parallel_invoke([&] { waits(true); }, [&] { waits(false); });
    return took;
}

// The time beyond half of the work, which is done again for this.
template <class Body>
static void loop(size_t grain, const Body &body) {
    tbb::parallel_for(
        tbb::blocked_range<long>(0, LOOP, grain),
        [&](const tbb::blocked_range<long> &r) {
            for (long i = r.begin(); i < r.end(); i++) body(i);
        },
        tbb::simple_partitioner());
}
static double loops(long n, size_t grain) {
    long few = n < 8 ? n : 8;
    double start = now();
    for (long k = 0; k < few; k++) loop(grain, [](long i) { work(i, DELAY); });
    double alone = now();
    for (long k = 0; k < few; k++)
        for (long i = 0; i < LOOP / 2; i++) work(i, DELAY);
    double took = alone - start - (now() - alone);
    return took < 0 ? 0 : took * n / few;
}
static double taskloop_1(long n) { return loops(n, 1); }
static double taskloop_64(long n) { return loops(n, 64); }
static void check_loops() {
    std::vector<uint32_t> seen(LOOP);
    loop(1, [&](long i) { seen[i]++; });
    loop(64, [&](long i) { seen[i]++; });
    for (uint32_t x : seen)
        if (x != 2) abort();
}

static double merged(long n) {
    return sorts(n, [](uint32_t *v, uint32_t *other) {
        auto both = [](const auto &f, const auto &g) { tbb::parallel_invoke(f, g); };
        merge_sort(both, v, other, KEYS, false);
    });
}
static double quick(long n) {
    return sorts(n, [](uint32_t *v, uint32_t *) { tbb::parallel_sort(v, v + KEYS); });
}

row task_rows[] = {
    {"flat_tasks_100k", OP, flat_tasks, 0, make_flat, 0},
    {"taskwait", TIMED, 0, taskwait, 0, 0},
    {"taskloop_1", TIMED, 0, taskloop_1, check_loops, 0},
    {"taskloop_64", TIMED, 0, taskloop_64, check_loops, 0},
    {"sort_8m/merge", TIMED, 0, merged, 0, 0},
    {"sort_8m/unstable", TIMED, 0, quick, 0, 0},
    {0, OP, 0, 0, 0, 0},
};

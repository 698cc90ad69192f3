// oneTBB in the contest: trees of tasks.
#include "../c/trees.h"
#include "tbb.h"

static uint64_t fib(uint64_t n) {
    if (n < 2) return n;
    uint64_t a, b;
    tbb::parallel_invoke([&, n] { a = fib(n - 1); }, [&, n] { b = fib(n - 2); });
    return a + b;
}
static uint64_t fib_cut(uint64_t n) {
    if (n <= CUTOFF) return fib_alone(n);
    uint64_t a, b;
    tbb::parallel_invoke([&, n] { a = fib_cut(n - 1); }, [&, n] { b = fib_cut(n - 2); });
    return a + b;
}

static uint64_t queens(board b, int row) {
    if (row == TASK_ROWS) return queens_alone(b, row);
    uint64_t ways[QUEENS] = {}, sum = 0;
    tbb::task_group g;
    for (int c = 0; c < QUEENS; c++) {
        if (!safe(&b, row, c)) continue;
        b.column[row] = (uint8_t)c;
        g.run([b, row, &way = ways[c]] { way = queens(b, row + 1); });
    }
    g.wait();
    for (uint64_t w : ways) sum += w;
    return sum;
}
static uint64_t queens_from(board b, int row, int c) {
    if (row == TASK_ROWS) return queens_alone(b, row);
    while (c < QUEENS && !safe(&b, row, c)) c++;
    if (c == QUEENS) return 0;
    board next = b;
    next.column[row] = (uint8_t)c;
    uint64_t first, rest;
    tbb::parallel_invoke([&] { first = queens_from(next, row + 1, 0); }, [&] { rest = queens_from(b, row, c + 1); });
    return first + rest;
}

static uint64_t tree(uint64_t parent, uint64_t k) {
    uint64_t node = descend(parent, k), counts[CHILDREN], sum = 1;
    int n = children(node);
    if (!n) return 1;
    tbb::task_group g;
    for (int c = 0; c < n; c++) g.run([node, c, &count = counts[c]] { count = tree(node, c); });
    g.wait();
    for (int c = 0; c < n; c++) sum += counts[c];
    return sum;
}
static uint64_t root() {
    uint64_t counts[ROOT], sum = 1;
    tbb::task_group g;
    for (int k = 0; k < ROOT; k++) g.run([k, &count = counts[k]] { count = tree(SEED, k); });
    g.wait();
    for (uint64_t c : counts) sum += c;
    return sum;
}
static uint64_t halves(uint64_t parent, int from, int to) {
    if (to - from > 1) {
        int middle = (from + to) / 2;
        uint64_t a, b;
        tbb::parallel_invoke([&] { a = halves(parent, from, middle); }, [&] { b = halves(parent, middle, to); });
        return a + b;
    }
    uint64_t node = descend(parent, from);
    int n = children(node);
    return n ? 1 + halves(node, 0, n) : 1;
}

#define TREE(name, call, expected)           \
    static void name() {                     \
        if ((call) != expected) abort();     \
    }
TREE(fib30, fib(FIB), FIB_IS)
TREE(fib30_cut, fib_cut(FIB), FIB_IS)
TREE(queens_tasks, queens(board{}, 0), QUEENS_IS)
TREE(queens_join, queens_from(board{}, 0, 0), QUEENS_IS)
TREE(uts_tasks, root(), TREE_IS)
TREE(uts_join, 1 + halves(SEED, 0, ROOT), TREE_IS)

row tree_rows[] = {
    {"fib30_nocutoff", OP, fib30, 0, 0, 0},
    {"fib30_cutoff20", OP, fib30_cut, 0, 0, 0},
    {"nqueens13/tasks", OP, queens_tasks, 0, 0, 0},
    {"nqueens13/join", OP, queens_join, 0, 0, 0},
    {"uts/tasks", OP, uts_tasks, 0, 0, 0},
    {"uts/join", OP, uts_join, 0, 0, 0},
    {0, OP, 0, 0, 0, 0},
};

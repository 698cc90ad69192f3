// OpenMP in the contest: trees of tasks.
#include "region.h"
#include "trees.h"

static uint64_t fib(uint64_t n) {
    if (n < 2) return n;
    uint64_t a, b;
#pragma omp task shared(a)
    a = fib(n - 1);
    b = fib(n - 2);
#pragma omp taskwait
    return a + b;
}
static uint64_t fib_cut(uint64_t n) {
    if (n <= CUTOFF) return fib_alone(n);
    uint64_t a, b;
#pragma omp task shared(a)
    a = fib_cut(n - 1);
    b = fib_cut(n - 2);
#pragma omp taskwait
    return a + b;
}

static uint64_t queens(board b, int row) {
    if (row == TASK_ROWS) return queens_alone(b, row);
    uint64_t ways[QUEENS], sum = 0;
    for (int c = 0; c < QUEENS; c++) {
        ways[c] = 0;
        if (!safe(&b, row, c)) continue;
        b.column[row] = (uint8_t)c;
#pragma omp task firstprivate(b, row, c) shared(ways)
        ways[c] = queens(b, row + 1);
    }
#pragma omp taskwait
    for (int c = 0; c < QUEENS; c++) sum += ways[c];
    return sum;
}

static uint64_t tree(uint64_t parent, uint64_t k) {
    uint64_t node = descend(parent, k), counts[CHILDREN], sum = 1;
    int n = children(node);
    if (!n) return 1;
    for (int c = 0; c < n; c++) {
#pragma omp task firstprivate(node, c) shared(counts)
        counts[c] = tree(node, c);
    }
#pragma omp taskwait
    for (int c = 0; c < n; c++) sum += counts[c];
    return sum;
}
static uint64_t root(void) {
    uint64_t counts[ROOT], sum = 1;
    for (int k = 0; k < ROOT; k++) {
#pragma omp task firstprivate(k) shared(counts)
        counts[k] = tree(SEED, k);
    }
#pragma omp taskwait
    for (int k = 0; k < ROOT; k++) sum += counts[k];
    return sum;
}

#define TREE(name, call, expected)                                      \
    static void name(void) {                                            \
        uint64_t r = 0;                                                 \
        _Pragma("omp parallel num_threads(2)") _Pragma("omp single") r = call; \
        if (r != expected) abort();                                     \
    }
TREE(fib30, fib(FIB), FIB_IS)
TREE(fib30_cut, fib_cut(FIB), FIB_IS)
TREE(queens13, queens((board){{0}}, 0), QUEENS_IS)
TREE(uts, root(), TREE_IS)

struct row tree_rows[] = {
    {"fib30_nocutoff", OP, fib30, 0, 0, 0},
    {"fib30_cutoff20", OP, fib30_cut, 0, 0, 0},
    {"nqueens13/tasks", OP, queens13, 0, 0, 0},
    {"uts/tasks", OP, uts, 0, 0, 0},
    {0, OP, 0, 0, 0, 0},
};

// What the tree rows compute, sequentially: Fibonacci numbers, queens, an unbalanced tree. For C and C++; the same
// as ../kernels/src/trees.rs in Rust, which says what the numbers mean.
#pragma once
#include "contest.h"

enum { FIB = 30, FIB_IS = 832040, CUTOFF = 20, FLAT = 100000, QUEENS = 13, QUEENS_IS = 73712, TASK_ROWS = 8,
       ROOT = 2000, CHILDREN = 8, GRAIN = 16 };

static inline uint64_t fib_alone(uint64_t n) {
    return n < 2 ? n : fib_alone(n - 1) + fib_alone(n - 2);
}

// The column of the queen in each row.
typedef struct {
    uint8_t column[16];
} board;
static inline int safe(const board *b, int row, int column) {
    for (int r = 0; r < row; r++) {
        int apart = abs(b->column[r] - column);
        if (apart == 0 || apart == row - r) return 0;
    }
    return 1;
}
static inline uint64_t queens_alone(board b, int row) {
    if (row == QUEENS) return 1;
    uint64_t ways = 0;
    for (int c = 0; c < QUEENS; c++) {
        if (!safe(&b, row, c)) continue;
        b.column[row] = (uint8_t)c;
        ways += queens_alone(b, row + 1);
    }
    return ways;
}

static const uint64_t SEED = 5, TREE_IS = 327129;
static const uint32_t FERTILE = 530428461u;
static inline uint64_t descend(uint64_t parent, uint64_t k) {
    uint64_t z = parent + (k + 1) * 0x9e3779b97f4a7c15u;
    for (int r = 0; r < GRAIN; r++) {
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        z ^= z >> 31;
    }
    return z;
}
static inline int children(uint64_t node) { return (uint32_t)(node >> 32) < FERTILE ? CHILDREN : 0; }
// The nodes of the tree below `parent`'s child `k`, itself included.
static inline uint64_t tree_alone(uint64_t parent, uint64_t k) {
    uint64_t node = descend(parent, k), count = 1;
    for (int c = 0, n = children(node); c < n; c++) count += tree_alone(node, c);
    return count;
}

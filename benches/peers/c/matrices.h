// Tiles for the rows that factor matrices: sparse LU and Cholesky. For C and C++; the same as
// ../kernels/src/matrices.rs in Rust, which says what the numbers mean.
#pragma once
#include "contest.h"
#include <math.h>

enum { BLOCKS = 50, SIDE = 16, TILES = 32, TILE = 24 };

typedef struct {
    float v[SIDE][SIDE];
} block;
typedef struct {
    double v[TILE][TILE];
} tile;

static inline void lu0(block *d) {
    for (int k = 0; k < SIDE; k++)
        for (int i = k + 1; i < SIDE; i++) {
            d->v[i][k] /= d->v[k][k];
            for (int j = k + 1; j < SIDE; j++) d->v[i][j] -= d->v[i][k] * d->v[k][j];
        }
}
// The block right of the diagonal.
static inline void forward(const block *d, block *right) {
    for (int k = 0; k < SIDE; k++)
        for (int i = k + 1; i < SIDE; i++)
            for (int j = 0; j < SIDE; j++) right->v[i][j] -= d->v[i][k] * right->v[k][j];
}
// The block below it.
static inline void divide(const block *d, block *below) {
    for (int i = 0; i < SIDE; i++)
        for (int k = 0; k < SIDE; k++) {
            below->v[i][k] /= d->v[k][k];
            for (int j = k + 1; j < SIDE; j++) below->v[i][j] -= below->v[i][k] * d->v[k][j];
        }
}
static inline void update(const block *below, const block *right, block *inner) {
    for (int i = 0; i < SIDE; i++) {
        float row[SIDE];
        memcpy(row, inner->v[i], sizeof row);
        for (int k = 0; k < SIDE; k++)
            for (int j = 0; j < SIDE; j++) row[j] -= below->v[i][k] * right->v[k][j];
        memcpy(inner->v[i], row, sizeof row);
    }
}

static inline int has_block(int i, int j) {
    int less = i < j ? i : j, apart = i < j ? j - i : i - j;
    return apart <= 1 || (i % 2 == 0 && j % 2 == 0 && less % 3 == 0);
}
static inline block *zero_block(void) {
    block *b = (block *)calloc(1, sizeof *b);
    if (!b) abort();
    return b;
}
static inline void clear_blocks(block **a) {
    for (int k = 0; k < BLOCKS * BLOCKS; k++) free(a[k]), a[k] = NULL;
}
static inline void fill_blocks(block **a) {
    clear_blocks(a);
    uint32_t s = 1;
    for (int k = 0; k < BLOCKS * BLOCKS; k++) {
        int i = k / BLOCKS, j = k % BLOCKS;
        if (!has_block(i, j)) continue;
        a[k] = zero_block();
        for (int p = 0; p < SIDE * SIDE; p++) {
            s = s * 1664525u + 1013904223u;
            a[k]->v[p / SIDE][p % SIDE] = (float)(s >> 8) / 16777216.0f;
        }
        if (i == j)
            for (int p = 0; p < SIDE; p++) a[k]->v[p][p] += 1000;
    }
}
static inline void lu_alone(block **a) {
    for (int k = 0; k < BLOCKS; k++) {
        block **top = a + k * BLOCKS;
        lu0(top[k]);
        for (int j = k + 1; j < BLOCKS; j++)
            if (top[j]) forward(top[k], top[j]);
        for (int i = k + 1; i < BLOCKS; i++) {
            block **row = a + i * BLOCKS;
            if (!row[k]) continue;
            divide(top[k], row[k]);
            for (int j = k + 1; j < BLOCKS; j++) {
                if (!top[j]) continue;
                if (!row[j]) row[j] = zero_block();
                update(row[k], top[j], row[j]);
            }
        }
    }
}
static inline int same_blocks(block **a, block **b) {
    for (int k = 0; k < BLOCKS * BLOCKS; k++)
        if (!a[k] != !b[k] || (a[k] && memcmp(a[k], b[k], sizeof(block)))) return 0;
    return 1;
}

static inline void transpose(const tile *a, tile *t) {
    for (int i = 0; i < TILE; i++)
        for (int j = 0; j < TILE; j++) t->v[j][i] = a->v[i][j];
}
static inline void potrf(tile *a) {
    for (int k = 0; k < TILE; k++) {
        a->v[k][k] = sqrt(a->v[k][k]);
        for (int i = k + 1; i < TILE; i++) a->v[i][k] /= a->v[k][k];
        for (int i = k + 1; i < TILE; i++)
            for (int j = k + 1; j <= i; j++) a->v[i][j] -= a->v[i][k] * a->v[j][k];
    }
}
static inline void trsm(const tile *l, tile *b) {
    tile t;
    transpose(l, &t);
    for (int i = 0; i < TILE; i++)
        for (int j = 0; j < TILE; j++) {
            b->v[i][j] /= l->v[j][j];
            for (int k = j + 1; k < TILE; k++) b->v[i][k] -= b->v[i][j] * t.v[j][k];
        }
}
// c -= a * b^T; with a = b for the diagonal.
static inline void gemm(const tile *a, const tile *b, tile *c) {
    tile t;
    transpose(b, &t);
    for (int i = 0; i < TILE; i++) {
        double row[TILE];
        memcpy(row, c->v[i], sizeof row);
        for (int k = 0; k < TILE; k++)
            for (int j = 0; j < TILE; j++) row[j] -= a->v[i][k] * t.v[k][j];
        memcpy(c->v[i], row, sizeof row);
    }
}

// The lower half of a symmetric matrix, row after row: tile (i, j) is number i (i + 1) / 2 + j.
enum { ALL_TILES = TILES * (TILES + 1) / 2 };
static inline tile *at_tile(tile *a, int i, int j) { return a + i * (i + 1) / 2 + j; }
static inline void fill_tiles(tile *a) {
    for (int i = 0; i < TILES; i++)
        for (int j = 0; j <= i; j++)
            for (int p = 0; p < TILE; p++)
                for (int q = 0; q < TILE; q++) {
                    int apart = abs(i * TILE + p - j * TILE - q);
                    at_tile(a, i, j)->v[p][q] = apart ? 1.0 / (1 + apart) : 100;
                }
}
static inline void cholesky_alone(tile *a) {
    for (int k = 0; k < TILES; k++) {
        potrf(at_tile(a, k, k));
        for (int i = k + 1; i < TILES; i++) trsm(at_tile(a, k, k), at_tile(a, i, k));
        for (int i = k + 1; i < TILES; i++)
            for (int j = k + 1; j <= i; j++) gemm(at_tile(a, i, k), at_tile(a, j, k), at_tile(a, i, j));
    }
}

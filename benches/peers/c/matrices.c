// OpenMP in the contest: tiles, with waits between the steps (sparse LU) and with dependences (Cholesky).
#include "region.h"
#include "matrices.h"

static block *blocks[BLOCKS * BLOCKS], *alone[BLOCKS * BLOCKS];

static void lu(block **a) {
#pragma omp parallel num_threads(2)
#pragma omp single
    for (int k = 0; k < BLOCKS; k++) {
        block **top = a + k * BLOCKS;
        lu0(top[k]);
        for (int j = k + 1; j < BLOCKS; j++) {
            if (!top[j]) continue;
#pragma omp task firstprivate(top, j, k)
            forward(top[k], top[j]);
        }
        for (int i = k + 1; i < BLOCKS; i++) {
            block **row = a + i * BLOCKS;
            if (!row[k]) continue;
#pragma omp task firstprivate(top, row, k)
            divide(top[k], row[k]);
        }
#pragma omp taskwait
        for (int i = k + 1; i < BLOCKS; i++) {
            block **row = a + i * BLOCKS;
            if (!row[k]) continue;
            for (int j = k + 1; j < BLOCKS; j++) {
                if (!top[j]) continue;
#pragma omp task firstprivate(top, row, j, k)
                {
                    if (!row[j]) row[j] = zero_block();
                    update(row[k], top[j], row[j]);
                }
            }
        }
#pragma omp taskwait
    }
}
static double sparselu(long n) {
    double took = 0;
    for (long k = 0; k < n; k++) {
        fill_blocks(blocks);
        double start = now();
        lu(blocks);
        took += now() - start;
    }
    return took;
}
static void check_lu(void) {
    fill_blocks(alone);
    lu_alone(alone);
    sparselu(1);
    if (!same_blocks(alone, blocks)) abort();
}

static tile *tiles;

static void factor(tile *a) {
#pragma omp parallel num_threads(2)
#pragma omp single
    for (int k = 0; k < TILES; k++) {
        tile *kk = at_tile(a, k, k);
#pragma omp task firstprivate(kk) depend(inout : kk[0])
        potrf(kk);
        for (int i = k + 1; i < TILES; i++) {
            tile *ik = at_tile(a, i, k);
#pragma omp task firstprivate(kk, ik) depend(in : kk[0]) depend(inout : ik[0])
            trsm(kk, ik);
        }
        for (int i = k + 1; i < TILES; i++) {
            tile *ik = at_tile(a, i, k);
            for (int j = k + 1; j <= i; j++) {
                tile *jk = at_tile(a, j, k), *ij = at_tile(a, i, j);
#pragma omp task firstprivate(ik, jk, ij) depend(in : ik[0], jk[0]) depend(inout : ij[0])
                gemm(ik, jk, ij);
            }
        }
    }
}
static double cholesky(long n) {
    double took = 0;
    for (long k = 0; k < n; k++) {
        fill_tiles(tiles);
        double start = now();
        factor(tiles);
        took += now() - start;
    }
    return took;
}
static void check_cholesky(void) {
    tile *expected = aligned_alloc(64, ALL_TILES * sizeof *expected);
    tiles = aligned_alloc(64, ALL_TILES * sizeof *tiles);
    if (!expected || !tiles) abort();
    fill_tiles(expected);
    cholesky_alone(expected);
    cholesky(1);
    if (memcmp(tiles, expected, ALL_TILES * sizeof *tiles)) abort();
    free(expected);
}

struct row matrix_rows[] = {
    {"sparselu_50x50", TIMED, 0, sparselu, check_lu, 0},
    {"cholesky_depend/depend", TIMED, 0, cholesky, check_cholesky, 0},
    {0, OP, 0, 0, 0, 0},
};

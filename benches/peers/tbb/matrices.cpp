// oneTBB in the contest: tiles, with waits between the steps (sparse LU) and as a flow graph (Cholesky).
#include "../c/matrices.h"
#include "tbb.h"
#include <deque>
#include <vector>

static block *blocks[BLOCKS * BLOCKS], *alone[BLOCKS * BLOCKS];

static void lu(block **a) {
    for (int k = 0; k < BLOCKS; k++) {
        block **top = a + k * BLOCKS;
        lu0(top[k]);
        tbb::task_group g;
        for (int j = k + 1; j < BLOCKS; j++)
            if (top[j]) g.run([=] { forward(top[k], top[j]); });
        for (int i = k + 1; i < BLOCKS; i++) {
            block **row = a + i * BLOCKS;
            if (row[k]) g.run([=] { divide(top[k], row[k]); });
        }
        g.wait();
        for (int i = k + 1; i < BLOCKS; i++) {
            block **row = a + i * BLOCKS;
            if (!row[k]) continue;
            for (int j = k + 1; j < BLOCKS; j++) {
                if (!top[j]) continue;
                g.run([=] {
                    if (!row[j]) row[j] = zero_block();
                    update(row[k], top[j], row[j]);
                });
            }
        }
        g.wait();
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
static void check_lu() {
    fill_blocks(alone);
    lu_alone(alone);
    sparselu(1);
    if (!same_blocks(alone, blocks)) abort();
}

static std::vector<tile> tiles(ALL_TILES);

// A node for each task. Each tile is written by a chain of tasks and read when its chain is over, so its last writer is
// all that a reader must follow.
static void factor(tile *a) {
    using node = tbb::flow::continue_node<tbb::flow::continue_msg>;
    tbb::flow::graph g;
    std::deque<node> nodes;
    std::vector<node *> last(ALL_TILES), first;
    auto add = [&](auto body, std::initializer_list<const tile *> reads, const tile *writes) {
        node &own = nodes.emplace_back(g, [body](const tbb::flow::continue_msg &) { body(); });
        bool after = false;
        for (const tile *t : reads)
            if (node *before = last[t - a]) tbb::flow::make_edge(*before, own), after = true;
        if (node *before = last[writes - a]) tbb::flow::make_edge(*before, own), after = true;
        last[writes - a] = &own;
        if (!after) first.push_back(&own);
    };
    for (int k = 0; k < TILES; k++) {
        tile *kk = at_tile(a, k, k);
        add([=] { potrf(kk); }, {}, kk);
        for (int i = k + 1; i < TILES; i++) {
            tile *ik = at_tile(a, i, k);
            add([=] { trsm(kk, ik); }, {kk}, ik);
        }
        for (int i = k + 1; i < TILES; i++) {
            tile *ik = at_tile(a, i, k);
            for (int j = k + 1; j <= i; j++) {
                tile *jk = at_tile(a, j, k), *ij = at_tile(a, i, j);
                if (i == j)
                    add([=] { gemm(ik, ik, ij); }, {ik}, ij);
                else
                    add([=] { gemm(ik, jk, ij); }, {ik, jk}, ij);
            }
        }
    }
    for (node *n : first) n->try_put(tbb::flow::continue_msg());
    g.wait_for_all();
}
static double cholesky(long n) {
    double took = 0;
    for (long k = 0; k < n; k++) {
        fill_tiles(tiles.data());
        double start = now();
        factor(tiles.data());
        took += now() - start;
    }
    return took;
}
static void check_cholesky() {
    std::vector<tile> expected(ALL_TILES);
    fill_tiles(expected.data());
    cholesky_alone(expected.data());
    cholesky(1);
    if (memcmp(tiles.data(), expected.data(), ALL_TILES * sizeof(tile))) abort();
}

row matrix_rows[] = {
    {"sparselu_50x50", TIMED, 0, sparselu, check_lu, 0},
    {"cholesky_depend/depend", TIMED, 0, cholesky, check_cholesky, 0},
    {0, OP, 0, 0, 0, 0},
};

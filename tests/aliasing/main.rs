//! Every source and view once, small, for Miri: it looks at each access for aliasing and for races.
//!
//! `MIRIFLAGS=-Zmiri-disable-isolation cargo +nightly miri test --test aliasing`, and with
//! `-Zmiri-tree-borrows`. Without Miri it is a quick test like any other.

use phalanx::prelude::*;
use phalanx::{Tile, TileMut};

/// Small teams, and chunks that go to whoever comes first.
fn teams() -> impl Iterator<Item = Options> {
    [2, 3].into_iter().map(|n| Dynamic(1).num_threads(n))
}

fn grid() -> Grid2<i64> {
    Grid2::from_fn(Static.num_threads(2), 5, 6, |i, j| (i * 6 + j) as i64)
}

fn add_before(own: &mut TileMut<'_, i64, 2>, up: Tile<'_, i64, 2>, left: Tile<'_, i64, 2>) {
    let ([i0, j0], [rows, cols]) = (own.origin(), own.shape());
    for i in 0..rows {
        for j in 0..cols {
            let above = match i {
                0 => i0.checked_sub(1).map_or(1, |above| up[above][j0 + j]),
                _ => own[i - 1][j],
            };
            let before = match j {
                0 => j0.checked_sub(1).map_or(1, |before| left[i][before]),
                _ => own[i][j - 1],
            };
            own[i][j] = (own[i][j] + above + before) % 1000;
        }
    }
}

#[test]
fn combined_loops_over_arrays() {
    for team in teams() {
        let (mut v, w) = (vec![1i64; 20], vec![2i64; 20]);
        parallel_for(team, (&mut v, &w, 0..20i64), |(x, y, i)| *x += y * i);
        parallel_for(team, strided_mut(&mut v, 1, 3), |x| *x = 2);
        parallel_for(team, enumerate(chunks_mut(&mut v, 3)), |(k, c)| {
            c[0] = k as i64
        });
        let sum = parallel_reduce(team, strided(&v, 0, 3), ops::Add, 0, |s, x| *s += x);
        assert_eq!(sum, (0..7).sum::<i64>());
    }
}

#[test]
fn combined_loops_over_grids() {
    for team in teams() {
        let (mut g, mut h) = (grid(), Grid3::filled([3, 2, 4], 1i64));
        parallel_for(team, g.cols_mut(), |mut col| {
            (1..col.len()).for_each(|i| col[i] += col[i - 1]);
            col.iter_mut().for_each(|x| *x += 1);
        });
        parallel_for(team, g.tiles_mut(2, 4), |mut tile| {
            parallel_for(Static, tile.rows_mut(), |row| row[0] += 1);
        });
        parallel_for(team, g.cells_mut(), |((i, j), x)| *x += (i * j) as i64);
        for axis in [0, 1, 2] {
            parallel_for(team, h.lines_mut(axis), |mut line| {
                (1..line.len()).for_each(|i| line[i] += line[i - 1]);
            });
        }
        parallel_for(team, h.planes_mut(), |mut plane| plane[1][2] += 1);
        assert_eq!(h[[2, 1, 3]], 24);
        let (top, mut bottom) = g.split_rows_mut(2);
        let source = enumerate(bottom.rows_mut());
        parallel_for(team, source, |(i, row)| row[0] = top[i % 2][1]);
        assert_eq!(g[2][0], g[0][1]);
    }
}

#[test]
fn combined_loops_beside_what_they_read() {
    for team in teams() {
        let mut g = grid();
        parallel_for(team, g.red_black(1), |(_, up, me, down)| {
            (0..me.len()).for_each(|j| me[j] += up[j] + down[j]);
        });
        parallel_for(team, g.sweep_rows(1, 2), |(i, me, others)| {
            (0..me.len()).for_each(|j| me[j] += others[i - 1][j]);
        });
        parallel_for(team, g.red_black_cells(0), |mut row| {
            for (_, me, [up, down, left, right]) in row.iter_mut() {
                *me += up + down + left + right;
            }
        });
        for d in 0..g.antidiagonals() {
            parallel_for(team, g.antidiagonal(d), |(_, me, others)| {
                *me += others.up().unwrap_or(&1) + others.left().unwrap_or(&1);
            });
        }
        for d in 0..g.tile_antidiagonals((2, 3)) {
            parallel_for(
                team,
                g.tile_antidiagonal((2, 3), d),
                |(mut own, up, left)| {
                    add_before(&mut own, up, left);
                },
            );
        }
        wavefront(team, &mut g, (2, 2), |mut own, up, left| {
            add_before(&mut own, up, left);
        });
        for i in 0..5 {
            let (row, others) = g.split_row_mut(i);
            let source = enumerate(row);
            parallel_for(team, source, |(j, x)| *x += others[(i + 1) % 5][j]);
        }
        assert!(g.as_slice().iter().all(|&x| x > 0));
    }
}

#[test]
fn regions() {
    for team in teams() {
        let (mut g, mut v, mut h) = (grid(), vec![1i64; 20], Grid3::filled([3, 2, 4], 1i64));
        region(
            team,
            (&mut g, &mut v, &mut h),
            |cx, (mut g, mut v, mut h)| {
                cx.for_each(Dynamic(1), g.cols_mut(), (), |mut col, ()| col[0] += 1);
                cx.for_each(Dynamic(1), g.red_black(0), (), |(_, up, me, _), ()| {
                    me[0] += up[0];
                });
                cx.for_each(Dynamic(1), g.red_black_cells(1), (), |mut row, ()| {
                    row.iter_mut().for_each(|(_, me, around)| *me += around[0]);
                });
                for d in 0..g.antidiagonals() {
                    cx.for_each(Static, g.antidiagonal(d), (), |(_, me, others), ()| {
                        *me += others.left().unwrap_or(&1);
                    });
                }
                cx.wavefront(
                    Dynamic(1),
                    &mut g,
                    (2, 2),
                    v.reading(),
                    |mut own, up, left, v| {
                        add_before(&mut own, up, left);
                        own[0][0] += v[0];
                    },
                );
                let (mut row, others) = g.split_row_mut(2);
                let source = row.items_mut().enumerate();
                cx.for_each(Static, source, others, |(j, x), others| *x += others[1][j]);
                cx.for_each(Static, v.strided_mut(0, 2), (), |x, ()| *x += 1);
                let source = (v.items(), v.chunks(1));
                cx.for_each(Static, source, (), |(x, c), ()| assert_eq!(*x, c[0]));
                cx.nowait(|scope| {
                    scope.for_each(Static, (v.items(), 0..20), (), |_, ()| ());
                    scope.for_each(Dynamic(1), h.lines_mut(1), (), |mut l, ()| l[0] += 1);
                });
                let (mut low, high) = h.split_planes_mut(1);
                let source = low.cells_mut();
                cx.for_each(Static, source, high.reading(), |((_, j, k), x), high| {
                    *x += high[[0, j]][k];
                });
                let sum = cx.reduce(Static, v.items(), (), ops::Add, 0, |s, x, ()| *s += x);
                let all: i64 = cx.single(v.whole_mut(), (), |v, ()| v.iter().sum());
                assert_eq!((sum, all), (30, 30));
            },
        );
        assert_eq!(h[[0, 0, 0]], 2 + 2);
    }
}

/// What will only be read is made and dropped while another thread is already in a construct that writes it.
#[test]
fn made_for_reading_while_another_thread_writes() {
    for team in teams() {
        let (mut v, mut g, mut h) = (vec![0i64; 8], grid(), Grid3::filled([2, 2, 2], 0i64));
        let data = (&mut v, &mut g, &mut h);
        region(team, data, |cx, (mut v, mut g, mut h)| {
            for _ in 0..8 {
                if cx.thread_num() == 0 {
                    let made = (
                        (v.items(), v.chunks(3)),
                        (g.rows(), g.cols(), g.cells()),
                        (h.rows(), h.cells()),
                        (v.reading(), g.reading(), h.reading()),
                    );
                    // The others go on to the constructs below.
                    std::thread::yield_now();
                    _ = std::hint::black_box(made);
                }
                cx.single(v.whole_mut(), (), |v, ()| {
                    v.iter_mut().for_each(|x| *x += 1)
                });
                cx.nowait(|scope| {
                    scope.for_each(Dynamic(1), g.cells_mut(), (), |(_, x), ()| *x += 1);
                    scope.for_each(Dynamic(1), h.cells_mut(), (), |(_, x), ()| *x += 1);
                });
            }
        });
        assert_eq!((v[7], g[0][0], h[[1, 1, 1]]), (8, 8, 8));
    }
}

#[test]
fn tables() {
    for team in teams() {
        let (mut v, mut w) = (vec![1i64; 12], vec![1i64; 12]);
        let scatter = Scatter::new(&[7usize, 2, 0, 9], [0, 1], 12).expect("no target twice");
        parallel_for(team, v.scatter(&scatter), |[x, y]| std::mem::swap(x, y));
        let owners = Owners::new(12, 3, |i| [3 * i, 3 * i + 1]).expect("one owner each");
        parallel_for(team, v.owned(&owners), |mut mine| {
            let i = mine.iteration();
            mine[3 * i] += mine[3 * i + 2];
        });
        region(team, (&mut v, &mut w), |cx, (mut v, mut w)| {
            cx.for_each(Static, v.scatter(&scatter), (), |[x, y], ()| *x += *y);
            cx.for_each(
                Dynamic(1),
                (w.owned(&owners), 0..3),
                v.reading(),
                |(mut mine, i), v| {
                    mine[3 * i] = v[7] + mine[11];
                },
            );
        });
        assert_eq!((w[0], w[6]), (v[7] + 1, v[7] + 1));
    }
}

#[test]
fn arrays_taken_apart() {
    for n in teams() {
        let mut v = NumaVec::from_fn(n, 9, |i| vec![i]);
        for x in &mut v {
            x.push(1);
        }
        let mut all = v.into_iter();
        assert_eq!(all.next(), Some(vec![0, 1]));
        assert_eq!(all.next_back(), Some(vec![8, 1]));
        assert_eq!(all.len(), 7);
        // The others are dropped with it.
        drop(all);
    }
}

//! Views of arrays and grids, in combined loops and in regions, against sequential twins.

use crate::support::{TEAMS, schedules, watched};
use phalanx::prelude::*;

mod beside;
mod refused;

/// Runs a test with each team and schedule.
fn everywhere(test: impl Fn(Options, Schedule) + Send + 'static) {
    watched(move || {
        for n in TEAMS {
            for schedule in schedules() {
                test(schedule.num_threads(n), schedule);
            }
        }
    });
}

fn numbers(rows: usize, cols: usize) -> Grid2<i64> {
    Grid2::from_fn(Static, rows, cols, |i, j| (i * 31 + j * 17) as i64 % 101)
}

const SHAPES: [(usize, usize); 9] = [
    (0, 0),
    (0, 3),
    (3, 0),
    (1, 1),
    (1, 7),
    (7, 1),
    (2, 2),
    (9, 6),
    (13, 17),
];

#[test]
fn columns() {
    everywhere(|team, schedule| {
        for (rows, cols) in SHAPES {
            let mut want = numbers(rows, cols);
            for j in 0..cols {
                for i in 1..rows {
                    want[i][j] += 2 * want[i - 1][j] + j as i64;
                }
            }
            let mut g = numbers(rows, cols);
            parallel_for(team, enumerate(g.cols_mut()), |(j, mut col)| {
                assert_eq!((col.len(), col.number()), (rows, j));
                for i in 1..col.len() {
                    col[i] += 2 * col[i - 1] + j as i64;
                }
            });
            assert_eq!(g, want);
            let mut h = numbers(rows, cols);
            region(team, &mut h, |cx, mut h| {
                cx.for_each(schedule, h.cols_mut(), (), |mut col, ()| {
                    let (mut last, j) = (None, col.number() as i64);
                    for x in col.iter_mut() {
                        *x += last.map_or(0, |l: i64| 2 * l + j);
                        last = Some(*x);
                    }
                });
            });
            assert_eq!(h, want);
            let sums = parallel_map(team, g.cols(), |col| col.iter().sum::<i64>());
            for j in 0..cols {
                assert_eq!(sums[j], (0..rows).map(|i| want[i][j]).sum::<i64>());
            }
        }
    });
}

#[test]
fn every_kth_element() {
    everywhere(|team, schedule| {
        for (len, start, step) in [
            (0, 0, 1),
            (5, 5, 3),
            (5, 4, 9),
            (20, 0, 1),
            (23, 2, 5),
            (23, 22, usize::MAX),
        ] {
            let mut want: Vec<usize> = (0..len).collect();
            let chosen = want[start..].iter_mut().step_by(step);
            chosen.enumerate().for_each(|(k, x)| *x = 100 + k);
            let mut v: Vec<usize> = (0..len).collect();
            let source = enumerate(strided_mut(&mut v, start, step));
            parallel_for(team, source, |(k, x)| *x = 100 + k);
            assert_eq!(v, want);
            let mut w: Vec<usize> = (0..len).collect();
            region(team, &mut w, |cx, mut w| {
                let source = w.strided_mut(start, step).enumerate();
                cx.for_each(schedule, source, (), |(k, x), ()| *x = 100 + k);
            });
            assert_eq!(w, want);
            let read = parallel_map(team, strided(&v, start, step), |x| *x);
            assert!(read.iter().eq(v[start..].iter().step_by(step)));
        }
    });
}

#[test]
fn planes_and_halves() {
    everywhere(|team, schedule| {
        let fresh = || Grid3::from_fn(Static, [5, 3, 4], |i, j, k| 100 * i + 10 * j + k);
        let mut want = fresh();
        for i in 0..5 {
            want[[i, 2]][1] += i;
        }
        for at in [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]] {
            for k in 0..4 {
                want[at][k] += want[[3, at[1], k]];
            }
        }
        let mut g = fresh();
        parallel_for(team, enumerate(g.planes_mut()), |(i, mut p)| p[2][1] += i);
        let (mut low, high) = g.split_planes_mut(2);
        assert_eq!((low.shape(), high.shape()), ([2, 3, 4], [3, 3, 4]));
        for i in 0..2 {
            for j in 0..3 {
                for k in 0..4 {
                    low[[i, j]][k] += high[[1, j]][k];
                }
            }
        }
        assert_eq!(g, want);
        let corners = parallel_map(team, g.planes(), |p| p[0][0]);
        assert_eq!(corners[4], 400);
        let mut h = fresh();
        region(team, &mut h, |cx, mut h| {
            cx.for_each(
                schedule,
                h.planes_mut().enumerate(),
                (),
                |(i, mut p), ()| p[2][1] += i,
            );
            let (mut low, high) = h.split_planes_mut(2);
            let source = low.cells_mut();
            cx.for_each(schedule, source, high.reading(), |((_, j, k), x), high| {
                *x += high[[1, j]][k]
            });
        });
        assert_eq!(h, want);
        let mut rows = numbers(8, 5);
        let twin = rows.clone();
        let (top, mut bottom) = rows.split_rows_mut(3);
        parallel_for(team, enumerate(bottom.rows_mut()), |(i, row)| {
            row[4] += top[i % 3][0]
        });
        for i in 0..5 {
            assert_eq!(rows[3 + i][4], twin[3 + i][4] + twin[i % 3][0]);
        }
        // The rows of a tile that is narrower than its grid.
        parallel_for(Static, rows.tiles_mut(3, 2), |mut tile| {
            let source = enumerate(tile.rows_mut());
            parallel_for(team, source, |(i, row)| row.fill(i as i64));
        });
        assert_eq!((rows[0][0], rows[4][3], rows[7][4]), (0, 1, 1));
    });
}

#[omp]
#[test]
fn sources_of_rows_index_disjoint_arrays_by_row() {
    for n in TEAMS {
        let mut g = numbers(9, 9);
        let mut seen = vec![0; 9];
        #[parallel_for(num_threads(n), disjoint(seen))]
        for (i, up, me, down) in g.red_black(1) {
            seen[i] = 1;
            me[0] = up[0] + down[0];
        }
        #[parallel_for(num_threads(n), disjoint(seen))]
        for row in g.red_black_cells(0) {
            seen[row.row()] += 10;
        }
        #[parallel_for(num_threads(n), schedule(dynamic, 1), disjoint(seen))]
        for (i, _me, _others) in g.sweep_rows(2, 5) {
            seen[i] += 100;
        }
        #[parallel_for(num_threads(n), disjoint(seen))]
        for col in g.cols() {
            seen[col.number()] += 1000;
        }
        assert_eq!(seen, [1000, 1011, 1110, 1011, 1010, 1011, 1010, 1111, 1000]);
        #[parallel(num_threads(n), shared(g))]
        {
            #[for_each(schedule(dynamic, 1))]
            for mut col in g.cols_mut() {
                col[0] = 5;
            }
            for parity in [1, 0] {
                #[for_each]
                for (_i, up, me, _down) in g.red_black(parity) {
                    me[0] = up[0] + 1;
                }
            }
        }
        assert_eq!((g[0][0], g[1][0], g[2][0]), (5, 6, 7));
    }
}

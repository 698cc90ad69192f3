//! Views of arrays and grids, in combined loops and in regions, against sequential twins.

use crate::support::{TEAMS, schedules, watched};
use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

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

/// What a panic says.
fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("it panics");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => other.downcast::<&str>().expect("a text").to_string(),
    }
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
fn red_and_black_rows() {
    everywhere(|team, schedule| {
        for (rows, cols) in SHAPES {
            let mut want = numbers(rows, cols);
            for parity in [0, 1, 1, 0] {
                for i in 1..rows.saturating_sub(1) {
                    for j in 0..cols {
                        if i % 2 == parity {
                            want[i][j] += want[i - 1][j] - 3 * want[i + 1][j] + i as i64;
                        }
                    }
                }
            }
            let step = |(i, up, me, down): (usize, &[i64], &mut [i64], &[i64])| {
                for j in 0..me.len() {
                    me[j] += up[j] - 3 * down[j] + i as i64;
                }
            };
            let (mut g, mut h) = (numbers(rows, cols), numbers(rows, cols));
            for parity in [0, 1, 1, 0] {
                parallel_for(team, g.red_black(parity), step);
            }
            assert_eq!(g, want);
            region(team, &mut h, |cx, mut h| {
                for parity in [0, 1, 1, 0] {
                    cx.for_each(schedule, h.red_black(parity), (), |item, ()| step(item));
                }
            });
            assert_eq!(h, want);
        }
    });
}

#[test]
fn rows_of_a_sweep() {
    everywhere(|team, schedule| {
        for (rows, cols) in SHAPES {
            for (first, step) in [(0, 2), (1, 3), (rows, 1), (0, usize::MAX)] {
                if first > rows {
                    continue;
                }
                let written = |i: usize| i >= first && (i - first).is_multiple_of(step);
                let mut want = numbers(rows, cols);
                for i in (0..rows).filter(|&i| written(i)) {
                    for k in (0..rows).filter(|&k| !written(k)) {
                        for j in 0..cols {
                            want[i][j] += want[k][j];
                        }
                    }
                }
                let add = |me: &mut [i64], others: phalanx::OtherRows<'_, i64>| {
                    assert_eq!(others.shape(), (rows, cols));
                    for k in 0..rows {
                        assert_eq!(others.get(k).is_none(), written(k));
                        if !written(k) {
                            (0..cols).for_each(|j| me[j] += others[k][j]);
                        }
                    }
                };
                let (mut g, mut h) = (numbers(rows, cols), numbers(rows, cols));
                parallel_for(team, g.sweep_rows(first, step), |(i, me, others)| {
                    assert!(written(i));
                    add(me, others);
                });
                assert_eq!(g, want);
                region(team, &mut h, |cx, mut h| {
                    let source = h.sweep_rows(first, step);
                    cx.for_each(schedule, source, (), |(_, me, others), ()| add(me, others));
                });
                assert_eq!(h, want);
            }
        }
    });
}

#[test]
fn a_row_split_off() {
    everywhere(|team, schedule| {
        for (rows, cols) in SHAPES {
            let mut want = numbers(rows, cols);
            for i in 1..rows {
                for j in 0..cols {
                    want[i][j] =
                        want[i][j] + want[i - 1][j] - want[rows - 1 - (i == rows - 1) as usize][j];
                }
            }
            let (mut g, mut h) = (numbers(rows, cols), numbers(rows, cols));
            let other = |i: usize| rows - 1 - (i == rows - 1) as usize;
            for i in 1..rows {
                let (row, others) = g.split_row_mut(i);
                parallel_for(team, enumerate(row), |(j, x)| {
                    *x += others[i - 1][j] - others[other(i)][j];
                });
            }
            assert_eq!(g, want);
            region(team, &mut h, |cx, mut h| {
                for i in 1..rows {
                    let (mut row, others) = h.split_row_mut(i);
                    let source = row.items_mut().enumerate();
                    cx.for_each(schedule, source, others, |(j, x), others| {
                        *x += others[i - 1][j] - others[other(i)][j];
                    });
                }
            });
            assert_eq!(h, want);
        }
    });
}

#[test]
fn red_and_black_cells() {
    everywhere(|team, schedule| {
        for (rows, cols) in SHAPES {
            let mut want = numbers(rows, cols);
            for colour in [0, 1, 1] {
                for i in 1..rows.saturating_sub(1) {
                    for j in 1..cols.saturating_sub(1) {
                        if (i + j) % 2 == colour {
                            want[i][j] += want[i - 1][j] - 2 * want[i + 1][j] + 3 * want[i][j - 1]
                                - 5 * want[i][j + 1]
                                + 7 * i as i64
                                + j as i64;
                        }
                    }
                }
            }
            let step = |mut row: phalanx::ColourRow<'_, i64>| {
                let i = row.row() as i64;
                for (j, me, [up, down, left, right]) in row.iter_mut() {
                    *me += up - 2 * down + 3 * left - 5 * right + 7 * i + j as i64;
                }
            };
            let (mut g, mut h) = (numbers(rows, cols), numbers(rows, cols));
            for colour in [0, 1, 1] {
                parallel_for(team, g.red_black_cells(colour), step);
            }
            assert_eq!(g, want);
            region(team, &mut h, |cx, mut h| {
                for colour in [0, 1, 1] {
                    let source = h.red_black_cells(colour);
                    cx.for_each(schedule, source, (), |row, ()| step(row));
                }
            });
            assert_eq!(h, want);
        }
    });
}

/// Each cell from those above, to the left, and in the corner: modulo a prime, so that it stays small.
fn mix(me: i64, up: i64, left: i64, corner: i64) -> i64 {
    (me + 3 * up + 5 * left + 7 * corner) % 9973
}

fn mixed(rows: usize, cols: usize) -> Grid2<i64> {
    let mut g = numbers(rows, cols);
    for i in 0..rows {
        for j in 0..cols {
            let up = if i > 0 { g[i - 1][j] } else { 1 };
            let left = if j > 0 { g[i][j - 1] } else { 2 };
            let corner = if i > 0 && j > 0 { g[i - 1][j - 1] } else { 3 };
            g[i][j] = mix(g[i][j], up, left, corner);
        }
    }
    g
}

#[test]
fn antidiagonals() {
    everywhere(|team, schedule| {
        for (rows, cols) in SHAPES {
            let want = mixed(rows, cols);
            let (mut g, mut h) = (numbers(rows, cols), numbers(rows, cols));
            for d in 0..g.antidiagonals() {
                parallel_for(team, g.antidiagonal(d), |((i, j), me, others)| {
                    assert_eq!(i + j, d);
                    let up = if i > 0 { others[[i - 1, j]] } else { 1 };
                    let left = if j > 0 { others[[i, j - 1]] } else { 2 };
                    let corner = others.up_left().copied().unwrap_or(3);
                    *me = mix(*me, up, left, corner);
                });
            }
            assert_eq!(g, want);
            region(team, &mut h, |cx, mut h| {
                for d in 0..h.antidiagonals() {
                    cx.for_each(schedule, h.antidiagonal(d), (), |(_, me, others), ()| {
                        let or = |cell: Option<&i64>, none| cell.copied().unwrap_or(none);
                        let (up, left) = (or(others.up(), 1), or(others.left(), 2));
                        *me = mix(*me, up, left, or(others.up_left(), 3));
                    });
                }
            });
            assert_eq!(h, want);
        }
    });
}

/// One tile of the same.
fn mix_tile(
    own: &mut phalanx::TileMut<'_, i64, 2>,
    up: phalanx::Tile<'_, i64, 2>,
    left: phalanx::Tile<'_, i64, 2>,
) {
    let ([i0, j0], [rows, cols]) = (own.origin(), own.shape());
    assert_eq!((up.shape(), left.shape()), ([i0, j0 + cols], [rows, j0]));
    for i in 0..rows {
        for j in 0..cols {
            let before = j0 + j;
            let above = match (i, i0) {
                (0, 0) => 1,
                (0, _) => up[i0 - 1][j0 + j],
                _ => own[i - 1][j],
            };
            let beside = match (j, j0) {
                (0, 0) => 2,
                (0, _) => left[i][j0 - 1],
                _ => own[i][j - 1],
            };
            let corner = match (i0 + i, before) {
                (0, _) | (_, 0) => 3,
                _ if i == 0 => up[i0 - 1][before - 1],
                _ if j == 0 => left[i - 1][before - 1],
                _ => own[i - 1][j - 1],
            };
            own[i][j] = mix(own[i][j], above, beside, corner);
        }
    }
}

#[test]
fn wavefronts() {
    everywhere(|team, schedule| {
        for (rows, cols) in SHAPES {
            let want = mixed(rows, cols);
            for tile in [(1, 1), (2, 3), (4, 4), (100, 2), (5, usize::MAX)] {
                let mut g = numbers(rows, cols);
                wavefront(team, &mut g, tile, |mut own, up, left| {
                    mix_tile(&mut own, up, left)
                });
                assert_eq!(g, want);
                let mut h = numbers(rows, cols);
                for d in 0..h.tile_antidiagonals(tile) {
                    parallel_for(team, h.tile_antidiagonal(tile, d), |(mut own, up, left)| {
                        mix_tile(&mut own, up, left)
                    });
                }
                assert_eq!(h, want);
                let (mut k, mut one) = (numbers(rows, cols), vec![1i64]);
                region(team, (&mut k, &mut one), |cx, (mut k, one)| {
                    let mut mine = 0;
                    cx.wavefront(
                        schedule,
                        &mut k,
                        tile,
                        one.reading(),
                        |mut own, up, left, one| {
                            mix_tile(&mut own, up, left);
                            mine += one[0];
                        },
                    );
                    let all = 0..cx.num_threads();
                    let tiles = cx.reduce(StaticChunk(1), all, (), ops::Add, 0, |s, _, ()| {
                        *s += mine;
                    });
                    let high = |n: usize, t: usize| n.div_ceil(t) as i64;
                    assert_eq!(tiles, high(rows, tile.0) * high(cols, tile.1));
                });
                assert_eq!(k, want);
            }
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

#[test]
fn views_of_another_column_or_row_say_who_owns_it() {
    let mut g = numbers(6, 4);
    let said = message(|| {
        parallel_for(Static.num_threads(2), g.cols_mut(), |mut col| {
            if col.number() == 2 {
                col[6] = 1;
            }
        })
    });
    assert_eq!(
        said,
        "iteration 2 has only column 2, elements 0..6 of it, and touched element 6"
    );
    let said = message(|| {
        parallel_for(
            Static.num_threads(2),
            g.sweep_rows(1, 2),
            |(i, me, rest)| {
                if i == 3 {
                    me[0] = rest[5][0];
                }
            },
        )
    });
    assert!(
        said.starts_with("iteration 2 of this loop owns row 5"),
        "{said}"
    );
    let said = message(|| {
        parallel_for(Static, g.sweep_rows(1, 2), |(_, _, rest)| _ = rest[6]);
    });
    assert_eq!(said, "row 6 of a grid of 6 rows");
    let said = message(|| _ = g.split_row_mut(2).1[2]);
    assert!(said.starts_with("row 2 is split off"), "{said}");
    let cell = |at: [usize; 2], g: &mut Grid2<i64>| {
        message(|| {
            parallel_for(Static, g.antidiagonal(3), |((i, _), me, rest)| {
                if i == 1 {
                    *me = rest[at];
                }
            })
        })
    };
    let said = cell([2, 1], &mut g);
    assert!(
        said.starts_with("the iteration of cell [2, 1] owns it"),
        "{said}"
    );
    assert!(said.contains("the iteration of cell [1, 2]"), "{said}");
    let said = cell([1, 2], &mut g);
    assert!(
        said.starts_with("cell [1, 2] is this iteration's own"),
        "{said}"
    );
    let said = cell([6, 0], &mut g);
    assert_eq!(said, "cell [6, 0] of a grid of 6 x 4 elements");
    let said = message(|| {
        wavefront(Static.num_threads(2), &mut g, (2, 2), |_own, up, _| {
            if up.shape() == [2, 2] {
                _ = up[0][2];
            }
        })
    });
    assert!(said.contains("index out of bounds"), "{said}");
}

#[test]
fn bad_arguments_are_named() {
    let mut g = numbers(6, 4);
    let mut v = vec![0; 9];
    let said = [
        message(|| _ = strided_mut(&mut v, 0, 0)),
        message(|| _ = strided(&v, 10, 2)),
        message(|| _ = g.red_black(2)),
        message(|| _ = g.red_black_cells(7)),
        message(|| _ = g.sweep_rows(0, 0)),
        message(|| _ = g.sweep_rows(7, 1)),
        message(|| _ = g.split_row_mut(6)),
        message(|| _ = g.split_rows_mut(7)),
        message(|| _ = g.antidiagonal(9)),
        message(|| _ = Grid2::filled(0, 4, 0).antidiagonal(0)),
        message(|| _ = g.tile_antidiagonal((2, 2), 4)),
        message(|| wavefront(Static, &mut g, (2, 0), |_, _, _| ())),
        message(|| _ = Grid3::filled([2, 1, 1], 0).split_planes_mut(3)),
    ];
    let wanted = [
        "every 0-th element: the step is at least 1",
        "every 2-th element from 10 on: there are only 9 elements",
        "red_black(2): the parity is 0 for even or 1 for odd",
        "red_black_cells(7): the parity is 0 for even or 1 for odd",
        "every 0-th row: the step is at least 1",
        "every 1-th row from 7 on: there are only 6 rows",
        "row 6 cannot be split off a grid of 6 x 4 elements",
        "split at row 7 of a grid of 6 rows",
        "antidiagonal 9 of a grid of 6 x 4 elements: there are 9, and they count from 0",
        "antidiagonal 0 of a grid of 0 x 4 elements: there are 0, and they count from 0",
        "antidiagonal 4 of a grid of 3 x 2 tiles: there are 4, and they count from 0",
        "tiles of [2, 0] elements: a tile holds at least one in each dimension",
        "split at plane 3 of a grid of 2 planes",
    ];
    assert_eq!(said, wanted);
}

/// A region of two threads that give a loop different views ends.
fn differs(run: impl Fn(&mut Ctx<'_>, GridView<'_, i64>) + Sync + Send + 'static) {
    watched(move || {
        let mut g = numbers(9, 9);
        let said = message(|| region(Options::new().num_threads(2), &mut g, |cx, g| run(cx, g)));
        assert!(said.contains("differ from thread to thread"), "{said}");
    });
}

#[test]
fn threads_with_different_views_do_not_meet() {
    differs(|cx, mut g| {
        let p = cx.thread_num();
        cx.for_each(Static, g.red_black(p), (), |_, ()| ());
    });
    differs(|cx, mut g| {
        let p = cx.thread_num();
        cx.for_each(Static, g.red_black_cells(p), (), |_, ()| ());
    });
    differs(|cx, mut g| {
        let first = cx.thread_num();
        cx.for_each(Static, g.sweep_rows(first, 5), (), |_, ()| ());
    });
    differs(|cx, mut g| {
        let step = 5 + cx.thread_num();
        cx.for_each(Static, g.sweep_rows(0, step), (), |_, ()| ());
    });
    differs(|cx, mut g| {
        let d = 3 + cx.thread_num();
        cx.for_each(Static, g.antidiagonal(d), (), |_, ()| ());
    });
    differs(|cx, mut g| {
        let wide = 4 + cx.thread_num();
        cx.wavefront(Static, &mut g, (3, wide), (), |_, _, _, ()| ());
    });
    differs(|cx, mut g| {
        let (mut row, others) = g.split_row_mut(cx.thread_num());
        cx.for_each(Static, row.items_mut(), others, |_, _| ());
    });
    differs(|cx, mut g| {
        // The same number of elements, and the same first one.
        let step = 40 + cx.thread_num();
        cx.for_each(Static, g.flat_mut().strided_mut(0, step), (), |_, ()| ());
    });
    differs(|cx, mut g| {
        let (mut upper, _) = g.split_rows_mut(4 + cx.thread_num());
        cx.for_each(Static, upper.cols_mut(), (), |_, ()| ());
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

//! Views that write beside what they read.

use super::{SHAPES, everywhere, numbers};
use phalanx::prelude::*;

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

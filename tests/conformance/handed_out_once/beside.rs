//! What is written beside what is read: the two have nothing in common.

use super::{Got, below, combined, numbered, property, schedules, shapes, teams};
use phalanx::prelude::*;

/// Nothing that is read is written by another iteration of the same loop.
fn apart(written: &[usize], read: Got) {
    let read = read.sorted();
    let both = read.iter().find(|x| written.binary_search(x).is_ok());
    assert_eq!(both, None, "read and written in one loop");
}

#[test]
fn rows_beside_rows() {
    let values = (teams(), schedules(), shapes(), 0usize..14, 1usize..6);
    property(values, |(options, schedule, (rows, cols), first, step)| {
        let mut g = numbered(rows, cols);
        let row = |i: usize| i * cols..(i + 1) * cols;
        for parity in [0, 1] {
            let inner = (1..rows.saturating_sub(1)).filter(|i| i % 2 == parity);
            let want: Vec<usize> = inner.flat_map(row).collect();
            let read = Got::default();
            let one = |(i, up, me, down): (usize, &[usize], &mut [usize], &[usize]), got: &Got| {
                assert!(up.iter().copied().eq(row(i - 1)) && down.iter().copied().eq(row(i + 1)));
                assert!(me.iter().copied().eq(row(i)));
                read.add(up.iter().chain(down).copied());
                got.add(me.iter().copied());
            };
            assert_eq!(combined(options, g.red_black(parity), one), want);
            let got = in_region!(
                options,
                schedule,
                &mut g,
                |g| g.red_black(parity),
                |item, got| one(item, got)
            );
            assert_eq!(got, want);
            apart(&want, read);
        }
        let first = first.min(rows);
        let want: Vec<usize> = (first..rows).step_by(step).flat_map(row).collect();
        let read = Got::default();
        let one = |(i, me, others): (usize, &mut [usize], phalanx::OtherRows<'_, usize>),
                   got: &Got| {
            assert!(me.iter().copied().eq(row(i)));
            (0..rows + 2).for_each(|k| read.add(others.get(k).unwrap_or_default().iter().copied()));
            got.add(me.iter().copied());
        };
        assert_eq!(combined(options, g.sweep_rows(first, step), one), want);
        let got = in_region!(
            options,
            schedule,
            &mut g,
            |g| g.sweep_rows(first, step),
            |item, got| one(item, got)
        );
        assert_eq!(got, want);
        apart(&want, read);
        for i in 0..rows {
            let (me, others) = g.split_row_mut(i);
            let read = Got::default();
            (0..rows).for_each(|k| read.add(others.get(k).unwrap_or_default().iter().copied()));
            let want: Vec<usize> = row(i).collect();
            assert_eq!(combined(options, me, |x, got| got.add([*x])), want);
            apart(&want, read);
        }
    });
}

#[test]
fn cells_beside_cells() {
    property(
        (teams(), schedules(), shapes()),
        |(options, schedule, (rows, cols))| {
            let mut g = numbered(rows, cols);
            let cells = move || (0..rows).flat_map(move |i| (0..cols).map(move |j| (i, j)));
            for colour in [0, 1] {
                let inner =
                    cells().filter(|&(i, j)| i > 0 && j > 0 && i + 1 < rows && j + 1 < cols);
                let inner = inner.filter(|(i, j)| (i + j) % 2 == colour);
                let want: Vec<usize> = inner.map(|(i, j)| i * cols + j).collect();
                let read = Got::default();
                let one = |mut row: phalanx::ColourRow<'_, usize>, got: &Got| {
                    let i = row.row();
                    assert_eq!(row.is_empty(), row.iter_mut().next().is_none());
                    for (j, me, around) in row.iter_mut() {
                        let at = i * cols + j;
                        assert_eq!(*me, at);
                        assert_eq!(around.map(|x| *x), [at - cols, at + cols, at - 1, at + 1]);
                        read.add(around.map(|x| *x));
                        got.add([at]);
                    }
                };
                assert_eq!(combined(options, g.red_black_cells(colour), one), want);
                let got = in_region!(
                    options,
                    schedule,
                    &mut g,
                    |g| g.red_black_cells(colour),
                    |row, got| one(row, got)
                );
                assert_eq!(got, want);
                apart(&want, read);
            }
            let mut all = Vec::new();
            for d in 0..g.antidiagonals() {
                let mut want: Vec<usize> = cells()
                    .filter(|(i, j)| i + j == d)
                    .map(|(i, j)| i * cols + j)
                    .collect();
                let read = Got::default();
                let one = |(at, me, others): (
                    (usize, usize),
                    &mut usize,
                    phalanx::OffDiagonal<'_, usize>,
                ),
                           got: &Got| {
                    assert_eq!(at.0 * cols + at.1, *me);
                    for (i, j) in (0..rows + 1).flat_map(|i| (0..cols + 1).map(move |j| (i, j))) {
                        let cell = others.get([i, j]).copied();
                        assert_eq!(cell.is_some(), i < rows && j < cols && i + j != d);
                        read.add(cell);
                    }
                    let sides = [others.up(), others.left(), others.up_left()];
                    read.add(sides.into_iter().flatten().copied());
                    got.add([*me]);
                };
                assert_eq!(combined(options, g.antidiagonal(d), one), want);
                let got = in_region!(
                    options,
                    schedule,
                    &mut g,
                    |g| g.antidiagonal(d),
                    |item, got| one(item, got)
                );
                assert_eq!(got, want);
                apart(&want, read);
                all.append(&mut want);
            }
            all.sort_unstable();
            assert_eq!(all, below(rows * cols));
        },
    );
}

#[test]
fn tiles_beside_tiles() {
    let values = (teams(), schedules(), shapes(), (1usize..7, 1usize..7));
    property(values, |(options, schedule, (rows, cols), tile)| {
        let mut g = numbered(rows, cols);
        let mut all = Vec::new();
        for d in 0..g.tile_antidiagonals(tile) {
            let read = Got::default();
            let one = |(own, up, left): (
                phalanx::TileMut<'_, usize, 2>,
                phalanx::Tile<'_, usize, 2>,
                phalanx::Tile<'_, usize, 2>,
            ),
                       got: &Got| {
                let [i, j] = own.origin();
                assert_eq!((up.origin(), left.origin()), ([0, 0], [i, 0]));
                assert_eq!((up.shape()[0], left.shape()[1]), (i, j));
                assert_eq!(up.shape()[1], j + own.shape()[1]);
                for part in [up, left] {
                    (0..part.shape()[0]).for_each(|i| read.add(part[i].iter().copied()));
                }
                (0..own.shape()[0]).for_each(|i| got.add(own[i].iter().copied()));
            };
            let got = combined(options, g.tile_antidiagonal(tile, d), one);
            let again = in_region!(
                options,
                schedule,
                &mut g,
                |g| g.tile_antidiagonal(tile, d),
                |item, got| one(item, got)
            );
            assert_eq!(got, again);
            apart(&got, read);
            all.extend(got);
        }
        all.sort_unstable();
        assert_eq!(all, below(rows * cols));
        let got = Got::default();
        wavefront(options, &mut g, tile, |own, _, _| {
            (0..own.shape()[0]).for_each(|i| got.add(own[i].iter().copied()))
        });
        assert_eq!(got.sorted(), below(rows * cols));
    });
}

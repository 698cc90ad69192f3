//! Rows, columns, cells, tiles, planes and halves of grids.

use super::{Got, below, combined, numbered, property, schedules, shapes, teams};
use phalanx::prelude::*;

#[test]
fn rows_columns_and_cells() {
    property(
        (teams(), schedules(), shapes()),
        |(options, schedule, (rows, cols))| {
            let (mut g, want) = (numbered(rows, cols), below(rows * cols));
            let ids = |c: phalanx::Column<'_, usize>, got: &Got| got.add(c.iter().copied());
            assert_eq!(combined(options, g.cols(), ids), want);
            let ids = |mut c: phalanx::ColumnMut<'_, usize>, got: &Got| {
                assert_eq!(c.len(), rows);
                (0..rows).for_each(|i| assert_eq!(c[i], i * cols + c.number()));
                got.add(c.iter_mut().map(|x| *x));
            };
            assert_eq!(combined(options, g.cols_mut(), ids), want);
            let got = in_region!(options, schedule, &mut g, |g| g.cols_mut(), |c, got| got
                .add(c.iter().copied()));
            assert_eq!(got, want);
            let got = combined(options, g.cells(), |((i, j), x), got| {
                got.add([i * cols + j, *x])
            });
            let twice: Vec<usize> = want.iter().flat_map(|&x| [x, x]).collect();
            assert_eq!(got, twice);
            let got = combined(options, g.cells_mut(), |((i, j), x), got| {
                got.add([i * cols + j, *x])
            });
            assert_eq!(got, twice);
            let got = in_region!(
                options,
                schedule,
                &mut g,
                |g| g.cells_mut(),
                |((i, j), x), got| { got.add([i * cols + j, *x]) }
            );
            assert_eq!(got, twice);
            if cols > 0 || rows == 0 {
                let got = combined(options, g.rows(), |r, got| got.add(r.iter().copied()));
                assert_eq!(got, want);
                let got = combined(options, g.rows_mut(), |r, got| got.add(r.iter().copied()));
                assert_eq!(got, want);
                let got = in_region!(options, schedule, &mut g, |g| g.rows_mut(), |r, got| got
                    .add(r.iter().copied()));
                assert_eq!(got, want);
                let got = in_region!(options, schedule, &mut g, |g| g.rows(), |r, got| {
                    got.add(r.iter().copied())
                });
                assert_eq!(got, want);
            }
            let got = in_region!(options, schedule, &mut g, |g| g.cols(), |c, got| {
                got.add(c.iter().copied())
            });
            assert_eq!(got, want);
            let got = in_region!(
                options,
                schedule,
                &mut g,
                |g| g.cells(),
                |((i, j), x), got| { got.add([i * cols + j, *x]) }
            );
            assert_eq!(got, twice);
            let mid = rows / 3;
            if cols > 0 || mid == rows {
                let got = in_region!(
                    options,
                    schedule,
                    &mut g,
                    |g| g.split_rows_mut(mid).1.rows_mut(),
                    |r, got| { got.add(r.iter().copied()) }
                );
                assert_eq!(got, want[mid * cols..]);
            }
            let (mut top, mut bottom) = g.split_rows_mut(mid);
            let mut got = combined(options, top.rows_mut(), |r, got| got.add(r.iter().copied()));
            got.extend(combined(options, bottom.rows_mut(), |r, got| {
                got.add(r.iter().copied())
            }));
            assert_eq!(got, want);
        },
    );
}

#[test]
fn tiles_and_their_rows() {
    let values = (teams(), schedules(), shapes(), (1usize..16, 1usize..16));
    property(values, |(options, schedule, (rows, cols), (high, wide))| {
        let (mut g, want) = (numbered(rows, cols), below(rows * cols));
        let got = combined(options, g.tiles(high, wide), |t, got| {
            (0..t.shape()[0]).for_each(|i| got.add(t[i].iter().copied()))
        });
        assert_eq!(got, want);
        let got = combined(options, g.tiles_mut(high, wide), |mut t, got| {
            parallel_for(Static, t.rows_mut(), |row| got.add(row.iter().copied()));
        });
        assert_eq!(got, want);
        let got = in_region!(
            options,
            schedule,
            &mut g,
            |g| g.tiles_mut(high, wide),
            |t, got| { (0..t.shape()[0]).for_each(|i| got.add(t[i].iter().copied())) }
        );
        assert_eq!(got, want);
    });
}

#[test]
fn grids_in_three_dimensions() {
    let shape = (0usize..6, 0usize..6, 1usize..6);
    let values = (teams(), schedules(), shape, 1usize..5);
    property(values, |(options, schedule, (p, r, c), edge)| {
        let mut g = Grid3::from_fn(Static, [p, r, c], |i, j, k| (i * r + j) * c + k);
        let (want, block) = (below(p * r * c), [edge, 1 + edge / 2, 2]);
        let rows_of = |t: &phalanx::TileMut<'_, usize, 2>, got: &Got| {
            (0..t.shape()[0]).for_each(|i| got.add(t[i].iter().copied()));
        };
        let got = combined(options, g.planes(), |t, got| {
            (0..r).for_each(|i| got.add(t[i].iter().copied()))
        });
        assert_eq!(got, want);
        let got = combined(options, g.planes_mut(), |t, got| rows_of(&t, got));
        assert_eq!(got, want);
        let got = in_region!(options, schedule, &mut g, |g| g.planes_mut(), |t, got| {
            rows_of(&t, got)
        });
        assert_eq!(got, want);
        let got = combined(options, g.rows(), |row, got| got.add(row.iter().copied()));
        assert_eq!(got, want);
        let got = combined(options, g.rows_mut(), |row, got| {
            got.add(row.iter().copied())
        });
        assert_eq!(got, want);
        let got = in_region!(options, schedule, &mut g, |g| g.rows_mut(), |row, got| {
            got.add(row.iter().copied())
        });
        assert_eq!(got, want);
        let got = combined(options, g.cells(), |((i, j, k), x), got| {
            assert_eq!(*x, (i * r + j) * c + k);
            got.add([*x])
        });
        assert_eq!(got, want);
        let got = in_region!(
            options,
            schedule,
            &mut g,
            |g| g.cells_mut(),
            |(_, x), got| got.add([*x])
        );
        assert_eq!(got, want);
        let got = combined(options, g.cells_mut(), |((i, j, k), x), got| {
            assert_eq!(*x, (i * r + j) * c + k);
            got.add([*x])
        });
        assert_eq!(got, want);
        let rows_in = |[planes, rows, _]: [usize; 3]| {
            (0..planes).flat_map(move |i| (0..rows).map(move |j| [i, j]))
        };
        let got = combined(options, g.tiles(block), |t, got| {
            rows_in(t.shape()).for_each(|at| got.add(t[at].iter().copied()));
        });
        assert_eq!(got, want);
        let got = combined(options, g.tiles_mut(block), |t, got| {
            rows_in(t.shape()).for_each(|at| got.add(t[at].iter().copied()));
        });
        assert_eq!(got, want);
        let got = in_region!(
            options,
            schedule,
            &mut g,
            |g| g.tiles_mut(block),
            |t, got| {
                rows_in(t.shape()).for_each(|at| got.add(t[at].iter().copied()));
            }
        );
        assert_eq!(got, want);
        for axis in [0, 1, 2] {
            let step = [r * c, c, 1][axis];
            let got = combined(options, g.lines(axis), |line, got| {
                assert_eq!(line.len(), [p, r, c][axis]);
                got.add(line.iter().copied());
            });
            assert_eq!(got, want);
            let got = combined(options, g.lines_mut(axis), |line, got| {
                let steps = (1..line.len()).map(|i| line[i] - line[i - 1]);
                steps.for_each(|s| assert_eq!(s, step));
                got.add(line.iter().copied());
            });
            assert_eq!(got, want);
            let got = in_region!(
                options,
                schedule,
                &mut g,
                |g| g.lines_mut(axis),
                |line, got| { got.add(line.iter().copied()) }
            );
            assert_eq!(got, want);
        }
        let got = in_region!(
            options,
            schedule,
            &mut g,
            |g| (g.cells(), 0..want.len()),
            |(((i, j, k), x), at), got| {
                assert!(*x == (i * r + j) * c + k && *x == at);
                got.add([*x])
            }
        );
        assert_eq!(got, want);
        let got = in_region!(options, schedule, &mut g, |g| g.rows(), |row, got| {
            got.add(row.iter().copied())
        });
        assert_eq!(got, want);
        let mid = p / 2;
        let got = in_region!(
            options,
            schedule,
            &mut g,
            |g| g.split_planes_mut(mid).1.rows_mut(),
            |x, got| { got.add(x.iter().copied()) }
        );
        assert_eq!(got, want[mid * r * c..]);
    });
}

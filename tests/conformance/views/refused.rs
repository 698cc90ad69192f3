//! What views refuse, and in which words.

use super::numbers;
use crate::support::watched;
use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a panic says.
fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("it panics");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => other.downcast::<&str>().expect("a text").to_string(),
    }
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
    // A step past the last row writes one row too, but in a loop.
    let said = message(|| {
        parallel_for(Static, g.sweep_rows(2, usize::MAX), |(i, _, rest)| {
            _ = rest[i];
        });
    });
    assert!(
        said.starts_with("iteration 0 of this loop owns row 2"),
        "{said}"
    );
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
        message(|| _ = Grid3::filled([2, 1, 1], 0).lines_mut(3)),
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
        "lines along axis 3 of a grid in three dimensions: they count from 0 to 2",
    ];
    assert_eq!(said, wanted);
}

#[test]
fn rows_without_columns_are_refused_by_grids_and_by_their_views() {
    watched(|| {
        let flat = "a grid of 3 rows of 0 columns has no rows to share";
        let deep = "a grid of 2 x 3 rows of 0 columns has no rows to share";
        let mut g = Grid2::filled(3, 0, 0);
        let mut h = Grid3::filled([2, 3, 0], 0);
        assert_eq!(message(|| _ = g.rows()), flat);
        assert_eq!(message(|| _ = g.rows_mut()), flat);
        assert_eq!(message(|| _ = h.rows()), deep);
        assert_eq!(message(|| _ = h.rows_mut()), deep);
        region(
            Static.num_threads(2),
            (&mut g, &mut h),
            |_, (mut g, mut h)| {
                assert_eq!(message(|| _ = g.rows()), flat);
                assert_eq!(message(|| _ = g.rows_mut()), flat);
                assert_eq!(message(|| _ = h.rows()), deep);
                assert_eq!(message(|| _ = h.rows_mut()), deep);
            },
        );
        // No rows at all are no mistake.
        let (mut g, mut h) = (Grid2::filled(0, 0, 0), Grid3::filled([2, 0, 0], 0));
        region(Static.num_threads(2), (&mut g, &mut h), |cx, (mut g, h)| {
            cx.for_each(Static, g.rows_mut(), (), |_, ()| panic!("no row"));
            cx.for_each(Static, h.rows(), (), |_, ()| panic!("no row"));
        });
    });
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
        // One generic call, so the same place: one thread would read what the other writes.
        fn run<S: phalanx::TeamSource>(cx: &mut Ctx<'_>, source: S) {
            cx.for_each(Static, source, (), |_, ()| ());
        }
        match cx.thread_num() {
            0 => run(cx, g.flat_mut().items()),
            _ => run(cx, g.flat_mut().items_mut()),
        }
    });
    differs(|cx, mut g| {
        let (mut upper, _) = g.split_rows_mut(4 + cx.thread_num());
        cx.for_each(Static, upper.cols_mut(), (), |_, ()| ());
    });
}

//! Whose views they are: a construct takes those of its own region only, and tells arrays apart that lie at one
//! address.

use crate::support::{TEAMS, watched};
use phalanx::prelude::*;
use phalanx::{Share, TeamSource};
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

fn team(n: usize) -> Options {
    Options::new().num_threads(n)
}

/// What a call panics with.
fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("a panic");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast_ref::<&str>().unwrap_or(&"").to_string(),
    }
}

/// Carries the views of a region of two threads into regions of one thread each, where `f` uses them in a
/// construct that agrees with nobody: it is refused before it runs anything.
fn refused<D: Share>(
    data: D,
    what: &str,
    f: impl for<'i, 'r> Fn(&mut Ctx<'i>, &mut D::View<'r>) + Sync,
) {
    let said = message(|| {
        region(team(2), data, |_, views| {
            let views = SendWrapper::new(RefCell::new(views));
            region(team(1), (), |inner, ()| f(inner, &mut views.borrow_mut()));
        })
    });
    let wanted = "a view of one region is used in a construct of another region: in ";
    assert!(said.contains(wanted), "{what}: {said}");
}

/// `refused` for each source or construct in a list.
macro_rules! all_refused {
    ($data:expr, $cx:ident, $view:ident: $($use:expr;)*) => {
        $( refused($data, stringify!($use), |$cx, $view| { $use; }); )*
    };
}

const NEVER: &str = "the construct has been refused";

fn run<S: TeamSource>(cx: &mut Ctx<'_>, source: S) {
    cx.for_each(Static, source, (), |_, ()| panic!("{NEVER}"));
}

#[test]
fn parts_of_slices_are_refused_in_another_region() {
    watched(|| {
        let targets = Scatter::new(&[3u32, 1], 0, 6).unwrap();
        let owners = Owners::new(6, 3, |i| [i]).unwrap();
        all_refused! { &mut vec![1u64; 6], cx, v:
            run(cx, v.items_mut());
            run(cx, v.items_mut().enumerate());
            run(cx, (0..6, v.items_mut()));
            run(cx, v.chunks_mut(2));
            run(cx, v.strided_mut(1, 2));
            run(cx, v.scatter(&targets));
            run(cx, v.owned(&owners));
            run(cx, v.items());
            run(cx, v.chunks(2));
            run(cx, v.split_at_mut(3).1.items_mut());
            run(cx, v.slice_mut(2..).items_mut());
        }
    });
}

#[test]
fn every_construct_refuses_another_regions_views() {
    watched(|| {
        all_refused! { &mut vec![1u64; 6], cx, v:
            cx.for_each(Dynamic(1), 0..6, v.reading(), |_, _| panic!("{NEVER}"));
            cx.for_each(Static, 0..6, v.reading_of(2..4), |_, _| panic!("{NEVER}"));
            cx.reduce(Static, 0..6, v.reading(), ops::Add, 0, |_: &mut u64, _, _| panic!("{NEVER}"));
            cx.reduce(Static, v.items_mut(), (), ops::Add, 0, |_: &mut u64, _, _| panic!("{NEVER}"));
            cx.for_each_ordered(Static, 0..6, (), v.whole_mut(), |_, (), _| panic!("{NEVER}"));
            cx.for_each_ordered(Static, v.items_mut(), (), (), |_, (), _| panic!("{NEVER}"));
            cx.single(v.whole_mut(), (), |_, ()| panic!("{NEVER}"));
            cx.single((), v.reading(), |(), _| panic!("{NEVER}"));
            cx.masked(v.whole_mut(), (), |_, ()| panic!("{NEVER}"));
            cx.masked((), (v.reading(), v.reading()), |(), _| panic!("{NEVER}"));
            cx.masked_by(0, (), v.reading(), |(), _| panic!("{NEVER}"));
            cx.each(v.reading(), |_| panic!("{NEVER}"));
            cx.sections().section(v.whole_mut(), (), |_, ()| panic!("{NEVER}")).run();
            cx.sections().section((), (), |(), ()| ()).section((), v.reading(), |(), _| ()).run();
            cx.nowait(|s| s.for_each(Static, v.items_mut(), (), |_, ()| panic!("{NEVER}")));
            cx.nowait(|s| s.for_each(Static, 0..6, v.reading(), |_, _| panic!("{NEVER}")));
            cx.nowait(|s| s.single(v.whole_mut(), (), |_, ()| panic!("{NEVER}")));
            cx.nowait(|s| s.each(v.reading(), |_| panic!("{NEVER}")));
        cx.nowait(|s| s.sections().section(v.whole_mut(), (), |_, ()| panic!("{NEVER}")).run());
        }
        all_refused! { shared(&mut String::new()), cx, v:
            cx.single(v.whole_mut(), (), |_, ()| panic!("{NEVER}"));
            cx.each(v.reading(), |_| panic!("{NEVER}"));
        }
    });
}

#[test]
fn parts_of_grids_are_refused_in_another_region() {
    watched(|| {
        let owners = Owners::new(6, 3, |i| [i]).unwrap();
        all_refused! { &mut Grid2::filled(6, 6, 1u64), cx, g:
            run(cx, g.rows_mut());
            run(cx, g.cols_mut());
            run(cx, g.cells_mut());
            run(cx, g.tiles_mut(2, 3));
            run(cx, g.red_black(1));
            run(cx, g.red_black_cells(0));
            run(cx, g.sweep_rows(0, 2));
            run(cx, g.antidiagonal(4));
            run(cx, g.tile_antidiagonal((2, 2), 1));
            run(cx, g.owned(&owners));
            run(cx, g.rows());
            run(cx, g.cols());
            run(cx, g.cells());
            run(cx, g.flat_mut().items_mut());
            run(cx, g.split_rows_mut(2).1.rows_mut());
            run(cx, g.split_row_mut(2).0.items_mut());
            cx.each(g.split_row_mut(2).1, |_| panic!("{NEVER}"));
            cx.each(g.reading(), |_| panic!("{NEVER}"));
            cx.single(g.whole_mut(), (), |_, ()| panic!("{NEVER}"));
            cx.wavefront(Static, g, (2, 2), (), |_, _, _, ()| panic!("{NEVER}"));
        }
        all_refused! { &mut Grid3::filled([2, 3, 4], 1u64), cx, g:
            run(cx, g.rows_mut());
            run(cx, g.cells_mut());
            run(cx, g.tiles_mut([1, 2, 2]));
            run(cx, g.planes_mut());
            run(cx, g.lines_mut(1));
            run(cx, g.owned(&owners));
            run(cx, g.rows());
            run(cx, g.cells());
            run(cx, g.split_planes_mut(1).1.planes_mut());
            run(cx, g.flat_mut().items_mut());
            cx.each(g.reading(), |_| panic!("{NEVER}"));
            cx.single(g.whole_mut(), (), |_, ()| panic!("{NEVER}"));
        }
    });
}

#[omp]
fn written(cx: &mut Ctx, a: &mut View<u64>) {
    #[for_each(disjoint(a))]
    for i in 0..6usize {
        a[i] += 1;
    }
}
#[omp]
fn cells(cx: &mut Ctx, g: &mut GridView<u64>) {
    #[for_each(collapse(2), disjoint(g))]
    for i in 0..6usize {
        for j in 0..6usize {
            g[i][j] += 1;
        }
    }
}
#[omp]
fn planes(cx: &mut Ctx, g: &mut Grid3View<u64>) {
    #[for_each(disjoint(g))]
    for i in 0..2usize {
        g[[i, 0]][0] += 1;
    }
}
#[omp]
fn read(cx: &mut Ctx, a: &View<u64>) -> u64 {
    let mut sum = 0;
    #[for_each(reads(a), reduction(+: sum))]
    for i in 0..6usize {
        sum += a[i];
    }
    sum
}

#[test]
fn annotated_loops_refuse_another_regions_views() {
    watched(|| {
        all_refused! { &mut vec![1u64; 6], cx, v: written(cx, v); read(cx, v); }
        all_refused! { &mut Grid2::filled(6, 6, 1u64), cx, g: cells(cx, g); }
        all_refused! { &mut Grid3::filled([2, 3, 4], 1u64), cx, g: planes(cx, g); }
    });
}

#[test]
fn an_outer_construct_refuses_an_inner_regions_views() {
    watched(|| {
        let said = message(|| {
            region(team(2), (), |cx, ()| {
                let outer = SendWrapper::new(RefCell::new(cx));
                region(team(1), &mut [0; 5], |_, mut v| {
                    run(&mut outer.borrow_mut(), v.items_mut())
                });
            })
        });
        assert!(said.contains("a construct of another region"), "{said}");
    });
}

#[test]
fn views_are_used_again_after_inner_regions() {
    watched(|| {
        for n in TEAMS {
            let (mut a, mut b) = (vec![1u64; 40], Grid2::filled(8, 5, 1u64));
            let inner = AtomicUsize::new(0);
            region(team(n), (&mut a, &mut b), |cx, (mut a, mut b)| {
                for _ in 0..3 {
                    cx.for_each(
                        Dynamic(3),
                        (a.items_mut(), b.cells_mut()),
                        (),
                        |(a, (_, b)), ()| {
                            *a += *b;
                            *b += 1;
                        },
                    );
                    // Each thread's own region, with arrays of its own.
                    let (mut mine, mut sum) = (vec![2usize; 9], 0);
                    region(
                        team(3),
                        (&mut mine, shared(&mut sum)),
                        |cx, (mut mine, mut sum)| {
                            cx.for_each(Static, mine.items_mut(), (), |x, ()| *x += 1);
                            cx.single(sum.whole_mut(), mine.reading(), |sum, mine| {
                                *sum = mine.iter().sum();
                            });
                        },
                    );
                    inner.fetch_add(sum, Ordering::Relaxed);
                    // A construct of the outer region from inside an inner one, by its own views.
                    let own = SendWrapper::new(RefCell::new((&mut *cx, &mut a)));
                    region(team(1), (), |_, ()| {
                        let (cx, a) = &mut *own.borrow_mut();
                        cx.for_each(Static, a.items_mut(), (), |x, ()| *x += 1);
                    });
                }
            });
            assert_eq!(a, vec![1 + (1 + 2 + 3) + 3; 40], "{n} threads");
            assert_eq!(b[7], [4; 5]);
            assert_eq!(inner.into_inner(), n * 3 * 27);
        }
    });
}

/// Nothing in memory, so that several may lie at one address; whoever has one exclusively may rely on it.
#[derive(Debug)]
struct Token;

/// A region of several threads that give a construct different tokens ends.
fn differs<D: Share>(
    mut data: impl FnMut() -> D,
    run: impl for<'r> Fn(&mut Ctx<'r>, D::View<'r>) + Sync,
) {
    for n in [2, 3, 8] {
        let said = message(|| region(team(n), data(), |cx, views| run(cx, views)));
        assert!(said.contains("differ from thread to thread"), "{said}");
    }
}

#[test]
fn tokens_without_size_are_told_apart() {
    watched(|| {
        let mut tokens = (Token, Token);
        for at in 0..4 {
            let (one, two) = (&mut tokens.0, &mut tokens.1);
            let said = message(|| {
                region(team(2), (shared(one), shared(two)), |cx, (mut a, mut b)| {
                    if cx.thread_num() == 0 {
                        std::mem::swap(&mut a, &mut b);
                    }
                    match at {
                        0 => cx.single(a.whole_mut(), (), |_, ()| ()),
                        1 => cx.masked((a.whole_mut(), b.whole_mut()), (), |_, ()| ()),
                        2 => cx.single(a.whole_mut(), b.reading(), |_, _| ()),
                        _ => cx
                            .sections()
                            .section(a.whole_mut(), (), |_, ()| ())
                            .section(b.whole_mut(), (), |_, ()| ())
                            .run(),
                    }
                })
            });
            assert!(said.contains("differ from thread to thread"), "{said}");
        }
    });
}

#[test]
fn parts_of_arrays_without_size_are_told_apart() {
    watched(|| {
        let array = || Box::leak(Box::new([const { Token }; 8]));
        differs(array, |cx, mut v| {
            let (mut a, mut b) = v.split_at_mut(4);
            let mine = if cx.thread_num() == 0 { &mut a } else { &mut b };
            cx.for_each(Static, mine.items_mut(), (), |_, ()| ());
        });
        differs(array, |cx, mut v| {
            let start = cx.thread_num() % 2;
            cx.for_each(Static, v.strided_mut(start, 2), (), |_, ()| ());
        });
        differs(array, |cx, mut v| {
            let start = cx.thread_num() % 2;
            cx.single(v.slice_mut(start..start + 2).whole_mut(), (), |_, ()| ());
        });
        differs(array, |cx, v| {
            let start = cx.thread_num() % 2;
            cx.each(v.reading_of(start..start + 2), |_| ());
        });
        differs(array, |cx, mut v| {
            // A part of a part.
            let start = cx.thread_num() % 2;
            let mut rest = v.slice_mut(2..);
            cx.single(rest.slice_mut(start..start + 2).whole_mut(), (), |_, ()| ());
        });
        let grid = || Box::leak(Box::new(Grid2::from_fn(Static, 4, 2, |_, _| Token)));
        differs(grid, |cx, mut g| {
            let (mut a, mut b) = g.split_rows_mut(2);
            let mine = if cx.thread_num() == 0 { &mut a } else { &mut b };
            cx.for_each(Static, mine.rows_mut(), (), |_, ()| ());
        });
        differs(grid, |cx, mut g| {
            let i = cx.thread_num() % 2;
            cx.single(g.split_row_mut(i).0.whole_mut(), (), |_, ()| ());
        });
        let block = || Box::leak(Box::new(Grid3::from_fn(Static, [2, 2, 2], |_, _, _| Token)));
        differs(block, |cx, mut g| {
            let (mut a, mut b) = g.split_planes_mut(1);
            let mine = if cx.thread_num() == 0 { &mut a } else { &mut b };
            cx.for_each(Static, mine.planes_mut(), (), |_, ()| ());
        });
    });
}

#[test]
fn tokens_that_all_threads_name_alike_are_shared_out() {
    watched(|| {
        for n in TEAMS {
            let (mut one, mut many) = (Token, [const { Token }; 8]);
            let had = AtomicUsize::new(0);
            let count = || _ = had.fetch_add(1, Ordering::Relaxed);
            region(
                team(n),
                (shared(&mut one), &mut many),
                |cx, (mut one, mut many)| {
                    cx.single(one.whole_mut(), many.reading(), |_, _| count());
                    cx.for_each(Dynamic(1), many.items_mut(), one.reading(), |_, _| count());
                    let (mut a, mut b) = many.split_at_mut(3);
                    cx.for_each(Static, a.items_mut(), b.reading(), |_, _| count());
                    cx.for_each(Static, b.strided_mut(1, 2), (), |_, ()| count());
                },
            );
            assert_eq!(had.into_inner(), 1 + 8 + 3 + 2, "{n} threads");
        }
    });
}

#[test]
fn a_nest_of_ranges_is_no_tuple_of_them_and_types_of_numbers_differ() {
    fn each<S: TeamSource>(cx: &mut Ctx<'_>, source: S) {
        cx.for_each(Static, source, (), |_, ()| ());
    }
    watched(|| {
        differs(
            || (),
            |cx, ()| match cx.thread_num() {
                0 => each(cx, phalanx::__private::collapse(range(1), range(1))),
                _ => each(cx, (0..1usize, 0..1usize)),
            },
        );
        differs(
            || (),
            |cx, ()| match cx.thread_num() {
                0 => each(cx, 0..5i32),
                _ => each(cx, 0..5u32),
            },
        );
        differs(
            || (),
            |cx, ()| match cx.thread_num() {
                0 => each(cx, 0..5u128),
                _ => each(cx, 0..5u64),
            },
        );
    });
}

/// The numbers below `n`, as a part of a nest.
fn range(n: usize) -> phalanx::__private::IndexRange<usize> {
    phalanx::__private::IntoSource::into_source(0..n)
}

#[test]
fn threads_with_different_filters_do_not_meet() {
    watched(|| {
        let token = || shared(Box::leak(Box::new(Token)));
        differs(token, |cx, mut t| {
            let by = cx.thread_num();
            cx.masked_by(by, t.whole_mut(), (), |_, ()| ())
        });
        differs(
            || (),
            |cx, ()| {
                let by = cx.thread_num();
                cx.masked_by(by, (), (), |(), ()| ())
            },
        );
    });
}

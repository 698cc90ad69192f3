//! Owner tables: arrays handed out by lists, against sequential twins; and what they refuse.

use crate::support::{TEAMS, schedules, watched};
use phalanx::OwnersError::{Duplicate, OutOfRange, TooMany};
use phalanx::prelude::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

fn panic_of(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("it panics");
    *payload.downcast::<String>().expect("a text")
}

/// Tiles of a time-skewed sweep over one array: iteration `i` advances elements `10 i + 1 .. 10 i + 9` by as
/// many steps as their neighbours allow; between the tiles lie elements that nobody writes.
#[test]
fn elements_of_a_slice() {
    fn tile<A: std::ops::IndexMut<usize, Output = f64> + ?Sized>(a: &mut A, i: usize) {
        for step in 0..3 {
            for k in 10 * i + 1 + step..10 * i + 9 - step {
                a[k] = 0.5 * a[k] + 0.25 * (a[k - 1] + a[k + 1]);
            }
        }
    }
    watched(|| {
        let start: Vec<f64> = (0..201).map(|k| (k * k % 17) as f64).collect();
        let mut twin = start.clone();
        (0..20).for_each(|i| tile(&mut twin[..], i));
        (0..20).for_each(|i| tile(&mut twin[..], i));
        for n in TEAMS {
            let on = Dynamic(3).num_threads(n);
            let owners = Owners::with_options(on, 201, 20, |i| 10 * i + 1..10 * i + 9).unwrap();
            for schedule in schedules() {
                let mut a = start.clone();
                parallel_for(schedule.num_threads(n), a.owned(&owners), |mut a| {
                    let i = a.iteration();
                    tile(&mut a, i);
                });
                region(Options::new().num_threads(n), &mut a, |cx, mut a| {
                    cx.for_each(schedule, (0..20, a.owned(&owners)), (), |(i, mut a), ()| {
                        tile(&mut a, i);
                    });
                });
                assert_eq!(a, twin, "{n} threads, {schedule}");
            }
        }
    });
}

#[test]
fn rows_of_a_grid_beside_others() {
    watched(|| {
        let start = Grid2::from_fn(Static, 31, 6, |i, j| (i * 7 + j) as u64);
        // Iteration i writes row 3i + 1 from both neighbours, which nobody writes, and then row 3i + 2 from that.
        let owners = Owners::new(31, 10, |i| [3 * i + 1, 3 * i + 2]).unwrap();
        let mut twin = start.clone();
        for i in 0..10 {
            for j in 0..6 {
                twin[3 * i + 1][j] = twin[3 * i][j] + twin[3 * i + 3][j] * twin[3 * i + 2][j];
            }
            twin[3 * i + 2][0] = twin[3 * i + 1][5];
        }
        for n in TEAMS {
            for schedule in schedules() {
                let mut a = start.clone();
                let body = |mut a: phalanx::MyRows<'_, u64>| {
                    let r = 3 * a.iteration() + 1;
                    let (own, [above, below, next]) = a.write_beside(r, [r - 1, r + 2, r + 1]);
                    for j in 0..6 {
                        own[j] = above[j] + below[j] * next[j];
                    }
                    a[r + 1][0] = a[r][5];
                    assert!(a.owns(r) && !a.owns(r - 1) && !a.owns(31));
                };
                parallel_for(schedule.num_threads(n), a.owned(&owners), body);
                assert_eq!(a, twin, "{n} threads, {schedule}");
                let mut a = start.clone();
                region(Options::new().num_threads(n), &mut a, |cx, mut a| {
                    cx.for_each(schedule, a.owned(&owners), (), |a, ()| body(a));
                });
                assert_eq!(a, twin, "{n} threads, {schedule}, in a region");
            }
        }
    });
}

/// Planes of three rows: iteration `i` writes the middle one of planes `2 i` from the plane behind it.
#[test]
fn rows_of_planes() {
    watched(|| {
        let start = Grid3::from_fn(Static, [9, 3, 4], |i, j, k| (100 * i + 10 * j + k) as u64);
        let owners = Owners::new(27, 4, |i| [6 * i + 1]).unwrap();
        for n in TEAMS {
            let mut a = start.clone();
            let body = |mut a: phalanx::MyRows<'_, u64>| {
                let r = 6 * a.iteration() + 1;
                for k in 0..4 {
                    a[r][k] += a[r + 3][k];
                }
            };
            parallel_for(Dynamic(1).num_threads(n), a.owned(&owners), body);
            region(Options::new().num_threads(n), &mut a, |cx, mut a| {
                cx.for_each(Static, a.owned(&owners), (), |a, ()| body(a));
            });
            for (i, j, k) in (0..9).flat_map(|i| (0..12).map(move |c| (i, c / 4, c % 4))) {
                let twice = match (i % 2, j) {
                    (0, 1) if i < 8 => 2 * start[[i + 1, j]][k],
                    _ => 0,
                };
                assert_eq!(a[[i, j]][k], start[[i, j]][k] + twice, "{n} threads");
            }
        }
    });
}

#[test]
fn what_a_table_says_of_itself() {
    let owners = Owners::new(5, 3, |i| (i > 0).then_some(2 * i)).unwrap();
    assert_eq!((owners.len(), owners.iterations()), (5, 3));
    assert_eq!(
        (0..6).map(|e| owners.owner(e)).collect::<Vec<_>>(),
        [None, None, Some(1), None, Some(2), None]
    );
    // An iteration may list one element more than once; an array may be empty, and a grid have no columns.
    let owners = Owners::new(2, 2, |i| [i, i, i]).unwrap();
    let mut g = Grid2::filled(2, 0, 0);
    parallel_for(Static, g.owned(&owners), |mut g| {
        let i = g.iteration();
        assert!(g[i].is_empty() && g.write_beside(i, []).0.is_empty());
    });
    let none = Owners::new(0, 0, |_| []).unwrap();
    parallel_for(Static, [0; 0].owned(&none), |_| {
        unreachable!("no iteration")
    });
}

#[test]
fn what_is_refused_and_in_which_words() {
    for n in TEAMS {
        let on = Dynamic(1).num_threads(n);
        let twice = Owners::with_options(on, 60, 20, |i| [i, 59 - i / 5, 7])
            .err()
            .unwrap();
        assert_eq!(
            twice,
            Duplicate {
                element: 7,
                first: 0,
                second: 1
            }
        );
        assert_eq!(
            twice.to_string(),
            "iterations 0 and 1 would both own element (or row) 7"
        );
        let outside = Owners::with_options(on, 60, 20, |i| [30, 5 * i, 3 * i + 50])
            .err()
            .unwrap();
        assert_eq!(
            outside,
            OutOfRange {
                iteration: 4,
                element: 62,
                len: 60
            }
        );
        assert_eq!(
            outside.to_string(),
            "iteration 4 would own element (or row) 62 of 60"
        );
    }
    let iterations = u32::MAX as usize + 1;
    let many = Owners::new(1, iterations, |_| []).err().unwrap();
    assert_eq!(many, TooMany { iterations });
    assert!(many.to_string().contains("at most 4294967295 iterations"));
}

/// A closure that answers differently each time: what it said first is in the table.
#[test]
fn the_table_alone_decides() {
    let asked = AtomicUsize::new(0);
    let owners = Owners::with_options(Static.num_threads(3), 100, 10, |i| {
        asked.fetch_add(1, Ordering::Relaxed);
        [i * 10 + asked.load(Ordering::Relaxed) % 10]
    })
    .unwrap();
    assert_eq!(asked.into_inner(), 10, "once an iteration");
    let mut a = vec![0; 100];
    parallel_for(Static, a.owned(&owners), |mut a| {
        let i = a.iteration();
        let own = (0..100).filter(|&e| a.owns(e)).collect::<Vec<_>>();
        assert_eq!(own.len(), 1);
        a[own[0]] = 1 + i;
    });
    assert!((0..100).all(|e| a[e] == owners.owner(e).map_or(0, |i| i + 1)));
}

#[test]
fn an_index_that_is_not_its_own_panics_and_says_whose_it_is() {
    let owners = Owners::new(6, 3, |i| [i]).unwrap();
    let mut a = vec![0; 6];
    let read = panic_of(|| {
        parallel_for(Static, a.owned(&owners), |a| {
            if a.iteration() == 1 {
                assert_eq!(a[2], 0);
            }
        });
    });
    assert_eq!(
        read,
        "iteration 1 would read element (or row) 2, which iteration 2 owns"
    );
    let write = panic_of(|| {
        parallel_for(Static, a.owned(&owners), |mut a| {
            if a.iteration() == 2 {
                a[0] = 1;
            }
        });
    });
    assert_eq!(
        write,
        "iteration 2 would write element (or row) 0, which iteration 0 owns"
    );
    let nobodys = panic_of(|| {
        parallel_for(Static, a.owned(&owners), |mut a| {
            let i = a.iteration();
            a[i] = a[5];
            if i == 0 {
                a[5] = 1;
            }
        });
    });
    assert_eq!(
        nobodys,
        "iteration 0 would write element (or row) 5, which no iteration owns: it may only be read"
    );
    let outside = panic_of(|| {
        parallel_for(Static, a.owned(&owners), |a| {
            assert_eq!(a[6 + a.iteration() / 2], 0);
        });
    });
    assert!(outside.starts_with("element (or row) "), "{outside}");
    assert!(
        outside.ends_with(" of an array of 6, handed out by an owner table"),
        "{outside}"
    );
    let mut g = Grid2::filled(6, 2, 0);
    for (others, said) in [
        ([4, 0], "row 0 would be read while it is written"),
        (
            [4, 1],
            "iteration 0 would read element (or row) 1, which iteration 1 owns",
        ),
    ] {
        let beside = panic_of(|| {
            parallel_for(Static.num_threads(1), g.owned(&owners), |mut g| {
                g.write_beside(0, others).0[0] = 1;
            });
        });
        assert_eq!(beside, said);
    }
    assert_eq!((a, g), (vec![0; 6], Grid2::filled(6, 2, 0)));
}

#[test]
fn a_table_for_another_length_is_refused() {
    watched(|| {
        let owners = Owners::new(6, 3, |i| [i]).unwrap();
        for len in [5, 7] {
            let said = format!("an owner table of 6, used on an array of {len}: nothing ran");
            let mut a = vec![0; len];
            assert_eq!(
                panic_of(|| parallel_for(Static, a.owned(&owners), |_| ())),
                said
            );
            let in_region = panic_of(|| {
                region(Options::new().num_threads(2), &mut a, |cx, mut a| {
                    cx.for_each(Static, a.owned(&owners), (), |_, ()| ());
                });
            });
            assert_eq!(in_region, said);
            let mut g = Grid2::filled(len, 6, 0);
            assert_eq!(
                panic_of(|| parallel_for(Static, g.owned(&owners), |_| ())),
                said
            );
        }
    });
}

#[test]
fn threads_with_different_tables_are_refused() {
    watched(|| {
        for n in [2, 3, 8] {
            let mut a = vec![0; 8];
            let text = panic_of(|| {
                region(Options::new().num_threads(n), &mut a, |cx, mut a| {
                    let odd = cx.thread_num() % 2;
                    let mine = Owners::new(8, 2, |i| [i + odd]).unwrap();
                    cx.for_each(Static, a.owned(&mine), (), |mut a, ()| {
                        let own = (0..8).find(|&e| a.owns(e)).unwrap();
                        a[own] += 1;
                    });
                });
            });
            assert!(text.contains("not with the same"), "{text}");
        }
    });
}

#[test]
fn the_first_panic_of_the_closure_comes_back() {
    let said = panic_of(|| {
        let _ = Owners::with_options(Static.num_threads(3), 9, 9, |i| {
            assert!(i != 4, "no list for iteration {i}");
            [i]
        });
    });
    assert_eq!(said, "no list for iteration 4");
}

proptest! {
    #[test]
    fn agrees_with_a_slow_table(
        lists in prop::collection::vec(prop::collection::vec(0usize..40, 0..3), 0..12),
        len in prop::sample::select(vec![10usize, 39, 60]),
    ) {
        let outside = lists.iter().enumerate().find_map(|(iteration, list)| {
            let element = list.iter().copied().filter(|&e| e >= len).min()?;
            Some(OutOfRange { iteration, element, len })
        });
        let mut claims = BTreeMap::<usize, Vec<usize>>::new();
        for (i, list) in lists.iter().enumerate() {
            for &e in list {
                let claims = claims.entry(e).or_default();
                if claims.last() != Some(&i) {
                    claims.push(i);
                }
            }
        }
        let twice = claims.iter().find_map(|(&element, c)| match c[..] {
            [first, second, ..] => Some(Duplicate { element, first, second }),
            _ => None,
        });
        for n in TEAMS {
            let on = Dynamic(1).num_threads(n);
            let table = Owners::with_options(on, len, lists.len(), |i| lists[i].iter().copied());
            match (table, outside.or(twice)) {
                (Ok(table), None) => {
                    for e in 0..len {
                        let owner = claims.get(&e).map(|c| c[0]);
                        prop_assert_eq!(table.owner(e), owner);
                    }
                }
                (table, wanted) => prop_assert_eq!(table.err(), wanted),
            }
        }
    }
}

//! Scatter: arrays handed out by an index array, against sequential twins; and what its check refuses.

use crate::support::{TEAMS, schedules, watched};
use phalanx::ScatterError::{self, Duplicate, OffsetTwice, OutOfRange};
use phalanx::prelude::*;
use proptest::prelude::*;
use std::collections::HashMap;

/// `0..n` in an order that repeats nothing and does not grow. `step` and `n` have no common divisor.
fn shuffled(n: usize, step: usize) -> Vec<u32> {
    (0..n).map(|i| (i * step % n) as u32).collect()
}

fn panic_of(f: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let payload = std::panic::catch_unwind(f).expect_err("it panics");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => other.downcast::<&str>().expect("a text").to_string(),
    }
}

#[test]
fn one_target_an_iteration() {
    watched(|| {
        for n in TEAMS {
            for schedule in schedules() {
                for len in [1, 2, 7, 1000] {
                    let index = shuffled(len, 3);
                    let s = Scatter::with_options(Static.num_threads(n), &index, 0, len).unwrap();
                    let x: Vec<u64> = (0..len as u64).collect();
                    let (mut y, mut twin) = (vec![5; len], vec![5; len]);
                    for _ in 0..2 {
                        let options = schedule.num_threads(n);
                        parallel_for(options, (y.scatter(&s), &x), |(y, x)| *y = 3 * *y + x);
                        for i in 0..len {
                            let y: &mut u64 = &mut twin[index[i] as usize];
                            *y = 3 * *y + x[i];
                        }
                    }
                    assert_eq!(y, twin, "{n} threads, {schedule}, {len}");
                }
            }
        }
    });
}

#[test]
fn several_targets_in_a_region() {
    watched(|| {
        for n in TEAMS {
            for schedule in schedules() {
                let index: Vec<i32> = (0..50).map(|i| i * 7 % 50 * 3 + 2).collect();
                let s = Scatter::new(&index, [-2isize, 0, -1], 150).unwrap();
                let (mut y, mut twin) = (vec![1u64; 153], vec![1u64; 153]);
                region(Options::new().num_threads(n), &mut y, |cx, mut y| {
                    for step in 0..3 {
                        let source = (0..50u64, y.scatter(&s));
                        cx.for_each(schedule, source, (), |(i, [a, b, c]), ()| {
                            *a += i;
                            *b *= 2 + step;
                            *c = *a + *b;
                        });
                    }
                });
                for step in 0..3 {
                    for (i, &at) in index.iter().enumerate() {
                        let at = at as usize;
                        twin[at - 2] += i as u64;
                        twin[at] *= 2 + step;
                        twin[at - 1] = twin[at - 2] + twin[at];
                    }
                }
                assert_eq!(y, twin, "{n} threads, {schedule}");
            }
        }
    });
}

#[test]
fn arrays_of_every_kind_and_what_they_are_zipped_with() {
    let s = Scatter::from_vec(vec![2u8, 0, 3], 0, 4).unwrap();
    let mut numa = NumaVec::filled(Static, 4, 0);
    parallel_for(Static, enumerate(numa.scatter(&s)), |(i, y)| *y = i + 1);
    assert_eq!(numa[..], [2, 0, 1, 3]);
    let mut text = [const { String::new() }; 5];
    parallel_for(Dynamic(1), (text.scatter(&s), 0..3), |(y, i)| {
        *y = format!("{i}");
    });
    assert_eq!(text, ["1", "", "0", "2", ""]);
    let mut grid = Grid2::filled(2, 3, 0);
    region(Static, &mut grid, |cx, mut grid| {
        let mut flat = grid.flat_mut();
        let source = flat.scatter(&s).enumerate();
        cx.for_each(Static, source, (), |(i, y), ()| *y = 10 + i);
    });
    assert_eq!(grid.as_slice(), [11, 0, 10, 12, 0, 0]);
    assert_eq!(
        (s.iterations(), s.target_len(), s.indices()),
        (3, 4, &[2, 0, 3][..])
    );
    // A table of a table's own, and no iterations at all.
    let copy = s.clone();
    drop(s);
    parallel_for(Static, numa.scatter(&copy), |y| *y = 9);
    assert_eq!(numa[..], [9, 0, 9, 9]);
    let none: [usize; 0] = [];
    let s = Scatter::new(&none, [0, 1], 0).unwrap();
    parallel_for(Static, numa.scatter(&s), |[_, _]| {
        unreachable!("no iteration")
    });
    let s = Scatter::new(&[7, 7], [0usize; 0], 8).unwrap();
    parallel_for(Static, [0; 8].scatter(&s), |[]| ());
}

#[test]
fn what_is_refused_and_in_which_words() {
    let duplicate = Scatter::new(&[3, 7, 15, 19], [0, 12], 100).err().unwrap();
    let found = Duplicate {
        first: 0,
        second: 2,
        target: 15,
    };
    assert_eq!(duplicate, found);
    assert_eq!(
        duplicate.to_string(),
        "positions 0 and 2 of the index array both reach element 15: two iterations would write it"
    );
    let outside = Scatter::new(&[3usize, 90, 7], [0, 12], 100).err().unwrap();
    let found = OutOfRange {
        position: 1,
        index: 90,
        offset: 12,
        len: 100,
    };
    assert_eq!(outside, found);
    assert_eq!(
        outside.to_string(),
        "position 1 of the index array holds 90, and 90 + 12 is no element of an array of 100"
    );
    let twice = Scatter::new(&[3usize], [0, 12, 0], 100).err().unwrap();
    assert_eq!(twice, OffsetTwice { offset: 0 });
    assert_eq!(
        twice.to_string(),
        "the offset 0 is there twice: an iteration would own the same element by two names"
    );
    assert_eq!(
        Scatter::new(&[5, -1], 0, 10).err(),
        Some(OutOfRange {
            position: 1,
            index: -1,
            offset: 0,
            len: 10
        })
    );
}

#[test]
fn sums_that_do_not_fit_an_index_are_outside() {
    fn position<I: phalanx::TargetIndex>(
        index: &[I],
        offset: impl phalanx::IntoOffsets<Kept = isize>,
        len: usize,
    ) -> Option<usize> {
        match Scatter::new(index, offset, len) {
            Err(OutOfRange { position, .. }) => Some(position),
            Err(other) => panic!("{other}"),
            Ok(_) => None,
        }
    }
    // Modulo 2^64 all of these would lie inside.
    assert_eq!(position(&[0, usize::MAX], 1, 10), Some(1));
    assert_eq!(position(&[3, 0usize], usize::MAX, 10), Some(0));
    assert_eq!(position(&[i64::MIN], i64::MIN, 10), Some(0));
    assert_eq!(position(&[u64::MAX], u64::MAX, 10), Some(0));
    assert_eq!(position(&[0usize], -1, 10), Some(0));
    // And these do.
    assert_eq!(position(&[-3, -2], 3, 2), None);
    assert_eq!(
        position(&[u64::MAX, u64::MAX - 1], -i64::MAX, usize::MAX),
        None
    );
    let s = Scatter::new(&[-3i8, -2], 3, 2).unwrap();
    let mut y = [0; 2];
    parallel_for(Static, (y.scatter(&s), 1..3), |(y, i)| *y = i);
    assert_eq!(y, [1, 2]);
    // Elements that take no room may be very many.
    let s = Scatter::new(&[usize::MAX - 1, 5], 0, usize::MAX).unwrap();
    parallel_for(Static, [(); usize::MAX].scatter(&s), |()| ());
}

#[test]
#[should_panic(expected = "checked for arrays of 10 elements, used on one of 9: nothing ran")]
fn a_shorter_array_is_refused() {
    let s = Scatter::new(&[1, 2], 0, 10).unwrap();
    parallel_for(Static, [0; 9].scatter(&s), |y| *y = 1);
}

#[test]
fn a_shorter_view_is_refused() {
    watched(|| {
        let s = Scatter::new(&[1, 2], 0, 10).unwrap();
        let mut y = [0; 12];
        let text = panic_of(std::panic::AssertUnwindSafe(|| {
            region(Options::new().num_threads(3), &mut y, |cx, mut y| {
                let mut part = y.slice_mut(..9);
                cx.for_each(Static, part.scatter(&s), (), |y, ()| *y = 1);
            });
        }));
        assert!(
            text.contains("checked for arrays of 10 elements, used on one of 9"),
            "{text}"
        );
        assert_eq!(y, [0; 12]);
    });
}

/// Threads that use tables of their own would hand elements out twice.
#[test]
fn threads_with_different_tables_are_refused() {
    watched(|| {
        for n in [2, 3, 8] {
            let mut y = vec![0; 4];
            let text = panic_of(std::panic::AssertUnwindSafe(|| {
                region(Options::new().num_threads(n), &mut y, |cx, mut y| {
                    let mine = Scatter::from_vec(vec![cx.thread_num() % 2, 2], 0, 3).unwrap();
                    cx.for_each(Static, y.scatter(&mine), (), |y, ()| *y += 1);
                });
            }));
            assert!(text.contains("not with the same"), "{text}");
        }
    });
}

/// One memory, read as indices of two types or with other offsets, is two tables.
#[test]
fn threads_with_other_offsets_are_refused() {
    watched(|| {
        let index = [4u32, 0, 2];
        let tables = [0, 1].map(|o| Scatter::new(&index, o, 6).unwrap());
        let text = panic_of(|| {
            region(
                Options::new().num_threads(2),
                &mut vec![0; 6],
                |cx, mut y| {
                    let mine = &tables[cx.thread_num()];
                    cx.for_each(Static, y.scatter(mine), (), |y, ()| *y += 1);
                },
            );
        });
        assert!(text.contains("not with the same"), "{text}");
    });
}

/// What the check has to answer, found slowly: the first repetition, in an array without targets outside.
fn naive(index: &[i64], offsets: &[i64], len: usize) -> Result<(), ScatterError> {
    for (position, &index) in index.iter().enumerate() {
        for &offset in offsets {
            if !(0..len as i64).contains(&(index + offset)) {
                return Err(OutOfRange {
                    position,
                    index: index.into(),
                    offset: offset.into(),
                    len,
                });
            }
        }
    }
    let mut owner = HashMap::new();
    for (second, &index) in index.iter().enumerate() {
        let mut found = None;
        for &offset in offsets {
            let target = (index + offset) as usize;
            if let Some(&first) = owner.get(&target) {
                found = found.into_iter().chain([(first, target)]).min();
            }
        }
        if let Some((first, target)) = found {
            return Err(Duplicate {
                first,
                second,
                target,
            });
        }
        offsets.iter().for_each(|o| {
            owner.insert((index + o) as usize, second);
        });
    }
    Ok(())
}

fn agrees(index: &[i64], offsets: &[i64], len: usize) {
    let wanted = naive(index, offsets, len);
    let (narrow, wide): (Vec<i32>, Vec<u64>) = index.iter().map(|&i| (i as i32, i as u64)).unzip();
    for n in TEAMS {
        let on = Static.num_threads(n);
        let (a, b, c) = match *offsets {
            [o] => (
                Scatter::with_options(on, index, o, len).err(),
                Scatter::with_options(on, &narrow, o, len).err(),
                index
                    .iter()
                    .all(|&i| i >= 0)
                    .then(|| Scatter::with_options(on, &wide, o, len).err()),
            ),
            [o, p] => (
                Scatter::with_options(on, index, [o, p], len).err(),
                Scatter::with_options(on, &narrow, [o, p], len).err(),
                index
                    .iter()
                    .all(|&i| i >= 0)
                    .then(|| Scatter::with_options(on, &wide, [o, p], len).err()),
            ),
            _ => unreachable!("one or two offsets"),
        };
        assert_eq!(a, wanted.err(), "{n} threads");
        assert_eq!(b, wanted.err(), "{n} threads, i32");
        assert_eq!(c.unwrap_or(wanted.err()), wanted.err(), "{n} threads, u64");
    }
}

proptest! {
    #[test]
    fn small_arrays_agree_with_a_slow_check(
        index in prop::collection::vec(-2i64..40, 0..20),
        (first, gap, two) in (-3i64..4, 1i64..15, any::<bool>()),
        len in prop::sample::select(vec![20usize, 38, 50, 100_000]),
    ) {
        let offsets = if two { vec![first, first + gap] } else { vec![first] };
        agrees(&index, &offsets, len);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Long enough for every team: in order or not, dense or sparse, with up to two slips.
    #[test]
    fn large_arrays_agree_with_a_slow_check(
        (n, spread, step) in (8_000usize..30_000, prop::sample::select(vec![1i64, 2, 3, 40]), 0usize..3),
        slips in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), -1i64..2), 0..3),
        (one, two) in (0i64..3, prop::sample::select(vec![None, Some(1i64), Some(7), Some(39)])),
    ) {
        // A prime step and a length that is none of its multiples: a shuffle.
        let (step, n) = ([1, 7919, 104_729][step], n / 2 * 2 + 1);
        let mut index: Vec<i64> = (0..n).map(|i| (i * step % n) as i64 * spread).collect();
        for (to, from, by) in slips {
            index[to.index(n)] = index[from.index(n)] + by;
        }
        let offsets: Vec<i64> = [Some(one), two.map(|t| one + t)].into_iter().flatten().collect();
        agrees(&index, &offsets, n * spread as usize + 50);
    }
}

#[test]
fn many_threads_asked_for_do_not_make_many_passes() {
    watched(|| {
        let mut index: Vec<usize> = (0..20_000).map(|k| k * 7919 % 1_000_003).collect();
        index[19_999] = index[3];
        let many = Options::new().num_threads(100_000);
        let found = Scatter::with_options(many, &index, 0, 1_000_003);
        assert!(matches!(
            found,
            Err(ScatterError::Duplicate {
                first: 3,
                second: 19_999,
                ..
            })
        ));
    });
}

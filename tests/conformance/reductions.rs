//! Reductions: right values, fixed order of combination, arrays, operators of one's own.

use crate::support::{TEAMS, schedules};
use phalanx::prelude::*;

#[test]
fn sums_of_whole_numbers_under_every_schedule() {
    for n in TEAMS {
        for s in schedules() {
            let sum = parallel_reduce(s.num_threads(n), 1..=1000u64, ops::Add, 5, |t, i| *t += i);
            assert_eq!(sum, 500_505, "{s} on {n}");
        }
    }
}

#[test]
fn the_same_team_gives_the_same_bits() {
    let x: Vec<f64> = (0..100_003).map(|i| 1.0 / (1.0 + f64::from(i))).collect();
    for n in TEAMS {
        let sum = || parallel_reduce(Static.num_threads(n), &x, ops::Add, 0.0, |s, x| *s += x);
        let first = sum();
        for _ in 0..20 {
            assert_eq!(sum().to_bits(), first.to_bits(), "{n} threads");
        }
    }
}

#[test]
fn copies_combine_in_order_of_thread_number() {
    /// Joins strings: not commutative, so the order shows.
    struct Join;
    #[derive(Clone, PartialEq, Debug)]
    struct Text(String);
    impl Reduce<Join> for Text {
        type Shape = ();
        fn shape(&self) {}
        fn identity(_: &()) -> Self {
            Text(String::new())
        }
        fn combine(&mut self, other: Self) {
            self.0 += &other.0;
        }
    }
    for n in TEAMS {
        let t = parallel_reduce(
            Static.num_threads(n),
            0..26u8,
            Join,
            Text(">".into()),
            |t, i| {
                t.0.push(char::from(b'a' + i));
            },
        );
        assert_eq!(t.0, ">abcdefghijklmnopqrstuvwxyz", "{n}");
    }
}

#[test]
fn arrays_reduce_element_by_element() {
    let data: Vec<usize> = (0..10_000).map(|i| i * i % 7).collect();
    let mut want = [0u64; 7];
    data.iter().for_each(|&d| want[d] += 1);
    for s in schedules() {
        let hist = parallel_reduce(s.num_threads(4), &data, ops::Add, [0u64; 7], |h, &d| {
            h[d] += 1
        });
        assert_eq!(hist, want);
        let hist = parallel_reduce(s, &data, ops::Add, vec![0u64; 7], |h, &d| h[d] += 1);
        assert_eq!(hist, want);
    }
}

#[test]
fn operators() {
    let all = |f: fn(usize) -> bool| {
        parallel_reduce(Dynamic(7), 0..1000usize, ops::And, true, |a, i| {
            *a = *a && f(i)
        })
    };
    assert!(all(|i| i < 1000) && !all(|i| i != 999));
    let p = parallel_reduce(Static, 1..=20u64, ops::Mul, 1, |p, i| *p *= i);
    assert_eq!(p, (1..=20u64).product());
    let (lo, hi, x) = parallel_reduce(
        Guided(1),
        -50..=50i32,
        (ops::Min, ops::Max, ops::BitXor),
        (0, 0, 0),
        |a, i| {
            a.0 = i.min(a.0);
            a.1 = i.max(a.1);
            a.2 ^= i;
        },
    );
    assert_eq!((lo, hi, x), (-50, 50, (-50..=50).fold(0, |a, b| a ^ b)));
}

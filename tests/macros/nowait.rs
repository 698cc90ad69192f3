//! The clause `nowait`, and what follows it up to the next barrier.

use crate::watch::watched;
use phalanx::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const TEAMS: [usize; 5] = [1, 2, 3, 4, 8];

#[omp]
fn arrays(n: usize) -> (Vec<u64>, Vec<u64>, Vec<u64>, u64, u64) {
    let (mut a, mut b, mut c) = (vec![0u64; 40], vec![0u64; 50], vec![0u64; 60]);
    let (mut x, mut y) = (0u64, 0u64);
    #[parallel(num_threads(n), shared(a, b, c, x, y))]
    {
        let mut mine = 0;
        for step in 1..4u64 {
            #[for_each(nowait, schedule(dynamic, 3), disjoint(a))]
            for i in 0..40usize {
                a[i] += step;
                mine += 1;
            }
            let doubled = 2 * step;
            #[single(nowait, writes(x))]
            {
                *x += doubled;
            }
            #[for_each(disjoint(b))]
            for i in 0..50usize {
                b[i] += step;
            }
            // All have met.
            #[for_each(reads(a, b), disjoint(c))]
            for i in 0..60usize {
                c[i] += a[i % 40] + b[i % 50];
            }
        }
        #[for_each(disjoint(a), nowait)]
        for i in 0..40usize {
            a[i] += 100;
        }
        mine += 1;
        barrier!();
        #[sections(nowait)]
        {
            #[section(writes(y), reads(a))]
            {
                *y = a[39];
            }
            #[section(writes(x))]
            {
                *x += 1000;
            }
        }
        #[for_each(nowait)]
        for row in c.items_mut() {
            *row += 1;
        }
        assert!(mine > 0);
    }
    (a, b, c, x, y)
}

#[test]
fn with_arrays() {
    for n in TEAMS {
        let (a, b, c, x, y) = arrays(n);
        assert_eq!((a[0], a[39], b[49]), (106, 106, 6), "{n} threads");
        assert!(c.iter().all(|c| *c == 2 + 6 + 12 + 1));
        assert_eq!((x, y), (1012, 106));
    }
}

/// A thread that is through goes on, while another one is still in the loop.
#[omp]
fn run_ahead(n: usize) -> (usize, usize) {
    let (ahead, count) = (AtomicUsize::new(0), AtomicUsize::new(0));
    #[parallel(num_threads(n))]
    {
        #[for_each(nowait, schedule(static, 1))]
        for i in 0..num_threads() {
            if i == 0 {
                // All others come past the loop, or this never ends.
                while ahead.load(Ordering::Acquire) < num_threads() - 1 {
                    std::thread::sleep(Duration::from_micros(50));
                }
            }
        }
        if thread_num() > 0 {
            ahead.fetch_add(1, Ordering::Release);
        }
        #[single(nowait)]
        {
            count.fetch_add(1, Ordering::Relaxed);
        }
        #[for_each(nowait, schedule(dynamic, 1))]
        for _ in (0..20).rev() {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
    (ahead.into_inner(), count.into_inner())
}

#[test]
fn without_arrays() {
    watched(|| {
        for n in TEAMS {
            assert_eq!(run_ahead(n), (n - 1, 21), "{n} threads");
        }
    });
}

#[omp]
fn orphaned(cx: &mut Ctx, a: &mut View<u64>, b: &mut View<u64>) {
    #[for_each(nowait, disjoint(a))]
    for i in 0..a.len() {
        a[i] += 1;
    }
    #[for_each(disjoint(b), nowait)]
    for i in 0..b.len() {
        b[i] += 2;
    }
}

#[test]
fn in_a_function() {
    for n in TEAMS {
        let (mut a, mut b) = (vec![0u64; 30], vec![0u64; 20]);
        let team = Options::new().num_threads(n);
        region(team, (&mut a, &mut b), |cx, (mut a, mut b)| {
            for _ in 0..20 {
                orphaned(cx, &mut a, &mut b);
            }
        });
        assert_eq!((a[29], b[0]), (20, 40));
    }
}

#[omp]
fn with_results(n: usize, x: &[f64]) -> (f64, f64, usize, Vec<f64>) {
    let (mut sum, mut y) = (0.5, vec![0.0; x.len()]);
    let (top, mut last) = (0.0, 0);
    #[parallel(num_threads(n), shared(sum, y, last), firstprivate(top))]
    {
        for _ in 0..3 {
            #[for_each(nowait, disjoint(y), schedule(dynamic, 2))]
            for i in 0..x.len() {
                y[i] += x[i];
            }
            let twice = 2.0;
            #[for_each(reduction(+: sum), reduction(max: top), lastprivate(last))]
            for i in 0..x.len() {
                sum += twice * x[i];
                top = top.max(x[i]);
                last = i;
            }
        }
        assert_eq!(top, 9.0, "on every thread");
    }
    (sum, top + 1.0, last, y)
}

#[test]
fn results_at_the_end_of_a_scope() {
    let x: Vec<f64> = (0..10).map(f64::from).collect();
    for n in TEAMS {
        let (sum, top, last, y) = with_results(n, &x);
        assert_eq!(
            (sum, top, last, y[9]),
            (0.5 + 6.0 * 45.0, 1.0, 9, 27.0),
            "{n} threads"
        );
    }
}

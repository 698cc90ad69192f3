//! Combined loops: each iteration once, under every schedule, on every team size.

use crate::support::{TEAMS, schedules, watched};
use phalanx::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn each_iteration_runs_once() {
    watched(|| {
        for n in TEAMS {
            for s in schedules() {
                for len in [0, 1, 2, 7, 100, 1001] {
                    let counts: Vec<_> = (0..len).map(|_| AtomicUsize::new(0)).collect();
                    parallel_for(s.num_threads(n), 0..len, |i| {
                        counts[i].fetch_add(1, Ordering::Relaxed);
                    });
                    let all = counts.iter().all(|c| c.load(Ordering::Relaxed) == 1);
                    assert!(all, "{s} on {n} threads, {len} iterations");
                }
            }
        }
    });
}

#[test]
fn static_schedules_follow_openmp() {
    let len = 103;
    for n in TEAMS {
        let owner: Vec<_> = (0..len).map(|_| AtomicUsize::new(usize::MAX)).collect();
        let note = |i: usize| owner[i].store(phalanx::thread_num(), Ordering::Relaxed);
        parallel_for(Static.num_threads(n), 0..len, note);
        let got: Vec<_> = owner.iter().map(|o| o.load(Ordering::Relaxed)).collect();
        // The first `len mod n` threads get one more.
        let want: Vec<_> = (0..n)
            .flat_map(|t| vec![t; len / n + usize::from(t < len % n)])
            .collect();
        assert_eq!(got, want, "static on {n}");
        parallel_for(StaticChunk(5).num_threads(n), 0..len, note);
        let got: Vec<_> = owner.iter().map(|o| o.load(Ordering::Relaxed)).collect();
        let want: Vec<_> = (0..len).map(|i| i / 5 % n).collect();
        assert_eq!(got, want, "static,5 on {n}");
    }
}

#[test]
fn monotonic_chunks_ascend_on_each_thread() {
    for s in [MonotonicDynamic(3), Guided(2), StaticChunk(4)] {
        let seen: Vec<_> = (0..4).map(|_| Mutex::new(Vec::new())).collect();
        parallel_for(s.num_threads(4), 0..2000, |i| {
            seen[phalanx::thread_num()].lock().unwrap().push(i);
        });
        for v in seen {
            assert!(v.into_inner().unwrap().is_sorted(), "{s}");
        }
    }
}

#[test]
fn a_slow_thread_loses_its_part_to_the_others() {
    watched(|| {
        let by: Vec<_> = (0..64).map(|_| AtomicUsize::new(0)).collect();
        parallel_for(Dynamic(1).num_threads(2), 0..64, |i| {
            if i == 0 {
                std::thread::sleep(std::time::Duration::from_millis(200));
            }
            by[i].store(phalanx::thread_num(), Ordering::Relaxed);
        });
        let first = by[0].load(Ordering::Relaxed);
        let rest = by[1..]
            .iter()
            .filter(|b| b.load(Ordering::Relaxed) != first)
            .count();
        assert_eq!(rest, 63, "who slept in iteration 0 ran nothing else");
    });
}

#[test]
fn sources_of_every_kind() {
    let x: Vec<i32> = (0..50).collect();
    let mut y = [0i32; 50];
    parallel_for(Dynamic(3), (&x, &mut y), |(x, y)| *y = 2 * x);
    assert!(y.iter().zip(&x).all(|(y, x)| *y == 2 * x));
    let total = parallel_reduce(
        Static,
        (&x[..], y.iter(), 0..50i32),
        ops::Add,
        0,
        |t, (a, b, c)| {
            *t += a + b + c;
        },
    );
    assert_eq!(total, 4 * 49 * 25);
    let mut v = vec![0; 103];
    parallel_for(Guided(1), enumerate(chunks_mut(&mut v, 10)), |(k, c)| {
        c.fill(k + 1)
    });
    assert_eq!((v[0], v[99], v[102]), (1, 10, 11));
    let lens = parallel_map(Static, chunks(&v, 10), <[usize]>::len);
    assert_eq!(*lens, [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 3]);
    let mut g = Grid2::from_fn(Static, 5, 7, |i, j| i * j);
    parallel_for(Static, enumerate(g.rows_mut()), |(i, row)| row[0] = i);
    assert_eq!(
        parallel_reduce(Static, g.rows(), ops::Max, 0, |m, r| *m = r[0].max(*m)),
        4
    );
}

#[test]
fn the_ends_of_the_numbers() {
    let count = AtomicUsize::new(0);
    let add = |_| {
        count.fetch_add(1, Ordering::Relaxed);
    };
    parallel_for(Static, usize::MAX - 3..usize::MAX, add);
    parallel_for(Dynamic(usize::MAX), usize::MAX - 3..=usize::MAX, add);
    assert_eq!(count.into_inner(), 7);
    let ran = AtomicUsize::new(0);
    for s in schedules() {
        let r = phalanx::try_parallel_for(s.num_threads(3), 0..usize::MAX, |i| {
            ran.fetch_add(1, Ordering::Relaxed);
            if i == 0 { Ok(()) } else { Err(i) }
        });
        assert_eq!(r, Err(1), "{s}");
    }
}

#[test]
fn the_first_error_comes_back_and_the_rest_stops() {
    let ran = AtomicUsize::new(0);
    let r = phalanx::try_parallel_for(Dynamic(10).num_threads(4), 0..1_000_000, |i| {
        ran.fetch_add(1, Ordering::Relaxed);
        if i == 50 { Err("fifty") } else { Ok(()) }
    });
    assert_eq!(r, Err("fifty"));
    assert!(ran.into_inner() < 1_000_000);
}

#[test]
fn loops_nest() {
    watched(|| {
        for levels in ["serial", "nested"] {
            let total = AtomicUsize::new(0);
            parallel_for(Static.num_threads(3), 0..6, |_| {
                parallel_for(Dynamic(1).num_threads(3), 0..10, |_| {
                    assert_eq!(phalanx::level(), 2);
                    total.fetch_add(1, Ordering::Relaxed);
                });
                assert_eq!(phalanx::level(), 1);
            });
            assert_eq!(total.into_inner(), 60, "{levels}");
        }
        assert_eq!(phalanx::level(), 0);
    });
}

#[test]
fn several_threads_fork_at_once() {
    watched(|| {
        std::thread::scope(|s| {
            for k in 0..6usize {
                s.spawn(move || {
                    for round in 0..200 {
                        let n = 1 + (k + round) % 4;
                        let sum = parallel_reduce(
                            Static.num_threads(n),
                            0..1000usize,
                            ops::Add,
                            0,
                            |s, i| *s += i,
                        );
                        assert_eq!(sum, 499_500);
                    }
                });
            }
        });
    });
}

#[test]
fn if_and_num_threads() {
    let size = |o: Options| {
        let n = AtomicUsize::new(0);
        parallel_for(o, 0..1, |_| {
            n.store(phalanx::num_threads(), Ordering::Relaxed)
        });
        n.into_inner()
    };
    assert_eq!(size(Static.num_threads(5)), 5);
    assert_eq!(size(Static.num_threads(5).only_if(false)), 1);
    phalanx::set_num_threads(3);
    assert_eq!((size(Static.into()), phalanx::max_threads()), (3, 3));
    assert_eq!(phalanx::num_threads(), 1);
}

#[test]
fn joins_run_both() {
    let (a, b) = phalanx::join(|| phalanx::join(|| 1, || 2), || vec![3]);
    assert_eq!((a, b), ((1, 2), vec![3]));
}

#[test]
#[should_panic(expected = "different lengths [3, 4]")]
fn unequal_zips_are_refused() {
    parallel_for(Static, (&[1, 2, 3], &[1, 2, 3, 4]), |_| ());
}

#[test]
#[should_panic(expected = "schedule(dynamic,0): a chunk holds at least one iteration")]
fn a_chunk_of_0_is_refused() {
    parallel_for(Dynamic(0), 0..3, |_| ());
}

#[test]
#[should_panic(expected = "num_threads(0): a team has at least one thread")]
fn a_team_of_0_is_refused() {
    parallel_for(Static.num_threads(0), 0..3, |_| ());
}

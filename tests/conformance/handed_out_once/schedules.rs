//! Who runs which iterations.

use super::{property, schedules};
use phalanx::prelude::*;
use phalanx::thread_num;
use proptest::prelude::*;
use std::sync::Mutex;

/// Which thread ran each iteration, of a combined loop and of one in a region.
fn runners(schedule: Schedule, threads: usize, len: usize) -> [Vec<usize>; 2] {
    let ran = || (0..len).map(|_| Mutex::new(Vec::new())).collect::<Vec<_>>();
    let (loops, regions) = (ran(), ran());
    let note = |ran: &[Mutex<Vec<usize>>], i: usize| ran[i].lock().unwrap().push(thread_num());
    parallel_for(schedule.num_threads(threads), 0..len, |i| note(&loops, i));
    region(Options::new().num_threads(threads), (), |cx, ()| {
        cx.for_each(schedule, 0..len, (), |i, ()| note(&regions, i));
    });
    [loops, regions].map(|ran| {
        let one = |r: Mutex<Vec<usize>>| match r.into_inner().unwrap()[..] {
            [thread] => thread,
            ref other => panic!("an iteration ran on {other:?}"),
        };
        ran.into_iter().map(one).collect()
    })
}

#[test]
fn each_iteration_runs_once_under_every_schedule() {
    property(
        (schedules(), 1usize..9, 0usize..3000),
        |(schedule, threads, len)| {
            for ran in runners(schedule, threads, len) {
                assert!(ran.iter().all(|&t| t < threads));
            }
        },
    );
}

#[test]
fn static_blocks_follow_openmp() {
    property((1usize..9, 0usize..2000), |(threads, len)| {
        // The first `len mod threads` threads get one more.
        let block = |t: usize| vec![t; len / threads + usize::from(t < len % threads)];
        let want: Vec<usize> = (0..threads).flat_map(block).collect();
        for ran in runners(Static, threads, len) {
            assert_eq!(ran, want);
        }
    });
}

#[test]
fn static_chunks_go_round_robin() {
    let chunk = prop_oneof![1usize..50, Just(usize::MAX)];
    property((1usize..9, 0usize..2000, chunk), |(threads, len, chunk)| {
        let want: Vec<usize> = (0..len).map(|i| i / chunk % threads).collect();
        for ran in runners(StaticChunk(chunk), threads, len) {
            assert_eq!(ran, want);
        }
    });
}

/// The pairs and triples of collapsed loops, as numbers; and the elements that they own of two grids.
#[omp]
fn collapsed(
    threads: usize,
    (a, b): (&std::ops::Range<i32>, usize),
    g: &mut Grid2<usize>,
    h: &mut Grid3<usize>,
) -> Vec<(i32, usize)> {
    let ([rows, cols], [p, r, c]) = ([g.shape().0, g.shape().1], h.shape());
    let seen = Mutex::new(Vec::new());
    #[parallel_for(num_threads(threads), collapse(2), schedule(dynamic, 3))]
    for i in a.start..a.end {
        for j in (0..b).rev() {
            seen.lock().unwrap().push((i, j));
        }
    }
    #[parallel_for(num_threads(threads), collapse(2), disjoint(g))]
    for i in 0..rows {
        for j in 0..cols {
            g[i][j] += 1;
        }
    }
    #[parallel_for(num_threads(threads), collapse(3), schedule(static, 2), disjoint(h))]
    for i in 0..p {
        for j in 0..r {
            for k in 0..c {
                h[[i, j, k]] += 1;
            }
        }
    }
    let mut seen = seen.into_inner().unwrap();
    seen.sort_unstable();
    seen
}

#[test]
fn collapsed_loops_run_each_pair_once() {
    let shape = (1usize..9, 0usize..9, 0usize..9, 0usize..5);
    property((shape, any::<i32>()), |((threads, m, n, p), start)| {
        let range = start..start.saturating_add(m as i32);
        let mut g = Grid2::filled(m, n, 0);
        let mut h = Grid3::filled([p, m, n], 0);
        let got = collapsed(threads, (&range, n), &mut g, &mut h);
        let want: Vec<_> = range.flat_map(|i| (0..n).map(move |j| (i, j))).collect();
        assert_eq!(got, want);
        let mut all = g.as_slice().iter().chain(h.as_slice());
        assert!(all.all(|&times| times == 1));
    });
}

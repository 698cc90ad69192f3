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

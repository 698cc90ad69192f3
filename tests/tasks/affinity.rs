//! Tasks that say where they want to run, and when. (Which node is chosen, and in which order, is tested beside the post, with a
//! table of nodes that this machine need not have.)

use crate::support::{on_teams, watched};
use phalanx::prelude::*;
use std::process::Command;

#[test]
fn all_run_wherever_their_memory_is() {
    on_teams(|_| {
        let mut blocks = vec![vec![0u64; 5000]; 50];
        let (shared, numa) = ([1u8; 100], NumaVec::filled(Static, 1000, 1u64));
        let grid = Grid2::filled(10, 10, 1u64);
        let sum = Atomic::new(0);
        taskgroup(|tg| {
            for (k, block) in blocks.iter_mut().enumerate() {
                let near = TaskOptions::new().affinity(block);
                tg.task_with(near.untied().mergeable(), move |_| block.fill(k as u64));
            }
            let empty: [u8; 0] = [];
            let options = TaskOptions::new();
            for options in [
                options.affinity(&shared[..]),
                options.affinity(&shared),
                options.affinity(&numa),
                options.affinity(&grid),
                options.affinity(&empty[..]),
                options.affinity(&numa).priority(3).only_if(false),
                options.affinity(&grid).final_if(true),
            ] {
                tg.task_with(options, |_| {
                    sum.add(grid[1][1] + numa[7]);
                });
            }
        });
        assert!(
            blocks
                .iter()
                .enumerate()
                .all(|(k, b)| b.iter().all(|&x| x == k as u64))
        );
        assert_eq!(sum.into_inner(), 14);
    });
}

const CHILD: &str = "PHALANX_TEST_PRIORITY_CHILD";

/// Runs a test of this file in a process where priorities count.
fn with_priorities(name: &str, test: impl FnOnce() + Send + 'static) {
    if std::env::var_os(CHILD).is_some() {
        return watched(test);
    }
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .env("OMP_MAX_TASK_PRIORITY", "10")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    let error = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(
        run.status.success() && text.contains("1 passed"),
        "{text}{error}"
    );
}

#[test]
fn greater_priorities_first() {
    if std::env::var_os(CHILD).is_none() {
        assert_eq!(phalanx::max_task_priority(), 0);
    }
    with_priorities("affinity::greater_priorities_first", || {
        assert_eq!(phalanx::max_task_priority(), 10);
        let pool = phalanx::Pool::builder().num_threads(1).build().unwrap();
        let order = Lock::new(Vec::new());
        pool.install(|| {
            taskgroup(|tg| {
                for k in 0..200 {
                    let order = &order;
                    let priority = k * 7 % 20;
                    let note = move |_: &Task<'_>| order.lock().push(priority);
                    tg.task_with(TaskOptions::new().priority(priority), note);
                }
            });
        });
        let order = order.into_inner();
        assert_eq!(order.len(), 200);
        // What is above 10 counts as 10.
        let counted: Vec<_> = order.iter().map(|p| *p.min(&10)).collect();
        assert!(counted.is_sorted_by(|a, b| a >= b), "{order:?}");
    });
}

/// With groups in groups, waits, locks, panics.
#[test]
fn priorities_of_every_kind() {
    fn tree(tg: &Task<'_>, depth: u32, lock: &Lock<u64>) -> u64 {
        if depth == 0 {
            *lock.lock() += 1;
            return 1;
        }
        let mut below = [0; 3];
        tg.group(|tg| {
            for (k, sum) in below.iter_mut().enumerate() {
                let options = TaskOptions::new().priority((depth as i32 * k as i32) % 12);
                tg.task_with(options, move |tg| *sum = tree(tg, depth - 1, lock));
            }
            if depth == 3 {
                // Waits under the lock.
                let mut held = lock.lock();
                let mut one = 0;
                tg.group(|tg| tg.task_with(TaskOptions::new().priority(1), |_| one = 1));
                *held += one;
            }
        });
        below.iter().sum()
    }
    with_priorities("affinity::priorities_of_every_kind", || {
        on_teams(|_| {
            let lock = Lock::new(0);
            let leaves = taskgroup(|tg| tree(tg, 7, &lock));
            assert_eq!((leaves, lock.into_inner()), (2187, 2187 + 81));
            let seen = Atomic::new(0);
            taskgroup(|tg| {
                let loops = TaskLoop::new().priority(5).grainsize(10);
                tg.taskloop_nogroup(loops, 0..1000, |tg, _| {
                    tg.task_with(TaskOptions::new().priority(9), |_| {
                        seen.add(1);
                    });
                });
                taskloop(loops, 0..1000, |_| {
                    seen.add(1);
                });
            });
            assert_eq!(seen.into_inner(), 2000);
            let caught = std::panic::catch_unwind(|| {
                taskgroup(|tg| {
                    for _ in 0..100 {
                        tg.task_with(TaskOptions::new().priority(2), |_| panic!("urgently"));
                    }
                })
            });
            assert_eq!(*caught.unwrap_err().downcast::<&str>().unwrap(), "urgently");
        });
    });
}

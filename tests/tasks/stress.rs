//! Random programs of groups, waits, yields, locks and panics: all tasks run, and all ends.

use crate::support::on_teams;
use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 31)).wrapping_mul(0x7fb5_d329_728e_a185);
    (x ^ (x >> 27)).wrapping_mul(0x81da_def4_bc2d_d44d)
}

/// What the node does is in its seed; returns how many nodes there are below, itself included.
fn sequential(seed: u64, depth: u32) -> u64 {
    1 + (0..width(seed, depth))
        .map(|k| sequential(mix(seed + k), depth - 1))
        .sum::<u64>()
}

fn width(seed: u64, depth: u32) -> u64 {
    if depth == 0 { 0 } else { seed >> 7 & 3 }
}

fn node(tg: &Task<'_>, seed: u64, depth: u32, locks: &[Lock<u64>; 3]) -> u64 {
    let children = 0..width(seed, depth);
    let mut below = [0; 4];
    let run = |tg: &Task<'_>, k, sum: &mut u64| *sum = node(tg, mix(seed + k), depth - 1, locks);
    match seed >> 20 & 7 {
        0 => tg.group(|tg| {
            for (k, sum) in children.zip(&mut below) {
                tg.task(move |tg| run(tg, k, sum));
                tg.wait();
            }
        }),
        1 => tg.group(|tg| {
            for (k, sum) in children.zip(&mut below) {
                tg.task(move |tg| {
                    taskyield();
                    run(tg, k, sum);
                });
                taskyield();
            }
        }),
        2 => tg.group(|tg| {
            let options = TaskOptions::new()
                .only_if(seed & 1 == 0)
                .final_if(seed & 2 == 0);
            for (k, sum) in children.zip(&mut below) {
                tg.task_with(options, move |tg| run(tg, k, sum));
            }
        }),
        3 => taskgroup(|tg| {
            for (k, sum) in children.zip(&mut below) {
                tg.task(move |tg| run(tg, k, sum));
            }
        }),
        4 => {
            let caught = catch_unwind(AssertUnwindSafe(|| {
                tg.group(|tg| {
                    tg.task(|_| std::panic::resume_unwind(Box::new(7)));
                    tg.task(|_| ());
                })
            }));
            assert!(caught.is_err());
            children
                .zip(&mut below)
                .for_each(|(k, sum)| run(tg, k, sum));
        }
        5 => phalanx::isolate(|| {
            tg.group(|tg| {
                for (k, sum) in children.zip(&mut below) {
                    tg.task(move |tg| run(tg, k, sum));
                }
            })
        }),
        _ => tg.group(|tg| {
            for (k, sum) in children.zip(&mut below) {
                tg.task(move |tg| run(tg, k, sum));
            }
            // Waits for leaves under the lock.
            let mut count = locks[seed as usize % 3].lock();
            *count += phalanx::join(|| 1, || 0).0;
        }),
    }
    1 + below.iter().sum::<u64>()
}

#[test]
fn random_trees() {
    on_teams(|threads| {
        for seed in 0..if threads > 2 { 60 } else { 120 } {
            let (seed, locks) = (mix(seed + 1), std::array::from_fn(|_| Lock::new(0)));
            let sum = taskgroup(|tg| node(tg, seed, 9, &locks));
            assert_eq!(sum, sequential(seed, 9), "seed {seed:#x}");
        }
    });
}

/// Several threads have teams of their own at once.
#[test]
fn many_masters() {
    on_teams(|_| {
        std::thread::scope(|s| {
            for k in 0..4 {
                s.spawn(move || {
                    for seed in 0..10 {
                        let (seed, locks) =
                            (mix(seed + 99 * k), std::array::from_fn(|_| Lock::new(0)));
                        let sum = taskgroup(|tg| node(tg, seed, 7, &locks));
                        assert_eq!(sum, sequential(seed, 7));
                    }
                });
            }
        });
    });
}

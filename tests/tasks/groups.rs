//! Groups, nested groups, joins, results.

use crate::support::on_teams;
use phalanx::prelude::*;

fn fib_groups(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (mut a, mut b) = (0, 0);
    taskgroup(|tg| {
        tg.task(|_| a = fib_groups(n - 1));
        b = fib_groups(n - 2);
    });
    a + b
}

fn fib_handles(tg: &Task<'_>, n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (mut a, mut b) = (0, 0);
    tg.group(|tg| {
        tg.task(|tg| a = fib_handles(tg, n - 1));
        tg.task(|tg| b = fib_handles(tg, n - 2));
    });
    a + b
}

fn fib_join(tg: &Task<'_>, n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (a, b) = tg.join(|tg| fib_join(tg, n - 1), |tg| fib_join(tg, n - 2));
    a + b
}

#[test]
fn fibonacci() {
    on_teams(|_| {
        assert_eq!(fib_groups(15), 610);
        assert_eq!(taskgroup(|tg| fib_handles(tg, 20)), 6765);
        assert_eq!(taskgroup(|tg| fib_join(tg, 22)), 17711);
        assert_eq!(
            phalanx::join(|| fib_groups(10), || fib_groups(11)),
            (55, 89)
        );
    });
}

#[test]
fn every_task_runs_once_and_is_seen() {
    on_teams(|_| {
        for n in [0, 1, 10, 255, 256, 257, 5000] {
            let mut v = vec![0u32; n];
            taskgroup(|tg| v.iter_mut().for_each(|x| tg.task(move |_| *x += 1)));
            assert!(v.iter().all(|&x| x == 1), "{n}");
        }
    });
}

#[test]
fn small_and_large_closures() {
    on_teams(|_| {
        let (large, aligned) = ([7u64; 100], Aligned(5));
        let sum = Atomic::new(0);
        taskgroup(|tg| {
            let sum = &sum;
            for k in 0..1000u64 {
                tg.task(move |_| sum.add(large[k as usize % 100]));
                tg.task(move |_| sum.add(aligned.get()));
                let owned = Box::new(k);
                tg.task(move |_| sum.add(*owned));
                tg.task(|_| sum.add(1));
            }
        });
        assert_eq!(sum.into_inner(), 1000 * (7 + 5 + 1) + 499_500);
    });
}

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Aligned(u64);
impl Aligned {
    fn get(self) -> u64 {
        assert_eq!(std::ptr::from_ref(&self).addr() % 64, 0);
        self.0
    }
}

#[test]
fn tasks_submit_to_their_group() {
    fn tree<'s>(tg: &Task<'s>, depth: u32, leaves: &'s Atomic<u64>) {
        if depth == 0 {
            leaves.add(1);
            return;
        }
        for _ in 0..3 {
            tg.task(move |tg| tree(tg, depth - 1, leaves));
        }
    }
    on_teams(|_| {
        let leaves = Atomic::new(0);
        taskgroup(|tg| tree(tg, 8, &leaves));
        assert_eq!(leaves.into_inner(), 6561);
    });
}

#[test]
fn waiting_in_the_middle() {
    on_teams(|_| {
        let done = Atomic::new(0);
        let answer = taskgroup(|tg| {
            for round in 1..=20u64 {
                for _ in 0..50 {
                    tg.task(|tg| tg.task(|_| done.add(1)));
                }
                tg.wait();
                assert_eq!(done.load(), 50 * round);
            }
            "over"
        });
        assert_eq!(answer, "over");
    });
}

#[test]
fn clauses() {
    on_teams(|_| {
        let order = Lock::new(Vec::new());
        let here = std::thread::current().id();
        taskgroup(|tg| {
            let order = &order;
            let note = move |k| order.lock().push(k);
            tg.task_with(TaskOptions::new().only_if(false), move |_| {
                assert_eq!(std::thread::current().id(), here);
                note(1);
            });
            note(2);
            let last = TaskOptions::new().only_if(false).final_if(true).priority(3);
            tg.task_with(last, move |tg| {
                tg.task(move |tg| {
                    tg.task(move |_| note(3));
                    note(4);
                });
                tg.group(|tg| {
                    tg.task(move |_| note(5));
                    note(6);
                });
                let (a, b) = tg.join(|_| note(7), |_| note(8));
                assert_eq!((a, b), ((), ()));
            });
            note(9);
        });
        assert_eq!(order.into_inner(), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });
}

#[test]
fn yields_run_tasks() {
    on_teams(|threads| {
        assert!(!phalanx::taskyield());
        let done = Atomic::new(0);
        taskgroup(|tg| {
            for _ in 0..10 {
                tg.task(|_| done.add(1));
            }
            // Alone, nobody else can have run them.
            let mut ran = 0;
            while taskyield() {
                ran += 1;
            }
            assert!(ran <= 10 && (threads > 1 || ran == 10));
        });
        assert_eq!(done.into_inner(), 10);
    });
}

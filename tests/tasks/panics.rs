//! Panics: the group's caller gets the first payload, after all tasks have ended, and the team goes on.

use crate::support::{on_teams, panic_of};
use phalanx::prelude::*;

/// Counts how many there are.
struct Counted<'c>(&'c Atomic<i64>);
impl<'c> Counted<'c> {
    fn new(count: &'c Atomic<i64>) -> Self {
        count.add(1);
        Counted(count)
    }
}
impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.sub(1);
    }
}

#[test]
fn of_a_task() {
    on_teams(|_| {
        let alive = Atomic::new(0);
        for round in 0..50 {
            let ran = Atomic::new(0);
            let why = panic_of(|| {
                taskgroup(|tg| {
                    for k in 0..1000 {
                        let token = Counted::new(&alive);
                        let ran = &ran;
                        tg.task(move |_| {
                            let _token = token;
                            ran.add(1);
                            assert!(k != 500, "task {k} of round {round}");
                        });
                    }
                })
            });
            assert_eq!(why, format!("task 500 of round {round}"));
            assert_eq!(alive.load(), 0, "each closure was dropped");
            assert!(ran.into_inner() <= 1000);
            let mut x = 0;
            taskgroup(|tg| tg.task(|_| x = 1));
            assert_eq!(x, 1);
        }
    });
}

#[test]
fn of_the_body_while_tasks_run() {
    on_teams(|_| {
        let mut data = vec![0u8; 1 << 16];
        for _ in 0..20 {
            let why = panic_of(|| {
                taskgroup(|tg| {
                    for part in data.chunks_mut(256) {
                        tg.task(move |_| part.iter_mut().for_each(|x| *x = x.wrapping_add(1)));
                    }
                    panic!("the body");
                })
            });
            assert_eq!(why, "the body");
            // Nobody writes any more.
            let before = data.clone();
            std::thread::yield_now();
            assert!(before == data);
        }
    });
}

#[test]
fn through_nested_groups() {
    fn dig(tg: &Task<'_>, depth: u32) {
        if depth == 0 {
            panic!("at the bottom");
        }
        tg.group(|tg| {
            tg.task(move |tg| dig(tg, depth - 1));
            for _ in 0..20 {
                tg.task(|_| ());
            }
        });
    }
    on_teams(|_| {
        assert_eq!(panic_of(|| taskgroup(|tg| dig(tg, 50))), "at the bottom");
        assert_eq!(panic_of(|| _ = phalanx::join(|| (), || panic!("b"))), "b");
        assert_eq!(panic_of(|| _ = phalanx::join(|| panic!("a"), || ())), "a");
    });
}

#[test]
fn at_a_wait() {
    on_teams(|_| {
        let after = Atomic::new(0);
        let why = panic_of(|| {
            taskgroup(|tg| {
                tg.task(|_| panic!("early"));
                tg.wait();
                after.add(1);
            })
        });
        assert_eq!((why.as_str(), after.into_inner()), ("early", 0));
    });
}

/// A body may catch what a wait gives it: then the group comes to an end without a panic.
#[test]
fn caught_at_a_wait() {
    on_teams(|_| {
        let why = panic_of(|| {
            taskgroup(|tg| {
                tg.task(|_| panic!("caught"));
                assert_eq!(panic_of(|| tg.wait()), "caught");
                assert!(tg.is_cancelled());
                // What is submitted now is not run: a group that ended well would have lost it.
                tg.task(|_| unreachable!("the group is cancelled"));
                assert!(panic_of(|| tg.wait()).contains("has panicked, which was caught"));
            });
        });
        assert!(why.contains("has panicked, which was caught"), "{why}");
    });
}

/// Both closures of a join panic, or one does and what it leaves panics when it is dropped.
#[test]
fn in_joins() {
    on_teams(|_| {
        for round in 0..50 {
            let why = panic_of(|| {
                taskgroup(|tg| {
                    tg.join(
                        |_| -> () {
                            wait_a_little(round);
                            panic!("the first")
                        },
                        |_| -> () { panic!("the second") },
                    )
                });
            });
            assert_eq!(why, "the first");
            let first_fails = panic_of(|| {
                taskgroup(|tg| {
                    tg.join(
                        |_| -> () {
                            wait_a_little(round);
                            panic!("the first")
                        },
                        |_| PanicsWhenDropped,
                    )
                });
            });
            assert_eq!(first_fails, "the first");
        }
    });
}

/// So that the other closure is taken by another thread now and then.
fn wait_a_little(round: u32) {
    (0..round * 100).for_each(|_| std::hint::spin_loop());
}

/// A group that is cancelled runs no tasks; a join in it still has two answers.
#[test]
fn joins_in_cancelled_groups() {
    on_teams(|_| {
        let answers = taskgroup(|tg| {
            tg.join(
                |tg| {
                    tg.cancel();
                    tg.join(|_| 1, |_| 2)
                },
                |_| 3,
            )
        });
        assert_eq!(answers, ((1, 2), 3));
    });
}

struct PanicsWhenDropped;
impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("a destructor");
    }
}

#[test]
fn in_destructors() {
    on_teams(|_| {
        let why = panic_of(|| {
            taskgroup(|tg| {
                let bomb = PanicsWhenDropped;
                tg.task(move |_| drop(bomb));
            })
        });
        assert_eq!(why, "a destructor");
        // Of a closure that is never called.
        let why = panic_of(|| {
            taskgroup(|tg| {
                tg.cancel();
                let bomb = PanicsWhenDropped;
                tg.task(move |_| {
                    let _bomb = &bomb;
                });
            })
        });
        assert_eq!(why, "a destructor");
        // Of a payload that nobody gets.
        let why = panic_of(|| {
            taskgroup(|tg| {
                tg.task_with(TaskOptions::new().only_if(false), |_| panic!("first"));
                tg.group(|_| ());
                std::panic::panic_any(PanicsWhenDropped);
            })
        });
        assert_eq!(why, "first");
    });
}

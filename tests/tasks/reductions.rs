//! Reductions whose participants are tasks.

use crate::support::{on_teams, panic_of};
use phalanx::prelude::*;

#[test]
fn trees_of_tasks_add_up() {
    fn node<'s>(tg: &Task<'s>, n: u64, sum: &'s TaskReduction<ops::Add, u64>) {
        sum.with(|s| *s += n);
        for child in [2 * n, 2 * n + 1] {
            if child < 2000 {
                tg.task(move |tg| node(tg, child, sum));
            }
        }
    }
    on_teams(|_| {
        let sum = TaskReduction::new(ops::Add, 7);
        taskgroup(|tg| node(tg, 1, &sum));
        assert_eq!(sum.into_inner(), 7 + 1999 * 1000);
    });
}

/// A task waits while it has its accumulator, and its thread runs others of the same reduction: none sees the
/// first one's, nor loses anything.
#[test]
fn an_accumulator_belongs_to_its_task() {
    on_teams(|_| {
        let sum = TaskReduction::new((ops::Add, ops::Max), (0u64, 0u64));
        taskgroup(|tg| {
            for k in 0..200u64 {
                let sum = &sum;
                tg.task(move |tg| {
                    sum.with(|(s, most)| {
                        let before = (*s, *most);
                        tg.group(|tg| {
                            for _ in 0..4 {
                                tg.task(move |_| sum.with(|(s, _)| *s += 1));
                            }
                        });
                        phalanx::taskyield();
                        assert_eq!((*s, *most), before);
                        *s += k;
                        *most = (*most).max(k);
                    });
                });
            }
        });
        assert_eq!(sum.into_inner(), (199 * 100 + 800, 199));
    });
}

#[test]
fn arrays_and_types_of_ones_own() {
    struct Join;
    #[derive(Debug, PartialEq)]
    struct Words(Vec<String>);
    impl Reduce<Join> for Words {
        type Shape = ();
        fn shape(&self) {}
        fn identity(_: &()) -> Self {
            Words(Vec::new())
        }
        fn combine(&mut self, other: Self) {
            self.0.extend(other.0);
        }
    }
    on_teams(|_| {
        let histogram = TaskReduction::new(ops::Add, vec![1u32; 10]);
        let words = TaskReduction::new(Join, Words(vec!["first".into()]));
        taskgroup(|tg| {
            let (histogram, words) = (&histogram, &words);
            tg.taskloop(TaskLoop::new().grainsize(3), 0..1000usize, |_, k| {
                histogram.with(|h| h[k % 10] += 1);
            });
            for k in 0..50 {
                tg.task(move |_| words.with(|w| w.0.push(format!("{k:02}"))));
            }
        });
        assert_eq!(histogram.into_inner(), [101; 10]);
        let mut words = words.into_inner().0;
        assert_eq!(words.remove(0), "first");
        words.sort();
        assert_eq!(
            words,
            (0..50).map(|k| format!("{k:02}")).collect::<Vec<_>>()
        );
    });
}

#[test]
fn in_regions_and_teams_inside_teams() {
    on_teams(|threads| {
        let sum = TaskReduction::new(ops::Add, 0u64);
        let shared = &sum;
        region(Options::new().num_threads(threads), (), |cx, ()| {
            let me = cx.thread_num() as u64;
            taskgroup(|tg| {
                for _ in 0..10 {
                    tg.task(move |_| {
                        shared.with(|s| *s += me + 1);
                        parallel_for(Static.num_threads(2), 0..10, |_| shared.with(|s| *s += 1));
                    });
                }
            });
            cx.barrier();
        });
        let threads = threads as u64;
        assert_eq!(
            sum.into_inner(),
            10 * threads * (threads + 1) / 2 + 100 * threads
        );
    });
}

#[test]
fn a_panic_loses_nothing_that_was_added() {
    on_teams(|_| {
        let sum = TaskReduction::new(ops::Add, 0);
        taskgroup(|tg| tg.task(|_| sum.with(|s| *s += 1)));
        let said = panic_of(|| {
            taskgroup(|tg| {
                tg.task(|_| {
                    sum.with(|s| {
                        *s += 10;
                        panic!("in the middle");
                    })
                })
            })
        });
        assert_eq!(said, "in the middle");
        assert_eq!(sum.into_inner(), 11);
    });
}

//! What a task costs.

use crate::regions::{timed, timed_as_one};
use kernels::trees::FLAT;
use kernels::{DELAY, LOOP, Row, beyond_work, op, work};
use phalanx::prelude::*;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

fn flat(numbers: &mut [u32]) {
    taskgroup(|tg| {
        for x in numbers {
            tg.task(move |_| *x += 1);
        }
    });
}

fn flat_row() -> Option<Row> {
    let mut numbers = vec![0; FLAT];
    flat(&mut numbers);
    assert!(numbers.iter().all(|x| *x == 1));
    op(move || flat(&mut numbers))
}

/// A task has run in place if its submission has not returned yet, in the thread that runs the task.
fn in_place() -> f64 {
    let (submitted, in_place) = (AtomicUsize::new(0), AtomicUsize::new(0));
    taskgroup(|tg| {
        let producer = thread::current().id();
        let (submitted, in_place) = (&submitted, &in_place);
        for i in 0..FLAT {
            tg.task(move |_| {
                if submitted.load(Relaxed) == i && thread::current().id() == producer {
                    in_place.fetch_add(1, Relaxed);
                }
            });
            submitted.store(i + 1, Relaxed);
        }
    });
    in_place.into_inner() as f64 / FLAT as f64
}

fn taskloop(grain: usize) -> Option<Row> {
    let options = TaskLoop::new().grainsize(grain);
    let mut seen = vec![0; LOOP as usize];
    taskgroup(|tg| tg.taskloop(options, &mut seen, |_, x| *x += 1));
    assert!(seen.iter().all(|x| *x == 1));
    Some(Row::Timed(Box::new(move |n| {
        beyond_work(n, |n| {
            taskgroup(|tg| {
                let start = Instant::now();
                for _ in 0..n {
                    tg.taskloop(options, 0..LOOP, |_, i| work(i, DELAY));
                }
                start.elapsed()
            })
        })
    })))
}

pub fn row(name: &str) -> Option<Row> {
    match name {
        "flat_tasks_100k" => flat_row(),
        "flat_tasks_100k/in_place" => Some(Row::Share(Box::new(in_place))),
        "taskwait" => timed_as_one(2, |_, n| {
            taskgroup(|tg| {
                for _ in 0..n {
                    tg.task(|_| _ = black_box(1));
                    tg.wait();
                }
            });
        }),
        // Tasks end with their group; so the barrier has none left to wait for.
        "task_barrier" => timed(2, |cx| {
            taskgroup(|tg| tg.task(|_| _ = black_box(1)));
            cx.barrier();
        }),
        "taskloop_1" => taskloop(1),
        "taskloop_64" => taskloop(64),
        _ => None,
    }
}

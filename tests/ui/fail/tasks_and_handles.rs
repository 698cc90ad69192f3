//! A handle stays with the task that it was lent to.

use phalanx::prelude::*;

fn to_a_thread() {
    taskgroup(|tg| {
        std::thread::scope(|s| {
            s.spawn(|| tg.task(|_| ()));
        });
    });
}

fn to_a_task() {
    taskgroup(|tg| tg.task(|_| tg.task(|_| ())));
}

fn to_another_group() {
    taskgroup(|outer| taskgroup(|_| outer.task(|_| ())));
}

fn out_of_the_group() {
    let mut kept = None;
    taskgroup(|tg| kept = Some(tg));
}

fn a_task_keeps_it(place: &Lock<Vec<&Task<'static>>>) {
    taskgroup(|tg| tg.task(|tg| place.lock().push(tg)));
}

fn a_task_waits_for_its_group() {
    taskgroup(|tg| tg.task(|tg| tg.wait()));
}

fn main() {}

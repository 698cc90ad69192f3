//! What a task borrows outlives its group, and no two tasks write the same thing.

use phalanx::prelude::*;
use std::rc::Rc;

fn outlives_its_data() {
    taskgroup(|tg| {
        let mut local = 0;
        tg.task(|_| local += 1);
    });
}

fn two_write_one_thing() {
    let mut x = 0;
    taskgroup(|tg| {
        tg.task(|_| x += 1);
        tg.task(|_| x += 2);
    });
}

fn one_reads_what_the_other_writes() {
    let mut x = 0;
    taskgroup(|tg| {
        tg.task(|_| x += 1);
        tg.task(|_| println!("{x}"));
    });
}

fn the_body_reads_what_a_task_writes() {
    let mut x = 0;
    taskgroup(|tg| {
        tg.task(|_| x += 1);
        tg.wait();
        println!("{x}");
    });
}

fn a_nested_group_outlives_nothing() {
    taskgroup(|tg| {
        tg.task(|tg| {
            let mut local = 0;
            tg.task(|_| local += 1);
        });
    });
}

fn neither_closure_shares() {
    let mut x = 0;
    taskgroup(|tg| tg.join(|_| x += 1, |_| x += 2));
}

fn rc() {
    let shared = Rc::new(1);
    taskgroup(|tg| tg.task(|_| drop(shared.clone())));
}

fn a_guard_in_a_task() {
    let lock = Lock::new(0);
    let mut guard = lock.lock();
    taskgroup(|tg| tg.task(|_| *guard += 1));
}

fn main() {}

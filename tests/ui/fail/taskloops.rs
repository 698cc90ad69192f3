//! What the body of a task loop may touch, and for how long.

use phalanx::prelude::*;
use std::rc::Rc;

fn counts_in_a_variable() {
    let mut count = 0;
    taskloop(TaskLoop::new(), 0..10, |_| count += 1);
}

fn shares_an_rc(rc: Rc<u32>) {
    taskloop(TaskLoop::new(), 0..10, |_| drop(rc.clone()));
}

fn nogroup_outlives_its_data() {
    taskgroup(|tg| {
        let mut local = vec![0; 10];
        tg.taskloop_nogroup(TaskLoop::new(), &mut local, |_, x| *x += 1);
    });
}

fn nogroup_and_read() {
    let mut v = vec![0; 10];
    taskgroup(|tg| {
        tg.taskloop_nogroup(TaskLoop::new(), &mut v, |_, x| *x += 1);
        println!("{}", v[0]);
    });
}

fn two_loops_write_one_array() {
    let mut v = vec![0; 10];
    taskgroup(|tg| {
        tg.taskloop_nogroup(TaskLoop::new(), &mut v, |_, x| *x += 1);
        tg.taskloop_nogroup(TaskLoop::new(), &mut v, |_, x| *x += 2);
    });
}

fn the_view_of_a_region(v: &mut [u64]) {
    region(Options::new(), v, |cx, mut v| {
        taskloop(TaskLoop::new(), v.items_mut(), |x| *x += 1);
        cx.barrier();
    });
}

fn a_construct_in_a_loop() {
    region(Options::new(), (), |cx, ()| {
        taskloop(TaskLoop::new(), 0..10, |_| cx.barrier());
    });
}

fn keeps_the_accumulator() {
    let kept = Lock::new(Vec::new());
    taskloop_reduce(TaskLoop::new(), 0..10, ops::Add, 0, |sum, k| {
        *sum += k;
        kept.lock().push(sum);
    });
}

fn main() {}

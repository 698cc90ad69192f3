//! Constructs and views of a region are out of the reach of tasks.

use phalanx::prelude::*;

fn a_barrier_in_a_group() {
    region(Options::new(), (), |cx, ()| {
        taskgroup(|_| cx.barrier());
    });
}

fn a_loop_in_a_task() {
    region(Options::new(), (), |cx, ()| {
        taskgroup(|tg| tg.task(|_| cx.for_each(Static, 0..10, (), |_, ()| ())));
    });
}

fn a_construct_beside_a_join() {
    region(Options::new(), (), |cx, ()| {
        phalanx::join(|| cx.barrier(), || ());
    });
}

fn a_view_in_a_group(x: &mut [u64]) {
    region(Options::new(), x, |cx, mut x| {
        taskgroup(|_| drop(x.items_mut()));
        cx.barrier();
    });
}

fn a_turn_in_a_task(sum: &mut u64) {
    region(Options::new(), shared(sum), |cx, mut sum| {
        cx.for_each_ordered(Static, 0..10u64, (), sum.whole_mut(), |i, (), turn| {
            taskgroup(|tg| tg.task(|_| turn.take(|sum| *sum += i)));
        });
    });
}

fn main() {}

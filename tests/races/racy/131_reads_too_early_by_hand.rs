//! Y-task-wait-depend-too-early: the same, with closures.
// twin: free/132_waits_for_one_then_for_all

use phalanx::prelude::*;

fn main() {
    let (mut x, mut y) = (0, 2);
    taskgroup(|tg| {
        let x = tg.dep(&mut x);
        tg.task_depend((x.inout(),), |_, (x,)| *x += 1);
        tg.task(|_| y -= 1);
        tg.wait_depend((x.input(),), |(x,)| println!("{x}"));
        println!("{y}"); //~ cannot borrow `y` as immutable because it is also borrowed as mutable
    });
}

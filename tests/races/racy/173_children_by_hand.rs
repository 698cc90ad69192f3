//! Y-task-nonsibling-depend: the same, with closures: what a task has, it has only as long as it runs.
// twin: free/132_waits_for_one_then_for_all: a group in each task, for the children

use phalanx::prelude::*;

fn main() {
    let mut a = 0;
    taskgroup(|tg| {
        let a = tg.dep(&mut a);
        for _ in 0..2 {
            tg.task_depend((a.inout(),), |tg, (a,)| {
                tg.task(|_| *a += 1); //~ borrowed data escapes outside of closure
            });
        }
    });
    println!("{a}");
}

//! Y-task-dep-missing-object: the same, with closures.
// twin: free/079_one_writes_two_read

use phalanx::prelude::*;

fn main() {
    let (mut a, mut b) = (0, 0);
    taskgroup(|tg| {
        let on_a = tg.dep(&mut a);
        let on_b = tg.dep(&mut b);
        tg.task_depend((on_a.output(), on_b.output()), |_, (a, b)| (*a, *b) = (1, 2));
        tg.task_depend((on_b.input(),), |_, (b,)| a = *b); //~ cannot borrow `a` as mutable more than once at a time
    });
    println!("{a} {b}");
}

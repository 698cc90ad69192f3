//! R-nowait: one thread reads an array in a loop that nobody waits for, and another one writes it.
//! panics: the threads of a team meet in different constructs
// twin: free/104_nowait_and_barrier

use phalanx::prelude::*;

fn main() {
    let (mut a, mut b, mut c) = (vec![0u64; 8], vec![0u64; 8], vec![0u64; 8]);
    let data = (&mut a, &mut b, &mut c);
    region(
        Options::new().num_threads(2),
        data,
        |cx, (mut a, mut b, mut c)| {
            let num = cx.thread_num();
            cx.nowait(|scope| {
                if num == 0 {
                    scope.for_each(Static, c.items_mut(), a.reading(), |x, a| *x = a[0]);
                    scope.for_each(Static, b.items_mut(), (), |x, ()| *x = 1);
                } else {
                    scope.for_each(Static, c.items_mut(), b.reading(), |x, b| *x = b[0]);
                    scope.for_each(Static, a.items_mut(), (), |x, ()| *x = 1);
                }
            });
        },
    );
}

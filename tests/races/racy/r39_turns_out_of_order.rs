//! R-ordered: an iteration takes a second turn when the next one may have had its own.
//! panics: has had its turn
// twin: free/110_ordered

use phalanx::prelude::*;

fn main() {
    let mut log = Vec::new();
    region(
        Options::new().num_threads(4),
        shared(&mut log),
        |cx, mut log| {
            cx.for_each_ordered(Dynamic(1), 0..100, (), log.whole_mut(), |i, (), turn| {
                turn.take(|log| log.push(i));
                turn.take(|log| log.push(i));
            });
        },
    );
}

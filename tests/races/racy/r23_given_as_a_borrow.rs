//! R-copyprivate: one thread gives all others a reference to its own variable, and goes on.
// twin: free/125_single

use phalanx::prelude::*;

fn main() {
    region(Static, (), |cx, ()| {
        let local = vec![cx.thread_num()];
        let all: &Vec<usize> = cx.single((), (), |(), ()| &local); //~ `local` does not live long enough
        println!("{all:?}");
    });
}

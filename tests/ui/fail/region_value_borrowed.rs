//! What `single` gives to all threads cannot be a borrow of one thread's variable.
use phalanx::prelude::*;

fn main() {
    region(Static, (), |cx, ()| {
        let local = vec![cx.thread_num()];
        let _all: &Vec<usize> = cx.single((), (), |(), ()| &local);
    });
}

//! R-handoff: one thread hands another one a count that both change.
// twin: free/182_handoff

use phalanx::prelude::*;
use std::rc::Rc;

fn main() {
    let place = Handoff::new();
    region(Options::new().num_threads(2), (), |cx, ()| {
        match cx.thread_num() {
            //~ `Rc<i32>` cannot be sent between threads safely
            0 => place.put(Rc::new(5)),
            _ => drop(place.take()),
        }
    });
}

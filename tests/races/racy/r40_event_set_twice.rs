//! R-handoff: a value that others read already is set anew.
//! panics: has happened already
// twin: free/143_event

use phalanx::prelude::*;

fn main() {
    let table = Event::new();
    region(Options::new().num_threads(4), (), |cx, ()| {
        table.set(vec![cx.thread_num()]);
        println!("{:?}", table.wait());
    });
}

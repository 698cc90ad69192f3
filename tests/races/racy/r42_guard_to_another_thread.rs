//! R-lock: the guard of a lock is dropped by a thread that does not hold it.
// twin: free/069_lock_in_sections

use phalanx::prelude::*;

fn main() {
    let lock = Lock::new(0);
    let place = Handoff::new();
    region(Options::new().num_threads(2), (), |cx, ()| {
        match cx.thread_num() {
            //~ cannot be sent between threads safely
            0 => place.put(lock.lock()),
            _ => drop(place.take()),
        }
    });
}

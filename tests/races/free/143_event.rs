//! N-user-sync: one thread writes under a critical section and says that it is done; the other waits for that.
//!
//! What in C is a spin on an atomic flag is an `Event` here.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(value: i32) -> i32 {
    let x = Critical::new(0);
    let (written, seen) = (Event::new(), Atomic::new(0));
    #[parallel(num_threads(2))]
    {
        if phalanx::thread_num() == 0 {
            #[critical(x)]
            {
                *x = value;
            }
            written.set(());
        } else {
            written.wait();
            #[critical(x)]
            {
                seen.store(*x);
            }
        }
    }
    seen.into_inner()
}

pub fn run(_: &Team) {
    for value in 1..50 {
        assert_eq!(parallel(value), value);
    }
}

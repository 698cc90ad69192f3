//! N-user-sync: one section writes plain data and hands it to the other one.
//!
//! What in C is plain data beside an atomic flag goes through a `Handoff` here, which is both.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(value: i32) -> Vec<i32> {
    let mut result = vec![0; 10];
    let place = Handoff::new();
    #[parallel(num_threads(2), shared(result))]
    {
        #[sections]
        {
            #[section]
            {
                let mut x = vec![0; 10];
                x[3] = value;
                place.put(x);
            }
            #[section(writes(result))]
            {
                let mut x: Vec<i32> = place.take();
                x[4] = x[3] + 1;
                result.copy_from_slice(&x);
            }
        }
    }
    result
}

pub fn run(_: &Team) {
    for value in 1..50 {
        let mut want = vec![0; 10];
        want[3] = value;
        want[4] = value + 1;
        assert_eq!(parallel(value), want);
    }
}

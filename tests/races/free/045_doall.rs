//! N-doall-1d: each iteration changes an element of its own.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &mut [i32]) {
    #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(a))]
    for i in 0..a.len() {
        a[i] += 1;
    }
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let mut a: Vec<i32> = (0..n as i32).collect();
        let mut want = a.clone();
        for i in 0..n {
            want[i] += 1;
        }
        parallel(team, &mut a);
        assert_eq!(a, want);
        // The same as a call: the elements are the loop.
        parallel_for(team.options(), &mut a, |x| *x -= 1);
        assert!((0..n).all(|i| a[i] == i as i32));
    }
}

//! N-doall-firstprivate: each thread has a copy of a value that was set before the loop.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &mut [i32], g: i32) {
    #[parallel_for(schedule(runtime), num_threads(team.threads), firstprivate(g), disjoint(a))]
    for i in 0..a.len() {
        a[i] += g;
    }
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let mut a: Vec<i32> = (0..n as i32).collect();
        let mut want = a.clone();
        for i in 0..n {
            want[i] += 100;
        }
        parallel(team, &mut a, 100);
        assert_eq!(a, want);
    }
}

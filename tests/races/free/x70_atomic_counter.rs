//! X-atomic-counter: iterations count in an atomic that they share.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

#[omp]
fn parallel(team: &Team, x: &[usize]) -> usize {
    let count = AtomicUsize::new(0);
    #[parallel_for(schedule(runtime), num_threads(team.threads))]
    for i in 0..x.len() {
        if x[i] % 3 == 0 {
            // Pairs with nothing: the end of the loop makes the count visible.
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
    count.into_inner()
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let x: Vec<usize> = (0..n).map(|i| i * i).collect();
        let mut want = 0;
        for v in &x {
            want += usize::from(v % 3 == 0);
        }
        assert_eq!(parallel(team, &x), want);
    }
}

//! X-mutex: iterations push into a list behind a lock.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;
use std::sync::Mutex;

#[omp]
fn parallel(team: &Team, x: &[usize]) -> Vec<usize> {
    let seen = Mutex::new(Vec::new());
    #[parallel_for(schedule(runtime), num_threads(team.threads))]
    for i in 0..x.len() {
        if x[i] % 2 == 1 {
            seen.lock().unwrap().push(x[i]);
        }
    }
    seen.into_inner().unwrap()
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let x: Vec<usize> = (0..n).map(|i| i * 7 % 10).collect();
        let mut want = Vec::new();
        for v in &x {
            if v % 2 == 1 {
                want.push(*v);
            }
        }
        let mut seen = parallel(team, &x);
        seen.sort();
        want.sort();
        assert_eq!(seen, want);
    }
}

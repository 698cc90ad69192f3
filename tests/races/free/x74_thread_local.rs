//! X-thread-local: each thread counts in a cell of its own, and hands the count over.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;
use std::cell::Cell;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

#[omp]
fn parallel(team: &Team, n: usize) -> usize {
    let mut sum = 0;
    #[parallel_for(schedule(runtime), num_threads(team.threads), reduction(+: sum))]
    for i in 0..n {
        COUNT.with(|count| count.set(count.get() + i));
        sum += COUNT.take();
    }
    sum
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let mut want = 0;
        for i in 0..n {
            want += i;
        }
        assert_eq!(parallel(team, n), want);
    }
}

//! N-threadprivate: each thread sums in a variable of its own, and adds it to a common one.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

threadprivate! {
    static SUM0: i64 = 0;
}

fn add(i: i64) {
    SUM0.with_mut(|sum| *sum += i);
}

#[omp]
fn parallel(team: &Team, n: i64) -> i64 {
    let sum = Critical::new(0);
    SUM0.set(5);
    #[parallel(num_threads(team.threads), copyin(SUM0))]
    {
        #[for_each(schedule(runtime))]
        for i in 1..=n {
            add(i);
        }
        #[critical(sum)]
        {
            *sum += SUM0.get();
        }
    }
    sum.into_inner()
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let mut want = 5 * team.threads as i64;
        for i in 1..=n as i64 {
            want += i;
        }
        assert_eq!(parallel(team, n as i64), want);
    }
}

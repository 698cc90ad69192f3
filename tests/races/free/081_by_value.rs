//! N-private-by-value: each thread's function has its own copy of its argument.

use crate::team::Team;
use phalanx::prelude::*;

fn one_more(mut q: i32) -> i32 {
    q += 1;
    q
}

#[omp]
fn parallel(team: &Team, i: i32) -> (i32, i32) {
    let sum = Atomic::new(0);
    #[parallel(num_threads(team.threads))]
    {
        sum.add(one_more(i));
    }
    (i, sum.into_inner())
}

pub fn run(team: &Team) {
    for i in 0..20 {
        let mut want = 0;
        for _ in 0..team.threads {
            want += one_more(i);
        }
        assert_eq!(parallel(team, i), (i, want));
    }
}

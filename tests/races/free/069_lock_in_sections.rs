//! N-lock-sections: two sections change one variable, under a lock that owns it.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, start: i32) -> i32 {
    let i = Lock::new(start);
    #[parallel(num_threads(team.threads))]
    {
        #[sections]
        {
            #[section]
            {
                *i.lock() += 1;
            }
            #[section]
            {
                *i.lock() += 2;
            }
        }
    }
    i.into_inner()
}

pub fn run(team: &Team) {
    for start in 0..20 {
        assert_eq!(parallel(team, start), start + 1 + 2);
    }
}

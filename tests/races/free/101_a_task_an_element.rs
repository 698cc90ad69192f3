//! N-task-per-element: a loop makes a task for each element of an array.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &mut [usize]) {
    #[parallel(num_threads(team.threads), shared(a))]
    {
        #[single(writes(a))]
        {
            #[taskgroup]
            {
                for (i, x) in a.iter_mut().enumerate() {
                    #[task]
                    {
                        *x = i;
                    }
                }
            }
        }
    }
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let mut a = vec![7; n];
        parallel(team, &mut a);
        assert!(a.iter().enumerate().all(|(i, x)| i == *x));
    }
}

//! N-taskgroup: what the tasks of a group have written is there for a task after it.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team) -> i32 {
    let mut result = 0;
    #[parallel(num_threads(team.threads), shared(result))]
    {
        #[single(writes(result))]
        {
            #[taskgroup]
            {
                #[taskgroup]
                {
                    #[task]
                    {
                        *result = 1;
                    }
                }
                #[task]
                {
                    *result += 2;
                }
            }
        }
    }
    result
}

pub fn run(team: &Team) {
    for _ in 0..20 {
        assert_eq!(parallel(team), 3);
    }
}

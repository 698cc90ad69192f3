//! N-task-depend: one task writes, the next reads, and a third writes again.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team) -> (i32, i32) {
    let (mut i, mut j) = (0, 0);
    #[parallel(num_threads(team.threads), shared(i, j))]
    {
        #[single(writes(i, j))]
        {
            #[taskgroup]
            {
                #[task(depend(out: i))]
                {
                    *i = 1;
                }
                #[task(depend(in: i))]
                {
                    *j = *i;
                }
                #[task(depend(out: i))]
                {
                    *i = 2;
                }
            }
        }
    }
    (i, j)
}

pub fn run(team: &Team) {
    for _ in 0..20 {
        assert_eq!(parallel(team), (2, 1));
    }
}

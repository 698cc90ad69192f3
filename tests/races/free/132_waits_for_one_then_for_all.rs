//! N-taskwait-depend: first a wait for those who write `x`, then one for all.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team) -> (i32, i32, i32) {
    let (mut x, mut y, mut seen) = (0, 2, 0);
    #[parallel(num_threads(team.threads), shared(x, y, seen))]
    {
        #[single(writes(x, y, seen))]
        {
            #[taskgroup]
            {
                #[task(depend(inout: x))]
                {
                    *x += 1;
                }
                #[task]
                {
                    *y -= 1;
                }
                #[taskwait(depend(in: x))]
                {
                    *seen = *x;
                }
            }
            // `y` is there now.
            *seen += 10 * *y;
        }
    }
    (x, y, seen)
}

pub fn run(team: &Team) {
    for _ in 0..20 {
        assert_eq!(parallel(team), (1, 1, 11));
    }
}

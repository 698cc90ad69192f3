//! N-barrier-phase: nobody waits at the loop's end, but at a barrier before one thread reads the array.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &mut [i32], b: i32) -> i32 {
    let n = a.len();
    let mut error = 0i32;
    #[parallel(num_threads(team.threads), shared(a, error))]
    {
        #[nowait]
        {
            #[for_each(schedule(runtime), disjoint(a))]
            for i in 0..n {
                a[i] = b + a[i] * 5;
            }
        }
        barrier!();
        #[single(reads(a), writes(error))]
        {
            *error = a[9] + 1;
        }
    }
    error
}

pub fn run(team: &Team) {
    for n in [10, 64, 1000] {
        let mut a: Vec<i32> = (0..n).collect();
        let mut want = a.clone();
        for x in &mut want {
            *x = 5 + *x * 5;
        }
        assert_eq!(parallel(team, &mut a, 5), want[9] + 1);
        assert_eq!(a, want);
    }
}

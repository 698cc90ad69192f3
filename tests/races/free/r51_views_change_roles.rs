//! R-view: two arrays swap roles between the loops of a region, on every thread alike.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, a: &mut [i64], b: &mut [i64], steps: usize) -> i64 {
    let n = a.len();
    let mut last = 0i64;
    #[parallel(num_threads(team.threads), shared(a, b, last))]
    {
        for step in 0..steps {
            #[for_each(schedule(runtime), reads(a), disjoint(b))]
            for i in 0..n {
                b[i] = a[(i + n - 1) % n] + 2 * a[(i + 1) % n];
            }
            std::mem::swap(&mut a, &mut b);
            let first = #[single(reads(a))]
            {
                a[0]
            };
            // The same on all threads, so they may decide by it.
            if first % 2 == 0 || step + 1 == steps {
                #[single(writes(last))]
                {
                    *last += first;
                }
            }
        }
    }
    last
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let mut a: Vec<i64> = (0..n as i64).map(|i| i * i % 11).collect();
        let mut b = vec![0; n];
        let (mut want, mut want_last) = (a.clone(), 0);
        for step in 0..5 {
            let old = want.clone();
            for i in 0..n {
                want[i] = old[(i + n - 1) % n] + 2 * old[(i + 1) % n];
            }
            if want[0] % 2 == 0 || step == 4 {
                want_last += want[0];
            }
        }
        assert_eq!(parallel(team, &mut a, &mut b, 5), want_last);
        // After an odd number of swaps the newest values are in the array that came second.
        assert_eq!(b, want);
    }
}

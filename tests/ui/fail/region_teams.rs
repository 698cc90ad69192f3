//! Results that have no place, and teams inside a team.
use phalanx::prelude::*;

#[omp]
fn no_place(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    #[parallel]
    {
        #[for_each(reduction(+: sum))]
        for i in 0..x.len() {
            sum += x[i];
        }
    }
    sum
}

#[omp]
fn inner_teams(a: &mut [f64], b: &mut [f64]) {
    #[parallel(shared(a, b))]
    {
        #[parallel_for(disjoint(a))]
        for i in 0..9 {
            a[i] = 1.0;
        }
        #[parallel(shared(b))]
        {
            #[single(writes(b))]
            {
                b[0] = 1.0;
            }
        }
    }
}

fn main() {}

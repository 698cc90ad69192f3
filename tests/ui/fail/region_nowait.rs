//! What a loop that nobody waits for writes is not to be used before the scope's end.
use phalanx::prelude::*;

#[omp]
fn read_too_early(a: &mut [f64], b: &mut [f64]) {
    #[parallel(shared(a, b))]
    {
        #[nowait]
        {
            #[for_each(disjoint(a))]
            for i in 0..9 {
                a[i] = 1.0;
            }
            #[for_each(reads(a), disjoint(b))]
            for i in 0..9 {
                b[i] = a[0];
            }
        }
    }
}

#[omp]
fn needs_all(x: &[f64]) -> f64 {
    let mut sum = 0.0f64;
    #[parallel(shared(sum))]
    {
        #[nowait]
        {
            #[for_each(reduction(+: sum))]
            for i in 0..x.len() {
                sum += x[i];
            }
            barrier!();
        }
    }
    sum
}

fn main() {}

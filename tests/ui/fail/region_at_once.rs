//! Sections that run at once, and constructs for which nobody waits.
use phalanx::prelude::*;

#[omp]
fn sections(a: &mut [f64], b: &mut [f64]) {
    #[parallel(shared(a, b))]
    {
        #[sections]
        {
            #[section(writes(a), reads(b))]
            {
                a[0] = b[0];
            }
            #[section(writes(a))]
            {
                a[0] = 2.0;
            }
            #[section(writes(b))]
            {
                b[0] = 2.0;
            }
        }
    }
}

#[omp]
fn nowait(a: &mut [f64], b: &mut [f64]) {
    #[parallel(shared(a, b))]
    {
        #[nowait]
        {
            #[for_each(disjoint(a))]
            for i in 0..9 {
                a[i] = 1.0;
            }
            #[single(reads(a), writes(b))]
            {
                b[0] = a[0];
            }
            std::mem::swap(&mut a, &mut b);
        }
    }
}

fn main() {}

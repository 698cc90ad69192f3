//! A refused loop is one error: what it would have used is no mistake of its own.
use phalanx::prelude::*;

#[omp]
fn refused(x: &[f64], y: &mut [f64], n: usize) {
    let scale = 2.0;
    #[parallel(shared(y))]
    {
        let mut own = 0.0;
        let shift = 1.0;
        #[for_each(disjoint(y))]
        for i in 0..n {
            own += scale * x[i];
            y[i + 1] = own + shift;
        }
    }
}

fn main() {}

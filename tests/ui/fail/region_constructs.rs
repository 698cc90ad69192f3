//! Constructs where they cannot stand, and clauses that they do not have.
use phalanx::prelude::*;

#[omp]
fn outside(a: &mut [f64]) {
    #[for_each]
    for x in a.iter_mut() {
        *x = 1.0;
    }
    #[single]
    {
        println!("once");
    }
    barrier!();
}

#[omp]
fn nested(a: &mut [f64]) {
    #[parallel(shared(a))]
    {
        #[for_each(disjoint(a))]
        for i in 0..10 {
            a[i] = 1.0;
            barrier!();
        }
        #[single]
        {
            #[for_each]
            for _ in 0..10 {}
        }
    }
}

#[omp]
fn clauses(a: &mut [f64]) {
    let total = Critical::new(0.0);
    #[parallel(shared(a), schedule(static), num_threads(2))]
    {
        #[for_each(num_threads(4), disjoint(a))]
        for i in 0..10 {
            a[i] = 1.0;
        }
        #[single(disjoint(a))]
        {}
        #[critical]
        {
            println!("{total:?}");
        }
        #[sections]
        {
            println!("no section");
        }
        #[section]
        {}
        #[parallel]
        for _ in 0..3 {}
    }
}

fn main() {}

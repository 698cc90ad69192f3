//! Clauses of a region and its constructs that contradict each other, or do nothing.
use phalanx::prelude::*;

#[omp]
fn twice(a: &mut [f64], n: usize) {
    #[parallel(shared(a, a))]
    {
        #[single(reads(a))]
        {
            println!("{}", a[0]);
        }
    }
    #[parallel(shared(a), private(n), firstprivate(n))]
    {
        #[single(reads(a), writes(a))]
        {
            a[0] = 1.0;
        }
        n = 5;
        println!("{n}");
    }
    #[parallel(firstprivate(a), shared(a))]
    {
        #[sections]
        {
            #[section(writes(a, a))]
            {
                a[0] = 1.0;
            }
        }
    }
}

#[omp]
fn nothing(a: &mut [f64], b: &mut [f64], n: usize) {
    #[parallel(shared(a, b), firstprivate(n))]
    {
        #[single(reads(a))]
        {}
        #[masked(writes(a))]
        {
            println!("nothing");
        }
        #[sections]
        {
            #[section(reads(a))]
            {}
        }
        #[for_each(reads(a))]
        for _ in 0..10 {}
    }
}

struct Field {
    data: Vec<f64>,
}

#[omp]
impl Field {
    fn not_shared(&mut self, x: &[f64], y: &mut [f64]) {
        #[parallel]
        {
            #[for_each(reads(x), disjoint(y))]
            for i in 0..10 {
                y[i] = x[i];
            }
            #[for_each(disjoint(self.data))]
            for i in 0..10 {
                self.data[i] = 1.0;
            }
        }
    }
}

#[omp]
fn given_twice(a: &mut [f64]) {
    #[parallel(num_threads(2), num_threads(3), shared(a), if(true), if(false))]
    {
        #[for_each(schedule(static), schedule(dynamic), disjoint(a))]
        for i in 0..10 {
            a[i] = 1.0;
        }
    }
}

fn main() {}

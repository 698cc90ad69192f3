//! `nowait` where nothing can run meanwhile, and what may not be used before all have met.
use phalanx::prelude::*;

#[omp]
fn alone(a: &mut [f64], b: &mut [f64], steps: usize) {
    #[parallel(shared(a, b))]
    {
        for _ in 0..steps {
            #[for_each(nowait, disjoint(a))]
            for i in 0..10 {
                a[i] += 1.0;
            }
        }
        #[for_each(nowait, disjoint(a))]
        for i in 0..10 {
            a[i] += 1.0;
        }
        let scale = 2.0;
        #[for_each(disjoint(b))]
        for i in 0..10 {
            b[i] *= scale;
        }
        println!("{scale}");
        let x = #[single(nowait, reads(a))]
        {
            a[0]
        };
        println!("{x}");
    }
}

#[omp]
fn unfinished(a: &mut [f64], b: &mut [f64]) {
    #[parallel(shared(a, b))]
    {
        #[for_each(nowait, disjoint(a))]
        for i in 0..10 {
            a[i] += 1.0;
        }
        #[for_each(reads(a), disjoint(b))]
        for i in 0..10 {
            b[i] = a[9 - i];
        }
        #[nowait]
        {
            #[for_each(reads(a))]
            for i in 0..10 {
                println!("{}", a[i]);
            }
            #[single(writes(a))]
            {
                a[0] = 1.0;
            }
            #[for_each]
            for x in b.items_mut() {
                *x = 2.0;
            }
            #[sections]
            {
                #[section(reads(b))]
                {
                    println!("{}", b[0]);
                }
            }
        }
    }
}

#[omp]
fn looked_at(a: &mut [f64], b: &mut [f64]) {
    #[parallel(shared(a, b))]
    {
        #[for_each(nowait, disjoint(a))]
        for i in 0..10 {
            a[i] += 1.0;
        }
        #[for_each(disjoint(b))]
        for i in 0..a.len() {
            b[i] = 1.0;
        }
        #[for_each(nowait, disjoint(a))]
        for i in 0..10 {
            a[i] += 1.0;
        }
        println!("{}", a.len());
        let n = a.len();
        #[for_each(disjoint(b))]
        for i in 0..10 {
            b[i] = n as f64;
        }
    }
}

fn main() {}

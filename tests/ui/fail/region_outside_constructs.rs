//! What threads share, touched where no construct shares it out.
use phalanx::prelude::*;

#[omp]
fn arrays(a: &mut [f64]) -> f64 {
    let mut change = 0.0f64;
    #[parallel(shared(a, change))]
    {
        a[0] = 1.0;
        if change > 0.5 {
            println!("{}", *change);
        }
    }
    change
}

#[omp]
fn read_after_a_loop(a: &mut [f64]) {
    #[parallel(shared(a))]
    {
        #[for_each(disjoint(a))]
        for i in 0..10 {
            a[i] = 1.0;
        }
        println!("{}", a[3]);
    }
}

#[omp]
fn variables() {
    let (mut sum, mut last, mut list) = (0, 0, vec![0]);
    #[parallel]
    {
        sum += 1;
        last = phalanx::thread_num();
        std::mem::swap(&mut list, &mut vec![1]);
    }
    println!("{sum} {last} {list:?}");
}

#[omp]
fn until_done(x: &[f64]) {
    let (mut done, mut found) = (false, false);
    #[parallel(shared(done, found))]
    {
        while !done {
            #[single(writes(done))]
            {
                *done = x[0] > 1.0;
            }
        }
        if found {
            println!("{}", x[0]);
        }
    }
}

struct Sums {
    total: i32,
}

#[omp]
impl Sums {
    fn add(&mut self, other: &mut Sums) {
        #[parallel]
        {
            self.total += 1;
            other.total = 1;
        }
    }
}

fn main() {}

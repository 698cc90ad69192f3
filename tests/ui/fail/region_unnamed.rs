//! What a construct touches without a clause that says so.
use phalanx::prelude::*;

#[omp]
fn arrays(a: &mut [f64], b: &mut [f64]) {
    #[parallel(shared(a, b))]
    {
        #[for_each(disjoint(b))]
        for i in 1..9 {
            b[i] = a[i - 1] + a[i + 1];
        }
        #[single(writes(a))]
        {
            a[0] = b[0];
        }
        #[masked]
        {
            b[0] = 1.0;
        }
    }
}

#[omp]
fn variables() -> i32 {
    let mut count = 0;
    let mut list = vec![0];
    let (total, other) = (Critical::new(0), Critical::new(0));
    #[parallel]
    {
        #[single]
        {
            count += 1;
        }
        #[critical(total)]
        {
            *total += 1;
            *other += 1;
            list[0] += 1;
        }
        print_it(*total);
    }
    count
}

fn print_it(x: i32) {
    println!("{x}");
}

#[omp]
fn orphaned(cx: &mut Ctx, a: &mut View<f64>, g: &mut GridView<'_, f64>) -> f64 {
    let first = a[0];
    #[for_each(disjoint(a))]
    for i in 0..10 {
        a[i] += g[0][0];
    }
    first
}

fn main() {}

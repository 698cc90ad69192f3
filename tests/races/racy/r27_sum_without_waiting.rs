//! R-nowait: a sum is used before all threads have added to it.
// twin: free/121_reductions_in_a_region

use phalanx::prelude::*;

#[omp]
fn run(a: &[i32]) -> i32 {
    let mut sum = 0i32;
    #[parallel(shared(sum))]
    {
        #[nowait]
        {
            #[for_each(reduction(+: sum))] //~ `reduction` inside `#[nowait]`
            for i in 0..a.len() {
                sum += a[i];
            }
        }
    }
    sum
}

fn main() {
    println!("{}", run(&[1; 100]));
}

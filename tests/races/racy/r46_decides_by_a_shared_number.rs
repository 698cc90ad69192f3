//! R-view: threads decide by a number that one of them is changing whether there is another step.
// twin: free/r51_views_change_roles: `single` gives its value to all threads

use phalanx::prelude::*;

#[omp]
fn run(x: &[f64]) {
    let mut change = 1.0f64;
    #[parallel(shared(change))]
    {
        while change > 0.1 {
            //~ `change` outside of a construct
            #[for_each(reduction(+: change))]
            for i in 0..x.len() {
                change += x[i];
            }
        }
    }
}

fn main() {
    run(&[1.0; 100]);
}

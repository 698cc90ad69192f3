//! Y-missing-reduction: the sum is a field of `self`.
// twin: free/065_pi; reduce a variable, and store it

use phalanx::prelude::*;

struct Total {
    sum: i32,
}

#[omp]
impl Total {
    fn add(&mut self, a: &[i32]) {
        #[parallel_for]
        for i in 0..a.len() {
            self.sum += a[i]; //~ `self.sum` is updated by every iteration
        }
    }
}

fn main() {
    Total { sum: 0 }.add(&[1; 100]);
}

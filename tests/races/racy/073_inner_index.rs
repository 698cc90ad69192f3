//! Y-missing-private-loopvar: the index of the inner loop is a variable that all iterations share.
// twin: free/046_doall_rows: `for j in ..` is a variable of each iteration

use phalanx::prelude::*;

#[omp]
fn run(a: &mut Grid2<i32>) {
    let (rows, cols) = a.shape();
    let mut j;
    #[parallel_for(disjoint(a))]
    for i in 0..rows {
        j = 0; //~ `j` is assigned by every iteration: add `private(j)`
        while j < cols {
            a[i][j] += 1;
            j += 1;
        }
    }
}

fn main() {
    run(&mut Grid2::filled(100, 100, 1));
}

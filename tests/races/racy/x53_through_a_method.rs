//! Y-loop-carried-1d: a method of `self` reads another element of the owned field.
// twin: free/194_two_buffers

use phalanx::prelude::*;

struct Line {
    y: Vec<i32>,
}

#[omp]
impl Line {
    fn at(&self, i: usize) -> i32 {
        self.y[i]
    }
    fn shift(&mut self) {
        #[parallel_for(disjoint(self.y))]
        for i in 0..9 {
            //~ E0502 cannot borrow `*self` as immutable because it is also borrowed as mutable
            self.y[i] = self.at(i + 1);
        }
    }
}

fn main() {
    Line { y: vec![0; 10] }.shift();
}

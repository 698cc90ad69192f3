//! An array of which an iteration owns one element is given away whole, or used whole in a macro.
use phalanx::prelude::*;

fn all(y: &mut [f64]) {
    y.fill(1.0);
}

struct Field {
    y: Vec<f64>,
}

#[omp]
impl Field {
    fn given_away(&mut self) {
        let y = &mut self.y[..];
        #[parallel_for(disjoint(y))]
        for i in 0..4 {
            all(y);
            y[i] = 1.0;
        }
    }

    fn in_a_macro(&mut self) {
        #[parallel_for(disjoint(self.y))]
        for i in 0..4 {
            self.y[i] = 1.0;
            println!("{}", self.y[0]);
        }
    }
}

fn main() {}

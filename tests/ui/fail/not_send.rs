use phalanx::prelude::*;

#[omp]
fn f(y: &mut [std::rc::Rc<u8>]) {
    #[parallel_for(disjoint(y))]
    for i in 0..4 {
        y[i] = std::rc::Rc::new(1);
    }
}

fn main() {}

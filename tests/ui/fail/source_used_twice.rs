use phalanx::prelude::*;

fn f(y: &mut [f64]) {
    let source = chunks_mut(y, 4);
    parallel_for(Static, source, |c| c.fill(1.0));
    parallel_for(Static, source, |c| c.fill(2.0));
}

fn main() {}

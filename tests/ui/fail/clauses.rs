use phalanx::prelude::*;

#[omp]
fn f(x: &[f64], y: &mut [f64]) {
    let mut s = 0.0;
    #[parallel_for(schedule(fast), reduction(-: s), disjiont(y))]
    for i in 0..x.len() {
        s += x[i];
        y[i] = x[i];
    }
    #[parallel_for(schedule(auto, 4), disjoint(y))]
    for i in 0..x.len() {
        y[i] = x[i];
    }
    #[parallel_for(schedule(dynamic, 0), schedule(static), proc_bind(wide), disjoint(y))]
    for i in 0..x.len() {
        y[i] = x[i] + s;
    }
    #[parallel_for(schedule(monotonic: fast), num_threads, collapse(9), disjoint(y))]
    for i in 0..x.len() {
        y[i] = x[i];
    }
    #[parallel_for(schedule(nonmonotonic: static), reduction(s), private(x[0]), disjoint(&y))]
    for i in 0..x.len() {
        let _ = x[i];
    }
}

fn main() {}

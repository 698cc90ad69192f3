//! What is updated or assigned is a part of a variable, or behind a reference.
use phalanx::prelude::*;

struct Sums {
    total: f64,
    last: f64,
    list: Vec<f64>,
}

#[omp]
fn field(x: &[f64], sums: &mut Sums) {
    #[parallel_for]
    for i in 0..x.len() {
        sums.total += x[i];
        sums.list[i] = x[i];
    }
}

#[omp]
fn reference(x: &[f64], sum: &mut f64) {
    #[parallel_for]
    for i in 0..x.len() {
        let mut add = |by: f64| *sum += by;
        add(x[i]);
    }
}

#[omp]
impl Sums {
    fn add(&mut self, x: &[f64]) {
        #[parallel_for]
        for i in 0..x.len() {
            self.total += x[i];
            self.last = x[i];
            self.list[i] = x[i];
        }
    }
}

#[omp]
fn both_at_once(x: &[f64]) {
    let (mut low, mut high) = (0.0, 0.0);
    #[parallel_for]
    for i in 0..x.len() {
        (low, [high]) = (x[i], [x[i] + 1.0]);
    }
    println!("{low} {high}");
}

#[omp]
fn swapped(x: &[f64]) {
    let mut largest = 0.0;
    #[parallel_for]
    for i in 0..x.len() {
        let mut mine = x[i];
        std::mem::swap(&mut mine, &mut largest);
    }
}

fn main() {}

//! Elements that are certainly not the iteration's own.
use phalanx::prelude::*;

#[omp]
fn read(a: &mut [i64]) {
    let n = a.len();
    #[parallel_for(disjoint(a))]
    for i in 0..n {
        a[i] = a[i] + a[0];
    }
    #[parallel_for(disjoint(a))]
    for i in 0..n {
        a[i] = a[n - 1 - i];
    }
}

#[omp]
fn written(a: &mut [i64], k: usize) {
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() / 2 {
        a[2 * i + 1] = a[i];
    }
    #[parallel_for(disjoint(a))]
    for i in 0i32..10 {
        a[(i + 3) as usize] = 1;
    }
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        a[k] += i as i64;
    }
}

#[omp]
fn several(a: &mut [i64]) {
    #[parallel_for(disjoint(a))]
    for i in 0..98 {
        let sum: i64 = a[i..i + 2].iter().sum();
        a[i] = sum;
    }
}

#[omp]
fn of_a_grid(g: &mut Grid2<i64>, a: &mut [i64]) {
    #[parallel_for(disjoint(g))]
    for i in 0..10 {
        for j in 0..10 {
            g[i][j] = g[0][j];
        }
    }
    #[parallel_for(collapse(2), disjoint(g))]
    for i in 0..10 {
        for j in 0..10 {
            g[i][0] += (i + j) as i64;
        }
    }
    #[parallel_for(collapse(2), disjoint(a))]
    for i in 0..10 {
        for j in 0..10 {
            a[i] += j as i64;
        }
    }
}

#[omp]
fn whole(a: &mut [i64]) {
    #[parallel_for(disjoint(a))]
    for i in 0..10 {
        for x in a.iter_mut() {
            *x += i as i64;
        }
    }
    #[parallel_for(disjoint(a))]
    for i in 0..9 {
        a.swap(i, i + 1);
    }
}

#[omp]
fn in_a_region(a: &mut [i64]) {
    #[parallel(shared(a))]
    {
        let (mut low, high) = a.split_at_mut(50);
        #[for_each(disjoint(low), reads(high))]
        for i in 0..49 {
            low[i] = low[i + 1] + high[0];
        }
    }
}

fn main() {}

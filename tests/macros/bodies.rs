//! Bodies that try the lowering: shadowing, closures, captures, labels, methods, generics, nesting.

use phalanx::prelude::*;
use std::collections::HashMap;

struct Solver {
    x: Vec<f64>,
    y: Vec<f64>,
    k: f64,
}

#[omp]
impl Solver {
    fn step(&mut self) {
        #[parallel_for(disjoint(self.y), num_threads(2))]
        for i in 0..self.x.len() {
            self.y[i] += self.k * self.x[i];
        }
    }
    #[allow(clippy::needless_range_loop)]
    fn total(&self) -> f64 {
        let mut total = 0.0;
        #[parallel_for(reduction(+: total))]
        for i in 0..self.x.len() {
            total += self.x[i] + self.helper(i);
        }
        total
    }
    fn helper(&self, i: usize) -> f64 {
        self.y[i]
    }
}

#[test]
fn methods_and_fields() {
    let mut s = Solver {
        x: vec![1.0; 100],
        y: vec![0.5; 100],
        k: 2.0,
    };
    s.step();
    assert_eq!((s.y[99], s.total()), (2.5, 350.0));
}

#[omp]
fn generic<T: Copy + Send + Sync + std::ops::Add<Output = T>>(x: &[T], y: &mut [T]) {
    #[parallel_for(disjoint(y))]
    for i in 0..x.len() {
        y[i] = y[i] + x[i];
    }
}

const TABLE: [u32; 4] = [1, 2, 3, 4];
static OFFSET: [u32; 4] = [5, 6, 7, 8];

#[omp]
fn odd(y: &mut Vec<u32>, z: &mut [u32], map: &HashMap<&str, Vec<u32>>, perm: &[usize]) {
    let n = y.len();
    let (key, by) = ("one", 3u32);
    let name = "z";
    #[parallel_for(disjoint(y, z), num_threads(3))]
    'rows: for i in 0..n {
        let t = [7, 8];
        let f = |k: u32| k + t[0] + by;
        for j in 0..2 {
            if j == 1 && i == 5 {
                continue 'rows;
            }
        }
        if i < z.len() {
            z[i] = f(TABLE[i % 4]) + OFFSET[i % 4] + map[key][0];
            assert!(perm[i] < 100, "{name} {}", perm[i]);
        }
        let w = &mut y[i];
        *w += 1;
        let i = perm[i];
        if i == usize::MAX {
            y[i] = 0;
        }
    }
}

#[test]
fn odd_bodies() {
    let map = HashMap::from([("one", vec![1])]);
    let (mut y, mut z) = (vec![0; 8], [0; 5]);
    odd(&mut y, &mut z, &map, &[1; 8]);
    assert_eq!(y, [1, 1, 1, 1, 1, 0, 1, 1]);
    assert_eq!(z, [17, 19, 21, 23, 17]);
    let mut v = [3, 4];
    generic(&[1, 2], &mut v);
    assert_eq!(v, [4, 6]);
}

#[omp]
fn nested(n: usize, rows: &mut [Vec<usize>]) -> usize {
    let mut sum = 0;
    #[parallel_for(disjoint(rows), reduction(+: sum), num_threads(2))]
    for i in 0..rows.len() {
        let row = &mut rows[i];
        row.resize(n, 0);
        let mut inner = 0;
        #[parallel_for(disjoint(row), reduction(+: inner))]
        for j in 0..n {
            row[j] = i * j;
            inner += 1;
        }
        sum += inner;
    }
    sum
}

#[test]
fn loops_nest() {
    let mut rows = vec![Vec::new(); 10];
    assert_eq!(nested(7, &mut rows), 70);
    assert!(
        rows.iter()
            .enumerate()
            .all(|(i, r)| r.iter().enumerate().all(|(j, &v)| v == i * j))
    );
}

#[derive(Clone, Debug, PartialEq)]
struct Big(Vec<u8>);
impl std::ops::Add<usize> for &Big {
    type Output = usize;
    fn add(self, k: usize) -> usize {
        self.0.len() + k
    }
}

#[omp]
fn operands_that_are_not_copy(big: &Big, out: &mut [usize]) {
    let own = Big(vec![1, 2]);
    #[parallel_for(disjoint(out))]
    for i in 0..out.len() {
        out[i] = big + i + (&own + 1);
    }
}

struct Wrap {
    x: f64,
    i: usize,
}

#[omp]
fn struct_shorthand(x: f64, out: &mut [f64]) {
    #[parallel_for(disjoint(out))]
    for i in 0..out.len() {
        let w = Wrap { x, i };
        out[i] = w.x * w.i as f64 + x;
    }
}

#[omp]
fn statics_count_once(y: &mut [usize]) {
    use std::sync::atomic::{AtomicUsize, Ordering};
    #[parallel_for(disjoint(y), num_threads(2))]
    for i in 0..y.len() {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        y[i] = COUNT.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn odd_captures() {
    let mut out = vec![0; 5];
    operands_that_are_not_copy(&Big(vec![0; 3]), &mut out);
    assert_eq!(out, [6, 7, 8, 9, 10]);
    let mut f = vec![0.0; 4];
    struct_shorthand(2.0, &mut f);
    assert_eq!(f, [2.0, 4.0, 6.0, 8.0]);
    let mut y = vec![0; 600];
    statics_count_once(&mut y);
    y.sort();
    assert!(
        y.iter().enumerate().all(|(i, &v)| i == v),
        "one static, not one a version"
    );
}

#[omp]
mod inside {
    use super::*;
    pub fn sum(x: &NumaVec<i32>) -> i32 {
        let mut s = 0;
        #[parallel_for(reduction(+: s))]
        for x in x {
            s += *x;
        }
        s
    }
}

#[test]
fn modules_can_be_marked() {
    assert_eq!(inside::sum(&NumaVec::from_fn(Static, 10, |i| i as i32)), 45);
}

#[omp]
fn swapped_views(a: &mut [u32], b: &mut [u32]) {
    #[parallel_for(disjoint(a, b), num_threads(2))]
    for i in 0..a.len() {
        std::mem::swap(&mut a, &mut b);
        a[i] += 1;
    }
}

#[test]
fn views_may_be_swapped() {
    let (mut a, mut b) = (vec![0; 9], vec![10; 9]);
    swapped_views(&mut a, &mut b);
    assert_eq!((a, b), (vec![0; 9], vec![11; 9]));
}

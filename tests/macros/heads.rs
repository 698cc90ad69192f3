//! What an annotated loop may run over.

use phalanx::prelude::*;
use std::sync::Mutex;

/// Runs a loop that notes its values, and compares them with std's.
macro_rules! same {
    ($($name:ident: $head:expr;)*) => {$(
        #[test]
        fn $name() {
            let mut got = collect::$name();
            got.sort();
            let mut want: Vec<_> = $head.collect();
            want.sort();
            assert_eq!(got, want);
        }
    )*};
}

mod collect {
    use super::*;
    macro_rules! collect {
        ($($name:ident: $t:ty = $head:expr;)*) => {$(
            #[omp]
            pub fn $name() -> Vec<$t> {
                let seen = Mutex::new(Vec::new());
                #[parallel_for(schedule(dynamic, 2), num_threads(3))]
                for v in $head {
                    seen.lock().unwrap().push(v);
                }
                seen.into_inner().unwrap()
            }
        )*};
    }
    collect! {
        bytes: u8 = 250u8..=255;
        signed: i32 = -7..9i32;
        wide: i128 = -3i128..4;
        down: i64 = (-5i64..6).rev();
        steps: usize = (3..40usize).step_by(7);
        down_steps: u16 = (0..100u16).rev().step_by(9);
        steps_down: i8 = (-100..100i8).step_by(33).rev();
        empty: usize = 5..5usize;
        closed: usize = 2..=9usize;
    }
}

same! {
    bytes: 250u8..=255;
    signed: -7..9i32;
    wide: -3i128..4;
    down: (-5i64..6).rev();
    steps: (3..40usize).step_by(7);
    down_steps: (0..100u16).rev().step_by(9);
    steps_down: (-100..100i8).step_by(33).rev();
    empty: 5..5usize;
    closed: 2..=9usize;
}

#[omp]
fn own_by_many_heads(y: &mut [i64], z: &mut Vec<i64>, x: &[i64]) {
    let n = y.len();
    #[parallel_for(disjoint(y))]
    for i in (0..n).rev() {
        y[i] = i as i64;
    }
    #[parallel_for(disjoint(y), num_threads(3))]
    for i in (1..n).step_by(2) {
        y[i] += 2 * x[i - 1];
    }
    #[parallel_for(disjoint(y))]
    for i in 0..n as i32 {
        y[i as usize] += 1;
    }
    #[parallel_for(disjoint(y))]
    for (i, x) in x.iter().enumerate() {
        y[i] += x;
    }
    #[parallel_for(disjoint(y))]
    for (i, x) in enumerate(x) {
        y[i] += x;
    }
    let r = 0..n;
    #[parallel_for(disjoint(y, z))]
    for i in r {
        z[i] = y[i];
    }
}

#[test]
fn own_elements_under_every_head() {
    let x: Vec<i64> = (0..101).map(|i| i * 3).collect();
    let (mut y, mut z) = (vec![0; 101], vec![0; 101]);
    own_by_many_heads(&mut y, &mut z, &x);
    for i in 0..101 {
        let odd = if i % 2 == 1 { 2 * x[i - 1] } else { 0 };
        assert_eq!((y[i], z[i]), (i as i64 + odd + 1 + 2 * x[i], y[i]));
    }
}

#[omp]
fn items(x: &[f64], y: &mut [f64], v: &mut [u32]) -> f64 {
    let mut sum = 0.0;
    #[parallel_for(reduction(+: sum), num_threads(2))]
    for (x, y) in (x, &*y) {
        sum += x * y;
    }
    #[parallel_for]
    for (x, y) in x.iter().zip(y.iter_mut()) {
        *y += x;
    }
    #[parallel_for(schedule(dynamic))]
    for (k, c) in v.chunks_mut(7).enumerate() {
        c.fill(k as u32);
    }
    #[parallel_for]
    for _ in 0..3 {}
    sum
}

#[test]
fn items_of_slices() {
    let x: Vec<f64> = (0..50).map(f64::from).collect();
    let (mut y, mut v) = (vec![1.0; 50], vec![9; 20]);
    assert_eq!(items(&x, &mut y, &mut v), 1225.0);
    assert!(y.iter().zip(&x).all(|(y, x)| *y == 1.0 + x));
    assert_eq!((v[0], v[7], v[19]), (0, 1, 2));
}

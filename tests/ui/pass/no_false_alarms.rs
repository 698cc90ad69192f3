//! Legal twins of what the checks refuse.

use phalanx::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

#[omp]
fn f(x: &[f64], y: &mut [f64]) -> Option<f64> {
    let found = AtomicUsize::new(0);
    let list = Mutex::new(Vec::new());
    let mut sum = 0.0;
    #[parallel_for(disjoint(y), reduction(+: sum))]
    for i in 1..x.len() - 1 {
        let mut local = 0.0;
        for k in [i - 1, i, i + 1] {
            if x[k] < 0.0 {
                break;
            }
            local += x[k];
        }
        let first = (|| Some(*x.get(i)? + 1.0))();
        let search = || {
            for v in x {
                if *v > local {
                    return Some(*v);
                }
            }
            None
        };
        let mut own = [0.0; 2];
        own[0] = local;
        own[1] += first.unwrap_or(search().unwrap_or(0.0));
        found.fetch_add(1, Ordering::Relaxed);
        list.lock().unwrap().push(i);
        y[i] = own[0] + own[1];
        sum += y[i];
    }
    let first = x.first()?;
    Some(sum + first)
}

fn main() {
    let mut y = [0.0; 10];
    assert!(f(&[1.0; 10], &mut y).is_some());
}

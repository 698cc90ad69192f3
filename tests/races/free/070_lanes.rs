//! N-simd-only: elements from elements of other arrays, on threads in the place of lanes.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

pub fn run(team: &Team) {
    for n in LENGTHS {
        let a: Vec<i32> = (0..n as i32).collect();
        let b: Vec<i32> = (0..n as i32).rev().collect();
        let (mut c, mut want) = (vec![0; n], vec![0; n]);
        for i in 0..n {
            want[i] = a[i] * b[i];
        }
        parallel_for(team.options(), (&a, &b, &mut c), |(a, b, c)| *c = a * b);
        assert_eq!(c, want);
    }
}

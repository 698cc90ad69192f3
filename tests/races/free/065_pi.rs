//! N-reduction: pi as a sum over slices, with a variable of each iteration's own.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, n: usize) -> f64 {
    let width = 1.0 / n as f64;
    let (mut pi, x) = (0.0, 0.0);
    #[parallel_for(schedule(runtime), num_threads(team.threads), reduction(+: pi), private(x))]
    for i in 0..n {
        x = (i as f64 + 0.5) * width;
        pi += 4.0 / (1.0 + x * x);
    }
    pi * width + x
}

pub fn run(team: &Team) {
    for n in [1, 10, 10_000] {
        let width = 1.0 / n as f64;
        let mut want = 0.0;
        for i in 0..n {
            let x = (i as f64 + 0.5) * width;
            want += 4.0 / (1.0 + x * x);
        }
        // The sum's order is the team's, so the last bits may differ.
        let pi = parallel(team, n);
        assert!((pi - want * width).abs() < 1e-12, "{pi} {}", want * width);
        let sum = parallel_reduce(team.options(), 0..n, ops::Add, 0, |s, i| *s += i);
        assert_eq!(sum, n * (n - 1) / 2);
    }
}

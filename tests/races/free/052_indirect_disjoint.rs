//! N-indirect-disjoint: two writes through an index array, 12 apart, that never meet.

use crate::team::Team;
use phalanx::ScatterError;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, base: &mut [f64], index: &[u32]) -> Result<(), ScatterError> {
    let targets = Scatter::with_options(team.options(), index, [0, 12], base.len())?;
    #[parallel_for(schedule(runtime), num_threads(team.threads))]
    for (i, [one, two]) in base.scatter(&targets).enumerate() {
        *one += 1.0 + i as f64;
        *two += 3.0;
    }
    let n = index.len();
    #[parallel(num_threads(team.threads), shared(base))]
    {
        #[for_each(schedule(runtime))]
        for (i, [one, two]) in (0..n, base.scatter(&targets)) {
            *one *= 2.0;
            *two += *one + i as f64;
        }
    }
    Ok(())
}

pub fn run(team: &Team) {
    // Twelve in turn out of every 24, from the last to the first.
    for n in [12, 180, 6000] {
        let index: Vec<u32> = (0..n).rev().map(|i| i / 12 * 24 + i % 12).collect();
        let mut base: Vec<f64> = (0..2 * n + 1).map(|k| f64::from(k % 19)).collect();
        let mut want = base.clone();
        for (i, at) in index.iter().enumerate() {
            let at = *at as usize;
            want[at] = 2.0 * (want[at] + 1.0 + i as f64);
            want[at + 12] += 3.0 + want[at] + i as f64;
        }
        parallel(team, &mut base, &index).unwrap();
        assert_eq!(base, want);
    }
}

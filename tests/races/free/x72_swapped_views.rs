//! N-doall-2d-rows: an iteration swaps its views of two arrays, and writes its row of each.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, g: &mut Grid2<usize>, h: &mut Grid2<usize>) {
    let rows = g.rows_len();
    #[parallel_for(schedule(runtime), num_threads(team.threads), disjoint(g, h))]
    for i in 0..rows {
        if i % 2 == 1 {
            std::mem::swap(&mut g, &mut h);
        }
        g[i][0] += i;
        h[i][1] += 2 * i;
    }
}

pub fn run(team: &Team) {
    for rows in [0, 1, 10, 101] {
        let (mut g, mut h) = (Grid2::filled(rows, 2, 1), Grid2::filled(rows, 2, 2));
        let (mut want_g, mut want_h) = (g.clone(), h.clone());
        for i in 0..rows {
            let (first, second) = match i % 2 {
                0 => (&mut want_g, &mut want_h),
                _ => (&mut want_h, &mut want_g),
            };
            first[i][0] += i;
            second[i][1] += 2 * i;
        }
        parallel(team, &mut g, &mut h);
        assert_eq!((g, h), (want_g, want_h));
    }
}

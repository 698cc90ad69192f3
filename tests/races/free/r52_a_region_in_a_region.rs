//! R-nesting: each thread has a team of its own for an array of its own.

use crate::team::Team;
use phalanx::prelude::*;

fn parallel(team: &Team, n: usize) -> u64 {
    let sum = Atomic::new(0);
    region(team.options(), (), |_cx, ()| {
        let mut own = vec![1u64; n];
        region(team.schedule.num_threads(2), &mut own, |inner, mut own| {
            inner.for_each(team.schedule, (0..n, own.items_mut()), (), |(i, x), ()| {
                *x += i as u64
            });
        });
        sum.add(own.iter().sum());
    });
    sum.into_inner()
}

pub fn run(team: &Team) {
    for n in [1, 7, 64] {
        let mut want = 0;
        for i in 0..n as u64 {
            want += 1 + i;
        }
        assert_eq!(parallel(team, n), want * team.threads as u64);
    }
}

//! R-nesting: one thread alone has a team of its own, with barriers, while the others wait for it.

use crate::team::Team;
use phalanx::prelude::*;

fn parallel(team: &Team, n: u64) -> u64 {
    let sum = Atomic::new(0);
    region(team.options(), (), |cx, ()| {
        if cx.thread_num() == 0 {
            region(Options::new().num_threads(3), (), |inner, ()| {
                inner.barrier();
                inner.for_each(team.schedule, 0..n, (), |i, ()| sum.add(i));
                inner.barrier();
            });
        }
        cx.barrier();
        sum.add(1);
    });
    sum.into_inner()
}

pub fn run(team: &Team) {
    for n in [1, 7, 64] {
        let mut want = team.threads as u64;
        for i in 0..n {
            want += i;
        }
        assert_eq!(parallel(team, n), want);
    }
}

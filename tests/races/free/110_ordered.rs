//! N-ordered: a part of each iteration runs in the order of the iterations.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team, log: &mut [u64]) -> u64 {
    let n = log.len();
    let (mut x, mut at) = (0u64, 0usize);
    #[parallel_for(num_threads(team.threads), schedule(runtime), ordered, writes(x, at, log))]
    for i in 0..n {
        let square = (i * i) as u64;
        #[ordered]
        {
            *x = (*x * 31 + square) % 1_000_003;
            log[*at] = *x;
            *at += 1;
        }
    }
    x
}

/// The same without attributes.
fn by_calls(team: &Team, log: &mut [u64]) -> u64 {
    let n = log.len();
    let mut x = 0;
    let data = (shared(&mut x), log);
    region(team.options(), data, |cx, (mut x, mut log)| {
        let writes = (x.whole_mut(), log.whole_mut());
        cx.for_each_ordered(team.schedule, 0..n, (), writes, |i, (), turn| {
            let square = (i * i) as u64;
            turn.take(|(x, log)| {
                *x = (*x * 31 + square) % 1_000_003;
                log[i] = *x;
            });
        });
    });
    x
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let (mut x, mut want) = (0, Vec::new());
        for i in 0..n as u64 {
            x = (x * 31 + i * i) % 1_000_003;
            want.push(x);
        }
        let mut log = vec![0; n];
        assert_eq!((parallel(team, &mut log), &log), (x, &want));
        log.fill(0);
        assert_eq!((by_calls(team, &mut log), log), (x, want));
    }
}

//! N-taskwait-recursive: each call waits for its own two tasks, and adds what they bring.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn fib(n: u32) -> u32 {
    if n < 2 {
        return n;
    }
    let (mut i, mut j) = (0, 0);
    #[taskgroup]
    {
        #[task]
        {
            i = fib(n - 1);
        }
        #[task]
        {
            j = fib(n - 2);
        }
    }
    i + j
}

fn fib_by_hand(tg: &Task<'_>, n: u32) -> u32 {
    if n < 2 {
        return n;
    }
    let (mut i, mut j) = (0, 0);
    tg.group(|tg| {
        tg.task(|tg| i = fib_by_hand(tg, n - 1));
        j = fib_by_hand(tg, n - 2);
    });
    i + j
}

#[omp]
fn parallel(team: &Team, n: u32) -> (u32, u32) {
    let (mut with, mut without) = (0, 0);
    #[parallel(num_threads(team.threads), shared(with, without))]
    {
        #[single(writes(with, without))]
        {
            *with = fib(n);
            *without = taskgroup(|tg| fib_by_hand(tg, n));
        }
    }
    (with, without)
}

pub fn run(team: &Team) {
    let (mut f, mut next) = (0, 1);
    for n in 0..15 {
        assert_eq!(parallel(team, n), (f, f));
        (f, next) = (next, f + next);
    }
}

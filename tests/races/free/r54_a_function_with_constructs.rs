//! R-orphaned: functions that take the team's handle share out loops among whoever calls them.

use crate::team::{LENGTHS, Team};
use phalanx::prelude::*;

#[omp]
fn scale(cx: &mut Ctx, a: &mut View<u64>, by: u64) -> u64 {
    let mut sum = 0;
    #[for_each(schedule(runtime), disjoint(a), reduction(+: sum))]
    for i in 0..a.len() {
        a[i] *= by;
        sum += a[i];
    }
    sum
}

fn parallel(team: &Team, a: &mut [u64]) -> u64 {
    let seen = Atomic::new(0);
    region(team.options(), a, |cx, mut a| {
        for by in 1..4 {
            seen.max(scale(cx, &mut a, by));
        }
    });
    seen.into_inner()
}

pub fn run(team: &Team) {
    for n in LENGTHS {
        let mut a: Vec<u64> = (0..n as u64).collect();
        let want: Vec<u64> = a.iter().map(|x| x * 6).collect();
        assert_eq!(parallel(team, &mut a), want.iter().sum::<u64>());
        assert_eq!(a, want);
    }
}

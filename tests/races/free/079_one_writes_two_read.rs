//! N-task-depend: two tasks read what one has written.

use crate::team::Team;
use phalanx::prelude::*;

#[omp]
fn parallel(team: &Team) -> (i32, i32, i32) {
    let (mut i, mut j, mut k) = (0, 0, 0);
    #[parallel(num_threads(team.threads), shared(i, j, k))]
    {
        #[single(writes(i, j, k))]
        {
            #[taskgroup]
            {
                #[task(depend(out: i))]
                {
                    *i = 1;
                }
                #[task(depend(in: i))]
                {
                    *j = *i;
                }
                #[task(depend(in: i))]
                {
                    *k = *i;
                }
            }
        }
    }
    (i, j, k)
}

fn by_hand() -> (i32, i32, i32) {
    let (mut i, mut j, mut k) = (0, 0, 0);
    taskgroup(|tg| {
        let i = tg.dep(&mut i);
        tg.task_depend((i.output(),), |_, (i,)| *i = 1);
        tg.task_depend((i.input(),), |_, (i,)| j = *i);
        tg.task_depend((i.input(),), |_, (i,)| k = *i);
    });
    (i, j, k)
}

pub fn run(team: &Team) {
    for _ in 0..20 {
        assert_eq!(parallel(team), (1, 1, 1));
        assert_eq!(by_hand(), (1, 1, 1));
    }
}

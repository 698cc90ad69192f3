//! N-threadprivate-in-tasks: tasks of tasks read and write what each thread has for itself, and one variable of all.

use crate::team::Team;
use phalanx::prelude::*;
use std::cell::Cell;
use std::sync::atomic::{AtomicI32, Ordering};

threadprivate! {
    static TP: Cell<i32> = Cell::new(0);
}
static VAR: AtomicI32 = AtomicI32::new(0);

#[omp]
fn parallel(team: &Team) -> Vec<i32> {
    let seen = Lock::new(Vec::new());
    #[parallel(num_threads(team.threads))]
    {
        #[single]
        {
            #[taskgroup]
            {
                #[task]
                {
                    #[taskgroup]
                    {
                        #[task]
                        {
                            TP.with(|tp| tp.set(1));
                            #[taskgroup]
                            {
                                #[task]
                                {
                                    VAR.fetch_add(1, Ordering::Relaxed);
                                }
                            }
                            // Another task may have run on this thread meanwhile, and this one does not leave its thread.
                            seen.lock().push(TP.with(|tp| tp.get()));
                        }
                    }
                    TP.with(|tp| tp.set(2));
                }
            }
        }
    }
    seen.into_inner()
}

pub fn run(team: &Team) {
    for _ in 0..20 {
        let before = VAR.load(Ordering::Relaxed);
        assert_eq!(parallel(team), [1]);
        assert_eq!(VAR.load(Ordering::Relaxed), before + 1);
    }
}

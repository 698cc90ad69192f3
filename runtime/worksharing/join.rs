//! `join`: two closures on two threads.

use super::chunks::Thread;
use super::loops::team_loop;
use crate::schedule::Schedule;
use crate::team::options::Options;
use parking_lot::Mutex;

/// Runs both closures, on two threads where they are to be had, and returns both answers.
///
/// ```
/// let (sum, max) = phalanx::join(|| (0..100).sum::<i32>(), || (0..100).max());
/// assert_eq!((sum, max), (4950, Some(99)));
/// ```
///
/// # Panics
///
/// With the payload of the closure that panicked first.
pub fn join<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    let work = Mutex::new((Some(a), Some(b)));
    let mut out = (None, None);
    let options = Options::from(Schedule::Static).num_threads(2);
    team_loop(
        &options,
        2,
        |thread: &mut Thread<'_>| {
            let mut mine = (None, None);
            while let Some(r) = thread.next() {
                for k in r {
                    let (a, b) = {
                        let mut w = work.lock();
                        if k == 0 {
                            (w.0.take(), None)
                        } else {
                            (None, w.1.take())
                        }
                    };
                    mine.0 = a.map(|f| f()).or(mine.0);
                    mine.1 = b.map(|f| f()).or(mine.1);
                }
            }
            mine
        },
        |(a, b)| {
            out.0 = a.or(out.0.take());
            out.1 = b.or(out.1.take());
        },
    );
    match out {
        (Some(a), Some(b)) => (a, b),
        _ => unreachable!("a loop of two iterations runs both, or panics"),
    }
}

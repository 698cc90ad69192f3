//! The `parallel` construct: a region whose threads share arrays by views.

use super::share::Share;
use crate::team::options::Options;
use crate::team::region::{Ctx, spmd};
use parking_lot::Mutex;
use std::panic::Location;

/// Runs `body` once on each thread of a team, as one region (OpenMP 6.0, "parallel Construct").
///
/// `data` is what the threads share to write: each of them gets a view of it, which opens only inside the
/// constructs that `cx` offers. What they all only read is captured by the closure; what is a thread's own
/// is a local variable of it.
///
/// ```
/// use phalanx::prelude::*;
/// let (mut a, mut b) = (vec![1.0; 1000], vec![0.0; 1000]);
/// region(Static, (&mut a, &mut b), |cx, (mut a, mut b)| {
///     for _ in 0..10 {
///         cx.for_each(Static, (0..1000, b.items_mut()), a.reading(), |(i, b), a| {
///             *b = 0.5 * (a[(i + 999) % 1000] + a[(i + 1) % 1000]);
///         });
///         // On every thread alike: the two arrays change roles.
///         std::mem::swap(&mut a, &mut b);
///     }
/// });
/// assert_eq!(a[17], 1.0);
/// ```
///
/// The team comes from `options`, whose schedule has no meaning here.
///
/// # Panics
///
/// With the first payload that a thread panicked with; the other threads leave the region at their next
/// construct or barrier, and the team can be used again. With a message that names both places when the
/// threads do not meet in the same constructs, or when one of them leaves the region early.
#[track_caller]
pub fn region<D: Share>(
    options: impl Into<Options>,
    mut data: D,
    body: impl for<'r> Fn(&mut Ctx<'r>, D::View<'r>) + Sync,
) {
    let raw = Raw::<D>(data.raw());
    spmd(&options.into(), Location::caller(), move |cx| {
        // SAFETY: `data` is borrowed until `spmd` returns, one view is made a thread, and views do not
        // leave their thread. They carry this region's origin.
        let view = unsafe { D::view(raw.get(), &mut cx.origin()) };
        body(cx, view);
    });
}

/// As [`region`], and returns what the threads return, in order of thread number.
///
/// ```
/// use phalanx::prelude::*;
/// use phalanx::region_map;
/// let numbers = region_map(Options::new().num_threads(3), (), |cx, ()| cx.thread_num());
/// assert_eq!(numbers, [0, 1, 2]);
/// ```
///
/// # Panics
///
/// As [`region`].
#[track_caller]
pub fn region_map<D: Share, R: Send>(
    options: impl Into<Options>,
    data: D,
    body: impl for<'r> Fn(&mut Ctx<'r>, D::View<'r>) -> R + Sync,
) -> Vec<R> {
    let brought = Mutex::new(Vec::new());
    region(options, data, |cx, views| {
        let value = body(cx, views);
        brought.lock().push((cx.thread_num(), value));
    });
    let mut brought = brought.into_inner();
    brought.sort_unstable_by_key(|(num, _)| *num);
    brought.into_iter().map(|(_, value)| value).collect()
}

/// Addresses on their way to the threads.
struct Raw<D: Share>(D::Raw);
// SAFETY: they are only looked at, to make the views, and what `Share` takes is `Send`.
unsafe impl<D: Share> Sync for Raw<D> {}
impl<D: Share> Raw<D> {
    fn get(&self) -> D::Raw {
        self.0
    }
}

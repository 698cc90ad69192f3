//! `critical`: data that are reached by one thread at a time.

use super::lock::Lock;
use std::fmt;

/// Data that are reached by one thread at a time, and only so (OpenMP 6.0, "critical Construct": the value's
/// own name is the name of the critical section).
///
/// ```
/// use phalanx::prelude::*;
/// static LARGEST: Critical<u64> = Critical::new(0);
/// parallel_for(Static, 0..1000u64, |i| {
///     let x = i * 7919 % 1000;
///     LARGEST.with(|largest| *largest = x.max(*largest));
/// });
/// LARGEST.with(|largest| assert_eq!(*largest, 999));
/// ```
#[derive(Default)]
pub struct Critical<T: ?Sized>(Lock<T>);

impl<T> Critical<T> {
    /// Data that nobody uses yet.
    pub const fn new(data: T) -> Self {
        Critical(Lock::new(data))
    }
    /// The data, when nobody shares them any more.
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

impl<T: ?Sized> Critical<T> {
    /// Runs `f` with the data; waits while another thread has them.
    ///
    /// # Panics
    ///
    /// When this thread is inside already: it would wait for itself. When `f` enters a construct or forks a
    /// team, that panics.
    #[inline]
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        self.0.with(f)
    }
    /// The data, without waiting: the borrow is exclusive.
    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Critical<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Critical").field(&&self.0).finish()
    }
}

//! Something that happens once and that threads wait for.

use super::current::{leave, wait_until};
use std::sync::OnceLock;

/// Something that happens once, with a value that everyone may read afterwards.
///
/// What the thread that sets it did before is visible to those that have waited. A thread that waits in a
/// team leaves with it if a teammate panics; what nobody ever sets is waited for for ever. (A thread that the
/// program starts by itself, also by `std::thread::scope` inside a region, belongs to no team.)
///
/// ```
/// use phalanx::prelude::*;
/// let table = Event::new();
/// region(Options::new().num_threads(2), (), |cx, ()| {
///     if cx.thread_num() == 0 {
///         table.set(vec![1, 2, 3]);
///     }
///     assert_eq!(table.wait().len(), 3);
/// });
/// ```
#[derive(Debug)]
pub struct Event<T = ()>(OnceLock<T>);

impl<T> Event<T> {
    /// It has not happened.
    pub const fn new() -> Self {
        Event(OnceLock::new())
    }
    /// It happens, with a value.
    ///
    /// # Panics
    ///
    /// When it has happened before.
    #[track_caller]
    pub fn set(&self, value: T) {
        assert!(
            self.0.set(value).is_ok(),
            "an event is set that has happened already: its first value is kept, and may be in use"
        );
    }
    /// Waits until it happens.
    pub fn wait(&self) -> &T {
        if wait_until(|| self.0.get().is_some()).is_err() {
            leave()
        }
        self.0.get().expect("it has happened")
    }
    /// The value, if it has happened.
    pub fn get(&self) -> Option<&T> {
        self.0.get()
    }
    /// Whether it has happened.
    pub fn is_set(&self) -> bool {
        self.0.get().is_some()
    }
    /// Makes it one that has not happened.
    pub fn reset(&mut self) -> Option<T> {
        self.0.take()
    }
}
impl<T> Default for Event<T> {
    fn default() -> Self {
        Event::new()
    }
}

//! A place for one value that goes from one thread to another.

use super::current::{leave, wait_until};
use std::cell::UnsafeCell;
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};

const EMPTY: u8 = 0;
const BUSY: u8 = 1;
const FULL: u8 = 2;

/// Passes plain data from one thread to another: what a program in C does with a flag, and a flush between
/// flag and data (OpenMP 6.0, "flush Construct").
///
/// It holds one value at a time: [`put`](Handoff::put) waits while it is full, [`take`](Handoff::take) while
/// it is empty. What the giving thread did before is visible to the taking one. A thread that waits in a team
/// leaves with it if a teammate panics; what nobody ever puts is waited for for ever, as a team of one thread
/// would that takes before it puts.
///
/// ```
/// use phalanx::prelude::*;
/// let mut x = vec![0; 3];
/// let place = Handoff::new();
/// std::thread::scope(|s| {
///     s.spawn(|| {
///         let x: &mut Vec<i32> = place.take();
///         x[1] = 7;
///     });
///     place.put(&mut x);
/// });
/// assert_eq!(x, [0, 7, 0]);
/// ```
pub struct Handoff<T> {
    /// Empty -> busy -> full by the giver, full -> busy -> empty by the taker.
    state: AtomicU8,
    /// The thread that made the state busy has it.
    value: UnsafeCell<Option<T>>,
}

// SAFETY: only the thread whose CAS made the state busy touches the value, and the states order these
// threads; `T: Send` lets it change threads.
unsafe impl<T: Send> Sync for Handoff<T> {}

impl<T> Handoff<T> {
    /// An empty place.
    pub const fn new() -> Self {
        Handoff {
            state: AtomicU8::new(EMPTY),
            value: UnsafeCell::new(None),
        }
    }

    /// Claims the place from a state. Acquire: pairs with the store in `release`, so what the last thread
    /// did with the value happened before.
    fn claim(&self, from: u8) -> bool {
        self.state.load(Ordering::Relaxed) == from
            && self
                .state
                .compare_exchange(from, BUSY, Ordering::Acquire, Ordering::Relaxed)
                .is_ok()
    }
    /// Release: pairs with the CAS in `claim`.
    fn release(&self, to: u8) {
        self.state.store(to, Ordering::Release);
    }

    /// Puts a value there; waits until the last one has been taken.
    ///
    /// In a destructor, of a thread that unwinds out of a team that was given up, it does not wait, and a value
    /// for which there is no room is dropped.
    pub fn put(&self, value: T) {
        if wait_until(|| self.claim(EMPTY)).is_err() {
            return;
        }
        // SAFETY: this thread made the state busy.
        unsafe { *self.value.get() = Some(value) };
        self.release(FULL);
    }

    /// Takes the value that is there, or the next one.
    pub fn take(&self) -> T {
        if wait_until(|| self.claim(FULL)).is_err() {
            leave()
        }
        self.taken()
    }

    /// Takes the value if there is one.
    pub fn try_take(&self) -> Option<T> {
        self.claim(FULL).then(|| self.taken())
    }

    fn taken(&self) -> T {
        // SAFETY: this thread made the state busy.
        let value = unsafe { (*self.value.get()).take() };
        self.release(EMPTY);
        value.expect("a full place has a value")
    }
}

impl<T> Default for Handoff<T> {
    fn default() -> Self {
        Handoff::new()
    }
}
impl<T> fmt::Debug for Handoff<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state.load(Ordering::Relaxed) {
            EMPTY => "empty",
            FULL => "full",
            _ => "busy",
        };
        write!(f, "Handoff({state})")
    }
}

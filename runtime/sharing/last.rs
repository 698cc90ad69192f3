//! `lastprivate`: the value that the last iteration leaves behind.

use parking_lot::Mutex;

/// Where the thread that runs the last iteration puts its value.
pub struct Last<T>(Mutex<Option<T>>);

impl<T> Last<T> {
    /// Empty.
    #[allow(clippy::new_without_default, reason = "for generated code")]
    pub fn new() -> Self {
        Last(Mutex::new(None))
    }
    /// Puts the value of position `k` of `len` there if it is the last one.
    #[inline(always)]
    pub fn put(&self, k: usize, len: usize, value: T) {
        if k + 1 == len {
            *self.0.lock() = Some(value);
        }
    }
    /// The same for a value that goes on.
    #[inline(always)]
    pub fn put_copy(&self, k: usize, len: usize, value: &T)
    where
        T: Clone,
    {
        if k + 1 == len {
            *self.0.lock() = Some(value.clone());
        }
    }
    /// Moves the value to the variable; an empty loop leaves it as it is.
    pub fn give(self, to: &mut T) {
        if let Some(value) = self.0.into_inner() {
            *to = value;
        }
    }
}

/// What a thread of a region has of the last iteration: nothing, or its value.
#[derive(Clone)]
pub struct LastOf<T>(Option<T>);

impl<T> LastOf<T> {
    /// Nothing.
    #[allow(clippy::new_without_default, reason = "for generated code")]
    pub fn new() -> Self {
        LastOf(None)
    }
    /// Keeps the value of position `k` of `len` if it is the last one.
    #[inline(always)]
    pub fn put(&mut self, k: usize, len: usize, value: T) {
        if k + 1 == len {
            self.0 = Some(value);
        }
    }
    /// The same for a value that goes on.
    #[inline(always)]
    pub fn put_copy(&mut self, k: usize, len: usize, value: &T)
    where
        T: Clone,
    {
        if k + 1 == len {
            self.0 = Some(value.clone());
        }
    }
    /// Takes what another thread has.
    pub fn or(&mut self, other: Self) {
        if other.0.is_some() {
            *self = other;
        }
    }
    /// Moves the value to the variable; an empty loop leaves it as it is.
    pub fn give(self, to: &mut T) {
        if let Some(value) = self.0 {
            *to = value;
        }
    }
}

//! What the attribute `#[task]` lowers to, beside the calls that everybody has.

use super::task::Task;
use super::taskloop::{grouped_ranges, reduced_ranges};
use super::taskloop_options::TaskLoop;
use crate::memory::pages::Paged;
use std::ops::Range;

/// What a task takes along. It is moved into the task's closure as a whole, whatever is in it: a closure that is not
/// `move` would borrow what is `Copy`.
pub struct Own<T>(T);

impl<T> Own<T> {
    /// Packs it.
    #[inline(always)]
    pub fn new(own: T) -> Self {
        Own(own)
    }
    /// Unpacks it, inside the closure.
    #[inline(always)]
    pub fn take(self) -> T {
        self.0
    }
}

/// What one task of a loop runs, with what it needs to know, as one value.
pub fn carry_task<'g, S: Sync>(
    state: S,
    part: impl Fn(&Task<'g>, Range<usize>, &S) + Sync,
) -> impl Fn(&Task<'g>, Range<usize>) + Sync {
    move |tg, range| part(tg, range, &state)
}

/// The same for a task that brings something back.
pub fn carry_reduced<S: Sync, R>(
    state: S,
    part: impl Fn(&Task<'_>, Range<usize>, &S) -> R + Sync,
) -> impl Fn(&Task<'_>, Range<usize>) -> R + Sync {
    move |tg, range| part(tg, range, &state)
}

/// [`task_ranges`](super::taskloop::task_ranges) where a handle is in sight.
pub fn task_ranges_in<'g>(
    tg: &Task<'_>,
    options: TaskLoop,
    len: usize,
    body: impl Fn(&Task<'g>, Range<usize>) + Sync,
) {
    grouped_ranges(tg.hand(), tg.is_last(), options, len, body);
}

/// [`task_ranges_reduced`](super::taskloop::task_ranges_reduced) where a handle is in sight.
pub fn task_ranges_reduced_in<R: Send>(
    tg: &Task<'_>,
    options: TaskLoop,
    len: usize,
    leaf: impl Fn(&Task<'_>, Range<usize>) -> R + Sync,
    combine: impl Fn(R, R) -> R + Sync,
) -> Option<R> {
    reduced_ranges(tg.hand(), tg.is_last(), options, len, leaf, combine)
}

/// Memory by its variable, or by a reference to it.
pub trait Near: Paged {
    /// That.
    fn near(&self) -> &Self;
}
impl<M: Paged + ?Sized> Near for M {
    #[inline(always)]
    fn near(&self) -> &Self {
        self
    }
}

/// A variable, or what it is a `&mut` to.
pub trait Place {
    /// That.
    fn place(&mut self) -> &mut Self;
}
impl<T: ?Sized> Place for T {
    #[inline(always)]
    fn place(&mut self) -> &mut Self {
        self
    }
}

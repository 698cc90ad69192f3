//! Locks that own their data: `Lock`, and `NestLock`, which its holder may take again.

use super::current::{Held, this_thread, try_until};
use parking_lot::RawMutex;
use parking_lot::lock_api::{RawMutex as _, RawMutexTimed as _};
use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A mutex, and who holds it.
struct Raw {
    mutex: RawMutex,
    /// The holder's number; 0: nobody. Relaxed throughout: a thread compares it with its own number, and
    /// only that thread ever writes that.
    holder: AtomicUsize,
}

impl Raw {
    const fn new() -> Self {
        Raw {
            mutex: RawMutex::INIT,
            holder: AtomicUsize::new(0),
        }
    }
    #[inline(always)]
    fn is_mine(&self) -> bool {
        self.holder.load(Ordering::Relaxed) == this_thread()
    }
    #[inline(always)]
    fn lock(&self) {
        if !self.mutex.try_lock() {
            self.wait();
        }
        self.holder.store(this_thread(), Ordering::Relaxed);
    }
    /// Takes the mutex, which another thread holds; leaves the team's work if its holder may never give it
    /// back, for the team was given up.
    #[inline(never)]
    fn wait(&self) {
        try_until(|time| self.mutex.try_lock_for(time));
    }
    #[inline(always)]
    fn try_lock(&self) -> bool {
        let got = self.mutex.try_lock();
        if got {
            self.holder.store(this_thread(), Ordering::Relaxed);
        }
        got
    }
    /// # Safety
    ///
    /// The calling thread holds it.
    #[inline(always)]
    unsafe fn unlock(&self) {
        self.holder.store(0, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { self.mutex.unlock() }
    }
}

/// A lock with the data that it protects (OpenMP 6.0, "Lock Routines"; unlike OpenMP's, it cannot be
/// forgotten around an access).
///
/// A panic while it is held gives it back, with the data as they are.
///
/// ```
/// use phalanx::prelude::*;
/// let total = Lock::new(0);
/// parallel_for(Static, 0..100, |i| *total.lock() += i);
/// assert_eq!(total.into_inner(), 4950);
/// ```
///
/// # Panics
///
/// Taking it panics when its holder takes it again, which would wait for ever. A thread that holds one and
/// enters a construct, or forks a team, panics there. A thread that comes to the end of its part in a region
/// and holds one, because it has forgotten the guard, panics there; and who waits for one leaves the region when
/// a teammate has panicked.
pub struct Lock<T: ?Sized> {
    raw: Raw,
    data: UnsafeCell<T>,
}

// SAFETY: one thread at a time has access, and the mutex orders them; `T: Send` lets it change threads.
unsafe impl<T: ?Sized + Send> Sync for Lock<T> {}
// SAFETY: it owns a `T`.
unsafe impl<T: ?Sized + Send> Send for Lock<T> {}

/// Gives the lock back when it is dropped. Stays on its thread.
#[must_use = "a guard that is dropped at once protects nothing"]
pub struct LockGuard<'l, T: ?Sized> {
    lock: &'l Lock<T>,
    _held: Held,
}

// SAFETY: it only gives `&T` to other threads.
unsafe impl<T: ?Sized + Sync> Sync for LockGuard<'_, T> {}

impl<T> Lock<T> {
    /// A lock that nobody holds.
    pub const fn new(data: T) -> Self {
        Lock {
            raw: Raw::new(),
            data: UnsafeCell::new(data),
        }
    }
    /// The data, when nobody shares the lock any more.
    pub fn into_inner(self) -> T {
        self.data.into_inner()
    }
}

impl<T: ?Sized> Lock<T> {
    /// Takes the lock; waits while another thread holds it.
    ///
    /// # Panics
    ///
    /// When this thread holds it already.
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> LockGuard<'_, T> {
        if !self.raw.mutex.try_lock() {
            self.wait();
        }
        self.raw.holder.store(this_thread(), Ordering::Relaxed);
        self.guard()
    }
    #[inline(never)]
    #[track_caller]
    fn wait(&self) {
        assert!(
            !self.raw.is_mine(),
            "a lock is taken by the thread that holds it, which would wait for ever; `NestLock` may be \
             taken again"
        );
        self.raw.wait();
    }
    /// Takes the lock if nobody holds it.
    #[inline]
    #[track_caller]
    pub fn try_lock(&self) -> Option<LockGuard<'_, T>> {
        self.raw.try_lock().then(|| self.guard())
    }
    #[inline(always)]
    #[track_caller]
    fn guard(&self) -> LockGuard<'_, T> {
        LockGuard {
            lock: self,
            _held: Held::new(Location::caller()),
        }
    }
    /// Runs `f` with the data, under the lock.
    ///
    /// # Panics
    ///
    /// As [`lock`](Self::lock).
    #[inline]
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock())
    }
    /// The data, without locking: the borrow is exclusive.
    pub fn get_mut(&mut self) -> &mut T {
        self.data.get_mut()
    }
}

impl<T: ?Sized> Deref for LockGuard<'_, T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: this thread holds the lock as long as the guard lives.
        unsafe { &*self.lock.data.get() }
    }
}
impl<T: ?Sized> DerefMut for LockGuard<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`, and the guard is borrowed exclusively.
        unsafe { &mut *self.lock.data.get() }
    }
}
impl<T: ?Sized> Drop for LockGuard<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: a guard is made by the thread that takes the lock, and does not leave it.
        unsafe { self.lock.raw.unlock() }
    }
}

impl<T: Default> Default for Lock<T> {
    fn default() -> Self {
        Lock::new(T::default())
    }
}
impl<T: ?Sized + fmt::Debug> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.try_lock() {
            Some(data) => f.debug_tuple("Lock").field(&&*data).finish(),
            None => f.write_str("Lock(<held>)"),
        }
    }
}

/// A lock that its holder may take again (OpenMP 6.0, "Lock Routines": nestable locks). It gives `&T` only,
/// so that taking it twice does no harm; data that change are in cells.
///
/// ```
/// use phalanx::prelude::*;
/// use std::cell::Cell;
/// let count = NestLock::new(Cell::new(0));
/// parallel_for(Static, 0..100, |_| {
///     count.with(|outer| count.with(|inner| inner.set(outer.get() + 1)));
/// });
/// assert_eq!(count.into_inner().get(), 100);
/// ```
pub struct NestLock<T: ?Sized> {
    raw: Raw,
    /// How often the holder holds it. The holder's.
    depth: Cell<usize>,
    data: T,
}

// SAFETY: one thread at a time has access to `depth` and data, and the mutex orders them; `T: Send` is enough
// for a `&T` that only one thread has at a time.
unsafe impl<T: ?Sized + Send> Sync for NestLock<T> {}

impl<T> NestLock<T> {
    /// A lock that nobody holds.
    pub const fn new(data: T) -> Self {
        NestLock {
            raw: Raw::new(),
            depth: Cell::new(0),
            data,
        }
    }
    /// The data, when nobody shares the lock any more.
    pub fn into_inner(self) -> T {
        self.data
    }
}

impl<T: ?Sized> NestLock<T> {
    /// Runs `f` with the data, under the lock; waits while another thread holds it.
    #[inline]
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        if !self.raw.is_mine() {
            self.raw.lock();
        }
        let _nest = Nest {
            raw: &self.raw,
            depth: &self.depth,
            _held: Held::new(Location::caller()),
        };
        self.depth.set(self.depth.get() + 1);
        f(&self.data)
    }
    /// The data, without locking: the borrow is exclusive.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.data
    }
}

/// One more time that the lock is held.
struct Nest<'l> {
    raw: &'l Raw,
    depth: &'l Cell<usize>,
    _held: Held,
}
impl Drop for Nest<'_> {
    fn drop(&mut self) {
        let depth = self.depth.get() - 1;
        self.depth.set(depth);
        if depth == 0 {
            // SAFETY: the thread that made this value holds the lock, and it does not leave it.
            unsafe { self.raw.unlock() }
        }
    }
}

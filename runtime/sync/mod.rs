//! What threads use to wait for each other. Each file is one protocol; see README.md beside this.

pub mod atomic;
pub mod barrier;
pub mod critical;
pub mod current;
pub mod event;
pub mod handoff;
pub mod idle;
pub mod job;
pub mod lock;
pub mod meet;
pub mod park;
pub mod patience;
pub mod turn;

/// std's atomics, or loom's under its model checker.
pub mod shim {
    #[cfg(loom)]
    pub use loom::sync::atomic;
    #[cfg(not(loom))]
    pub use std::sync::atomic;

    /// Stands between a SeqCst change and a SeqCst load. On hardware the two accesses order
    /// themselves; loom takes SeqCst accesses for AcqRel ones and knows only SeqCst fences, so for
    /// its models the order is stated by a fence.
    #[inline(always)]
    pub fn between_seqcst() {
        #[cfg(loom)]
        loom::sync::atomic::fence(atomic::Ordering::SeqCst);
    }

    /// A cell that loom can watch.
    #[cfg(loom)]
    pub use loom::cell::UnsafeCell;

    /// The same interface on std's cell.
    #[cfg(not(loom))]
    #[derive(Debug, Default)]
    pub struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

    #[cfg(not(loom))]
    impl<T> UnsafeCell<T> {
        pub fn new(value: T) -> Self {
            UnsafeCell(std::cell::UnsafeCell::new(value))
        }
        #[inline(always)]
        pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
            f(self.0.get())
        }
        #[inline(always)]
        pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
            f(self.0.get())
        }
    }
}

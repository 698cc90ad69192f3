//! `fork(2)`: a child has none of its parent's workers, and must not find a lock taken by one of them.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// How often this process has been forked. Relaxed: changed only in a child, which has one thread.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// Held by whoever holds one of the runtime's process-wide locks, and by a thread that forks the
/// process, so that no child begins with one of them taken. A lock without a queue, for a child would
/// find threads in it that it does not have; so those locks have no queues either.
static WHOLE: AtomicBool = AtomicBool::new(false);

/// Holds `WHOLE` while it lives.
pub(crate) struct Held(());
impl Drop for Held {
    fn drop(&mut self) {
        release();
    }
}

fn take() {
    // Acquire: pairs with the store in `release`.
    while WHOLE.swap(true, Ordering::Acquire) {
        std::thread::yield_now();
    }
}

fn release() {
    // Release: pairs with the swap in `take`.
    WHOLE.store(false, Ordering::Release);
}

/// Which process this is, counted in forks.
#[inline(always)]
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// To be held around process-wide locks; all of them are on cold paths.
pub(crate) fn hold() -> Held {
    take();
    Held(())
}

/// Asks to be told when this process is forked.
pub(crate) fn watch() {
    static ASKED: Once = Once::new();
    ASKED.call_once(|| {
        #[cfg(unix)]
        // SAFETY: the handlers run one after the other around `fork`, in the thread that calls it;
        // what they do is allowed there: a lock, its release, and two atomics.
        unsafe {
            libc::pthread_atfork(Some(before), Some(after), Some(in_child));
        }
    });
}

#[cfg(unix)]
extern "C" fn before() {
    take();
}

#[cfg(unix)]
extern "C" fn after() {
    release();
}

#[cfg(unix)]
extern "C" fn in_child() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    crate::sync::patience::nobody_awake();
    after();
}

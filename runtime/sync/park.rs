//! A 32-bit word that a thread can sleep on: the futex, and stand-ins where there is none.

use super::shim::atomic::{AtomicU32, Ordering};

/// An atomic number that threads can sleep on.
#[derive(Debug)]
pub struct Word {
    value: AtomicU32,
    #[cfg(loom)]
    sleep: (loom::sync::Mutex<()>, loom::sync::Condvar),
}

impl Word {
    pub fn new(value: u32) -> Self {
        Word {
            value: AtomicU32::new(value),
            #[cfg(loom)]
            sleep: (loom::sync::Mutex::new(()), loom::sync::Condvar::new()),
        }
    }
    #[inline(always)]
    pub fn load(&self, order: Ordering) -> u32 {
        self.value.load(order)
    }
    #[inline(always)]
    pub fn swap(&self, value: u32, order: Ordering) -> u32 {
        self.value.swap(value, order)
    }
    #[inline(always)]
    pub fn add(&self, n: u32, order: Ordering) -> u32 {
        self.value.fetch_add(n, order)
    }

    /// Sleeps if the word still holds `seen`. May return for no reason.
    pub fn sleep_while(&self, seen: u32) {
        #[cfg(not(loom))]
        os::wait(&self.value, seen);
        #[cfg(loom)]
        {
            // The comparison and the sleep are one step under the lock, as in the kernel.
            let guard = self.sleep.0.lock().unwrap();
            if self.value.load(Ordering::SeqCst) == seen {
                drop(self.sleep.1.wait(guard).unwrap());
            }
        }
    }

    /// Wakes every thread that sleeps on the word.
    pub fn wake(&self) {
        #[cfg(not(loom))]
        os::wake_all(&self.value);
        #[cfg(loom)]
        {
            drop(self.sleep.0.lock().unwrap());
            self.sleep.1.notify_all();
        }
    }
}

#[cfg(all(not(loom), target_os = "linux"))]
mod os {
    use std::sync::atomic::AtomicU32;

    pub(super) fn wait(word: &AtomicU32, seen: u32) {
        // SAFETY: FUTEX_WAIT reads the word, which is borrowed for the call, and takes no timeout.
        unsafe {
            libc::syscall(
                libc::SYS_futex,
                word.as_ptr(),
                libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG,
                seen,
                std::ptr::null::<libc::timespec>(),
            );
        }
    }

    pub(super) fn wake_all(word: &AtomicU32) {
        // SAFETY: FUTEX_WAKE uses the word's address as a key and touches no memory.
        unsafe {
            libc::syscall(
                libc::SYS_futex,
                word.as_ptr(),
                libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG,
                i32::MAX,
            );
        }
    }
}

#[cfg(all(not(loom), not(target_os = "linux")))]
mod os {
    //! A table of condition variables by address.
    use parking_lot::{Condvar, Mutex};
    use std::sync::atomic::{AtomicU32, Ordering};

    static TABLE: [(Mutex<()>, Condvar); 64] = [const { (Mutex::new(()), Condvar::new()) }; 64];

    fn bucket(word: &AtomicU32) -> &'static (Mutex<()>, Condvar) {
        &TABLE[(word.as_ptr() as usize >> 7) % 64]
    }

    pub(super) fn wait(word: &AtomicU32, seen: u32) {
        let (lock, signal) = bucket(word);
        let mut guard = lock.lock();
        // SeqCst: stands for the kernel's comparison; see README.md, invariant 3.
        if word.load(Ordering::SeqCst) == seen {
            signal.wait(&mut guard);
        }
    }

    pub(super) fn wake_all(word: &AtomicU32) {
        let (lock, signal) = bucket(word);
        drop(lock.lock());
        signal.notify_all();
    }
}

/// Gives the core to another thread that wants it.
pub fn yield_now() {
    #[cfg(not(loom))]
    std::thread::yield_now();
    #[cfg(loom)]
    loom::thread::yield_now();
}

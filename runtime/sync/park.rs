//! Words that a thread can sleep on: the futex, and stand-ins where there is none.

use super::shim::atomic::{AtomicU32, AtomicU64, Ordering};

/// Where the model checker's threads sleep.
#[cfg(loom)]
type Bed = (loom::sync::Mutex<()>, loom::sync::Condvar);

/// An atomic number that threads can sleep on.
#[derive(Debug)]
pub struct Word {
    value: AtomicU32,
    #[cfg(loom)]
    bed: Bed,
}

/// The same with 64 bits, of which the lower 32 are what a sleeper compares. One addition can change a
/// number that others wait for, and bring them another one.
#[derive(Debug)]
pub struct WideWord {
    value: AtomicU64,
    #[cfg(loom)]
    bed: Bed,
}

impl Word {
    pub fn new(value: u32) -> Self {
        Word {
            value: AtomicU32::new(value),
            #[cfg(loom)]
            bed: Default::default(),
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

    /// Replaces one value by another if it is there; returns whether it was. Relaxed if not.
    #[inline(always)]
    pub fn replace(&self, old: u32, new: u32, order: Ordering) -> bool {
        self.value
            .compare_exchange(old, new, order, Ordering::Relaxed)
            .is_ok()
    }

    /// Sleeps if the word still holds `seen`. May return for no reason.
    pub fn sleep_while(&self, seen: u32) {
        // SeqCst: stands for the kernel's comparison; README.md, (3).
        let holds = || self.value.load(Ordering::SeqCst) == seen;
        #[cfg(not(loom))]
        os::wait(self.key(), seen, holds);
        #[cfg(loom)]
        wait(&self.bed, holds);
    }

    /// Wakes every thread that sleeps on the word.
    pub fn wake(&self) {
        #[cfg(not(loom))]
        os::wake_all(self.key());
        #[cfg(loom)]
        wake_all(&self.bed);
    }

    #[cfg(not(loom))]
    fn key(&self) -> *const u32 {
        self.value.as_ptr()
    }
}

impl WideWord {
    pub fn new(value: u64) -> Self {
        WideWord {
            value: AtomicU64::new(value),
            #[cfg(loom)]
            bed: Default::default(),
        }
    }
    #[inline(always)]
    pub fn load(&self, order: Ordering) -> u64 {
        self.value.load(order)
    }
    #[inline(always)]
    pub fn add(&self, n: u64, order: Ordering) -> u64 {
        self.value.fetch_add(n, order)
    }
    pub fn or(&self, bits: u64, order: Ordering) -> u64 {
        self.value.fetch_or(bits, order)
    }
    pub fn and(&self, bits: u64, order: Ordering) -> u64 {
        self.value.fetch_and(bits, order)
    }

    /// Sleeps if the lower half still holds `seen`. May return for no reason.
    pub fn sleep_while(&self, seen: u32) {
        // SeqCst: stands for the kernel's comparison; README.md, (3).
        let holds = || self.value.load(Ordering::SeqCst) as u32 == seen;
        #[cfg(not(loom))]
        os::wait(self.key(), seen, holds);
        #[cfg(loom)]
        wait(&self.bed, holds);
    }

    /// Wakes every thread that sleeps on the word.
    pub fn wake(&self) {
        #[cfg(not(loom))]
        os::wake_all(self.key());
        #[cfg(loom)]
        wake_all(&self.bed);
    }

    /// The address of the lower half. Only the kernel reads it there.
    #[cfg(not(loom))]
    fn key(&self) -> *const u32 {
        let upper_first = cfg!(target_endian = "big");
        self.value
            .as_ptr()
            .cast::<u32>()
            .wrapping_add(usize::from(upper_first))
    }
}

/// The comparison and the sleep are one step under the lock, as in the kernel.
#[cfg(loom)]
fn wait((lock, signal): &Bed, holds: impl Fn() -> bool) {
    let guard = lock.lock().unwrap();
    if holds() {
        drop(signal.wait(guard).unwrap());
    }
}

#[cfg(loom)]
fn wake_all((lock, signal): &Bed) {
    drop(lock.lock().unwrap());
    signal.notify_all();
}

#[cfg(all(not(loom), target_os = "linux"))]
mod os {
    pub(super) fn wait(word: *const u32, seen: u32, _holds: impl Fn() -> bool) {
        // SAFETY: FUTEX_WAIT reads the word (whose owner is borrowed for the call; and an address that
        // cannot be read would be an error, nothing worse), and takes no timeout.
        unsafe {
            libc::syscall(
                libc::SYS_futex,
                word,
                libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG,
                seen,
                std::ptr::null::<libc::timespec>(),
            );
        }
    }

    pub(super) fn wake_all(word: *const u32) {
        // SAFETY: FUTEX_WAKE uses the word's address as a key and touches no memory.
        unsafe {
            libc::syscall(
                libc::SYS_futex,
                word,
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

    static TABLE: [(Mutex<()>, Condvar); 64] = [const { (Mutex::new(()), Condvar::new()) }; 64];

    fn bucket(word: *const u32) -> &'static (Mutex<()>, Condvar) {
        &TABLE[(word.addr() >> 7) % 64]
    }

    pub(super) fn wait(word: *const u32, _seen: u32, holds: impl Fn() -> bool) {
        let (lock, signal) = bucket(word);
        let mut guard = lock.lock();
        if holds() {
            signal.wait(&mut guard);
        }
    }

    pub(super) fn wake_all(word: *const u32) {
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

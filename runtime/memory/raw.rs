//! Untouched memory: whole pages that no thread has written yet.

use std::alloc::{Layout, handle_alloc_error};
use std::ptr::NonNull;

/// Storage for `len` values of `T`, none of them initialised, none of its pages touched.
pub(super) struct RawPages<T> {
    data: NonNull<T>,
    len: usize,
}

// SAFETY: like `Vec<MaybeUninit<T>>`: owns its memory, and gives out only pointers.
unsafe impl<T: Send> Send for RawPages<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for RawPages<T> {}

impl<T> RawPages<T> {
    /// Takes room for `len` values.
    ///
    /// # Panics
    ///
    /// When that is more than `isize::MAX` bytes; memory that cannot be had aborts, as for `Vec`.
    pub(super) fn new(len: usize) -> Self {
        let Ok(layout) = Layout::array::<T>(len) else {
            panic!(
                "an array of {len} elements of {} bytes is too large",
                size_of::<T>()
            )
        };
        let data = match layout.size() {
            0 => NonNull::dangling(),
            _ => allocate(layout)
                .unwrap_or_else(|| handle_alloc_error(layout))
                .cast(),
        };
        RawPages { data, len }
    }

    pub(super) fn ptr(&self) -> *mut T {
        self.data.as_ptr()
    }
    pub(super) fn len(&self) -> usize {
        self.len
    }
}

impl<T> Drop for RawPages<T> {
    fn drop(&mut self) {
        // The same computation as in `new`, where it succeeded.
        let Ok(layout) = Layout::array::<T>(self.len) else {
            return;
        };
        if layout.size() != 0 {
            // SAFETY: `data` came from `allocate` with this layout and is freed once, here.
            unsafe { free(self.data.cast(), layout) }
        }
    }
}

/// Arrays of at least this many bytes are mapped on their own, so that their pages are new.
#[cfg(unix)]
const MAPPED: usize = 64 * 1024;

#[cfg(unix)]
fn allocate(layout: Layout) -> Option<NonNull<u8>> {
    if layout.size() < MAPPED || layout.align() > 4096 {
        // SAFETY: the size is not 0: the caller handles that case.
        return NonNull::new(unsafe { std::alloc::alloc(layout) });
    }
    // SAFETY: a new private anonymous mapping at an address of the kernel's choice touches no
    // memory that exists.
    let p = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            layout.size(),
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if p == libc::MAP_FAILED {
        None
    } else {
        NonNull::new(p.cast())
    }
}

/// # Safety
///
/// `p` came from [`allocate`] with the same layout and is not used again.
#[cfg(unix)]
unsafe fn free(p: NonNull<u8>, layout: Layout) {
    if layout.size() < MAPPED || layout.align() > 4096 {
        // SAFETY: `allocate` took this branch for the same layout.
        unsafe { std::alloc::dealloc(p.as_ptr(), layout) }
    } else {
        // SAFETY: `allocate` mapped exactly these bytes.
        unsafe { libc::munmap(p.as_ptr().cast(), layout.size()) };
    }
}

#[cfg(not(unix))]
fn allocate(layout: Layout) -> Option<NonNull<u8>> {
    // SAFETY: the size is not 0: the caller handles that case.
    NonNull::new(unsafe { std::alloc::alloc(layout) })
}

/// # Safety
///
/// `p` came from [`allocate`] with the same layout and is not used again.
#[cfg(not(unix))]
unsafe fn free(p: NonNull<u8>, layout: Layout) {
    // SAFETY: as the caller promises.
    unsafe { std::alloc::dealloc(p.as_ptr(), layout) }
}

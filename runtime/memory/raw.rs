//! Untouched memory: whole pages that no thread has written yet.

use std::alloc::{Layout, handle_alloc_error};
use std::ptr::NonNull;
#[cfg(unix)]
use std::sync::atomic::{AtomicUsize, Ordering};

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
    if !is_mapped(layout) {
        // SAFETY: the size is not 0: the caller handles that case.
        return NonNull::new(unsafe { std::alloc::alloc(layout) });
    }
    let offset = if layout.align() <= LINE { stagger() } else { 0 };
    let bytes = layout.size().checked_add(offset)?;
    let start = match huge_from() {
        Some(least) if bytes >= least => map_huge(bytes),
        _ => map(bytes),
    }?;
    // SAFETY: inside the mapping, which is longer by the offset.
    Some(unsafe { start.add(offset) })
}

#[cfg(unix)]
fn is_mapped(layout: Layout) -> bool {
    layout.size() >= MAPPED && layout.align() <= PAGE
}

/// The smallest page there is.
#[cfg(unix)]
const PAGE: usize = 4096;
/// A cache line.
#[cfg(unix)]
const LINE: usize = 64;

/// How far into its first page the next array begins. Processors tell loads from earlier stores by the
/// address inside a page, so two arrays walked in step should not begin at the same one: a 3-point
/// stencil took 18 % longer when they did. Seven places, nine lines apart.
#[cfg(unix)]
fn stagger() -> usize {
    // Relaxed: any number will do.
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed) % 7 * (9 * LINE)
}

/// A new mapping, at an address of the kernel's choice.
#[cfg(unix)]
fn map(bytes: usize) -> Option<NonNull<u8>> {
    // SAFETY: a new private anonymous mapping at an address of the kernel's choice touches no
    // memory that exists.
    let p = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            bytes,
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

/// A huge page of the common kind.
#[cfg(unix)]
const HUGE: usize = 2 << 20;

/// From which size on arrays ask for huge pages. First touch then places two megabytes at a time, so on
/// a machine of several nodes an array must have many of them for each thread.
#[cfg(unix)]
fn huge_from() -> Option<usize> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let machine = crate::topology::topology();
    match machine.nodes().len() {
        0 | 1 => Some(2 * HUGE),
        _ => machine.default_threads().checked_mul(8 * HUGE),
    }
}

/// A mapping that begins at a huge page, for which the kernel is asked to use such.
#[cfg(unix)]
fn map_huge(bytes: usize) -> Option<NonNull<u8>> {
    let Some(all) = bytes.checked_add(HUGE) else {
        return map(bytes);
    };
    let Some(start) = map(all) else {
        return map(bytes);
    };
    let address = start.as_ptr() as usize;
    let before = address.next_multiple_of(HUGE) - address;
    let end = (before + bytes)
        .next_multiple_of(super::pages::page_size())
        .min(all);
    // SAFETY: gives back what lies before and behind the array, whole pages of the mapping just made;
    // the advice changes no content, and if it is refused the pages are small.
    unsafe {
        let p = start.as_ptr();
        if before > 0 {
            libc::munmap(p.cast(), before);
        }
        if end < all {
            libc::munmap(p.add(end).cast(), all - end);
        }
        #[cfg(target_os = "linux")]
        libc::madvise(p.add(before).cast(), bytes, libc::MADV_HUGEPAGE);
        NonNull::new(p.add(before))
    }
}

/// # Safety
///
/// `p` came from [`allocate`] with the same layout and is not used again.
#[cfg(unix)]
unsafe fn free(p: NonNull<u8>, layout: Layout) {
    if !is_mapped(layout) {
        // SAFETY: `allocate` took this branch for the same layout.
        return unsafe { std::alloc::dealloc(p.as_ptr(), layout) };
    }
    // The mapping begins at a page, and the array in its first.
    let offset = p.as_ptr() as usize % PAGE;
    // SAFETY: `allocate` mapped exactly these bytes.
    unsafe { libc::munmap(p.as_ptr().sub(offset).cast(), layout.size() + offset) };
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

//! Every k-th element of a slice as a source.

use super::lend::Lent;
use super::source::{Source, itself};
use super::view::View;
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;

/// Elements of a shared slice at equal distances: see [`strided`].
pub struct Strided<'a, T> {
    slice: &'a [T],
    step: usize,
}

/// Elements of an exclusively borrowed slice at equal distances: see [`strided_mut`].
pub struct StridedMut<'a, T> {
    /// The first of them.
    data: *mut T,
    /// Its position, which the address of a zero-sized element does not say.
    start: usize,
    len: usize,
    step: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

/// How many there are.
///
/// # Panics
///
/// When `step` is 0 or `start` is past the end.
#[track_caller]
fn count(len: usize, start: usize, step: usize) -> usize {
    assert!(step != 0, "every 0-th element: the step is at least 1");
    assert!(
        start <= len,
        "every {step}-th element from {start} on: there are only {len} elements"
    );
    (len - start).div_ceil(step)
}

impl<T> StridedMut<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`.
    #[track_caller]
    pub(super) unsafe fn from_raw(data: *mut T, len: usize, start: usize, step: usize) -> Self {
        StridedMut {
            len: count(len, start, step),
            // Inside, or at the end.
            data: data.wrapping_add(start),
            start,
            step,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        let numbers = [self.start, self.len, self.step];
        id.block(Tag::Strided, self.data.addr(), &numbers);
    }
}

// SAFETY: (1) the lengths never change; (2) items are shared borrows; (3) `T: Sync`; (4) an alias is a copy
// of the shared borrow.
unsafe impl<'a, T: Sync> Source for Strided<'a, T> {
    type Item = &'a T;
    fn len(&self) -> usize {
        self.slice.len().div_ceil(self.step)
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> &'a T {
        // SAFETY: `k < len()`, so the product is at most the distance to the last of them.
        unsafe { self.slice.get_unchecked(k * self.step) }
    }
    unsafe fn alias(&self) -> Self {
        Strided { ..*self }
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send> Sync for StridedMut<'_, T> {}
// SAFETY: as for `&mut [T]`.
unsafe impl<T: Send> Send for StridedMut<'_, T> {}

// SAFETY: (1) the lengths never change; (2) the step is not 0, so different positions are different
// elements of one slice, borrowed exclusively; (3) `T: Send`; (4) an alias has the same fields, and the
// caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send> Source for StridedMut<'a, T> {
    type Item = &'a mut T;
    fn len(&self) -> usize {
        self.len
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> &'a mut T {
        // SAFETY: `k < len` keeps it inside the slice, and it is handed out once.
        unsafe { &mut *self.data.add(k * self.step) }
    }
    unsafe fn alias(&self) -> Self {
        StridedMut { ..*self }
    }
}
itself! { [T: Sync] Strided<'_, T>; [T: Send] StridedMut<'_, T>; }

/// Elements `start`, `start + step`, `start + 2 * step`, .. of a slice, one an iteration.
///
/// # Panics
///
/// When `step` is 0, or `start` is past the end.
#[track_caller]
pub fn strided<T: Sync>(slice: &[T], start: usize, step: usize) -> Strided<'_, T> {
    count(slice.len(), start, step);
    Strided {
        slice: &slice[start..],
        step,
    }
}

/// Elements `start`, `start + step`, `start + 2 * step`, .. of a slice, to be written, one an iteration.
///
/// ```
/// use phalanx::prelude::*;
/// let mut v = vec![0; 8];
/// parallel_for(Static, enumerate(strided_mut(&mut v, 1, 3)), |(k, x)| *x = k + 1);
/// assert_eq!(v, [0, 1, 0, 0, 2, 0, 0, 3]);
/// ```
///
/// # Panics
///
/// When `step` is 0, or `start` is past the end.
#[track_caller]
pub fn strided_mut<T: Send>(slice: &mut [T], start: usize, step: usize) -> StridedMut<'_, T> {
    // SAFETY: an exclusive borrow of as many elements.
    unsafe { StridedMut::from_raw(slice.as_mut_ptr(), slice.len(), start, step) }
}

impl<T> View<'_, T> {
    /// Elements `start`, `start + step`, `start + 2 * step`, .., one an iteration: `&mut T`.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut v = vec![0; 8];
    /// region(Static, &mut v, |cx, mut v| {
    ///     cx.for_each(Static, v.strided_mut(1, 3), (), |x, ()| *x = 5);
    /// });
    /// assert_eq!(v, [0, 5, 0, 0, 5, 0, 0, 5]);
    /// ```
    ///
    /// # Panics
    ///
    /// When `step` is 0, or `start` is past the end.
    #[track_caller]
    pub fn strided_mut(&mut self, start: usize, step: usize) -> Lent<'_, StridedMut<'static, T>>
    where
        T: Send + 'static,
    {
        let (data, len) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { Lent::new(StridedMut::from_raw(data, len, start, step), self.origin()) }
    }
}

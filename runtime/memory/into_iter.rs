//! Walking a `NumaVec` in a plain `for` loop, by reference or by value.

use super::numa_vec::NumaVec;
use super::raw::RawPages;
use std::iter::FusedIterator;
use std::ops::Range;

impl<'a, T> IntoIterator for &'a NumaVec<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut NumaVec<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// ```
/// use phalanx::prelude::*;
/// let parsed = parallel_map(Static, ["1", "2", "x"].as_slice(), |s| s.parse::<i32>());
/// let numbers: Result<Vec<i32>, _> = parsed.into_iter().collect();
/// assert!(numbers.is_err());
/// ```
impl<T> IntoIterator for NumaVec<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;
    fn into_iter(self) -> IntoIter<T> {
        let pages = self.into_pages();
        let rest = 0..pages.len();
        IntoIter { pages, rest }
    }
}

/// The elements of an array, one by one; what is not taken is dropped with it.
pub struct IntoIter<T> {
    pages: RawPages<T>,
    /// The elements that have not been taken: initialised, and this value's alone.
    rest: Range<usize>,
}

impl<T> IntoIter<T> {
    fn take(&mut self, at: usize) -> T {
        // SAFETY: `at` came out of `rest`, so it lies inside the pages, is initialised, and is not read again.
        unsafe { self.pages.ptr().add(at).read() }
    }
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        self.rest.next().map(|at| self.take(at))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl<T> DoubleEndedIterator for IntoIter<T> {
    fn next_back(&mut self) -> Option<T> {
        self.rest.next_back().map(|at| self.take(at))
    }
}

impl<T> ExactSizeIterator for IntoIter<T> {}
impl<T> FusedIterator for IntoIter<T> {}

impl<T> Drop for IntoIter<T> {
    fn drop(&mut self) {
        let (start, len) = (self.rest.start, self.rest.len());
        // SAFETY: these elements are initialised, and were not taken; the pages are freed after this.
        unsafe {
            let rest = self.pages.ptr().add(start);
            std::ptr::drop_in_place(std::ptr::slice_from_raw_parts_mut(rest, len));
        }
    }
}

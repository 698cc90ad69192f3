//! Cells of a grid as sources: each element with its coordinates.

use super::source::{IntoSource, Source};
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;

/// From a position to the coordinates of an element: row after row, the last coordinate fastest.
pub trait Coordinates: Copy + Sync {
    /// `(i, j)` or `(i, j, k)`.
    type At;
    /// The lengths that coordinates depend on.
    fn lengths(self) -> [usize; 2];
    /// The coordinates of position `k`.
    fn at(self, k: usize) -> Self::At;
}

/// Division by a number that stays the same: a multiplication where both fit 32 bits.
#[derive(Clone, Copy)]
struct Divisor {
    by: usize,
    /// 2^64 / `by`, rounded up; 0 where positions or divisor are too large for it.
    inverse: u64,
}

impl Divisor {
    /// For positions below `len`.
    fn new(by: usize, len: usize) -> Self {
        let small = |n: usize| n <= u32::MAX as usize;
        let fits = by > 1 && small(by) && small(len);
        let inverse = if fits { u64::MAX / by as u64 + 1 } else { 0 };
        Divisor { by, inverse }
    }
    /// Quotient and remainder. (Lemire, Kaser, Kurz: "Faster remainder by direct computation",
    /// 2019: exact for all 32-bit numbers.)
    #[inline(always)]
    fn split(self, k: usize) -> (usize, usize) {
        let quotient = match self.inverse {
            0 => k / self.by,
            inverse => ((inverse as u128 * k as u128) >> 64) as usize,
        };
        (quotient, k - quotient * self.by)
    }
}

/// Coordinates in a [`Grid2`](crate::Grid2).
#[derive(Clone, Copy)]
pub struct At2(Divisor);

/// Coordinates in a [`Grid3`](crate::Grid3).
#[derive(Clone, Copy)]
pub struct At3 {
    rows: Divisor,
    cols: Divisor,
}

impl At2 {
    /// For a grid of `len` elements in rows of `cols`.
    pub(crate) fn new(cols: usize, len: usize) -> Self {
        At2(Divisor::new(cols, len))
    }
}
impl At3 {
    /// For a grid of `len` elements in planes of `rows` x `cols`.
    pub(crate) fn new(rows: usize, cols: usize, len: usize) -> Self {
        At3 {
            rows: Divisor::new(rows, len),
            cols: Divisor::new(cols, len),
        }
    }
}

impl Coordinates for At2 {
    type At = (usize, usize);
    fn lengths(self) -> [usize; 2] {
        [0, self.0.by]
    }
    #[inline(always)]
    fn at(self, k: usize) -> (usize, usize) {
        self.0.split(k)
    }
}
impl Coordinates for At3 {
    type At = (usize, usize, usize);
    fn lengths(self) -> [usize; 2] {
        [self.rows.by, self.cols.by]
    }
    #[inline(always)]
    fn at(self, k: usize) -> (usize, usize, usize) {
        let (row, k) = self.cols.split(k);
        let (i, j) = self.rows.split(row);
        (i, j, k)
    }
}

/// The elements of a shared grid, each with its coordinates: `((i, j), &value)`.
pub struct Cells<'a, T, C> {
    slice: &'a [T],
    coordinates: C,
}

/// The elements of an exclusively borrowed grid, each with its coordinates: `((i, j), &mut value)`.
pub struct CellsMut<'a, T, C> {
    data: *mut T,
    len: usize,
    coordinates: C,
    _borrow: PhantomData<&'a mut [T]>,
}

impl<'a, T, C> Cells<'a, T, C> {
    pub(crate) fn new(slice: &'a [T], coordinates: C) -> Self {
        Cells { slice, coordinates }
    }
}
impl<'a, T, C> CellsMut<'a, T, C> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`.
    pub(crate) unsafe fn from_raw(data: *mut T, len: usize, coordinates: C) -> Self {
        CellsMut {
            data,
            len,
            coordinates,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>)
    where
        C: Coordinates,
    {
        let [rows, cols] = self.coordinates.lengths();
        id.block(Tag::Cells, self.data.addr(), &[self.len, rows, cols]);
    }
    pub(crate) fn new(slice: &'a mut [T], coordinates: C) -> Self {
        CellsMut {
            len: slice.len(),
            data: slice.as_mut_ptr(),
            coordinates,
            _borrow: PhantomData,
        }
    }
}

// SAFETY: (1) the length is that of a slice that nothing changes; (2) items are shared borrows and
// numbers; (3) `T: Sync`; (4) an alias is a copy of the shared borrow.
unsafe impl<'a, T: Sync, C: Coordinates> Source for Cells<'a, T, C> {
    type Item = (C::At, &'a T);
    fn len(&self) -> usize {
        self.slice.len()
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Self::Item {
        // SAFETY: the caller keeps `k` below `len`.
        (self.coordinates.at(k), unsafe {
            self.slice.get_unchecked(k)
        })
    }
    unsafe fn alias(&self) -> Self {
        Cells { ..*self }
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send, C: Coordinates> Sync for CellsMut<'_, T, C> {}
// SAFETY: as for `&mut [T]`; coordinates are numbers.
unsafe impl<T: Send, C: Coordinates> Send for CellsMut<'_, T, C> {}

// SAFETY: (1) the length is a field that nothing changes; (2) different positions are different
// elements of one slice, borrowed exclusively; (3) `T: Send`; (4) an alias has the same fields, and
// the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send, C: Coordinates> Source for CellsMut<'a, T, C> {
    type Item = (C::At, &'a mut T);
    fn len(&self) -> usize {
        self.len
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Self::Item {
        // SAFETY: `k < len` and handed out once: inside the slice, and no second reference.
        (self.coordinates.at(k), unsafe { &mut *self.data.add(k) })
    }
    unsafe fn alias(&self) -> Self {
        CellsMut { ..*self }
    }
}

impl<'a, T: Sync, C: Coordinates> IntoSource for Cells<'a, T, C> {
    type Item = (C::At, &'a T);
    type Source = Self;
    fn into_source(self) -> Self {
        self
    }
}
impl<'a, T: Send, C: Coordinates> IntoSource for CellsMut<'a, T, C> {
    type Item = (C::At, &'a mut T);
    type Source = Self;
    fn into_source(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quick_division_is_exact(by in 1usize..=u32::MAX as usize, k in 0usize..=u32::MAX as usize) {
            let quick = Divisor::new(by, u32::MAX as usize);
            prop_assert_eq!(quick.split(k), (k / by, k % by));
            // Divisors near the ends, where rounding would show first.
            for by in [1, 2, 3, by.min(1000), u32::MAX as usize] {
                for k in [k, k - k % by, (k - k % by).saturating_sub(1), u32::MAX as usize] {
                    prop_assert_eq!(Divisor::new(by, u32::MAX as usize).split(k), (k / by, k % by));
                }
            }
        }
        #[test]
        fn large_positions_are_divided_plainly(by in 1usize.., k: usize) {
            prop_assert_eq!(Divisor::new(by, usize::MAX).split(k), (k / by, k % by));
        }
    }
}

//! Rows that are written beside rows that are only read: in-place sweeps and red-black rows.

use super::lend::Lent;
use super::other_rows::{OtherRows, Written};
use super::source::{IndexedSource, Source, itself};
use super::view::GridView;
use crate::memory::Grid2;
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;
use std::ops::Range;

/// Rows at equal distances, each with all rows that are not written: see [`Grid2::sweep_rows`].
pub struct SweepRows<'a, T> {
    data: *mut T,
    shape: [usize; 2],
    written: Written,
    _borrow: PhantomData<&'a mut [T]>,
}

/// Inner rows of one parity, each between its neighbours: see [`Grid2::red_black`].
pub struct RedBlack<'a, T> {
    data: *mut T,
    shape: [usize; 2],
    /// The first row that is written: 1 or 2.
    first: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

impl<T> SweepRows<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`, with as many elements as `shape` says.
    #[track_caller]
    unsafe fn from_raw(data: *mut T, shape: [usize; 2], first: usize, step: usize) -> Self {
        assert!(step != 0, "every 0-th row: the step is at least 1");
        let rows = shape[0];
        assert!(
            first <= rows,
            "every {step}-th row from {first} on: there are only {rows} rows"
        );
        // The greatest number means a row that was split off, and writes the same rows as the one below it.
        let step = step.min(Written::ALONE - 1);
        SweepRows {
            data,
            shape,
            written: Written { first, step },
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        let ([rows, cols], Written { first, step }) = (self.shape, self.written);
        id.block(Tag::SweepRows, self.data.addr(), &[rows, cols, first, step]);
    }
}

/// The first inner row or column of a parity.
///
/// # Panics
///
/// When `parity` is neither 0 nor 1.
#[track_caller]
pub(super) fn first_inner(parity: usize, what: &str) -> usize {
    assert!(
        parity < 2,
        "{what}({parity}): the parity is 0 for even or 1 for odd"
    );
    2 - parity
}

impl<T> RedBlack<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`, with as many elements as `shape` says.
    #[track_caller]
    unsafe fn from_raw(data: *mut T, shape: [usize; 2], parity: usize) -> Self {
        RedBlack {
            data,
            shape,
            first: first_inner(parity, "red_black"),
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        let [rows, cols] = self.shape;
        id.block(Tag::RedBlack, self.data.addr(), &[rows, cols, self.first]);
    }
}

// SAFETY: sharing a handle gives access to nothing except through `get`.
unsafe impl<T: Send + Sync> Sync for SweepRows<'_, T> {}
// SAFETY: an exclusive borrow that is partly used to share.
unsafe impl<T: Send + Sync> Send for SweepRows<'_, T> {}
// SAFETY: as for `SweepRows`.
unsafe impl<T: Send + Sync> Sync for RedBlack<'_, T> {}
// SAFETY: as for `SweepRows`.
unsafe impl<T: Send + Sync> Send for RedBlack<'_, T> {}

// SAFETY: (1) nothing changes the numbers; (2) the step is not 0, so different positions write different
// rows of one grid, borrowed exclusively; what an item can read, `OtherRows` keeps to rows that no position
// writes; (3) `T: Send` for what is written, `T: Sync` for what several threads read; (4) an alias has the
// same fields, and the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send + Sync> Source for SweepRows<'a, T> {
    type Item = (usize, &'a mut [T], OtherRows<'a, T>);
    fn len(&self) -> usize {
        (self.shape[0] - self.written.first).div_ceil(self.written.step)
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Self::Item {
        let cols = self.shape[1];
        let i = self.written.first + k * self.written.step;
        // SAFETY: `k < len()`, so row `i` exists; it is taken once, and nobody reads it.
        let row = unsafe { std::slice::from_raw_parts_mut(self.data.add(i * cols), cols) };
        // SAFETY: the rows that no position writes are only read, by whoever has the loop's items.
        (i, row, unsafe {
            OtherRows::new(self.data, self.shape, self.written)
        })
    }
    unsafe fn alias(&self) -> Self {
        SweepRows { ..*self }
    }
}

// SAFETY: (1) nothing changes the numbers; (2) different positions write different rows, two apart, of one
// grid that is borrowed exclusively; what an item reads are the rows beside its own, of the other parity,
// which no position writes; (3) and (4) as for `SweepRows`.
unsafe impl<'a, T: Send + Sync> Source for RedBlack<'a, T> {
    type Item = (usize, &'a [T], &'a mut [T], &'a [T]);
    fn len(&self) -> usize {
        // Inner rows: up to the one before the last.
        self.shape[0].saturating_sub(1 + self.first).div_ceil(2)
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Self::Item {
        let cols = self.shape[1];
        let i = self.first + 2 * k;
        // SAFETY: `k < len()`, so `1 <= i < rows - 1`: the three rows exist. Row `i` is taken once and read
        // by nobody; the other two have the other parity and are written by nobody.
        unsafe {
            let row = |i: usize| self.data.add(i * cols);
            (
                i,
                std::slice::from_raw_parts(row(i - 1), cols),
                std::slice::from_raw_parts_mut(row(i), cols),
                std::slice::from_raw_parts(row(i + 1), cols),
            )
        }
    }
    unsafe fn alias(&self) -> Self {
        RedBlack { ..*self }
    }
}

// SAFETY: rows of different positions have different numbers, which ascend with the position.
unsafe impl<T: Send + Sync> IndexedSource for SweepRows<'_, T> {
    /// The row.
    #[inline(always)]
    fn index(&self, k: usize) -> usize {
        self.written.first + k * self.written.step
    }
    fn hull(&self, r: &Range<usize>) -> Option<Range<usize>> {
        Some(hull(r, |k| self.index(k)))
    }
}
// SAFETY: as for `SweepRows`.
unsafe impl<T: Send + Sync> IndexedSource for RedBlack<'_, T> {
    /// The row.
    #[inline(always)]
    fn index(&self, k: usize) -> usize {
        self.first + 2 * k
    }
    fn hull(&self, r: &Range<usize>) -> Option<Range<usize>> {
        Some(hull(r, |k| self.index(k)))
    }
}
/// From the first index to the last, for indices that ascend.
pub(super) fn hull(r: &Range<usize>, index: impl Fn(usize) -> usize) -> Range<usize> {
    match r.is_empty() {
        true => 0..0,
        false => index(r.start)..index(r.end - 1) + 1,
    }
}
itself! { [T: Send + Sync] SweepRows<'_, T>; [T: Send + Sync] RedBlack<'_, T>; }

impl<T> Grid2<T> {
    /// The inner rows of one parity, to be written, each between the neighbours that are only read:
    /// `(i, &up, &mut me, &down)`. The first and the last row of the grid are borders: they are read.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::from_fn(Static, 9, 9, |i, _| if i == 0 { 1.0 } else { 0.0 });
    /// for parity in [1, 0] {
    ///     parallel_for(Static, g.red_black(parity), |(_i, up, me, down)| {
    ///         for j in 0..me.len() {
    ///             me[j] = 0.5 * (up[j] + down[j]);
    ///         }
    ///     });
    /// }
    /// assert_eq!((g[1][4], g[2][4]), (0.5, 0.25));
    /// ```
    ///
    /// # Panics
    ///
    /// When `parity` is neither 0, for even rows, nor 1, for odd ones.
    #[track_caller]
    pub fn red_black(&mut self, parity: usize) -> RedBlack<'_, T>
    where
        T: Send + Sync,
    {
        let (data, shape) = self.address();
        // SAFETY: an exclusive borrow of the grid's elements.
        unsafe { RedBlack::from_raw(data, shape, parity) }
    }
    /// Rows `first`, `first + step`, .., to be written, each with all rows that no iteration writes:
    /// `(i, &mut me, others)`, where `others[k]` is row `k`.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::from_fn(Static, 9, 4, |i, _| i);
    /// parallel_for(Static, g.sweep_rows(2, 3), |(i, me, others)| {
    ///     for j in 0..me.len() {
    ///         me[j] = others[i - 1][j] + others[i - 2][j];
    ///     }
    /// });
    /// assert_eq!((g[1][0], g[2][0], g[8][0]), (1, 1, 13));
    /// ```
    ///
    /// # Panics
    ///
    /// When `step` is 0, or `first` is past the end.
    #[track_caller]
    pub fn sweep_rows(&mut self, first: usize, step: usize) -> SweepRows<'_, T>
    where
        T: Send + Sync,
    {
        let (data, shape) = self.address();
        // SAFETY: an exclusive borrow of the grid's elements.
        unsafe { SweepRows::from_raw(data, shape, first, step) }
    }
}

impl<T: Send + Sync + 'static> GridView<'_, T> {
    /// The inner rows of one parity, one an iteration, each between its neighbours: `(i, &up, &mut me,
    /// &down)`. See [`Grid2::red_black`].
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::from_fn(Static, 9, 9, |i, _| if i == 0 { 1.0 } else { 0.0 });
    /// region(Static, &mut g, |cx, mut g| {
    ///     for sweep in 0..10 {
    ///         cx.for_each(Static, g.red_black(sweep % 2), (), |(_i, up, me, down), ()| {
    ///             me.iter_mut().zip(up.iter().zip(down)).for_each(|(m, (u, d))| *m = 0.5 * (u + d));
    ///         });
    ///     }
    /// });
    /// assert_eq!(g[8][4], 0.0);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Grid2::red_black`].
    #[track_caller]
    pub fn red_black(&mut self, parity: usize) -> Lent<'_, RedBlack<'static, T>> {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { Lent::new(RedBlack::from_raw(data, shape, parity), self.origin()) }
    }
    /// Rows `first`, `first + step`, .., one an iteration, each with all rows that no iteration writes: `(i,
    /// &mut me, others)`. See [`Grid2::sweep_rows`].
    ///
    /// # Panics
    ///
    /// As [`Grid2::sweep_rows`].
    #[track_caller]
    pub fn sweep_rows(&mut self, first: usize, step: usize) -> Lent<'_, SweepRows<'static, T>> {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { Lent::new(SweepRows::from_raw(data, shape, first, step), self.origin()) }
    }
}

//! The rows of a grid that nobody writes, to be read while others are written; and row splitting.

use super::reading::{LendRead, Reads};
use super::view::{GridView, View};
use crate::memory::Grid2;
use crate::team::identity::{Identity, Tag};
use crate::team::origin::Origin;
use std::marker::PhantomData;
use std::ops::Index;

/// Which rows are written: `first`, `first + step`, .. to the last one of the grid.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) first: usize,
    /// At least 1; [`ALONE`](Self::ALONE) for a row that was split off.
    pub(super) step: usize,
}

impl Written {
    /// The step of a row that was split off: there is no next one, and no loop.
    pub(super) const ALONE: usize = usize::MAX;

    /// The iteration that writes row `i`, if one does.
    #[inline(always)]
    fn by(self, i: usize) -> Option<usize> {
        let behind = i.checked_sub(self.first)?;
        behind.is_multiple_of(self.step).then(|| behind / self.step)
    }
}

/// The rows of a grid that no iteration of the loop writes: `others[i]` is row `i`.
pub struct OtherRows<'a, T> {
    data: *const T,
    shape: [usize; 2],
    written: Written,
    _borrow: PhantomData<&'a [T]>,
}

impl<T> Clone for OtherRows<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for OtherRows<'_, T> {}
// SAFETY: it is `&[T]` to each of the rows that nobody writes.
unsafe impl<T: Sync> Send for OtherRows<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for OtherRows<'_, T> {}

impl<'a, T> OtherRows<'a, T> {
    /// # Safety
    ///
    /// For the lifetime, the rows of the grid at `data` that are not `written` are borrowed.
    #[inline(always)]
    pub(super) unsafe fn new(data: *const T, shape: [usize; 2], written: Written) -> Self {
        OtherRows {
            data,
            shape,
            written,
            _borrow: PhantomData,
        }
    }
    /// Rows and columns of the grid.
    #[inline(always)]
    pub fn shape(&self) -> (usize, usize) {
        (self.shape[0], self.shape[1])
    }
    /// Row `i`; none if the grid has no such row, or if the loop writes it.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<&'a [T]> {
        let [rows, cols] = self.shape;
        if i >= rows || self.written.by(i).is_some() {
            return None;
        }
        // SAFETY: a row of the grid that nobody writes: `new`'s contract.
        Some(unsafe { std::slice::from_raw_parts(self.data.add(i * cols), cols) })
    }
}

impl<T> Index<usize> for OtherRows<'_, T> {
    type Output = [T];
    /// # Panics
    ///
    /// When there is no row `i`, or the loop writes it.
    #[inline(always)]
    #[track_caller]
    fn index(&self, i: usize) -> &[T] {
        match self.get(i) {
            Some(row) => row,
            None => not_readable(i, self.shape[0], self.written),
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_readable(i: usize, rows: usize, written: Written) -> ! {
    if i >= rows {
        crate::memory::grid::no_row(i, rows)
    }
    match written.by(i) {
        Some(_) if written.step == Written::ALONE => {
            panic!("row {i} is split off to be written: only the other rows can be read")
        }
        owner => panic!(
            "iteration {} of this loop owns row {i} and may write it now: only rows that no iteration writes \
             can be read",
            owner.unwrap_or_default()
        ),
    }
}

/// The other rows of a region's grid, borrowed for `'v` to be read: see [`GridView::split_row_mut`].
pub struct ReadingOtherRows<'v, T> {
    data: *const T,
    shape: [usize; 2],
    written: Written,
    origin: Origin,
    _borrow: PhantomData<&'v [T]>,
}

impl<'i, T: 'static> LendRead<'i> for ReadingOtherRows<'_, T> {
    type Open = OtherRows<'i, T>;
}
// SAFETY: shared borrows of rows that are described by the grid's address and shape and by what is written;
// `T: Sync` lets every thread have them.
unsafe impl<T: Sync + 'static> Reads for ReadingOtherRows<'_, T> {
    fn describe(&self, id: &mut Identity) {
        let ([rows, cols], Written { first, step }) = (self.shape, self.written);
        id.naming(self.origin)
            .block(Tag::OtherRows, self.data.addr(), &[rows, cols, first, step]);
    }
    #[inline(always)]
    unsafe fn open(&self) -> OtherRows<'_, T> {
        // SAFETY: while this lives, the rows that it reads are borrowed, and only the row that was split
        // off can be written.
        unsafe { OtherRows::new(self.data, self.shape, self.written) }
    }
}

/// # Panics
///
/// When there is no row `i`.
#[track_caller]
fn only(i: usize, [rows, cols]: [usize; 2]) -> Written {
    assert!(
        i < rows,
        "row {i} cannot be split off a grid of {rows} x {cols} elements"
    );
    Written {
        first: i,
        step: Written::ALONE,
    }
}

impl<T> Grid2<T> {
    /// Row `i`, to be written, and all other rows, to be read meanwhile.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::from_fn(Static, 10, 8, |i, j| i + j);
    /// for i in 1..10 {
    ///     let (row, others) = g.split_row_mut(i);
    ///     parallel_for(Static, enumerate(row), |(j, x)| *x += others[i - 1][j]);
    /// }
    /// assert_eq!(g[2][3], 3 + 4 + 5);
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no row `i`.
    #[track_caller]
    pub fn split_row_mut(&mut self, i: usize) -> (&mut [T], OtherRows<'_, T>) {
        let (data, shape) = self.address();
        let written = only(i, shape);
        // SAFETY: row `i` is borrowed exclusively, and `OtherRows` never reaches it.
        unsafe {
            let row = std::slice::from_raw_parts_mut(data.add(i * shape[1]), shape[1]);
            (row, OtherRows::new(data, shape, written))
        }
    }
}

impl<T> GridView<'_, T> {
    /// Row `i` as a view of its own, and all other rows, for every thread to read: `others[k]`.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::from_fn(Static, 10, 8, |i, j| i + j);
    /// region(Static, &mut g, |cx, mut g| {
    ///     for i in 1..10 {
    ///         let (mut row, others) = g.split_row_mut(i);
    ///         cx.for_each(Static, row.items_mut().enumerate(), others, |(j, x), others| {
    ///             *x += others[i - 1][j];
    ///         });
    ///     }
    /// });
    /// assert_eq!(g[2][3], 3 + 4 + 5);
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no row `i`.
    #[track_caller]
    pub fn split_row_mut(&mut self, i: usize) -> (View<'_, T>, ReadingOtherRows<'_, T>) {
        let (data, shape) = self.address();
        let written = only(i, shape);
        let (before, origin) = (i * shape[1], self.origin());
        // SAFETY: row `i` and the rest do not overlap, and this view cannot reach either while they live.
        let row = unsafe { View::new(data.add(before), shape[1], origin.behind::<T>(before)) };
        let others = ReadingOtherRows {
            data,
            shape,
            written,
            origin,
            _borrow: PhantomData,
        };
        (row, others)
    }
}

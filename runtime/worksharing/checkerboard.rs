//! Cells of one colour that are written, between their neighbours of the other: red-black cell by cell.

use super::lend::Lent;
use super::source::{IndexedSource, Source, itself};
use super::sweep::{first_inner, hull};
use super::view::GridView;
use crate::memory::Grid2;
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;
use std::ops::Range;

/// The inner cells of one colour, a row of them an iteration: see [`Grid2::red_black_cells`].
pub struct Checkerboard<'a, T> {
    data: *mut T,
    shape: [usize; 2],
    colour: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

/// The inner cells of one colour in one row: see [`Grid2::red_black_cells`].
pub struct ColourRow<'a, T> {
    /// The row's first element.
    data: *mut T,
    cols: usize,
    row: usize,
    /// Column of the first cell of the colour: 1 or 2.
    first: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

// SAFETY: it is `&mut` to cells of its own, and `&` to cells that others read too.
unsafe impl<T: Send + Sync> Send for ColourRow<'_, T> {}
// SAFETY: a shared one gives nothing.
unsafe impl<T: Send + Sync> Sync for ColourRow<'_, T> {}

impl<T> ColourRow<'_, T> {
    /// Which row of the grid it is.
    #[inline(always)]
    pub fn row(&self) -> usize {
        self.row
    }
    /// Number of cells of the colour, without the borders.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.cols.saturating_sub(1 + self.first).div_ceil(2)
    }
    /// Whether there is none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The cells of the colour from left to right: `(j, &mut cell, [&up, &down, &left, &right])`.
    #[inline(always)]
    pub fn iter_mut(
        &mut self,
    ) -> impl DoubleEndedIterator<Item = (usize, &mut T, [&T; 4])> + ExactSizeIterator {
        let (data, cols, first) = (self.data, self.cols, self.first);
        (0..self.len()).map(move |k| {
            let j = first + 2 * k;
            // SAFETY: the row and the column are inner ones, so the cell has four neighbours. They have the
            // other colour, which nobody writes while this value lives; the cell is this row's, and `j`
            // comes once.
            unsafe {
                let cell = data.add(j);
                let around = [
                    &*cell.sub(cols),
                    &*cell.add(cols),
                    &*cell.sub(1),
                    &*cell.add(1),
                ];
                (j, &mut *cell, around)
            }
        })
    }
}

impl<T> Checkerboard<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`, with as many elements as `shape` says.
    #[track_caller]
    unsafe fn from_raw(data: *mut T, shape: [usize; 2], colour: usize) -> Self {
        first_inner(colour, "red_black_cells");
        Checkerboard {
            data,
            shape,
            colour,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        let [rows, cols] = self.shape;
        id.block(
            Tag::Checkerboard,
            self.data.addr(),
            &[rows, cols, self.colour],
        );
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send + Sync> Sync for Checkerboard<'_, T> {}
// SAFETY: an exclusive borrow that is partly used to share.
unsafe impl<T: Send + Sync> Send for Checkerboard<'_, T> {}

// SAFETY: (1) nothing changes the numbers; (2) an item writes only cells of its own row, and only those with
// `i + j` of one parity; it reads only neighbours of these, where `i + j` has the other parity, which no
// position writes; (3) `T: Send` for what is written, `T: Sync` for what several threads read; (4) an alias
// has the same fields, and the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send + Sync> Source for Checkerboard<'a, T> {
    type Item = ColourRow<'a, T>;
    fn len(&self) -> usize {
        self.shape[0].saturating_sub(2)
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> ColourRow<'a, T> {
        let (row, cols) = (k + 1, self.shape[1]);
        ColourRow {
            // Inside: `row < rows - 1`.
            data: self.data.wrapping_add(row * cols),
            cols,
            row,
            // The column 1 or 2 for which row and column together have the colour.
            first: 1 + (row + 1 + self.colour) % 2,
            _borrow: PhantomData,
        }
    }
    unsafe fn alias(&self) -> Self {
        Checkerboard { ..*self }
    }
}

// SAFETY: rows of different positions have different numbers, which ascend with the position.
unsafe impl<T: Send + Sync> IndexedSource for Checkerboard<'_, T> {
    /// The row.
    #[inline(always)]
    fn index(&self, k: usize) -> usize {
        k + 1
    }
    fn hull(&self, r: &Range<usize>) -> Option<Range<usize>> {
        Some(hull(r, |k| self.index(k)))
    }
}
itself! { [T: Send + Sync] Checkerboard<'_, T>; }

impl<T> Grid2<T> {
    /// The inner cells with `i + j` even (colour 0) or odd (colour 1), to be written, each with its four
    /// neighbours of the other colour, which are only read. One row an iteration.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::from_fn(Static, 50, 50, |i, _| if i == 0 { 1.0 } else { 0.0 });
    /// for sweep in 0..20 {
    ///     parallel_for(Static, g.red_black_cells(sweep % 2), |mut row| {
    ///         for (_j, me, [up, down, left, right]) in row.iter_mut() {
    ///             *me = 0.25 * (up + down + left + right);
    ///         }
    ///     });
    /// }
    /// assert!(g[1][25] > g[2][25] && g[2][25] > 0.0);
    /// ```
    ///
    /// # Panics
    ///
    /// When `colour` is neither 0 nor 1.
    #[track_caller]
    pub fn red_black_cells(&mut self, colour: usize) -> Checkerboard<'_, T>
    where
        T: Send + Sync,
    {
        let (data, shape) = self.address();
        // SAFETY: an exclusive borrow of the grid's elements.
        unsafe { Checkerboard::from_raw(data, shape, colour) }
    }
}

impl<T: Send + Sync + 'static> GridView<'_, T> {
    /// The inner cells of one colour with their neighbours of the other, one row an iteration:
    /// [`ColourRow`]. See [`Grid2::red_black_cells`].
    ///
    /// # Panics
    ///
    /// As [`Grid2::red_black_cells`].
    #[track_caller]
    pub fn red_black_cells(&mut self, colour: usize) -> Lent<'_, Checkerboard<'static, T>> {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { Lent::new(Checkerboard::from_raw(data, shape, colour), self.origin()) }
    }
}

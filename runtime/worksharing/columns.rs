//! The columns of a grid as sources: one column an iteration.

use super::column::{Column, ColumnMut};
use super::lend::Lent;
use super::source::{Source, by_position};
use super::view::GridView;
use crate::memory::Grid2;
use crate::team::identity::{Identity, Tag};
use std::marker::PhantomData;

/// The columns of a shared grid.
pub struct Columns<'a, T> {
    grid: &'a [T],
    shape: [usize; 2],
}

/// The columns of an exclusively borrowed grid.
pub struct ColumnsMut<'a, T> {
    data: *mut T,
    shape: [usize; 2],
    _borrow: PhantomData<&'a mut [T]>,
}

impl<T> ColumnsMut<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`, with as many elements as `shape` says.
    pub(super) unsafe fn from_raw(data: *mut T, shape: [usize; 2]) -> Self {
        ColumnsMut {
            data,
            shape,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Identity) {
        id.block(Tag::Columns, self.data.addr(), &self.shape);
    }
}

// SAFETY: (1) the shape never changes; (2) items are shared borrows; (3) `T: Sync`; (4) an alias is a copy
// of the shared borrow.
unsafe impl<'a, T: Sync> Source for Columns<'a, T> {
    type Item = Column<'a, T>;
    fn len(&self) -> usize {
        self.shape[1]
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Column<'a, T> {
        let [rows, cols] = self.shape;
        // SAFETY: column `k < cols` of a borrowed grid: element `i` is `i * cols` behind the first. (Without
        // rows there is none, and the pointer is not used.)
        unsafe { Column::new(self.grid.as_ptr().wrapping_add(k), rows, cols, k) }
    }
    unsafe fn alias(&self) -> Self {
        Columns { ..*self }
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send> Sync for ColumnsMut<'_, T> {}
// SAFETY: as for `&mut [T]`.
unsafe impl<T: Send> Send for ColumnsMut<'_, T> {}

// SAFETY: (1) the shape never changes; (2) columns of different numbers have no element in common: `i * cols
// + k` with `k < cols` says which column an element is in; and a column checks its indices; (3) `T: Send`;
// (4) an alias has the same fields, and the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send> Source for ColumnsMut<'a, T> {
    type Item = ColumnMut<'a, T>;
    fn len(&self) -> usize {
        self.shape[1]
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> ColumnMut<'a, T> {
        let [rows, cols] = self.shape;
        // SAFETY: as for `Columns`; the grid is borrowed exclusively, and the caller takes each column once.
        unsafe { ColumnMut::new(self.data.wrapping_add(k), rows, cols, k) }
    }
    unsafe fn alias(&self) -> Self {
        ColumnsMut { ..*self }
    }
}
by_position! { [T: Sync] Columns<'_, T>; [T: Send] ColumnsMut<'_, T>; }

impl<T> Grid2<T> {
    /// The columns, as a source of a parallel loop.
    pub fn cols(&self) -> Columns<'_, T>
    where
        T: Sync,
    {
        let (rows, cols) = self.shape();
        Columns {
            grid: self.as_slice(),
            shape: [rows, cols],
        }
    }
    /// The columns, to be written, as a source of a parallel loop: `col[i]` is the element in row `i`.
    ///
    /// Neighbouring columns share cache lines, so a schedule with blocks of columns (`Static`) is faster than
    /// one that deals single ones.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::filled(4, 3, 1);
    /// parallel_for(Static, g.cols_mut(), |mut col| {
    ///     for i in 1..col.len() {
    ///         col[i] += col[i - 1];
    ///     }
    /// });
    /// assert_eq!(g[3], [4, 4, 4]);
    /// ```
    pub fn cols_mut(&mut self) -> ColumnsMut<'_, T>
    where
        T: Send,
    {
        let (data, shape) = self.address();
        // SAFETY: an exclusive borrow of the grid's elements.
        unsafe { ColumnsMut::from_raw(data, shape) }
    }
}

impl<T> GridView<'_, T> {
    /// The columns, one an iteration: [`ColumnMut`].
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::filled(4, 3, 1);
    /// region(Static, &mut g, |cx, mut g| {
    ///     cx.for_each(Static, g.rows_mut().enumerate(), (), |(i, row), ()| row.fill(i));
    ///     cx.for_each(Static, g.cols_mut(), (), |mut col, ()| col[3] = col.iter().sum());
    /// });
    /// assert_eq!(g[3], [6, 6, 6]);
    /// ```
    pub fn cols_mut(&mut self) -> Lent<'_, ColumnsMut<'static, T>>
    where
        T: Send + 'static,
    {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { Lent::new(ColumnsMut::from_raw(data, shape)) }
    }
}

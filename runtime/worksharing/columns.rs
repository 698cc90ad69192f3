//! The columns of a grid as sources, and the lines of one in three dimensions: one of them an iteration.

use super::column::{Column, ColumnMut};
use super::lend::Lent;
use super::source::{Source, by_position};
use super::view::{Grid3View, GridView};
use crate::memory::{Grid2, Grid3};
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;

/// Where the lines along one dimension of a grid lie.
#[derive(Clone, Copy)]
struct Lines {
    /// Elements of a line.
    each: usize,
    /// From one of them to the next: as many lines begin side by side.
    stride: usize,
    /// Number of lines.
    count: usize,
}

impl Lines {
    /// The columns of a grid of two dimensions.
    fn columns([rows, cols]: [usize; 2]) -> Self {
        Lines {
            each: rows,
            stride: cols,
            count: cols,
        }
    }
    /// The lines along `axis`.
    ///
    /// # Panics
    ///
    /// When there is no such axis.
    #[track_caller]
    fn along(axis: usize, shape: [usize; 3]) -> Self {
        assert!(
            axis < 3,
            "lines along axis {axis} of a grid in three dimensions: they count from 0 to 2"
        );
        let [outer, stride]: [usize; 2] = [
            shape[..axis].iter().product(),
            shape[axis + 1..].iter().product(),
        ];
        Lines {
            each: shape[axis],
            stride,
            // Where the grid has elements it fits; where not, there may be lines without any.
            count: outer.saturating_mul(stride),
        }
    }
    /// Where line `k < count` begins: an element of the grid, if the line has any.
    #[inline(always)]
    fn start(self, k: usize) -> usize {
        match k < self.stride {
            true => k,
            false => (k / self.stride * self.stride)
                .wrapping_mul(self.each)
                .wrapping_add(k % self.stride),
        }
    }
}

/// The columns or lines of a shared grid.
pub struct Columns<'a, T> {
    grid: &'a [T],
    lines: Lines,
}

/// The columns or lines of an exclusively borrowed grid.
pub struct ColumnsMut<'a, T> {
    data: *mut T,
    lines: Lines,
    _borrow: PhantomData<&'a mut [T]>,
}

impl<'a, T> Columns<'a, T> {
    /// The columns of a grid of that shape.
    pub(super) fn of(grid: &'a [T], shape: [usize; 2]) -> Self {
        Columns {
            grid,
            lines: Lines::columns(shape),
        }
    }
}
impl<T> ColumnsMut<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`, with as many elements as the lines have.
    unsafe fn from_raw(data: *mut T, lines: Lines) -> Self {
        ColumnsMut {
            data,
            lines,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        let Lines {
            each,
            stride,
            count,
        } = self.lines;
        id.block(Tag::Columns, self.data.addr(), &[each, stride, count]);
    }
}

// SAFETY: (1) the numbers never change; (2) items are shared borrows; (3) `T: Sync`; (4) an alias is a copy
// of the shared borrow.
unsafe impl<'a, T: Sync> Source for Columns<'a, T> {
    type Item = Column<'a, T>;
    fn len(&self) -> usize {
        self.lines.count
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Column<'a, T> {
        let Lines { each, stride, .. } = self.lines;
        let start = self.grid.as_ptr().wrapping_add(self.lines.start(k));
        // SAFETY: line `k` of a borrowed grid: element `i` lies `i * stride` behind the first. (Where lines
        // have no elements the pointer is not used.)
        unsafe { Column::new(start, each, stride, k) }
    }
    unsafe fn alias(&self) -> Self {
        Columns { ..*self }
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send> Sync for ColumnsMut<'_, T> {}
// SAFETY: as for `&mut [T]`.
unsafe impl<T: Send> Send for ColumnsMut<'_, T> {}

// SAFETY: (1) the numbers never change; (2) lines of different numbers have no element in common: element
// `i` of line `k = b * stride + r`, with `r < stride` and `i < each`, is number `(b * each + i) * stride + r` of
// the grid, from which `r`, `i` and `b` follow; and a line checks its indices; (3) `T: Send`; (4) an alias has
// the same fields, and the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send> Source for ColumnsMut<'a, T> {
    type Item = ColumnMut<'a, T>;
    fn len(&self) -> usize {
        self.lines.count
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> ColumnMut<'a, T> {
        let Lines { each, stride, .. } = self.lines;
        let start = self.data.wrapping_add(self.lines.start(k));
        // SAFETY: as for `Columns`; the grid is borrowed exclusively, and the caller takes each line once.
        unsafe { ColumnMut::new(start, each, stride, k) }
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
        Columns::of(self.as_slice(), [rows, cols])
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
        unsafe { ColumnsMut::from_raw(data, Lines::columns(shape)) }
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
        unsafe {
            Lent::new(
                ColumnsMut::from_raw(data, Lines::columns(shape)),
                self.origin(),
            )
        }
    }
}

impl<T> Grid3<T> {
    /// The lines along an axis, as a source of a parallel loop: along 0 `line[i]` goes from plane to plane,
    /// along 1 from row to row, along 2 from element to element. They come in order of their other two
    /// coordinates.
    ///
    /// # Panics
    ///
    /// When `axis` is not 0, 1 or 2.
    #[track_caller]
    pub fn lines(&self, axis: usize) -> Columns<'_, T>
    where
        T: Sync,
    {
        Columns {
            grid: self.as_slice(),
            lines: Lines::along(axis, self.shape()),
        }
    }
    /// The lines along an axis, to be written: see [`lines`](Self::lines).
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid3::filled([4, 5, 6], 1);
    /// for axis in [0, 1, 2] {
    ///     parallel_for(Static, g.lines_mut(axis), |mut line| {
    ///         for i in 1..line.len() {
    ///             line[i] += line[i - 1];
    ///         }
    ///     });
    /// }
    /// assert_eq!(g[[3, 4, 5]], 4 * 5 * 6);
    /// ```
    ///
    /// # Panics
    ///
    /// When `axis` is not 0, 1 or 2.
    #[track_caller]
    pub fn lines_mut(&mut self, axis: usize) -> ColumnsMut<'_, T>
    where
        T: Send,
    {
        let (data, shape) = self.address();
        // SAFETY: an exclusive borrow of the grid's elements.
        unsafe { ColumnsMut::from_raw(data, Lines::along(axis, shape)) }
    }
}

impl<T> Grid3View<'_, T> {
    /// The lines along an axis, one an iteration: [`ColumnMut`]. See [`Grid3::lines`].
    ///
    /// # Panics
    ///
    /// When `axis` is not 0, 1 or 2.
    #[track_caller]
    pub fn lines_mut(&mut self, axis: usize) -> Lent<'_, ColumnsMut<'static, T>>
    where
        T: Send + 'static,
    {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe {
            Lent::new(
                ColumnsMut::from_raw(data, Lines::along(axis, shape)),
                self.origin(),
            )
        }
    }
}

//! `Grid2`: a two-dimensional array in rows, first touched row by row.

use super::first_touch::fill;
use super::numa_vec::NumaVec;
use crate::source::IntoSource;
use crate::team::options::Options;
use crate::worksharing::cells::{At2, Cells, CellsMut};
use crate::worksharing::chunked::{Chunked, ChunkedMut, chunks, chunks_mut};
use crate::worksharing::tiles::{Tiles, TilesMut};
use std::fmt;
use std::ops::{Index, IndexMut};

/// A grid of `rows` x `cols` values, row after row in memory: `g[i][j]` is row `i`, column `j`.
///
/// ```
/// use phalanx::prelude::*;
/// let mut g = Grid2::from_fn(Static, 3, 4, |i, j| 10 * i + j);
/// assert_eq!(g[2][3], 23);
/// parallel_for(Static, enumerate(g.rows_mut()), |(i, row)| row[0] = i);
/// assert_eq!(g[2][0], 2);
/// ```
pub struct Grid2<T> {
    data: NumaVec<T>,
    rows: usize,
    cols: usize,
}

impl<T> Grid2<T> {
    /// Element `(i, j)` is `f(i, j)`; each row is written first by the thread that owns iteration
    /// `i` of a loop over all rows under these options.
    ///
    /// # Panics
    ///
    /// When `f` does; when the grid would be larger than `isize::MAX` bytes.
    pub fn from_fn(
        options: impl Into<Options>,
        rows: usize,
        cols: usize,
        f: impl Fn(usize, usize) -> T + Sync,
    ) -> Self
    where
        T: Send,
    {
        let source = (0..rows).into_source();
        let (pages, asked) = fill(options.into(), &source, cols, |i, put| {
            (0..cols).for_each(|j| put(f(i, j)))
        });
        // SAFETY: `fill` returns only when every element is written.
        let data = unsafe { NumaVec::from_pages(pages, asked) };
        Grid2 { data, rows, cols }
    }

    /// All elements are copies of `value`, first touched under the default static schedule.
    pub fn filled(rows: usize, cols: usize, value: T) -> Self
    where
        T: Clone + Send + Sync,
    {
        Self::from_fn(Options::new(), rows, cols, |_, _| value.clone())
    }

    /// Rows and columns.
    #[inline(always)]
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.cols)
    }
    /// Number of rows.
    #[inline(always)]
    pub fn rows_len(&self) -> usize {
        self.rows
    }
    /// Number of columns.
    #[inline(always)]
    pub fn cols_len(&self) -> usize {
        self.cols
    }
    /// All elements, row after row.
    pub fn as_slice(&self) -> &[T] {
        &self.data
    }
    /// All elements, row after row.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.data
    }
    /// Where the elements are, and in what shape.
    pub(crate) fn address(&mut self) -> (*mut T, [usize; 2]) {
        (self.data.as_mut_ptr(), [self.rows, self.cols])
    }
    /// The array behind the grid, for [`crate::pages::report`].
    pub fn data(&self) -> &NumaVec<T> {
        &self.data
    }

    /// The rows, as a source of a parallel loop. (How many there are: [`rows_len`](Self::rows_len).)
    ///
    /// # Panics
    ///
    /// When the grid has rows but no columns: such rows are no pieces of memory.
    #[track_caller]
    pub fn rows(&self) -> Chunked<'_, T>
    where
        T: Sync,
    {
        chunks(&self.data, row_length([self.rows, self.cols]))
    }
    /// The rows, to be written, as a source of a parallel loop.
    ///
    /// # Panics
    ///
    /// As [`rows`](Self::rows).
    #[track_caller]
    pub fn rows_mut(&mut self) -> ChunkedMut<'_, T>
    where
        T: Send,
    {
        let cols = row_length([self.rows, self.cols]);
        chunks_mut(&mut self.data, cols)
    }

    /// The elements with their coordinates, `((i, j), &value)`, as a source of a parallel loop.
    pub fn cells(&self) -> Cells<'_, T, At2>
    where
        T: Sync,
    {
        Cells::new(&self.data, At2::new(self.cols, self.data.len()))
    }
    /// The elements with their coordinates, to be written.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::filled(3, 4, 0);
    /// parallel_for(Static, g.cells_mut(), |((i, j), x)| *x = 10 * i + j);
    /// assert_eq!(g[2][3], 23);
    /// ```
    pub fn cells_mut(&mut self) -> CellsMut<'_, T, At2>
    where
        T: Send,
    {
        let coordinates = At2::new(self.cols, self.data.len());
        CellsMut::new(&mut self.data, coordinates)
    }
    /// Tiles of `rows` x `cols` elements, as a source of a parallel loop; those at the far edges are
    /// smaller.
    ///
    /// # Panics
    ///
    /// When `rows` or `cols` is 0.
    #[track_caller]
    pub fn tiles(&self, rows: usize, cols: usize) -> Tiles<'_, T, 2>
    where
        T: Sync,
    {
        Tiles::new(&self.data, [self.rows, self.cols], [rows, cols])
    }
    /// Tiles of `rows` x `cols` elements, to be written: `tile[i][j]` counts from the tile's own first
    /// element, which is element `tile.origin()` of the grid.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::filled(100, 100, 0);
    /// parallel_for(Dynamic(1), g.tiles_mut(16, 16), |mut tile| {
    ///     let ([i0, j0], [rows, cols]) = (tile.origin(), tile.shape());
    ///     for i in 0..rows {
    ///         for j in 0..cols {
    ///             tile[i][j] = (i0 + i) * (j0 + j);
    ///         }
    ///     }
    /// });
    /// assert_eq!(g[99][98], 99 * 98);
    /// ```
    ///
    /// # Panics
    ///
    /// When `rows` or `cols` is 0.
    #[track_caller]
    pub fn tiles_mut(&mut self, rows: usize, cols: usize) -> TilesMut<'_, T, 2>
    where
        T: Send,
    {
        let shape = [self.rows, self.cols];
        // SAFETY: the grid holds `shape` elements.
        unsafe { TilesMut::new(&mut self.data, shape, [rows, cols]) }
    }
}

/// The length of a row that a loop hands out, at least 1; for grids and for views of them.
///
/// # Panics
///
/// When there are rows but no columns: a loop over them would hand out nothing, and nobody who writes one means
/// that.
#[track_caller]
pub(crate) fn row_length([rows, cols]: [usize; 2]) -> usize {
    assert!(
        cols > 0 || rows == 0,
        "a grid of {rows} rows of 0 columns has no rows to share"
    );
    cols.max(1)
}

impl<T> Index<usize> for Grid2<T> {
    type Output = [T];
    #[inline(always)]
    #[track_caller]
    fn index(&self, i: usize) -> &[T] {
        if i >= self.rows {
            no_row(i, self.rows)
        }
        // The product fits: it is at most the number of elements.
        &self.data[i * self.cols..][..self.cols]
    }
}

impl<T> IndexMut<usize> for Grid2<T> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, i: usize) -> &mut [T] {
        if i >= self.rows {
            no_row(i, self.rows)
        }
        &mut self.data[i * self.cols..][..self.cols]
    }
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn no_row(i: usize, rows: usize) -> ! {
    panic!("row {i} of a grid of {rows} rows")
}

/// A copy with pages of its own, dealt out as the original's were.
impl<T: Clone + Send + Sync> Clone for Grid2<T> {
    fn clone(&self) -> Self {
        let options = match self.data.distribution() {
            Some(d) => d.schedule.num_threads(d.nodes.len()),
            None => Options::new(),
        };
        Self::from_fn(options, self.rows, self.cols, |i, j| self[i][j].clone())
    }
}

impl<T: PartialEq> PartialEq for Grid2<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shape() == other.shape() && self.data == other.data
    }
}

impl<T: fmt::Debug> fmt::Debug for Grid2<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries((0..self.rows).map(|i| &self[i]))
            .finish()
    }
}

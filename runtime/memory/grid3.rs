//! `Grid3`: a three-dimensional array, first touched plane by plane.

use super::first_touch::fill;
use super::numa_vec::NumaVec;
use crate::source::IntoSource;
use crate::team::options::Options;
use crate::worksharing::cells::{At3, Cells, CellsMut};
use crate::worksharing::chunked::{Chunked, ChunkedMut, chunks, chunks_mut};
use crate::worksharing::tiles::{Tiles, TilesMut};
use std::fmt;
use std::ops::{Index, IndexMut};

/// A grid of `planes` x `rows` x `cols` values, the last coordinate fastest: `g[[i, j, k]]` is an
/// element, `g[[i, j]]` a row.
///
/// ```
/// use phalanx::prelude::*;
/// let mut g = Grid3::from_fn(Static, [2, 3, 4], |i, j, k| 100 * i + 10 * j + k);
/// assert_eq!(g[[1, 2, 3]], 123);
/// parallel_for(Static, g.cells_mut(), |((i, j, k), x)| *x += i + j + k);
/// assert_eq!(g[[1, 2]], [123, 125, 127, 129]);
/// ```
///
/// (`g[i][j][k]` would need `g[i]` to be a plane somewhere in memory that knows its own width; there
/// is none, so the coordinates come together.)
pub struct Grid3<T> {
    data: NumaVec<T>,
    shape: [usize; 3],
}

impl<T> Grid3<T> {
    /// Element `[i, j, k]` is `f(i, j, k)`; each plane is written first by the thread that owns
    /// iteration `i` of a loop over all planes under these options.
    ///
    /// # Panics
    ///
    /// When `f` does; when the grid would be larger than `isize::MAX` bytes; when the lengths that are not 0
    /// multiply to more than `usize::MAX`.
    pub fn from_fn(
        options: impl Into<Options>,
        shape: [usize; 3],
        f: impl Fn(usize, usize, usize) -> T + Sync,
    ) -> Self
    where
        T: Send,
    {
        let [planes, rows, cols] = shape;
        // Also where there are no elements: numbers of rows and lines have to fit as well.
        let fits = shape
            .iter()
            .filter(|&&n| n > 0)
            .try_fold(1usize, |product, &n| product.checked_mul(n));
        if fits.is_none() {
            panic!("a grid of {planes} x {rows} x {cols} elements is too large")
        }
        let plane = rows * cols;
        let source = (0..planes).into_source();
        let (pages, asked) = fill(options.into(), &source, plane, |i, put| {
            for j in 0..rows {
                (0..cols).for_each(|k| put(f(i, j, k)));
            }
        });
        // SAFETY: `fill` returns only when every element is written.
        let data = unsafe { NumaVec::from_pages(pages, asked) };
        Grid3 { data, shape }
    }

    /// All elements are copies of `value`, first touched under the default static schedule.
    pub fn filled(shape: [usize; 3], value: T) -> Self
    where
        T: Clone + Send + Sync,
    {
        Self::from_fn(Options::new(), shape, |_, _, _| value.clone())
    }

    /// Planes, rows and columns.
    #[inline(always)]
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }
    /// All elements, the last coordinate fastest.
    pub fn as_slice(&self) -> &[T] {
        &self.data
    }
    /// All elements, the last coordinate fastest.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.data
    }
    /// Where the elements are, and in what shape.
    pub(crate) fn address(&mut self) -> (*mut T, [usize; 3]) {
        (self.data.as_mut_ptr(), self.shape)
    }
    /// The array behind the grid, for [`crate::pages::report`].
    pub fn data(&self) -> &NumaVec<T> {
        &self.data
    }

    /// The rows `g[[i, j]]`, plane after plane, as a source of a parallel loop.
    ///
    /// # Panics
    ///
    /// When the grid has rows but no columns: such rows are no pieces of memory.
    #[track_caller]
    pub fn rows(&self) -> Chunked<'_, T>
    where
        T: Sync,
    {
        chunks(&self.data, row_length(self.shape))
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
        let cols = row_length(self.shape);
        chunks_mut(&mut self.data, cols)
    }
    /// The elements with their coordinates, `((i, j, k), &value)`, as a source of a parallel loop.
    pub fn cells(&self) -> Cells<'_, T, At3>
    where
        T: Sync,
    {
        Cells::new(&self.data, self.coordinates())
    }
    /// The elements with their coordinates, to be written.
    pub fn cells_mut(&mut self) -> CellsMut<'_, T, At3>
    where
        T: Send,
    {
        let coordinates = self.coordinates();
        CellsMut::new(&mut self.data, coordinates)
    }
    /// Blocks of this shape, as a source of a parallel loop; those at the far edges are smaller.
    ///
    /// # Panics
    ///
    /// When a block would be empty.
    #[track_caller]
    pub fn tiles(&self, block: [usize; 3]) -> Tiles<'_, T, 3>
    where
        T: Sync,
    {
        Tiles::new(&self.data, self.shape, block)
    }
    /// Blocks of this shape, to be written.
    ///
    /// # Panics
    ///
    /// When a block would be empty.
    #[track_caller]
    pub fn tiles_mut(&mut self, block: [usize; 3]) -> TilesMut<'_, T, 3>
    where
        T: Send,
    {
        let shape = self.shape;
        // SAFETY: the grid holds `shape` elements.
        unsafe { TilesMut::new(&mut self.data, shape, block) }
    }

    fn coordinates(&self) -> At3 {
        let [_, rows, cols] = self.shape;
        At3::new(rows, cols, self.data.len())
    }
}

/// As [`grid::row_length`](super::grid::row_length), in three dimensions.
///
/// # Panics
///
/// When there are rows but no columns.
#[track_caller]
pub(crate) fn row_length([planes, rows, cols]: [usize; 3]) -> usize {
    assert!(
        cols > 0 || planes == 0 || rows == 0,
        "a grid of {planes} x {rows} rows of 0 columns has no rows to share"
    );
    cols.max(1)
}

/// Where row `[i, j]` begins, if there is one.
#[inline(always)]
#[track_caller]
pub(crate) fn row_start([planes, rows, cols]: [usize; 3], [i, j]: [usize; 2]) -> usize {
    if i >= planes || j >= rows {
        no_row([i, j], [planes, rows, cols])
    }
    // Fits: it is at most the number of elements.
    (i * rows + j) * cols
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_row([i, j]: [usize; 2], [planes, rows, cols]: [usize; 3]) -> ! {
    panic!("row [{i}, {j}] of a grid of {planes} x {rows} x {cols}")
}

impl<T> Index<[usize; 2]> for Grid3<T> {
    type Output = [T];
    #[inline(always)]
    #[track_caller]
    fn index(&self, row: [usize; 2]) -> &[T] {
        &self.data[row_start(self.shape, row)..][..self.shape[2]]
    }
}
impl<T> IndexMut<[usize; 2]> for Grid3<T> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, row: [usize; 2]) -> &mut [T] {
        let (start, cols) = (row_start(self.shape, row), self.shape[2]);
        &mut self.data[start..][..cols]
    }
}
impl<T> Index<[usize; 3]> for Grid3<T> {
    type Output = T;
    #[inline(always)]
    #[track_caller]
    fn index(&self, [i, j, k]: [usize; 3]) -> &T {
        &self[[i, j]][k]
    }
}
impl<T> IndexMut<[usize; 3]> for Grid3<T> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, [i, j, k]: [usize; 3]) -> &mut T {
        &mut self[[i, j]][k]
    }
}

/// A copy with pages of its own, dealt out as the original's were.
impl<T: Clone + Send + Sync> Clone for Grid3<T> {
    fn clone(&self) -> Self {
        let options = match self.data.distribution() {
            Some(d) => d.schedule.num_threads(d.nodes.len()),
            None => Options::new(),
        };
        Self::from_fn(options, self.shape, |i, j, k| self[[i, j, k]].clone())
    }
}

impl<T: PartialEq> PartialEq for Grid3<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.data == other.data
    }
}

impl<T: fmt::Debug> fmt::Debug for Grid3<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [planes, rows, _] = self.shape;
        let all = (0..planes).flat_map(|i| (0..rows).map(move |j| [i, j]));
        f.debug_map()
            .entries(all.map(|at| (at, &self[at])))
            .finish()
    }
}

//! The rows of a tile as sources: how a part of a grid is shared out further.

use super::source::{Source, by_position};
use super::tiles::TileMut;
use std::marker::PhantomData;

/// The rows of an exclusively borrowed tile.
pub struct TileRowsMut<'a, T> {
    /// The first element of the first row.
    data: *mut T,
    rows: usize,
    /// Elements of a row.
    cols: usize,
    /// From one row to the next.
    stride: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send> Sync for TileRowsMut<'_, T> {}
// SAFETY: as for `&mut [T]`.
unsafe impl<T: Send> Send for TileRowsMut<'_, T> {}

// SAFETY: (1) nothing changes the numbers; (2) a row is no longer than the distance to the next, so rows do
// not overlap; all belong to one tile, borrowed exclusively; (3) `T: Send`; (4) an alias has the same
// fields, and the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send> Source for TileRowsMut<'a, T> {
    type Item = &'a mut [T];
    fn len(&self) -> usize {
        self.rows
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> &'a mut [T] {
        // SAFETY: row `k < rows` of the tile, taken once.
        unsafe { std::slice::from_raw_parts_mut(self.data.add(k * self.stride), self.cols) }
    }
    unsafe fn alias(&self) -> Self {
        TileRowsMut { ..*self }
    }
}
by_position! { [T: Send] TileRowsMut<'_, T>; }

impl<T: Send> TileMut<'_, T, 2> {
    /// The rows of the tile, to be written, as a source of a parallel loop.
    pub fn rows_mut(&mut self) -> TileRowsMut<'_, T> {
        let ([rows, cols], stride) = (self.shape(), self.stride());
        TileRowsMut {
            data: self.first(),
            rows,
            cols,
            stride,
            _borrow: PhantomData,
        }
    }
}

//! The tiles of an exclusively borrowed grid, one after the other: for what takes its tiles apart by hand.

use super::tiles::{TileMut, TilesMut};
use crate::source::Source;
use std::iter::FusedIterator;
use std::ops::Range;

/// Each tile once, in the order of their positions (the last coordinate runs fastest).
///
/// ```
/// use phalanx::prelude::*;
/// let mut g = Grid2::filled(6, 6, 1u64);
/// // The tiles as objects that tasks depend on: tile (i, j) is at `3 * i + j`.
/// let mut tiles: Vec<_> = g.tiles_mut(2, 2).into_iter().collect();
/// taskgroup(|tg| {
///     let tile = tg.deps(&mut tiles);
///     for j in 1..3 {
///         tg.task_depend((tile[j - 1].input(), tile[j].inout()), |_, (left, me)| {
///             me[0][0] += left[0][0];
///         });
///     }
/// });
/// assert_eq!((g[0][2], g[0][4]), (2, 3));
/// ```
pub struct TilesIter<'a, T, const N: usize> {
    tiles: TilesMut<'a, T, N>,
    left: Range<usize>,
}

impl<'a, T: Send, const N: usize> IntoIterator for TilesMut<'a, T, N> {
    type Item = TileMut<'a, T, N>;
    type IntoIter = TilesIter<'a, T, N>;
    fn into_iter(self) -> TilesIter<'a, T, N> {
        TilesIter {
            left: 0..self.len(),
            tiles: self,
        }
    }
}

impl<'a, T: Send, const N: usize> Iterator for TilesIter<'a, T, N> {
    type Item = TileMut<'a, T, N>;
    fn next(&mut self) -> Option<TileMut<'a, T, N>> {
        // SAFETY: each position comes once, for the tiles are this iterator's own; a tile borrows the grid, for `'a`.
        self.left.next().map(|k| unsafe { self.tiles.get(k) })
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}
impl<T: Send, const N: usize> ExactSizeIterator for TilesIter<'_, T, N> {}
impl<T: Send, const N: usize> FusedIterator for TilesIter<'_, T, N> {}

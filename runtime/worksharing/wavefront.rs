//! Tiles of one antidiagonal, and the wavefront that passes over all of them.

use super::antidiagonal;
use super::for_each::PLAIN;
use super::lend::Lent;
use super::parallel::region;
use super::reading::{LendRead, Reads};
use super::source::{Source, itself};
use super::tiles::{Tile, TileMut, Tiling};
use super::view::GridView;
use crate::memory::Grid2;
use crate::schedule::Schedule;
use crate::team::identity::Tag;
use crate::team::options::Options;
use crate::team::origin::Naming;
use crate::team::region::Ctx;
use std::marker::PhantomData;
use std::panic::Location;

/// The tiles of one antidiagonal of tiles: see [`Grid2::tile_antidiagonal`].
pub struct TileAntidiagonal<'a, T> {
    data: *mut T,
    tiling: Tiling<2>,
    d: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

impl<T> TileAntidiagonal<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`, with as many elements as `shape` says.
    #[track_caller]
    unsafe fn from_raw(
        data: *mut T,
        shape: [usize; 2],
        (rows, cols): (usize, usize),
        d: usize,
    ) -> Self {
        let tiling = Tiling::new(shape, [rows, cols]);
        antidiagonal::check(d, tiling.count, "tiles");
        TileAntidiagonal {
            data,
            tiling,
            d,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        let ([rows, cols], [high, wide]) = (self.tiling.grid, self.tiling.tile);
        let numbers = [rows, cols, high, wide, self.d];
        id.block(Tag::TileAntidiagonal, self.data.addr(), &numbers);
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send + Sync> Sync for TileAntidiagonal<'_, T> {}
// SAFETY: an exclusive borrow that is partly used to share.
unsafe impl<T: Send + Sync> Send for TileAntidiagonal<'_, T> {}

// SAFETY: (1) nothing changes the numbers; (2) different positions write different tiles of one grid that is
// borrowed exclusively, and a tile reaches no element of another. An item reads the elements above its own
// tile, `i < i0` and `j < j1`, and those to its left, `i0 <= i < i1` and `j < j0`. Another tile of the
// antidiagonal lies further up and further right (`j >= j1`), or further down (`i >= i1`) and further left:
// in neither of the two. (3) `T: Send` for what is written, `T: Sync` for what several threads read; (4) an
// alias has the same fields, and the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send + Sync> Source for TileAntidiagonal<'a, T> {
    type Item = (TileMut<'a, T, 2>, Tile<'a, T, 2>, Tile<'a, T, 2>);
    fn len(&self) -> usize {
        antidiagonal::len(self.d, self.tiling.count)
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Self::Item {
        let Tiling { grid, tile, count } = self.tiling;
        let at = antidiagonal::place(k, self.d, count[1]);
        // (The products fit: they are less than the lengths of the grid.)
        let [i0, j0] = [at[0] * tile[0], at[1] * tile[1]];
        let [high, wide] = [tile[0].min(grid[0] - i0), tile[1].min(grid[1] - j0)];
        // SAFETY: `k < len()`, so the tile exists and all three lie inside the grid. The tile is taken once;
        // the other two are only read, by whoever has the loop's items, as argued above.
        unsafe {
            (
                TileMut::new(self.data, grid, [i0, j0], [high, wide]),
                Tile::new(self.data, grid, [0, 0], [i0, j0 + wide]),
                Tile::new(self.data, grid, [i0, 0], [high, j0]),
            )
        }
    }
    unsafe fn alias(&self) -> Self {
        TileAntidiagonal { ..*self }
    }
}
itself! { [T: Send + Sync] TileAntidiagonal<'_, T>; }

/// Number of antidiagonals of tiles.
#[track_caller]
fn count(shape: [usize; 2], (rows, cols): (usize, usize)) -> usize {
    antidiagonal::count(Tiling::new(shape, [rows, cols]).count)
}

impl<T> Grid2<T> {
    /// Number of antidiagonals that tiles of this shape form.
    ///
    /// # Panics
    ///
    /// When a tile would be empty.
    #[track_caller]
    pub fn tile_antidiagonals(&self, tile: (usize, usize)) -> usize {
        let (rows, cols) = self.shape();
        count([rows, cols], tile)
    }
    /// The tiles `(I, J)` of this shape with `I + J == d`, to be written, one an iteration, each with what
    /// lies above and to the left of it, to be read: `(own, up, left)`, as [`wavefront`] says.
    ///
    /// # Panics
    ///
    /// When a tile would be empty, and when there is no antidiagonal `d`.
    #[track_caller]
    pub fn tile_antidiagonal(&mut self, tile: (usize, usize), d: usize) -> TileAntidiagonal<'_, T>
    where
        T: Send + Sync,
    {
        let (data, shape) = self.address();
        // SAFETY: an exclusive borrow of the grid's elements.
        unsafe { TileAntidiagonal::from_raw(data, shape, tile, d) }
    }
}

impl<T> GridView<'_, T> {
    /// Number of antidiagonals that tiles of this shape form.
    ///
    /// # Panics
    ///
    /// When a tile would be empty.
    #[track_caller]
    pub fn tile_antidiagonals(&self, tile: (usize, usize)) -> usize {
        count(self.address().1, tile)
    }
    /// The tiles `(I, J)` of this shape with `I + J == d`, one an iteration, each with what lies above and to
    /// the left of it: `(own, up, left)`, as [`wavefront`] says.
    ///
    /// # Panics
    ///
    /// When a tile would be empty, and when there is no antidiagonal `d`.
    #[track_caller]
    pub fn tile_antidiagonal(
        &mut self,
        tile: (usize, usize),
        d: usize,
    ) -> Lent<'_, TileAntidiagonal<'static, T>>
    where
        T: Send + Sync + 'static,
    {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe {
            Lent::new(
                TileAntidiagonal::from_raw(data, shape, tile, d),
                self.origin(),
            )
        }
    }
}

/// Passes over a grid tile by tile, so that each tile is computed after those above and to the left of it:
/// one antidiagonal of tiles after the other, and the tiles of one at the same time (the pattern of OpenMP
/// 6.0's "doacross" loops).
///
/// `body(own, up, left)` gets its tile to be written; `up`, everything above it: the rows before its first
/// one, up to and with its last column, so that `up[i][j]` is element `(i, j)` of the grid; and `left`,
/// everything to its left in its own rows: `left[i][j]` is column `j` of the grid in row `i` of the tile. At
/// the border of the grid they are empty.
///
/// ```
/// use phalanx::prelude::*;
/// // The longest common subsequence; row and column 0 stay 0.
/// let (a, b) = (b"race-free", b"trace-tree");
/// let mut len = Grid2::filled(a.len() + 1, b.len() + 1, 0u32);
/// wavefront(Static, &mut len, (4, 4), |mut own, up, left| {
///     let ([i0, j0], [rows, cols]) = (own.origin(), own.shape());
///     for i in i0.max(1)..i0 + rows {
///         for j in j0.max(1)..j0 + cols {
///             let at = |i: usize, j: usize| match (i < i0, j < j0) {
///                 (true, _) => up[i][j],
///                 (_, true) => left[i - i0][j],
///                 _ => own[i - i0][j - j0],
///             };
///             own[i - i0][j - j0] = match a[i - 1] == b[j - 1] {
///                 true => at(i - 1, j - 1) + 1,
///                 false => at(i - 1, j).max(at(i, j - 1)),
///             };
///         }
///     }
/// });
/// assert_eq!(len[9][10], 8);
/// ```
///
/// # Panics
///
/// When a tile would be empty; else as [`region()`](crate::region()).
#[track_caller]
pub fn wavefront<T: Send + Sync + 'static>(
    options: impl Into<Options>,
    grid: &mut Grid2<T>,
    tile: (usize, usize),
    body: impl for<'i> Fn(TileMut<'i, T, 2>, Tile<'i, T, 2>, Tile<'i, T, 2>) + Sync,
) {
    let options = options.into();
    // What is wrong with the tiles is said before a team is formed.
    if grid.tile_antidiagonals(tile) == 0 {
        return;
    }
    region(options, grid, |cx, mut grid| {
        let body = |own: TileMut<'_, T, 2>, up: Tile<'_, T, 2>, left: Tile<'_, T, 2>, ()| {
            body(own, up, left)
        };
        cx.wavefront(options.schedule, &mut grid, tile, (), body);
    });
}

impl Ctx<'_> {
    /// [`wavefront`](crate::wavefront()) inside a region: each antidiagonal of tiles is a worksharing loop. `reads`
    /// are views that every tile may read.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let (mut cost, mut best) = (Grid2::filled(50, 70, 1u32), Grid2::filled(50, 70, 0u32));
    /// region(Static, (&mut cost, &mut best), |cx, (mut cost, mut best)| {
    ///     cx.for_each(Static, cost.cells_mut(), (), |((i, j), c), ()| *c = (i * j % 7) as u32);
    ///     cx.wavefront(Dynamic(1), &mut best, (8, 16), cost.reading(), |mut own, up, left, cost| {
    ///         let ([i0, j0], [rows, cols]) = (own.origin(), own.shape());
    ///         for i in 0..rows {
    ///             for j in 0..cols {
    ///                 let above = if i > 0 { Some(own[i - 1][j]) } else { i0.checked_sub(1).map(|i| up[i][j0 + j]) };
    ///                 let before = if j > 0 { Some(own[i][j - 1]) } else { j0.checked_sub(1).map(|j| left[i][j]) };
    ///                 let least = above.into_iter().chain(before).min().unwrap_or(0);
    ///                 own[i][j] = least + cost[i0 + i][j0 + j];
    ///             }
    ///         }
    ///     });
    /// });
    /// assert_eq!(best[1][1], 1);
    /// ```
    ///
    /// # Panics
    ///
    /// When a tile would be empty; else as [`for_each`](Self::for_each).
    #[track_caller]
    pub fn wavefront<T: Send + Sync + 'static, V: Reads>(
        &mut self,
        schedule: Schedule,
        grid: &mut GridView<'_, T>,
        tile: (usize, usize),
        reads: V,
        mut body: impl for<'i> FnMut(
            TileMut<'i, T, 2>,
            Tile<'i, T, 2>,
            Tile<'i, T, 2>,
            <V as LendRead<'i>>::Open,
        ),
    ) {
        let at = Location::caller();
        for d in 0..grid.tile_antidiagonals(tile) {
            let tiles = grid.tile_antidiagonal(tile, d);
            let entered = self.run_loop(
                PLAIN,
                schedule,
                &tiles,
                &reads,
                |(own, up, left), read| body(own, up, left, read),
                at,
            );
            self.close(entered);
        }
    }
}

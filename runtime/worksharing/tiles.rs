//! Tiles of a grid as sources: blocks of rows and columns, those at the far edges smaller.

use super::source::{IndexedSource, IntoSource, Source};
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// How a grid of `N` dimensions falls into tiles.
#[derive(Clone, Copy)]
pub(super) struct Tiling<const N: usize> {
    pub(super) grid: [usize; N],
    pub(super) tile: [usize; N],
    /// Tiles in each dimension.
    pub(super) count: [usize; N],
}

impl<const N: usize> Tiling<N> {
    #[track_caller]
    pub(super) fn new(grid: [usize; N], tile: [usize; N]) -> Self {
        assert!(
            !tile.contains(&0),
            "tiles of {tile:?} elements: a tile holds at least one in each dimension"
        );
        let count = std::array::from_fn(|d| grid[d].div_ceil(tile[d]));
        Tiling { grid, tile, count }
    }
    /// Number of tiles. (No more than elements of the grid, unless one dimension is 0: then none.)
    fn len(&self) -> usize {
        if self.count.contains(&0) {
            return 0;
        }
        self.count.iter().product()
    }
    /// First element and shape of tile `k`, counted row after row.
    fn place(&self, mut k: usize) -> Place<N> {
        let mut place = Place {
            origin: [0; N],
            shape: [0; N],
            grid: self.grid,
        };
        for d in (0..N).rev() {
            place.origin[d] = k % self.count[d] * self.tile[d];
            k /= self.count[d];
            place.shape[d] = self.tile[d].min(self.grid[d] - place.origin[d]);
        }
        place
    }
}

/// Where a tile lies.
#[derive(Clone, Copy)]
struct Place<const N: usize> {
    origin: [usize; N],
    shape: [usize; N],
    grid: [usize; N],
}

impl<const N: usize> Place<N> {
    /// Where row `at` of the tile begins in the grid: `at` has a number for each dimension but the
    /// last.
    #[inline(always)]
    #[track_caller]
    fn row(&self, at: &[usize]) -> usize {
        let mut start = 0;
        for d in 0..N - 1 {
            if at[d] >= self.shape[d] {
                no_row(at, &self.shape)
            }
            start = start * self.grid[d] + self.origin[d] + at[d];
        }
        start * self.grid[N - 1] + self.origin[N - 1]
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_row(at: &[usize], shape: &[usize]) -> ! {
    panic!("row {at:?} of a tile of shape {shape:?}")
}

/// A tile of a shared grid: `tile[i][j]` in two dimensions, `tile[[i, j]][k]` in three, counted from
/// the tile's own first element.
pub struct Tile<'a, T, const N: usize> {
    place: Place<N>,
    /// Only the tile's own part of it may be looked at.
    grid: *const T,
    _borrow: PhantomData<&'a [T]>,
}

/// A tile of an exclusively borrowed grid: see [`Tile`].
pub struct TileMut<'a, T, const N: usize> {
    place: Place<N>,
    grid: *mut T,
    _borrow: PhantomData<&'a mut [T]>,
}

// SAFETY: it is a `&mut` to its rows, which is `Send` for `T: Send`.
unsafe impl<T: Send, const N: usize> Send for TileMut<'_, T, N> {}
// SAFETY: a shared tile only gives `&T`, which needs `T: Sync`.
unsafe impl<T: Sync, const N: usize> Sync for TileMut<'_, T, N> {}
// SAFETY: it is a `&` to its rows.
unsafe impl<T: Sync, const N: usize> Send for Tile<'_, T, N> {}
// SAFETY: as above.
unsafe impl<T: Sync, const N: usize> Sync for Tile<'_, T, N> {}

impl<T, const N: usize> Clone for Tile<'_, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T, const N: usize> Copy for Tile<'_, T, N> {}

macro_rules! both {
    ($($name:ident),*) => {$(
        impl<T, const N: usize> $name<'_, T, N> {
            /// Coordinates in the grid of the tile's first element.
            pub fn origin(&self) -> [usize; N] { self.place.origin }
            /// Elements in each dimension.
            pub fn shape(&self) -> [usize; N] { self.place.shape }
        }
        impl<T> Index<usize> for $name<'_, T, 2> {
            type Output = [T];
            #[inline(always)]
            #[track_caller]
            fn index(&self, i: usize) -> &[T] { self.row(&[i]) }
        }
        impl<T> Index<[usize; 2]> for $name<'_, T, 3> {
            type Output = [T];
            #[inline(always)]
            #[track_caller]
            fn index(&self, at: [usize; 2]) -> &[T] { self.row(&at) }
        }
    )*};
}
both! { Tile, TileMut }

impl<T, const N: usize> Tile<'_, T, N> {
    /// The elements from `origin` on, as many as `shape` says, of a grid.
    ///
    /// # Safety
    ///
    /// They lie inside the grid at `data`, of shape `grid`, and are borrowed for the lifetime.
    #[inline(always)]
    pub(super) unsafe fn new(
        data: *const T,
        grid: [usize; N],
        origin: [usize; N],
        shape: [usize; N],
    ) -> Self {
        Tile {
            place: Place {
                origin,
                shape,
                grid,
            },
            grid: data,
            _borrow: PhantomData,
        }
    }
    #[inline(always)]
    #[track_caller]
    fn row(&self, at: &[usize]) -> &[T] {
        // SAFETY: `Place::row` checks that the row belongs to the tile, which lies inside the grid and is
        // borrowed.
        unsafe {
            std::slice::from_raw_parts(self.grid.add(self.place.row(at)), self.place.shape[N - 1])
        }
    }
}
impl<T, const N: usize> TileMut<'_, T, N> {
    /// The elements from `origin` on, as many as `shape` says, of a grid.
    ///
    /// # Safety
    ///
    /// They lie inside the grid at `data`, of shape `grid`, and are borrowed exclusively for the lifetime.
    #[inline(always)]
    pub(super) unsafe fn new(
        data: *mut T,
        grid: [usize; N],
        origin: [usize; N],
        shape: [usize; N],
    ) -> Self {
        TileMut {
            place: Place {
                origin,
                shape,
                grid,
            },
            grid: data,
            _borrow: PhantomData,
        }
    }
    /// A whole grid as one tile.
    ///
    /// # Safety
    ///
    /// The elements at `grid`, as many as `shape` says, are borrowed exclusively for the lifetime.
    pub(crate) unsafe fn whole(grid: *mut T, shape: [usize; N]) -> Self {
        TileMut {
            place: Place {
                origin: [0; N],
                shape,
                grid: shape,
            },
            grid,
            _borrow: PhantomData,
        }
    }
    #[inline(always)]
    #[track_caller]
    fn row(&self, at: &[usize]) -> &[T] {
        // SAFETY: `Place::row` checks that the row belongs to the tile, which lies inside the grid
        // and is this value's alone.
        unsafe {
            std::slice::from_raw_parts(self.grid.add(self.place.row(at)), self.place.shape[N - 1])
        }
    }
    #[inline(always)]
    fn row_mut(&mut self, at: &[usize]) -> &mut [T] {
        // SAFETY: as in `row`, and the tile is borrowed exclusively.
        unsafe {
            let start = self.grid.add(self.place.row(at));
            std::slice::from_raw_parts_mut(start, self.place.shape[N - 1])
        }
    }
}
impl<T> TileMut<'_, T, 2> {
    /// Its first element, if it has any.
    pub(super) fn first(&mut self) -> *mut T {
        let ([i, j], cols) = (self.place.origin, self.place.grid[1]);
        self.grid.wrapping_add(i * cols + j)
    }
    /// From one row to the next.
    pub(super) fn stride(&self) -> usize {
        self.place.grid[1]
    }
}
impl<T> IndexMut<usize> for TileMut<'_, T, 2> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, i: usize) -> &mut [T] {
        self.row_mut(&[i])
    }
}
impl<T> IndexMut<[usize; 2]> for TileMut<'_, T, 3> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, at: [usize; 2]) -> &mut [T] {
        self.row_mut(&at)
    }
}

/// The tiles of a shared grid.
pub struct Tiles<'a, T, const N: usize> {
    tiling: Tiling<N>,
    grid: &'a [T],
}

/// The tiles of an exclusively borrowed grid.
pub struct TilesMut<'a, T, const N: usize> {
    tiling: Tiling<N>,
    grid: *mut T,
    _borrow: PhantomData<&'a mut [T]>,
}

impl<'a, T, const N: usize> Tiles<'a, T, N> {
    /// `grid` holds as many elements as `shape` says.
    #[track_caller]
    pub(crate) fn new(grid: &'a [T], shape: [usize; N], tile: [usize; N]) -> Self {
        let tiling = Tiling::new(shape, tile);
        Tiles { tiling, grid }
    }
}
impl<'a, T, const N: usize> TilesMut<'a, T, N> {
    /// # Safety
    ///
    /// `grid` holds as many elements as `shape` says.
    #[track_caller]
    pub(crate) unsafe fn new(grid: &'a mut [T], shape: [usize; N], tile: [usize; N]) -> Self {
        // SAFETY: an exclusive borrow of as many elements.
        unsafe { TilesMut::from_raw(grid.as_mut_ptr(), shape, tile) }
    }

    /// # Safety
    ///
    /// As for `SliceMut::from_raw`, with as many elements as `shape` says.
    #[track_caller]
    pub(crate) unsafe fn from_raw(grid: *mut T, shape: [usize; N], tile: [usize; N]) -> Self {
        TilesMut {
            tiling: Tiling::new(shape, tile),
            grid,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        id.block(Tag::Tiles, self.grid.addr(), &self.tiling.grid);
        self.tiling.tile.iter().for_each(|&n| id.word(n));
    }
}

// SAFETY: (1) the tiling never changes; (2) items are shared borrows; (3) `T: Sync`; (4) an alias is a
// copy of the shared borrow.
unsafe impl<'a, T: Sync, const N: usize> Source for Tiles<'a, T, N> {
    type Item = Tile<'a, T, N>;
    fn len(&self) -> usize {
        self.tiling.len()
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Tile<'a, T, N> {
        Tile {
            place: self.tiling.place(k),
            grid: self.grid.as_ptr(),
            _borrow: PhantomData,
        }
    }
    unsafe fn alias(&self) -> Self {
        Tiles { ..*self }
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send, const N: usize> Sync for TilesMut<'_, T, N> {}
// SAFETY: as for `&mut [T]`.
unsafe impl<T: Send, const N: usize> Send for TilesMut<'_, T, N> {}

// SAFETY: (1) the tiling never changes; (2) tiles of different positions have no element in common, and
// a tile reaches no other, for `Place::row` checks against its shape; (3) `T: Send`; (4) an alias has the
// same fields, and the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send, const N: usize> Source for TilesMut<'a, T, N> {
    type Item = TileMut<'a, T, N>;
    fn len(&self) -> usize {
        self.tiling.len()
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> TileMut<'a, T, N> {
        TileMut {
            place: self.tiling.place(k),
            grid: self.grid,
            _borrow: PhantomData,
        }
    }
    unsafe fn alias(&self) -> Self {
        TilesMut { ..*self }
    }
}

macro_rules! indexed {
    ($($name:ident: $bound:ident),*) => {$(
        // SAFETY: the index of a position is the position.
        unsafe impl<T: $bound, const N: usize> IndexedSource for $name<'_, T, N> {
            #[inline(always)]
            fn index(&self, k: usize) -> usize { k }
            fn hull(&self, r: &Range<usize>) -> Option<Range<usize>> { Some(r.clone()) }
        }
        impl<T: $bound, const N: usize> IntoSource for $name<'_, T, N> {
            type Item = <Self as Source>::Item;
            type Source = Self;
            fn into_source(self) -> Self { self }
        }
    )*};
}
indexed! { Tiles: Sync, TilesMut: Send }

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_element_is_in_one_tile(
            (p, r, c) in (0usize..6, 0usize..7, 0usize..9),
            (a, b, d) in (1usize..8, 1usize..8, 1usize..10),
        ) {
            let mut seen = vec![0u8; p * r * c];
            // SAFETY: the slice has as many elements as the shape says.
            let tiles = unsafe { TilesMut::new(&mut seen, [p, r, c], [a, b, d]) };
            for k in 0..tiles.len() {
                // SAFETY: each position once.
                let mut tile = unsafe { tiles.get(k) };
                let [planes, rows, cols] = tile.shape();
                let origin = tile.origin();
                prop_assert!(planes > 0 && rows > 0 && cols > 0);
                for i in 0..planes {
                    for j in 0..rows {
                        prop_assert_eq!(tile[[i, j]].len(), cols);
                        tile[[i, j]].iter_mut().for_each(|x| *x += 1);
                    }
                }
                prop_assert!(origin[0] + planes <= p && origin[1] + rows <= r && origin[2] + cols <= c);
            }
            prop_assert!(seen.iter().all(|&n| n == 1));
        }
    }

    #[test]
    #[should_panic(expected = "row [2] of a tile of shape [2, 3]")]
    fn a_row_of_the_next_tile_is_refused() {
        let grid = [0; 36];
        let tiles = Tiles::new(&grid, [6, 6], [2, 3]);
        // SAFETY: position 0 exists.
        let _ = &unsafe { tiles.get(0) }[2];
    }
}

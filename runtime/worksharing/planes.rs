//! The planes of a three-dimensional grid as sources, and halves of grids.

use super::lend::Lent;
use super::source::{Source, by_position};
use super::tiles::{Tile, TileMut};
use super::view::Grid3View;
use crate::memory::{Grid2, Grid3};
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;

/// The planes of a shared grid.
pub struct Planes<'a, T> {
    grid: &'a [T],
    shape: [usize; 3],
}

/// The planes of an exclusively borrowed grid.
pub struct PlanesMut<'a, T> {
    data: *mut T,
    shape: [usize; 3],
    _borrow: PhantomData<&'a mut [T]>,
}

impl<T> PlanesMut<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`, with as many elements as `shape` says.
    unsafe fn from_raw(data: *mut T, shape: [usize; 3]) -> Self {
        PlanesMut {
            data,
            shape,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        id.block(Tag::Planes, self.data.addr(), &self.shape);
    }
}

// SAFETY: (1) the shape never changes; (2) items are shared borrows; (3) `T: Sync`; (4) an alias is a copy
// of the shared borrow.
unsafe impl<'a, T: Sync> Source for Planes<'a, T> {
    type Item = Tile<'a, T, 2>;
    fn len(&self) -> usize {
        self.shape[0]
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Tile<'a, T, 2> {
        let [_, rows, cols] = self.shape;
        // SAFETY: plane `k` of a borrowed grid of that shape.
        unsafe {
            let plane = self.grid.as_ptr().add(k * (rows * cols));
            Tile::new(plane, [rows, cols], [0, 0], [rows, cols])
        }
    }
    unsafe fn alias(&self) -> Self {
        Planes { ..*self }
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send> Sync for PlanesMut<'_, T> {}
// SAFETY: as for `&mut [T]`.
unsafe impl<T: Send> Send for PlanesMut<'_, T> {}

// SAFETY: (1) the shape never changes; (2) different planes are different pieces of one grid, borrowed
// exclusively, and a tile reaches nothing but itself; (3) `T: Send`; (4) an alias has the same fields, and
// the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send> Source for PlanesMut<'a, T> {
    type Item = TileMut<'a, T, 2>;
    fn len(&self) -> usize {
        self.shape[0]
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> TileMut<'a, T, 2> {
        let [_, rows, cols] = self.shape;
        // SAFETY: plane `k` of an exclusively borrowed grid of that shape; the caller takes it once.
        unsafe { TileMut::whole(self.data.add(k * (rows * cols)), [rows, cols]) }
    }
    unsafe fn alias(&self) -> Self {
        PlanesMut { ..*self }
    }
}
by_position! { [T: Sync] Planes<'_, T>; [T: Send] PlanesMut<'_, T>; }

impl<T> Grid3<T> {
    /// The planes, as a source of a parallel loop: `plane[j][k]`.
    pub fn planes(&self) -> Planes<'_, T>
    where
        T: Sync,
    {
        Planes {
            grid: self.as_slice(),
            shape: self.shape(),
        }
    }
    /// The planes, to be written, as a source of a parallel loop: `plane[j][k]`.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid3::filled([3, 4, 5], 0);
    /// parallel_for(Static, enumerate(g.planes_mut()), |(i, mut plane)| plane[2][1] = i);
    /// assert_eq!(g[[2, 2, 1]], 2);
    /// ```
    pub fn planes_mut(&mut self) -> PlanesMut<'_, T>
    where
        T: Send,
    {
        let (data, shape) = self.address();
        // SAFETY: an exclusive borrow of the grid's elements.
        unsafe { PlanesMut::from_raw(data, shape) }
    }
    /// The planes before `mid`, and those from there on: `half[[i, j]][k]`.
    ///
    /// # Panics
    ///
    /// When `mid` is past the end.
    #[track_caller]
    pub fn split_planes_mut(&mut self, mid: usize) -> (TileMut<'_, T, 3>, TileMut<'_, T, 3>) {
        let (data, [planes, rows, cols]) = self.address();
        check(mid, planes, "plane");
        // SAFETY: two parts of the grid that do not overlap, borrowed exclusively as long as they live.
        unsafe {
            let upper = data.add(mid * (rows * cols));
            (
                TileMut::whole(data, [mid, rows, cols]),
                TileMut::whole(upper, [planes - mid, rows, cols]),
            )
        }
    }
}

impl<T> Grid2<T> {
    /// The rows before `mid`, and those from there on: `half[i][j]`. One can be read while the other is
    /// written: [`TileMut::rows_mut`].
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::from_fn(Static, 10, 4, |i, _| i);
    /// let (top, mut bottom) = g.split_rows_mut(4);
    /// parallel_for(Static, enumerate(bottom.rows_mut()), |(i, row)| row[0] += 100 * top[i % 4][0]);
    /// assert_eq!(g[7][0], 307);
    /// ```
    ///
    /// # Panics
    ///
    /// When `mid` is past the end.
    #[track_caller]
    pub fn split_rows_mut(&mut self, mid: usize) -> (TileMut<'_, T, 2>, TileMut<'_, T, 2>) {
        let (data, [rows, cols]) = self.address();
        check(mid, rows, "row");
        // SAFETY: two parts of the grid that do not overlap, borrowed exclusively as long as they live.
        unsafe {
            (
                TileMut::whole(data, [mid, cols]),
                TileMut::whole(data.add(mid * cols), [rows - mid, cols]),
            )
        }
    }
}

#[track_caller]
fn check(mid: usize, len: usize, what: &str) {
    assert!(
        mid <= len,
        "split at {what} {mid} of a grid of {len} {what}s"
    );
}

impl<T> Grid3View<'_, T> {
    /// The planes, one an iteration: `plane[j][k]`, a [`TileMut`].
    pub fn planes_mut(&mut self) -> Lent<'_, PlanesMut<'static, T>>
    where
        T: Send + 'static,
    {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { Lent::new(PlanesMut::from_raw(data, shape), self.origin()) }
    }
    /// The planes before `mid`, and those from there on, as views of their own.
    ///
    /// `mid` may be computed at run time, equally on all threads.
    ///
    /// # Panics
    ///
    /// When `mid` is past the end.
    #[track_caller]
    pub fn split_planes_mut(&mut self, mid: usize) -> (Grid3View<'_, T>, Grid3View<'_, T>) {
        let (data, [planes, rows, cols]) = self.address();
        check(mid, planes, "plane");
        let origin = self.origin();
        // SAFETY: two parts that do not overlap, which this view cannot reach while they live.
        unsafe {
            let before = mid * (rows * cols);
            let (upper, behind) = (data.add(before), origin.behind::<T>(before));
            (
                Grid3View::new(data, [mid, rows, cols], origin),
                Grid3View::new(upper, [planes - mid, rows, cols], behind),
            )
        }
    }
}

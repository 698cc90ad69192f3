//! The cells of one antidiagonal, to be written while all others are read.

use super::lend::Lent;
use super::source::{Source, itself};
use super::view::GridView;
use crate::memory::Grid2;
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;
use std::ops::Index;

/// The cells `(i, j)` with `i + j == d`: see [`Grid2::antidiagonal`].
pub struct Antidiagonal<'a, T> {
    data: *mut T,
    shape: [usize; 2],
    d: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

/// All cells of a grid but those of one antidiagonal: `others[[i, j]]`.
pub struct OffDiagonal<'a, T> {
    data: *const T,
    shape: [usize; 2],
    /// Row and column of the cell that comes with it.
    own: [usize; 2],
    _borrow: PhantomData<&'a [T]>,
}

impl<T> Clone for OffDiagonal<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for OffDiagonal<'_, T> {}
// SAFETY: it is `&T` to each of the cells that nobody writes.
unsafe impl<T: Sync> Send for OffDiagonal<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for OffDiagonal<'_, T> {}

impl<'a, T> OffDiagonal<'a, T> {
    /// Cell `(i, j)`; none if the grid has no such cell, or if it lies on the antidiagonal.
    #[inline(always)]
    pub fn get(&self, [i, j]: [usize; 2]) -> Option<&'a T> {
        let ([rows, cols], [own_i, own_j]) = (self.shape, self.own);
        // (The sums fit: they are less than the number of elements, plus one.)
        if i >= rows || j >= cols || i + j == own_i + own_j {
            return None;
        }
        // SAFETY: a cell of the grid that lies on another antidiagonal, which nobody writes while this value
        // lives.
        Some(unsafe { &*self.data.add(i * cols + j) })
    }
    /// The cell above the own one, if there is one.
    #[inline(always)]
    pub fn up(&self) -> Option<&'a T> {
        let [i, j] = self.own;
        self.get([i.checked_sub(1)?, j])
    }
    /// The cell to the left of the own one, if there is one.
    #[inline(always)]
    pub fn left(&self) -> Option<&'a T> {
        let [i, j] = self.own;
        self.get([i, j.checked_sub(1)?])
    }
    /// The cell above and to the left of the own one, if there is one.
    #[inline(always)]
    pub fn up_left(&self) -> Option<&'a T> {
        let [i, j] = self.own;
        self.get([i.checked_sub(1)?, j.checked_sub(1)?])
    }
}

impl<T> Index<[usize; 2]> for OffDiagonal<'_, T> {
    type Output = T;
    /// # Panics
    ///
    /// When there is no such cell, or it lies on the antidiagonal.
    #[inline(always)]
    #[track_caller]
    fn index(&self, at: [usize; 2]) -> &T {
        match self.get(at) {
            Some(cell) => cell,
            None => not_readable(at, self.shape, self.own),
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_readable(at: [usize; 2], shape: [usize; 2], own: [usize; 2]) -> ! {
    let [rows, cols] = shape;
    if at[0] >= rows || at[1] >= cols {
        panic!("cell {at:?} of a grid of {rows} x {cols} elements")
    }
    if at == own {
        panic!("cell {at:?} is this iteration's own: it is the `&mut` that came beside the others")
    }
    panic!(
        "the iteration of cell {at:?} owns it and may write it now: the iteration of cell {own:?} can read only \
         cells of other antidiagonals"
    )
}

/// Number of antidiagonals.
pub(super) fn count([rows, cols]: [usize; 2]) -> usize {
    match rows == 0 || cols == 0 {
        true => 0,
        false => rows + (cols - 1),
    }
}

/// Checks `d`.
#[track_caller]
pub(super) fn check(d: usize, shape: [usize; 2], what: &str) {
    let ([rows, cols], count) = (shape, count(shape));
    assert!(
        d < count,
        "antidiagonal {d} of a grid of {rows} x {cols} {what}: there are {count}, and they count from 0"
    );
}

/// Row and column of position `k` on antidiagonal `d`, from the upper right to the lower left.
#[inline(always)]
pub(super) fn place(k: usize, d: usize, cols: usize) -> [usize; 2] {
    let i = d.saturating_sub(cols - 1) + k;
    [i, d - i]
}

/// Number of positions on antidiagonal `d`, which exists.
#[inline(always)]
pub(super) fn len(d: usize, [rows, cols]: [usize; 2]) -> usize {
    d.min(rows - 1) + 1 - d.saturating_sub(cols - 1)
}

impl<T> Antidiagonal<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`, with as many elements as `shape` says.
    #[track_caller]
    unsafe fn from_raw(data: *mut T, shape: [usize; 2], d: usize) -> Self {
        check(d, shape, "elements");
        Antidiagonal {
            data,
            shape,
            d,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        let [rows, cols] = self.shape;
        id.block(Tag::Antidiagonal, self.data.addr(), &[rows, cols, self.d]);
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send + Sync> Sync for Antidiagonal<'_, T> {}
// SAFETY: an exclusive borrow that is partly used to share.
unsafe impl<T: Send + Sync> Send for Antidiagonal<'_, T> {}

// SAFETY: (1) nothing changes the numbers; (2) different positions write different cells, all with `i + j ==
// d`, of one grid that is borrowed exclusively; what an item reads, `OffDiagonal` keeps to cells with another
// `i + j`, which no position writes; (3) `T: Send` for what is written, `T: Sync` for what several threads
// read; (4) an alias has the same fields, and the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send + Sync> Source for Antidiagonal<'a, T> {
    type Item = ((usize, usize), &'a mut T, OffDiagonal<'a, T>);
    fn len(&self) -> usize {
        len(self.d, self.shape)
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Self::Item {
        let cols = self.shape[1];
        let own = place(k, self.d, cols);
        let others = OffDiagonal {
            data: self.data,
            shape: self.shape,
            own,
            _borrow: PhantomData,
        };
        let [i, j] = own;
        // SAFETY: `k < len()`, so the cell exists; it is taken once, and nobody reads it.
        ((i, j), unsafe { &mut *self.data.add(i * cols + j) }, others)
    }
    unsafe fn alias(&self) -> Self {
        Antidiagonal { ..*self }
    }
}
itself! { [T: Send + Sync] Antidiagonal<'_, T>; }

impl<T> Grid2<T> {
    /// Number of antidiagonals: rows and columns less one, or 0 for a grid without elements.
    pub fn antidiagonals(&self) -> usize {
        let (rows, cols) = self.shape();
        count([rows, cols])
    }
    /// The cells with `i + j == d`, to be written, one an iteration, each with all cells of other
    /// antidiagonals, to be read: `((i, j), &mut me, others)`.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut g = Grid2::filled(10, 10, 1u64);
    /// for d in 0..g.antidiagonals() {
    ///     parallel_for(Static, g.antidiagonal(d), |((i, j), me, others)| {
    ///         if i > 0 && j > 0 {
    ///             *me = others[[i - 1, j]] + others[[i, j - 1]];
    ///         }
    ///     });
    /// }
    /// assert_eq!(g[9][9], 48620);
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no antidiagonal `d`.
    #[track_caller]
    pub fn antidiagonal(&mut self, d: usize) -> Antidiagonal<'_, T>
    where
        T: Send + Sync,
    {
        let (data, shape) = self.address();
        // SAFETY: an exclusive borrow of the grid's elements.
        unsafe { Antidiagonal::from_raw(data, shape, d) }
    }
}

impl<T> GridView<'_, T> {
    /// Number of antidiagonals: rows and columns less one, or 0 for a grid without elements.
    pub fn antidiagonals(&self) -> usize {
        count(self.address().1)
    }
    /// The cells with `i + j == d`, one an iteration, each with all cells of other antidiagonals: `((i, j),
    /// &mut me, others)`. See [`Grid2::antidiagonal`].
    ///
    /// # Panics
    ///
    /// As [`Grid2::antidiagonal`].
    #[track_caller]
    pub fn antidiagonal(&mut self, d: usize) -> Lent<'_, Antidiagonal<'static, T>>
    where
        T: Send + Sync + 'static,
    {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { Lent::new(Antidiagonal::from_raw(data, shape, d), self.origin()) }
    }
}

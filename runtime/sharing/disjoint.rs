//! `disjoint(y)`: an array cut into what each iteration owns.

use crate::memory::{Grid2, NumaVec};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// Arrays that `disjoint(..)` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `disjoint(..)`",
    label = "not an array whose elements iterations can own",
    note = "`disjoint` takes slices, arrays, `Vec`, `Box<[T]>`, `NumaVec` and `Grid2`, of elements \
            that are `Send`"
)]
pub trait Disjoin {
    /// The array, cut up.
    type Parts<'a>: Parts
    where
        Self: 'a;
    /// Borrows the array for one loop.
    fn disjoin(&mut self) -> Self::Parts<'_>;
}

/// An array cut into parts that iterations own.
///
/// # Safety
///
/// What `own(i)` and `own(j)` reach does not overlap for `i != j`, may be used on two threads at the
/// same time, and lies in memory that the value borrows exclusively. `cell(i, j)` likewise for
/// different pairs.
pub unsafe trait Parts: Sync + Sized {
    /// The view of an iteration of one loop.
    type Own<'p>
    where
        Self: 'p;
    /// The view of an iteration of two collapsed loops.
    type Cell<'p>
    where
        Self: 'p;

    /// The view of the iteration that owns index `i`. Reaches nothing if there is no such part.
    ///
    /// # Safety
    ///
    /// Within one loop, on the value and its aliases, each `i` is asked for at most once at a time.
    unsafe fn own(&self, i: usize) -> Self::Own<'_>;

    /// The view of the iteration that owns row `i`, column `j`.
    ///
    /// # Safety
    ///
    /// As for `own`, for pairs; and the two are not mixed in one loop.
    unsafe fn cell(&self, i: usize, j: usize) -> Self::Cell<'_>;

    /// A second handle for another thread's registers.
    ///
    /// # Safety
    ///
    /// The original outlives it, and both together keep to the contract of `own`.
    unsafe fn alias(&self) -> Self;

    /// Whether all of `range`, moved down by `neg` and up by `pos`, has parts. A hint: see `hint.rs`.
    fn spans(&self, range: &Range<usize>, neg: usize, pos: usize) -> bool;
}

/// A slice of which each iteration owns an element.
pub struct Elements<'a, T> {
    data: *mut T,
    len: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

// SAFETY: an exclusive borrow that is cut up by index; the handle gives access only through `own`.
unsafe impl<T: Send> Sync for Elements<'_, T> {}

// SAFETY: different indices are different elements of one exclusively borrowed slice, and `T: Send`
// lets each be used on another thread. A cell reaches nothing.
unsafe impl<T: Send> Parts for Elements<'_, T> {
    type Own<'p>
        = Own<'p, T>
    where
        Self: 'p;
    type Cell<'p>
        = NoCell
    where
        Self: 'p;
    #[inline(always)]
    unsafe fn own(&self, i: usize) -> Own<'_, T> {
        Own {
            data: self.data,
            len: self.len,
            own: i,
            _borrow: PhantomData,
        }
    }
    unsafe fn cell(&self, _: usize, _: usize) -> NoCell {
        NoCell
    }
    #[inline(always)]
    unsafe fn alias(&self) -> Self {
        Elements { ..*self }
    }
    #[inline(always)]
    fn spans(&self, range: &Range<usize>, neg: usize, pos: usize) -> bool {
        crate::sharing::hint::inside(self.len, range, neg, pos)
    }
}

/// What a one-dimensional array is under `collapse(2)`: nothing that can be indexed.
pub struct NoCell;

/// One element of a slice, reached by its own index.
pub struct Own<'p, T> {
    data: *mut T,
    len: usize,
    own: usize,
    _borrow: PhantomData<&'p mut T>,
}

impl<T> Own<'_, T> {
    /// Number of elements of the whole array.
    #[inline(always)]
    #[allow(
        clippy::len_without_is_empty,
        reason = "asks for the array, not the view"
    )]
    pub fn len(&self) -> usize {
        self.len
    }
    #[inline(always)]
    fn check(&self, i: usize) {
        if i != self.own {
            not_own("element", i, self.own)
        }
        if i >= self.len {
            outside(i, self.len)
        }
    }
}

impl<T> Index<usize> for Own<'_, T> {
    type Output = T;
    #[inline(always)]
    fn index(&self, i: usize) -> &T {
        self.check(i);
        // SAFETY: `i` is below the length and is the index that this view alone owns.
        unsafe { &*self.data.add(i) }
    }
}
impl<T> IndexMut<usize> for Own<'_, T> {
    #[inline(always)]
    fn index_mut(&mut self, i: usize) -> &mut T {
        self.check(i);
        // SAFETY: as in `index`, and the view is borrowed exclusively.
        unsafe { &mut *self.data.add(i) }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_own(what: &str, i: usize, own: usize) -> ! {
    panic!("iteration {own} owns only {what} {own} of a `disjoint` array, and touched {what} {i}")
}

#[cold]
#[inline(never)]
#[track_caller]
fn outside(i: usize, len: usize) -> ! {
    panic!("index {i} of a `disjoint` array of {len}")
}

/// A grid of which each iteration owns a row, or under `collapse(2)` a cell.
pub struct Rows<'a, T> {
    data: *mut T,
    rows: usize,
    cols: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

// SAFETY: as for `Elements`.
unsafe impl<T: Send> Sync for Rows<'_, T> {}

// SAFETY: different rows, and different cells, are different elements of one exclusively borrowed
// slice of `rows * cols` elements, and `T: Send` lets each be used on another thread.
unsafe impl<T: Send> Parts for Rows<'_, T> {
    type Own<'p>
        = OwnRow<'p, T>
    where
        Self: 'p;
    type Cell<'p>
        = OwnCell<'p, T>
    where
        Self: 'p;
    #[inline(always)]
    unsafe fn own(&self, i: usize) -> OwnRow<'_, T> {
        OwnRow {
            data: self.data,
            rows: self.rows,
            cols: self.cols,
            own: i,
            _borrow: PhantomData,
        }
    }
    #[inline(always)]
    unsafe fn cell(&self, i: usize, j: usize) -> OwnCell<'_, T> {
        // Without a row `i` the pointer is never used; it is not computed out of bounds either.
        let start = if i < self.rows { i * self.cols } else { 0 };
        OwnCell {
            rows: self.rows,
            own: i,
            in_row: Own {
                data: self.data.wrapping_add(start),
                len: self.cols,
                own: j,
                _borrow: PhantomData,
            },
        }
    }
    #[inline(always)]
    unsafe fn alias(&self) -> Self {
        Rows { ..*self }
    }
    #[inline(always)]
    fn spans(&self, range: &Range<usize>, neg: usize, pos: usize) -> bool {
        crate::sharing::hint::inside(self.rows, range, neg, pos)
    }
}

/// One row of a grid, reached by its own number.
pub struct OwnRow<'p, T> {
    data: *mut T,
    rows: usize,
    cols: usize,
    own: usize,
    _borrow: PhantomData<&'p mut [T]>,
}

impl<T> OwnRow<'_, T> {
    #[inline(always)]
    fn check(&self, i: usize) {
        if i != self.own {
            not_own("row", i, self.own)
        }
        if i >= self.rows {
            outside(i, self.rows)
        }
    }
    /// The length of row `i`, if it is the own one. For hints.
    #[inline(always)]
    pub(crate) fn row_len(&self, i: usize) -> Option<usize> {
        (i == self.own && i < self.rows).then_some(self.cols)
    }
}

impl<T> Index<usize> for OwnRow<'_, T> {
    type Output = [T];
    #[inline(always)]
    fn index(&self, i: usize) -> &[T] {
        self.check(i);
        // SAFETY: row `i` exists and this view alone owns it.
        unsafe { std::slice::from_raw_parts(self.data.add(i * self.cols), self.cols) }
    }
}
impl<T> IndexMut<usize> for OwnRow<'_, T> {
    #[inline(always)]
    fn index_mut(&mut self, i: usize) -> &mut [T] {
        self.check(i);
        // SAFETY: as in `index`, and the view is borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.data.add(i * self.cols), self.cols) }
    }
}

/// One cell of a grid, reached by its own row and column.
pub struct OwnCell<'p, T> {
    rows: usize,
    own: usize,
    in_row: Own<'p, T>,
}

impl<T> OwnCell<'_, T> {
    #[inline(always)]
    fn check(&self, i: usize) {
        if i != self.own {
            not_own("row", i, self.own)
        }
        if i >= self.rows {
            outside(i, self.rows)
        }
    }
    /// The length of row `i`, if it is the own one. For hints.
    #[inline(always)]
    pub(crate) fn row_len(&self, i: usize) -> Option<usize> {
        (i == self.own && i < self.rows).then_some(self.in_row.len)
    }
}

impl<'p, T> Index<usize> for OwnCell<'p, T> {
    type Output = Own<'p, T>;
    #[inline(always)]
    fn index(&self, i: usize) -> &Own<'p, T> {
        self.check(i);
        &self.in_row
    }
}
impl<'p, T> IndexMut<usize> for OwnCell<'p, T> {
    #[inline(always)]
    fn index_mut(&mut self, i: usize) -> &mut Own<'p, T> {
        self.check(i);
        &mut self.in_row
    }
}

macro_rules! slices {
    ($([$($gen:tt)*] $ty:ty;)*) => {$(
        impl<$($gen)*> Disjoin for $ty {
            type Parts<'a> = Elements<'a, T> where Self: 'a;
            #[inline(always)]
            fn disjoin(&mut self) -> Elements<'_, T> {
                Elements { len: self.len(), data: self.as_mut_ptr(), _borrow: PhantomData }
            }
        }
    )*};
}
slices! { [T: Send] [T]; [T: Send] Vec<T>; [T: Send] Box<[T]>; [T: Send] NumaVec<T>;
[T: Send, const N: usize] [T; N]; }

impl<T: Send> Disjoin for Grid2<T> {
    type Parts<'a>
        = Rows<'a, T>
    where
        Self: 'a;
    #[inline(always)]
    fn disjoin(&mut self) -> Rows<'_, T> {
        let (rows, cols) = self.shape();
        Rows {
            rows,
            cols,
            data: self.as_mut_slice().as_mut_ptr(),
            _borrow: PhantomData,
        }
    }
}

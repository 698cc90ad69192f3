//! `disjoint(y)`: an array cut into what each iteration owns.

use super::own::{
    FewerDimensionsThanCollapse, OwnCell, OwnCell3, OwnElement, OwnPlane, OwnRow, OwnRow3,
};
use crate::memory::{Grid2, Grid3, NumaVec};
use std::marker::PhantomData;
use std::ops::Range;

/// Arrays that `disjoint(..)` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `disjoint(..)`",
    label = "not an array whose elements iterations can own",
    note = "`disjoint` takes slices, arrays, `Vec`, `Box<[T]>`, `NumaVec`, `Grid2` and `Grid3`, of \
            elements that are `Send`"
)]
pub trait Disjoin {
    /// The array, cut up.
    type Parts<'a>: Parts
    where
        Self: 'a;
    /// Borrows the array for one loop.
    fn disjoint(&mut self) -> Self::Parts<'_>;
}

/// An array cut into parts that iterations own.
///
/// # Safety
///
/// What `own(i)` and `own(j)` reach does not overlap for `i != j`, may be used on two threads at the
/// same time, and lies in memory that the value borrows exclusively. `cell(i, j)` and
/// `cell3(i, j, k)` likewise for different pairs and triples.
pub unsafe trait Parts: Sync + Sized {
    /// The view of an iteration of one loop.
    type Own<'p>
    where
        Self: 'p;
    /// The view of an iteration of two collapsed loops.
    type Cell<'p>
    where
        Self: 'p;
    /// The view of an iteration of three collapsed loops.
    type Cell3<'p>
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
    /// As for `own`, for pairs; and `own`, `cell` and `cell3` are not mixed in one loop.
    unsafe fn cell(&self, i: usize, j: usize) -> Self::Cell<'_>;

    /// The view of the iteration that owns `[i, j, k]`.
    ///
    /// # Safety
    ///
    /// As for `cell`, for triples.
    unsafe fn cell3(&self, i: usize, j: usize, k: usize) -> Self::Cell3<'_>;

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

impl<T> Elements<'_, T> {
    /// # Safety
    ///
    /// The `len` elements at `data` are borrowed exclusively for the lifetime, except by parts that agree
    /// with these on who asks for which.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(data: *mut T, len: usize) -> Self {
        Elements {
            data,
            len,
            _borrow: PhantomData,
        }
    }
    pub(crate) fn base(&self) -> usize {
        self.data.addr()
    }
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

impl<T> Rows<'_, T> {
    /// # Safety
    ///
    /// As for [`Elements::from_raw`], with as many elements as `shape` says.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(data: *mut T, [rows, cols]: [usize; 2]) -> Self {
        Rows {
            data,
            rows,
            cols,
            _borrow: PhantomData,
        }
    }
    pub(crate) fn base(&self) -> usize {
        self.data.addr()
    }
    pub(crate) fn shape(&self) -> [usize; 2] {
        [self.rows, self.cols]
    }
}

impl<T> Planes<'_, T> {
    /// # Safety
    ///
    /// As for [`Elements::from_raw`], with as many elements as `shape` says.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(data: *mut T, shape: [usize; 3]) -> Self {
        Planes {
            data,
            shape,
            _borrow: PhantomData,
        }
    }
    pub(crate) fn base(&self) -> usize {
        self.data.addr()
    }
    pub(crate) fn shape(&self) -> [usize; 3] {
        self.shape
    }
}

// SAFETY: an exclusive borrow that is cut up by index; the handle gives access only through `own`.
unsafe impl<T: Send> Sync for Elements<'_, T> {}

// SAFETY: different indices are different elements of one exclusively borrowed slice, and `T: Send`
// lets each be used on another thread. A cell reaches nothing.
unsafe impl<T: Send> Parts for Elements<'_, T> {
    type Own<'p>
        = OwnElement<'p, T>
    where
        Self: 'p;
    type Cell<'p>
        = FewerDimensionsThanCollapse
    where
        Self: 'p;
    type Cell3<'p>
        = FewerDimensionsThanCollapse
    where
        Self: 'p;
    #[inline(always)]
    unsafe fn own(&self, i: usize) -> OwnElement<'_, T> {
        // SAFETY: the caller's promise: element `i` is this view's alone.
        unsafe { OwnElement::new(self.data, self.len, i) }
    }
    unsafe fn cell(&self, _: usize, _: usize) -> FewerDimensionsThanCollapse {
        FewerDimensionsThanCollapse
    }
    #[inline(always)]
    unsafe fn cell3(&self, _: usize, _: usize, _: usize) -> FewerDimensionsThanCollapse {
        FewerDimensionsThanCollapse
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
    type Cell3<'p>
        = FewerDimensionsThanCollapse
    where
        Self: 'p;
    #[inline(always)]
    unsafe fn own(&self, i: usize) -> OwnRow<'_, T> {
        // SAFETY: the caller's promise: row `i` is this view's alone.
        unsafe { OwnRow::new(self.data, self.rows, self.cols, i) }
    }
    #[inline(always)]
    unsafe fn cell(&self, i: usize, j: usize) -> OwnCell<'_, T> {
        // SAFETY: the caller's promise: cell `(i, j)` is this view's alone.
        unsafe { OwnCell::new(self.data, self.rows, self.cols, (i, j)) }
    }
    #[inline(always)]
    unsafe fn cell3(&self, _: usize, _: usize, _: usize) -> FewerDimensionsThanCollapse {
        FewerDimensionsThanCollapse
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

/// A grid in three dimensions of which each iteration owns a plane, or under `collapse(2)` a row.
pub struct Planes<'a, T> {
    data: *mut T,
    shape: [usize; 3],
    _borrow: PhantomData<&'a mut [T]>,
}

// SAFETY: as for `Elements`.
unsafe impl<T: Send> Sync for Planes<'_, T> {}

// SAFETY: different planes, and different rows, are different elements of one exclusively borrowed slice
// of as many elements as the shape says, and `T: Send` lets each be used on another thread.
unsafe impl<T: Send> Parts for Planes<'_, T> {
    type Own<'p>
        = OwnPlane<'p, T>
    where
        Self: 'p;
    type Cell<'p>
        = OwnRow3<'p, T>
    where
        Self: 'p;
    type Cell3<'p>
        = OwnCell3<'p, T>
    where
        Self: 'p;
    #[inline(always)]
    unsafe fn own(&self, i: usize) -> OwnPlane<'_, T> {
        // SAFETY: the caller's promise: plane `i` is this view's alone.
        unsafe { OwnPlane::new(self.data, self.shape, i) }
    }
    #[inline(always)]
    unsafe fn cell(&self, i: usize, j: usize) -> OwnRow3<'_, T> {
        // SAFETY: the caller's promise: row `[i, j]` is this view's alone.
        unsafe { OwnRow3::new(self.data, self.shape, [i, j]) }
    }
    #[inline(always)]
    unsafe fn cell3(&self, i: usize, j: usize, k: usize) -> OwnCell3<'_, T> {
        // SAFETY: the caller's promise: cell `[i, j, k]` is this view's alone.
        unsafe { OwnCell3::new(self.data, self.shape, [i, j, k]) }
    }
    #[inline(always)]
    unsafe fn alias(&self) -> Self {
        Planes { ..*self }
    }
    #[inline(always)]
    fn spans(&self, range: &Range<usize>, neg: usize, pos: usize) -> bool {
        crate::sharing::hint::inside(self.shape[0], range, neg, pos)
    }
}

macro_rules! slices {
    ($([$($gen:tt)*] $ty:ty;)*) => {$(
        impl<$($gen)*> Disjoin for $ty {
            type Parts<'a> = Elements<'a, T> where Self: 'a;
            #[inline(always)]
            fn disjoint(&mut self) -> Elements<'_, T> {
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
    fn disjoint(&mut self) -> Rows<'_, T> {
        let (rows, cols) = self.shape();
        Rows {
            rows,
            cols,
            data: self.as_mut_slice().as_mut_ptr(),
            _borrow: PhantomData,
        }
    }
}

impl<T: Send> Disjoin for Grid3<T> {
    type Parts<'a>
        = Planes<'a, T>
    where
        Self: 'a;
    #[inline(always)]
    fn disjoint(&mut self) -> Planes<'_, T> {
        Planes {
            shape: self.shape(),
            data: self.as_mut_slice().as_mut_ptr(),
            _borrow: PhantomData,
        }
    }
}

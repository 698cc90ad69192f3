//! Localised captures: what a loop only reads becomes a local of the thread, so that a store to an
//! array does not make the compiler read it again.

use crate::memory::grid3::row_start;
use crate::memory::{Grid2, Grid3, NumaVec};
use std::marker::PhantomData;
use std::ops::{Deref, Index};

/// A captured variable, for the choice of its local form by autoref.
pub struct Local<'a, X: ?Sized>(pub &'a X);

/// The general form: a reference, which indexes and answers `len()` as the variable itself does.
pub trait LocalAny<'a> {
    /// Type of the local.
    type Form;
    /// The local.
    fn local(self) -> Self::Form;
}
impl<'a, X: ?Sized> LocalAny<'a> for &Local<'a, X> {
    type Form = &'a X;
    #[inline(always)]
    fn local(self) -> &'a X {
        self.0
    }
}

/// Slices and grids: pointer and lengths in registers.
pub trait LocalKnown<'a> {
    /// Type of the local.
    type Form;
    /// The local.
    fn local(self) -> Self::Form;
}
macro_rules! slices {
    ($([$($gen:tt)*] $t:ty;)*) => {$(
        impl<'a, $($gen)*> LocalKnown<'a> for &&Local<'a, $t> {
            type Form = &'a [T];
            #[inline(always)]
            fn local(self) -> &'a [T] { &self.0[..] }
        }
        impl<'a, 'b: 'a, $($gen)*> LocalKnown<'a> for &&Local<'a, &'b $t> {
            type Form = &'a [T];
            #[inline(always)]
            fn local(self) -> &'a [T] { &self.0[..] }
        }
        impl<'a, 'b: 'a, $($gen)*> LocalKnown<'a> for &&Local<'a, &'b mut $t> {
            type Form = &'a [T];
            #[inline(always)]
            fn local(self) -> &'a [T] { &self.0[..] }
        }
    )*};
}
slices! { [T] [T]; [T] Vec<T>; [T] Box<[T]>; [T] NumaVec<T>; [T, const N: usize] [T; N]; }

macro_rules! grids {
    ($([$($life:tt)*] $t:ty, $form:ident;)*) => {$(
        impl<'a, $($life)* T> LocalKnown<'a> for &&Local<'a, $t> {
            type Form = $form<'a, T>;
            #[inline(always)]
            fn local(self) -> $form<'a, T> { $form::new(self.0) }
        }
    )*};
}
grids! {
    [] Grid2<T>, GridRef; ['b: 'a,] &'b Grid2<T>, GridRef; ['b: 'a,] &'b mut Grid2<T>, GridRef;
    [] Grid3<T>, Grid3Ref; ['b: 'a,] &'b Grid3<T>, Grid3Ref; ['b: 'a,] &'b mut Grid3<T>, Grid3Ref;
}

/// A shared borrow of a grid in three words.
pub struct GridRef<'a, T> {
    data: *const T,
    rows: usize,
    cols: usize,
    _borrow: PhantomData<&'a [T]>,
}

impl<T> Clone for GridRef<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for GridRef<'_, T> {}
// SAFETY: it is a `&[T]` with a shape.
unsafe impl<T: Sync> Sync for GridRef<'_, T> {}
// SAFETY: it is a `&[T]` with a shape.
unsafe impl<T: Sync> Send for GridRef<'_, T> {}

impl<'a, T> GridRef<'a, T> {
    #[inline(always)]
    fn new(grid: &'a Grid2<T>) -> Self {
        let (rows, cols) = grid.shape();
        GridRef {
            data: grid.as_slice().as_ptr(),
            rows,
            cols,
            _borrow: PhantomData,
        }
    }
    /// # Safety
    ///
    /// The `rows * cols` elements at `data` are borrowed for the lifetime.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(data: *const T, rows: usize, cols: usize) -> Self {
        GridRef {
            data,
            rows,
            cols,
            _borrow: PhantomData,
        }
    }
    /// Rows and columns.
    #[inline(always)]
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.cols)
    }
    /// The length of row `i`, if there is one. For hints.
    #[inline(always)]
    pub(crate) fn row_len(&self, i: usize) -> Option<usize> {
        (i < self.rows).then_some(self.cols)
    }
}

impl<T> Index<usize> for GridRef<'_, T> {
    type Output = [T];
    #[inline(always)]
    #[track_caller]
    fn index(&self, i: usize) -> &[T] {
        if i >= self.rows {
            crate::memory::grid::no_row(i, self.rows)
        }
        // SAFETY: the borrowed grid has `rows * cols` elements, so row `i` lies inside it.
        unsafe { std::slice::from_raw_parts(self.data.add(i * self.cols), self.cols) }
    }
}

/// A shared borrow of a grid in three dimensions, with its shape at hand.
pub struct Grid3Ref<'a, T> {
    data: &'a [T],
    shape: [usize; 3],
}

impl<T> Clone for Grid3Ref<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Grid3Ref<'_, T> {}

impl<'a, T> Grid3Ref<'a, T> {
    #[inline(always)]
    fn new(grid: &'a Grid3<T>) -> Self {
        Grid3Ref {
            data: grid.as_slice(),
            shape: grid.shape(),
        }
    }
    /// # Safety
    ///
    /// The elements at `data`, as many as `shape` says, are borrowed for the lifetime.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(data: *const T, shape: [usize; 3]) -> Self {
        let len = shape.iter().product();
        // SAFETY: the caller's promise.
        let data = unsafe { std::slice::from_raw_parts(data, len) };
        Grid3Ref { data, shape }
    }
    /// Planes, rows and columns.
    #[inline(always)]
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }
    /// The length of row `[i, j]`, if there is one. For hints.
    #[inline(always)]
    pub(crate) fn row_len(&self, [i, j]: [usize; 2]) -> Option<usize> {
        (i < self.shape[0] && j < self.shape[1]).then_some(self.shape[2])
    }
}

impl<T> Index<[usize; 2]> for Grid3Ref<'_, T> {
    type Output = [T];
    #[inline(always)]
    #[track_caller]
    fn index(&self, row: [usize; 2]) -> &[T] {
        let start = row_start(self.shape, row);
        // SAFETY: `row_start` refuses rows that the grid does not have, and the borrowed grid has as
        // many elements as its shape says.
        unsafe { self.data.get_unchecked(start..start + self.shape[2]) }
    }
}
impl<T> Index<[usize; 3]> for Grid3Ref<'_, T> {
    type Output = T;
    #[inline(always)]
    #[track_caller]
    fn index(&self, [i, j, k]: [usize; 3]) -> &T {
        &self[[i, j]][k]
    }
}

/// A captured scalar in a register, read through `*` as a reference would be.
#[derive(Clone, Copy)]
pub struct Scalar<X>(X);
impl<X> Deref for Scalar<X> {
    type Target = X;
    #[inline(always)]
    fn deref(&self) -> &X {
        &self.0
    }
}

/// A captured scalar: copied where its type is `Copy`.
pub trait ScalarCopy<'a> {
    /// Type of the local.
    type Form;
    /// The local.
    fn scalar(self) -> Self::Form;
}
impl<'a, X: Copy> ScalarCopy<'a> for &&Local<'a, X> {
    type Form = Scalar<X>;
    #[inline(always)]
    fn scalar(self) -> Scalar<X> {
        Scalar(*self.0)
    }
}
/// A captured value that cannot be copied: a reference.
pub trait ScalarRef<'a> {
    /// Type of the local.
    type Form;
    /// The local.
    fn scalar(self) -> Self::Form;
}
impl<'a, X: ?Sized> ScalarRef<'a> for &Local<'a, X> {
    type Form = &'a X;
    #[inline(always)]
    fn scalar(self) -> &'a X {
        self.0
    }
}

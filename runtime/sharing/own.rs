//! An iteration's views of `disjoint` arrays: what it owns, reached by its own index.

use crate::memory::grid3::row_start;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// What an array is under `collapse` of more loops than it has dimensions: nothing that can be indexed.
pub struct FewerDimensionsThanCollapse;

/// One element of a slice, reached by its own index.
pub struct OwnElement<'p, T> {
    data: *mut T,
    len: usize,
    own: usize,
    _borrow: PhantomData<&'p mut T>,
}

impl<T> OwnElement<'_, T> {
    /// # Safety
    ///
    /// While the view lives, element `own` of the `len` behind `data`, if there is one, is its alone.
    #[inline(always)]
    pub(super) unsafe fn new(data: *mut T, len: usize, own: usize) -> Self {
        OwnElement {
            data,
            len,
            own,
            _borrow: PhantomData,
        }
    }
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
    #[track_caller]
    fn check(&self, i: usize) {
        if i != self.own {
            not_own("element", i, self.own)
        }
        if i >= self.len {
            outside(i, self.len)
        }
    }
}

impl<T> Index<usize> for OwnElement<'_, T> {
    type Output = T;
    #[inline(always)]
    #[track_caller]
    fn index(&self, i: usize) -> &T {
        self.check(i);
        // SAFETY: `i` is below the length and is the index that this view alone owns.
        unsafe { &*self.data.add(i) }
    }
}
impl<T> IndexMut<usize> for OwnElement<'_, T> {
    #[inline(always)]
    #[track_caller]
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

/// One row of a grid, reached by its own number.
pub struct OwnRow<'p, T> {
    data: *mut T,
    rows: usize,
    cols: usize,
    own: usize,
    _borrow: PhantomData<&'p mut [T]>,
}

impl<T> OwnRow<'_, T> {
    /// # Safety
    ///
    /// While the view lives, row `own` of the `rows` x `cols` elements behind `data`, if there is one,
    /// is its alone.
    #[inline(always)]
    pub(super) unsafe fn new(data: *mut T, rows: usize, cols: usize, own: usize) -> Self {
        OwnRow {
            data,
            rows,
            cols,
            own,
            _borrow: PhantomData,
        }
    }
    #[inline(always)]
    #[track_caller]
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
    #[track_caller]
    fn index(&self, i: usize) -> &[T] {
        self.check(i);
        // SAFETY: row `i` exists and this view alone owns it.
        unsafe { std::slice::from_raw_parts(self.data.add(i * self.cols), self.cols) }
    }
}
impl<T> IndexMut<usize> for OwnRow<'_, T> {
    #[inline(always)]
    #[track_caller]
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
    in_row: OwnElement<'p, T>,
}

impl<T> OwnCell<'_, T> {
    /// # Safety
    ///
    /// While the view lives, the cell of the `rows` x `cols` elements behind `data`, if there is one, is
    /// its alone.
    #[inline(always)]
    pub(super) unsafe fn new(
        data: *mut T,
        rows: usize,
        cols: usize,
        (i, j): (usize, usize),
    ) -> Self {
        // Without a row `i` the pointer is never used; it is not computed out of bounds either.
        let start = if i < rows { i * cols } else { 0 };
        // SAFETY: cell `(i, j)` is element `j` of row `i`, and the caller promises it.
        let in_row = unsafe { OwnElement::new(data.wrapping_add(start), cols, j) };
        OwnCell {
            rows,
            own: i,
            in_row,
        }
    }
    #[inline(always)]
    #[track_caller]
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
    type Output = OwnElement<'p, T>;
    #[inline(always)]
    #[track_caller]
    fn index(&self, i: usize) -> &OwnElement<'p, T> {
        self.check(i);
        &self.in_row
    }
}
impl<'p, T> IndexMut<usize> for OwnCell<'p, T> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, i: usize) -> &mut OwnElement<'p, T> {
        self.check(i);
        &mut self.in_row
    }
}

/// One plane of a grid in three dimensions: `g[[i, j, k]]` with the iteration's own `i`.
pub struct OwnPlane<'p, T> {
    data: *mut T,
    shape: [usize; 3],
    own: usize,
    _borrow: PhantomData<&'p mut [T]>,
}

/// One row of a grid in three dimensions: `g[[i, j, k]]` with the iteration's own `i` and `j`.
pub struct OwnRow3<'p, T> {
    data: *mut T,
    shape: [usize; 3],
    own: [usize; 2],
    _borrow: PhantomData<&'p mut [T]>,
}

impl<T> OwnPlane<'_, T> {
    /// # Safety
    ///
    /// While the view lives, plane `own` of the elements behind `data`, if there is one, is its alone.
    #[inline(always)]
    pub(super) unsafe fn new(data: *mut T, shape: [usize; 3], own: usize) -> Self {
        OwnPlane {
            data,
            shape,
            own,
            _borrow: PhantomData,
        }
    }
    #[inline(always)]
    #[track_caller]
    fn check(&self, [i, _]: [usize; 2]) {
        if i != self.own {
            not_own("plane", i, self.own)
        }
    }
    /// Whether row `[i, j]` is an own one.
    #[inline(always)]
    fn owns(&self, [i, _]: [usize; 2]) -> bool {
        i == self.own
    }
}

impl<T> OwnRow3<'_, T> {
    /// # Safety
    ///
    /// While the view lives, row `own` of the elements behind `data`, if there is one, is its alone.
    #[inline(always)]
    pub(super) unsafe fn new(data: *mut T, shape: [usize; 3], own: [usize; 2]) -> Self {
        OwnRow3 {
            data,
            shape,
            own,
            _borrow: PhantomData,
        }
    }
    #[inline(always)]
    #[track_caller]
    fn check(&self, row: [usize; 2]) {
        if row != self.own {
            not_own_row(row, self.own)
        }
    }
    /// Whether row `[i, j]` is an own one.
    #[inline(always)]
    fn owns(&self, row: [usize; 2]) -> bool {
        row == self.own
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_own_row(row: [usize; 2], own: [usize; 2]) -> ! {
    panic!("iteration {own:?} owns only row {own:?} of a `disjoint` array, and touched row {row:?}")
}

macro_rules! three_dimensional {
    ($($name:ident),*) => {$(
        impl<T> $name<'_, T> {
            /// The length of row `[i, j]`, if it is an own one. For hints.
            #[inline(always)]
            pub(crate) fn row_len(&self, [i, j]: [usize; 2]) -> Option<usize> {
                let [planes, rows, cols] = self.shape;
                (self.owns([i, j]) && i < planes && j < rows).then_some(cols)
            }
        }
        impl<T> Index<[usize; 2]> for $name<'_, T> {
            type Output = [T];
            #[inline(always)]
            #[track_caller]
            fn index(&self, row: [usize; 2]) -> &[T] {
                self.check(row);
                let start = row_start(self.shape, row);
                // SAFETY: the row exists and lies in what this view alone owns.
                unsafe { std::slice::from_raw_parts(self.data.add(start), self.shape[2]) }
            }
        }
        impl<T> IndexMut<[usize; 2]> for $name<'_, T> {
            #[inline(always)]
            #[track_caller]
            fn index_mut(&mut self, row: [usize; 2]) -> &mut [T] {
                self.check(row);
                let start = row_start(self.shape, row);
                // SAFETY: as in `index`, and the view is borrowed exclusively.
                unsafe { std::slice::from_raw_parts_mut(self.data.add(start), self.shape[2]) }
            }
        }
        impl<T> Index<[usize; 3]> for $name<'_, T> {
            type Output = T;
            #[inline(always)]
            #[track_caller]
            fn index(&self, [i, j, k]: [usize; 3]) -> &T {
                &self[[i, j]][k]
            }
        }
        impl<T> IndexMut<[usize; 3]> for $name<'_, T> {
            #[inline(always)]
            #[track_caller]
            fn index_mut(&mut self, [i, j, k]: [usize; 3]) -> &mut T {
                &mut self[[i, j]][k]
            }
        }
    )*};
}
three_dimensional! { OwnPlane, OwnRow3 }

/// One element of a grid in three dimensions: `g[[i, j, k]]` with the iteration's own coordinates.
pub struct OwnCell3<'p, T> {
    data: *mut T,
    shape: [usize; 3],
    own: [usize; 3],
    _borrow: PhantomData<&'p mut T>,
}

impl<T> OwnCell3<'_, T> {
    /// # Safety
    ///
    /// While the view lives, element `own` of those behind `data`, if there is one, is its alone.
    #[inline(always)]
    pub(super) unsafe fn new(data: *mut T, shape: [usize; 3], own: [usize; 3]) -> Self {
        OwnCell3 {
            data,
            shape,
            own,
            _borrow: PhantomData,
        }
    }
    /// Where the element lies.
    #[inline(always)]
    #[track_caller]
    fn place(&self, at: [usize; 3]) -> usize {
        if at != self.own {
            not_own_cell(at, self.own)
        }
        let [i, j, k] = at;
        let start = row_start(self.shape, [i, j]);
        if k >= self.shape[2] {
            outside(k, self.shape[2])
        }
        start + k
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_own_cell(at: [usize; 3], own: [usize; 3]) -> ! {
    panic!(
        "iteration {own:?} owns only cell {own:?} of a `disjoint` array, and touched cell {at:?}"
    )
}

impl<T> Index<[usize; 3]> for OwnCell3<'_, T> {
    type Output = T;
    #[inline(always)]
    #[track_caller]
    fn index(&self, at: [usize; 3]) -> &T {
        // SAFETY: `place` lies inside the grid and is what this view alone owns.
        unsafe { &*self.data.add(self.place(at)) }
    }
}
impl<T> IndexMut<[usize; 3]> for OwnCell3<'_, T> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, at: [usize; 3]) -> &mut T {
        // SAFETY: as in `index`, and the view is borrowed exclusively.
        unsafe { &mut *self.data.add(self.place(at)) }
    }
}

//! A column of a grid, or a line of one in three dimensions: elements at equal distances, as one array.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A column of a shared grid: `col[i]` is the element in row `i`.
pub struct Column<'a, T> {
    data: *const T,
    len: usize,
    stride: usize,
    number: usize,
    _borrow: PhantomData<&'a [T]>,
}

/// A column of an exclusively borrowed grid: `col[i]` is the element in row `i`, to be written.
pub struct ColumnMut<'a, T> {
    data: *mut T,
    len: usize,
    stride: usize,
    number: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

// SAFETY: it is `&mut` to each of its elements, which is `Send` for `T: Send`.
unsafe impl<T: Send> Send for ColumnMut<'_, T> {}
// SAFETY: a shared column only gives `&T`, which needs `T: Sync`.
unsafe impl<T: Sync> Sync for ColumnMut<'_, T> {}
// SAFETY: it is `&` to each of its elements.
unsafe impl<T: Sync> Send for Column<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Column<'_, T> {}

impl<T> Clone for Column<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Column<'_, T> {}

impl<T> Column<'_, T> {
    /// # Safety
    ///
    /// For the lifetime, the elements at `data`, `data + stride`, .., `len` of them in one array, are
    /// borrowed.
    #[inline(always)]
    pub(super) unsafe fn new(data: *const T, len: usize, stride: usize, number: usize) -> Self {
        Column {
            data,
            len,
            stride,
            number,
            _borrow: PhantomData,
        }
    }
}
impl<T> ColumnMut<'_, T> {
    /// # Safety
    ///
    /// For the lifetime, the elements at `data`, `data + stride`, .., `len` of them in one array, are
    /// borrowed exclusively.
    #[inline(always)]
    pub(super) unsafe fn new(data: *mut T, len: usize, stride: usize, number: usize) -> Self {
        ColumnMut {
            data,
            len,
            stride,
            number,
            _borrow: PhantomData,
        }
    }
    /// The elements from the first row to the last, to be written.
    #[inline(always)]
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> + ExactSizeIterator {
        let (data, stride) = (self.data, self.stride);
        // SAFETY: `new`'s contract; each index comes once, so no element is borrowed twice.
        (0..self.len).map(move |i| unsafe { &mut *data.add(i * stride) })
    }
    /// All elements become copies of `value`.
    pub fn fill(&mut self, value: T)
    where
        T: Clone,
    {
        self.iter_mut().for_each(|x| *x = value.clone());
    }
}

macro_rules! both {
    ($($name:ident),*) => {$(
        impl<T> $name<'_, T> {
            /// Number of elements: the rows of the grid.
            #[inline(always)]
            pub fn len(&self) -> usize { self.len }
            /// Whether there is none.
            #[inline(always)]
            pub fn is_empty(&self) -> bool { self.len == 0 }
            /// Which column of its grid it is.
            #[inline(always)]
            pub fn number(&self) -> usize { self.number }
            /// The elements from the first row to the last.
            #[inline(always)]
            pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
                let (data, stride) = (self.data, self.stride);
                // SAFETY: `new`'s contract, for indices below the length.
                (0..self.len).map(move |i| unsafe { &*data.add(i * stride) })
            }
            #[inline(always)]
            #[track_caller]
            fn check(&self, i: usize) {
                if i >= self.len { outside(i, self.number, self.len) }
            }
        }
        impl<T> Index<usize> for $name<'_, T> {
            type Output = T;
            #[inline(always)]
            #[track_caller]
            fn index(&self, i: usize) -> &T {
                self.check(i);
                // SAFETY: `new`'s contract, for an index below the length. (The product fits: it is the
                // distance to an element of the same array.)
                unsafe { &*self.data.add(i * self.stride) }
            }
        }
    )*};
}
both! { Column, ColumnMut }

impl<T> IndexMut<usize> for ColumnMut<'_, T> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, i: usize) -> &mut T {
        self.check(i);
        // SAFETY: as in `index`, and the column is borrowed exclusively.
        unsafe { &mut *self.data.add(i * self.stride) }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn outside(i: usize, number: usize, len: usize) -> ! {
    panic!(
        "iteration {number} has only column {number}, elements 0..{len} of it, and touched element {i}"
    )
}

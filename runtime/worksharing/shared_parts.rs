//! Parts of a region's views that are only read: to walk in step with parts that are written.

use super::cells::{At2, At3, Cells};
use super::chunked::{Chunked, chunks};
use super::columns::Columns;
use super::lend::Lent;
use super::source::{IntoSource, Slice};
use super::view::{Grid3View, GridView, View};

/// The elements at `data`.
///
/// # Safety
///
/// The value is used only while they are borrowed: it goes into a [`Lent`] of no longer life, whose
/// [`Family`](super::lend::Family) shortens that of each borrow to one construct's.
#[inline(always)]
unsafe fn lent<T>(data: *const T, len: usize) -> &'static [T]
where
    T: 'static,
{
    // SAFETY: `len` elements of one array; the caller's promise.
    unsafe { std::slice::from_raw_parts(data, len) }
}

impl<T: Sync + 'static> View<'_, T> {
    /// The elements, one an iteration, to be read: `&T`.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let (mut x, mut y) = (vec![1; 100], vec![2; 100]);
    /// region(Static, (&mut x, &mut y), |cx, (mut x, mut y)| {
    ///     cx.for_each(Static, x.items_mut().enumerate(), (), |(i, x), ()| *x = i);
    ///     cx.for_each(Static, (x.items(), y.items_mut()), (), |(x, y), ()| *y += 3 * x);
    /// });
    /// assert_eq!(y[5], 17);
    /// ```
    pub fn items(&self) -> Lent<'_, Slice<'static, T>> {
        let (data, len) = self.address();
        // SAFETY: while the view is borrowed, no construct that writes it can be entered.
        unsafe { Lent::new(lent(data, len).into_source(), self.origin()) }
    }
    /// Pieces of `size` elements, one an iteration, to be read: `&[T]`; the last one may be shorter.
    ///
    /// # Panics
    ///
    /// When `size` is 0.
    #[track_caller]
    pub fn chunks(&self, size: usize) -> Lent<'_, Chunked<'static, T>> {
        let (data, len) = self.address();
        // SAFETY: as in `items`.
        unsafe { Lent::new(chunks(lent(data, len), size), self.origin()) }
    }
}

impl<T: Sync + 'static> GridView<'_, T> {
    /// The rows, one an iteration, to be read: `&[T]`.
    pub fn rows(&self) -> Lent<'_, Chunked<'static, T>> {
        let (data, [rows, cols]) = self.address();
        // SAFETY: as in `View::items`.
        unsafe { Lent::new(chunks(lent(data, rows * cols), cols.max(1)), self.origin()) }
    }
    /// The columns, one an iteration, to be read: [`Column`](crate::Column).
    pub fn cols(&self) -> Lent<'_, Columns<'static, T>> {
        let (data, shape) = self.address();
        // SAFETY: as in `View::items`.
        unsafe {
            Lent::new(
                Columns::of(lent(data, shape[0] * shape[1]), shape),
                self.origin(),
            )
        }
    }
    /// The elements, one an iteration, to be read: `((i, j), &T)`.
    pub fn cells(&self) -> Lent<'_, Cells<'static, T, At2>> {
        let (data, [rows, cols]) = self.address();
        // SAFETY: as in `View::items`.
        let all = unsafe { lent(data, rows * cols) };
        // SAFETY: as in `View::items`.
        unsafe { Lent::new(Cells::new(all, At2::new(cols, all.len())), self.origin()) }
    }
}

impl<T: Sync + 'static> Grid3View<'_, T> {
    /// The rows, one an iteration, to be read: `&[T]`.
    pub fn rows(&self) -> Lent<'_, Chunked<'static, T>> {
        let (data, shape) = self.address();
        // SAFETY: as in `View::items`.
        unsafe {
            Lent::new(
                chunks(lent(data, shape.iter().product()), shape[2].max(1)),
                self.origin(),
            )
        }
    }
    /// The elements, one an iteration, to be read: `((i, j, k), &T)`.
    pub fn cells(&self) -> Lent<'_, Cells<'static, T, At3>> {
        let (data, shape) = self.address();
        // SAFETY: as in `View::items`.
        let all = unsafe { lent(data, shape.iter().product()) };
        let at = At3::new(shape[1], shape[2], all.len());
        // SAFETY: as in `View::items`.
        unsafe { Lent::new(Cells::new(all, at), self.origin()) }
    }
}

//! Parts of a region's views that are only read: to walk in step with parts that are written.

use super::cells::{At2, At3, Cells, Coordinates};
use super::chunked::{self, Chunked, chunks};
use super::columns::Columns;
use super::lend::{Family, Lent};
use super::source::{IntoSource, Slice};
use super::view::{Grid3View, GridView, View};
use crate::memory::{grid, grid3};
use crate::team::identity::Tag;
use crate::team::origin::Naming;

/// Elements that will be read. No reference is made of them before the threads have agreed on a construct
/// that reads them: until then another one may be in a construct that writes them.
struct AtRest<T> {
    data: *const T,
    len: usize,
}

impl<T: 'static> AtRest<T> {
    /// # Safety
    ///
    /// That of [`Source::alias`], for the elements of a view that is borrowed for the lifetime.
    #[inline(always)]
    unsafe fn open<'i>(&self) -> &'i [T] {
        // SAFETY: `len` elements of one array; the caller's promise.
        unsafe { std::slice::from_raw_parts(self.data, self.len) }
    }
    fn base(&self) -> usize {
        self.data.addr()
    }
}

macro_rules! shared {
    ($($(#[$doc:meta])* $name:ident<T $(, $C:ident: $bound:ident)?> { $($field:ident: $ty:ty),* } -> $At:ident,
        |$s:ident| $length:expr, |$id:ident| $describe:expr, |$all:ident| $open:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name<T $(, $C)?> { all: AtRest<T>, $($field: $ty),* }
        // SAFETY: the description holds the address, the lengths and all that positions depend on.
        unsafe impl<T: Sync + 'static $(, $C: $bound + 'static)?> Family for $name<T $(, $C)?> {
            type At<'i> = $At<'i, T $(, $C)?>;
            #[inline(always)]
            fn describe(&self, $id: &mut Naming<'_>) { let $s = self; $describe }
            #[inline(always)]
            fn length(&self) -> usize { let $s = self; $length }
            #[inline(always)]
            unsafe fn at<'i>(&self) -> Self::At<'i> {
                let $s = self;
                // SAFETY: the caller's promise.
                let $all = unsafe { $s.all.open() };
                $open
            }
        }
    )*};
}
shared! {
    /// The elements of a view, to be read.
    SharedItems<T> {} -> Slice,
        |s| s.all.len,
        |id| id.block(Tag::SharedItems, s.all.base(), &[s.all.len]),
        |all| all.into_source();
    /// Pieces of a view, to be read.
    SharedChunks<T> { size: usize } -> Chunked,
        |s| s.all.len.div_ceil(s.size),
        |id| id.block(Tag::SharedChunks, s.all.base(), &[s.all.len, s.size]),
        |all| chunks(all, s.size);
    /// The columns of a view, to be read.
    SharedColumns<T> { shape: [usize; 2] } -> Columns,
        |s| s.shape[1],
        |id| id.block(Tag::SharedColumns, s.all.base(), &s.shape),
        |all| Columns::of(all, s.shape);
    /// The elements of a view with their coordinates, to be read.
    SharedCells<T, C: Coordinates> { coordinates: C } -> Cells,
        |s| s.all.len,
        |id| {
            let [rows, cols] = s.coordinates.lengths();
            id.block(Tag::SharedCells, s.all.base(), &[s.all.len, rows, cols]);
        },
        |all| Cells::new(all, s.coordinates);
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
    pub fn items(&self) -> Lent<'_, SharedItems<T>> {
        let (data, len) = self.address();
        let all = AtRest { data, len };
        // SAFETY: while the view is borrowed, this thread enters no construct that writes it; and what is lent
        // opens in constructs that the whole team is in.
        unsafe { Lent::new(SharedItems { all }, self.origin()) }
    }
    /// Pieces of `size` elements, one an iteration, to be read: `&[T]`; the last one may be shorter.
    ///
    /// # Panics
    ///
    /// When `size` is 0.
    #[track_caller]
    pub fn chunks(&self, size: usize) -> Lent<'_, SharedChunks<T>> {
        chunked::check(size);
        let (data, len) = self.address();
        let all = AtRest { data, len };
        // SAFETY: as in `items`.
        unsafe { Lent::new(SharedChunks { all, size }, self.origin()) }
    }
}

impl<T: Sync + 'static> GridView<'_, T> {
    fn at_rest(&self) -> (AtRest<T>, [usize; 2]) {
        let (data, shape) = self.address();
        let len = shape[0] * shape[1];
        (AtRest { data, len }, shape)
    }
    /// The rows, one an iteration, to be read: `&[T]`.
    ///
    /// # Panics
    ///
    /// When there are rows but no columns.
    #[track_caller]
    pub fn rows(&self) -> Lent<'_, SharedChunks<T>> {
        let (all, shape) = self.at_rest();
        let size = grid::row_length(shape);
        // SAFETY: as in `View::items`.
        unsafe { Lent::new(SharedChunks { all, size }, self.origin()) }
    }
    /// The columns, one an iteration, to be read: [`Column`](crate::Column).
    pub fn cols(&self) -> Lent<'_, SharedColumns<T>> {
        let (all, shape) = self.at_rest();
        // SAFETY: as in `View::items`.
        unsafe { Lent::new(SharedColumns { all, shape }, self.origin()) }
    }
    /// The elements, one an iteration, to be read: `((i, j), &T)`.
    pub fn cells(&self) -> Lent<'_, SharedCells<T, At2>> {
        let (all, [_, cols]) = self.at_rest();
        let coordinates = At2::new(cols, all.len);
        // SAFETY: as in `View::items`.
        unsafe { Lent::new(SharedCells { all, coordinates }, self.origin()) }
    }
}

impl<T: Sync + 'static> Grid3View<'_, T> {
    fn at_rest(&self) -> (AtRest<T>, [usize; 3]) {
        let (data, shape) = self.address();
        let len = shape.iter().product();
        (AtRest { data, len }, shape)
    }
    /// The rows, one an iteration, to be read: `&[T]`.
    ///
    /// # Panics
    ///
    /// When there are rows but no columns.
    #[track_caller]
    pub fn rows(&self) -> Lent<'_, SharedChunks<T>> {
        let (all, shape) = self.at_rest();
        let size = grid3::row_length(shape);
        // SAFETY: as in `View::items`.
        unsafe { Lent::new(SharedChunks { all, size }, self.origin()) }
    }
    /// The elements, one an iteration, to be read: `((i, j, k), &T)`.
    pub fn cells(&self) -> Lent<'_, SharedCells<T, At3>> {
        let (all, [_, rows, cols]) = self.at_rest();
        let coordinates = At3::new(rows, cols, all.len);
        // SAFETY: as in `View::items`.
        unsafe { Lent::new(SharedCells { all, coordinates }, self.origin()) }
    }
}

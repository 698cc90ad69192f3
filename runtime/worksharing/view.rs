//! Views: how the threads of a region see the arrays that it shares.

use super::cells::{At2, At3, CellsMut};
use super::chunked::ChunkedMut;
use super::lend::Lent;
use super::reading::{Reading, ReadingGrid, ReadingGrid3, ReadingVar, Whole, WholeGrid, WholeVar};
use super::source::SliceMut;
use super::tiles::TilesMut;
use crate::memory::{grid, grid3};
use crate::reduction::Reduce;
use crate::reduction::combine::Prototype;
use crate::team::origin::Origin;
use std::marker::PhantomData;
use std::ops::{Bound, Range, RangeBounds};

/// Stays on its thread: neither `Send` nor `Sync`.
type OwnThread<'r, T> = PhantomData<(&'r mut T, *const ())>;

/// A thread's view of a shared slice. It opens only inside constructs of its region, which all threads of the
/// team enter together: [`items_mut`](View::items_mut) and its kin are shared out among them,
/// [`reading`](View::reading) lets each of them read. Constructs of another region panic.
pub struct View<'r, T> {
    data: *mut T,
    len: usize,
    origin: Origin,
    _own: OwnThread<'r, [T]>,
}

/// A thread's view of a shared [`Grid2`](crate::Grid2): see [`View`].
pub struct GridView<'r, T> {
    data: *mut T,
    rows: usize,
    cols: usize,
    origin: Origin,
    _own: OwnThread<'r, [T]>,
}

/// A thread's view of a shared [`Grid3`](crate::Grid3): see [`View`].
pub struct Grid3View<'r, T> {
    data: *mut T,
    shape: [usize; 3],
    origin: Origin,
    _own: OwnThread<'r, [T]>,
}

/// A thread's view of a shared variable: see [`View`].
pub struct VarView<'r, T> {
    data: *mut T,
    origin: Origin,
    _own: OwnThread<'r, T>,
}

impl<'r, T> View<'r, T> {
    /// # Safety
    ///
    /// The `len` elements at `data` are lent to a region for the lifetime, and every thread of its team has
    /// views of them from here only, with that origin: the region's, and one for each array.
    pub(super) unsafe fn new(data: *mut T, len: usize, origin: Origin) -> Self {
        View {
            data,
            len,
            origin,
            _own: PhantomData,
        }
    }
    /// Which region and array they are of.
    #[inline(always)]
    pub(super) fn origin(&self) -> Origin {
        self.origin
    }
    /// Where the elements are, and how many.
    #[inline(always)]
    pub(super) fn address(&self) -> (*mut T, usize) {
        (self.data, self.len)
    }
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.len
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// The elements, one an iteration: `&mut T`.
    pub fn items_mut(&mut self) -> Lent<'_, SliceMut<'static, T>>
    where
        T: Send + 'static,
    {
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { Lent::new(SliceMut::from_raw(self.data, self.len), self.origin) }
    }
    /// Pieces of `size` elements, one an iteration: `&mut [T]`; the last one may be shorter.
    ///
    /// # Panics
    ///
    /// When `size` is 0.
    #[track_caller]
    pub fn chunks_mut(&mut self, size: usize) -> Lent<'_, ChunkedMut<'static, T>>
    where
        T: Send + 'static,
    {
        // SAFETY: as in `items_mut`.
        unsafe { Lent::new(ChunkedMut::from_raw(self.data, self.len, size), self.origin) }
    }
    /// All of it, for every thread to read: `&[T]`.
    pub fn reading(&self) -> Reading<'_, T> {
        // SAFETY: while the view is borrowed, no construct that writes it can be entered.
        unsafe { Reading::new(self.data, self.len, self.origin) }
    }
    /// All of it, for the one thread of a `single`, `masked` or section: `&mut [T]`.
    pub fn whole_mut(&mut self) -> Whole<'_, T> {
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { Whole::new(self.data, self.len, self.origin) }
    }
    /// The elements before `mid`, and those from there on, as views of their own.
    ///
    /// `mid` may be computed at run time, equally on all threads.
    ///
    /// # Panics
    ///
    /// When `mid` is past the end.
    #[track_caller]
    pub fn split_at_mut(&mut self, mid: usize) -> (View<'_, T>, View<'_, T>) {
        let len = self.len;
        assert!(mid <= len, "split at {mid} of a view of {len} elements");
        // SAFETY: two parts that do not overlap, of elements that this view stands for and cannot reach
        // while they live. (`mid` lies inside, so the pointer does.)
        unsafe {
            (
                View::new(self.data, mid, self.origin),
                View::new(self.data.add(mid), len - mid, self.origin.behind::<T>(mid)),
            )
        }
    }
    /// The elements in `range` as a view of their own.
    ///
    /// # Panics
    ///
    /// When the range does not lie inside.
    #[track_caller]
    pub fn slice_mut(&mut self, range: impl RangeBounds<usize>) -> View<'_, T> {
        let Range { start, end } = inside(range, self.len);
        // SAFETY: elements of this view, which cannot reach them meanwhile.
        unsafe {
            View::new(
                self.data.add(start),
                end - start,
                self.origin.behind::<T>(start),
            )
        }
    }
    /// The elements in `range`, for every thread to read: `&[T]`.
    ///
    /// # Panics
    ///
    /// When the range does not lie inside.
    #[track_caller]
    pub fn reading_of(&self, range: impl RangeBounds<usize>) -> Reading<'_, T> {
        let Range { start, end } = inside(range, self.len);
        // SAFETY: as in `reading`, of elements that exist.
        unsafe {
            Reading::new(
                self.data.add(start),
                end - start,
                self.origin.behind::<T>(start),
            )
        }
    }
}

/// A range of a view, as numbers.
#[track_caller]
fn inside(range: impl RangeBounds<usize>, len: usize) -> Range<usize> {
    let start = match range.start_bound() {
        Bound::Included(&a) => Some(a),
        Bound::Excluded(&a) => a.checked_add(1),
        Bound::Unbounded => Some(0),
    };
    let end = match range.end_bound() {
        Bound::Included(&b) => b.checked_add(1),
        Bound::Excluded(&b) => Some(b),
        Bound::Unbounded => Some(len),
    };
    match (start, end) {
        (Some(a), Some(b)) if a <= b && b <= len => a..b,
        (a, b) => panic!("elements {a:?}..{b:?} of a view of {len}"),
    }
}

impl<'r, T> GridView<'r, T> {
    /// # Safety
    ///
    /// As for [`View::new`], with `rows * cols` elements.
    pub(super) unsafe fn new(data: *mut T, rows: usize, cols: usize, origin: Origin) -> Self {
        GridView {
            data,
            rows,
            cols,
            origin,
            _own: PhantomData,
        }
    }
    /// Which region and array they are of.
    #[inline(always)]
    pub(super) fn origin(&self) -> Origin {
        self.origin
    }
    /// Where the elements are, and in what shape.
    #[inline(always)]
    pub(super) fn address(&self) -> (*mut T, [usize; 2]) {
        (self.data, [self.rows, self.cols])
    }
    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.cols)
    }
    fn len(&self) -> usize {
        self.rows * self.cols
    }
    /// The rows, one an iteration: `&mut [T]`.
    ///
    /// # Panics
    ///
    /// When there are rows but no columns.
    #[track_caller]
    pub fn rows_mut(&mut self) -> Lent<'_, ChunkedMut<'static, T>>
    where
        T: Send + 'static,
    {
        let cols = grid::row_length([self.rows, self.cols]);
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe {
            Lent::new(
                ChunkedMut::from_raw(self.data, self.len(), cols),
                self.origin,
            )
        }
    }
    /// The elements, one an iteration: `((i, j), &mut T)`.
    pub fn cells_mut(&mut self) -> Lent<'_, CellsMut<'static, T, At2>>
    where
        T: Send + 'static,
    {
        let at = At2::new(self.cols, self.len());
        // SAFETY: as in `rows_mut`.
        unsafe { Lent::new(CellsMut::from_raw(self.data, self.len(), at), self.origin) }
    }
    /// Tiles of `rows` x `cols` elements, one an iteration: `TileMut`; those at the far edges are smaller.
    ///
    /// # Panics
    ///
    /// When `rows` or `cols` is 0.
    #[track_caller]
    pub fn tiles_mut(&mut self, rows: usize, cols: usize) -> Lent<'_, TilesMut<'static, T, 2>>
    where
        T: Send + 'static,
    {
        // SAFETY: as in `rows_mut`.
        unsafe {
            Lent::new(
                TilesMut::from_raw(self.data, [self.rows, self.cols], [rows, cols]),
                self.origin,
            )
        }
    }
    /// All of it, for every thread to read: `a[i][j]`.
    pub fn reading(&self) -> ReadingGrid<'_, T> {
        // SAFETY: while the view is borrowed, no construct that writes it can be entered.
        unsafe { ReadingGrid::new(self.data, [self.rows, self.cols], self.origin) }
    }
    /// All of it, for one thread: `a[i][j]`.
    pub fn whole_mut(&mut self) -> WholeGrid<'_, T, 2> {
        // SAFETY: as in `rows_mut`.
        unsafe { WholeGrid::new(self.data, [self.rows, self.cols], self.origin) }
    }
    /// The rows before `mid`, and those from there on, as views of their own.
    ///
    /// # Panics
    ///
    /// When `mid` is past the end.
    #[track_caller]
    pub fn split_rows_mut(&mut self, mid: usize) -> (GridView<'_, T>, GridView<'_, T>) {
        let (rows, cols) = self.shape();
        assert!(mid <= rows, "split at row {mid} of a view of {rows} rows");
        // SAFETY: two parts that do not overlap, which this view cannot reach while they live.
        unsafe {
            (
                GridView::new(self.data, mid, cols, self.origin),
                GridView::new(
                    self.data.add(mid * cols),
                    rows - mid,
                    cols,
                    self.origin.behind::<T>(mid * cols),
                ),
            )
        }
    }
    /// All elements, row after row.
    pub fn flat_mut(&mut self) -> View<'_, T> {
        // SAFETY: the same elements, which this view cannot reach meanwhile.
        unsafe { View::new(self.data, self.len(), self.origin) }
    }
}

impl<'r, T> Grid3View<'r, T> {
    /// # Safety
    ///
    /// As for [`View::new`], with as many elements as `shape` says.
    pub(super) unsafe fn new(data: *mut T, shape: [usize; 3], origin: Origin) -> Self {
        Grid3View {
            data,
            shape,
            origin,
            _own: PhantomData,
        }
    }
    /// Which region and array they are of.
    #[inline(always)]
    pub(super) fn origin(&self) -> Origin {
        self.origin
    }
    /// Where the elements are, and in what shape.
    #[inline(always)]
    pub(super) fn address(&self) -> (*mut T, [usize; 3]) {
        (self.data, self.shape)
    }
    /// Planes, rows and columns.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }
    fn len(&self) -> usize {
        self.shape.iter().product()
    }
    /// The rows, one an iteration: `&mut [T]`.
    ///
    /// # Panics
    ///
    /// When there are rows but no columns.
    #[track_caller]
    pub fn rows_mut(&mut self) -> Lent<'_, ChunkedMut<'static, T>>
    where
        T: Send + 'static,
    {
        let cols = grid3::row_length(self.shape);
        // SAFETY: as in `GridView::rows_mut`.
        unsafe {
            Lent::new(
                ChunkedMut::from_raw(self.data, self.len(), cols),
                self.origin,
            )
        }
    }
    /// The elements, one an iteration: `((i, j, k), &mut T)`.
    pub fn cells_mut(&mut self) -> Lent<'_, CellsMut<'static, T, At3>>
    where
        T: Send + 'static,
    {
        let at = At3::new(self.shape[1], self.shape[2], self.len());
        // SAFETY: as in `rows_mut`.
        unsafe { Lent::new(CellsMut::from_raw(self.data, self.len(), at), self.origin) }
    }
    /// Blocks of that many planes, rows and columns, one an iteration: `TileMut`.
    ///
    /// # Panics
    ///
    /// When a length is 0.
    #[track_caller]
    pub fn tiles_mut(&mut self, block: [usize; 3]) -> Lent<'_, TilesMut<'static, T, 3>>
    where
        T: Send + 'static,
    {
        // SAFETY: as in `rows_mut`.
        unsafe {
            Lent::new(
                TilesMut::from_raw(self.data, self.shape, block),
                self.origin,
            )
        }
    }
    /// All of it, for every thread to read: `a[[i, j]][k]`.
    pub fn reading(&self) -> ReadingGrid3<'_, T> {
        // SAFETY: while the view is borrowed, no construct that writes it can be entered.
        unsafe { ReadingGrid3::new(self.data, self.shape, self.origin) }
    }
    /// All of it, for one thread: `a[[i, j]][k]`.
    pub fn whole_mut(&mut self) -> WholeGrid<'_, T, 3> {
        // SAFETY: as in `rows_mut`.
        unsafe { WholeGrid::new(self.data, self.shape, self.origin) }
    }
    /// All elements, plane after plane, row after row.
    pub fn flat_mut(&mut self) -> View<'_, T> {
        // SAFETY: the same elements, which this view cannot reach meanwhile.
        unsafe { View::new(self.data, self.len(), self.origin) }
    }
}

impl<'r, T> VarView<'r, T> {
    /// # Safety
    ///
    /// As for [`View::new`], with one element.
    pub(super) unsafe fn new(data: *mut T, origin: Origin) -> Self {
        VarView {
            data,
            origin,
            _own: PhantomData,
        }
    }
    /// The value, for every thread to read: `&T`.
    pub fn reading(&self) -> ReadingVar<'_, T> {
        // SAFETY: while the view is borrowed, no construct that writes it can be entered.
        unsafe { ReadingVar::new(self.data, self.origin) }
    }
    /// What private copies of a reduction begin with.
    #[doc(hidden)]
    pub fn prototype<Op>(&self, _: fn(Op)) -> Prototype<Op, T>
    where
        T: Reduce<Op, Shape = ()>,
    {
        Prototype::plain()
    }
    /// The value, for the one thread of a `single`, `masked` or section: `&mut T`.
    pub fn whole_mut(&mut self) -> WholeVar<'_, T> {
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        unsafe { WholeVar::new(self.data, self.origin) }
    }
}

//! What an owner table hands out: to each iteration its own elements or rows, and to be read, nobody's.

use super::lend::{Family, Lent};
use super::owners::{NOBODY, Owners};
use super::source::{IntoSource, Source};
use super::view::{Grid3View, GridView, View};
use crate::memory::{Grid2, Grid3};
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

impl Owners {
    /// The parts of an array of `len` pieces of `width` elements.
    ///
    /// # Safety
    ///
    /// The elements at `data` are borrowed exclusively for the lifetime, except by parts that agree with
    /// these on who takes which; this table lives as long.
    #[track_caller]
    pub(super) unsafe fn parts<'a, T>(
        &self,
        data: *mut T,
        len: usize,
        width: usize,
    ) -> Pieces<'a, T> {
        assert!(
            len == self.len(),
            "an owner table of {}, used on an array of {len}: nothing ran",
            self.len()
        );
        Pieces {
            data,
            width,
            of: self.table().as_ptr(),
            count: len,
            iterations: self.iterations(),
            _borrow: PhantomData,
        }
    }
}

/// An array with its table: pieces of `width` elements, and who owns each.
pub(super) struct Pieces<'a, T> {
    data: *mut T,
    width: usize,
    of: *const u32,
    count: usize,
    iterations: usize,
    _borrow: PhantomData<(&'a mut [T], &'a [u32])>,
}

impl<T> Clone for Pieces<'_, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Pieces<'_, T> {}

impl<T> Pieces<'_, T> {
    /// Who owns piece `r`.
    #[inline(always)]
    #[track_caller]
    fn owner(&self, r: usize) -> u32 {
        if r >= self.count {
            outside(r, self.count)
        }
        // SAFETY: the table has as many entries, and lives as long; nobody changes it.
        unsafe { *self.of.add(r) }
    }
    /// Where piece `r` begins, if `me` may read it.
    #[inline(always)]
    #[track_caller]
    fn readable(&self, me: u32, r: usize) -> *mut T {
        let owner = self.owner(r);
        if owner != me && owner != NOBODY {
            others("read", r, me, owner)
        }
        // SAFETY: piece `r` exists, so it begins inside the array.
        unsafe { self.data.add(r * self.width) }
    }
    /// Where piece `r` begins, if `me` may write it.
    #[inline(always)]
    #[track_caller]
    fn writable(&self, me: u32, r: usize) -> *mut T {
        let owner = self.owner(r);
        if owner != me {
            others("write", r, me, owner)
        }
        // SAFETY: as in `readable`.
        unsafe { self.data.add(r * self.width) }
    }
    fn describe(&self, id: &mut Naming<'_>) {
        let table = [self.width, self.count, self.iterations, self.of.addr()];
        id.block(Tag::Owners, self.data.addr(), &table);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn outside(r: usize, len: usize) -> ! {
    panic!("element (or row) {r} of an array of {len}, handed out by an owner table")
}

#[cold]
#[inline(never)]
#[track_caller]
fn others(what: &str, r: usize, me: u32, owner: u32) -> ! {
    match owner {
        NOBODY => panic!(
            "iteration {me} would {what} element (or row) {r}, which no iteration owns: it may only be read"
        ),
        owner => {
            panic!("iteration {me} would {what} element (or row) {r}, which iteration {owner} owns")
        }
    }
}

/// An iteration's elements of a slice, and those that nobody owns to be read: `x[r]`.
///
/// Indexing panics where another iteration owns the element, and says who; and where one is written that
/// nobody owns.
pub struct Mine<'a, T> {
    pieces: Pieces<'a, T>,
    me: u32,
}

/// An iteration's rows of a grid, and those that nobody owns to be read: `x[r][j]`. As [`Mine`].
///
/// Each `x[r]` looks into the table, so an inner loop over columns is faster on rows that were taken before
/// it: `let row = &mut x[r];`, or [`write_beside`](Self::write_beside).
pub struct MyRows<'a, T> {
    pieces: Pieces<'a, T>,
    me: u32,
}

impl<T> Index<usize> for Mine<'_, T> {
    type Output = T;
    #[inline(always)]
    #[track_caller]
    fn index(&self, r: usize) -> &T {
        // SAFETY: `readable` says that the element is this iteration's, whose only accessor is borrowed; or
        // nobody's, so that nobody has a `&mut` to it while the accessors live.
        unsafe { &*self.pieces.readable(self.me, r) }
    }
}
impl<T> IndexMut<usize> for Mine<'_, T> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, r: usize) -> &mut T {
        // SAFETY: `writable` says that the element is this iteration's, whose only accessor is borrowed
        // exclusively.
        unsafe { &mut *self.pieces.writable(self.me, r) }
    }
}
impl<T> Index<usize> for MyRows<'_, T> {
    type Output = [T];
    #[inline(always)]
    #[track_caller]
    fn index(&self, r: usize) -> &[T] {
        let row = self.pieces.readable(self.me, r);
        // SAFETY: as for `Mine`, of `width` elements that belong together.
        unsafe { std::slice::from_raw_parts(row, self.pieces.width) }
    }
}
impl<T> IndexMut<usize> for MyRows<'_, T> {
    #[inline(always)]
    #[track_caller]
    fn index_mut(&mut self, r: usize) -> &mut [T] {
        let row = self.pieces.writable(self.me, r);
        // SAFETY: as for `Mine`, of `width` elements that belong together.
        unsafe { std::slice::from_raw_parts_mut(row, self.pieces.width) }
    }
}

impl<T> MyRows<'_, T> {
    /// Row `own` to be written, and others to be read meanwhile.
    ///
    /// # Panics
    ///
    /// When `own` is not the iteration's own, when another iteration owns one of `others`, and when `own` is
    /// among them.
    #[track_caller]
    pub fn write_beside<const N: usize>(
        &mut self,
        own: usize,
        others: [usize; N],
    ) -> (&mut [T], [&[T]; N]) {
        assert!(
            !others.contains(&own),
            "row {own} would be read while it is written"
        );
        let (width, me) = (self.pieces.width, self.me);
        let read = others.map(|r| {
            let row = self.pieces.readable(me, r);
            // SAFETY: as in `index`, and not the row that is written.
            unsafe { std::slice::from_raw_parts(row.cast_const(), width) }
        });
        let row = self.pieces.writable(me, own);
        // SAFETY: as in `index_mut`, and none of the rows that are read.
        (unsafe { std::slice::from_raw_parts_mut(row, width) }, read)
    }
}

/// The elements of a slice, handed out by an [`Owners`] table.
pub struct OwnedMut<'a, T>(Pieces<'a, T>);

impl<'a, T> OwnedMut<'a, T> {
    pub(super) fn new(pieces: Pieces<'a, T>) -> Self {
        OwnedMut(pieces)
    }
}

/// The rows of a grid, handed out by an [`Owners`] table.
pub struct OwnedRowsMut<'a, T>(Pieces<'a, T>);

macro_rules! source {
    ($($source:ident $item:ident;)*) => {$(
        impl<T> $item<'_, T> {
            /// The iteration's number.
            #[inline(always)]
            pub fn iteration(&self) -> usize {
                self.me as usize
            }
            /// Whether the iteration owns element or row `r`.
            #[inline(always)]
            pub fn owns(&self, r: usize) -> bool {
                r < self.pieces.count && self.pieces.owner(r) == self.me
            }
        }

        // SAFETY: sharing the handle gives access to nothing except through `get`, and to a table that
        // nobody changes.
        unsafe impl<T: Send + Sync> Sync for $source<'_, T> {}
        // SAFETY: as for `&mut [T]` and a shared borrow of numbers.
        unsafe impl<T: Send + Sync> Send for $source<'_, T> {}

        // SAFETY: (1) the number of iterations is a field that nothing changes; (2) an accessor writes what
        // the table gives its iteration, which is nobody else's, and reads that and what the table gives to
        // nobody, which no accessor writes; the table cannot change meanwhile; (3) `T: Send` for what is
        // written, `T: Sync` for what several iterations read; (4) an alias has the same fields, and the
        // caller of `alias` keeps to the contract of `get` for both.
        unsafe impl<'a, T: Send + Sync> Source for $source<'a, T> {
            type Item = $item<'a, T>;
            fn len(&self) -> usize {
                self.0.iterations
            }
            #[inline(always)]
            unsafe fn get(&self, k: usize) -> $item<'a, T> {
                // (Fewer than 2^32 iterations, so nothing is cut off.)
                $item { pieces: self.0, me: k as u32 }
            }
            unsafe fn alias(&self) -> Self {
                $source(self.0)
            }
        }
        impl<'a, T: Send + Sync> IntoSource for $source<'a, T> {
            type Item = $item<'a, T>;
            type Source = Self;
            fn into_source(self) -> Self {
                self
            }
        }

        // SAFETY: the description holds the addresses of array and table, and the numbers of pieces, of their elements and
        // of iterations. Threads that agree on
        // these in one construct have the same table, for each borrows it until all have left.
        unsafe impl<T: Send + Sync + 'static> Family for $source<'static, T> {
            type At<'i> = $source<'i, T>;
            #[inline(always)]
            fn describe(&self, id: &mut Naming<'_>) {
                self.0.describe(id);
            }
            #[inline(always)]
            unsafe fn at<'i>(&self) -> $source<'i, T> {
                $source(self.0)
            }
        }
    )*};
}
source! { OwnedMut Mine; OwnedRowsMut MyRows; }

impl<T: Send + Sync + 'static> View<'_, T> {
    /// Elements as an owner table says: each iteration writes its own, and reads those and nobody's. All
    /// threads use one table, made before the region, or they are refused.
    ///
    /// # Panics
    ///
    /// When the table is for another length.
    #[track_caller]
    pub fn owned<'v>(&'v mut self, table: &'v Owners) -> Lent<'v, OwnedMut<'static, T>> {
        let (data, len) = self.address();
        // SAFETY: view and table are borrowed as long as the value lives.
        unsafe { Lent::new(OwnedMut(table.parts(data, len, 1)), self.origin()) }
    }
}

impl<T: Send + Sync + 'static> GridView<'_, T> {
    /// Rows as an owner table says: each iteration writes its own, and reads those and nobody's. All threads
    /// use one table, made before the region, or they are refused.
    ///
    /// # Panics
    ///
    /// When the table is for another number of rows.
    #[track_caller]
    pub fn owned<'v>(&'v mut self, table: &'v Owners) -> Lent<'v, OwnedRowsMut<'static, T>> {
        let (data, [rows, cols]) = self.address();
        // SAFETY: view and table are borrowed as long as the value lives.
        unsafe { Lent::new(OwnedRowsMut(table.parts(data, rows, cols)), self.origin()) }
    }
}

impl<T: Send + Sync + 'static> Grid3View<'_, T> {
    /// Rows as an owner table says: as [`GridView::owned`]. Row `j` of plane `i` has number `i * rows + j`.
    ///
    /// # Panics
    ///
    /// When the table is for another number of rows.
    #[track_caller]
    pub fn owned<'v>(&'v mut self, table: &'v Owners) -> Lent<'v, OwnedRowsMut<'static, T>> {
        let (data, [planes, rows, cols]) = self.address();
        // SAFETY: view and table are borrowed as long as the value lives.
        unsafe {
            Lent::new(
                OwnedRowsMut(table.parts(data, planes * rows, cols)),
                self.origin(),
            )
        }
    }
}

impl<T: Send + Sync> Grid3<T> {
    /// Rows as an owner table says: as [`Grid2::owned`]. Row `j` of plane `i` has number `i * rows + j`.
    ///
    /// # Panics
    ///
    /// When the table is for another number of rows.
    #[track_caller]
    pub fn owned<'a>(&'a mut self, table: &'a Owners) -> OwnedRowsMut<'a, T> {
        let [planes, rows, cols] = self.shape();
        let data = self.as_mut_slice().as_mut_ptr();
        // SAFETY: grid and table are borrowed for the lifetime.
        unsafe { OwnedRowsMut(table.parts(data, planes * rows, cols)) }
    }
}

impl<T: Send + Sync> Grid2<T> {
    /// Rows as an owner table says, as the source of a combined loop: each iteration writes its own, and
    /// reads those and nobody's.
    ///
    /// # Panics
    ///
    /// When the table is for another number of rows.
    #[track_caller]
    pub fn owned<'a>(&'a mut self, table: &'a Owners) -> OwnedRowsMut<'a, T> {
        let (rows, cols) = self.shape();
        // SAFETY: grid and table are borrowed for the lifetime.
        unsafe { OwnedRowsMut(table.parts(self.as_mut_slice().as_mut_ptr(), rows, cols)) }
    }
}

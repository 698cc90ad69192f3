//! What a construct of a region may read, and what it may have as a whole.

use super::tiles::TileMut;
use crate::sharing::local::{Grid3Ref, GridRef};
use crate::team::identity::{Identity, Tag};
use crate::team::origin::Origin;
use std::marker::PhantomData;

/// What [`Reads`] opens to during one construct, `'i`.
pub trait LendRead<'i, _Bound = &'i Self> {
    /// What the body receives.
    type Open;
}

/// Views that a construct reads: `a.reading()`, `()`, or a tuple of these.
///
/// # Safety
///
/// `open` gives shared access to what is described, and to nothing else; `describe` refuses the constructs of
/// other regions (see `Naming`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a construct may read",
    label = "not a view that is lent to be read",
    note = "what a construct reads is `a.reading()` for a view `a`, a tuple of these, or `()`"
)]
pub unsafe trait Reads: for<'i> LendRead<'i> {
    /// Adds to a construct's identity which memory is read.
    #[doc(hidden)]
    fn describe(&self, id: &mut Identity);
    /// The memory, for one construct.
    ///
    /// # Safety
    ///
    /// The threads of the team have agreed on the identity.
    #[doc(hidden)]
    unsafe fn open(&self) -> <Self as LendRead<'_>>::Open;
}

/// What [`Wholes`] opens to during one construct, `'i`.
pub trait LendWhole<'i, _Bound = &'i Self> {
    /// What the body receives.
    type Open;
}

/// Views that one thread has for itself: `a.whole_mut()`, `()`, or a tuple of these.
///
/// # Safety
///
/// `open` gives exclusive access to what is described, and to nothing else; `describe` refuses the constructs
/// of other regions (see `Naming`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what one thread may have as a whole",
    label = "not a view that is lent as a whole",
    note = "what one thread has for itself is `a.whole_mut()` for a view `a`, a tuple of these, or `()`"
)]
pub unsafe trait Wholes: for<'i> LendWhole<'i> {
    /// Adds to a construct's identity which memory is written.
    #[doc(hidden)]
    fn describe(&self, id: &mut Identity);
    /// The memory, for one construct.
    ///
    /// # Safety
    ///
    /// The threads of the team have agreed on the identity, and one at a time opens it.
    #[doc(hidden)]
    unsafe fn open(&self) -> <Self as LendWhole<'_>>::Open;
}

/// A slice of a region's array, borrowed for `'v` to be read.
pub struct Reading<'v, T> {
    data: *const T,
    len: usize,
    origin: Origin,
    _borrow: PhantomData<&'v [T]>,
}
/// The same of a grid.
pub struct ReadingGrid<'v, T> {
    data: *const T,
    shape: [usize; 2],
    origin: Origin,
    _borrow: PhantomData<&'v [T]>,
}
/// The same of a grid in three dimensions.
pub struct ReadingGrid3<'v, T> {
    data: *const T,
    shape: [usize; 3],
    origin: Origin,
    _borrow: PhantomData<&'v [T]>,
}
/// The same of one value.
pub struct ReadingVar<'v, T> {
    data: *const T,
    origin: Origin,
    _borrow: PhantomData<&'v T>,
}

/// A slice of a region's array, borrowed for `'v` to be had as a whole.
pub struct Whole<'v, T> {
    data: *mut T,
    len: usize,
    origin: Origin,
    _borrow: PhantomData<&'v mut [T]>,
}
/// The same of a grid.
pub struct WholeGrid<'v, T, const N: usize> {
    data: *mut T,
    shape: [usize; N],
    origin: Origin,
    _borrow: PhantomData<&'v mut [T]>,
}
/// The same of one value.
pub struct WholeVar<'v, T> {
    data: *mut T,
    origin: Origin,
    _borrow: PhantomData<&'v mut T>,
}

impl<T> Reading<'_, T> {
    /// # Safety
    ///
    /// For the lifetime, nobody writes the `len` elements at `data` while a construct of the region of `origin`
    /// reads them.
    pub(super) unsafe fn new(data: *const T, len: usize, origin: Origin) -> Self {
        Reading {
            data,
            len,
            origin,
            _borrow: PhantomData,
        }
    }
}
impl<T> ReadingGrid<'_, T> {
    /// # Safety
    ///
    /// As for [`Reading::new`], with as many elements as `shape` says.
    pub(super) unsafe fn new(data: *const T, shape: [usize; 2], origin: Origin) -> Self {
        ReadingGrid {
            data,
            shape,
            origin,
            _borrow: PhantomData,
        }
    }
}
impl<T> ReadingGrid3<'_, T> {
    /// # Safety
    ///
    /// As for [`Reading::new`], with as many elements as `shape` says.
    pub(super) unsafe fn new(data: *const T, shape: [usize; 3], origin: Origin) -> Self {
        ReadingGrid3 {
            data,
            shape,
            origin,
            _borrow: PhantomData,
        }
    }
}
impl<T> ReadingVar<'_, T> {
    /// # Safety
    ///
    /// As for [`Reading::new`], with one element.
    pub(super) unsafe fn new(data: *const T, origin: Origin) -> Self {
        ReadingVar {
            data,
            origin,
            _borrow: PhantomData,
        }
    }
}
impl<T> Whole<'_, T> {
    /// # Safety
    ///
    /// For the lifetime, nobody else touches the `len` elements at `data`, except by values of the same origin
    /// that describe themselves like this one.
    pub(super) unsafe fn new(data: *mut T, len: usize, origin: Origin) -> Self {
        Whole {
            data,
            len,
            origin,
            _borrow: PhantomData,
        }
    }
}
impl<T, const N: usize> WholeGrid<'_, T, N> {
    /// # Safety
    ///
    /// As for [`Whole::new`], with as many elements as `shape` says.
    pub(super) unsafe fn new(data: *mut T, shape: [usize; N], origin: Origin) -> Self {
        WholeGrid {
            data,
            shape,
            origin,
            _borrow: PhantomData,
        }
    }
}
impl<T> WholeVar<'_, T> {
    /// # Safety
    ///
    /// As for [`Whole::new`], with one element.
    pub(super) unsafe fn new(data: *mut T, origin: Origin) -> Self {
        WholeVar {
            data,
            origin,
            _borrow: PhantomData,
        }
    }
}

impl LendRead<'_> for () {
    type Open = ();
}
// SAFETY: nothing is reached.
unsafe impl Reads for () {
    fn describe(&self, _: &mut Identity) {}
    unsafe fn open(&self) {}
}
impl LendWhole<'_> for () {
    type Open = ();
}
// SAFETY: nothing is reached.
unsafe impl Wholes for () {
    fn describe(&self, _: &mut Identity) {}
    unsafe fn open(&self) {}
}

impl<'i, T: 'static> LendRead<'i> for Reading<'_, T> {
    type Open = &'i [T];
}
// SAFETY: a shared borrow of the described elements; `T: Sync` lets every thread have one.
unsafe impl<T: Sync + 'static> Reads for Reading<'_, T> {
    #[inline(always)]
    fn describe(&self, id: &mut Identity) {
        id.naming(self.origin)
            .block(Tag::Reading, self.data.addr(), &[self.len]);
    }
    #[inline(always)]
    unsafe fn open(&self) -> &[T] {
        // SAFETY: `new`'s contract, and the caller's promise.
        unsafe { std::slice::from_raw_parts(self.data, self.len) }
    }
}

impl<'i, T: 'static> LendRead<'i> for ReadingGrid<'_, T> {
    type Open = GridRef<'i, T>;
}
// SAFETY: as for `Reading`.
unsafe impl<T: Sync + 'static> Reads for ReadingGrid<'_, T> {
    #[inline(always)]
    fn describe(&self, id: &mut Identity) {
        id.naming(self.origin)
            .block(Tag::Reading, self.data.addr(), &self.shape);
    }
    #[inline(always)]
    unsafe fn open(&self) -> GridRef<'_, T> {
        // SAFETY: `new`'s contract, and the caller's promise.
        unsafe { GridRef::from_raw(self.data, self.shape[0], self.shape[1]) }
    }
}

impl<'i, T: 'static> LendRead<'i> for ReadingGrid3<'_, T> {
    type Open = Grid3Ref<'i, T>;
}
// SAFETY: as for `Reading`.
unsafe impl<T: Sync + 'static> Reads for ReadingGrid3<'_, T> {
    #[inline(always)]
    fn describe(&self, id: &mut Identity) {
        id.naming(self.origin)
            .block(Tag::Reading, self.data.addr(), &self.shape);
    }
    #[inline(always)]
    unsafe fn open(&self) -> Grid3Ref<'_, T> {
        // SAFETY: `new`'s contract, and the caller's promise.
        unsafe { Grid3Ref::from_raw(self.data, self.shape) }
    }
}

impl<'i, T: 'static> LendRead<'i> for ReadingVar<'_, T> {
    type Open = &'i T;
}
// SAFETY: as for `Reading`.
unsafe impl<T: Sync + 'static> Reads for ReadingVar<'_, T> {
    #[inline(always)]
    fn describe(&self, id: &mut Identity) {
        id.naming(self.origin)
            .block(Tag::Reading, self.data.addr(), &[]);
    }
    #[inline(always)]
    unsafe fn open(&self) -> &T {
        // SAFETY: `new`'s contract, and the caller's promise.
        unsafe { &*self.data }
    }
}

impl<'i, T: 'static> LendWhole<'i> for Whole<'_, T> {
    type Open = &'i mut [T];
}
// SAFETY: an exclusive borrow of the described elements; `T: Send` lets any thread have it.
unsafe impl<T: Send + 'static> Wholes for Whole<'_, T> {
    #[inline(always)]
    fn describe(&self, id: &mut Identity) {
        id.naming(self.origin)
            .block(Tag::Whole, self.data.addr(), &[self.len]);
    }
    #[inline(always)]
    unsafe fn open(&self) -> &mut [T] {
        // SAFETY: `new`'s contract, and the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.data, self.len) }
    }
}

impl<'i, T: 'static, const N: usize> LendWhole<'i> for WholeGrid<'_, T, N> {
    type Open = TileMut<'i, T, N>;
}
// SAFETY: as for `Whole`.
unsafe impl<T: Send + 'static, const N: usize> Wholes for WholeGrid<'_, T, N> {
    #[inline(always)]
    fn describe(&self, id: &mut Identity) {
        id.naming(self.origin)
            .block(Tag::Whole, self.data.addr(), &self.shape);
    }
    #[inline(always)]
    unsafe fn open(&self) -> TileMut<'_, T, N> {
        // SAFETY: `new`'s contract, and the caller's promise.
        unsafe { TileMut::whole(self.data, self.shape) }
    }
}

impl<'i, T: 'static> LendWhole<'i> for WholeVar<'_, T> {
    type Open = &'i mut T;
}
// SAFETY: as for `Whole`.
unsafe impl<T: Send + 'static> Wholes for WholeVar<'_, T> {
    #[inline(always)]
    fn describe(&self, id: &mut Identity) {
        id.naming(self.origin)
            .block(Tag::Whole, self.data.addr(), &[]);
    }
    #[inline(always)]
    unsafe fn open(&self) -> &mut T {
        // SAFETY: `new`'s contract, and the caller's promise.
        unsafe { &mut *self.data }
    }
}

macro_rules! tuples {
    ($($A:ident $i:tt),*) => {
        impl<'i, $($A: Reads),*> LendRead<'i> for ($($A,)*) {
            type Open = ($(<$A as LendRead<'i>>::Open,)*);
        }
        // SAFETY: the parts', one after the other.
        unsafe impl<$($A: Reads),*> Reads for ($($A,)*) {
            #[inline(always)]
            fn describe(&self, id: &mut Identity) {
                id.parts(Tag::Tuple, [$($i),*].len());
                $(self.$i.describe(id);)*
            }
            #[inline(always)]
            unsafe fn open(&self) -> <Self as LendRead<'_>>::Open {
                // SAFETY: the caller's promise holds for each part.
                unsafe { ($(self.$i.open(),)*) }
            }
        }
        impl<'i, $($A: Wholes),*> LendWhole<'i> for ($($A,)*) {
            type Open = ($(<$A as LendWhole<'i>>::Open,)*);
        }
        // SAFETY: the parts', one after the other; they are borrowed exclusively, so they do not overlap.
        unsafe impl<$($A: Wholes),*> Wholes for ($($A,)*) {
            #[inline(always)]
            fn describe(&self, id: &mut Identity) {
                id.parts(Tag::Tuple, [$($i),*].len());
                $(self.$i.describe(id);)*
            }
            #[inline(always)]
            unsafe fn open(&self) -> <Self as LendWhole<'_>>::Open {
                // SAFETY: the caller's promise holds for each part.
                unsafe { ($(self.$i.open(),)*) }
            }
        }
    };
}
tuples! { A 0 }
tuples! { A 0, B 1 }
tuples! { A 0, B 1, C 2 }
tuples! { A 0, B 1, C 2, D 3 }
tuples! { A 0, B 1, C 2, D 3, E 4 }
tuples! { A 0, B 1, C 2, D 3, E 4, F 5 }

//! What a loop runs over: `Source`, the one unsafe trait that owns the index contract.

use std::marker::PhantomData;

/// Something that a team can share out: a fixed number of items, each handed out at most once.
///
/// This trait carries the whole unsafe contract of combined loops: the runtime calls
/// [`get`](Source::get) for each position below [`len`](Source::len) at most once in a loop, from
/// whichever thread the schedule says.
///
/// # Safety
///
/// An implementation promises that
///
/// 1. `len` returns the same number on every call, on the value and on all its aliases;
/// 2. for any two different positions below `len`, the items may be used at the same time on two
///    threads: the items of one source never overlap in memory that either of them can write;
/// 3. an item handed out on another thread than the one that made the source is sound there
///    (so `&T` needs `T: Sync`, `&mut T` needs `T: Send`);
/// 4. an alias (see [`alias`](Source::alias)) stands for the same items, and never makes more
///    of them reachable than the contract of `get` allows.
pub unsafe trait Source: Sync + Sized {
    /// What one iteration receives.
    type Item;

    /// Number of items.
    fn len(&self) -> usize;

    /// Whether there is nothing to do.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at position `k`.
    ///
    /// # Safety
    ///
    /// `k < self.len()`, and no other call for the same `k`, on this value or an alias, is made
    /// while its item may still be alive.
    unsafe fn get(&self, k: usize) -> Self::Item;

    /// A second handle on the same items, for another thread's registers.
    ///
    /// # Safety
    ///
    /// The original outlives the alias, and the two together obey the contract of `get`.
    unsafe fn alias(&self) -> Self;
}

/// A source whose positions have an index of their own, distinct for distinct positions: what
/// decides which element of a `disjoint` array an iteration owns.
///
/// # Safety
///
/// `index(j) != index(k)` for `j != k`, and `hull(r)` contains `index(k)` for all `k` in `r`.
#[diagnostic::on_unimplemented(
    message = "the iterations of this loop have no index of their own, so `disjoint(..)` cannot say \
               what each owns",
    label = "no own index",
    note = "`disjoint` goes with a loop over a range, or over `enumerate(..)`; values that come out of \
            an array may repeat"
)]
pub unsafe trait IndexedSource: Source {
    /// The index of position `k`.
    ///
    /// # Panics
    ///
    /// When the loop variable is negative or does not fit: such an iteration owns nothing.
    fn index(&self, k: usize) -> usize;

    /// A range that holds all indices of the positions in `r`; `None` when one of them has none.
    fn hull(&self, r: &std::ops::Range<usize>) -> Option<std::ops::Range<usize>>;
}

/// What can stand at the head of a parallel loop.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared out among threads",
    label = "not a source of a parallel loop",
    note = "a parallel loop runs over a range, a slice, `&vec`, `&mut vec`, `chunks(..)`, rows or \
            tiles of a grid, or a tuple of these",
    note = "an iterator of another kind: collect it into a `Vec` first",
    note = "the view of a region (`a.items_mut()` and its like) is shared out by `for_each` among the region's own team"
)]
pub trait IntoSource {
    /// The item of one iteration.
    type Item;
    /// The source that it becomes.
    type Source: Source<Item = Self::Item>;
    /// Turns the value into a source.
    fn into_source(self) -> Self::Source;
}

/// Sources that stand at the head of a loop as they are.
macro_rules! itself {
    ($([$($gen:tt)*] $t:ty;)*) => {$(
        /// A source is a source.
        impl<$($gen)*> $crate::source::IntoSource for $t {
            type Item = <Self as $crate::source::Source>::Item;
            type Source = Self;
            fn into_source(self) -> Self { self }
        }
    )*};
}
pub(crate) use itself;

/// Sources whose positions are their indices, as they are.
macro_rules! by_position {
    ($([$($gen:tt)*] $t:ty;)*) => {$(
        // SAFETY: the index of a position is the position.
        unsafe impl<$($gen)*> $crate::source::IndexedSource for $t {
            #[inline(always)]
            fn index(&self, k: usize) -> usize { k }
            fn hull(&self, r: &std::ops::Range<usize>) -> Option<std::ops::Range<usize>> { Some(r.clone()) }
        }
        $crate::source::itself! { [$($gen)*] $t; }
    )*};
}
pub(crate) use by_position;

/// The items of a shared slice.
pub struct Slice<'a, T> {
    slice: &'a [T],
}

// SAFETY: (1) the length is a field that nothing changes; (2) items are shared borrows; (3) they
// need `T: Sync`, which is asked for; (4) an alias is a copy of the shared borrow.
unsafe impl<'a, T: Sync> Source for Slice<'a, T> {
    type Item = &'a T;
    fn len(&self) -> usize {
        self.slice.len()
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> &'a T {
        // SAFETY: the caller keeps `k` below `len`.
        unsafe { self.slice.get_unchecked(k) }
    }
    unsafe fn alias(&self) -> Self {
        Slice { slice: self.slice }
    }
}

/// The items of an exclusively borrowed slice.
pub struct SliceMut<'a, T> {
    data: *mut T,
    len: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

impl<T> SliceMut<'_, T> {
    /// # Safety
    ///
    /// The `len` elements at `data` are borrowed exclusively for the lifetime, except by parts that agree
    /// with this one on who takes which.
    pub(crate) unsafe fn from_raw(data: *mut T, len: usize) -> Self {
        SliceMut {
            data,
            len,
            _borrow: PhantomData,
        }
    }
    /// The address of the first element.
    pub(crate) fn base(&self) -> usize {
        self.data.addr()
    }
}

// SAFETY: the value is an exclusive borrow that is split by position; sharing the handle gives
// access to nothing except through `get`, whose contract keeps items apart.
unsafe impl<T: Send> Sync for SliceMut<'_, T> {}
// SAFETY: as for `&mut [T]`, which is `Send` for `T: Send`.
unsafe impl<T: Send> Send for SliceMut<'_, T> {}

// SAFETY: (1) the length is a field that nothing changes; (2) different positions are different
// elements of one slice, borrowed exclusively for 'a; (3) `T: Send`; (4) an alias has the same
// pointer and length, and the caller of `alias` keeps to the contract of `get` for both.
unsafe impl<'a, T: Send> Source for SliceMut<'a, T> {
    type Item = &'a mut T;
    fn len(&self) -> usize {
        self.len
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> &'a mut T {
        // SAFETY: `k < len` and handed out once: inside the slice, and no second reference.
        unsafe { &mut *self.data.add(k) }
    }
    unsafe fn alias(&self) -> Self {
        SliceMut { ..*self }
    }
}

impl<'a, T: Sync> IntoSource for &'a [T] {
    type Item = &'a T;
    type Source = Slice<'a, T>;
    fn into_source(self) -> Slice<'a, T> {
        Slice { slice: self }
    }
}

impl<'a, T: Send> IntoSource for &'a mut [T] {
    type Item = &'a mut T;
    type Source = SliceMut<'a, T>;
    fn into_source(self) -> SliceMut<'a, T> {
        SliceMut {
            len: self.len(),
            data: self.as_mut_ptr(),
            _borrow: PhantomData,
        }
    }
}

/// Containers that are slices behind a borrow: `&c` and `&mut c` are sources.
macro_rules! slice_like {
    ($([$($gen:tt)*] $ty:ty, $item:ty;)*) => {$(
        impl<'a, $($gen)*> IntoSource for &'a $ty where $item: Sync {
            type Item = &'a $item;
            type Source = Slice<'a, $item>;
            fn into_source(self) -> Self::Source { self[..].into_source() }
        }
        impl<'a, $($gen)*> IntoSource for &'a mut $ty where $item: Send {
            type Item = &'a mut $item;
            type Source = SliceMut<'a, $item>;
            fn into_source(self) -> Self::Source { self[..].into_source() }
        }
    )*};
}
slice_like! { [T] Vec<T>, T; [T, const N: usize] [T; N], T; [T] Box<[T]>, T; }

/// An iterator over a slice is a source of what it has not yet yielded.
impl<'a, T: Sync> IntoSource for std::slice::Iter<'a, T> {
    type Item = &'a T;
    type Source = Slice<'a, T>;
    fn into_source(self) -> Slice<'a, T> {
        self.as_slice().into_source()
    }
}

/// An iterator over a slice is a source of what it has not yet yielded.
impl<'a, T: Send> IntoSource for std::slice::IterMut<'a, T> {
    type Item = &'a mut T;
    type Source = SliceMut<'a, T>;
    fn into_source(self) -> SliceMut<'a, T> {
        self.into_slice().into_source()
    }
}

//! Slices in pieces as sources: `chunks` and `chunks_mut`.

use super::source::{IndexedSource, IntoSource, Source};
use crate::team::identity::Tag;
use crate::team::origin::Naming;
use std::marker::PhantomData;
use std::ops::Range;

/// Consecutive pieces of a shared slice: see [`chunks`].
pub struct Chunked<'a, T> {
    slice: &'a [T],
    size: usize,
}

/// Consecutive pieces of an exclusively borrowed slice: see [`chunks_mut`].
pub struct ChunkedMut<'a, T> {
    data: *mut T,
    len: usize,
    size: usize,
    _borrow: PhantomData<&'a mut [T]>,
}

impl<T> ChunkedMut<'_, T> {
    /// # Safety
    ///
    /// As for `SliceMut::from_raw`.
    ///
    /// # Panics
    ///
    /// When `size` is 0.
    #[track_caller]
    pub(crate) unsafe fn from_raw(data: *mut T, len: usize, size: usize) -> Self {
        check(size);
        ChunkedMut {
            data,
            len,
            size,
            _borrow: PhantomData,
        }
    }
    /// What decides which memory is handed out where.
    pub(super) fn describe(&self, id: &mut Naming<'_>) {
        id.block(Tag::Chunks, self.data.addr(), &[self.len, self.size]);
    }
}

/// Where piece `k` of `len` elements in pieces of `size` lies.
#[inline(always)]
fn piece(len: usize, size: usize, k: usize) -> Range<usize> {
    let start = k * size;
    start..start + size.min(len - start)
}

// SAFETY: (1) length and size are fields that nothing changes; (2) items are shared borrows;
// (3) `T: Sync`; (4) an alias is a copy of the shared borrow.
unsafe impl<'a, T: Sync> Source for Chunked<'a, T> {
    type Item = &'a [T];
    fn len(&self) -> usize {
        self.slice.len().div_ceil(self.size)
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> &'a [T] {
        &self.slice[piece(self.slice.len(), self.size, k)]
    }
    unsafe fn alias(&self) -> Self {
        Chunked { ..*self }
    }
}

// SAFETY: sharing the handle gives access to nothing except through `get`.
unsafe impl<T: Send> Sync for ChunkedMut<'_, T> {}
// SAFETY: as for `&mut [T]`.
unsafe impl<T: Send> Send for ChunkedMut<'_, T> {}

// SAFETY: (1) length and size are fields that nothing changes; (2) pieces of different positions
// do not overlap; (3) `T: Send`; (4) an alias has the same fields, and the caller of `alias` keeps
// to the contract of `get` for both.
unsafe impl<'a, T: Send> Source for ChunkedMut<'a, T> {
    type Item = &'a mut [T];
    fn len(&self) -> usize {
        self.len.div_ceil(self.size)
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> &'a mut [T] {
        let r = piece(self.len, self.size, k);
        // SAFETY: `k < len()` puts the piece inside the slice; the caller takes each piece once.
        unsafe { std::slice::from_raw_parts_mut(self.data.add(r.start), r.len()) }
    }
    unsafe fn alias(&self) -> Self {
        ChunkedMut { ..*self }
    }
}

macro_rules! indexed {
    ($($name:ident: $bound:ident),*) => {$(
        // SAFETY: the index of a position is the position.
        unsafe impl<'a, T: $bound> IndexedSource for $name<'a, T> {
            #[inline(always)]
            fn index(&self, k: usize) -> usize { k }
            fn hull(&self, r: &Range<usize>) -> Option<Range<usize>> { Some(r.clone()) }
        }
        impl<'a, T: $bound> IntoSource for $name<'a, T> {
            type Item = <Self as Source>::Item;
            type Source = Self;
            fn into_source(self) -> Self { self }
        }
    )*};
}
indexed! { Chunked: Sync, ChunkedMut: Send }

#[track_caller]
pub(super) fn check(size: usize) {
    assert!(
        size != 0,
        "chunks of 0 elements: a chunk holds at least one"
    );
}

/// Pieces of `size` elements; the last one may be shorter.
///
/// # Panics
///
/// When `size` is 0.
#[track_caller]
pub fn chunks<T: Sync>(slice: &[T], size: usize) -> Chunked<'_, T> {
    check(size);
    Chunked { slice, size }
}

/// Pieces of `size` elements, to be written; the last one may be shorter.
///
/// ```
/// use phalanx::prelude::*;
/// let mut v = vec![0; 10];
/// parallel_for(Static, enumerate(chunks_mut(&mut v, 4)), |(k, c)| c.fill(k));
/// assert_eq!(v, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
/// ```
///
/// # Panics
///
/// When `size` is 0.
#[track_caller]
pub fn chunks_mut<T: Send>(slice: &mut [T], size: usize) -> ChunkedMut<'_, T> {
    check(size);
    ChunkedMut {
        data: slice.as_mut_ptr(),
        len: slice.len(),
        size,
        _borrow: PhantomData,
    }
}

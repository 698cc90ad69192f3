//! `NumaVec`: an array whose pages were first touched by the threads that will use them.

use super::first_touch::{Distribution, fill};
use super::raw::RawPages;
use crate::source::{IntoSource, Slice, SliceMut, Source};
use crate::team::options::Options;
use std::fmt;
use std::ops::{Deref, DerefMut};

/// An array of fixed length whose pages lie on the NUMA nodes of the threads that wrote them
/// first: those that the given schedule will give the same elements in later loops.
///
/// It is a slice in every other respect. Large arrays ask the kernel for huge pages (where it grants them
/// on request): from 4 MiB on with one NUMA node; with several, from 16 MiB a processor on, for then each
/// thread's part has many of them.
///
/// ```
/// use phalanx::prelude::*;
/// let mut x = NumaVec::from_fn(Static, 1_000_000, |i| i as f64);
/// parallel_for(Static, &mut x, |x| *x *= 2.0);
/// assert_eq!(x[10], 20.0);
/// println!("{}", phalanx::pages::report(&x));
/// ```
pub struct NumaVec<T> {
    pages: RawPages<T>,
    asked: Option<Distribution>,
}

impl<T> NumaVec<T> {
    /// Element `i` is `f(i)`, computed and written by the thread that owns iteration `i` of a loop
    /// of `len` iterations under these options.
    ///
    /// # Panics
    ///
    /// When `f` does; when the array would be larger than `isize::MAX` bytes.
    pub fn from_fn(
        options: impl Into<Options>,
        len: usize,
        f: impl Fn(usize) -> T + Sync,
    ) -> NumaVec<T>
    where
        T: Send,
    {
        Self::from_source(options.into(), (0..len).into_source(), f)
    }

    /// All elements are copies of `value`.
    pub fn filled(options: impl Into<Options>, len: usize, value: T) -> NumaVec<T>
    where
        T: Clone + Send + Sync,
    {
        Self::from_fn(options, len, |_| value.clone())
    }

    pub(crate) fn from_source<S: Source>(
        options: Options,
        source: S,
        f: impl Fn(S::Item) -> T + Sync,
    ) -> NumaVec<T>
    where
        T: Send,
    {
        let (pages, asked) = fill(options, &source, 1, |item, put| put(f(item)));
        NumaVec { pages, asked }
    }

    /// # Safety
    ///
    /// All elements of `pages` are initialised.
    pub(super) unsafe fn from_pages(pages: RawPages<T>, asked: Option<Distribution>) -> Self {
        NumaVec { pages, asked }
    }

    /// The memory, with all elements in it.
    pub(super) fn into_pages(self) -> RawPages<T> {
        let mut this = std::mem::ManuallyDrop::new(self);
        let empty = RawPages::new(0);
        // What was asked for goes; the elements do not, and the pages are the caller's.
        this.asked = None;
        std::mem::replace(&mut this.pages, empty)
    }

    /// How the array was dealt out when it was made; `None` for an empty one.
    pub fn distribution(&self) -> Option<&Distribution> {
        self.asked.as_ref()
    }
}

impl<T> Deref for NumaVec<T> {
    type Target = [T];
    #[inline(always)]
    fn deref(&self) -> &[T] {
        // SAFETY: every element was initialised when the array was made.
        unsafe { std::slice::from_raw_parts(self.pages.ptr(), self.pages.len()) }
    }
}

impl<T> DerefMut for NumaVec<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as for `deref`, and the array is borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.pages.ptr(), self.pages.len()) }
    }
}

impl<T> Drop for NumaVec<T> {
    fn drop(&mut self) {
        if std::mem::needs_drop::<T>() {
            // SAFETY: the elements are initialised and go away with the array.
            unsafe { std::ptr::drop_in_place::<[T]>(&mut **self) }
        }
    }
}

/// A copy with pages of its own, dealt out as the original's were.
impl<T: Clone + Send + Sync> Clone for NumaVec<T> {
    fn clone(&self) -> Self {
        let (schedule, threads) = match &self.asked {
            Some(d) => (d.schedule, d.nodes.len()),
            None => return Self::from_fn(Options::new(), 0, |_| unreachable!()),
        };
        Self::from_fn(schedule.num_threads(threads), self.len(), |i| {
            self[i].clone()
        })
    }
}

impl<T: fmt::Debug> fmt::Debug for NumaVec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: PartialEq> PartialEq for NumaVec<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<'a, T: Sync> IntoSource for &'a NumaVec<T> {
    type Item = &'a T;
    type Source = Slice<'a, T>;
    fn into_source(self) -> Slice<'a, T> {
        self[..].into_source()
    }
}
impl<'a, T: Send> IntoSource for &'a mut NumaVec<T> {
    type Item = &'a mut T;
    type Source = SliceMut<'a, T>;
    fn into_source(self) -> SliceMut<'a, T> {
        self[..].into_source()
    }
}

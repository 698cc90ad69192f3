//! Sources made of sources: tuples that walk in step, and `enumerate`.

use super::source::{IndexedSource, IntoSource, Source, itself};
use std::ops::Range;

/// The parts of a tuple have one length.
///
/// # Panics
///
/// When they have not.
#[inline(always)]
#[track_caller]
pub(super) fn check_equal(lens: &[usize]) {
    if lens.iter().any(|&l| l != lens[0]) {
        unequal(lens)
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn unequal(lens: &[usize]) -> ! {
    panic!(
        "the parts of a zipped loop have different lengths {lens:?}: no element would be left out \
         in silence, so nothing ran; slice them to one length"
    )
}

macro_rules! tuple {
    ($zip:ident: $($S:ident $i:tt),*) => {
        /// Sources of one length that walk in step.
        pub struct $zip<$($S),*>($(pub(super) $S),*);

        impl<$($S: Source),*> $zip<$($S),*> {
            /// Panics where the parts differ in length.
            #[inline(always)]
            #[track_caller]
            pub(super) fn check(&self) {
                check_equal(&[$(self.$i.len()),*]);
            }
        }

        // SAFETY: (1) all parts have one constant length, checked when the tuple was made;
        // (2), (3) position `k` uses position `k` of each part, once, so each part's contract is
        // kept, and the parts are separate values whose own contracts keep them apart; (4) an
        // alias is made of the parts' aliases.
        unsafe impl<$($S: Source),*> Source for $zip<$($S),*> {
            type Item = ($($S::Item,)*);
            fn len(&self) -> usize { self.0.len() }
            #[inline(always)]
            unsafe fn get(&self, k: usize) -> Self::Item {
                // SAFETY: the caller's promise for this source is the promise for each part.
                unsafe { ($(self.$i.get(k),)*) }
            }
            unsafe fn alias(&self) -> Self {
                // SAFETY: as for `get`: the caller's promise holds for each part.
                unsafe { $zip($(self.$i.alias()),*) }
            }
        }

        /// Tuples zip.
        ///
        /// # Panics
        ///
        /// When the parts differ in length.
        impl<$($S: IntoSource),*> IntoSource for ($($S,)*) {
            type Item = ($($S::Item,)*);
            type Source = $zip<$($S::Source),*>;
            #[track_caller]
            fn into_source(self) -> Self::Source {
                let s = $zip($(self.$i.into_source()),*);
                s.check();
                s
            }
        }
    };
}
/// Two sources of one length that walk in step: `a.zip(b)` at the head of an annotated loop.
///
/// # Panics
///
/// When they differ in length.
#[track_caller]
pub fn zip<A: Source, B: Source>(a: A, b: B) -> Zip2<A, B> {
    if a.len() != b.len() {
        unequal(&[a.len(), b.len()])
    }
    Zip2(a, b)
}

itself! { ['a, T: Sync] super::source::Slice<'a, T>; ['a, T: Send] super::source::SliceMut<'a, T>;
[A: Source, B: Source] Zip2<A, B>; }

tuple! { Zip1: A 0 }
tuple! { Zip2: A 0, B 1 }
tuple! { Zip3: A 0, B 1, C 2 }
tuple! { Zip4: A 0, B 1, C 2, D 3 }
tuple! { Zip5: A 0, B 1, C 2, D 3, E 4 }
tuple! { Zip6: A 0, B 1, C 2, D 3, E 4, F 5 }

/// A source with the position of each item: see [`enumerate`].
pub struct Enumerate<S>(S);

impl<S> Enumerate<S> {
    pub(super) fn new(source: S) -> Self {
        Enumerate(source)
    }
}

// SAFETY: everything is the inner source's; the position adds a number.
unsafe impl<S: Source> Source for Enumerate<S> {
    type Item = (usize, S::Item);
    fn len(&self) -> usize {
        self.0.len()
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Self::Item {
        // SAFETY: the caller's promise is passed on.
        (k, unsafe { self.0.get(k) })
    }
    unsafe fn alias(&self) -> Self {
        // SAFETY: the caller's promise is passed on.
        Enumerate(unsafe { self.0.alias() })
    }
}

// SAFETY: the index of a position is the position.
unsafe impl<S: Source> IndexedSource for Enumerate<S> {
    #[inline(always)]
    fn index(&self, k: usize) -> usize {
        k
    }
    fn hull(&self, r: &Range<usize>) -> Option<Range<usize>> {
        Some(r.clone())
    }
}

impl<S: Source> IntoSource for Enumerate<S> {
    type Item = (usize, S::Item);
    type Source = Self;
    fn into_source(self) -> Self {
        self
    }
}

/// Pairs each item with its position, counted from 0.
///
/// ```
/// use phalanx::prelude::*;
/// let mut squares = vec![0; 100];
/// parallel_for(Static, enumerate(&mut squares), |(i, s)| *s = i * i);
/// assert_eq!(squares[9], 81);
/// ```
pub fn enumerate<S: IntoSource>(source: S) -> Enumerate<S::Source> {
    Enumerate(source.into_source())
}

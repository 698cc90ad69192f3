//! `collapse`: a rectangular nest of loops as one, run in segments of the innermost loop.

use super::range::{IndexRange, Int};
use super::source::{IntoSource, Source, itself};
use std::ops::Range;

/// Loop variables of a nest: plain numbers, which may be handed out as often as one likes.
pub trait Indices: Source<Item: Copy> {
    /// The values at position `k`.
    #[doc(hidden)]
    fn at(&self, k: usize) -> Self::Item;
}
impl<I: Int> Indices for IndexRange<I> {
    #[inline(always)]
    fn at(&self, k: usize) -> I {
        self.value(k)
    }
}

/// Two loops as one: for each value of `outer`, all of `inner`.
#[derive(Clone, Copy)]
pub struct Nest<A, I> {
    outer: A,
    inner: IndexRange<I>,
    len: usize,
}

itself! { [A: Indices, I: Int] Nest<A, I>; }

/// Two ranges as one source (OpenMP 6.0, "collapse Clause"): for each value of `outer`, all of `inner`; the items
/// are pairs. `outer` may be such a source itself.
///
/// ```
/// use phalanx::prelude::*;
/// let seen = Atomic::new(0);
/// parallel_for(Static, phalanx::collapse(0..20u64, 1..=3u64), |(i, j)| {
///     seen.add(i * j);
/// });
/// assert_eq!(seen.into_inner(), 190 * 6);
/// ```
///
/// # Panics
///
/// When the product of the lengths does not fit a `usize`.
pub fn collapse<A: IntoSource<Source: Indices>, I: Int>(
    outer: A,
    inner: impl IntoSource<Source = IndexRange<I>>,
) -> Nest<A::Source, I> {
    nest(outer.into_source(), inner.into_source())
}

/// Makes one loop of two.
///
/// # Panics
///
/// When the product of the lengths does not fit a `usize`.
pub fn nest<A: Indices, I: Int>(outer: A, inner: IndexRange<I>) -> Nest<A, I> {
    let (a, b) = (outer.len(), inner.len());
    let Some(len) = a.checked_mul(b) else {
        panic!("collapse: {a} x {b} iterations are more than usize::MAX: collapse fewer loops")
    };
    Nest { outer, inner, len }
}

impl<A: Indices, I: Int> Nest<A, I> {
    /// The loops around the innermost.
    pub(super) fn outer(&self) -> &A {
        &self.outer
    }

    /// The innermost loop.
    #[inline(always)]
    pub fn inner(&self) -> &IndexRange<I> {
        &self.inner
    }

    /// Cuts a block of positions at the ends of the innermost loop: for each cut the outer values
    /// and the positions of the innermost loop.
    #[inline(always)]
    pub fn segments(&self, r: Range<usize>) -> impl Iterator<Item = (A::Item, Range<usize>)> + '_ {
        let width = self.inner.len();
        let mut at = r.start;
        // One division a chunk, none a segment.
        let (mut row, mut col) = (at / width.max(1), at % width.max(1));
        std::iter::from_fn(move || {
            if at >= r.end || width == 0 {
                return None;
            }
            let n = (width - col).min(r.end - at);
            let segment = (self.outer.at(row), col..col + n);
            at += n;
            row += 1;
            col = 0;
            Some(segment)
        })
    }
}

// SAFETY: (1) the length is a field that nothing changes; (2), (3) items are numbers; (4) an alias is
// made of an alias and a copy.
unsafe impl<A: Indices, I: Int> Source for Nest<A, I> {
    type Item = (A::Item, I);
    fn len(&self) -> usize {
        self.len
    }
    unsafe fn get(&self, k: usize) -> Self::Item {
        self.at(k)
    }
    unsafe fn alias(&self) -> Self {
        Nest {
            // SAFETY: the caller's promise is passed on.
            outer: unsafe { self.outer.alias() },
            ..*self
        }
    }
}

impl<A: Indices, I: Int> Indices for Nest<A, I> {
    #[inline(always)]
    fn at(&self, k: usize) -> Self::Item {
        let width = self.inner.len();
        (self.outer.at(k / width), self.inner.value(k % width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn segments_are_the_nest_in_order(a in 0i32..9, b in 0u8..9, cut in 0usize..80) {
            let nest = nest((-2..a - 2).into_source(), (3..3 + b).into_source());
            let all: Vec<_> = (-2..a - 2).flat_map(|i| (3..3 + b).map(move |j| (i, j))).collect();
            prop_assert_eq!(nest.len(), all.len());
            let cut = cut.min(nest.len());
            let seg = |r| nest.segments(r).flat_map(|(i, c)| c.map(move |k| (i, nest.inner().value(k))));
            let got: Vec<_> = seg(0..cut).chain(seg(cut..nest.len())).collect();
            prop_assert_eq!(&got, &all);
            for (k, v) in all.iter().enumerate() { prop_assert_eq!(nest.at(k), *v); }
        }
    }

    #[test]
    #[should_panic(expected = "more than usize::MAX")]
    fn too_large_a_nest_is_refused() {
        collapse(0..usize::MAX, 0..2);
    }
}

//! Index ranges as sources: every integer type, half-open and inclusive, `rev` and `step_by`.

use super::source::{IndexedSource, IntoSource, Source};
use crate::team::identity::{Identity, Tag};
use std::iter::{Rev, StepBy};
use std::ops::{Range, RangeInclusive};

/// The integers that can count a loop. Sealed: implemented for all primitive integer types.
pub trait Int: Copy + Ord + Send + Sync + sealed::Sealed + 'static {
    /// `self + k * step`, modulo 2^bits.
    #[doc(hidden)]
    fn offset(self, k: usize, step: Self) -> Self;
    /// `self - other`, modulo 2^bits.
    #[doc(hidden)]
    fn minus(self, other: Self) -> Self;
    /// `end - self` as a count of iterations; `None` when it does not fit a `usize`.
    #[doc(hidden)]
    fn distance(self, end: Self) -> Option<usize>;
    /// The same number as a `usize`, where there is one.
    #[doc(hidden)]
    fn to_index(self) -> Option<usize>;
    /// All its bits.
    #[doc(hidden)]
    fn words(self) -> [u64; 2];
    /// Zero.
    #[doc(hidden)]
    const ZERO: Self;
    /// One.
    #[doc(hidden)]
    const ONE: Self;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! int {
    ($($t:ty as $u:ty),*) => {$(
        impl sealed::Sealed for $t {}
        impl Int for $t {
            #[inline(always)]
            fn offset(self, k: usize, step: Self) -> Self { self.wrapping_add(step.wrapping_mul(k as $t)) }
            #[inline(always)]
            fn minus(self, other: Self) -> Self { self.wrapping_sub(other) }
            fn distance(self, end: Self) -> Option<usize> {
                if end <= self { return Some(0) }
                // The difference of two `$t` in order always fits the unsigned type of that width.
                usize::try_from(end.wrapping_sub(self) as $u).ok()
            }
            #[inline(always)]
            fn to_index(self) -> Option<usize> { usize::try_from(self).ok() }
            #[inline(always)]
            fn words(self) -> [u64; 2] {
                let bits = self as u128;
                [bits as u64, (bits >> 64) as u64]
            }
            const ZERO: Self = 0;
            const ONE: Self = 1;
        }
    )*};
}
int! { usize as usize, u8 as u8, u16 as u16, u32 as u32, u64 as u64, u128 as u128,
isize as usize, i8 as u8, i16 as u16, i32 as u32, i64 as u64, i128 as u128 }

#[cold]
#[inline(never)]
fn too_long() -> ! {
    panic!("a parallel loop of more than usize::MAX iterations: split its range")
}

#[cold]
#[inline(never)]
fn no_index() -> ! {
    panic!(
        "`disjoint(..)`: the loop variable of this iteration is negative or too large to be an \
         index, so the iteration owns no element"
    )
}

/// The own index of a loop variable.
///
/// # Panics
///
/// When it is negative or does not fit a `usize`.
#[inline(always)]
pub fn own_index<I: Int>(i: I) -> usize {
    match i.to_index() {
        Some(i) => i,
        None => no_index(),
    }
}

/// An arithmetic progression of integers: what `a..b`, `a..=b`, `rev` and `step_by` become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexRange<I> {
    first: I,
    step: I,
    len: usize,
    direction: Direction,
}

/// Which way a range runs. As wide as a length, so that ranges have no padding: a loop that comes again
/// is then the same in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
enum Direction {
    Up,
    Down,
}

impl<I: Int> IndexRange<I> {
    fn new(start: I, len: usize) -> Self {
        IndexRange {
            first: start,
            step: I::ONE,
            len,
            direction: Direction::Up,
        }
    }

    /// What decides which numbers the positions are.
    #[inline(always)]
    pub(super) fn describe(&self, id: &mut Identity) {
        // How wide the numbers are says how many words follow.
        let signed = I::ZERO.minus(I::ONE) < I::ZERO;
        let ty = (size_of::<I>() as u64) << 16 | u64::from(signed) << 24;
        id.word(Tag::Range as u64 | (self.direction as u64) << 8 | ty);
        id.word(self.len as u64);
        for number in [self.first, self.step] {
            let [low, high] = number.words();
            id.word(low);
            if size_of::<I>() > size_of::<u64>() {
                id.word(high);
            }
        }
    }

    /// Whether the values ascend by one, so that [`values`](Self::values) may be used.
    #[inline(always)]
    pub fn is_dense(&self) -> bool {
        self.step == I::ONE && self.direction == Direction::Up
    }

    /// The value at position `k`, which must be below the length for the answer to mean anything.
    #[inline(always)]
    pub fn value(&self, k: usize) -> I {
        self.first.offset(k, self.step)
    }

    /// The values of a block of positions, as a range of their own.
    ///
    /// # Panics
    ///
    /// When the range is not dense, or `r` does not lie inside it.
    #[inline(always)]
    pub fn values(&self, r: &Range<usize>) -> Values<I> {
        assert!(self.is_dense() && r.end <= self.len);
        Values {
            first: self.first,
            r: r.clone(),
        }
    }

    /// The same values, last first.
    pub fn rev(self) -> Self {
        if self.len == 0 {
            return self;
        }
        let step = I::ZERO.minus(self.step);
        IndexRange {
            first: self.value(self.len - 1),
            step,
            direction: match self.direction {
                Direction::Up => Direction::Down,
                Direction::Down => Direction::Up,
            },
            ..self
        }
    }

    /// Each `step`-th value, the first included.
    ///
    /// # Panics
    ///
    /// When `step` is 0, as `Iterator::step_by` does.
    pub fn step_by(self, step: usize) -> Self {
        assert!(step != 0, "step_by(0): the loop would never move");
        let len = self.len.div_ceil(step);
        // With at most one value left the step is never used, so it may wrap.
        IndexRange {
            step: I::ZERO.offset(step, self.step),
            len,
            ..self
        }
    }
}

/// The loop variable's values in one chunk of a dense range.
#[derive(Clone, Debug)]
pub struct Values<I> {
    first: I,
    r: Range<usize>,
}

impl<I: Int> Values<I> {
    /// Number of values.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.r.end - self.r.start
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The value at position `k` of the chunk.
    #[inline(always)]
    pub fn at(&self, k: usize) -> I {
        self.first.offset(self.r.start, I::ONE).offset(k, I::ONE)
    }
    /// The values from position `k` of the chunk on. Only for half-open ranges: the end of an
    /// inclusive one may not exist.
    #[inline(always)]
    pub fn from(&self, k: usize) -> Range<I> {
        let (low, high) = self.bounds();
        low.offset(k, I::ONE)..high
    }
    /// The first value, and the one past the last (which wraps at the end of the type).
    #[inline(always)]
    pub fn bounds(&self) -> (I, I) {
        (
            self.first.offset(self.r.start, I::ONE),
            self.first.offset(self.r.end, I::ONE),
        )
    }
    /// The own indices of these values, where all of them have one.
    #[inline(always)]
    pub fn hull(&self) -> Option<Range<usize>> {
        if self.r.is_empty() {
            return Some(0..0);
        }
        let start = self.first.offset(self.r.start, I::ONE).to_index()?;
        self.first.offset(self.r.end - 1, I::ONE).to_index()?;
        Some(start..start.checked_add(self.len())?)
    }
}

// SAFETY: (1) the length is a field that nothing changes; (2), (3) the items are numbers;
// (4) an alias is a copy.
unsafe impl<I: Int> Source for IndexRange<I> {
    type Item = I;
    fn len(&self) -> usize {
        self.len
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> I {
        self.value(k)
    }
    unsafe fn alias(&self) -> Self {
        *self
    }
}

// SAFETY: the values of a progression whose step is not zero, made from a range that holds all of
// them, are distinct numbers of one integer type, so those that convert to `usize` stay distinct.
// `rev` and `step_by` keep a subset of the original range's values. The first and last positions
// of `r` have the smallest and largest values, or the other way round.
unsafe impl<I: Int> IndexedSource for IndexRange<I> {
    #[inline(always)]
    fn index(&self, k: usize) -> usize {
        own_index(self.value(k))
    }
    #[inline(always)]
    fn hull(&self, r: &Range<usize>) -> Option<Range<usize>> {
        if r.is_empty() {
            return Some(0..0);
        }
        let (a, b) = (
            self.value(r.start).to_index()?,
            self.value(r.end - 1).to_index()?,
        );
        Some(a.min(b)..a.max(b).checked_add(1)?)
    }
}

impl<I: Int> IntoSource for Range<I> {
    type Item = I;
    type Source = IndexRange<I>;
    #[inline]
    fn into_source(self) -> IndexRange<I> {
        match self.start.distance(self.end) {
            Some(len) => IndexRange::new(self.start, len),
            None => too_long(),
        }
    }
}

impl<I: Int> IntoSource for RangeInclusive<I> {
    type Item = I;
    type Source = IndexRange<I>;
    fn into_source(self) -> IndexRange<I> {
        let (start, end) = (*self.start(), *self.end());
        if self.start_bound_is_past() || start > end {
            return IndexRange::new(start, 0);
        }
        match start.distance(end).and_then(|n| n.checked_add(1)) {
            Some(len) => IndexRange::new(start, len),
            None => too_long(),
        }
    }
}

/// `RangeInclusive` remembers in its end bound that iteration has used it up.
trait UsedUp {
    fn start_bound_is_past(&self) -> bool;
}
impl<I> UsedUp for RangeInclusive<I> {
    fn start_bound_is_past(&self) -> bool {
        use std::ops::{Bound, RangeBounds};
        matches!(RangeBounds::end_bound(self), Bound::Excluded(_))
    }
}

impl<I: Int> IntoSource for IndexRange<I> {
    type Item = I;
    type Source = Self;
    fn into_source(self) -> Self {
        self
    }
}

/// std's adapters keep their parts to themselves, so the progression is read off the first two
/// values and the length.
fn observed<I: Int>(mut it: impl Iterator<Item = I> + Clone) -> IndexRange<I> {
    let len = match it.size_hint() {
        (n, Some(m)) if n == m => n,
        _ => too_long(),
    };
    let first = it.next();
    let second = it.next();
    match (first, second) {
        (None, _) => IndexRange::new(I::ZERO, 0),
        (Some(first), None) => IndexRange {
            first,
            step: I::ONE,
            len,
            direction: Direction::Up,
        },
        (Some(first), Some(second)) => IndexRange {
            first,
            step: second.minus(first),
            len,
            direction: if second < first {
                Direction::Down
            } else {
                Direction::Up
            },
        },
    }
}

macro_rules! adapters {
    ($($t:ty)*) => {$( adapters! { @ $t:
        Rev<Range<$t>>, StepBy<Range<$t>>, Rev<StepBy<Range<$t>>>, StepBy<Rev<Range<$t>>>,
        Rev<RangeInclusive<$t>>, StepBy<RangeInclusive<$t>>, StepBy<Rev<RangeInclusive<$t>>> } )*};
    (@ $t:ty: $($a:ty),*) => {$(
        impl IntoSource for $a {
            type Item = $t;
            type Source = IndexRange<$t>;
            fn into_source(self) -> IndexRange<$t> { observed(self) }
        }
    )*};
}
adapters! { usize u8 u16 u32 isize i8 i16 i32 }
macro_rules! wide_adapters {
    ($($t:ty)*) => {$(
        adapters! { @ $t: Rev<Range<$t>>, StepBy<Range<$t>>, StepBy<Rev<Range<$t>>>,
            Rev<RangeInclusive<$t>>, StepBy<RangeInclusive<$t>>, StepBy<Rev<RangeInclusive<$t>>> }
    )*};
}
wide_adapters! { u64 i64 u128 i128 }

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all<S: Source>(s: S) -> Vec<S::Item> {
        // SAFETY: each position once, and nothing else uses the source.
        (0..s.len()).map(|k| unsafe { s.get(k) }).collect()
    }

    proptest! {
        #[test]
        fn ranges_give_what_std_gives(a in -300i32..300, n in 0i32..200, s in 1usize..40) {
            let r = a..a + n;
            prop_assert_eq!(all(r.clone().into_source()), r.clone().collect::<Vec<_>>());
            prop_assert_eq!(all((a..=a + n).into_source()), (a..=a + n).collect::<Vec<_>>());
            prop_assert_eq!(all(r.clone().rev().into_source()), r.clone().rev().collect::<Vec<_>>());
            prop_assert_eq!(all(r.clone().step_by(s).into_source()), r.clone().step_by(s).collect::<Vec<_>>());
            prop_assert_eq!(all(r.clone().step_by(s).rev().into_source()), r.clone().step_by(s).rev().collect::<Vec<_>>());
            prop_assert_eq!(all(r.clone().rev().step_by(s).into_source()), r.clone().rev().step_by(s).collect::<Vec<_>>());
            // The same through our own adapters, which the macros use.
            let own = r.clone().into_source();
            prop_assert_eq!(all(own.rev()), r.clone().rev().collect::<Vec<_>>());
            prop_assert_eq!(all(own.step_by(s)), r.clone().step_by(s).collect::<Vec<_>>());
            prop_assert_eq!(all(own.step_by(s).rev()), r.clone().step_by(s).rev().collect::<Vec<_>>());
            prop_assert_eq!(all(own.rev().step_by(s)), r.rev().step_by(s).collect::<Vec<_>>());
        }

        #[test]
        fn hulls_hold_all_indices(a in 0usize..300, n in 1usize..200, s in 1usize..40, rev: bool) {
            let mut p = (a..a + n).into_source().step_by(s);
            if rev { p = p.rev(); }
            let h = p.hull(&(0..p.len())).unwrap();
            for k in 0..p.len() { prop_assert!(h.contains(&p.index(k))); }
        }
    }

    #[test]
    fn ends_of_the_types() {
        assert_eq!(
            all((250u8..=255).into_source()),
            [250, 251, 252, 253, 254, 255]
        );
        assert_eq!((0u8..=255).into_source().len(), 256);
        assert_eq!(all((i8::MIN..=i8::MAX).into_source()).len(), 256);
        assert_eq!(
            all((usize::MAX - 2..usize::MAX).into_source()),
            [usize::MAX - 2, usize::MAX - 1]
        );
        assert_eq!((0..usize::MAX).into_source().len(), usize::MAX);
        assert_eq!((i64::MIN..i64::MAX).into_source().len(), usize::MAX);
        assert_eq!(all((0u8..200).step_by(150).into_source()), [0, 150]);
        assert_eq!(all((0usize..10).into_source().step_by(usize::MAX)), [0]);
        let mut used = 3..=4;
        used.by_ref().for_each(drop);
        assert!(used.into_source().is_empty());
        #[allow(clippy::reversed_empty_ranges)]
        let none = (5..3).into_source();
        assert!(none.is_empty() && none.rev().is_empty());
    }

    #[test]
    #[should_panic(expected = "more than usize::MAX iterations")]
    fn too_many_iterations_are_refused() {
        let _ = (0..=usize::MAX).into_source();
    }

    #[test]
    #[should_panic(expected = "owns no element")]
    fn a_negative_index_owns_nothing() {
        (-1..3).into_source().index(0);
    }
}

//! Hints: cheap tests before a chunk that let the compiler drop the bounds checks inside it. A wrong
//! hint costs time and nothing else, for the checks stay in the code.

use super::local::{Grid3Ref, GridRef, Scalar};
use super::own::{OwnCell, OwnPlane, OwnRow, OwnRow3};
use crate::worksharing::range::Int;
use std::ops::Range;

/// Whether `range`, moved down by `neg` and up by `pos`, lies in `0..len`.
#[inline(always)]
pub fn inside(len: usize, range: &Range<usize>, neg: usize, pos: usize) -> bool {
    range.start >= neg && range.end <= len && pos <= len - range.end
}

/// Things that a loop variable indexes.
pub trait Covers {
    /// Whether `self[i - neg]` to `self[i + pos]` exist for all `i` in `range`.
    fn covers(&self, range: &Range<usize>, neg: usize, pos: usize) -> bool;
}
impl<T> Covers for [T] {
    #[inline(always)]
    fn covers(&self, range: &Range<usize>, neg: usize, pos: usize) -> bool {
        inside(self.len(), range, neg, pos)
    }
}

/// Things of which a hint knows something; everything else answers no.
pub struct Hint<'h, X: ?Sized>(pub &'h X);

/// The general answer.
pub trait NoHint {
    /// No.
    fn covers(self, range: &Range<usize>, neg: usize, pos: usize) -> bool;
    /// No.
    fn row_covers(self, row: Option<usize>, range: &Range<usize>, neg: usize, pos: usize) -> bool;
    /// No.
    fn row3_covers(
        self,
        row: [Option<usize>; 2],
        range: &Range<usize>,
        neg: usize,
        pos: usize,
    ) -> bool;
}
impl<X: ?Sized> NoHint for &Hint<'_, X> {
    #[inline(always)]
    fn covers(self, _: &Range<usize>, _: usize, _: usize) -> bool {
        false
    }
    #[inline(always)]
    fn row_covers(self, _: Option<usize>, _: &Range<usize>, _: usize, _: usize) -> bool {
        false
    }
    #[inline(always)]
    fn row3_covers(self, _: [Option<usize>; 2], _: &Range<usize>, _: usize, _: usize) -> bool {
        false
    }
}

/// The answer for slices and parts.
pub trait SliceHint {
    /// Whether the array covers the range.
    fn covers(self, range: &Range<usize>, neg: usize, pos: usize) -> bool;
}
impl<T> SliceHint for &&Hint<'_, &[T]> {
    #[inline(always)]
    fn covers(self, range: &Range<usize>, neg: usize, pos: usize) -> bool {
        self.0.covers(range, neg, pos)
    }
}

/// The answer for grids and rows, by row.
pub trait GridHint {
    /// Whether row `row` exists and covers the range.
    fn row_covers(self, row: Option<usize>, range: &Range<usize>, neg: usize, pos: usize) -> bool;
}
macro_rules! grid_hint {
    ($($t:ty),*) => {$(
        impl<T> GridHint for &&Hint<'_, $t> {
            #[inline(always)]
            fn row_covers(self, row: Option<usize>, r: &Range<usize>, neg: usize, pos: usize) -> bool {
                row.and_then(|i| self.0.row_len(i)).is_some_and(|len| inside(len, r, neg, pos))
            }
        }
    )*};
}
grid_hint! { GridRef<'_, T>, OwnRow<'_, T>, OwnCell<'_, T> }

/// The answer for grids in three dimensions, by row.
pub trait Grid3Hint {
    /// Whether row `[i, j]` exists and covers the range.
    fn row3_covers(
        self,
        row: [Option<usize>; 2],
        range: &Range<usize>,
        neg: usize,
        pos: usize,
    ) -> bool;
}
macro_rules! grid3_hint {
    ($($t:ty),*) => {$(
        impl<T> Grid3Hint for &&Hint<'_, $t> {
            #[inline(always)]
            fn row3_covers(
                self, row: [Option<usize>; 2], r: &Range<usize>, neg: usize, pos: usize,
            ) -> bool {
                let [Some(i), Some(j)] = row else { return false };
                self.0.row_len([i, j]).is_some_and(|len| inside(len, r, neg, pos))
            }
        }
    )*};
}
grid3_hint! { Grid3Ref<'_, T>, OwnPlane<'_, T>, OwnRow3<'_, T> }

/// The row index of a hint: numbers answer, other keys do not.
pub struct Row<'h, X: ?Sized>(pub &'h X);

/// The answer for keys that are no numbers.
pub trait RowAny {
    /// None.
    fn offset(self, neg: usize, pos: usize) -> Option<usize>;
}
impl<X: ?Sized> RowAny for &Row<'_, X> {
    #[inline(always)]
    fn offset(self, _: usize, _: usize) -> Option<usize> {
        None
    }
}
/// The answer for numbers.
pub trait RowInt {
    /// `i - neg` or `i + pos` as an index, where there is one.
    fn offset(self, neg: usize, pos: usize) -> Option<usize>;
}
impl<I: Int> RowInt for &&Row<'_, I> {
    #[inline(always)]
    fn offset(self, neg: usize, pos: usize) -> Option<usize> {
        self.0.to_index()?.checked_sub(neg)?.checked_add(pos)
    }
}

impl<I: Int> RowInt for &&Row<'_, Scalar<I>> {
    #[inline(always)]
    fn offset(self, neg: usize, pos: usize) -> Option<usize> {
        (&&Row(&**self.0)).offset(neg, pos)
    }
}

/// The range of a loop inside the body: of numbers, or of something else.
pub struct Span<'h, X>(pub &'h Range<X>);

/// No array covers this one.
const NOWHERE: Range<usize> = usize::MAX..usize::MAX;

/// The answers for ranges of other things: no hints, no lanes.
pub trait SpanAny {
    /// Type of a value.
    type Value;
    /// An empty hull that nothing covers.
    fn hull(self) -> Range<usize>;
    /// 0: no lanes.
    fn count(self) -> usize;
    /// Never called: there are no lanes.
    ///
    /// # Safety
    ///
    /// None needed.
    unsafe fn at(self, k: usize) -> Self::Value;
    /// All of it.
    fn rest(self, k: usize) -> Range<Self::Value>;
}
impl<X: Clone> SpanAny for &Span<'_, X> {
    type Value = X;
    #[inline(always)]
    fn hull(self) -> Range<usize> {
        NOWHERE
    }
    #[inline(always)]
    fn count(self) -> usize {
        0
    }
    unsafe fn at(self, _: usize) -> X {
        self.0.start.clone()
    }
    #[inline(always)]
    fn rest(self, _: usize) -> Range<X> {
        self.0.clone()
    }
}

/// The answers for ranges of numbers.
pub trait SpanInt {
    /// Type of a value.
    type Value;
    /// The values as indices.
    fn hull(self) -> Range<usize>;
    /// How many there are.
    fn count(self) -> usize;
    /// The one at position `k`.
    ///
    /// # Safety
    ///
    /// `k < self.count()`.
    unsafe fn at(self, k: usize) -> Self::Value;
    /// Those from position `k` on.
    fn rest(self, k: usize) -> Range<Self::Value>;
}
impl<I: Int> SpanInt for &&Span<'_, I> {
    type Value = I;
    #[inline(always)]
    fn hull(self) -> Range<usize> {
        match (self.0.start.to_index(), self.0.end.to_index()) {
            (Some(a), Some(b)) if a <= b => a..b,
            _ => NOWHERE,
        }
    }
    #[inline(always)]
    fn count(self) -> usize {
        self.0.start.distance(self.0.end).unwrap_or(0)
    }
    #[inline(always)]
    unsafe fn at(self, k: usize) -> I {
        let value = self.0.start.offset(k, I::ONE);
        // SAFETY: position `k` of the range holds a value of the range.
        unsafe { std::hint::assert_unchecked(value >= self.0.start && value < self.0.end) }
        value
    }
    #[inline(always)]
    fn rest(self, k: usize) -> Range<I> {
        self.0.start.offset(k, I::ONE)..self.0.end
    }
}

/// A hull, or one that nothing covers. For hints only: it holds no index.
#[inline(always)]
pub fn or_nowhere(hull: &Option<Range<usize>>) -> Range<usize> {
    hull.clone().unwrap_or(NOWHERE)
}

/// Tells the compiler that `i`, where it is a `usize`, lies in the hull, where there is one.
///
/// # Safety
///
/// `hull` holds `i`, if there is a hull and `i` is an index at all.
#[inline(always)]
pub unsafe fn assume_inside<I: Int>(i: I, hull: &Option<Range<usize>>) {
    if let (Some(i), Some(hull)) = (i.to_index(), hull) {
        // SAFETY: the caller's promise.
        unsafe { std::hint::assert_unchecked(i >= hull.start && i < hull.end) }
    }
}

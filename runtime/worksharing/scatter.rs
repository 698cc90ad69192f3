//! Scatter: what an iteration owns is named by an index array.
//!
//! A [`Scatter`] is an index array with one or several offsets: iteration `i` owns the elements
//! `indices[i] + offset`. It is checked once, on the whole team (`targets.rs`), and cannot change after that,
//! for it owns its indices or borrows them. So an array may be handed out by it as often as one likes
//! without another look at an index.
//!
//! Inside a region the table belongs to the construct's identity: the address, length and type of the
//! indices and the offsets. While all threads hold it, nobody can change what lies there.

use super::lend::{Family, Lent};
use super::offsets::{IntoOffsets, Offsets, TargetIndex};
use super::source::{IntoSource, Source};
use super::targets::Targets;
use super::view::View;
use crate::team::identity::Tag;
use crate::team::options::Options;
use crate::team::origin::Naming;
use std::borrow::Cow;
use std::marker::PhantomData;

/// Why an index array cannot be a [`Scatter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScatterError {
    /// Two iterations would own one element: the first position that repeats a target, and the position
    /// before it that has the same.
    #[error(
        "positions {first} and {second} of the index array both reach element {target}: two iterations would write it"
    )]
    Duplicate {
        /// The earlier position.
        first: usize,
        /// The later position.
        second: usize,
        /// The element.
        target: usize,
    },
    /// A target is no element of the array: the first such position.
    #[error(
        "position {position} of the index array holds {index}, and {index} + {offset} is no element of an array of {len}"
    )]
    OutOfRange {
        /// Where in the index array.
        position: usize,
        /// What stands there.
        index: i128,
        /// The offset that leads outside.
        offset: i128,
        /// Elements of the array.
        len: usize,
    },
    /// An iteration would own one element twice.
    #[error(
        "the offset {offset} is there twice: an iteration would own the same element by two names"
    )]
    OffsetTwice {
        /// The offset.
        offset: i128,
    },
}

/// An index array and offsets: iteration `i` owns the elements `indices[i] + offset` of an array. No two
/// iterations share one, which has been checked.
///
/// It can be kept and used again, on arrays of at least the length that it was checked for: by
/// `y.scatter(&s)` ([`ByTable`](crate::ByTable)) at the head of a combined loop, by [`View::scatter`] in a region.
/// With a single offset an iteration gets `&mut T`; with an array of `N` offsets, `[&mut T; N]`.
///
/// ```
/// use phalanx::prelude::*;
/// # fn main() -> Result<(), phalanx::ScatterError> {
/// let sites: Vec<u32> = vec![7, 3, 9, 0];
/// let forces = [1.0, 2.0, 3.0, 4.0];
/// let mut f = vec![0.0; 22];
/// let s = Scatter::new(&sites, [0, 12], f.len())?;
/// for _ in 0..2 {
///     parallel_for(Static, (f.scatter(&s), &forces), |([a, b], force)| {
///         *a += force;
///         *b -= force;
///     });
/// }
/// assert_eq!((f[9], f[9 + 12]), (6.0, -6.0));
///
/// let wrong = Scatter::new(&[3, 7, 15], [0, 12], 100);
/// assert_eq!(
///     wrong.err().map(|e| e.to_string()).as_deref(),
///     Some("positions 0 and 2 of the index array both reach element 15: two iterations would write it")
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Scatter<'x, I: TargetIndex = usize, O: Offsets = isize> {
    indices: Cow<'x, [I]>,
    offsets: O,
    len: usize,
}

impl<'x, I: TargetIndex, O: Offsets> Scatter<'x, I, O> {
    /// Checks `indices` for arrays of `len` elements, on the team that the environment says. `offsets` is an
    /// integer or an array of integers, 0 for the plain `y[indices[i]]`.
    ///
    /// # Errors
    ///
    /// When two iterations would share a target, with both positions; when a target is no element of the
    /// array; when an offset is there twice.
    pub fn new(
        indices: &'x [I],
        offsets: impl IntoOffsets<Kept = O>,
        len: usize,
    ) -> Result<Self, ScatterError> {
        Self::with_options(Options::new(), indices, offsets, len)
    }

    /// The same on a team of one's own choice. Small arrays are checked by the calling thread.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn with_options(
        options: impl Into<Options>,
        indices: &'x [I],
        offsets: impl IntoOffsets<Kept = O>,
        len: usize,
    ) -> Result<Self, ScatterError> {
        Self::checked(options.into(), Cow::Borrowed(indices), offsets, len)
    }

    /// The same of indices that the table owns.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn from_vec(
        indices: Vec<I>,
        offsets: impl IntoOffsets<Kept = O>,
        len: usize,
    ) -> Result<Self, ScatterError> {
        Self::checked(Options::new(), Cow::Owned(indices), offsets, len)
    }

    fn checked(
        options: Options,
        indices: Cow<'x, [I]>,
        offsets: impl IntoOffsets<Kept = O>,
        len: usize,
    ) -> Result<Self, ScatterError> {
        Targets::new(options, &indices, &offsets.numbers(), len).check()?;
        Ok(Scatter {
            indices,
            offsets: offsets.keep(),
            len,
        })
    }

    /// Number of iterations.
    pub fn iterations(&self) -> usize {
        self.indices.len()
    }
    /// Elements that an array must have at least.
    pub fn target_len(&self) -> usize {
        self.len
    }
    /// The indices.
    pub fn indices(&self) -> &[I] {
        &self.indices
    }

    /// The parts of an array.
    ///
    /// # Safety
    ///
    /// The `len` elements at `data` are borrowed exclusively for the lifetime, except by parts that agree
    /// with these on who takes which; this table lives as long.
    #[track_caller]
    pub(super) unsafe fn parts<'a, T>(&self, data: *mut T, len: usize) -> ScatterMut<'a, T, I, O> {
        assert!(
            len >= self.len,
            "a scatter that was checked for arrays of {} elements, used on one of {len}: nothing ran",
            self.len
        );
        ScatterMut {
            data,
            indices: self.indices.as_ptr(),
            iterations: self.indices.len(),
            offsets: self.offsets,
            _borrow: PhantomData,
        }
    }
}

/// The elements of an array, handed out by a [`Scatter`].
pub struct ScatterMut<'a, T, I, O> {
    data: *mut T,
    indices: *const I,
    iterations: usize,
    offsets: O,
    _borrow: PhantomData<(&'a mut [T], &'a [I])>,
}

// SAFETY: sharing the handle gives access to nothing except through `get`, and to integers that nobody
// changes.
unsafe impl<T: Send, I: TargetIndex, O: Offsets> Sync for ScatterMut<'_, T, I, O> {}
// SAFETY: as for `&mut [T]` and a shared borrow of integers.
unsafe impl<T: Send, I: TargetIndex, O: Offsets> Send for ScatterMut<'_, T, I, O> {}

// SAFETY: (1) the number of iterations is a field that nothing changes; (2) the table has been checked: the
// targets of different positions are different elements, and those of one position are too; indices and
// offsets are sealed types that answer the same each time, and nobody can change them meanwhile; (3)
// `T: Send`; (4) an alias has the same fields, and the caller of `alias` keeps to the contract of `get` for
// both.
unsafe impl<'a, T: Send + 'a, I: TargetIndex, O: Offsets> Source for ScatterMut<'a, T, I, O> {
    type Item = O::Own<'a, T>;
    fn len(&self) -> usize {
        self.iterations
    }
    #[inline(always)]
    unsafe fn get(&self, k: usize) -> Self::Item {
        // SAFETY: `k` is below the number of indices. The targets lie inside an array of the length that the
        // table was checked for, and this one is no shorter; the caller takes each position once, and no
        // other has these targets.
        unsafe {
            self.offsets
                .own(self.data, (*self.indices.add(k)).wrapped())
        }
    }
    unsafe fn alias(&self) -> Self {
        ScatterMut { ..*self }
    }
}

impl<'a, T: Send + 'a, I: TargetIndex, O: Offsets> IntoSource for ScatterMut<'a, T, I, O> {
    type Item = O::Own<'a, T>;
    type Source = Self;
    fn into_source(self) -> Self {
        self
    }
}

// SAFETY: the description holds the array's address, and of the table the address, number and type of the indices and
// the offsets. Threads that agree on these in one construct have the same table, for each of them borrows
// its indices until all have left.
unsafe impl<T: Send + 'static, I: TargetIndex, O: Offsets> Family for ScatterMut<'static, T, I, O> {
    type At<'i> = ScatterMut<'i, T, I, O>;
    #[inline(always)]
    fn describe(&self, id: &mut Naming<'_>) {
        // `kind` says how many offsets follow.
        let kind = O::KIND << 8 | I::TAG;
        let table = [self.iterations, kind, self.indices.addr()];
        id.block(Tag::Scatter, self.data.addr(), &table);
        self.offsets
            .each()
            .iter()
            .for_each(|&o| id.word(o as usize));
    }
    #[inline(always)]
    unsafe fn at<'i>(&self) -> ScatterMut<'i, T, I, O> {
        ScatterMut {
            _borrow: PhantomData,
            ..*self
        }
    }
}

impl<T: Send + 'static> View<'_, T> {
    /// The elements that `table` gives each iteration: `&mut T`, or `[&mut T; N]` with `N` offsets.
    ///
    /// All threads use one table, made before the region, or they are refused.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let s = Scatter::new(&[4u32, 0, 2], 0, 5)?;
    /// let mut y = vec![0; 5];
    /// region(Static, &mut y, |cx, mut y| {
    ///     cx.for_each(Static, (0..3, y.scatter(&s)), (), |(i, y), ()| *y = i);
    /// });
    /// assert_eq!(y, [1, 0, 2, 0, 0]);
    /// # Ok::<(), phalanx::ScatterError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// When the array is shorter than the table was checked for.
    #[track_caller]
    pub fn scatter<'v, I: TargetIndex, O: Offsets>(
        &'v mut self,
        table: &'v Scatter<'_, I, O>,
    ) -> Lent<'v, ScatterMut<'static, T, I, O>> {
        let (data, len) = self.address();
        // SAFETY: view and table are borrowed as long as the value lives.
        unsafe { Lent::new(table.parts(data, len), self.origin()) }
    }
}

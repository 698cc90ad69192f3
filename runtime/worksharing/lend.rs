//! What a region shares out: sources whose items cannot outlive the construct that hands them out.

use super::antidiagonal::Antidiagonal;
use super::cells::{CellsMut, Coordinates};
use super::checkerboard::Checkerboard;
use super::chunked::ChunkedMut;
use super::collapse::{Indices, Nest};
use super::columns::ColumnsMut;
use super::planes::PlanesMut;
use super::range::{IndexRange, Int};
use super::source::{IntoSource, SliceMut, Source};
use super::strided::StridedMut;
use super::sweep::{RedBlack, SweepRows};
use super::tiles::TilesMut;
use super::wavefront::TileAntidiagonal;
use super::zip::{Enumerate, Zip2, Zip3, Zip4, check_equal};
use crate::team::identity::{Identity, Tag};
use crate::team::origin::{Naming, Origin};
use std::marker::PhantomData;
use std::ops::{Range, RangeInclusive};

/// What a [`TeamSource`] hands out during one construct, `'i`. (The second parameter carries the bound
/// `Self: 'i`, which a `for<'i>` could not state.)
pub trait Lend<'i, _Bound = &'i Self> {
    /// What one iteration receives.
    type Item;
    /// The source behind it.
    type Source: Source<Item = Self::Item>;
}

/// Something that the threads of a region share out: a range, a part of a view, or a tuple of these.
///
/// # Safety
///
/// Where two threads' values describe themselves alike in a construct of one team, their opened sources are
/// aliases of one source: different positions, taken on different threads, do not overlap. Nothing else
/// reaches the memory that they hand out while the value is borrowed. `describe` refuses the constructs of
/// other regions than a view's own (see `Naming`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared out inside a region",
    label = "not a source of a worksharing loop",
    note = "a worksharing loop runs over a range, a part of a view (`a.items_mut()`, `g.rows_mut()`, ..), or a \
            tuple of these"
)]
pub unsafe trait TeamSource: for<'i> Lend<'i> {
    /// Adds to a construct's identity what decides which memory is handed out where.
    #[doc(hidden)]
    fn describe(&self, id: &mut Identity);
    /// Its number of items, before the threads have agreed.
    ///
    /// # Panics
    ///
    /// When the parts of a tuple differ in it.
    #[doc(hidden)]
    fn length(&self) -> usize;
    /// The source, for one construct.
    ///
    /// # Safety
    ///
    /// The threads of the team have agreed on the identity, and take each position once.
    #[doc(hidden)]
    unsafe fn open(&self) -> <Self as Lend<'_>>::Source;
}

/// A [`TeamSource`] of plain numbers: ranges, and nests of them.
///
/// # Safety
///
/// The items reach no memory.
pub unsafe trait Numbers: TeamSource {}

/// A source for every lifetime.
///
/// # Safety
///
/// `describe` names all memory that the source reaches, and how positions map to it.
pub unsafe trait Family {
    /// The source with that lifetime.
    type At<'i>: Source
    where
        Self: 'i;
    /// Adds what decides which memory is handed out where.
    fn describe(&self, id: &mut Naming<'_>);
    /// Its number of items, before the threads have agreed.
    #[inline(always)]
    fn length(&self) -> usize {
        // SAFETY: only its length is asked for; what is written is kept as a pointer until an item is taken.
        unsafe { self.at() }.len()
    }
    /// An alias with a shorter life.
    ///
    /// # Safety
    ///
    /// That of [`Source::alias`].
    unsafe fn at<'i>(&self) -> Self::At<'i>
    where
        Self: 'i;
}

/// A part of a view, borrowed for `'v`: what the constructs of a region run over.
pub struct Lent<'v, F> {
    family: F,
    origin: Origin,
    _borrow: PhantomData<(&'v mut (), *const ())>,
}

impl<F> Lent<'_, F> {
    /// # Safety
    ///
    /// `F` is of a view with that origin, which is borrowed for the lifetime.
    #[inline(always)]
    pub(crate) unsafe fn new(family: F, origin: Origin) -> Self {
        Lent {
            family,
            origin,
            _borrow: PhantomData,
        }
    }
    /// Pairs each item with its position, counted from 0.
    pub fn enumerate(self) -> Enumerated<Self>
    where
        Self: TeamSource,
    {
        Enumerated(self)
    }
}

impl<'i, F: Family + 'static> Lend<'i> for Lent<'_, F> {
    type Item = <F::At<'i> as Source>::Item;
    type Source = F::At<'i>;
}
// SAFETY: the family's contract, and the view is borrowed while this lives. Threads that agree are of the
// view's team, for `naming` refuses the constructs of others, and their views are of the same array.
unsafe impl<F: Family + 'static> TeamSource for Lent<'_, F> {
    #[inline(always)]
    fn describe(&self, id: &mut Identity) {
        self.family.describe(&mut id.naming(self.origin));
    }
    #[inline(always)]
    fn length(&self) -> usize {
        self.family.length()
    }
    #[inline(always)]
    unsafe fn open(&self) -> <Self as Lend<'_>>::Source {
        // SAFETY: the caller's promise; the borrow outlives the construct.
        unsafe { self.family.at() }
    }
}

macro_rules! families {
    ($([$($gen:tt)*] $ty:ident<$($arg:ident),*>: |$s:ident, $id:ident| $describe:expr;)*) => {$(
        // SAFETY: the description holds the address, the lengths and all that positions depend on.
        unsafe impl<$($gen)*> Family for $ty<'static, $($arg),*> {
            type At<'i> = $ty<'i, $($arg),*>;
            #[inline(always)]
            fn describe(&self, $id: &mut Naming<'_>) { let $s = self; $describe }
            #[inline(always)]
            unsafe fn at<'i>(&self) -> $ty<'i, $($arg),*> {
                // SAFETY: the caller's promise.
                unsafe { self.alias() }
            }
        }
    )*};
}
families! {
    [T: Send + 'static] SliceMut<T>: |s, id| id.block(Tag::Items, s.base(), &[s.len()]);
    [T: Send + 'static] ChunkedMut<T>: |s, id| s.describe(id);
    [T: Send + 'static, C: Coordinates + 'static] CellsMut<T, C>: |s, id| s.describe(id);
    [T: Send + 'static] ColumnsMut<T>: |s, id| s.describe(id);
    [T: Send + 'static] StridedMut<T>: |s, id| s.describe(id);
    [T: Send + 'static] PlanesMut<T>: |s, id| s.describe(id);
    [T: Send + Sync + 'static] RedBlack<T>: |s, id| s.describe(id);
    [T: Send + Sync + 'static] SweepRows<T>: |s, id| s.describe(id);
    [T: Send + Sync + 'static] Checkerboard<T>: |s, id| s.describe(id);
    [T: Send + Sync + 'static] Antidiagonal<T>: |s, id| s.describe(id);
    [T: Send + Sync + 'static] TileAntidiagonal<T>: |s, id| s.describe(id);
}
// SAFETY: as for the others.
unsafe impl<T: Send + 'static, const N: usize> Family for TilesMut<'static, T, N> {
    type At<'i> = TilesMut<'i, T, N>;
    #[inline(always)]
    fn describe(&self, id: &mut Naming<'_>) {
        self.describe(id);
    }
    #[inline(always)]
    unsafe fn at<'i>(&self) -> TilesMut<'i, T, N> {
        // SAFETY: the caller's promise.
        unsafe { self.alias() }
    }
}

macro_rules! ranges {
    ($($ty:ident),*) => {$(
        impl<I: Int> Lend<'_> for $ty<I> {
            type Item = I;
            type Source = IndexRange<I>;
        }
        // SAFETY: numbers; equal descriptions are equal progressions.
        unsafe impl<I: Int> TeamSource for $ty<I> {
            #[inline(always)]
            fn describe(&self, id: &mut Identity) { self.clone().into_source().describe(id) }
            #[inline(always)]
            fn length(&self) -> usize { self.clone().into_source().len() }
            #[inline(always)]
            unsafe fn open(&self) -> IndexRange<I> { self.clone().into_source() }
        }
        // SAFETY: numbers.
        unsafe impl<I: Int> Numbers for $ty<I> {}
    )*};
}
ranges! { Range, RangeInclusive, IndexRange }

macro_rules! tuples {
    ($($zip:ident: $($S:ident $i:tt),*;)*) => {$(
        impl<'i, $($S: TeamSource),*> Lend<'i> for ($($S,)*) {
            type Item = ($(<$S as Lend<'i>>::Item,)*);
            type Source = $zip<$(<$S as Lend<'i>>::Source),*>;
        }
        // SAFETY: the parts' descriptions one after the other, behind their number; parts that borrow
        // memory exclusively cannot borrow the same.
        unsafe impl<$($S: TeamSource),*> TeamSource for ($($S,)*) {
            #[inline(always)]
            fn describe(&self, id: &mut Identity) {
                id.parts(Tag::Tuple, [$($i),*].len());
                $(self.$i.describe(id);)*
            }
            #[inline(always)]
            fn length(&self) -> usize {
                let lengths = [$(self.$i.length()),*];
                check_equal(&lengths);
                lengths[0]
            }
            #[inline(always)]
            unsafe fn open(&self) -> <Self as Lend<'_>>::Source {
                // SAFETY: the caller's promise for the whole is the promise for each part.
                let zip = unsafe { $zip($(self.$i.open()),*) };
                zip.check();
                zip
            }
        }
    )*};
}
tuples! { Zip2: A 0, B 1; Zip3: A 0, B 1, C 2; Zip4: A 0, B 1, C 2, D 3; }

impl<'i, A: Indices + Clone, I: Int> Lend<'i> for Nest<A, I> {
    type Item = <Nest<A, I> as Source>::Item;
    type Source = Nest<A, I>;
}
// SAFETY: numbers; equal descriptions are equal nests.
unsafe impl<A: Indices + Described + Clone, I: Int> TeamSource for Nest<A, I> {
    fn describe(&self, id: &mut Identity) {
        Described::describe(self, id);
    }
    fn length(&self) -> usize {
        self.len()
    }
    unsafe fn open(&self) -> Nest<A, I> {
        self.clone()
    }
}

// SAFETY: numbers.
unsafe impl<A: Indices + Described + Clone, I: Int> Numbers for Nest<A, I> {}

/// Loop variables that say which numbers they are.
pub trait Described {
    /// Adds them to a construct's identity.
    fn describe(&self, id: &mut Identity);
}
impl<I: Int> Described for IndexRange<I> {
    fn describe(&self, id: &mut Identity) {
        IndexRange::describe(self, id);
    }
}
impl<A: Indices + Described, I: Int> Described for Nest<A, I> {
    fn describe(&self, id: &mut Identity) {
        id.parts(Tag::Nest, 2);
        self.outer().describe(id);
        self.inner().describe(id);
    }
}

/// A team source with the position of each item: see [`Lent::enumerate`].
pub struct Enumerated<S>(S);

impl<'i, S: TeamSource> Lend<'i> for Enumerated<S> {
    type Item = (usize, <S as Lend<'i>>::Item);
    type Source = Enumerate<<S as Lend<'i>>::Source>;
}
// SAFETY: everything is the inner source's; the position adds a number.
unsafe impl<S: TeamSource> TeamSource for Enumerated<S> {
    #[inline(always)]
    fn describe(&self, id: &mut Identity) {
        id.parts(Tag::Enumerate, 1);
        self.0.describe(id);
    }
    #[inline(always)]
    fn length(&self) -> usize {
        self.0.length()
    }
    #[inline(always)]
    unsafe fn open(&self) -> <Self as Lend<'_>>::Source {
        // SAFETY: the caller's promise.
        Enumerate::new(unsafe { self.0.open() })
    }
}

//! What annotated loops and blocks inside a region call.

use super::chunks::Thread;
use super::lend::{Lend, Numbers, TeamSource};
use super::nowait::Nowait;
use super::reading::{LendRead, Reads};
use super::share::{Share, Var, shared};
use super::view::{Grid3View, GridView, View};
use crate::memory::{Grid2, Grid3, NumaVec};
use crate::schedule::Schedule;
use crate::sharing::disjoint::{Elements, Parts, Planes, Rows};
use crate::team::identity::{Identity, Kind, Tag};
use crate::team::origin::Origin;
use crate::team::region::Ctx;
use std::any::TypeId;
use std::marker::PhantomData;
use std::panic::Location;

/// Arrays that `shared(..)` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `shared(..)`",
    label = "not an array or number of a region",
    note = "a region shares slices, arrays, `Vec`, `NumaVec`, `Grid2`, `Grid3` of `Send + 'static` elements, and \
            numbers, `bool`, `char` and `String`"
)]
pub trait Sharing {
    /// What the region takes.
    type Shared<'a>: Share
    where
        Self: 'a;
    /// Borrows it for a region.
    fn share(&mut self) -> Self::Shared<'_>;
}

macro_rules! arrays {
    ($([$($gen:tt)*] $ty:ty;)*) => {$(
        impl<$($gen)*> Sharing for $ty {
            type Shared<'a> = &'a mut Self where Self: 'a;
            fn share(&mut self) -> &mut Self { self }
        }
    )*};
}
arrays! { [T: Send + 'static] [T]; [T: Send + 'static] Vec<T>; [T: Send + 'static] Box<[T]>;
[T: Send + 'static] NumaVec<T>; [T: Send + 'static, const N: usize] [T; N];
[T: Send + 'static] Grid2<T>; [T: Send + 'static] Grid3<T>; }

/// Variables that `shared(..)` takes. What `share` returns does not depend on which type it is, so that the
/// type of `let mut sum = 0.0;` may still be open.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `shared(..)`",
    label = "not an array or number of a region"
)]
pub trait SharingVariable: Sized + Send + 'static {
    /// Borrows it for a region.
    fn share(&mut self) -> Var<'_, Self> {
        shared(self)
    }
}

macro_rules! variables {
    ($($t:ty)*) => {$(impl SharingVariable for $t {})*};
}
variables! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char String }

/// Variables that one thread at a time has as a whole: each is the `&mut` to itself, so that a `Vec` may grow. A slice
/// stays one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `writes(..)`",
    label = "not data that one thread may hand to the next",
    note = "what the blocks of an ordered loop have is `Send + 'static`"
)]
pub trait SharingWhole {
    /// What the region takes.
    type Shared<'a>: Share
    where
        Self: 'a;
    /// Borrows it for a region.
    fn share_whole(&mut self) -> Self::Shared<'_>;
}
impl<T: Send + 'static> SharingWhole for T {
    type Shared<'a> = Var<'a, T>;
    fn share_whole(&mut self) -> Var<'_, T> {
        shared(self)
    }
}
impl<T: Send + 'static> SharingWhole for [T] {
    type Shared<'a> = &'a mut [T];
    fn share_whole(&mut self) -> &mut [T] {
        self
    }
}

/// What `disjoint(..)` opens to during one construct, `'i`.
pub trait LendParts<'i, _Bound = &'i Self> {
    /// The parts.
    type Open;
}

/// Views that an annotated loop in a region writes by its own index.
///
/// # Safety
///
/// `open` gives parts of what is described, and of nothing else; `describe` refuses the constructs of other
/// regions (see `Naming`).
pub unsafe trait Writes: for<'i> LendParts<'i> {
    /// Adds to a construct's identity which memory is written.
    fn describe(&self, id: &mut Identity);
    /// The parts, for one construct.
    ///
    /// # Safety
    ///
    /// The threads of the team have agreed on the identity, and ask for different indices.
    unsafe fn open(&self) -> <Self as LendParts<'_>>::Open;
}

/// A view cut up, borrowed for `'v`.
pub struct Cut<'v, P> {
    parts: P,
    origin: Origin,
    _borrow: PhantomData<(&'v mut (), *const ())>,
}

impl<P> Cut<'_, P> {
    #[inline(always)]
    fn new(parts: P, origin: Origin) -> Self {
        Cut {
            parts,
            origin,
            _borrow: PhantomData,
        }
    }
}

macro_rules! cut {
    ($($parts:ident: |$p:ident| $shape:expr;)*) => {$(
        impl<'i, T: Send + 'static> LendParts<'i> for Cut<'_, $parts<'static, T>> {
            type Open = $parts<'i, T>;
        }
        // SAFETY: the address and the lengths are all that indices depend on.
        unsafe impl<T: Send + 'static> Writes for Cut<'_, $parts<'static, T>> {
            #[inline(always)]
            fn describe(&self, id: &mut Identity) {
                let $p = &self.parts;
                id.naming(self.origin).block(Tag::Parts, $p.base(), &$shape);
            }
            #[inline(always)]
            unsafe fn open(&self) -> <Self as LendParts<'_>>::Open {
                // SAFETY: the caller's promise; the borrow outlives the construct.
                unsafe { self.parts.alias() }
            }
        }
    )*};
}
cut! { Elements: |p| [p.len()]; Rows: |p| p.shape(); Planes: |p| p.shape(); }

impl LendParts<'_> for () {
    type Open = ();
}
// SAFETY: nothing is reached.
unsafe impl Writes for () {
    fn describe(&self, _: &mut Identity) {}
    unsafe fn open(&self) {}
}

macro_rules! tuples {
    ($($A:ident $i:tt),*) => {
        impl<'i, $($A: Writes),*> LendParts<'i> for ($($A,)*) {
            type Open = ($(<$A as LendParts<'i>>::Open,)*);
        }
        // SAFETY: the parts', one after the other; they are borrowed exclusively, so they do not overlap.
        unsafe impl<$($A: Writes),*> Writes for ($($A,)*) {
            #[inline(always)]
            fn describe(&self, id: &mut Identity) {
                id.parts(Tag::Tuple, [$($i),*].len());
                $(self.$i.describe(id);)*
            }
            #[inline(always)]
            unsafe fn open(&self) -> <Self as LendParts<'_>>::Open {
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

/// Views that `disjoint(..)` takes inside a region.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `disjoint(..)` of a loop inside a region",
    label = "not a view of a shared array",
    note = "inside a region, `disjoint` takes what `shared(..)` of the region names; an array of the thread's own \
            is simply indexed"
)]
pub trait CutUp {
    /// The view, cut up.
    type Cut<'v>: Writes
    where
        Self: 'v;
    /// Borrows the view for one loop.
    fn cut_up(&mut self) -> Self::Cut<'_>;
}

impl<T: Send + 'static> CutUp for View<'_, T> {
    type Cut<'v>
        = Cut<'v, Elements<'static, T>>
    where
        Self: 'v;
    #[inline(always)]
    fn cut_up(&mut self) -> Self::Cut<'_> {
        let (data, len) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        let parts = unsafe { Elements::from_raw(data, len) };
        Cut::new(parts, self.origin())
    }
}
impl<T: Send + 'static> CutUp for GridView<'_, T> {
    type Cut<'v>
        = Cut<'v, Rows<'static, T>>
    where
        Self: 'v;
    #[inline(always)]
    fn cut_up(&mut self) -> Self::Cut<'_> {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        let parts = unsafe { Rows::from_raw(data, shape) };
        Cut::new(parts, self.origin())
    }
}
impl<T: Send + 'static> CutUp for Grid3View<'_, T> {
    type Cut<'v>
        = Cut<'v, Planes<'static, T>>
    where
        Self: 'v;
    #[inline(always)]
    fn cut_up(&mut self) -> Self::Cut<'_> {
        let (data, shape) = self.address();
        // SAFETY: the view is borrowed exclusively as long as the value lives.
        let parts = unsafe { Planes::from_raw(data, shape) };
        Cut::new(parts, self.origin())
    }
}

/// A promise about the body of an annotated loop, which gets the whole source: only generated code makes it.
pub struct Generated(());

impl Generated {
    /// # Safety
    ///
    /// The body takes of the source only the positions of the blocks that the [`Thread`] hands it, each once,
    /// of the parts only those with the index of such a position; and it passes neither on.
    #[inline(always)]
    pub unsafe fn new() -> Self {
        Generated(())
    }
}

/// The engine under annotated loops inside a region: calls `body` once on each thread, which walks the
/// blocks that the [`Thread`] hands it, and returns what the threads return, folded in order of thread
/// number, on each of them.
///
/// # Panics
///
/// As [`Ctx::for_each`].
#[inline(always)]
#[track_caller]
#[allow(clippy::too_many_arguments, reason = "called by generated code only")]
pub fn region_loop<S, W, V, L, R>(
    _: Generated,
    cx: &mut Ctx<'_>,
    schedule: Schedule,
    source: S,
    writes: W,
    reads: V,
    locals: L,
    body: impl for<'i> FnOnce(
        &mut Thread<'_>,
        <S as Lend<'i>>::Source,
        <W as LendParts<'i>>::Open,
        <V as LendRead<'i>>::Open,
        L,
    ) -> R,
    fold: impl Fn(&mut R, R),
) -> R
where
    S: TeamSource,
    W: Writes,
    V: Reads,
    R: Clone + Send + Sync + 'static,
{
    let at = Location::caller();
    let with = (Kind::For, |id: &mut Identity| writes.describe(id));
    let entered = cx.enter_loop::<S, V, R>(with, schedule, &source, &reads, at);
    let value = cx.with_thread(&entered, &source, |thread| {
        // SAFETY: the threads have agreed on the identity; the loop hands each position out once, and the
        // body takes no other, as the caller of `Generated::new` has promised.
        let (items, parts, readings) = unsafe { (source.open(), writes.open(), reads.open()) };
        body(thread, items, parts, readings, locals)
    });
    if TypeId::of::<R>() == TypeId::of::<()>() {
        cx.close(entered);
        return value;
    }
    cx.fold(entered, value, fold)
}

/// The engine under annotated loops inside a `nowait` scope. What the thread returns is for the scope's end.
///
/// # Panics
///
/// As [`Ctx::for_each`].
#[inline(always)]
#[track_caller]
#[allow(clippy::too_many_arguments, reason = "called by generated code only")]
pub fn nowait_loop<'n, S, W, V, L, R>(
    _: Generated,
    scope: &mut Nowait<'n, '_>,
    schedule: Schedule,
    source: S,
    writes: W,
    reads: V,
    locals: L,
    body: impl for<'i> FnOnce(
        &mut Thread<'_>,
        <S as Lend<'i>>::Source,
        <W as LendParts<'i>>::Open,
        <V as LendRead<'i>>::Open,
        L,
    ) -> R,
) -> R
where
    S: TeamSource + 'n,
    W: Writes + 'n,
    V: Reads + 'n,
{
    let at = Location::caller();
    let with = (Kind::For, |id: &mut Identity| {
        writes.describe(id);
        id.nowait();
    });
    let cx = scope.cx_mut();
    let entered = cx.enter_loop::<S, V, ()>(with, schedule, &source, &reads, at);
    let value = cx.with_thread(&entered, &source, |thread| {
        // SAFETY: as in `region_loop`.
        let (items, parts, readings) = unsafe { (source.open(), writes.open(), reads.open()) };
        body(thread, items, parts, readings, locals)
    });
    cx.close_nowait(entered);
    value
}

/// The engine under annotated loops that use no shared memory and do not wait.
///
/// # Panics
///
/// As [`Ctx::for_each`].
#[inline(always)]
#[track_caller]
pub fn free_loop<S: Numbers, L>(
    cx: &mut Ctx<'_>,
    schedule: Schedule,
    source: S,
    (): (),
    (): (),
    locals: L,
    body: impl for<'i> FnOnce(&mut Thread<'_>, <S as Lend<'i>>::Source, (), (), L),
) {
    let at = Location::caller();
    let with = (Kind::For, Identity::nowait as fn(&mut Identity));
    let entered = cx.enter_loop::<S, (), ()>(with, schedule, &source, &(), at);
    cx.with_thread(&entered, &source, |thread| {
        // SAFETY: only numbers come out of it.
        let items = unsafe { source.open() };
        body(thread, items, (), (), locals);
    });
    cx.close_nowait(entered);
}

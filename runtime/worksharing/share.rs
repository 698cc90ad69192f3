//! What a region shares: the arrays and variables whose views its threads get.

use super::view::{Grid3View, GridView, VarView, View};
use crate::memory::{Grid2, Grid3, NumaVec};
use crate::team::origin::Origin;

/// A variable that a region shares: see [`shared`].
pub struct Var<'a, T>(&'a mut T);

/// Shares a variable of any type with a region, whose threads see it as a [`VarView`]. Arrays and grids need
/// no such wrapping.
///
/// ```
/// use phalanx::prelude::*;
/// let mut greeting = String::new();
/// region(Options::new().num_threads(2), shared(&mut greeting), |cx, mut greeting| {
///     cx.single(greeting.whole_mut(), (), |greeting, ()| greeting.push_str("hello"));
/// });
/// assert_eq!(greeting, "hello");
/// ```
pub fn shared<T: Send + 'static>(value: &mut T) -> Var<'_, T> {
    Var(value)
}

/// What a region can share: `&mut` to a slice, an array, `Vec`, `Box<[T]>`, `NumaVec`, `Grid2`, `Grid3`,
/// [`shared`] for a variable, `()`, or a tuple of these. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared by a region as a view",
    label = "not an array of a region",
    note = "a region shares `&mut` to slices, arrays, `Vec`, `NumaVec`, `Grid2`, `Grid3`, `shared(&mut x)` for \
            other variables, or a tuple of these; elements are `Send + 'static`",
    note = "what all threads only read is captured by the closure and needs no view"
)]
pub trait Share: sealed::Sealed {
    /// What each thread sees.
    type View<'r>;
    /// The address and shape.
    #[doc(hidden)]
    type Raw: Copy;
    #[doc(hidden)]
    fn raw(&mut self) -> Self::Raw;
    /// # Safety
    ///
    /// `raw` is of a value that is borrowed for `'r`, one view is made a thread, and all threads belong to
    /// one team that obeys the constructs' identities, whose region `origin` names.
    #[doc(hidden)]
    unsafe fn view<'r>(raw: Self::Raw, origin: &mut Origin) -> Self::View<'r>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! slices {
    ($([$($gen:tt)*] $ty:ty;)*) => {$(
        impl<$($gen)*> sealed::Sealed for &mut $ty {}
        impl<$($gen)*> Share for &mut $ty {
            type View<'r> = View<'r, T>;
            type Raw = (*mut T, usize);
            fn raw(&mut self) -> Self::Raw { (self.as_mut_ptr(), self.len()) }
            unsafe fn view<'r>((data, len): Self::Raw, origin: &mut Origin) -> View<'r, T> {
                // SAFETY: the caller's promise.
                unsafe { View::new(data, len, origin.take()) }
            }
        }
    )*};
}
slices! { [T: Send + 'static] [T]; [T: Send + 'static] Vec<T>; [T: Send + 'static] Box<[T]>;
[T: Send + 'static] NumaVec<T>; [T: Send + 'static, const N: usize] [T; N]; }

impl<T: Send + 'static> sealed::Sealed for &mut Grid2<T> {}
impl<T: Send + 'static> Share for &mut Grid2<T> {
    type View<'r> = GridView<'r, T>;
    type Raw = (*mut T, usize, usize);
    fn raw(&mut self) -> Self::Raw {
        let (rows, cols) = self.shape();
        (self.as_mut_slice().as_mut_ptr(), rows, cols)
    }
    unsafe fn view<'r>((data, rows, cols): Self::Raw, origin: &mut Origin) -> GridView<'r, T> {
        // SAFETY: the caller's promise.
        unsafe { GridView::new(data, rows, cols, origin.take()) }
    }
}

impl<T: Send + 'static> sealed::Sealed for &mut Grid3<T> {}
impl<T: Send + 'static> Share for &mut Grid3<T> {
    type View<'r> = Grid3View<'r, T>;
    type Raw = (*mut T, [usize; 3]);
    fn raw(&mut self) -> Self::Raw {
        let shape = self.shape();
        (self.as_mut_slice().as_mut_ptr(), shape)
    }
    unsafe fn view<'r>((data, shape): Self::Raw, origin: &mut Origin) -> Grid3View<'r, T> {
        // SAFETY: the caller's promise.
        unsafe { Grid3View::new(data, shape, origin.take()) }
    }
}

impl<T: Send + 'static> sealed::Sealed for Var<'_, T> {}
impl<T: Send + 'static> Share for Var<'_, T> {
    type View<'r> = VarView<'r, T>;
    type Raw = *mut T;
    fn raw(&mut self) -> *mut T {
        self.0
    }
    unsafe fn view<'r>(data: *mut T, origin: &mut Origin) -> VarView<'r, T> {
        // SAFETY: the caller's promise.
        unsafe { VarView::new(data, origin.take()) }
    }
}

impl sealed::Sealed for () {}
impl Share for () {
    type View<'r> = ();
    type Raw = ();
    fn raw(&mut self) {}
    unsafe fn view<'r>(_: (), _: &mut Origin) -> Self::View<'r> {}
}

macro_rules! tuples {
    ($($A:ident $i:tt),*) => {
        impl<$($A: Share),*> sealed::Sealed for ($($A,)*) {}
        impl<$($A: Share),*> Share for ($($A,)*) {
            type View<'r> = ($($A::View<'r>,)*);
            type Raw = ($($A::Raw,)*);
            fn raw(&mut self) -> Self::Raw { ($(self.$i.raw(),)*) }
            unsafe fn view<'r>(raw: Self::Raw, origin: &mut Origin) -> Self::View<'r> {
                // SAFETY: the caller's promise holds for each part; they were borrowed side by side.
                unsafe { ($($A::view(raw.$i, origin),)*) }
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
tuples! { A 0, B 1, C 2, D 3, E 4, F 5, G 6 }
tuples! { A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7 }

//! Private copies: how a reduced variable of any kind gets them, and the lanes inside one thread.

use super::op::{Reduce, combine_slices};
use std::marker::PhantomData;
use std::mem::MaybeUninit;

/// What the private copies of one variable are made from, and shared with the team.
pub struct Prototype<Op, A: Reduce<Op>> {
    shape: A::Shape,
    _op: PhantomData<fn(Op)>,
}

impl<Op, A: Reduce<Op, Shape = ()>> Prototype<Op, A> {
    /// Of a type whose values are all of one shape.
    pub(crate) fn plain() -> Self {
        Prototype {
            shape: (),
            _op: PhantomData,
        }
    }
}

impl<Op, A: Reduce<Op>> Prototype<Op, A> {
    /// A thread's copy, at the neutral element.
    #[inline(always)]
    pub fn private(&self) -> A {
        A::identity(&self.shape)
    }
    /// A thread's copy, ready to be taken back.
    #[inline(always)]
    pub fn returned(&self, copy: A) -> Returned<Op, A> {
        Returned {
            copy,
            combine: A::combine,
            _op: PhantomData,
        }
    }
    /// Accumulators that a thread keeps side by side; 1 for everything but plain floats.
    #[inline(always)]
    pub fn lanes(&self) -> usize {
        A::LANES.get()
    }
}

/// A reduced variable, for the choice of its prototype by autoref: slices are recognised first.
pub struct Reduced<'a, Op, T: ?Sized>(pub &'a T, pub PhantomData<fn(Op)>);

impl<'a, Op, T: ?Sized> Reduced<'a, Op, T> {
    /// Names the operator; the type is inferred.
    #[inline(always)]
    pub fn new(var: &'a T, _: fn(Op)) -> Self {
        Reduced(var, PhantomData)
    }
}

/// Owned variables: a copy has the type of the variable.
pub trait OwnedPrototype<Op> {
    /// Type of a private copy.
    type Private: Reduce<Op>;
    /// The prototype.
    fn prototype(self) -> Prototype<Op, Self::Private>;
}
impl<Op, T: Reduce<Op>> OwnedPrototype<Op> for &Reduced<'_, Op, T> {
    type Private = T;
    #[inline(always)]
    fn prototype(self) -> Prototype<Op, T> {
        Prototype {
            shape: self.0.shape(),
            _op: PhantomData,
        }
    }
}

/// Exclusive borrows of slices, arrays and `Vec`: a copy is a `Vec` of the same length.
pub trait SlicePrototype<Op> {
    /// Type of an element.
    type Element: Reduce<Op, Shape = ()>;
    /// The prototype.
    fn prototype(self) -> Prototype<Op, Vec<Self::Element>>;
}

/// A thread's copy on its way back, with the operator it was made for. It brings its own way to combine,
/// so that a type that cannot be reduced is one error and not two.
pub struct Returned<Op, A> {
    copy: A,
    combine: fn(&mut A, A),
    _op: PhantomData<fn(Op)>,
}

/// Takes a thread's copy back into the variable. (A method, so that a variable that is itself an
/// exclusive borrow need not be declared `mut`.)
pub trait Absorb<Op, A> {
    /// `self = self Op private`.
    fn __absorb(&mut self, private: Returned<Op, A>);
}
macro_rules! borrowed {
    ($([$($gen:tt)*] $t:ty;)*) => {$(
        impl<Op, T: Reduce<Op, Shape = ()>, $($gen)*> SlicePrototype<Op> for &&Reduced<'_, Op, &mut $t> {
            type Element = T;
            fn prototype(self) -> Prototype<Op, Vec<T>> {
                Prototype { shape: self.0.len(), _op: PhantomData }
            }
        }
    )*};
}
borrowed! { [] [T]; [] Vec<T>; [const N: usize] [T; N]; }

impl<Op, T: Reduce<Op, Shape = ()>> Absorb<Op, Vec<T>> for [T] {
    fn __absorb(&mut self, private: Returned<Op, Vec<T>>) {
        combine_slices(self, private.copy);
    }
}
impl<Op, T: Reduce<Op, Shape = ()>, const N: usize> Absorb<Op, Vec<T>> for [T; N] {
    fn __absorb(&mut self, private: Returned<Op, Vec<T>>) {
        combine_slices(self, private.copy);
    }
}

impl<Op, T> Absorb<Op, T> for T {
    #[inline(always)]
    fn __absorb(&mut self, private: Returned<Op, T>) {
        (private.combine)(self, private.copy);
    }
}

/// Up to eight accumulators side by side, so that neighbouring iterations do not wait for each
/// other's addition. Only plain numbers have more than one.
pub struct Lanes<Op, A> {
    lane: [MaybeUninit<A>; 8],
    _op: PhantomData<fn(Op)>,
}

impl<Op, A: Reduce<Op>> Lanes<Op, A> {
    /// All lanes at the neutral element.
    #[inline(always)]
    pub fn new(of: &Prototype<Op, A>) -> Self {
        const { assert!(A::LANES.get() == 1 || (A::LANES.get() == 8 && !std::mem::needs_drop::<A>())) };
        let mut lane = [const { MaybeUninit::uninit() }; 8];
        for l in lane.iter_mut().take(A::LANES.get()) {
            l.write(of.private());
        }
        Lanes {
            lane,
            _op: PhantomData,
        }
    }

    /// Moves a lane's value out; it comes back by [`put`](Self::put).
    ///
    /// # Safety
    ///
    /// `l < A::LANES`, and the lane's value is not out already.
    #[inline(always)]
    pub unsafe fn take(&mut self, l: usize) -> A {
        // SAFETY: lanes below LANES were written in `new` and are only overwritten since; the
        // caller takes each value once, so nothing is duplicated. A value that never comes back
        // because the body panicked is simply not read again: lanes have no drop glue.
        unsafe { self.lane[l].assume_init_read() }
    }

    /// Puts a lane's value back.
    #[inline(always)]
    pub fn put(&mut self, l: usize, value: A) {
        self.lane[l].write(value);
    }

    /// Combines the lanes pairwise (0 with 4, 1 with 5, ...: always in the same order) into
    /// `total`.
    #[inline(always)]
    pub fn fold(mut self, total: &mut A) {
        let mut half = A::LANES.get() / 2;
        while half > 0 {
            for l in 0..half {
                // SAFETY: both lanes are below LANES; lane `l` comes back in the next line, and
                // lane `l + half` is not looked at again, for `half` only shrinks.
                let (mut a, b) = unsafe { (self.take(l), self.take(l + half)) };
                a.combine(b);
                self.put(l, a);
            }
            half /= 2;
        }
        if A::LANES.get() > 1 {
            // SAFETY: lane 0 exists and was put back by the last round above.
            total.combine(unsafe { self.take(0) });
        }
    }
}

/// A variable of a type that may still be open, such as that of `let mut largest = 0.0;`.
pub struct Open<'a, T: ?Sized>(pub &'a T);

/// Says that an open type of a float is `f64`, as Rust does in the end; sooner, for a method such as `max` can
/// be called on a known type only. Chosen by autoref before [`Known`].
pub trait IsFloat {
    /// Nothing.
    fn settle(self);
}
impl IsFloat for &&Open<'_, f64> {
    #[inline(always)]
    fn settle(self) {}
}
/// Types that are known.
pub trait Known {
    /// Nothing.
    fn settle(self);
}
impl<T: ?Sized> Known for &Open<'_, T> {
    #[inline(always)]
    fn settle(self) {}
}

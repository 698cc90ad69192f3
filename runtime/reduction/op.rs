//! Reduction operators: what a thread's private copy starts from and how two copies combine.

/// How values of this type reduce under the operator `Op` (OpenMP 6.0, "reduction" clauses).
///
/// Implement it for a type or an operator of your own; the implementations here cover numbers,
/// `bool`, arrays, `Vec` and grids.
///
/// ```
/// use phalanx::prelude::*;
///
/// /// The point farthest to the right.
/// struct Rightmost;
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// struct Point { x: f64, y: f64 }
///
/// impl Reduce<Rightmost> for Point {
///     type Shape = ();
///     fn shape(&self) {}
///     fn identity(_: &()) -> Self { Point { x: f64::NEG_INFINITY, y: 0.0 } }
///     fn combine(&mut self, other: Self) {
///         if other.x > self.x { *self = other }
///     }
/// }
///
/// let points: Vec<_> = (0..100).map(|k| Point { x: (k * 37 % 100) as f64, y: k as f64 }).collect();
/// let origin = Point { x: 0.0, y: 0.0 };
/// let best = parallel_reduce(Static, &points, Rightmost, origin, |best, p| best.combine(*p));
/// assert_eq!(best.x, 99.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be reduced with `{Op}`",
    label = "no such reduction",
    note = "`+ * min max` work on numbers, `& | ^` on integers and `bool`, `&& ||` on `bool`, all of \
            them element by element on arrays, `Vec` and grids; for a type of your own implement \
            `phalanx::Reduce`"
)]
pub trait Reduce<Op>: Sized {
    /// What [`identity`](Reduce::identity) needs to know of the original, such as a length.
    type Shape: Clone + Send + Sync;

    /// Accumulators a thread may keep side by side, so that the loop compiles to packed code.
    /// More than one only for plain numbers whose operator may be reassociated: the type cannot be
    /// named outside, so nobody else can say so of a type of their own.
    #[doc(hidden)]
    const LANES: lanes::Count = lanes::ONE;

    /// The shape of the original.
    fn shape(&self) -> Self::Shape;

    /// The value that a private copy starts from: the operator's neutral element.
    fn identity(shape: &Self::Shape) -> Self;

    /// `self = self Op other`. Called in order of thread number, the original first.
    fn combine(&mut self, other: Self);
}

/// How many lanes; sealed.
mod lanes {
    /// A number of lanes.
    #[derive(Clone, Copy, Debug)]
    pub struct Count(usize);
    impl Count {
        /// The number.
        pub const fn get(self) -> usize {
            self.0
        }
    }
    pub const ONE: Count = Count(1);
    pub(super) const EIGHT: Count = Count(8);
}

/// The operators, as types.
pub mod ops {
    /// `+`
    #[derive(Clone, Copy, Debug)]
    pub struct Add;
    /// `*`
    #[derive(Clone, Copy, Debug)]
    pub struct Mul;
    /// `min`
    #[derive(Clone, Copy, Debug)]
    pub struct Min;
    /// `max`
    #[derive(Clone, Copy, Debug)]
    pub struct Max;
    /// `&`
    #[derive(Clone, Copy, Debug)]
    pub struct BitAnd;
    /// `|`
    #[derive(Clone, Copy, Debug)]
    pub struct BitOr;
    /// `^`
    #[derive(Clone, Copy, Debug)]
    pub struct BitXor;
    /// `&&`
    #[derive(Clone, Copy, Debug)]
    pub struct And;
    /// `||`
    #[derive(Clone, Copy, Debug)]
    pub struct Or;
}
use ops::*;

macro_rules! scalar {
    ($op:ty, $lanes:expr, $id:expr, |$a:ident, $b:ident| $e:expr; $($t:ident)*) => {$(
        impl Reduce<$op> for $t {
            type Shape = ();
            const LANES: lanes::Count = $lanes;
            #[inline(always)]
            fn shape(&self) {}
            #[inline(always)]
            fn identity(_: &()) -> Self { $id }
            #[inline(always)]
            fn combine(&mut self, $b: Self) { let $a = *self; *self = $e; }
        }
    )*};
}
macro_rules! integers {
    ($($t:ident)*) => {$(
        scalar! { Add, lanes::ONE, 0, |a, b| a + b; $t }
        scalar! { Mul, lanes::ONE, 1, |a, b| a * b; $t }
        scalar! { Min, lanes::ONE, $t::MAX, |a, b| a.min(b); $t }
        scalar! { Max, lanes::ONE, $t::MIN, |a, b| a.max(b); $t }
        scalar! { BitAnd, lanes::ONE, !0, |a, b| a & b; $t }
        scalar! { BitOr, lanes::ONE, 0, |a, b| a | b; $t }
        scalar! { BitXor, lanes::ONE, 0, |a, b| a ^ b; $t }
    )*};
}
integers! { usize u8 u16 u32 u64 u128 isize i8 i16 i32 i64 i128 }
macro_rules! floats {
    ($($t:ident)*) => {$(
        // -0.0 is what leaves every number as it is, itself included.
        scalar! { Add, lanes::EIGHT, -0.0, |a, b| a + b; $t }
        scalar! { Mul, lanes::EIGHT, 1.0, |a, b| a * b; $t }
        scalar! { Min, lanes::EIGHT, $t::INFINITY, |a, b| a.min(b); $t }
        scalar! { Max, lanes::EIGHT, $t::NEG_INFINITY, |a, b| a.max(b); $t }
    )*};
}
floats! { f32 f64 }
scalar! { BitAnd, lanes::ONE, true, |a, b| a & b; bool }
scalar! { BitOr, lanes::ONE, false, |a, b| a | b; bool }
scalar! { BitXor, lanes::ONE, false, |a, b| a ^ b; bool }
scalar! { And, lanes::ONE, true, |a, b| a && b; bool }
scalar! { Or, lanes::ONE, false, |a, b| a || b; bool }

/// Element by element. The private copies have the length of the original.
///
/// # Panics
///
/// `combine` panics when the loop body changed the length of its private copy.
impl<Op, T: Reduce<Op, Shape = ()>> Reduce<Op> for Vec<T> {
    type Shape = usize;
    fn shape(&self) -> usize {
        self.len()
    }
    fn identity(len: &usize) -> Self {
        (0..*len).map(|_| T::identity(&())).collect()
    }
    fn combine(&mut self, other: Self) {
        combine_slices(self, other);
    }
}

impl<Op, T: Reduce<Op, Shape = ()>, const N: usize> Reduce<Op> for [T; N] {
    type Shape = ();
    fn shape(&self) {}
    fn identity(_: &()) -> Self {
        std::array::from_fn(|_| T::identity(&()))
    }
    fn combine(&mut self, other: Self) {
        for (a, b) in self.iter_mut().zip(other) {
            a.combine(b);
        }
    }
}

/// `into[k] = into[k] Op from[k]`.
///
/// # Panics
///
/// When the lengths differ: a reduced array keeps its length inside the loop.
pub fn combine_slices<Op, T: Reduce<Op>>(into: &mut [T], from: Vec<T>) {
    assert_eq!(
        into.len(),
        from.len(),
        "a reduced array changed its length inside the loop: it had {} elements and a thread's \
         copy came back with {}",
        into.len(),
        from.len()
    );
    for (a, b) in into.iter_mut().zip(from) {
        a.combine(b);
    }
}

macro_rules! tuple {
    ($($O:ident $T:ident $i:tt),*) => {
        /// Several reductions in one loop.
        impl<$($O, $T: Reduce<$O>),*> Reduce<($($O,)*)> for ($($T,)*) {
            type Shape = ($($T::Shape,)*);
            fn shape(&self) -> Self::Shape { ($(self.$i.shape(),)*) }
            fn identity(s: &Self::Shape) -> Self { ($($T::identity(&s.$i),)*) }
            fn combine(&mut self, other: Self) { $(self.$i.combine(other.$i);)* }
        }
    };
}
tuple! { O T 0 }
tuple! { O T 0, P U 1 }
tuple! { O T 0, P U 1, Q V 2 }
tuple! { O T 0, P U 1, Q V 2, R W 3 }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neutral_elements_are_neutral() {
        fn check<Op, T: Reduce<Op, Shape = ()> + PartialEq + std::fmt::Debug + Copy>(v: T) {
            let mut a = T::identity(&());
            a.combine(v);
            assert_eq!(a, v);
            let mut b = v;
            b.combine(T::identity(&()));
            assert_eq!(b, v);
        }
        check::<Add, _>(7i32);
        check::<Mul, _>(-7i64);
        check::<Min, _>(3u8);
        check::<Max, _>(i128::MIN);
        check::<BitAnd, _>(0b1010u16);
        check::<BitXor, _>(0b1010isize);
        check::<Max, _>(-1.5f32);
        check::<Min, _>(f64::MAX);
        check::<And, _>(false);
        check::<Or, _>(true);
        check::<Add, [i32; 3]>([1, 2, 3]);
        let mut z = f64::identity_add();
        z.combine_add(-0.0);
        assert!(
            z.is_sign_negative(),
            "adding nothing keeps the sign of zero"
        );
    }

    trait Signed {
        fn identity_add() -> Self;
        fn combine_add(&mut self, b: Self);
    }
    impl Signed for f64 {
        fn identity_add() -> f64 {
            <f64 as Reduce<Add>>::identity(&())
        }
        fn combine_add(&mut self, b: f64) {
            Reduce::<Add>::combine(self, b)
        }
    }

    #[test]
    #[should_panic(expected = "it had 3 elements and a thread's copy came back with 2")]
    fn a_changed_length_is_named() {
        let mut v = vec![1, 2, 3];
        Reduce::<Add>::combine(&mut v, vec![1, 2]);
    }
}

//! `atomic`: numbers that many threads update.

use std::fmt;
use std::sync::atomic::{self as std_atomic, Ordering::Relaxed};

/// Numbers that [`Atomic`] takes. Sealed: all primitive integers up to 64 bits, `f32`, `f64`.
pub trait Number: Copy + sealed::Number {}

mod sealed {
    /// What the machine does with a number's bits.
    pub trait Number: Copy {
        /// The atomic of that size.
        type Cell;
        const ZERO: Self;
        fn cell(self) -> Self::Cell;
        fn into_inner(cell: Self::Cell) -> Self;
        fn get_mut(cell: &mut Self::Cell) -> &mut Self;
        fn load(cell: &Self::Cell) -> Self;
        fn store(cell: &Self::Cell, value: Self);
        fn swap(cell: &Self::Cell, value: Self) -> Self;
        fn update(cell: &Self::Cell, f: impl FnMut(Self) -> Self) -> Self;
        fn exchange(cell: &Self::Cell, from: Self, to: Self) -> Result<Self, Self>;
        fn fetch_add(cell: &Self::Cell, value: Self) -> Self;
        fn fetch_sub(cell: &Self::Cell, value: Self) -> Self;
        fn mul(self, other: Self) -> Self;
        fn div(self, other: Self) -> Self;
        fn smaller(self, other: Self) -> Self;
        fn larger(self, other: Self) -> Self;
    }
    /// Numbers with bits of their own.
    pub trait Integer: Number {
        fn fetch_and(cell: &Self::Cell, value: Self) -> Self;
        fn fetch_or(cell: &Self::Cell, value: Self) -> Self;
        fn fetch_xor(cell: &Self::Cell, value: Self) -> Self;
    }
}

/// Integers that [`Atomic`] takes. Sealed.
pub trait Integer: Number + sealed::Integer {}

macro_rules! integers {
    ($($t:ident $cell:ident)*) => {$(
        impl Number for $t {}
        impl Integer for $t {}
        impl sealed::Number for $t {
            type Cell = std_atomic::$cell;
            const ZERO: Self = 0;
            fn cell(self) -> Self::Cell { Self::Cell::new(self) }
            fn into_inner(cell: Self::Cell) -> Self { cell.into_inner() }
            fn get_mut(cell: &mut Self::Cell) -> &mut Self { cell.get_mut() }
            #[inline(always)]
            fn load(cell: &Self::Cell) -> Self { cell.load(Relaxed) }
            #[inline(always)]
            fn store(cell: &Self::Cell, value: Self) { cell.store(value, Relaxed) }
            #[inline(always)]
            fn swap(cell: &Self::Cell, value: Self) -> Self { cell.swap(value, Relaxed) }
            #[inline(always)]
            fn update(cell: &Self::Cell, mut f: impl FnMut(Self) -> Self) -> Self {
                let mut old = cell.load(Relaxed);
                loop {
                    match cell.compare_exchange_weak(old, f(old), Relaxed, Relaxed) {
                        Ok(old) => return old,
                        Err(now) => old = now,
                    }
                }
            }
            #[inline(always)]
            fn exchange(cell: &Self::Cell, from: Self, to: Self) -> Result<Self, Self> {
                cell.compare_exchange(from, to, Relaxed, Relaxed)
            }
            #[inline(always)]
            fn fetch_add(cell: &Self::Cell, value: Self) -> Self { cell.fetch_add(value, Relaxed) }
            #[inline(always)]
            fn fetch_sub(cell: &Self::Cell, value: Self) -> Self { cell.fetch_sub(value, Relaxed) }
            #[inline(always)]
            fn mul(self, other: Self) -> Self { self.wrapping_mul(other) }
            #[inline(always)]
            fn div(self, other: Self) -> Self { self.wrapping_div(other) }
            #[inline(always)]
            fn smaller(self, other: Self) -> Self { self.min(other) }
            #[inline(always)]
            fn larger(self, other: Self) -> Self { self.max(other) }
        }
        impl sealed::Integer for $t {
            #[inline(always)]
            fn fetch_and(cell: &Self::Cell, value: Self) -> Self { cell.fetch_and(value, Relaxed) }
            #[inline(always)]
            fn fetch_or(cell: &Self::Cell, value: Self) -> Self { cell.fetch_or(value, Relaxed) }
            #[inline(always)]
            fn fetch_xor(cell: &Self::Cell, value: Self) -> Self { cell.fetch_xor(value, Relaxed) }
        }
    )*};
}
integers! { u8 AtomicU8 u16 AtomicU16 u32 AtomicU32 u64 AtomicU64 usize AtomicUsize
i8 AtomicI8 i16 AtomicI16 i32 AtomicI32 i64 AtomicI64 isize AtomicIsize }

macro_rules! floats {
    ($($t:ident $bits:ident)*) => {$(
        impl Number for $t {}
        impl sealed::Number for $t {
            // The bits, in a cell of the same size and alignment.
            type Cell = <$bits as sealed::Number>::Cell;
            const ZERO: Self = 0.0;
            fn cell(self) -> Self::Cell { Self::Cell::new(self.to_bits()) }
            fn into_inner(cell: Self::Cell) -> Self { Self::from_bits(cell.into_inner()) }
            fn get_mut(cell: &mut Self::Cell) -> &mut Self {
                // SAFETY: equal in size and alignment, every pattern of bits is one of both, and the
                // borrow is exclusive.
                unsafe { &mut *std::ptr::from_mut(cell.get_mut()).cast() }
            }
            #[inline(always)]
            fn load(cell: &Self::Cell) -> Self { Self::from_bits(cell.load(Relaxed)) }
            #[inline(always)]
            fn store(cell: &Self::Cell, value: Self) { cell.store(value.to_bits(), Relaxed) }
            #[inline(always)]
            fn swap(cell: &Self::Cell, value: Self) -> Self {
                Self::from_bits(cell.swap(value.to_bits(), Relaxed))
            }
            #[inline(always)]
            fn update(cell: &Self::Cell, mut f: impl FnMut(Self) -> Self) -> Self {
                let new = |old| f(Self::from_bits(old)).to_bits();
                Self::from_bits(<$bits as sealed::Number>::update(cell, new))
            }
            #[inline(always)]
            fn exchange(cell: &Self::Cell, from: Self, to: Self) -> Result<Self, Self> {
                cell.compare_exchange(from.to_bits(), to.to_bits(), Relaxed, Relaxed)
                    .map(Self::from_bits)
                    .map_err(Self::from_bits)
            }
            #[inline(always)]
            fn fetch_add(cell: &Self::Cell, value: Self) -> Self { Self::update(cell, |old| old + value) }
            #[inline(always)]
            fn fetch_sub(cell: &Self::Cell, value: Self) -> Self { Self::update(cell, |old| old - value) }
            #[inline(always)]
            fn mul(self, other: Self) -> Self { self * other }
            #[inline(always)]
            fn div(self, other: Self) -> Self { self / other }
            #[inline(always)]
            fn smaller(self, other: Self) -> Self { self.min(other) }
            #[inline(always)]
            fn larger(self, other: Self) -> Self { self.max(other) }
        }
    )*};
}
floats! { f32 u32 f64 u64 }

/// A number that many threads read and update (OpenMP 6.0, "atomic Construct").
///
/// Each operation is one step; operations on different numbers are in no order (`relaxed`, OpenMP's
/// default). So an atomic counts and sums, but does not hand other data over: that is what barriers,
/// [`Event`](crate::Event), [`Handoff`](crate::Handoff) and locks do. Integers wrap around.
///
/// ```
/// use phalanx::prelude::*;
/// let sum = Atomic::new(0.0);
/// parallel_for(Static, 0..100, |i| sum.add(f64::from(i)));
/// println!("so far {sum}");
/// assert_eq!(sum.into_inner(), 4950.0);
/// ```
#[repr(transparent)]
pub struct Atomic<T: Number>(T::Cell);

impl<T: Number> Atomic<T> {
    /// A number.
    pub fn new(value: T) -> Self {
        Atomic(value.cell())
    }
    /// The number, when nobody shares it any more.
    pub fn into_inner(self) -> T {
        T::into_inner(self.0)
    }
    /// The number, as a plain one: the borrow is exclusive.
    pub fn get_mut(&mut self) -> &mut T {
        T::get_mut(&mut self.0)
    }
    /// Plain numbers, for the time of the borrow, as ones that many threads may update.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let x: Vec<usize> = (0..1000).collect();
    /// let mut histogram = vec![0u32; 10];
    /// let bins = Atomic::from_mut_slice(&mut histogram);
    /// parallel_for(Static, &x, |x| bins[x % 10].add(1));
    /// assert_eq!(histogram, [100; 10]);
    /// ```
    pub fn from_mut_slice(numbers: &mut [T]) -> &[Atomic<T>] {
        const {
            // Otherwise there is no such function for the type on this machine.
            assert!(size_of::<T>() == size_of::<T::Cell>());
            assert!(align_of::<T>() == align_of::<T::Cell>());
        }
        // SAFETY: equal in size and alignment; every pattern of bits is a number and a cell; and for the
        // time of the exclusive borrow the numbers are reached as cells only.
        unsafe { &*(std::ptr::from_mut(numbers) as *const [Atomic<T>]) }
    }
    /// Reads it.
    #[inline(always)]
    pub fn load(&self) -> T {
        T::load(&self.0)
    }
    /// Writes it.
    #[inline(always)]
    pub fn store(&self, value: T) {
        T::store(&self.0, value);
    }
    /// Writes it and returns what was there.
    #[inline(always)]
    pub fn swap(&self, value: T) -> T {
        T::swap(&self.0, value)
    }
    /// Writes `to` if `from` is there, bit for bit. Returns what was there: `Ok` if it was `from`.
    ///
    /// # Errors
    ///
    /// The number that was there instead.
    #[inline(always)]
    pub fn compare_exchange(&self, from: T, to: T) -> Result<T, T> {
        T::exchange(&self.0, from, to)
    }
    /// Puts `f` of it in its place; returns what was there. `f` may be called more than once.
    #[inline(always)]
    pub fn update(&self, f: impl FnMut(T) -> T) -> T {
        T::update(&self.0, f)
    }
    /// Adds.
    #[inline(always)]
    pub fn add(&self, value: T) {
        T::fetch_add(&self.0, value);
    }
    /// Adds, and returns what was there (OpenMP's `capture`).
    #[inline(always)]
    pub fn fetch_add(&self, value: T) -> T {
        T::fetch_add(&self.0, value)
    }
    /// Subtracts.
    #[inline(always)]
    pub fn sub(&self, value: T) {
        T::fetch_sub(&self.0, value);
    }
    /// Subtracts, and returns what was there.
    #[inline(always)]
    pub fn fetch_sub(&self, value: T) -> T {
        T::fetch_sub(&self.0, value)
    }
    /// Multiplies; returns what was there.
    #[inline(always)]
    pub fn mul(&self, value: T) -> T {
        self.update(|old| old.mul(value))
    }
    /// Divides; returns what was there.
    ///
    /// # Panics
    ///
    /// When an integer is divided by 0.
    #[inline(always)]
    pub fn div(&self, value: T) -> T {
        self.update(|old| old.div(value))
    }
    /// Keeps the smaller of the two; returns what was there. A `NaN` gives way to a number.
    #[inline(always)]
    pub fn min(&self, value: T) -> T {
        self.update(|old| old.smaller(value))
    }
    /// Keeps the larger of the two; returns what was there. A `NaN` gives way to a number.
    #[inline(always)]
    pub fn max(&self, value: T) -> T {
        self.update(|old| old.larger(value))
    }
}

impl<T: Integer> Atomic<T> {
    /// `and`, bit by bit; returns what was there.
    #[inline(always)]
    pub fn and(&self, value: T) -> T {
        T::fetch_and(&self.0, value)
    }
    /// `or`, bit by bit; returns what was there.
    #[inline(always)]
    pub fn or(&self, value: T) -> T {
        T::fetch_or(&self.0, value)
    }
    /// Exclusive `or`, bit by bit; returns what was there.
    #[inline(always)]
    pub fn xor(&self, value: T) -> T {
        T::fetch_xor(&self.0, value)
    }
}

impl<T: Number> Default for Atomic<T> {
    fn default() -> Self {
        Atomic::new(T::ZERO)
    }
}
impl<T: Number + fmt::Debug> fmt::Debug for Atomic<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Atomic").field(&self.load()).finish()
    }
}
/// The number that is there now.
impl<T: Number + fmt::Display> fmt::Display for Atomic<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.load().fmt(f)
    }
}
impl<T: Number> From<T> for Atomic<T> {
    fn from(value: T) -> Self {
        Atomic::new(value)
    }
}

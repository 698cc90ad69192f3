//! What a [`Scatter`](super::scatter::Scatter) is made of: the integers of its index array, and its offsets.

mod sealed {
    pub trait Sealed {}
    /// An integer.
    pub trait Number: Copy {
        fn number(self) -> i128;
    }
}

/// Numbers that can be an index of a [`Scatter`](crate::Scatter): every integer type up to 64 bits. Sealed, so that an index
/// is the same number whenever it is asked.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an index of a scatter",
    label = "not an integer of at most 64 bits"
)]
pub trait TargetIndex: Copy + Ord + Send + Sync + sealed::Sealed + 'static {
    /// The number modulo the size of an address.
    #[doc(hidden)]
    fn wrapped(self) -> usize;
    /// The number.
    #[doc(hidden)]
    fn exact(self) -> i128;
    /// Which type it is.
    #[doc(hidden)]
    const TAG: usize;
}

macro_rules! indices {
    ($($t:ty)*) => {$(
        impl sealed::Sealed for $t {}
        impl TargetIndex for $t {
            #[inline(always)]
            fn wrapped(self) -> usize { self as usize }
            #[inline(always)]
            fn exact(self) -> i128 { self as i128 }
            const TAG: usize = size_of::<$t>() << 1 | (<$t>::MIN != 0) as usize;
        }
        impl sealed::Number for $t {
            fn number(self) -> i128 { self as i128 }
        }
    )*};
}
indices! { u8 u16 u32 u64 usize i8 i16 i32 i64 isize }

/// Offsets as a program gives them: an integer, or an array of integers. Sealed, so that what is checked is
/// what is kept.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the offsets of a scatter",
    label = "not an integer, nor an array of integers",
    note = "`0` for the element at each index itself, `[0, 12]` for two elements an iteration"
)]
pub trait IntoOffsets: given::Sealed {
    /// As a [`Scatter`](crate::Scatter) keeps them.
    type Kept: Offsets;
    /// Turns them into it.
    #[doc(hidden)]
    fn keep(self) -> Self::Kept;
    /// The numbers.
    #[doc(hidden)]
    fn numbers(&self) -> Vec<i128>;
}

mod given {
    pub trait Sealed {}
    impl<P: super::sealed::Number> Sealed for P {}
    impl<P: super::sealed::Number, const N: usize> Sealed for [P; N] {}
}

impl<P: sealed::Number> IntoOffsets for P {
    type Kept = isize;
    fn keep(self) -> isize {
        self.number() as isize
    }
    fn numbers(&self) -> Vec<i128> {
        vec![self.number()]
    }
}
impl<P: sealed::Number, const N: usize> IntoOffsets for [P; N] {
    type Kept = [isize; N];
    fn keep(self) -> [isize; N] {
        self.map(IntoOffsets::keep)
    }
    fn numbers(&self) -> Vec<i128> {
        self.iter().map(|o| o.number()).collect()
    }
}

/// Offsets as a [`Scatter`](crate::Scatter) keeps them: `isize`, whose iterations get `&mut T`, or `[isize; N]`, whose
/// iterations get `[&mut T; N]`. Sealed.
pub trait Offsets: Copy + Send + Sync + kept::Sealed + 'static {
    /// What an iteration owns.
    type Own<'a, T: 'a>;
    /// How many, and which kind: no two kinds have the same.
    #[doc(hidden)]
    const KIND: usize;
    /// Each of them.
    #[doc(hidden)]
    fn each(&self) -> &[isize];
    /// The elements at `index` and these offsets from there.
    ///
    /// # Safety
    ///
    /// They lie behind `data` and are nobody else's for the lifetime; the offsets differ.
    #[doc(hidden)]
    unsafe fn own<'a, T>(self, data: *mut T, index: usize) -> Self::Own<'a, T>;
}

mod kept {
    pub trait Sealed {}
    impl Sealed for isize {}
    impl<const N: usize> Sealed for [isize; N] {}
}

impl Offsets for isize {
    type Own<'a, T: 'a> = &'a mut T;
    const KIND: usize = 0;
    fn each(&self) -> &[isize] {
        std::slice::from_ref(self)
    }
    #[inline(always)]
    unsafe fn own<'a, T>(self, data: *mut T, index: usize) -> &'a mut T {
        // SAFETY: the caller's promise. The sum is known to lie inside, so its value modulo the size of an
        // address is its value.
        unsafe { &mut *data.add(index.wrapping_add_signed(self)) }
    }
}
impl<const N: usize> Offsets for [isize; N] {
    type Own<'a, T: 'a> = [&'a mut T; N];
    const KIND: usize = 1 + N;
    fn each(&self) -> &[isize] {
        self
    }
    #[inline(always)]
    unsafe fn own<'a, T>(self, data: *mut T, index: usize) -> [&'a mut T; N] {
        // SAFETY: the caller's promise, for each offset; they differ, so these are different elements.
        self.map(|offset| unsafe { offset.own(data, index) })
    }
}

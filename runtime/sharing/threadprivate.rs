//! `threadprivate`: a variable of which each thread has its own, from one region to the next.

use std::cell::RefCell;
use std::thread::LocalKey;

/// A variable of which each thread has its own (OpenMP 6.0, "threadprivate Directive"): declared by
/// [`threadprivate!`](crate::threadprivate!).
///
/// A thread keeps its value from one region to the next. The value is entered by closures, which borrow it
/// meanwhile: waiting inside may run other code on this thread.
pub struct ThreadPrivate<T: 'static>(&'static LocalKey<RefCell<T>>);

impl<T: 'static> ThreadPrivate<T> {
    #[doc(hidden)]
    pub const fn new(key: &'static LocalKey<RefCell<T>>) -> Self {
        ThreadPrivate(key)
    }
    /// Runs `f` with this thread's value.
    ///
    /// # Panics
    ///
    /// Inside a [`with_mut`](Self::with_mut) of the same variable.
    #[inline]
    #[track_caller]
    pub fn with<R>(&'static self, f: impl FnOnce(&T) -> R) -> R {
        self.0.with(|cell| match cell.try_borrow() {
            Ok(value) => f(&value),
            Err(_) => in_use(),
        })
    }
    /// Runs `f` with this thread's value, to change it.
    ///
    /// # Panics
    ///
    /// Inside a `with` or `with_mut` of the same variable.
    #[inline]
    #[track_caller]
    pub fn with_mut<R>(&'static self, f: impl FnOnce(&mut T) -> R) -> R {
        self.0.with(|cell| match cell.try_borrow_mut() {
            Ok(mut value) => f(&mut value),
            Err(_) => in_use(),
        })
    }
    /// This thread's value.
    #[inline]
    #[track_caller]
    pub fn get(&'static self) -> T
    where
        T: Copy,
    {
        self.with(|value| *value)
    }
    /// Replaces this thread's value.
    #[inline]
    #[track_caller]
    pub fn set(&'static self, value: T) {
        self.with_mut(|old| *old = value);
    }
    /// Replaces this thread's value by what `f` makes of it. Without a borrow: what `f` itself does to the
    /// variable is overwritten.
    #[inline]
    #[track_caller]
    pub fn update(&'static self, f: impl FnOnce(T) -> T)
    where
        T: Copy,
    {
        self.set(f(self.get()));
    }
    /// Replaces this thread's value and returns the old one.
    #[track_caller]
    pub fn replace(&'static self, value: T) -> T {
        self.with_mut(|old| std::mem::replace(old, value))
    }
    /// A copy of this thread's value, for the threads of a team to begin with (OpenMP's `copyin`).
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// threadprivate! {
    ///     static SEED: u64 = 1;
    /// }
    /// SEED.set(42);
    /// let seed = SEED.copyin();
    /// region(Options::new().num_threads(4), (), |cx, ()| {
    ///     seed.apply();
    ///     assert_eq!(SEED.get(), 42);
    ///     SEED.set(SEED.get() + cx.thread_num() as u64);
    /// });
    /// ```
    #[track_caller]
    pub fn copyin(&'static self) -> CopyIn<T>
    where
        T: Clone + Send + Sync,
    {
        CopyIn {
            variable: self,
            value: self.with(T::clone),
        }
    }
}

/// A value on its way to the threads of a team: see [`ThreadPrivate::copyin`].
pub struct CopyIn<T: 'static> {
    variable: &'static ThreadPrivate<T>,
    value: T,
}

impl<T: Clone> CopyIn<T> {
    /// Gives the calling thread's variable the value.
    #[track_caller]
    pub fn apply(&self) {
        self.variable.set(self.value.clone());
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn in_use() -> ! {
    panic!(
        "this thread's copy of a threadprivate variable is in use already, further out on its stack"
    )
}

/// Declares variables of which each thread has its own (OpenMP 6.0, "threadprivate Directive"). The initial
/// value is a constant.
///
/// ```
/// use phalanx::prelude::*;
/// threadprivate! {
///     /// What this thread has counted.
///     static COUNT: u64 = 0;
/// }
/// let total = Atomic::new(0);
/// region(Options::new().num_threads(3), (), |cx, ()| {
///     COUNT.set(0);
///     cx.for_each(Dynamic(1), 0..100, (), |_, ()| COUNT.with_mut(|n| *n += 1));
///     total.add(COUNT.get());
/// });
/// assert_eq!(total.into_inner(), 100);
/// ```
#[macro_export]
macro_rules! threadprivate {
    ($($(#[$attr:meta])* $vis:vis static $name:ident: $t:ty = $init:expr;)+) => {$(
        $(#[$attr])*
        $vis static $name: $crate::ThreadPrivate<$t> = {
            ::std::thread_local! {
                static LOCAL: ::std::cell::RefCell<$t> = const { ::std::cell::RefCell::new($init) };
            }
            $crate::ThreadPrivate::new(&LOCAL)
        };
    )+};
}

//! Handles of objects, what a task wants of them, and what it gets.

use super::objects::{Kind, Named};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;
use std::ptr::NonNull;

/// A handle of an object that the tasks of one group depend on: [`TaskGroup::dep`](crate::TaskGroup::dep). It is copied, and stays
/// with the group's body: a task has the object itself.
pub struct Dep<'s, T: ?Sized> {
    to: NonNull<T>,
    named: (u64, usize),
    /// The object is borrowed for that long; and the handle is neither `Send` nor `Sync`.
    _object: PhantomData<(&'s mut T, *mut &'s ())>,
}

impl<T: ?Sized> Clone for Dep<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: ?Sized> Copy for Dep<'_, T> {}
impl<T: ?Sized> fmt::Debug for Dep<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dep")
            .field("object", &self.named.1)
            .finish_non_exhaustive()
    }
}

impl<'s, T: ?Sized> Dep<'s, T> {
    pub(super) fn new(object: &'s mut T, group: u64, index: usize) -> Self {
        Dep {
            to: object.into(),
            named: (group, index),
            _object: PhantomData,
        }
    }
    fn read(self, kind: Kind) -> ReadAccess<'s, T> {
        ReadAccess { dep: self, kind }
    }
    fn write(self, kind: Kind) -> WriteAccess<'s, T> {
        WriteAccess { dep: self, kind }
    }

    /// `depend(in: x)`: after the last that wrote it, beside others that read it; the task gets `&T`.
    pub fn input(self) -> ReadAccess<'s, T>
    where
        T: Sync,
    {
        self.read(Kind::In)
    }
    /// `depend(out: x)`: after all that used it; the task gets `&mut T`. (The same as [`inout`](Self::inout).)
    pub fn output(self) -> WriteAccess<'s, T>
    where
        T: Send,
    {
        self.write(Kind::Out)
    }
    /// `depend(inout: x)`: after all that used it; the task gets `&mut T`.
    pub fn inout(self) -> WriteAccess<'s, T>
    where
        T: Send,
    {
        self.write(Kind::InOut)
    }
    /// `depend(mutexinoutset: x)`: after all others that used it, one at a time with its like, in any order; the task gets
    /// `&mut T`.
    pub fn mutexinoutset(self) -> WriteAccess<'s, T>
    where
        T: Send,
    {
        self.write(Kind::MutexInOutSet)
    }
    /// `depend(inoutset: x)`: after all others that used it, beside its like; the task gets `&T`, to something that can be
    /// changed through that: an atomic, a lock.
    pub fn inoutset(self) -> ReadAccess<'s, T>
    where
        T: Sync,
    {
        self.read(Kind::InOutSet)
    }
}

/// Handles of the parts of something: [`TaskGroup::deps`](crate::TaskGroup::deps). Indexed by the number of the part.
pub struct Deps<'s, T: ?Sized>(Vec<Dep<'s, T>>);

impl<'s, T: ?Sized> Deps<'s, T> {
    pub(super) fn new(parts: Vec<Dep<'s, T>>) -> Self {
        Deps(parts)
    }
    /// How many parts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The handles, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Dep<'s, T>> + '_ {
        self.0.iter().copied()
    }
}
impl<T: ?Sized> fmt::Debug for Deps<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deps")
            .field("parts", &self.0.len())
            .finish()
    }
}
impl<'s, T: ?Sized> Index<usize> for Deps<'s, T> {
    type Output = Dep<'s, T>;
    #[track_caller]
    fn index(&self, k: usize) -> &Dep<'s, T> {
        let n = self.0.len();
        let Some(part) = self.0.get(k) else {
            panic!("part {k} of something that was split into {n} parts")
        };
        part
    }
}

/// What a task may do: read an object. A value of its own, so that it can be kept and used again (OpenMP's
/// `depobj`).
pub struct ReadAccess<'s, T: ?Sized> {
    dep: Dep<'s, T>,
    kind: Kind,
}
/// What a task may do: write an object. See [`ReadAccess`].
pub struct WriteAccess<'s, T: ?Sized> {
    dep: Dep<'s, T>,
    kind: Kind,
}

macro_rules! copies {
    ($($name:ident)*) => {$(
        impl<T: ?Sized> Clone for $name<'_, T> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<T: ?Sized> Copy for $name<'_, T> {}
        impl<T: ?Sized> fmt::Debug for $name<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", self.kind.name(), self.dep)
            }
        }
    )*};
}
copies!(ReadAccess WriteAccess);

mod sealed {
    pub trait Sealed {}
}

/// What a task gets for its accesses. (`Implied` lets the compiler know that `'s` outlives `'t`.)
pub trait Granted<'t, 's, Implied = &'t &'s ()>: sealed::Sealed {
    /// References for the time of the task.
    type References;
    /// # Safety
    ///
    /// For `'t` nobody has a reference to the objects who must not: what the order of the tasks is for.
    #[doc(hidden)]
    unsafe fn grant(self) -> Self::References;
}

/// Accesses of a task: one, a tuple of them, a `Vec` or an array of them, an `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how a task uses its objects",
    label = "expected an access, such as `a.input()` or `a.inout()`, a tuple of accesses, or a `Vec` of them",
    note = "`a` is a handle: `let a = tg.dep(&mut x);`"
)]
pub trait Accesses<'s>: for<'t> Granted<'t, 's> {
    /// Tells which objects it names.
    #[doc(hidden)]
    fn name(&self, each: &mut dyn FnMut(Named));
}

impl<T: ?Sized> sealed::Sealed for ReadAccess<'_, T> {}
impl<'t, 's, T: ?Sized + 's> Granted<'t, 's, &'t &'s ()> for ReadAccess<'s, T> {
    type References = &'t T;
    unsafe fn grant(self) -> &'t T {
        // SAFETY: the object is borrowed for `'s`, by the handle; the caller's promise.
        unsafe { self.dep.to.as_ref() }
    }
}
impl<'s, T: ?Sized + 's> Accesses<'s> for ReadAccess<'s, T> {
    fn name(&self, each: &mut dyn FnMut(Named)) {
        let (group, index) = self.dep.named;
        let kind = self.kind;
        each(Named { group, index, kind });
    }
}

impl<T: ?Sized> sealed::Sealed for WriteAccess<'_, T> {}
impl<'t, 's, T: ?Sized + 's> Granted<'t, 's, &'t &'s ()> for WriteAccess<'s, T> {
    type References = &'t mut T;
    unsafe fn grant(mut self) -> &'t mut T {
        // SAFETY: the object is borrowed for `'s`, by the handle; the caller's promise.
        unsafe { self.dep.to.as_mut() }
    }
}
impl<'s, T: ?Sized + 's> Accesses<'s> for WriteAccess<'s, T> {
    fn name(&self, each: &mut dyn FnMut(Named)) {
        let (group, index) = self.dep.named;
        let kind = self.kind;
        each(Named { group, index, kind });
    }
}

macro_rules! collections {
    ($([$($g:tt)*] $name:ty, $lent:ty, $map:expr;)*) => {$(
        impl<A: sealed::Sealed, $($g)*> sealed::Sealed for $name {}
        impl<'t, 's, A: Granted<'t, 's, &'t &'s ()>, $($g)*> Granted<'t, 's, &'t &'s ()> for $name {
            type References = $lent;
            unsafe fn grant(self) -> $lent {
                // SAFETY: the caller's promise.
                $map(self, |a: A| unsafe { a.grant() })
            }
        }
        impl<'s, A: Accesses<'s>, $($g)*> Accesses<'s> for $name {
            fn name(&self, each: &mut dyn FnMut(Named)) {
                self.iter().for_each(|a| a.name(each));
            }
        }
    )*};
}
collections! {
    [] Vec<A>, Vec<A::References>, |v: Vec<A>, f| v.into_iter().map(f).collect();
    [] Option<A>, Option<A::References>, |v: Option<A>, f| v.map(f);
    [const N: usize] [A; N], [A::References; N], |v: [A; N], f| v.map(f);
}

macro_rules! tuples {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: sealed::Sealed),*> sealed::Sealed for ($($name,)*) {}
        impl<'t, 's, $($name: Granted<'t, 's, &'t &'s ()>),*> Granted<'t, 's, &'t &'s ()> for ($($name,)*) {
            type References = ($($name::References,)*);
            #[allow(clippy::unused_unit, reason = "the tuple without accesses")]
            unsafe fn grant(self) -> Self::References {
                #[allow(non_snake_case)]
                let ($($name,)*) = self;
                // SAFETY: the caller's promise.
                #[allow(unused_unsafe, reason = "the tuple without accesses")]
                unsafe { ($($name.grant(),)*) }
            }
        }
        impl<'s, $($name: Accesses<'s>),*> Accesses<'s> for ($($name,)*) {
            #[allow(unused_variables, reason = "the tuple without accesses")]
            fn name(&self, each: &mut dyn FnMut(Named)) {
                #[allow(non_snake_case)]
                let ($($name,)*) = self;
                $($name.name(each);)*
            }
        }
    )*};
}
tuples! {
    ;
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}

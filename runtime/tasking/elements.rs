//! The elements of an array that a task's `depend` clauses name, under the array's name.

use std::fmt::Debug;
use std::ops::{Index, IndexMut};

/// One of them.
pub enum Element<'e, T: ?Sized> {
    /// Its access is `in` or `inoutset`.
    Read(&'e T),
    /// Its access is `out`, `inout` or `mutexinoutset`.
    Written(&'e mut T),
}

/// What `a[i]` means in a task with `depend(inout: a[i])`: an index that is not among those of the clauses panics.
pub struct Elements<'e, I, T: ?Sized> {
    array: &'static str,
    list: Vec<(I, Element<'e, T>)>,
}

impl<'e, I: PartialEq + Debug, T: ?Sized> Elements<'e, I, T> {
    /// Those of the array of that name.
    pub fn new(array: &'static str, list: impl Iterator<Item = (I, Element<'e, T>)>) -> Self {
        let list = list.collect();
        Elements { array, list }
    }

    fn position(&self, at: &I) -> usize {
        match self.list.iter().position(|(i, _)| i == at) {
            Some(k) => k,
            None => self.missing(at),
        }
    }

    #[cold]
    fn missing(&self, at: &I) -> ! {
        let named: Vec<&I> = self.list.iter().map(|e| &e.0).collect();
        let array = self.array;
        panic!(
            "the task touched element {at:?} of `{array}`, and its `depend` clauses name {named:?}: name it, as in \
             `depend(in: {array}[{at:?}])`"
        )
    }
}

impl<I: PartialEq + Debug, T: ?Sized> Index<I> for Elements<'_, I, T> {
    type Output = T;
    fn index(&self, at: I) -> &T {
        match &self.list[self.position(&at)].1 {
            Element::Read(x) => x,
            Element::Written(x) => x,
        }
    }
}

impl<I: PartialEq + Debug, T: ?Sized> IndexMut<I> for Elements<'_, I, T> {
    fn index_mut(&mut self, at: I) -> &mut T {
        let (k, array) = (self.position(&at), self.array);
        match &mut self.list[k].1 {
            Element::Written(x) => x,
            Element::Read(_) => panic!(
                "the task wrote element {at:?} of `{array}`, which its `depend` clauses only read: name it in \
                 `depend(inout: {array}[{at:?}])`"
            ),
        }
    }
}

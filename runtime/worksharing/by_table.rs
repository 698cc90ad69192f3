//! Slices handed out by a table, at the heads of combined loops.

use super::offsets::{Offsets, TargetIndex};
use super::owned::OwnedMut;
use super::owners::Owners;
use super::scatter::{Scatter, ScatterMut};

/// Slices, and all that is one behind a borrow (`Vec`, `NumaVec`, arrays), handed out by a table that says who
/// owns what.
pub trait ByTable<T> {
    /// The elements that a [`Scatter`] gives each iteration: `&mut T`, or `[&mut T; N]` with `N` offsets.
    ///
    /// # Panics
    ///
    /// When there are fewer than the table was checked for.
    #[track_caller]
    fn scatter<'a, I: TargetIndex, O: Offsets>(
        &'a mut self,
        table: &'a Scatter<'_, I, O>,
    ) -> ScatterMut<'a, T, I, O>
    where
        T: Send;

    /// Elements as an [`Owners`] table says: each iteration gets a [`Mine`](crate::Mine), and writes its own
    /// elements, and reads those and nobody's.
    ///
    /// # Panics
    ///
    /// When the table is for another length.
    #[track_caller]
    fn owned<'a>(&'a mut self, table: &'a Owners) -> OwnedMut<'a, T>
    where
        T: Send + Sync;
}

impl<T> ByTable<T> for [T] {
    #[track_caller]
    fn scatter<'a, I: TargetIndex, O: Offsets>(
        &'a mut self,
        table: &'a Scatter<'_, I, O>,
    ) -> ScatterMut<'a, T, I, O>
    where
        T: Send,
    {
        // SAFETY: array and table are borrowed for the lifetime.
        unsafe { table.parts(self.as_mut_ptr(), self.len()) }
    }

    #[track_caller]
    fn owned<'a>(&'a mut self, table: &'a Owners) -> OwnedMut<'a, T>
    where
        T: Send + Sync,
    {
        // SAFETY: array and table are borrowed for the lifetime.
        unsafe { OwnedMut::new(table.parts(self.as_mut_ptr(), self.len(), 1)) }
    }
}

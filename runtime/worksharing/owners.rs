//! Owner tables: what an iteration owns is listed by a closure, once.
//!
//! An [`Owners`] says of each element of a slice, or row of a grid, which iteration may write it. An iteration
//! writes what it owns, and reads what it owns or nobody does; every access looks into the table. It is for
//! shapes that have no view of their own, as time-skewed tiles.
//!
//! The closure is asked once an iteration, on the team; what it said then is in the table, and the table alone
//! decides. So a closure that would answer differently another time changes nothing.

use super::loops::parallel_reduce;
use crate::reduction::Reduce;
use crate::team::options::Options;
use std::sync::atomic::{AtomicU32, Ordering};

/// Why a closure's lists cannot be an [`Owners`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OwnersError {
    /// Two iterations would own one element or row: the first one that is claimed twice, and the first two
    /// that claim it.
    #[error("iterations {first} and {second} would both own element (or row) {element}")]
    Duplicate {
        /// Which element or row.
        element: usize,
        /// One iteration.
        first: usize,
        /// The other.
        second: usize,
    },
    /// An iteration lists what does not exist: the first such iteration, and the least that it lists.
    #[error("iteration {iteration} would own element (or row) {element} of {len}")]
    OutOfRange {
        /// The iteration.
        iteration: usize,
        /// What it lists.
        element: usize,
        /// How many there are.
        len: usize,
    },
    /// The table has no room for so many iterations.
    #[error(
        "an owner table counts at most {} iterations, and was asked for {iterations}",
        NOBODY
    )]
    TooMany {
        /// How many it was asked for.
        iterations: usize,
    },
}

/// Who owns what nobody owns.
pub(super) const NOBODY: u32 = u32::MAX;

/// A table of who owns which element of a slice, or row of a grid.
///
/// It can be kept and used again: by `a.owned(&table)` on grids and slices ([`ByTable`](crate::ByTable)) at the head
/// of a combined loop, by [`View::owned`](crate::View::owned) and
/// [`GridView::owned`](crate::GridView::owned) in a region. Each iteration gets a [`Mine`](crate::Mine) or
/// [`MyRows`](crate::MyRows), and `x[r]` reaches what it owns, or to be read, what nobody owns.
///
/// ```
/// use phalanx::prelude::*;
/// # fn main() -> Result<(), phalanx::OwnersError> {
/// // Iteration i writes rows 3i and 3i + 1, and reads row 3i + 2, which nobody writes.
/// let table = Owners::new(12, 4, |i| [3 * i, 3 * i + 1])?;
/// let mut g = Grid2::filled(12, 5, 1.0);
/// parallel_for(Static, g.owned(&table), |mut rows| {
///     let i = rows.iteration();
///     rows[3 * i][0] = rows[3 * i + 2][0] + i as f64;
///     rows[3 * i + 1][4] = rows[3 * i][0];
/// });
/// assert_eq!((g[9][0], g[10][4]), (4.0, 4.0));
///
/// let wrong = Owners::new(12, 4, |i| [i, 2]);
/// assert_eq!(
///     wrong.err().map(|e| e.to_string()).as_deref(),
///     Some("iterations 0 and 1 would both own element (or row) 2")
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Owners {
    of: Box<[u32]>,
    iterations: usize,
}

/// What is wrong, the first in the order of iterations and elements.
#[derive(Clone, Default)]
struct Wrong {
    /// Iteration and element.
    outside: Option<(usize, usize)>,
    /// Element and the two iterations.
    twice: Option<(usize, u32, u32)>,
}

/// The operator that keeps the first.
struct First;
impl Reduce<First> for Wrong {
    type Shape = ();
    fn shape(&self) {}
    fn identity((): &()) -> Self {
        Wrong::default()
    }
    fn combine(&mut self, other: Self) {
        self.outside = self.outside.into_iter().chain(other.outside).min();
        self.twice = self.twice.into_iter().chain(other.twice).min();
    }
}

impl Owners {
    /// A table of `len` elements or rows for a loop of `iterations`; `owns(i)` lists what iteration `i` may
    /// write. It is called once for each `i`, on the team that the environment says.
    ///
    /// # Errors
    ///
    /// When two iterations list the same; when one lists what is not below `len`; when there are more than
    /// 2^32 - 1 iterations.
    ///
    /// # Panics
    ///
    /// When the closure does.
    pub fn new<L: IntoIterator<Item = usize>>(
        len: usize,
        iterations: usize,
        owns: impl Fn(usize) -> L + Sync,
    ) -> Result<Owners, OwnersError> {
        Self::with_options(Options::new(), len, iterations, owns)
    }

    /// The same on a team, and with a schedule, of one's own choice.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    ///
    /// # Panics
    ///
    /// When the closure does.
    pub fn with_options<L: IntoIterator<Item = usize>>(
        options: impl Into<Options>,
        len: usize,
        iterations: usize,
        owns: impl Fn(usize) -> L + Sync,
    ) -> Result<Owners, OwnersError> {
        if iterations > NOBODY as usize {
            return Err(OwnersError::TooMany { iterations });
        }
        let of: Box<[AtomicU32]> = (0..len).map(|_| AtomicU32::new(NOBODY)).collect();
        let claim = |wrong: &mut Wrong, i: usize| {
            for element in owns(i) {
                let Some(owner) = of.get(element) else {
                    wrong.combine(Wrong {
                        outside: Some((i, element)),
                        twice: None,
                    });
                    continue;
                };
                let me = i as u32;
                // The least claimant stays, so the two least meet here in whatever order they come. Relaxed:
                // an element's claims are ordered by themselves, and the join publishes them.
                let other = owner.fetch_min(me, Ordering::Relaxed);
                if other != NOBODY && other != me {
                    wrong.combine(Wrong {
                        outside: None,
                        twice: Some((element, other.min(me), other.max(me))),
                    });
                }
            }
        };
        let wrong = parallel_reduce(options, 0..iterations, First, Wrong::default(), claim);
        if let Some((iteration, element)) = wrong.outside {
            return Err(OwnersError::OutOfRange {
                iteration,
                element,
                len,
            });
        }
        if let Some((element, first, second)) = wrong.twice {
            let (first, second) = (first as usize, second as usize);
            return Err(OwnersError::Duplicate {
                element,
                first,
                second,
            });
        }
        let of = of.into_iter().map(AtomicU32::into_inner).collect();
        Ok(Owners { of, iterations })
    }

    /// Number of iterations.
    pub fn iterations(&self) -> usize {
        self.iterations
    }
    /// Number of elements or rows.
    #[allow(
        clippy::len_without_is_empty,
        reason = "the length of the arrays that it is for"
    )]
    pub fn len(&self) -> usize {
        self.of.len()
    }
    /// The owner of each element or row, or [`NOBODY`].
    pub(super) fn table(&self) -> &[u32] {
        &self.of
    }
    /// The iteration that owns an element or row; `None` where nobody does, or it does not exist.
    pub fn owner(&self, element: usize) -> Option<usize> {
        let owner = *self.of.get(element)?;
        (owner != NOBODY).then_some(owner as usize)
    }
}

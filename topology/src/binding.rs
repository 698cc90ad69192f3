//! Thread binding: which thread of a team goes to which place.

use crate::error::ProcBindError;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// How the threads of a team are bound to places (OpenMP 6.0, "OMP_PROC_BIND" and "proc_bind
/// Clause"; the *bind-var* ICV).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProcBind {
    /// Threads are not bound, and `proc_bind` clauses are ignored.
    False,
    /// Threads are bound, and the implementation chooses how: here as [`ProcBind::Close`].
    True,
    /// Every thread goes to the primary thread's place.
    Primary,
    /// Threads go to places close to the primary thread's.
    Close,
    /// Threads are spread as far apart as the place partition allows, and each gets a part of it.
    Spread,
}

impl ProcBind {
    /// Whether threads are bound at all.
    #[must_use]
    pub fn binds(self) -> bool {
        self != Self::False
    }
}

impl fmt::Display for ProcBind {
    /// The word of `OMP_PROC_BIND`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::False => "false",
            Self::True => "true",
            Self::Primary => "primary",
            Self::Close => "close",
            Self::Spread => "spread",
        })
    }
}

impl FromStr for ProcBind {
    type Err = ProcBindError;

    /// Reads one word in any case, with white space around; `master` is the deprecated name of
    /// `primary`.
    fn from_str(text: &str) -> Result<Self, ProcBindError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "false" => Ok(Self::False),
            "true" => Ok(Self::True),
            "primary" | "master" => Ok(Self::Primary),
            "close" => Ok(Self::Close),
            "spread" => Ok(Self::Spread),
            _ => Err(ProcBindError {
                text: crate::error::short(text),
            }),
        }
    }
}

/// What one thread of a team gets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// The thread's place, a position in the place list.
    pub place: usize,
    /// The thread's place partition, positions in the place list: the *place-partition-var* ICV of
    /// its implicit task. Only [`ProcBind::Spread`] narrows it.
    pub partition: Range<usize>,
}

/// Assigns the threads of a team to places (OpenMP 6.0, "Controlling OpenMP Thread Affinity").
///
/// `partition` is the place partition of the encountering thread and `primary_place` its place, both
/// positions in the place list. Entry `k` of the result is for thread number `k`; thread 0, the
/// primary, always stays on `primary_place`. With `T` threads and `P` places:
///
/// - [`Primary`](ProcBind::Primary): all threads on `primary_place`.
/// - [`Close`](ProcBind::Close) (and [`True`](ProcBind::True)): consecutive places from
///   `primary_place` on, wrapping round within the partition. For `T > P` each place holds
///   consecutive thread numbers, `T / P` of them rounded down or up.
/// - [`Spread`](ProcBind::Spread), `T <= P`: the partition is cut into `T` subpartitions of `P / T`
///   consecutive places, rounded down or up, counted from the partition's first place. The primary
///   gets the one that holds its place; each next thread gets the first place of the next one,
///   wrapping round.
/// - `Spread`, `T > P`: as close, with the thread's place alone as its partition.
/// - [`False`](ProcBind::False): nothing is bound; every entry holds `primary_place` and the whole
///   partition, as bookkeeping for nested teams.
///
/// Where the specification leaves a choice (`P` does not divide `T`, or `T` not `P`), the larger
/// shares come first: places from the primary's on, subpartitions from the partition's start on.
///
/// ```
/// use phalanx_topology::{ProcBind, assign};
/// let team = assign(ProcBind::Spread, 4, 0..8, 2);
/// assert_eq!(team.iter().map(|a| a.place).collect::<Vec<_>>(), [2, 4, 6, 0]);
/// assert_eq!(team[0].partition, 2..4);
/// ```
///
/// # Panics
/// When `partition` is empty, or `primary_place` is not in it, and there is a thread to place.
#[must_use]
pub fn assign(
    bind: ProcBind,
    num_threads: usize,
    partition: Range<usize>,
    primary_place: usize,
) -> Vec<Assignment> {
    assert!(
        num_threads == 0 || partition.contains(&primary_place),
        "the primary thread's place {primary_place} is not in the place partition {partition:?}"
    );
    match bind {
        ProcBind::False | ProcBind::Primary => {
            vec![
                Assignment {
                    place: primary_place,
                    partition
                };
                num_threads
            ]
        }
        ProcBind::True | ProcBind::Close => close(num_threads, &partition, primary_place)
            .map(|place| Assignment {
                place,
                partition: partition.clone(),
            })
            .collect(),
        ProcBind::Spread if num_threads > partition.len() => {
            close(num_threads, &partition, primary_place)
                .map(|place| Assignment {
                    place,
                    partition: place..place + 1,
                })
                .collect()
        }
        ProcBind::Spread => spread(num_threads, &partition, primary_place),
    }
}

/// The places of `threads` threads, from the primary's on.
fn close(threads: usize, partition: &Range<usize>, primary: usize) -> impl Iterator<Item = usize> {
    let (first, places) = (partition.start, partition.len());
    (0..threads).map(move |thread| {
        let step = if threads <= places {
            thread
        } else {
            share_of(thread, threads, places)
        };
        first + (primary - first + step) % places
    })
}

/// One thread to each subpartition; there are at least as many places as threads.
fn spread(threads: usize, partition: &Range<usize>, primary: usize) -> Vec<Assignment> {
    let places = partition.len();
    let start_of =
        |part: usize| partition.start + part * (places / threads) + part.min(places % threads);
    let home = if threads == 0 {
        0
    } else {
        share_of(primary - partition.start, places, threads)
    };
    let one = |thread: usize| {
        let part = (home + thread) % threads;
        let partition = start_of(part)..start_of(part + 1);
        Assignment {
            place: if thread == 0 {
                primary
            } else {
                partition.start
            },
            partition,
        }
    };
    (0..threads).map(one).collect()
}

/// `items` things are dealt in order into `shares` runs, the larger runs first: which run has `item`.
fn share_of(item: usize, items: usize, shares: usize) -> usize {
    let (small, larger) = (items / shares, items % shares);
    let in_larger = larger * (small + 1);
    if item < in_larger {
        item / (small + 1)
    } else {
        larger + (item - in_larger) / small
    }
}

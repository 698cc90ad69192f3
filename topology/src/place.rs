//! Places: what `OMP_PLACES` asks for, and the list of places that comes of it.

use crate::CpuSet;
use std::fmt;

/// A place list as asked for (OpenMP 6.0, "OMP_PLACES"): parsed, not yet tied to a machine.
///
/// | text | places |
/// | --- | --- |
/// | `threads`, `cores`, `ll_caches`, `numa_domains`, `sockets` | one for each such object with usable processors, in order of locality |
/// | `cores(4)` | the first 4 of them |
/// | `cores(4:2)` | 4 of them, every second: the increment of OpenMP 6.0 |
/// | `{0,1},{2,3}` | these processors |
/// | `{0:4:2}` | 4 processors from 0 on in steps of 2: 0, 2, 4, 6 (without a step: 1) |
/// | `{0:2}:4:2` | 4 places, each 2 further on: `{0,1},{2,3},{4,5},{6,7}`; steps may be negative |
/// | `{0:8,!3}` | 0 to 7 without 3 |
/// | `{0:2}:4:2,!{2,3}` | without the place that holds exactly 2 and 3 |
/// | `0,4,8` or `0:8` | a bare number is a place of one processor |
///
/// Numbers are those of the operating system. White space is allowed between the parts, names are
/// read in any case. An exclusion holds for its whole list, wherever in it it stands. An increment
/// of 0 repeats the same place or processor.
///
/// ```
/// use phalanx_topology::PlacesSpec;
/// let spec: PlacesSpec = "{0:2}:3:2, 8".parse().unwrap();
/// assert_eq!(spec.to_string(), "{0:2}:3:2,{8}");
/// let error = "{0,,2}".parse::<PlacesSpec>().unwrap_err();
/// assert_eq!(error.to_string(), "places `{0,,2}`, character 4: expected a processor number or `!`, found `,`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlacesSpec(pub(crate) Form);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    Abstract {
        object: Object,
        count: Option<usize>,
        step: usize,
    },
    Explicit(Vec<Item<Vec<Item<usize>>>>),
}

/// What an abstract name makes places of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Object {
    Threads,
    Cores,
    LlCaches,
    NumaDomains,
    Sockets,
}

impl Object {
    pub(crate) const ALL: [Self; 5] = [
        Self::Threads,
        Self::Cores,
        Self::LlCaches,
        Self::NumaDomains,
        Self::Sockets,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Cores => "cores",
            Self::LlCaches => "ll_caches",
            Self::NumaDomains => "numa_domains",
            Self::Sockets => "sockets",
        }
    }

    pub(crate) fn described(self) -> &'static str {
        match self {
            Self::Threads => "hardware threads",
            Self::Cores => "cores",
            Self::LlCaches => "last-level caches",
            Self::NumaDomains => "NUMA nodes",
            Self::Sockets => "packages",
        }
    }
}

/// An interval, or an exclusion, of processor numbers (in a place) or of places (in the list).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Item<T> {
    /// `len` of them, the first being `first`, each `step` further on than the one before.
    Include {
        first: T,
        len: usize,
        step: i64,
    },
    Exclude(T),
}

/// A place: processors among which the operating system may move a thread bound to it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Place {
    cpus: CpuSet,
}

impl Place {
    /// The place with these processors.
    #[must_use]
    pub fn new(cpus: CpuSet) -> Self {
        Self { cpus }
    }

    /// Its processors, by their numbers in the operating system.
    #[must_use]
    pub fn cpus(&self) -> &CpuSet {
        &self.cpus
    }
}

impl fmt::Display for Place {
    /// `{0-3,8}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{{{}}}", self.cpus))
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A place list on a machine. Every place holds a usable processor, and only usable ones.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Places {
    /// The places; their positions are the place numbers of OpenMP. Never empty.
    pub list: Vec<Place>,
    /// Where the list is not what was asked for, a sentence each.
    pub warnings: Vec<String>,
}

impl Places {
    /// The places; their positions are the place numbers of OpenMP. Never empty.
    #[must_use]
    pub fn list(&self) -> &[Place] {
        &self.list
    }

    /// Where the list is not what was asked for, a sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl fmt::Display for Places {
    /// `{0-3},{4-7}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<String> = self.list.iter().map(Place::to_string).collect();
        f.pad(&places.join(","))
    }
}

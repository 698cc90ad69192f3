//! Schedules: which iterations of a loop go to which thread. Pure arithmetic; imports nothing of the crate.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// How the iterations of a loop are dealt to the threads of a team (OpenMP 6.0, `schedule` clause).
///
/// Chunk sizes count iterations and are at least 1.
///
/// # Errors
///
/// A chunk of 0 is refused where the loop starts: it panics and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Schedule {
    /// One contiguous block a thread; with `n` iterations and `p` threads the first `n mod p`
    /// threads get one more. The same length and team size always give the same blocks, so memory
    /// that one loop touched first is near in the next loop.
    #[default]
    Static,
    /// Chunks of this many iterations, dealt round robin in order of thread number.
    StaticChunk(usize),
    /// Chunks of this many iterations on demand: each thread works through a part of its own and
    /// then steals from the others (`nonmonotonic:dynamic`, OpenMP's default for `dynamic`).
    Dynamic(usize),
    /// Chunks on demand from one shared counter, so that each thread's chunks only ascend
    /// (`monotonic:dynamic`). Costs a cache-line transfer a chunk.
    MonotonicDynamic(usize),
    /// Chunks on demand that shrink with what is left, never below this size.
    Guided(usize),
    /// The runtime chooses. Today: [`Schedule::Static`].
    Auto,
    /// The schedule of `OMP_SCHEDULE`, or the one set by [`crate::set_schedule`].
    Runtime,
}

/// The part of a static schedule that belongs to one thread: `len` iterations over `team` threads.
///
/// The first `len mod team` threads get one iteration more. Empty when `thread` has none.
pub fn static_block(len: usize, team: usize, thread: usize) -> Range<usize> {
    // Most teams are a power of two, and a division is most of what dealing out a short loop costs.
    let (each, more) = match team.is_power_of_two() {
        true => (len >> team.trailing_zeros(), len & (team - 1)),
        false => (len / team, len % team),
    };
    let start = thread * each + thread.min(more);
    start..start + each + usize::from(thread < more)
}

/// The thread that [`static_block`] gives iteration `i` to.
pub fn static_owner(len: usize, team: usize, i: usize) -> usize {
    let (each, more) = (len / team, len % team);
    // The first `more` threads have `each + 1`; with none of them that sum may not fit.
    let big = if more > 0 { more * (each + 1) } else { 0 };
    if i < big {
        i / (each + 1)
    } else {
        more + (i - big) / each.max(1)
    }
}

/// How many iterations a guided schedule hands out next, of `left`, to a team of `team`.
pub fn guided_chunk(left: usize, team: usize, min: usize) -> usize {
    (left / (2 * team)).max(min).min(left)
}

impl Schedule {
    /// A number for the kind, whatever the chunk.
    #[inline(always)]
    pub(crate) fn tag(self) -> u8 {
        match self {
            Schedule::Static => 0,
            Schedule::StaticChunk(_) => 1,
            Schedule::Dynamic(_) => 2,
            Schedule::MonotonicDynamic(_) => 3,
            Schedule::Guided(_) => 4,
            Schedule::Auto => 5,
            Schedule::Runtime => 6,
        }
    }

    /// The chunk size, where the schedule has one.
    pub fn chunk(self) -> Option<usize> {
        match self {
            Schedule::StaticChunk(c)
            | Schedule::Dynamic(c)
            | Schedule::MonotonicDynamic(c)
            | Schedule::Guided(c) => Some(c),
            Schedule::Static | Schedule::Auto | Schedule::Runtime => None,
        }
    }

    /// The thread that gets iteration `i` of `len`, where the schedule alone decides that.
    pub fn owner(self, len: usize, team: usize, i: usize) -> Option<usize> {
        if team == 0 || i >= len {
            return None;
        }
        match self {
            Schedule::Static | Schedule::Auto => Some(static_owner(len, team, i)),
            Schedule::StaticChunk(c) => Some(i / c.max(1) % team),
            _ => None,
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Schedule::Static => f.write_str("static"),
            Schedule::StaticChunk(c) => write!(f, "static,{c}"),
            Schedule::Dynamic(c) => write!(f, "dynamic,{c}"),
            Schedule::MonotonicDynamic(c) => write!(f, "monotonic:dynamic,{c}"),
            Schedule::Guided(c) => write!(f, "guided,{c}"),
            Schedule::Auto => f.write_str("auto"),
            Schedule::Runtime => f.write_str("runtime"),
        }
    }
}

/// Why a schedule could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleError(String);

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for ScheduleError {}

impl FromStr for Schedule {
    type Err = ScheduleError;

    /// Reads `[modifier:]kind[,chunk]`, as in `OMP_SCHEDULE` (OpenMP 6.0, section "OMP_SCHEDULE").
    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let fail = |what: String| Err(ScheduleError(what));
        let lower = text.trim().to_ascii_lowercase();
        let (modifier, rest) = match lower.split_once(':') {
            Some((m, r)) => (Some(m.trim()), r.trim()),
            None => (None, lower.as_str()),
        };
        let (kind, chunk) = match rest.split_once(',') {
            Some((k, c)) => (k.trim(), Some(c.trim())),
            None => (rest, None),
        };
        if let Some(m) = modifier
            && !["monotonic", "nonmonotonic"].contains(&m)
        {
            return fail(format!("`{m}` is not `monotonic` or `nonmonotonic`"));
        }
        let chunk = match chunk.map(str::parse::<usize>) {
            None => None,
            Some(Ok(c)) if c > 0 => Some(c),
            Some(_) => {
                return fail(format!(
                    "the chunk of `{text}` is not a number of at least 1"
                ));
            }
        };
        Ok(match (kind, chunk) {
            ("static", None) => Schedule::Static,
            ("static", Some(c)) => Schedule::StaticChunk(c),
            ("dynamic", c) if modifier == Some("monotonic") => {
                Schedule::MonotonicDynamic(c.unwrap_or(1))
            }
            ("dynamic", c) => Schedule::Dynamic(c.unwrap_or(1)),
            ("guided", c) => Schedule::Guided(c.unwrap_or(1)),
            ("auto", None) => Schedule::Auto,
            ("auto", Some(_)) => return fail("`auto` takes no chunk".into()),
            _ => {
                return fail(format!(
                    "`{kind}` is not one of `static`, `dynamic`, `guided`, `auto`"
                ));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn static_blocks_cover_each_iteration_once(len in 0usize..5000, team in 1usize..70) {
            let mut next = 0;
            for t in 0..team {
                let r = static_block(len, team, t);
                prop_assert_eq!(r.start, next);
                prop_assert!(r.len() == len / team + usize::from(t < len % team));
                for i in r.clone() { prop_assert_eq!(static_owner(len, team, i), t); }
                next = r.end;
            }
            prop_assert_eq!(next, len);
        }

        #[test]
        fn guided_always_moves(left in 1usize..1_000_000, team in 1usize..100, min in 1usize..1000) {
            let c = guided_chunk(left, team, min);
            prop_assert!(c >= 1 && c <= left);
        }

        #[test]
        fn a_schedule_reads_back(kind in 0usize..7, chunk in 1usize..1000) {
            let s = [Schedule::Static, Schedule::StaticChunk(chunk), Schedule::Dynamic(chunk),
                Schedule::MonotonicDynamic(chunk), Schedule::Guided(chunk), Schedule::Auto,
                Schedule::Static][kind];
            prop_assert_eq!(s.to_string().parse::<Schedule>(), Ok(s));
        }
    }

    #[test]
    fn huge_lengths_do_not_overflow() {
        let n = usize::MAX;
        assert_eq!(static_block(n, 3, 2).end, n);
        assert_eq!(static_owner(n, 7, n - 1), 6);
        assert_eq!(Schedule::Static.owner(n, 1, 5), Some(0));
        assert_eq!(Schedule::Static.owner(n, 0, 5), None);
    }

    #[test]
    fn bad_text_is_named() {
        for bad in [
            "",
            "fast",
            "dynamic,0",
            "dynamic,-3",
            "auto,2",
            "odd:static",
            "static,",
        ] {
            let e = bad.parse::<Schedule>().unwrap_err().to_string();
            assert!(!e.is_empty(), "{bad}");
        }
    }
}

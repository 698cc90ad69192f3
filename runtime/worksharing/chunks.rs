//! One thread's side of a loop: the chunks it runs, by each schedule.

use crate::schedule::{Schedule, guided_chunk, static_block};
use crate::team::Team;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A long chunk is run in pieces of at least this many iterations, so that a thread whose teammate
/// panicked leaves the loop soon, at a cost that a packed loop does not feel.
const PIECE: usize = 1024;

/// The largest number of chunks that a packed `(next, end)` word can count.
const WORD: usize = u32::MAX as usize;

/// What the threads of one loop share, and only read while it runs.
pub struct Loop {
    len: usize,
    schedule: Schedule,
}

fn pack(next: usize, end: usize) -> u64 {
    (next as u64) << 32 | end as u64
}
fn unpack(word: u64) -> (usize, usize) {
    ((word >> 32) as usize, (word & 0xffff_ffff) as usize)
}

impl Loop {
    /// Sets a loop up; `schedule` is resolved (neither `Auto` nor `Runtime`).
    #[inline(always)]
    pub fn new(team: &Team, len: usize, schedule: Schedule) -> Self {
        let schedule = match schedule {
            // More chunks than a word can count: one shared counter serves as well, for its
            // cost is nothing beside four thousand million chunks.
            Schedule::Dynamic(c) if len.div_ceil(c) > WORD => Schedule::MonotonicDynamic(c),
            Schedule::Auto | Schedule::Runtime => Schedule::Static,
            s => s,
        };
        if let Schedule::Dynamic(c) = schedule {
            let chunks = len.div_ceil(c);
            for t in 0..team.size() {
                let r = static_block(chunks, team.size(), t);
                // Published to the workers by the fork, which follows.
                team.word(t).store(pack(r.start, r.end), Ordering::Relaxed);
            }
        }
        if let Schedule::MonotonicDynamic(_) | Schedule::Guided(_) = schedule {
            // The same.
            team.next().store(0, Ordering::Relaxed);
        }
        Loop { len, schedule }
    }

    /// The part of thread `num` of the team.
    #[inline(always)]
    pub fn thread<'l>(&'l self, team: &'l Team, num: usize) -> Thread<'l> {
        let (n, len) = (team.size(), self.len);
        let (part, next) = match self.schedule {
            Schedule::StaticChunk(c) => (0..0, Next::Dealt(num.checked_mul(c))),
            Schedule::Dynamic(_) => (0..0, Next::Own),
            Schedule::MonotonicDynamic(_) | Schedule::Guided(_) => (0..0, Next::Shared),
            _ => (static_block(len, n, num), Next::Nothing),
        };
        let piece = piece(&part);
        Thread {
            team,
            shared: self,
            num,
            part,
            piece,
            next,
            limit: len,
        }
    }

    /// The block that starts at `start` in a loop of chunks of `c`.
    fn chunk(&self, start: usize, c: usize) -> Range<usize> {
        start..start + c.min(self.len - start)
    }
}

/// How many iterations of a part run between two looks at the stop flag.
fn piece(part: &Range<usize>) -> usize {
    (part.len() / 8).max(PIECE)
}

/// Where a thread gets its next chunk from.
enum Next {
    /// A static block is all there is.
    Nothing,
    /// Dealt round robin: the start of the next one (`None`: past the end of `usize`).
    Dealt(Option<usize>),
    /// Own part first, then the others'.
    Own,
    /// The shared counter.
    Shared,
}

/// One thread's part of a loop: yields the blocks of positions that the thread is to run.
pub struct Thread<'l> {
    team: &'l Team,
    shared: &'l Loop,
    num: usize,
    /// What is left of the current chunk, handed out in pieces.
    part: Range<usize>,
    piece: usize,
    next: Next,
    /// Positions from here on need not run. At most the loop's length.
    limit: usize,
}

impl Thread<'_> {
    /// The thread's number in its team.
    pub fn num(&self) -> usize {
        self.num
    }

    /// Whether a teammate panicked, so that this thread should leave.
    #[inline(always)]
    pub fn stopped(&self) -> bool {
        self.team.stopped()
    }

    /// Positions from `limit` on need not run any more: an earlier one has decided the loop.
    pub fn cut(&mut self, limit: usize) {
        self.limit = self.limit.min(limit);
    }

    /// The next block of positions; `None` when the thread has nothing more to do.
    #[inline(never)]
    #[allow(
        clippy::should_implement_trait,
        reason = "the loop in generated code names it fully"
    )]
    pub fn next(&mut self) -> Option<Range<usize>> {
        // A static block, short or done: the common case.
        if let Next::Nothing = self.next {
            let part = self.part.clone();
            if part.start == part.end {
                return None;
            }
            if part.end - part.start <= PIECE && part.end <= self.limit {
                self.part.start = part.end;
                return (!self.stopped()).then_some(part);
            }
        }
        self.next_piece()
    }

    #[inline(never)]
    fn next_piece(&mut self) -> Option<Range<usize>> {
        if self.stopped() {
            return None;
        }
        if self.part.start >= self.part.end.min(self.limit) {
            self.part = self.claim()?;
            self.piece = piece(&self.part);
        }
        let left = self.part.end - self.part.start;
        // The last piece takes a short rest with it.
        let n = if left < self.piece + self.piece / 2 {
            left
        } else {
            self.piece
        };
        let start = self.part.start;
        self.part.start += n;
        Some(start..start + n)
    }

    /// The next chunk, which is not empty.
    fn claim(&mut self) -> Option<Range<usize>> {
        let (s, team) = (self.shared, self.team);
        match (&mut self.next, s.schedule) {
            (Next::Dealt(at), Schedule::StaticChunk(c)) => {
                let start = at.filter(|&a| a < self.limit)?;
                *at = team
                    .size()
                    .checked_mul(c)
                    .and_then(|stride| start.checked_add(stride));
                Some(s.chunk(start, c))
            }
            (Next::Own, Schedule::Dynamic(c)) => loop {
                let k = own(team, self.num).or_else(|| steal(team, self.num))?;
                if k * c < self.limit {
                    return Some(s.chunk(k * c, c));
                }
                // All that follows in this part is past the limit as well.
                team.word(self.num).store(0, Ordering::Relaxed);
            },
            (Next::Shared, Schedule::Guided(c)) => claim(team.next(), s.len, self.limit, |left| {
                guided_chunk(left, team.size(), c)
            }),
            (Next::Shared, Schedule::MonotonicDynamic(c)) => {
                claim(team.next(), s.len, self.limit, |left| c.min(left))
            }
            _ => None,
        }
    }
}

/// Takes a piece of what is left of `0..len`, unless that begins past `limit`.
///
/// Each claim is an RMW on the one counter, so they are totally ordered; it publishes no data, hence
/// `Relaxed`.
fn claim(
    next: &AtomicUsize,
    len: usize,
    limit: usize,
    size: impl Fn(usize) -> usize,
) -> Option<Range<usize>> {
    let mut at = next.load(Ordering::Relaxed);
    while at < limit {
        let end = at + size(len - at);
        match next.compare_exchange_weak(at, end, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return Some(at..end),
            Err(now) => at = now,
        }
    }
    None
}

/// Takes the next chunk of the thread's own part.
///
/// (A plain store of "empty", as `Thread::claim` does past a limit, may undo a thief's CAS. The thief
/// has what it took, and what the store drops is past the limit.)
///
/// The word is the only state, each change is an RMW on it, and no data travels with it: `Relaxed`
/// is enough, for an RMW always sees the latest value.
fn own(team: &Team, num: usize) -> Option<usize> {
    let word = team.word(num);
    let mut seen = word.load(Ordering::Relaxed);
    loop {
        let (next, end) = unpack(seen);
        if next >= end {
            return None;
        }
        let new = pack(next + 1, end);
        match word.compare_exchange_weak(seen, new, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return Some(next),
            Err(now) => seen = now,
        }
    }
}

/// Takes the upper half of another thread's part, runs its first chunk and keeps the rest.
///
/// A part never comes back to a value that it had: within one loop its chunks are handed out once
/// and the words only ever hold chunks that are not. So a CAS that succeeds saw the present.
/// Only the owner of an empty word makes it non-empty again, with a plain store: a thief's CAS
/// wants a non-empty value, so it cannot come between.
fn steal(team: &Team, num: usize) -> Option<usize> {
    let n = team.size();
    for away in 1..n {
        let word = team.word((num + away) % n);
        let mut seen = word.load(Ordering::Relaxed);
        loop {
            let (next, end) = unpack(seen);
            if next >= end {
                break;
            }
            let mid = next + (end - next) / 2;
            let new = pack(next, mid);
            match word.compare_exchange_weak(seen, new, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => {
                    team.word(num).store(pack(mid + 1, end), Ordering::Relaxed);
                    return Some(mid);
                }
                Err(now) => seen = now,
            }
        }
    }
    None
}

//! One thread's side of a loop: the chunks it runs, by each schedule.

use crate::schedule::{Schedule, guided_chunk, static_block};
use crate::team::Team;
use crate::team::slot::Slot;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// A long chunk is run in pieces of at least this many iterations, so that a thread whose teammate
/// panicked leaves the loop soon, at a cost that a packed loop does not feel.
const PIECE: usize = 1024;

/// And of at most this many.
const MOST: usize = 1 << 16;

/// Iterations of a body of unknown length that run before the first look at the stop flag; each piece
/// after that is twice as long. So a thread stays no longer than it has worked already.
const FIRST: usize = 32;

/// The largest number of chunks that a packed `(next, end)` word can count.
const WORD: usize = u32::MAX as usize;

/// A thread takes at most this many chunks of its own part at once, no more than a sixteenth of what is
/// left there, and at most twice as many as the last time: so a claim costs little beside short
/// iterations, and thieves find enough beside long ones.
const BATCH: usize = 16;

/// How the iterations reach the threads.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
enum Kind {
    /// A block each.
    Static,
    /// Dealt round robin.
    Dealt,
    /// Own part first, then the others'.
    Own,
    /// From one counter.
    Shared,
    /// From one counter, in shrinking chunks.
    Guided,
}

/// What the threads of one loop share, and only read while it runs. Without padding, so that two loops
/// that are alike are alike in memory.
pub struct Loop {
    len: usize,
    kind: Kind,
    chunk: usize,
}

fn pack(next: usize, end: usize) -> u64 {
    (next as u64) << 32 | end as u64
}
fn unpack(word: u64) -> (usize, usize) {
    ((word >> 32) as usize, (word & 0xffff_ffff) as usize)
}

/// Where the threads of a loop claim their chunks: with the team, or in the slot of a region's construct.
#[derive(Clone, Copy)]
pub(crate) enum Claims<'l> {
    Team(&'l Team),
    Slot(&'l Slot),
}

impl<'l> Claims<'l> {
    /// Thread `num`'s part.
    #[inline(always)]
    fn word(self, num: usize) -> &'l AtomicU64 {
        match self {
            Claims::Team(team) => team.word(num),
            Claims::Slot(slot) => slot.word(num),
        }
    }
    /// The counter that all threads claim from.
    #[inline(always)]
    fn next(self) -> &'l AtomicUsize {
        match self {
            Claims::Team(team) => team.next(),
            Claims::Slot(slot) => slot.counter(),
        }
    }
}

impl Loop {
    /// A loop; `schedule` is resolved (neither `Auto` nor `Runtime`).
    #[inline(always)]
    pub(crate) fn new(len: usize, schedule: Schedule) -> Self {
        let (kind, chunk) = match schedule {
            // More chunks than a word can count: one shared counter serves as well, for its
            // cost is nothing beside four thousand million chunks.
            Schedule::Dynamic(c) if len.div_ceil(c) > WORD => (Kind::Shared, c),
            Schedule::Dynamic(c) => (Kind::Own, c),
            Schedule::MonotonicDynamic(c) => (Kind::Shared, c),
            Schedule::Guided(c) => (Kind::Guided, c),
            Schedule::StaticChunk(c) => (Kind::Dealt, c),
            Schedule::Static | Schedule::Auto | Schedule::Runtime => (Kind::Static, 0),
        };
        Loop { len, kind, chunk }
    }

    /// Sets up what the threads claim from. Relaxed: what follows publishes it to them, be it the fork or
    /// the slot's turn.
    #[inline(always)]
    pub(crate) fn prepare(&self, threads: usize, claims: Claims<'_>) {
        match self.kind {
            Kind::Own => {
                let chunks = self.len.div_ceil(self.chunk);
                for t in 0..threads {
                    let r = static_block(chunks, threads, t);
                    claims
                        .word(t)
                        .store(pack(r.start, r.end), Ordering::Relaxed);
                }
            }
            Kind::Shared | Kind::Guided => claims.next().store(0, Ordering::Relaxed),
            Kind::Static | Kind::Dealt => {}
        }
    }

    /// The part of thread `num` of the team.
    #[inline(always)]
    pub(crate) fn thread<'l>(
        &'l self,
        team: &'l Team,
        claims: Claims<'l>,
        num: usize,
    ) -> Thread<'l> {
        let (part, dealt) = match self.kind {
            Kind::Static => (static_block(self.len, team.size(), num), None),
            Kind::Dealt => (0..0, num.checked_mul(self.chunk)),
            _ => (0..0, None),
        };
        Thread {
            team,
            claims,
            shared: self,
            num,
            part,
            piece: 0,
            batch: 0,
            dealt,
            ended: false,
            limit: self.len,
        }
    }

    /// The block that starts at `start` in a loop of chunks of `c`.
    fn chunk(&self, start: usize, c: usize) -> Range<usize> {
        start..start + c.min(self.len - start)
    }
}

#[cold]
#[inline(never)]
fn left_early() -> ! {
    panic!(
        "the body of a parallel loop left it early, by a `break`, `return` or `continue` inside a \
         macro: its other iterations were not run, or not to their ends"
    )
}

/// For lanes: whether each came back.
///
/// # Panics
///
/// When one did not.
#[inline(always)]
pub fn check_lanes(came_back: usize, of: usize) {
    if came_back != of {
        left_early()
    }
}

/// How many iterations of a part run between two looks at the stop flag: whole cache lines of any element, so
/// that pieces of an aligned array are aligned (else each second packed access would cross a line).
fn piece(part: &Range<usize>) -> usize {
    (part.len() / 8).clamp(PIECE, MOST).next_multiple_of(64)
}

/// One thread's part of a loop: yields the blocks of positions that the thread is to run.
pub struct Thread<'l> {
    team: &'l Team,
    claims: Claims<'l>,
    shared: &'l Loop,
    num: usize,
    /// What is left of the current chunk, handed out in pieces.
    part: Range<usize>,
    /// How many iterations a piece has; 0: not known yet.
    piece: usize,
    /// Chunks of its own part that the thread took last.
    batch: usize,
    /// The start of the next chunk that is dealt to it (`None`: past the end of `usize`).
    dealt: Option<usize>,
    /// The last call of `next` said that there is nothing more.
    ended: bool,
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

    /// For bodies whose macros may hide control flow: whether all iterations of a block were counted.
    ///
    /// # Panics
    ///
    /// When one was not, though no teammate panicked.
    #[inline(always)]
    pub fn check(&self, ran: usize, of: usize) {
        if ran != of && !self.stopped() {
            left_early()
        }
    }

    /// The same for the whole part, when the body's loops are over.
    #[inline(always)]
    pub(super) fn check_end(&self) {
        if !self.ended {
            left_early()
        }
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
        match self.whole_block(PIECE) {
            Some(block) => block,
            None => self.next_piece(0),
        }
    }

    /// The same in pieces that begin short, for bodies that may take long.
    #[inline(never)]
    pub(crate) fn next_short(&mut self) -> Option<Range<usize>> {
        match self.whole_block(FIRST) {
            Some(block) => block,
            None => {
                let twice = self.piece.saturating_mul(2);
                self.next_piece(twice.clamp(FIRST, MOST))
            }
        }
    }

    /// All that the thread has to do, if that is one short static block (perhaps an empty one). The first and
    /// last call.
    #[inline(always)]
    pub(super) fn only_block(&self) -> Option<Range<usize>> {
        let part = self.part.clone();
        let short = self.shared.kind == Kind::Static && part.end - part.start <= FIRST;
        (short && !self.stopped()).then_some(part)
    }

    /// A static block of at most `most` iterations, or its end: the common case. `None`: another.
    #[inline(always)]
    fn whole_block(&mut self, most: usize) -> Option<Option<Range<usize>>> {
        if self.shared.kind != Kind::Static {
            return None;
        }
        let part = self.part.clone();
        if part.start == part.end {
            self.ended = true;
            return Some(None);
        }
        if part.end - part.start > most || part.end > self.limit {
            return None;
        }
        self.part.start = part.end;
        self.ended = self.stopped();
        Some((!self.ended).then_some(part))
    }

    /// The next piece, of this length or (0) of one that fits the part.
    #[inline(never)]
    fn next_piece(&mut self, length: usize) -> Option<Range<usize>> {
        let block = self.next_piece_of(length);
        self.ended |= block.is_none();
        block
    }

    #[inline(always)]
    fn next_piece_of(&mut self, length: usize) -> Option<Range<usize>> {
        if self.stopped() {
            return None;
        }
        if self.part.start >= self.part.end.min(self.limit) {
            self.part = self.claim()?;
            self.piece = 0;
        }
        if length > 0 {
            self.piece = length;
        }
        if self.piece == 0 {
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
        let (threads, claims, limit) = (self.team.size(), self.claims, self.limit);
        let &Loop { len, kind, chunk } = self.shared;
        match kind {
            Kind::Static => None,
            Kind::Dealt => {
                let start = self.dealt.filter(|&a| a < limit)?;
                let stride = threads.checked_mul(chunk);
                self.dealt = stride.and_then(|stride| start.checked_add(stride));
                Some(self.shared.chunk(start, chunk))
            }
            Kind::Own => loop {
                let most = (2 * self.batch).clamp(1, BATCH);
                let mine = own(claims.word(self.num), most)
                    .or_else(|| steal(claims, threads, self.num))?;
                self.batch = mine.len();
                let start = mine.start * chunk;
                if start < limit {
                    // Fits: less than the loop's length and one chunk.
                    return Some(start..start + (mine.len() * chunk).min(len - start));
                }
                // All that follows in this part is past the limit as well.
                claims.word(self.num).store(0, Ordering::Relaxed);
            },
            Kind::Shared => claim(claims.next(), len, limit, |left| chunk.min(left)),
            Kind::Guided => claim(claims.next(), len, limit, |left| {
                guided_chunk(left, threads, chunk)
            }),
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

/// Takes the next chunks of the thread's own part.
///
/// (A plain store of "empty", as `Thread::claim` does past a limit, may undo a thief's CAS. The thief
/// has what it took, and what the store drops is past the limit.)
///
/// The word is the only state, each change is an RMW on it, and no data travels with it: `Relaxed`
/// is enough, for an RMW always sees the latest value.
fn own(word: &AtomicU64, most: usize) -> Option<Range<usize>> {
    let mut seen = word.load(Ordering::Relaxed);
    loop {
        let (next, end) = unpack(seen);
        if next >= end {
            return None;
        }
        let upto = next + ((end - next) / 16).clamp(1, most);
        let new = pack(upto, end);
        match word.compare_exchange_weak(seen, new, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return Some(next..upto),
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
fn steal(claims: Claims<'_>, threads: usize, num: usize) -> Option<Range<usize>> {
    for away in 1..threads {
        let word = claims.word((num + away) % threads);
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
                    claims
                        .word(num)
                        .store(pack(mid + 1, end), Ordering::Relaxed);
                    return Some(mid..mid + 1);
                }
                Err(now) => seen = now,
            }
        }
    }
    None
}

//! The identity of a construct: what has to be equal for two threads to be in the same one.

use super::Team;
use crate::schedule::Schedule;
use std::any::TypeId;
use std::fmt;
use std::mem::MaybeUninit;
use std::panic::Location;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering, fence};

/// What a construct is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    For,
    Ordered,
    Sections,
    Single,
    Masked,
    Each,
    Combine,
    Barrier,
    NowaitEnd,
    Leave,
}

impl Kind {
    const ALL: [Kind; 10] = [
        Kind::For,
        Kind::Ordered,
        Kind::Sections,
        Kind::Single,
        Kind::Masked,
        Kind::Each,
        Kind::Combine,
        Kind::Barrier,
        Kind::NowaitEnd,
        Kind::Leave,
    ];

    /// The one with that number.
    pub(super) fn named(kind: u64) -> Kind {
        Kind::ALL[kind as usize]
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::For => "a worksharing loop",
            Kind::Ordered => "an ordered loop",
            Kind::Sections => "sections",
            Kind::Single => "single",
            Kind::Masked => "masked",
            Kind::Each => "a reading by each thread",
            Kind::Combine => "a reduction of the threads' values",
            Kind::Barrier => "a barrier",
            Kind::NowaitEnd => "the end of a nowait scope",
            Kind::Leave => "the end of the region",
        })
    }
}

/// Words of an identity that lie beside it.
const WORDS: usize = 12;

/// All that has to be equal for two threads to be in the same construct. Compared word by word.
#[derive(Clone)]
pub struct Identity {
    /// Kind, schedule, flags and number of words, in one word: what is built piece by piece and loaded as a
    /// whole has to wait for the stores.
    head: u64,
    at: &'static Location<'static>,
    /// As many as the head says, at most. (To write zeros would take longer than the rest.)
    words: [MaybeUninit<u64>; WORDS],
    /// Words that do not fit.
    more: Vec<u64>,
    /// The type of what crosses threads.
    ty: Option<TypeId>,
    schedule: Schedule,
    /// The team that enters the construct. It is not compared: each thread's views are, with this.
    team: usize,
}

/// What most identities consist of, in words that may be looked at while another thread writes them.
#[derive(Default)]
#[repr(align(64))]
pub(super) struct Short {
    /// A number for each time that one is written; 0: being written, or never.
    edition: AtomicU64,
    head: AtomicU64,
    /// Null or a `&'static`.
    at: AtomicPtr<Location<'static>>,
    words: [AtomicU64; WORDS],
}

impl Short {
    /// Relaxed: to be asked by threads in the construct, after they acquired its turn.
    #[inline(always)]
    pub(super) fn edition(&self) -> u64 {
        self.edition.load(Ordering::Relaxed)
    }

    /// The edition, if this is a copy with that head and place whose words are `equal`, and nobody is writing
    /// it.
    #[inline(always)]
    fn edition_if(
        &self,
        head: u64,
        at: &'static Location<'static>,
        equal: impl FnOnce() -> bool,
    ) -> Option<u64> {
        // Acquire: pairs with the last store in `copy_to`.
        let edition = self.edition.load(Ordering::Acquire);
        // Relaxed, all: the loads of the edition around them tell.
        let equals = self.head.load(Ordering::Relaxed) == head
            && is_at(at, self.at.load(Ordering::Relaxed))
            && equal();
        fence(Ordering::Acquire);
        // Relaxed, behind the fence: pairs with the first store in `copy_to`.
        let still = self.edition.load(Ordering::Relaxed) == edition;
        (equals && still && edition != 0).then_some(edition)
    }

    /// The edition, if it is one of a construct that is nothing but its kind and place.
    #[inline(always)]
    pub(super) fn edition_of(&self, kind: Kind, at: &'static Location<'static>) -> Option<u64> {
        self.edition_if(kind as u64, at, || true)
    }
}

/// Whether `at` is that place, which is null or a `&'static`.
#[inline(always)]
fn is_at(at: &'static Location<'static>, place: *const Location<'static>) -> bool {
    // The compiler may have made two locations of one.
    #[inline(never)]
    fn equal(a: &Location<'_>, b: &Location<'_>) -> bool {
        a == b
    }
    // SAFETY: as the doc says.
    std::ptr::eq(at, place) || unsafe { place.as_ref() }.is_some_and(|p| equal(at, p))
}

/// A number to look a place up by. Which one does not matter, but it is the same on all threads: so it is
/// not made of the address, for the compiler may make several locations of one place.
#[inline(always)]
pub(super) fn key(at: &Location<'_>) -> usize {
    (at.line() as usize)
        .wrapping_mul(5)
        .wrapping_add(at.column() as usize)
}

/// No barrier at its end.
const NOWAIT: u64 = 1 << 16;
/// Something crosses threads: there is a type.
const TYPED: u64 = 1 << 17;
/// It names memory that threads write, or read while others write elsewhere.
const MEMORY: u64 = 1 << 18;
/// Where the number of words begins.
const COUNT: u32 = 32;

impl Identity {
    #[inline(always)]
    pub(super) fn new(kind: Kind, at: &'static Location<'static>, team: &Team) -> Self {
        Identity {
            head: kind as u64,
            at,
            words: [MaybeUninit::uninit(); WORDS],
            more: Vec::new(),
            ty: None,
            schedule: Schedule::Static,
            team: std::ptr::from_ref(team).addr(),
        }
    }

    /// The schedule as asked for.
    #[inline(always)]
    pub(crate) fn schedule(&mut self, schedule: Schedule) {
        self.schedule = schedule;
        self.head |= u64::from(1 + schedule.tag()) << 8;
        if let Some(chunk) = schedule.chunk() {
            self.word(chunk as u64);
        }
    }

    /// The type of a value that other threads will see. `()` says nothing.
    #[inline(always)]
    pub(crate) fn of<T: 'static>(&mut self) {
        if TypeId::of::<T>() != TypeId::of::<()>() {
            self.ty = Some(TypeId::of::<T>());
            self.head |= TYPED;
        }
    }

    /// The construct has no barrier at its end.
    #[inline(always)]
    pub(crate) fn nowait(&mut self) {
        self.head |= NOWAIT;
    }

    /// Those that lie in it.
    #[inline(always)]
    fn words(&self) -> &[u64] {
        let there = &self.words[..self.len().min(WORDS)];
        // SAFETY: the head counts what `word` has written, in order.
        unsafe { std::slice::from_raw_parts(there.as_ptr().cast(), there.len()) }
    }

    #[inline(always)]
    fn len(&self) -> usize {
        (self.head >> COUNT) as usize
    }

    #[inline(always)]
    pub(crate) fn word(&mut self, word: u64) {
        let n = self.len();
        if n < WORDS {
            self.words[n].write(word);
        } else {
            self.more.push(word);
        }
        self.head += 1 << COUNT;
    }

    /// Something that consists of as many parts, which follow.
    #[inline(always)]
    pub(crate) fn parts(&mut self, tag: Tag, parts: usize) {
        self.word(tag as u64 | (parts as u64) << 8);
    }

    /// A block of memory follows.
    #[inline(always)]
    pub(super) fn names_memory(&mut self) {
        self.head |= MEMORY;
    }
}

/// What a piece of an identity is. The first few name no memory.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(crate) enum Tag {
    Range = 1,
    Tuple,
    Nest,
    By,
    Enumerate,
    Section,
    Items,
    Chunks,
    Cells,
    Tiles,
    Reading,
    Whole,
    Parts,
    Scatter,
    Owners,
    Columns,
    Strided,
    Planes,
    OtherRows,
    SweepRows,
    RedBlack,
    Checkerboard,
    Antidiagonal,
    TileAntidiagonal,
    SharedItems,
    SharedChunks,
    SharedCells,
    SharedColumns,
}

impl Identity {
    /// The schedule, `Runtime` as it is.
    #[inline(always)]
    pub(super) fn asked(&self) -> Schedule {
        self.schedule
    }
    /// The type of what crosses threads.
    #[inline(always)]
    pub(super) fn ty(&self) -> Option<TypeId> {
        self.ty
    }
    /// Something crosses threads.
    #[inline(always)]
    pub(super) fn is_typed(&self) -> bool {
        self.head & TYPED != 0
    }
    /// Without a barrier at its end.
    #[inline(always)]
    pub(super) fn is_nowait(&self) -> bool {
        self.head & NOWAIT != 0
    }
    /// Has a barrier at its end, and no counter that the first thread sets up.
    #[inline(always)]
    pub(super) fn is_simple(&self) -> bool {
        let kind = self.head & 0xff;
        let counts = kind == Kind::Ordered as u64 || kind == Kind::Sections as u64;
        // No schedule, or a static one.
        let schedule = self.head >> 8 & 0xff;
        schedule <= 2 && !counts && !self.is_nowait()
    }
    /// Nothing of it can be disturbed by a thread that is elsewhere: it is enough to compare at its barrier.
    /// What crosses threads is looked at after the barrier by those that found nothing wrong there: of two
    /// threads that differ both do, of more perhaps not all.
    #[inline(always)]
    pub(super) fn is_light(&self, threads: usize) -> bool {
        let one = self.head & 0xff == Kind::Single as u64;
        let crosses = self.is_typed() && threads > 2;
        self.is_simple() && self.head & MEMORY == 0 && !one && !crosses
    }

    /// Writes a short copy, without the type, where the identity is short enough; else one that equals no other. A sequence
    /// lock whose writers take turns: Boehm, "Can Seqlocks Get Along With Programming Language Memory
    /// Models?", 2012.
    pub(super) fn copy_to(&self, short: &Short, edition: u64) {
        let long = self.len() > WORDS || self.schedule == Schedule::Runtime;
        let head = if long { u64::MAX } else { self.head };
        // Relaxed, before the fence: pairs with the second load in `edition_of`.
        short.edition.store(0, Ordering::Relaxed);
        fence(Ordering::Release);
        // Relaxed: between the fence and the store below.
        short.head.store(head, Ordering::Relaxed);
        let at = std::ptr::from_ref(self.at).cast_mut();
        short.at.store(at, Ordering::Relaxed);
        for (to, &from) in short.words.iter().zip(self.words()) {
            to.store(from, Ordering::Relaxed);
        }
        // Release: pairs with the first load in `edition_of`.
        short.edition.store(edition, Ordering::Release);
    }

    /// The edition of a short copy, if it is one of this identity, but for the type, and nobody is writing it.
    #[inline(always)]
    pub(super) fn edition_of(&self, short: &Short) -> Option<u64> {
        // Relaxed: `edition_if` says why.
        let mut words = short.words.iter().zip(self.words());
        let equal = || words.all(|(there, &word)| there.load(Ordering::Relaxed) == word);
        short.edition_if(self.head, self.at, equal)
    }

    /// The team that enters the construct, by its address.
    #[inline(always)]
    pub(super) fn team(&self) -> usize {
        self.team
    }

    /// Where it is and what.
    #[inline(always)]
    pub(super) fn place(&self) -> (&'static Location<'static>, u64) {
        (self.at, self.head & 0xff)
    }

    /// Whether the two are the same construct.
    #[inline(always)]
    pub(super) fn is(&self, other: &Identity) -> bool {
        // The heads say whether there is a type, and whether there is more.
        self.head == other.head
            && self.words() == other.words()
            && is_at(self.at, other.at)
            && (self.head & TYPED == 0 || self.ty == other.ty)
            && (self.len() <= WORDS || self.more == other.more)
    }

    /// A message about a thread that is elsewhere.
    #[cold]
    #[inline(never)]
    pub(super) fn differs(&self, num: usize, number: u64, other: &Identity) -> ! {
        differ(num, number, self.place(), Some(other.place()))
    }
}

/// A message about two threads of a team, at construct `number` of their region.
#[cold]
pub(super) fn differ(
    num: usize,
    number: u64,
    (at, kind): (&'static Location<'static>, u64),
    other: Option<(&'static Location<'static>, u64)>,
) -> ! {
    let name = Kind::named;
    let elsewhere = match other.filter(|&(o, k)| o != at || k != kind) {
        Some((at, kind)) => format!("another thread in {} at {at}", name(kind)),
        None => "another thread too, but not with the same: the schedule, the length, the type of a value or \
                 the arrays differ from thread to thread"
            .to_owned(),
    };
    panic!(
        "the threads of a team meet in different constructs: as number {number} of its region, thread {num} \
         is in {} at {at}, {elsewhere}",
        name(kind)
    )
}

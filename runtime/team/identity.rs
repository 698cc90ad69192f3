//! The identity of a construct: what has to be equal for two threads to be in the same one.

use crate::schedule::Schedule;
use std::any::TypeId;
use std::fmt;
use std::panic::Location;

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
    Barrier,
    NowaitEnd,
    Leave,
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
            Kind::Barrier => "a barrier",
            Kind::NowaitEnd => "the end of a nowait scope",
            Kind::Leave => "the end of the region",
        })
    }
}

/// Words of an identity that lie beside it.
const WORDS: usize = 12;

/// What two threads compare first.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Head {
    kind: Kind,
    /// 0: no schedule.
    schedule: u8,
    /// No barrier at its end.
    nowait: bool,
    /// Something crosses threads: there is a type.
    typed: bool,
    words: u16,
}

/// All that has to be equal for two threads to be in the same construct. Compared word by word.
pub struct Identity {
    at: &'static Location<'static>,
    head: Head,
    words: [u64; WORDS],
    /// Words that do not fit.
    more: Vec<u64>,
    /// The type of what crosses threads.
    ty: Option<TypeId>,
    schedule: Schedule,
}

impl Identity {
    #[inline(always)]
    pub(crate) fn new(kind: Kind, at: &'static Location<'static>) -> Self {
        Identity {
            at,
            head: Head {
                kind,
                schedule: 0,
                nowait: false,
                typed: false,
                words: 0,
            },
            words: [0; WORDS],
            more: Vec::new(),
            ty: None,
            schedule: Schedule::Static,
        }
    }

    /// The schedule as asked for.
    #[inline(always)]
    pub(crate) fn schedule(&mut self, schedule: Schedule) {
        self.schedule = schedule;
        self.head.schedule = 1 + schedule.tag();
        if let Some(chunk) = schedule.chunk() {
            self.word(chunk as u64);
        }
    }

    /// The type of a value that other threads will see. `()` says nothing.
    #[inline(always)]
    pub(crate) fn of<T: 'static>(&mut self) {
        if TypeId::of::<T>() != TypeId::of::<()>() {
            self.ty = Some(TypeId::of::<T>());
            self.head.typed = true;
        }
    }

    /// The construct has no barrier at its end.
    #[inline(always)]
    pub(crate) fn nowait(&mut self) {
        self.head.nowait = true;
    }

    #[inline(always)]
    pub(crate) fn word(&mut self, word: u64) {
        let n = usize::from(self.head.words);
        if n < WORDS {
            self.words[n] = word;
        } else {
            self.more.push(word);
        }
        self.head.words = self
            .head
            .words
            .checked_add(1)
            .expect("a construct of few arrays");
    }

    /// A piece of memory: what kind of piece, where it begins, and its lengths and strides.
    #[inline(always)]
    pub(crate) fn block(&mut self, tag: Tag, base: usize, shape: &[usize]) {
        self.word(tag as u64 | (shape.len() as u64) << 8);
        self.word(base as u64);
        shape.iter().for_each(|&n| self.word(n as u64));
    }
}

/// What a block of an identity is.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(crate) enum Tag {
    Range = 1,
    Tuple,
    Enumerate,
    Items,
    Chunks,
    Rows,
    Cells,
    Tiles,
    Reading,
    Whole,
    Parts,
    Section,
    Columns,
    Strided,
    Neighbours,
    Diagonal,
    Scatter,
    Owned,
}

impl Identity {
    /// Whether the threads look for the schedule when they meet it.
    #[inline(always)]
    pub(super) fn finds_schedule(&self) -> bool {
        self.schedule == Schedule::Runtime
    }
    /// What they found.
    pub(super) fn found(&mut self, schedule: Schedule) {
        self.schedule = schedule;
    }
    /// The schedule, as found by the thread that wrote the identity down.
    #[inline(always)]
    pub(super) fn resolved(&self) -> Schedule {
        self.schedule
    }
    /// Without a barrier at its end.
    #[inline(always)]
    pub(super) fn is_nowait(&self) -> bool {
        self.head.nowait
    }
    /// A number to look the identity up by. Which one does not matter.
    #[inline(always)]
    pub(super) fn key(&self) -> usize {
        let at: *const Location<'_> = self.at;
        at.addr() / align_of::<Location<'_>>()
    }

    /// Whether the two are the same construct.
    #[inline(always)]
    pub(super) fn is(&self, other: &Identity) -> bool {
        let same_place = std::ptr::eq(self.at, other.at) || self.at == other.at;
        let n = usize::from(self.head.words).min(WORDS);
        // The heads say whether there is a type, and whether there is more.
        same_place
            && self.head == other.head
            && (0..n).all(|i| self.words[i] == other.words[i])
            && (!self.head.typed || self.ty == other.ty)
            && (usize::from(self.head.words) <= WORDS || self.more == other.more)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn differs(&self, num: usize, number: u64, other: &Identity) -> ! {
        let what = if self.at == other.at && self.head.kind == other.head.kind {
            "; the place is the same, but not what they gave it: the schedule, the length, the type of a \
             value or the arrays differ from thread to thread"
        } else {
            ""
        };
        panic!(
            "the threads of a team meet in different constructs: as number {number} of its region, thread \
             {num} is in {} at {}, another thread in {} at {}{what}",
            self.head.kind, self.at, other.head.kind, other.at
        )
    }
}

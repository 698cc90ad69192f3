//! The identity of a construct, and the slots where the threads of a team agree on it. See README.md
//! beside this.

use super::region::TeamStopped;
use crate::schedule::Schedule;
use crate::sync::barrier::Stop;
use crate::sync::park::yield_now;
use crate::sync::patience::Patience;
use std::any::{Any, TypeId};
use std::cell::UnsafeCell;
use std::fmt;
use std::mem::MaybeUninit;
use std::panic::{Location, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// Constructs that may be under way in one team at once.
const SLOTS: u64 = 8;

/// Words of an identity that lie in the slot itself.
const WORDS: usize = 12;

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

/// What the first thread to arrive writes down.
#[repr(C)]
struct Stated {
    at: &'static Location<'static>,
    head: Head,
    by: u32,
    words: [u64; WORDS],
}

/// The rest of it, which most constructs do not have.
struct Rest {
    more: Vec<u64>,
    ty: Option<TypeId>,
    schedule: Schedule,
}

/// One construct that is under way.
#[repr(C, align(128))]
pub(crate) struct Slot {
    /// `2k + 1` while the k-th construct's identity is written, `2k + 2` once it is there. Smaller: the
    /// slot is still that of an older one.
    turn: AtomicU64,
    /// What dynamic loops and sections claim from.
    counter: AtomicUsize,
    /// Written by the thread that claimed the slot, until `turn` says that it is there; then only read.
    stated: UnsafeCell<MaybeUninit<Stated>>,
    rest: UnsafeCell<Rest>,
    /// The iteration whose ordered part may run.
    ordered: Padded<AtomicUsize>,
    threads: Box<[Place]>,
}

#[repr(align(128))]
struct Padded<T>(T);

/// What one thread leaves in a slot.
#[repr(C, align(128))]
struct Place {
    /// Its part of a dynamic loop.
    word: AtomicU64,
    /// A small value for the others.
    small: UnsafeCell<MaybeUninit<[u64; 12]>>,
    /// A large one, or one that needs dropping.
    large: UnsafeCell<Option<Box<dyn Any + Send + Sync>>>,
}

// SAFETY: `stated` and `rest` are written by one thread, the one whose CAS made `turn` odd, and read by
// others only after they have seen the even number that it stored with Release. A place's values are
// written by its own thread before a barrier of the team and read after it; the slot is not used again
// before every thread has left the construct (README, "When a slot is free").
unsafe impl Sync for Slot {}
// SAFETY: everything in it may be dropped on any thread: the values are `Send`.
unsafe impl Send for Slot {}

impl Slot {
    fn new(threads: usize) -> Self {
        Slot {
            turn: AtomicU64::new(0),
            counter: AtomicUsize::new(0),
            stated: UnsafeCell::new(MaybeUninit::uninit()),
            rest: UnsafeCell::new(Rest {
                more: Vec::new(),
                ty: None,
                schedule: Schedule::Static,
            }),
            ordered: Padded(AtomicUsize::new(0)),
            threads: (0..threads).map(|_| Place::new()).collect(),
        }
    }

    /// What dynamic loops and sections claim from.
    #[inline(always)]
    pub(crate) fn counter(&self) -> &AtomicUsize {
        &self.counter
    }
    /// Thread `num`'s part of a dynamic loop.
    #[inline(always)]
    pub(crate) fn word(&self, num: usize) -> &AtomicU64 {
        &self.threads[num].word
    }
    /// The iteration whose ordered part may run.
    pub(crate) fn ordered(&self) -> &AtomicUsize {
        &self.ordered.0
    }
    /// The thread that arrived first. To be asked after [`Ring::enter`].
    pub(crate) fn first(&self) -> usize {
        // SAFETY: the caller has entered, so the identity is there and nobody writes it.
        unsafe { (*self.stated.get()).assume_init_ref().by as usize }
    }
    /// The schedule that the first thread found where `Runtime` was asked for.
    pub(crate) fn schedule(&self) -> Schedule {
        // SAFETY: as in `first`.
        unsafe { (*self.rest.get()).schedule }
    }

    /// Whether values of this type lie in the place itself.
    const fn is_small<T>() -> bool {
        size_of::<T>() <= size_of::<[u64; 12]>()
            && align_of::<T>() <= align_of::<u64>()
            && !std::mem::needs_drop::<T>()
    }

    /// Leaves a value for the others, who look after the team's next barrier.
    ///
    /// # Safety
    ///
    /// The caller is thread `num`, in this construct, and calls this once in it.
    #[inline(always)]
    pub(crate) unsafe fn leave<T: Send + Sync + 'static>(&self, num: usize, value: T) {
        let place = &self.threads[num];
        if Self::is_small::<T>() {
            // SAFETY: room and alignment suffice, and nobody looks before the barrier.
            unsafe { place.small.get().cast::<T>().write(value) }
        } else {
            // SAFETY: the place is this thread's until the barrier.
            unsafe { *place.large.get() = Some(Box::new(value)) }
        }
    }

    /// What thread `num` left.
    ///
    /// # Safety
    ///
    /// That thread has left a `T` in this construct, a barrier of the team lies between, and the caller
    /// lets go of it before the team's next barrier.
    #[inline(always)]
    pub(crate) unsafe fn left<T: Send + Sync + 'static>(&self, num: usize) -> &T {
        let place = &self.threads[num];
        if Self::is_small::<T>() {
            // SAFETY: the caller's promise: a `T` is there.
            unsafe { &*place.small.get().cast::<T>() }
        } else {
            // SAFETY: nobody writes it before the slot is used again.
            let large = unsafe { &*place.large.get() };
            large
                .as_ref()
                .and_then(|v| v.downcast_ref())
                .expect("the thread has left its value")
        }
    }

    /// Drops what thread `num` left. Small values need no dropping.
    ///
    /// # Safety
    ///
    /// The caller is that thread, entering the construct that uses the slot next.
    #[inline(always)]
    unsafe fn clear(&self, num: usize) {
        // SAFETY: every thread has left the construct in which it was left, and this one is its owner.
        let large = unsafe { &mut *self.threads[num].large.get() };
        if large.is_some() {
            *large = None;
        }
    }
}

impl Place {
    fn new() -> Self {
        Place {
            word: AtomicU64::new(0),
            small: UnsafeCell::new(MaybeUninit::uninit()),
            large: UnsafeCell::new(None),
        }
    }
}

/// The slots of a team, used in turn.
pub(crate) struct Ring {
    slots: Box<[Slot]>,
    /// The number of the next region's first construct. The primary's, between regions.
    base: AtomicU64,
    /// Some thread has left a value that needs dropping.
    large: AtomicBool,
}

/// Where a thread stands in its region's row of constructs.
#[derive(Clone, Copy)]
pub(crate) struct Position {
    /// Number of the next construct, counted over all regions of the team.
    pub(crate) next: u64,
    /// All constructs below this number have been left by every thread.
    left: u64,
    first: u64,
}

impl Position {
    /// The thread has met all others before the next construct.
    #[inline(always)]
    pub(crate) fn met_before_next(&mut self) {
        self.left = self.next;
    }
    /// The thread has met all others at the end of the construct that it opened last, and may still look
    /// at what they left in it.
    #[inline(always)]
    pub(crate) fn met_in_last(&mut self) {
        self.left = self.next - 1;
    }
    /// Whether the next construct has to wait for its slot.
    #[inline(always)]
    pub(crate) fn must_meet(&self) -> bool {
        self.next >= self.left + SLOTS
    }
}

impl Ring {
    pub(crate) fn new(threads: usize) -> Self {
        Ring {
            slots: (0..SLOTS).map(|_| Slot::new(threads)).collect(),
            base: AtomicU64::new(0),
            large: AtomicBool::new(false),
        }
    }

    /// Where every thread of the next region begins. Relaxed: the primary's own, until the fork
    /// publishes it.
    pub(crate) fn begin(&self) -> Position {
        let first = self.base.load(Ordering::Relaxed);
        Position {
            next: first,
            left: first,
            first,
        }
    }

    /// After a region that came to its end: where its primary stood.
    ///
    /// # Safety
    ///
    /// The team has been joined, and the caller is its primary.
    pub(crate) unsafe fn end(&self, position: Position) {
        // Relaxed, both: the join has ordered what the others did, the next fork publishes this.
        self.base.store(position.next, Ordering::Relaxed);
        if self.large.load(Ordering::Relaxed) {
            self.large.store(false, Ordering::Relaxed);
            for place in self.slots.iter().flat_map(|s| &s.threads) {
                // SAFETY: the caller's promise: nobody else is in the region any more.
                unsafe { *place.large.get() = None }
            }
        }
    }

    /// Some thread will leave a value that the region's end has to drop. Relaxed: the join orders it.
    pub(crate) fn will_leave<T>(&self) {
        if !Slot::is_small::<T>() {
            self.large.store(true, Ordering::Relaxed);
        }
    }

    /// Enters construct `position.next`: the first thread to arrive states what it is (`prepare` sets up
    /// the counters), the others compare. Returns the slot and whether the thread was the first.
    ///
    /// # Panics
    ///
    /// When another thread of the team is in another construct: the message names both.
    #[inline(always)]
    pub(crate) fn enter(
        &self,
        position: &mut Position,
        num: usize,
        id: Identity,
        stop: &Stop,
        prepare: impl FnOnce(&Slot),
    ) -> (&Slot, bool) {
        let k = position.next;
        debug_assert!(!position.must_meet());
        position.next = k + 1;
        let slot = &self.slots[(k % SLOTS) as usize];
        // SAFETY: this thread enters the slot's next construct.
        unsafe { slot.clear(num) };
        let (writing, there) = (2 * k + 1, 2 * k + 2);
        // Acquire: pairs with the store below, by the thread that arrived first.
        let seen = slot.turn.load(Ordering::Acquire);
        if seen < writing {
            // Relaxed: the claim publishes nothing, and what the last construct left in the slot was
            // ordered by the barrier since. On failure the load below is made again, in `meet_writer`.
            let claim =
                slot.turn
                    .compare_exchange(seen, writing, Ordering::Relaxed, Ordering::Relaxed);
            if claim.is_ok() {
                // SAFETY: `turn` is odd by this thread's doing.
                unsafe { slot.state(num, id) };
                prepare(slot);
                // Release: pairs with the loads of those who come later.
                slot.turn.store(there, Ordering::Release);
                return (slot, true);
            }
        }
        if seen != there {
            slot.wait_for_writer(there, stop);
        }
        // SAFETY: `turn` says that the identity is there.
        let stated = unsafe { (*slot.stated.get()).assume_init_ref() };
        // SAFETY: as above; and it is looked at only where the heads are equal and say so.
        let rest = unsafe { &*slot.rest.get() };
        if !id.is(stated, rest) {
            id.differs(num, k - position.first, stated)
        }
        (slot, false)
    }
}

impl Slot {
    /// Writes the identity down.
    ///
    /// # Safety
    ///
    /// The caller's CAS made `turn` odd.
    #[inline(always)]
    unsafe fn state(&self, num: usize, id: Identity) {
        let stated = Stated {
            at: id.at,
            head: id.head,
            by: num as u32,
            words: id.words,
        };
        // SAFETY: the caller's promise: nobody reads or writes it meanwhile.
        unsafe {
            (*self.stated.get()).write(stated);
            if id.has_rest() {
                let schedule = match id.schedule {
                    Schedule::Runtime => super::nesting::run_schedule(),
                    s => s,
                };
                *self.rest.get() = Rest {
                    more: id.more,
                    ty: id.ty,
                    schedule,
                };
            }
        }
    }

    /// Another thread is writing the identity, which takes it no longer than its processor lets it.
    #[cold]
    fn wait_for_writer(&self, there: u64, stop: &Stop) {
        let policy = crate::sync::patience::WaitPolicy::passive();
        // Acquire: pairs with the store in `enter`.
        let ready = || self.turn.load(Ordering::Acquire) == there || stop.is_set();
        Patience::new(policy, 0).wait(ready, yield_now);
        if self.turn.load(Ordering::Acquire) != there {
            resume_unwind(Box::new(TeamStopped));
        }
    }
}

impl Identity {
    /// Whether it has what [`Rest`] holds.
    #[inline(always)]
    fn has_rest(&self) -> bool {
        usize::from(self.head.words) > WORDS
            || self.head.typed
            || self.schedule == Schedule::Runtime
    }

    #[inline(always)]
    fn is(&self, stated: &Stated, rest: &Rest) -> bool {
        let same_place = std::ptr::eq(self.at, stated.at) || self.at == stated.at;
        let n = usize::from(self.head.words).min(WORDS);
        // The heads say whether there is a type, and whether there is more.
        same_place
            && self.head == stated.head
            && (0..n).all(|i| self.words[i] == stated.words[i])
            && (!self.has_rest() || (self.ty == rest.ty && self.more == rest.more))
    }

    #[cold]
    #[inline(never)]
    fn differs(&self, num: usize, k: u64, other: &Stated) -> ! {
        let what = if self.at == other.at && self.head.kind == other.head.kind {
            "; the place is the same, but not what they gave it: the schedule, the length, the type of a \
             value or the arrays differ from thread to thread"
        } else {
            ""
        };
        panic!(
            "the threads of a team meet in different constructs: as construct {k} of its region, thread \
             {num} is in {} at {}, thread {} in {} at {}{what}",
            self.head.kind, self.at, other.by, other.head.kind, other.at
        )
    }
}

//! What the threads of a team share while one construct is under way.

use std::any::Any;
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::panic::Location;
use std::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};

/// One construct that is under way.
#[repr(C, align(128))]
pub(crate) struct Slot {
    /// What dynamic loops and sections claim from.
    counter: AtomicUsize,
    /// Where the identity is, of a construct without a barrier.
    index: AtomicUsize,
    /// The thread whose value is for all.
    author: AtomicUsize,
    /// The iteration whose ordered part may run.
    ordered: Padded<AtomicUsize>,
    threads: Box<[Place]>,
}

/// A place in the program and the kind of construct there.
type Where = (&'static Location<'static>, u64);

#[repr(align(128))]
struct Padded<T>(T);

/// What one thread leaves in a slot.
#[repr(C, align(128))]
struct Place {
    /// Its part of a dynamic loop.
    word: AtomicU64,
    /// The construct in which it used the slot last: its number, what it is (the kind, and from bit 8 on what
    /// the thread brings to its barrier, 0: not known yet), and where. For messages, and for threads that wait in
    /// a construct.
    number: AtomicU64,
    kind: AtomicU64,
    at: AtomicPtr<Location<'static>>,
    /// A large value for the others, or one that needs dropping.
    large: UnsafeCell<Option<Box<dyn Any + Send + Sync>>>,
    // On a line of its own: what is above is written at each construct, and must not wait for a line that
    // the others have read.
    /// A small one.
    small: UnsafeCell<Small>,
}

/// As much as a line holds.
#[repr(C, align(64))]
struct Small(MaybeUninit<[u64; 8]>);

// SAFETY: a place's values are written by its own thread before a barrier of the team and only read after
// it, and the slot is not used again before every thread has left the construct (README, "When a slot is
// free").
unsafe impl Sync for Slot {}
// SAFETY: everything in it may be dropped on any thread: the values are `Send`.
unsafe impl Send for Slot {}

/// Whether values of this type lie in the place itself.
const fn is_small<T>() -> bool {
    size_of::<T>() <= size_of::<[u64; 8]>()
        && align_of::<T>() <= align_of::<u64>()
        && !std::mem::needs_drop::<T>()
}

impl Slot {
    pub(super) fn new(threads: usize) -> Self {
        let place = || Place {
            word: AtomicU64::new(0),
            number: AtomicU64::new(0),
            kind: AtomicU64::new(0),
            at: AtomicPtr::new(std::ptr::null_mut()),
            small: UnsafeCell::new(Small(MaybeUninit::uninit())),
            large: UnsafeCell::new(None),
        };
        Slot {
            counter: AtomicUsize::new(0),
            index: AtomicUsize::new(0),
            author: AtomicUsize::new(0),
            ordered: Padded(AtomicUsize::new(0)),
            threads: (0..threads).map(|_| place()).collect(),
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

    /// Where the identity is. Relaxed: the turn publishes it.
    pub(super) fn set_index(&self, index: usize) {
        self.index.store(index, Ordering::Relaxed);
    }
    /// The same; Relaxed: to be asked after the turn was acquired.
    pub(super) fn index(&self) -> usize {
        self.index.load(Ordering::Relaxed)
    }

    /// Thread `num` is in that construct, to whose barrier it will bring that.
    #[inline(always)]
    pub(super) fn note(&self, num: usize, number: u64, (at, kind): Where, brings: u64) {
        let place = &self.threads[num];
        self.note_brings(num, kind, brings);
        // Relaxed, both: the store below publishes them.
        place
            .at
            .store(std::ptr::from_ref(at).cast_mut(), Ordering::Relaxed);
        // Release: pairs with the load in `number`.
        place.number.store(number, Ordering::Release);
    }

    /// The same, when the thread has found out. Relaxed: who does not see it yet sees that it is not known.
    #[inline(always)]
    pub(super) fn note_brings(&self, num: usize, kind: u64, brings: u64) {
        let note = kind | brings << 8;
        self.threads[num].kind.store(note, Ordering::Relaxed);
    }

    /// The last construct in which thread `num` used the slot. Acquire: pairs with the store in `note`.
    pub(super) fn number(&self, num: usize) -> u64 {
        self.threads[num].number.load(Ordering::Acquire)
    }

    /// Where thread `num` is, which has used the slot, and what it brings.
    fn note_of(&self, num: usize) -> Option<(Where, u64)> {
        let place = &self.threads[num];
        // Relaxed, both: `number` has acquired them, and if a guess is not good enough, then the thread has not
        // left the construct.
        let note = place.kind.load(Ordering::Relaxed);
        // SAFETY: null, or from a `&'static`.
        let at = unsafe { place.at.load(Ordering::Relaxed).as_ref() }?;
        Some(((at, note & 0xff), note >> 8))
    }

    /// Where thread `num` is, if it is in construct `number`, and a thread that is in another one of that
    /// number.
    ///
    /// Exact, if thread `num` does not leave construct `number` meanwhile: nobody comes to use the slot again.
    #[cold]
    pub(super) fn stray(&self, number: u64, num: usize) -> Option<(Where, Where)> {
        let (here, brings) = self.note_of(num)?;
        let there = |other: usize| {
            let is_there = self.number(other) == number;
            let (there, brought) = is_there.then(|| self.note_of(other))??;
            let known = brings != 0 && brought != 0;
            (there != here || (known && brought != brings)).then_some((here, there))
        };
        (0..self.threads.len()).find_map(there)
    }

    /// Where a thread is, or was last, that is not at `here` though it should be. A guess is good
    /// enough for a message.
    #[cold]
    pub(super) fn elsewhere(&self, number: u64, here: Where) -> Option<Where> {
        let there = |num| {
            let is_there = self.number(num) == number;
            let (there, _) = is_there.then(|| self.note_of(num))??;
            (there != here).then_some(there)
        };
        (0..self.threads.len()).find_map(there)
    }

    /// The value of thread `num` is for all. Relaxed: the barrier at the construct's end publishes it.
    pub(crate) fn set_author(&self, num: usize) {
        self.author.store(num, Ordering::Relaxed);
    }
    /// The thread whose value is for all; Relaxed: to be asked after that barrier.
    pub(crate) fn author(&self) -> usize {
        self.author.load(Ordering::Relaxed)
    }

    /// Whether values of this type lie in a box, to be dropped at the region's end.
    pub(crate) const fn keeps<T>() -> bool {
        !is_small::<T>()
    }

    /// Thread `num` will leave a value: its line, which the others have read, may come meanwhile.
    #[inline(always)]
    pub(super) fn expect_value(&self, num: usize) {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
            let line = self.threads[num].small.get();
            // SAFETY: a prefetch touches nothing.
            unsafe { _mm_prefetch::<_MM_HINT_ET0>(line.cast_const().cast()) }
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = num;
    }

    /// Leaves a value for the others, who look after the team's next barrier.
    ///
    /// # Safety
    ///
    /// The caller is thread `num`, in this construct, and calls this once in it.
    #[inline(always)]
    pub(crate) unsafe fn leave<T: Send + Sync + 'static>(&self, num: usize, value: T) {
        let place = &self.threads[num];
        if is_small::<T>() {
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
        if is_small::<T>() {
            // SAFETY: the caller's promise: a `T` is there.
            return unsafe { &*place.small.get().cast::<T>() };
        }
        // SAFETY: nobody writes it before the slot is used again.
        let large = unsafe { &*place.large.get() };
        large
            .as_ref()
            .and_then(|v| v.downcast_ref())
            .expect("the thread has left its value")
    }

    /// Drops what thread `num` left. Small values need no dropping.
    ///
    /// # Safety
    ///
    /// Every thread has left the construct in which it was left; the caller is that thread, or the team has
    /// been joined and the caller is its primary.
    #[inline(always)]
    pub(super) unsafe fn clear(&self, num: usize) {
        // SAFETY: the caller's promise: nobody else touches it.
        let large = unsafe { &mut *self.threads[num].large.get() };
        if large.is_some() {
            *large = None;
        }
    }

    /// Drops what any thread left.
    ///
    /// # Safety
    ///
    /// The team has been joined and the caller is its primary.
    pub(super) unsafe fn clear_all(&self) {
        // SAFETY: the caller's promise.
        (0..self.threads.len()).for_each(|num| unsafe { self.clear(num) });
    }
}

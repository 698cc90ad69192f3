//! Where a view comes from, and what a construct is told of it.

use super::Team;
use super::identity::{Identity, Tag};

/// Which array of which region a view stands for.
///
/// A region is named by the address of its team. That is enough: a view lives no longer than its region, and
/// while that runs nobody else has the team, so no other region whose views or contexts are alive has the
/// same address.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    team: usize,
    /// Which of the arrays that the region shares. (Of zero-sized values, several may lie at one address.)
    array: usize,
    /// Of zero-sized elements: how many lie before the view's first one. Of others 0, for there the address
    /// tells.
    start: usize,
}

impl Origin {
    /// That of a region's first array.
    #[inline(always)]
    pub(super) fn first(team: &Team) -> Self {
        Origin {
            team: std::ptr::from_ref(team).addr(),
            array: 0,
            start: 0,
        }
    }
    /// This one, and becomes that of the next array.
    #[inline(always)]
    pub(crate) fn take(&mut self) -> Self {
        let this = *self;
        self.array += 1;
        this
    }
    /// Of the part that begins `before` elements further on.
    #[inline(always)]
    pub(crate) fn behind<T>(self, before: usize) -> Self {
        match size_of::<T>() {
            // (Modulo 2^64, of which no two differences below a length are the same.)
            0 => Origin {
                start: self.start.wrapping_add(before),
                ..self
            },
            _ => self,
        }
    }
}

/// An identity while a part of a view is described: the one way to name memory in it.
pub struct Naming<'d> {
    id: &'d mut Identity,
    origin: Origin,
}

impl Identity {
    /// To describe a part of a view.
    ///
    /// # Panics
    ///
    /// When the view belongs to another region than the construct.
    #[inline(always)]
    pub(crate) fn naming(&mut self, origin: Origin) -> Naming<'_> {
        if origin.team != self.team() {
            foreign(self);
        }
        Naming { id: self, origin }
    }
}

impl Naming<'_> {
    /// A piece of memory: what kind of piece, where it begins, and its lengths and strides.
    #[inline(always)]
    pub(crate) fn block(&mut self, tag: Tag, base: usize, shape: &[usize]) {
        let Origin { array, start, .. } = self.origin;
        let which = (array as u64) << 16 | (shape.len() as u64) << 8;
        self.id.names_memory();
        self.id.word(tag as u64 | which);
        self.id.word(base.wrapping_add(start) as u64);
        shape.iter().for_each(|&n| self.id.word(n as u64));
    }
    /// One more number of the block; how many follow has to be clear from what comes before.
    #[inline(always)]
    pub(crate) fn word(&mut self, word: usize) {
        self.id.word(word as u64);
    }
}

#[cold]
#[inline(never)]
fn foreign(id: &Identity) -> ! {
    let (at, kind) = id.place();
    panic!(
        "a view of one region is used in a construct of another region: in {} at {at}; a view opens only in \
         the constructs of the region whose closure received it, and nothing ran",
        super::identity::Kind::named(kind)
    )
}

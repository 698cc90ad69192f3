//! What generated code names, and nothing else: not for people, and free to change.

pub use crate::reduction::combine::{
    Absorb, Lanes, OwnedPrototype, Prototype, Reduced, SlicePrototype,
};
pub use crate::reduction::ops;
pub use crate::schedule::Schedule;
pub use crate::team::region::{Member, spmd};
pub use crate::worksharing::chunks::Thread;
pub use crate::worksharing::loops::team_loop;
pub use crate::worksharing::options::Options;
pub use crate::worksharing::range::{IndexRange, Int, Values, own_index};
pub use crate::worksharing::source::{IndexedSource, IntoSource, Source};
pub use crate::worksharing::zip::enumerate;
pub use phalanx_topology::ProcBind;

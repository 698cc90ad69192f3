//! What generated code names, and nothing else: not for people, and free to change.

pub use crate::reduction::combine::{
    Absorb, IsFloat, Known, Lanes, Open, OwnedPrototype, Prototype, Reduced, Returned,
    SlicePrototype,
};
pub use crate::reduction::{Reduce, ops};
pub use crate::schedule::Schedule;
pub use crate::sharing::disjoint::{Disjoin, Parts};
pub use crate::sharing::hint::{
    Grid3Hint, GridHint, Hint, NoHint, Row, RowAny, RowInt, SliceHint, Span, SpanAny, SpanInt,
    assume_inside, or_nowhere,
};
pub use crate::sharing::last::{Last, LastOf};
pub use crate::sharing::linear::{Linear, check_linear};
pub use crate::sharing::local::{Local, LocalAny, LocalKnown, ScalarCopy, ScalarRef};
pub use crate::source::{IndexedSource, IntoSource, Source};
pub use crate::tasking::annotated::{
    Near, Own, Place, carry_reduced, carry_task, task_ranges_in, task_ranges_reduced_in,
};
pub use crate::tasking::elements::{Element, Elements};
pub use crate::tasking::join::join;
pub use crate::tasking::options::TaskOptions;
pub use crate::tasking::task::{taskgroup, taskyield};
pub use crate::tasking::task_reduction::TaskReduction;
pub use crate::tasking::taskloop::{task_ranges, task_ranges_reduced};
pub use crate::tasking::taskloop_options::TaskLoop;
pub use crate::team::options::Options;
pub use crate::team::region::Ctx;
pub use crate::worksharing::annotated::{
    CutUp, Generated, Sharing, SharingVariable, SharingWhole, free_loop, nowait_loop, region_loop,
};
pub use crate::worksharing::chunked::{chunks, chunks_mut};
pub use crate::worksharing::chunks::{Thread, check_lanes};
pub use crate::worksharing::collapse::nest as collapse;
pub use crate::worksharing::loops::{carry, team_loop};
pub use crate::worksharing::must_end::MustEnd;
pub use crate::worksharing::nowait::Nowait;
pub use crate::worksharing::ordered::{Order, ordered_loop};
pub use crate::worksharing::parallel::{region, region_map};
pub use crate::worksharing::range::{IndexRange, Int, Values, own_index};
pub use crate::worksharing::zip::{enumerate, zip};
pub use phalanx_topology::ProcBind;

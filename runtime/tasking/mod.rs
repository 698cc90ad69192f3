//! Tasks: closures that any thread of a team may run. See README.md beside this.

pub(crate) mod annotated;
mod bell;
mod count;
mod crew;
pub(crate) mod depend;
pub(crate) mod elements;
mod enter;
pub(crate) mod event;
mod failure;
mod find;
mod grain;
mod group;
mod hand_over;
pub(crate) mod isolate;
pub(crate) mod join;
mod lane;
mod nodes;
mod object;
pub(crate) mod options;
mod post;
mod ring;
mod scope;
pub(crate) mod task;
pub(crate) mod task_reduction;
pub(crate) mod taskloop;
pub(crate) mod taskloop_options;
mod wait;
mod watchdog;

/// The protocols, for their models in `tests/loom`.
#[cfg(loom)]
pub mod model {
    pub use super::bell::Bell;
    pub use super::count::Count;
    pub use super::depend::model::*;
    pub use super::ring::{Ring, Wish};
}

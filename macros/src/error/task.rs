//! Groups and their tasks.

use proc_macro2::Span;
use syn::{Attribute, Error};

/// A task that belongs to no group.
pub fn no_group(at: &Attribute, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`#[{name}]` stands outside of a group: put it inside a block marked `#[taskgroup]`, whose end waits for it, \
             or into a function with a parameter `tg: &Task<'_>`"
        ),
    )
}

/// `taskwait!()` outside of a group's body; `inside` of a task.
pub fn no_wait(at: Span, inside: bool) -> Error {
    let why = match inside {
        true => {
            "`taskwait!()` inside a task: put the tasks that it is to wait for into a block marked `#[taskgroup]`, whose \
             end waits for them"
        }
        false => {
            "`taskwait!()` stands outside of a group: it waits for the tasks of the block marked `#[taskgroup]` around it"
        }
    };
    Error::new(at, why)
}

/// `cancel!(taskgroup)` where there is nothing to be cancelled.
pub fn no_cancel(at: Span, name: &str, inside: bool) -> Error {
    let place = match inside {
        true => "inside of a task",
        false => "inside a block marked `#[taskgroup]`",
    };
    Error::new(at, format!("`{name}!(taskgroup)` stands {place}"))
}

//! Groups and their tasks.

use proc_macro2::Span;
use quote::ToTokens;
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

/// What another task of the group does with a variable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Other {
    Writes,
    Reads,
    /// It is the same task in another iteration of a loop.
    Itself,
}

/// A variable that two tasks need at the same time.
pub fn two_tasks(
    at: &dyn ToTokens,
    place: &str,
    name: &str,
    op: Option<&str>,
    other: Other,
) -> Error {
    let how = match other {
        Other::Writes => "by two tasks, which may run at once",
        Other::Reads => "by one task and used by another, which may run at once",
        Other::Itself => "by a task of every iteration, and these may run at once",
    };
    let repair = match (other, place == name, op) {
        (Other::Itself, false, _) => format!(
            "let the loop give each task its element: `for (i, x) in {name}.iter_mut().enumerate()`, or `chunks_mut(n)`"
        ),
        (Other::Reads, ..) => format!(
            "add `depend(out: {name})` here and `depend(in: {name})` there, so that one waits for the other; or end the \
             group in between"
        ),
        (_, _, Some(_)) => format!(
            "add `depend(inout: {name})`, so that one runs after the other; for a count, use an `Atomic`"
        ),
        _ => format!(
            "add `depend(inout: {name})`, so that one runs after the other; or end the group in between"
        ),
    };
    Error::new_spanned(at, format!("`{place}` is written {how}\n{repair}"))
}

/// A task assigns a variable that it has taken along.
pub fn lost(at: &dyn ToTokens, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`{name}` is declared inside of the group, so the task has a copy of it, and what it assigns is lost\n\
             declare `{name}` before `#[taskgroup]`; or, where a copy is meant, add `firstprivate({name})`"
        ),
    )
}

/// The body of a group uses what a task writes.
pub fn early(at: &dyn ToTokens, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`{name}` is used in the group while a task that writes it may be running\n\
             use it after the block marked `#[taskgroup]`, whose end waits for the task"
        ),
    )
}

//! Groups and their tasks.

use crate::depend::{self, Depend};
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
        (_, _, Some(op)) => format!(
            "for one total of all tasks, add `task_reduction({op}: {name})` to the group and `in_reduction({op}: {name})` to \
             the task; for one after the other, add `depend(inout: {name})`"
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

/// The body of a group uses what a task writes; perhaps behind a `taskwait!()`.
pub fn early(at: &dyn ToTokens, name: &str, waited: bool) -> Error {
    let (when, repair) = match waited {
        true => (
            "in the group of a task that writes it, which has it until the group ends",
            "end the block marked `#[taskgroup]` where `taskwait!()` stands: its end waits for the task",
        ),
        false => (
            "in the group while a task that writes it may be running",
            "use it after the block marked `#[taskgroup]`, whose end waits for the task",
        ),
    };
    Error::new_spanned(at, format!("`{name}` is used {when}\n{repair}"))
}

/// `nogroup` without a group around.
pub fn nogroup(at: Span) -> Error {
    Error::new(
        at,
        "`nogroup`: here is no group around that would wait for the loop's tasks; put the loop into a block marked \
         `#[taskgroup]`, or leave `nogroup` out",
    )
}

/// Two ways to cut a loop into tasks.
pub fn grain_twice(at: Span) -> Error {
    Error::new(
        at,
        "a task loop has `grainsize` or `num_tasks`: one follows from the other",
    )
}

/// `strict` without what it is about.
pub fn strict_alone(at: Span) -> Error {
    Error::new(
        at,
        "`strict` says how a task loop takes its `grainsize` or `num_tasks`: give one of them, as in \
         `grainsize(strict: 64)`",
    )
}

/// A result of a loop that nobody waits for.
pub fn nogroup_result(at: Span, clause: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{clause}` and `nogroup`: the result is there only when the loop's tasks have ended; leave `nogroup` out here"
        ),
    )
}

/// A part in a reduction that the group does not have; `group`: it has one with that operator.
pub fn not_reduced(at: Span, name: &str, op: &str, group: Option<&str>) -> Error {
    let repair = match group {
        Some(group) => format!("the group around has `task_reduction({group}: {name})`"),
        None => format!("add `task_reduction({op}: {name})` to `#[taskgroup]`"),
    };
    Error::new(
        at,
        format!("`in_reduction({op}: {name})` has a part in no reduction: {repair}"),
    )
}

/// A wait for nothing.
pub fn wait_for_what(at: &Attribute) -> Error {
    Error::new_spanned(
        at,
        "`#[taskwait(depend(in: x))]` waits for the tasks that write `x`, and runs the block; to wait for all tasks of the \
         group, write `taskwait!();`",
    )
}

/// An unknown way to use an object.
pub fn depend_kind(at: Span, word: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{word}`: `depend` is written `depend(in: a, b)`, with `in`, `out`, `inout`, `mutexinoutset`, `inoutset` or \
             `depobj`"
        ),
    )
}

/// `iterator` in another form.
pub fn iterator(at: Span) -> Error {
    Error::new(
        at,
        "`iterator` is written `depend(iterator(i = 0..n), in: a[i])`",
    )
}

/// Something that is no object.
pub fn depend_item(at: Span) -> Error {
    Error::new(
        at,
        "`depend` takes variables, elements as in `a[i]`, and names for them as in `left = a[i - 1]`",
    )
}

/// One object twice in a task.
pub fn named_twice(first: &Depend, second: &Depend) -> Error {
    let text = depend::text(second);
    let what = if first.kind.writes() {
        "written"
    } else {
        "read"
    };
    let mut e = Error::new(
        second.object.span(),
        format!(
            "`{text}` is named twice by one task, and once to be written: `inout` is for what is read and written"
        ),
    );
    e.combine(Error::new(
        first.object.span(),
        format!("`{text}` is {what} here already"),
    ));
    e
}

/// A variable and its elements in one group.
pub fn whole_and_elements(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{name}` is named as a whole by one task of the group and by elements in another: an order is kept for one or \
             for the other"
        ),
    )
}

/// `depend` where the group's objects are out of reach; in a `function`, or a task.
pub fn depend_in_task(at: Span, function: bool) -> Error {
    let why = match function {
        true => {
            "`depend` in a function goes with a parameter `tg: &TaskGroup<'_>`, and names handles that the function is given"
        }
        false => {
            "`depend` orders the tasks that the body of a group submits: put this one into a block marked `#[taskgroup]` of \
             its own, whose tasks share out what this task has"
        }
    };
    Error::new(at, why)
}

/// An object of the group's dependences in a task that does not name it.
pub fn undeclared(at: &dyn ToTokens, name: &str, writes: bool) -> Error {
    let (what, kind) = match writes {
        true => ("written", "inout"),
        false => ("used", "in"),
    };
    Error::new_spanned(
        at,
        format!(
            "`{name}` is {what} by a task whose `depend` does not name it, and others of the group order what they do by \
             it\nadd `depend({kind}: {name})`"
        ),
    )
}

/// An object of the group's dependences in its body.
pub fn lent(at: &dyn ToTokens, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`{name}` is used in the group, which lends it to the tasks that name it in `depend`\n\
             use it in `#[taskwait(depend(in: {name}))] {{ .. }}`, which waits for those that write it; before \
             the first task that names it, or after the group"
        ),
    )
}

/// A task of a loop that brings something back.
pub fn task_in_reduction(at: &Attribute) -> Error {
    Error::new_spanned(
        at,
        "`#[task]` in a task loop with `reduction`, which combines what its iterations have brought when they end: put the \
         task into a block marked `#[taskgroup]` in the loop's body",
    )
}

/// `detach` and `depend` on one task.
pub fn event_and_depend(at: Span) -> Error {
    Error::new(
        at,
        "`detach` and `depend`: tasks after this one would begin when its block has ended, not when the event is fulfilled; \
         give `depend` to a task that waits for the event, or take `event()` of the group's handle",
    )
}

/// A write of what the task may only read.
pub fn only_read(at: &dyn ToTokens, place: &str, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`{place}` is written by a task that has `{name}` to read\nwrite `depend(inout: {name})`, or `out` if nothing of what it was \
             is needed"
        ),
    )
}

/// `x = ..` where the name is a reference.
pub fn behind_a_reference(at: &dyn ToTokens, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`{name}`: inside of a task that names it in `depend`, the name is the `&mut` to it: write `*{name}`"
        ),
    )
}

/// A task leaves an object to another, which its group waits for.
pub fn left_to_a_child(at: &dyn ToTokens, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`{name}` is the outer task's only as long as that runs, and this task may run later\n\
             put it into a block marked `#[taskgroup]` inside of the outer task, which then waits for it"
        ),
    )
}

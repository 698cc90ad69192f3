//! The catalogue of messages about constructs of regions.

use proc_macro2::Span;
use syn::{Attribute, Error};

/// `#[barrier]`.
pub fn barrier_attribute(at: &Attribute) -> Error {
    Error::new_spanned(at, "a barrier is written `barrier!();`")
}

/// A construct inside another one.
pub fn nested(at: &Attribute, inner: &str, outer: &str) -> Error {
    let message = crate::error::nested(Span::call_site(), inner, outer);
    Error::new_spanned(at, message)
}

/// A clause or construct that takes no argument.
pub fn takes_nothing(at: Span, name: &str) -> Error {
    Error::new(at, format!("`{name}` takes no argument"))
}

/// `copyin` of something else.
pub fn copyin(at: Span) -> Error {
    Error::new(
        at,
        "`copyin(..)` takes names of variables that `threadprivate!` declares",
    )
}

/// `linear` in another form.
pub fn linear_form(at: Span) -> Error {
    Error::new(
        at,
        "`linear` is written `linear(j: step)`: each iteration adds `step` to `j`",
    )
}

/// `writes` on a loop that is not ordered.
pub fn writes_unordered(at: Span) -> Error {
    Error::new(
        at,
        "`writes(..)` on a loop goes with `ordered`: it names what the `#[ordered]` blocks in it have as a whole; what \
         iterations write by their own index goes into `disjoint(..)`",
    )
}

/// `ordered` and `simd` on one loop.
pub fn ordered_simd(at: Span) -> Error {
    Error::new(
        at,
        "`ordered` and `simd` contradict each other: iterations that wait for their turn do not run side by side",
    )
}

/// `simd` on a loop with a body that stays as it is.
pub fn not_packed(at: Span) -> Error {
    Error::new(
        at,
        "`simd`: the body holds items, or macros that may hold some or leave it, and runs one iteration after the other; \
         move them out of the loop, or leave `simd` out",
    )
}

/// `simd` on a loop whose reductions have no lanes.
pub fn not_in_lanes(at: Span, clause: &str) -> Error {
    Error::new(
        at,
        format!(
            "`simd`: with `{clause}` the reductions of this loop are not kept in lanes; split the loop, or leave `simd` out"
        ),
    )
}

/// An ordered loop without an ordered part.
pub fn nothing_ordered(at: Span) -> Error {
    Error::new(
        at,
        "`ordered` does nothing: mark the block of the body that is to run in order with `#[ordered]`",
    )
}

/// An ordered part outside of an ordered loop.
pub fn ordered_outside(at: &Attribute) -> Error {
    Error::new_spanned(
        at,
        "`#[ordered]` stands outside of an ordered loop: it marks a block in the body of a loop marked \
         `#[for_each(ordered)]` or `#[parallel_for(ordered)]`, and not inside another construct there",
    )
}

/// Clauses of an ordered part.
pub fn ordered_clause(at: Span) -> Error {
    Error::new(
        at,
        "`#[ordered]` takes no clause: what it has as a whole is named by the loop, `#[for_each(ordered, writes(log))]`",
    )
}

/// A reduction in a loop of what the region reduces already.
pub fn reduced_twice(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{name}` is in `reduction(..)` of the region already: each thread would add the total to its own, and the \
             region would add it once a thread; leave `reduction` out here, or share `{name}` in the region"
        ),
    )
}

/// A result whose construct nobody waits for: `inside` of a scope, or by its own clause.
pub fn nowait_result(at: Span, clause: &str, inside: bool) -> Error {
    let message = match inside {
        true => format!(
            "`{clause}` inside `#[nowait]`: its result is there only when all threads have met; put the loop outside of \
             the `nowait` block"
        ),
        false => format!(
            "`{clause}` and `nowait`: the result is there only when all threads have met; leave `nowait` out here"
        ),
    };
    Error::new(at, message)
}

/// `nowait` inside of a `nowait` scope.
pub fn nowait_inside(at: Span) -> Error {
    Error::new(
        at,
        "`nowait` does nothing here: no construct in a block marked `#[nowait]` waits",
    )
}

/// `nowait` where nothing can run meanwhile.
pub fn nowait_alone(at: Span) -> Error {
    Error::new(
        at,
        "`nowait` does nothing here: what the construct uses stays lent until the next barrier, and in this block nothing \
         follows that could run before one; put the constructs that need not wait for each other into a block marked \
         `#[nowait]`, or leave `nowait` out",
    )
}

/// A name bound between constructs of a scope and used behind it.
pub fn nowait_binding(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!(
            "`nowait`: `{name}`, declared between here and the barrier, is used after it; declare it before this \
             construct"
        ),
    )
}

/// An array that one construct of a scope writes and a later one names.
pub fn unfinished(at: Span, name: &str, written: bool) -> Error {
    let how = if written { "written" } else { "read" };
    Error::new(
        at,
        format!(
            "`{name}` is {how} by a construct that nobody has waited for: end the nowait scope before this one, or leave \
             `nowait` out"
        ),
    )
}

/// `copyprivate` without a barrier.
pub fn copyprivate_nowait(at: Span) -> Error {
    Error::new(
        at,
        "`copyprivate` and `nowait` contradict each other: the other threads have to wait for the value",
    )
}

/// A copy of what all threads share.
pub fn shared_copy(at: Span, name: &str, clause: &str) -> Error {
    let instead = match clause {
        "copyprivate" => format!("write `single(writes({name}))`, and all threads see the value"),
        "firstprivate" => format!("name it in `reads({name})`, and copy it in the body"),
        _ => format!("declare `{name}` inside the region"),
    };
    Error::new(
        at,
        format!(
            "`{name}` is shared by the region: `{clause}` is for variables that each thread has for itself; {instead}"
        ),
    )
}

/// A result for a variable from outside of the region.
pub fn nobodys(at: Span, name: &str, clause: &str) -> Error {
    let shared = match clause {
        "reduction" | "lastprivate" => {
            format!("add `shared({name})` to `#[parallel(..)]`, or declare it inside the region")
        }
        _ => format!(
            "declare it inside the region, or add `firstprivate({name})` to `#[parallel(..)]`"
        ),
    };
    Error::new(
        at,
        format!(
            "`{clause}({name})`: every thread of the region would write the one `{name}` from outside of it; {shared}"
        ),
    )
}

/// Control flow that leaves a construct.
pub fn leaves(at: Span, what: &str, construct: &str) -> Error {
    let why = match construct {
        "parallel" => "every thread of the team comes to the end of its region",
        "critical" => {
            "give the result to a variable, or as the value of the block, and leave after it"
        }
        "single" | "masked" | "section" => "the other threads meet this one at its end",
        "ordered" => "the next iteration waits for its end",
        "taskgroup" => {
            "its end waits for the tasks; give the result to a variable, or as the value of the block"
        }
        "task" => {
            "it runs at some other time, perhaps in another thread; to end it early, put what follows into an `if`"
        }
        _ => "all threads meet at its end",
    };
    Error::new(
        at,
        format!("`{what}` cannot leave `{construct}`: {why} (OpenMP 6.0, \"Structured Blocks\")"),
    )
}

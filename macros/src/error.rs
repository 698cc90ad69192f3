//! The catalogue of messages: what is wrong, in OpenMP's words, and which clause repairs it.

mod access;
mod region;
mod task;

pub use access::*;
pub use region::*;
pub use task::*;

use crate::construct;
use proc_macro2::Span;
use syn::{Attribute, Error};

/// `#[parallel_for]` without `#[omp]` around it.
pub fn outside(name: &str) -> String {
    format!(
        "`#[{name}]` stands outside a function marked `#[omp]`: add `#[omp]` to the function that \
         holds the loop"
    )
}

/// A construct of OpenMP that this release does not have.
pub fn not_yet(at: &Attribute, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!("`#[{name}]` is not available in this release of phalanx"),
    )
}

/// A clause that the construct does not have.
pub fn unknown_clause(at: Span, name: &str, construct: &str) -> Error {
    let hint = construct::nearest(name, construct)
        .map_or(String::new(), |n| format!("; did you mean `{n}`?"));
    let names = construct::clauses(construct).iter();
    let names: Vec<String> = names.map(|n| format!("`{n}`")).collect();
    let names = names.join(", ");
    Error::new(
        at,
        format!("`{construct}` has no clause `{name}`{hint}\nit takes {names}"),
    )
}

/// A construct that needs a region around it.
pub fn no_region(at: &Attribute, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`#[{name}]` stands outside of a region: put it inside a block marked `#[parallel]`, or into a \
             function with a parameter `cx: &mut Ctx`"
        ),
    )
}

/// `barrier!()` that needs a region around it.
pub fn barrier_outside(at: Span) -> Error {
    Error::new(
        at,
        "`barrier!()` stands outside of a region: put it inside a block marked `#[parallel]`, or into a \
         function with a parameter `cx: &mut Ctx`",
    )
}

/// A construct inside another one.
pub fn nested(at: Span, inner: &str, outer: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{inner}` inside `{outer}`: the threads of the team would not all meet there (OpenMP 6.0, \
             \"Nesting of Regions\"); end `{outer}` first"
        ),
    )
}

/// A construct attribute on something it cannot stand on.
pub fn wrong_place(at: &Attribute, name: &str, what: &str) -> Error {
    Error::new_spanned(at, format!("`#[{name}]` stands on {what}"))
}

/// `section` outside of `sections`.
pub fn section_outside(at: &Attribute) -> Error {
    Error::new_spanned(
        at,
        "`#[section]` stands on a block inside a block marked `#[sections]`",
    )
}

/// Something in `sections` that is no section.
pub fn not_a_section(at: Span) -> Error {
    Error::new(
        at,
        "a block marked `#[sections]` holds nothing but blocks marked `#[section]`",
    )
}

/// `critical` without the name of its data.
pub fn critical_name(at: &Attribute) -> Error {
    Error::new_spanned(
        at,
        "`#[critical(name)]` takes the name of a `Critical<T>`, the data that the section protects: inside, the \
         name stands for `&mut T`",
    )
}

/// A clause that may stand once.
pub fn twice(at: Span, name: &str) -> Error {
    Error::new(at, format!("`{name}` is given twice"))
}

/// A clause without its parentheses.
pub fn needs_argument(at: Span, name: &str, form: &str) -> Error {
    Error::new(at, format!("`{name}` needs an argument: `{form}`"))
}

/// What stands after a clause's argument.
pub fn trailing(at: Span) -> Error {
    Error::new(at, "unexpected tokens; clauses are separated by commas")
}

/// An unknown schedule.
pub fn unknown_schedule(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!("`{name}` is not a schedule: `static`, `dynamic`, `guided`, `auto` or `runtime`"),
    )
}

/// `monotonic` where it means nothing.
pub fn modifier(at: Span, modifier: &str, kind: &str) -> Error {
    Error::new(at, format!("`{modifier}` has no meaning for `{kind}`"))
}

/// A chunk where there can be none.
pub fn no_chunk(at: Span, kind: &str) -> Error {
    Error::new(at, format!("`schedule({kind})` takes no chunk size"))
}

/// A chunk of 0.
pub fn chunk_zero(at: Span) -> Error {
    Error::new(at, "a chunk holds at least one iteration")
}

/// An unknown binding.
pub fn unknown_bind(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!("`{name}` is not a binding: `primary`, `close` or `spread`"),
    )
}

/// `reduction(-: x)`.
pub fn minus(at: Span) -> Error {
    Error::new(
        at,
        "`-` is no reduction operator (OpenMP 6.0 removed it): use `+`, which combines the \
         threads' differences",
    )
}

/// A word for a reduction operator.
pub fn spelled_operator(at: Span, word: &str, sign: &str) -> Error {
    Error::new(
        at,
        format!("`{word}` is no reduction operator: write `{sign}`"),
    )
}

/// A reduction whose form is wrong.
pub fn reduction_form(at: Span) -> Error {
    Error::new(
        at,
        "a reduction is written `reduction(op: variable, ..)`, with `+ * min max & | ^ && ||` or a \
         type of yours as `op`",
    )
}

/// Something other than a variable in a data-sharing clause.
pub fn not_a_variable(at: Span, clause: &str) -> Error {
    Error::new(at, format!("`{clause}(..)` takes names of variables"))
}

/// `disjoint` of something that is no variable or field.
pub fn not_an_array(at: Span) -> Error {
    Error::new(at, "`disjoint(..)` takes names of arrays, or `self.field`")
}

/// A variable in two clauses that contradict each other.
pub fn contradiction(at: Span, name: &str, first: &str, second: &str) -> Error {
    Error::new(
        at,
        format!("`{name}` is in `{first}(..)` and in `{second}(..)`: it can be only one of them"),
    )
}

/// A clause whose variable the loop, block or region does not use.
pub fn unused(at: Span, name: &str, clause: &str, place: &str) -> Error {
    Error::new(
        at,
        format!("`{name}` does not occur in the {place}: `{clause}({name})` does nothing"),
    )
}

/// `collapse` out of range.
pub fn collapse_range(at: Span) -> Error {
    Error::new(at, "`collapse(n)` takes a literal number from 1 to 3")
}

/// Too few loops under `collapse`.
pub fn collapse_depth(at: Span, n: usize, found: usize) -> Error {
    Error::new(
        at,
        format!(
            "`collapse({n})` needs {n} loops one directly inside the other, and here are {found}: \
             nothing may stand between their heads"
        ),
    )
}

/// A collapsed loop that is not over an index range.
pub fn collapse_head(at: Span) -> Error {
    Error::new(at, "a collapsed loop runs over a range such as `0..n`")
}

/// Inner bounds that depend on the outer variable.
pub fn not_rectangular(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!("`collapse` needs a rectangular nest: this bound depends on the outer `{name}`"),
    )
}

/// An own index that is no name.
pub fn needs_index(at: Span) -> Error {
    Error::new(
        at,
        "`disjoint(..)` needs a name for the loop variable: iteration `i` owns `y[i]`",
    )
}

/// A construct attribute that is not on a `for` loop.
pub fn not_a_loop(at: &Attribute) -> Error {
    Error::new_spanned(at, "`#[parallel_for]` stands on a `for` loop")
}

/// `continue` where it cannot be followed.
pub fn continue_in_macro(at: Span) -> Error {
    Error::new(
        at,
        "`continue` in a macro would skip what `lastprivate` has to do after each iteration: move it \
         out of the macro",
    )
}

/// Control flow that leaves the loop.
pub fn leaves(at: Span, what: &str) -> Error {
    let repair = match what {
        "?" => "collect the results with `try_parallel_for`, which returns the first error",
        "break" => "to search, use a reduction such as `min` over the positions found",
        _ => "assign the result to a `lastprivate` or reduced variable",
    };
    let what = match what.contains('`') {
        true => what.to_owned(),
        false => format!("`{what}`"),
    };
    Error::new(
        at,
        format!(
            "{what} cannot leave a parallel loop: other threads are running its other \
             iterations; {repair}"
        ),
    )
}

/// `.await` in the body.
pub fn awaits(at: Span) -> Error {
    Error::new(
        at,
        "`.await` cannot stand in a parallel loop: its body runs on many threads",
    )
}

/// An `#[omp(..)]` argument.
pub fn omp_argument(at: Span) -> Error {
    Error::new(at, "`#[omp]` takes nothing, or `crate = path`")
}

//! What a loop's iterations do to each other's variables and elements.

use proc_macro2::Span;
use quote::ToTokens;
use syn::Error;

/// `g[(i, j)]`.
pub fn tuple_index(at: &dyn ToTokens, array: &str) -> Error {
    Error::new_spanned(
        at,
        format!("a grid is indexed `{array}[i][j]`, one in three dimensions `{array}[[i, j, k]]`"),
    )
}

/// A reduced variable that is updated by what its copies are not combined by.
pub fn other_operator(
    place: &dyn ToTokens,
    name: &str,
    by: &str,
    clause: &str,
    fits: Option<&str>,
) -> Error {
    let instead = fits.map_or(String::new(), |op| {
        format!(": write `reduction({op}: {name})`")
    });
    Error::new_spanned(
        place,
        format!(
            "`{name}` is updated by `{by}` under `reduction({clause}: {name})`: what comes out would depend on which thread \
             runs which iterations{instead}"
        ),
    )
}

/// A scalar that every iteration updates.
pub fn updated(at: Span, name: &str, op: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{name}` is updated by every iteration: add `reduction({op}: {name})`, or declare it \
             inside the loop"
        ),
    )
}

/// A field, or what is behind a reference, that every iteration updates.
pub fn updated_place(at: &dyn ToTokens, place: &str, op: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`{place}` is updated by every iteration: a reduction takes a variable\n\
             `let mut total = {place};` before the loop, `reduction({op}: total)` on it, and \
             `{place} = total;` after it"
        ),
    )
}

/// A scalar that iterations update and read in between.
pub fn running(at: Span, name: &str, op: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{name}` is updated by every iteration and read in between: iterations run in any order, so \
             none can know what the ones before left\n\
             for its last value alone, add `reduction({op}: {name})` and read it after the loop; a running \
             value (a scan) needs a loop that is not parallel"
        ),
    )
}

/// A scalar that an ordered loop updates outside of its ordered part.
pub fn not_in_order(at: Span, name: &str, op: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{name}` is changed outside of the ordered part, where iterations run in any order\n\
             add `writes({name})` to the loop, and change `*{name}` inside `#[ordered]`; where the order does not \
             matter, add `reduction({op}: {name})`"
        ),
    )
}

/// A scalar that counts up and is used on the way; `step`: what every iteration adds.
pub fn induction(at: &dyn ToTokens, access: &str, name: &str, step: Option<u64>) -> Error {
    let repair = match step {
        Some(step) => format!(
            "add `linear({name}: {step})`: each iteration begins with the value that it would have in order"
        ),
        None => "where only some iterations advance it, count in one loop and fill in another; else compute it from \
                 the loop variable"
            .to_owned(),
    };
    let what = match access == name {
        true => format!("`{name}` is advanced by every iteration"),
        false => format!("`{access}`: every iteration advances `{name}`"),
    };
    Error::new_spanned(
        at,
        format!("{what}, and iterations run in any order\n{repair}"),
    )
}

/// A scalar that every iteration assigns.
pub fn assigned(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{name}` is assigned by every iteration: add `private({name})`, or \
             `lastprivate({name})` if its last value is needed after the loop, or declare it inside \
             the loop"
        ),
    )
}

/// A field, or what is behind a reference, that every iteration assigns.
pub fn assigned_place(at: &dyn ToTokens, place: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`{place}` is assigned by every iteration: `lastprivate` takes a variable\n\
             `let mut last = {place};` before the loop, `lastprivate(last)` on it, and `{place} = last;` \
             after it; what is needed inside the loop alone is declared there"
        ),
    )
}

/// A scalar that some iterations assign, and none reads.
pub fn assigned_by_some(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{name}` is assigned by some iterations, and which of them is the last depends on timing\n\
             say which one counts: to find the first of them, `{name} = {name}.min(..)` with \
             `reduction(min: {name})`"
        ),
    )
}

/// A scalar that iterations compare with and assign.
pub fn compared(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{name}` is read and assigned by every iteration: each would need the value that the one \
             before left\n\
             if it is to end as the largest or smallest value, write `{name} = {name}.max(..)` and add \
             `reduction(max: {name})`"
        ),
    )
}

/// A scalar whose old value an iteration reads before it assigns a new one.
pub fn carried(at: Span, name: &str) -> Error {
    Error::new(
        at,
        format!(
            "`{name}` is read before it is assigned: each iteration would need the value that the one \
             before left, and iterations run in any order\n\
             compute it from the loop variable, or, where all values are combined, by a `reduction`; else \
             this loop is not parallel"
        ),
    )
}

/// A scalar that every iteration borrows exclusively.
pub fn borrowed(at: &dyn ToTokens, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`&mut {name}`: every iteration would change the one `{name}`\n\
             add `firstprivate({name})` for a copy a thread, or declare it inside the loop; what all threads \
             change belongs into a `Lock`, a `Critical` or an `Atomic`"
        ),
    )
}

/// An array that is written without a clause.
pub fn written(at: &dyn ToTokens, access: &str, name: &str) -> Error {
    Error::new_spanned(at, format!("`{access}` is written: add `disjoint({name})`"))
}

/// An array in a field, which no clause can name.
pub fn written_field(at: &dyn ToTokens, access: &str, array: &str, member: &str) -> Error {
    let name = match member.starts_with(|c: char| c.is_ascii_digit()) {
        true => "array",
        false => member,
    };
    Error::new_spanned(
        at,
        format!(
            "`{access}` is written, and `disjoint` takes a variable\n\
             `let {name} = &mut {array};` before the loop, and `disjoint({name})` on it"
        ),
    )
}

/// What to do instead of touching another iteration's element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// Another element is read.
    SecondArray,
    /// One element is read by all.
    Copy,
    /// Another element is written.
    Renumber,
    /// One element is written by all.
    Variable,
    /// Several elements at once.
    Chunks,
    /// The whole array.
    Own,
    /// A cell has two numbers.
    Cell,
}

/// Another iteration's element: `own` is the iteration's, as `y[i]` or `g[i][j]`.
pub fn not_own(
    at: &dyn ToTokens,
    access: &str,
    array: &str,
    own: &str,
    iteration: &str,
    instead: Instead,
) -> Error {
    let instead = match instead {
        Instead::SecondArray => format!(
            "read from an array that the loop does not write: a second one, which takes `{array}`'s place after \
             the loop"
        ),
        Instead::Copy => format!("copy `{access}` into a variable before the loop"),
        Instead::Renumber => {
            format!("let the iteration that writes `{own}` be number `{iteration}`")
        }
        Instead::Variable => format!(
            "assign a variable, under `reduction` or `lastprivate`, and store it in `{access}` after the loop"
        ),
        Instead::Chunks => format!(
            "to own several elements, loop over parts: `for part in chunks_mut({array}, n)`"
        ),
        Instead::Own => format!("write `{own}`, or leave the loop sequential"),
        Instead::Cell => format!(
            "under `collapse` an iteration owns one cell, and `{access}` is the same for many: leave `collapse` \
             out, so that an iteration owns all that it reaches in its inner loop"
        ),
    };
    Error::new_spanned(
        at,
        format!("`{access}`: iteration `{iteration}` owns only `{own}`\n{instead}"),
    )
}

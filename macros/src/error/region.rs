//! What the threads of a region do to what they share.

use proc_macro2::Span;
use quote::ToTokens;
use syn::Error;

/// A variable from outside that every thread updates.
pub fn thread_updates(at: &dyn ToTokens, place: &str, name: Option<&str>, op: &str) -> Error {
    let all = match name {
        Some(name) if crate::construct::clauses("parallel").contains(&"reduction") => {
            format!("add `reduction({op}: {name})` to `parallel`")
        }
        Some(name) => format!("add `shared({name})`, and `reduction({op}: {name})` to a loop"),
        None => "reduce a variable of the function".to_owned(),
    };
    Error::new_spanned(
        at,
        format!(
            "`{place}` is updated by every thread of the region\n\
             for one total of all threads, {all}, or keep it in an `Atomic` or a `Critical`; for one a thread, \
             declare it inside the region"
        ),
    )
}

/// A variable from outside that every thread assigns.
pub fn thread_assigns(at: &dyn ToTokens, place: &str, name: Option<&str>) -> Error {
    let repair = match name {
        Some(name) => format!(
            "for one a thread, add `private({name})`, or declare it inside the region; to let one thread assign \
             it for all, add `shared({name})`, and use `#[single(writes({name}))]`"
        ),
        None => "for one a thread, declare it inside the region; to let one thread assign it for all, assign \
                 what `#[single]` gives after the region"
            .to_owned(),
    };
    Error::new_spanned(
        at,
        format!("`{place}` is assigned by every thread of the region\n{repair}"),
    )
}

/// A variable from outside that every thread borrows exclusively.
pub fn thread_borrows(at: &dyn ToTokens, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`&mut {name}`: every thread of the region would change the one `{name}`\n\
             add `firstprivate({name})` for a copy a thread, or declare it inside the region; what all threads \
             change belongs into an `Atomic`, a `Lock` or a `Critical`"
        ),
    )
}

/// A variable from outside that is written inside `single` and its kin.
pub fn construct_writes(
    at: &dyn ToTokens,
    place: &str,
    name: Option<&str>,
    construct: &str,
) -> Error {
    let repair = match name {
        Some(name) => format!(
            "add `shared({name})` to `parallel` and `writes({name})` to `{construct}`: inside, `{name}` is the `&mut`"
        ),
        None => "store it in a variable that the region shares".to_owned(),
    };
    Error::new_spanned(
        at,
        format!(
            "`{place}` is written inside `{construct}`, and every thread may be reading it\n{repair}"
        ),
    )
}

/// A variable that a critical section does not own; `critical`: it is another one's.
pub fn critical_writes(at: &dyn ToTokens, place: &str, owned: &str, critical: bool) -> Error {
    let repair = match critical {
        true => {
            let other = place.trim_start_matches('*');
            format!("`{other}` has a name of its own: use `#[critical({other})]`")
        }
        false => format!("keep `{place}` in a `Critical`, and name that"),
    };
    Error::new_spanned(
        at,
        format!(
            "`{place}` is written inside `critical({owned})`, which protects the data of `{owned}` alone\n{repair}"
        ),
    )
}

/// The data of a critical section, outside of it.
pub fn outside_critical(at: &dyn ToTokens, name: &str) -> Error {
    Error::new_spanned(
        at,
        format!(
            "`*{name}` outside of `#[critical({name})]`: another thread may be inside, changing it\n\
             use it in a critical section of that name; after the region, `{name}.into_inner()` has the value"
        ),
    )
}

/// A shared array between constructs.
pub fn between(at: &dyn ToTokens, access: &str, name: &str, writes: bool, indexed: bool) -> Error {
    let repair = match (writes, indexed) {
        (false, _) => format!(
            "the value of `#[single(reads({name}))]` reaches all threads; in a loop, add `reads({name})` to \
             `for_each`"
        ),
        (true, true) => format!(
            "in `#[single(writes({name}))]` one thread writes it; in `#[for_each(disjoint({name}))]` each \
             iteration writes its element"
        ),
        (true, false) => format!(
            "in `#[single(writes({name}))]` one thread writes it; in a loop with `reduction` each thread adds to \
             it"
        ),
    };
    Error::new_spanned(
        at,
        format!(
            "`{access}` outside of a construct: another thread may be using `{name}`\n{repair}"
        ),
    )
}

/// A shared array that a construct does not name.
pub fn unnamed(
    at: &dyn ToTokens,
    access: &str,
    name: &str,
    construct: &str,
    writes: bool,
) -> Error {
    let (what, clause) = match writes {
        true => ("written", "writes"),
        false => ("read", "reads"),
    };
    Error::new_spanned(
        at,
        format!("`{access}` is {what} inside `{construct}`: add `{clause}({name})`"),
    )
}

/// A clause that names what the region does not share.
pub fn not_shared(at: Span, name: &str, clause: &str) -> Error {
    let repair = match (clause, name.strip_prefix("self.")) {
        ("reads", _) => format!(
            "leave it out, for every thread may read what none writes; or, if one does, add `shared({name})` to \
             `parallel`"
        ),
        (_, Some(field)) => format!(
            "let a variable stand for the field, as in `let {field} = &mut {name};`, and add `shared({field})` to \
             `parallel`"
        ),
        _ => format!("add `shared({name})` to `parallel`"),
    };
    Error::new(
        at,
        format!(
            "`{name}` is not shared by the region, so `{clause}({name})` has no meaning\n{repair}"
        ),
    )
}

/// A view of the region around in a team of the thread's own.
pub fn another_team(at: Span, name: &str, construct: &str) -> Error {
    let repair = match construct {
        "parallel_for" => {
            "use `#[for_each]`, which shares the loop out among the threads that are there"
        }
        _ => "let the inner region have arrays of the thread's own",
    };
    Error::new(
        at,
        format!(
            "`{name}` is shared by the region around, and inside it each thread's `{construct}` has a team of its \
             own: all would use all of `{name}` at once\n{repair}"
        ),
    )
}

/// Two sections that need one array for themselves.
pub fn two_sections(at: Span, name: &str, writes: bool) -> Error {
    let what = if writes { "written" } else { "read" };
    Error::new(
        at,
        format!(
            "`{name}` is {what} here and written in another section, and sections run at once\n\
             join the two, or give what they have in common to a `Critical`, an `Event` or a `Handoff`"
        ),
    )
}

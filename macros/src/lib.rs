//! The attribute macros of phalanx: entries only. A function marked `#[omp]` goes through three steps:
//! `directive.rs` and `clause.rs` parse, `check.rs` refuses what is certain to be wrong, `lower/` writes
//! the calls. `error.rs` holds every message.

mod check;
mod clause;
mod directive;
mod error;
mod lower;
mod names;
mod region;

use proc_macro::TokenStream;

/// Marks a function, method, `impl` block or module whose loops carry `#[parallel_for(..)]`.
///
/// `#[omp(crate = path)]` names the crate where `phalanx` goes by another name. What it names is trusted as
/// phalanx itself is: a module that imitates phalanx's hidden items can make anything of a loop, and so can
/// `extern crate something as phalanx`.
///
/// | clause | OpenMP 6.0 |
/// |---|---|
/// | `schedule([monotonic:] kind [, chunk])` | "schedule Clause" |
/// | `reduction(op: variables)` | "reduction Clause" |
/// | `private(..)`, `firstprivate(..)`, `lastprivate(..)` | "Data-Sharing Attribute Clauses" |
/// | `collapse(n)` | "collapse Clause" |
/// | `num_threads(n)`, `proc_bind(kind)`, `if(condition)` | "parallel Construct" |
/// | `disjoint(arrays)` | phalanx: iteration `i` owns `array[i]` |
///
/// A block marked `#[parallel(..)]` is a region: `shared(arrays)` are what its threads write, `private`,
/// `firstprivate`, `num_threads`, `proc_bind` and `if` as above. Inside it, and in functions with a parameter
/// `cx: &mut Ctx`, stand `#[for_each(..)]` on loops (`schedule`, `reads(arrays)`, `disjoint(arrays)`,
/// `reduction`, `private`, `firstprivate`, `collapse`), `#[single(writes(..), reads(..))]`, `#[masked(..)]` and
/// `#[sections]` with `#[section(..)]` and `#[nowait]` on blocks, and `barrier!()`. `#[critical(name)]` stands on blocks
/// anywhere: inside, `name`, a `Critical<T>`, is the `&mut T`.
#[proc_macro_attribute]
pub fn omp(arguments: TokenStream, item: TokenStream) -> TokenStream {
    directive::omp(arguments.into(), item.into()).into()
}

/// Stands on a `for` loop inside a function marked `#[omp]`, which consumes it. By itself it only
/// explains that.
#[proc_macro_attribute]
pub fn parallel_for(_: TokenStream, item: TokenStream) -> TokenStream {
    let message = error::outside("parallel_for");
    let _ = item;
    quote::quote!({ ::core::compile_error!(#message) }).into()
}

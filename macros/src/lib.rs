//! The attribute macros of phalanx: entries only. A function marked `#[omp]` goes through three steps:
//! `directive.rs` and `clause.rs` parse, `check.rs` refuses what is certain to be wrong, `lower/` writes
//! the calls. `error.rs` holds every message.

mod blocks;
mod check;
mod clause;
mod combined;
mod construct;
mod directive;
mod error;
mod exits;
mod loops;
mod lower;
mod names;
mod nowait;
mod region;
mod region_error;
mod unknown;

use proc_macro::TokenStream;

/// Marks a function, method, `impl` block or module whose loops carry `#[parallel_for(..)]`.
///
/// `#[omp(crate = path)]` names the crate where `phalanx` goes by another name. What it names is trusted as
/// phalanx itself is: a module that imitates phalanx's hidden items can make anything of a loop, and so can
/// `extern crate something as phalanx`.
///
/// On loops, `#[parallel_for(..)]`:
///
/// | clause | OpenMP 6.0 |
/// |---|---|
/// | `schedule([monotonic:] kind [, chunk])` | "schedule Clause" |
/// | `reduction(op: variables)` | "reduction Clause" |
/// | `private(..)`, `firstprivate(..)`, `lastprivate(..)` | "Data-Sharing Attribute Clauses" |
/// | `linear(variables: step)` | "linear Clause"; checked in each iteration |
/// | `collapse(n)` | "collapse Clause" |
/// | `ordered`, `writes(arrays)` | "ordered Clause"; what its `#[ordered]` blocks have as a whole |
/// | `simd` | "simd Construct" |
/// | `num_threads(n)`, `proc_bind(kind)`, `if(condition)` | "parallel Construct" |
/// | `disjoint(arrays)` | phalanx: iteration `i` owns `array[i]` |
///
/// `#[simd(..)]` keeps a loop on one thread, and takes `disjoint`, `reduction`, `private`, `lastprivate`, `linear` and
/// `collapse`.
///
/// A block marked `#[parallel(..)]` is a region: `shared(arrays)` are what its threads write together, `reduction` gives
/// each thread a copy that is combined at the end, in order of thread number, `copyin(..)` takes `threadprivate!` data along;
/// `private`, `firstprivate`, `num_threads`, `proc_bind` and `if` as above. Inside it, and in functions with a parameter
/// `cx: &mut Ctx`, stand
///
/// | construct | clauses |
/// |---|---|
/// | `#[for_each(..)]` on loops | those of `parallel_for` but the team's, `reads(arrays)`, `nowait` |
/// | `#[ordered]` on a block in a loop that is `ordered` | |
/// | `#[single(..)]` on blocks | `writes(arrays)`, `reads(arrays)`, `private`, `firstprivate`, `copyprivate(variables)`, `nowait` |
/// | `#[masked(..)]` on blocks | `writes`, `reads`, `filter(thread)` |
/// | `#[sections(..)]` with `#[section(writes(..), reads(..))]` on blocks | `private`, `firstprivate`, `lastprivate`, `reduction`, `nowait` |
/// | `#[nowait]` on blocks | |
/// | `barrier!()` | |
///
/// Results (`reduction`, `lastprivate`, `linear`) reach the variable of every thread, or the one variable that the region shares.
/// `#[parallel_sections(..)]` is a region with one `sections` construct. `#[critical(name)]` stands on blocks anywhere:
/// inside, `name`, a `Critical<T>`, is the `&mut T`.
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

//! The attribute macros of phalanx: entries only. A function marked `#[omp]` goes through three steps:
//! `directive.rs` and `clause.rs` parse, `check.rs` refuses what is certain to be wrong, `lower/` writes
//! the calls. `error.rs` holds every message.

mod blocks;
mod check;
mod clause;
mod combined;
mod construct;
mod depend;
mod directive;
mod error;
mod exits;
mod loops;
mod lower;
mod names;
mod nowait;
mod pair;
mod region;
mod region_error;
mod scope;
mod tasks;
mod unknown;

use proc_macro::TokenStream;

/// Marks a function, method, `impl` block or module whose loops and blocks carry `#[parallel_for(..)]` and other constructs.
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
///
/// # Tasks
///
/// | construct | clauses |
/// |---|---|
/// | `#[taskgroup(..)]` on blocks, anywhere | `task_reduction(op: variables)`, `handle(name)` |
/// | `#[task(..)]` on blocks | `depend(kind: objects)`, `if`, `final`, `priority`, `affinity`, `untied`, `mergeable`, `private`, `firstprivate`, `shared`, `in_reduction`, `detach(event)` |
/// | `#[taskwait(..)]` on blocks | `depend(kind: objects)` |
/// | `#[taskloop(..)]` on loops, anywhere | `grainsize`, `num_tasks`, `strict`, `nogroup`, `if`, `final`, `priority`, `untied`, `mergeable`, `handle`, and those of `parallel_for` but the team's, `schedule` and `ordered` |
/// | `taskwait!()`, `taskyield!()`, `cancel!(taskgroup)`, `cancellation_point!(taskgroup)` | |
///
/// A task stands in the body of a group, also in loops and other blocks there and in other tasks; or in a function with a
/// parameter `tg: &Task<'_>`, whose group it belongs to. A group inside is opened by the handle that is in sight; where there is
/// none, as in a function that is simply called, it finds the team by itself.
///
/// *What a task has.* Names that are declared outside of the group are borrowed: what one task writes, no other may use. Names
/// declared inside do not outlive it, so the task takes them along (as OpenMP's `firstprivate` does by default): numbers and
/// references are copied, others move. `firstprivate(x)` clones `x` in any case; `shared(x)` borrows it. What is assigned to such
/// a copy would be lost, so it takes a clause. Inside a task, the name of the handle is the task's own handle.
///
/// *`depend`.* Tasks that the body of one group submits run one after the other where they name one object and one of them has it
/// as `out`, `inout` or `mutexinoutset` (the last in any order). The objects of a group belong to its tasks until it ends: inside of a task
/// the name is the `&T` (`in`, `inoutset`) or `&mut T`; outside of tasks nobody can use it but `#[taskwait(depend(in: x))]`. An
/// object is a variable; or an element `a[i]` of an array, slice or `Vec`, whose name then stands for the elements that the clauses
/// of the task name (another index panics); `depend(inout: x = a[i])` gives the element a name. `depend(iterator(i = 0..n), in:
/// a[i])` names many, with a name of its own as a `Vec` of references. A name that is declared in the group, or in a function with
/// a parameter `tg: &TaskGroup<'_>`, is a handle that `tg.dep` or `tg.deps` gave; `depobj: d` an access in a variable.
///
/// *`cancel!(taskgroup)`* drops the group's tasks that have not begun, and leaves the task; `cancellation_point!` leaves it if that
/// was asked for.
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

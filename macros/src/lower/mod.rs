//! Lowering: a checked loop becomes a call of the runtime. Every name made here is hygienic; generated
//! `unsafe` holds no expression of the user's.

mod block;
mod body;
mod call;
mod depend;
mod head;
mod hints;
mod inner;
mod leave;
mod localise;
mod open;
mod region;
mod sections;
mod simd;
mod task;
mod taskloop;

use crate::clause::{Clauses, Op, array_key, ident_of};
use crate::error;
use crate::names::{Names, bound_by, words};
pub use block::{Block, block, critical, must_end, ordered};
use body::Body;
pub use call::call;
pub use depend::handles;
use head::Head;
use localise::Locals;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
pub use region::{nowait, parallel};
pub use sections::sections;
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Expr, ExprForLoop, Ident, Path, Result, Stmt};
pub use task::{joined, task, task_label, taskgroup, taskwait};

/// A name that no user can write.
pub fn hidden(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// One array of `disjoint(..)`.
pub struct Array {
    /// As the clause names it.
    pub place: Expr,
    /// The parts, made once a loop.
    pub parts: Ident,
    /// The name of the iteration's view in the body.
    pub view: Ident,
}

/// Everything that the parts of the lowering share.
pub struct Plan<'a> {
    pub p: TokenStream,
    pub clauses: &'a Clauses,
    pub arrays: Vec<Array>,
    pub head: Head,
    /// Hidden names of the reductions' prototypes.
    pub prototypes: Vec<Ident>,
    /// Hidden names of the `lastprivate` slots.
    pub lasts: Vec<Ident>,
    /// Hidden names of the `linear` variables' first values and steps.
    pub linear: Vec<(Ident, Ident)>,
    pub locals: Locals,
    pub names: Names,
}

/// What runs a loop.
#[derive(Clone, Copy)]
pub enum Engine<'a> {
    /// A team of its own.
    Combined,
    /// The team of the region of that context, whose views have these names.
    Region(&'a Ident, &'a BTreeSet<String>, Waits),
    /// One thread.
    Simd,
    /// Tasks, whose handles have that name in the body.
    Tasks(&'a Ident),
}

/// Whether the threads wait for each other at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    Yes,
    /// At the end of the scope around.
    InScope,
    /// Not at all: there is no shared memory.
    No,
}

/// The loop, as an expression of type `()`.
pub fn worksharing(
    root: &Path,
    clauses: &Clauses,
    f: &ExprForLoop,
    engine: Engine<'_>,
) -> Result<Expr> {
    let p = quote!(#root::__private);
    let (head, mut block) = heads(&p, clauses, f)?;
    let names = Names::of(&block);
    let mut arrays = Vec::new();
    let mut locals = Locals::default();
    for (k, place) in clauses.disjoint.iter().enumerate() {
        let view = match ident_of(place) {
            Some(i) => i.clone(),
            None => {
                let view = format_ident!("__view{k}", span = Span::mixed_site());
                locals.rename(array_key(place).unwrap_or_default(), view.clone());
                view
            }
        };
        let parts = format_ident!("__parts{k}", span = Span::mixed_site());
        arrays.push(Array {
            place: place.clone(),
            parts,
            view,
        });
    }
    if !arrays.is_empty() && !head.has_index() {
        return Err(error::needs_index(f.pat.span()));
    }
    let mut reads = Vec::new();
    for (k, place) in clauses.reads.iter().enumerate() {
        let view = format_ident!("__read{k}", span = Span::mixed_site());
        locals.rename(array_key(place).unwrap_or_default(), view.clone());
        reads.push(view);
    }
    let mut taken = taken(clauses, &head);
    taken.extend(clauses.reads.iter().filter_map(array_key));
    if let Engine::Region(_, shared, _) = engine {
        taken.extend(shared.iter().cloned());
    }
    locals.choose(&p, &names, &taken);
    locals.visit_block_mut(&mut block);
    let number = |what: &str, n| -> Vec<Ident> {
        (0..n)
            .map(|k| format_ident!("{what}{k}", span = Span::mixed_site()))
            .collect()
    };
    let plan = Plan {
        p,
        clauses,
        arrays,
        head,
        prototypes: number("__prototype", clauses.reductions.len()),
        lasts: number("__last", clauses.lastprivate.len()),
        linear: number("__first", clauses.linear.len())
            .into_iter()
            .zip(number("__step", clauses.linear.len()))
            .collect(),
        locals,
        names,
    };
    Ok(Expr::Verbatim(match engine {
        Engine::Combined => assemble(&plan, f, &block),
        Engine::Simd => simd::assemble(&plan, f, &block),
        Engine::Tasks(handle) => taskloop::assemble(&plan, f, &block, handle),
        Engine::Region(cx, shared, waits) => {
            region::assemble(&plan, f, &block, &reads, (cx, shared, waits))
        }
    }))
}

/// Names that mean something else inside the loop than outside.
fn taken(c: &Clauses, head: &Head) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = c.copies().map(|(_, v)| v.to_string()).collect();
    all.extend(c.disjoint.iter().filter_map(array_key));
    all.extend(head.bound());
    all
}

/// The heads of the collapsed loops, and the body of the innermost.
fn heads(p: &TokenStream, c: &Clauses, f: &ExprForLoop) -> Result<(Head, syn::Block)> {
    let (n, at) = c.collapse.unwrap_or((1, Span::call_site()));
    let mut loops = vec![(f.pat.clone(), f.expr.clone())];
    let mut block = f.body.clone();
    let mut outer = bound_by(&f.pat);
    while loops.len() < n {
        let inner = match block.stmts.as_slice() {
            [Stmt::Expr(Expr::ForLoop(inner), _)] if inner.attrs.is_empty() => inner.clone(),
            _ => return Err(error::collapse_depth(at, n, loops.len())),
        };
        let mut seen = BTreeSet::new();
        words(inner.expr.to_token_stream(), &mut seen);
        if let Some(name) = outer.intersection(&seen).next() {
            return Err(error::not_rectangular(inner.expr.span(), name));
        }
        outer.extend(bound_by(&inner.pat));
        loops.push((inner.pat.clone(), inner.expr.clone()));
        block = inner.body.clone();
    }
    Ok((Head::new(p, loops, c.collapse.is_some() && n > 1)?, block))
}

fn operator(p: &TokenStream, op: &Op) -> TokenStream {
    match op {
        Op::Known(name) => {
            let name = Ident::new(name, Span::call_site());
            quote!(#p::ops::#name)
        }
        Op::User(path) => path.to_token_stream(),
    }
}

/// The schedule as a value.
fn schedule(p: &TokenStream, c: &Clauses) -> Option<TokenStream> {
    c.schedule.as_ref().map(|s| {
        let kind = Ident::new(s.kind, Span::call_site());
        let chunked = matches!(
            s.kind,
            "StaticChunk" | "Dynamic" | "MonotonicDynamic" | "Guided"
        );
        match &s.chunk {
            Some(e) => quote_spanned!(e.span()=> #p::Schedule::#kind(#e)),
            None if chunked => quote!(#p::Schedule::#kind(1)),
            None => quote!(#p::Schedule::#kind),
        }
    })
}

fn options(p: &TokenStream, c: &Clauses) -> TokenStream {
    let mut out = quote!(#p::Options::new());
    if let Some(kind) = schedule(p, c) {
        out = quote!(#out.schedule(#kind));
    }
    if let Some(n) = &c.num_threads {
        out = quote_spanned!(n.span()=> #out.num_threads(#n));
    }
    if let Some(b) = &c.proc_bind {
        out = quote!(#out.proc_bind(#p::ProcBind::#b));
    }
    if let Some(e) = &c.condition {
        out = quote_spanned!(e.span()=> #out.only_if(#e));
    }
    out
}

/// Puts the call together around the loops of the body.
fn assemble(plan: &Plan<'_>, f: &ExprForLoop, block: &syn::Block) -> TokenStream {
    let Plan {
        p,
        clauses,
        arrays,
        head,
        prototypes,
        lasts,
        locals,
        ..
    } = plan;
    let (thread, source, opts) = (hidden("__thread"), hidden("__source"), hidden("__options"));
    let make = &head.make;
    let before = arrays.iter().map(|Array { place, parts, .. }| {
        quote_spanned!(place.span()=> let #parts = { #[allow(unused_imports)] use #p::Disjoin as _; #place.disjoint() };)
    });
    let mentioned: Vec<&Ident> = clauses.reductions.iter().map(|r| &r.1).collect();
    let settled = open::settled(p, &mentioned, block.to_token_stream());
    let protos = clauses
        .reductions
        .iter()
        .zip(prototypes)
        .map(|((op, var), name)| {
            let op = operator(p, op);
            quote_spanned!(var.span()=> let #name = {
            #[allow(unused_imports)]
            use #p::{OwnedPrototype as _, SlicePrototype as _};
            (&&#p::Reduced::new(&#var, |_: #op| ())).prototype()
        };)
        });
    let (first, behind) = linear(plan);
    let length = hidden("__length");
    let slots = lasts.iter().map(|l| quote!(let #l = #p::Last::new();));
    let alias = arrays.iter().map(|a| {
        let parts = &a.parts;
        // SAFETY (generated): the original outlives the loop, and the iterations of all threads are
        // different ones.
        quote!(let #parts = unsafe { #p::Parts::alias(#parts) };)
    });
    let local = locals.bindings();
    let local_names = locals.names();
    let parts: Vec<&Ident> = arrays.iter().map(|a| &a.parts).collect();
    let own = clauses.firstprivate.iter().map(|v| {
        quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = ::core::clone::Clone::clone(&#v);)
    });
    let reduced = mentioned;
    let private = reduced.iter().zip(prototypes).map(
        |(v, proto)| quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = #proto.private();),
    );
    let loops = Body::new(plan, f).loops(block);
    let back: Vec<Ident> = (0..reduced.len())
        .map(|k| hidden(&format!("__copy{k}")))
        .collect();
    let absorb = reduced
        .iter()
        .zip(prototypes)
        .zip(&back)
        .map(|((v, proto), copy)| {
            quote_spanned!(v.span()=> {
                #[allow(unused_imports)]
                use #p::Absorb as _;
                #v.__absorb(#proto.returned(#copy));
            })
        });
    let give = clauses
        .lastprivate
        .iter()
        .zip(lasts)
        .map(|(v, l)| quote_spanned!(v.span()=> #l.give(&mut #v);));
    let clause_options = options(p, clauses);
    let (answer, given) = match reduced.is_empty() {
        true => (TokenStream::new(), quote!(())),
        false => (quote!((#(#reduced,)*)), quote!((#(#back,)*))),
    };
    // Errors about the loop as a whole stand at its `for`.
    let at = Span::call_site().located_at(f.for_token.span);
    let engine = call(
        f.for_token.span,
        quote!(#p::team_loop),
        quote_spanned!(at=>
            &#opts,
            #length,
            #p::carry((#source, #(#parts,)* #(#local_names,)*), |#thread, (#source, #(#parts,)* #(#local_names,)*)| {
                // SAFETY (generated): the source outlives the loop; `team_loop` gives each position to
                // one thread.
                let #source = unsafe { #p::Source::alias(#source) };
                #(#alias)*
                #(let #local_names = *#local_names;)*
                #(#own)*
                #(#private)*
                #loops
                #answer
            }),
            |#given| { #(#absorb)* },
        ),
    );
    quote_spanned!(at=> {
        let #opts = #clause_options;
        let #source = #make;
        #(#before)*
        #settled
        #(#protos)*
        #(#slots)*
        #first
        let #length = #p::Source::len(&#source);
        #local
        #engine;
        #(#give)*
        #behind
    })
}

/// What `linear` variables begin with, and what they are after the loop.
fn linear(plan: &Plan<'_>) -> (TokenStream, TokenStream) {
    let (p, length) = (&plan.p, hidden("__length"));
    let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
    for ((v, e), (start, step)) in plan.clauses.linear.iter().zip(&plan.linear) {
        before.extend(quote_spanned!(v.span()=> let #start = #v;));
        before.extend(quote_spanned!(e.span()=> let #step = #e;));
        after.extend(quote_spanned!(v.span()=> #v = #p::Linear::before(#start, #step, #length);));
    }
    (before, after)
}

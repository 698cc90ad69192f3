//! `taskloop`: a loop whose iterations are shared out among tasks.

use super::body::Body;
use super::head::Head;
use super::{Array, Plan, hidden, linear, open, operator};
use crate::clause::Clauses;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Block, ExprForLoop, Ident};

/// What the loop's tasks are cut by.
fn options(p: &TokenStream, c: &Clauses) -> TokenStream {
    let mut out = quote!(#p::TaskLoop::new());
    if let Some(n) = &c.grainsize {
        out = quote_spanned!(n.span()=> #out.grainsize(#n));
    }
    if let Some(n) = &c.num_tasks {
        out = quote_spanned!(n.span()=> #out.num_tasks(#n));
    }
    if c.strict.is_some() {
        out = quote!(#out.strict());
    }
    if let Some(e) = &c.condition {
        out = quote_spanned!(e.span()=> #out.only_if(#e));
    }
    if let Some(e) = &c.last {
        out = quote_spanned!(e.span()=> #out.final_if(#e));
    }
    if let Some(e) = &c.priority {
        out = quote_spanned!(e.span()=> #out.priority(#e));
    }
    out
}

/// Puts the call together around the loops of the body; `handle`: the name of a task's handle in it.
pub fn assemble(plan: &Plan<'_>, f: &ExprForLoop, block: &Block, handle: &Ident) -> TokenStream {
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
    let (source, opts, length) = (hidden("__source"), hidden("__options"), hidden("__length"));
    let (make, part) = (&head.make, Head::block());
    let parts: Vec<&Ident> = arrays.iter().map(|a| &a.parts).collect();
    let before = arrays.iter().map(|Array { place, parts, .. }| {
        quote_spanned!(place.span()=> let #parts = { #[allow(unused_imports)] use #p::Disjoin as _; #place.disjoint() };)
    });
    let reduced: Vec<&Ident> = clauses.reductions.iter().map(|r| &r.1).collect();
    let settled = open::settled(p, &reduced, block.to_token_stream());
    let protos = clauses
        .reductions
        .iter()
        .zip(prototypes)
        .map(|(r, proto)| super::region::prototype(p, r, proto));
    let (first, behind) = linear(plan);
    let (local, names) = (locals.bindings(), locals.names());
    let own = super::region::copied(&clauses.firstprivate);
    let private = reduced.iter().zip(prototypes).map(
        |(v, proto)| quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = #proto.private();),
    );
    let mut body = Body::new(plan, f);
    (body.alone, body.task) = (true, true);
    let loops = body.loops(block);
    let give = clauses
        .lastprivate
        .iter()
        .zip(lasts)
        .map(|(v, l)| quote_spanned!(v.span()=> #l.give(&mut #v);));
    let clause_options = options(p, clauses);
    let answer = (!reduced.is_empty()).then(|| quote!((#(#reduced,)*)));
    let carry = match reduced.is_empty() {
        true => quote!(carry_task),
        false => quote!(carry_reduced),
    };
    let run = quote!(
        #p::#carry((#source, #(#parts,)* #(#names,)*), |#handle, #part, (#source, #(#parts,)* #(#names,)*)| {
            // SAFETY (generated): the source outlives the loop, which gives each position to one task.
            let #source = unsafe { #p::Source::alias(#source) };
            // SAFETY (generated): the original outlives the loop, and the iterations of all tasks are different ones.
            #(let #parts = unsafe { #p::Parts::alias(#parts) };)*
            #(let #names = *#names;)*
            #own
            #(#private)*
            #loops
            #answer
        })
    );
    let call = match reduced.is_empty() {
        true => match &clauses.outer {
            None => quote!(#p::task_ranges(#opts, #length, #run);),
            Some(outer) => quote!(#p::task_ranges_in(#outer, #opts, #length, #run);),
        },
        false => with_results(plan, &reduced, (&opts, &length), &run),
    };
    // Errors about the loop as a whole stand at its `for`.
    let at = Span::call_site().located_at(f.for_token.span);
    quote_spanned!(at=> {
        let #opts = #clause_options;
        let #source = #make;
        #(#before)*
        #settled
        #(#protos)*
        #(let #lasts = #p::Last::new();)*
        #first
        let #length = #p::Source::len(&#source);
        #local
        #call
        #(#give)*
        #behind
    })
}

/// The call of a loop whose tasks bring copies back, which are combined in the order of the iterations.
fn with_results(
    plan: &Plan<'_>,
    reduced: &[&Ident],
    (opts, length): (&Ident, &Ident),
    run: &TokenStream,
) -> TokenStream {
    let p = &plan.p;
    let (total, more) = (hidden("__total"), hidden("__more"));
    let folds = plan
        .clauses
        .reductions
        .iter()
        .enumerate()
        .map(|(k, (op, _))| {
            let (k, op) = (syn::Index::from(k), operator(p, op));
            quote!(#p::Reduce::<#op>::combine(&mut #total.#k, #more.#k);)
        });
    let absorb = reduced
        .iter()
        .zip(&plan.prototypes)
        .enumerate()
        .map(|(k, (v, proto))| {
            let k = syn::Index::from(k);
            quote_spanned!(v.span()=> {
                #[allow(unused_imports)]
                use #p::Absorb as _;
                #v.__absorb(#proto.returned(#total.#k));
            })
        });
    let (call, outer) = match &plan.clauses.outer {
        None => (quote!(task_ranges_reduced), None),
        Some(outer) => (quote!(task_ranges_reduced_in), Some(quote!(#outer,))),
    };
    quote!(
        if let ::core::option::Option::Some(#total) = #p::#call(#outer #opts, #length, #run, |mut #total, #more| {
            #(#folds)*
            #total
        }) {
            #(#absorb)*
        }
    )
}

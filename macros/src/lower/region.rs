//! Regions and what stands in them: `parallel`, worksharing loops, `single`, `masked`, `sections`,
//! `critical`.

use super::body::Body;
use super::{Array, Plan, hidden, open, operator, options, schedule};
use crate::clause::{Clauses, ident_of};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::{Block, Expr, ExprForLoop, Ident, Path};

/// The names that a list of views gives.
fn names(list: &[Expr]) -> Vec<&Ident> {
    list.iter().filter_map(ident_of).collect()
}

/// A tuple of one is written with a comma.
fn tuple<T: quote::ToTokens>(parts: &[T]) -> TokenStream {
    quote!((#(#parts,)*))
}

/// A region. Its value is `()`.
pub fn parallel(root: &Path, clauses: &Clauses, block: &Block, cx: &Ident, at: Span) -> Expr {
    let p = quote!(#root::__private);
    let shared = names(&clauses.shared);
    let settled = open::settled(&p, &shared, block.to_token_stream());
    let hidden_names: Vec<Ident> = (0..shared.len())
        .map(|k| hidden(&format!("__shared{k}")))
        .collect();
    let borrow = shared.iter().zip(&hidden_names).map(|(v, name)| {
        quote_spanned!(v.span()=> let #name = { #[allow(unused_imports)] use #p::{Sharing as _, SharingVariable as _}; #v.share() };)
    });
    let own = clauses.firstprivate.iter().map(|v| {
        quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = ::core::clone::Clone::clone(&#v);)
    });
    let private = clauses.private.iter();
    let private = private.map(|v| quote!(#[allow(unused_mut, unused_assignments)] let mut #v;));
    let opts = options(&p, clauses);
    let (data, views) = (tuple(&hidden_names), tuple(&hidden_names));
    let stmts = &block.stmts;
    let at = Span::call_site().located_at(at);
    Expr::Verbatim(quote_spanned!(at=> {
        #settled
        #(#borrow)*
        #p::region(#opts, #data, |#cx: &mut #p::Ctx<'_>, #views| {
            #(#[allow(unused_mut, unused_variables)] let mut #shared = #hidden_names;)*
            #(#own)*
            #(#private)*
            #(#stmts)*
        });
    }))
}

/// A worksharing loop inside a region.
pub fn assemble(
    plan: &Plan<'_>,
    f: &ExprForLoop,
    block: &Block,
    reads: &[Ident],
    (cx, shared, nowait): (&Ident, &BTreeSet<String>, bool),
) -> TokenStream {
    let p = &plan.p;
    let (thread, source, all) = (hidden("__thread"), hidden("__source"), hidden("__locals"));
    let head = &plan.head;
    let make = head.team_make();
    let parts: Vec<&Ident> = plan.arrays.iter().map(|a| &a.parts).collect();
    let before = plan.arrays.iter().map(|Array { place, parts, .. }| {
        quote_spanned!(place.span()=> let #parts = { #[allow(unused_imports)] use #p::CutUp as _; #place.cut_up() };)
    });
    let readings = plan
        .clauses
        .reads
        .iter()
        .map(|v| quote_spanned!(v.span()=> #v.reading()));
    let read_names = names(&plan.clauses.reads);
    let (prototypes, totals) = prototypes(plan, shared, cx);
    let settled = own_settled(plan, shared, block);
    let local = plan.locals.bindings();
    let local_names = plan.locals.names();
    let own = plan.clauses.firstprivate.iter().map(|v| {
        quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = ::core::clone::Clone::clone(&#v);)
    });
    let reduced: Vec<&Ident> = plan.clauses.reductions.iter().map(|r| &r.1).collect();
    let private = reduced.iter().zip(&plan.prototypes).map(
        |(v, proto)| quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = #proto.private();),
    );
    let loops = Body::new(plan, f).loops(block);
    let kind = schedule(p, plan.clauses).unwrap_or_else(|| quote!(#p::Schedule::Static));
    let (total, more) = (hidden("__total"), hidden("__more"));
    let folds = (0..reduced.len()).map(|k| {
        let (k, op) = (
            syn::Index::from(k),
            operator(p, &plan.clauses.reductions[k].0),
        );
        quote!(#p::Reduce::<#op>::combine(&mut #total.#k, #more.#k);)
    });
    let (engine, fold) = match nowait {
        true => (quote!(nowait_loop), TokenStream::new()),
        false => (
            quote!(region_loop),
            quote!(#[allow(unused_variables, clippy::unused_unit)] |#total, #more| { #(#folds)* },),
        ),
    };
    let answer = match reduced.is_empty() {
        true => TokenStream::new(),
        false => tuple(&reduced),
    };
    let (parts, reads_tuple) = (tuple(&parts), tuple(reads));
    let locals_tuple = tuple(local_names);
    let at = Span::call_site().located_at(f.for_token.span);
    quote_spanned!(at=> {
        let #source = #make;
        #(#before)*
        #settled
        #prototypes
        #local
        #[allow(unused_variables)]
        let #all = #p::#engine(
            #cx, #kind, #source, #parts, (#(#readings,)*), #locals_tuple,
            |#thread, #source, #parts, #reads_tuple, #locals_tuple| {
                #(#[allow(unused_variables)] let #read_names = #reads;)*
                #(#own)*
                #(#private)*
                #loops
                #answer
            },
            #fold
        );
        #totals
    })
}

/// Settles the types of reduced variables that are the thread's own.
fn own_settled(plan: &Plan<'_>, shared: &BTreeSet<String>, block: &Block) -> TokenStream {
    let reduced = plan.clauses.reductions.iter().map(|r| &r.1);
    let own: Vec<&Ident> = reduced
        .filter(|v| !shared.contains(&v.to_string()))
        .collect();
    open::settled(&plan.p, &own, block.to_token_stream())
}

/// How each reduced variable's copies are made, and where their total goes: a variable that the region
/// shares takes it once, one of the thread's own takes it on each thread.
fn prototypes(
    plan: &Plan<'_>,
    shared: &BTreeSet<String>,
    cx: &Ident,
) -> (TokenStream, TokenStream) {
    let p = &plan.p;
    let (all, sum) = (hidden("__locals"), hidden("__sum"));
    let (mut make, mut give) = (TokenStream::new(), TokenStream::new());
    for (k, ((op, v), proto)) in plan
        .clauses
        .reductions
        .iter()
        .zip(&plan.prototypes)
        .enumerate()
    {
        let (op, k) = (operator(p, op), syn::Index::from(k));
        if shared.contains(&v.to_string()) {
            make.extend(quote_spanned!(v.span()=> let #proto = #v.prototype(|_: #op| ());));
            give.extend(quote_spanned!(v.span()=> {
                let #sum = #all.#k;
                #cx.single(#v.whole_mut(), (), |v, ()| {
                    use #p::Absorb as _;
                    v.__absorb(#proto.returned(#sum));
                });
            }));
        } else {
            make.extend(quote_spanned!(v.span()=> let #proto = {
                #[allow(unused_imports)]
                use #p::{OwnedPrototype as _, SlicePrototype as _};
                (&&#p::Reduced::new(&#v, |_: #op| ())).prototype()
            };));
            give.extend(quote_spanned!(v.span()=> {
                #[allow(unused_imports)]
                use #p::Absorb as _;
                #v.__absorb(#proto.returned(#all.#k));
            }));
        }
    }
    (make, give)
}

/// `single` or `masked`: the value of the block reaches every thread.
pub fn block(method: &str, clauses: &Clauses, block: &Block, cx: &Ident, at: Span) -> Expr {
    let (writes, reads) = views(clauses);
    let (written, read) = (names(&clauses.writes), names(&clauses.reads));
    let stmts = &block.stmts;
    let method = Ident::new(method, Span::call_site());
    let at = Span::call_site().located_at(at);
    Expr::Verbatim(quote_spanned!(at=>
        { #cx.#method(#writes, #reads, |#[allow(unused_mut, unused_variables)] (#(mut #written,)*), (#(#read,)*)| { #(#stmts)* }) }
    ))
}

/// What the clauses `writes` and `reads` open.
fn views(clauses: &Clauses) -> (TokenStream, TokenStream) {
    let writes = clauses
        .writes
        .iter()
        .map(|v| quote_spanned!(v.span()=> #v.whole_mut()));
    let reads = clauses
        .reads
        .iter()
        .map(|v| quote_spanned!(v.span()=> #v.reading()));
    (quote!((#(#writes,)*)), quote!((#(#reads,)*)))
}

/// `sections`.
pub fn sections(list: &[(Clauses, Block)], cx: &Ident, at: Span) -> Expr {
    let each = list.iter().map(|(clauses, block)| {
        let (writes, reads) = views(clauses);
        let (written, read) = (names(&clauses.writes), names(&clauses.reads));
        let stmts = &block.stmts;
        quote!(.section(#writes, #reads, |#[allow(unused_mut, unused_variables)] (#(mut #written,)*), (#(#read,)*)| { #(#stmts)* }))
    });
    let at = Span::call_site().located_at(at);
    Expr::Verbatim(quote_spanned!(at=> { #cx.sections() #(#each)* .run() }))
}

/// `critical`: inside, the name stands for `&mut` to the data.
pub fn critical(name: &Path, block: &Block, at: Span) -> Expr {
    let inner = name.segments.last().map(|s| &s.ident);
    let stmts = &block.stmts;
    let at = Span::call_site().located_at(at);
    Expr::Verbatim(
        quote_spanned!(at=> { #name.with(|#[allow(unused_variables)] #inner| { #(#stmts)* }) }),
    )
}

/// A scope whose constructs do not wait for each other.
pub fn nowait(block: &Block, cx: &Ident, scope: &Ident, at: Span) -> Expr {
    let stmts = &block.stmts;
    let at = Span::call_site().located_at(at);
    Expr::Verbatim(quote_spanned!(at=> { #cx.nowait(|#scope| { #(#stmts)* }) }))
}

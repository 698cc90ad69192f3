//! Regions, their worksharing loops, and `nowait` scopes.

use super::body::Body;
use super::{Array, Plan, Waits, call, hidden, open, operator, options, schedule};
use crate::clause::{Clauses, Op, ident_of};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::{Expr, ExprForLoop, Ident, Path};

/// The names that a list of views gives.
pub fn names(list: &[Expr]) -> Vec<&Ident> {
    list.iter().filter_map(ident_of).collect()
}

/// A tuple of one is written with a comma.
pub fn tuple<T: quote::ToTokens>(parts: &[T]) -> TokenStream {
    quote!((#(#parts,)*))
}

/// `firstprivate` variables, as copies of the same name.
pub fn copied(list: &[Ident]) -> TokenStream {
    let each = list.iter().map(|v| {
        quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = ::core::clone::Clone::clone(&#v);)
    });
    quote!(#(#each)*)
}

/// `private` variables, without a value.
pub fn private(list: &[Ident]) -> TokenStream {
    quote!(#(#[allow(unused_mut, unused_assignments)] let mut #list;)*)
}

/// What the private copies of a variable that is no view are made from.
pub fn prototype(p: &TokenStream, (op, v): &(Op, Ident), proto: &Ident) -> TokenStream {
    let op = operator(p, op);
    quote_spanned!(v.span()=> let #proto = {
        #[allow(unused_imports)]
        use #p::{OwnedPrototype as _, SlicePrototype as _};
        (&&#p::Reduced::new(&#v, |_: #op| ())).prototype()
    };)
}

/// A region. Its value is `()`.
pub fn parallel(root: &Path, clauses: &Clauses, block: &syn::Block, cx: &Ident, at: Span) -> Expr {
    let p = quote!(#root::__private);
    let shared = names(&clauses.shared);
    let reduced: Vec<&Ident> = clauses.reductions.iter().map(|r| &r.1).collect();
    let open_names: Vec<&Ident> = shared.iter().chain(&reduced).copied().collect();
    let settled = open::settled(&p, &open_names, block.to_token_stream());
    let number =
        |what: &str, n| -> Vec<Ident> { (0..n).map(|k| hidden(&format!("{what}{k}"))).collect() };
    let hidden_names = number("__shared", shared.len());
    let borrow = shared.iter().zip(&hidden_names).map(|(v, name)| {
        match clauses.whole.contains(v) {
            true => quote_spanned!(v.span()=> let #name = { use #p::SharingWhole as _; #v.share_whole() };),
            false => quote_spanned!(v.span()=> let #name = { #[allow(unused_imports)] use #p::{Sharing as _, SharingVariable as _}; #v.share() };),
        }
    });
    let (data, views) = (tuple(&hidden_names), tuple(&hidden_names));
    let (protos, copies) = (
        number("__prototype", reduced.len()),
        number("__copy", reduced.len()),
    );
    let make = clauses.reductions.iter().zip(&protos);
    let make = make.map(|(r, proto)| prototype(&p, r, proto));
    let begin = reduced.iter().zip(&protos).map(
        |(v, proto)| quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = #proto.private();),
    );
    let absorb = reduced
        .iter()
        .zip(&protos)
        .zip(&copies)
        .map(|((v, proto), copy)| {
            quote_spanned!(v.span()=> {
                #[allow(unused_imports)]
                use #p::Absorb as _;
                #v.__absorb(#proto.returned(#copy));
            })
        });
    let inherited = number("__copyin", clauses.copyin.len());
    let copyin = clauses.copyin.iter().zip(&inherited);
    let copyin =
        copyin.map(|(path, name)| quote_spanned!(path.span()=> let #name = #path.copyin();));
    let (own, private) = (copied(&clauses.firstprivate), private(&clauses.private));
    let (opts, stmts) = (options(&p, clauses), &block.stmts);
    let body = quote!(
        #(#inherited.apply();)*
        #(#[allow(unused_mut, unused_variables)] let mut #shared = #hidden_names;)*
        #own
        #private
        #(#begin)*
    );
    let (here, at, all) = (at, Span::call_site().located_at(at), hidden("__all"));
    if reduced.is_empty() {
        let region = call(
            here,
            quote!(#p::region),
            quote_spanned!(at=> #opts, #data, |#cx: &mut #p::Ctx<'_>, #views| { #body #(#stmts)* }),
        );
        return Expr::Verbatim(quote_spanned!(at=> {
            #settled
            #(#borrow)*
            #(#copyin)*
            #region;
        }));
    }
    let region = call(
        here,
        quote!(#p::region_map),
        quote_spanned!(at=> #opts, #data, |#cx: &mut #p::Ctx<'_>, #views| {
            #body
            let _: () = { #(#stmts)* };
            (#(#reduced,)*)
        }),
    );
    Expr::Verbatim(quote_spanned!(at=> {
        #settled
        #(#make)*
        let #all = {
            #(#borrow)*
            #(#copyin)*
            #region
        };
        // In order of thread number.
        for (#(#copies,)*) in #all {
            #(#absorb)*
        }
    }))
}

/// A worksharing loop inside a region.
pub fn assemble(
    plan: &Plan<'_>,
    f: &ExprForLoop,
    block: &syn::Block,
    reads: &[Ident],
    (cx, shared, waits): (&Ident, &BTreeSet<String>, Waits),
) -> TokenStream {
    let (p, clauses) = (&plan.p, plan.clauses);
    let (thread, source, all) = (hidden("__thread"), hidden("__source"), hidden("__locals"));
    let make = plan.head.team_make();
    let parts: Vec<&Ident> = plan.arrays.iter().map(|a| &a.parts).collect();
    let before = plan.arrays.iter().map(|Array { place, parts, .. }| {
        quote_spanned!(place.span()=> let #parts = { #[allow(unused_imports)] use #p::CutUp as _; #place.cut_up() };)
    });
    let readings = clauses
        .reads
        .iter()
        .map(|v| quote_spanned!(v.span()=> #v.reading()));
    let read_names = names(&clauses.reads);
    let reduced: Vec<&Ident> = clauses.reductions.iter().map(|r| &r.1).collect();
    let lasts = &plan.lasts;
    let results: Vec<&Ident> = reduced.iter().copied().chain(lasts).collect();
    // At the end of a scope that has results they are folded, and there the copies' prototypes are made.
    let folds_later = waits == Waits::InScope && !results.is_empty();
    let make_prototypes =
        (!folds_later).then(|| prototypes(p, &clauses.reductions, &plan.prototypes, shared));
    let end = match folds_later {
        true => quote!(#all),
        false => totals(p, clauses, &plan.prototypes, shared, cx),
    };
    let body = block.to_token_stream();
    let settled = (!folds_later).then(|| own_settled(p, clauses, shared, body));
    let (first, behind) = super::linear(plan);
    let length = hidden("__length");
    let linear = !plan.linear.is_empty();
    let measure = linear.then(|| quote!(let mut #length = 0usize;));
    let measured = linear.then(|| quote!(#length = #p::Source::len(&#source);));
    let local = plan.locals.bindings();
    let local_names = plan.locals.names();
    let own = copied(&clauses.firstprivate);
    let private = reduced.iter().zip(&plan.prototypes).map(
        |(v, proto)| quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = #proto.private();),
    );
    let loops = Body::new(plan, f).loops(block);
    let kind = schedule(p, clauses).unwrap_or_else(|| quote!(#p::Schedule::Static));
    let fold = folds(p, clauses);
    let (engine, order, turns) = engine(clauses, waits);
    let fold = (waits == Waits::Yes).then_some(fold);
    let answer = (!results.is_empty()).then(|| tuple(&results));
    let (parts, reads_tuple) = match waits {
        Waits::No => (quote!(()), quote!(())),
        _ => (tuple(&parts), tuple(reads)),
    };
    let readings = match waits {
        Waits::No => quote!(()),
        _ => quote!((#(#readings,)*)),
    };
    // SAFETY of what is generated: the body takes the positions of its blocks, each once, and the parts with
    // their indices; source and parts go by names that the user's code cannot say, so it passes neither on.
    let promise = (waits != Waits::No).then(|| quote!(unsafe { #p::Generated::new() },));
    let locals_tuple = tuple(local_names);
    let at = Span::call_site().located_at(f.for_token.span);
    let engine = call(
        f.for_token.span,
        quote!(#p::#engine),
        quote_spanned!(at=>
            #promise #cx, #kind, #source, #parts, #readings, #locals_tuple, #order
            |#thread, #source, #parts, #reads_tuple, #locals_tuple #turns| {
                #(#[allow(unused_variables)] let #read_names = #reads;)*
                #measured
                #own
                #(#private)*
                #(#[allow(unused_mut)] let mut #lasts = #p::LastOf::new();)*
                #loops
                #answer
            },
            #fold
        ),
    );
    quote_spanned!(at=> {
        let #source = #make;
        #(#before)*
        #settled
        #make_prototypes
        #first
        #measure
        #local
        #[allow(unused_variables)]
        let #all = #engine;
        #behind
        #end
    })
}

/// The runtime's part: its name, what it takes besides, and what the body takes besides.
fn engine(clauses: &Clauses, waits: Waits) -> (TokenStream, TokenStream, TokenStream) {
    let none = TokenStream::new;
    match (clauses.ordered, waits) {
        (Some(_), _) => {
            let (writes, order) = (whole(&clauses.writes), hidden("__order"));
            (quote!(ordered_loop), quote!(#writes,), quote!(, #order))
        }
        (None, Waits::Yes) => (quote!(region_loop), none(), none()),
        (None, Waits::InScope) => (quote!(nowait_loop), none(), none()),
        (None, Waits::No) => (quote!(free_loop), none(), none()),
    }
}

/// Settles the types of reduced variables that are the thread's own.
fn own_settled(
    p: &TokenStream,
    clauses: &Clauses,
    shared: &BTreeSet<String>,
    body: TokenStream,
) -> TokenStream {
    let reduced = clauses.reductions.iter().map(|r| &r.1);
    let own: Vec<&Ident> = reduced
        .filter(|v| !shared.contains(&v.to_string()))
        .collect();
    open::settled(p, &own, body)
}

/// How what two threads bring becomes one: reduced copies, then `lastprivate` values.
fn folds(p: &TokenStream, clauses: &Clauses) -> TokenStream {
    let (total, more) = (hidden("__total"), hidden("__more"));
    let n = clauses.reductions.len();
    let reduce = clauses.reductions.iter().enumerate().map(|(k, (op, _))| {
        let (k, op) = (syn::Index::from(k), operator(p, op));
        quote!(#p::Reduce::<#op>::combine(&mut #total.#k, #more.#k);)
    });
    let last = (0..clauses.lastprivate.len()).map(|k| {
        let k = syn::Index::from(n + k);
        quote!(#p::LastOf::or(&mut #total.#k, #more.#k);)
    });
    quote!(#[allow(unused_variables, clippy::unused_unit)] |#total, #more| { #(#reduce)* #(#last)* },)
}

/// How each reduced variable's copies are made.
pub fn prototypes(
    p: &TokenStream,
    reductions: &[(Op, Ident)],
    protos: &[Ident],
    shared: &BTreeSet<String>,
) -> TokenStream {
    let each = reductions.iter().zip(protos).map(|(r, proto)| {
        let (op, v) = (operator(p, &r.0), &r.1);
        match shared.contains(&v.to_string()) {
            true => quote_spanned!(v.span()=> let #proto = #v.prototype(|_: #op| ());),
            false => prototype(p, r, proto),
        }
    });
    quote!(#(#each)*)
}

/// Where totals and last values go, which `__locals` holds in that order: a variable that the region shares
/// takes them once, one of the thread's own takes them on each thread.
pub fn totals(
    p: &TokenStream,
    clauses: &Clauses,
    protos: &[Ident],
    shared: &BTreeSet<String>,
    cx: &Ident,
) -> TokenStream {
    let (all, sum) = (hidden("__locals"), hidden("__sum"));
    let is_shared = |v: &Ident| shared.contains(&v.to_string());
    let n = clauses.reductions.len();
    let reduced = clauses.reductions.iter().zip(protos).enumerate();
    let reduced = reduced.map(|(k, ((_, v), proto))| {
        let k = syn::Index::from(k);
        let absorb = quote_spanned!(v.span()=> #[allow(unused_imports)] use #p::Absorb as _;);
        match is_shared(v) {
            true => {
                let single = quote_spanned!(v.span()=> #v.whole_mut(), (), |v, ()| { #absorb v.__absorb(#proto.returned(#sum)); });
                let single = call(v.span(), quote!(single), single);
                quote_spanned!(v.span()=> {
                    let #sum = #all.#k;
                    #cx.#single;
                })
            }
            false => quote_spanned!(v.span()=> { #absorb #v.__absorb(#proto.returned(#all.#k)); }),
        }
    });
    let last = clauses.lastprivate.iter().enumerate().map(|(k, v)| {
        let k = syn::Index::from(n + k);
        match is_shared(v) {
            true => {
                let single = quote_spanned!(v.span()=> #v.whole_mut(), (), |v, ()| #p::LastOf::give(#sum, v));
                let single = call(v.span(), quote!(single), single);
                quote_spanned!(v.span()=> {
                    let #sum = #all.#k;
                    #cx.#single;
                })
            }
            false => quote_spanned!(v.span()=> #p::LastOf::give(#all.#k, &mut #v);),
        }
    });
    quote!(#(#reduced)* #(#last)*)
}

/// Views that one thread has as a whole.
pub fn whole(list: &[Expr]) -> TokenStream {
    let each = list
        .iter()
        .map(|v| quote_spanned!(v.span()=> #v.whole_mut()));
    quote!((#(#each,)*))
}

/// Views that are read.
pub fn readings(clauses: &Clauses) -> TokenStream {
    let each = clauses
        .reads
        .iter()
        .map(|v| quote_spanned!(v.span()=> #v.reading()));
    quote!((#(#each,)*))
}

/// A scope whose constructs do not wait for each other; `results`: clauses and body of its last loop, if that has some.
pub fn nowait(
    root: &Path,
    results: Option<(Clauses, TokenStream)>,
    block: &syn::Block,
    (cx, scope, shared): (&Ident, &Ident, &BTreeSet<String>),
    at: Span,
) -> Expr {
    let stmts = &block.stmts;
    let (here, at) = (at, Span::call_site().located_at(at));
    let Some((clauses, body)) = results else {
        let scope = quote_spanned!(at=> |#scope| { #(#stmts)* });
        let scope = call(here, quote!(nowait), scope);
        return Expr::Verbatim(quote_spanned!(at=> { #cx.#scope }));
    };
    let (p, all) = (quote!(#root::__private), hidden("__locals"));
    let protos: Vec<Ident> = (0..clauses.reductions.len())
        .map(|k| hidden(&format!("__prototype{k}")))
        .collect();
    let settled = own_settled(&p, &clauses, shared, body);
    let make = prototypes(&p, &clauses.reductions, &protos, shared);
    let fold = folds(&p, &clauses);
    let totals = totals(&p, &clauses, &protos, shared, cx);
    let scope = quote_spanned!(at=> |#scope| { #(#stmts)* }, #fold);
    let scope = call(here, quote!(nowait_gather), scope);
    Expr::Verbatim(quote_spanned!(at=> {
        #settled
        #make
        let #all = #cx.#scope;
        #totals
    }))
}

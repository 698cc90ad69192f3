//! `taskgroup` and `task`.

use super::depend::{Accesses, accesses, handles};
use super::region::{private, prototype};
use super::{hidden, open, operator};
use crate::clause::Clauses;
use crate::depend::Object;
use crate::tasks::Group;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::{Block, Expr, Ident, Lifetime, Path};

/// The label of a task's body, which `cancel!` leaves.
pub fn task_label() -> Lifetime {
    Lifetime::new("'__task", Span::mixed_site())
}

/// A group: opened by the handle around, or in the team that the thread works for.
pub fn taskgroup(
    root: &Path,
    clauses: &Clauses,
    (objects, block): (&[Object], &Block),
    (outer, handle): (Option<&Ident>, &Ident),
    at: Span,
) -> Expr {
    let (stmts, deps) = (&block.stmts, handles(root, handle, objects));
    let at = Span::call_site().located_at(at);
    let open = match outer {
        Some(outer) => quote_spanned!(at=> #outer.group),
        None => quote_spanned!(at=> #root::taskgroup),
    };
    if clauses.reductions.is_empty() {
        return Expr::Verbatim(quote_spanned!(at=> { #open(|#handle| { #deps #(#stmts)* }) }));
    }
    let (p, value) = (quote!(#root::__private), hidden("__value"));
    let reduced: Vec<&Ident> = clauses.reductions.iter().map(|r| &r.1).collect();
    let settled = open::settled(&p, &reduced, quote!(#(#stmts)*));
    let (make, give): (Vec<_>, Vec<_>) = clauses
        .reductions
        .iter()
        .map(|r| {
            let (proto, all, op, v) = (prototype_of(&r.1), reduction_of(&r.1), operator(&p, &r.0), &r.1);
            let make = prototype(&p, r, &proto);
            (
                quote_spanned!(v.span()=> #make let #all = #p::TaskReduction::<#op, _>::of(#proto.private());),
                quote_spanned!(v.span()=> {
                    #[allow(unused_imports)]
                    use #p::Absorb as _;
                    #v.__absorb(#proto.returned(#all.into_inner()));
                }),
            )
        })
        .unzip();
    Expr::Verbatim(quote_spanned!(at=> {
        #settled
        #(#make)*
        let #value = #open(|#handle| { #deps #(#stmts)* });
        #(#give)*
        #value
    }))
}

/// What the copies of a group's reduced variable are made from.
fn prototype_of(v: &Ident) -> Ident {
    hidden(&format!("__prototype_{v}"))
}

/// Where the tasks of a group leave their copies of a reduced variable.
fn reduction_of(v: &Ident) -> Ident {
    hidden(&format!("__reduction_{v}"))
}

/// What stands before and after the body of a task that has a part in reductions.
fn parts(p: &TokenStream, c: &Clauses) -> (TokenStream, TokenStream) {
    let (mut begin, mut end) = (TokenStream::new(), TokenStream::new());
    for (op, v) in &c.reductions {
        let (proto, all, op) = (prototype_of(v), reduction_of(v), operator(p, op));
        let copy = hidden("__copy");
        begin.extend(quote_spanned!(v.span()=> let mut #v = #proto.private();));
        end.extend(
            quote_spanned!(v.span()=> #all.with(|#copy| #p::Reduce::<#op>::combine(#copy, #v));),
        );
    }
    (begin, end)
}

/// A task of the group of `handle`. Inside, that is the name of the task's own handle.
pub fn task(root: &Path, clauses: &Clauses, block: &Block, group: &Group, at: Span) -> Expr {
    let handle = &group.handle;
    let p = quote!(#root::__private);
    let at = Span::call_site().located_at(at);
    let accesses = accesses(root, clauses, &group.plain, group.orphaned);
    let (own, mut taken) = (hidden("__own"), Owned::of(clauses));
    for (name, value) in &accesses.own {
        taken.names.push(name);
        taken.values.push(value.clone());
    }
    let (names, values) = (&taken.names, &taken.values);
    let (pack, unpack) = match names.is_empty() {
        true => (None, None),
        false => (
            Some(quote_spanned!(at=> let #own = #p::Own::new((#(#values,)*));)),
            Some(quote_spanned!(at=>
                #[allow(unused_mut, unused_variables)]
                let (#(mut #names,)*) = #own.take();
            )),
        ),
    };
    let private = private(&clauses.private);
    let (begin, end) = parts(&p, clauses);
    let stmts = match end.is_empty() {
        true => body(block),
        false => {
            let stmts = body(block);
            quote!({ #stmts } #end)
        }
    };
    // Before anything moves into the task.
    let (settle, options) = match options(&p, clauses) {
        None => (None, None),
        Some(o) => {
            let name = hidden("__options");
            (Some(quote!(let #name = #o;)), Some(quote!(#name,)))
        }
    };
    let Accesses {
        before,
        list,
        given,
        bind,
        ..
    } = &accesses;
    if !list.is_empty() {
        let call = match options.is_some() {
            false => quote_spanned!(at=> #handle.task_depend),
            true => quote_spanned!(at=> #handle.task_depend_with),
        };
        return Expr::Verbatim(quote_spanned!(at=> {
            #settle
            #before
            #pack
            #call(#options (#(#list,)*), |#[allow(unused_variables)] #handle, (#(#given,)*)| {
                #unpack
                #bind
                #private
                #begin
                #stmts
            });
        }));
    }
    let call = match (options.is_some(), clauses.detach.is_some()) {
        (false, false) => quote_spanned!(at=> #handle.task),
        (true, false) => quote_spanned!(at=> #handle.task_with),
        (false, true) => quote_spanned!(at=> #handle.task_detach),
        (true, true) => quote_spanned!(at=> #handle.task_detach_with),
    };
    let event = clauses.detach.as_ref().map(|e| quote!(, #e));
    Expr::Verbatim(quote_spanned!(at=> {
        #settle
        #before
        #pack
        #call(#options |#[allow(unused_variables)] #handle #event| { #unpack #bind #private #begin #stmts });
    }))
}

/// A block that waits for what it needs, and runs where it stands.
pub fn taskwait(root: &Path, clauses: &Clauses, block: &Block, group: &Group, at: Span) -> Expr {
    let at = Span::call_site().located_at(at);
    let accesses = accesses(root, clauses, &group.plain, group.orphaned);
    let own = accesses
        .own
        .iter()
        .map(|(name, value)| quote!(let #name = #value;));
    let Accesses {
        before,
        list,
        given,
        bind,
        ..
    } = &accesses;
    let (handle, stmts) = (&group.handle, &block.stmts);
    Expr::Verbatim(quote_spanned!(at=> {
        #before
        #(#own)*
        #handle.wait_depend((#(#list,)*), |(#(#given,)*)| { #bind #(#stmts)* })
    }))
}

/// The body, with the label that `cancel!` leaves where it does.
fn body(block: &Block) -> TokenStream {
    let stmts = &block.stmts;
    let text = quote!(#(#stmts)*);
    let mut words = BTreeSet::new();
    crate::names::words(text.clone(), &mut words);
    let label = task_label();
    match words.contains(&label.ident.to_string()) {
        true => quote!(#label: { #text }),
        false => text,
    }
}

/// What a task has for itself: names that do not outlive the group, and copies.
#[derive(Default)]
struct Owned<'c> {
    names: Vec<&'c Ident>,
    values: Vec<TokenStream>,
}

impl<'c> Owned<'c> {
    fn of(c: &'c Clauses) -> Self {
        let mut owned = Owned::default();
        let objects = c.depend.iter().map(|d| &d.name);
        let reduced = c.reductions.iter().map(|r| &r.1);
        let copies = c.firstprivate.iter().chain(&c.private);
        let given: Vec<&Ident> = copies.chain(objects).chain(reduced).collect();
        let shared = |v: &Ident| {
            c.shared
                .iter()
                .any(|e| crate::clause::ident_of(e) == Some(v))
        };
        for v in &c.own {
            if !given.contains(&v) && !shared(v) {
                owned.names.push(v);
                owned.values.push(v.to_token_stream());
            }
        }
        for v in &c.firstprivate {
            owned.names.push(v);
            owned
                .values
                .push(quote_spanned!(v.span()=> ::core::clone::Clone::clone(&#v)));
        }
        owned
    }
}

/// The clauses that are options of the library's call, if there are some.
fn options(p: &TokenStream, c: &Clauses) -> Option<TokenStream> {
    let mut out = quote!(#p::TaskOptions::new());
    if let Some(e) = &c.condition {
        out = quote_spanned!(e.span()=> #out.only_if(#e));
    }
    if let Some(e) = &c.last {
        out = quote_spanned!(e.span()=> #out.final_if(#e));
    }
    if let Some(e) = &c.priority {
        out = quote_spanned!(e.span()=> #out.priority(#e));
    }
    // A task has one place to be near to.
    if let Some(e) = c.affinity.first() {
        out = quote_spanned!(e.span()=> #out.affinity({
            #[allow(unused_imports)]
            use #p::Near as _;
            #e.near()
        }));
    }
    let given = [&c.condition, &c.last, &c.priority];
    let any = given.iter().any(|e| e.is_some()) || !c.affinity.is_empty();
    any.then_some(out)
}

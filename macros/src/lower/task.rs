//! `taskgroup` and `task`.

use super::depend::{Accesses, accesses};
use super::region::{private, prototype};
use super::{call, hidden, open, operator};
use crate::clause::{Clauses, ident_of};
use crate::tasks::Group;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::{Block, Expr, Ident, Lifetime, Path, Stmt};

/// The label of a task's body, which `cancel!` leaves.
pub fn task_label() -> Lifetime {
    Lifetime::new("'__task", Span::mixed_site())
}

/// A group: opened by the handle around, or in the team that the thread works for.
pub fn taskgroup(
    root: &Path,
    clauses: &Clauses,
    block: &Block,
    (outer, handle): (Option<&Ident>, &Ident),
    at: Span,
) -> Expr {
    let stmts = &block.stmts;
    let at = Span::call_site().located_at(at);
    let open = match outer {
        Some(outer) => quote_spanned!(at=> #outer.group),
        None => quote_spanned!(at=> #root::__private::taskgroup),
    };
    if clauses.reductions.is_empty() {
        return Expr::Verbatim(quote_spanned!(at=> { #open(|#handle| { #(#stmts)* }) }));
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
        let #value = #open(|#handle| { #(#stmts)* });
        #(#give)*
        #value
    }))
}

/// A group of two tasks: what the thread runs itself, and what another may run.
pub fn joined(
    root: &Path,
    before: &[Stmt],
    parts: [&(Clauses, Block, Option<Span>); 2],
    handle: Option<&Ident>,
    at: Span,
) -> Expr {
    let (at, p) = (Span::call_site().located_at(at), quote!(#root::__private));
    let none = Accesses::default();
    let mut packs = TokenStream::new();
    let closures = parts
        .iter()
        .zip(["__own_rest", "__own"])
        .map(|((c, block, task), own)| {
            let at = task.map_or(at, |task| at.located_at(task));
            let (pack, unpack) = Owned::of(c, &none, at).moved(&p, &hidden(own), at);
            packs.extend(pack);
            let stmts = &block.stmts;
            let body = match task.is_some() {
                true => quote!(let () = { #(#stmts)* };),
                false => quote!(#(#stmts)*),
            };
            quote_spanned!(at=> |#handle| { #unpack #body })
        });
    let closures: Vec<TokenStream> = closures.collect();
    let call = match handle {
        Some(handle) => quote_spanned!(at=> #handle.join),
        None => quote_spanned!(at=> #p::join),
    };
    Expr::Verbatim(quote_spanned!(at=> { #(#before)* #packs #call(#(#closures),*).0 }))
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
    let (handle, p) = (&group.handle, quote!(#root::__private));
    let (here, at) = (at, Span::call_site().located_at(at));
    let accesses = accesses(root, clauses, &group.plain, group.orphaned);
    let (pack, unpack) = Owned::of(clauses, &accesses, at).moved(&p, &hidden("__own"), at);
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
    let (what, objects, more) = match (&clauses.detach, list.is_empty()) {
        (_, false) => (
            "task_depend",
            Some(nested(list)).map(|all| quote!(#all,)),
            Some(nested(given)).map(|all| quote!(, #all)),
        ),
        (Some(event), _) => ("task_detach", None, Some(quote!(, #event))),
        _ => ("task", None, None),
    };
    let with = if options.is_some() { "_with" } else { "" };
    let method = Ident::new(&format!("{what}{with}"), at);
    let private = private(&clauses.private);
    let stmts = body(&p, clauses, block);
    let arguments = quote_spanned!(at=> #options #objects |#[allow(unused_variables)] #handle #more| {
        #unpack
        #bind
        #private
        #stmts
    });
    let submit = call(here, quote!(#method), arguments);
    Expr::Verbatim(quote_spanned!(at=> {
        #settle
        #before
        #pack
        #handle.#submit;
    }))
}

/// The names in a tuple, of tuples where they are more than the library's longest.
fn nested(names: &[Ident]) -> TokenStream {
    match names.len() > 8 {
        false => quote!((#(#names,)*)),
        true => {
            let parts = names.chunks(names.len().div_ceil(8)).map(nested);
            quote!((#(#parts,)*))
        }
    }
}

/// A block that waits for what it needs, and runs where it stands.
pub fn taskwait(root: &Path, clauses: &Clauses, block: &Block, group: &Group, at: Span) -> Expr {
    let (here, at) = (at, Span::call_site().located_at(at));
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
    let (list, given) = (nested(list), nested(given));
    let (handle, stmts) = (&group.handle, &block.stmts);
    let arguments = quote_spanned!(at=> #list, |#given| { #bind #(#stmts)* });
    let wait = call(here, quote!(wait_depend), arguments);
    Expr::Verbatim(quote_spanned!(at=> {
        #before
        #(#own)*
        #handle.#wait
    }))
}

/// The body, with the label that `cancel!` leaves where it does, and between the ends of its part in reductions.
fn body(p: &TokenStream, c: &Clauses, block: &Block) -> TokenStream {
    let stmts = &block.stmts;
    let text = quote!(#(#stmts)*);
    let mut words = BTreeSet::new();
    crate::names::words(text.clone(), &mut words);
    let label = task_label();
    let text = match words.contains(&label.ident.to_string()) {
        true => quote!(#label: { #text }),
        false => text,
    };
    let (begin, end) = parts(p, c);
    match end.is_empty() {
        true => text,
        false => quote!(#begin { #text } #end),
    }
}

/// What a task has for itself: names that do not outlive the group, copies, and what its accesses need.
#[derive(Default)]
struct Owned<'c> {
    names: Vec<&'c Ident>,
    values: Vec<TokenStream>,
}

impl<'c> Owned<'c> {
    fn of(c: &'c Clauses, accesses: &'c Accesses, at: Span) -> Self {
        let mut owned = Owned::default();
        let objects = c.depend.iter().map(|d| &d.name);
        let reduced = c.reductions.iter().map(|r| &r.1);
        let copies = c.firstprivate.iter().chain(&c.private);
        let given: Vec<&Ident> = copies.chain(objects).chain(reduced).collect();
        let shared = |v: &Ident| c.shared.iter().any(|e| ident_of(e) == Some(v));
        for v in &c.own {
            if !given.contains(&v) && !shared(v) {
                // It moves where the task stands, not where it was declared.
                let mut here = v.clone();
                here.set_span(v.span().located_at(at));
                owned.add(v, here.to_token_stream());
            }
        }
        for v in &c.firstprivate {
            let copy = quote_spanned!(v.span()=> ::core::clone::Clone::clone(&#v));
            owned.add(v, copy);
        }
        for (name, value) in &accesses.own {
            owned.add(name, value.clone());
        }
        owned
    }

    fn add(&mut self, name: &'c Ident, value: TokenStream) {
        self.names.push(name);
        self.values.push(value);
    }

    /// How it gets into the closure: what stands before it, and what inside.
    fn moved(
        &self,
        p: &TokenStream,
        own: &Ident,
        at: Span,
    ) -> (Option<TokenStream>, Option<TokenStream>) {
        let (names, values) = (&self.names, &self.values);
        if names.is_empty() {
            return (None, None);
        }
        let pack = quote_spanned!(at=> let #own = #p::Own::new((#(#values,)*)););
        let unpack = quote_spanned!(at=>
            #[allow(unused_mut, unused_variables)]
            let (#(mut #names,)*) = #own.take();
        );
        (Some(pack), Some(unpack))
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

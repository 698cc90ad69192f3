//! `taskgroup` and `task`.

use super::hidden;
use super::region::private;
use crate::clause::Clauses;
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
    block: &Block,
    (outer, handle): (Option<&Ident>, &Ident),
    at: Span,
) -> Expr {
    let stmts = &block.stmts;
    let at = Span::call_site().located_at(at);
    let open = match outer {
        Some(outer) => quote_spanned!(at=> #outer.group),
        None => quote_spanned!(at=> #root::taskgroup),
    };
    Expr::Verbatim(quote_spanned!(at=> { #open(|#handle| { #(#stmts)* }) }))
}

/// A task of the group of `handle`. Inside, that is the name of the task's own handle.
pub fn task(root: &Path, clauses: &Clauses, block: &Block, handle: &Ident, at: Span) -> Expr {
    let p = quote!(#root::__private);
    let at = Span::call_site().located_at(at);
    let (own, taken) = (hidden("__own"), Owned::of(clauses));
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
    let stmts = body(block);
    let options = options(&p, clauses).map(|o| quote!(#o,));
    let call = match options.is_some() {
        false => quote_spanned!(at=> #handle.task),
        true => quote_spanned!(at=> #handle.task_with),
    };
    Expr::Verbatim(quote_spanned!(at=> {
        #pack
        #call(#options |#[allow(unused_variables)] #handle| { #unpack #private #stmts });
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
        let given: Vec<&Ident> = c.firstprivate.iter().chain(&c.private).collect();
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
    let any = c.condition.is_some() || c.last.is_some() || c.priority.is_some();
    any.then_some(out)
}

//! `depend`: the handles that a group's body begins with, and what a task has of them.

use super::hidden;
use crate::clause::Clauses;
use crate::depend::{Kind, Object};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::{Expr, Ident, Path, Stmt};

/// The handle of an object of the group.
fn handle_of(object: &Ident) -> Ident {
    let mut name = hidden(&format!("__dep_{object}"));
    name.set_span(name.span().located_at(object.span()));
    name
}

/// What comes before the first task of a group that names objects. What no task writes needs no order.
pub fn handles(root: &Path, group: &Ident, objects: &[Object]) -> Vec<Stmt> {
    let p = quote!(#root::__private);
    let each = objects.iter().map(|o| {
        let (x, name) = (&o.name, handle_of(&o.name));
        let handle = match (o.written, o.elements) {
            (false, _) => quote_spanned!(x.span()=> let #name = &#x;),
            (true, false) => quote_spanned!(x.span()=> let #name = #group.dep({
                #[allow(unused_imports)]
                use #p::Place as _;
                #x.place()
            });),
            (true, true) => quote_spanned!(x.span()=> let #name = #group.deps(#x.iter_mut());),
        };
        Stmt::Expr(Expr::Verbatim(handle), None)
    });
    each.collect()
}

/// What a construct with the clause has.
#[derive(Default)]
pub struct Accesses {
    /// Before the call: indices, and accesses.
    pub before: TokenStream,
    /// The accesses, and the names of what they give.
    pub list: Vec<Ident>,
    pub given: Vec<Ident>,
    /// Names and values that the task takes along.
    pub own: Vec<(Ident, TokenStream)>,
    /// Inside: the user's names.
    pub bind: TokenStream,
}

/// Reads the clauses of a task; `plain`: objects of the group that no task writes.
pub fn accesses(root: &Path, c: &Clauses, plain: &BTreeSet<String>, orphaned: bool) -> Accesses {
    let mut all = Accesses::default();
    let mut elements: Vec<(&Ident, Vec<TokenStream>)> = Vec::new();
    let p = quote!(#root::__private);
    for (k, d) in c.depend.iter().enumerate() {
        let local = orphaned || c.local.contains(&d.object) || d.kind == Kind::Object;
        let handle = match local {
            true => d.object.clone(),
            false => handle_of(&d.object),
        };
        let is_plain = !local && plain.contains(&d.object.to_string());
        let number =
            |what: &str| -> Ident { format_ident!("{what}{k}", span = Span::mixed_site()) };
        let (given, index) = (number("__given"), number("__index"));
        let access = |at: TokenStream| match (is_plain, d.kind.method()) {
            (true, _) => quote_spanned!(d.object.span()=> &#at),
            (_, None) => at,
            (_, Some(method)) => {
                let method = Ident::new(method, d.object.span());
                quote_spanned!(d.object.span()=> #at.#method())
            }
        };
        let at = |e: &dyn ToTokens| quote_spanned!(d.object.span()=> #handle[#e]);
        let value = match (&d.index, d.iterators.is_empty()) {
            (None, true) if is_plain => handle.to_token_stream(),
            (None, true) => access(handle.to_token_stream()),
            (Some(e), true) => {
                all.before.extend(quote!(let #index = #e;));
                access(at(&index))
            }
            (e, false) => {
                let e = e.as_ref().map_or_else(|| quote!(()), Expr::to_token_stream);
                let run = over(&d.iterators, &e);
                all.before
                    .extend(quote!(let #index: ::std::vec::Vec<_> = #run.collect();));
                let one = hidden("__one");
                let access = access(at(&quote!(*#one)));
                quote!(#index.iter().map(|#one| #access).collect::<::std::vec::Vec<_>>())
            }
        };
        match is_plain {
            true => all.own.push((given.clone(), value)),
            false => {
                // Before what it is made of moves into the task.
                let access = number("__access");
                all.before
                    .extend(quote_spanned!(d.object.span()=> let #access = #value;));
                all.list.push(access);
                all.given.push(given.clone());
            }
        }
        if d.index.is_none() || d.name != d.object {
            let name = &d.name;
            all.bind.extend(
                quote_spanned!(name.span()=> #[allow(unused_variables)] let #name = #given;),
            );
            continue;
        }
        all.own.push((index.clone(), index.to_token_stream()));
        let variant = match !is_plain && d.kind.writes() {
            true => quote!(Written),
            false => quote!(Read),
        };
        let part = match d.iterators.is_empty() {
            true => quote!(::core::iter::once((#index, #p::Element::#variant(#given)))),
            false => quote!(#index.into_iter().zip(#given.into_iter().map(#p::Element::#variant))),
        };
        match elements.iter_mut().find(|(o, _)| **o == d.object) {
            Some((_, parts)) => parts.push(part),
            None => elements.push((&d.object, vec![part])),
        }
    }
    for (name, parts) in elements {
        let mut parts = parts.into_iter();
        let first = parts.next();
        let text = name.to_string();
        all.bind.extend(quote_spanned!(name.span()=>
            #[allow(unused_mut, unused_variables)]
            let mut #name = #p::Elements::new(#text, #first #(.chain(#parts))*);
        ));
    }
    all
}

/// The indices of a set: one loop inside of the other.
fn over(iterators: &[(Ident, Expr)], index: &TokenStream) -> TokenStream {
    let Some(((name, range), inner)) = iterators.split_first() else {
        return quote!(::core::iter::once(#index));
    };
    let range = quote!(::core::iter::IntoIterator::into_iter(#range));
    match inner.is_empty() {
        true => quote!(#range.map(|#name| #index)),
        false => {
            let inner = over(inner, index);
            quote!(#range.flat_map(|#name| #inner.collect::<::std::vec::Vec<_>>()))
        }
    }
}

//! Blocks that one thread at a time runs: `single`, `masked`, `critical`, `ordered`.

use super::region::{copied, names, private, readings, whole};
use super::{call, hidden};
use crate::clause::Clauses;
use crate::names::Names;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Path};

/// How a block is run by one thread.
pub enum Block {
    Single,
    Masked,
    /// In a `nowait` scope: only the thread that runs it has its value.
    SingleInScope,
    /// Without shared data or waiting.
    SingleFree,
}

/// `single` or `masked`: the value of the block reaches every thread.
pub fn block(how: Block, clauses: &Clauses, block: &syn::Block, cx: &Ident, at: Span) -> Expr {
    let (writes, reads) = (whole(&clauses.writes), readings(clauses));
    let (written, read) = (names(&clauses.writes), names(&clauses.reads));
    let (own, private) = (copied(&clauses.firstprivate), private(&clauses.private));
    let stmts = &block.stmts;
    let (here, at) = (at, Span::call_site().located_at(at));
    let head = quote!(#[allow(unused_mut, unused_variables)] (#(mut #written,)*), (#(#read,)*));
    match how {
        Block::SingleFree => {
            let body = quote_spanned!(at=> || { let _ = { #own #private #(#stmts)* }; });
            let single = call(here, quote!(single_nowait), body);
            return Expr::Verbatim(quote_spanned!(at=> { #cx.#single }));
        }
        Block::SingleInScope => {
            let body = quote_spanned!(at=> |#head| { let _ = { #own #private #(#stmts)* }; });
            let single = call(here, quote!(single), quote!(#writes, #reads, #body));
            return Expr::Verbatim(quote_spanned!(at=> { #cx.#single }));
        }
        _ => {}
    }
    let (method, filter) = match (how, &clauses.filter) {
        (Block::Masked, Some(n)) => (quote!(masked_by), Some(quote_spanned!(n.span()=> #n,))),
        (Block::Masked, None) => (quote!(masked), None),
        (_, _) => (quote!(single), None),
    };
    let copied = &clauses.copyprivate;
    if copied.is_empty() {
        let body = quote_spanned!(at=> |#head| { #own #private #(#stmts)* });
        let block = call(here, method, quote!(#filter #writes, #reads, #body));
        return Expr::Verbatim(quote_spanned!(at=> { #cx.#block }));
    }
    // The thread that ran the block gets its own values back, which changes nothing.
    let (value, all) = (hidden("__value"), hidden("__copied"));
    let copies = copied
        .iter()
        .map(|v| quote_spanned!(v.span()=> ::core::clone::Clone::clone(&#v)));
    let give = copied.iter().enumerate().map(|(k, v)| {
        let k = syn::Index::from(k);
        quote_spanned!(v.span()=> #v = #all.#k;)
    });
    let body = quote_spanned!(at=> |#head| {
        let #value = { #own #private #(#stmts)* };
        (#value, (#(#copies,)*))
    });
    let single = call(here, quote!(single), quote!(#writes, #reads, #body));
    Expr::Verbatim(quote_spanned!(at=> {
        let (#value, #all) = #cx.#single;
        #(#give)*
        #value
    }))
}

/// `critical`: inside, the name stands for `&mut` to the data.
pub fn critical(name: &Path, block: &syn::Block, at: Span) -> Expr {
    let (here, at) = (at, Span::call_site().located_at(at));
    let Some(inner) = name.segments.last().map(|s| &s.ident) else {
        return Expr::Verbatim(quote!({}));
    };
    // What looks like a static cannot be the name of a parameter, if it is one.
    let is_static = !inner.to_string().contains(|c: char| c.is_lowercase());
    let (inner, block) = match is_static {
        true => {
            let own = hidden("__inside");
            let body = renamed(block.to_token_stream(), inner, &own);
            (own, body)
        }
        false => (inner.clone(), block.to_token_stream()),
    };
    let body = quote_spanned!(at=> |#[allow(unused_variables)] #inner| #block);
    let with = call(here, quote!(with), body);
    Expr::Verbatim(quote_spanned!(at=> { #name.#with }))
}

/// Tokens in which one name stands for another, also in what macros are given; not behind a dot or in a path.
fn renamed(tokens: TokenStream, from: &Ident, to: &Ident) -> TokenStream {
    let mut part_of_path = false;
    let each = tokens.into_iter().map(|token| {
        let behind = std::mem::take(&mut part_of_path);
        match token {
            TokenTree::Ident(i) if i == *from && !behind => {
                let mut to = to.clone();
                to.set_span(to.span().located_at(i.span()));
                TokenTree::Ident(to)
            }
            TokenTree::Group(g) => {
                let mut inside = Group::new(g.delimiter(), renamed(g.stream(), from, to));
                inside.set_span(g.span());
                TokenTree::Group(inside)
            }
            TokenTree::Punct(p) => {
                part_of_path = p.as_char() == '.' || p.as_char() == ':';
                TokenTree::Punct(p)
            }
            other => other,
        }
    });
    each.collect()
}

/// The part of an iteration that runs in order.
pub fn ordered(writes: &[Ident], block: &syn::Block, at: Span) -> Expr {
    let (turn, stmts) = (hidden("__turn"), &block.stmts);
    let (here, at) = (at, Span::call_site().located_at(at));
    let body = quote_spanned!(at=> |#[allow(unused_mut, unused_variables)] (#(mut #writes,)*)| { #(#stmts)* });
    let take = call(here, quote!(take), body);
    Expr::Verbatim(quote_spanned!(at=> { #turn.#take }))
}

/// Has a block say so when a macro in it leads out of it.
pub fn must_end(root: &Path, construct: &str, block: &mut syn::Block) {
    if !Names::of(block).opaque {
        return;
    }
    let (guard, value) = (hidden("__must_end"), hidden("__value"));
    let stmts = &block.stmts;
    block.stmts = syn::parse_quote! {
        let mut #guard = #root::__private::MustEnd::new(#construct);
        let #value = { #(#stmts)* };
        #guard.end();
        #value
    };
}

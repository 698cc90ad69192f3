//! Combined constructs that are a region with one construct in it.

use crate::clause::{Clauses, ident_of};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Expr, ExprBlock, ExprForLoop, parse_quote};

/// The clauses between an attribute's parentheses, one by one, with their names.
pub fn each_clause(tokens: TokenStream) -> Vec<(String, TokenStream)> {
    let mut all = vec![TokenStream::new()];
    for t in tokens {
        match &t {
            TokenTree::Punct(p) if p.as_char() == ',' => all.push(TokenStream::new()),
            _ => all.last_mut().expect("never empty").extend([t]),
        }
    }
    let name = |c: &TokenStream| c.clone().into_iter().next().map(|t| t.to_string());
    all.into_iter()
        .filter_map(|c| Some((name(&c)?, c)))
        .collect()
}

/// Clauses of the region; the others are the construct's.
const OF_REGION: [&str; 5] = ["shared", "copyin", "num_threads", "proc_bind", "if"];

/// The clauses of the region and those of the construct. Variables that take a result are shared.
fn split(c: &Clauses, tokens: TokenStream) -> (TokenStream, TokenStream) {
    let (region, construct): (Vec<_>, Vec<_>) = each_clause(tokens)
        .into_iter()
        .partition(|(name, _)| OF_REGION.contains(&name.as_str()));
    let results = c
        .copies()
        .filter(|(clause, _)| ["reduction", "lastprivate"].contains(clause))
        .map(|(_, v)| v.clone());
    let arrays = c.arrays().filter_map(|(_, e)| ident_of(e)).cloned();
    let named: Vec<Ident> = c.shared.iter().filter_map(ident_of).cloned().collect();
    let mut more: Vec<Ident> = Vec::new();
    for v in results.chain(arrays) {
        if !named.contains(&v) && !more.contains(&v) {
            more.push(v);
        }
    }
    let (region, construct): (Vec<_>, Vec<_>) = (
        region.into_iter().map(|c| c.1).collect(),
        construct.into_iter().map(|c| c.1).collect(),
    );
    let more = (!more.is_empty()).then(|| quote!(shared(#(#more),*),));
    (quote!(#more #(#region),*), quote!(#(#construct),*))
}

/// Names the variables of a region whose blocks have them as a whole, and nobody has a part of: a `Vec` may grow.
pub const WHOLE: &str = "__whole";

/// `parallel_for(ordered, ..)`.
pub fn ordered(c: &Clauses, tokens: TokenStream, f: ExprForLoop) -> Expr {
    let (region, construct) = split(c, tokens);
    let writes: Vec<&Ident> = c.writes.iter().filter_map(ident_of).collect();
    let marker = Ident::new(WHOLE, Span::call_site());
    parse_quote!(#[parallel(#marker(#(#writes),*), #region)] { #[for_each(#construct)] #f })
}

/// `parallel_sections`.
pub fn sections(c: &Clauses, tokens: TokenStream, b: &ExprBlock) -> Expr {
    let (region, construct) = split(c, tokens);
    let block = &b.block;
    parse_quote!(#[parallel(#region)] { #[sections(#construct)] #block })
}

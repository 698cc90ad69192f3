//! `sections`, with copies of variables a section.

use super::region::{copied, names, private as uninitialised, prototypes, readings, totals, whole};
use super::{call, hidden, operator};
use crate::clause::Clauses;
use crate::names::words;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::{Block, Expr, Ident, Path};

/// What the sections of one construct keep for the others: a copy a section and variable.
struct Kept<'a> {
    p: TokenStream,
    clauses: &'a Clauses,
    protos: Vec<Ident>,
    count: usize,
}

/// `sections`. Each has copies of its own, which are combined in the order of the sections.
pub fn sections(
    root: &Path,
    clauses: &Clauses,
    list: &[(Clauses, Block)],
    (cx, shared): (&Ident, &BTreeSet<String>),
    at: Span,
) -> Expr {
    let kept = Kept {
        p: quote!(#root::__private),
        clauses,
        protos: (0..clauses.reductions.len())
            .map(|k| hidden(&format!("__prototype{k}")))
            .collect(),
        count: list.len(),
    };
    let each = list.iter().enumerate().map(|(number, (section, block))| {
        let (writes, reads) = (whole(&section.writes), readings(section));
        let (written, read) = (names(&section.writes), names(&section.reads));
        // A variable without a value that nothing is done with would have no type.
        let mut seen = BTreeSet::new();
        words(quote!(#block), &mut seen);
        let used = |v: &&Ident| seen.contains(&v.to_string());
        let private: Vec<Ident> = clauses.private.iter().filter(used).cloned().collect();
        let private = uninitialised(&private);
        let own: Vec<Ident> = clauses.firstprivate.iter().filter(used).cloned().collect();
        let own = copied(&own);
        let (begin, end) = kept.around(number, &used);
        let stmts = &block.stmts;
        let head = quote!(#[allow(unused_mut, unused_variables)] (#(mut #written,)*), (#(#read,)*));
        let body = match end.is_empty() {
            true => quote!(#own #private #begin #(#stmts)*),
            false => quote!(#own #private #begin { #(#stmts)* }; #end),
        };
        quote!(.section(#writes, #reads, |#head| { #body }))
    });
    let begin = call(at, quote!(sections), TokenStream::new());
    let (here, at) = (at, Span::call_site().located_at(at));
    if clauses.reductions.is_empty() && clauses.lastprivate.is_empty() {
        return Expr::Verbatim(quote_spanned!(at=> { #cx.#begin #(#each)* .run() }));
    }
    let (p, all) = (&kept.p, hidden("__locals"));
    let make = prototypes(p, &clauses.reductions, &kept.protos, shared);
    let (places, gathered) = (kept.places(), kept.gathered(cx, here));
    let totals = totals(p, clauses, &kept.protos, shared, cx);
    Expr::Verbatim(quote_spanned!(at=> {
        #make
        #places
        #cx.#begin #(#each)* .run();
        let #all = #gathered;
        #totals
    }))
}

impl Kept<'_> {
    /// Where section `number` leaves its copy of variable `k`.
    fn place(number: usize, k: usize) -> Ident {
        format_ident!("__section{number}_{k}", span = Span::mixed_site())
    }

    /// A place for each section and reduced variable, and one for each last value.
    fn places(&self) -> TokenStream {
        let reduced = self.clauses.reductions.len();
        let copies = (0..self.count).flat_map(|n| (0..reduced).map(move |k| Self::place(n, k)));
        let p = &self.p;
        let lasts = (0..self.clauses.lastprivate.len()).map(Self::last);
        quote!(
            #(let mut #copies = ::core::option::Option::None;)*
            #(let mut #lasts = #p::LastOf::new();)*
        )
    }

    /// Where the last section leaves the value of variable `k`.
    fn last(k: usize) -> Ident {
        hidden(&format!("__last{k}"))
    }

    /// What stands before and after a section's statements.
    fn around(&self, number: usize, used: &dyn Fn(&&Ident) -> bool) -> (TokenStream, TokenStream) {
        let p = &self.p;
        let (mut begin, mut end) = (TokenStream::new(), TokenStream::new());
        for (k, ((_, v), proto)) in self.clauses.reductions.iter().zip(&self.protos).enumerate() {
            let place = Self::place(number, k);
            begin.extend(
                quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = #proto.private();),
            );
            end.extend(quote_spanned!(v.span()=> #place = ::core::option::Option::Some(#v);));
        }
        let both = |v: &Ident| self.clauses.firstprivate.iter().any(|f| f == v);
        for (k, v) in self.clauses.lastprivate.iter().enumerate() {
            let last = number + 1 == self.count;
            if !both(v) && (last || used(&v)) {
                begin.extend(uninitialised(std::slice::from_ref(v)));
            }
            if last {
                let last = Self::last(k);
                end.extend(quote_spanned!(v.span()=> #p::LastOf::put(&mut #last, 0, 1, #v);));
            }
        }
        (begin, end)
    }

    /// What all threads have kept, on every thread: totals, then last values.
    fn gathered(&self, cx: &Ident, at: Span) -> TokenStream {
        let p = &self.p;
        let reductions = self.clauses.reductions.iter().enumerate();
        let (kept, totals): (Vec<_>, Vec<_>) = reductions
            .map(|(k, (op, _))| {
                let places = (0..self.count).map(|n| Self::place(n, k));
                let (op, proto, list) = (
                    operator(p, op),
                    &self.protos[k],
                    hidden(&format!("__list{k}")),
                );
                (
                    quote!([#(#places),*]),
                    quote!({
                        let mut total = #proto.private();
                        for copy in ::core::iter::Iterator::flatten(::core::iter::IntoIterator::into_iter(#list)) {
                            #p::Reduce::<#op>::combine(&mut total, copy);
                        }
                        total
                    }),
                )
            })
            .unzip();
        let lists: Vec<Ident> = (0..kept.len())
            .map(|k| hidden(&format!("__list{k}")))
            .collect();
        let lasts: Vec<Ident> = (0..self.clauses.lastprivate.len())
            .map(Self::last)
            .collect();
        let folds = (0..kept.len()).map(|k| {
            let k = syn::Index::from(k);
            quote!(
                for (mine, copy) in ::core::iter::Iterator::zip(total.#k.iter_mut(), more.#k) {
                    if copy.is_some() { *mine = copy; }
                }
            )
        });
        let last_folds = (0..lasts.len()).map(|k| {
            let k = syn::Index::from(kept.len() + k);
            quote!(#p::LastOf::or(&mut total.#k, more.#k);)
        });
        let gather = quote!((#(#kept,)* #(#lasts,)*), |total, more| {
            #(#folds)*
            #(#last_folds)*
        });
        let gather = call(at, quote!(gather), gather);
        quote!({
            let (#(#lists,)* #(#lasts,)*) = #cx.#gather;
            (#(#totals,)* #(#lasts,)*)
        })
    }
}

//! The head of a loop: what it runs over, and how a chunk of it is walked.

use crate::error;
use crate::lower::{call, hidden};
use crate::names::bound_by;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, ExprRange, Ident, Pat, RangeLimits, Result};

/// How the innermost loop's positions become values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// `a..b`: the values are a range.
    Dense,
    /// Other progressions of numbers: position by position, with a known hull.
    Stepped,
    /// Anything else: position by position.
    Items,
}

/// The heads of the loops that run as one.
pub struct Head {
    /// Makes the source.
    pub make: TokenStream,
    /// The innermost head as it was written.
    plain: TokenStream,
    /// Patterns, outermost first.
    pub pats: Vec<Pat>,
    pub walk: Walk,
    pub collapsed: bool,
}

impl Head {
    pub fn new(
        p: &TokenStream,
        loops: Vec<(Box<Pat>, Box<Expr>)>,
        collapsed: bool,
    ) -> Result<Head> {
        let walks: Vec<Walk> = loops.iter().map(|(_, e)| walk(e)).collect();
        let pats: Vec<Pat> = loops.iter().map(|(pat, _)| (**pat).clone()).collect();
        let mut make = TokenStream::new();
        for (k, (_, e)) in loops.iter().enumerate() {
            if collapsed && walks[k] == Walk::Items {
                return Err(error::collapse_head(e.span()));
            }
            let one = source(p, e);
            make = match k {
                0 => one,
                _ => quote!(#p::collapse(#make, #one)),
            };
        }
        let walk = walks.last().copied().unwrap_or(Walk::Items);
        let plain = loops.last().map(|(_, e)| quote!(#e)).unwrap_or_default();
        Ok(Head {
            make,
            plain,
            pats,
            walk,
            collapsed,
        })
    }

    /// Makes the source of a loop inside a region: views are sources already.
    pub fn team_make(&self) -> TokenStream {
        match self.walk {
            Walk::Items => self.plain.clone(),
            _ => self.make.clone(),
        }
    }

    /// The innermost loop's variable, if it is a plain name.
    pub fn inner(&self) -> Option<&Ident> {
        self.pats.last().and_then(plain)
    }

    /// Whether each iteration has an own index that generated code can name or ask for.
    pub fn has_index(&self) -> bool {
        match (self.collapsed, self.walk) {
            (true, _) => self.pats.iter().all(|p| plain(p).is_some()),
            (false, Walk::Items) => true,
            (false, _) => self.inner().is_some() || matches!(self.pats[0], Pat::Wild(_)),
        }
    }

    /// All names that the patterns bind.
    pub fn bound(&self) -> BTreeSet<String> {
        self.pats.iter().flat_map(bound_by).collect()
    }

    /// The variable of `thread.next()`'s block.
    pub fn block() -> Ident {
        hidden("__block")
    }
}

/// The name of a pattern that is nothing but a name.
pub fn plain(p: &Pat) -> Option<&Ident> {
    match p {
        Pat::Ident(i) if i.by_ref.is_none() && i.subpat.is_none() => Some(&i.ident),
        _ => None,
    }
}

fn range(e: &Expr) -> Option<&ExprRange> {
    match e {
        Expr::Range(r) if r.start.is_some() && r.end.is_some() => Some(r),
        Expr::Paren(x) => range(&x.expr),
        Expr::Group(x) => range(&x.expr),
        _ => None,
    }
}

fn walk(e: &Expr) -> Walk {
    if let Some(r) = range(e) {
        return match r.limits {
            RangeLimits::HalfOpen(_) => Walk::Dense,
            RangeLimits::Closed(_) => Walk::Stepped,
        };
    }
    match e {
        Expr::MethodCall(m) if m.method == "rev" || m.method == "step_by" => {
            match walk(&m.receiver) {
                Walk::Items => Walk::Items,
                _ => Walk::Stepped,
            }
        }
        Expr::Paren(x) => walk(&x.expr),
        _ => Walk::Items,
    }
}

/// The source of a head. Iterator adapters that Rust people write become sources.
fn source(p: &TokenStream, e: &Expr) -> TokenStream {
    match e {
        Expr::MethodCall(m) => adapter(p, m).unwrap_or_else(|| plain_source(p, e)),
        Expr::Paren(x) if range(e).is_none() => source(p, &x.expr),
        _ => plain_source(p, e),
    }
}

fn plain_source(p: &TokenStream, e: &Expr) -> TokenStream {
    if let Expr::Paren(x) = e {
        return plain_source(p, &x.expr);
    }
    call(e.span(), quote!(#p::IntoSource::into_source), quote!(#e))
}

fn adapter(p: &TokenStream, m: &ExprMethodCall) -> Option<TokenStream> {
    let args: Vec<&Expr> = m.args.iter().collect();
    let (receiver, name) = (&*m.receiver, m.method.to_string());
    let numbers = walk(receiver) != Walk::Items;
    Some(match (name.as_str(), args.as_slice()) {
        ("rev", []) if numbers => {
            let s = source(p, receiver);
            quote!(#p::IndexRange::rev(#s))
        }
        ("step_by", [n]) if numbers => {
            let s = source(p, receiver);
            quote!(#p::IndexRange::step_by(#s, #n))
        }
        ("enumerate", []) => {
            let s = source(p, receiver);
            quote!(#p::enumerate(#s))
        }
        ("zip", [other]) => {
            let (a, b) = (source(p, receiver), source(p, other));
            call(m.method.span(), quote!(#p::zip), quote!(#a, #b))
        }
        ("chunks", [n]) => quote_spanned!(m.span()=> #p::chunks(&(#receiver)[..], #n)),
        ("chunks_mut", [n]) => quote_spanned!(m.span()=> #p::chunks_mut(&mut (#receiver)[..], #n)),
        _ => return None,
    })
}

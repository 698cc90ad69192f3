//! Hints: which arrays an innermost loop walks along, as tests to be made before it.

use crate::clause::ident_of;
use crate::lower::{Array, hidden};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprArray, ExprIndex, ExprLit, Ident, Item, Lit};

/// Collects the tests for one loop over `var`.
pub struct Hints<'a> {
    p: &'a TokenStream,
    var: String,
    /// Hidden names and views: only these are tested, for only they are known not to change.
    stable: &'a dyn Fn(&Ident) -> Option<TokenStream>,
    /// The parts behind a view of which the loop's iterations own elements.
    parts: &'a dyn Fn(&Ident) -> Option<TokenStream>,
    /// Names that the loop's own body binds: rows that mention them cannot be tested before it.
    bound: &'a BTreeSet<String>,
    out: Vec<TokenStream>,
    seen: BTreeSet<String>,
}

/// A name, or a localised scalar, which stands behind a `*`.
fn name_of(e: &Expr) -> Option<&Ident> {
    match e {
        Expr::Unary(u) if matches!(u.op, syn::UnOp::Deref(_)) => ident_of(&u.expr),
        e => ident_of(e),
    }
}

/// `i`, `i + 3`, `i - 2`: how far below and above.
fn affine(e: &Expr, var: &str) -> Option<(usize, usize)> {
    let is_var = |e: &Expr| name_of(e).is_some_and(|i| i == var);
    let literal = |e: &Expr| match e {
        Expr::Lit(ExprLit {
            lit: Lit::Int(n), ..
        }) => n.base10_parse::<usize>().ok(),
        _ => None,
    };
    match e {
        e if is_var(e) => Some((0, 0)),
        Expr::Paren(x) => affine(&x.expr, var),
        Expr::Cast(c) if c.ty.to_token_stream().to_string() == "usize" => affine(&c.expr, var),
        Expr::Binary(b) => match b.op {
            BinOp::Add(_) if is_var(&b.left) => Some((0, literal(&b.right)?)),
            BinOp::Add(_) if is_var(&b.right) => Some((0, literal(&b.left)?)),
            BinOp::Sub(_) if is_var(&b.left) => Some((literal(&b.right)?, 0)),
            _ => None,
        },
        _ => None,
    }
}

/// `r`, `r + 1`, `r - 1`: the name and the shift of a row.
fn row(e: &Expr) -> Option<(Ident, usize, usize)> {
    if let Some(i) = name_of(e) {
        return Some((i.clone(), 0, 0));
    }
    let Expr::Binary(b) = e else { return None };
    let name = name_of(&b.left).or(name_of(&b.right))?;
    let (neg, pos) = affine(e, &name.to_string())?;
    Some((name.clone(), neg, pos))
}

impl<'a> Hints<'a> {
    pub fn of(
        p: &'a TokenStream,
        var: &Ident,
        stable: &'a dyn Fn(&Ident) -> Option<TokenStream>,
        parts: &'a dyn Fn(&Ident) -> Option<TokenStream>,
        bound: &'a BTreeSet<String>,
        block: &syn::Block,
    ) -> Vec<TokenStream> {
        let mut h = Hints {
            p,
            var: var.to_string(),
            stable,
            parts,
            bound,
            out: Vec::new(),
            seen: BTreeSet::new(),
        };
        h.visit_block(block);
        h.out
    }

    fn add(&mut self, test: TokenStream) {
        if self.seen.insert(test.to_string()) {
            self.out.push(test);
        }
    }

    /// `g[[i, j - 1, var + 1]]`, where the first two are known before the loop.
    fn test3(&self, x: &ExprIndex, at: &ExprArray) -> Option<TokenStream> {
        let at: Vec<&Expr> = at.elems.iter().collect();
        let [i, j, k] = at.as_slice() else {
            return None;
        };
        let (neg, pos) = affine(k, &self.var)?;
        let grid = (self.stable)(ident_of(&x.expr)?)?;
        let (p, hull) = (self.p, hidden("__hull"));
        let row = |e: &Expr| {
            let (name, neg, pos) = self.row(e)?;
            Some(quote!((&&#p::Row(&#name)).offset(#neg, #pos)))
        };
        let (i, j) = (row(i)?, row(j)?);
        Some(quote!({
            #[allow(unused_imports)]
            use #p::{NoHint as _, Grid3Hint as _, RowAny as _, RowInt as _};
            (&&#p::Hint(&#grid)).row3_covers([#i, #j], &#hull, #neg, #pos)
        }))
    }

    /// A row's name and shift, if they are known before the loop.
    fn row(&self, e: &Expr) -> Option<(Ident, usize, usize)> {
        row(e).filter(|(name, ..)| !self.bound.contains(&name.to_string()) && *name != self.var)
    }

    fn test(&self, x: &ExprIndex) -> Option<TokenStream> {
        if let Expr::Array(at) = &*x.index {
            return self.test3(x, at);
        }
        let (neg, pos) = affine(&x.index, &self.var)?;
        let (p, hull) = (self.p, hidden("__hull"));
        if let Some(array) = ident_of(&x.expr) {
            let is_parts = (self.parts)(array);
            if let Some(parts) = is_parts {
                return Some(quote!(#p::Parts::spans(&#parts, &#hull, #neg, #pos)));
            }
            let array = (self.stable)(array)?;
            return Some(quote!({
                #[allow(unused_imports)]
                use #p::{NoHint as _, SliceHint as _};
                (&&#p::Hint(&#array)).covers(&#hull, #neg, #pos)
            }));
        }
        let Expr::Index(g) = &*x.expr else {
            return None;
        };
        let grid = (self.stable)(ident_of(&g.expr)?)?;
        let (name, rneg, rpos) = self.row(&g.index)?;
        Some(quote!({
            #[allow(unused_imports)]
            use #p::{NoHint as _, GridHint as _, RowAny as _, RowInt as _};
            (&&#p::Hint(&#grid)).row_covers((&&#p::Row(&#name)).offset(#rneg, #rpos), &#hull, #neg, #pos)
        }))
    }
}

impl<'b> Visit<'b> for Hints<'_> {
    fn visit_item(&mut self, _: &'b Item) {}
    fn visit_expr_index(&mut self, x: &'b ExprIndex) {
        if let Some(t) = self.test(x) {
            self.add(t);
        }
        visit::visit_expr_index(self, x);
    }
}

/// What a loop over the own index can test: locals, and the parts behind a view.
pub fn parts_of(arrays: &[Array], ident: &Ident) -> Option<TokenStream> {
    arrays
        .iter()
        .find(|a| a.view == *ident)
        .map(|a| a.parts.to_token_stream())
}

//! Indices: what iteration `i` owns, and what it certainly does not.

use super::Body;
use crate::clause::{Clauses, array_key, ident_of};
use crate::error;
use quote::ToTokens;
use syn::{BinOp, Expr, ExprForLoop, Pat};

/// The loop variables that own an index, outermost first; none where one of them is no name.
pub(super) fn own_index(c: &Clauses, f: &ExprForLoop) -> Vec<String> {
    let mut vars = Vec::new();
    let mut at = f;
    loop {
        let Pat::Ident(i) = &*at.pat else {
            return Vec::new();
        };
        vars.push(i.ident.to_string());
        if vars.len() >= c.collapse.map_or(1, |(n, _)| n) {
            return vars;
        }
        let inner = at.body.stmts.iter().find_map(|s| match s {
            syn::Stmt::Expr(Expr::ForLoop(f), _) => Some(f),
            _ => None,
        });
        match inner {
            Some(f) => at = f,
            None => return Vec::new(),
        }
    }
}

impl Body<'_> {
    /// `y[i + 1]` of an array of which iteration `i` owns `y[i]`.
    pub(super) fn access(&mut self, x: &syn::ExprIndex) {
        let (array, at): (_, Vec<&Expr>) = match (&*x.expr, &*x.index) {
            (e, Expr::Array(at)) => (array_key(e), at.elems.iter().collect()),
            (Expr::Index(row), j) if self.own.len() == 2 => {
                (array_key(&row.expr), vec![&row.index, j])
            }
            (e, i) => (array_key(e), vec![i]),
        };
        let Some(array) = array.filter(|a| self.disjoint.contains(a) && !self.bound.contains(a))
        else {
            return;
        };
        if at.len() < self.own.len() || !at.iter().zip(&self.own).any(|(e, v)| shifted(e, v)) {
            return;
        }
        let mut own = self.own.join(", ");
        let (place, iteration) = match (self.own.as_slice(), &*x.index) {
            ([i, j], Expr::Index(_) | Expr::Path(_) | Expr::Binary(_)) => {
                (format!("{array}[{i}][{j}]"), format!("({own})"))
            }
            (_, Expr::Array(_)) => {
                let iteration = own.clone();
                own.push_str(if at.len() > self.own.len() {
                    ", .."
                } else {
                    ""
                });
                (format!("{array}[[{own}]]"), iteration)
            }
            _ => (format!("{array}[{own}]"), own),
        };
        let x = Expr::Index(x.clone());
        let e = error::not_own(&x, &text(&x), &place, &iteration);
        self.say(&array, e);
    }
}

/// Whether an index is computed from the variable, and not looked up somewhere.
pub(super) fn plainly_mentions(index: &Expr, var: &str) -> bool {
    match index {
        e if ident_of(e).is_some_and(|i| i == var) => true,
        Expr::Binary(b) => plainly_mentions(&b.left, var) || plainly_mentions(&b.right, var),
        Expr::Paren(x) => plainly_mentions(&x.expr, var),
        Expr::Cast(c) => plainly_mentions(&c.expr, var),
        Expr::Array(a) => a.elems.iter().any(|e| plainly_mentions(e, var)),
        _ => false,
    }
}

/// `i + 1`, `i - 2`: certainly another index than `i`.
fn shifted(index: &Expr, var: &str) -> bool {
    let Expr::Binary(b) = index else { return false };
    let literal = |e: &Expr| matches!(e, Expr::Lit(l) if matches!(&l.lit, syn::Lit::Int(n) if n.base10_digits() != "0"));
    let is_var = |e: &Expr| ident_of(e).is_some_and(|i| i == var);
    match b.op {
        BinOp::Add(_) => {
            (is_var(&b.left) && literal(&b.right)) || (literal(&b.left) && is_var(&b.right))
        }
        BinOp::Sub(_) => is_var(&b.left) && literal(&b.right),
        _ => false,
    }
}

/// Source text of an access, as rustfmt would put it.
pub(super) fn text(e: &Expr) -> String {
    let t = e.to_token_stream().to_string();
    [(" [", "["), ("[ ", "["), (" ]", "]"), (" . ", ".")]
        .iter()
        .fold(t, |t, (a, b)| t.replace(a, b))
}

//! Control flow that leaves the block of a construct: it would leave only the closure that the block becomes.

use crate::region_error;
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Error, Expr, Item, parse_quote};

/// Refuses `return`, `?`, `break` and `continue` that lead out of the block of `construct`. What is refused is taken out,
/// so that rustc does not say it again.
pub fn check(construct: &str, block: &mut Block, errors: &mut Vec<Error>) {
    let mut exits = Exits::default();
    exits.visit_block_mut(block);
    let leave = exits.found.into_iter();
    errors.extend(leave.map(|(at, what)| region_error::leaves(at, what, construct)));
}

/// Whether control flow leads out of the statement.
pub fn leads_out(s: &syn::Stmt) -> bool {
    let mut exits = Exits::default();
    exits.visit_stmt_mut(&mut s.clone());
    !exits.found.is_empty()
}

#[derive(Default)]
struct Exits {
    /// Labels inside.
    labels: Vec<String>,
    /// Loops inside, entered so far.
    depth: usize,
    found: Vec<(Span, &'static str)>,
}

/// A construct of its own: what leads out of it is said there.
fn is_construct(attrs: &[Attribute]) -> bool {
    attrs
        .iter()
        .any(|a| crate::directive::construct(a).is_some())
}

impl Exits {
    /// What `e` is, if it leads out.
    fn leads(&self, e: &Expr) -> Option<(Span, &'static str)> {
        let out = |label: &Option<syn::Lifetime>| match label {
            Some(l) => !self.labels.contains(&l.to_string()),
            None => self.depth == 0,
        };
        Some(match e {
            Expr::Return(r) => (r.span(), "return"),
            Expr::Try(t) => (t.question_token.span(), "?"),
            Expr::Break(b) if out(&b.label) => (b.span(), "break"),
            Expr::Continue(c) if out(&c.label) => (c.span(), "continue"),
            _ => return None,
        })
    }
}

impl VisitMut for Exits {
    fn visit_item_mut(&mut self, _: &mut Item) {}
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        if let Some(found) = self.leads(e) {
            self.found.push(found);
            if !matches!(e, Expr::Try(_)) {
                *e = parse_quote!(::core::unreachable!());
                return;
            }
        }
        let (label, attrs, inner) = match e {
            Expr::ForLoop(x) => (&x.label, &x.attrs, true),
            Expr::While(x) => (&x.label, &x.attrs, true),
            Expr::Loop(x) => (&x.label, &x.attrs, true),
            Expr::Block(x) => (&x.label, &x.attrs, false),
            _ => return visit_mut::visit_expr_mut(self, e),
        };
        if is_construct(attrs) {
            return;
        }
        let labels = self.labels.len();
        self.labels
            .extend(label.as_ref().map(|l| l.name.to_string()));
        self.depth += usize::from(inner);
        visit_mut::visit_expr_mut(self, e);
        self.depth -= usize::from(inner);
        self.labels.truncate(labels);
    }
}

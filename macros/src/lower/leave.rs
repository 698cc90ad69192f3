//! `continue` where code follows the body: it leaves the body, not the iteration.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Label, Lifetime, parse_quote};

/// The body of the loop that `label` names, as a block that `continue` leaves.
pub fn in_block(block: &Block, label: Option<&Label>) -> TokenStream {
    let to = Lifetime::new("'__iteration", Span::mixed_site());
    let mut block = block.clone();
    let mut rewrite = Continue {
        to: to.clone(),
        own: label.map(|l| l.name.ident.to_string()),
        depth: 0,
        shadows: 0,
        found: false,
    };
    rewrite.visit_block_mut(&mut block);
    if rewrite.found {
        quote!(#to: #block)
    } else {
        block.to_token_stream()
    }
}

/// Rewrites `continue` of the annotated loop into leaving the body's block.
struct Continue {
    to: Lifetime,
    own: Option<String>,
    depth: usize,
    /// Loops inside that bear the own label.
    shadows: usize,
    found: bool,
}

impl VisitMut for Continue {
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        if let Expr::Continue(c) = e {
            let ours = match &c.label {
                Some(l) => self.shadows == 0 && self.own.as_ref().is_some_and(|o| l.ident == *o),
                None => self.depth == 0,
            };
            if ours {
                let to = &self.to;
                *e = parse_quote!(break #to);
                self.found = true;
            }
            return;
        }
        let label = match e {
            Expr::ForLoop(f) => {
                // The head belongs to the loop outside.
                self.visit_expr_mut(&mut f.expr);
                &f.label
            }
            Expr::While(w) => &w.label,
            Expr::Loop(l) => &l.label,
            _ => return visit_mut::visit_expr_mut(self, e),
        };
        let same = |l: &Label| self.own.as_ref().is_some_and(|o| l.name.ident == *o);
        let shadow = usize::from(label.as_ref().is_some_and(same));
        self.depth += 1;
        self.shadows += shadow;
        match e {
            Expr::ForLoop(f) => self.visit_block_mut(&mut f.body),
            e => visit_mut::visit_expr_mut(self, e),
        }
        self.shadows -= shadow;
        self.depth -= 1;
    }
}

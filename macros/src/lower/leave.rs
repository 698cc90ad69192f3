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
    found: bool,
}

impl VisitMut for Continue {
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        let inner = matches!(e, Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_));
        if let Expr::Continue(c) = e {
            let ours = match &c.label {
                Some(l) => self.own.as_ref().is_some_and(|o| l.ident == *o),
                None => self.depth == 0,
            };
            if ours {
                let to = &self.to;
                *e = parse_quote!(break #to);
                self.found = true;
            }
            return;
        }
        self.depth += usize::from(inner);
        visit_mut::visit_expr_mut(self, e);
        self.depth -= usize::from(inner);
    }
}

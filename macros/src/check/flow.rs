//! Control flow that would leave the loop.

use super::Body;
use crate::error;
use crate::names::hidden_in;
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprBreak, ExprContinue, Macro};

impl Body<'_> {
    fn leave(&mut self, at: Span, what: &str) {
        if self.closures == 0 {
            self.errors.push(error::leaves(at, what));
        }
    }

    /// Looks for what leaves the loop, or the iteration.
    pub(super) fn leaving(&mut self, e: &Expr) {
        match e {
            Expr::Return(r) => self.leave(r.span(), "return"),
            Expr::Try(t) => self.leave(t.question_token.span(), "?"),
            Expr::Await(a) if self.closures == 0 => self.errors.push(error::awaits(a.span())),
            Expr::Break(b) => self.breaks(b),
            Expr::Continue(c) => self.continues(c),
            _ => return,
        }
        self.leaves = true;
    }

    fn breaks(&mut self, b: &ExprBreak) {
        let out = match &b.label {
            Some(l) => !self.loops.contains(&l.to_string()),
            None => self.depth == 0,
        };
        if out {
            self.leave(b.span(), "break");
        }
    }

    fn continues(&mut self, c: &ExprContinue) {
        let ours = self.label.map(|l| l.name.to_string());
        let out = c
            .label
            .as_ref()
            .is_some_and(|l| !self.loops.contains(&l.to_string()) && Some(l.to_string()) != ours);
        let inner = c
            .label
            .as_ref()
            .map_or(self.depth > 0, |l| self.loops.contains(&l.to_string()));
        if out {
            self.leave(c.span(), "continue");
        } else if self.in_macro > 0 && self.trailing && !inner {
            self.errors.push(error::continue_in_macro(c.span()));
        }
    }

    /// What a macro's tokens may hide.
    pub(super) fn hidden(&mut self, m: &Macro) {
        let hidden = hidden_in(m.tokens.clone());
        // Whatever it is, it may end the iteration.
        self.leaves = true;
        if hidden.leaves && !hidden.nested {
            self.leave(m.path.span(), "a `break` or `return` in this macro");
        }
        if hidden.continues && !hidden.nested && self.trailing {
            self.errors.push(error::continue_in_macro(m.path.span()));
        }
    }
}

//! What is certain to be wrong, found before rustc finds it in other words. Nothing here makes a program
//! sound: types and run-time checks do. So where a thing is not certain, it passes.

mod clauses;
mod index;
mod write;

use crate::clause::{Clauses, array_key};
use crate::error;
use crate::names::{Names, arguments, assigns, bound_by, hidden_in};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Error, Expr, ExprClosure, ExprForLoop, Item, Label};

/// Checks clauses against each other and against the loop.
///
/// `own` are names that the thread has for itself, in a region; `None`: all of them.
pub fn check(
    c: &mut Clauses,
    f: &ExprForLoop,
    own: Option<&BTreeSet<String>>,
    errors: &mut Vec<Error>,
) {
    clauses::contradictions(c, errors);
    let names = Names::of(&f.body);
    clauses::unused(c, &names, errors);
    let mut bound = names.bound.clone();
    bound.extend(bound_by(&f.pat));
    bound.extend(own.into_iter().flatten().cloned());
    let mut body = Body {
        covered: clauses::covered(c),
        all_own: own.is_none(),
        disjoint: c.disjoint.iter().filter_map(array_key).collect(),
        bound,
        read: names
            .uses
            .iter()
            .filter(|(_, u)| u.operand)
            .map(|(k, _)| k.clone())
            .collect(),
        own: index::own_index(c, f),
        label: f.label.as_ref(),
        loops: Vec::new(),
        depth: 0,
        closures: 0,
        in_macro: 0,
        trailing: c.trails(),
        said: BTreeSet::new(),
        errors,
    };
    body.visit_block(&f.body);
}

/// The body, statement by statement.
struct Body<'c> {
    /// Every name is the thread's own.
    all_own: bool,
    covered: BTreeSet<String>,
    disjoint: BTreeSet<String>,
    bound: BTreeSet<String>,
    /// Operands of arithmetic and comparisons.
    read: BTreeSet<String>,
    /// The loop variables that own an index.
    own: Vec<String>,
    label: Option<&'c Label>,
    /// Labels of loops and blocks inside.
    loops: Vec<String>,
    /// Loops inside, entered so far.
    depth: usize,
    closures: usize,
    /// Macros around.
    in_macro: usize,
    /// Code follows the body in each iteration.
    trailing: bool,
    /// One error a variable is enough.
    said: BTreeSet<String>,
    errors: &'c mut Vec<Error>,
}

impl Body<'_> {
    fn say(&mut self, about: &str, e: Error) {
        if self.said.insert(about.to_owned()) {
            self.errors.push(e);
        }
    }

    /// A local of the function around the loop, as far as one can see.
    fn captured(&self, name: &str) -> bool {
        let local = name
            .chars()
            .next()
            .is_some_and(|c| c.is_lowercase() || c == '_');
        local && !self.all_own && !self.bound.contains(name) && !self.covered.contains(name)
    }

    fn leave(&mut self, at: proc_macro2::Span, what: &str) {
        if self.closures == 0 {
            self.errors.push(error::leaves(at, what));
        }
    }
}

impl<'a> Visit<'a> for Body<'_> {
    fn visit_item(&mut self, _: &'a Item) {}
    fn visit_expr_closure(&mut self, c: &'a ExprClosure) {
        self.closures += 1;
        visit::visit_expr_closure(self, c);
        self.closures -= 1;
    }
    fn visit_expr(&mut self, e: &'a Expr) {
        match e {
            Expr::Assign(a) => self.write(&a.left, None, &a.right),
            Expr::Binary(b) if assigns(&b.op) => self.write(&b.left, Some(&b.op), &b.right),
            Expr::Index(x) => self.access(x),
            Expr::Return(r) => self.leave(r.span(), "return"),
            Expr::Try(t) => self.leave(t.question_token.span(), "?"),
            Expr::Await(a) if self.closures == 0 => self.errors.push(error::awaits(a.span())),
            Expr::Break(b) => {
                let out = match &b.label {
                    Some(l) => !self.loops.contains(&l.to_string()),
                    None => self.depth == 0,
                };
                if out {
                    self.leave(b.span(), "break");
                }
            }
            Expr::Continue(c) => {
                let ours = self.label.map(|l| l.name.to_string());
                let out = c.label.as_ref().is_some_and(|l| {
                    !self.loops.contains(&l.to_string()) && Some(l.to_string()) != ours
                });
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
            _ => {}
        }
        let (label, inner) = match e {
            Expr::ForLoop(x) => {
                // The head belongs to the loop outside.
                self.visit_expr(&x.expr);
                (&x.label, true)
            }
            Expr::While(x) => (&x.label, true),
            Expr::Loop(x) => (&x.label, true),
            Expr::Block(x) => (&x.label, false),
            _ => return visit::visit_expr(self, e),
        };
        let labels = self.loops.len();
        self.loops
            .extend(label.as_ref().map(|l| l.name.to_string()));
        self.depth += usize::from(inner);
        match e {
            Expr::ForLoop(x) => self.visit_block(&x.body),
            e => visit::visit_expr(self, e),
        }
        self.depth -= usize::from(inner);
        self.loops.truncate(labels);
    }
    /// What the standard library's macros are given is looked at like everything else; of others'
    /// tokens, what is there to be seen.
    fn visit_macro(&mut self, m: &'a syn::Macro) {
        if let Some(arguments) = arguments(m) {
            self.in_macro += 1;
            // Parsed here, so they live as long as this call.
            arguments.iter().for_each(|e| self.argument(e));
            self.in_macro -= 1;
            return;
        }
        let hidden = hidden_in(m.tokens.clone());
        if hidden.leaves && !hidden.nested {
            self.leave(m.path.span(), "a `break` or `return` in this macro");
        }
        if hidden.continues && !hidden.nested && self.trailing {
            self.errors.push(error::continue_in_macro(m.path.span()));
        }
    }
}

impl Body<'_> {
    fn argument(&mut self, e: &Expr) {
        Visit::visit_expr(self, e);
    }
}

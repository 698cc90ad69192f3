//! What is certain to be wrong, found before rustc finds it in other words. Nothing here makes a program
//! sound: types and run-time checks do. So where a thing is not certain, it passes.

mod clauses;
mod flow;
mod index;
mod linear;
mod order;
mod region;
mod task;
mod write;

use crate::clause::{Clauses, array_key};
use crate::names::{Names, arguments, assigns, bound_by, words};
use order::Lives;
use quote::ToTokens;
pub use region::{orphaned, region};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Error, Expr, ExprAsync, ExprBlock, ExprClosure, ExprForLoop, Item, Label};
pub use task::{group, objects, task};

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
    bound.extend(names.in_unknown.iter().cloned());
    let mut body = Body {
        covered: clauses::covered(c),
        reduced: clauses::reduced(c),
        all_own: own.is_none(),
        disjoint: c.disjoint.iter().filter_map(array_key).collect(),
        bound,
        inside: names.bound,
        changed: names.changed,
        in_macro_names: names.in_macro,
        lives: Lives::of(&f.body),
        own: index::own_index(c, f),
        once: index::runs_once(&f.expr),
        ordered: c.ordered.is_some(),
        branches: 0,
        leaves: false,
        in_unsafe: 0,
        label: f.label.as_ref(),
        loops: Vec::new(),
        depth: 0,
        closures: 0,
        copies: 0,
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
    /// Reduced variables, with our own operators.
    reduced: BTreeMap<String, &'static str>,
    disjoint: BTreeSet<String>,
    /// What is the thread's or the iteration's own.
    bound: BTreeSet<String>,
    /// What the body binds.
    inside: BTreeSet<String>,
    /// What the body assigns or borrows as `&mut`.
    changed: BTreeSet<String>,
    /// What some macro is given.
    in_macro_names: BTreeSet<String>,
    lives: Lives,
    /// The loop variables that own an index.
    own: Vec<String>,
    /// There is one iteration.
    once: bool,
    /// Parts of the iterations run in order.
    ordered: bool,
    /// Branches around that may not be taken.
    branches: usize,
    /// The iteration may have ended before.
    leaves: bool,
    in_unsafe: usize,
    label: Option<&'c Label>,
    /// Labels of loops and blocks inside.
    loops: Vec<String>,
    /// Loops inside, entered so far.
    depth: usize,
    closures: usize,
    /// Closures around that have copies of what they name.
    copies: usize,
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
        let own = self.all_own || self.copies > 0;
        local && !own && !self.bound.contains(name) && !self.covered.contains(name)
    }

    /// Looks at an expression itself.
    fn look(&mut self, e: &Expr) {
        match e {
            Expr::Assign(a) => self.write(&a.left, None, &a.right),
            Expr::Binary(b) if assigns(&b.op) => {
                self.combines(&b.left, &b.op);
                self.write(&b.left, Some(&b.op), &b.right);
            }
            Expr::Reference(r) => self.borrow(r),
            Expr::Index(x) => self.access(x, false),
            Expr::MethodCall(m) => self.whole(m),
            e => self.leaving(e),
        }
    }

    /// Visits a branch that may not be taken.
    fn branch(&mut self, visit: impl FnOnce(&mut Self)) {
        self.branches += 1;
        visit(self);
        self.branches -= 1;
    }

    /// Visits a loop or a block inside.
    fn inner(&mut self, label: Option<&Label>, is_loop: bool, visit: impl FnOnce(&mut Self)) {
        let labels = self.loops.len();
        self.loops.extend(label.map(|l| l.name.to_string()));
        self.depth += usize::from(is_loop);
        visit(self);
        self.depth -= usize::from(is_loop);
        self.loops.truncate(labels);
    }

    /// A block, in which an attribute such as `critical(name)` gives names a meaning of their own.
    fn block(&mut self, b: &ExprBlock) {
        let mut meant = BTreeSet::new();
        for a in &b.attrs {
            words(a.meta.to_token_stream(), &mut meant);
        }
        meant.retain(|name| self.bound.insert(name.clone()));
        self.visit_block(&b.block);
        meant.iter().for_each(|name| _ = self.bound.remove(name));
    }

    /// The head of a loop inside that may run no iteration in some iterations of the annotated one.
    fn depends(&self, head: &Expr) -> bool {
        let mut seen = BTreeSet::new();
        words(head.to_token_stream(), &mut seen);
        seen.iter().any(|name| self.bound.contains(name))
    }
}

impl<'a> Visit<'a> for Body<'_> {
    fn visit_item(&mut self, _: &'a Item) {}
    fn visit_expr_closure(&mut self, c: &'a ExprClosure) {
        let moves = usize::from(c.capture.is_some());
        self.closures += 1;
        self.copies += moves;
        self.branch(|own| visit::visit_expr_closure(own, c));
        self.copies -= moves;
        self.closures -= 1;
    }
    fn visit_expr_async(&mut self, a: &'a ExprAsync) {
        self.closures += 1;
        self.copies += 1;
        self.branch(|own| visit::visit_expr_async(own, a));
        self.copies -= 1;
        self.closures -= 1;
    }
    fn visit_expr(&mut self, e: &'a Expr) {
        self.look(e);
        match e {
            Expr::ForLoop(x) => {
                // The head belongs to the loop outside.
                self.visit_expr(&x.expr);
                let depends = usize::from(self.depends(&x.expr));
                self.branches += depends;
                self.inner(x.label.as_ref(), true, |own| own.visit_block(&x.body));
                self.branches -= depends;
            }
            Expr::While(x) => self.inner(x.label.as_ref(), true, |own| {
                own.visit_expr(&x.cond);
                own.branch(|own| own.visit_block(&x.body));
            }),
            Expr::Loop(x) => self.inner(x.label.as_ref(), true, |own| own.visit_block(&x.body)),
            Expr::Block(x) => self.inner(x.label.as_ref(), false, |own| own.block(x)),
            Expr::If(x) => {
                self.visit_expr(&x.cond);
                self.branch(|own| {
                    own.visit_block(&x.then_branch);
                    x.else_branch.iter().for_each(|(_, e)| own.visit_expr(e));
                });
            }
            Expr::Match(x) => {
                self.visit_expr(&x.expr);
                self.branch(|own| x.arms.iter().for_each(|arm| own.visit_arm(arm)));
            }
            Expr::Binary(b) if index::short_circuits(&b.op) => {
                self.visit_expr(&b.left);
                self.branch(|own| own.visit_expr(&b.right));
            }
            Expr::Unsafe(x) => {
                self.in_unsafe += 1;
                self.visit_block(&x.block);
                self.in_unsafe -= 1;
            }
            _ => visit::visit_expr(self, e),
        }
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
        self.hidden(m);
    }
}

impl Body<'_> {
    fn argument(&mut self, e: &Expr) {
        Visit::visit_expr(self, e);
    }
}

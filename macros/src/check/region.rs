//! A region as it was written: what its threads do to what they share.

mod constructs;

use super::clauses;
use super::index::text;
use super::write::{operator, root};
use crate::clause::{Clauses, array_key, ident_of};
use crate::error;
use crate::names::{Names, arguments, arithmetic, assigns};
use constructs::{Named, clauses_of, construct};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Error, Expr, ExprAsync, ExprClosure, Ident, Item, UnOp};

/// Checks a region before its constructs are lowered; whether nothing was wrong.
pub fn region(c: &Clauses, block: &Block, errors: &mut Vec<Error>) -> bool {
    let before = errors.len();
    let names = Names::of(block);
    clauses::contradictions(c, errors);
    let mut named = Named::default();
    named.visit_block(block);
    clauses::unused_in(
        c,
        "region",
        &|k| names.knows(k) || named.attributes.contains(k),
        errors,
    );
    let mut own = names.bound;
    own.extend(c.copies().map(|(_, v)| v.to_string()));
    own.extend(names.in_unknown);
    let shared = c.shared.iter().filter_map(array_key).collect();
    let mut threads = Threads::new(shared, named.criticals, own, errors);
    threads.visit_block(block);
    errors.len() == before
}

/// Checks a function whose caller is in a region, and gives it `views`; whether nothing was wrong.
pub fn orphaned(views: BTreeSet<String>, block: &Block, errors: &mut Vec<Error>) -> bool {
    let before = errors.len();
    let own = Names::of(block).bound;
    let mut threads = Threads::new(views, BTreeSet::new(), own, errors);
    threads.all_own = true;
    threads.visit_block(block);
    errors.len() == before
}

/// The threads' code, statement by statement.
struct Threads<'e> {
    /// The region's views.
    shared: BTreeSet<String>,
    /// Names of critical data.
    criticals: BTreeSet<String>,
    /// What each thread has for itself.
    own: BTreeSet<String>,
    /// Whatever is no view is the thread's own.
    all_own: bool,
    /// What the constructs around have opened.
    open: BTreeSet<String>,
    construct: Option<&'static str>,
    /// The critical section around.
    critical: Option<String>,
    /// Closures around that have copies of what they name.
    copies: usize,
    /// Macros around.
    in_macro: usize,
    said: BTreeSet<String>,
    errors: &'e mut Vec<Error>,
}

impl<'e> Threads<'e> {
    fn new(
        shared: BTreeSet<String>,
        criticals: BTreeSet<String>,
        own: BTreeSet<String>,
        errors: &'e mut Vec<Error>,
    ) -> Self {
        Threads {
            shared,
            criticals,
            own,
            all_own: false,
            open: BTreeSet::new(),
            construct: None,
            critical: None,
            copies: 0,
            in_macro: 0,
            said: BTreeSet::new(),
            errors,
        }
    }
}

impl Threads<'_> {
    fn say(&mut self, about: &str, e: Error) {
        if self.said.insert(about.to_owned()) {
            self.errors.push(e);
        }
    }

    /// A view that no construct around has opened.
    fn closed(&self, name: &str) -> bool {
        self.shared.contains(name) && !self.own.contains(name) && !self.open.contains(name)
    }

    /// A local of the function around the region, as far as one can see.
    fn captured(&self, name: &str) -> bool {
        let name = name.strip_prefix("self.").map_or(name, |_| "self");
        let local = name.starts_with(|c: char| c.is_lowercase() || c == '_');
        let known = [&self.shared, &self.own, &self.open];
        local && !self.all_own && self.copies == 0 && !known.iter().any(|set| set.contains(name))
    }

    /// `a[i]`, `*a` or `a + 1` of a view.
    fn access(&mut self, e: &Expr, name: &str, writes: bool) {
        if !self.closed(name) {
            return;
        }
        let e = match self.construct {
            None => error::between(e, &text(e), name, writes, matches!(e, Expr::Index(_))),
            Some("for_each") if writes => return,
            Some(construct) => error::unnamed(e, &text(e), name, construct, writes),
        };
        self.say(name, e);
    }

    /// `place = ..` or `place op= ..`.
    fn write(&mut self, place: &Expr, op: Option<&BinOp>) {
        match place {
            Expr::Tuple(t) => return t.elems.iter().for_each(|e| self.write(e, op)),
            Expr::Paren(p) => return self.write(&p.expr, op),
            _ => {}
        }
        let (root, indexed) = match root(place) {
            Some(root) => root,
            None => return,
        };
        let plain = ident_of(place).is_some();
        if self.shared.contains(&root) {
            // A view may be assigned another one, but neither is a number.
            if !plain || op.is_some() {
                self.access(place, &root, true);
            }
            return;
        }
        if self.construct == Some("for_each") || !self.captured(&root) {
            return;
        }
        let name = plain.then_some(root.as_str());
        let (at, said) = (place, text(place));
        let e = match (&self.critical, self.construct, op) {
            (Some(owned), ..) => {
                error::critical_writes(at, &said, owned, self.criticals.contains(&root))
            }
            (_, Some(construct), _) => error::construct_writes(at, &said, name, construct),
            (_, None, Some(op)) => error::thread_updates(at, &said, name, operator(op)),
            (_, None, None) if indexed => error::between(at, &said, &root, true, true),
            (_, None, None) => error::thread_assigns(at, &said, name),
        };
        self.say(&root, e);
    }

    /// Looks at an expression itself.
    fn look(&mut self, e: &Expr) {
        match e {
            Expr::Assign(a) => self.write(&a.left, None),
            Expr::Binary(b) if assigns(&b.op) => self.write(&b.left, Some(&b.op)),
            Expr::Binary(b) if arithmetic(&b.op) => {
                self.plainly(&b.left);
                self.plainly(&b.right);
            }
            Expr::Index(x) => {
                if let Some(name) = ident_of(&x.expr) {
                    self.access(e, &name.to_string(), false);
                }
            }
            Expr::If(x) => self.plainly(&x.cond),
            Expr::While(x) => self.plainly(&x.cond),
            Expr::Unary(u) if !matches!(u.op, UnOp::Deref(_)) => self.plainly(&u.expr),
            Expr::Unary(u) => {
                if let Some(name) = ident_of(&u.expr).map(Ident::to_string) {
                    self.access(e, &name, false);
                    self.not_critical(e, &name);
                }
            }
            Expr::Reference(r) if r.mutability.is_some() => self.borrow(e, &r.expr),
            _ => {}
        }
    }

    /// A name where only a number or a truth value can stand.
    fn plainly(&mut self, e: &Expr) {
        if let Some(name) = ident_of(e) {
            self.access(e, &name.to_string(), false);
        }
    }

    /// `*total` outside of `critical(total)`.
    fn not_critical(&mut self, e: &Expr, name: &str) {
        // What is printed may be what a reference refers to.
        let outside = self.in_macro == 0 && self.criticals.contains(name) && self.captured(name);
        if outside {
            self.say(name, error::outside_critical(e, name));
        }
    }

    /// `&mut x`.
    fn borrow(&mut self, e: &Expr, of: &Expr) {
        let Some(name) = ident_of(of).map(Ident::to_string) else {
            if let Expr::Index(_) = of {
                self.write(of, None);
            }
            return;
        };
        if self.construct != Some("for_each") && self.captured(&name) {
            self.say(&name, error::thread_borrows(e, &name));
        }
    }
}

impl<'a> Visit<'a> for Threads<'_> {
    fn visit_item(&mut self, _: &'a Item) {}
    fn visit_expr_closure(&mut self, c: &'a ExprClosure) {
        let moves = usize::from(c.capture.is_some());
        self.copies += moves;
        visit::visit_expr_closure(self, c);
        self.copies -= moves;
    }
    fn visit_expr_async(&mut self, a: &'a ExprAsync) {
        self.copies += 1;
        visit::visit_expr_async(self, a);
        self.copies -= 1;
    }
    fn visit_expr(&mut self, e: &'a Expr) {
        self.look(e);
        match e {
            Expr::ForLoop(x) => {
                self.visit_expr(&x.expr);
                let Some((a, name)) = x.attrs.iter().find_map(|a| Some((a, construct(a)?))) else {
                    return self.visit_block(&x.body);
                };
                if name == "parallel_for" {
                    let c = clauses_of(a, "parallel_for");
                    self.another_team(c.disjoint.iter(), "parallel_for");
                } else if name == "for_each" {
                    let c = clauses_of(a, "for_each");
                    self.opens(&c);
                    self.within(a, Some("for_each"), |own| own.visit_block(&x.body));
                }
            }
            Expr::Block(x) => match x.attrs.iter().find_map(|a| Some((a, construct(a)?))) {
                Some((a, name)) => self.on_block(a, &name, &x.block),
                None => self.visit_block(&x.block),
            },
            // `(*total).with(..)`, of a reference.
            Expr::MethodCall(m) if matches!(&*m.receiver, Expr::Paren(p) if matches!(&*p.expr, Expr::Unary(_))) =>
            {
                m.args.iter().for_each(|e| self.visit_expr(e));
            }
            // What is written is looked at as such, and only its indices as what is read.
            Expr::Assign(a) => {
                self.indices(&a.left);
                self.visit_expr(&a.right);
            }
            Expr::Binary(b) if assigns(&b.op) => {
                self.indices(&b.left);
                self.visit_expr(&b.right);
            }
            _ => visit::visit_expr(self, e),
        }
    }
    fn visit_macro(&mut self, m: &'a syn::Macro) {
        self.in_macro += 1;
        arguments(m).iter().flatten().for_each(|e| self.argument(e));
        self.in_macro -= 1;
    }
}

impl Threads<'_> {
    /// Visits an expression that lives as long as this call.
    fn argument(&mut self, e: &Expr) {
        Visit::visit_expr(self, e);
    }

    fn indices(&mut self, place: &Expr) {
        match place {
            Expr::Index(x) => {
                self.indices(&x.expr);
                self.argument(&x.index);
            }
            Expr::Field(f) => self.indices(&f.base),
            Expr::Paren(p) => self.indices(&p.expr),
            Expr::Unary(u) => self.indices(&u.expr),
            Expr::Path(_) | Expr::Tuple(_) => {}
            e => self.argument(e),
        }
    }
}

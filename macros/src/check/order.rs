//! In which order a body reads and writes its variables: whether an iteration uses what the one before left.

use super::write::folded;
use crate::clause::ident_of;
use crate::names::{arguments, assigns, words};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, Item, Macro};

/// What happens first to a variable in an iteration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begin {
    Read,
    Write,
    /// In a branch that may not be taken.
    MayWrite,
    Update,
}

/// What an iteration does with a variable.
#[derive(Clone, Copy, Default)]
pub struct Life {
    begin: Option<Begin>,
    /// Read, and not only to be updated.
    pub read: bool,
    /// An operand of a comparison.
    pub compared: bool,
    /// Used in an index.
    pub index: bool,
    /// `x += ..` or the like.
    pub updated: bool,
    /// The number that every iteration adds.
    step: Option<u64>,
    /// Changed in another way too.
    unsteady: bool,
}

impl Life {
    /// What every iteration adds, if it counts.
    pub fn step(&self) -> Option<u64> {
        self.step.filter(|_| !self.unsteady)
    }
    /// Each iteration begins it anew.
    pub fn begins_anew(&self) -> bool {
        self.begin == Some(Begin::Write)
    }
}

/// The lives of all names.
#[derive(Default)]
pub struct Lives(BTreeMap<String, Life>);

impl Lives {
    pub fn of(block: &Block) -> Lives {
        let mut walk = Walk::default();
        walk.visit_block(block);
        Lives(walk.lives)
    }
    pub fn names(&self) -> impl Iterator<Item = (&str, &Life)> {
        self.0.iter().map(|(name, life)| (name.as_str(), life))
    }
    pub fn of_name(&self, name: &str) -> Life {
        self.0.get(name).copied().unwrap_or_default()
    }
}

#[derive(Default)]
struct Walk {
    lives: BTreeMap<String, Life>,
    /// Branches around that may not be taken.
    branches: usize,
    /// Loops around.
    loops: usize,
    /// Indices around.
    indices: usize,
    /// The variable that is updated, whose old value is no read.
    updating: Option<String>,
}

impl Walk {
    fn life(&mut self, name: &str) -> &mut Life {
        self.lives.entry(name.to_owned()).or_default()
    }
    fn read(&mut self, name: &str) {
        if self.updating.as_deref() == Some(name) {
            return;
        }
        let index = self.indices > 0;
        let life = self.life(name);
        life.begin.get_or_insert(Begin::Read);
        life.read = true;
        life.index |= index;
    }
    fn write(&mut self, place: &Expr) {
        match (place, ident_of(place)) {
            (_, Some(name)) => {
                let begin = match self.branches {
                    0 => Begin::Write,
                    _ => Begin::MayWrite,
                };
                let life = self.life(&name.to_string());
                life.begin.get_or_insert(begin);
                life.unsteady = true;
            }
            (Expr::Tuple(t), _) => t.elems.iter().for_each(|e| self.write(e)),
            (Expr::Array(a), _) => a.elems.iter().for_each(|e| self.write(e)),
            (Expr::Paren(p), _) => self.write(&p.expr),
            _ => self.visit_expr(place),
        }
    }
    fn update(&mut self, name: &str, op: Option<&BinOp>, value: &Expr) {
        let outer = self.updating.replace(name.to_owned());
        self.visit_expr(value);
        self.updating = outer;
        let step = match (op, value) {
            (Some(BinOp::AddAssign(_)), Expr::Lit(l)) if self.branches + self.loops == 0 => {
                match &l.lit {
                    syn::Lit::Int(n) => n.base10_parse().ok(),
                    _ => None,
                }
            }
            _ => None,
        };
        let life = self.life(name);
        life.unsteady |= step.is_none() || life.step.is_some();
        life.step = step;
        life.begin.get_or_insert(Begin::Update);
        life.updated = true;
    }
    fn branch(&mut self, visit: impl FnOnce(&mut Self)) {
        self.branches += 1;
        visit(self);
        self.branches -= 1;
    }
}

/// `a < b` and its like.
fn compares(op: &BinOp) -> bool {
    use BinOp::*;
    matches!(op, Lt(_) | Le(_) | Gt(_) | Ge(_))
}

impl<'a> Visit<'a> for Walk {
    fn visit_item(&mut self, _: &'a Item) {}
    fn visit_macro(&mut self, m: &'a Macro) {
        if let Some(arguments) = arguments(m) {
            return arguments.iter().for_each(|e| argument(self, e));
        }
        let mut seen = BTreeSet::new();
        words(m.tokens.clone(), &mut seen);
        seen.iter().for_each(|name| self.read(name));
    }
    fn visit_expr(&mut self, e: &'a Expr) {
        if let Some(name) = ident_of(e) {
            return self.read(&name.to_string());
        }
        match e {
            Expr::Assign(a) => match ident_of(&a.left).map(ToString::to_string) {
                Some(name) if folded(&name, &a.right).is_some() => {
                    self.update(&name, None, &a.right)
                }
                _ => {
                    self.visit_expr(&a.right);
                    self.write(&a.left);
                }
            },
            Expr::Binary(b) if assigns(&b.op) => match ident_of(&b.left) {
                Some(name) => self.update(&name.to_string(), Some(&b.op), &b.right),
                None => {
                    self.visit_expr(&b.right);
                    self.visit_expr(&b.left);
                }
            },
            Expr::Binary(b) if compares(&b.op) => {
                for side in [&b.left, &b.right] {
                    self.visit_expr(side);
                    if let Some(name) = ident_of(side) {
                        self.life(&name.to_string()).compared = true;
                    }
                }
            }
            Expr::Index(x) => {
                self.visit_expr(&x.expr);
                self.indices += 1;
                self.visit_expr(&x.index);
                self.indices -= 1;
            }
            e => self.flow(e),
        }
    }
}

impl Walk {
    /// Visits what may run once, often or not at all.
    fn flow(&mut self, e: &Expr) {
        match e {
            Expr::Binary(b) if matches!(b.op, BinOp::And(_) | BinOp::Or(_)) => {
                self.visit_expr(&b.left);
                self.branch(|own| own.visit_expr(&b.right));
            }
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
            Expr::While(x) => {
                self.visit_expr(&x.cond);
                self.branch(|own| own.visit_block(&x.body));
            }
            Expr::ForLoop(x) => {
                self.visit_expr(&x.expr);
                self.loops += 1;
                self.visit_block(&x.body);
                self.loops -= 1;
            }
            Expr::Loop(x) => {
                self.loops += 1;
                self.visit_block(&x.body);
                self.loops -= 1;
            }
            Expr::Closure(x) => self.branch(|own| own.visit_expr(&x.body)),
            e => visit::visit_expr(self, e),
        }
    }
}

/// Visits an expression that lives as long as this call.
fn argument(walk: &mut Walk, e: &Expr) {
    Visit::visit_expr(walk, e);
}

//! Groups and their tasks: what two of them do with one variable.

use super::clauses;
use super::index::text;
use super::write::operator;
use crate::clause::{self, Clauses, ident_of};
use crate::depend::{self, Depend, Kind};
use crate::directive::construct;
use crate::error::{self, Other};
use crate::names::{Names, arguments, hidden_in};
use crate::scope::{self, Uses, Write};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Error, Expr, ExprBlock, Item, Meta};

/// Checks the body of a group before its tasks are lowered.
pub fn group(body: &Block, errors: &mut Vec<Error>) {
    let mut tasks = Tasks {
        bound: Names::of(body).bound,
        ..Tasks::default()
    };
    let lent = depend::first(body);
    for (k, s) in body.stmts.iter().enumerate() {
        tasks.lent = k >= lent;
        tasks.visit_stmt(s);
    }
    if !tasks.leaves {
        tasks.conflicts(errors);
    }
}

/// Checks one task.
pub fn task(c: &Clauses, block: &Block, errors: &mut Vec<Error>) {
    clauses::contradictions(c, errors);
    let uses = scope::uses(block);
    clauses::unused_in(c, "task", &|k| uses.free.contains(k), errors);
    let copies = c.firstprivate.iter().chain(&c.private);
    let given: Vec<_> = copies.chain(c.depend.iter().map(|d| &d.name)).collect();
    let mut said = BTreeSet::new();
    for w in &uses.writes {
        let lost = |v: &&syn::Ident| **v == w.name.as_str() && !given.contains(v);
        if ident_of(&w.place).is_some()
            && c.own.iter().any(|v| lost(&v))
            && said.insert(w.name.clone())
        {
            errors.push(error::lost(&w.place, &w.name));
        }
    }
    objects(c, &uses, errors);
    let names = c.depend.iter().map(|d| d.name.to_string()).collect();
    let mut children = Children { names, errors };
    children.visit_block(block);
}

/// Tasks that a task leaves to its group, and what it has of that group's objects.
struct Children<'e> {
    names: BTreeSet<String>,
    errors: &'e mut Vec<Error>,
}

impl<'a> Visit<'a> for Children<'_> {
    fn visit_item(&mut self, _: &'a Item) {}
    fn visit_expr_block(&mut self, b: &'a ExprBlock) {
        let found = b.attrs.iter().find_map(|a| Some((a, construct(a)?)));
        match found {
            Some((_, name)) if name == "taskgroup" => {}
            Some((a, name)) if name == "task" => {
                let uses = scope::uses(&b.block);
                let taken = uses.places.iter().find(|(n, _)| self.names.contains(*n));
                // One with `depend` is refused for that.
                let depends = !clause_of(a, "task").depend.is_empty();
                if let (Some((name, place)), false) = (taken, depends) {
                    self.errors.push(match place {
                        Some(e) => error::left_to_a_child(e, name),
                        None => error::left_to_a_child(a, name),
                    });
                }
            }
            _ => visit::visit_expr_block(self, b),
        }
    }
}

/// What the clauses say; what is wrong with them is said where they are lowered.
fn clause_of(a: &Attribute, name: &str) -> Clauses {
    let tokens = match &a.meta {
        Meta::List(l) => l.tokens.clone(),
        _ => Default::default(),
    };
    clause::parse(tokens, name, &mut Vec::new())
}

/// What a block does with the objects that its `depend` gives it.
pub fn objects(c: &Clauses, uses: &Uses, errors: &mut Vec<Error>) {
    let mut said = BTreeSet::new();
    for w in &uses.writes {
        let here: Vec<_> = c.depend.iter().filter(|d| d.name == w.name).collect();
        if here.is_empty() || !said.insert(&w.name) {
            continue;
        }
        let reads = |d: &&Depend| matches!(d.kind, Kind::In | Kind::InOutSet);
        let place = text(&w.place);
        if here.iter().all(reads) {
            errors.push(error::only_read(&w.place, &place, &w.name));
        } else if place == w.name && !w.borrowed {
            errors.push(error::behind_a_reference(&w.place, &w.name));
        }
    }
}

/// A branch, by the place where the walk met it, and which of its arms.
type Path = Vec<(usize, usize)>;

/// One task of a group.
struct One {
    uses: Uses,
    /// What its clauses give it, or it takes along.
    given: BTreeSet<String>,
    /// What its `depend` names, and the task may write.
    depends: BTreeSet<String>,
    /// Where it stands.
    at: Attribute,
    /// It runs in place, between the others: `taskwait`.
    waits: bool,
    path: Path,
    in_loop: bool,
}

/// The tasks that stand in the body of a group, in order; not those inside of them.
#[derive(Default)]
struct Tasks {
    seen: Vec<One>,
    path: Path,
    branches: usize,
    loops: usize,
    /// Whatever is bound in the body, its tasks included.
    bound: BTreeSet<String>,
    /// What the body itself uses while a task has it.
    early: Vec<(String, Expr, bool)>,
    /// Behind a `taskwait!()`.
    waited: bool,
    /// The handles of dependences are there.
    lent: bool,
    /// What else the body uses while they are.
    between: Vec<(String, Expr)>,
    /// Something leads out of the body, or of a loop in it, so that not every task comes after those before it.
    leaves: bool,
}

impl Tasks {
    fn task(&mut self, a: &Attribute, name: &str, block: &Block) {
        let c = clause_of(a, name);
        let copies = c.copies().map(|(_, v)| v.to_string());
        let own = c.own.iter().map(ToString::to_string);
        let depends = c.depend.iter().filter(|d| d.kind != Kind::In);
        let depends = depends.map(|d| d.object.to_string()).collect();
        let renamed = c.depend.iter().map(|d| d.name.to_string());
        self.seen.push(One {
            uses: scope::uses(block),
            given: copies.chain(own).chain(renamed).collect(),
            depends,
            at: a.clone(),
            waits: name == "taskwait",
            path: self.path.clone(),
            in_loop: self.loops > 0,
        });
    }

    fn arm(&mut self, branch: usize, arm: usize, visit: impl FnOnce(&mut Self)) {
        self.path.push((branch, arm));
        visit(self);
        self.path.pop();
    }

    fn in_loop(&mut self, visit: impl FnOnce(&mut Self)) {
        self.loops += 1;
        visit(self);
        self.loops -= 1;
    }

    /// The body uses a variable.
    fn body(&mut self, e: &Expr) {
        let Some(name) = ident_of(e).map(ToString::to_string) else {
            return;
        };
        let writes = |one: &One| one.uses.writes.iter().any(|w| w.name == name);
        let running = |one: &&One| {
            !one.waits
                && self.path.starts_with(&one.path)
                && !one.given.contains(&name)
                && writes(one)
        };
        if self.bound.contains(&name) {
            return;
        }
        match self.seen.iter().any(|one| running(&one)) {
            true => self.early.push((name, e.clone(), self.waited)),
            false if self.lent => self.between.push((name, e.clone())),
            false => {}
        }
    }

    /// Tasks that need one variable at the same time.
    fn conflicts(&self, errors: &mut Vec<Error>) {
        let mut said = BTreeSet::new();
        self.undeclared(&mut said, errors);
        for (name, e, waited) in &self.early {
            if said.insert(name.clone()) {
                errors.push(error::early(e, name, *waited));
            }
        }
        for (k, one) in self.seen.iter().enumerate() {
            for w in &one.uses.writes {
                if one.waits || one.given.contains(&w.name) || said.contains(&w.name) {
                    continue;
                }
                let other = match one.in_loop {
                    true => Some(Other::Itself),
                    false => self.other(k, w),
                };
                if let Some(other) = other {
                    said.insert(w.name.clone());
                    let op = w.op.as_ref().map(operator);
                    errors.push(error::two_tasks(
                        &w.place,
                        &text(&w.place),
                        &w.name,
                        op,
                        other,
                    ));
                }
            }
        }
    }

    /// Objects of dependences that something uses without saying so.
    fn undeclared(&self, said: &mut BTreeSet<String>, errors: &mut Vec<Error>) {
        let objects: BTreeSet<&String> = self.seen.iter().flat_map(|one| &one.depends).collect();
        for one in &self.seen {
            for name in one.uses.places.keys().filter(|n| objects.contains(n)) {
                if one.given.contains(name) || one.depends.contains(name) {
                    continue;
                }
                let write = one.uses.writes.iter().find(|w| w.name == *name);
                let place = write.map(|w| &w.place).or(one.uses.places[name].as_ref());
                if said.insert(name.clone()) {
                    errors.push(match place {
                        Some(e) => error::undeclared(e, name, write.is_some()),
                        None => error::undeclared(&one.at, name, false),
                    });
                }
            }
        }
        for (name, e) in &self.between {
            if objects.contains(name) && said.insert(name.clone()) {
                errors.push(error::lent(e, name));
            }
        }
    }

    /// What another task does with a variable that task `k` writes.
    fn other(&self, k: usize, w: &Write) -> Option<Other> {
        let mine = &self.seen[k];
        self.seen.iter().enumerate().find_map(|(at, other)| {
            let both = mine.path.starts_with(&other.path) || other.path.starts_with(&mine.path);
            if at == k || !both || other.waits || other.given.contains(&w.name) {
                return None;
            }
            let writes = other.uses.writes.iter().any(|o| o.name == w.name);
            match (writes, other.uses.places.contains_key(&w.name)) {
                (true, _) => Some(Other::Writes),
                (_, true) => Some(Other::Reads),
                _ => None,
            }
        })
    }
}

impl<'a> Visit<'a> for Tasks {
    fn visit_item(&mut self, _: &'a Item) {}
    fn visit_expr_closure(&mut self, _: &'a syn::ExprClosure) {}
    fn visit_expr_block(&mut self, b: &'a ExprBlock) {
        let found = b.attrs.iter().find_map(|a| Some((a, construct(a)?)));
        match found {
            Some((a, name)) if name == "task" || name == "taskwait" => {
                self.task(a, &name, &b.block);
            }
            // Whose tasks have ended at its end.
            Some((_, name)) if name == "taskgroup" => {}
            _ => {
                self.leaves |= b.label.is_some();
                self.visit_block(&b.block);
            }
        }
    }
    fn visit_expr(&mut self, e: &'a Expr) {
        match e {
            Expr::Break(_) | Expr::Continue(_) | Expr::Return(_) | Expr::Try(_) => {
                self.leaves = true;
            }
            Expr::If(x) => {
                self.branches += 1;
                let here = self.branches;
                self.visit_expr(&x.cond);
                self.arm(here, 0, |own| own.visit_block(&x.then_branch));
                if let Some((_, e)) = &x.else_branch {
                    self.arm(here, 1, |own| own.visit_expr(e));
                }
            }
            Expr::Match(x) => {
                self.branches += 1;
                let here = self.branches;
                self.visit_expr(&x.expr);
                for (k, arm) in x.arms.iter().enumerate() {
                    self.arm(here, k, |own| own.visit_arm(arm));
                }
            }
            Expr::ForLoop(x) => {
                self.visit_expr(&x.expr);
                self.in_loop(|own| own.visit_block(&x.body));
            }
            Expr::While(x) => self.in_loop(|own| {
                own.visit_expr(&x.cond);
                own.visit_block(&x.body);
            }),
            Expr::Path(_) => self.body(e),
            Expr::Loop(x) => self.in_loop(|own| own.visit_block(&x.body)),
            _ => visit::visit_expr(self, e),
        }
    }
    fn visit_macro(&mut self, m: &'a syn::Macro) {
        self.waited |= m.path.is_ident("taskwait");
        match arguments(m) {
            Some(all) => all.iter().for_each(|e| self.argument(e)),
            // Our own, such as `taskwait!()`, lead nowhere.
            None => self.leaves |= hidden_in(m.tokens.clone()).leaves,
        }
    }
}

impl Tasks {
    /// Visits an expression that lives as long as this call.
    fn argument(&mut self, e: &Expr) {
        Visit::visit_expr(self, e);
    }
}

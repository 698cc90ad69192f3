//! Which names are in scope where: what a task has to take along.

use crate::clause::ident_of;
use crate::combined::each_clause;
use crate::directive::construct;
use crate::names::{arguments, assigns, words};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, BinOp, Block, Expr, ExprBlock, ExprForLoop, Ident, Item, Meta, Pat, PatIdent,
    parse_quote,
};

/// The clauses that [`annotate`] writes: what a task uses, and what its other clauses name.
pub const OWN: &str = "__own";
pub const LOCAL: &str = "__local";

/// Writes on each task of a group which of the names that it uses are bound in the group's `body`, or are among
/// `parameters`: these do not outlive the group, so the task takes them along.
pub fn annotate(body: &mut Block, parameters: &[Ident]) {
    let mut group = Within {
        bound: parameters.to_vec(),
    };
    group.visit_block_mut(body);
}

/// The names that a pattern binds, but for constants, which look like them.
pub fn bound_by(pat: &Pat) -> Vec<Ident> {
    struct Bound(Vec<Ident>);
    impl<'a> Visit<'a> for Bound {
        fn visit_pat_ident(&mut self, p: &'a PatIdent) {
            let name = p.ident.to_string();
            if name.starts_with(|c: char| c.is_lowercase() || c == '_') {
                self.0.push(p.ident.clone());
            }
            visit::visit_pat_ident(self, p);
        }
    }
    let mut bound = Bound(Vec::new());
    bound.visit_pat(pat);
    bound.0
}

/// The names that a block uses and does not bind itself.
pub fn free(block: &Block) -> BTreeSet<String> {
    uses(block).free
}

/// What a block does with names that it does not bind itself.
pub fn uses(block: &Block) -> Uses {
    let mut free = Free::default();
    free.visit_block(block);
    free.uses
}

/// What some code does with names from outside of it.
#[derive(Default)]
pub struct Uses {
    /// As far as one can see: also words that macros are given.
    pub free: BTreeSet<String>,
    /// Those that are certain, and where each was first used, if that has a place.
    pub places: BTreeMap<String, Option<Expr>>,
    /// `x = ..`, `x[i] += ..`, `*x = ..`, `&mut x`, with the name at the root of the place.
    pub writes: Vec<Write>,
}

pub struct Write {
    pub name: String,
    pub place: Expr,
    pub op: Option<BinOp>,
    /// It is a `&mut x`, and may change it or not.
    pub borrowed: bool,
}

/// The body of a group, and what is bound where the walk is.
struct Within {
    bound: Vec<Ident>,
}

impl Within {
    fn scoped(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = self.bound.len();
        visit(self);
        self.bound.truncate(outer);
    }

    fn task(&self, a: &mut Attribute, block: &Block) {
        let own = self.among(&free(block));
        let mut named = BTreeSet::new();
        words(a.meta.to_token_stream(), &mut named);
        let local = self.among(&named);
        if own.is_empty() && local.is_empty() {
            return;
        }
        let path = a.path().clone();
        let clause = [OWN, LOCAL].map(|name| Ident::new(name, proc_macro2::Span::call_site()));
        let rest = match &a.meta {
            Meta::List(l) => l.tokens.clone(),
            _ => TokenStream::new(),
        };
        let [is_own, is_local] = &clause;
        let mut new: Attribute =
            parse_quote!(#[#path(#is_own(#(#own),*), #is_local(#(#local),*), #rest)]);
        // Errors about the whole attribute stand where it stands.
        new.pound_token = a.pound_token;
        new.bracket_token = a.bracket_token;
        *a = new;
    }

    /// What is bound here of these names. The newest of a name hides the others.
    fn among(&self, names: &BTreeSet<String>) -> Vec<&Ident> {
        let mut taken = BTreeSet::new();
        let mut found: Vec<&Ident> = Vec::new();
        for i in self.bound.iter().rev() {
            let name = i.to_string();
            if names.contains(&name) && taken.insert(name) {
                found.push(i);
            }
        }
        found.reverse();
        found
    }

    fn on_block(&mut self, b: &mut ExprBlock) {
        for k in 0..b.attrs.len() {
            match construct(&b.attrs[k]).as_deref() {
                // A group of its own, in which all that is here outlives its tasks.
                Some("taskgroup") => return,
                Some("task" | "taskwait") => {
                    let block = b.block.clone();
                    self.task(&mut b.attrs[k], &block);
                }
                _ => {}
            }
        }
        self.visit_block_mut(&mut b.block);
    }
}

impl VisitMut for Within {
    fn visit_item_mut(&mut self, _: &mut Item) {}
    fn visit_block_mut(&mut self, b: &mut Block) {
        self.scoped(|own| visit_mut::visit_block_mut(own, b));
    }
    fn visit_local_mut(&mut self, l: &mut syn::Local) {
        visit_mut::visit_local_mut(self, l);
        self.bound.extend(bound_by(&l.pat));
    }
    fn visit_arm_mut(&mut self, a: &mut syn::Arm) {
        self.scoped(|own| {
            own.bound.extend(bound_by(&a.pat));
            visit_mut::visit_arm_mut(own, a);
        });
    }
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        match e {
            Expr::Block(b) => self.on_block(b),
            Expr::ForLoop(f) if in_a_task(f).is_some() => {
                if let Some(task) = in_a_task(f) {
                    *e = task;
                    self.visit_expr_mut(e);
                }
            }
            // A group of its own.
            Expr::ForLoop(f) if f.attrs.iter().any(is_task_loop) => {}
            Expr::ForLoop(f) => {
                self.visit_expr_mut(&mut f.expr);
                self.scoped(|own| {
                    own.bound.extend(bound_by(&f.pat));
                    own.visit_block_mut(&mut f.body);
                });
            }
            Expr::If(x) => {
                self.scoped(|own| {
                    own.visit_expr_mut(&mut x.cond);
                    own.visit_block_mut(&mut x.then_branch);
                });
                x.else_branch
                    .iter_mut()
                    .for_each(|(_, e)| self.visit_expr_mut(e));
            }
            Expr::While(x) => self.scoped(|own| {
                own.visit_expr_mut(&mut x.cond);
                own.visit_block_mut(&mut x.body);
            }),
            Expr::Let(x) => {
                self.visit_expr_mut(&mut x.expr);
                self.bound.extend(bound_by(&x.pat));
            }
            Expr::Closure(c) => self.scoped(|own| {
                c.inputs.iter().for_each(|p| own.bound.extend(bound_by(p)));
                own.visit_expr_mut(&mut c.body);
            }),
            _ => visit_mut::visit_expr_mut(self, e),
        }
    }
}

fn is_task_loop(a: &Attribute) -> bool {
    construct(a).as_deref() == Some("taskloop")
}

/// A task loop with the clause `nogroup`, as a task of the group around, whose own group waits for the loop.
fn in_a_task(f: &ExprForLoop) -> Option<Expr> {
    let k = f.attrs.iter().position(is_task_loop)?;
    let Meta::List(l) = &f.attrs[k].meta else {
        return None;
    };
    let clauses = each_clause(l.tokens.clone());
    let results = ["reduction", "lastprivate", "linear"];
    if !clauses.iter().any(|c| c.0 == "nogroup")
        || clauses.iter().any(|c| results.contains(&c.0.as_str()))
    {
        return None;
    }
    let rest = clauses.iter().filter(|c| c.0 != "nogroup").map(|c| &c.1);
    let mut f = f.clone();
    let path = l.path.clone();
    let mut new: Attribute = parse_quote!(#[#path(#(#rest),*)]);
    new.pound_token = f.attrs[k].pound_token;
    f.attrs[k] = new;
    Some(parse_quote!(#[task] { #f }))
}

/// What a block uses.
#[derive(Default)]
struct Free {
    bound: Vec<String>,
    uses: Uses,
}

impl Free {
    fn scoped(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = self.bound.len();
        visit(self);
        self.bound.truncate(outer);
    }
    fn bind(&mut self, pat: &Pat) {
        self.bound
            .extend(bound_by(pat).iter().map(Ident::to_string));
    }
    fn uses(&mut self, name: String) {
        if !self.bound.contains(&name) {
            self.uses.free.insert(name);
        }
    }
    /// A place is changed. Of fields, each task may have its own.
    fn changes(&mut self, place: &Expr, op: Option<&BinOp>, borrowed: bool) {
        let mut at = place;
        loop {
            at = match at {
                Expr::Index(x) => &x.expr,
                Expr::Paren(p) => &p.expr,
                Expr::Unary(u) if matches!(u.op, syn::UnOp::Deref(_)) => &u.expr,
                Expr::Tuple(t) => return t.elems.iter().for_each(|e| self.changes(e, None, false)),
                _ => break,
            };
        }
        let name = ident_of(at).map(Ident::to_string);
        let name = name.filter(|n| n.starts_with(|c: char| c.is_lowercase() || c == '_'));
        if let Some(name) = name.filter(|n| !self.bound.contains(n)) {
            self.uses.writes.push(Write {
                name,
                place: place.clone(),
                op: op.copied(),
                borrowed,
            });
        }
    }
    /// `{x}` in a format string.
    fn captures(&mut self, text: &str) {
        let text = text.replace("{{", "");
        for part in text.split('{').skip(1) {
            let end = part.find(|c: char| !c.is_alphanumeric() && c != '_');
            let name = part[..end.unwrap_or(part.len())].to_owned();
            if !name.is_empty() && !self.bound.contains(&name) {
                self.uses.places.entry(name.clone()).or_insert(None);
                self.uses(name);
            }
        }
    }
    fn tokens(&mut self, tokens: TokenStream) {
        let mut seen = BTreeSet::new();
        words(tokens, &mut seen);
        seen.into_iter().for_each(|name| self.uses(name));
    }
    /// Visits an expression that lives as long as this call.
    fn argument(&mut self, e: &Expr) {
        Visit::visit_expr(self, e);
    }
}

impl<'a> Visit<'a> for Free {
    fn visit_item(&mut self, _: &'a Item) {}
    fn visit_block(&mut self, b: &'a Block) {
        self.scoped(|own| visit::visit_block(own, b));
    }
    fn visit_local(&mut self, l: &'a syn::Local) {
        visit::visit_local(self, l);
        self.bind(&l.pat);
    }
    fn visit_arm(&mut self, a: &'a syn::Arm) {
        self.scoped(|own| {
            own.bind(&a.pat);
            visit::visit_arm(own, a);
        });
    }
    fn visit_attribute(&mut self, a: &'a Attribute) {
        if construct(a).is_some() {
            self.tokens(a.meta.to_token_stream());
        }
    }
    fn visit_macro(&mut self, m: &'a syn::Macro) {
        match arguments(m) {
            // A string may name what it prints.
            Some(all) => all.iter().for_each(|e| match e {
                Expr::Lit(l) => self.captures(&l.to_token_stream().to_string()),
                e => self.argument(e),
            }),
            None => self.tokens(m.tokens.clone()),
        }
    }
    fn visit_expr(&mut self, e: &'a Expr) {
        match e {
            Expr::Assign(a) => self.changes(&a.left, None, false),
            Expr::Binary(b) if assigns(&b.op) => self.changes(&b.left, Some(&b.op), false),
            Expr::Reference(r) if r.mutability.is_some() => self.changes(&r.expr, None, true),
            _ => {}
        }
        match e {
            Expr::Path(p) => {
                if let (None, Some(name)) = (&p.qself, p.path.get_ident()) {
                    let name = name.to_string();
                    if !self.bound.contains(&name) {
                        let places = &mut self.uses.places;
                        places
                            .entry(name.clone())
                            .or_insert_with(|| Some(e.clone()));
                    }
                    self.uses(name);
                }
            }
            Expr::ForLoop(f) => {
                f.attrs.iter().for_each(|a| self.visit_attribute(a));
                self.visit_expr(&f.expr);
                self.scoped(|own| {
                    own.bind(&f.pat);
                    own.visit_block(&f.body);
                });
            }
            Expr::If(x) => {
                self.scoped(|own| {
                    own.visit_expr(&x.cond);
                    own.visit_block(&x.then_branch);
                });
                x.else_branch.iter().for_each(|(_, e)| self.visit_expr(e));
            }
            Expr::While(x) => self.scoped(|own| {
                own.visit_expr(&x.cond);
                own.visit_block(&x.body);
            }),
            Expr::Let(x) => {
                self.visit_expr(&x.expr);
                self.bind(&x.pat);
            }
            Expr::Closure(c) => self.scoped(|own| {
                c.inputs.iter().for_each(|p| own.bind(p));
                own.visit_expr(&c.body);
            }),
            _ => visit::visit_expr(self, e),
        }
    }
}

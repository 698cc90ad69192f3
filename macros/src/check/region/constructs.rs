//! The constructs in a region: what their clauses open, and what stands inside them.

use super::Threads;
use crate::check::clauses;
use crate::clause::{self, Clauses, array_key};
use crate::error;
use crate::names::{Names, words};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::Visit;
use syn::{Attribute, Block, Expr, Meta};

/// What the attributes inside a region name.
#[derive(Default)]
pub(super) struct Named {
    pub attributes: BTreeSet<String>,
    pub criticals: BTreeSet<String>,
}

impl<'a> Visit<'a> for Named {
    fn visit_attribute(&mut self, a: &'a Attribute) {
        words(a.meta.to_token_stream(), &mut self.attributes);
        if let Some(name) = critical(a) {
            self.criticals.insert(name);
        }
    }
}

/// The construct that an attribute stands for.
pub(super) fn construct(a: &Attribute) -> Option<String> {
    let name = a.path().segments.last()?.ident.to_string();
    let ours = a.path().segments.len() == 1 || a.path().segments[0].ident == "phalanx";
    ours.then_some(name)
}

/// The name of the data that `critical(name)` protects.
fn critical(a: &Attribute) -> Option<String> {
    let path: syn::Path = match construct(a)?.as_str() {
        "critical" => a.parse_args().ok()?,
        _ => return None,
    };
    path.segments.last().map(|s| s.ident.to_string())
}

pub(super) fn clauses_of(a: &Attribute, construct: &str) -> Clauses {
    let tokens = match &a.meta {
        Meta::List(l) => l.tokens.clone(),
        _ => Default::default(),
    };
    // What is wrong with them is said where they are lowered.
    clause::parse(tokens, construct, &mut Vec::new())
}

impl Threads<'_> {
    /// Visits what stands inside a construct.
    pub(super) fn within(
        &mut self,
        a: &Attribute,
        construct: Option<&'static str>,
        visit: impl FnOnce(&mut Self),
    ) {
        let mut named = BTreeSet::new();
        words(a.meta.to_token_stream(), &mut named);
        named.retain(|name| self.open.insert(name.clone()));
        let outer = self.construct;
        self.construct = construct.or(self.construct);
        visit(self);
        self.construct = outer;
        named.iter().for_each(|name| _ = self.open.remove(name));
    }

    /// What a construct's clauses open: are there such views?
    pub(super) fn opens(&mut self, c: &Clauses) {
        for (clause, e) in c.arrays() {
            let Some(name) = array_key(e) else { continue };
            if !self.all_own && !self.shared.contains(&name) && !self.own.contains(&name) {
                let at = syn::spanned::Spanned::span(e);
                self.say(&name, error::not_shared(at, &name, clause));
            }
        }
    }

    /// A construct that begins a team of its own, with arrays that are the team's around.
    pub(super) fn another_team<'c>(
        &mut self,
        arrays: impl Iterator<Item = &'c Expr>,
        construct: &str,
    ) {
        for e in arrays {
            let Some(name) = array_key(e).filter(|name| self.closed(name)) else {
                continue;
            };
            let at = syn::spanned::Spanned::span(e);
            self.say(&name, error::another_team(at, &name, construct));
        }
    }

    /// A block that one thread runs.
    fn one(&mut self, a: &Attribute, name: &'static str, block: &Block) {
        let c = clauses_of(a, name);
        clauses::contradictions(&c, self.errors);
        let names = Names::of(block);
        clauses::unused_in(&c, "block", &|k| names.knows(k), self.errors);
        self.opens(&c);
        self.within(a, Some(name), |own| own.visit_block(block));
    }

    fn sections(&mut self, block: &Block) {
        let mut seen: BTreeMap<String, bool> = BTreeMap::new();
        for s in &block.stmts {
            let syn::Stmt::Expr(Expr::Block(b), _) = s else {
                continue;
            };
            let Some(a) = b
                .attrs
                .iter()
                .find(|a| construct(a).as_deref() == Some("section"))
            else {
                continue;
            };
            let before = seen.clone();
            let c = clauses_of(a, "section");
            let writes = c.writes.iter().map(|e| (e, true));
            for (e, written) in writes.chain(c.reads.iter().map(|e| (e, false))) {
                let Some(name) = array_key(e) else { continue };
                if before.get(&name).is_some_and(|before| *before || written) {
                    let at = syn::spanned::Spanned::span(e);
                    self.say(&name, error::two_sections(at, &name, written));
                }
                *seen.entry(name).or_default() |= written;
            }
            self.one(a, "section", &b.block);
        }
    }

    /// A block that a construct's attribute stands on.
    pub(super) fn on_block(&mut self, a: &Attribute, name: &str, block: &Block) {
        match name {
            "single" => self.one(a, "single", block),
            "masked" => self.one(a, "masked", block),
            "sections" => self.within(a, None, |own| own.sections(block)),
            "critical" => {
                let outer = std::mem::replace(&mut self.critical, critical(a));
                self.within(a, None, |own| own.visit_block(block));
                self.critical = outer;
            }
            "nowait" => self.visit_block(block),
            // A region of its own.
            "parallel" => {
                let c = clauses_of(a, "parallel");
                self.another_team(c.shared.iter(), "parallel");
            }
            _ => self.within(a, None, |own| own.visit_block(block)),
        }
    }
}

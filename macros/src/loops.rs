//! Constructs on loops.

use crate::clause::{self, Clauses, ident_of};
use crate::directive::Loops;
use crate::lower::{Engine, Waits};
use crate::names::Names;
use crate::region::Ordered;
use crate::{check, error, lower, nowait, region_error};
use quote::ToTokens;
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprForLoop, Ident, parse_quote};

impl Loops {
    /// A construct on a `for` loop.
    pub fn on_loop(&mut self, name: &str, a: &Attribute, f: ExprForLoop) -> Expr {
        match name {
            "parallel_for" => self.parallel_for(a, f),
            "for_each" if self.region.is_none() => {
                self.errors.push(error::no_region(a, name));
                Expr::ForLoop(f)
            }
            "for_each" => self.for_each(a, f),
            "taskloop" => self.taskloop(a, f),
            "simd" => {
                let mut clauses = self.clauses(a, "simd");
                clauses.simd = Some(a.path().span());
                // Inside another construct the loop may use all that is the thread's own.
                let own = self.inside.is_none().then(BTreeSet::new);
                self.worksharing(clauses, f, own, None)
            }
            _ => {
                self.errors.push(error::wrong_place(a, name, "a block"));
                Expr::ForLoop(f)
            }
        }
    }

    /// The clauses of a construct.
    pub fn clauses(&mut self, a: &Attribute, name: &str) -> Clauses {
        let tokens = self.arguments(a, name);
        clause::parse(tokens, name, &mut self.errors)
    }

    fn parallel_for(&mut self, a: &Attribute, f: ExprForLoop) -> Expr {
        let mut clauses = self.clauses(a, "parallel_for");
        if clauses.ordered.is_some() {
            // A region of one loop.
            let tokens = self.arguments(a, "parallel_for");
            let mut e = crate::combined::ordered(&clauses, tokens, f);
            self.visit_expr_mut(&mut e);
            return e;
        }
        if let Some(e) = clauses.writes.first() {
            self.errors.push(region_error::writes_unordered(e.span()));
            clauses.writes.clear();
        }
        self.worksharing(clauses, f, Some(BTreeSet::new()), Some("parallel_for"))
    }

    /// A loop inside a region.
    fn for_each(&mut self, a: &Attribute, f: ExprForLoop) -> Expr {
        if let Some(outer) = self.inside {
            self.errors.push(region_error::nested(a, "for_each", outer));
            self.within("for_each", |own| own.visit_block_mut(&mut f.body.clone()));
            return parse_quote!({});
        }
        let mut clauses = self.clauses(a, "for_each");
        if clauses.ordered.is_none()
            && let Some(e) = clauses.writes.first()
        {
            self.errors.push(region_error::writes_unordered(e.span()));
            clauses.writes.clear();
        }
        let sound = self.waits(&clauses, &f);
        let own = self.region.as_ref().and_then(|r| r.own.clone());
        let e = self.worksharing(clauses, f, own, Some("for_each"));
        if sound { e } else { parse_quote!({}) }
    }

    /// Refuses what a loop that nobody waits for cannot have, and what a region's own reductions forbid.
    fn waits(&mut self, clauses: &Clauses, f: &ExprForLoop) -> bool {
        let Some(region) = &self.region else {
            return true;
        };
        let result = clauses
            .copies()
            .find(|(clause, _)| ["reduction", "lastprivate"].contains(clause));
        let error = if let Some(e) = region.refuses(clauses) {
            Some(e)
        } else if region.nowait
            && !region.folds
            && let Some((clause, v)) = result
        {
            Some(region_error::nowait_result(v.span(), clause, true))
        } else if region.nowait
            && let Some(at) = clauses.ordered
        {
            Some(error::nested(at, "ordered", "nowait"))
        } else if let Some(at) = clauses.nowait {
            match result {
                _ if region.nowait => Some(region_error::nowait_inside(at)),
                Some((clause, v)) => Some(region_error::nowait_result(v.span(), clause, false)),
                None if nowait::is_free(clauses, Some(&f.expr)) => None,
                None => Some(region_error::nowait_alone(at)),
            }
        } else {
            None
        };
        let sound = error.is_none();
        self.errors.extend(error);
        sound
    }

    /// A loop: combined, in a region, or (without a name) on one thread.
    pub fn worksharing(
        &mut self,
        mut clauses: Clauses,
        mut f: ExprForLoop,
        own: Option<BTreeSet<String>>,
        name: Option<&'static str>,
    ) -> Expr {
        let in_region = name == Some("for_each");
        let parsed = self.errors.len();
        check::check(&mut clauses, &f, own.as_ref(), &mut self.errors);
        if let (Some(at), Some(_)) = (clauses.ordered, clauses.simd) {
            self.errors.push(region_error::ordered_simd(at));
        } else if let Some(at) = clauses.simd {
            self.errors.extend(not_packed(at, &clauses, &f));
        }
        // A wrong clause is left out; a wrong loop is not lowered. Inside a region not even rustc sees it, for
        // views mean nothing to it outside of a construct.
        let sound = self.errors.len() == parsed;
        self.visit_body(&clauses, &mut f, name, sound);
        if in_region && !sound {
            return parse_quote!({});
        }
        if !sound {
            // The loop as it stands compiles, so that one mistake gives one error.
            f.attrs.clear();
            return Expr::ForLoop(f);
        }
        let handle = clauses.handle.clone();
        let handle = handle.unwrap_or_else(|| lower::hidden("__group"));
        let engine = self.engine(&clauses, name, &handle);
        let lowered = match lower::worksharing(&self.root, &clauses, &f, engine) {
            Ok(e) => e,
            Err(e) => {
                self.errors.push(e);
                return Expr::ForLoop(f);
            }
        };
        if let Some(region) = self.region.as_mut().filter(|r| in_region && r.folds)
            && !(clauses.reductions.is_empty() && clauses.lastprivate.is_empty())
        {
            region.results = Some((clauses, f.body.to_token_stream()));
        }
        lowered
    }
    /// Lowers what stands in the body of a loop: after the check, which looks at what the user wrote.
    fn visit_body(
        &mut self,
        clauses: &Clauses,
        f: &mut ExprForLoop,
        name: Option<&'static str>,
        sound: bool,
    ) {
        let ordered = clauses.ordered.map(|_| Ordered {
            writes: clauses
                .writes
                .iter()
                .filter_map(ident_of)
                .cloned()
                .collect(),
            seen: false,
        });
        let outer = std::mem::replace(&mut self.ordered, ordered);
        let refused = std::mem::replace(&mut self.refused, !sound);
        let name = name.or(self.inside).unwrap_or("simd");
        self.within(name, |own| own.visit_block_mut(&mut f.body));
        self.refused = refused;
        let ordered = std::mem::replace(&mut self.ordered, outer);
        if let (Some(at), Some(Ordered { seen: false, .. })) = (clauses.ordered, ordered) {
            self.errors.push(region_error::nothing_ordered(at));
        }
    }

    /// What runs a loop.
    fn engine<'a>(
        &'a self,
        clauses: &Clauses,
        name: Option<&'static str>,
        handle: &'a Ident,
    ) -> Engine<'a> {
        match (&self.region, name) {
            (_, None) => Engine::Simd,
            (_, Some("taskloop")) => Engine::Tasks(handle),
            (Some(r), Some("for_each")) => {
                let waits = match (r.nowait, clauses.nowait) {
                    (true, _) => Waits::InScope,
                    (_, Some(_)) => Waits::No,
                    _ => Waits::Yes,
                };
                Engine::Region(&r.cx, &r.shared, waits)
            }
            _ => Engine::Combined,
        }
    }
}

/// What keeps a loop that is marked `simd` from running in lanes.
fn not_packed(at: proc_macro2::Span, c: &Clauses, f: &ExprForLoop) -> Option<syn::Error> {
    let names = Names::of(&f.body);
    let after = c
        .copies()
        .find(|(clause, _)| ["lastprivate", "linear", "firstprivate"].contains(clause));
    match (after, c.reductions.is_empty()) {
        _ if names.items => Some(region_error::not_packed(at)),
        (Some((clause, _)), false) => Some(region_error::not_in_lanes(at, clause)),
        _ => None,
    }
}

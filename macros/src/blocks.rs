//! Constructs on blocks.

use crate::clause::{self, Clauses, array_key};
use crate::directive::Loops;
use crate::names::Names;
use crate::region::Region;
use crate::{check, combined, error, exits, lower, nowait, region_error};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprBlock, Ident, Path, parse_quote};

impl Loops {
    /// A construct on a block. One that is refused is left out, so that rustc does not say in other words what is
    /// wrong with it.
    pub fn on_block(&mut self, name: &str, a: &Attribute, b: &mut ExprBlock) -> Expr {
        self.lowered(name, a, b)
            .unwrap_or_else(|| parse_quote!({ ::core::unreachable!() }))
    }

    fn lowered(&mut self, name: &str, a: &Attribute, b: &mut ExprBlock) -> Option<Expr> {
        match name {
            "parallel" => return Some(self.parallel(a, b)),
            "parallel_sections" => {
                let tokens = self.arguments(a, name);
                let clauses = clause::parse(tokens.clone(), name, &mut self.errors);
                let mut e = combined::sections(&clauses, tokens, b);
                self.visit_expr_mut(&mut e);
                return Some(e);
            }
            "taskgroup" => return self.taskgroup(a, b),
            "task" => return self.task(a, b),
            "taskwait" => return self.taskwait(a, b),
            "critical" => return self.critical(a, b),
            "ordered" => return self.ordered(a, b),
            "section" => self.errors.push(error::section_outside(a)),
            "parallel_for" => self.errors.push(error::not_a_loop(a)),
            "for_each" | "simd" | "taskloop" => {
                self.errors
                    .push(error::wrong_place(a, name, "a `for` loop"));
            }
            _ => return self.in_region(name, a, b),
        }
        None
    }

    /// A construct that all threads of a region meet in.
    fn in_region(&mut self, name: &str, a: &Attribute, b: &mut ExprBlock) -> Option<Expr> {
        let Some((cx, in_scope)) = self.region.as_ref().map(|r| (r.cx.clone(), r.nowait)) else {
            self.errors.push(error::no_region(a, name));
            return None;
        };
        if let Some(outer) = self.inside {
            self.errors.push(region_error::nested(a, name, outer));
            return None;
        }
        if in_scope && !["single", "sections"].contains(&name) {
            self.errors.push(region_error::nested(a, name, "nowait"));
            return None;
        }
        match name {
            "nowait" => Some(self.nowait(b, &cx, a)),
            "sections" => self.sections(a, b, &cx),
            "single" => Some(self.single(a, b, &cx)),
            _ => {
                let clauses = self.clauses(a, "masked");
                self.block_within("masked", &mut b.block);
                let how = lower::Block::Masked;
                Some(lower::block(how, &clauses, &b.block, &cx, a.span()))
            }
        }
    }

    /// Visits the block of a construct, out of which no control flow leads.
    fn block_within(&mut self, name: &'static str, block: &mut syn::Block) {
        // What leads out of a loop around has been said there.
        if !(self.inside.is_some() && self.refused) {
            exits::check(name, block, &mut self.errors);
        }
        self.within(name, |own| own.visit_block_mut(block));
        lower::must_end(&self.root, name, block);
    }

    fn parallel(&mut self, a: &Attribute, b: &mut ExprBlock) -> Expr {
        let clauses = self.clauses(a, "parallel");
        let sound = check::region(&clauses, &b.block, &mut self.errors);
        let cx = lower::hidden("__cx");
        let mut own = Names::of(&b.block).bound;
        let copies = clauses.copies().map(|(_, v)| v.to_string());
        own.extend(copies);
        let reduced = clauses.reductions.iter().map(|r| r.1.to_string());
        let region = Region {
            cx: cx.clone(),
            nowait: false,
            shared: clauses.shared.iter().filter_map(array_key).collect(),
            own: Some(own),
            reduced: reduced.collect(),
            folds: false,
            results: None,
            whole: true,
        };
        exits::check("parallel", &mut b.block, &mut self.errors);
        let outer = (
            self.region.replace(region),
            self.inside.take(),
            self.ordered.take(),
            std::mem::take(&mut self.refused),
            self.group.take(),
        );
        self.visit_block_mut(&mut b.block);
        (
            self.region,
            self.inside,
            self.ordered,
            self.refused,
            self.group,
        ) = outer;
        if !sound {
            // Not even rustc sees it: one mistake, one error.
            return parse_quote!({});
        }
        lower::must_end(&self.root, "parallel", &mut b.block);
        lower::parallel(&self.root, &clauses, &b.block, &cx, a.span())
    }

    fn single(&mut self, a: &Attribute, b: &mut ExprBlock, cx: &Ident) -> Expr {
        let mut clauses = self.clauses(a, "single");
        let region = self.region.as_ref();
        let in_scope = region.is_some_and(|r| r.nowait);
        if let Some(e) = region.and_then(|r| r.refuses(&clauses)) {
            self.errors.push(e);
            return parse_quote!({ ::core::unreachable!() });
        }
        if let Some(v) = clauses.copyprivate.first()
            && (in_scope || clauses.nowait.is_some())
        {
            self.errors.push(region_error::copyprivate_nowait(v.span()));
            clauses.copyprivate.clear();
        }
        let mut how = match in_scope {
            true => lower::Block::SingleInScope,
            false => lower::Block::Single,
        };
        if let Some(at) = clauses.nowait {
            if in_scope {
                self.errors.push(region_error::nowait_inside(at));
            } else if nowait::is_free(&clauses, None) {
                how = lower::Block::SingleFree;
            } else {
                self.errors.push(region_error::nowait_alone(at));
            }
        }
        self.block_within("single", &mut b.block);
        lower::block(how, &clauses, &b.block, cx, a.span())
    }

    /// Constructs that do not wait for each other.
    fn nowait(&mut self, b: &mut ExprBlock, cx: &Ident, a: &Attribute) -> Expr {
        let scope = lower::hidden("__scope");
        // Only `scopes` writes that, and nobody loses by it.
        let folds = a.parse_args::<Ident>().is_ok_and(|i| i == "results");
        if let (syn::Meta::List(l), false) = (&a.meta, folds) {
            self.errors
                .push(region_error::takes_nothing(l.span(), "nowait"));
        }
        exits::check("nowait", &mut b.block, &mut self.errors);
        nowait::conflicts(&mut b.block, &mut self.errors);
        if let Some(region) = &mut self.region {
            (region.cx, region.nowait, region.folds) = (scope.clone(), true, folds);
        }
        self.visit_block_mut(&mut b.block);
        let mut results = None;
        let mut shared = BTreeSet::new();
        if let Some(region) = &mut self.region {
            (region.cx, region.nowait, region.folds) = (cx.clone(), false, false);
            results = region.results.take();
            shared.clone_from(&region.shared);
        }
        let names = (cx, &scope, &shared);
        lower::must_end(&self.root, "nowait", &mut b.block);
        lower::nowait(&self.root, results, &b.block, names, a.span())
    }

    fn critical(&mut self, a: &Attribute, b: &mut ExprBlock) -> Option<Expr> {
        let Ok(name) = a.parse_args::<Path>() else {
            self.errors.push(error::critical_name(a));
            return None;
        };
        self.block_within("critical", &mut b.block);
        Some(lower::critical(&name, &b.block, a.span()))
    }

    /// The part of an iteration that runs in order.
    fn ordered(&mut self, a: &Attribute, b: &mut ExprBlock) -> Option<Expr> {
        let inside = self.inside == Some("for_each");
        let Some(mut ordered) = self.ordered.take().filter(|_| inside) else {
            self.errors.push(region_error::ordered_outside(a));
            return None;
        };
        if let syn::Meta::List(l) = &a.meta {
            self.errors.push(region_error::ordered_clause(l.span()));
        }
        ordered.seen = true;
        self.block_within("ordered", &mut b.block);
        let e = lower::ordered(&ordered.writes, &b.block, a.span());
        self.ordered = Some(ordered);
        Some(e)
    }

    fn sections(&mut self, a: &Attribute, b: &mut ExprBlock, cx: &Ident) -> Option<Expr> {
        let mut clauses = self.clauses(a, "sections");
        let in_scope = self.region.as_ref().is_some_and(|r| r.nowait);
        if let Some(e) = self.region.as_ref().and_then(|r| r.refuses(&clauses)) {
            self.errors.push(e);
            return None;
        }
        if let Some(at) = clauses.nowait {
            let error = match in_scope {
                true => region_error::nowait_inside(at),
                false => region_error::nowait_alone(at),
            };
            self.errors.push(error);
        }
        if in_scope {
            let result = |(c, _): &(&str, &Ident)| ["reduction", "lastprivate"].contains(c);
            let found = clauses.copies().find(result);
            if let Some(e) = found.map(|(c, v)| region_error::nowait_result(v.span(), c, true)) {
                self.errors.push(e);
                clauses.reductions.clear();
                clauses.lastprivate.clear();
            }
        }
        let mut list: Vec<(Clauses, syn::Block)> = Vec::new();
        for s in &mut b.block.stmts {
            let syn::Stmt::Expr(Expr::Block(section), _) = s else {
                self.errors.push(error::not_a_section(s.span()));
                return None;
            };
            match self.directive(&mut section.attrs) {
                Some((name, a)) if name == "section" => {
                    let clauses = self.clauses(&a, "section");
                    self.block_within("section", &mut section.block);
                    list.push((clauses, section.block.clone()));
                }
                _ => {
                    self.errors.push(error::not_a_section(section.span()));
                    return None;
                }
            }
        }
        let shared = self.region.as_ref().map(|r| r.shared.clone());
        let around = (cx, &shared.unwrap_or_default());
        Some(lower::sections(
            &self.root,
            &clauses,
            &list,
            around,
            a.span(),
        ))
    }
}

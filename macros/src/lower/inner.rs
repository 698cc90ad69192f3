//! The innermost loops inside the body: versioned by hints, and in lanes where a reduction waits for itself.

use crate::lower::body::Body;
use crate::lower::hidden;
use crate::lower::hints::Hints;
use crate::names::{Names, bound_by, words};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::collections::BTreeSet;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprForLoop, Ident, RangeLimits};

/// Versions the innermost loops inside the body.
pub struct Inner<'b, 'a> {
    body: &'b Body<'a>,
}

impl<'b, 'a> Inner<'b, 'a> {
    pub fn new(body: &'b Body<'a>) -> Self {
        Inner { body }
    }
}

impl VisitMut for Inner<'_, '_> {
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        visit_mut::visit_expr_mut(self, e);
        let Expr::ForLoop(f) = e else { return };
        if let Some(new) = self.version(f) {
            *e = Expr::Verbatim(new);
        }
    }
}

impl Inner<'_, '_> {
    fn version(&self, f: &ExprForLoop) -> Option<TokenStream> {
        let plan = self.body.plan;
        let var = crate::lower::head::plain(&f.pat)?;
        let Expr::Range(r) = &*f.expr else {
            return None;
        };
        let half =
            matches!(r.limits, RangeLimits::HalfOpen(_)) && r.start.is_some() && r.end.is_some();
        let names = Names::of(&f.body);
        if !half || names.inner_loop || names.items || !f.attrs.is_empty() {
            return None;
        }
        let mut bound: BTreeSet<String> = names.bound.clone();
        bound.extend(bound_by(&f.pat));
        if names.bound.contains(&var.to_string()) {
            return None;
        }
        let stable = |i: &Ident| {
            let view = plan.arrays.iter().any(|a| a.view == *i);
            let shadowed = plan.names.bound.contains(&i.to_string());
            (plan.locals.is_local(i) || (view && !shadowed)).then(|| i.to_token_stream())
        };
        let none = |_: &Ident| None;
        let tests = Hints::of(&plan.p, var, &stable, &none, &bound, &f.body);
        let lanes = self.lanes(f, &names, &tests);
        if tests.is_empty() && lanes.is_none() {
            return None;
        }
        let (p, range, hull, rest) = (
            &plan.p,
            hidden("__range"),
            hidden("__hull"),
            hidden("__rest"),
        );
        let (label, pat, expr, body) = (&f.label, &f.pat, &f.expr, &f.body);
        let start = if lanes.is_some() {
            hidden("__base").to_token_stream()
        } else {
            quote!(0usize)
        };
        let run = if tests.is_empty() {
            quote!(#label for #pat in #rest #body)
        } else {
            quote!(if #(#tests)&&* { #label for #pat in #rest #body } else { #label for #pat in #rest #body })
        };
        Some(quote!({
            #[allow(unused_imports)]
            use #p::{SpanAny as _, SpanInt as _};
            let #range = #expr;
            let #hull = (&&#p::Span(&#range)).hull();
            #lanes
            let #rest = (&&#p::Span(&#range)).rest(#start);
            #run
        }))
    }

    /// The inner loop in lanes, if it is where the reduced variables are updated.
    fn lanes(&self, f: &ExprForLoop, names: &Names, tests: &[TokenStream]) -> Option<TokenStream> {
        let body = self.body;
        let reduced = &body.plan.clauses.reductions;
        let is = |set: &BTreeSet<String>| reduced.iter().any(|(_, v)| set.contains(&v.to_string()));
        let updated = is(&names.changed);
        // A local of the same name may be what is updated.
        let shadowed = is(&body.plan.names.bound);
        let mut seen = BTreeSet::new();
        words(f.body.to_token_stream(), &mut seen);
        let leaves = ["break", "continue", "return"]
            .iter()
            .any(|w| seen.contains(*w));
        if !body.lanes || !updated || shadowed || leaves || names.opaque {
            return None;
        }
        let (p, range) = (&body.plan.p, hidden("__range"));
        let (value, base, lane) = (hidden("__value"), hidden("__base"), hidden("__lane"));
        let pat = &f.pat;
        // SAFETY (generated): `in_lanes` runs while eight positions are left of `count()`.
        let before = quote!(
            let #value = unsafe { (&&#p::Span(&#range)).at(#base + #lane) };
            let #pat = #value;
        );
        let count = quote!((&&#p::Span(&#range)).count());
        Some(body.in_lanes(tests, &count, &before, &f.body.to_token_stream()))
    }
}

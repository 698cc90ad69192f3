//! The loops that hold the body: walked by range or by position, versioned by hints, in lanes where a
//! plain sum would wait for itself.

use crate::clause::Op;
use crate::lower::head::{Head, Walk};
use crate::lower::hints::{Hints, parts_of};
use crate::lower::{Plan, hidden};
use crate::names::{Names, bound_by, words};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use std::collections::BTreeSet;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprForLoop, Ident, Label, Lifetime, RangeLimits, parse_quote};

pub struct Body<'a> {
    plan: &'a Plan<'a>,
    label: Option<&'a Label>,
    /// Code follows the body in each iteration, so `continue` must not skip it.
    trailing: bool,
    /// Walk by position whatever the head: something needs to know which iteration is last.
    positional: bool,
    lanes: bool,
}

impl<'a> Body<'a> {
    pub fn new(plan: &'a Plan<'a>, f: &'a ExprForLoop) -> Self {
        let last = !plan.clauses.lastprivate.is_empty();
        let laned = |op: &Op| matches!(op, Op::Known("Add" | "Mul" | "Min" | "Max"));
        let reductions = &plan.clauses.reductions;
        let lanes = !reductions.is_empty()
            && reductions.iter().all(|(op, _)| laned(op))
            && plan.clauses.firstprivate.is_empty()
            && !last
            && !plan.names.items;
        Body {
            plan,
            label: f.label.as_ref(),
            trailing: last,
            positional: last,
            lanes,
        }
    }

    /// All loops of one thread.
    pub fn loops(&self, block: &Block) -> TokenStream {
        let p = &self.plan.p;
        let (thread, part) = (hidden("__thread"), Head::block());
        let mut block = block.clone();
        if self.plan.names.inner_loop && !self.plan.names.items {
            Inner { body: self }.visit_block_mut(&mut block);
        }
        let walk = if self.plan.head.collapsed && !self.positional {
            self.segments(&block)
        } else {
            let source = hidden("__source");
            self.walk(&quote!(&#source), &block)
        };
        quote!(while let ::core::option::Option::Some(#part) = #p::Thread::next(#thread) { #walk })
    }

    /// A collapsed nest: the innermost loop in segments.
    fn segments(&self, block: &Block) -> TokenStream {
        let (p, source, part) = (&self.plan.p, hidden("__source"), Head::block());
        let (outer, own) = (hidden("__outer"), hidden("__own_row"));
        let pats = &self.plan.head.pats;
        let bind = match &pats[..pats.len() - 1] {
            [one] => quote!(let #one = #outer;),
            many => quote!(let (#(#many),*) = #outer;),
        };
        let row = (!self.plan.arrays.is_empty()).then(|| quote!(let #own = #p::own_index(#outer);));
        let walk = self.walk(&quote!(#source.inner()), block);
        quote!(for (#outer, #part) in #source.segments(#part) { #row #bind #walk })
    }

    /// One chunk of the innermost annotated loop.
    fn walk(&self, source: &TokenStream, block: &Block) -> TokenStream {
        let (p, part, hull) = (&self.plan.p, Head::block(), hidden("__hull"));
        let walk = if self.positional {
            Walk::Items
        } else {
            self.plan.head.walk
        };
        let tests = self.tests(walk, block);
        let (values, base) = (hidden("__values"), hidden("__base"));
        let setup = match walk {
            Walk::Dense => quote!(
                let #values = #p::IndexRange::values(#source, &#part);
                let #hull = #p::or_nowhere(#p::Values::hull(&#values));
            ),
            Walk::Stepped => {
                quote!(let #hull = #p::or_nowhere(#p::IndexedSource::hull(#source, &#part));)
            }
            Walk::Items => TokenStream::new(),
        };
        let lanes = self.outer_lanes(walk, source, block, &tests);
        let start = if lanes.is_empty() {
            quote!(0usize)
        } else {
            quote!(#base)
        };
        let plain = |assume: bool| self.plain(walk, source, block, &start, assume);
        let run = if tests.is_empty() {
            plain(true)
        } else {
            let (fast, slow) = (plain(true), plain(false));
            quote!(if #(#tests)&&* { #fast } else { #slow })
        };
        quote!(#setup #lanes #run)
    }

    /// The hints of the annotated loop itself, if it is innermost.
    fn tests(&self, walk: Walk, block: &Block) -> Vec<TokenStream> {
        let n = &self.plan.names;
        let Some(var) = self.plan.head.inner() else {
            return Vec::new();
        };
        if n.inner_loop || n.items || walk == Walk::Items || n.bound.contains(&var.to_string()) {
            return Vec::new();
        }
        let cells = self.plan.head.collapsed;
        let stable = |i: &Ident| self.plan.locals.is_local(i).then(|| i.to_token_stream());
        let parts = |i: &Ident| parts_of(&self.plan.arrays, i).filter(|_| !cells);
        Hints::of(&self.plan.p, var, &stable, &parts, &n.bound, block)
    }

    /// The loop without lanes, from position `start` of the chunk on.
    fn plain(
        &self,
        walk: Walk,
        source: &TokenStream,
        block: &Block,
        start: &TokenStream,
        assume: bool,
    ) -> TokenStream {
        let (p, part, label) = (&self.plan.p, Head::block(), self.own_label());
        let (value, k, hull) = (hidden("__value"), hidden("__k"), hidden("__hull"));
        let body = self.iteration(walk, block);
        let from = quote!(#part.start + #start..#part.end);
        match walk {
            Walk::Dense => {
                let values = hidden("__values");
                quote!(#label for #value in #p::Values::from(&#values, #start) { #body })
            }
            Walk::Stepped => {
                let known = assume.then(|| quote!(unsafe { #p::assume_inside(#value, &#hull) };));
                quote!(#label for #k in #from {
                    let #value = #p::IndexRange::value(#source, #k);
                    #known
                    #body
                })
            }
            Walk::Items => {
                quote!(#label for #k in #from {
                    let #value = unsafe { #p::Source::get(#source, #k) };
                    #body
                })
            }
        }
    }

    /// The user's label, kept where `continue` still means the loop.
    fn own_label(&self) -> Option<&Label> {
        self.label.filter(|_| !self.trailing)
    }

    /// What one iteration does with its value.
    fn iteration(&self, walk: Walk, block: &Block) -> TokenStream {
        let (stop, bind) = (self.stop(), self.bind(walk));
        let (c, p) = (self.plan.clauses, &self.plan.p);
        let both = |v: &Ident| c.firstprivate.iter().any(|f| f == v);
        let private = c
            .private
            .iter()
            .chain(c.lastprivate.iter().filter(|v| !both(v)));
        let private = private.map(|v| quote!(#[allow(unused_mut, unused_assignments)] let mut #v;));
        let (k, source) = (hidden("__k"), hidden("__source"));
        let last = c.lastprivate.iter().zip(&self.plan.lasts).map(|(v, l)| {
            if both(v) {
                quote!(#l.put_copy(#k, #p::Source::len(&#source), &#v);)
            } else {
                quote!(#l.put(#k, #p::Source::len(&#source), #v);)
            }
        });
        let body = self.wrapped(block, self.trailing);
        quote!(#stop #bind #(#private)* #body #(#last)*)
    }

    /// Iterations that may be long look whether a teammate panicked.
    fn stop(&self) -> Option<TokenStream> {
        let (p, thread) = (&self.plan.p, hidden("__thread"));
        let long = self.plan.names.inner_loop || self.plan.names.calls;
        long.then(|| quote!(if #p::Thread::stopped(&*#thread) { break; }))
    }

    /// The loop variable, and the iteration's views.
    fn bind(&self, walk: Walk) -> TokenStream {
        let (p, head) = (&self.plan.p, &self.plan.head);
        let (value, k, source) = (hidden("__value"), hidden("__k"), hidden("__source"));
        let (own, row) = (hidden("__own"), hidden("__own_row"));
        let whole = head.collapsed && self.positional;
        let pat = match (whole, head.pats.as_slice()) {
            (true, [a, b, c]) => quote!(((#a, #b), #c)),
            (true, [a, b]) => quote!((#a, #b)),
            (_, pats) => pats[pats.len() - 1].to_token_stream(),
        };
        if self.plan.arrays.is_empty() {
            return quote!(let #pat = #value;);
        }
        let index = match (whole, walk) {
            (true, _) => quote!(
                let (#row, #own) = (#p::own_index(#value.0), #p::own_index(#value.1));
            ),
            (_, Walk::Items) => quote!(let #own = #p::IndexedSource::index(&#source, #k);),
            _ => quote!(let #own = #p::own_index(#value);),
        };
        let views = self.plan.arrays.iter().map(|a| {
            let (view, parts) = (&a.view, &a.parts);
            let get = if head.collapsed {
                quote!(#p::Parts::cell(&#parts, #row, #own))
            } else {
                quote!(#p::Parts::own(&#parts, #own))
            };
            // The view takes the user's name only outside of the `unsafe` block.
            quote!(#[allow(unused_mut, unused_variables)] let mut #view = unsafe { #get };)
        });
        quote!(#index #(#views)* let #pat = #value;)
    }

    /// The body; where code follows it, as a block that `continue` leaves.
    fn wrapped(&self, block: &Block, trailing: bool) -> TokenStream {
        if !trailing {
            return block.to_token_stream();
        }
        let lifetime = Lifetime::new("'__iteration", Span::mixed_site());
        let mut block = block.clone();
        let mut rewrite = Continue {
            to: lifetime.clone(),
            own: self.label.map(|l| l.name.ident.to_string()),
            depth: 0,
            found: false,
        };
        rewrite.visit_block_mut(&mut block);
        if rewrite.found {
            quote!(#lifetime: #block)
        } else {
            block.to_token_stream()
        }
    }

    /// Blocks of eight positions with an accumulator each; advances `__base`.
    fn outer_lanes(
        &self,
        walk: Walk,
        source: &TokenStream,
        block: &Block,
        tests: &[TokenStream],
    ) -> TokenStream {
        if !self.lanes || self.plan.names.inner_loop || walk == Walk::Stepped {
            return TokenStream::new();
        }
        let (p, part, hull) = (&self.plan.p, Head::block(), hidden("__hull"));
        let (value, k, base, lane) = (
            hidden("__value"),
            hidden("__k"),
            hidden("__base"),
            hidden("__lane"),
        );
        let take_value = match walk {
            Walk::Dense => {
                let values = hidden("__values");
                quote!(
                    let #value = #p::Values::at(&#values, #base + #lane);
                    unsafe { #p::assume_inside(#value, &#hull) };
                )
            }
            _ => quote!(
                let #k = #part.start + #base + #lane;
                let #value = unsafe { #p::Source::get(#source, #k) };
            ),
        };
        let (stop, bind) = (self.stop(), self.bind(walk));
        let private = self.plan.clauses.private.iter();
        let private = private.map(|v| quote!(#[allow(unused_mut, unused_assignments)] let mut #v;));
        let body = self.wrapped(block, true);
        let inner = quote!(#stop #take_value #bind #(#private)*);
        let count = quote!((#part.end - #part.start));
        self.in_lanes(tests, &count, &inner, &body)
    }

    /// The frame of a loop in lanes.
    fn in_lanes(
        &self,
        tests: &[TokenStream],
        count: &TokenStream,
        before: &TokenStream,
        body: &TokenStream,
    ) -> TokenStream {
        let (p, base, lane) = (&self.plan.p, hidden("__base"), hidden("__lane"));
        let protos = &self.plan.prototypes;
        let vars: Vec<&Ident> = self.plan.clauses.reductions.iter().map(|r| &r.1).collect();
        let lanes: Vec<Ident> = (0..vars.len())
            .map(|k| format_ident!("__lanes{k}", span = Span::mixed_site()))
            .collect();
        let test = tests.iter().map(|t| quote!(#t &&));
        quote!(
            #[allow(unused_mut)]
            let mut #base = 0usize;
            if #(#test)* #(#protos.lanes() == 8)&&* {
                #(let mut #lanes = #p::Lanes::new(&#protos);)*
                while #count - #base >= 8 {
                    for #lane in 0..8usize {
                        #before
                        #(#[allow(unused_mut)] let mut #vars = unsafe { #lanes.take(#lane) };)*
                        #body
                        #(#lanes.put(#lane, #vars);)*
                    }
                    #base += 8;
                }
                #(#lanes.fold(&mut #vars);)*
            }
        )
    }
}

/// Rewrites `continue` of the annotated loop into leaving the body's block.
struct Continue {
    to: Lifetime,
    own: Option<String>,
    depth: usize,
    found: bool,
}

impl VisitMut for Continue {
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        let inner = matches!(e, Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_));
        if let Expr::Continue(c) = e {
            let ours = match &c.label {
                Some(l) => self.own.as_ref().is_some_and(|o| l.ident == *o),
                None => self.depth == 0,
            };
            if ours {
                let to = &self.to;
                *e = parse_quote!(break #to);
                self.found = true;
            }
            return;
        }
        self.depth += usize::from(inner);
        visit_mut::visit_expr_mut(self, e);
        self.depth -= usize::from(inner);
    }
}

/// Versions the innermost loops inside the body.
struct Inner<'b, 'a> {
    body: &'b Body<'a>,
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
        let updated = body
            .plan
            .clauses
            .reductions
            .iter()
            .any(|(_, v)| names.changed.contains(&v.to_string()));
        let mut seen = BTreeSet::new();
        words(f.body.to_token_stream(), &mut seen);
        let leaves = ["break", "continue", "return"]
            .iter()
            .any(|w| seen.contains(*w));
        if !body.lanes || !updated || leaves {
            return None;
        }
        let (p, range) = (&body.plan.p, hidden("__range"));
        let (value, base, lane) = (hidden("__value"), hidden("__base"), hidden("__lane"));
        let pat = &f.pat;
        let before = quote!(
            let #value = unsafe { (&&#p::Span(&#range)).at(#base + #lane) };
            let #pat = #value;
        );
        let count = quote!((&&#p::Span(&#range)).count());
        Some(body.in_lanes(tests, &count, &before, &f.body.to_token_stream()))
    }
}

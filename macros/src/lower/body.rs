//! The loops that hold the body: walked by range or by position, versioned by hints, in lanes where a
//! plain sum would wait for itself.

use crate::clause::Op;
use crate::lower::head::{Head, Walk};
use crate::lower::hints::{Hints, parts_of};
use crate::lower::inner::Inner;
use crate::lower::{Plan, hidden, leave};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Block, ExprForLoop, Ident, Label};

pub struct Body<'a> {
    pub plan: &'a Plan<'a>,
    label: Option<&'a Label>,
    /// Code follows the body in each iteration, so `continue` must not skip it.
    trailing: bool,
    /// Walk by position whatever the head: something needs to know which iteration is last.
    positional: bool,
    /// One thread runs all of it: a `simd` loop.
    pub alone: bool,
    /// A task has a part of it.
    pub task: bool,
    pub lanes: bool,
}

impl<'a> Body<'a> {
    pub fn new(plan: &'a Plan<'a>, f: &'a ExprForLoop) -> Self {
        let trails = plan.clauses.trails();
        let laned = |op: &Op| matches!(op, Op::Known("Add" | "Mul" | "Min" | "Max"));
        let reductions = &plan.clauses.reductions;
        let lanes = !reductions.is_empty()
            && reductions.iter().all(|(op, _)| laned(op))
            && plan.clauses.firstprivate.is_empty()
            && !trails
            && !plan.names.items;
        Body {
            plan,
            label: f.label.as_ref(),
            trailing: trails,
            positional: trails,
            alone: false,
            task: false,
            lanes,
        }
    }

    /// All loops of one thread.
    pub fn loops(&self, block: &Block) -> TokenStream {
        let p = &self.plan.p;
        let (thread, part) = (hidden("__thread"), Head::block());
        let mut block = block.clone();
        if self.plan.names.inner_loop && !self.plan.names.items {
            Inner::new(self).visit_block_mut(&mut block);
        }
        let walk = if self.plan.head.collapsed && !self.positional {
            self.segments(&block)
        } else {
            let source = hidden("__source");
            self.walk(&quote!(&#source), &block)
        };
        if self.task {
            return walk;
        }
        if self.alone {
            let source = hidden("__source");
            return quote!({ let #part = 0..#p::Source::len(&#source); #walk });
        }
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
        let row = (!self.plan.arrays.is_empty()).then(|| match pats.len() {
            2 => quote!(let #own = #p::own_index(#outer);),
            _ => {
                let plane = hidden("__own_plane");
                quote!(let (#plane, #own) = (#p::own_index(#outer.0), #p::own_index(#outer.1));)
            }
        });
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
        let (values, base, known) = (hidden("__values"), hidden("__base"), hidden("__known"));
        let setup = match walk {
            Walk::Dense => quote!(
                let #values = #p::IndexRange::values(#source, &#part);
                let #known = #p::Values::hull(&#values);
                let #hull = #p::or_nowhere(&#known);
            ),
            Walk::Stepped => {
                quote!(
                    let #known = #p::IndexedSource::hull(#source, &#part);
                    let #hull = #p::or_nowhere(&#known);
                )
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
        let (value, k) = (hidden("__value"), hidden("__k"));
        let body = self.iteration(walk, block);
        let from = quote!(#part.start + #start..#part.end);
        let loops = match walk {
            Walk::Dense => {
                let values = hidden("__values");
                quote!(#label for #value in #p::Values::from(&#values, #start) { #body })
            }
            Walk::Stepped => {
                let known = hidden("__known");
                // SAFETY (generated): `__known` is the hull of this chunk, and holds its indices.
                let known = assume.then(|| quote!(unsafe { #p::assume_inside(#value, &#known) };));
                quote!(#label for #k in #from {
                    let #value = #p::IndexRange::value(#source, #k);
                    #known
                    #body
                })
            }
            // SAFETY (generated): the chunk's positions are this thread's alone, and each comes once.
            Walk::Items => {
                quote!(#label for #k in #from {
                    let #value = unsafe { #p::Source::get(#source, #k) };
                    #body
                })
            }
        };
        if !self.plan.names.opaque {
            return loops;
        }
        // A macro may hide a `break`: then fewer iterations come to be counted than there are.
        let (thread, ran) = (hidden("__thread"), hidden("__ran"));
        let of = quote!(#part.end - (#part.start + #start));
        let check = match self.alone {
            true => quote!(#p::check_lanes(#ran, #of);),
            false => quote!(#p::Thread::check(&*#thread, #ran, #of);),
        };
        quote!({
            let mut #ran = 0usize;
            #loops
            #check
        })
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
        let (linear, turn) = (self.linear(), self.turn());
        let ((before_linear, after_linear), (begin, end)) = (linear, turn);
        let body = self.wrapped(block, self.trailing);
        // Where code follows the body, a hidden `continue` must not skip it either.
        let ran = hidden("__ran");
        let count = self.plan.names.opaque.then(|| quote!(#ran += 1;));
        let (before, after) = match self.trailing {
            false => (count, None),
            true => (None, count),
        };
        quote!(#stop #before #bind #(#private)* #before_linear #begin #body #end #after_linear #(#last)* #after)
    }

    /// The `linear` variables before the body, and the look at them after it.
    fn linear(&self) -> (TokenStream, TokenStream) {
        let (p, k) = (&self.plan.p, hidden("__k"));
        let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
        for ((v, _), (start, step)) in self.plan.clauses.linear.iter().zip(&self.plan.linear) {
            let name = v.to_string();
            let of = quote!(#start, #step, #k);
            before.extend(quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = #p::Linear::before(#of);));
            after.extend(quote_spanned!(v.span()=> #p::check_linear(#name, #of, #v);));
        }
        (before, after)
    }

    /// The iteration's turn in an ordered loop, and its end.
    fn turn(&self) -> (TokenStream, TokenStream) {
        if self.plan.clauses.ordered.is_none() {
            return (TokenStream::new(), TokenStream::new());
        }
        let (p, k) = (&self.plan.p, hidden("__k"));
        let (order, turn) = (hidden("__order"), hidden("__turn"));
        // SAFETY (generated): the position is the iteration's own, and each iteration begins once.
        (
            quote!(#[allow(unused_mut)] let mut #turn = unsafe { #p::Order::begin(#order, #k) };),
            quote!(#p::Order::end(#order, #turn);),
        )
    }

    /// Iterations that may be long look whether a teammate panicked.
    fn stop(&self) -> Option<TokenStream> {
        let (p, thread) = (&self.plan.p, hidden("__thread"));
        let long = self.plan.names.inner_loop || self.plan.names.calls;
        (long && !self.alone).then(|| quote!(if #p::Thread::stopped(&*#thread) { break; }))
    }

    /// The loop variable, and the iteration's views.
    fn bind(&self, walk: Walk) -> TokenStream {
        let (p, head) = (&self.plan.p, &self.plan.head);
        let (value, k, source) = (hidden("__value"), hidden("__k"), hidden("__source"));
        let (own, row, plane) = (hidden("__own"), hidden("__own_row"), hidden("__own_plane"));
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
            (true, _) if head.pats.len() == 3 => quote!(
                let ((#plane, #row), #own) = (
                    (#p::own_index(#value.0.0), #p::own_index(#value.0.1)),
                    #p::own_index(#value.1),
                );
            ),
            (true, _) => quote!(
                let (#row, #own) = (#p::own_index(#value.0), #p::own_index(#value.1));
            ),
            (_, Walk::Items) => {
                let at = Span::call_site().located_at(pat.span());
                quote_spanned!(at=> let #own = #p::IndexedSource::index(&#source, #k);)
            }
            _ => quote!(let #own = #p::own_index(#value);),
        };
        let views = self.plan.arrays.iter().map(|a| {
            let (view, parts) = (&a.view, &a.parts);
            let get = match head.pats.len() {
                1 => quote!(#p::Parts::own(&#parts, #own)),
                2 => quote!(#p::Parts::cell(&#parts, #row, #own)),
                _ => quote!(#p::Parts::cell3(&#parts, #plane, #row, #own)),
            };
            // The view takes the user's name only outside of the `unsafe` block.
            // SAFETY (generated): the index is the iteration's own, which its source gives to no other.
            quote!(#[allow(unused_mut, unused_variables)] let mut #view = unsafe { #get };)
        });
        quote!(#index #(#views)* let #pat = #value;)
    }

    /// The body; where code follows it, as a block that `continue` leaves.
    fn wrapped(&self, block: &Block, trailing: bool) -> TokenStream {
        if !trailing {
            return block.to_token_stream();
        }
        leave::in_block(block, self.label)
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
        let (p, part, known) = (&self.plan.p, Head::block(), hidden("__known"));
        let (value, k, base, lane) = (
            hidden("__value"),
            hidden("__k"),
            hidden("__base"),
            hidden("__lane"),
        );
        let take_value = match walk {
            // SAFETY (generated): as in `plain`, for position `__base + __lane` of the chunk.
            Walk::Dense => {
                let values = hidden("__values");
                quote!(
                    let #value = #p::Values::at(&#values, #base + #lane);
                    unsafe { #p::assume_inside(#value, &#known) };
                )
            }
            // SAFETY (generated): the same.
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
    pub fn in_lanes(
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
        let puts = hidden("__puts");
        quote!(
            #[allow(unused_mut)]
            let mut #base = 0usize;
            if #(#test)* #(#p::Prototype::lanes(&#protos) == 8)&&* {
                #(let mut #lanes = #p::Lanes::new(&#protos);)*
                let mut #puts = 0usize;
                while #count - #base >= 8 {
                    for #lane in 0..8usize {
                        #before
                        // SAFETY (generated): lanes are below eight, which `lanes() == 8` says there
                        // are. A body that skips `put` leaves its lane out, and `check_lanes` panics
                        // below; to read it again meanwhile copies a plain number.
                        #(#[allow(unused_mut)] let mut #vars = unsafe { #lanes.take(#lane) };)*
                        #body
                        #(#lanes.put(#lane, #vars);)*
                        #puts += 1;
                    }
                    #base += 8;
                }
                #p::check_lanes(#puts, #base);
                #(#lanes.fold(&mut #vars);)*
            }
        )
    }
}

//! `simd`: a loop that one thread runs, in lanes and by hints.

use super::body::Body;
use super::{Array, Plan, hidden, linear, open, operator};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Block, ExprForLoop, Ident};

/// The loop in place: no team, no closure.
pub fn assemble(plan: &Plan<'_>, f: &ExprForLoop, block: &Block) -> TokenStream {
    let Plan {
        p,
        clauses,
        arrays,
        head,
        prototypes,
        lasts,
        locals,
        ..
    } = plan;
    let (source, make, length) = (hidden("__source"), &head.make, hidden("__length"));
    let parts = arrays.iter().map(|Array { place, parts, .. }| {
        quote_spanned!(place.span()=> let #parts = { #[allow(unused_imports)] use #p::Disjoin as _; #place.disjoint() };)
    });
    let reduced: Vec<&Ident> = clauses.reductions.iter().map(|r| &r.1).collect();
    let settled = open::settled(p, &reduced, quote!(#block));
    let protos = clauses
        .reductions
        .iter()
        .zip(prototypes)
        .map(|((op, v), proto)| {
            let op = operator(p, op);
            quote_spanned!(v.span()=> let #proto = {
                #[allow(unused_imports)]
                use #p::{OwnedPrototype as _, SlicePrototype as _};
                (&&#p::Reduced::new(&#v, |_: #op| ())).prototype()
            };)
        });
    let private = reduced.iter().zip(prototypes).map(
        |(v, proto)| quote_spanned!(v.span()=> #[allow(unused_mut)] let mut #v = #proto.private();),
    );
    let (first, behind) = linear(plan);
    let local = locals.bindings();
    let mut body = Body::new(plan, f);
    body.alone = true;
    let loops = body.loops(block);
    let copies = hidden("__copies");
    let absorb = reduced
        .iter()
        .zip(prototypes)
        .enumerate()
        .map(|(k, (v, proto))| {
            let k = syn::Index::from(k);
            quote_spanned!(v.span()=> {
                #[allow(unused_imports)]
                use #p::Absorb as _;
                #v.__absorb(#proto.returned(#copies.#k));
            })
        });
    let give = clauses
        .lastprivate
        .iter()
        .zip(lasts)
        .map(|(v, l)| quote_spanned!(v.span()=> #p::LastOf::give(#l, &mut #v);));
    let at = Span::call_site().located_at(f.for_token.span);
    quote_spanned!(at=> {
        let #source = #make;
        #(#parts)*
        #settled
        #(#protos)*
        #(#[allow(unused_mut)] let mut #lasts = #p::LastOf::new();)*
        #first
        #[allow(unused_variables)]
        let #length = #p::Source::len(&#source);
        #[allow(unused_variables, clippy::unused_unit)]
        let #copies = {
            #local
            #(#private)*
            #loops
            (#(#reduced,)*)
        };
        #(#absorb)*
        #(#give)*
        #behind
    })
}

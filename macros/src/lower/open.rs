//! Types that are still open where a construct needs them: `let mut largest = 0.0;`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use std::collections::BTreeSet;

/// Settles the types of variables on which `max` or `min` is called: Rust would refuse the call on a type that is
/// still open, and say nothing of the float that it becomes in the end.
pub fn settled(p: &TokenStream, variables: &[&Ident], body: TokenStream) -> TokenStream {
    let mut called = BTreeSet::new();
    compared(body, &mut called);
    let open = variables.iter().filter(|v| called.contains(&v.to_string()));
    let each = open.map(|v| {
        quote_spanned!(v.span()=> {
            #[allow(unused_imports)]
            use #p::{IsFloat as _, Known as _};
            (&&#p::Open(&#v)).settle();
        })
    });
    quote!(#(#each)*)
}

/// The names on which `max` or `min` is called.
fn compared(tokens: TokenStream, into: &mut BTreeSet<String>) {
    let mut before: [Option<String>; 2] = [None, None];
    for t in tokens {
        let text = match t {
            TokenTree::Group(g) => {
                compared(g.stream(), into);
                None
            }
            t => Some(t.to_string()),
        };
        if let ([Some(name), Some(dot)], Some(method)) = (&before, &text)
            && dot == "."
            && (method == "max" || method == "min")
        {
            into.insert(name.clone());
        }
        before = [before[1].take(), text];
    }
}

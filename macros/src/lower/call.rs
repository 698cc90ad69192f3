//! Calls of the runtime that look to it as if the user had written them.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

/// `callee(arguments)` at `at`, a place in the user's own code. What asks for its caller's location gets that place: code at
/// any other span is, for rustc, where the outermost macro was called, which is the function's `#[omp]`.
pub fn call(at: Span, callee: TokenStream, arguments: TokenStream) -> TokenStream {
    let mut all: TokenStream = callee
        .into_iter()
        .map(|mut token| {
            token.set_span(at);
            token
        })
        .collect();
    let mut group = Group::new(Delimiter::Parenthesis, arguments);
    group.set_span(at);
    all.extend([TokenTree::Group(group)]);
    all
}

//! Directives: finds the construct attributes inside an item marked `#[omp]`, and replaces each loop.

use crate::clause::{self, CratePath};
use crate::{check, error, lower};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Error, Expr, ExprForLoop, Item, Meta, Path, parse_quote};

/// Constructs that OpenMP has and this release has not.
const LATER: [&str; 16] = [
    "parallel",
    "for_each",
    "sections",
    "section",
    "single",
    "masked",
    "ordered",
    "critical",
    "task",
    "taskgroup",
    "taskloop",
    "simd",
    "scan",
    "barrier",
    "target",
    "teams",
];

/// The whole of `#[omp]`.
pub fn omp(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Vec::new();
    let root = match arguments.is_empty() {
        true => parse_quote!(::phalanx),
        false => match syn::parse2::<CratePath>(arguments.clone()) {
            Ok(CratePath(path)) => path,
            Err(e) => {
                errors.push(error::omp_argument(e.span()));
                parse_quote!(::phalanx)
            }
        },
    };
    let mut parsed: Item = match syn::parse2(item.clone()) {
        Ok(parsed) => parsed,
        // The item is no valid Rust: rustc says it better, about the item as it is.
        Err(e) => {
            // A method outside of its `impl`, or code that does not parse.
            let e = e.to_compile_error();
            return match syn::parse2::<syn::ImplItemFn>(item.clone()) {
                Ok(f) => method(f, root, errors),
                Err(_) => quote!(#item #e),
            };
        }
    };
    let mut loops = Loops { root, errors };
    loops.visit_item_mut(&mut parsed);
    with_errors(parsed.to_token_stream(), &loops.errors)
}

fn method(mut f: syn::ImplItemFn, root: Path, errors: Vec<Error>) -> TokenStream {
    let mut loops = Loops { root, errors };
    loops.visit_impl_item_fn_mut(&mut f);
    // Errors cannot stand beside a method everywhere, so they go into its body.
    let inside = loops.errors.iter().map(Error::to_compile_error);
    let stmts = &f.block.stmts;
    f.block = parse_quote!({ #(#inside)* #(#stmts)* });
    f.to_token_stream()
}

fn with_errors(item: TokenStream, errors: &[Error]) -> TokenStream {
    let errors = errors.iter().map(Error::to_compile_error);
    quote!(#item #(#errors)*)
}

struct Loops {
    root: Path,
    errors: Vec<Error>,
}

/// The last segment of an attribute's path, if it is one that we know.
fn construct(a: &Attribute) -> Option<String> {
    let path = a.path();
    let ours = path.segments.len() == 1 || path.segments[0].ident == "phalanx";
    let name = path.segments.last()?.ident.to_string();
    (ours && (name == "parallel_for" || LATER.contains(&name.as_str()))).then_some(name)
}

/// Takes the construct attributes off.
fn take(attrs: &mut Vec<Attribute>) -> Vec<(String, Attribute)> {
    let (ours, rest): (Vec<_>, Vec<_>) = attrs.drain(..).partition(|a| construct(a).is_some());
    *attrs = rest;
    ours.into_iter()
        .filter_map(|a| Some((construct(&a)?, a)))
        .collect()
}

impl Loops {
    /// What stands on an expression: the `parallel_for`, if it is there and the only one.
    fn directive(&mut self, attrs: &mut Vec<Attribute>, is_loop: bool) -> Option<Attribute> {
        let mut found = None;
        for (name, a) in take(attrs) {
            if name != "parallel_for" {
                self.errors.push(error::not_yet(&a, &name));
            } else if !is_loop {
                self.errors.push(error::not_a_loop(&a));
            } else if found.is_some() {
                self.errors.push(error::twice(a.span(), "parallel_for"));
            } else {
                found = Some(a);
            }
        }
        found
    }

    fn lower(&mut self, a: &Attribute, mut f: ExprForLoop) -> Expr {
        let tokens = match &a.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(l) => l.tokens.clone(),
            Meta::NameValue(n) => {
                self.errors.push(error::needs_argument(
                    n.span(),
                    "parallel_for",
                    "parallel_for(..)",
                ));
                TokenStream::new()
            }
        };
        let mut clauses = clause::parse(tokens, &mut self.errors);
        let before = self.errors.len();
        check::check(&mut clauses, &f, &mut self.errors);
        let sound = self.errors.len() == before;
        // Loops inside are lowered after the check, which looks at what the user wrote.
        self.visit_block_mut(&mut f.body);
        if !sound {
            // The loop as it stands compiles, so that one mistake gives one error.
            f.attrs.clear();
            return Expr::ForLoop(f);
        }
        match lower::parallel_for(&self.root, &clauses, &f) {
            Ok(e) => e,
            Err(e) => {
                self.errors.push(e);
                Expr::ForLoop(f)
            }
        }
    }
}

impl VisitMut for Loops {
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        if let Expr::ForLoop(f) = e {
            if let Some(a) = self.directive(&mut f.attrs, true) {
                let f = f.clone();
                *e = self.lower(&a, f);
                return;
            }
        } else if let Some(attrs) = attributes(e) {
            self.directive(attrs, false);
        }
        visit_mut::visit_expr_mut(self, e);
    }
    fn visit_local_mut(&mut self, l: &mut syn::Local) {
        self.directive(&mut l.attrs, false);
        visit_mut::visit_local_mut(self, l);
    }
}

/// The attributes of the expressions that people put them on.
fn attributes(e: &mut Expr) -> Option<&mut Vec<Attribute>> {
    Some(match e {
        Expr::Block(x) => &mut x.attrs,
        Expr::While(x) => &mut x.attrs,
        Expr::Loop(x) => &mut x.attrs,
        Expr::If(x) => &mut x.attrs,
        Expr::Match(x) => &mut x.attrs,
        Expr::Unsafe(x) => &mut x.attrs,
        Expr::Call(x) => &mut x.attrs,
        Expr::MethodCall(x) => &mut x.attrs,
        Expr::Closure(x) => &mut x.attrs,
        Expr::Assign(x) => &mut x.attrs,
        Expr::Binary(x) => &mut x.attrs,
        _ => return None,
    })
}

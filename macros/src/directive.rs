//! Directives: finds the construct attributes inside an item marked `#[omp]`, and replaces each loop.

use crate::construct::{HERE, LATER};
use crate::region::{Ordered, Region};
use crate::tasks::{self, Group};
use crate::unknown::Unknown;
use crate::{check, error, lower, nowait, region, region_error};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Error, Expr, Item, Meta, Path, Token, parse_quote};

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
    let unknown = Unknown::refuse(&mut errors, |u| u.visit_item_mut(&mut parsed));
    let mut loops = Loops::new(root, errors);
    loops.visit_item_mut(&mut parsed);
    loops.forget(unknown);
    if !loops.errors.is_empty()
        && let Some(attrs) = item_attributes(&mut parsed)
    {
        // What a refused construct would have used is no mistake of its own.
        attrs.push(parse_quote!(#[allow(unused)]));
    }
    with_errors(parsed.to_token_stream(), &loops.errors)
}

fn method(mut f: syn::ImplItemFn, root: Path, mut errors: Vec<Error>) -> TokenStream {
    let unknown = Unknown::refuse(&mut errors, |u| u.visit_impl_item_fn_mut(&mut f));
    let mut loops = Loops::new(root, errors);
    loops.visit_impl_item_fn_mut(&mut f);
    loops.forget(unknown);
    if !loops.errors.is_empty() {
        f.attrs.push(parse_quote!(#[allow(unused)]));
    }
    // Errors cannot stand beside a method everywhere, so they go into its body.
    let inside = loops.errors.iter().map(Error::to_compile_error);
    let stmts = &f.block.stmts;
    f.block = parse_quote!({ #(#inside)* #(#stmts)* });
    f.to_token_stream()
}

fn item_attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    Some(match item {
        Item::Fn(x) => &mut x.attrs,
        Item::Impl(x) => &mut x.attrs,
        Item::Mod(x) => &mut x.attrs,
        Item::Trait(x) => &mut x.attrs,
        _ => return None,
    })
}

fn with_errors(item: TokenStream, errors: &[Error]) -> TokenStream {
    let errors = errors.iter().map(Error::to_compile_error);
    quote!(#item #(#errors)*)
}

/// Goes through an item and lowers the constructs in it.
pub struct Loops {
    pub root: Path,
    pub errors: Vec<Error>,
    /// The region around, if there is one.
    pub region: Option<Region>,
    /// The construct around, in which no other may stand.
    pub inside: Option<&'static str>,
    /// The ordered loop around, if there is one.
    pub ordered: Option<Ordered>,
    /// The group of tasks around, if there is one.
    pub group: Option<Group>,
    /// The loop around is refused already.
    pub refused: bool,
}

/// The last segment of an attribute's path, if it is one that we know.
pub fn construct(a: &Attribute) -> Option<String> {
    let path = a.path();
    let ours = path.segments.len() == 1 || path.segments[0].ident == "phalanx";
    let name = path.segments.last()?.ident.to_string();
    (ours && (HERE.contains(&name.as_str()) || LATER.contains(&name.as_str()))).then_some(name)
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
    fn new(root: Path, errors: Vec<Error>) -> Self {
        Loops {
            root,
            errors,
            region: None,
            inside: None,
            ordered: None,
            group: None,
            refused: false,
        }
    }

    /// Where something was left out first, what the rest lacks is no mistake of its own.
    fn forget(&mut self, rest: Option<usize>) {
        if let Some(first) = rest {
            self.errors.truncate(first);
        }
    }

    /// The construct that stands on an expression, if it is the only one.
    pub fn directive(&mut self, attrs: &mut Vec<Attribute>) -> Option<(String, Attribute)> {
        let mut found: Option<(String, Attribute)> = None;
        for (name, a) in take(attrs) {
            if name == "barrier" {
                self.errors.push(region_error::barrier_attribute(&a));
            } else if LATER.contains(&name.as_str()) {
                self.errors.push(error::not_yet(&a, &name));
            } else if found.is_some() {
                self.errors.push(error::twice(a.span(), &name));
            } else {
                found = Some((name, a));
            }
        }
        found
    }

    /// What stands between the attribute's parentheses.
    pub fn arguments(&mut self, a: &Attribute, name: &str) -> TokenStream {
        match &a.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(l) => l.tokens.clone(),
            Meta::NameValue(n) => {
                let form = format!("{name}(..)");
                self.errors
                    .push(error::needs_argument(n.span(), name, &form));
                TokenStream::new()
            }
        }
    }

    /// Visits what stands inside a construct.
    pub fn within(&mut self, name: &'static str, visit: impl FnOnce(&mut Self)) {
        let outer = self.inside.replace(name);
        // Its handle stays on its thread.
        let here = [
            "taskgroup",
            "task",
            "taskwait",
            "taskloop",
            "critical",
            "simd",
            "ordered",
        ]
        .contains(&name);
        let group = if here { None } else { self.group.take() };
        visit(self);
        self.inside = outer;
        self.group = group.or(self.group.take());
    }

    /// `barrier!()` or its like, if it is one.
    fn point(&mut self, m: &syn::Macro) -> Option<TokenStream> {
        if !m.path.is_ident("barrier") || !m.tokens.is_empty() {
            return self.task_point(m);
        }
        let at = m.path.span();
        let Some(region) = &self.region else {
            self.errors.push(error::barrier_outside(at));
            return Some(quote!(()));
        };
        if let Some(outer) = self.inside.or(region.nowait.then_some("nowait")) {
            self.errors.push(error::nested(at, "barrier!()", outer));
            return Some(quote!(()));
        }
        let cx = &region.cx;
        let barrier = lower::call(at, quote!(barrier), TokenStream::new());
        let at = Span::call_site().located_at(at);
        Some(quote_spanned!(at=> #cx.#barrier))
    }

    /// Looks at a function whose caller is in a region.
    fn orphaned(&mut self, signature: &syn::Signature, block: &mut syn::Block) {
        tasks::orphaned(signature, block);
        if Region::of(signature).is_none() {
            return;
        }
        let views = region::views(signature);
        if !check::orphaned(views, block, &mut self.errors) {
            // One mistake, one error.
            *block = parse_quote!({ ::core::unreachable!() });
        }
    }

    /// Visits a function, in whose body a region may be.
    fn function(&mut self, signature: &syn::Signature, visit: impl FnOnce(&mut Self)) {
        let inner = Region::of(signature);
        let outer = (
            std::mem::replace(&mut self.region, inner),
            self.inside.take(),
            self.ordered.take(),
            std::mem::replace(&mut self.group, Group::of(signature)),
        );
        visit(self);
        (self.region, self.inside, self.ordered, self.group) = outer;
    }
}

impl VisitMut for Loops {
    fn visit_item_fn_mut(&mut self, f: &mut syn::ItemFn) {
        let signature = f.sig.clone();
        self.orphaned(&signature, &mut f.block);
        self.function(&signature, |own| visit_mut::visit_item_fn_mut(own, f));
    }
    fn visit_impl_item_fn_mut(&mut self, f: &mut syn::ImplItemFn) {
        let signature = f.sig.clone();
        self.orphaned(&signature, &mut f.block);
        self.function(&signature, |own| visit_mut::visit_impl_item_fn_mut(own, f));
    }
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        if let Expr::ForLoop(f) = e {
            if let Some((name, a)) = self.directive(&mut f.attrs) {
                let f = f.clone();
                *e = self.on_loop(&name, &a, f);
                return;
            }
        } else if let Expr::Block(b) = e {
            if let Some((name, a)) = self.directive(&mut b.attrs) {
                *e = self.on_block(&name, &a, b);
                return;
            }
        } else if let Expr::Macro(m) = e {
            if let Some(lowered) = self.point(&m.mac) {
                *e = Expr::Verbatim(lowered);
                return;
            }
        } else if let Some(attrs) = attributes(e) {
            self.misplaced(attrs);
        }
        visit_mut::visit_expr_mut(self, e);
    }
    fn visit_block_mut(&mut self, b: &mut syn::Block) {
        // Clauses `nowait` become scopes first.
        if let (Some(region), None) = (&mut self.region, self.inside)
            && !region.nowait
        {
            let whole = std::mem::take(&mut region.whole);
            nowait::scopes(b, &region.cx, whole, &mut self.errors);
        }
        visit_mut::visit_block_mut(self, b);
    }
    fn visit_stmt_mut(&mut self, s: &mut syn::Stmt) {
        if let syn::Stmt::Macro(m) = s
            && let Some(lowered) = self.point(&m.mac)
        {
            *s = syn::Stmt::Expr(Expr::Verbatim(lowered), Some(Default::default()));
            return;
        }
        visit_mut::visit_stmt_mut(self, s);
    }
    fn visit_local_mut(&mut self, l: &mut syn::Local) {
        self.misplaced(&mut l.attrs);
        visit_mut::visit_local_mut(self, l);
    }
}

impl Loops {
    /// Constructs on what is neither a loop nor a block.
    fn misplaced(&mut self, attrs: &mut Vec<Attribute>) {
        let Some((name, a)) = self.directive(attrs) else {
            return;
        };
        self.errors.push(match name.as_str() {
            "parallel_for" => error::not_a_loop(&a),
            "for_each" | "simd" | "taskloop" => error::wrong_place(&a, &name, "a `for` loop"),
            _ => error::wrong_place(&a, &name, "a block"),
        });
    }
}

/// The attributes of the expressions that people put them on.
fn attributes(e: &mut Expr) -> Option<&mut Vec<Attribute>> {
    Some(match e {
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

/// `crate = path` in `#[omp(crate = path)]`.
struct CratePath(Path);
impl Parse for CratePath {
    fn parse(i: ParseStream) -> syn::Result<Self> {
        i.parse::<Token![crate]>()?;
        i.parse::<Token![=]>()?;
        i.call(Path::parse_mod_style).map(CratePath)
    }
}

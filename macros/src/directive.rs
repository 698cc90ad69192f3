//! Directives: finds the construct attributes inside an item marked `#[omp]`, and replaces each loop.

use crate::clause::{self, CratePath, array_key};
use crate::names::Names;
use crate::region::Region;
use crate::{check, error, lower};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Error, Expr, ExprForLoop, Ident, Item, Meta, Path, parse_quote};

/// Constructs that OpenMP has and this release has not.
const LATER: [&str; 8] = [
    "ordered",
    "task",
    "taskgroup",
    "taskloop",
    "simd",
    "scan",
    "target",
    "teams",
];

/// Constructs that stand on loops and blocks.
const HERE: [&str; 10] = [
    "parallel_for",
    "parallel",
    "for_each",
    "sections",
    "section",
    "single",
    "masked",
    "critical",
    "nowait",
    "barrier",
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
    let mut loops = Loops::new(root, errors);
    loops.visit_item_mut(&mut parsed);
    with_errors(parsed.to_token_stream(), &loops.errors)
}

fn method(mut f: syn::ImplItemFn, root: Path, errors: Vec<Error>) -> TokenStream {
    let mut loops = Loops::new(root, errors);
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
    /// The region around, if there is one.
    region: Option<Region>,
    /// The construct around, in which no other may stand.
    inside: Option<&'static str>,
}

/// The last segment of an attribute's path, if it is one that we know.
fn construct(a: &Attribute) -> Option<String> {
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
        }
    }

    /// The construct that stands on an expression, if it is the only one.
    fn directive(&mut self, attrs: &mut Vec<Attribute>) -> Option<(String, Attribute)> {
        let mut found: Option<(String, Attribute)> = None;
        for (name, a) in take(attrs) {
            if LATER.contains(&name.as_str()) || name == "barrier" {
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
    fn arguments(&mut self, a: &Attribute, name: &str) -> TokenStream {
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

    /// A construct on a `for` loop.
    fn on_loop(&mut self, name: &str, a: &Attribute, f: ExprForLoop) -> Expr {
        match name {
            "parallel_for" => self.worksharing(a, f, "parallel_for", clause::COMBINED),
            "for_each" if self.region.is_none() => {
                self.errors.push(error::no_region(a, name));
                Expr::ForLoop(f)
            }
            "for_each" => self.worksharing(a, f, "for_each", clause::LOOP),
            _ => {
                self.errors.push(error::wrong_place(a, name, "a block"));
                Expr::ForLoop(f)
            }
        }
    }

    fn worksharing(
        &mut self,
        a: &Attribute,
        mut f: ExprForLoop,
        name: &'static str,
        names: &[&'static str],
    ) -> Expr {
        let in_region = name == "for_each";
        let start = self.errors.len();
        if let Some(outer) = self.inside.filter(|_| in_region) {
            self.errors.push(error::nested(a.span(), name, outer));
        }
        let tokens = self.arguments(a, name);
        let mut clauses = clause::parse(tokens, names, &mut self.errors);
        let parsed = self.errors.len();
        let own = match &self.region {
            Some(r) if in_region => r.own.clone(),
            _ => Some(BTreeSet::new()),
        };
        check::check(&mut clauses, &f, own.as_ref(), &mut self.errors);
        // A wrong clause is left out; a wrong loop is not lowered. Inside a region not even rustc sees it, for
        // views mean nothing to it outside of a construct.
        let sound = self.errors.len() == parsed;
        let nested = in_region && parsed > start && self.inside.is_some();
        // Loops inside are lowered after the check, which looks at what the user wrote.
        self.within(name, |own| own.visit_block_mut(&mut f.body));
        if in_region && (!sound || nested) {
            return parse_quote!({});
        }
        if !sound {
            // The loop as it stands compiles, so that one mistake gives one error.
            f.attrs.clear();
            return Expr::ForLoop(f);
        }
        let region = self.region.as_ref().filter(|_| in_region);
        if region.is_some_and(|r| r.nowait)
            && let Some((_, v)) = clauses.reductions.first()
        {
            self.errors.push(error::nowait_reduction(v.span()));
            return parse_quote!({});
        }
        let region = region.map(|r| (&r.cx, &r.shared, r.nowait));
        match lower::worksharing(&self.root, &clauses, &f, region) {
            Ok(e) => e,
            Err(e) => {
                self.errors.push(e);
                Expr::ForLoop(f)
            }
        }
    }

    /// Visits what stands inside a construct.
    fn within(&mut self, name: &'static str, visit: impl FnOnce(&mut Self)) {
        let outer = self.inside.replace(name);
        visit(self);
        self.inside = outer;
    }

    /// A construct on a block.
    fn on_block(&mut self, name: &str, a: &Attribute, b: &mut syn::ExprBlock) -> Option<Expr> {
        match name {
            "parallel" => return Some(self.parallel(a, b)),
            "critical" => return self.critical(a, b),
            "section" => {
                self.errors.push(error::section_outside(a));
                return None;
            }
            "parallel_for" => {
                self.errors.push(error::not_a_loop(a));
                return None;
            }
            "for_each" => {
                self.errors
                    .push(error::wrong_place(a, name, "a `for` loop"));
                return None;
            }
            _ => {}
        }
        let Some(cx) = self.region.as_ref().map(|r| r.cx.clone()) else {
            self.errors.push(error::no_region(a, name));
            return None;
        };
        if let Some(outer) = self.inside {
            self.errors.push(error::nested(a.span(), name, outer));
            return None;
        }
        let waits = self.region.as_ref().is_some_and(|r| !r.nowait);
        if !waits && name != "single" {
            self.errors.push(error::nested(a.span(), name, "nowait"));
            return None;
        }
        if name == "nowait" {
            return Some(self.nowait(a, b, &cx));
        }
        let tokens = self.arguments(a, name);
        if name == "sections" {
            return self.sections(a, b, &cx);
        }
        let method = if name == "single" { "single" } else { "masked" };
        let clauses = clause::parse(tokens, clause::BLOCK, &mut self.errors);
        self.within(method, |own| own.visit_block_mut(&mut b.block));
        Some(lower::block(method, &clauses, &b.block, &cx, a.span()))
    }

    fn parallel(&mut self, a: &Attribute, b: &mut syn::ExprBlock) -> Expr {
        let tokens = self.arguments(a, "parallel");
        let clauses = clause::parse(tokens, clause::PARALLEL, &mut self.errors);
        let cx = lower::hidden("__cx");
        let mut own = Names::of(&b.block).bound;
        let lists = clauses.private.iter().chain(&clauses.firstprivate);
        own.extend(lists.map(Ident::to_string));
        let region = Region {
            cx: cx.clone(),
            nowait: false,
            shared: clauses.shared.iter().filter_map(array_key).collect(),
            own: Some(own),
        };
        let outer = (self.region.replace(region), self.inside.take());
        self.visit_block_mut(&mut b.block);
        (self.region, self.inside) = outer;
        lower::parallel(&self.root, &clauses, &b.block, &cx, a.span())
    }

    /// Constructs that do not wait for each other.
    fn nowait(&mut self, a: &Attribute, b: &mut syn::ExprBlock, cx: &Ident) -> Expr {
        let scope = lower::hidden("__scope");
        if let Some(region) = &mut self.region {
            (region.cx, region.nowait) = (scope.clone(), true);
        }
        self.visit_block_mut(&mut b.block);
        if let Some(region) = &mut self.region {
            (region.cx, region.nowait) = (cx.clone(), false);
        }
        lower::nowait(&b.block, cx, &scope, a.span())
    }

    fn critical(&mut self, a: &Attribute, b: &mut syn::ExprBlock) -> Option<Expr> {
        let Ok(name) = a.parse_args::<Path>() else {
            self.errors.push(error::critical_name(a));
            return None;
        };
        self.within("critical", |own| own.visit_block_mut(&mut b.block));
        Some(lower::critical(&name, &b.block, a.span()))
    }

    fn sections(&mut self, a: &Attribute, b: &mut syn::ExprBlock, cx: &Ident) -> Option<Expr> {
        let mut list = Vec::new();
        for s in &mut b.block.stmts {
            let syn::Stmt::Expr(Expr::Block(section), _) = s else {
                self.errors.push(error::not_a_section(s.span()));
                return None;
            };
            match self.directive(&mut section.attrs) {
                Some((name, a)) if name == "section" => {
                    let tokens = self.arguments(&a, "section");
                    let clauses = clause::parse(tokens, clause::BLOCK, &mut self.errors);
                    self.within("section", |own| own.visit_block_mut(&mut section.block));
                    list.push((clauses, section.block.clone()));
                }
                _ => {
                    self.errors.push(error::not_a_section(section.span()));
                    return None;
                }
            }
        }
        Some(lower::sections(&list, cx, a.span()))
    }

    /// `barrier!()`, if it is that.
    fn barrier(&mut self, m: &syn::Macro) -> Option<TokenStream> {
        if !m.path.is_ident("barrier") || !m.tokens.is_empty() {
            return None;
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
        let at = Span::call_site().located_at(at);
        Some(quote_spanned!(at=> #cx.barrier()))
    }

    /// Visits a function, in whose body a region may be.
    fn function(&mut self, signature: &syn::Signature, visit: impl FnOnce(&mut Self)) {
        let inner = Region::of(signature);
        let outer = (
            std::mem::replace(&mut self.region, inner),
            self.inside.take(),
        );
        visit(self);
        (self.region, self.inside) = outer;
    }
}

impl VisitMut for Loops {
    fn visit_item_fn_mut(&mut self, f: &mut syn::ItemFn) {
        let signature = f.sig.clone();
        self.function(&signature, |own| visit_mut::visit_item_fn_mut(own, f));
    }
    fn visit_impl_item_fn_mut(&mut self, f: &mut syn::ImplItemFn) {
        let signature = f.sig.clone();
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
                if let Some(lowered) = self.on_block(&name, &a, b) {
                    *e = lowered;
                }
                return;
            }
        } else if let Expr::Macro(m) = e {
            if let Some(lowered) = self.barrier(&m.mac) {
                *e = Expr::Verbatim(lowered);
                return;
            }
        } else if let Some(attrs) = attributes(e) {
            self.misplaced(attrs);
        }
        visit_mut::visit_expr_mut(self, e);
    }
    fn visit_stmt_mut(&mut self, s: &mut syn::Stmt) {
        if let syn::Stmt::Macro(m) = s
            && let Some(lowered) = self.barrier(&m.mac)
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
            "for_each" => error::wrong_place(&a, &name, "a `for` loop"),
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

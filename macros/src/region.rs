//! What the macros know of the region around a construct.

use crate::clause::Clauses;
use crate::region_error;
use proc_macro2::TokenStream;
use std::collections::BTreeSet;
use syn::{Error, Ident};

/// What is known of the region around a construct.
pub struct Region {
    /// The thread's context, or the scope that stands for it.
    pub cx: Ident,
    /// It is a `nowait` scope.
    pub nowait: bool,
    /// The names of its views.
    pub shared: BTreeSet<String>,
    /// Names that each thread has for itself; `None`: all.
    pub own: Option<BTreeSet<String>>,
    /// Names that its clause `reduction` gives each thread for itself.
    pub reduced: BTreeSet<String>,
    /// The last loop of this `nowait` scope has results, which are folded at its end.
    pub folds: bool,
    /// The clauses and the body of that loop.
    pub results: Option<(Clauses, TokenStream)>,
    /// The next block to be visited is the whole of it.
    pub whole: bool,
}

/// What is known of the ordered loop around.
pub struct Ordered {
    /// The views that its ordered part has as a whole.
    pub writes: Vec<Ident>,
    /// There is such a part.
    pub seen: bool,
}

impl Region {
    /// What is wrong with the variables that a construct's clauses name, for they belong to the region.
    pub fn refuses(&self, c: &Clauses) -> Option<Error> {
        let copied = c.copyprivate.iter().map(|v| ("copyprivate", v));
        c.copies().chain(copied).find_map(|(clause, v)| {
            let name = v.to_string();
            let (shared, result) = (
                self.shared.contains(&name),
                ["reduction", "lastprivate"].contains(&clause),
            );
            if clause == "reduction" && self.reduced.contains(&name) {
                return Some(region_error::reduced_twice(v.span(), &name));
            }
            if shared && !result && clause != "private" {
                return Some(region_error::shared_copy(v.span(), &name, clause));
            }
            let own = self.own.as_ref().is_none_or(|own| own.contains(&name));
            let needs_owner = !["private", "firstprivate"].contains(&clause);
            (needs_owner && !own && !shared).then(|| region_error::nobodys(v.span(), &name, clause))
        })
    }

    /// That of a function that takes a context, if it does.
    pub fn of(f: &syn::Signature) -> Option<Region> {
        f.inputs.iter().find_map(|arg| {
            let syn::FnArg::Typed(arg) = arg else {
                return None;
            };
            let (syn::Pat::Ident(name), syn::Type::Reference(to)) = (&*arg.pat, &*arg.ty) else {
                return None;
            };
            let syn::Type::Path(path) = &*to.elem else {
                return None;
            };
            let is_context = path.path.segments.last().is_some_and(|s| s.ident == "Ctx");
            is_context.then(|| Region {
                cx: name.ident.clone(),
                nowait: false,
                shared: BTreeSet::new(),
                own: None,
                reduced: BTreeSet::new(),
                folds: false,
                results: None,
                whole: false,
            })
        })
    }
}

/// The parameters of a function that are views of a region.
pub fn views(f: &syn::Signature) -> BTreeSet<String> {
    let view = |arg: &syn::FnArg| {
        let syn::FnArg::Typed(arg) = arg else {
            return None;
        };
        let syn::Pat::Ident(name) = &*arg.pat else {
            return None;
        };
        let ty = match &*arg.ty {
            syn::Type::Reference(to) => &*to.elem,
            ty => ty,
        };
        let syn::Type::Path(path) = ty else {
            return None;
        };
        let last = path.path.segments.last()?.ident.to_string();
        let is_view = ["View", "GridView", "Grid3View", "VarView"].contains(&last.as_str());
        is_view.then(|| name.ident.to_string())
    };
    f.inputs.iter().filter_map(view).collect()
}

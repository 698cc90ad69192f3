//! Localised captures: names that a body only indexes, or only computes with, become locals of the
//! thread under hidden names. What is not certain stays as it is: that costs speed, nothing else.

use crate::clause::array_key;
use crate::names::{Names, Use};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, Item, Macro, parse_quote};

/// What is renamed, and how the new names are made.
#[derive(Default)]
pub struct Locals {
    renamed: BTreeMap<String, Ident>,
    /// Those that stand behind a reference of their own, to be read through it.
    scalars: BTreeSet<String>,
    made: Vec<TokenStream>,
    /// What `made` binds.
    names: Vec<Ident>,
}

impl Locals {
    /// Renames `key` without making a local.
    pub fn rename(&mut self, key: String, to: Ident) {
        self.renamed.insert(key, to);
    }

    /// The statements that make the locals.
    pub fn bindings(&self) -> TokenStream {
        self.made.iter().cloned().collect()
    }

    /// The names of the locals. All are `Copy`: references, slices, handles and numbers.
    pub fn names(&self) -> &[Ident] {
        &self.names
    }

    /// Chooses what becomes a local. `taken` are names that the clauses or the head give a meaning.
    pub fn choose(&mut self, p: &TokenStream, names: &Names, taken: &BTreeSet<String>) {
        if names.declares {
            // An item of the body may bear any name, by a `use` with a star too.
            return;
        }
        for (key, how) in &names.uses {
            let field = key.starts_with("self.");
            let inside = [&names.bound, &names.in_macro, &names.changed, taken];
            let lower = key.starts_with(|c: char| c.is_lowercase() || c == '_');
            let hidden_self = field && names.in_macro.contains("self");
            if inside.iter().any(|set| set.contains(key)) || hidden_self || !(field || lower) {
                continue;
            }
            // The name as it was written, for it may come from a macro that calls others the same.
            let Some((place, false)) = names.places.get(key) else {
                continue;
            };
            let name = format_ident!("__local{}", self.made.len(), span = Span::mixed_site());
            let only = |u: Use| *how == u;
            let arrays = Use {
                indexed: true,
                ..Use::default()
            };
            let numbers = Use {
                operand: true,
                ..Use::default()
            };
            if only(arrays) {
                self.made.push(quote!(let #name = {
                    #[allow(unused_imports)]
                    use #p::{LocalAny as _, LocalKnown as _};
                    (&&#p::Local(&#place)).local()
                };));
            } else if only(numbers) {
                self.made.push(quote!(let #name = {
                    #[allow(unused_imports)]
                    use #p::{ScalarCopy as _, ScalarRef as _};
                    (&&#p::Local(&#place)).scalar()
                };));
                self.scalars.insert(key.clone());
            } else {
                continue;
            }
            self.names.push(name.clone());
            self.renamed.insert(key.clone(), name);
        }
    }

    /// Whether an identifier is one of the hidden names.
    pub fn is_local(&self, ident: &Ident) -> bool {
        self.renamed.values().any(|i| i == ident)
    }
}

impl VisitMut for Locals {
    fn visit_item_mut(&mut self, _: &mut Item) {}
    fn visit_macro_mut(&mut self, _: &mut Macro) {}
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        let key = array_key(e);
        if let Some(to) = key.as_ref().and_then(|k| self.renamed.get(k)) {
            // At the place of the user's name, for errors about its type.
            let mut to = to.clone();
            to.set_span(to.span().located_at(syn::spanned::Spanned::span(e)));
            *e = match key.is_some_and(|k| self.scalars.contains(&k)) {
                true => parse_quote!(*#to),
                false => parse_quote!(#to),
            };
            return;
        }
        visit_mut::visit_expr_mut(self, e);
    }
}

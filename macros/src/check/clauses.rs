//! Clauses against each other, and against what the loop uses.

use crate::clause::{Clauses, array_key};
use crate::error;
use crate::names::Names;
use std::collections::{BTreeMap, BTreeSet};
use syn::Error;
use syn::spanned::Spanned;

/// Variables that a clause speaks for.
pub(super) fn covered(c: &Clauses) -> BTreeSet<String> {
    let arrays = c.arrays().filter_map(|(_, e)| array_key(e));
    let copies = c.copies().map(|(_, v)| v.to_string());
    copies.chain(arrays).collect()
}

pub(super) fn contradictions(c: &Clauses, errors: &mut Vec<Error>) {
    let mut seen: BTreeMap<String, &'static str> = BTreeMap::new();
    let mut add = |name: String, at, clause: &'static str| match seen.get(&name) {
        Some(first) if *first == clause => {
            errors.push(error::twice(at, &name));
        }
        // OpenMP allows these two together.
        Some(first)
            if [*first, clause].contains(&"firstprivate")
                && [*first, clause].contains(&"lastprivate") => {}
        Some(first) => errors.push(error::contradiction(at, &name, first, clause)),
        None => {
            seen.insert(name, clause);
        }
    };
    for (clause, e) in c.arrays() {
        if let Some(k) = array_key(e) {
            add(k, e.span(), clause);
        }
    }
    for (clause, v) in c.copies() {
        add(v.to_string(), v.span(), clause);
    }
}

pub(super) fn unused(c: &Clauses, names: &Names, errors: &mut Vec<Error>) {
    let mentions =
        |k: &str| names.mentions(k) || names.in_macro.contains(k.trim_start_matches("self."));
    for (clause, e) in c.arrays() {
        if let Some(k) = array_key(e).filter(|k| !mentions(k)) {
            errors.push(error::unused(e.span(), &k, clause));
        }
    }
    for (clause, v) in c.copies() {
        if !mentions(&v.to_string()) {
            errors.push(error::unused(v.span(), &v.to_string(), clause));
        }
    }
}

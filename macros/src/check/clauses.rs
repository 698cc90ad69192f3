//! Clauses against each other, and against what the construct uses.

use crate::clause::{Clauses, Op, array_key};
use crate::error;
use crate::names::Names;
use std::collections::{BTreeMap, BTreeSet};
use syn::spanned::Spanned;
use syn::{Error, Expr};

/// Variables that a clause speaks for.
pub(super) fn covered(c: &Clauses) -> BTreeSet<String> {
    let arrays = c.arrays().filter_map(|(_, e)| array_key(e));
    let copies = c.copies().map(|(_, v)| v.to_string());
    copies.chain(arrays).collect()
}

/// The clauses that name arrays.
fn arrays(c: &Clauses) -> impl Iterator<Item = (&'static str, &Expr)> {
    let shared = c.shared.iter().map(|e| ("shared", e));
    shared.chain(c.arrays())
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
    for (clause, e) in arrays(c) {
        if let Some(k) = array_key(e) {
            add(k, e.span(), clause);
        }
    }
    for (clause, v) in c.copies() {
        add(v.to_string(), v.span(), clause);
    }
}

/// Clauses of a loop that name what its body does not.
pub(super) fn unused(c: &Clauses, names: &Names, errors: &mut Vec<Error>) {
    unused_in(c, "loop", &|k| names.knows(k), errors);
}

/// Clauses that name what a `place` such as a loop does not `know`.
pub(super) fn unused_in(
    c: &Clauses,
    place: &str,
    knows: &dyn Fn(&str) -> bool,
    errors: &mut Vec<Error>,
) {
    for (clause, e) in arrays(c) {
        if let Some(k) = array_key(e).filter(|k| !knows(k)) {
            errors.push(error::unused(e.span(), &k, clause, place));
        }
    }
    for (clause, v) in c.copies() {
        if !knows(&v.to_string()) {
            errors.push(error::unused(v.span(), &v.to_string(), clause, place));
        }
    }
}

/// Reduced variables, with the sign of their operator, if it is one of ours.
pub fn reduced(c: &Clauses) -> BTreeMap<String, &'static str> {
    let sign = |op: &Op| match op {
        Op::Known(name) => SIGNS.iter().find(|s| s.0 == *name).map(|s| s.1),
        Op::User(_) => None,
    };
    let all = c.reductions.iter();
    all.filter_map(|(op, v)| Some((v.to_string(), sign(op)?)))
        .collect()
}

/// Operators by their names in `ops`.
const SIGNS: [(&str, &str); 9] = [
    ("Add", "+"),
    ("Mul", "*"),
    ("Min", "min"),
    ("Max", "max"),
    ("And", "&&"),
    ("Or", "||"),
    ("BitAnd", "&"),
    ("BitOr", "|"),
    ("BitXor", "^"),
];

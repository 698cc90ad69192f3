//! Indices: what iteration `i` owns, and what it certainly does not.

use super::Body;
use super::linear::{Linear, Meets};
use crate::clause::{Clauses, array_key, ident_of};
use crate::error::{self, Instead};
use crate::names::Names;
use quote::ToTokens;
use syn::{BinOp, Expr, ExprForLoop, ExprIndex, ExprMethodCall, Lit, Pat, RangeLimits};

/// The loop variables that own an index, outermost first; none where one of them is no name, or where its
/// name means something else further in.
pub(super) fn own_index(c: &Clauses, f: &ExprForLoop) -> Vec<String> {
    let mut vars = Vec::new();
    let mut at = f;
    loop {
        let Pat::Ident(i) = &*at.pat else {
            return Vec::new();
        };
        vars.push(i.ident.to_string());
        if vars.len() >= c.collapse.map_or(1, |(n, _)| n) {
            let bound = Names::of(&at.body).bound;
            let hidden = vars.iter().any(|v| bound.contains(v));
            return if hidden { Vec::new() } else { vars };
        }
        let inner = at.body.stmts.iter().find_map(|s| match s {
            syn::Stmt::Expr(Expr::ForLoop(f), _) => Some(f),
            _ => None,
        });
        match inner {
            Some(f) => at = f,
            None => return Vec::new(),
        }
    }
}

/// Whether the head says that there is one iteration, or none.
pub(super) fn runs_once(head: &Expr) -> bool {
    let Expr::Range(r) = head else { return false };
    let number = |e: &Option<Box<Expr>>| match e.as_deref() {
        Some(Expr::Lit(l)) => match &l.lit {
            Lit::Int(n) => n.base10_parse::<i128>().ok(),
            _ => None,
        },
        _ => None,
    };
    let closed = matches!(r.limits, RangeLimits::Closed(_));
    let (Some(start), Some(end)) = (number(&r.start), number(&r.end)) else {
        let [start, end] = [&r.start, &r.end].map(|e| e.to_token_stream().to_string());
        return end == if closed { start } else { start + " + 1" };
    };
    end - start + i128::from(closed) <= 1
}

/// Methods of arrays and grids that take more than one element.
const WHOLE: [&str; 38] = [
    "iter",
    "iter_mut",
    "swap",
    "fill",
    "reverse",
    "sort",
    "sort_unstable",
    "sort_by",
    "sort_by_key",
    "sort_unstable_by",
    "sort_unstable_by_key",
    "copy_from_slice",
    "clone_from_slice",
    "copy_within",
    "split_at",
    "split_at_mut",
    "split_first",
    "split_first_mut",
    "split_last",
    "split_last_mut",
    "chunks",
    "chunks_mut",
    "chunks_exact",
    "chunks_exact_mut",
    "windows",
    "as_slice",
    "as_mut_slice",
    "first",
    "first_mut",
    "last",
    "last_mut",
    "get",
    "get_mut",
    "to_vec",
    "rotate_left",
    "rotate_right",
    "push",
    "rows_mut",
];

impl Body<'_> {
    /// Whether a name may mean different values in different iterations.
    fn varies(&self, name: &str) -> bool {
        self.all_own
            || [&self.bound, &self.changed, &self.in_macro_names]
                .iter()
                .any(|set| set.contains(name))
    }

    /// How often an index is the iteration's own.
    fn meets(&self, index: &Expr, var: &str) -> Meets {
        let varies = |name: &str| self.varies(name);
        let read = Linear::of(index, var, &varies);
        match read.map_or(Meets::Perhaps, Linear::meets) {
            // This iteration may be the one.
            Meets::Once if self.branches > 0 || self.leaves || self.once => Meets::Perhaps,
            meets => meets,
        }
    }

    /// Whether the array is one of which an iteration owns a part.
    fn is_disjoint(&self, array: &str) -> bool {
        self.disjoint.contains(array) && !self.inside.contains(array)
    }

    /// `y[i + 1]` of an array of which iteration `i` owns `y[i]`.
    pub(super) fn access(&mut self, x: &ExprIndex, writes: bool) {
        if let Expr::Tuple(at) = &*x.index
            && let Some(array) = array_key(&x.expr).filter(|a| self.is_disjoint(a))
        {
            return self.say(&array, error::tuple_index(at, &array));
        }
        let (array, at): (_, Vec<&Expr>) = match (&*x.expr, &*x.index) {
            (e, Expr::Array(at)) => (array_key(e), at.elems.iter().collect()),
            (Expr::Index(row), j) if self.own.len() == 2 => {
                (array_key(&row.expr), vec![&row.index, j])
            }
            (e, i) => (array_key(e), vec![i]),
        };
        let Some(array) = array.filter(|a| self.is_disjoint(a)) else {
            return;
        };
        if self.own.is_empty() || at.len() < self.own.len() {
            return;
        }
        let (own, iteration) = self.own_place(&array, x, at.len());
        let other = at
            .iter()
            .zip(&self.own)
            .find(|(e, var)| self.meets(e, var) != Meets::Perhaps);
        let instead = match (&*x.index, other) {
            (Expr::Range(_), _) if self.own.len() == 1 => Instead::Chunks,
            (_, None) => return,
            (_, Some((e, var))) if self.own.len() > 1 && !mentions(e, var) => Instead::Cell,
            (_, Some((e, var))) => match (mentions(e, var), writes) {
                (true, false) => Instead::SecondArray,
                (true, true) => Instead::Renumber,
                (false, false) => Instead::Copy,
                (false, true) => Instead::Variable,
            },
        };
        let x = Expr::Index(x.clone());
        let e = error::not_own(&x, &text(&x), &array, &own, &iteration, instead);
        self.say(&array, e);
    }

    /// What an iteration owns of an array, and the iteration's number.
    fn own_place(&self, array: &str, x: &ExprIndex, given: usize) -> (String, String) {
        let own = self.own.join(", ");
        match (self.own.as_slice(), &*x.index) {
            (_, Expr::Array(_)) => {
                let more = if given > self.own.len() { ", .." } else { "" };
                (format!("{array}[[{own}{more}]]"), own)
            }
            ([i, j], _) => (format!("{array}[{i}][{j}]"), format!("({own})")),
            _ => (format!("{array}[{own}]"), own),
        }
    }

    /// `y[i] = ..` under `collapse(2)`, where an iteration owns a cell of a grid.
    pub(super) fn no_cell(&mut self, x: &ExprIndex) {
        let Some(array) = array_key(&x.expr).filter(|a| self.is_disjoint(a)) else {
            return;
        };
        if self.own.len() != 2 || matches!(*x.index, Expr::Array(_)) {
            return;
        }
        if matches!(*x.index, Expr::Tuple(_)) {
            return;
        }
        let (own, iteration) = self.own_place(&array, x, 1);
        let x = Expr::Index(x.clone());
        let e = error::not_own(&x, &text(&x), &array, &own, &iteration, Instead::Cell);
        self.say(&array, e);
    }

    /// `y.iter_mut()`, of which an iteration owns one element.
    pub(super) fn whole(&mut self, m: &ExprMethodCall) {
        let Some(array) = array_key(&m.receiver).filter(|a| self.is_disjoint(a)) else {
            return;
        };
        let method = m.method.to_string();
        if self.own.is_empty() || !WHOLE.contains(&method.as_str()) {
            return;
        }
        let own = match self.own.as_slice() {
            [i, j] => format!("{array}[{i}][{j}]"),
            [i] => format!("{array}[{i}]"),
            all => format!("{array}[[{}]]", all.join(", ")),
        };
        let iteration = self.own.join(", ");
        let access = format!("{array}.{method}(..)");
        let e = error::not_own(m, &access, &array, &own, &iteration, Instead::Own);
        self.say(&array, e);
    }
}

/// Whether an index is computed from the variable, and not looked up somewhere.
pub(super) fn plainly_mentions(index: &Expr, var: &str) -> bool {
    match index {
        e if ident_of(e).is_some_and(|i| i == var) => true,
        Expr::Binary(b) => plainly_mentions(&b.left, var) || plainly_mentions(&b.right, var),
        Expr::Paren(x) => plainly_mentions(&x.expr, var),
        Expr::Cast(c) => plainly_mentions(&c.expr, var),
        Expr::Array(a) => a.elems.iter().any(|e| plainly_mentions(e, var)),
        _ => false,
    }
}

/// Whether a variable occurs in an expression.
pub(super) fn mentions(e: &Expr, var: &str) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    crate::names::words(e.to_token_stream(), &mut seen);
    seen.contains(var)
}

/// Whether an operator leaves its right side out, if the left one decides.
pub(super) fn short_circuits(op: &BinOp) -> bool {
    matches!(op, BinOp::And(_) | BinOp::Or(_))
}

/// Source text of an access, as rustfmt would put it.
pub(super) fn text(e: &Expr) -> String {
    let t = e.to_token_stream().to_string();
    let spaces = [
        (" [", "["),
        ("[ ", "["),
        (" ]", "]"),
        (" . ", "."),
        ("* ", "*"),
        (" ..", ".."),
        (".. ", ".."),
        ("( ", "("),
    ];
    // A star between two operands keeps its spaces.
    let t = t.replace(" * ", "\u{1}");
    let t = spaces.iter().fold(t, |t, (a, b)| t.replace(a, b));
    t.replace('\u{1}', " * ")
}

//! What is certain to be wrong, found before rustc finds it in other words. Nothing here makes a program
//! sound: types and run-time checks do. So where a thing is not certain, it passes.

use crate::clause::{Clauses, array_key, ident_of};
use crate::error;
use crate::names::{Names, assigns, bound_by};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Error, Expr, ExprClosure, ExprForLoop, Ident, Item, Label, Pat};

/// Checks clauses against each other and against the loop.
pub fn check(c: &mut Clauses, f: &ExprForLoop, errors: &mut Vec<Error>) {
    contradictions(c, errors);
    let names = Names::of(&f.body);
    unused(c, &names, errors);
    let mut bound = names.bound.clone();
    bound.extend(bound_by(&f.pat));
    let (own, inner) = own_index(c, f);
    let mut body = Body {
        covered: covered(c),
        disjoint: c.disjoint.iter().filter_map(array_key).collect(),
        bound,
        own,
        inner,
        label: f.label.as_ref(),
        loops: Vec::new(),
        depth: 0,
        closures: 0,
        said: BTreeSet::new(),
        errors,
    };
    body.visit_block(&f.body);
}

/// The loop variable that owns an index, and under `collapse(2)` the inner one.
fn own_index(c: &Clauses, f: &ExprForLoop) -> (Option<String>, Option<String>) {
    let name = |p: &Pat| match p {
        Pat::Ident(i) => Some(i.ident.to_string()),
        _ => None,
    };
    if c.collapse.is_none_or(|(n, _)| n == 1) {
        return (name(&f.pat), None);
    }
    let inner = f.body.stmts.iter().find_map(|s| match s {
        syn::Stmt::Expr(Expr::ForLoop(f), _) => name(&f.pat),
        _ => None,
    });
    (name(&f.pat), inner)
}

/// Variables that a clause speaks for.
fn covered(c: &Clauses) -> BTreeSet<String> {
    let lists = [&c.private, &c.firstprivate, &c.lastprivate];
    let plain = lists
        .into_iter()
        .flatten()
        .chain(c.reductions.iter().map(|r| &r.1));
    let arrays = c.disjoint.iter().filter_map(array_key);
    plain.map(Ident::to_string).chain(arrays).collect()
}

fn contradictions(c: &Clauses, errors: &mut Vec<Error>) {
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
    for e in &c.disjoint {
        if let Some(k) = array_key(e) {
            add(k, e.span(), "disjoint");
        }
    }
    for (_, v) in &c.reductions {
        add(v.to_string(), v.span(), "reduction");
    }
    for (clause, list) in [
        ("private", &c.private),
        ("firstprivate", &c.firstprivate),
        ("lastprivate", &c.lastprivate),
    ] {
        for v in list {
            add(v.to_string(), v.span(), clause);
        }
    }
}

fn unused(c: &Clauses, names: &Names, errors: &mut Vec<Error>) {
    let mentions =
        |k: &str| names.mentions(k) || names.in_macro.contains(k.trim_start_matches("self."));
    for e in &c.disjoint {
        if let Some(k) = array_key(e).filter(|k| !mentions(k)) {
            errors.push(error::unused(e.span(), &k, "disjoint"));
        }
    }
    let plain = [
        ("private", &c.private),
        ("firstprivate", &c.firstprivate),
        ("lastprivate", &c.lastprivate),
    ];
    let reduced = c.reductions.iter().map(|r| ("reduction", &r.1));
    let all = plain
        .iter()
        .flat_map(|(n, l)| l.iter().map(|v| (*n, v)))
        .chain(reduced);
    for (clause, v) in all {
        if !mentions(&v.to_string()) {
            errors.push(error::unused(v.span(), &v.to_string(), clause));
        }
    }
}

/// The body, statement by statement.
struct Body<'c> {
    covered: BTreeSet<String>,
    disjoint: BTreeSet<String>,
    bound: BTreeSet<String>,
    own: Option<String>,
    inner: Option<String>,
    label: Option<&'c Label>,
    /// Labels of loops and blocks inside.
    loops: Vec<String>,
    /// Loops inside, entered so far.
    depth: usize,
    closures: usize,
    /// One error a variable is enough.
    said: BTreeSet<String>,
    errors: &'c mut Vec<Error>,
}

impl Body<'_> {
    fn say(&mut self, about: &str, e: Error) {
        if self.said.insert(about.to_owned()) {
            self.errors.push(e);
        }
    }

    /// A local of the function around the loop, as far as one can see.
    fn captured(&self, name: &str) -> bool {
        let local = name
            .chars()
            .next()
            .is_some_and(|c| c.is_lowercase() || c == '_');
        local && !self.bound.contains(name) && !self.covered.contains(name)
    }

    /// `place = value`, or `place op= value`.
    fn write(&mut self, place: &Expr, op: Option<&BinOp>, value: &Expr) {
        if let Some(name) = ident_of(place).map(Ident::to_string) {
            if self.captured(&name) {
                let e = match op.map_or_else(|| folded(&name, value), |op| Some(operator(op))) {
                    Some(op) => error::updated(place.span(), &name, op),
                    None => error::assigned(place.span(), &name),
                };
                self.say(&name, e);
            }
            return;
        }
        let mut at = place;
        while let Expr::Index(x) = at {
            if let Some(k) = array_key(&x.expr) {
                if (k.starts_with("self.") && !self.covered.contains(&k)) || self.captured(&k) {
                    self.say(&k, error::written(place, &text(place), &k));
                }
                return;
            }
            at = &x.expr;
        }
    }

    /// `y[i + 1]` of an array of which iteration `i` owns `y[i]`.
    fn access(&mut self, x: &syn::ExprIndex) {
        let (array, index, var) = match (&*x.expr, &self.own, &self.inner) {
            (Expr::Index(row), Some(_), Some(inner)) => match array_key(&row.expr) {
                Some(k) => (k, &*x.index, inner.clone()),
                None => return,
            },
            (e, Some(own), _) => match array_key(e) {
                Some(k) => (k, &*x.index, own.clone()),
                None => return,
            },
            _ => return,
        };
        let shadowed = self.bound.contains(&array);
        if self.disjoint.contains(&array) && !shadowed && shifted(index, &var) {
            let (own, iteration) = match (&self.own, &self.inner) {
                (Some(i), Some(j)) => (format!("{array}[{i}][{j}]"), format!("({i}, {j})")),
                _ => (format!("{array}[{var}]"), var),
            };
            let x = Expr::Index(x.clone());
            let e = error::not_own(&x, &text(&x), &own, &iteration);
            self.say(&array, e);
        }
    }

    fn leave(&mut self, at: proc_macro2::Span, what: &str) {
        if self.closures == 0 {
            self.errors.push(error::leaves(at, what));
        }
    }
}

/// `i + 1`, `i - 2`: certainly another index than `i`.
fn shifted(index: &Expr, var: &str) -> bool {
    let Expr::Binary(b) = index else { return false };
    let literal = |e: &Expr| matches!(e, Expr::Lit(l) if matches!(&l.lit, syn::Lit::Int(n) if n.base10_digits() != "0"));
    let is_var = |e: &Expr| ident_of(e).is_some_and(|i| i == var);
    match b.op {
        BinOp::Add(_) => {
            (is_var(&b.left) && literal(&b.right)) || (literal(&b.left) && is_var(&b.right))
        }
        BinOp::Sub(_) => is_var(&b.left) && literal(&b.right),
        _ => false,
    }
}

/// The reduction that `x = value` looks like.
fn folded(name: &str, value: &Expr) -> Option<&'static str> {
    let is_it = |e: &Expr| ident_of(e).is_some_and(|i| i == name);
    match value {
        Expr::MethodCall(m) if m.args.len() == 1 && (is_it(&m.receiver) || is_it(&m.args[0])) => {
            match m.method.to_string().as_str() {
                "max" => Some("max"),
                "min" => Some("min"),
                _ => None,
            }
        }
        Expr::Binary(b) if is_it(&b.left) || is_it(&b.right) => match b.op {
            BinOp::Add(_) => Some("+"),
            BinOp::Mul(_) => Some("*"),
            BinOp::And(_) => Some("&&"),
            BinOp::Or(_) => Some("||"),
            BinOp::BitAnd(_) => Some("&"),
            BinOp::BitOr(_) => Some("|"),
            BinOp::BitXor(_) => Some("^"),
            _ => None,
        },
        _ => None,
    }
}

fn operator(op: &BinOp) -> &'static str {
    match op {
        BinOp::MulAssign(_) | BinOp::DivAssign(_) => "*",
        BinOp::BitAndAssign(_) => "&",
        BinOp::BitOrAssign(_) => "|",
        BinOp::BitXorAssign(_) => "^",
        _ => "+",
    }
}

/// Source text of an access, as rustfmt would put it.
fn text(e: &Expr) -> String {
    let t = e.to_token_stream().to_string();
    [(" [", "["), ("[ ", "["), (" ]", "]"), (" . ", ".")]
        .iter()
        .fold(t, |t, (a, b)| t.replace(a, b))
}

impl<'a> Visit<'a> for Body<'_> {
    fn visit_item(&mut self, _: &'a Item) {}
    fn visit_expr_closure(&mut self, c: &'a ExprClosure) {
        self.closures += 1;
        visit::visit_expr_closure(self, c);
        self.closures -= 1;
    }
    fn visit_expr(&mut self, e: &'a Expr) {
        match e {
            Expr::Assign(a) => self.write(&a.left, None, &a.right),
            Expr::Binary(b) if assigns(&b.op) => self.write(&b.left, Some(&b.op), &b.right),
            Expr::Index(x) => self.access(x),
            Expr::Return(r) => self.leave(r.span(), "return"),
            Expr::Try(t) => self.leave(t.question_token.span(), "?"),
            Expr::Await(a) if self.closures == 0 => self.errors.push(error::awaits(a.span())),
            Expr::Break(b) => {
                let out = match &b.label {
                    Some(l) => !self.loops.contains(&l.to_string()),
                    None => self.depth == 0,
                };
                if out {
                    self.leave(b.span(), "break");
                }
            }
            Expr::Continue(c) => {
                let ours = self.label.map(|l| l.name.to_string());
                let out = c.label.as_ref().is_some_and(|l| {
                    !self.loops.contains(&l.to_string()) && Some(l.to_string()) != ours
                });
                if out {
                    self.leave(c.span(), "continue");
                }
            }
            _ => {}
        }
        let label = match e {
            Expr::ForLoop(x) => Some(&x.label),
            Expr::While(x) => Some(&x.label),
            Expr::Loop(x) => Some(&x.label),
            Expr::Block(x) => {
                if let Some(l) = &x.label {
                    self.loops.push(l.name.to_string());
                }
                visit::visit_expr(self, e);
                return;
            }
            _ => None,
        };
        if let Some(label) = label {
            self.depth += 1;
            self.loops
                .extend(label.as_ref().map(|l| l.name.to_string()));
            visit::visit_expr(self, e);
            self.depth -= 1;
        } else {
            visit::visit_expr(self, e);
        }
    }
}

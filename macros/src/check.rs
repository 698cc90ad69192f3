//! What is certain to be wrong, found before rustc finds it in other words. Nothing here makes a program
//! sound: types and run-time checks do. So where a thing is not certain, it passes.

use crate::clause::{Clauses, array_key, ident_of};
use crate::error;
use crate::names::{Names, arguments, assigns, bound_by, hidden_in};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Error, Expr, ExprClosure, ExprForLoop, Ident, Item, Label, Pat};

/// Checks clauses against each other and against the loop.
///
/// `own` are names that the thread has for itself, in a region; `None`: all of them.
pub fn check(
    c: &mut Clauses,
    f: &ExprForLoop,
    own: Option<&BTreeSet<String>>,
    errors: &mut Vec<Error>,
) {
    contradictions(c, errors);
    let names = Names::of(&f.body);
    unused(c, &names, errors);
    let mut bound = names.bound.clone();
    bound.extend(bound_by(&f.pat));
    bound.extend(own.into_iter().flatten().cloned());
    let mut body = Body {
        covered: covered(c),
        all_own: own.is_none(),
        disjoint: c.disjoint.iter().filter_map(array_key).collect(),
        bound,
        read: names
            .uses
            .iter()
            .filter(|(_, u)| u.operand)
            .map(|(k, _)| k.clone())
            .collect(),
        own: own_index(c, f),
        label: f.label.as_ref(),
        loops: Vec::new(),
        depth: 0,
        closures: 0,
        in_macro: 0,
        trailing: c.trails(),
        said: BTreeSet::new(),
        errors,
    };
    body.visit_block(&f.body);
}

/// The loop variables that own an index, outermost first; none where one of them is no name.
fn own_index(c: &Clauses, f: &ExprForLoop) -> Vec<String> {
    let mut vars = Vec::new();
    let mut at = f;
    loop {
        let Pat::Ident(i) = &*at.pat else {
            return Vec::new();
        };
        vars.push(i.ident.to_string());
        if vars.len() >= c.collapse.map_or(1, |(n, _)| n) {
            return vars;
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

/// Variables that a clause speaks for.
fn covered(c: &Clauses) -> BTreeSet<String> {
    let arrays = c.arrays().filter_map(|(_, e)| array_key(e));
    let copies = c.copies().map(|(_, v)| v.to_string());
    copies.chain(arrays).collect()
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
    for (clause, e) in c.arrays() {
        if let Some(k) = array_key(e) {
            add(k, e.span(), clause);
        }
    }
    for (clause, v) in c.copies() {
        add(v.to_string(), v.span(), clause);
    }
}

fn unused(c: &Clauses, names: &Names, errors: &mut Vec<Error>) {
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

/// The body, statement by statement.
struct Body<'c> {
    /// Every name is the thread's own.
    all_own: bool,
    covered: BTreeSet<String>,
    disjoint: BTreeSet<String>,
    bound: BTreeSet<String>,
    /// Operands of arithmetic and comparisons.
    read: BTreeSet<String>,
    /// The loop variables that own an index.
    own: Vec<String>,
    label: Option<&'c Label>,
    /// Labels of loops and blocks inside.
    loops: Vec<String>,
    /// Loops inside, entered so far.
    depth: usize,
    closures: usize,
    /// Macros around.
    in_macro: usize,
    /// Code follows the body in each iteration.
    trailing: bool,
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
        local && !self.all_own && !self.bound.contains(name) && !self.covered.contains(name)
    }

    /// `place = value`, or `place op= value`.
    fn write(&mut self, place: &Expr, op: Option<&BinOp>, value: &Expr) {
        if let Some(name) = ident_of(place).map(Ident::to_string) {
            if self.captured(&name) {
                let e = match op.map_or_else(|| folded(&name, value), |op| Some(operator(op))) {
                    Some(op) => error::updated(place.span(), &name, op),
                    None if self.read.contains(&name) => error::compared(place.span(), &name),
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
                    let scattered = self.own.iter().all(|v| !plainly_mentions(&x.index, v));
                    let e = match op.filter(|_| scattered && !k.starts_with("self.")) {
                        Some(op) => error::updated(place.span(), &k, operator(op)),
                        None => error::written(place, &text(place), &k),
                    };
                    self.say(&k, e);
                }
                return;
            }
            at = &x.expr;
        }
    }

    /// `y[i + 1]` of an array of which iteration `i` owns `y[i]`.
    fn access(&mut self, x: &syn::ExprIndex) {
        let (array, at): (_, Vec<&Expr>) = match (&*x.expr, &*x.index) {
            (e, Expr::Array(at)) => (array_key(e), at.elems.iter().collect()),
            (Expr::Index(row), j) if self.own.len() == 2 => {
                (array_key(&row.expr), vec![&row.index, j])
            }
            (e, i) => (array_key(e), vec![i]),
        };
        let Some(array) = array.filter(|a| self.disjoint.contains(a) && !self.bound.contains(a))
        else {
            return;
        };
        if at.len() < self.own.len() || !at.iter().zip(&self.own).any(|(e, v)| shifted(e, v)) {
            return;
        }
        let mut own = self.own.join(", ");
        let (place, iteration) = match (self.own.as_slice(), &*x.index) {
            ([i, j], Expr::Index(_) | Expr::Path(_) | Expr::Binary(_)) => {
                (format!("{array}[{i}][{j}]"), format!("({own})"))
            }
            (_, Expr::Array(_)) => {
                let iteration = own.clone();
                own.push_str(if at.len() > self.own.len() {
                    ", .."
                } else {
                    ""
                });
                (format!("{array}[[{own}]]"), iteration)
            }
            _ => (format!("{array}[{own}]"), own),
        };
        let x = Expr::Index(x.clone());
        let e = error::not_own(&x, &text(&x), &place, &iteration);
        self.say(&array, e);
    }

    fn leave(&mut self, at: proc_macro2::Span, what: &str) {
        if self.closures == 0 {
            self.errors.push(error::leaves(at, what));
        }
    }
}

/// Whether an index is computed from the variable, and not looked up somewhere.
fn plainly_mentions(index: &Expr, var: &str) -> bool {
    match index {
        e if ident_of(e).is_some_and(|i| i == var) => true,
        Expr::Binary(b) => plainly_mentions(&b.left, var) || plainly_mentions(&b.right, var),
        Expr::Paren(x) => plainly_mentions(&x.expr, var),
        Expr::Cast(c) => plainly_mentions(&c.expr, var),
        Expr::Array(a) => a.elems.iter().any(|e| plainly_mentions(e, var)),
        _ => false,
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
                let inner = c
                    .label
                    .as_ref()
                    .map_or(self.depth > 0, |l| self.loops.contains(&l.to_string()));
                if out {
                    self.leave(c.span(), "continue");
                } else if self.in_macro > 0 && self.trailing && !inner {
                    self.errors.push(error::continue_in_macro(c.span()));
                }
            }
            _ => {}
        }
        let (label, inner) = match e {
            Expr::ForLoop(x) => {
                // The head belongs to the loop outside.
                self.visit_expr(&x.expr);
                (&x.label, true)
            }
            Expr::While(x) => (&x.label, true),
            Expr::Loop(x) => (&x.label, true),
            Expr::Block(x) => (&x.label, false),
            _ => return visit::visit_expr(self, e),
        };
        let labels = self.loops.len();
        self.loops
            .extend(label.as_ref().map(|l| l.name.to_string()));
        self.depth += usize::from(inner);
        match e {
            Expr::ForLoop(x) => self.visit_block(&x.body),
            e => visit::visit_expr(self, e),
        }
        self.depth -= usize::from(inner);
        self.loops.truncate(labels);
    }
    /// What the standard library's macros are given is looked at like everything else; of others'
    /// tokens, what is there to be seen.
    fn visit_macro(&mut self, m: &'a syn::Macro) {
        if let Some(arguments) = arguments(m) {
            self.in_macro += 1;
            // Parsed here, so they live as long as this call.
            arguments.iter().for_each(|e| self.argument(e));
            self.in_macro -= 1;
            return;
        }
        let hidden = hidden_in(m.tokens.clone());
        if hidden.leaves && !hidden.nested {
            self.leave(m.path.span(), "a `break` or `return` in this macro");
        }
        if hidden.continues && !hidden.nested && self.trailing {
            self.errors.push(error::continue_in_macro(m.path.span()));
        }
    }
}

impl Body<'_> {
    fn argument(&mut self, e: &Expr) {
        Visit::visit_expr(self, e);
    }
}

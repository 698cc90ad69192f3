//! Which names a loop body uses, and how: what localisation, hints and checks all look at.

use crate::clause::array_key;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, Item, Macro, Pat, PatIdent};

/// How one name is used.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Use {
    /// `x[..]` or `x.len()`.
    pub indexed: bool,
    /// An operand of arithmetic or a comparison.
    pub operand: bool,
    /// Anything else.
    pub other: bool,
}

/// The names of a body. Keys are `x` or `self.x`.
#[derive(Default)]
pub struct Names {
    pub uses: BTreeMap<String, Use>,
    /// Bound by some pattern in the body.
    pub bound: BTreeSet<String>,
    /// Seen among the tokens of some macro, or in a format string.
    pub in_macro: BTreeSet<String>,
    /// Seen among the tokens of a macro that is none of the standard library's: it may declare them.
    pub in_unknown: BTreeSet<String>,
    /// Assigned, or borrowed as `&mut`.
    pub changed: BTreeSet<String>,
    /// There is a loop inside.
    pub inner_loop: bool,
    /// There is a call of a path, or a macro: iterations may be long.
    pub calls: bool,
    /// There are items, or macros that may hold some: the body must not be doubled.
    pub items: bool,
    /// There are items in plain sight: names may mean them and not what is outside.
    pub declares: bool,
    /// There are macros that may hide a `break`, `continue` or `return`.
    pub opaque: bool,
    /// The place of each key as it was first written, and whether two macros' names look alike.
    pub places: BTreeMap<String, (Expr, bool)>,
}

impl Names {
    pub fn of(block: &syn::Block) -> Names {
        let mut n = Names::default();
        n.visit_block(block);
        n
    }
    /// Whether the name occurs at all.
    pub fn mentions(&self, key: &str) -> bool {
        self.uses.contains_key(key) || self.in_macro.contains(key) || self.changed.contains(key)
    }
    /// Whether the name, or the field of `self`, occurs at all, as far as one can see.
    pub fn knows(&self, key: &str) -> bool {
        self.mentions(key) || self.in_macro.contains(key.trim_start_matches("self."))
    }
    fn note(&mut self, key: String, place: &Expr, how: impl Fn(&mut Use)) {
        how(self.uses.entry(key.clone()).or_default());
        let (first, mixed) = self
            .places
            .entry(key)
            .or_insert_with(|| (place.clone(), false));
        *mixed |= context(first) != context(place);
    }
    fn operand(&mut self, e: &Expr) {
        match array_key(e) {
            Some(k) => self.note(k, e, |u| u.operand = true),
            None => self.visit_expr(e),
        }
    }
}

/// Which macro wrote a name. (Stable Rust compares spans only by what `Debug` prints, which begins with
/// the context. Where that tells nothing, all names look alike, as they do to most programs.)
fn context(e: &Expr) -> String {
    use syn::spanned::Spanned;
    let text = format!("{:?}", e.span());
    text.split(" bytes").next().unwrap_or_default().to_owned()
}

/// Methods that take no time worth a look at the stop flag.
const QUICK: [&str; 34] = [
    "abs",
    "sqrt",
    "cbrt",
    "max",
    "min",
    "clamp",
    "mul_add",
    "powi",
    "recip",
    "signum",
    "floor",
    "ceil",
    "round",
    "trunc",
    "fract",
    "copysign",
    "rem_euclid",
    "div_euclid",
    "len",
    "is_nan",
    "is_finite",
    "to_bits",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "saturating_add",
    "saturating_sub",
    "abs_diff",
    "pow",
    "hypot",
    "is_empty",
    "get",
    "unwrap",
    "cmp",
];

/// What the tokens of a macro may hide.
#[derive(Clone, Copy, Default)]
pub struct Hidden {
    pub leaves: bool,
    pub continues: bool,
    /// A loop or a closure, which those may belong to.
    pub nested: bool,
    pub items: bool,
}

/// Looks through a macro's tokens.
pub fn hidden_in(tokens: TokenStream) -> Hidden {
    let mut seen = BTreeSet::new();
    words(tokens, &mut seen);
    let any = |list: &[&str]| list.iter().any(|w| seen.contains(*w));
    Hidden {
        leaves: any(&["break", "return"]),
        continues: any(&["continue"]),
        nested: any(&["loop", "for", "while", "move"]),
        items: any(&[
            "static",
            "const",
            "fn",
            "struct",
            "enum",
            "union",
            "trait",
            "impl",
            "use",
            "mod",
            "type",
            "macro_rules",
        ]),
    }
}

/// The arguments of one of the standard library's macros, where they are expressions.
pub fn arguments(m: &Macro) -> Option<Vec<Expr>> {
    if !harmless(m) {
        return None;
    }
    let parser = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
    let parsed = m.parse_body_with(parser).ok()?;
    Some(parsed.into_iter().collect())
}

/// Whether it is, by its name, one of the macros below.
pub fn harmless(m: &Macro) -> bool {
    let path: Vec<String> = m
        .path
        .segments
        .iter()
        .map(|s| s.ident.to_string())
        .collect();
    let name = match path.as_slice() {
        [name] => name,
        [root, name] if ["std", "core", "alloc"].contains(&root.as_str()) => name,
        _ => return false,
    };
    HARMLESS.contains(&name.as_str())
}

/// Macros that hold no items and no control flow, except in their arguments.
const HARMLESS: [&str; 22] = [
    "println",
    "print",
    "eprintln",
    "eprint",
    "write",
    "writeln",
    "format",
    "panic",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "vec",
    "matches",
    "unreachable",
    "todo",
    "unimplemented",
    "dbg",
    "line",
    "file",
];

/// All identifiers among tokens, and all words inside string literals (format captures).
pub fn words(tokens: TokenStream, into: &mut BTreeSet<String>) {
    for t in tokens {
        match t {
            TokenTree::Ident(i) => {
                into.insert(i.to_string());
            }
            TokenTree::Group(g) => words(g.stream(), into),
            TokenTree::Literal(l) => {
                let text = l.to_string();
                let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                into.extend(parts.filter(|p| !p.is_empty()).map(str::to_owned));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// `+`, `<` and their like.
pub fn arithmetic(op: &BinOp) -> bool {
    use BinOp::*;
    matches!(
        op,
        Add(_)
            | Sub(_)
            | Mul(_)
            | Div(_)
            | Rem(_)
            | BitAnd(_)
            | BitOr(_)
            | BitXor(_)
            | Shl(_)
            | Shr(_)
            | Lt(_)
            | Le(_)
            | Gt(_)
            | Ge(_)
            | Eq(_)
            | Ne(_)
    )
}

/// `+=` and its like.
pub fn assigns(op: &BinOp) -> bool {
    use BinOp::*;
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

impl<'a> Visit<'a> for Names {
    fn visit_pat_ident(&mut self, p: &'a PatIdent) {
        self.bound.insert(p.ident.to_string());
        visit::visit_pat_ident(self, p);
    }
    fn visit_macro(&mut self, m: &'a Macro) {
        words(m.tokens.clone(), &mut self.in_macro);
        self.calls = true;
        let hidden = hidden_in(m.tokens.clone());
        let known = harmless(m) && !hidden.items;
        let flow = hidden.leaves || hidden.continues;
        if !harmless(m) {
            words(m.tokens.clone(), &mut self.in_unknown);
        }
        self.items |= !known || flow;
        self.opaque |= !known || flow;
    }
    fn visit_item(&mut self, _: &'a Item) {
        self.items = true;
        self.declares = true;
    }
    fn visit_expr(&mut self, e: &'a Expr) {
        if let Some(k) = array_key(e) {
            return self.note(k, e, |u| u.other = true);
        }
        match e {
            Expr::Index(x) => {
                match array_key(&x.expr) {
                    Some(k) => self.note(k, &x.expr, |u| u.indexed = true),
                    None => self.visit_expr(&x.expr),
                }
                // An index is as good as an operand.
                match &*x.index {
                    Expr::Array(at) => at.elems.iter().for_each(|e| self.operand(e)),
                    e => self.operand(e),
                }
            }
            Expr::MethodCall(m) if m.method == "len" && m.args.is_empty() => {
                match array_key(&m.receiver) {
                    Some(k) => self.note(k, &m.receiver, |u| u.indexed = true),
                    None => self.visit_expr(&m.receiver),
                }
            }
            Expr::Assign(a) => {
                self.change(&a.left);
                self.visit_expr(&a.left);
                self.visit_expr(&a.right);
            }
            Expr::Binary(b) if assigns(&b.op) => {
                self.change(&b.left);
                self.visit_expr(&b.left);
                self.operand(&b.right);
            }
            Expr::Binary(b) if arithmetic(&b.op) => {
                self.operand(&b.left);
                self.operand(&b.right);
            }
            Expr::Reference(r) if r.mutability.is_some() => {
                self.change(&r.expr);
                visit::visit_expr(self, e);
            }
            Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => {
                self.inner_loop = true;
                visit::visit_expr(self, e);
            }
            // A nested construct that is lowered already.
            Expr::Verbatim(_) => {
                self.items = true;
                self.inner_loop = true;
                self.calls = true;
            }
            Expr::Call(_) | Expr::Await(_) => {
                self.calls = true;
                visit::visit_expr(self, e);
            }
            Expr::MethodCall(m) => {
                self.calls |= !QUICK.contains(&m.method.to_string().as_str());
                visit::visit_expr(self, e);
            }
            _ => visit::visit_expr(self, e),
        }
    }
}

impl Names {
    /// A place is changed: so is the variable at its root.
    fn change(&mut self, place: &Expr) {
        if let Some(k) = root(place) {
            self.changed.insert(k);
        }
    }
}

/// The variable at the root of a place: `x` of `x[i].y`.
pub fn root(place: &Expr) -> Option<String> {
    if let Some(k) = array_key(place) {
        return Some(k);
    }
    match place {
        Expr::Index(x) => root(&x.expr),
        Expr::Field(f) => root(&f.base),
        Expr::Paren(p) => root(&p.expr),
        Expr::Unary(u) => root(&u.expr),
        _ => None,
    }
}

/// The names that a pattern binds.
pub fn bound_by(pat: &Pat) -> BTreeSet<String> {
    let mut n = Names::default();
    n.visit_pat(pat);
    n.bound
}

//! Writes of what the iterations share.

use super::Body;
use super::index::{mentions, plainly_mentions, text};
use crate::clause::{array_key, ident_of};
use crate::error;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{BinOp, Error, Expr, ExprReference, Ident};

impl Body<'_> {
    /// `place = value`, or `place op= value`.
    pub(super) fn write(&mut self, place: &Expr, op: Option<&BinOp>, value: &Expr) {
        if let Some(name) = ident_of(place).map(Ident::to_string) {
            if self.captured(&name) {
                let e = self.of_variable(place, &name, op, value);
                self.say(&name, e);
            }
            return;
        }
        match place {
            Expr::Tuple(t) => t.elems.iter().for_each(|e| self.write(e, None, value)),
            Expr::Array(a) => a.elems.iter().for_each(|e| self.write(e, None, value)),
            Expr::Paren(p) => self.write(&p.expr, op, value),
            Expr::Index(x) => {
                self.no_cell(x);
                self.element(place, op);
            }
            Expr::Field(_) | Expr::Unary(_) => self.part(place, op),
            _ => {}
        }
    }

    /// A variable that the iterations share is written.
    fn of_variable(&self, place: &Expr, name: &str, op: Option<&BinOp>, value: &Expr) -> Error {
        let at = place.span();
        let life = self.lives.of_name(name);
        let op = op.map_or_else(|| folded(name, value), |op| Some(operator(op)));
        match op {
            _ if life.begins_anew() => error::assigned(at, name),
            Some(op) if self.ordered => error::not_in_order(at, name, op),
            Some(_) if life.index || (life.read && life.step().is_some()) => {
                error::induction(place, name, name, life.step())
            }
            Some(op) if life.read => error::running(at, name, op),
            Some(op) => error::updated(at, name, op),
            None if life.compared => error::compared(at, name),
            None if life.read || life.updated => error::carried(at, name),
            None => error::assigned_by_some(at, name),
        }
    }

    /// `y[i] = ..`, or `y[i][j] = ..`.
    fn element(&mut self, place: &Expr, op: Option<&BinOp>) {
        let mut at = place;
        while let Expr::Index(x) = at {
            self.access(x, true);
            if let Some(k) = array_key(&x.expr) {
                if (k.starts_with("self.") && !self.covered.contains(&k) && !self.all_own)
                    || self.captured(&k)
                {
                    self.undeclared(place, x, &k, op);
                }
                return;
            }
            if let Expr::Field(f) = &*x.expr {
                if self.in_unsafe == 0 && self.belongs_to_all(&x.expr) {
                    let (array, member) = (text(&x.expr), f.member.to_token_stream());
                    let e = error::written_field(place, &text(place), &array, &member.to_string());
                    self.say(&array, e);
                }
                return;
            }
            at = &x.expr;
        }
    }

    /// An array without a clause is written.
    fn undeclared(&mut self, place: &Expr, x: &syn::ExprIndex, k: &str, op: Option<&BinOp>) {
        let counts = self.lives.names().find(|(name, life)| {
            life.index && life.updated && self.captured(name) && mentions(&x.index, name)
        });
        if let Some((name, life)) = counts {
            let (name, step) = (name.to_owned(), life.step());
            let e = error::induction(place, &text(place), &name, step);
            self.said.insert(name);
            return self.say(k, e);
        }
        let scattered = self.own.iter().all(|v| !plainly_mentions(&x.index, v));
        let e = match op.filter(|_| scattered && !k.starts_with("self.")) {
            Some(op) => error::updated(place.span(), k, operator(op)),
            None => error::written(place, &text(place), k),
        };
        self.say(k, e);
    }

    /// `s.total = ..`, `self.total = ..` or `*total = ..`.
    fn part(&mut self, place: &Expr, op: Option<&BinOp>) {
        if self.in_unsafe > 0 || !self.belongs_to_all(place) {
            return;
        }
        let (name, at) = (text(place), place);
        let e = match op {
            Some(op) => error::updated_place(at, &name, operator(op)),
            None => error::assigned_place(at, &name),
        };
        self.say(&name, e);
    }

    /// Whether a field, or what is behind a reference, is the same for all iterations.
    fn belongs_to_all(&self, place: &Expr) -> bool {
        if let Some(key) = array_key(place).filter(|k| k.starts_with("self.")) {
            return !self.all_own && self.copies == 0 && !self.covered.contains(&key);
        }
        match place {
            Expr::Path(p) if p.path.is_ident("self") => !self.all_own && self.copies == 0,
            Expr::Path(_) => ident_of(place).is_some_and(|i| self.captured(&i.to_string())),
            Expr::Field(f) => self.belongs_to_all(&f.base),
            Expr::Paren(p) => self.belongs_to_all(&p.expr),
            Expr::Unary(u) if matches!(u.op, syn::UnOp::Deref(_)) => self.belongs_to_all(&u.expr),
            _ => false,
        }
    }

    /// `&mut total`.
    pub(super) fn borrow(&mut self, r: &ExprReference) {
        if r.mutability.is_none() || self.in_unsafe > 0 {
            return;
        }
        match &*r.expr {
            Expr::Index(_) => self.element(&r.expr, None),
            e => {
                let Some(name) = ident_of(e).map(Ident::to_string) else {
                    return;
                };
                if self.captured(&name) {
                    self.say(&name, error::borrowed(r, &name));
                }
            }
        }
    }
}

impl Body<'_> {
    /// `place op= ..`: a reduced variable is updated as its copies are combined.
    pub(super) fn combines(&mut self, place: &Expr, op: &BinOp) {
        let Some((name, _)) = root(place) else { return };
        let Some(clause) = self.reduced.get(&name).copied() else {
            return;
        };
        let fits = match op {
            BinOp::AddAssign(_) | BinOp::SubAssign(_) => &["+"][..],
            BinOp::MulAssign(_) | BinOp::DivAssign(_) => &["*"],
            BinOp::BitAndAssign(_) => &["&", "&&"],
            BinOp::BitOrAssign(_) => &["|", "||"],
            BinOp::BitXorAssign(_) => &["^"],
            _ => &[],
        };
        if fits.contains(&clause) || self.inside.contains(&name) {
            return;
        }
        let by = op.to_token_stream().to_string();
        let e = error::other_operator(place, &name, &by, clause, fits.first().copied());
        self.say(&name, e);
    }
}

/// The reduction that `x = value` looks like.
pub(super) fn folded(name: &str, value: &Expr) -> Option<&'static str> {
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

/// The operator that reduces what `op=` updates.
pub(super) fn operator(op: &BinOp) -> &'static str {
    match op {
        BinOp::MulAssign(_) | BinOp::DivAssign(_) => "*",
        BinOp::BitAndAssign(_) => "&",
        BinOp::BitOrAssign(_) => "|",
        BinOp::BitXorAssign(_) => "^",
        _ => "+",
    }
}

/// The variable, or `self.field`, that a place is a part of, and whether an index leads there.
pub(super) fn root(place: &Expr) -> Option<(String, bool)> {
    if let Some(key) = array_key(place) {
        return Some((key, false));
    }
    match place {
        Expr::Index(x) => root(&x.expr).map(|(key, _)| (key, true)),
        Expr::Field(f) => root(&f.base),
        Expr::Paren(p) => root(&p.expr),
        Expr::Unary(u) if matches!(u.op, syn::UnOp::Deref(_)) => root(&u.expr),
        _ => None,
    }
}

//! Writes of variables that the iterations share.

use super::Body;
use super::index::{plainly_mentions, text};
use crate::clause::{array_key, ident_of};
use crate::error;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, Ident};

impl Body<'_> {
    /// `place = value`, or `place op= value`.
    pub(super) fn write(&mut self, place: &Expr, op: Option<&BinOp>, value: &Expr) {
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

//! Attributes that mean a construct and name none: OpenMP's other names, and misspelled ones. rustc would only say that
//! attributes on expressions are unstable.

use crate::{construct, directive};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Error, Expr, parse_quote};

/// Refuses them all, and leaves out what they stand on: one mistake, one error.
pub struct Unknown<'e> {
    errors: &'e mut Vec<Error>,
}

impl Unknown<'_> {
    /// Goes through an item; if there are any, returns how many errors there are now.
    pub fn refuse(errors: &mut Vec<Error>, go: impl FnOnce(&mut Unknown<'_>)) -> Option<usize> {
        let before = errors.len();
        go(&mut Unknown { errors });
        (errors.len() > before).then_some(errors.len())
    }
}

impl VisitMut for Unknown<'_> {
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        let errors: Vec<Error> = leading(e).iter().filter_map(refusal).collect();
        if errors.is_empty() {
            return visit_mut::visit_expr_mut(self, e);
        }
        self.errors.extend(errors);
        // Its value may be of any type.
        *e = match e {
            Expr::Block(_) => parse_quote!({ ::core::unreachable!() }),
            _ => parse_quote!({}),
        };
    }
}

/// The attributes in front of an expression. Those of `a += b` are those of `a`, for syn.
fn leading(e: &Expr) -> &[Attribute] {
    match e {
        Expr::Assign(x) => leading(&x.left),
        Expr::Binary(x) => leading(&x.left),
        _ => attributes(e),
    }
}

fn attributes(e: &Expr) -> &[Attribute] {
    match e {
        Expr::ForLoop(x) => &x.attrs,
        Expr::While(x) => &x.attrs,
        Expr::Loop(x) => &x.attrs,
        Expr::Block(x) => &x.attrs,
        Expr::Unsafe(x) => &x.attrs,
        Expr::Index(x) => &x.attrs,
        Expr::Path(x) => &x.attrs,
        Expr::Field(x) => &x.attrs,
        Expr::Unary(x) => &x.attrs,
        Expr::Call(x) => &x.attrs,
        Expr::MethodCall(x) => &x.attrs,
        _ => &[],
    }
}

fn refusal(a: &Attribute) -> Option<Error> {
    if directive::construct(a).is_some() {
        return None;
    }
    let name = a.path().get_ident()?.to_string();
    let name = name.trim_start_matches("r#");
    let advice = match construct::instead(name) {
        Some(advice) => advice.to_owned(),
        None => format!("did you mean `#[{}]`?", construct::nearest_construct(name)?),
    };
    let message = format!("phalanx has no `#[{name}]`: {advice}");
    Some(Error::new(a.path().span(), message))
}

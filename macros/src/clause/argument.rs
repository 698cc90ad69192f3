//! Arguments of clauses that have a form of their own.

use super::{Op, Schedule, ident_of};
use crate::{error, region_error};
use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, Expr, Ident, Path, Token};

/// `j, k: step`; without a step it is 1.
pub(super) fn linear(i: ParseStream, into: &mut Vec<(Ident, Expr)>) -> syn::Result<()> {
    let mut list = Vec::new();
    let mut form = |i: ParseStream| -> syn::Result<Expr> {
        list.push(i.call(Ident::parse_any)?);
        while i.parse::<Option<Token![,]>>()?.is_some() && !i.is_empty() {
            list.push(i.call(Ident::parse_any)?);
        }
        match i.is_empty() {
            true => Ok(syn::parse_quote!(1)),
            false => i.parse::<Token![:]>().and_then(|_| i.parse()),
        }
    };
    let parsed = form(i);
    // In any case the variables are spoken for.
    let step = parsed
        .as_ref()
        .map_or_else(|_| syn::parse_quote!(1), Expr::clone);
    into.extend(list.into_iter().map(|v| (v, step.clone())));
    match parsed {
        Ok(_) => Ok(()),
        Err(e) => {
            i.parse::<TokenStream>()?;
            Err(region_error::linear_form(e.span()))
        }
    }
}

pub(super) fn variables(i: ParseStream, clause: &str) -> syn::Result<Vec<Ident>> {
    let wrong = |e: &Error| error::not_a_variable(e.span(), clause);
    let all = Punctuated::<Expr, Token![,]>::parse_terminated(i).map_err(|e| wrong(&e))?;
    all.iter()
        .map(|e| {
            ident_of(e)
                .cloned()
                .ok_or_else(|| error::not_a_variable(e.span(), clause))
        })
        .collect()
}

pub(super) fn schedule(i: ParseStream) -> syn::Result<Schedule> {
    let mut word = i.call(Ident::parse_any)?;
    let mut modifier = None;
    if i.parse::<Option<Token![:]>>()?.is_some() {
        modifier = Some(word);
        word = i.call(Ident::parse_any)?;
    }
    let kind = word.to_string();
    if !["static", "dynamic", "guided", "auto", "runtime"].contains(&kind.as_str()) {
        i.parse::<TokenStream>()?;
        return Err(error::unknown_schedule(word.span(), &kind));
    }
    let monotonic = match &modifier {
        None => false,
        Some(m) if m == "nonmonotonic" && ["dynamic", "guided"].contains(&kind.as_str()) => false,
        Some(m) if m == "monotonic" => true,
        Some(m) => {
            i.parse::<TokenStream>()?;
            return Err(error::modifier(m.span(), &m.to_string(), &kind));
        }
    };
    let chunk: Option<Expr> = match i.parse::<Option<Token![,]>>()? {
        Some(_) => Some(i.parse()?),
        None => None,
    };
    if let Some(e) = &chunk {
        if kind == "auto" || kind == "runtime" {
            return Err(error::no_chunk(e.span(), &kind));
        }
        if let Expr::Lit(l) = e
            && let syn::Lit::Int(n) = &l.lit
            && n.base10_parse::<u128>().is_ok_and(|n| n == 0)
        {
            return Err(error::chunk_zero(e.span()));
        }
    }
    let variant = match (kind.as_str(), chunk.is_some(), monotonic) {
        ("static", false, _) => "Static",
        ("static", true, _) => "StaticChunk",
        ("dynamic", _, true) => "MonotonicDynamic",
        ("dynamic", ..) => "Dynamic",
        ("guided", ..) => "Guided",
        ("auto", ..) => "Auto",
        _ => "Runtime",
    };
    Ok(Schedule {
        kind: variant,
        chunk,
    })
}

pub(super) fn reduction(
    i: ParseStream,
    into: &mut Vec<(Op, Ident)>,
    errors: &mut Vec<Error>,
) -> syn::Result<()> {
    let at = i.span();
    let form = |e: Error| error::reduction_form(e.span());
    let op = if i.peek(Token![&&]) {
        i.parse::<Token![&&]>()?;
        Op::Known("And")
    } else if i.peek(Token![||]) {
        i.parse::<Token![||]>()?;
        Op::Known("Or")
    } else if i.peek(Token![+]) {
        i.parse::<Token![+]>()?;
        Op::Known("Add")
    } else if i.peek(Token![-]) {
        i.parse::<Token![-]>()?;
        errors.push(error::minus(at));
        Op::Known("Add")
    } else if i.peek(Token![*]) {
        i.parse::<Token![*]>()?;
        Op::Known("Mul")
    } else if i.peek(Token![&]) {
        i.parse::<Token![&]>()?;
        Op::Known("BitAnd")
    } else if i.peek(Token![|]) {
        i.parse::<Token![|]>()?;
        Op::Known("BitOr")
    } else if i.peek(Token![^]) {
        i.parse::<Token![^]>()?;
        Op::Known("BitXor")
    } else {
        let path: Path = Path::parse_mod_style(i).map_err(form)?;
        let word = path.get_ident().map_or(String::new(), Ident::to_string);
        match (word.as_str(), spelled(&word)) {
            ("min", _) => Op::Known("Min"),
            ("max", _) => Op::Known("Max"),
            (word, Some((sign, op))) => {
                errors.push(error::spelled_operator(at, word, sign));
                Op::Known(op)
            }
            _ => Op::User(Box::new(path)),
        }
    };
    if i.peek(Token![,]) {
        errors.push(error::reduction_form(i.span()));
        i.parse::<Token![,]>()?;
    } else {
        i.parse::<Token![:]>().map_err(form)?;
    }
    for v in variables(i, "reduction")? {
        into.push((op.clone(), v));
    }
    Ok(())
}

/// The operator that people mean by a word, as a sign and by its name in `ops`.
fn spelled(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "sum" | "add" | "plus" => ("+", "Add"),
        "product" | "prod" | "mul" | "times" => ("*", "Mul"),
        "and" => ("&&", "And"),
        "or" => ("||", "Or"),
        "xor" => ("^", "BitXor"),
        _ => return None,
    })
}

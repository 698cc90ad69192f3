//! Clauses: parsed one by one, so that a wrong one costs one error and the rest still holds.

use crate::error;
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, Expr, Ident, LitInt, Member, Path, Token, parenthesized};

/// A reduction operator.
#[derive(Clone)]
pub enum Op {
    /// One of ours, by its name in `ops`.
    Known(&'static str),
    /// A type of the user's.
    User(Box<Path>),
}

/// A schedule and its chunk.
pub struct Schedule {
    /// The variant's name.
    pub kind: &'static str,
    pub chunk: Option<Expr>,
}

/// What the clauses of one `parallel_for` say.
#[derive(Default)]
pub struct Clauses {
    pub schedule: Option<Schedule>,
    pub reductions: Vec<(Op, Ident)>,
    pub disjoint: Vec<Expr>,
    pub private: Vec<Ident>,
    pub firstprivate: Vec<Ident>,
    pub lastprivate: Vec<Ident>,
    pub collapse: Option<(usize, Span)>,
    pub num_threads: Option<Expr>,
    pub proc_bind: Option<Ident>,
    pub condition: Option<Expr>,
    /// What a region's threads see as views.
    pub shared: Vec<Expr>,
    /// Views that every iteration may read.
    pub reads: Vec<Expr>,
    /// Views that one thread has as a whole.
    pub writes: Vec<Expr>,
}

/// The clauses of `parallel_for`.
pub const COMBINED: &[&str] = &[
    "schedule",
    "reduction",
    "disjoint",
    "private",
    "firstprivate",
    "lastprivate",
    "collapse",
    "num_threads",
    "proc_bind",
    "if",
];
/// The clauses of `parallel`.
pub const PARALLEL: &[&str] = &[
    "shared",
    "private",
    "firstprivate",
    "num_threads",
    "proc_bind",
    "if",
];
/// The clauses of `for_each`.
pub const LOOP: &[&str] = &[
    "schedule",
    "reads",
    "disjoint",
    "reduction",
    "private",
    "firstprivate",
    "collapse",
];
/// The clauses of `single`, `masked` and `section`.
pub const BLOCK: &[&str] = &["reads", "writes"];

/// Reads the clauses between the attribute's parentheses; `names` are those that the construct has.
pub fn parse(tokens: TokenStream, names: &[&'static str], errors: &mut Vec<Error>) -> Clauses {
    let mut clauses = Clauses::default();
    let mut seen: Vec<String> = Vec::new();
    let all = |input: ParseStream| {
        while !input.is_empty() {
            if let Err(e) = one(input, names, &mut clauses, &mut seen, errors) {
                errors.push(e);
                // To the next comma at this depth.
                while !input.is_empty() && !input.peek(Token![,]) {
                    input.parse::<proc_macro2::TokenTree>()?;
                }
            }
            if !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
                errors.push(error::trailing(input.span()));
                input.parse::<TokenStream>()?;
            }
        }
        Ok(())
    };
    if let Err(e) = all.parse2(tokens) {
        errors.push(e);
    }
    clauses
}

fn one(
    input: ParseStream,
    names: &[&'static str],
    c: &mut Clauses,
    seen: &mut Vec<String>,
    errors: &mut Vec<Error>,
) -> syn::Result<()> {
    let name = input.call(Ident::parse_any)?;
    let text = name.to_string();
    if !names.contains(&text.as_str()) {
        if input.peek(syn::token::Paren) {
            let inner;
            parenthesized!(inner in input);
            inner.parse::<TokenStream>()?;
        }
        return Err(error::unknown_clause(
            name.span(),
            &text,
            nearest(&text, names),
            names,
        ));
    }
    let single = ["schedule", "collapse", "num_threads", "proc_bind", "if"];
    let again = seen.contains(&text) && single.contains(&text.as_str());
    seen.push(text.clone());
    if !input.peek(syn::token::Paren) {
        return Err(error::needs_argument(name.span(), &text, form(&text)));
    }
    let inner;
    parenthesized!(inner in input);
    let tokens: TokenStream = inner.parse()?;
    if again {
        return Err(error::twice(name.span(), &text));
    }
    if tokens.is_empty() {
        return Err(error::needs_argument(name.span(), &text, form(&text)));
    }
    (|i: ParseStream| argument(&text, i, c, errors)).parse2(tokens)
}

/// How a clause is written.
fn form(name: &str) -> &'static str {
    match name {
        "schedule" => "schedule(dynamic, 16)",
        "reduction" => "reduction(+: sum)",
        "disjoint" => "disjoint(y)",
        "private" => "private(t)",
        "firstprivate" => "firstprivate(t)",
        "lastprivate" => "lastprivate(t)",
        "shared" => "shared(a, b)",
        "reads" => "reads(a)",
        "writes" => "writes(a)",
        "collapse" => "collapse(2)",
        "num_threads" => "num_threads(4)",
        "proc_bind" => "proc_bind(spread)",
        _ => "if(n > 1000)",
    }
}

fn argument(
    name: &str,
    i: ParseStream,
    c: &mut Clauses,
    errors: &mut Vec<Error>,
) -> syn::Result<()> {
    match name {
        "schedule" => c.schedule = Some(schedule(i)?),
        "reduction" => reduction(i, &mut c.reductions, errors)?,
        "disjoint" | "shared" | "reads" | "writes" => {
            let list = match name {
                "disjoint" => &mut c.disjoint,
                "shared" => &mut c.shared,
                "reads" => &mut c.reads,
                _ => &mut c.writes,
            };
            for e in Punctuated::<Expr, Token![,]>::parse_terminated(i)? {
                if array_key(&e).is_none() {
                    return Err(error::not_an_array(e.span()));
                }
                if name != "disjoint" && ident_of(&e).is_none() {
                    return Err(error::not_a_variable(e.span(), name));
                }
                list.push(e);
            }
        }
        "private" => c.private.extend(variables(i, name)?),
        "firstprivate" => c.firstprivate.extend(variables(i, name)?),
        "lastprivate" => c.lastprivate.extend(variables(i, name)?),
        "collapse" => {
            let n: LitInt = i.parse().map_err(|e| error::collapse_range(e.span()))?;
            match n.base10_parse::<usize>() {
                Ok(k @ 1..=3) => c.collapse = Some((k, n.span())),
                _ => return Err(error::collapse_range(n.span())),
            }
        }
        "num_threads" => c.num_threads = Some(i.parse()?),
        "proc_bind" => {
            let kind: Ident = i.parse()?;
            c.proc_bind = Some(match kind.to_string().as_str() {
                "primary" | "master" => Ident::new("Primary", kind.span()),
                "close" => Ident::new("Close", kind.span()),
                "spread" => Ident::new("Spread", kind.span()),
                other => return Err(error::unknown_bind(kind.span(), other)),
            });
        }
        _ => c.condition = Some(i.parse()?),
    }
    if i.is_empty() {
        return Ok(());
    }
    let rest = i.span();
    i.parse::<TokenStream>()?;
    Err(error::trailing(rest))
}

fn variables(i: ParseStream, clause: &str) -> syn::Result<Vec<Ident>> {
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

fn schedule(i: ParseStream) -> syn::Result<Schedule> {
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

fn reduction(
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
        match path.get_ident().map(Ident::to_string).as_deref() {
            Some("min") => Op::Known("Min"),
            Some("max") => Op::Known("Max"),
            _ => Op::User(Box::new(path)),
        }
    };
    i.parse::<Token![:]>().map_err(form)?;
    for v in variables(i, "reduction")? {
        into.push((op.clone(), v));
    }
    Ok(())
}

/// The name of a plain variable.
pub fn ident_of(e: &Expr) -> Option<&Ident> {
    match e {
        Expr::Path(p) if p.qself.is_none() => p.path.get_ident().filter(|i| *i != "self"),
        Expr::Group(g) => ident_of(&g.expr),
        _ => None,
    }
}

/// The name of a variable, or `self.field`.
pub fn array_key(e: &Expr) -> Option<String> {
    if let Some(i) = ident_of(e) {
        return Some(i.to_string());
    }
    match e {
        Expr::Field(f) => match (&*f.base, &f.member) {
            (Expr::Path(p), Member::Named(m)) if p.path.is_ident("self") => {
                Some(format!("self.{m}"))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The clause whose name is most like `text`, if one is.
fn nearest(text: &str, names: &[&'static str]) -> Option<&'static str> {
    let best = names.iter().copied().min_by_key(|n| distance(text, n))?;
    (distance(text, best) <= 1 + text.len() / 4).then_some(best)
}

/// Edits from one word to another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

/// `crate = path` in `#[omp(crate = path)]`.
pub struct CratePath(pub Path);
impl Parse for CratePath {
    fn parse(i: ParseStream) -> syn::Result<Self> {
        i.parse::<Token![crate]>()?;
        i.parse::<Token![=]>()?;
        i.call(Path::parse_mod_style).map(CratePath)
    }
}

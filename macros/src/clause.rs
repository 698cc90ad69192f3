//! Clauses: parsed one by one, so that a wrong one costs one error and the rest still holds.

mod argument;

use crate::depend::{self, Depend};
use crate::{combined, construct, error, region_error, scope};
use argument::{linear, reduction, schedule, variables};
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
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
    /// What is reduced; on a task, its part in a reduction of the group around.
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
    /// Those of them that one thread at a time has, and nobody shares out: `combined.rs` writes that.
    pub whole: Vec<Ident>,
    /// Views that every iteration may read.
    pub reads: Vec<Expr>,
    /// Views that one thread has as a whole.
    pub writes: Vec<Expr>,
    /// Variables that each iteration adds the same to.
    pub linear: Vec<(Ident, Expr)>,
    /// What the thread of a `single` gives to the others'.
    pub copyprivate: Vec<Ident>,
    /// Threadprivate data that all threads begin with.
    pub copyin: Vec<Path>,
    /// The thread that runs a `masked` block.
    pub filter: Option<Expr>,
    /// Where these clauses stand, which have no argument.
    pub nowait: Option<Span>,
    pub ordered: Option<Span>,
    pub simd: Option<Span>,
    /// The handle that is in sight where a task loop stands.
    pub outer: Option<Ident>,
    /// The name that a group's handle has.
    pub handle: Option<Ident>,
    /// OpenMP's `final`.
    pub last: Option<Expr>,
    pub priority: Option<Expr>,
    /// What a task does with which objects.
    pub depend: Vec<Depend>,
    /// Names in its clauses that are bound in the group: `scope.rs` writes that too.
    pub local: Vec<Ident>,
    /// The name that a task's event has.
    pub detach: Option<Ident>,
    /// How a task loop is cut.
    pub grainsize: Option<Expr>,
    pub num_tasks: Option<Expr>,
    pub strict: Option<Span>,
    /// The group around waits for the loop.
    pub nogroup: Option<Span>,
    /// Data near which a task is to run.
    pub affinity: Vec<Expr>,
    /// What a task takes along, for it does not outlive the group: `scope.rs` writes that.
    pub own: Vec<Ident>,
}

impl Clauses {
    /// Variables of which each thread or iteration has a copy, with their clauses.
    pub fn copies(&self) -> impl Iterator<Item = (&'static str, &Ident)> {
        let lists = [
            ("private", &self.private),
            ("firstprivate", &self.firstprivate),
            ("lastprivate", &self.lastprivate),
        ];
        let plain = lists
            .into_iter()
            .flat_map(|(name, list)| list.iter().map(move |v| (name, v)));
        let reduced = self.reductions.iter().map(|r| ("reduction", &r.1));
        let linear = self.linear.iter().map(|l| ("linear", &l.0));
        reduced.chain(plain).chain(linear)
    }

    /// Arrays that the loop or block names, with their clauses.
    pub fn arrays(&self) -> impl Iterator<Item = (&'static str, &Expr)> {
        let lists = [
            ("disjoint", &self.disjoint),
            ("reads", &self.reads),
            ("writes", &self.writes),
        ];
        lists
            .into_iter()
            .flat_map(|(name, list)| list.iter().map(move |e| (name, e)))
    }

    /// Something has to be done after the body of each iteration.
    pub fn trails(&self) -> bool {
        !self.lastprivate.is_empty() || !self.linear.is_empty() || self.ordered.is_some()
    }
}

/// Reads the clauses between the attribute's parentheses.
pub fn parse(tokens: TokenStream, construct: &str, errors: &mut Vec<Error>) -> Clauses {
    let mut clauses = Clauses::default();
    let mut seen: Vec<String> = Vec::new();
    let all = |input: ParseStream| {
        while !input.is_empty() {
            if let Err(e) = one(input, construct, &mut clauses, &mut seen, errors) {
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
    construct: &str,
    c: &mut Clauses,
    seen: &mut Vec<String>,
    errors: &mut Vec<Error>,
) -> syn::Result<()> {
    let name = input.call(Ident::parse_any)?;
    let mut text = name.to_string();
    if [scope::OWN, scope::LOCAL, combined::WHOLE].contains(&text.as_str()) {
        let inner;
        parenthesized!(inner in input);
        let names = Punctuated::<Ident, Token![,]>::parse_terminated(&inner)?;
        match text.as_str() {
            scope::OWN => c.own.extend(names),
            scope::LOCAL => c.local.extend(names),
            _ => c.whole.extend(names),
        }
        return Ok(());
    }
    if !construct::clauses(construct).contains(&text.as_str())
        && construct::why_not(construct, &text).is_none()
        && let Some(meant) = construct::nearest(&text, construct)
    {
        // Taken for what it was meant to be, so that the loop does not lack it too.
        errors.push(error::unknown_clause(name.span(), &text, construct));
        text = meant.to_owned();
    }
    if !construct::clauses(construct).contains(&text.as_str()) {
        if input.peek(syn::token::Paren) {
            let inner;
            parenthesized!(inner in input);
            inner.parse::<TokenStream>()?;
        }
        return Err(match construct::why_not(construct, &text) {
            Some(why) => Error::new(name.span(), why),
            None => error::unknown_clause(name.span(), &text, construct),
        });
    }
    let again = seen.contains(&text) && construct::is_single(&text);
    seen.push(text.clone());
    if construct::is_flag(&text) && !input.peek(syn::token::Paren) {
        if again {
            return Err(error::twice(name.span(), &text));
        }
        match text.as_str() {
            "nowait" => c.nowait = Some(name.span()),
            "ordered" => c.ordered = Some(name.span()),
            "simd" => c.simd = Some(name.span()),
            "strict" => c.strict = Some(name.span()),
            "nogroup" => c.nogroup = Some(name.span()),
            // A task is started once, and stays on its thread; it has its data in any case.
            _ => {}
        }
        return Ok(());
    }
    if !input.peek(syn::token::Paren) {
        return Err(error::needs_argument(
            name.span(),
            &text,
            construct::form(&text),
        ));
    }
    let inner;
    parenthesized!(inner in input);
    let tokens: TokenStream = inner.parse()?;
    if again {
        return Err(error::twice(name.span(), &text));
    }
    if construct::is_flag(&text) {
        return Err(region_error::takes_nothing(name.span(), &text));
    }
    if tokens.is_empty() {
        return Err(error::needs_argument(
            name.span(),
            &text,
            construct::form(&text),
        ));
    }
    (|i: ParseStream| argument(&text, i, c, errors)).parse2(tokens)
}

fn argument(
    name: &str,
    i: ParseStream,
    c: &mut Clauses,
    errors: &mut Vec<Error>,
) -> syn::Result<()> {
    match name {
        "schedule" => c.schedule = Some(schedule(i)?),
        "reduction" | "task_reduction" | "in_reduction" => reduction(i, &mut c.reductions, errors)?,
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
        "copyprivate" => c.copyprivate.extend(variables(i, name)?),
        "copyin" => {
            let all =
                Punctuated::<Path, Token![,]>::parse_terminated_with(i, Path::parse_mod_style)
                    .map_err(|e| region_error::copyin(e.span()))?;
            c.copyin.extend(all);
        }
        "linear" => linear(i, &mut c.linear)?,
        "depend" => depend::parse(i, &mut c.depend)?,
        "filter" => c.filter = Some(i.parse()?),
        "handle" => {
            let name: Ident = i
                .parse()
                .map_err(|e| error::not_a_variable(e.span(), name))?;
            c.handle = Some(name);
        }
        "detach" => {
            let name: Ident = i
                .parse()
                .map_err(|e| error::not_a_variable(e.span(), name))?;
            c.detach = Some(name);
        }
        "final" => c.last = Some(i.parse()?),
        "priority" => c.priority = Some(i.parse()?),
        "grainsize" | "num_tasks" => {
            // OpenMP's modifier.
            let ahead = i.fork();
            if ahead.call(Ident::parse_any).is_ok_and(|m| m == "strict") && ahead.peek(Token![:]) {
                c.strict = Some(i.call(Ident::parse_any)?.span());
                i.parse::<Token![:]>()?;
            }
            let n = match name {
                "grainsize" => &mut c.grainsize,
                _ => &mut c.num_tasks,
            };
            *n = Some(i.parse()?);
        }
        "affinity" => c
            .affinity
            .extend(Punctuated::<Expr, Token![,]>::parse_terminated(i)?),
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

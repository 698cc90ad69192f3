//! The clause `nowait`: what it begins becomes a scope, up to the next barrier. And what constructs of one scope
//! may not do to each other.

use crate::clause::{self, Clauses, ident_of};
use crate::combined::each_clause;
use crate::construct::HERE;
use crate::directive::construct;
use crate::names::{Names, bound_by, words};
use crate::{exits, region_error};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::{BTreeMap, BTreeSet};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Attribute, Block, Error, Expr, Meta, Stmt, parse_quote};

/// Whether a construct uses no shared memory, so that it needs no scope. `head`: that of a loop.
pub fn is_free(c: &Clauses, head: Option<&Expr>) -> bool {
    let numbers = head.is_none_or(is_numbers);
    c.arrays().next().is_none() && c.copyprivate.is_empty() && numbers
}

/// `a..b`, and what is made of it.
fn is_numbers(e: &Expr) -> bool {
    match e {
        Expr::Range(r) => r.start.is_some() && r.end.is_some(),
        Expr::Paren(x) => is_numbers(&x.expr),
        Expr::Group(x) => is_numbers(&x.expr),
        Expr::MethodCall(m) => {
            (m.method == "rev" || m.method == "step_by") && is_numbers(&m.receiver)
        }
        _ => false,
    }
}

/// The attributes and the head of a loop or block that is a statement.
fn parts(s: &Stmt) -> Option<(&Vec<Attribute>, Option<&Expr>)> {
    match s {
        Stmt::Expr(Expr::ForLoop(f), _) => Some((&f.attrs, Some(&f.expr))),
        Stmt::Expr(Expr::Block(b), _) => Some((&b.attrs, None)),
        _ => None,
    }
}

fn attributes(s: &mut Stmt) -> Option<&mut Vec<Attribute>> {
    match s {
        Stmt::Expr(Expr::ForLoop(f), _) => Some(&mut f.attrs),
        Stmt::Expr(Expr::Block(b), _) => Some(&mut b.attrs),
        _ => None,
    }
}

fn tokens(a: &Attribute) -> TokenStream {
    match &a.meta {
        Meta::List(l) => l.tokens.clone(),
        _ => TokenStream::new(),
    }
}

/// What a statement is to a scope.
enum Role {
    /// A construct that can stand in a scope: whether it waits, needs no scope, and has results for all threads, so
    /// that it can only be the last one.
    Runs {
        waits: bool,
        free: bool,
        results: bool,
        at: Span,
    },
    /// `barrier!()`.
    Barrier,
    /// A construct that cannot, or something that holds one.
    Ends,
    /// Plain code.
    Plain,
}

fn role(s: &Stmt, cx: &Ident) -> Role {
    if let Some((attrs, head)) = parts(s)
        && let Some((name, a)) = attrs.iter().find_map(|a| Some((construct(a)?, a)))
    {
        let c = clause::parse(tokens(a), &name, &mut Vec::new());
        let result = |(clause, _): (&str, &Ident)| ["reduction", "lastprivate"].contains(&clause);
        let results = c.copies().any(result);
        let runs = match name.as_str() {
            "for_each" => c.ordered.is_none() && !(results && c.nowait.is_some()),
            "sections" => !results,
            "single" => c.copyprivate.is_empty(),
            _ => false,
        };
        if !runs {
            return Role::Ends;
        }
        return Role::Runs {
            waits: c.nowait.is_none(),
            free: name != "sections" && is_free(&c, head),
            results,
            at: c.nowait.unwrap_or(Span::call_site()),
        };
    }
    let is_barrier = |m: &syn::Macro| m.path.is_ident("barrier") && m.tokens.is_empty();
    match s {
        Stmt::Macro(m) if is_barrier(&m.mac) => return Role::Barrier,
        Stmt::Expr(Expr::Macro(m), _) if is_barrier(&m.mac) => return Role::Barrier,
        _ => {}
    }
    let mut seen = BTreeSet::new();
    words(s.to_token_stream(), &mut seen);
    let item = matches!(s, Stmt::Item(_));
    let ends = holds_construct(s.to_token_stream()) || seen.contains(&cx.to_string());
    match ends || item || exits::leads_out(s) {
        true => Role::Ends,
        false => Role::Plain,
    }
}

/// Whether some attribute or macro among the tokens is a construct.
fn holds_construct(tokens: TokenStream) -> bool {
    let mut hash = false;
    let mut barrier = false;
    for t in tokens {
        let is = |c: char| matches!(&t, TokenTree::Punct(p) if p.as_char() == c);
        if barrier && is('!') {
            return true;
        }
        if let TokenTree::Group(g) = &t {
            let first = g.stream().into_iter().next().map(|t| t.to_string());
            let ours = first.is_some_and(|f| HERE.contains(&f.as_str()) || f == "phalanx");
            if (hash && ours) || holds_construct(g.stream()) {
                return true;
            }
        }
        hash = is('#');
        barrier = matches!(&t, TokenTree::Ident(i) if i == "barrier");
    }
    false
}

/// The names that a statement declares for those that follow.
fn declares(s: &Stmt) -> BTreeSet<String> {
    match s {
        Stmt::Local(l) => bound_by(&l.pat),
        _ => BTreeSet::new(),
    }
}

/// Makes scopes of the constructs of a block that have the clause `nowait`. `whole`: the block is that of a region,
/// at whose end all threads meet anyway.
pub fn scopes(block: &mut Block, cx: &Ident, whole: bool, errors: &mut Vec<Error>) {
    let mut left: Vec<Stmt> = std::mem::take(&mut block.stmts);
    let mut done = Vec::new();
    while !left.is_empty() {
        match role(&left[0], cx) {
            Role::Runs {
                waits: false,
                free: false,
                at,
                ..
            } => {
                let (scope, rest) = scope(left, (cx, whole, at), errors);
                done.extend(scope);
                left = rest;
            }
            _ => done.push(left.remove(0)),
        }
    }
    block.stmts = done;
}

/// The scope that begins with the first statement, and what follows it.
fn scope(
    mut left: Vec<Stmt>,
    (cx, whole, at): (&Ident, bool, Span),
    errors: &mut Vec<Error>,
) -> (Vec<Stmt>, Vec<Stmt>) {
    let (mut taken, mut gains, mut barrier, mut folds) = (1, false, false, false);
    while taken < left.len() {
        match role(&left[taken], cx) {
            Role::Plain => gains = true,
            Role::Runs { waits, results, .. } => {
                (gains, folds) = (true, results);
                if waits {
                    taken += 1;
                    break;
                }
            }
            Role::Barrier => {
                barrier = true;
                break;
            }
            Role::Ends => break,
        }
        taken += 1;
    }
    let rest = left.split_off(taken);
    let mut used = BTreeSet::new();
    rest.iter()
        .for_each(|s| words(s.to_token_stream(), &mut used));
    let declared = left.iter().flat_map(declares).find(|d| used.contains(d));
    let before = errors.len();
    if let Some(name) = declared {
        errors.push(region_error::nowait_binding(at, &name));
    } else if !(gains || barrier || whole && rest.is_empty()) {
        errors.push(region_error::nowait_alone(at));
    }
    left.iter_mut().for_each(without_clause);
    let rest = rest.into_iter().skip(usize::from(barrier)).collect();
    if errors.len() > before {
        // The constructs stay as they are, without the clause.
        return (left, rest);
    }
    // Results are the value of the scope.
    if folds && let Some(Stmt::Expr(_, end)) = left.last_mut() {
        *end = None;
    }
    let block: Block = parse_quote!({ #(#left)* });
    let attribute = match folds {
        true => quote_spanned!(at=> #[nowait(results)]),
        false => quote_spanned!(at=> #[nowait]),
    };
    (vec![parse_quote!(#attribute #block)], rest)
}

/// Takes the clause `nowait` off a construct.
fn without_clause(s: &mut Stmt) {
    for a in attributes(s).into_iter().flatten() {
        if construct(a).is_none() {
            continue;
        }
        if let Meta::List(l) = &mut a.meta {
            let kept = each_clause(l.tokens.clone())
                .into_iter()
                .filter(|(name, _)| name != "nowait")
                .map(|(_, tokens)| tokens);
            l.tokens = quote!(#(#kept),*);
        }
    }
}

/// An array that a construct uses.
struct Used {
    name: String,
    at: Span,
    writes: bool,
    /// Until the scope's barrier; else it is only looked at.
    lent: bool,
}

/// What the constructs of a scope do to each other, which rustc would say in terms of borrows. A construct that uses
/// what nobody has waited for is left out.
pub fn conflicts(block: &mut Block, errors: &mut Vec<Error>) {
    let mut before: BTreeMap<String, bool> = BTreeMap::new();
    // Names that mean something else from some statement on.
    let declared: BTreeSet<String> = block.stmts.iter().flat_map(declares).collect();
    block.stmts.retain(|s| {
        let mut used = uses(s);
        used.retain(|u| !declared.contains(&u.name));
        let unfinished = used.iter().find_map(|u| {
            let written = *before.get(&u.name)?;
            (u.writes || written).then(|| region_error::unfinished(u.at, &u.name, written))
        });
        for u in used.into_iter().filter(|u| u.lent) {
            *before.entry(u.name).or_default() |= u.writes;
        }
        let sound = unfinished.is_none();
        errors.extend(unfinished);
        sound
    });
}

/// What an expression or statement mentions.
fn mentioned(names: Names) -> impl Iterator<Item = Used> {
    let bound = names.bound;
    let places = names.places.into_iter();
    let outer = places.filter(move |(name, _)| !bound.contains(name));
    outer.map(|(name, (place, _))| Used {
        name,
        at: place.span(),
        writes: false,
        lent: false,
    })
}

fn uses(s: &Stmt) -> Vec<Used> {
    let construct_attrs = |attrs: &[Attribute]| attrs.iter().any(|a| construct(a).is_some());
    let Some((attrs, head)) = parts(s).filter(|(attrs, _)| construct_attrs(attrs)) else {
        let mut names = Names::default();
        names.visit_stmt(s);
        return mentioned(names).collect();
    };
    let mut all = Vec::new();
    if let Some(head) = head {
        let mut names = Names::default();
        names.visit_expr(head);
        all.extend(mentioned(names));
    }
    for a in attrs {
        let Some(name) = construct(a) else { continue };
        let c = clause::parse(tokens(a), &name, &mut Vec::new());
        all.extend(c.arrays().filter_map(|(clause, e)| {
            let name = ident_of(e)?;
            Some(Used {
                name: name.to_string(),
                at: name.span(),
                writes: clause != "reads",
                lent: true,
            })
        }));
        if let (Stmt::Expr(Expr::Block(b), _), "sections") = (s, name.as_str()) {
            all.extend(b.block.stmts.iter().flat_map(uses));
        }
    }
    // `for x in a.items_mut()`
    if let Some(Expr::MethodCall(m)) = head
        && let Some(name) = ident_of(&m.receiver)
        && m.method.to_string().ends_with("_mut")
    {
        all.push(Used {
            name: name.to_string(),
            at: name.span(),
            writes: true,
            lent: true,
        });
    }
    all
}

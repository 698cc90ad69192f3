//! The clause `depend`: what a task does with which objects.

use crate::clause::{self, ident_of};
use crate::directive::construct as construct_of;
use crate::error;
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::BTreeMap;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Error, Expr, ExprBlock, Ident, Meta, Token, parenthesized};

/// How an object is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    In,
    Out,
    InOut,
    Mutex,
    InOutSet,
    /// The variable holds an access.
    Object,
}

impl Kind {
    fn of(word: &Ident) -> Option<Kind> {
        Some(match word.to_string().as_str() {
            "in" => Kind::In,
            "out" => Kind::Out,
            "inout" => Kind::InOut,
            "mutexinoutset" => Kind::Mutex,
            "inoutset" => Kind::InOutSet,
            "depobj" => Kind::Object,
            _ => return None,
        })
    }

    /// The method of a handle that gives this access.
    pub fn method(self) -> Option<&'static str> {
        Some(match self {
            Kind::In => "input",
            Kind::Out => "output",
            Kind::InOut => "inout",
            Kind::Mutex => "mutexinoutset",
            Kind::InOutSet => "inoutset",
            Kind::Object => return None,
        })
    }

    /// The task has a `&mut` to it.
    pub fn writes(self) -> bool {
        matches!(self, Kind::Out | Kind::InOut | Kind::Mutex)
    }
}

/// One object of a clause.
#[derive(Clone)]
pub struct Depend {
    pub kind: Kind,
    /// `iterator(i = 0..n)`: the variables and what they run over.
    pub iterators: Vec<(Ident, Expr)>,
    /// The variable.
    pub object: Ident,
    /// `a[i]`: one of its elements.
    pub index: Option<Expr>,
    /// What it is called in the task.
    pub name: Ident,
}

/// Reads what stands between the clause's parentheses.
pub fn parse(i: ParseStream, into: &mut Vec<Depend>) -> syn::Result<()> {
    let mut iterators = Vec::new();
    let mut word = i.call(Ident::parse_any)?;
    if word == "iterator" {
        let inner;
        parenthesized!(inner in i);
        let one = |i: ParseStream| {
            let name: Ident = i.parse()?;
            i.parse::<Token![=]>()?;
            Ok((name, i.parse::<Expr>()?))
        };
        let all = Punctuated::<(Ident, Expr), Token![,]>::parse_terminated_with(&inner, one);
        iterators = all
            .map_err(|e| error::iterator(e.span()))?
            .into_iter()
            .collect();
        i.parse::<Token![,]>()?;
        word = i.call(Ident::parse_any)?;
    }
    loop {
        let Some(kind) = Kind::of(&word) else {
            i.parse::<TokenStream>()?;
            return Err(error::depend_kind(word.span(), &word.to_string()));
        };
        i.parse::<Token![:]>()
            .map_err(|_| error::depend_kind(word.span(), &word.to_string()))?;
        loop {
            into.push(item(kind, &iterators, &i.parse::<Expr>()?)?);
            if i.parse::<Option<Token![,]>>()?.is_none() || i.is_empty() {
                return Ok(());
            }
            if i.peek(Ident::peek_any) && i.peek2(Token![:]) && !i.peek2(Token![::]) {
                break;
            }
        }
        // `in: a, out: b`
        word = i.call(Ident::parse_any)?;
    }
}

/// `x`, `a[i]`, or `name = a[i]`.
fn item(kind: Kind, iterators: &[(Ident, Expr)], e: &Expr) -> syn::Result<Depend> {
    let (name, place) = match e {
        Expr::Assign(a) => (ident_of(&a.left).cloned(), &*a.right),
        e => (None, e),
    };
    let (object, index) = match place {
        Expr::Index(x) => (ident_of(&x.expr), Some((*x.index).clone())),
        e => (ident_of(e), None),
    };
    let named = !matches!(e, Expr::Assign(_)) || name.is_some();
    let Some(object) = object.filter(|_| named).cloned() else {
        return Err(error::depend_item(e.span()));
    };
    Ok(Depend {
        kind,
        iterators: iterators.to_vec(),
        name: name.unwrap_or_else(|| object.clone()),
        object,
        index,
    })
}

/// What a task names twice, one of them to be written.
pub fn twice(list: &[Depend], errors: &mut Vec<Error>) {
    for (k, b) in list.iter().enumerate() {
        let same = |a: &&Depend| {
            let text = |d: &Depend| d.index.as_ref().map(|e| e.to_token_stream().to_string());
            a.object == b.object
                && (text(a) == text(b) || a.index.is_none() != b.index.is_none())
                && a.kind != Kind::Object
                && (a.kind.writes() || b.kind.writes())
        };
        if let Some(a) = list[..k].iter().find(same) {
            errors.push(error::named_twice(a, b));
        }
    }
}

/// An object of a group's dependences.
pub struct Object {
    pub name: Ident,
    /// Its elements are the objects.
    pub elements: bool,
    /// Some task writes it.
    pub written: bool,
}

/// The objects that the tasks in the body of a group name.
pub fn objects(body: &Block, errors: &mut Vec<Error>) -> Vec<Object> {
    let mut found = Found::default();
    found.visit_block(body);
    let mut objects: Vec<Object> = Vec::new();
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    for d in found.0 {
        if d.kind == Kind::Object {
            continue;
        }
        let at = *place.entry(d.object.to_string()).or_insert(objects.len());
        if at == objects.len() {
            objects.push(Object {
                name: d.object.clone(),
                elements: d.index.is_some(),
                written: false,
            });
        }
        objects[at].written |= d.kind != Kind::In;
        if objects[at].elements != d.index.is_some() {
            errors.push(error::whole_and_elements(
                d.object.span(),
                &d.object.to_string(),
            ));
        }
    }
    objects
}

/// The first statement of a group's body in which a task names objects.
pub fn first(body: &Block) -> usize {
    let names = |s: &syn::Stmt| {
        let mut found = Found::default();
        found.visit_stmt(s);
        !found.0.is_empty()
    };
    body.stmts
        .iter()
        .position(names)
        .unwrap_or(body.stmts.len())
}

/// All dependences of the tasks of one group, in order.
#[derive(Default)]
struct Found(Vec<Depend>);

impl<'a> Visit<'a> for Found {
    fn visit_item(&mut self, _: &'a syn::Item) {}
    fn visit_expr_block(&mut self, b: &'a ExprBlock) {
        for a in &b.attrs {
            let name = construct_of(a);
            match name.as_deref() {
                Some("taskgroup") => return,
                Some(name @ ("task" | "taskwait")) => {
                    let tokens = match &a.meta {
                        Meta::List(l) => l.tokens.clone(),
                        _ => TokenStream::new(),
                    };
                    // What is wrong with them is said where they are lowered.
                    let clauses = clause::parse(tokens, name, &mut Vec::new());
                    // What is bound in the group is a handle already.
                    let local = clauses.local;
                    let outside = |d: &Depend| !local.contains(&d.object);
                    self.0.extend(clauses.depend.into_iter().filter(outside));
                    if name == "task" {
                        return;
                    }
                }
                _ => {}
            }
        }
        visit::visit_expr_block(self, b);
    }
}

/// `a[i]` as it was written.
pub fn text(d: &Depend) -> String {
    match &d.index {
        Some(e) => format!("{}[{}]", d.object, e.to_token_stream()),
        None => d.object.to_string(),
    }
}

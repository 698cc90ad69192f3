//! Groups of two tasks, or of one beside the rest of the body: they become a `join`, which costs less.

use crate::directive::construct;
use crate::names::Names;
use crate::scope;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, ExprBlock, Item, Macro, Meta, Stmt, Token};

/// The parts of such a group.
pub struct Pair {
    /// What comes before.
    pub before: Block,
    /// The task that another thread may run.
    pub task: Part,
    /// What the thread runs itself: the other task, or the rest of the body.
    pub rest: Part,
}

/// A task, or the rest of the body, which has no attribute.
pub struct Part {
    pub attribute: Option<Attribute>,
    pub block: Block,
}

/// Reads the body of a group, after `scope::annotate`.
pub fn of(body: &Block) -> Option<Pair> {
    let (k, task) = body
        .stmts
        .iter()
        .enumerate()
        .find_map(|(k, s)| Some((k, plain_task(s)?)))?;
    let block = |stmts: &[Stmt]| Block {
        brace_token: body.brace_token,
        stmts: stmts.to_vec(),
    };
    let before = block(&body.stmts[..k]);
    let rest = match &body.stmts[k + 1..] {
        [] => return None,
        [only] if plain_task(only).is_some() => plain_task(only)?,
        rest => Part {
            attribute: None,
            block: block(rest),
        },
    };
    let mut others = Others(Names::of(&before).opaque);
    for b in [&before, &task.block, &rest.block] {
        others.visit_block(b);
    }
    (!others.0).then_some(Pair { before, task, rest })
}

/// A task without clauses.
fn plain_task(s: &Stmt) -> Option<Part> {
    let Stmt::Expr(Expr::Block(b), _) = s else {
        return None;
    };
    let [a] = b.attrs.as_slice() else { return None };
    let plain = match &a.meta {
        Meta::Path(_) => true,
        Meta::List(_) => takes_nothing(a),
        Meta::NameValue(_) => false,
    };
    (plain && construct(a).as_deref() == Some("task")).then(|| Part {
        attribute: Some(a.clone()),
        block: b.block.clone(),
    })
}

/// Whether there is no clause but those that `annotate` wrote.
fn takes_nothing(a: &Attribute) -> bool {
    let list = syn::punctuated::Punctuated::<Meta, Token![,]>::parse_terminated;
    a.parse_args_with(list).is_ok_and(|all| {
        all.iter().all(|m| {
            [scope::OWN, scope::LOCAL]
                .iter()
                .any(|name| m.path().is_ident(name))
        })
    })
}

/// Looks for what else needs the group.
struct Others(bool);

impl<'a> Visit<'a> for Others {
    fn visit_item(&mut self, _: &'a Item) {}
    fn visit_expr_block(&mut self, b: &'a ExprBlock) {
        match b.attrs.iter().find_map(construct).as_deref() {
            Some("taskgroup") => {}
            Some("task" | "taskwait") => self.0 = true,
            _ => visit::visit_expr_block(self, b),
        }
    }
    fn visit_macro(&mut self, m: &'a Macro) {
        let ours = ["taskwait", "cancel", "cancellation_point"];
        self.0 |= ours.iter().any(|name| m.path.is_ident(name));
    }
}

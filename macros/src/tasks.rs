//! Groups of tasks: `taskgroup`, `task`, and what stands at a point of them.

use crate::clause::{Clauses, Op};
use crate::depend::{self, Object};
use crate::directive::Loops;
use crate::pair::{self, Pair, Part};
use crate::{check, error, exits, lower, scope};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Block, Expr, ExprBlock, ExprForLoop, Ident, Macro, Signature};

/// What is known of the group around.
#[derive(Clone)]
pub struct Group {
    /// The handle through which it is reached here: its own, or that of the task around.
    pub handle: Ident,
    pub place: Place,
    /// The user cannot name it.
    pub hidden: bool,
    /// The reductions of this group and those around, newest last: operator and variable.
    pub reduced: Vec<(String, String)>,
    /// What the tasks of this group name in `depend` and none writes.
    pub plain: BTreeSet<String>,
    /// Its dependences are handles that the function was given.
    pub orphaned: bool,
}

/// Where in a group the code is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In its body.
    Body,
    /// In one of its tasks.
    Task,
    /// In a function that takes a handle.
    Function,
}

impl Group {
    /// That of a function that takes a handle, if it does.
    pub fn of(f: &Signature) -> Option<Group> {
        f.inputs.iter().find_map(|arg| {
            let syn::FnArg::Typed(arg) = arg else {
                return None;
            };
            let (syn::Pat::Ident(name), syn::Type::Reference(to)) = (&*arg.pat, &*arg.ty) else {
                return None;
            };
            let syn::Type::Path(path) = &*to.elem else {
                return None;
            };
            let last = path.path.segments.last()?.ident.to_string();
            let place = match last.as_str() {
                "Task" => Place::Function,
                "TaskGroup" => Place::Body,
                _ => return None,
            };
            Some(Group {
                handle: name.ident.clone(),
                place,
                hidden: false,
                reduced: Vec::new(),
                plain: BTreeSet::new(),
                orphaned: true,
            })
        })
    }
}

/// Operator and variable of a reduction, as text.
fn reduction((op, v): &(Op, Ident)) -> (String, String) {
    let op = match op {
        Op::Known(name) => {
            let signs = [
                ("Add", "+"),
                ("Mul", "*"),
                ("Min", "min"),
                ("Max", "max"),
                ("BitAnd", "&"),
                ("BitOr", "|"),
                ("BitXor", "^"),
                ("And", "&&"),
                ("Or", "||"),
            ];
            let sign = signs.iter().find(|s| s.0 == *name);
            sign.map_or(*name, |s| s.1).to_owned()
        }
        Op::User(path) => path.to_token_stream().to_string(),
    };
    (op, v.to_string())
}

/// Prepares the body of a function that takes a handle: whatever is bound in it does not outlive the group.
pub fn orphaned(f: &Signature, body: &mut Block) {
    if Group::of(f).is_none() {
        return;
    }
    let typed = |arg: &syn::FnArg| match arg {
        syn::FnArg::Typed(arg) => scope::bound_by(&arg.pat),
        syn::FnArg::Receiver(_) => Vec::new(),
    };
    let handle = Group::of(f).map(|g| g.handle);
    let parameters: Vec<Ident> = f
        .inputs
        .iter()
        .flat_map(typed)
        .filter(|i| Some(i) != handle.as_ref())
        .collect();
    scope::annotate(body, &parameters);
}

impl Loops {
    /// A group, whose end waits for its tasks.
    pub fn taskgroup(&mut self, a: &Attribute, b: &mut ExprBlock) -> Option<Expr> {
        let clauses = self.clauses(a, "taskgroup");
        scope::annotate(&mut b.block, &[]);
        let before = self.errors.len();
        let objects = depend::objects(&b.block, &mut self.errors);
        let is_plain = |o: &&Object| !o.written;
        let plain = objects.iter().filter(is_plain).map(|o| o.name.to_string());
        let plain = plain.collect();
        check::group(&b.block, &mut self.errors);
        exits::check("taskgroup", &mut b.block, &mut self.errors);
        let sound = self.errors.len() == before;
        let outer = self.group.take();
        let mut reduced = outer.as_ref().map_or(Vec::new(), |g| g.reduced.clone());
        reduced.extend(clauses.reductions.iter().map(reduction));
        let named = clauses.handle.is_some() || !outer.as_ref().is_none_or(|g| g.hidden);
        let given = clauses.handle.clone();
        let handle = given.or_else(|| outer.as_ref().map(|g| g.handle.clone()));
        let handle = handle.unwrap_or_else(|| lower::hidden("__group"));
        self.group = Some(Group {
            handle: handle.clone(),
            place: Place::Body,
            hidden: !named,
            reduced,
            plain,
            orphaned: false,
        });
        let pair = match named || !clauses.reductions.is_empty() || !sound {
            true => None,
            false => pair::of(&b.block),
        };
        if let Some(pair) = pair {
            let e = self.joined(pair, outer.as_ref(), a);
            self.group = outer;
            return e;
        }
        let first = depend::first(&b.block);
        self.within("taskgroup", |own| own.visit_block_mut(&mut b.block));
        self.group = outer;
        if !sound {
            return None;
        }
        let handles = lower::handles(&self.root, &handle, &objects);
        b.block.stmts.splice(first..first, handles);
        lower::must_end(&self.root, "taskgroup", &mut b.block);
        let outer = self.group.as_ref().map(|g| &g.handle);
        Some(lower::taskgroup(
            &self.root,
            &clauses,
            &b.block,
            (outer, &handle),
            a.span(),
        ))
    }

    /// A group of two tasks, which needs no group.
    fn joined(&mut self, pair: Pair, outer: Option<&Group>, a: &Attribute) -> Option<Expr> {
        // What stands inside is inside of a task of the group around, if there is one.
        self.group = outer.cloned();
        let Pair {
            mut before,
            task,
            rest,
        } = pair;
        self.within("taskgroup", |own| own.visit_block_mut(&mut before));
        let (task, rest) = (self.part(task), self.part(rest));
        let (task, rest) = (task?, rest?);
        let handle = outer.map(|g| &g.handle);
        Some(lower::joined(
            &self.root,
            &before.stmts,
            [&rest, &task],
            handle,
            a.span(),
        ))
    }

    /// One side of a join: its clauses, its block, and where it is marked as a task, if it is one.
    fn part(&mut self, part: Part) -> Option<(Clauses, Block, Option<Span>)> {
        let Part {
            attribute,
            mut block,
        } = part;
        let before = self.errors.len();
        let clauses = match &attribute {
            None => Clauses::default(),
            Some(a) => {
                let clauses = self.clauses(a, "task");
                check::task(&clauses, &block, &mut self.errors);
                exits::check("task", &mut block, &mut self.errors);
                clauses
            }
        };
        let sound = self.errors.len() == before;
        let name = if attribute.is_some() {
            "task"
        } else {
            "taskgroup"
        };
        self.within(name, |own| own.visit_block_mut(&mut block));
        lower::must_end(&self.root, name, &mut block);
        sound.then_some((clauses, block, attribute.map(|a| a.span())))
    }

    /// A task of the group around.
    pub fn task(&mut self, a: &Attribute, b: &mut ExprBlock) -> Option<Expr> {
        let Some(group) = self.group.clone() else {
            self.errors.push(match self.inside {
                Some("taskloop") => error::task_in_reduction(a),
                _ => error::no_group(a, "task"),
            });
            return None;
        };
        let clauses = self.clauses(a, "task");
        let before = self.errors.len();
        for r in &clauses.reductions {
            let (op, name) = reduction(r);
            let found = group.reduced.iter().rev().find(|(_, n)| *n == name);
            if found.is_none_or(|(group_op, _)| *group_op != op) {
                let e = error::not_reduced(r.1.span(), &name, &op, found.map(|f| f.0.as_str()));
                self.errors.push(e);
            }
        }
        check::task(&clauses, &b.block, &mut self.errors);
        depend::twice(&clauses.depend, &mut self.errors);
        if let (Some(event), false) = (&clauses.detach, clauses.depend.is_empty()) {
            self.errors.push(error::event_and_depend(event.span()));
        }
        if let (Some(d), false) = (clauses.depend.first(), group.place == Place::Body) {
            let e = error::depend_in_task(d.object.span(), group.place == Place::Function);
            self.errors.push(e);
        }
        exits::check("task", &mut b.block, &mut self.errors);
        let sound = self.errors.len() == before;
        let inside = Group {
            place: Place::Task,
            ..group.clone()
        };
        self.group = Some(inside);
        self.within("task", |own| own.visit_block_mut(&mut b.block));
        self.group = Some(group.clone());
        if !sound {
            return None;
        }
        lower::must_end(&self.root, "task", &mut b.block);
        Some(lower::task(
            &self.root,
            &clauses,
            &b.block,
            &group,
            a.span(),
        ))
    }

    /// A wait for those tasks that use something in a way that conflicts with this.
    pub fn taskwait(&mut self, a: &Attribute, b: &mut ExprBlock) -> Option<Expr> {
        let clauses = self.clauses(a, "taskwait");
        let group = self.group.clone().filter(|g| g.place == Place::Body);
        let Some(group) = group else {
            let e = error::no_wait(a.path().span(), self.group.is_some());
            self.errors.push(e);
            return None;
        };
        if clauses.depend.is_empty() {
            self.errors.push(error::wait_for_what(a));
            return None;
        }
        let before = self.errors.len();
        depend::twice(&clauses.depend, &mut self.errors);
        check::objects(&clauses, &scope::uses(&b.block), &mut self.errors);
        exits::check("taskwait", &mut b.block, &mut self.errors);
        let sound = self.errors.len() == before;
        self.within("taskwait", |own| own.visit_block_mut(&mut b.block));
        if !sound {
            return None;
        }
        lower::must_end(&self.root, "taskwait", &mut b.block);
        Some(lower::taskwait(
            &self.root,
            &clauses,
            &b.block,
            &group,
            a.span(),
        ))
    }

    /// A loop whose iterations are shared out among tasks, which a group of its own waits for.
    pub fn taskloop(&mut self, a: &Attribute, mut f: ExprForLoop) -> Expr {
        let mut clauses = self.clauses(a, "taskloop");
        if let Some(at) = clauses.nogroup.take() {
            // Where it can be had, it is a task's by now.
            let results = ["reduction", "lastprivate", "linear"];
            let result = clauses.copies().find(|(c, _)| results.contains(c));
            self.errors.push(match result {
                Some((clause, v)) => error::nogroup_result(v.span(), clause),
                None => error::nogroup(at),
            });
        }
        if let (Some(_), Some(at)) = (&clauses.grainsize, &clauses.num_tasks) {
            self.errors.push(error::grain_twice(at.span()));
            clauses.num_tasks = None;
        }
        if let (Some(at), None, None) = (clauses.strict, &clauses.grainsize, &clauses.num_tasks) {
            self.errors.push(error::strict_alone(at));
            clauses.strict = None;
        }
        // What the body binds does not outlive the tasks that it submits. (What brings something back submits none.)
        scope::annotate(&mut f.body, &scope::bound_by(&f.pat));
        let handle = clauses.handle.clone();
        let group = clauses.reductions.is_empty().then(|| Group {
            handle: handle.unwrap_or_else(|| lower::hidden("__group")),
            place: Place::Function,
            hidden: clauses.handle.is_none(),
            reduced: self
                .group
                .as_ref()
                .map_or(Vec::new(), |g| g.reduced.clone()),
            plain: BTreeSet::new(),
            orphaned: false,
        });
        let outer = std::mem::replace(&mut self.group, group);
        clauses.outer = outer.as_ref().map(|g| g.handle.clone());
        let e = self.worksharing(clauses, f, Some(BTreeSet::new()), Some("taskloop"));
        self.group = outer;
        e
    }

    /// `taskwait!()` and its like, if it is one.
    pub fn task_point(&mut self, m: &Macro) -> Option<TokenStream> {
        let name = m.path.get_ident()?.to_string();
        let at = Span::call_site().located_at(m.path.span());
        let of_group = m.tokens.to_string() == "taskgroup";
        let group = self.group.as_ref();
        let (handle, place) = (group.map(|g| &g.handle), group.map(|g| g.place));
        let root = &self.root;
        Some(match (name.as_str(), handle) {
            ("taskyield", _) if m.tokens.is_empty() => {
                quote_spanned!(at=> { #root::__private::taskyield(); })
            }
            ("taskwait", Some(handle)) if m.tokens.is_empty() && place == Some(Place::Body) => {
                quote_spanned!(at=> #handle.wait())
            }
            ("taskwait", _) if m.tokens.is_empty() => {
                let e = error::no_wait(m.path.span(), group.is_some());
                self.errors.push(e);
                quote_spanned!(at=> ())
            }
            ("cancel", Some(handle)) if of_group => match place {
                Some(Place::Task) => {
                    let task = lower::task_label();
                    quote_spanned!(at=> { #handle.cancel(); break #task; })
                }
                _ => quote_spanned!(at=> #handle.cancel()),
            },
            ("cancellation_point", Some(handle)) if of_group && place == Some(Place::Task) => {
                let task = lower::task_label();
                quote_spanned!(at=> if #handle.is_cancelled() { break #task; })
            }
            ("cancel" | "cancellation_point", _) if of_group => {
                self.errors
                    .push(error::no_cancel(m.path.span(), &name, group.is_some()));
                quote_spanned!(at=> ())
            }
            _ => return None,
        })
    }
}

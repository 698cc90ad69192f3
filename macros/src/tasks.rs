//! Groups of tasks: `taskgroup`, `task`, and what stands at a point of them.

use crate::directive::Loops;
use crate::{check, error, exits, lower, scope};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Block, Expr, ExprBlock, Ident, Macro, Signature};

/// What is known of the group around.
#[derive(Clone)]
pub struct Group {
    /// The handle through which it is reached here: its own, or that of the task around.
    pub handle: Ident,
    pub place: Place,
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
            })
        })
    }
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
        check::group(&b.block, &mut self.errors);
        exits::check("taskgroup", &mut b.block, &mut self.errors);
        let sound = self.errors.len() == before;
        let outer = self.group.take();
        let given = clauses.handle.clone();
        let handle = given.or_else(|| outer.as_ref().map(|g| g.handle.clone()));
        let handle = handle.unwrap_or_else(|| lower::hidden("__group"));
        self.group = Some(Group {
            handle: handle.clone(),
            place: Place::Body,
        });
        self.within("taskgroup", |own| own.visit_block_mut(&mut b.block));
        self.group = outer;
        if !sound {
            return None;
        }
        lower::must_end(&self.root, "taskgroup", &mut b.block);
        let outer = self.group.as_ref().map(|g| &g.handle);
        Some(lower::taskgroup(
            &self.root,
            &b.block,
            (outer, &handle),
            a.span(),
        ))
    }

    /// A task of the group around.
    pub fn task(&mut self, a: &Attribute, b: &mut ExprBlock) -> Option<Expr> {
        let Some(group) = self.group.clone() else {
            self.errors.push(error::no_group(a, "task"));
            return None;
        };
        let clauses = self.clauses(a, "task");
        let before = self.errors.len();
        check::task(&clauses, &b.block, &mut self.errors);
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
        let handle = &group.handle;
        Some(lower::task(
            &self.root,
            &clauses,
            &b.block,
            handle,
            a.span(),
        ))
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
                quote_spanned!(at=> { #root::taskyield(); })
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

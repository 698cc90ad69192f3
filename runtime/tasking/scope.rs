//! A scope: what a call that waits for tasks says of itself to those who run them. A group has one, and a join.

use super::isolate::is_isolated;
use super::lane::{Hand, Lane};
use std::ptr::NonNull;

/// Which kind of record a scope is the beginning of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Group,
    Join,
}

/// On the stack of the call that waits, which does not return before what it waits for has ended; so whoever runs
/// that finds all scopes around it alive.
pub(super) struct Scope {
    /// The one that it was opened in; null: none.
    parent: *const Scope,
    /// The lane of the thread that opened it, and waits.
    owner: NonNull<Lane>,
    /// Opened inside of `isolate` or under a lock, or inside of such a scope: whoever runs what belongs to it waits
    /// as the thread that opened it does.
    isolated: bool,
    kind: Kind,
}

impl Scope {
    /// A scope inside of the one that the calling thread is in.
    #[inline(always)]
    pub(super) fn new(hand: Hand, kind: Kind) -> Self {
        let parent = hand.lane().own.scope.get();
        Scope {
            owner: hand.lane_ptr(),
            // SAFETY: the thread is in the parent, which is there.
            isolated: is_isolated() || unsafe { Scope::isolates(parent) },
            parent,
            kind,
        }
    }

    #[inline(always)]
    pub(super) fn owner(&self) -> NonNull<Lane> {
        self.owner
    }
    #[inline(always)]
    pub(super) fn parent(&self) -> *const Scope {
        self.parent
    }

    /// Whether it is isolated; null is not.
    ///
    /// # Safety
    ///
    /// It is there, or null.
    #[inline(always)]
    pub(super) unsafe fn isolates(scope: *const Scope) -> bool {
        // SAFETY: the caller's promise.
        unsafe { scope.as_ref() }.is_some_and(|s| s.isolated)
    }

    /// Whether `scope` is `of`, or was opened inside of it; nothing is outside of null.
    ///
    /// # Safety
    ///
    /// Something that belongs to `scope` has not ended, so it is there, and so are all that it was opened in.
    pub(super) unsafe fn descends(mut scope: *const Scope, of: *const Scope) -> bool {
        // SAFETY: as the caller promises.
        while let Some(here) = unsafe { scope.as_ref() } {
            if scope == of {
                return true;
            }
            scope = here.parent;
        }
        of.is_null()
    }

    /// The innermost group that `scope` is, or was opened in; null: none.
    ///
    /// # Safety
    ///
    /// As for [`descends`](Self::descends).
    pub(super) unsafe fn group_of(mut scope: *const Scope) -> *const Scope {
        // SAFETY: as the caller promises.
        while let Some(here) = unsafe { scope.as_ref() } {
            if here.kind == Kind::Group {
                return scope;
            }
            scope = here.parent;
        }
        scope
    }
}

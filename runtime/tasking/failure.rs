//! What a group keeps of its tasks' panics: the first one's payload, until a wait goes on with it.

use crate::team::drop_quietly;
use parking_lot::Mutex;
use std::any::Any;
use std::panic::catch_unwind;

pub(super) type Payload = Box<dyn Any + Send>;

/// Whether a task of the group has panicked.
pub(super) enum Failure {
    None,
    /// With what the first one panicked.
    Payload(Payload),
    /// A wait in the middle has gone on with that.
    Reported,
}

/// A message that is no payload of a task.
struct Soft(String);

impl Failure {
    /// With a payload that users know.
    fn hardened(self) -> Self {
        match self {
            Failure::Payload(payload) => Failure::Payload(match payload.downcast::<Soft>() {
                Ok(soft) => shown(soft.0),
                Err(payload) => payload,
            }),
            other => other,
        }
    }
}

/// The payload of a panic with that message, which the panic hook has shown: nobody else did.
fn shown(message: String) -> Payload {
    if std::thread::panicking() {
        return Box::new(message);
    }
    match catch_unwind(|| panic!("{message}")) {
        Ok(()) => unreachable!("it panics"),
        Err(payload) => payload,
    }
}

/// The first failure of a group.
pub(super) struct FirstFailure(Mutex<Failure>);

impl FirstFailure {
    #[inline(always)]
    pub(super) fn new() -> Self {
        FirstFailure(Mutex::new(Failure::None))
    }
    /// Keeps a payload, if none is there.
    pub(super) fn keep(&self, payload: Payload) {
        let mut failure = self.0.lock();
        if !matches!(&*failure, Failure::Payload(first) if !first.is::<Soft>()) {
            *failure = Failure::Payload(payload);
            return;
        }
        drop(failure);
        drop_quietly(payload);
    }
    /// Keeps a message that gives way to a payload.
    pub(super) fn keep_softly(&self, message: String) {
        let mut failure = self.0.lock();
        if !matches!(*failure, Failure::Payload(_)) {
            *failure = Failure::Payload(Box::new(Soft(message)));
        }
    }
    /// What a wait has to go on with.
    #[cold]
    pub(super) fn take(&self) -> Failure {
        let mut failure = self.0.lock();
        match *failure {
            Failure::None => Failure::None,
            _ => std::mem::replace(&mut *failure, Failure::Reported).hardened(),
        }
    }
}

#[cold]
pub(super) fn reported() -> ! {
    panic!(
        "a task of this group has panicked, which was caught where the group was waited for before: its other tasks \
         may not have run"
    )
}

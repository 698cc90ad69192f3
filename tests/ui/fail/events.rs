//! An event is fulfilled once.

use phalanx::prelude::*;

fn fulfilled_twice() {
    taskgroup(|tg| {
        let event = tg.event();
        event.fulfil();
        event.fulfil();
    });
}

fn a_copy_of_it() {
    taskgroup(|tg| {
        let event = tg.event();
        event.clone().fulfil();
        event.fulfil();
    });
}

fn borrowed() {
    taskgroup(|tg| {
        let event = tg.event();
        taskgroup(|inner| inner.task(|_| (&event).fulfil()));
    });
}

fn main() {}

//! What the conformance tests share: team sizes, schedules, and a watchdog.

use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// Team sizes that every construct is tried with; more than this machine may have processors.
pub const TEAMS: [usize; 5] = [1, 2, 3, 4, 8];

/// Every kind of schedule, with chunks that do and do not divide the length.
pub fn schedules() -> Vec<Schedule> {
    let mut all = vec![Static, Auto, Runtime];
    for c in [1, 3, 64, usize::MAX] {
        all.extend([StaticChunk(c), Dynamic(c), MonotonicDynamic(c), Guided(c)]);
    }
    all
}

/// Runs `test` on a thread of its own; a test that does not end in time is a failure.
pub fn watched(test: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        test();
        let _ = done.send(());
    });
    if let Err(mpsc::RecvTimeoutError::Timeout) = wait.recv_timeout(Duration::from_secs(60)) {
        panic!("the test hangs: no end after 60 s");
    }
    if let Err(payload) = thread.join() {
        std::panic::resume_unwind(payload);
    }
}

pub fn team(n: usize) -> Options {
    Options::new().num_threads(n)
}

/// A team that works.
pub fn works(n: usize) {
    let ran = AtomicUsize::new(0);
    region(team(n), (), |cx, ()| {
        cx.for_each(Dynamic(1), 0..20, (), |_, ()| {
            ran.fetch_add(1, Ordering::Relaxed);
        });
        cx.barrier();
    });
    parallel_for(Static.num_threads(n), 0..20, |_| {
        ran.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(ran.into_inner(), 40);
}

/// Runs what must panic with a message that contains all of that; the team works afterwards.
pub fn ends_with(wanted: &[&str], n: usize, test: impl FnOnce()) {
    let payload = catch_unwind(AssertUnwindSafe(test)).expect_err("it must panic");
    let text = payload
        .downcast_ref::<String>()
        .cloned()
        .or(payload.downcast_ref::<&str>().map(|s| s.to_string()))
        .expect("a message");
    let all = wanted.iter().all(|w| text.contains(w));
    assert!(all, "{n} threads: {text}");
    works(n);
}

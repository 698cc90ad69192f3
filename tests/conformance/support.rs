//! What the conformance tests share: team sizes, schedules, and a watchdog.

use phalanx::prelude::*;
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

//! A test that may hang runs under this.

use std::sync::mpsc;
use std::time::Duration;

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

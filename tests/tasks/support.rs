//! What the tests share: teams of each size, and a watchdog.

use std::sync::mpsc;
use std::time::Duration;

/// More threads than this machine may have processors.
pub const TEAMS: [usize; 5] = [1, 2, 3, 4, 8];

/// Runs `test` for each team size, on a thread of its own, in a pool of that size; a test that does not end in
/// time is a failure.
pub fn on_teams(test: impl Fn(usize) + Send + Copy + 'static) {
    for threads in TEAMS {
        watched(move || {
            let pool = phalanx::Pool::builder().num_threads(threads);
            pool.build().expect("a pool").install(|| test(threads));
        });
    }
}

/// Runs `test` on a thread of its own.
pub fn watched(test: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        test();
        let _ = done.send(());
    });
    if let Err(mpsc::RecvTimeoutError::Timeout) = wait.recv_timeout(Duration::from_secs(100)) {
        // The threads that hang would keep the process.
        eprintln!("the test hangs: no end after 100 s");
        std::process::abort();
    }
    if let Err(payload) = thread.join() {
        std::panic::resume_unwind(payload);
    }
}

/// What `f` panicked with.
pub fn panic_of(f: impl FnOnce()) -> String {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
    let payload = caught.expect_err("it panics");
    match payload.downcast::<String>() {
        Ok(s) => *s,
        Err(other) => other.downcast_ref::<&str>().expect("a text").to_string(),
    }
}

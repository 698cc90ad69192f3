//! Says which events have not been fulfilled for too long. Off unless asked for: `PHALANX_EVENT_TIMEOUT`,
//! `TaskOptions::event_timeout`.
//!
//! It reports and does not end the wait: who fulfils the event may be about to use what the group keeps alive for it.

use crate::icv::warn;
use crate::team::fork_guard::{generation, hold};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::panic::Location;
use std::thread::Thread;
use std::time::{Duration, Instant};

/// How long the watching thread stays when there is nothing to watch.
const LINGER: Duration = Duration::from_secs(1);

/// When it is late, and a number that makes it unique.
type Key = (Instant, u64);

struct Watch {
    next: u64,
    waiting: BTreeMap<Key, (&'static Location<'static>, Duration)>,
    /// The thread that watches, and in which process.
    thread: Option<(u32, Thread)>,
}

static WATCH: Mutex<Watch> = Mutex::new(Watch {
    next: 0,
    waiting: BTreeMap::new(),
    thread: None,
});

/// An event that is watched while this lives.
pub(super) struct Watched(Key);

impl Drop for Watched {
    fn drop(&mut self) {
        let _whole = hold();
        WATCH.lock().waiting.remove(&self.0);
    }
}

/// Watches the event of a task that was submitted there; `None`: until then the world has ended.
pub(super) fn watch(at: &'static Location<'static>, after: Duration) -> Option<Watched> {
    let late = Instant::now().checked_add(after)?;
    let (started, watched) = {
        let _whole = hold();
        let mut watch = WATCH.lock();
        watch.next += 1;
        let key = (late, watch.next);
        let first = watch.waiting.first_key_value().is_none_or(|f| key < *f.0);
        watch.waiting.insert(key, (at, after));
        (watch.call(first), Watched(key))
    };
    if let Err(why) = started {
        warn(&format!(
            "events are not watched, for there is no thread for it: {why}"
        ));
    }
    Some(watched)
}

impl Watch {
    /// Sees to it that a thread watches, and looks again if the one that is late `first` is new.
    fn call(&mut self, first: bool) -> std::io::Result<()> {
        match &self.thread {
            Some((process, thread)) if *process == generation() => {
                if first {
                    thread.unpark();
                }
                Ok(())
            }
            // There is none, or it was the parent's of a forked process.
            _ => {
                let new = std::thread::Builder::new().name("phalanx-watchdog".into());
                let thread = new.spawn(run)?.thread().clone();
                self.thread = Some((generation(), thread));
                Ok(())
            }
        }
    }

    /// Takes out what is late at `now`; and says until when there is nothing more.
    fn take_late(
        &mut self,
        now: Instant,
    ) -> (Vec<(&'static Location<'static>, Duration)>, Option<Instant>) {
        let waits = self.waiting.split_off(&(now, u64::MAX));
        let late = std::mem::replace(&mut self.waiting, waits);
        let next = self.waiting.first_key_value().map(|f| f.0.0);
        (late.into_values().collect(), next)
    }
}

/// The watching thread.
fn run() {
    let mut lingers = false;
    loop {
        let now = Instant::now();
        let (late, next) = {
            let _whole = hold();
            let mut watch = WATCH.lock();
            let (late, next) = watch.take_late(now);
            if late.is_empty() && next.is_none() && lingers {
                watch.thread = None;
                return;
            }
            (late, next)
        };
        for (at, after) in late {
            warn(&format!(
                "a group of tasks waits for the event of the task submitted at {at}, which was not fulfilled in \
                 {after:?}; it goes on waiting"
            ));
        }
        lingers = next.is_none();
        std::thread::park_timeout(next.map_or(LINGER, |next| next - now));
    }
}

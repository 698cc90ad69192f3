//! Tasks that are complete only when their event was fulfilled, from whatever thread.

use crate::support::{on_teams, panic_of, watched};
use phalanx::prelude::*;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, sleep};
use std::time::Duration;

/// A thread that fulfils what it is sent, after a while.
fn device(after: Duration) -> (mpsc::Sender<TaskEvent>, thread::JoinHandle<u64>) {
    let (send, answers) = mpsc::channel::<TaskEvent>();
    let serve = move || {
        let mut n = 0;
        for event in answers {
            sleep(after);
            event.fulfil();
            n += 1;
        }
        n
    };
    (send, thread::spawn(serve))
}

#[test]
fn the_group_waits_for_what_was_done_elsewhere() {
    on_teams(|_| {
        let done = Arc::new(AtomicU64::new(0));
        for round in 1..=20 {
            taskgroup(|tg| {
                for _ in 0..3 {
                    let done = done.clone();
                    tg.task_detach(move |_, event| {
                        thread::spawn(move || {
                            sleep(Duration::from_micros(200));
                            // Relaxed: the event publishes it.
                            done.fetch_add(1, Ordering::Relaxed);
                            event.fulfil();
                        });
                    });
                }
            });
            assert_eq!(done.load(Ordering::Relaxed), 3 * round);
        }
    });
}

#[test]
fn tasks_run_meanwhile() {
    on_teams(|_| {
        let (send, thread) = device(Duration::from_millis(2));
        let ran = Atomic::new(0);
        taskgroup(|tg| {
            for _ in 0..5 {
                let (ran, send) = (&ran, send.clone());
                tg.task_detach(move |tg, event| {
                    for _ in 0..100 {
                        tg.task(|_| {
                            ran.add(1);
                        });
                    }
                    send.send(event).unwrap();
                });
            }
            tg.wait();
            assert_eq!(ran.load(), 500);
        });
        drop(send);
        assert_eq!(thread.join().unwrap(), 5);
    });
}

/// What the calling thread has used of its processor.
fn used() -> Duration {
    let mut t = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the place is there.
    let ended = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t) };
    assert_eq!(ended, 0);
    Duration::new(t.tv_sec as u64, t.tv_nsec as u32)
}

#[test]
fn who_waits_sleeps() {
    on_teams(|_| {
        let (send, thread) = device(Duration::from_millis(100));
        let before = used();
        taskgroup(|tg| {
            tg.task_detach_with(TaskOptions::new().only_if(false), |_, e| {
                send.send(e).unwrap()
            })
        });
        let used = used() - before;
        assert!(used < Duration::from_millis(50), "{used:?} of 100 ms");
        drop(send);
        thread.join().unwrap();
    });
}

#[test]
fn events_of_no_task_and_events_in_tasks() {
    on_teams(|_| {
        let order = Lock::new(Vec::new());
        taskgroup(|tg| {
            let order = &order;
            let outer = tg.event();
            tg.task(move |tg| {
                tg.group(|tg| {
                    let event = tg.event();
                    // A task of another group than the event's.
                    tg.group(|tg| {
                        tg.task(move |_| {
                            order.lock().push("fulfilled");
                            event.fulfil();
                        });
                    });
                });
                order.lock().push("waited");
                outer.fulfil();
            });
        });
        assert_eq!(order.into_inner(), ["fulfilled", "waited"]);
    });
}

#[test]
fn a_dropped_event_names_its_task() {
    on_teams(|_| {
        let line = line!() + 2;
        let said = panic_of(|| {
            taskgroup(|tg| tg.task_detach(|_, event| drop(event)));
        });
        let place = format!("{}:{line}:", file!());
        assert!(
            said.contains(&place) && said.contains("without being fulfilled"),
            "{said}"
        );
        // On another thread, which panics.
        let said = panic_of(|| {
            taskgroup(|tg| {
                let event = tg.event();
                let failed = thread::spawn(move || {
                    let _event = event;
                    std::panic::resume_unwind(Box::new(()));
                });
                assert!(failed.join().is_err());
                tg.wait();
            })
        });
        assert!(said.contains("without being fulfilled"), "{said}");
        // The team works on.
        taskgroup(|tg| tg.event().fulfil());
    });
}

/// Who drops an event does not panic, so the panic hook would not see its message.
#[test]
fn the_message_of_a_dropped_event_is_shown() {
    let shown = Arc::new(AtomicU64::new(0));
    let (count, before) = (shown.clone(), Arc::new(std::panic::take_hook()));
    let last = before.clone();
    std::panic::set_hook(Box::new(move |info| {
        let text = info.payload().downcast_ref::<String>();
        let ours = text.is_some_and(|t| t.contains("without being fulfilled"));
        count.fetch_add(u64::from(ours), Ordering::Relaxed);
        before(info);
    }));
    let said = panic_of(|| taskgroup(|tg| drop(tg.event())));
    std::panic::set_hook(Box::new(move |info| last(info)));
    assert!(said.contains("without being fulfilled"), "{said}");
    assert!(shown.load(Ordering::Relaxed) >= 1);
}

#[test]
fn a_panic_with_the_event_is_the_task_s() {
    on_teams(|_| {
        let said = panic_of(|| {
            taskgroup(|tg| {
                tg.task_detach(|_, event| {
                    let _event = event;
                    panic!("on the way");
                });
            })
        });
        assert_eq!(said, "on the way");
    });
}

#[test]
fn events_of_cancelled_groups_end_quietly() {
    on_teams(|_| {
        taskgroup(|tg| {
            let event = tg.event();
            tg.cancel();
            for _ in 0..10 {
                tg.task_detach(|_, _| unreachable!("the group was cancelled"));
            }
            drop(event);
        });
        // What was begun is waited for, cancelled or not.
        let done = Arc::new(AtomicU64::new(0));
        let said = panic_of(|| {
            taskgroup(|tg| {
                let (event, done) = (tg.event(), done.clone());
                thread::spawn(move || {
                    sleep(Duration::from_millis(5));
                    done.store(1, Ordering::Relaxed);
                    event.fulfil();
                });
                tg.task(|_| panic!("another task"));
            })
        });
        assert_eq!(said, "another task");
        assert_eq!(done.load(Ordering::Relaxed), 1);
    });
}

/// Groups, and whole teams, that are gone at the moment that their last event is fulfilled.
#[test]
fn the_group_may_be_gone_at_once() {
    watched(|| {
        let (send, thread) = device(Duration::ZERO);
        for round in 0..300 {
            let pool = phalanx::Pool::builder().num_threads(1 + round % 3);
            let pool = pool.build().expect("a pool");
            pool.install(|| {
                for _ in 0..10 {
                    taskgroup(|tg| send.send(tg.event()).unwrap());
                }
            });
        }
        drop(send);
        assert_eq!(thread.join().unwrap(), 3000);
    });
}

#[test]
fn many_events_from_many_threads() {
    on_teams(|_| {
        let devices: Vec<_> = (0..4).map(|_| device(Duration::ZERO)).collect();
        let sum = Atomic::new(0u64);
        taskgroup(|tg| {
            let senders: Vec<_> = devices.iter().map(|d| d.0.clone()).collect();
            let sum = &sum;
            let body = move |tg: &Task<'_>, k: u64| {
                sum.add(k);
                senders[k as usize % 4].send(tg.event()).unwrap();
            };
            tg.taskloop_nogroup(TaskLoop::new().grainsize(3), 0..5000, body);
        });
        assert_eq!(sum.into_inner(), 4999 * 2500);
        let served = devices.into_iter().map(|(send, thread)| {
            drop(send);
            thread.join().unwrap()
        });
        assert_eq!(served.sum::<u64>(), 5000);
    });
}

/// Runs a test of this file in a process of its own, with these variables; what it has said on stderr.
fn said_by(name: &str, variables: &[(&str, &str)]) -> String {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env("PHALANX_TEST_EVENTS_CHILD", "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(run.status.success());
    String::from_utf8_lossy(&run.stderr).into_owned()
}

/// Submits a task whose event is sent away.
fn submit<'s>(tg: &Task<'s>, options: TaskOptions, to: &'s mpsc::Sender<TaskEvent>) {
    tg.task_detach_with(options, |_, event| to.send(event).unwrap());
}

/// Where that is, as a report names it.
fn place() -> String {
    format!("{}:{}:", file!(), line!() - 5)
}

fn is_child() -> bool {
    std::env::var_os("PHALANX_TEST_EVENTS_CHILD").is_some()
}

#[test]
fn a_watchdog_names_the_task() {
    if is_child() {
        return watched(|| {
            let (late, thread) = device(Duration::from_millis(300));
            taskgroup(|tg| {
                tg.event().fulfil();
                submit(tg, TaskOptions::new(), &late);
            });
            drop(late);
            thread.join().unwrap();
        });
    }
    let name = "events::a_watchdog_names_the_task";
    let said = said_by(name, &[("PHALANX_EVENT_TIMEOUT", "50ms")]);
    assert!(said.contains(&place()) && said.contains("50ms"), "{said}");
    assert_eq!(said.matches("phalanx: warning").count(), 1, "{said}");
    // Off by default.
    let said = said_by(name, &[]);
    assert!(!said.contains("phalanx: warning"), "{said}");
    let said = said_by(name, &[("PHALANX_EVENT_TIMEOUT", "5s")]);
    assert!(!said.contains("phalanx: warning"), "{said}");
}

#[test]
fn a_task_has_a_timeout_of_its_own() {
    let options = TaskOptions::new().event_timeout(Duration::from_millis(30));
    if is_child() {
        return watched(move || {
            for _ in 0..2 {
                let (late, thread) = device(Duration::from_millis(200));
                taskgroup(|tg| {
                    submit(tg, options, &late);
                    let huge = options.event_timeout(Duration::MAX);
                    tg.task_detach_with(huge, |_, event| event.fulfil());
                });
                drop(late);
                thread.join().unwrap();
                // Longer than the watching thread stays without work.
                sleep(Duration::from_millis(1200));
            }
        });
    }
    let said = said_by("events::a_task_has_a_timeout_of_its_own", &[]);
    // Once, though it was late twice: a text is said once.
    assert_eq!(said.matches("30ms").count(), 1, "{said}");
    assert!(said.contains(&place()), "{said}");
}

//! Watchdogs: a race-free case or a racy program that does not end is a failure with a name.

use crate::case::{End, Row};
use crate::free::Case;
use crate::team::{self, Team};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How long one team and schedule of a case, or one program, may take: thousands of times what it needs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a case with every team and schedule.
pub fn free_case(case: &Case, wrong: &mut Vec<String>) -> Row {
    let mut failures = Vec::new();
    for threads in team::SIZES {
        let schedules = team::schedules();
        let some = if case.own_schedule {
            1
        } else {
            schedules.len()
        };
        for &schedule in &schedules[..some] {
            let team = Team { threads, schedule };
            if let Err(what) = one(case, team) {
                failures.push(format!("{threads} threads, {schedule}: {what}"));
            }
        }
    }
    let end = match failures.first() {
        None => End::Passed,
        Some(first) => End::Wrong(first.clone()),
    };
    println!("free {} ... {end}", case.name);
    if !failures.is_empty() {
        let (n, few) = (failures.len(), failures.len().min(3));
        let list = failures[..few].join("\n  ");
        wrong.push(format!("free {}, {n} times, first:\n  {list}", case.name));
    }
    Row {
        name: case.name.clone(),
        racy: false,
        class: case.class.clone(),
        end,
    }
}

/// Runs a case once, on a thread of its own. The message of its panic if it has one.
fn one(case: &Case, team: Team) -> Result<(), String> {
    let (done, wait) = mpsc::channel();
    let run = case.run;
    let thread = std::thread::Builder::new().name("case".into());
    let thread = thread.spawn(move || {
        phalanx::set_schedule(team::behind_runtime(team.schedule));
        let end = catch_unwind(AssertUnwindSafe(|| run(&team)));
        let _ = done.send(end.map_err(|payload| said(&*payload)));
    });
    let thread = thread.expect("a thread can be started");
    match wait.recv_timeout(PATIENCE) {
        Ok(end) => {
            thread.join().expect("what panicked was caught");
            end
        }
        Err(_) => hangs(case, team),
    }
}

fn said(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or(payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without text")
        .to_owned()
}

/// Nothing can be done about threads that hang, so this ends the process.
fn hangs(case: &Case, team: Team) -> ! {
    println!(
        "FAILED free {} HANGS: no end after {PATIENCE:?} with {} threads, schedule {}",
        case.name, team.threads, team.schedule
    );
    println!("threads of this process (state R runs, S sleeps):");
    threads().iter().for_each(|t| println!("  {t}"));
    std::process::exit(1)
}

/// Each thread's name, state and processor time, where the kernel tells.
fn threads() -> Vec<String> {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return vec!["unknown on this system".into()];
    };
    tasks
        .flatten()
        .filter_map(|t| std::fs::read_to_string(t.path().join("stat")).ok())
        .filter_map(|stat| {
            let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
            let fields: Vec<&str> = rest.split_whitespace().collect();
            let [user, system] = [fields.get(11)?, fields.get(12)?];
            Some(format!("{name}: {}, ticks {user} + {system}", fields[0]))
        })
        .collect()
}

/// How a program ended.
pub struct Run {
    pub success: bool,
    /// What it wrote to its standard error.
    pub said: String,
}

/// Runs a program to its end, or ends it.
pub fn program(path: &Path) -> Result<Run, String> {
    let mut child = Command::new(path)
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("cannot be started: {e}"))?;
    let mut stderr = child.stderr.take().expect("a pipe was asked for");
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is all there is to say.
        let _ = std::io::Read::read_to_end(&mut stderr, &mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Ok(None) => {
                // It may have ended by itself since.
                let _ = child.kill();
                let _ = child.wait();
                let said = reader.join().unwrap_or_default();
                return Err(format!("HANGS: no end after {PATIENCE:?}; it said: {said}"));
            }
            Err(e) => return Err(format!("cannot be waited for: {e}")),
        }
    };
    let said = reader.join().unwrap_or_default();
    Ok(Run {
        success: status.success(),
        said,
    })
}

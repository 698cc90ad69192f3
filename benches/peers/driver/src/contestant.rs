//! A contestant: a program that answers requests, and does not run in between.

use crate::rows::{Field, Row};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Who takes part, and with which settings.
pub struct Entry {
    /// As the table calls it.
    pub peer: &'static str,
    pub program: &'static str,
    pub settings: &'static [(&'static str, &'static str)],
    /// The fields that it runs in.
    pub fields: &'static [Field],
}

const ACTIVE: &[(&str, &str)] = &[
    ("OMP_WAIT_POLICY", "active"),
    ("KMP_BLOCKTIME", "infinite"),
    ("OMP_PROC_BIND", "close"),
    ("OMP_PLACES", "cores"),
];
const PASSIVE: &[(&str, &str)] = &[
    ("OMP_WAIT_POLICY", "passive"),
    ("OMP_PROC_BIND", "close"),
    ("OMP_PLACES", "cores"),
];
const UNBOUND: &[(&str, &str)] = &[("OMP_WAIT_POLICY", "passive")];
const BOUND: &[(&str, &str)] = &[("OMP_PROC_BIND", "close")];

use Field::{All, Hot, Patient};

/// All entries. Everybody counts with the best of its settings; phalanx keeps its own way of waiting in
/// all of them.
pub const ENTRIES: [Entry; 15] = [
    Entry {
        peer: "phalanx",
        program: "peer-ours",
        settings: BOUND,
        fields: &[Hot, Patient, All],
    },
    Entry {
        peer: "phalanx",
        program: "peer-ours",
        settings: &[],
        fields: &[Patient],
    },
    Entry {
        peer: "gcc",
        program: "openmp-gcc",
        settings: ACTIVE,
        fields: &[Hot, All],
    },
    Entry {
        peer: "gcc",
        program: "openmp-gcc",
        settings: PASSIVE,
        fields: &[Patient, All],
    },
    Entry {
        peer: "gcc",
        program: "openmp-gcc",
        settings: UNBOUND,
        fields: &[Patient],
    },
    Entry {
        peer: "gcc",
        program: "openmp-gcc",
        settings: &[],
        fields: &[Patient, All],
    },
    Entry {
        peer: "clang",
        program: "openmp-clang",
        settings: ACTIVE,
        fields: &[Hot, All],
    },
    Entry {
        peer: "clang",
        program: "openmp-clang",
        settings: PASSIVE,
        fields: &[Patient, All],
    },
    Entry {
        peer: "clang",
        program: "openmp-clang",
        settings: UNBOUND,
        fields: &[Patient],
    },
    Entry {
        peer: "clang",
        program: "openmp-clang",
        settings: &[],
        fields: &[Patient, All],
    },
    Entry {
        peer: "rayon",
        program: "peer-rayon",
        settings: &[],
        fields: &[Hot, Patient, All],
    },
    Entry {
        peer: "chili",
        program: "peer-chili",
        settings: &[],
        fields: &[Hot],
    },
    Entry {
        peer: "tbb",
        program: "tbb-gcc",
        settings: &[],
        fields: &[Hot],
    },
    Entry {
        peer: "tbb",
        program: "tbb-clang",
        settings: &[],
        fields: &[Hot],
    },
    Entry {
        peer: "forkunion",
        program: "peer-forkunion",
        settings: &[],
        fields: &[Hot, Patient, All],
    },
];

/// A running program, stopped except while it answers.
pub struct Contestant {
    pub entry: &'static Entry,
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What one request brought.
pub enum Answer {
    /// Nanoseconds an operation, and the processors that were busy while it should have been idle.
    Took { nanos: f64, awake: f64 },
    /// The contestant has no such row.
    None,
    /// It is gone; the text says how.
    Gone(String),
}

impl Entry {
    /// Whether it takes part in a row.
    pub fn runs(&self, row: &Row) -> bool {
        let alone = row.against.is_some();
        let takes_part = !alone || self.peer == "phalanx";
        takes_part && self.fields.contains(&row.field) && !row.without.contains(&self.program)
    }
}

impl Contestant {
    /// Starts the program, without any `OMP_*` or `KMP_*` setting but the entry's.
    pub fn start(entry: &'static Entry, folder: &Path) -> Result<Contestant, String> {
        let path = folder.join(entry.program);
        let mut command = Command::new(&path);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if ["OMP_", "KMP_", "GOMP_", "PHALANX_", "RAYON_"]
                .iter()
                .any(|p| name.starts_with(p))
            {
                command.env_remove(name);
            }
        }
        let mut child = command
            .envs(entry.settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{}: {e}", path.display()))?;
        let pipes = (child.stdin.take(), child.stdout.take());
        let (Some(requests), Some(answers)) = pipes else {
            return Err(format!("{}: no pipes", path.display()));
        };
        let contestant = Contestant {
            entry,
            child,
            requests,
            answers: BufReader::new(answers),
        };
        contestant.signal(libc::SIGSTOP);
        Ok(contestant)
    }

    fn signal(&self, signal: libc::c_int) {
        // SAFETY: a signal to a child that has not been waited for, so its number is still its own.
        unsafe { libc::kill(self.child.id() as libc::pid_t, signal) };
    }

    /// One sample.
    pub fn ask(&mut self, row: &str, millis: f64) -> Answer {
        self.signal(libc::SIGCONT);
        let mut line = String::new();
        let sent = writeln!(self.requests, "{row}\t{millis}").and_then(|()| self.requests.flush());
        let got = sent.and_then(|()| self.answers.read_line(&mut line));
        match got {
            Ok(n) if n > 0 => self.signal(libc::SIGSTOP),
            _ => {
                let status = self.child.wait();
                return Answer::Gone(match status {
                    Ok(s) => format!("it ended in row {row}: {s}"),
                    Err(e) => format!("it cannot be reached in row {row}: {e}"),
                });
            }
        }
        let mut fields = line.trim().split('\t').map(str::parse::<f64>);
        match (fields.next(), fields.next()) {
            (Some(Ok(nanos)), Some(Ok(awake))) => Answer::Took { nanos, awake },
            _ => Answer::None,
        }
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        self.signal(libc::SIGKILL);
        let _ = self.child.wait();
    }
}

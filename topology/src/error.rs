//! What can go wrong: each error names the thing, the value it had, and what happens now.

use crate::CpuSet;
use crate::machine::Source;
use std::path::PathBuf;

/// Why a topology, or the processors of a thread, could not be learned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TopologyError {
    /// This operating system, or this build, cannot answer the question.
    #[error("{what} is not supported on {os}", os = std::env::consts::OS)]
    Unsupported {
        /// The question.
        what: &'static str,
    },
    /// A file or folder without which there is no topology could not be read.
    #[error("cannot read `{}`: {source}; no topology is taken from it", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file without which there is no topology says something that makes no sense.
    #[error("`{}` holds `{content}`: {why}; no topology is taken from it", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What it holds (cut after 200 characters).
        content: String,
        /// What is wrong with it.
        why: String,
    },
    /// The processors that a thread may use could not be asked for.
    #[error("cannot ask which processors this thread may use: {source}")]
    Affinity {
        /// What the operating system said.
        source: std::io::Error,
    },
    /// libhwloc refused.
    #[error("hwloc: {call} of {what}: {why}")]
    Hwloc {
        /// What was asked of hwloc.
        call: &'static str,
        /// What it was asked about.
        what: String,
        /// What hwloc said.
        why: String,
    },
}

/// A thread was not bound to all of the processors asked for, and only to those.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot bind this thread to the processors {}: {reason}; {}",
    named(.asked),
    left_text(.left)
)]
pub struct BindError {
    /// The processors asked for.
    pub asked: CpuSet,
    /// The operating system's text, or ours where it gave none.
    pub reason: String,
    /// The processors that the thread may use now, where that can be known.
    pub left: Option<CpuSet>,
}

/// A set as text, for the middle of a sentence.
pub(crate) fn named(cpus: &CpuSet) -> String {
    if cpus.is_empty() {
        "(none)".into()
    } else {
        cpus.to_string()
    }
}

fn left_text(left: &Option<CpuSet>) -> String {
    match left {
        Some(cpus) => format!("it is left with {}", named(cpus)),
        None => "which ones it is left with is unknown".into(),
    }
}

/// A list of processors that does not follow the kernel's cpulist format (`0-3,8`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("processor list `{text}`, character {position}: expected {expected}")]
pub struct CpuSetError {
    /// The whole text (cut after 200 characters).
    pub text: String,
    /// Where in it, counted in characters from 1.
    pub position: usize,
    /// What should have stood there.
    pub expected: &'static str,
}

/// A place list that is not understood, or cannot be had on this machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlacesError {
    /// The text does not follow the grammar.
    #[error("places `{text}`, character {position}: expected {expected}, found {found}")]
    Syntax {
        /// The whole text (cut after 200 characters).
        text: String,
        /// Where in it, counted in characters from 1.
        position: usize,
        /// What should have stood there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The text follows the grammar, and a number in it makes no sense.
    #[error("places `{text}`, character {position}: {problem}")]
    Range {
        /// The whole text (cut after 200 characters).
        text: String,
        /// Where in it, counted in characters from 1.
        position: usize,
        /// Which number, and what it would have to be.
        problem: String,
    },
    /// The machine's description knows no such objects.
    #[error(
        "places `{spec}`: no {objects} are known of this machine (topology from {source_of_it}); \
         no place list is made"
    )]
    Unknown {
        /// The place list as asked for.
        spec: String,
        /// The objects that would have been the places.
        objects: &'static str,
        /// Where the machine's description came from.
        source_of_it: Source,
    },
    /// No place is left once those without a usable processor are dropped.
    #[error(
        "places `{spec}`: no place holds a processor that this process may use; usable are {}; \
         no place list is made",
        named(.usable)
    )]
    NoneUsable {
        /// The place list as asked for.
        spec: String,
        /// What could have been asked for.
        usable: CpuSet,
    },
}

/// A word that is no thread binding policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no thread binding: expected false, true, primary, close or spread")]
pub struct ProcBindError {
    /// The word.
    pub text: String,
}

/// Cuts a text that goes into a message.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() {
        cut.push_str("...");
    }
    cut
}

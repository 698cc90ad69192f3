//! A case: its file, what the file says of itself, and how it ended.

use std::fmt;
use std::path::{Path, PathBuf};

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Did not compile: the first error.
    Rejected(String),
    /// Compiled, ran and panicked: with this text.
    Caught(String),
    /// Race-free, and computed what one thread computes.
    Passed,
    /// Not as it should: what happened.
    Wrong(String),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Rejected(error) => write!(f, "rejected: {error}"),
            End::Caught(panic) => write!(f, "caught: {panic}"),
            End::Passed => f.write_str("passed"),
            End::Wrong(what) => write!(f, "WRONG: {what}"),
        }
    }
}

/// A line of the table.
pub struct Row {
    pub name: String,
    pub racy: bool,
    pub class: String,
    pub end: End,
}

/// A racy program.
pub struct Racy {
    /// File name without `.rs`: the case's number and a word or two.
    pub name: String,
    pub path: PathBuf,
    pub class: String,
    /// `//! panics: text`: what a program that compiles must panic with.
    pub panics: Option<String>,
    /// `//~ text`: what the errors must hold, and the line where the text stands behind code.
    pub marks: Vec<Mark>,
}

/// One expected error.
pub struct Mark {
    pub text: String,
    pub line: Option<usize>,
}

/// Where the cases are.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/races")
        .join(name)
}

/// The Rust files of a folder in order of name, without `mod.rs`: name and text.
pub fn files(name: &str) -> Vec<(String, PathBuf, String)> {
    let folder = folder(name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
    let mut all: Vec<_> = entries
        .map(|e| e.expect("a folder that can be read").path())
        .filter(|p| p.extension().is_some_and(|e| e == "rs") && !p.ends_with("mod.rs"))
        .map(|p| {
            let name = p.file_stem().expect("a name").to_string_lossy().into();
            let text = std::fs::read_to_string(&p).unwrap_or_else(|e| panic!("{p:?}: {e}"));
            (name, p, text)
        })
        .collect();
    all.sort();
    all
}

/// The class in the first line, `//! class: what happens`.
pub fn class(name: &str, text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let class = first.strip_prefix("//! ").and_then(|l| l.split_once(": "));
    class
        .unwrap_or_else(|| panic!("{name}: the first line is `//! class: what happens`"))
        .0
        .to_owned()
}

/// The racy programs.
///
/// # Panics
///
/// When a file does not say what is expected of it.
pub fn racy_files() -> Vec<Racy> {
    files("racy")
        .into_iter()
        .map(|(name, path, text)| {
            let class = class(&name, &text);
            let panics = text.lines().find_map(|l| l.strip_prefix("//! panics: "));
            let marks = marks(&text);
            assert!(
                panics.is_some() == marks.is_empty(),
                "{name}: needs `//~ text of the error`, or `//! panics: text`, and not both"
            );
            check_twin(&name, &text);
            Racy {
                panics: panics.map(str::to_owned),
                name,
                path,
                class,
                marks,
            }
        })
        .collect()
}

/// The `//~` comments.
fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if let Some((code, text)) = line.split_once("//~ ") {
            marks.push(Mark {
                text: text.trim().to_owned(),
                line: (!code.trim().is_empty()).then_some(at + 1),
            });
        }
    }
    marks
}

/// `// twin: what to write instead`; the cases of `free/` that it names are there.
fn check_twin(name: &str, text: &str) {
    let twin = text.lines().find_map(|l| l.strip_prefix("// twin: "));
    let twin = twin.unwrap_or_else(|| panic!("{name}: has no line `// twin: ..`"));
    for words in twin.split("free/").skip(1) {
        let end = words.find(|c: char| !c.is_alphanumeric() && c != '_');
        let id = &words[..end.unwrap_or(words.len())];
        assert!(
            folder("free").join(id).with_extension("rs").exists(),
            "{name}: its twin `free/{id}.rs` is not there"
        );
    }
}

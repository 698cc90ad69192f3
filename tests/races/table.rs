//! `README.md`: its table against what was measured.

use crate::case::{End, Row, folder};
use std::fmt::Write;
use std::process::Command;
use std::sync::LazyLock;

/// The release whose messages the table holds.
const RELEASE: &str = "1.95.";

/// Whether this rustc is that release.
pub fn same_release() -> bool {
    static SAME: LazyLock<bool> = LazyLock::new(|| {
        let version = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()))
            .arg("--version")
            .output()
            .expect("rustc tells its version");
        String::from_utf8_lossy(&version.stdout).starts_with(&format!("rustc {RELEASE}"))
    });
    *SAME
}

const HEAD: &str = "| case | kind | how it ended | class |\n|---|---|---|---|\n";

fn line(row: &Row) -> String {
    let kind = if row.racy { "racy" } else { "race-free" };
    // A bar would end the column.
    let end = row.end.to_string().replace('|', "\\|").replace('\n', " ");
    format!("| {} | {kind} | {end} | {} |\n", row.name, row.class)
}

/// Compares the table, or with `BLESS=1` writes it; `all`: every case was run.
pub fn compare(rows: &[Row], all: bool, wrong: &mut Vec<String>) {
    let path = folder("README.md");
    let old = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
    let prose = old.split(HEAD).next().unwrap_or_default();
    if std::env::var_os("BLESS").is_some_and(|v| v == "1") {
        let failed = rows.iter().any(|r| matches!(r.end, End::Wrong(_)));
        if !all || failed || !same_release() {
            wrong.push(format!(
                "README.md is not written: that needs a run of all cases, none of them wrong, with \
                 rustc {RELEASE}x"
            ));
            return;
        }
        let table: String = rows.iter().map(line).collect();
        std::fs::write(&path, format!("{prose}{HEAD}{table}")).expect("README.md can be written");
        return;
    }
    let table = old.strip_prefix(prose).and_then(|t| t.strip_prefix(HEAD));
    let old: Vec<&str> = table.unwrap_or_default().lines().collect();
    if let Some(difference) = difference(rows, &old, all) {
        wrong.push(format!(
            "README.md differs from what was measured (`BLESS=1 cargo test --test races` writes \
             it):{difference}"
        ));
    }
}

/// Lines that the table should have, and lines that it should not.
fn difference(rows: &[Row], old: &[&str], all: bool) -> Option<String> {
    let mut said = String::new();
    let name = |line: &str| line.split(" | ").next().unwrap_or_default().to_owned();
    // Another release words rustc's errors in its own way.
    let known = |line: &str| match same_release() {
        true => line.to_owned(),
        false => ends(line),
    };
    let measured: Vec<String> = rows.iter().map(|r| line(r).trim_end().to_owned()).collect();
    for new in &measured {
        let found = old.iter().find(|o| name(o) == name(new));
        if found.is_none_or(|o| known(o) != known(new)) {
            let found = found.map_or("nothing", |o| o);
            _ = write!(said, "\n  measured {new}\n  written  {found}");
        }
    }
    if all {
        for o in old
            .iter()
            .filter(|o| !measured.iter().any(|m| name(m) == name(o)))
        {
            _ = write!(said, "\n  no longer there: {o}");
        }
        // Each has a line, so a difference in number is one that has two.
        let sorted = old.iter().map(|o| name(o)).is_sorted();
        if said.is_empty() && (!sorted || old.len() != measured.len()) {
            said += "\n  the lines are not in order of name, or one is there twice";
        }
    }
    (!said.is_empty()).then_some(said)
}

/// A line without the text of an error of rustc's.
fn ends(line: &str) -> String {
    match line.split_once("rejected: E") {
        Some((before, _)) => before.to_owned(),
        None => line.to_owned(),
    }
}

//! Racy programs: whether each ended as its file says that it must.

use crate::case::{End, Mark, Racy, Row};
use crate::compile::{self, Built, Error};
use crate::{table, watch};
use std::path::Path;

/// Builds all, runs those that compile, and says of each how it ended.
pub fn rows(cases: &[Racy], wrong: &mut Vec<String>) -> Vec<Row> {
    if cases.is_empty() {
        return Vec::new();
    }
    let mut built = compile::build(cases);
    let row = |case: &Racy| {
        let built = built.remove(&case.name).unwrap_or_default();
        let end = end(case, &built);
        println!("racy {} ... {end}", case.name);
        if let End::Wrong(what) = &end {
            wrong.push(format!("racy {}: {what}", case.name));
        }
        Row {
            name: case.name.clone(),
            racy: true,
            class: case.class.clone(),
            end,
        }
    };
    cases.iter().map(row).collect()
}

fn end(case: &Racy, built: &Built) -> End {
    match (&built.executable, built.errors.first()) {
        (Some(program), None) => ran(case, program),
        (_, Some(first)) => rejected(case, first, &built.errors),
        (None, None) => End::Wrong("cargo said nothing of it".into()),
    }
}

/// It did not compile: every error must be one that the file expects, and all of those must be there, so
/// that a slip of the pen is no race found.
fn rejected(case: &Racy, first: &Error, errors: &[Error]) -> End {
    if case.panics.is_some() {
        return End::Wrong(format!("should compile, and panic: {}", line(first)));
    }
    for error in errors {
        if !case.marks.iter().any(|m| is(m, error)) {
            return End::Wrong(format!(
                "an error that its `//~` does not expect, in line {:?}: {}",
                error.lines,
                line(error)
            ));
        }
    }
    for mark in &case.marks {
        if !errors.iter().any(|e| is(mark, e)) {
            return End::Wrong(format!("no error says `{}`", mark.text));
        }
    }
    End::Rejected(line(first))
}

/// Whether this error is the one that is expected. Of rustc's own, other releases than the table's may
/// word some differently: there the line has to do.
fn is(mark: &Mark, error: &Error) -> bool {
    let text = line(error).contains(&mark.text) || error.notes.contains(&mark.text);
    let reworded = !table::same_release() && error.code.is_some();
    (text || reworded) && mark.line.is_none_or(|l| error.lines.contains(&l))
}

/// The error in one line.
fn line(error: &Error) -> String {
    let first = error.message.lines().next().unwrap_or_default();
    match &error.code {
        Some(code) => format!("{code} {first}"),
        None => first.to_owned(),
    }
}

/// It compiled: it must panic, with the text that the file says.
fn ran(case: &Racy, program: &Path) -> End {
    let run = match watch::program(program) {
        Ok(run) => run,
        Err(hangs) => return End::Wrong(hangs),
    };
    match &case.panics {
        None if run.success => End::Wrong("compiled, and ran to its end".into()),
        None => End::Wrong(format!("compiled, and ended with: {}", run.said)),
        Some(text) if run.success => {
            End::Wrong(format!("ran to its end, and should panic with `{text}`"))
        }
        Some(text) if run.said.contains("panicked at") && run.said.contains(text) => {
            End::Caught(text.clone())
        }
        Some(text) => End::Wrong(format!("should panic with `{text}`: {}", run.said)),
    }
}

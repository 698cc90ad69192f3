//! Racy programs do not compile, or are caught when they run; their race-free twins compute what one
//! thread computes.
//!
//! A harness of its own: `racy/` is built as programs, `free/` is a part of this one. `README.md` holds
//! what came out, and the test fails when something else does; `BLESS=1` writes it anew.

mod arguments;
mod case;
mod compile;
mod free;
mod racy;
mod table;
mod team;
mod watch;

use arguments::Arguments;
use case::{End, Row};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::of(std::env::args().skip(1));
    let racy: Vec<_> = case::racy_files()
        .into_iter()
        .filter(|c| arguments.chosen(&c.name))
        .collect();
    let free: Vec<_> = free::cases()
        .into_iter()
        .filter(|c| arguments.chosen(&c.name))
        .collect();
    if arguments.list {
        let names = racy.iter().map(|c| &c.name);
        names
            .chain(free.iter().map(|c| &c.name))
            .for_each(|n| println!("{n}: test"));
        return ExitCode::SUCCESS;
    }
    let mut wrong = Vec::new();
    let mut rows: Vec<Row> = free
        .iter()
        .map(|c| watch::free_case(c, &mut wrong))
        .collect();
    rows.extend(racy::rows(&racy, &mut wrong));
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    table::compare(&rows, arguments.all(), &mut wrong);
    for w in &wrong {
        println!("\nFAILED {w}");
    }
    summary(&rows);
    match wrong.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// The last line.
fn summary(rows: &[Row]) {
    let count = |what: fn(&End) -> bool| rows.iter().filter(|r| what(&r.end)).count();
    let free = rows.iter().filter(|r| !r.racy).count();
    let passed = count(|e| matches!(e, End::Passed));
    println!(
        "\nracy {} rejected {} caught {}, race-free {free} passed {passed}, false alarms {}",
        rows.len() - free,
        count(|e| matches!(e, End::Rejected(_))),
        count(|e| matches!(e, End::Caught(_))),
        free - passed,
    );
}

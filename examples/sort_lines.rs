//! Sorts the lines of a text file: a merge sort by tasks, whose merges are split too. Lines are bytes, whatever
//! their encoding; equal lines keep their order.
//!
//! `cargo run --release --example sort_lines -- FILE.. --output SORTED`

#![forbid(unsafe_code)]

mod common;

use common::{Arguments, compare, read, refuse, start_team};
use phalanx::prelude::*;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

const HELP: &str = "\
Sorts the lines of text files by tasks, and once more by one thread, compared.

    cargo run --release --example sort_lines -- [FILE..] [OPTIONS]

    FILE..          the text (default: 500 copies of phalanx' README.md and CHANGELOG.md)
    --repeat N      sorts N times as much: copies, one after the other
    --output FILE   where the sorted lines go (default: nowhere)";

/// Fewer lines than this are sorted, or merged, by one task.
const FEW: usize = 2048;

/// Sorts what both arrays hold, in this order, into `to`; `from` is overwritten.
fn sort<'t>(task: &Task<'_>, from: &mut [&'t [u8]], to: &mut [&'t [u8]]) {
    if to.len() <= FEW {
        to.sort();
        return;
    }
    let half = to.len() / 2;
    let (from_l, from_r) = from.split_at_mut(half);
    let (to_l, to_r) = to.split_at_mut(half);
    task.join(
        |task| sort(task, to_l, from_l),
        |task| sort(task, to_r, from_r),
    );
    merge(task, from_l, from_r, to);
}

/// Merges two sorted arrays into `to`; of equal lines, those of `left` come first.
fn merge<'t>(task: &Task<'_>, left: &[&'t [u8]], right: &[&'t [u8]], to: &mut [&'t [u8]]) {
    if to.len() <= FEW {
        let (mut l, mut r) = (left.iter().peekable(), right.iter().peekable());
        for to in to {
            let from_right = match (l.peek(), r.peek()) {
                (Some(l), Some(r)) => r < l,
                (l, _) => l.is_none(),
            };
            let next = if from_right { r.next() } else { l.next() };
            *to = next.expect("`to` is as long as both");
        }
        return;
    }
    // The middle of the longer array, and where it would stand in the other.
    let (l, r) = if left.len() >= right.len() {
        let l = left.len() / 2;
        (l, right.partition_point(|line| *line < left[l]))
    } else {
        let r = right.len() / 2;
        (left.partition_point(|line| *line <= right[r]), r)
    };
    let (left, left_end) = left.split_at(l);
    let (right, right_end) = right.split_at(r);
    let (to, to_end) = to.split_at_mut(l + r);
    task.join(
        |task| merge(task, left, right, to),
        |task| merge(task, left_end, right_end, to_end),
    );
}

fn write(path: &Path, lines: &[&[u8]]) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    for line in lines {
        file.write_all(line)?;
        file.write_all(b"\n")?;
    }
    file.flush()
}

fn main() {
    let mut arguments = Arguments::new(HELP);
    let repeat = arguments.number("--repeat", 1..=100_000);
    let output = arguments.path("--output");
    let files = std::iter::from_fn(|| arguments.next("FILE"));
    let mut files: Vec<PathBuf> = files.map(PathBuf::from).collect();

    let mut repeat = repeat.unwrap_or(1);
    if files.is_empty() {
        files = ["README.md", "CHANGELOG.md"]
            .map(|f| Path::new(env!("CARGO_MANIFEST_DIR")).join(f))
            .into();
        repeat *= 500;
    }
    let mut text = Vec::new();
    for file in &files {
        text.extend(read(file));
        if text.last().is_some_and(|last| *last != b'\n') {
            text.push(b'\n');
        }
    }
    let text = text.repeat(repeat);
    let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
    let lines: Vec<&[u8]> = lines.iter().map(|line| &line[..line.len() - 1]).collect();
    println!("{} lines, {} bytes", lines.len(), text.len());

    let mut expected = lines.clone();
    let start = Instant::now();
    expected.sort();
    let alone = start.elapsed();

    start_team();
    let (mut sorted, mut other) = (lines.clone(), lines);
    let start = Instant::now();
    taskgroup(|tg| sort(tg, &mut other, &mut sorted));
    compare(alone, start.elapsed());

    // The same lines, and not only lines that read the same: equal ones must be in their old order.
    let same = |(a, b): (&&[u8], &&[u8])| std::ptr::eq(*a, *b);
    assert!(
        sorted.len() == expected.len() && sorted.iter().zip(&expected).all(same),
        "one thread sorts otherwise"
    );
    println!("verified: identical to the sequential sort");
    if let Some(path) = output {
        if let Err(e) = write(&path, &sorted) {
            refuse(format!("--output {}: {e}", path.display()));
        }
        println!("wrote {}", path.display());
    }
}

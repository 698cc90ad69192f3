//! Runs the contest: starts the contestants, asks them in turn, and prints the table.
//!
//! `driver FOLDER-OF-PROGRAMS REPORT-FOLDER [--quick] [--rounds N] [--rows a,b,..]`

mod contestant;
mod probe;
mod report;
mod rows;

use contestant::{Answer, Contestant, ENTRIES};
use report::{Line, Sample, Series};
use rows::{ROWS, Row};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

struct Arguments {
    programs: PathBuf,
    report: PathBuf,
    rounds: usize,
    rows: Vec<&'static Row>,
    /// A name was given that is no row.
    unknown: bool,
}

const USAGE: &str = "run [--quick] [--rounds N] [--rows a,b,..]";

fn arguments() -> Result<Arguments, String> {
    let mut words = std::env::args().skip(1);
    let mut path = || words.next().map(PathBuf::from).ok_or(USAGE);
    let (programs, report) = (path()?, path()?);
    let mut a = Arguments {
        programs,
        report,
        rounds: 41,
        rows: ROWS.iter().collect(),
        unknown: false,
    };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => a.rounds = 15,
            "--rounds" => {
                let n = words.next().unwrap_or_default();
                a.rounds = match n.parse() {
                    Ok(n) if n > 0 => n,
                    _ => return Err(format!("--rounds {n}: not a number of rounds")),
                }
            }
            "--rows" => {
                let names = words
                    .next()
                    .ok_or("--rows needs names, such as fork_join,barrier")?;
                (a.rows, a.unknown) = chosen(&names);
            }
            _ => return Err(format!("there is no option {word}: {USAGE}")),
        }
    }
    Ok(a)
}

/// The rows of these names; an unknown name is said, and the rest still runs.
fn chosen(names: &str) -> (Vec<&'static Row>, bool) {
    let mut unknown = false;
    let mut rows = Vec::new();
    for name in names.split(',').filter(|n| !n.is_empty()) {
        match ROWS.iter().find(|r| r.name == name) {
            Some(r) => rows.push(r),
            None => {
                let all: Vec<_> = ROWS.iter().map(|r| r.name).collect();
                eprintln!(
                    "peers: there is no row {name}; the rows are {}",
                    all.join(", ")
                );
                unknown = true;
            }
        }
    }
    (rows, unknown)
}

/// The machine must be quiet: nothing compiles, nobody else measures.
fn wait_for_quiet() {
    let busy = || -> Option<u64> {
        let stat = std::fs::read_to_string("/proc/stat").ok()?;
        let mut n = stat
            .lines()
            .next()?
            .split_whitespace()
            .skip(1)
            .map(str::parse::<u64>);
        // user, nice, system: in hundredths of a second.
        Some(n.next()?.ok()? + n.next()?.ok()? + n.next()?.ok()?)
    };
    let start = Instant::now();
    let mut said = false;
    while let Some(before) = busy() {
        std::thread::sleep(Duration::from_millis(500));
        if busy().is_none_or(|now| now - before < 10) {
            return;
        }
        if start.elapsed() > Duration::from_secs(60) {
            eprintln!("peers: other programs still use the processors: the figures will suffer");
            return;
        }
        if !said {
            eprintln!(
                "peers: waiting for other programs to leave the processors, at most a minute"
            );
            said = true;
        }
    }
}

fn contestants(programs: &Path) -> Vec<Contestant> {
    let mut all = Vec::new();
    let mut missing: Vec<&str> = Vec::new();
    for entry in &ENTRIES {
        match Contestant::start(entry, programs) {
            Ok(c) => all.push(c),
            Err(e) if !missing.contains(&entry.peer) => {
                eprintln!("peers: {} does not take part: {e}", entry.peer);
                missing.push(entry.peer);
            }
            Err(_) => {}
        }
    }
    all
}

/// Tells near from far, if there are two processors to be near.
struct Distance {
    pair: Option<(usize, usize)>,
    last: f64,
}

impl Distance {
    fn new() -> Self {
        let pair = match probe::processors().as_slice() {
            [a, b, ..] => Some((*a, *b)),
            _ => {
                eprintln!("peers: one processor only: nothing is near or far, and nobody can win");
                None
            }
        };
        let mut d = Distance { pair, last: 0.0 };
        d.measure();
        d
    }
    fn measure(&mut self) -> f64 {
        self.last = self.pair.map_or(0.0, |(a, b)| probe::round_trip(a, b));
        self.last
    }
    /// Measures again: whether the time since the last call was near throughout.
    fn was_near(&mut self) -> bool {
        let before = self.last;
        before.max(self.measure()) < probe::NEAR
    }
}

/// Measures one row: each round asks everyone once, beginning with another each time.
fn measure(row: &Row, rounds: usize, all: &mut [Contestant], d: &mut Distance) -> Vec<Series> {
    let mut turns: Vec<(usize, String)> = Vec::new();
    let mut series: Vec<Series> = Vec::new();
    for (k, c) in all.iter().enumerate() {
        if c.entry.runs(row) {
            for (peer, request) in row.requests(c.entry.peer) {
                let settings: Vec<_> = c
                    .entry
                    .settings
                    .iter()
                    .map(|(n, v)| format!("{n}={v}"))
                    .collect();
                series.push(Series {
                    peer,
                    how: format!("{request} {}", settings.join(" ")),
                    samples: Vec::new(),
                    awake: 0.0,
                });
                turns.push((k, request));
            }
        }
    }
    let mut awake = vec![Vec::new(); turns.len()];
    let mut out = vec![false; turns.len()];
    for round in 0..3 * rounds {
        // Beyond the rounds that were asked for only as long as the near mode has come too rarely.
        let lacking = |(s, out): (&Series, &bool)| !out && report::near_lacks(s);
        if round >= rounds && !series.iter().zip(&out).any(lacking) {
            break;
        }
        for k in 0..turns.len() {
            let at = (k + round) % turns.len();
            let (who, request) = &turns[at];
            if out[at] {
                continue;
            }
            match all[*who].ask(request, row.millis) {
                Answer::Took { nanos, awake: busy } => {
                    let near = d.was_near();
                    series[at].samples.push(Sample { round, nanos, near });
                    awake[at].push(busy);
                }
                Answer::None => out[at] = true,
                Answer::Gone(how) => {
                    eprintln!(
                        "peers: {} does not take part any more: {how}",
                        all[*who].entry.peer
                    );
                    (0..turns.len())
                        .filter(|&t| turns[t].0 == *who)
                        .for_each(|t| out[t] = true);
                }
            }
        }
    }
    for (s, mut busy) in series.iter_mut().zip(awake) {
        s.awake = if busy.is_empty() {
            0.0
        } else {
            report::quantile(&mut busy, 0.5)
        };
        if s.awake >= 0.1 {
            eprintln!(
                "peers: {} kept {:.1} processors busy while it should have slept ({}): it does not count",
                s.peer, s.awake, s.how
            );
        }
    }
    series
}

/// What each program says to the share that the row asks for.
fn shares(row: &Row, all: &mut [Contestant]) {
    let Some((request, what)) = row.share else {
        return;
    };
    let request = format!("{}/{request}", row.name);
    let mut said: Vec<String> = Vec::new();
    for c in all.iter_mut().filter(|c| c.entry.runs(row)) {
        if let Answer::Took { nanos: share, .. } = c.ask(&request, 0.0) {
            said.push(format!("{} {:.1} %", c.entry.peer, 100.0 * share));
        }
    }
    println!("{:<26}{what}: {}", "", said.join(", "));
}

fn run(a: &Arguments) -> std::io::Result<()> {
    let mut all = contestants(&a.programs);
    let mut distance = Distance::new();
    wait_for_quiet();
    distance.measure();
    println!(
        "round trip of a cache line: {:.0} ns at the start; near is below {:.0}",
        distance.last,
        probe::NEAR
    );
    Line::head();
    let mut table = vec![Line::HEAD.to_owned()];
    let mut long = vec!["row\tpeer\thow\tunit\tmedian\tp10\tp90\tsamples\tnear".to_owned()];
    let (mut near, mut total) = (0, 0);
    for row in &a.rows {
        let series = measure(row, a.rounds, &mut all, &mut distance);
        for s in series.iter().filter(|s| !s.samples.is_empty()) {
            let close = s.samples.iter().filter(|x| x.near).count();
            (near, total) = (near + close, total + s.samples.len());
            let mut v: Vec<f64> = s
                .samples
                .iter()
                .filter(|x| x.near || close == 0)
                .map(|x| x.nanos / row.scale())
                .collect();
            let q: Vec<_> = [0.5, 0.1, 0.9]
                .map(|q| format!("{:.3}", report::quantile(&mut v, q)))
                .into();
            long.push(format!(
                "{}\t{}\t{}\t{}\t{}\t{}\t{close}",
                row.name,
                s.peer,
                s.how,
                row.unit,
                q.join("\t"),
                s.samples.len()
            ));
        }
        match report::line(row, &series) {
            Some(line) => {
                line.print();
                table.push(line.tsv());
                shares(row, &mut all);
            }
            None => println!("{:<26} phalanx brought no figure", row.name),
        }
    }
    println!("near in {near} of {total} samples");
    if near == 0 && distance.pair.is_some() {
        println!("the processors were never near: all figures are of the far mode");
    }
    std::fs::create_dir_all(&a.report)?;
    std::fs::write(a.report.join("report.tsv"), table.join("\n") + "\n")?;
    std::fs::write(a.report.join("contestants.tsv"), long.join("\n") + "\n")?;
    println!("wrote {}", a.report.join("report.tsv").display());
    Ok(())
}

fn main() -> ExitCode {
    let a = match arguments() {
        Ok(a) => a,
        Err(e) => {
            eprintln!("peers: {e}");
            return ExitCode::from(2);
        }
    };
    match run(&a) {
        Ok(()) if a.unknown => ExitCode::from(2),
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!(
                "peers: the report cannot be written to {}: {e}",
                a.report.display()
            );
            ExitCode::from(1)
        }
    }
}

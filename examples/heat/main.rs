//! The heat equation on a plate, solved with annotated loops and no `unsafe`.
//!
//! `cargo run --release --example heat -- --help` says what it can do.

#![forbid(unsafe_code)]

mod arguments;
mod picture;

use arguments::Arguments;
use phalanx::Pool;
use phalanx::prelude::*;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// One sweep: each inner cell becomes the mean of its four neighbours. The rim keeps its
/// temperature. Iteration `i` owns row `i` of `b`, and may read all of `a`.
#[omp]
fn sweep(a: &Grid2<f64>, b: &mut Grid2<f64>) {
    let (rows, cols) = a.shape();
    #[parallel_for(schedule(runtime), disjoint(b))]
    for i in 1..rows - 1 {
        for j in 1..cols - 1 {
            b[i][j] = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
        }
    }
}

/// The largest change of any cell between two states.
#[omp]
fn largest_change(a: &Grid2<f64>, b: &Grid2<f64>) -> f64 {
    let (rows, cols) = a.shape();
    let mut change = 0.0;
    #[parallel_for(schedule(runtime), reduction(max: change))]
    for i in 0..rows {
        for j in 0..cols {
            change = change.max((a[i][j] - b[i][j]).abs());
        }
    }
    change
}

/// The same sweep by one thread, in plain Rust.
fn sequential_sweep(a: &[f64], b: &mut [f64], cols: usize) {
    let rows = a.len() / cols;
    for i in 1..rows - 1 {
        let (up, down) = (&a[(i - 1) * cols..][..cols], &a[(i + 1) * cols..][..cols]);
        let (own, out) = (&a[i * cols..][..cols], &mut b[i * cols..][..cols]);
        for j in 1..cols - 1 {
            out[j] = 0.25 * (up[j] + down[j] + own[j - 1] + own[j + 1]);
        }
    }
}

fn sequential_change(a: &[f64], b: &[f64]) -> f64 {
    a.iter()
        .zip(b)
        .fold(0.0, |m, (a, b)| f64::max(m, (a - b).abs()))
}

/// What a run leaves behind.
struct Outcome<G> {
    plate: G,
    time: Duration,
    change: f64,
}

/// Swaps two buffers `sweeps` times, showing how far it has come.
fn run<G>(
    name: &str,
    sweeps: usize,
    (mut a, mut b): (G, G),
    mut sweep: impl FnMut(&G, &mut G),
    change: impl Fn(&G, &G) -> f64,
) -> Outcome<G> {
    let live = std::io::stderr().is_terminal();
    let (start, step) = (Instant::now(), sweeps.div_ceil(10).max(1));
    for done in 1..=sweeps {
        sweep(&a, &mut b);
        std::mem::swap(&mut a, &mut b);
        if live && done % step == 0 {
            eprint!(
                "\r{name}: sweep {done} of {sweeps}, {:.1} s ",
                start.elapsed().as_secs_f64()
            );
            let _ = std::io::stderr().flush();
        }
    }
    let time = start.elapsed();
    if live {
        eprintln!();
    } else {
        eprintln!("{name}: {sweeps} sweeps, {:.1} s", time.as_secs_f64());
    }
    let change = if sweeps == 0 { 0.0 } else { change(&a, &b) };
    Outcome {
        plate: a,
        time,
        change,
    }
}

fn main() -> ExitCode {
    match Arguments::from_command_line().and_then(|a| a.map_or(Ok(true), |a| solve(&a))) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("heat: {message}");
            ExitCode::from(2)
        }
    }
}

/// Returns whether the parallel run agrees with the sequential one.
fn solve(arguments: &Arguments) -> Result<bool, String> {
    let start = match &arguments.input {
        Some(path) => picture::read(path)?,
        None => picture::built_in(arguments.size.0, arguments.size.1),
    };
    let (rows, cols) = (start.rows, start.cols);
    let mut pool = Pool::builder().proc_bind(arguments.bind);
    if let Some(n) = arguments.threads {
        pool = pool.num_threads(n);
    }
    let pool = pool.build().map_err(|e| format!("--threads: {e}"))?;
    println!(
        "{rows} x {cols} cells, {} sweeps, schedule {}",
        arguments.sweeps, arguments.schedule
    );

    let (team, parallel, pages) = pool.install(|| {
        phalanx::set_schedule(arguments.schedule);
        // Each row is written first by the thread that will sweep it.
        let plate = || Grid2::from_fn(Runtime, rows, cols, |i, j| start.at(i, j));
        let two = (plate(), plate());
        let pages = phalanx::pages::report(&two.0);
        let outcome = run("parallel", arguments.sweeps, two, sweep, largest_change);
        let team = parallel_map(Static, 0..phalanx::max_threads(), |_| {
            (
                phalanx::thread_num(),
                phalanx::place_num(),
                phalanx::place_cpus(),
            )
        });
        (team, outcome, pages)
    });
    let two = (start.cells.clone(), start.cells.clone());
    let sequential = run(
        "sequential",
        arguments.sweeps,
        two,
        |a, b| sequential_sweep(a, b, cols),
        |a, b| sequential_change(a, b),
    );

    for (num, place, cpus) in team.iter() {
        match (place, cpus) {
            (Some(p), Some(c)) => println!("thread {num:>3}  place {p}, processors {c}"),
            _ => println!("thread {num:>3}  not bound"),
        }
    }
    println!("pages       {pages}");
    println!("memory      {}", footprint(rows * cols));
    report("sequential", &sequential, arguments.sweeps, rows * cols);
    report("parallel", &parallel, arguments.sweeps, rows * cols);
    let speed_up = sequential.time.as_secs_f64() / parallel.time.as_secs_f64();
    println!("speed-up    {speed_up:.2} on {} threads", team.len());
    println!("last change {:.6} degrees", parallel.change);
    picture::write(&arguments.output, parallel.plate.as_slice(), cols)?;
    println!("wrote       {}", arguments.output.display());
    Ok(verdict(&sequential, &parallel))
}

fn report<G>(name: &str, outcome: &Outcome<G>, sweeps: usize, cells: usize) {
    let each = outcome.time.as_secs_f64() / sweeps.max(1) as f64;
    let rate = cells as f64 / each / 1e6;
    println!(
        "{name:<11} {:.3} ms a sweep, {rate:.0} million cells a second",
        each * 1e3
    );
}

/// What a sweep works on, beside the cache that it may or may not fit.
fn footprint(cells: usize) -> String {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let plates = 2 * (cells * size_of::<f64>()) as u64;
    let caches = phalanx::topology().llcs();
    let largest = caches.iter().filter_map(|c| c.size()).max();
    let beside = match largest {
        Some(c) if plates <= c => format!("they fit the last-level cache of {:.0} MiB", mib(c)),
        Some(c) => format!(
            "more than the last-level cache of {:.0} MiB, so memory may be the limit",
            mib(c)
        ),
        None => "the last-level cache is not known".to_owned(),
    };
    format!("two plates of {:.1} MiB: {beside}", mib(plates) / 2.0)
}

/// Compares bit by bit: both runs do the same operations in the same order on each cell.
fn verdict(sequential: &Outcome<Vec<f64>>, parallel: &Outcome<Grid2<f64>>) -> bool {
    let (s, p) = (&sequential.plate, parallel.plate.as_slice());
    let differ = s
        .iter()
        .zip(p)
        .filter(|(s, p)| s.to_bits() != p.to_bits())
        .count();
    if differ == 0 && sequential.change == parallel.change {
        println!("verified: identical to the sequential run");
        return true;
    }
    let most = sequential_change(s, p);
    println!("DIFFERENT from the sequential run: {differ} cells, by up to {most:e} degrees");
    false
}

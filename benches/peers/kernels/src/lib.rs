//! What every Rust contestant shares: the work of a row, and the protocol with the driver.
//!
//! The driver writes one request a line, `row <tab> milliseconds`; the answer is
//! `nanoseconds an operation <tab> processors in use while parked`, or `none` for an unknown row.
//! `../c/contest.h` is the same in C.

pub mod keys;
pub mod matrices;
pub mod trees;

use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

/// Steps of [`work`] in an iteration of the dynamic rows: about 20 ns.
pub const SHORT: u64 = 18;
/// Iterations of the dynamic rows.
pub const ITERATIONS: usize = 10_000;
/// Iterations of the triangular row: iteration `i` takes `i` steps.
pub const TRIANGLE: usize = 2_000;
/// Elements of the rows `stencil3_1m` and `dot_1m`.
pub const MILLION: usize = 1_000_000;
/// Rows and columns of `row5_2000`.
pub const PLATE: usize = 2_000;
/// Rows and columns of `region_stencil`, and how often its two loops run.
pub const SQUARE: usize = 256;
/// See [`SQUARE`].
pub const SWEEPS: usize = 1_000;
/// Iterations of the row `ordered`.
pub const ORDERED: u64 = 100;
/// Threads of the oversubscribed rows.
pub const CROWD: usize = 8;

/// Iterations of the rows `taskloop_*`.
pub const LOOP: u64 = 2048;
/// Steps of [`work`] in one of these: about 0.1 us.
pub const DELAY: u64 = 90;

/// Elements and positions of the rows `scatter_10m_*`.
pub const TARGETS: usize = 10_000_000;

/// The positions of `0..n` in an order without order, the same in every run.
pub fn shuffled(n: usize) -> Vec<u32> {
    let mut v: Vec<u32> = (0..n as u32).collect();
    let mut x = 1u64;
    for i in (1..n).rev() {
        x = x
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        v.swap(i, (x >> 33) as usize % (i + 1));
    }
    v
}

/// A chain of multiplications that takes time and no memory.
#[inline(always)]
pub fn work(mut x: u64, steps: u64) {
    for _ in 0..steps {
        x = black_box(
            x.wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407),
        );
    }
}

/// How a row is run.
pub enum Row {
    /// One operation a call.
    Op(Box<dyn FnMut()>),
    /// `n` operations a call, timed from inside; the answer is their time together.
    Timed(Box<dyn FnMut(u64) -> Duration>),
    /// One operation after 10 ms without one.
    Parked(Box<dyn FnMut()>),
    /// No time but a share, for a note beside the table.
    Share(Box<dyn FnMut() -> f64>),
}

/// A row of one operation a call.
pub fn op(f: impl FnMut() + 'static) -> Option<Row> {
    Some(Row::Op(Box::new(f)))
}

/// A row whose operations begin with something that is not timed, such as new data.
pub fn timed(mut f: impl FnMut() -> Duration + 'static) -> Option<Row> {
    Some(Row::Timed(Box::new(move |n| (0..n).map(|_| f()).sum())))
}

/// What `loops(n)`, which runs `n` loops of [`LOOP`] iterations and times them, took beyond half of their work, which is
/// done again for this by one thread.
pub fn beyond_work(n: u64, loops: impl FnOnce(u64) -> Duration) -> Duration {
    let few = n.min(8);
    let took = loops(few);
    let start = Instant::now();
    (0..few).for_each(|_| (0..LOOP / 2).for_each(|i| work(i, DELAY)));
    took.saturating_sub(start.elapsed()) * n as u32 / few as u32
}

/// Answers requests until the input ends. `find` makes a row, once.
pub fn serve(find: impl Fn(&str) -> Option<Row>) {
    // One row at a time: a pool that belongs to another row would be in the way.
    let mut known: (String, Option<Row>) = (String::new(), None);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let (name, millis) = line.split_once('\t').unwrap_or((&line, "4"));
        if known.0 != name {
            known.1 = None;
            known = (name.to_owned(), find(name));
        }
        let length = Duration::from_secs_f64(millis.parse::<f64>().unwrap_or(4.0) / 1e3);
        match &mut known.1 {
            None => println!("none"),
            Some(row) => {
                let (ns, busy) = sample(row, length);
                println!("{ns:.3}\t{busy:.3}");
            }
        }
        let _ = std::io::stdout().flush();
    }
}

fn sample(row: &mut Row, length: Duration) -> (f64, f64) {
    match row {
        Row::Op(f) => {
            let mut batch = |n| {
                let start = Instant::now();
                (0..n).for_each(|_| f());
                start.elapsed()
            };
            (batches(&mut batch, length), 0.0)
        }
        Row::Timed(f) => (batches(f, length), 0.0),
        Row::Parked(f) => parked(f, length),
        Row::Share(f) => (f(), 0.0),
    }
}

/// Median of batches of about 50 us, after a millisecond to get warm. An operation that takes longer than the sample
/// is the sample.
fn batches(batch: &mut dyn FnMut(u64) -> Duration, length: Duration) -> f64 {
    let start = Instant::now();
    let (mut each, mut warm) = (Duration::MAX, 0);
    while warm < 2 || start.elapsed() < Duration::from_millis(1) {
        let took = batch(1);
        if took > length {
            return took.as_nanos() as f64;
        }
        each = each.min(took);
        warm += 1;
    }
    let n = (50_000 / each.as_nanos().max(1) as u64).max(1);
    let mut seen = Vec::new();
    let start = Instant::now();
    while seen.len() < 3 || start.elapsed() < length {
        seen.push(batch(n).as_nanos() as f64 / n as f64);
    }
    median(&mut seen)
}

/// Median of single operations, each after 10 ms of nothing; and how many processors the process
/// kept busy in the last two of them.
fn parked(f: &mut dyn FnMut(), length: Duration) -> (f64, f64) {
    let (mut seen, mut busy) = (Vec::new(), Vec::new());
    let start = Instant::now();
    f();
    while seen.len() < 3 || start.elapsed() < length {
        std::thread::sleep(Duration::from_millis(8));
        let (before, at) = (cpu_time(), Instant::now());
        std::thread::sleep(Duration::from_millis(2));
        busy.push((cpu_time() - before) / at.elapsed().as_secs_f64());
        let at = Instant::now();
        f();
        seen.push(at.elapsed().as_nanos() as f64);
    }
    (median(&mut seen), median(&mut busy))
}

/// Processor time of all threads of this process, in seconds.
fn cpu_time() -> f64 {
    let mut t = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `t` is a timespec to be written.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

fn median(v: &mut [f64]) -> f64 {
    v.sort_by(f64::total_cmp);
    v[v.len() / 2]
}

/// Pins the calling thread, for contestants that leave their caller where it is.
pub fn pin(cpu: usize) {
    // SAFETY: a zeroed cpu_set_t is the empty set, and `cpu` is below its size.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(cpu, &mut set);
        libc::sched_setaffinity(0, size_of_val(&set), &set);
    }
}

//! From samples to the table: medians in the near mode, ratios round by round.

use crate::rows::Row;

/// One sample of one contestant.
#[derive(Clone, Copy)]
pub struct Sample {
    pub round: usize,
    pub nanos: f64,
    /// Whether the processors were near before and after.
    pub near: bool,
}

/// All samples of one contestant in one of its ways to do a row.
pub struct Series {
    pub peer: &'static str,
    /// Settings and way, for the long list.
    pub how: String,
    pub samples: Vec<Sample>,
    /// Processors busy while it should have been asleep: the median over rounds.
    pub awake: f64,
}

/// One line of the table.
pub struct Line {
    pub row: &'static str,
    pub unit: &'static str,
    pub ours: f64,
    pub peer: String,
    pub peer_value: f64,
    pub ratio: f64,
    pub p10: f64,
    pub p90: f64,
    pub mode: &'static str,
    pub target: f64,
}

/// The `q`-quantile of values.
pub fn quantile(values: &mut [f64], q: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * q).round() as usize]
}

/// Which samples count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Near,
    Far,
    /// Some contestant has none of either kind.
    Mixed,
}

impl Mode {
    /// Near if everybody has enough of that, or nothing else.
    fn of(all: &[Series]) -> Mode {
        let each = |f: &dyn Fn(usize, usize) -> bool| {
            all.iter().filter(|s| !s.samples.is_empty()).all(|s| {
                let near = s.samples.iter().filter(|x| x.near).count();
                f(near, s.samples.len() - near)
            })
        };
        if each(&|near, far| near >= ENOUGH || far == 0) {
            Mode::Near
        } else if each(&|_, far| far > 0) {
            Mode::Far
        } else {
            Mode::Mixed
        }
    }
    fn name(self) -> &'static str {
        match self {
            Mode::Near => "near",
            Mode::Far => "far",
            Mode::Mixed => "mixed",
        }
    }
}

/// Samples of a series in the mode that counts.
fn in_mode(s: &Series, mode: Mode) -> impl Iterator<Item = &Sample> {
    let counts = move |x: &&Sample| mode == Mode::Mixed || x.near == (mode == Mode::Near);
    s.samples.iter().filter(counts)
}

fn median(s: &Series, mode: Mode) -> f64 {
    quantile(
        &mut in_mode(s, mode).map(|x| x.nanos).collect::<Vec<_>>(),
        0.5,
    )
}

/// The best of the series: of those that were really asleep, where that matters.
fn best<'s>(all: impl Iterator<Item = &'s Series>, mode: Mode) -> Option<&'s Series> {
    all.filter(|s| s.awake < 0.1 && !median(s, mode).is_nan())
        .min_by(|a, b| median(a, mode).total_cmp(&median(b, mode)))
}

/// Enough samples to speak of a mode.
const ENOUGH: usize = 5;

/// Whether a series has too few samples of the near mode.
pub fn near_lacks(s: &Series) -> bool {
    in_mode(s, Mode::Near).count() < ENOUGH
}

/// The line of a row; `None` when phalanx itself brought nothing.
pub fn line(row: &'static Row, all: &[Series]) -> Option<Line> {
    let mode = Mode::of(all);
    let ours = best(all.iter().filter(|s| s.peer == "phalanx"), mode)?;
    let peer = best(all.iter().filter(|s| s.peer != "phalanx"), mode);
    let mut ratios: Vec<f64> = peer.map_or(Vec::new(), |peer| {
        let of = |round| in_mode(peer, mode).find(|p| p.round == round);
        in_mode(ours, mode)
            .filter_map(|o| Some(o.nanos / of(o.round)?.nanos))
            .collect()
    });
    let value = |s: &Series| median(s, mode) / row.scale();
    let peer_value = peer.map_or(f64::NAN, value);
    Some(Line {
        row: row.name,
        unit: row.unit,
        ours: value(ours),
        peer: peer.map_or("none".to_owned(), |p| p.peer.to_owned()),
        peer_value,
        ratio: value(ours) / peer_value,
        p10: quantile(&mut ratios, 0.1),
        p90: quantile(&mut ratios, 0.9),
        mode: mode.name(),
        target: row.target,
    })
}

impl Line {
    pub const HEAD: &str = "row\tunit\tours\tpeer\tpeer_value\tratio\tp10\tp90\tmode";

    pub fn tsv(&self) -> String {
        format!(
            "{}\t{}\t{:.3}\t{}\t{:.3}\t{:.3}\t{:.3}\t{:.3}\t{}",
            self.row,
            self.unit,
            self.ours,
            self.peer,
            self.peer_value,
            self.ratio,
            self.p10,
            self.p90,
            self.mode
        )
    }

    pub fn print(&self) {
        let verdict = match self.ratio {
            r if r.is_nan() => "no peer",
            r if r <= self.target => "ok",
            _ => "ABOVE",
        };
        println!(
            "{:<26}{:>9.2} {:<3}{:>11} {:>9.2}  {:>6.3}  [{:.3} {:.3}]  {:>5.2} {:<7} {}",
            self.row,
            self.ours,
            self.unit,
            self.peer,
            self.peer_value,
            self.ratio,
            self.p10,
            self.p90,
            self.target,
            verdict,
            self.mode
        );
    }

    pub fn head() {
        println!(
            "{:<26}{:>13}{:>11} {:>9}  {:>6}  {:<15}  {:>5}",
            "row", "phalanx", "best peer", "", "ratio", "[p10 p90]", "goal"
        );
    }
}

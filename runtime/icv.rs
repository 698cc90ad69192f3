//! Internal control variables: what the environment says, read once, every bad value reported.

use crate::schedule::Schedule;
use phalanx_topology::{PlacesSpec, ProcBind};
use std::fmt::{Display, Write as _};
use std::str::FromStr;
use std::time::Duration;

/// `OMP_WAIT_POLICY` (OpenMP 6.0, section "OMP_WAIT_POLICY").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wait {
    /// Spins as long as the gaps seen so far make it worth while, then sleeps.
    #[default]
    Adaptive,
    /// Spins until there is work.
    Active,
    /// Sleeps at once.
    Passive,
}

/// `OMP_DISPLAY_ENV`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DisplayEnv {
    /// Nothing.
    #[default]
    No,
    /// The variables of OpenMP.
    Yes,
    /// Those of phalanx too.
    Verbose,
}

/// What the environment says. Lists are by nesting level, the last entry goes on for deeper ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `OMP_NUM_THREADS`; empty when it says nothing.
    pub num_threads: Vec<usize>,
    /// `OMP_PROC_BIND`; empty when it says nothing.
    pub proc_bind: Vec<ProcBind>,
    /// `OMP_PLACES`.
    pub places: Option<PlacesSpec>,
    /// `OMP_WAIT_POLICY`.
    pub wait: Wait,
    /// `PHALANX_BLOCKTIME`: the longest that a thread spins; `Some(None)` is `infinite`.
    pub blocktime: Option<Option<Duration>>,
    /// `PHALANX_EVENT_TIMEOUT`: after which time a task's event that was not fulfilled is reported; `None`: never.
    pub event_timeout: Option<Duration>,
    /// `OMP_MAX_TASK_PRIORITY`.
    pub max_task_priority: i32,
    /// `OMP_DYNAMIC`.
    pub dynamic: bool,
    /// `OMP_THREAD_LIMIT`.
    pub thread_limit: Option<usize>,
    /// `OMP_STACKSIZE`, in bytes.
    pub stack_size: Option<usize>,
    /// `OMP_SCHEDULE`.
    pub schedule: Schedule,
    /// `OMP_MAX_ACTIVE_LEVELS`.
    pub max_active_levels: Option<usize>,
    /// `OMP_DISPLAY_ENV`.
    pub display_env: DisplayEnv,
    /// `OMP_DISPLAY_AFFINITY`.
    pub display_affinity: bool,
    /// `OMP_AFFINITY_FORMAT`.
    pub affinity_format: String,
}

/// What a line of `OMP_DISPLAY_AFFINITY` looks like unless `OMP_AFFINITY_FORMAT` says otherwise.
const AFFINITY_FORMAT: &str = "level %L thread %.4n of %N, pid %P tid %i, place %p, processors %A";

impl Default for Settings {
    fn default() -> Self {
        Settings {
            num_threads: Vec::new(),
            proc_bind: Vec::new(),
            places: None,
            wait: Wait::Adaptive,
            blocktime: None,
            event_timeout: None,
            max_task_priority: 0,
            dynamic: false,
            thread_limit: None,
            stack_size: None,
            schedule: Schedule::Static,
            max_active_levels: None,
            display_env: DisplayEnv::No,
            display_affinity: false,
            affinity_format: AFFINITY_FORMAT.to_owned(),
        }
    }
}

/// Where the variables come from.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads variables and collects what is wrong with them.
struct Reader<'a> {
    lookup: Lookup<'a>,
    warnings: Vec<String>,
}

impl Reader<'_> {
    /// Reads `name` with `parse`; a bad value leaves `slot` as it is and is reported.
    fn read<T>(
        &mut self,
        name: &str,
        slot: &mut T,
        shown: impl Fn(&T) -> String,
        parse: impl Fn(&str) -> Result<T, String>,
    ) {
        let Some(text) = (self.lookup)(name) else {
            return;
        };
        match parse(text.trim()) {
            Ok(value) => *slot = value,
            Err(why) => {
                let used = shown(slot);
                self.warnings
                    .push(format!("{name}=\"{text}\": {why}; using {used}"));
            }
        }
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.trim().parse::<usize>() {
        Ok(0) => Err("must be at least 1".into()),
        Ok(n) => Ok(n),
        Err(_) => Err(format!(
            "`{}` is not a whole number of at least 1",
            text.trim()
        )),
    }
}

fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err("is neither `true` nor `false`".into()),
    }
}

fn list<T>(text: &str, item: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    text.split(',').map(|t| item(t.trim())).collect()
}

/// `size | sizeB | sizeK | sizeM | sizeG`, kilobytes by default (OpenMP 6.0, "OMP_STACKSIZE").
fn size(text: &str) -> Result<usize, String> {
    let t = text.trim().to_ascii_lowercase();
    let (digits, unit) = match t.strip_suffix(['b', 'k', 'm', 'g']) {
        Some(d) => (d.trim(), t.as_bytes()[t.len() - 1]),
        None => (t.as_str(), b'k'),
    };
    let shift = match unit {
        b'b' => 0,
        b'k' => 10,
        b'm' => 20,
        _ => 30,
    };
    let n: usize = digits
        .parse()
        .map_err(|_| "is not a size such as `512k` or `8M`".to_owned())?;
    match n.checked_mul(1 << shift) {
        Some(0) => Err("must be more than 0".into()),
        Some(n) if n <= isize::MAX as usize / 2 => Ok(n),
        _ => Err("is more than this machine can address".into()),
    }
}

/// `infinite`, or a time in `us`, `ms` (also without unit) or `s`.
fn time(text: &str) -> Result<Option<Duration>, String> {
    let t = text.to_ascii_lowercase();
    if t == "infinite" || t == "infinity" {
        return Ok(None);
    }
    let (digits, scale) = match t.strip_suffix("us") {
        Some(d) => (d, 1e-6),
        None => match t.strip_suffix("ms") {
            Some(d) => (d, 1e-3),
            None => t.strip_suffix('s').map_or((t.as_str(), 1e-3), |d| (d, 1.0)),
        },
    };
    let n: f64 = digits
        .trim()
        .parse()
        .map_err(|_| "is not a time such as `200us` or `1ms`")?;
    Duration::try_from_secs_f64(n * scale)
        .map(Some)
        .map_err(|_| "is not a possible time".into())
}

fn from_str<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|e: T::Err| e.to_string())
}

fn unset<T>(_: &T) -> String {
    "the default".into()
}

impl Settings {
    /// Reads the variables; the second part says what is wrong with them, a line each.
    pub fn read(lookup: Lookup<'_>) -> (Settings, Vec<String>) {
        let mut s = Settings::default();
        let mut r = Reader {
            lookup,
            warnings: Vec::new(),
        };
        r.read("OMP_NUM_THREADS", &mut s.num_threads, unset, |t| {
            list(t, count)
        });
        r.read("OMP_PROC_BIND", &mut s.proc_bind, unset, |t| {
            list(t, from_str)
        });
        r.read(
            "OMP_PLACES",
            &mut s.places,
            |_| "cores".into(),
            |t| from_str(t).map(Some),
        );
        r.read(
            "OMP_WAIT_POLICY",
            &mut s.wait,
            |_| "adaptive waiting".into(),
            |t| match t.to_ascii_lowercase().as_str() {
                "active" => Ok(Wait::Active),
                "passive" => Ok(Wait::Passive),
                _ => Err("is neither `active` nor `passive`".into()),
            },
        );
        r.read("PHALANX_BLOCKTIME", &mut s.blocktime, unset, |t| {
            time(t).map(Some)
        });
        r.read(
            "PHALANX_EVENT_TIMEOUT",
            &mut s.event_timeout,
            |_| "no timeout".into(),
            time,
        );
        r.read(
            "OMP_MAX_TASK_PRIORITY",
            &mut s.max_task_priority,
            i32::to_string,
            |t| match t.parse() {
                Ok(n) if n >= 0 => Ok(n),
                _ => Err("is not a whole number of at least 0".into()),
            },
        );
        r.read("OMP_DYNAMIC", &mut s.dynamic, bool::to_string, boolean);
        r.read("OMP_THREAD_LIMIT", &mut s.thread_limit, unset, |t| {
            count(t).map(Some)
        });
        r.read("OMP_STACKSIZE", &mut s.stack_size, unset, |t| {
            size(t).map(Some)
        });
        r.read(
            "OMP_SCHEDULE",
            &mut s.schedule,
            Schedule::to_string,
            from_str,
        );
        r.read("OMP_NESTED", &mut s.max_active_levels, unset, |t| {
            boolean(t).map(|on| Some(if on { usize::MAX } else { 1 }))
        });
        r.read(
            "OMP_MAX_ACTIVE_LEVELS",
            &mut s.max_active_levels,
            unset,
            |t| {
                t.parse()
                    .map(Some)
                    .map_err(|_| "is not a whole number".into())
            },
        );
        r.read(
            "OMP_DISPLAY_ENV",
            &mut s.display_env,
            |_| "false".into(),
            |t| match t.to_ascii_lowercase().as_str() {
                "verbose" => Ok(DisplayEnv::Verbose),
                _ => boolean(t).map(|b| if b { DisplayEnv::Yes } else { DisplayEnv::No }),
            },
        );
        r.read(
            "OMP_DISPLAY_AFFINITY",
            &mut s.display_affinity,
            bool::to_string,
            boolean,
        );
        r.read(
            "OMP_AFFINITY_FORMAT",
            &mut s.affinity_format,
            Clone::clone,
            |t| Ok(t.to_owned()),
        );
        (s, r.warnings)
    }

    /// The team size asked for at a nesting level (0: outermost).
    pub fn threads_at(&self, level: usize) -> Option<usize> {
        self.num_threads
            .get(level)
            .or(self.num_threads.last())
            .copied()
    }

    /// The binding asked for at a nesting level.
    pub fn bind_at(&self, level: usize) -> Option<ProcBind> {
        self.proc_bind.get(level).or(self.proc_bind.last()).copied()
    }

    /// How many nested regions may have more than one thread (OpenMP 6.0, "max-active-levels-var"):
    /// lists of several levels switch nesting on.
    pub fn active_levels(&self) -> usize {
        let lists = self.num_threads.len().max(self.proc_bind.len());
        self.max_active_levels
            .unwrap_or(if lists > 1 { usize::MAX } else { 1 })
    }

    /// The text of `OMP_DISPLAY_ENV`.
    pub fn display(&self, threads: usize, places: &str) -> String {
        let join = |v: Vec<String>| v.join(",");
        let nt = match self.num_threads.as_slice() {
            [] => threads.to_string(),
            v => join(v.iter().map(usize::to_string).collect()),
        };
        let bind = match self.proc_bind.as_slice() {
            [] => "close".into(),
            v => join(v.iter().map(|b| b.to_string()).collect()),
        };
        let wait = match self.wait {
            Wait::Adaptive => "adaptive",
            Wait::Active => "active",
            Wait::Passive => "passive",
        };
        let number = |n: Option<usize>, none: &str| n.map_or(none.to_owned(), |n| n.to_string());
        let rows = [
            ("_OPENMP", "202411".to_owned()),
            ("OMP_NUM_THREADS", nt),
            ("OMP_PROC_BIND", bind),
            ("OMP_PLACES", places.to_owned()),
            ("OMP_WAIT_POLICY", wait.to_owned()),
            ("OMP_DYNAMIC", self.dynamic.to_string()),
            (
                "OMP_THREAD_LIMIT",
                self.thread_limit
                    .unwrap_or(DEFAULT_THREAD_LIMIT)
                    .to_string(),
            ),
            (
                "OMP_STACKSIZE",
                self.stack_size.map_or("2M".into(), |n| format!("{n}B")),
            ),
            ("OMP_SCHEDULE", self.schedule.to_string()),
            (
                "OMP_MAX_ACTIVE_LEVELS",
                number(Some(self.active_levels()), "1"),
            ),
            ("OMP_MAX_TASK_PRIORITY", self.max_task_priority.to_string()),
            ("OMP_DISPLAY_AFFINITY", self.display_affinity.to_string()),
            ("OMP_AFFINITY_FORMAT", self.affinity_format.clone()),
        ];
        let mut out = String::from("OPENMP DISPLAY ENVIRONMENT BEGIN\n");
        for (name, value) in rows {
            let _ = writeln!(out, "  [host] {name} = '{value}'");
        }
        if self.display_env == DisplayEnv::Verbose {
            let b = match self.blocktime {
                None => "1ms".into(),
                Some(None) => "infinite".into(),
                Some(Some(t)) => format!("{t:?}"),
            };
            let _ = writeln!(out, "  [host] PHALANX_BLOCKTIME = '{b}'");
            let e = self
                .event_timeout
                .map_or("infinite".into(), |t| format!("{t:?}"));
            let _ = writeln!(out, "  [host] PHALANX_EVENT_TIMEOUT = '{e}'");
        }
        out + "OPENMP DISPLAY ENVIRONMENT END"
    }
}

/// The most threads that one contention group may have unless `OMP_THREAD_LIMIT` says otherwise.
pub const DEFAULT_THREAD_LIMIT: usize = 1024;

/// Says something on stderr, once a text: a runtime that repeats itself is not read.
pub fn warn(text: &str) {
    use parking_lot::Mutex;
    use std::collections::BTreeSet;
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let new = {
        let _whole = crate::team::fork_guard::hold();
        SAID.lock().insert(text.to_owned())
    };
    if new {
        say(&format!("phalanx: warning: {text}"));
    }
}

/// A line on stderr. A stderr that is closed is no reason to panic.
pub fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// The schedule that `Schedule::Runtime` stands for on this thread.
pub fn run_schedule() -> Schedule {
    crate::team::nesting::run_schedule()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(vars: &[(&str, &str)]) -> (Settings, Vec<String>) {
        Settings::read(&|n| vars.iter().find(|v| v.0 == n).map(|v| v.1.to_owned()))
    }

    #[test]
    fn good_values_are_taken() {
        let (s, w) = with(&[
            ("OMP_NUM_THREADS", "4, 2"),
            ("OMP_PROC_BIND", "spread,close"),
            ("OMP_PLACES", "{0:2},{2:2}"),
            ("OMP_WAIT_POLICY", "PASSIVE"),
            ("OMP_DYNAMIC", "true"),
            ("OMP_THREAD_LIMIT", "64"),
            ("OMP_STACKSIZE", " 10 M "),
            ("OMP_SCHEDULE", "guided,4"),
            ("PHALANX_BLOCKTIME", "200us"),
            ("PHALANX_EVENT_TIMEOUT", "2s"),
            ("OMP_MAX_TASK_PRIORITY", "7"),
            ("OMP_DISPLAY_ENV", "verbose"),
        ]);
        assert!(w.is_empty(), "{w:?}");
        assert_eq!(
            (s.threads_at(0), s.threads_at(1), s.threads_at(9)),
            (Some(4), Some(2), Some(2))
        );
        assert_eq!(s.bind_at(0), Some(ProcBind::Spread));
        assert_eq!(s.stack_size, Some(10 << 20));
        assert_eq!(s.schedule, Schedule::Guided(4));
        assert_eq!(s.blocktime, Some(Some(Duration::from_micros(200))));
        assert_eq!(s.event_timeout, Some(Duration::from_secs(2)));
        assert_eq!(s.max_task_priority, 7);
        assert_eq!(s.active_levels(), usize::MAX);
        assert_eq!(
            (s.wait, s.display_env),
            (Wait::Passive, DisplayEnv::Verbose)
        );
    }

    #[test]
    fn each_bad_value_is_one_line_that_names_it() {
        let bad = [
            ("OMP_NUM_THREADS", "-3"),
            ("OMP_NUM_THREADS", "4,,2"),
            ("OMP_NUM_THREADS", "99999999999999999999999"),
            ("OMP_NUM_THREADS", "0"),
            ("OMP_PROC_BIND", "everywhere"),
            ("OMP_PLACES", "{0,"),
            ("OMP_WAIT_POLICY", "lazy"),
            ("OMP_DYNAMIC", "maybe"),
            ("OMP_THREAD_LIMIT", "none"),
            ("OMP_STACKSIZE", "12X"),
            ("OMP_STACKSIZE", "99999999999G"),
            ("OMP_SCHEDULE", "dynamic,0"),
            ("OMP_MAX_ACTIVE_LEVELS", "-1"),
            ("OMP_DISPLAY_ENV", "loud"),
            ("OMP_DISPLAY_AFFINITY", "2"),
            ("PHALANX_BLOCKTIME", "-1ms"),
            ("PHALANX_BLOCKTIME", "soon"),
            ("PHALANX_EVENT_TIMEOUT", "never"),
            ("OMP_MAX_TASK_PRIORITY", "-1"),
            ("OMP_MAX_TASK_PRIORITY", "high"),
        ];
        for (name, value) in bad {
            let (s, w) = with(&[(name, value)]);
            assert_eq!(w.len(), 1, "{name}={value}: {w:?}");
            assert!(
                w[0].contains(name) && w[0].contains(value) && w[0].contains("using"),
                "{w:?}"
            );
            assert!(!w[0].contains('\n'));
            assert_eq!(s, Settings::default());
        }
    }

    #[test]
    fn the_display_is_in_the_standard_frame() {
        let (s, _) = with(&[("OMP_DISPLAY_ENV", "verbose")]);
        let text = s.display(8, "{0},{1}");
        assert!(text.starts_with("OPENMP DISPLAY ENVIRONMENT BEGIN\n  [host] _OPENMP = '202411'"));
        assert!(text.contains("OMP_NUM_THREADS = '8'") && text.contains("PHALANX_BLOCKTIME"));
    }
}

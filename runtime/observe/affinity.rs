//! `OMP_DISPLAY_AFFINITY`: which thread went where, when a team is formed.

use crate::team::environment::Environment;
use crate::team::hot::HotTeam;
use crate::team::nesting::Local;
use parking_lot::Mutex;

/// One thread, as a line of the display.
struct Line {
    level: u32,
    num: usize,
    size: usize,
    ancestor: usize,
    tid: i64,
    place: Option<usize>,
    cpus: String,
}

/// Prints a line a thread if the environment asks for it. Each thread says for itself where it is,
/// so this runs as a small region of its own.
pub(crate) fn display(env: &Environment, local: &Local, team: &HotTeam, level: u32) {
    if !env.settings().display_affinity {
        return;
    }
    let ancestor = local.frame.get().num as usize;
    let (lines, size) = (Mutex::new(Vec::new()), team.size());
    team.ask(&|num| {
        let line = Line {
            level: level + 1,
            num,
            size,
            ancestor,
            tid: thread_id(),
            place: crate::team::query::place_num(),
            cpus: cpus_here(),
        };
        lines.lock().push(line);
    });
    let mut lines = lines.into_inner();
    lines.sort_by_key(|l| l.num);
    for l in lines {
        crate::icv::say(&format(&env.settings().affinity_format, &l));
    }
}

fn cpus_here() -> String {
    phalanx_topology::CpuSet::current_thread().map_or("unknown".into(), |c| c.to_string())
}

fn thread_id() -> i64 {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: takes no argument and cannot fail.
        i64::from(unsafe { libc::gettid() })
    }
    #[cfg(not(target_os = "linux"))]
    {
        -1
    }
}

fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map_or_else(|_| "unknown".to_owned(), |s| s.trim().to_owned())
}

/// Fills in a format of OpenMP 6.0 ("OMP_AFFINITY_FORMAT"): `%n`, `%{thread_num}`, `%0.4n`, ...;
/// and `%p`, `%{place_num}` for the place. What is not a field stays as it is.
fn format(format: &str, line: &Line) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out += &rest[..at];
        rest = &rest[at + 1..];
        if let Some(r) = rest.strip_prefix('%') {
            out.push('%');
            rest = r;
            continue;
        }
        let (zero, right, width, after) = modifiers(rest);
        let (name, after) = match after.strip_prefix('{').and_then(|a| a.split_once('}')) {
            Some((long, a)) => (long, a),
            None => match after.chars().next() {
                Some(c) => after.split_at(c.len_utf8()),
                None => ("", after),
            },
        };
        match field(name, line) {
            Some(v) if zero => out += &format!("{v:0>width$}"),
            Some(v) if right => out += &format!("{v:>width$}"),
            Some(v) => out += &format!("{v:<width$}"),
            None => {
                out.push('%');
                out += &rest[..rest.len() - after.len()];
            }
        }
        rest = after;
    }
    out + rest
}

/// `[0][.][width]` before a field's name: zero fill, flush right, width.
fn modifiers(text: &str) -> (bool, bool, usize, &str) {
    let (zero, t) = text.strip_prefix('0').map_or((false, text), |t| (true, t));
    let (right, t) = t.strip_prefix('.').map_or((false, t), |t| (true, t));
    let digits = t.len() - t.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (
        zero,
        right,
        t[..digits].parse::<usize>().unwrap_or(0).min(200),
        &t[digits..],
    )
}

fn field(name: &str, l: &Line) -> Option<String> {
    Some(match name {
        "t" | "team_num" => "0".into(),
        "T" | "num_teams" => "1".into(),
        "L" | "nesting_level" => l.level.to_string(),
        "n" | "thread_num" => l.num.to_string(),
        "N" | "num_threads" => l.size.to_string(),
        "a" | "ancestor_tnum" => l.ancestor.to_string(),
        "H" | "host" => host(),
        "P" | "process_id" => std::process::id().to_string(),
        "i" | "native_thread_id" => l.tid.to_string(),
        "A" | "thread_affinity" => l.cpus.clone(),
        "p" | "place_num" => l.place.map_or("none".into(), |p| p.to_string()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_widths_and_what_is_none_of_them() {
        let l = Line {
            level: 1,
            num: 7,
            size: 8,
            ancestor: 0,
            tid: 42,
            place: Some(3),
            cpus: "3,7".into(),
        };
        let f = |t| format(t, &l);
        assert_eq!(f("%n of %{num_threads}"), "7 of 8");
        assert_eq!(f("[%0.4n] [%.4n] [%4n]"), "[0007] [   7] [7   ]");
        assert_eq!(f("%A at %p, 100%% %q %"), "3,7 at 3, 100% %q %");
        assert_eq!(f("%{thread_affinity} é %{nope"), "3,7 é %{nope");
    }
}

//! The rows: what is measured, against whom, and what is to be reached.

/// Which contestants run in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Teams of two that find work all the time: those that spin.
    Hot,
    /// Teams that sleep, or must give way: those that do not insist on spinning.
    Patient,
    /// All settings.
    All,
}

/// One row of the table.
pub struct Row {
    pub name: &'static str,
    /// What one operation is divided into: `ns`, `us` or `ms`.
    pub unit: &'static str,
    /// The ratio to reach; lower is better.
    pub target: f64,
    pub field: Field,
    /// Length of one sample in milliseconds.
    pub millis: f64,
    /// Suffixes of requests of which each contestant counts with its best; empty: the row itself.
    pub ways: &'static [&'static str],
    /// phalanx against itself: the suffix of the request for what counts as its peer, which the table calls so too.
    pub against: Option<&'static str>,
    /// Programs that do not take part.
    pub without: &'static [&'static str],
    /// A share to ask for besides: suffix of the request, and what it says.
    pub share: Option<(&'static str, &'static str)>,
}

const fn row(name: &'static str, unit: &'static str, target: f64, field: Field) -> Row {
    Row {
        name,
        unit,
        target,
        field,
        millis: 4.0,
        ways: &[],
        against: None,
        without: &[],
        share: None,
    }
}

use Field::{All, Hot, Patient};

/// All rows, in the order of the table.
pub const ROWS: [Row; 43] = [
    row("fork_join", "ns", 0.80, Hot),
    row("barrier", "ns", 0.45, Hot),
    row("axpy_1k", "ns", 0.85, Hot),
    row("axpy_100k", "us", 1.03, Hot),
    Row {
        millis: 25.0,
        ..row("axpy_10m", "ms", 1.03, Hot)
    },
    row("sum_1k", "ns", 0.45, Hot),
    Row {
        millis: 15.0,
        ..row("sum_10m", "ms", 1.05, Hot)
    },
    row("dynamic_1", "us", 1.0, Hot),
    row("dynamic_64", "us", 1.05, Hot),
    Row {
        millis: 8.0,
        ways: &["static_1", "dynamic_1", "dynamic_16", "guided"],
        ..row("triangular", "us", 1.03, Hot)
    },
    Row {
        millis: 60.0,
        ..row("fork_join_parked", "us", 1.2, Patient)
    },
    Row {
        millis: 8.0,
        ..row("fork_join_oversubscribed", "us", 1.2, Patient)
    },
    Row {
        millis: 8.0,
        ..row("barrier_oversubscribed", "us", 0.6, Patient)
    },
    row("two_callers", "ns", 1.0, All),
    row("stencil3_1m", "us", 1.0, Hot),
    Row {
        millis: 15.0,
        ..row("row5_2000", "ms", 1.0, Hot)
    },
    row("dot_1m", "us", 1.0, Hot),
    Row {
        millis: 60.0,
        ..row("scatter_10m_sorted", "ms", 1.0, Hot)
    },
    Row {
        millis: 60.0,
        ..row("scatter_10m_random", "ms", 1.0, Hot)
    },
    row("region_10_loops", "ns", 0.6, Hot),
    Row {
        millis: 60.0,
        ..row("region_stencil", "ms", 0.9, Hot)
    },
    row("single", "ns", 0.9, Hot),
    row("ordered", "us", 1.0, Hot),
    row("sections", "ns", 0.8, Hot),
    row("reduction_in_region", "ns", 0.6, Hot),
    row("critical", "ns", 1.0, Hot),
    row("lock", "ns", 1.0, Hot),
    row("lock_contended", "ns", 1.0, Hot),
    row("atomic_add_f64", "ns", 1.0, Hot),
    row("threadprivate_access", "ns", 1.0, Hot),
    Row {
        millis: 60.0,
        ..row("fib30_nocutoff", "ms", 0.95, Hot)
    },
    Row {
        millis: 15.0,
        // gcc computes these numbers twice as fast: it unrolls the recursion.
        without: &["openmp-gcc", "tbb-gcc"],
        ..row("fib30_cutoff20", "us", 1.0, Hot)
    },
    Row {
        millis: 25.0,
        share: Some(("in_place", "of the tasks ran in place")),
        ..row("flat_tasks_100k", "ms", 0.5, Hot)
    },
    row("taskwait", "ns", 0.8, Hot),
    row("task_barrier", "ns", 0.8, Hot),
    Row {
        millis: 25.0,
        ..row("taskloop_1", "us", 0.5, Hot)
    },
    Row {
        millis: 25.0,
        ..row("taskloop_64", "us", 0.5, Hot)
    },
    Row {
        millis: 60.0,
        ways: &["tasks", "join"],
        ..row("nqueens13", "ms", 0.95, Hot)
    },
    Row {
        millis: 60.0,
        ways: &["tasks", "join"],
        ..row("uts", "ms", 1.0, Hot)
    },
    Row {
        millis: 25.0,
        ..row("sparselu_50x50", "ms", 0.95, Hot)
    },
    Row {
        millis: 60.0,
        ways: &["depend", "steps"],
        ..row("cholesky_depend", "ms", 0.9, Hot)
    },
    Row {
        millis: 15.0,
        against: Some("fresh"),
        ..row("graph_replay", "us", 0.3, Hot)
    },
    Row {
        millis: 60.0,
        ways: &["merge", "stable", "unstable"],
        ..row("sort_8m", "ms", 1.0, Hot)
    },
];

impl Row {
    /// Nanoseconds in the row's unit.
    pub fn scale(&self) -> f64 {
        match self.unit {
            "ms" => 1e6,
            "us" => 1e3,
            _ => 1.0,
        }
    }
    /// What a contestant is asked for, and as whom it answers.
    pub fn requests(&self, peer: &'static str) -> Vec<(&'static str, String)> {
        let own = (peer, self.name.to_owned());
        let way = |w| format!("{}/{w}", self.name);
        match (self.against, self.ways) {
            (Some(other), _) => vec![own, (other, way(other))],
            (None, []) => vec![own],
            (None, ways) => ways.iter().map(|w| (peer, way(w))).collect(),
        }
    }
}

//! The teams and schedules that every race-free case runs with.

use phalanx::prelude::*;

/// Team sizes, more than this machine may have processors.
pub const SIZES: [usize; 5] = [1, 2, 3, 4, 8];

/// Lengths that teams divide and do not.
pub const LENGTHS: [usize; 5] = [1, 2, 7, 64, 1000];

/// One combination. An annotated loop says `num_threads(team.threads), schedule(runtime)`.
#[derive(Clone, Copy, Debug)]
pub struct Team {
    pub threads: usize,
    pub schedule: Schedule,
}

impl Team {
    /// The same for a loop that is a call.
    pub fn options(&self) -> Options {
        self.schedule.num_threads(self.threads)
    }
}

/// Every kind of schedule.
pub fn schedules() -> [Schedule; 10] {
    [
        Static,
        StaticChunk(1),
        StaticChunk(3),
        Dynamic(1),
        Dynamic(4),
        MonotonicDynamic(2),
        Guided(1),
        Guided(5),
        Auto,
        Runtime,
    ]
}

/// What `schedule(runtime)` stands for while the case runs with `schedule`.
pub fn behind_runtime(schedule: Schedule) -> Schedule {
    match schedule {
        Runtime => Dynamic(3),
        other => other,
    }
}

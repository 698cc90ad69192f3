//! Settings made concrete on this machine: places, default sizes, limits, and who may use them.

use crate::icv::{DEFAULT_THREAD_LIMIT, DisplayEnv, Settings, Wait, warn};
use crate::misspelled::misspelled;
use crate::sync::patience::{WaitPolicy, set_processors};
use crate::topology::topology;
use parking_lot::Mutex;
use phalanx_topology::{Place, Places, PlacesSpec, ProcBind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The longest that an adaptive thread spins.
const BLOCKTIME: Duration = Duration::from_millis(1);

/// What a hook gets is the number of the thread among those that its pool started.
pub(crate) type Hook = Arc<dyn Fn(usize) + Send + Sync>;
/// Names a thread by that number.
pub(crate) type Namer = Arc<dyn Fn(usize) -> String + Send + Sync>;

/// What a pool decides about the threads that it starts.
#[derive(Clone, Default)]
pub(crate) struct Threads {
    pub(crate) name: Option<Namer>,
    pub(crate) start: Option<Hook>,
    pub(crate) exit: Option<Hook>,
}

/// Settings with everything in them resolved on this machine. One for the process, one a pool.
pub(crate) struct Environment {
    settings: Settings,
    places: Vec<Place>,
    default_threads: usize,
    wait: WaitPolicy,
    /// The settings ask for binding: then a refusal is worth a warning, and threads that fork are
    /// bound too, not only those that we start.
    bind_asked: bool,
    pub(crate) threads: Threads,
    /// Root threads bound to each place.
    roots: Mutex<Vec<usize>>,
    /// Threads started so far, for names and hooks.
    started: AtomicUsize,
}

impl Environment {
    /// What the process's environment variables say; reports what is wrong with them, once.
    pub(crate) fn of_process() -> &'static Arc<Environment> {
        static PROCESS: OnceLock<Arc<Environment>> = OnceLock::new();
        PROCESS.get_or_init(|| {
            let (settings, warnings) = Settings::read(&|name| {
                std::env::var_os(name).map(|v| v.to_string_lossy().into_owned())
            });
            let names: Vec<_> = std::env::vars_os().map(|v| v.0).collect();
            let misspelled = misspelled(names.iter().filter_map(|n| n.to_str()));
            warnings.iter().chain(&misspelled).for_each(|w| warn(w));
            let env = Environment::resolve(settings, Threads::default());
            if env.settings.display_env != DisplayEnv::No {
                crate::icv::say(
                    &env.settings
                        .display(env.default_threads, &env.places_text()),
                );
            }
            Arc::new(env)
        })
    }

    /// Resolves settings on this machine; places that do not exist here are reported.
    pub(crate) fn resolve(settings: Settings, threads: Threads) -> Environment {
        let machine = topology();
        set_processors(machine.default_threads());
        let places = places(&settings);
        let wait = match settings.wait {
            Wait::Active => WaitPolicy::active(settings.blocktime.flatten()),
            Wait::Passive => WaitPolicy::passive(),
            Wait::Adaptive => match settings.blocktime {
                Some(None) => WaitPolicy::active(None),
                Some(Some(t)) => WaitPolicy::adaptive(t),
                None => WaitPolicy::adaptive(BLOCKTIME),
            },
        };
        let asked =
            settings.places.is_some() || settings.proc_bind.iter().any(|b| *b != ProcBind::False);
        Environment {
            default_threads: settings.threads_at(0).unwrap_or(machine.default_threads()),
            roots: Mutex::new(vec![0; places.len()]),
            bind_asked: asked,
            places,
            wait,
            settings,
            threads,
            started: AtomicUsize::new(0),
        }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }
    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }
    pub(crate) fn wait(&self) -> WaitPolicy {
        self.wait
    }
    pub(crate) fn bind_asked(&self) -> bool {
        self.bind_asked
    }
    pub(crate) fn thread_limit(&self) -> usize {
        self.settings.thread_limit.unwrap_or(DEFAULT_THREAD_LIMIT)
    }
    /// A number for the next thread that is started.
    pub(crate) fn next_number(&self) -> usize {
        // Relaxed: a counter that guards nothing.
        self.started.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The team size at a nesting level when nothing else is asked for.
    pub(crate) fn threads_at(&self, level: usize) -> usize {
        self.settings
            .threads_at(level)
            .unwrap_or(self.default_threads)
    }

    /// The binding at a nesting level where no clause says otherwise: what the environment says, else
    /// close. `None`: not bound at all, whatever a clause says.
    pub(crate) fn bind_at(&self, level: usize) -> Option<ProcBind> {
        match self.settings.bind_at(level) {
            Some(ProcBind::False) => None,
            _ if self.places.is_empty() => None,
            bind => Some(bind.unwrap_or(ProcBind::Close)),
        }
    }

    /// Gives a root thread the place that the fewest others have: the one it runs on if that is
    /// among these, else the first.
    pub(crate) fn enter_place(&self) -> usize {
        let here = crate::topology::current_cpu();
        let is_here = |p: usize| here.is_some_and(|cpu| self.places[p].cpus().contains(cpu));
        let _whole = super::fork_guard::hold();
        let mut roots = self.roots.lock();
        let place = (0..roots.len())
            .min_by_key(|&p| (roots[p], !is_here(p)))
            .unwrap_or(0);
        roots[place] += 1;
        place
    }
    /// Takes it back.
    pub(crate) fn leave_place(&self, place: usize) {
        let _whole = super::fork_guard::hold();
        let mut roots = self.roots.lock();
        roots[place] = roots[place].saturating_sub(1);
    }

    /// The places in the notation of `OMP_PLACES`.
    pub(crate) fn places_text(&self) -> String {
        self.places
            .iter()
            .map(Place::to_string)
            .collect::<Vec<_>>()
            .join(",")
    }
}

/// The place list: what was asked for, else a place a core.
fn places(settings: &Settings) -> Vec<Place> {
    let resolved = |spec: &PlacesSpec| -> Result<Places, _> { spec.resolve(topology()) };
    if let Some(spec) = &settings.places {
        match resolved(spec) {
            Ok(p) => {
                p.warnings
                    .iter()
                    .for_each(|w| warn(&format!("OMP_PLACES=\"{spec}\": {w}")));
                return p.list;
            }
            Err(e) => warn(&format!("OMP_PLACES=\"{spec}\": {e}; using cores")),
        }
    }
    let cores = "cores".parse::<PlacesSpec>().ok();
    cores
        .and_then(|spec| resolved(&spec).ok())
        .map_or(Vec::new(), |p| p.list)
}

/// A contention group: the threads that descend from one thread that is nobody's worker.
pub(crate) struct Root {
    /// The process that the group lives in: a child starts a group of its own.
    generation: u32,
    limit: usize,
    /// Threads of the group, the root included. A count that guards nothing: `Relaxed`.
    used: AtomicUsize,
}

impl Root {
    pub(crate) fn new(limit: usize) -> Self {
        Root {
            generation: super::fork_guard::generation(),
            limit,
            used: AtomicUsize::new(1),
        }
    }
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }
    /// Whether the group is this process's, and not that of the process it was forked from.
    pub(crate) fn is_here(&self) -> bool {
        self.generation == super::fork_guard::generation()
    }
    /// Takes one more thread, unless the group is full.
    pub(crate) fn take(&self) -> bool {
        let more = |n| (n < self.limit).then_some(n + 1);
        self.used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .is_ok()
    }
    /// Gives one back.
    pub(crate) fn give(&self) {
        self.used.fetch_sub(1, Ordering::Relaxed);
    }
}

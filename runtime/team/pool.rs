//! Explicit pools: threads of a size, places, names and hooks of one's own.

use super::environment::{Environment, Threads};
use super::fork_guard;
use super::nesting::{Local, Work, with_local};
use crate::icv::Settings;
use crate::team::options::Options;
use parking_lot::Mutex;
use phalanx_topology::{PlacesSpec, ProcBind};
use std::cell::OnceCell;
use std::sync::Arc;

/// Threads apart from those of the process's default: their own number, places and settings.
///
/// Constructs inside [`install`](Pool::install) use the pool. Several threads may be inside at the
/// same time; each forks a team of its own, which the pool keeps for the next one. Dropping the
/// pool ends its threads and waits for them.
///
/// ```
/// use phalanx::prelude::*;
/// let pool = phalanx::Pool::builder().num_threads(3).name(|k| format!("solver-{k}")).build()?;
/// let names = pool.install(|| {
///     parallel_map(Static, 0..3, |_| std::thread::current().name().map(str::to_owned))
/// });
/// assert_eq!(names[2].as_deref(), Some("solver-2"));
/// # Ok::<(), phalanx::PoolError>(())
/// ```
pub struct Pool {
    env: Arc<Environment>,
    /// Working states that no thread uses at the moment, with their teams.
    idle: Mutex<Vec<Work>>,
}

/// Sets a [`Pool`] up; see [`Pool::builder`].
#[derive(Default)]
pub struct PoolBuilder {
    num_threads: Option<usize>,
    places: Option<String>,
    bind: Option<ProcBind>,
    stack_size: Option<usize>,
    threads: Threads,
}

/// Why a pool could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PoolError {
    /// `num_threads(0)`.
    #[error("a pool of 0 threads: a team has at least one thread; no pool was built")]
    NoThreads,
    /// More threads than one group may have.
    #[error("a pool of {0} threads: the thread limit is {1} (OMP_THREAD_LIMIT); no pool was built")]
    TooMany(usize, usize),
    /// The place list is malformed, or names places that this machine does not have.
    #[error("places \"{0}\": {1}; no pool was built")]
    Places(String, String),
}

impl Pool {
    /// A pool that differs from the process's default in what the builder says.
    pub fn builder() -> PoolBuilder {
        PoolBuilder::default()
    }

    /// Runs `f` on the calling thread; constructs in it use this pool. If the pool has places or a
    /// binding of its own, the thread is bound to one of the places from its first fork on, and gets
    /// its processors back at the end.
    pub fn install<R>(&self, f: impl FnOnce() -> R) -> R {
        let mut f = Some(f);
        let mut run = || f.take().map(|f| f());
        let visited = with_local(|local| {
            let kept = {
                let _whole = fork_guard::hold();
                self.idle.lock().pop()
            };
            let visit = Visit::begin(self, local, kept.unwrap_or_else(|| self.fresh()));
            let r = run();
            drop(visit);
            r
        });
        match visited.flatten().or_else(run) {
            Some(r) => r,
            None => unreachable!("the closure runs in one of the two places"),
        }
    }

    fn fresh(&self) -> Work {
        let mut work = Work::default();
        work.env = OnceCell::from(self.env.clone());
        work
    }

    /// Threads of a team in this pool when nothing else is asked for.
    pub fn num_threads(&self) -> usize {
        self.env.threads_at(0)
    }

    /// The pool's places, in the notation of `OMP_PLACES`.
    pub fn places(&self) -> String {
        self.env.places_text()
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (n, places) = (self.num_threads(), self.places());
        f.debug_struct("Pool")
            .field("num_threads", &n)
            .field("places", &places)
            .finish()
    }
}

/// A thread inside a pool: gives the thread its own state back, also when `f` panics.
struct Visit<'p> {
    pool: &'p Pool,
    local: &'p Local,
    own: Option<Work>,
    depth: usize,
}

impl<'p> Visit<'p> {
    fn begin(pool: &'p Pool, local: &'p Local, work: Work) -> Self {
        let own = local.exchange(work);
        Visit {
            pool,
            local,
            own: Some(own),
            depth: local.depth.replace(0),
        }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        let Some(own) = self.own.take() else { return };
        let mut used = self.local.exchange(own);
        self.local.depth.set(self.depth);
        used.give_processors_back();
        // Settings that the visitor changed go with it; the teams stay.
        (used.num_threads, used.schedule) = (None, None);
        let _whole = fork_guard::hold();
        self.pool.idle.lock().push(used);
    }
}

impl PoolBuilder {
    /// Threads of a team, the calling thread included. Default: as the environment says.
    #[must_use]
    pub fn num_threads(mut self, n: usize) -> Self {
        self.num_threads = Some(n);
        self
    }
    /// The places, in the notation of `OMP_PLACES`: `"cores"`, `"{0:4},{4:4}"`, ...
    #[must_use]
    pub fn places(mut self, places: &str) -> Self {
        self.places = Some(places.to_owned());
        self
    }
    /// How the threads are bound to the places. `False`: not at all.
    #[must_use]
    pub fn proc_bind(mut self, bind: ProcBind) -> Self {
        self.bind = Some(bind);
        self
    }
    /// Stack of each thread that the pool starts, in bytes.
    #[must_use]
    pub fn stack_size(mut self, bytes: usize) -> Self {
        self.stack_size = Some(bytes);
        self
    }
    /// Names the `k`-th thread that the pool starts (`k` from 1).
    #[must_use]
    pub fn name(mut self, name: impl Fn(usize) -> String + Send + Sync + 'static) -> Self {
        self.threads.name = Some(Arc::new(name));
        self
    }
    /// Runs on the `k`-th thread before its first work.
    #[must_use]
    pub fn on_start(mut self, hook: impl Fn(usize) + Send + Sync + 'static) -> Self {
        self.threads.start = Some(Arc::new(hook));
        self
    }
    /// Runs on the `k`-th thread after its last work.
    #[must_use]
    pub fn on_exit(mut self, hook: impl Fn(usize) + Send + Sync + 'static) -> Self {
        self.threads.exit = Some(Arc::new(hook));
        self
    }

    /// Builds the pool. Its threads start when they are first needed.
    ///
    /// # Errors
    ///
    /// [`PoolError`] says what cannot be had; nothing was started.
    pub fn build(self) -> Result<Pool, PoolError> {
        let process = Environment::of_process();
        let mut settings = Settings::clone(process.settings());
        if let Some(n) = self.num_threads {
            let limit = process.thread_limit();
            match n {
                0 => return Err(PoolError::NoThreads),
                n if n > limit => return Err(PoolError::TooMany(n, limit)),
                n => settings.num_threads = vec![n],
            }
        }
        if let Some(text) = self.places {
            let bad = |e: &dyn std::fmt::Display| PoolError::Places(text.clone(), e.to_string());
            let spec: PlacesSpec = text.parse().map_err(|e| bad(&e))?;
            spec.resolve(crate::topology::topology())
                .map_err(|e| bad(&e))?;
            settings.places = Some(spec);
        }
        if let Some(bind) = self.bind {
            settings.proc_bind = vec![bind];
        }
        settings.stack_size = self.stack_size.or(settings.stack_size);
        let env = Arc::new(Environment::resolve(settings, self.threads));
        Ok(Pool {
            env,
            idle: Mutex::new(Vec::new()),
        })
    }

    /// Builds the pool and starts the threads of one team, so that the first fork is hot.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub fn build_started(self) -> Result<Pool, PoolError> {
        let pool = self.build()?;
        let n = pool.num_threads();
        pool.install(|| crate::worksharing::loops::parallel_for(Options::new(), 0..n, |_| ()));
        Ok(pool)
    }
}

// A panic inside `install` leaves the pool as it was: `Visit` puts everything back.
impl std::panic::UnwindSafe for Pool {}
impl std::panic::RefUnwindSafe for Pool {}

//! A fork: takes the team that is wanted, runs a part on it, puts it back. States in README.md beside this.

use super::hot::HotTeam;
use super::nesting::{Frame, InRegion, Local, OUTSIDE, with_local};
use super::wanted::Wanted;
use super::{Panics, Part, Team, copy_changed};
use crate::sync::current::{Holdings, refuse_if_holding};
use crate::sync::job::Job;
use crate::sync::patience::Patience;
use crate::team::options::Options;
use std::mem::ManuallyDrop;

/// The forking thread's side of one region.
pub(crate) struct Fork<'t> {
    /// What all threads share.
    pub(crate) team: &'t Team,
    /// `None`: the primary is alone.
    hot: Option<&'t HotTeam>,
    local: Option<&'t Local>,
}

impl Fork<'_> {
    /// Room for what the workers will work with, where they may have it at hand; see
    /// [`HotTeam::room`].
    #[inline(always)]
    pub(crate) fn room<T>(&self) -> Option<*mut T> {
        self.hot.and_then(HotTeam::room)
    }

    /// Runs `part` once on each thread; returns when all have come to an end, with what became of
    /// those that panicked. A primary that is alone panics itself.
    #[inline(always)]
    pub(crate) fn run<P: Part>(&self, part: &P) -> Result<(), Box<Panics>> {
        let team = self.team;
        let Some(hot) = self.hot else {
            let _frame = self.local.map(|l| InRegion::enter(l, team.frame, team));
            let holdings = Holdings::new();
            part.run(team, 0);
            holdings.end();
            return Ok(());
        };
        let (data, shared): (*const P, *const Team) = (part, team);
        let job = Job {
            num: 0,
            call: region_job::<P>,
            data: data.cast(),
            team: shared.cast(),
        };
        // SAFETY: the hot team was taken out of its owner's keeping for this region, so this thread
        // is its one primary and it is between jobs; `part` and the team are borrowed until the join
        // below, and nothing between here and there unwinds.
        let woken = unsafe { team.post(0, &job) };
        team.part(0, part);
        hot.join(woken);
        if team.stopped() {
            return Err(Box::new(std::mem::take(&mut *team.panics.lock())));
        }
        Ok(())
    }
}

impl Fork<'_> {
    /// As [`run`](Self::run), with a copy of the part at the workers' hands, if it fits there and needs no
    /// dropping: what is the same as last time is not written again, so it need not travel.
    #[inline(always)]
    pub(crate) fn run_placed<P: Part>(&self, part: &P) -> Result<(), Box<Panics>> {
        let room = match std::mem::needs_drop::<P>() {
            true => None,
            false => self.room::<P>(),
        };
        let Some(room) = room else {
            return self.run(part);
        };
        // SAFETY: the room is large enough and this thread's alone until the region begins; nobody writes it
        // before the region is over. The copy is the one that is used from now on; neither it nor the original
        // is dropped.
        unsafe {
            copy_changed(part, room);
            self.run(&*room)
        }
    }
}

/// Gives `f` the team that `options` asks for, on the calling thread's behalf.
#[inline(always)]
#[track_caller]
pub(crate) fn with_team<R>(options: &Options, f: impl FnOnce(&Fork<'_>) -> R) -> R {
    refuse_if_holding("a parallel loop or region");
    let mut f = Some(f);
    let mut call = |fork: &Fork<'_>| f.take().map(|f| f(fork));
    let done = with_local(|local| {
        let outer = local.frame.get();
        let frame = |size: usize| Frame {
            num: 0,
            size: size as u32,
            level: outer.level + 1,
            active: outer.active + u32::from(size > 1),
        };
        if let Some(wanted) = wanted(local, options) {
            let mut borrowed = Borrowed::take(local, wanted);
            let size = borrowed.hot.size();
            if size > 1 {
                borrowed.hot.team.enter(frame(size));
                let hot: &HotTeam = &borrowed.hot;
                return call(&Fork {
                    team: &hot.team,
                    hot: Some(hot),
                    local: Some(local),
                });
            }
        }
        alone(Some(local), frame(1), &mut call)
    });
    match done.flatten() {
        Some(r) => r,
        // The thread is being torn down: it works alone.
        None => {
            let frame = Frame {
                level: 1,
                ..OUTSIDE
            };
            alone(None, frame, &mut call).expect("the closure has not run yet")
        }
    }
}

/// A region of one thread.
fn alone<R>(
    local: Option<&Local>,
    frame: Frame,
    call: &mut impl FnMut(&Fork<'_>) -> Option<R>,
) -> Option<R> {
    let team = &Team::new(frame);
    call(&Fork {
        team,
        hot: None,
        local,
    })
}

/// What a fork asks for; `None`: the thread alone.
#[inline(always)]
fn wanted(local: &Local, options: &Options) -> Option<Wanted> {
    let Frame { level, active, .. } = local.frame.get();
    local.with_defaults(|defaults| {
        if options.serial || active >= defaults.active_levels {
            return None;
        }
        let settings = &defaults.levels[(level as usize).min(1)];
        let threads = options
            .num_threads
            .unwrap_or(settings.threads)
            .min(defaults.most);
        (threads > 1).then(|| {
            let bind = settings.bind.map(|env| options.proc_bind.unwrap_or(env));
            let asked = options.proc_bind.is_some() || defaults.asked;
            Wanted::new(threads, level, bind, asked)
        })
    })
}

/// A hot team out of its owner's keeping, for the time of one region.
struct Borrowed<'l> {
    local: &'l Local,
    depth: usize,
    hot: ManuallyDrop<Box<HotTeam>>,
}

impl<'l> Borrowed<'l> {
    #[inline(always)]
    fn take(local: &'l Local, wanted: Wanted) -> Self {
        let depth = local.depth.get();
        let kept = local.take_hot(depth);
        let hot = match kept {
            Some(hot) if hot.fits(wanted) => hot,
            other => HotTeam::form(other, local, wanted, depth),
        };
        local.depth.set(depth + 1);
        let hot = ManuallyDrop::new(hot);
        Borrowed { local, depth, hot }
    }
}

impl Drop for Borrowed<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.local.depth.set(self.depth);
        // SAFETY: taken once, here, and the field is not used afterwards.
        let hot = unsafe { ManuallyDrop::take(&mut self.hot) };
        self.local.keep_hot(self.depth, Some(hot));
    }
}

/// A worker's part in a region: passes the job on, does its own, collects the answers.
///
/// # Safety
///
/// The job's `data` points to a `P` and its `team` to a `Team`; both outlive the job, which is one of a
/// region of that team.
unsafe fn region_job<P: Part>(job: &Job, patience: &mut Patience) {
    // SAFETY: as the caller promises; both types are `Sync`, so sharing them is sound.
    let (team, part) = unsafe { (&*job.team.cast::<Team>(), &*job.data.cast::<P>()) };
    let num = job.num as usize;
    if team.tree.is_none() {
        // A worker of a flat team has nobody to post to.
        return team.part(job.num, part);
    }
    // SAFETY: this thread has just been posted the job, so the lines of its subtree are idle: they
    // were joined before its own answer in the last region. It joins them below.
    let woken = unsafe { team.post(num, job) };
    team.part(job.num, part);
    team.join(num, woken, patience);
}

//! Events: a task that is complete only when somebody, on whatever thread, says so. README, "Events".

use super::crew::Crew;
use super::group::Group;
use super::options::TaskOptions;
use super::task::Task;
use super::watchdog::{Watched, watch};
use crate::team::nesting::with_local;
use std::fmt;
use std::panic::Location;
use std::ptr::NonNull;
use std::sync::Arc;
use std::time::Duration;

/// What remains of a task until it is fulfilled (OpenMP 6.0, "detach Clause", "omp_fulfill_event Routine"): the group
/// of the task does not end before.
///
/// It may go to any thread, also to one that knows nothing of phalanx. It is fulfilled by value, so a second time does not
/// compile. One that is dropped instead makes its group panic, with a message that names the task (unless the group was
/// cancelled before). One that is kept or leaked is waited for for ever; `PHALANX_EVENT_TIMEOUT` and
/// [`TaskOptions::event_timeout`] have that reported.
///
/// See [`Task::task_detach`].
#[must_use = "an event that is dropped makes its group panic"]
pub struct TaskEvent {
    /// There until the event is counted off.
    group: NonNull<Group>,
    /// Keeps the lane whose thread waits for the group, and its bell.
    crew: Arc<Crew>,
    at: &'static Location<'static>,
    watched: Option<Watched>,
    fulfilled: bool,
}

// SAFETY: of the group any thread uses what is `Sync`: its count, as those do that are not its owner, and its failure; of
// the crew, the bell of a lane.
unsafe impl Send for TaskEvent {}
// SAFETY: a shared reference leads to the location only.
unsafe impl Sync for TaskEvent {}

impl TaskEvent {
    /// Counts an event in the task's group.
    fn new(task: &Task<'_>, timeout: Option<Duration>, at: &'static Location<'static>) -> Self {
        let usual = || with_local(|l| l.work.borrow().env().settings().event_timeout);
        let timeout = timeout.or_else(|| usual().flatten());
        let (hand, group) = (task.hand(), task.open_group());
        let watched = timeout.and_then(|after| watch(at, after));
        let crew = hand.crew().keep();
        // SAFETY: the hand is the calling thread's, which is in the body or a task of the group: it has the handle.
        unsafe { group.count(hand) };
        TaskEvent {
            group: group.into(),
            crew,
            at,
            watched,
            fulfilled: false,
        }
    }

    /// The task is complete, as far as this event is concerned. What the calling thread did before is visible to whoever
    /// has waited for the group.
    pub fn fulfil(mut self) {
        self.fulfilled = true;
    }

    /// Where the task was submitted.
    pub fn location(&self) -> &'static Location<'static> {
        self.at
    }
}

impl Drop for TaskEvent {
    fn drop(&mut self) {
        self.watched = None;
        let group: *const Group = self.group.as_ptr();
        // SAFETY: the event was counted, and is counted off in the last line only, so the group is there until then. The
        // lane that its thread waits in belongs to the crew, which is kept until this has returned.
        unsafe {
            if !self.fulfilled && !(*group).is_cancelled() {
                (*group).fail_softly(format!(
                    "the event of the task submitted at {} was dropped without being fulfilled: the task will never be \
                     complete",
                    self.at
                ));
            }
            Group::ended_anywhere(group);
        }
    }
}

impl fmt::Debug for TaskEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskEvent")
            .field("crew", &self.crew.lanes.len())
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl<'s> Task<'s> {
    /// Submits a task that is complete when its closure has returned *and* its event was fulfilled (OpenMP 6.0, "detach
    /// Clause"). The group waits for both; its thread sleeps meanwhile, if there is nothing else to run.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let (send, answers) = std::sync::mpsc::channel::<TaskEvent>();
    /// // Something that answers later, on a thread of its own.
    /// let device = std::thread::spawn(move || answers.into_iter().for_each(TaskEvent::fulfil));
    /// taskgroup(|tg| {
    ///     for _ in 0..10 {
    ///         let send = send.clone();
    ///         tg.task_detach(move |_, event| send.send(event).unwrap());
    ///     }
    /// });
    /// // All ten have been answered.
    /// drop(send);
    /// device.join().unwrap();
    /// ```
    #[track_caller]
    pub fn task_detach<F>(&self, f: F)
    where
        F: FnOnce(&Task<'s>, TaskEvent) + Send + 's,
    {
        self.task_detach_with(TaskOptions::new(), f);
    }

    /// [`task_detach`](Self::task_detach) with clauses. Where `if` or `final` make it run at once, the call returns when
    /// the closure has; the group waits for the event.
    #[track_caller]
    pub fn task_detach_with<F>(&self, options: TaskOptions, f: F)
    where
        F: FnOnce(&Task<'s>, TaskEvent) + Send + 's,
    {
        let event = TaskEvent::new(self, options.event_timeout, Location::caller());
        self.task_with(options, move |tg| f(tg, event));
    }

    /// An event that the group waits for, of no task: for whoever submits something elsewhere himself.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// taskgroup(|tg| {
    ///     let event = tg.event();
    ///     std::thread::spawn(move || event.fulfil());
    /// });
    /// ```
    #[track_caller]
    pub fn event(&self) -> TaskEvent {
        TaskEvent::new(self, None, Location::caller())
    }
}

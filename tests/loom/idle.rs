//! Threads that sleep at a barrier are called when something is opened, and none is missed.

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use phalanx::__model::{Barrier, Idle, IdleWork, Meet, Patience, Round, Stop, WaitPolicy, meet};

/// The work: it is done when somebody has come to help.
struct Work {
    helped: Arc<AtomicBool>,
}
impl IdleWork for Work {
    fn help(&self, idle: &Idle) {
        self.helped.store(true, Ordering::Release);
        while idle.is_open() {
            loom::thread::yield_now();
        }
    }
}

fn explore(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut b = loom::model::Builder::new();
    b.preemption_bound = Some(preemptions);
    b.check(model);
}

struct Team {
    barrier: Barrier,
    meets: Vec<Meet>,
    stop: Stop,
    helped: Arc<AtomicBool>,
    passed: AtomicUsize,
}

impl Team {
    fn new(in_tree: bool) -> Arc<Self> {
        let team = Team {
            barrier: Barrier::new(2),
            meets: (0..if in_tree { 2 } else { 0 })
                .map(|_| Meet::new())
                .collect(),
            stop: Stop::new(),
            helped: Arc::new(AtomicBool::new(false)),
            passed: AtomicUsize::new(0),
        };
        let helped = team.helped.clone();
        team.stop
            .idle()
            .work(|| std::sync::Arc::new(Work { helped }));
        Arc::new(team)
    }
    fn meet(&self, num: usize, round: &mut Round) {
        let mut patience = Patience::new(WaitPolicy::passive(), 0);
        let met = match self.meets.is_empty() {
            true => self
                .barrier
                .wait(1, u64::MAX, &self.stop, round, &mut patience),
            false => {
                let children = if num == 0 { 1..2 } else { 0..0 };
                meet(&self.meets, num, 1, children, &self.stop, &mut patience)
            }
        };
        assert_eq!(met, Ok(true));
        self.passed.fetch_add(1, Ordering::Relaxed);
    }
    fn call(&self) {
        self.barrier.call();
        self.meets.iter().for_each(Meet::call);
    }
}

/// One thread goes to the barrier at once; the other one opens something that it cannot end alone.
fn called(in_tree: bool, first: usize) {
    explore(3, move || {
        let team = Team::new(in_tree);
        let waiting = {
            let team = team.clone();
            loom::thread::spawn(move || {
                let mut round = Round::default();
                team.meet(first, &mut round);
                team.meet(first, &mut round);
            })
        };
        let mut round = Round::default();
        let idle = team.stop.idle();
        idle.open();
        team.call();
        while !team.helped.load(Ordering::Acquire) {
            loom::thread::yield_now();
        }
        assert_eq!(team.passed.load(Ordering::Relaxed), 0);
        idle.close();
        team.meet(1 - first, &mut round);
        team.meet(1 - first, &mut round);
        waiting.join().unwrap();
    });
}

#[test]
fn at_a_counter() {
    called(false, 1);
}

#[test]
fn a_child_at_its_line() {
    called(true, 1);
}

#[test]
fn a_parent_at_its_line() {
    called(true, 0);
}
